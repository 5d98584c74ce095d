"""Each scenario against the baseline, run by run: the same run has the same luck in both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np
import pandas as pd

from sim.analysis.intervals import mean_interval, paired_difference, wilson
from sim.analysis.moments import Moments
from sim.analysis.outcomes import Column, ScenarioDates, Table, check_names, frames_of
from sim.analysis.summary import Tally, is_share, outcome_of
from sim.arrays import FloatArray
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
        last = {by: _last_week(scenario, reference, by) for by in ("deadline", "horizon")}
        cells = {by: np.zeros(4, dtype=np.int64) for by in last}
        for here, there in _paired(outcomes, scenario.name, reference.name, ["ceasefire_week"]):
            for by, week in last.items():
                weeks = (rows["ceasefire_week"].to_numpy(dtype=np.float64) for rows in (here, there))
                first, second = (values <= week for values in weeks)
                cells[by] += np.bincount(2 * first + second, minlength=4)
        for by, (neither, only_there, only_here, both) in cells.items():
            pairs = int(neither + only_there + only_here + both)
            if not pairs:
                raise UsageError(f"no run of scenario '{scenario.name}' has its pair in '{reference.name}'")
            result = paired_difference(both, only_here, only_there, pairs)
            low, high = float(result.low), float(result.high)
            until = min(getattr(scenario, by), getattr(reference, by)).isoformat()
            shares = (both + only_here) / pairs, (both + only_there) / pairs, float(result.difference)
            judgement = round(float(result.variance_saved), 12) + 0.0, low > 0 or high < 0
            records.append(
                (scenario.name, reference.name, f"ceasefire_by_{by}", until, pairs, *shares, low, high, *judgement)
            )
    return pd.DataFrame(records, columns=list(COLUMNS))


def _paired(
    outcomes: Table, name: str, reference: str, columns: Sequence[str]
) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """Yield the runs that two scenarios have in common, part by part, each pair of tables with the same runs."""
    parts = (frames_of(outcomes, scenario, columns) for scenario in (name, reference))
    for here, there in zip(*parts, strict=isinstance(outcomes, pd.DataFrame)):
        if not here.index.equals(there.index):
            if isinstance(outcomes, pd.DataFrame):
                raise UsageError(
                    f"scenario '{name}' has other runs than the baseline '{reference}'; "
                    "run both with the same number of runs and the same first run"
                )
            # Of a batch, runs may have failed in one scenario or not be done yet.
            common = here.index.intersection(there.index)
            here, there = here.loc[common], there.loc[common]
        yield here, there


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
        In the unit of the outcome: one per scenario other than the baseline, each paired by run; or, of a single
        scenario, one per point.
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
    found = []
    for scenario in scenarios:
        if scenario.name == reference.name:
            continue
        differences, gained, lost = Moments(), 0, 0
        for here, there in _paired(outcomes, scenario.name, reference.name, columns):
            change = outcome_of(here, scenario, outcome) - outcome_of(there, reference, outcome)
            differences.add(change)
            gained, lost = gained + int((change > 0).sum()), lost + int((change < 0).sum())
        if is_share(outcome):
            pairs = int(differences.count[0])
            result = paired_difference(0, gained, lost, max(pairs, 1))
            found.append(float(result.high - result.low) / 2 if pairs else np.inf)
        else:
            _, lower, upper = mean_interval(differences)
            found.append(float(upper[0] - lower[0]) / 2)
    return np.array(found)
