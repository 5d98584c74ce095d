"""Terms and land: what signed deals say, what is lost in war and handed over, where the front goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pandas as pd

from sim.report.document import Block, Cell, Figure, Paragraph, Section, Table
from sim.report.measures import measured, summary_rows
from sim.report.numbers import cell
from sim.report.sections.phrases import CAVEAT, INTERVALS, horizon_of, runs_of, traced_runs
from sim.report.wording import quoted

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
            "A deal settles four issues, each somewhere between Ukraine’s ideal and Russia’s. Land changes hands "
            "in two ways: it is lost in war, week by week, or conceded at the table in a deal. Both are told as means "
            "of all runs, those with and those without a deal."
        ),
        _signed(basis),
        _territory(basis, summary),
        _land(basis, summary),
        *_front(basis),
    ]
    return Section("terms", "Terms and land", tuple(blocks))


def _signed(basis: Basis) -> Block:
    from sim.analysis.agreed import agreed_terms
    from sim.plots import terms as plot

    table = agreed_terms(basis.results, basis.scenarios)
    if not table["deals"].sum():
        return Paragraph("No run has a deal that held for 30 days, so there are no terms to tell.")

    def draw() -> Sheet:
        return cast("Sheet", plot(table, basis.scenarios, basis.reference.name)[0].figure)

    own = table[(table["scenario"] == basis.reference.name) & (table["deals"] > 0)]
    told = [f"{row['issue']} {row['median']:.2f}" for row in own.to_dict("records")]
    medians = f" Medians of {basis.names[basis.reference.name]}: {'; '.join(told)}." if told else ""
    return Figure(
        "terms",
        "Terms of the deals that held for at least 30 days, issue by issue: 0 is Ukraine’s ideal, 1 is Russia’s; "
        f"median, middle half and 90 % of the deals; {runs_of(basis)}. {CAVEAT}",
        f"Four panels with a range for each scenario.{medians}",
        draw,
        table,
    )


def _territory(basis: Basis, summary: pd.DataFrame) -> Figure:
    from sim.plots import territory

    def draw() -> Sheet:
        return cast("Sheet", territory(summary, basis.scenarios, basis.reference.name).figure)

    told = [
        f"{basis.names[str(row['scenario'])]}: lost {row[_LAND[0]]:,.0f} km², conceded {row[_LAND[1]]:,.0f} km²"
        for row in summary.to_dict("records")
    ]
    return Figure(
        "territory",
        f"Land lost in war up to {horizon_of(basis.scenarios)}, and land conceded at the table: means of "
        f"{runs_of(basis)}, with 95 % intervals. {CAVEAT}",
        f"Pairs of bars. {'; '.join(told)}.",
        draw,
        summary[_columns()],
    )


def _land(basis: Basis, summary: pd.DataFrame) -> Table:
    rows = []
    for row in summary.to_dict("records"):
        numbers = (cell(measured({str(key): value for key, value in row.items()}, name)) for name in _LAND)
        rows.append((Cell(basis.names[str(row["scenario"])]), *numbers))
    return Table(
        "land", "Land lost and conceded, km²", ("Scenario", "Lost in war", "Conceded at the table"), tuple(rows),
        f"{INTERVALS} Losses are those up to the horizon of each scenario.", summary[_columns()],
    )  # fmt: skip


def _columns() -> list[str]:
    return ["scenario", "runs", *(f"{name}{end}" for name in _LAND for end in ("", "_low", "_high"))]


def _front(basis: Basis) -> list[Block]:
    from sim.parameters import OBLAST_AREAS
    from sim.plots import front
    from sim.plots.front import VARIABLES

    reference = basis.reference
    table = basis.weekly(VARIABLES, reference.name)
    if table is None:
        return []

    def draw() -> Sheet:
        return cast("Sheet", front(table, reference)[0].figure)

    told = []
    for name, oblast in zip(VARIABLES, OBLAST_AREAS, strict=True):
        median = table[table["variable"] == name]["q50"]
        told.append(f"{oblast.capitalize()} from {median.iloc[0]:,.0f} to {median.iloc[-1]:,.0f} km²")
    return [Figure(
        "front",
        f"Land that Russia does not hold in the four oblasts it claims: measured before 19 May 2025, and after it "
        f"{traced_runs(table)} of {quoted(basis.names[reference.name])}: their median, the middle half and nine in ten "
        f"of them. {CAVEAT}",
        f"Four panels, one for each oblast, a line before the start and a fan after it. Medians: {'; '.join(told)}.",
        draw,
        table,
    )]  # fmt: skip
