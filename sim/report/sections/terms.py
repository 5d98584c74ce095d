"""Terms and land: what signed deals say, what is lost in war and handed over, where the front goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pandas as pd

from sim.report.document import Block, Cell, Figure, Paragraph, Section, Table
from sim.report.measures import measured, summary_rows
from sim.report.numbers import area, cell
from sim.report.sections.phrases import CAVEAT, INTERVALS, horizon_of, runs_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Sheet

    from sim.report.basis import Basis

_LAND = ("territory_lost_km2", "territory_conceded_km2")


def terms(basis: Basis) -> Section:
    """Write the section on terms and land.

    Examples
    --------
    >>> import sim
    >>> from sim.report.basis import basis_of
    >>> section = terms(basis_of(sim.compare("hardball", runs=8), simulate=False))
    >>> [block.name for block in section.blocks if isinstance(block, Figure)][-1]
    'territory'
    """
    summary = pd.DataFrame(list(summary_rows(basis.results, basis.scenarios).values()))
    blocks: list[Block] = [
        Paragraph(
            "Land changes hands in two ways: it is lost in war, week by week, or conceded at the table in a deal. Both "
            "are means of all runs, those with and those without a deal."
        ),
        _territory(basis, summary),
        _land(basis, summary),
    ]
    return Section("terms", "Terms and land", tuple(blocks))


def _territory(basis: Basis, summary: pd.DataFrame) -> Figure:
    from sim.plots import territory

    def draw() -> Sheet:
        return cast("Sheet", territory(summary, basis.scenarios, basis.reference.name).figure)

    told = [
        f"{basis.names[str(row['scenario'])]}: lost {row[_LAND[0]]:,.0f} km², conceded {row[_LAND[1]]:,.0f} km²"
        for row in summary.to_dict("records")
    ]
    columns = ["scenario", "runs", *(f"{name}{end}" for name in _LAND for end in ("", "_low", "_high"))]
    return Figure(
        "territory",
        f"Land lost in war up to {horizon_of(basis.scenarios)}, and land conceded at the table: means of "
        f"{runs_of(basis)}, with 95 % intervals. {CAVEAT}",
        f"Pairs of bars. {'; '.join(told)}.",
        draw,
        summary[columns],
    )


def _land(basis: Basis, summary: pd.DataFrame) -> Table:
    rows = []
    for row in summary.to_dict("records"):
        numbers = (cell(measured({str(key): value for key, value in row.items()}, name)) for name in _LAND)
        rows.append((Cell(basis.names[str(row["scenario"])]), *numbers))
    lost = measured({str(key): value for key, value in summary.iloc[0].items()}, _LAND[0])
    return Table(
        "land", "Land lost and conceded, km²", ("Scenario", "Lost in war", "Conceded at the table"), tuple(rows),
        f"{INTERVALS} In the baseline {area(lost)}, are lost.", None,
    )  # fmt: skip
