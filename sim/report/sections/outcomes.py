"""Outcomes: where the runs stand, by how much scenarios differ, and what can be told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pandas as pd

from sim.plots.sheet import plain_date
from sim.report.document import Block, Cell, Figure, Paragraph, Section, Table
from sim.report.measures import Row, difference, difference_rows, measured, summary_rows
from sim.report.numbers import cell
from sim.report.sections.phrases import (
    CAVEAT,
    CEASEFIRE,
    INTERVALS,
    deadline_of,
    horizon_of,
    luck_of,
    runs_of,
    whole_percent,
)
from sim.report.wording import listed, quoted

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Sheet

    from sim.report.basis import Basis

#: Columns of the table of chances, by outcome.
_CHANCES = {
    "ceasefire_by_deadline": "Ceasefire by the deadline, %",
    "ceasefire_by_horizon": "Ceasefire by the horizon, %",
    "settlement_at_horizon": "In force at the horizon, %",
    "us_disengaged_by_deadline": "Washington gone by the deadline, %",
    "full_control_by_horizon": "Full Russian control, %",
}

#: Outcomes of which differences are told, and their unit: the factor by which a share becomes percentage points.
_COMPARED = {
    "ceasefire_by_deadline": ("Ceasefire by the deadline, points", 100.0),
    "settlement_at_horizon": ("In force at the horizon, points", 100.0),
    "territory_lost_km2": ("Land lost in war, km²", 1.0),
    "territory_conceded_km2": ("Land conceded, km²", 1.0),
}


def outcomes(basis: Basis) -> Section:
    """Write the section on outcomes.

    Examples
    --------
    >>> import sim
    >>> from sim.report.basis import basis_of
    >>> section = outcomes(basis_of(sim.compare(["hardball", "moves_on"], runs=8), simulate=False))
    >>> [block.name for block in section.blocks if isinstance(block, Table)]
    ['chances', 'differences']
    """
    blocks: list[Block] = [
        Paragraph(
            f"Every run ends in one of five states. {CEASEFIRE} It is in force on a date if it began by then and has "
            "not broken; a settlement is one that is in force when the runs end."
        ),
        _states(basis),
        _chances(basis),
    ]
    if len(basis.scenarios) > 1:
        blocks += _differences(basis)
    return Section("outcomes", "Outcomes", tuple(blocks))


def _states(basis: Basis) -> Figure:
    from sim.analysis.outcomes import state_shares
    from sim.plots import outcome_shares

    shares = state_shares(basis.results, basis.scenarios)
    reference = basis.reference

    def draw() -> Sheet:
        return cast("Sheet", outcome_shares(shares, basis.scenarios, reference.name)[0].figure)

    own = shares[shares["scenario"] == reference.name]
    told = [
        f"{plain_date(getattr(reference, when))}: " + listed(
            f"{row['state']} {whole_percent(row['share'])}"
            for row in own[own["when"] == when].to_dict("records") if row["count"]
        )
        for when in ("deadline", "horizon")
    ]  # fmt: skip
    others = "" if len(basis.scenarios) == 1 else " The other scenarios are in the table of chances."
    return Figure(
        "outcomes",
        f"Where {runs_of(basis)} stand at {deadline_of(basis.scenarios)}, and at {horizon_of(basis.scenarios)}. "
        f"{CEASEFIRE} {CAVEAT}",
        f"Stacked bars of shares of runs. {basis.names[reference.name]}, on {'; on '.join(told)}.{others}",
        draw,
        shares,
    )


def _chances(basis: Basis) -> Table:
    rows, summary = [], summary_rows(basis.results, basis.scenarios)
    for scenario in basis.scenarios:
        row = summary[scenario.name]
        numbers = (cell(measured(row, name), 100, most=100) for name in _CHANCES)
        rows.append((Cell(basis.names[scenario.name]), Cell(f"{row['runs']:,}", float(row["runs"])), *numbers))
    return Table(
        "chances", "Chances of outcomes, scenario by scenario",
        ("Scenario", "Runs", *_CHANCES.values()), tuple(rows),
        f"Shares of runs in %. {INTERVALS} The deadline is {_dates(basis, 'deadline')}, the horizon "
        f"{_dates(basis, 'horizon')}.",
        pd.DataFrame(list(summary.values())),
    )  # fmt: skip


def _dates(basis: Basis, which: str) -> str:
    days = {getattr(scenario, which) for scenario in basis.scenarios}
    first = plain_date(getattr(basis.reference, which))
    return first if len(days) == 1 else f"{first} (that of some scenarios differs)"


def _differences(basis: Basis) -> list[Block]:
    tables = {name: difference_rows(basis.results, basis.scenarios, name) for name in _COMPARED}
    main = tables["ceasefire_by_deadline"]
    if not main:
        return [Paragraph("No scenario has runs in common with the baseline, so no difference can be told.")]
    name = basis.names[basis.reference.name]
    blocks: list[Block] = [Paragraph(_reading(basis, main)), _figure(basis, main)]
    rows, data = [], []
    for scenario in basis.scenarios[1:]:
        cells = [Cell(basis.names[scenario.name])]
        for outcome, (_, scale) in _COMPARED.items():
            row = tables[outcome].get(scenario.name)
            cells.append(Cell("") if row is None else _difference_cell(row, scale))
            data += [] if row is None else [row]
        rows.append(tuple(cells))
    blocks.append(Table(
        "differences", f"Differences to {quoted(name)}",
        ("Scenario", *(heading for heading, _ in _COMPARED.values())), tuple(rows),
        f"Scenario minus baseline, {luck_of(basis)}; of shares in percentage points. {INTERVALS} A star "
        "marks what is distinguishable from no difference at the 5 % level once all scenarios are taken into "
        "account (Holm’s method). What is empty cannot be compared, because dates differ or no runs are in common.",
        pd.DataFrame(data),
    ))  # fmt: skip
    return blocks


def _figure(basis: Basis, main: dict[str, Row]) -> Figure:
    from sim.plots import differences

    table = pd.DataFrame(list(main.values()))

    def draw() -> Sheet:
        return cast("Sheet", differences(table, basis.scenarios, basis.reference.name).figure)

    told = [
        f"{basis.names[str(row['scenario'])]} {100 * row['difference']:+.1f} points"
        f"{'' if row['distinguishable_holm'] else ', not distinguishable'}"
        for row in sorted(main.values(), key=lambda row: -row["difference"])
    ]
    return Figure(
        "differences_figure",
        f"Differences to {quoted(basis.names[basis.reference.name])} in the share of runs with a ceasefire by "
        f"{deadline_of(basis.scenarios)}, {luck_of(basis)}, with 95 % intervals; {runs_of(basis)}. "
        f"{CEASEFIRE} {CAVEAT}",
        f"Dots with intervals around a line at zero, the largest difference first. {'; '.join(told)}.",
        draw,
        table,
    )


def _difference_cell(row: Row, scale: float) -> Cell:
    shown = cell(difference(row), scale)
    return shown._replace(text=f"{shown.text} *") if shown.text and row["distinguishable_holm"] else shown


def _reading(basis: Basis, main: dict[str, Row]) -> str:
    """Say in plain language which scenarios can be told apart from the baseline in the main outcome."""
    more = [row for row in main.values() if row["distinguishable_holm"] and row["difference"] > 0]
    fewer = [row for row in main.values() if row["distinguishable_holm"] and row["difference"] < 0]
    rest = [row for row in main.values() if not row["distinguishable_holm"]]

    def named(rows: list[Row]) -> str:
        ordered = sorted(rows, key=lambda row: -abs(row["difference"]))
        return listed(f"{quoted(basis.names[row['scenario']])}" for row in ordered)

    parts = [f"more often in {named(more)}"] if more else []
    parts += [f"less often in {named(fewer)}"] if fewer else []
    reference = quoted(basis.names[basis.reference.name])
    start = f"Beside {reference}, a ceasefire comes by the deadline "
    told = f"{start}{' and '.join(parts)}. " if parts else ""
    if rest:
        kind = "nothing of the kind" if parts else f"neither more nor fewer ceasefires than in {reference}"
        told += (
            f"Of {named(rest)} {kind} can be told: the difference is smaller than so many runs can tell "
            "from luck, which is not to say that there is none."
        )
    return told.strip()
