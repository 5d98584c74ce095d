"""Each scenario against the baseline in everything the summary tells: paired, tested, and said in words.

Runs are paired by number, because the same run has the same luck in both; so they are counted in pairs, part by part,
and nothing is held but counts and exact sums.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
import pandas as pd

from sim.analysis.intervals import mean_interval, paired_difference
from sim.analysis.medians import MedianPairs
from sim.analysis.moments import Moments
from sim.analysis.outcomes import Column, ScenarioDates, Table, When
from sim.analysis.pairing import find_baseline, last_week, paired
from sim.analysis.significance import LEVEL, detectable_mean, detectable_share, holm, normal_p_value
from sim.analysis.summary import OUTCOMES, Tally, is_share, outcome_of
from sim.arrays import FloatArray
from sim.errors import UsageError, check_known

MEDIAN = "median_weeks_to_ceasefire"

#: The outcomes that can be compared: those of the summary, and the median time to a ceasefire.
COMPARED: tuple[str, ...] = (*OUTCOMES, MEDIAN)

_UNIT = "that of the outcome"

#: The table of differences, column by column, in its order.
COLUMNS: dict[str, Column] = {
    "scenario": Column("name", "name of the scenario"),
    "baseline": Column("name", "name of the scenario it is compared to"),
    "outcome": Column("category", "a share, mean or median of the summary table, by its name there"),
    "until": Column("ISO date", "date up to which both are compared: the earlier of the two"),
    "pairs": Column("count", "number of runs that both have"),
    "value": Column(
        _UNIT, "share, mean or median in the scenario; NaN for a median never reached: later than any other"
    ),
    "baseline_value": Column(_UNIT, "the same in the baseline"),
    "difference": Column(_UNIT, "value minus baseline_value; NaN, as all that follows from it, if one of them is"),
    "low": Column(_UNIT, "lower bound of the 95 % interval of the difference"),
    "high": Column(_UNIT, "upper bound of the 95 % interval of the difference"),
    "variance_saved": Column("share 0-1", "by how much pairing lowers the variance; NaN if nothing varies"),
    "detectable": Column(_UNIT, "smallest difference that as many runs find with 80 % power at the 5 % level"),
    "distinguishable": Column("true or false", "the interval excludes 0: p_value is at most 0.05"),
    "p_value": Column("probability", "two-sided, of no difference; belongs to the interval"),
    "p_holm": Column("probability", "adjusted for all scenarios that are compared in this outcome, by Holm's method"),
    "distinguishable_holm": Column("true or false", "p_holm is at most 0.05"),
    "verdict": Column("text", "higher or lower if distinguishable_holm, else in words that it is not"),
}


class Estimate(NamedTuple):
    """A paired difference; NaN where there is none to tell."""

    value: float
    baseline_value: float
    difference: float
    low: float
    high: float
    variance_saved: float
    detectable: float
    p_value: float
    same: bool


class Pairs(Protocol):
    """What is counted of one outcome while its runs come by in pairs."""

    @property
    def count(self) -> int:
        """Number of pairs."""

    def add(self, first: FloatArray, second: FloatArray) -> None:
        """Count values of runs of the scenario, and of the same runs of the baseline."""

    def estimate(self) -> Estimate:
        """Return what follows."""


class _SharePairs:
    """Pairs of what happened or not."""

    def __init__(self) -> None:
        self._cells = np.zeros(4, dtype=np.int64)

    @property
    def count(self) -> int:
        return int(self._cells.sum())

    def add(self, first: FloatArray, second: FloatArray) -> None:
        self._cells += np.bincount((2 * first + second).astype(np.intp), minlength=4)

    def estimate(self) -> Estimate:
        pairs, (_, only_there, only_here, both) = self.count, self._cells.tolist()
        result = paired_difference(both, only_here, only_there, pairs)
        discordant = only_here + only_there
        # That of the interval, which adds one run to each discordant cell; cut off at ±1, it hides it.
        centre = (only_here - only_there) / (pairs + 2)
        error = float(np.sqrt(((discordant + 2) / (pairs + 2) - centre**2) / (pairs + 2)))
        return Estimate(
            (both + only_here) / pairs, (both + only_there) / pairs, float(result.difference), float(result.low),
            float(result.high), round(float(result.variance_saved), 12) + 0.0, detectable_share(discordant, pairs),
            normal_p_value(centre, error), discordant == 0,
        )  # fmt: skip


class _MeanPairs:
    """Pairs of quantities."""

    def __init__(self) -> None:
        self._first, self._second, self._change = Moments(), Moments(), Moments()

    @property
    def count(self) -> int:
        return int(self._change.count[0])

    def add(self, first: FloatArray, second: FloatArray) -> None:
        for moments, values in ((self._first, first), (self._second, second), (self._change, first - second)):
            moments.add(values)

    def estimate(self) -> Estimate:
        difference, low, high = (float(bound[0]) for bound in mean_interval(self._change))
        variances = (float(m.variance()[0]) for m in (self._first, self._second, self._change))
        own, others, paired_variance = variances
        saved = 1 - paired_variance / (own + others) if own + others > 0 else float("nan")
        error = float(np.sqrt(paired_variance / self.count))
        return Estimate(
            float(self._first.mean()[0]), float(self._second.mean()[0]), difference, low, high,
            round(saved, 12) + 0.0, detectable_mean(error), normal_p_value(difference, error),
            difference == 0 and error == 0,
        )  # fmt: skip


class _MedianPairs(MedianPairs):
    """Pairs of weeks."""

    def estimate(self) -> Estimate:
        value, other = self.medians()
        unknown = float("nan")
        nothing = Estimate(value, other, unknown, unknown, unknown, unknown, unknown, unknown, same=False)
        if np.isnan(value) and np.isnan(other):
            return nothing
        found = self.bootstrap()
        if np.isnan(value) or np.isnan(other):  # which comes first can be told, but not by how much
            return nothing._replace(p_value=found.p_value)
        return Estimate(
            value, other, value - other, found.low, found.high, found.variance_saved, detectable_mean(found.error),
            found.p_value, self.same,
        )  # fmt: skip


def comparable(scenario: ScenarioDates, baseline: ScenarioDates, outcome: str) -> bool:
    """Tell whether an outcome is about the same time in both: events can be cut off at the earlier date.

    What is added up to the horizon, or looked at there, cannot.
    """
    cut_off = outcome == MEDIAN or (is_share(outcome) and "_by_" in outcome)
    return cut_off or scenario.horizon_week == baseline.horizon_week


def date_in_both(outcome: str) -> When:
    """Return which date of two scenarios decides what counts of an outcome."""
    return "deadline" if outcome.endswith("_by_deadline") else "horizon"


def estimates(
    outcomes: Table, scenario: ScenarioDates, baseline: ScenarioDates, wanted: Sequence[str]
) -> list[tuple[str, str, int, Estimate]]:
    """Compare two scenarios.

    Returns
    -------
    list of tuples
        Outcome, date up to which it is compared (ISO), number of pairs, and the estimate, for each that is comparable.

    Raises
    ------
    UsageError
        If they have no run in common, or of a whole table not the same runs.
    """
    wanted = [name for name in wanted if comparable(scenario, baseline, name)]
    last = {name: last_week(scenario, baseline, date_in_both(name), has_to_hold="ceasefire" in name) for name in wanted}
    pairs: dict[str, Pairs] = {
        name: _MedianPairs(last[name]) if name == MEDIAN else _SharePairs() if is_share(name) else _MeanPairs()
        for name in wanted
    }
    for here, there in paired(outcomes, scenario.name, baseline.name, Tally.COLUMNS):
        for name, counted in pairs.items():
            first, second = (
                rows["ceasefire_week"].to_numpy(dtype=np.float64) if name == MEDIAN
                else outcome_of(rows, whose, name, last[name])
                for rows, whose in ((here, scenario), (there, baseline))
            )  # fmt: skip
            counted.add(first, second)
    found = []
    for name, counted in pairs.items():
        if not counted.count:
            raise UsageError(f"no run of scenario '{scenario.name}' has its pair in '{baseline.name}'")
        until = min(getattr(scenario, date_in_both(name)), getattr(baseline, date_in_both(name))).isoformat()
        found.append((name, until, counted.count, counted.estimate()))
    return found


def differences(
    outcomes: Table, scenarios: Sequence[ScenarioDates], baseline: str | None = None, outcome: str | None = None
) -> pd.DataFrame:
    """Paired differences to the baseline in all chances, areas and the median time to a ceasefire.

    Intervals of shares are Bonett's and Price's, those of means normal, that of the median a paired bootstrap; p-values
    belong to these intervals. The verdict is by `holm`, over the scenarios, for each outcome by itself.

    Parameters
    ----------
    outcomes
        Outcomes table.
    scenarios
        Scenarios, the baseline among them.
    baseline
        Name of the baseline; by default the first scenario.
    outcome
        One of `COMPARED`; by default all. Scenarios whose horizons differ from that of the baseline have no rows for
        what is added up to the horizon or looked at there.

    Returns
    -------
    DataFrame
        One row per outcome and scenario other than the baseline; `COLUMNS` names unit and meaning of each column.

    Raises
    ------
    UsageError
        If the outcome or the baseline is unknown, there is nothing to compare, or the runs are not the same.

    Examples
    --------
    >>> import sim
    >>> comparison = sim.compare(["hardball", "sober_kremlin"], runs=200)
    >>> table = comparison.differences("ceasefire_by_deadline")
    >>> table[["scenario", "verdict"]].values.tolist()
    [['sober_kremlin', 'higher']]
    """
    if outcome is not None:
        check_known("outcome", outcome, COMPARED)
    reference = find_baseline(scenarios, baseline)
    others = [scenario for scenario in scenarios if scenario.name != reference.name]
    if not others:
        raise UsageError(f"there is only '{reference.name}'; a difference needs another scenario")
    wanted = COMPARED if outcome is None else (outcome,)
    records = []
    for scenario in others:
        for name, until, pairs, estimate in estimates(outcomes, scenario, reference, wanted):
            if pairs < 2:
                raise UsageError(f"'{scenario.name}' and '{reference.name}' have one run in common; take at least 2")
            records.append((scenario.name, reference.name, name, until, pairs, estimate))
    if not records:
        dates = " or ".join(sorted({scenario.horizon.isoformat() for scenario in scenarios}))
        raise UsageError(f"{outcome} cannot be compared where horizons differ ({dates})")
    rows = []
    for name in wanted:
        rows += _judged([record for record in records if record[2] == name])
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _judged(records: Sequence[tuple[str, str, str, str, int, Estimate]]) -> list[tuple[object, ...]]:
    """Return the rows of one outcome, with what they are worth beside each other."""
    rows: list[tuple[object, ...]] = []
    adjusted = holm([record[-1].p_value for record in records])
    for (*keys, pairs, estimate), p_holm in zip(records, adjusted.tolist(), strict=True):
        told = estimate[: Estimate._fields.index("p_value")]
        clear = estimate.p_value <= LEVEL, estimate.p_value, p_holm, p_holm <= LEVEL
        rows.append((*keys, pairs, *told, *clear, _verdict(estimate, p_holm, pairs)))
    return rows


def _verdict(estimate: Estimate, p_holm: float, pairs: int) -> str:
    if np.isnan(p_holm):
        return "not reached by half of the runs"
    if estimate.same:
        return f"the same in all {pairs:,} runs"
    if p_holm > LEVEL:
        return f"not distinguishable at {pairs:,} runs"
    # A median that half of the runs never reach lies beyond any that they do.
    return "higher" if estimate.difference > 0 or np.isnan(estimate.value) else "lower"
