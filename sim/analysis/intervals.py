"""Intervals in closed form: for a share, for a mean, and for the difference of two shares on the same runs.

All give the sampling error of a finite number of runs, and nothing else: they say how far another
seed would move the number, not how far the model is from the world.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from sim.analysis.moments import Moments
from sim.arrays import FloatArray


def normal_quantile(level: float) -> float:
    """Half-width, in standard errors, of a two-sided normal interval.

    Examples
    --------
    >>> round(normal_quantile(0.95), 3)
    1.96
    """
    return NormalDist().inv_cdf(0.5 + level / 2)


def wilson(count: ArrayLike, runs: ArrayLike, level: float = 0.95) -> tuple[FloatArray, FloatArray]:
    """Wilson's score interval for a share.

    Unlike the share plus or minus 1.96 standard errors it keeps its coverage near 0 and 1, where most of the
    shares here lie, and never leaves [0, 1].

    Parameters
    ----------
    count
        Number of runs in which the event happened, any shape.
    runs
        Number of runs, at least 1; broadcast against `count`.
    level
        Nominal coverage.

    Returns
    -------
    low, high
        Bounds of the share, in the broadcast shape.

    Notes
    -----
    E. B. Wilson (1927), *Probable inference, the law of succession, and statistical inference*, JASA 22.

    Examples
    --------
    >>> low, high = wilson(0, 10)
    >>> float(low), round(float(high), 4)
    (0.0, 0.2775)
    """
    k, n = np.asarray(count, dtype=np.float64), np.asarray(runs, dtype=np.float64)
    z2 = normal_quantile(level) ** 2
    share = k / n
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = np.sqrt(z2 * (share * (1 - share) / n + z2 / (4 * n**2))) / (1 + z2 / n)
    # At the ends the bound is the share itself; rounding must not leave 1e-17 there.
    low = np.where(k == 0, 0.0, np.maximum(centre - half, 0.0))
    high = np.where(k == n, 1.0, np.minimum(centre + half, 1.0))
    return low, high


def mean_interval(moments: Moments, level: float = 0.95) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Mean of each group with its interval by the normal approximation.

    Parameters
    ----------
    moments
        Moments of one value per run, by group.
    level
        Nominal coverage.

    Returns
    -------
    mean, low, high
        In the unit of the values, shape (groups,); the bounds are NaN for a single run, whose spread is unknown.

    Examples
    --------
    >>> mean, low, high = mean_interval(Moments.of([1.0, 2.0, 3.0]))
    >>> float(mean[0]), round(float(low[0]), 3), round(float(high[0]), 3)
    (2.0, 0.868, 3.132)
    """
    mean = moments.mean()
    half = normal_quantile(level) * np.sqrt(moments.variance() / np.maximum(moments.count, 1))
    return mean, mean - half, mean + half


class PairedDifference(NamedTuple):
    """Difference of two shares on the same runs; every field is a number or an array of one shape."""

    difference: FloatArray
    low: FloatArray
    high: FloatArray
    variance_saved: FloatArray


def paired_difference(
    both: ArrayLike, only_first: ArrayLike, only_second: ArrayLike, pairs: ArrayLike, level: float = 0.95
) -> PairedDifference:
    """First share minus second share, on the same runs, with an interval that uses the pairing.

    The interval is the adjusted Wald interval of Bonett and Price. It rests on the discordant runs alone, which is
    what common random numbers make few; square-and-add intervals start from the two shares and stay wide there.
    One run is added to each of the two discordant cells, so that the interval has a width, and an honest one, even
    if no run is discordant.

    Parameters
    ----------
    both
        Runs in which the event happened in both scenarios, any shape.
    only_first, only_second
        Runs in which it happened in one of them only.
    pairs
        Number of runs.
    level
        Nominal coverage.

    Returns
    -------
    PairedDifference
        ``difference`` is the plain difference of the shares; ``variance_saved`` is 1 minus the variance of the paired
        difference over that of the same difference on independent runs: 1 if the runs agree wholly, negative
        if pairing hurts, NaN if neither share varies.

    Notes
    -----
    D. G. Bonett and R. M. Price (2012), *Adjusted Wald confidence interval for a difference of binomial proportions
    based on paired data*, Journal of Educational and Behavioral Statistics 37; recommended for use by
    M. W. Fagerland, S. Lydersen and P. Laake (2014), Statistics in Medicine 33.

    Examples
    --------
    >>> result = paired_difference(both=40, only_first=20, only_second=10, pairs=100)
    >>> [round(float(x), 4) for x in result]
    [0.1, -0.009, 0.2051, 0.4082]
    """
    a, b, c, n = (np.asarray(x, dtype=np.float64) for x in (both, only_first, only_second, pairs))
    difference = (b - c) / n

    first, second = (b + 1) / (n + 2), (c + 1) / (n + 2)
    half = normal_quantile(level) * np.sqrt((first + second - (first - second) ** 2) / (n + 2))
    low, high = np.maximum(first - second - half, -1.0), np.minimum(first - second + half, 1.0)

    p, q = (a + b) / n, (a + c) / n
    paired = (b + c) / n - difference**2
    unpaired = p * (1 - p) + q * (1 - q)
    varies = unpaired > 0
    saved: Any = np.where(varies, 1 - paired / np.where(varies, unpaired, 1.0), np.nan)
    return PairedDifference(difference, low, high, saved)
