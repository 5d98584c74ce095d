"""A result in words: the answer, the table of numbers, who blocks. Shares of model runs, never forecasts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.analysis.outcomes import Column

if TYPE_CHECKING:
    import pandas as pd

    from sim.app.result import Result
    from sim.scenario import Scenario

#: The outcome that is asked about first.
_OUTCOME = "ceasefire_by_deadline"

#: The table of numbers, column by column: all text, to be shown.
COLUMNS: dict[str, Column] = {
    "quantity": Column("text", "what is measured"),
    "unit": Column("text", "its unit"),
    "scenario": Column("text", "its value in the scenario, with the 95 % interval"),
    "baseline": Column("text", "the same in the baseline; empty if there is none"),
    "change": Column("text", "scenario minus baseline, run by run, with the 95 % interval, or that none can be told"),
}

_QUANTITIES: dict[str, str] = {
    "ceasefire_by_deadline": "a ceasefire that holds begins by {deadline}",
    "ceasefire_by_horizon": "such a ceasefire begins by {horizon}",
    "settlement_at_horizon": "a ceasefire is in force on {horizon}",
    "short_truce_by_deadline": "a short truce by {deadline}",
    "us_disengaged_by_deadline": "Washington walks away by {deadline}",
    "pressed_russia_by_deadline": "Washington presses Russia by {deadline}",
    "pressed_ukraine_by_deadline": "Washington presses Ukraine by {deadline}",
    "full_control_by_horizon": "Russia holds all four oblasts by {horizon}",
    "territory_lost_km2": "land lost in war by {horizon}",
    "territory_conceded_km2": "land handed over at the table by {horizon}",
}


@dataclass(frozen=True)
class Headline:
    """The answer.

    Attributes
    ----------
    sentences
        The chance with its interval; what the change against the baseline is, if one can be told; how sure it is.
    share, low, high
        Share of runs in which a ceasefire that holds begins by the deadline, and its 95 % interval.
    difference, difference_low, difference_high
        Share minus that of the baseline on the same luck, and its 95 % interval; NaN if there is nothing to compare.
    distinguishable
        The two can be told apart.
    """

    sentences: tuple[str, ...]
    share: float
    low: float
    high: float
    difference: float = math.nan
    difference_low: float = math.nan
    difference_high: float = math.nan
    distinguishable: bool = False

    def __str__(self) -> str:
        return " ".join(self.sentences)


def headline(result: Result) -> Headline:
    """Return the answer of a result."""
    from sim.plots.sheet import plain_date

    comparison, scenario = result.comparison, result.comparison.scenarios[-1]
    row = comparison.summary.iloc[-1]
    share, low, high = (float(row[f"{_OUTCOME}{end}"]) for end in ("", "_low", "_high"))
    runs = int(row["runs"])
    first = (
        f"In {_percent(share)} of the runs of {_called(scenario)} a ceasefire that holds begins by "
        f"{plain_date(scenario.deadline)} (95 % interval {_between(low, high)})."
    )
    wanted = result.state.runs
    count = f"From {runs:,} run{'s' if runs != 1 else ''}"
    sure = f"{count} so far; {wanted:,} are wanted." if result.coarse else (
        f"{count} with seed {result.state.seed}; these are runs of a model, not forecasts."
    )  # fmt: skip
    if len(comparison.scenarios) == 1:
        same = "It is the baseline itself." if not result.state.changes else "It means the same as the baseline."
        return Headline((first, same, sure), share, low, high)
    if runs < 2:
        return Headline((first, "A comparison takes two runs at least.", sure), share, low, high)
    row = comparison.differences(_OUTCOME).iloc[0]
    difference, least, most = (float(row[name]) for name in ("difference", "low", "high"))
    change = _change(row, comparison.scenarios[0], scenario.deadline.isoformat())
    told = difference, least, most, bool(row["distinguishable"])
    return Headline((first, change, sure), share, low, high, *told)


def _change(row: pd.Series, baseline: Scenario, deadline: str) -> str:
    other = f"{_called(baseline)} ({_percent(float(row['baseline_value']))})"
    until = "" if row["until"] == deadline else f" by {row['until']}"
    difference, low, high = (float(row[name]) for name in ("difference", "low", "high"))
    if str(row["verdict"]).startswith("the same"):
        return f"No run differs in this from {other}{until}."
    if not row["distinguishable"]:
        return (
            f"That cannot be told apart from {other}{until}: run by run, on the same luck, the difference lies between "
            f"{_points(low)} and {_points(high)} percentage points."
        )
    more = "more" if difference > 0 else "fewer"
    ends = sorted((abs(low), abs(high)))
    return (
        f"That is {_points(abs(difference))} percentage points {more} than in {other}{until}, run by run on the same "
        f"luck (95 % interval {_points(ends[0])} to {_points(ends[1])})."
    )


def numbers(result: Result) -> pd.DataFrame:
    """Return the table of numbers of a result."""
    import pandas as pd

    from sim.plots.sheet import short_date

    comparison = result.comparison
    scenario, compared = comparison.scenarios[-1], len(comparison.scenarios) > 1
    summary = comparison.summary
    differences = comparison.differences().set_index("outcome") if compared and result.runs > 1 else None
    dates = {"deadline": short_date(scenario.deadline), "horizon": short_date(scenario.horizon)}
    rows = []
    for name, words in _QUANTITIES.items():
        share = not name.endswith("km2")
        values = [_value(summary.iloc[place], name, share) for place in (-1, 0)]
        change = ""
        if differences is not None:
            change = _told(differences.loc[name], share) if name in differences.index else "other dates"
        unit = "% of runs" if share else "km², mean"
        rows.append((words.format(**dates), unit, values[0], values[1] if compared else "", change))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _value(row: pd.Series, name: str, share: bool) -> str:
    value, low, high = (float(row[f"{name}{end}"]) for end in ("", "_low", "_high"))
    if share:
        return f"{100 * value:.1f} ({100 * low:.1f} to {100 * high:.1f})"
    return f"{value:,.0f} ({low:,.0f} to {high:,.0f})".replace("-", "−")


def _told(row: pd.Series, share: bool) -> str:
    if str(row["verdict"]).startswith("the same"):
        return "none in any run"
    factor, form = (100, "+.1f") if share else (1, "+,.0f")
    ends = (factor * float(row[name]) for name in ("difference", "low", "high"))
    value, low, high = (f"{end:{form}}".replace("-", "−") for end in ends)
    return f"{value} ({low} to {high})" if row["distinguishable"] else f"not told apart ({low} to {high})"


def blockers(result: Result) -> tuple[str, ...]:
    """Return who blocks, scenario by scenario, the one that was asked for first."""
    from sim.analysis.blocking import who_blocks

    scenarios = list(reversed(result.comparison.scenarios))
    table = who_blocks(result.comparison, scenarios)
    return tuple(_blocks(table[table["scenario"] == scenario.name], scenario) for scenario in scenarios)


def _blocks(rows: pd.DataFrame, scenario: Scenario) -> str:
    values: dict[str, float] = dict(zip(rows["quantity"], rows["value"].astype(float), strict=True))
    name = _called(scenario)
    if not values["no_zone"] > 0:
        return f"{name}: there is a zone of possible agreement in every week of war."
    sides = {"Russia alone": "blocked_by_russia", "Ukraine alone": "blocked_by_ukraine", "both": "blocked_by_both"}
    yielding = [f"{who} in {_percent(values[key])}" for who, key in sides.items()]
    gaps = {"Russia’s": values["gap_russia"], "Ukraine’s": values["gap_ukraine"]}
    short = [f"{whose} by {gap:.3f}" for whose, gap in gaps.items() if not math.isnan(gap)]
    return (
        f"{name}: in {_percent(values['no_zone'])} of the weeks of war there is no zone of possible agreement. "
        f"Of these weeks, the one that would have to yield is {', '.join(yielding)}. On average, the reservation value "
        f"that is in the way is too high by so much utility: {', '.join(short)}."
    )


def _called(scenario: Scenario) -> str:
    return f"“{scenario.title}”"


def _percent(share: float) -> str:
    percent = 100 * share
    return f"{percent:.0f} %" if percent >= 10 or percent == 0 else f"{percent:.1f} %"


def _between(low: float, high: float) -> str:
    digits = 0 if low >= 0.1 else 1
    return f"{100 * low:.{digits}f} to {100 * high:.{digits}f} %"


def _points(difference: float) -> str:
    return f"{100 * difference:.1f}".replace("-", "−")
