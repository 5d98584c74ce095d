"""One row per scenario: how often, how much, how soon, and who stood in the way."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.intervals import mean_interval, wilson
from sim.analysis.moments import ExactSums, Moments
from sim.analysis.outcomes import Column, ScenarioDates, Table, When, check_names, frames_of, week_of_date
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


def outcome_of(rows: pd.DataFrame, scenario: ScenarioDates, outcome: str, week: int | None = None) -> FloatArray:
    """Return one of `OUTCOMES` run by run: 1 where the event happened and 0 where not, or the value.

    Parameters
    ----------
    rows
        Rows of the scenario in the outcomes table.
    scenario
        The scenario, whose dates decide.
    outcome
        Its name.
    week
        Last week in which an event counts; by default that of the scenario's own deadline or horizon.

    Returns
    -------
    NDArray
        Shape (runs,); its mean is what the summary reports.
    """
    if not is_share(outcome):
        return np.asarray(rows[outcome], dtype=np.float64)
    column, when = _SHARES[outcome]
    values = rows[column].to_numpy()
    happened = values if values.dtype == bool else values <= (week_of_date(scenario, when) if week is None else week)
    return np.asarray(happened, dtype=np.float64)


class Tally:
    """Counts and sums from which the summary of a scenario follows; rows are added in any parts and any order.

    Parameters
    ----------
    scenario
        The scenario, whose dates decide what counts.
    points
        Number of points of a design, each of which has a summary of its own; one without a design.
    """

    #: Columns of the outcomes that it needs; those of a sweep have ``point`` too.
    COLUMNS = (
        *dict.fromkeys(column for column, _ in _SHARES.values()), *_MEANS,
        "weeks_of_war", "weeks_without_zone", "weeks_blocked_by_russia",
    )  # fmt: skip

    def __init__(self, scenario: ScenarioDates, points: int = 1) -> None:
        self.scenario = scenario
        self.runs = np.zeros(points, dtype=np.int64)
        self.counts = {name: np.zeros(points, dtype=np.int64) for name in _SHARES}
        self.means = {name: Moments(points) for name in _MEANS}
        self._ceasefires = np.zeros((points, scenario.horizon_week + 1), dtype=np.int64)
        self._no_zone, self._empty_weeks, self._blocked = Moments(points), ExactSums(points), ExactSums(points)

    def add(self, rows: pd.DataFrame) -> None:
        """Count these rows of the outcomes."""
        points, scenario = len(self.runs), self.scenario
        point = rows["point"].to_numpy(dtype=np.intp) if "point" in rows else np.zeros(len(rows), dtype=np.intp)
        self.runs += np.bincount(point, minlength=points)
        for name, count in self.counts.items():
            count += np.bincount(point[outcome_of(rows, scenario, name) > 0], minlength=points)
        for name, moments in self.means.items():
            moments.add(outcome_of(rows, scenario, name), point)
        begun = rows["ceasefire_week"].to_numpy(dtype=np.float64)
        ever = begun <= scenario.horizon_week
        np.add.at(self._ceasefires, (point[ever], begun[ever].astype(np.intp)), 1)
        war, empty, blocked = (
            rows[f"weeks_{what}"].to_numpy(dtype=np.float64) for what in ("of_war", "without_zone", "blocked_by_russia")
        )
        at_war = war > 0
        self._no_zone.add(empty[at_war] / war[at_war], point[at_war])
        self._empty_weeks.add(empty, point)
        self._blocked.add(blocked, point)

    def table(self) -> pd.DataFrame:
        """Return the summary, one row per point: `COLUMNS` of this module."""
        points, scenario, columns = range(len(self.runs)), self.scenario, dict[str, object]()
        columns |= {"scenario": scenario.name, "runs": self.runs}
        some = np.maximum(self.runs, 1)
        for name, count in self.counts.items():
            low, high = wilson(count, some)
            bounds = {name: count / some, f"{name}_low": low, f"{name}_high": high}
            # Where every run failed there is nothing to say.
            columns |= {key: np.where(self.runs > 0, value, np.nan) for key, value in bounds.items()}
        for name, moments in self.means.items():
            columns |= dict(zip((name, f"{name}_low", f"{name}_high"), mean_interval(moments), strict=True))
        begun = self._ceasefires.cumsum(axis=1)
        columns["median_weeks_to_ceasefire"] = [median_week(begun[k], int(self.runs[k])) for k in points]
        columns["no_zone_share"] = self._no_zone.mean()
        columns["blocked_by_russia_share"] = [
            float(self._blocked[k] / self._empty_weeks[k]) if self._empty_weeks[k] else float("nan") for k in points
        ]
        columns |= {"deadline": scenario.deadline.isoformat(), "horizon": scenario.horizon.isoformat()}
        return pd.DataFrame(columns)[list(COLUMNS)]


def median_week(begun: NDArray[np.int64], runs: int) -> float:
    """First week by which at least half of all runs had the event.

    Parameters
    ----------
    begun
        Number of runs that had it by each week, from week 0 on, shape (weeks,).
    runs
        Number of runs.

    Returns
    -------
    float
        The week at which the cumulative incidence reaches one half; NaN if fewer than half ever had the event.

    Examples
    --------
    >>> median_week(np.array([0, 1, 2]), runs=4)
    2.0
    """
    reached = 2 * begun >= runs
    return float(reached.argmax()) if runs and reached.any() else float("nan")


def summarise(outcomes: Table, scenarios: Sequence[ScenarioDates]) -> pd.DataFrame:
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
    tallies = []
    for scenario in scenarios:
        tallies.append(Tally(scenario))
        for rows in frames_of(outcomes, scenario.name, Tally.COLUMNS):
            tallies[-1].add(rows)
    return pd.concat([tally.table() for tally in tallies], ignore_index=True)
