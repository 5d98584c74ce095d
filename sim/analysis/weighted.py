"""Shares and means of runs that do not all count alike: weighted runs, and weighted sums over scenarios on one luck.

All standard errors are linearised (the delta method): an estimate that is a ratio of sums over runs is replaced by the
sum of each run's influence on it. Intervals give the sampling error of a finite number of runs, and nothing else.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.analysis.intervals import mean_interval, normal_quantile, wilson
from sim.analysis.moments import Moments
from sim.arrays import BoolArray, FloatArray
from sim.errors import UsageError


class Estimate(NamedTuple):
    """A number with the bounds of its interval."""

    value: float
    low: float
    high: float


def effective_runs(weights: FloatArray) -> float:
    """Return how many runs of equal weight would tell as much: (sum of w)² / sum of w².

    Parameters
    ----------
    weights
        Not negative, not all zero, shape (runs,).

    Notes
    -----
    L. Kish (1965), *Survey Sampling*, section 11.7.

    Examples
    --------
    >>> effective_runs(np.array([1.0, 1.0, 0.0, 0.0]))
    2.0
    """
    # Of equal weights it is the number of runs; rounding must not leave a little less.
    return float(len(weights) if _equal(weights) else weights.sum() ** 2 / (weights**2).sum())


def weighted_share(happened: BoolArray, weights: FloatArray, level: float = 0.95) -> Estimate:
    """Return the weighted share of runs in which something happened.

    The interval is Wilson's for as many equal runs as have the linearised variance of the share, at most
    `effective_runs`. Of a share of 0 or 1 that variance says nothing, and the number is `effective_runs`. With equal
    weights it is Wilson's interval, to the last digit.

    Parameters
    ----------
    happened
        Shape (runs,).
    weights
        Not negative, not all zero, shape (runs,).
    level
        Nominal coverage.

    Notes
    -----
    E. L. Korn and B. I. Graubard (1998), *Confidence intervals for proportions with small expected number of positive
    counts estimated from survey data*, Survey Methodology 24: the effective sample size in an interval for a share.

    Examples
    --------
    >>> estimate = weighted_share(np.array([True, False]), np.array([3.0, 1.0]))
    >>> estimate.value
    0.75
    """
    if _equal(weights):
        count, runs = int(happened.sum()), len(happened)
        low, high = wilson(count, runs, level)
        return Estimate(count / runs, float(low), float(high))
    whole = weights.sum()
    share = float(weights[happened].sum() / whole) if not happened.all() else 1.0
    variance = float((((happened - share) * weights / whole) ** 2).sum())
    most = effective_runs(weights)
    return share_interval(share, variance, fallback=most, most=most, level=level)


def weighted_mean(values: FloatArray, weights: FloatArray, level: float = 0.95) -> Estimate:
    """Return the weighted mean with an interval by Student's t, of the degrees of freedom of the runs in effect.

    With equal weights it is `sim.analysis.intervals.mean_interval`, to the last digit.

    Parameters
    ----------
    values
        Any unit, shape (runs,).
    weights
        Not negative, not all zero, shape (runs,).
    level
        Nominal coverage.

    Examples
    --------
    >>> estimate = weighted_mean(np.array([1.0, 2.0, 3.0]), np.ones(3))
    >>> estimate.value, round(estimate.low, 3)
    (2.0, 0.868)
    """
    if _equal(weights):
        mean, low, high = mean_interval(Moments.of(values), level)
        return Estimate(float(mean[0]), float(low[0]), float(high[0]))
    weight, runs = weights / weights.sum(), len(weights)
    centre = float((weight * values).sum())
    error = np.sqrt(((weight * (values - centre)) ** 2).sum() * runs / (runs - 1))
    half = _student_quantile(level, weights) * float(error)
    return Estimate(centre, centre - half, centre + half)


def weighted_change(values: FloatArray, weights: FloatArray, level: float = 0.95) -> Estimate:
    """Return by how much weights move the mean of the same runs, with an interval as for `weighted_mean`.

    Both means are of one sample, so what they have in common drops out: the influence of a run is that on the weighted
    mean minus that on the plain one.

    Parameters
    ----------
    values
        Any unit; 0 and 1 for an event. Shape (runs,).
    weights
        Not negative, not all zero, shape (runs,).
    level
        Nominal coverage.

    Examples
    --------
    >>> weighted_change(np.array([0.0, 1.0, 5.0]), np.ones(3))
    Estimate(value=0.0, low=0.0, high=0.0)
    """
    if _equal(weights):
        return Estimate(0.0, 0.0, 0.0)
    weight, runs = weights / weights.sum(), len(weights)
    plain, moved = values.mean(), (weight * values).sum()
    influence = weight * (values - moved) - (values - plain) / runs
    half = _student_quantile(level, weights) * float(np.sqrt((influence**2).sum() * runs / (runs - 1)))
    change = float(moved - plain)
    return Estimate(change, change - half, change + half)


def weighted_quantiles(values: FloatArray, weights: FloatArray, levels: tuple[float, ...]) -> FloatArray:
    """Return the smallest values up to which at least these shares of all weight lie, shape (levels,).

    Examples
    --------
    >>> weighted_quantiles(np.array([3.0, 1.0, 2.0]), np.array([1.0, 1.0, 2.0]), (0.25, 0.5, 1.0))
    array([1., 2., 3.])
    """
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(_checked(weights)[order])
    # A share of the sum that rounding put a little above the running sum must not skip a value.
    wanted = np.asarray(levels) * reached[-1] * (1 - 1e-12)
    found: FloatArray = values[order][np.searchsorted(reached, wanted)]
    return found


def mixture_share(
    events: FloatArray, among: FloatArray, shares: FloatArray, level: float = 0.95
) -> tuple[Estimate, float]:
    """Return the chance of an event if one of several scenarios holds, each with a given probability.

    The scenarios meet the same luck run by run, so the error of the mixture is that of one weighted sum per run; it
    has the covariances between the scenarios in it. A chance among some of the runs only is a ratio of two such sums.
    The interval is Wilson's for as many equal runs as have that variance: of one scenario, for the runs that count.

    Parameters
    ----------
    events
        1 where the event happened among the runs that count, shape (scenarios, runs).
    among
        1 where the run counts, the same shape; all 1 for a chance among all runs.
    shares
        Probability of each scenario, sum 1, shape (scenarios,).
    level
        Nominal coverage.

    Returns
    -------
    estimate
        The chance.
    error
        Its linearised standard error.

    Raises
    ------
    UsageError
        If no run counts.

    Examples
    --------
    >>> events = np.array([[1.0, 0.0, 1.0, 0.0], [1.0, 1.0, 1.0, 0.0]])
    >>> estimate, _ = mixture_share(events, np.ones((2, 4)), np.array([0.5, 0.5]))
    >>> estimate.value
    0.625
    """
    counted = shares @ among
    if not counted.sum() > 0:
        raise UsageError("no run is one of those asked about, so there is no chance to give; take more runs")
    happened = shares @ events
    # Summed in the same order above and below the line, what always happens has the chance 1 and not nearly 1.
    chance = float(happened.sum() / counted.sum())
    influence = (happened - chance * counted) / counted.sum()
    variance = float((influence**2).sum())
    fewest = min(float(among[k].sum()) for k in np.flatnonzero(shares))
    if not fewest:
        fewest = 1.0  # in one of the scenarios no run counts: nothing is known of it but that
    # Where each scenario is nearly certain of its own answer the sum hardly varies; what remains unknown is then of the
    # size of Wilson's interval for an event that was never seen, z²/n, and no number of runs is credited with less.
    most = max(fewest, chance * (1 - chance) * (fewest / normal_quantile(level)) ** 2)
    estimate = share_interval(chance, variance, fallback=fewest, most=most, level=level)
    return estimate, float(np.sqrt(variance))


def share_interval(share: float, variance: float, *, fallback: float, most: float, level: float = 0.95) -> Estimate:
    """Return a share with Wilson's interval for as many equal runs as have its variance.

    Parameters
    ----------
    share
        The estimate.
    variance
        Of the estimate.
    fallback
        Number of runs for a share of 0 or 1, of which the variance says nothing.
    most
        Largest number of runs to credit any other share with.
    level
        Nominal coverage.

    Examples
    --------
    >>> share_interval(0.5, 0.25 / 100, fallback=10, most=1000) == share_interval(0.5, 0.0, fallback=100, most=100)
    True
    """
    runs = fallback
    if 0 < share < 1:
        runs = min(share * (1 - share) / variance, most) if variance > 0 else most
    low, high = wilson(share * runs, runs, level)
    return Estimate(share, float(low), float(high))


def _student_quantile(level: float, weights: FloatArray) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(max(effective_runs(weights) - 1, 1.0), 0.5 + level / 2))


def _equal(weights: FloatArray) -> bool:
    checked = _checked(weights)
    return bool((checked == checked[0]).all())


def _checked(weights: FloatArray) -> FloatArray:
    if not weights.size or not np.isfinite(weights).all() or (weights < 0).any() or not weights.sum() > 0:
        raise UsageError("weights must be numbers from 0 upwards, at least one of them above 0")
    return weights
