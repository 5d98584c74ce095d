"""The command ``truce``."""

from __future__ import annotations

from sim.cli.commands import app
from sim.cli.entry import main

__all__ = ["app", "main"]
