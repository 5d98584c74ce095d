"""The summary as a table on the terminal, at most 100 columns wide."""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sim.experiment import Comparison

WIDTH = 100

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


def print_files(directory: Path) -> None:
    """Print where the result is and what it consists of."""
    names = sorted(path.name for path in directory.iterdir())
    figures = sorted({name.rpartition(".")[0] for name in names if name.endswith((".png", ".svg"))})
    tables = [name for name in names if not name.endswith((".png", ".svg"))]
    print(f"\n{directory}/\n  {', '.join(tables)}\n  {', '.join(figures)} (.png, .svg)")


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
            f" Differences to {comparison.baseline} are in percentage points, run against run on the same luck; "
            "* is distinguishable from none, ~ is not."
        )
        if " or " in deadlines:
            text += " Where deadlines differ, a difference is by the earlier one."
    return textwrap.fill(text, WIDTH)


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
