"""Each scenario against the baseline, run by run: the same run has the same luck in both."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from sim.analysis.intervals import paired_difference
from sim.analysis.outcomes import Column, ScenarioDates, check_names, rows_of
from sim.errors import UsageError, nearest
from sim.scenario.calendar import HOLDING_WEEKS

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


def find_baseline(scenarios: Sequence[ScenarioDates], baseline: str | None) -> ScenarioDates:
    """Return the scenario of that name; without a name, the first.

    Raises
    ------
    UsageError
        If there is none of that name.
    """
    check_names(scenarios)
    names = [scenario.name for scenario in scenarios]
    if baseline is None:
        return scenarios[0]
    if baseline not in names:
        raise UsageError(
            f"baseline '{baseline}' is not among the scenarios compared ({', '.join(names)}){nearest(baseline, names)}"
        )
    return scenarios[names.index(baseline)]


def _last_week(scenario: ScenarioDates, baseline: ScenarioDates, by: Literal["deadline", "horizon"]) -> int:
    """Last week of a start that counts in both scenarios."""
    horizon = min(scenario.horizon_week, baseline.horizon_week)
    last = horizon if by == "horizon" else min(scenario.deadline_week, baseline.deadline_week)
    if scenario.horizon_week != baseline.horizon_week:
        # The longer run sees that a ceasefire begun just before the earlier horizon held; the shorter cannot.
        last = min(last, horizon - HOLDING_WEEKS)
    return last


def compare_to_baseline(
    outcomes: pd.DataFrame, scenarios: Sequence[ScenarioDates], baseline: str | None = None
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
    standard = rows_of(outcomes, reference.name)
    records = []
    for scenario in scenarios:
        if scenario.name == reference.name:
            continue
        rows = rows_of(outcomes, scenario.name)
        if not np.array_equal(rows.index, standard.index):
            raise UsageError(
                f"scenario '{scenario.name}' has other runs than the baseline '{reference.name}'; "
                "run both with the same number of runs and the same first run"
            )
        for by in ("deadline", "horizon"):
            last = _last_week(scenario, reference, by)
            here = rows["ceasefire_week"].to_numpy(dtype=np.float64) <= last
            there = standard["ceasefire_week"].to_numpy(dtype=np.float64) <= last
            result = paired_difference((here & there).sum(), (here & ~there).sum(), (there & ~here).sum(), here.size)
            low, high = float(result.low), float(result.high)
            until = min(getattr(scenario, by), getattr(reference, by)).isoformat()
            shares = float(here.mean()), float(there.mean()), float(result.difference)
            judgement = round(float(result.variance_saved), 12) + 0.0, low > 0 or high < 0
            records.append(
                (scenario.name, reference.name, f"ceasefire_by_{by}", until, here.size, *shares, low, high, *judgement)
            )
    return pd.DataFrame(records, columns=list(COLUMNS))
