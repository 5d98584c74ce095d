"""How sure: what so many runs can tell and what not, and what more of them would change."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.report.document import Block, Bullets, Cell, Paragraph, Section, Table
from sim.report.extent import Extent, extent_of, scenarios_with_runs, what_is_missing
from sim.report.measures import Row, difference, difference_rows, measured, rows_by, spread_table, summary_rows
from sim.report.numbers import Measured, cell, half_width, in_brackets, percent, two_digits
from sim.report.wording import counted, listed, quoted, titles

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment import Comparison, Sweep
    from sim.scenario import Scenario

#: Outcomes of which it is told why runs differ, with their words.
_SPREAD = {"ceasefire_by_deadline": "whether there is a ceasefire by the deadline",
           "territory_lost_km2": "how much land is lost in war"}  # fmt: skip

_LAST = (
    "None of this is about the model itself. An assumption that is wrong stays wrong however many runs there are; "
    "the sections on assumptions and limits are about that."
)


def how_sure(results: Comparison | Sweep) -> Section:
    """Tell how far the number of runs lets the results be known.

    Examples
    --------
    >>> import sim
    >>> how_sure(sim.compare("hardball", runs=40)).blocks[0].items[0]
    'There are 40 runs.'
    """
    extent = extent_of(results)
    there = scenarios_with_runs(results, extent)
    items = [*([_runs(results, extent)] if there else []), *what_is_missing(results, extent)]
    blocks: list[Block] = []
    if there and results.experiment.design is not None:
        items += _of_points(results)  # type: ignore[arg-type]  # only a Sweep has a design
    elif there:
        told, blocks = _of_scenarios(results, there)  # type: ignore[arg-type]
        items += told
    items += _stopped(results)
    return Section("certainty", "How sure", (Bullets(tuple(items)), *blocks, Paragraph(_LAST)))


def _runs(results: Comparison | Sweep, extent: Extent) -> str:
    done = sorted(extent.done.values())
    if results.experiment.design is not None:
        points = results.experiment.points
        each = counted(-(-done[-1] // points), "run") if extent.complete and not extent.failed else "runs"
        text = f"There are {counted(points, 'point')} with {each} each" if extent.complete and not extent.failed else (
            f"There are {counted(done[-1], 'run')} over {counted(points, 'point')}"
        )  # fmt: skip
        several = points > 1
    else:
        number = f"{done[0]:,}" if done[0] == done[-1] else f"{done[0]:,} to {done[-1]:,}"
        several = len(done) > 1
        text = f"There are {number} runs of each scenario" if several else f"There are {counted(done[0], 'run')}"
    if not several:
        return f"{text}."
    if results.experiment.independent:
        return f"{text}, each on luck of its own, so that differences carry the luck of both sides."
    where = "at every point" if results.experiment.design is not None else "in every scenario"
    return f"{text}, all on the same luck: run 17 meets the same chances {where}."


def _of_scenarios(results: Comparison, there: Sequence[Scenario]) -> tuple[list[str], list[Block]]:
    summary, compared = summary_rows(results, there), difference_rows(results, there)
    items = [*_saved(results, compared), _widths(summary), *_detectable(compared), *_more_runs(summary, compared)]
    table = spread_table(results, there)
    spread = rows_by(table[table["outcome"] == "ceasefire_by_deadline"], "scenario")
    items += _luck(results, table)
    rows, records = [], []
    names = titles(results.scenarios)
    for scenario in there:
        row, other, part = summary[scenario.name], compared.get(scenario.name), spread.get(scenario.name)
        share = measured(row, "ceasefire_by_deadline")
        saved = math.nan if other is None else float(other["variance_saved"])
        found = math.nan if other is None else 100 * float(other["detectable"])
        own = Measured(math.nan, math.nan, math.nan) if part is None else _part(part)
        rows.append((
            Cell(names[scenario.name]), Cell(f"{int(row['runs']):,}", float(row["runs"])),
            _points(half_width(share)),
            _points(math.nan if other is None else half_width(difference(other))),
            Cell("" if math.isnan(found) else two_digits(found), found),
            cell(own, 100, most=100),
        ))  # fmt: skip
        records.append({
            "scenario": scenario.name, "runs": row["runs"], "half_width": half_width(share),
            "half_width_of_difference": math.nan if other is None else half_width(difference(other)),
            "detectable": found / 100, "variance_saved": saved,
            "from_parameters": own.value, "from_parameters_low": own.low, "from_parameters_high": own.high,
        })  # fmt: skip
    import pandas as pd

    heads = ("Scenario", "Runs", "Its share, ± points", "Difference to the baseline, ± points",
             "Smallest difference to be found, points", "Spread from parameters, %")  # fmt: skip
    note = (
        "About ceasefires by the deadline. ±: half of the 95 % interval, in percentage points. Smallest difference: "
        "what so many runs find four times in five (80 % power at the 5 % level), looked at by itself. Spread from "
        "parameters: part of the variance between runs that comes from not knowing them, its 95 % interval below it."
    )
    keep: Sequence[int] = range(len(heads))
    if len(results.scenarios) == 1:
        keep = [0, 1, 2, 5]
        note = note.replace(note[note.index("Smallest") : note.index("Spread from")], "")
    shown = tuple(tuple(row[k] for k in keep) for row in rows)
    data = pd.DataFrame(records)
    title = "What the number of runs allows"
    return items, [Table("certainty", title, tuple(heads[k] for k in keep), shown, note, data)]


def _widths(summary: dict[str, Row]) -> str:
    widths = [100 * half_width(measured(row, "ceasefire_by_deadline")) for row in summary.values()]
    which = "half of the widest 95 % interval" if len(widths) > 1 else "half of its 95 % interval"
    return (
        "As far as the number of runs goes, the share of runs with a ceasefire by the deadline is known to within "
        f"{two_digits(max(widths))} percentage points ({which})."
    )


def _saved(results: Comparison, compared: dict[str, Row]) -> list[str]:
    """Return what it brought that runs were paired."""
    saved = [float(row["variance_saved"]) for row in compared.values() if not math.isnan(row["variance_saved"])]
    if not saved or results.experiment.independent or min(saved) <= 0:
        return []
    low, high = (f"{100 * share:.0f}" for share in (min(saved), max(saved)))
    span = low if low == high else f"{low} to {high}"
    return [f"Comparing run with run took {span} % off the variance of the differences to the baseline."]


def _detectable(compared: dict[str, Row]) -> list[str]:
    if not compared:
        return []
    found = [100 * float(row["detectable"]) for row in compared.values()]
    low, high = (two_digits(value) for value in (min(found), max(found)))
    span = low if low == high else f"{low} to {high}"
    return [
        f"The smallest difference to the baseline that so many runs find four times in five is {span} "
        f"percentage points{', depending on the scenario' if low != high else ''}, looked at by itself. A smaller one "
        "may be "
        "there and not show, so “cannot be told apart” never means “the same”."
    ]


def _more_runs(summary: dict[str, Row], compared: dict[str, Row]) -> list[str]:
    runs = max(int(row["runs"]) for row in summary.values())
    what = [half_width(difference(row)) for row in compared.values()] or [
        half_width(measured(row, "ceasefire_by_deadline")) for row in summary.values()
    ]
    widest = 100 * max(what)
    return [_halved(widest, runs, "difference" if compared else "share")]


def _halved(widest: float, runs: int, what: str) -> str:
    return (
        "Intervals half as wide take four times the runs, since widths shrink with the square root of their number: "
        f"with {4 * runs:,} in place of {runs:,}, the widest interval of a {what} would be about "
        f"± {two_digits(widest / 2)} in place of ± {two_digits(widest)} percentage points."
    )


def _of_points(results: Sweep) -> list[str]:
    rows = [row for row in results.summary.to_dict("records") if row["runs"]]
    shares = [measured({str(key): value for key, value in row.items()}, "ceasefire_by_deadline") for row in rows]
    widest, runs = 100 * max(map(half_width, shares)), max(int(row["runs"]) for row in rows)
    return [
        "The share of runs with a ceasefire by the deadline is known to within "
        f"{two_digits(widest)} percentage points at every point (half of the widest 95 % interval).",
        _halved(widest, runs, "share").replace(f"{4 * runs:,}", f"{4 * runs:,} of each point"),
    ]


def _part(row: Row) -> Measured:
    return Measured(*(float(row[key]) for key in ("from_parameters", "low", "high")))


def _luck(results: Comparison, spread: pd.DataFrame) -> list[str]:
    """Return why the runs of the baseline differ, as far as it can be told."""
    rows = rows_by(spread[spread["scenario"] == results.baseline], "outcome")
    if not rows:
        return []
    row = rows["ceasefire_by_deadline"]
    name = quoted(titles(results.scenarios)[results.baseline])
    if not row["pairs"]:
        return [
            f"All that differs between the runs of {name} is luck: its parameters are held at their central values. "
            "How much would come from not knowing them is not in these numbers."
        ]
    told = []
    for outcome, words in _SPREAD.items():
        part = _part(rows[outcome])
        if not math.isnan(part.value) and part.high - part.low < 1:
            told.append(f"{in_brackets(percent(part))} of the variance in {words}")
    if not told:
        return [
            f"How much of what differs between the runs of {name} comes from not knowing the parameters, and how much "
            "is luck, cannot be told from so few runs."
        ]
    return [
        f"Between the runs of {name}, not knowing the parameters makes up {listed(told)}; the rest is luck, which "
        "would stay if every number were known."
    ]


def _points(width: float) -> Cell:
    return Cell("" if math.isnan(width) else two_digits(100 * width), 100 * width)


def _stopped(results: Comparison | Sweep) -> list[str]:
    precision = results.experiment.precision
    if precision is None or results.half_width is None:
        return []
    reached = results.half_width <= precision.half_width
    return [
        f"Runs were added until the 95 % interval of {precision.outcome} was ± {precision.half_width:g}; that was "
        f"{'reached' if reached else 'not reached'}: it is ± {results.half_width:.2g}."
    ]
