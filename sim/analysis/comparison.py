"""The chance of a ceasefire against the baseline, run by run, and how precise differences are so far.

`sim.analysis.contrasts` has all outcomes; these two are the short table that every comparison stores.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sim.analysis.contrasts import estimates
from sim.analysis.intervals import mean_interval, wilson
from sim.analysis.moments import Moments
from sim.analysis.outcomes import Column, ScenarioDates, Table, frames_of
from sim.analysis.pairing import find_baseline
from sim.analysis.summary import Tally, is_share, outcome_of
from sim.arrays import FloatArray

_OUTCOMES = ("ceasefire_by_deadline", "ceasefire_by_horizon")

#: The comparison table, column by column, in its order.
COLUMNS: dict[str, Column] = {
    "scenario": Column("name", "name of the scenario"),
    "baseline": Column("name", "name of the scenario it is compared to"),
    "outcome": Column("category", "ceasefire_by_deadline or ceasefire_by_horizon"),
    "until": Column("ISO date", "date up to which both are compared: the earlier of the two"),
    "pairs": Column("count", "number of runs that both have"),
    "share": Column("share of runs", "chance of a ceasefire until then in the scenario"),
    "baseline_share": Column("share of runs", "the same in the baseline"),
    "difference": Column("share of runs", "share minus baseline_share"),
    "low": Column("share of runs", "lower bound of the 95 % interval of the difference"),
    "high": Column("share of runs", "upper bound of the 95 % interval of the difference"),
    "variance_saved": Column("share 0-1", "by how much pairing lowers the variance; NaN if neither share varies"),
    "distinguishable": Column("true or false", "the interval excludes 0"),
}


def compare_to_baseline(
    outcomes: Table, scenarios: Sequence[ScenarioDates], baseline: str | None = None
) -> pd.DataFrame:
    """Paired differences to the baseline in the chance of a ceasefire that holds for 30 days.

    Two scenarios whose dates differ are compared by the earlier deadline and the earlier horizon. Where horizons
    differ, a ceasefire counts only if it began at least `HOLDING_WEEKS` before the earlier one, so that in both
    it had the time to hold.

    Parameters
    ----------
    outcomes
        Outcomes table.
    scenarios
        Scenarios, the baseline among them.
    baseline
        Name of the baseline; by default the first scenario.

    Returns
    -------
    DataFrame
        Two rows per scenario other than the baseline; `COLUMNS` names unit and meaning of each column.

    Raises
    ------
    UsageError
        If the baseline is unknown, two scenarios share a name, or the runs of a scenario are not those of the
        baseline.
    """
    reference = find_baseline(scenarios, baseline)
    records = []
    for scenario in scenarios:
        if scenario.name == reference.name:
            continue
        for name, until, pairs, found in estimates(outcomes, scenario, reference, _OUTCOMES):
            shares = found.value, found.baseline_value, found.difference, found.low, found.high
            distinguishable = found.low > 0 or found.high < 0
            records.append(
                (scenario.name, reference.name, name, until, pairs, *shares, found.variance_saved, distinguishable)
            )
    return pd.DataFrame(records, columns=list(COLUMNS))


def half_widths(
    outcomes: Table, scenarios: Sequence[ScenarioDates], baseline: str, outcome: str, points: int = 1
) -> FloatArray:
    """Half-widths of the 95 % intervals of an outcome: of its difference to the baseline if there is another scenario.

    Parameters
    ----------
    outcomes
        Outcomes table.
    scenarios
        Scenarios, the baseline among them.
    baseline
        Name of the baseline.
    outcome
        One of `sim.analysis.summary.OUTCOMES`.
    points
        Points of the design of a single scenario.

    Returns
    -------
    NDArray
        In the unit of the outcome: one per scenario other than the baseline, each paired by run (all must be
        `contrasts.comparable`); or, of a single scenario, one per point.
    """
    reference = find_baseline(scenarios, baseline)
    columns = Tally.COLUMNS
    if len(scenarios) == 1:
        moments = Moments(points)
        for rows in frames_of(outcomes, reference.name, [*columns, "point"] if points > 1 else columns):
            point = rows["point"].to_numpy(dtype=np.intp) if points > 1 else None
            moments.add(outcome_of(rows, reference, outcome), point)
        if is_share(outcome):
            runs = np.maximum(moments.count, 1)
            low, high = wilson(np.rint(moments.mean() * runs), runs)
        else:
            _, low, high = mean_interval(moments)
        return (high - low) / 2
    others = [scenario for scenario in scenarios if scenario.name != reference.name]
    found = [estimates(outcomes, scenario, reference, (outcome,))[0][-1] for scenario in others]
    return np.array([(estimate.high - estimate.low) / 2 for estimate in found])
