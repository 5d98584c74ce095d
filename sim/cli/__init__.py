"""The command ``truce``."""

from __future__ import annotations

# In the order of the help.
from sim.cli import experiments, risks, matters, why, reporting, forecasting, commands  # noqa: F401  isort: skip
from sim.cli.app import app
from sim.cli.entry import main

__all__ = ["app", "main"]
