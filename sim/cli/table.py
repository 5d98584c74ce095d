"""The summary as a table on the terminal, at most 100 columns wide."""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.table import Table

from sim.errors import on_one_line

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sim.experiment import Comparison, Results, Sweep
    from sim.experiment.opening import Status

WIDTH = 100

#: Points and varied parameters of a sweep that are printed.
MOST_POINTS, MOST_NAMES = 24, 4

#: Room for the longest name of a scenario that comes with Truce; the figures need the rest.
NAME_WIDTH = 16


_SHARES = ("ceasefire_by_horizon", "settlement_at_horizon", "us_disengaged_by_deadline")
_AREAS = ("territory_lost_km2", "territory_conceded_km2")
_SPREADS = {"ceasefire_by_deadline": "for a ceasefire by the deadline", "territory_lost_km2": "for the land lost"}


def print_summary(comparison: Comparison) -> None:
    """Print chances in percent and areas in km², one line per scenario."""
    console = Console(highlight=False)
    console.width = min(console.width, WIDTH) if console.is_terminal else WIDTH
    console.print(_table(comparison))
    console.print(_legend(comparison), style="dim", soft_wrap=True)
    if spread := _spread(comparison):
        console.print(spread, soft_wrap=True)


def print_points(sweep: Sweep) -> None:
    """Print the values and some outcomes of every point, of many points the first."""
    console = Console(highlight=False)
    console.width = min(console.width, WIDTH) if console.is_terminal else WIDTH
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    names = list(sweep.design.columns[1:])
    shown = names[:MOST_NAMES]
    for heading in ("point", *(name.replace(".", ".\n", 1) for name in shown)):
        table.add_column(heading, justify="right", overflow="fold")
    for heading in ("ceasefire\nby deadline", "by\nhorizon", "\nsettled", "US\ngone", "km²\nlost", "km²\nceded"):
        table.add_column(heading, justify="right", no_wrap=True)
    rows = sweep.summary.head(MOST_POINTS).to_dict("records")
    for row in rows:
        table.add_row(
            str(row["point"]), *(f"{row[name]:.4g}" for name in shown),
            _share_with_interval(row, "ceasefire_by_deadline"), *(_percent(row[key]) for key in _SHARES),
            *(_area(row[key]) for key in _AREAS),
        )  # fmt: skip
    console.print(table)
    (scenario,) = sweep.scenarios
    points = sweep.experiment.points
    text = (
        f"{scenario.name} at {points:,} point{'' if points == 1 else 's'}, {sweep.runs:,} runs each, "
        f"seed {sweep.seed}; deadline {scenario.deadline}, horizon {scenario.horizon}. "
        "Chances in %, in brackets 95 % intervals."
    )
    if points > len(rows):
        text += f" The first {len(rows)} points are shown; summary.csv has all."
    if len(names) > len(shown):
        text += f" {len(names) - len(shown)} more parameters vary; design.csv has all."
    if not sweep.experiment.independent:
        text += " All points meet the same luck, so they differ by their values alone."
    console.print(textwrap.fill(text, WIDTH), style="dim", soft_wrap=True)


def print_end(results: Results) -> None:
    """Print how precise it is, if that was asked for, and which runs failed, if any did."""
    precision = results.experiment.precision
    if precision is not None and results.half_width is not None:
        reached = results.half_width <= precision.half_width
        stopped = "reached" if reached else f"not reached: stopped at the most runs allowed, {precision.most:,}"
        several = "the difference to the baseline in " if len(results.scenarios) > 1 else ""
        widest = " (the widest)" if len(results.scenarios) > 2 or results.experiment.points > 1 else ""
        text = (
            f"Precision {stopped}. The 95 % interval of {several}{precision.outcome}{widest} is "
            f"± {results.half_width:.4g} after {results.runs:,} runs; wanted was ± {precision.half_width:g}."
        )
        print(textwrap.fill(text, WIDTH))
    if len(results.failures):
        first = results.failures.sort_values("replication", kind="stable").iloc[0]
        text = (
            f"{results.failed:,} run{'' if results.failed == 1 else 's'} failed and left out; "
            f"failures.csv has all. The first: run {first['run']} of '{first['scenario']}', week {first['week']}: "
            f"{first['exception']}: {first['message']}"
        )
        print(textwrap.fill(text, WIDTH))


def print_status(directory: Path, status: Status) -> None:
    """Print what the directory of an experiment holds."""
    about = status.manifest
    share = f"{status.done:,} of {'at most ' if about['precision'] else ''}{status.total:,} runs"
    if about["ended"] is not None:
        state = f"complete, {status.done:,} runs"
    elif status.writer is not None:
        state = f"{share}; {status.writer} is at it"
    else:
        state = f"{share}; not complete: the command below goes on"
    git = about["git"]
    commit = "" if git is None else f", commit {git['commit'][:10]}{' with changes' if git['dirty'] else ''}"
    lines = {
        "state": state,
        "failed": f"{status.failed:,} run{'' if status.failed == 1 else 's'}" if status.failed else "",
        "scenarios": ", ".join(scenario["name"] for scenario in about["scenarios"]),
        "design": f"{about['design']['points']:,} points over {', '.join(about['design']['parameters'])}"
        if about["design"] else "",
        "seed": f"{about['seed']}{', luck not shared' if about['independent'] else ''}",
        "actors": ", ".join(f"{key}: {name}" for key, name in about["actors"].items()),
        "traces": ", ".join(about["traces"]),
        "command": about["command"] or "(from Python)",
        "started": about["started"] + (f", ended {about['ended']}" if about["ended"] else ""),
        "made by": f"Truce {about['truce']}{commit}, Python {about['python']}, {about['platform']}",
    }  # fmt: skip
    print(f"{directory}/")
    for name, text in lines.items():
        if text:
            shown = on_one_line(text)  # somebody else may have made the directory
            print(textwrap.fill(shown, WIDTH, initial_indent=f"  {name + ':':11}", subsequent_indent=" " * 13))


