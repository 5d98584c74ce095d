"""When things happen: the share of runs in which an event has happened by each week.

Every run is followed to its horizon, so nothing is censored before it, and the cumulative incidence beside
competing events is a count. No estimator is needed, and none is used.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sim.analysis.intervals import wilson
from sim.analysis.outcomes import COLUMNS, ScenarioDates, Table, check_names, frames_of
from sim.errors import UsageError, nearest
from sim.scenario.calendar import date_of


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
    events = [name for name in COLUMNS if name.endswith("_week")]
    if event not in events:
        hint = nearest(event, events)
        raise UsageError(f"event: '{event}' is no week of an event; use one of {', '.join(events)}{hint}")
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
