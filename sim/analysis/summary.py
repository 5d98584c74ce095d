"""One row per scenario: how often, how much, how soon, and who stood in the way."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sim.analysis.intervals import mean_interval, wilson
from sim.analysis.outcomes import Column, ScenarioDates, When, check_names, rows_of, week_of_date
from sim.arrays import FloatArray

#: Shares of runs: column of the outcomes, date up to which it counts.
_SHARES: dict[str, tuple[str, When]] = {
    "ceasefire_by_deadline": ("ceasefire_week", "deadline"),
    "ceasefire_by_horizon": ("ceasefire_week", "horizon"),
    "settlement_at_horizon": ("settlement", "horizon"),
    "short_truce_by_deadline": ("short_truce_week", "deadline"),
    "us_disengaged_by_deadline": ("us_disengaged_week", "deadline"),
    "pressed_russia_by_deadline": ("pressed_russia_week", "deadline"),
    "pressed_ukraine_by_deadline": ("pressed_ukraine_week", "deadline"),
    "full_control_by_horizon": ("full_control_week", "horizon"),
}
_MEANS = ("territory_lost_km2", "territory_conceded_km2")

#: The outcomes of which the summary gives a share or a mean, by name.
OUTCOMES: tuple[str, ...] = (*_SHARES, *_MEANS)

_SHARE = "share of runs"
_MEANINGS: dict[str, Column] = {
    "ceasefire_by_deadline": Column(_SHARE, "a general ceasefire that held at least 30 days began by the deadline"),
    "ceasefire_by_horizon": Column(_SHARE, "such a ceasefire began by the horizon"),
    "settlement_at_horizon": Column(_SHARE, "a ceasefire is in force at the horizon"),
    "short_truce_by_deadline": Column(_SHARE, "a short truce (days) began by the deadline"),
    "us_disengaged_by_deadline": Column(_SHARE, "Washington walked away at least once by the deadline"),
    "pressed_russia_by_deadline": Column(_SHARE, "Washington pressed Russia at least once by the deadline"),
    "pressed_ukraine_by_deadline": Column(_SHARE, "Washington pressed Ukraine at least once by the deadline"),
    "full_control_by_horizon": Column(_SHARE, "Russia held the four oblasts by the horizon"),
    "territory_lost_km2": Column("km²", "land lost in war up to the horizon, mean of all runs"),
    "territory_conceded_km2": Column("km²", "land handed over at the table, mean of all runs"),
}


def _with_bounds(name: str) -> dict[str, Column]:
    meaning = _MEANINGS[name]
    return {
        name: meaning,
        f"{name}_low": Column(meaning.unit, f"lower bound of the 95 % interval of {name}"),
        f"{name}_high": Column(meaning.unit, f"upper bound of the 95 % interval of {name}"),
    }


#: The summary table, column by column, in its order.
COLUMNS: dict[str, Column] = {
    "scenario": Column("name", "name of the scenario"),
    "runs": Column("count", "number of runs"),
    **{key: column for name in _MEANINGS for key, column in _with_bounds(name).items()},
    "median_weeks_to_ceasefire": Column(
        "weeks", "first week by which half of all runs had a ceasefire that held; NaN if fewer than half ever had"
    ),
    "no_zone_share": Column(
        "share of weeks", "weeks of war without a zone of possible agreement over weeks of war, mean of all runs"
    ),
    "blocked_by_russia_share": Column(
        "share of weeks", "of the weeks without a zone, those in which Russia alone had to yield; NaN if there are none"
    ),
    "deadline": Column("date", "what `by_deadline` means in this row"),
    "horizon": Column("date", "what `by_horizon` and `at_horizon` mean in this row: the runs end there"),
}


def is_share(outcome: str) -> bool:
    """Tell an outcome that is a share of runs from one that is a mean of values."""
    return outcome in _SHARES


def outcome_of(rows: pd.DataFrame, scenario: ScenarioDates, outcome: str) -> FloatArray:
    """Return one of `OUTCOMES` run by run: 1 where the event happened and 0 where not, or the value.

    Parameters
    ----------
    rows
        Rows of the scenario in the outcomes table.
    scenario
        The scenario, whose dates decide.
    outcome
        Its name.

    Returns
    -------
    NDArray
        Shape (runs,); its mean is what the summary reports.
    """
    if not is_share(outcome):
        return np.asarray(rows[outcome], dtype=np.float64)
    column, when = _SHARES[outcome]
    values = rows[column].to_numpy()
    happened = values if values.dtype == bool else values <= week_of_date(scenario, when)
    return np.asarray(happened, dtype=np.float64)


def median_week(weeks: FloatArray) -> float:
    """First week by which at least half of all runs had the event.

    Parameters
    ----------
    weeks
        Week of the event per run, NaN if never, shape (runs,).

    Returns
    -------
    float
        The week at which the cumulative incidence reaches one half; NaN if fewer than half ever had the event.

    Examples
    --------
    >>> median_week(np.array([30.0, 10.0, np.nan, np.nan]))
    30.0
    """
    middle = np.sort(np.where(np.isnan(weeks), np.inf, weeks))[(len(weeks) - 1) // 2]
    return float(middle) if np.isfinite(middle) else float("nan")


def _row(outcomes: pd.DataFrame, scenario: ScenarioDates) -> dict[str, object]:
    rows = rows_of(outcomes, scenario.name)
    runs = len(rows)
    row: dict[str, object] = {"scenario": scenario.name, "runs": runs}
    for name in _SHARES:
        count = int(outcome_of(rows, scenario, name).sum())
        low, high = wilson(count, runs)
        row |= {name: count / runs, f"{name}_low": float(low), f"{name}_high": float(high)}
    for name in _MEANS:
        row[name], row[f"{name}_low"], row[f"{name}_high"] = mean_interval(outcome_of(rows, scenario, name))

    row["median_weeks_to_ceasefire"] = median_week(rows["ceasefire_week"].to_numpy(dtype=np.float64))
    war = rows["weeks_of_war"].to_numpy(dtype=np.float64)
    empty = rows["weeks_without_zone"].to_numpy(dtype=np.float64)
    at_war = war > 0
    row["no_zone_share"] = float((empty[at_war] / war[at_war]).mean()) if at_war.any() else float("nan")
    blocked = float(rows["weeks_blocked_by_russia"].sum())
    row["blocked_by_russia_share"] = blocked / float(empty.sum()) if empty.sum() > 0 else float("nan")
    row["deadline"], row["horizon"] = scenario.deadline.isoformat(), scenario.horizon.isoformat()
    return row


def summarise(outcomes: pd.DataFrame, scenarios: Sequence[ScenarioDates]) -> pd.DataFrame:
    """Summary of every scenario, with 95 % intervals.

    "By the deadline" means in the week of the scenario's own deadline or before. Intervals of shares are Wilson's,
    those of means rest on the normal approximation.

    Parameters
    ----------
    outcomes
        Outcomes table.
    scenarios
        Scenarios, in the order wanted.

    Returns
    -------
    DataFrame
        One row per scenario; `COLUMNS` names unit and meaning of each column.

    Raises
    ------
    UsageError
        If two scenarios share a name, or the table has no run of one.
    """
    check_names(scenarios)
    return pd.DataFrame([_row(outcomes, scenario) for scenario in scenarios], columns=list(COLUMNS))