def print_files(directory: Path) -> None:
    """Print where the result is and what it consists of."""
    entries = sorted(path for path in directory.iterdir() if not path.name.startswith("."))
    figures = sorted({path.stem for path in entries if path.suffix in (".png", ".svg")})
    tables = [path.name for path in entries if path.is_file() and path.suffix not in (".png", ".svg")]
    parts = [f"{path.name}/" for path in entries if path.is_dir() and any(path.iterdir())]
    print(f"\n{directory}/\n  {', '.join([*tables, *parts])}")
    if figures:
        print(f"  {', '.join(figures)} (.png, .svg)")


def _table(comparison: Comparison) -> Table:
    several = len(comparison.scenarios) > 1
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("\nscenario", overflow="fold", min_width=8, max_width=NAME_WIDTH)
    table.add_column("ceasefire\nby deadline", justify="right", no_wrap=True)
    if several:
        table.add_column("difference\nto baseline", justify="right", no_wrap=True)
    for heading in ("by\nhorizon", "\nsettled", "US\ngone", "km²\nlost", "km²\nceded"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in comparison.summary.to_dict("records"):
        name = str(row["scenario"])
        cells = [
            name,
            _share_with_interval(row, "ceasefire_by_deadline"),
            *([_difference(comparison, name)] if several else []),
            *(_percent(row[key]) for key in _SHARES),
            *(_area(row[key]) for key in _AREAS),
        ]
        table.add_row(*cells)
    return table


def _legend(comparison: Comparison) -> str:
    deadlines = " or ".join(sorted({scenario.deadline.isoformat() for scenario in comparison.scenarios}))
    horizons = " or ".join(sorted({scenario.horizon.isoformat() for scenario in comparison.scenarios}))
    text = (
        f"{comparison.runs:,} runs of each scenario, seed {comparison.seed}; deadline {deadlines}, horizon {horizons}. "
        "Chances in %, in brackets 95 % intervals. A ceasefire counts if it holds for 30 days; settled: one is in "
        "force at the horizon; US gone: Washington moved on by the deadline; km²: means, lost in war and ceded at "
        "the table."
    )
    if len(comparison.scenarios) > 1:
        text += (
            f" Differences to {comparison.baseline} are in percentage points, run against run"
            f"{_whose_luck(comparison)}; * is distinguishable from none, ~ is not.{_saved(comparison)}"
        )
        if " or " in deadlines:
            text += " Where deadlines differ, a difference is by the earlier one."
    return textwrap.fill(text, WIDTH)


def _whose_luck(comparison: Comparison) -> str:
    return ", each on luck of its own" if comparison.experiment.independent else " on the same luck"


def _saved(comparison: Comparison) -> str:
    """Return what pairing saved, nothing where it cannot be told."""
    table = comparison.comparison
    saved = table.loc[table["outcome"] == "ceasefire_by_deadline", "variance_saved"].dropna()
    if saved.empty or comparison.experiment.independent:
        return ""
    low, high = (f"{100 * share:.0f}" for share in (saved.min(), saved.max()))
    return f" Pairing took {low if low == high else f'{low} to {high}'} % off the variance of these differences."


def _spread(comparison: Comparison) -> str:
    """Return what makes the runs of the baseline differ, in a sentence; nothing if they do not or are too few."""
    table = comparison.spread[comparison.spread["scenario"] == comparison.baseline].set_index("outcome")
    rows = table[table["high"] - table["low"] < 1]  # false also of NaN
    told = [
        f"{{:.0f}} % [{{:.0f}}, {{:.0f}}] {words}".format(*(100 * rows.loc[name, ["from_parameters", "low", "high"]]))
        for name, words in _SPREADS.items()
        if name in rows.index
    ]
    if not told:
        return ""
    start = f"Of the spread between runs of {comparison.baseline}, "
    if not rows["pairs"].any():
        return textwrap.fill(f"{start}all is luck: its parameters are held at their central values.", WIDTH)
    return textwrap.fill(f"{start}not knowing the parameters makes up {' and '.join(told)}; the rest is luck.", WIDTH)


def _difference(comparison: Comparison, scenario: str) -> str:
    if scenario == comparison.baseline:
        return "baseline  "
    table = comparison.comparison
    row = table[(table["scenario"] == scenario) & (table["outcome"] == "ceasefire_by_deadline")].iloc[0]
    difference, low, high = (_rounded(100 * row[key], 1) for key in ("difference", "low", "high"))
    return f"{difference:+.1f} [{low:.1f}, {high:.1f}] {'*' if row['distinguishable'] else '~'}"


def _share_with_interval(row: Mapping[str, float], name: str) -> str:
    low, high = (_percent(row[f"{name}_{end}"]) for end in ("low", "high"))
    return f"{_percent(row[name])} [{low}, {high}]"


def _percent(share: float) -> str:
    if share in (0.0, 1.0):
        return f"{100 * share:.0f}"
    return "" if math.isnan(share) else f"{100 * share:.1f}"


def _area(area: float) -> str:
    return "" if math.isnan(area) else f"{_rounded(area, 0):,.0f}"


def _rounded(value: float, digits: int) -> float:
    return round(value, digits) + 0.0  # no "-0.0"
