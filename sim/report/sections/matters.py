"""What matters: how much of the spread comes from not knowing the parameters, and from which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report.document import Block, Section

if TYPE_CHECKING:
    from sim.report.basis import Basis


def matters(basis: Basis) -> Section:
    """Write the section on what matters."""
    blocks: list[Block] = []
    return Section("matters", "What matters", tuple(blocks))
