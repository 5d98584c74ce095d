"""Differences, dates, first events and lives of ceasefires on the terminal, at most 100 columns wide."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd
from rich import box
from rich.console import Console
from rich.table import Table

from sim.analysis.contrasts import MEDIAN
from sim.analysis.risks import EVENTS
from sim.analysis.significance import LEVEL
from sim.analysis.summary import COLUMNS, is_share
from sim.analysis.survival import MONTHS
from sim.cli.table import NAME_WIDTH, WIDTH

if TYPE_CHECKING:
    from sim.experiment import Comparison

_RUNGS = 6  # dates beside each other
_NEVER = "never in half"  # of the runs: a median that is not reached
_EVENT_NAMES = dict(zip((*EVENTS, "none"), ("a\nceasefire", "full\ncontrol", "US\ngone", "\nnone"), strict=True))


def print_differences(comparison: Comparison, table: pd.DataFrame) -> None:
    """Print a table of `sim.analysis.contrasts`, outcome by outcome."""
    console = _console()
    for outcome, rows in table.groupby("outcome", sort=False):
        name, whole = str(outcome), rows.to_dict("records")
        dates = " or ".join(sorted(rows["until"].unique()))
        unit = "%" if is_share(name) else COLUMNS[name].unit
        baseline = _value(whole[0]["baseline_value"], name) or _NEVER
        print(textwrap.fill(f"{name} ({unit}; {dates}): {COLUMNS[name].description}", WIDTH))
        shown = _table(f"\n{comparison.baseline}: {baseline}", NAME_WIDTH)
        for heading in ("\nvalue", "difference\n[95 % interval]", "detect-\nable", "variance\nsaved", "p\n(Holm)"):
            shown.add_column(heading, justify="right", no_wrap=True)
        shown.add_column("\nverdict", overflow="fold", max_width=23)
        for row in whole:
            shown.add_row(
                str(row["scenario"]), _value(row["value"], name) or _NEVER,
                _interval(row, name), _value(row["detectable"], name), _whole_percent(row["variance_saved"]),
                _p_value(row["p_holm"]), str(row["verdict"]),
            )  # fmt: skip
        console.print(shown, "")
    text = (
        f"Differences to {comparison.baseline} at {_number_of(table['pairs'])} runs, run against run"
        f"{_luck(comparison)}; of shares in percentage points. Detectable: the smallest difference that so many runs "
        "find with 80 % power at the 5 % level. Variance saved: by pairing. p (Holm): adjusted for all scenarios "
        f"compared in that outcome; higher or lower is said where it is at most {LEVEL}. All of it is about the number "
        "of runs, not about how far the model is from the world."
    )
    if len({scenario.horizon for scenario in comparison.scenarios}) > 1:
        text += (
            " Where dates differ, the earlier counts, and what is added up to the horizon or looked at there is left "
            "out."
        )
    if MEDIAN in set(table["outcome"]):
        text += " A median that half of the runs never reach is later than any other, by how much cannot be told."
    console.print(textwrap.fill(text, WIDTH), style="dim", soft_wrap=True)


def print_risks(
    comparison: Comparison, ladder: pd.DataFrame, first: pd.DataFrame, lasting: pd.DataFrame, by: str | None
) -> None:
    """Print the ladder of dates, what came first by two dates, and how long ceasefires last."""
    console = _console()
    _print_ladder(console, ladder)
    _print_first(console, first)
    if lasting.empty:
        print("No run has a ceasefire that held for 30 days, so there is none whose end could be told.\n")
    else:
        _print_lasting(console, lasting, by)
    runs = _number_of(ladder["runs"])
    horizons = " or ".join(sorted({scenario.horizon.isoformat() for scenario in comparison.scenarios}))
    text = (
        f"{runs} runs of each scenario, seed {comparison.seed}, horizon {horizons}. In %, in brackets 95 % intervals, "
        "which are about the number of runs. A ceasefire counts if it holds for 30 days, from its start; the week of a "
        "date counts whole. What comes first takes the other events' place: a ceasefire after Washington has gone is "
        "in the ladder and not among first events. Held 30 days: of first "
        "signatures; after so many months: of the ceasefires that held 30 days, those in force at the horizon being "
        "followed no further (Kaplan-Meier). An empty cell is not followed so long or not reached."
    )
    console.print(textwrap.fill(text, WIDTH), style="dim", soft_wrap=True)
    if by is not None:
        console.print(textwrap.fill(_groups_differ(lasting, by), WIDTH), soft_wrap=True)


def as_one_table(ladder: pd.DataFrame, first: pd.DataFrame, lasting: pd.DataFrame) -> pd.DataFrame:
    """Return what is printed in long form: a row for each number with its interval."""
    keys = ["table", "scenario", "group", "what", "when", "of", "value", "low", "high"]
    columns = {"runs": "of", "share": "value"}
    dates = ladder.rename(columns={"event": "what", "by": "when", **columns})
    events = first.assign(what="first " + first["event"]).drop(columns="when").rename(columns={"by": "when", **columns})
    parts = [dates.assign(table="ladder", group="all"), events.assign(table="first event", group="all")]
    measures = [name.removesuffix("_low") for name in lasting.columns if name.endswith("_low")]
    for name in measures:
        own = {name: "value", f"{name}_low": "low", f"{name}_high": "high"}
        of = "signatures" if name == "held_30_days" else "ceasefires"
        part = lasting[["scenario", "group", of, *own]].rename(columns={**own, of: "of"})
        parts.append(part.assign(table="survival", what=name, when="").dropna(subset="value"))
    return pd.concat([part[keys] for part in parts], ignore_index=True)


def _print_ladder(console: Console, ladder: pd.DataFrame) -> None:
    days = sorted(ladder["by"].unique())
    print("Chance of a ceasefire by the end of")
    for start in range(0, len(days), _RUNGS):
        table = _table("scenario", NAME_WIDTH)
        shown = days[start : start + _RUNGS]
        for day in shown:
            table.add_column(day, justify="right", no_wrap=True)
        for scenario, rows in ladder[ladder["by"].isin(shown)].groupby("scenario", sort=False):
            cells = {row["by"]: _two_lines(row["share"], row["low"], row["high"]) for row in rows.to_dict("records")}
            table.add_row(str(scenario), *(cells.get(day, "") for day in shown))
        console.print(table, "")


def _print_first(console: Console, first: pd.DataFrame) -> None:
    print("What came first, by the deadline and by the horizon")
    table = _table("\nscenario", NAME_WIDTH)
    table.add_column("\nby", no_wrap=True)
    for heading in _EVENT_NAMES.values():
        table.add_column(heading, justify="right", no_wrap=True)
    for (scenario, day), rows in first.groupby(["scenario", "by"], sort=False):
        shares = {row["event"]: _one_line(row) for row in rows.to_dict("records")}
        table.add_row(str(scenario), str(day), *(shares[event] for event in _EVENT_NAMES))
    console.print(table, "")


def _print_lasting(console: Console, lasting: pd.DataFrame, by: str | None) -> None:
    print("How long ceasefires last")
    table = _table("\nscenario" if by is None else f"scenario,\n{by}", NAME_WIDTH + 1)
    headings = [f"after {months}\nmonths" for months in MONTHS]
    if by is None:
        headings.insert(0, "held\n30 days")
    for heading in ("cease-\nfires", *headings, "median\nweeks", "mean of\n52 weeks"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in lasting.to_dict("records"):
        group = "" if by is None else "\n" + str(row["group"]).removeprefix(f"{by} ")
        shares = ["held_30_days"] if by is None else []
        shares += [f"after_{months}_months" for months in MONTHS]
        table.add_row(
            f"{row['scenario']}{group}", f"{row['ceasefires']:,}",
            *(_two_lines(row[name], row[f"{name}_low"], row[f"{name}_high"]) for name in shares),
            _weeks(row, "median_weeks", 0), _weeks(row, "mean_weeks_of_52", 1),
        )  # fmt: skip
    console.print(table, "")


def _groups_differ(lasting: pd.DataFrame, by: str) -> str:
    """Return in which scenarios groups can be told apart, in a sentence."""
    tests = lasting.drop_duplicates("scenario").set_index("scenario")["logrank_p"]
    told = [f"{name} (p = {_p_value(p)})" for name, p in tests.items() if p <= LEVEL]
    others = [f"{name} (p = {_p_value(p)})" for name, p in tests.items() if p > LEVEL]
    untested = [str(name) for name, p in tests.items() if math.isnan(p)]
    parts = [
        f"{words} in {', '.join(names)}"
        for words, names in (("distinguishable", told), ("not distinguishable", others), ("not to be tested", untested))
        if names
    ]
    return (
        f"How long ceasefires last by {by} is {'; '.join(parts)} (log-rank tests, each by itself). Groups differ in "
        "more than this, so a difference is not the effect of it alone."
    )


def _console() -> Console:
    console = Console(highlight=False)
    console.width = min(console.width, WIDTH) if console.is_terminal else WIDTH
    return console


def _table(heading: str, width: int) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column(heading, overflow="fold", min_width=8, max_width=width)
    return table


def _luck(comparison: Comparison) -> str:
    return ", each on luck of its own" if comparison.experiment.independent else " on the same luck"


def _number_of(runs: Sequence[int] | pd.Series) -> str:
    low, high = int(min(runs)), int(max(runs))
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def _value(value: float, outcome: str, sign: str = "") -> str:
    """Return a share in percent, an area in whole km², a number of weeks."""
    if math.isnan(value):
        return ""
    scaled, digits = (100 * value, 1) if is_share(outcome) else (value, 0)
    return f"{round(scaled, digits) + 0.0:{sign},.{digits}f}"


def _interval(row: Mapping[Any, Any], outcome: str) -> str:
    if math.isnan(row["difference"]):
        return ""
    low, high = (_value(row[end], outcome) for end in ("low", "high"))
    return f"{_value(row['difference'], outcome, '+')} [{low}, {high}]"


def _one_line(row: Mapping[Any, Any]) -> str:
    return " ".join(_two_lines(row["share"], row["low"], row["high"]).split("\n"))


def _two_lines(share: float, low: float, high: float) -> str:
    return "" if math.isnan(share) else f"{100 * share:.1f}\n[{100 * low:.1f}, {100 * high:.1f}]"


def _weeks(row: Mapping[Any, Any], name: str, digits: int) -> str:
    value, low, high = (row[key] for key in (name, f"{name}_low", f"{name}_high"))
    if math.isnan(value):
        return ""
    ends = ("–" if math.isnan(end) else f"{end:.{digits}f}" for end in (low, high))
    return f"{value:.{digits}f}\n[{', '.join(ends)}]"


def _whole_percent(share: float) -> str:
    return "" if math.isnan(share) else f"{round(100 * share) + 0:d} %"


def _p_value(p: float) -> str:
    return "" if math.isnan(p) else "<0.001" if p < 0.001 else f"{p:.3f}"
