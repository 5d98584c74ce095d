"""How events come and states last, from counts by week: Aalen-Johansen, Kaplan-Meier, log-rank.

Weeks are whole, so many runs share one: all formulas here are those of discrete time, in which ties are no
approximation. A run that is no longer followed leaves the runs at risk after its last week.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.analysis.intervals import normal_quantile, wilson
from sim.arrays import FloatArray


class Incidence(NamedTuple):
    """How many have had each event by each week.

    Attributes
    ----------
    share
        Cumulative incidence, shape (events, weeks).
    low, high
        Bounds of its interval, of that shape.
    """

    share: FloatArray
    low: FloatArray
    high: FloatArray


def aalen_johansen(events: NDArray[np.int64], at_risk: NDArray[np.int64], level: float = 0.95) -> Incidence:
    """Cumulative incidence of competing events, with those that are no longer followed taken out.

    While every run is followed this is the count over the number of runs, with Wilson's interval. Otherwise the
    interval is Wilson's for the number of runs that would have the same variance if all were followed.

    Parameters
    ----------
    events
        Runs in which each event came first in each week, shape (events, weeks).
    at_risk
        Runs that are followed in each week and had none before, shape (weeks,).
    level
        Nominal coverage.

    Notes
    -----
    O. O. Aalen and S. Johansen (1978), *An empirical transition matrix for non-homogeneous Markov chains based on
    censored observations*, Scandinavian Journal of Statistics 5; the variance is that of G. E. Dinse and M. G. Larson
    (1986), *A note on semi-Markov models for partially censored data*, Biometrika 73, which is F (1 − F) / N while
    nobody is censored. K. J. Rothman (1978), *Estimation of confidence limits for the cumulative probability of
    survival in life table analysis*, Journal of Chronic Diseases 31, for the interval.

    Examples
    --------
    >>> found = aalen_johansen(np.array([[1, 0], [0, 1]]), np.array([4, 2]))  # one left after the first week
    >>> found.share.tolist()
    [[0.25, 0.25], [0.0, 0.375]]
    """
    n, d, first = np.maximum(at_risk, 1).astype(np.float64), events.astype(np.float64), int(at_risk[0])
    together = d.sum(axis=0)
    before = np.concatenate([[1.0], np.cumprod(1 - together / n)[:-1]])
    share = np.cumsum(before * d / n, axis=1)
    # While nobody is censored, all that are not at risk have had an event, and counting is exact to the last digit.
    complete = at_risk + np.concatenate([[0], together.cumsum()[:-1]]) == first
    share = np.where(complete, d.cumsum(axis=1) / max(first, 1), share)

    rest = n - together
    spread = np.where(rest > 0, together / (n * np.where(rest > 0, rest, 1.0)), 0.0)
    own, cross = before**2 * d * (n - d) / n**3, before * d / n**2
    variance = (
        share**2 * spread.cumsum() - 2 * share * (share * spread).cumsum(axis=1) + (share**2 * spread).cumsum(axis=1)
        + own.cumsum(axis=1) - 2 * (share * cross.cumsum(axis=1) - (share * cross).cumsum(axis=1))
    )  # fmt: skip
    varies = (variance > 0) & (share > 0) & (share < 1)
    like = np.where(varies, share * (1 - share) / np.where(varies, variance, 1.0), n)
    runs = np.where(complete, float(max(first, 1)), like)
    # A share of such a number of runs is no whole count; Wilson's formula does not need one.
    low, high = wilson(np.where(complete, d.cumsum(axis=1), share * runs), runs, level)
    return Incidence(share, low, high)


class Survival(NamedTuple):
    """How many are left after each week; every field has shape (weeks,).

    Attributes
    ----------
    share
        Kaplan-Meier estimate of the share that outlasts the week.
    low, high
        Bounds of its interval.
    """

    share: FloatArray
    low: FloatArray
    high: FloatArray


def kaplan_meier(ended: NDArray[np.int64], at_risk: NDArray[np.int64], level: float = 0.95) -> Survival:
    """Survival of what can end in any week and is not always followed to its end.

    The interval is Greenwood's on the scale of log(−log S), so that it keeps within 0 and 1. As long as none has ended,
    its lower bound is Wilson's for those still at risk; once none is left, its upper bound is that of the week before.

    Parameters
    ----------
    ended
        Ends by week, shape (weeks,).
    at_risk
        Those followed in each week that had not ended before, shape (weeks,).
    level
        Nominal coverage.

    Notes
    -----
    E. L. Kaplan and P. Meier (1958), *Nonparametric estimation from incomplete observations*, JASA 53; J. D.
    Kalbfleisch and R. L. Prentice (2002), *The Statistical Analysis of Failure Time Data*, section 1.4, for the
    interval.

    Examples
    --------
    >>> kaplan_meier(np.array([0, 2, 1]), np.array([8, 8, 4])).share.tolist()  # two were no longer followed
    [1.0, 0.75, 0.5625]
    """
    n, d = np.maximum(at_risk, 1).astype(np.float64), ended.astype(np.float64)
    share = np.asarray(np.cumprod(1 - d / n), dtype=np.float64)
    error = np.sqrt(_greenwood(ended, at_risk).cumsum())
    some = (share > 0) & (share < 1)
    log = np.where(some, np.log(np.where(some, share, 0.5)), -1.0)
    stretch = np.exp(normal_quantile(level) * error / -log)
    unharmed = share == 1
    low = np.where(some, np.exp(log * stretch), np.where(unharmed, wilson(n, n, level)[0], 0.0))
    high = np.where(some, np.exp(log / stretch), 1.0)
    if (share == 0).any():
        gone = int((share == 0).argmax())
        high[gone:] = high[gone - 1] if gone else wilson(0, n[0], level)[1]
    return Survival(share, low, high)


def restricted_mean(
    ended: NDArray[np.int64], at_risk: NDArray[np.int64], level: float = 0.95
) -> tuple[float, float, float]:
    """Mean number of weeks that pass before the end, counted up to the number of weeks given.

    Parameters
    ----------
    ended, at_risk
        As for `kaplan_meier`, from week 0 on: week w is the (w + 1)th.
    level
        Nominal coverage.

    Returns
    -------
    mean, low, high
        Weeks, from 0 to the number of weeks given.

    Notes
    -----
    The area under the curve, with Greenwood's variance: J. P. Klein and M. L. Moeschberger (2003), *Survival Analysis*,
    section 4.5.

    Examples
    --------
    >>> mean, low, high = restricted_mean(np.array([0, 2, 0, 0]), np.array([4, 4, 2, 2]))
    >>> mean
    2.5
    """
    share = kaplan_meier(ended, at_risk).share
    area = share[::-1].cumsum()[::-1]  # from each week on
    mean, error = float(area[0]), float(np.sqrt((area**2 * _greenwood(ended, at_risk)).sum()))
    half = normal_quantile(level) * error
    return mean, max(mean - half, 0.0), min(mean + half, float(len(ended)))


def logrank(ended: NDArray[np.int64], at_risk: NDArray[np.int64]) -> float:
    """p-value of the log-rank test that all groups end alike.

    Parameters
    ----------
    ended, at_risk
        As for `kaplan_meier`, shape (groups, weeks). The groups share no run.

    Returns
    -------
    float
        NaN if there is nothing to compare: fewer than two groups, or no end.

    Notes
    -----
    N. Mantel (1966), *Evaluation of survival data and two new rank order statistics arising in its consideration*,
    Cancer Chemotherapy Reports 50, with the hypergeometric variance, which is exact for ties.

    Examples
    --------
    >>> round(logrank(np.array([[0, 1, 2], [3, 1, 0]]), np.array([[5, 5, 4], [5, 2, 1]])), 4)
    0.1564
    """
    from scipy.special import chdtrc

    n, d = at_risk.astype(np.float64), ended.astype(np.float64)
    some = n.any(axis=1)
    n, d = n[some], d[some]
    total, ends = n.sum(axis=0), d.sum(axis=0)
    matter = (total > 1) & (ends > 0)
    n, total, ends, d = n[:, matter], total[matter], ends[matter], d[:, matter]
    shares = n / total
    surplus = (d - shares * ends).sum(axis=1)[:-1]
    scale = ends * (total - ends) / (total - 1)
    covariance = np.einsum("w,gw,gh->gh", scale, shares, np.eye(len(n))) - (scale * shares) @ shares.T
    covariance = covariance[:-1, :-1]
    if not len(surplus) or not covariance.any():
        return float("nan")
    statistic = float(surplus @ np.linalg.pinv(covariance) @ surplus)
    return float(chdtrc(len(surplus), statistic))


def _greenwood(ended: NDArray[np.int64], at_risk: NDArray[np.int64]) -> FloatArray:
    """Return the terms of Greenwood's sum, shape (weeks,); none where nothing is left to be uncertain about."""
    rest = at_risk - ended
    some = rest > 0
    return np.where(some, ended / np.where(some, np.maximum(at_risk, 1) * rest, 1), 0.0)
