"""The points of a sweep: an outcome over one parameter as a line, over two as a map, over more as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.report.document import Block, Section

if TYPE_CHECKING:
    from sim.report.basis import Basis


def points(basis: Basis) -> Section:
    """Write the section on the points of a design."""
    blocks: list[Block] = []
    return Section("points", "Outcomes over the design", tuple(blocks))
