"""The points of a sweep: an outcome over one parameter as a line, over two as a map, over more what is stored of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import pandas as pd

from sim.errors import UsageError
from sim.parameters import PARAMETERS
from sim.report.document import Block, Cell, Figure, Paragraph, Section, Table
from sim.report.measures import Row, measured
from sim.report.numbers import cell
from sim.report.sections.phrases import CAVEAT, CEASEFIRE, INTERVALS, deadline_of, horizon_of, whole_percent
from sim.report.wording import listed, quoted

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Sheet

    from sim.experiment import Sweep
    from sim.report.basis import Basis

#: Points that the table shows, at most; all of them are in its file.
MOST_POINTS = 60

#: Outcomes that are drawn and tabulated over the design.
_OUTCOMES = {
    "ceasefire_by_deadline": ("Ceasefire by the deadline, %", 100.0),
    "ceasefire_by_horizon": ("Ceasefire by the horizon, %", 100.0),
    "settlement_at_horizon": ("In force at the horizon, %", 100.0),
    "territory_lost_km2": ("Land lost in war, km²", 1.0),
    "territory_conceded_km2": ("Land conceded, km²", 1.0),
}

_DRAWN = ("ceasefire_by_deadline", "territory_lost_km2")


def points(basis: Basis) -> Section:
    """Write the section on the points of a design.

    Examples
    --------
    >>> import sim
    >>> from sim.report.basis import basis_of
    >>> sweep = sim.sweep("hardball", {"russia.confidence": [0.4, 0.7]}, runs=8)
    >>> [block.name for block in points(basis_of(sweep, simulate=False)).blocks[1:]]
    ['ceasefire_over_design', 'land_over_design', 'points']
    """
    sweep = cast("Sweep", basis.results)
    names = tuple(sweep.design.columns[1:])
    varied = listed(f"{PARAMETERS[name].meaning if name in PARAMETERS else name} ({name})" for name in names[:6])
    more = f", and {len(names) - 6} more" if len(names) > 6 else ""
    blocks: list[Block] = [Paragraph(f"What varies from point to point: {varied}{more}. {CEASEFIRE}")]
    if len(names) == 1:
        blocks += [_line(basis, sweep, names[0], outcome) for outcome in _DRAWN]
    elif len(names) == 2:
        blocks += _maps(basis, sweep)
    else:
        blocks += _indices(sweep)
    blocks.append(_table(basis, sweep, names))
    return Section("points", "Outcomes over the design", tuple(blocks))


def _line(basis: Basis, sweep: Sweep, name: str, outcome: str) -> Figure:
    from sim.plots import response

    table = sweep.response(outcome)

    def draw() -> Sheet:
        return cast("Sheet", response(table).figure)

    ordered = table.sort_values("x")
    ends = [f"{_short(row['value'], outcome)} at {row['x']:.4g}" for row in (ordered.iloc[0], ordered.iloc[-1])]
    return Figure(
        _file(outcome),
        f"{_what(basis, outcome)}, over {_meaning(name)}, with 95 % intervals; {_runs(table)}. {CAVEAT}",
        f"A line over the values of {name}: {ends[0]}, {ends[1]}.", draw, table,
    )  # fmt: skip


def _maps(basis: Basis, sweep: Sweep) -> list[Block]:
    from sim.inquiry.tipping import level_of, map_of
    from sim.plots import tipping

    found: list[Block] = []
    for outcome in _DRAWN:
        try:
            table = map_of(sweep, outcome)
        except UsageError:
            return [Paragraph("The points do not form a grid, so that there is no map of them; the table tells them.")]
        if not (table["runs"] > 0).all():
            return [Paragraph("Points without runs are left, so that there is no map yet; the table tells the others.")]

        ends = [table.loc[table["value"].idxmax()], table.loc[table["value"].idxmin()]]
        told = [f"{_short(row['value'], outcome)} at {row['x']:.4g} and {row['y']:.4g}" for row in ends]
        x, y = (str(table[key].iloc[0]) for key in ("x_parameter", "y_parameter"))
        level = level_of(outcome, None)
        crossed = level is not None and table["value"].min() < level < table["value"].max()
        line = " The thick line is where half of the runs have one." if crossed else ""

        def draw(table: pd.DataFrame = table, level: float | None = level) -> Sheet:
            return cast("Sheet", tipping(table, level).figure)

        found.append(Figure(
            _file(outcome),
            f"{_what(basis, outcome)}, over {_meaning(x)} and {_meaning(y)}; {_runs(table)}.{line} {CAVEAT}",
            f"A map over {x} and {y}. Highest: {told[0]}; lowest: {told[1]}.", draw, table,
        ))  # fmt: skip
    return found


def _indices(sweep: Sweep) -> list[Block]:
    """Return Sobol indices, if the sweep is one of which they were made."""
    from sim.inquiry.sensitivity import NAME
    from sim.plots import sobol

    path = None if sweep.directory is None else Path(sweep.directory) / f"{NAME}.csv"
    if path is None or not path.exists():
        return [Paragraph(
            "With more than two parameters there is no picture of every point. Which of them an outcome depends on is "
            "told by truce sensitivity, which runs a design made for that."
        )]  # fmt: skip
    try:
        table = pd.read_csv(path)
        outcome = str(table["outcome"].iloc[0])
        sobol(table, outcome)
    except (UsageError, KeyError, IndexError, ValueError):  # of another method, or changed by hand
        return []
    own = table[table["outcome"] == outcome].sort_values("total", ascending=False)

    def draw() -> Sheet:
        return cast("Sheet", sobol(table, outcome).figure)

    told = [f"{row['parameter']} {whole_percent(row['total'])}" for row in own.head(5).to_dict("records")]
    return [Figure(
        "sensitivity", "Which uncertain parameters decide: shares of the variance between points that come from each "
        f"by itself (first order) and together with others (total), with 95 % intervals. {CAVEAT}",
        f"Pairs of bars. Largest totals: {'; '.join(told)}.", draw, own,
    )]  # fmt: skip


def _table(basis: Basis, sweep: Sweep, names: tuple[str, ...]) -> Table:
    from sim.parameter_table import as_text

    summary = sweep.summary
    records: list[Row] = [{str(key): value for key, value in row.items()} for row in summary.to_dict("records")]
    records = [row for row in records if row["runs"]]
    shown = sorted(records, key=lambda row: -row[_DRAWN[0]])
    if len(shown) > MOST_POINTS:
        shown = shown[: MOST_POINTS // 2] + shown[-MOST_POINTS // 2 :]
    listed_names = names[:4]
    rows = []
    for row in sorted(shown, key=lambda row: row["point"]):
        values = (Cell(as_text(float(row[name])), float(row[name])) for name in listed_names)
        numbers = (
            cell(measured(row, outcome), scale, *((100.0,) if scale == 100 else ()))
            for outcome, (_, scale) in _OUTCOMES.items()
        )
        rows.append((Cell(f"{row['point']:,}", float(row["point"])), *values, *numbers))
    part = ""
    if len(shown) < len(records):
        part = f" Of {len(records):,} points, those with the most and the fewest ceasefires by the deadline."
    if len(names) > len(listed_names):
        part += f" The first {len(listed_names)} of {len(names)} parameters are shown; all are in the file."
    return Table(
        "points", f"Outcomes of {quoted(basis.names[basis.reference.name])}, point by point",
        ("Point", *listed_names, *(heading for heading, _ in _OUTCOMES.values())), tuple(rows),
        f"{INTERVALS}{part}", summary,
    )  # fmt: skip


def _file(outcome: str) -> str:
    return "ceasefire_over_design" if outcome == _DRAWN[0] else "land_over_design"


def _what(basis: Basis, outcome: str) -> str:
    name = quoted(basis.names[basis.reference.name])
    if outcome == _DRAWN[0]:
        return f"Share of runs of {name} in which a ceasefire has begun by {deadline_of(basis.scenarios)}"
    return f"Land lost in war in {name} up to {horizon_of(basis.scenarios)}, mean of runs"


def _meaning(name: str) -> str:
    return f"{PARAMETERS[name].meaning} ({name})" if name in PARAMETERS else name


def _runs(table: pd.DataFrame) -> str:
    counts = sorted({int(count) for count in table["runs"]})
    each = f"{counts[0]:,}" if len(counts) == 1 else f"{counts[0]:,} to {counts[-1]:,}"
    return f"{len(table)} points of {each} runs each"


def _short(value: float, outcome: str) -> str:
    return whole_percent(value) if outcome == _DRAWN[0] else f"{value:,.0f} km²"
