"""Why runs of one scenario differ: because its parameters are not known, or by luck.

By the law of total variance, the variance of an outcome Y is Var(E[Y | parameters]) + E[Var(Y | parameters)]. The first
is what not knowing the parameters adds; the second is what luck leaves open even to those who know them, also where it
works through them. Every run is carried out twice, with the same parameters and independent luck. What the two have in
common is then the parameters alone: their covariance is the first part.

This share is the Sobol index of all parameters together. It is about the laws in `sim.parameters`: wider laws make it
larger.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import atanh, sqrt, tanh
from typing import Protocol

import numpy as np
import pandas as pd

from sim.analysis.intervals import normal_quantile
from sim.analysis.moments import Moments
from sim.analysis.outcomes import Column, ScenarioDates, Table, check_names, frames_of
from sim.analysis.summary import OUTCOMES, Tally, is_share, outcome_of
from sim.arrays import FloatArray
from sim.errors import UsageError

#: Runs below which the share is said to lie anywhere from 0 to 1: the intervals are approximations for many.
FEWEST = 30

#: The spread table, column by column, in its order.
COLUMNS: dict[str, Column] = {
    "scenario": Column("name", "name of the scenario"),
    "outcome": Column("category", "a share of runs or a mean of the summary table, by its name there"),
    "mean": Column("that of the outcome", "mean of all runs, as in the summary table"),
    "standard_deviation": Column("that of the outcome", "how far single runs lie from the mean; of all runs"),
    "from_parameters": Column(
        "share of variance", "what comes from not knowing the parameters; NaN if the repeated runs all agree"
    ),
    "low": Column("share of variance", "lower bound of the 95 % interval of from_parameters"),
    "high": Column("share of variance", "upper bound of the 95 % interval of from_parameters"),
    "from_luck": Column("share of variance", "1 minus from_parameters"),
    "pairs": Column("count", "runs carried out twice; 0 without uncertainty, where all is luck"),
}


class UncertainScenario(ScenarioDates, Protocol):
    """A scenario of which it is known whether its parameters vary from run to run."""

    @property
    def uncertainty(self) -> bool:
        """Whether they vary."""


def split_spread(outcomes: pd.DataFrame, again: pd.DataFrame, scenarios: Sequence[UncertainScenario]) -> pd.DataFrame:
    """Split the variance of each outcome into what comes from not knowing the parameters and what from luck.

    Parameters
    ----------
    outcomes
        Outcomes table.
    again
        Outcomes of some or all of these runs with the same parameters and other luck (``replication=1``). A scenario
        without uncertainty need not be in it: all of its spread is luck.
    scenarios
        Scenarios, in the order wanted.

    Returns
    -------
    DataFrame
        One row per scenario and outcome; `COLUMNS` names unit and meaning of each column.

    Raises
    ------
    UsageError
        If two scenarios share a name, a table has no run of one, or a repeated run is not among the outcomes.
    """
    check_names(scenarios)
    records = []
    for scenario in scenarios:
        moments, rows, repeated = _first_and_again(outcomes, again, scenario)
        for name in OUTCOMES:
            mean, deviation = float(moments[name].mean()[0]), float(np.sqrt(moments[name].variance(ddof=0)[0]))
            if scenario.uncertainty:
                first, second = (outcome_of(table, scenario, name) for table in (rows, repeated))
                share, low, high = parameters_share(first, second, event=is_share(name))
            else:
                share = low = high = 0.0 if deviation > 0 else float("nan")
            records.append((scenario.name, name, mean, deviation, share, low, high, 1 - share, len(repeated)))
    return pd.DataFrame(records, columns=list(COLUMNS))


def _first_and_again(
    outcomes: Table, again: Table, scenario: UncertainScenario
) -> tuple[dict[str, Moments], pd.DataFrame, pd.DataFrame]:
    """Return the moments of all runs of a scenario, the runs that are repeated, and the repetitions."""
    columns = list(Tally.COLUMNS)
    repeated = pd.DataFrame(columns=columns)
    if scenario.uncertainty:
        repeated = pd.concat(frames_of(again, scenario.name, columns))
    moments, firsts = {name: Moments() for name in OUTCOMES}, []
    for rows in frames_of(outcomes, scenario.name, columns):
        for name in OUTCOMES:
            moments[name].add(outcome_of(rows, scenario, name))
        firsts.append(rows[rows.index.isin(repeated.index)])
    first = pd.concat(firsts)
    if isinstance(outcomes, pd.DataFrame) and len(first) < len(repeated):
        raise UsageError(f"scenario '{scenario.name}' has repeated runs that are not among its outcomes")
    # Of a batch, a run may have failed with one luck and not with the other.
    return moments, first[first.index.isin(repeated.index)], repeated[repeated.index.isin(first.index)]


def parameters_share(
    first: FloatArray, second: FloatArray, *, event: bool, level: float = 0.95
) -> tuple[float, float, float]:
    """Share of the variance that two samples of the same runs have in common, with its interval.

    The estimate is covariance over variance, both about the mean of the two samples, and is cut off at 0 and 1. So is
    its interval, after it was laid around the estimate that was cut off. Cutting off moves the estimate nearer to any
    share that there can be, so the interval covers no less than before, and never shrinks to the point 0.

    Parameters
    ----------
    first, second
        One value per run, the same parameters in both and independent luck, shape (runs,).
    event
        The values are 0 and 1. The interval is then Donner's and Eliasziw's, by goodness of fit, which holds for rare
        events too; otherwise it is normal on Fisher's scale, with the standard error of Janon and others.
    level
        Nominal coverage.

    Returns
    -------
    share, low, high
        All from 0 to 1; NaN if the values are all the same. With fewer than `FEWEST` runs, 0 and 1 are the bounds.

    Notes
    -----
    A. Janon, T. Klein, A. Lagnoux, M. Nodet and C. Prieur (2014), *Asymptotic normality and efficiency of two Sobol
    index estimators*, ESAIM: Probability and Statistics 18, give estimate and standard error. For events the share is
    the intraclass kappa of A. Donner and M. Eliasziw (1992), *A goodness-of-fit approach to inference procedures for
    the kappa statistic*, Statistics in Medicine 11.

    Examples
    --------
    >>> same = np.arange(40) % 4 / 3.0
    >>> [round(x, 2) for x in parameters_share(same, same, event=False)]
    [1.0, 1.0, 1.0]
    """
    both = np.concatenate([first, second])
    if both.size == 0 or np.ptp(both) == 0:
        return float("nan"), float("nan"), float("nan")
    x, y = first - both.mean(), second - both.mean()
    squares = (x * x + y * y) / 2
    raw = float((x * y).mean() / squares.mean())
    share = min(max(raw, 0.0), 1.0)
    if first.size < FEWEST:
        return share, 0.0, 1.0
    if event:
        return share, *_event_bounds(first, second, share, level)
    error = float((x * y - raw * squares).std() / squares.mean()) / sqrt(first.size)
    return share, *_normal_bounds(share, error, level)


def _normal_bounds(share: float, error: float, level: float) -> tuple[float, float]:
    if share == 1.0:
        return 1.0, 1.0
    half = normal_quantile(level) * error / (1 - share**2)
    return max(tanh(atanh(share) - half), 0.0), tanh(atanh(share) + half)


def _event_bounds(first: FloatArray, second: FloatArray, share: float, level: float) -> tuple[float, float]:
    """Bounds of the shares at which the pairs seen (both, one, neither) would not be surprising."""
    runs, total = first.size, float(first.sum() + second.sum())
    both = float((first * second).sum())
    seen = np.array([both, total - 2 * both, runs - total + both])
    chance = total / (2 * runs)
    varies = chance * (1 - chance)

    def distance(candidate: float) -> float:
        common = candidate * varies
        expected = runs * np.array([chance**2 + common, 2 * (varies - common), (1 - chance) ** 2 + common])
        if expected[1] <= 0:  # all from parameters: no pair may differ
            return float("inf") if seen[1] else 0.0
        return float(((seen - expected) ** 2 / expected).sum())

    limit = normal_quantile(level) ** 2 + distance(share)
    low, high = (_farthest(share, end, lambda candidate: distance(candidate) <= limit) for end in (0.0, 1.0))
    return low, high


def _farthest(inside: float, end: float, holds: Callable[[float], bool]) -> float:
    """Halve the way from `inside`, where the condition holds, to `end` until the place is found where it ceases to."""
    if holds(end):
        return end
    for _ in range(50):
        middle = (inside + end) / 2
        if holds(middle):
            inside = middle
        else:
            end = middle
    return inside
