"""When things happen: the share of runs in which an event has happened by each week, by each date, and what came first.

Where every run is followed to its horizon, nothing is censored before it, and the cumulative incidence beside competing
events is a count. Runs that ended earlier are censored, and the estimator of Aalen and Johansen takes its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.estimators import Incidence, aalen_johansen
from sim.analysis.intervals import wilson
from sim.analysis.outcomes import COLUMNS, Column, ScenarioDates, Table, check_names, frames_of
from sim.errors import UsageError, nearest
from sim.scenario.calendar import HOLDING_WEEKS, START, date_of, week_of

Every = Literal["month", "quarter"]

#: Events that compete to be the first; of several in one week, the one named first counts, as in ``first_event``.
EVENTS = ("ceasefire", "full_control", "us_disengaged")

_SHARES = {
    "runs": Column("count", "number of runs"),
    "count": Column("count", "of these, runs seen to have had it by then"),
    "share": Column("share of runs", "chance of it by then; count over runs where every run is followed that far"),
    "low": Column("share of runs", "lower bound of the 95 % interval of share"),
    "high": Column("share of runs", "upper bound of the 95 % interval of share"),
}

#: The table of competing risks, column by column, in its order.
RISKS: dict[str, Column] = {
    "scenario": Column("name", "name of the scenario"),
    "event": Column("category", "what came first: ceasefire, full_control, us_disengaged; or none so far"),
    "week": Column("week from 2025-05-19", "up to and including this week"),
    "date": Column("date", "first day of that week"),
    "at_risk": Column("count", "runs that are followed in that week and had none of the events before"),
    **_SHARES,
}

#: The ladder of dates, column by column, in its order.
LADDER: dict[str, Column] = {
    "scenario": Column("name", "name of the scenario"),
    "event": Column("name", "column of the outcomes that holds its week"),
    "by": Column("ISO date", "last day of a month or quarter"),
    "week": Column("week from 2025-05-19", "week of that day, which counts whole"),
    **_SHARES,
}


def _check_event(event: str) -> None:
    events = [name for name in COLUMNS if name.endswith("_week")]
    if event not in events:
        hint = nearest(event, events)
        raise UsageError(f"event: '{event}' is no week of an event; use one of {', '.join(events)}{hint}")


def cumulative_incidence(
    outcomes: Table, scenarios: Sequence[ScenarioDates], event: str = "ceasefire_week"
) -> pd.DataFrame:
    """Share of runs in which the event has happened by each week, up to each scenario's horizon.

    Parameters
    ----------
    outcomes
        Outcomes table.
    scenarios
        Scenarios, in the order wanted.
    event
        A column of the outcomes that holds a week: by default the start of the first ceasefire that held at least
        30 days. Such a start cannot be seen in the last weeks before the horizon, where the curve is flat.

    Returns
    -------
    DataFrame
        One row per scenario and week 0 ... horizon: ``scenario``, ``event``, ``week``, ``date`` (first day of the
        week, datetime), ``runs``, ``count``, ``share``, ``low``, ``high`` (95 % interval, Wilson's).

    Raises
    ------
    UsageError
        If `event` is no column of weeks, two scenarios share a name, or the table has no run of one.
    """
    _check_event(event)
    check_names(scenarios)
    tables = []
    for scenario in scenarios:
        weeks = np.arange(scenario.horizon_week + 1)
        runs, begun = 0, np.zeros(len(weeks), dtype=np.int64)
        for rows in frames_of(outcomes, scenario.name, [event]):
            happened = rows[event].dropna().to_numpy(dtype=np.int64)
            begun += np.bincount(happened, minlength=len(weeks))[: len(weeks)]
            runs += len(rows)
        count = begun.cumsum()
        low, high = wilson(count, runs)
        table = {
            "scenario": scenario.name, "event": event, "week": weeks,
            "date": [pd.Timestamp(date_of(int(week))) for week in weeks],
            "runs": runs, "count": count, "share": count / runs, "low": low, "high": high,
        }  # fmt: skip
        tables.append(pd.DataFrame(table))
    return pd.concat(tables, ignore_index=True)


def competing_risks(outcomes: Table, scenarios: Sequence[ScenarioDates]) -> pd.DataFrame:
    """Which of a ceasefire, full Russian control and Washington walking away came first, by each week.

    A run that is not simulated to the horizon of its scenario is followed to the last week in which a ceasefire could
    still be seen to hold, and then censored.

    Parameters
    ----------
    outcomes
        Outcomes table.
    scenarios
        Scenarios, in the order wanted.

    Returns
    -------
    DataFrame
        One row per scenario, event and week, up to the horizon or as far as any run is followed; of each week the
        shares of the three events and of none add up to 1. `RISKS` names unit and meaning of each column.

    Raises
    ------
    UsageError
        If two scenarios share a name, or the table has no run of one.

    Examples
    --------
    >>> import sim
    >>> risks = sim.compare("hardball", runs=200).risks()
    >>> bool((abs(risks.groupby("week")["share"].sum() - 1) < 1e-12).all())
    True
    """
    check_names(scenarios)
    tables = []
    for scenario in scenarios:
        counts = _Counts(outcomes, scenario, [f"{event}_week" for event in EVENTS], HOLDING_WEEKS)
        found, none = counts.incidence(), counts.event_free()
        for k, event in enumerate((*EVENTS, "none")):
            bounds = [part[k] for part in found] if event != "none" else none
            seen = counts.events.cumsum(axis=1)
            count = seen[k] if event != "none" else counts.runs - seen.sum(axis=0)
            tables.append(counts.table(event, count, *bounds))
    return pd.concat(tables, ignore_index=True)[list(RISKS)]


def ladder(
    outcomes: Table, scenarios: Sequence[ScenarioDates], every: Every = "month", event: str = "ceasefire_week"
) -> pd.DataFrame:
    """Chance of an event by the end of each month or quarter: the form in which forecasters are asked.

    As for the deadline, the week of a date counts whole. The ladder ends with the last period of which all is seen:
    that a ceasefire held for 30 days does not show in the last weeks before the horizon.

    Parameters
    ----------
    outcomes
        Outcomes table.
    scenarios
        Scenarios, in the order wanted.
    every
        ``"month"`` or ``"quarter"``.
    event
        A column of the outcomes that holds a week; by default the start of the first ceasefire that held.

    Returns
    -------
    DataFrame
        One row per scenario and date; `LADDER` names unit and meaning of each column.

    Raises
    ------
    UsageError
        If `event` is no column of weeks, `every` no period, the horizon comes before the end of the first period,
        two scenarios share a name, or the table has no run of one.

    Examples
    --------
    >>> import sim
    >>> sim.compare("hardball", runs=20).ladder("quarter")["by"].tolist()[:3]
    ['2025-06-30', '2025-09-30', '2025-12-31']
    """
    _check_event(event)
    if every not in get_args(Every):
        raise UsageError(f"every: '{every}' is no period; use month or quarter{nearest(str(every), get_args(Every))}")
    check_names(scenarios)
    tables = []
    for scenario in scenarios:
        counts = _Counts(outcomes, scenario, [event], HOLDING_WEEKS if event == "ceasefire_week" else 1)
        days = _ends(every, counts.last_seen)
        if not days:
            raise UsageError(f"scenario '{scenario.name}' ends on {scenario.horizon}, before its first whole {every}")
        count = counts.events[0].cumsum()
        rungs = counts.table(event, count, *(part[0] for part in counts.incidence()))
        weeks = [week_of(day) for day in days]
        tables.append(rungs.set_index("week").loc[weeks].reset_index().assign(by=[day.isoformat() for day in days]))
    return pd.concat(tables, ignore_index=True)[list(LADDER)]


def _ends(every: Every, last: int) -> list[date]:
    """Return the last days of the months or quarters that end in week `last` or before."""
    months = 1 if every == "month" else 3
    year, month = START.year, -(-START.month // months) * months
    days: list[date] = []
    while True:
        year, month = (year + month // 12, month % 12 + 1)
        day = date(year, month, 1) - timedelta(days=1)
        if week_of(day) > last:
            return days
        days.append(day)
        month += months - 1


class _Counts:
    """Runs of a scenario by the week of their first event.

    Attributes
    ----------
    runs
        Number of runs.
    events
        Runs whose first event was this one in this week, shape (events, weeks).
    at_risk
        Runs followed in each week that had none before, shape (weeks,).
    last_seen
        Last week of which it is known what began in it.
    """

    def __init__(self, outcomes: Table, scenario: ScenarioDates, columns: Sequence[str], hidden: int) -> None:
        """Count; the last week of a run whose beginnings all show is `hidden` weeks before its end."""
        self.scenario, size = scenario, scenario.horizon_week + 1
        self.runs = 0
        self.events = np.zeros((len(columns), size), dtype=np.int64)
        censored = np.zeros(size + 1, dtype=np.int64)
        for rows in frames_of(outcomes, scenario.name, [*columns, "weeks_simulated"]):
            weeks = rows[list(columns)].to_numpy(dtype=np.float64, na_value=np.inf)
            first, which = weeks.min(axis=1), weeks.argmin(axis=1)
            simulated = rows["weeks_simulated"].to_numpy(dtype=np.int64)
            whole = simulated >= scenario.horizon_week
            # At the horizon all end together, which takes nobody away before; a run that ended earlier is left out
            # from where its record is no longer complete.
            until = np.where(whole, scenario.horizon_week, np.maximum(simulated - hidden, -1))
            happened = first <= until
            np.add.at(self.events, (which[happened], first[happened].astype(np.intp)), 1)
            censored += np.bincount(until[~happened] + 1, minlength=size + 1)
            self.runs += len(rows)
        gone = self.events.sum(axis=0).cumsum()
        self.at_risk: NDArray[np.int64] = self.runs - np.concatenate([[0], gone[:-1]]) - censored.cumsum()[:-1]
        if self.at_risk[0] == 0:
            raise UsageError(f"no run of scenario '{scenario.name}' is followed long enough to see what began in it")
        ended = np.logical_or.accumulate((self.at_risk > 0) & (self.events.sum(axis=0) == self.at_risk))
        followed = (self.at_risk > 0) | ended  # where every run has had an event, nothing can change any more
        self._weeks = len(followed) if followed.all() else int(followed.argmin())
        self.last_seen = min(scenario.horizon_week - hidden, self._weeks - 1)

    def incidence(self) -> Incidence:
        """Return the cumulative incidence of each event."""
        return aalen_johansen(self.events, self.at_risk)

    def event_free(self) -> tuple[NDArray[np.float64], ...]:
        """Return the share without any event, and its bounds."""
        any_event = aalen_johansen(self.events.sum(axis=0, keepdims=True), self.at_risk)
        return 1 - any_event.share[0], 1 - any_event.high[0], 1 - any_event.low[0]

    def table(
        self, event: str, count: NDArray[np.int64], share: NDArray[np.float64], low: NDArray[np.float64],
        high: NDArray[np.float64],
    ) -> pd.DataFrame:  # fmt: skip
        """Return the rows of one event, as far as any run is followed."""
        weeks = np.arange(len(count))
        table = {
            "scenario": self.scenario.name, "event": event, "week": weeks,
            "date": [pd.Timestamp(date_of(int(week))) for week in weeks], "at_risk": self.at_risk, "runs": self.runs,
            "count": count, "share": share, "low": low, "high": high,
        }  # fmt: skip
        return pd.DataFrame(table).iloc[: self._weeks]
