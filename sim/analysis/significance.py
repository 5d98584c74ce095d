"""Whether a difference can be told from none: p-values, many of them at once, and what could have been found.

As in `sim.analysis.intervals` all of it is about the finite number of runs, never about the world.
"""

from __future__ import annotations

from math import erfc, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from sim.arrays import FloatArray

#: Chance of calling a difference real that is none, and of finding one of the size said to be detectable.
LEVEL, POWER = 0.05, 0.80

_Z_LEVEL = NormalDist().inv_cdf(1 - LEVEL / 2)
_Z_POWER = NormalDist().inv_cdf(POWER)


def normal_p_value(difference: float, error: float) -> float:
    """Two-sided p-value of a difference that is normal with this standard error.

    Without any error it is 1 for no difference and 0 for one.

    Examples
    --------
    >>> round(normal_p_value(1.96, 1.0), 3)
    0.05
    """
    if error == 0:
        return 1.0 if difference == 0 else 0.0
    return erfc(abs(difference) / (error * sqrt(2)))


def holm(p_values: ArrayLike) -> FloatArray:
    """Adjust p-values for being several, by Holm's step-down method.

    Those of at most 0.05 afterwards are found with at most 5 % chance of a single false one among them, however the
    tests hang together; and they do here, because all scenarios are compared with the same runs of the baseline.

    Parameters
    ----------
    p_values
        Shape (tests,); NaN is no test, and stays NaN.

    Returns
    -------
    NDArray
        Adjusted p-values in the same order.

    Notes
    -----
    S. Holm (1979), *A simple sequentially rejective multiple test procedure*, Scandinavian Journal of Statistics 6.

    Examples
    --------
    >>> [round(float(p), 3) for p in holm([0.01, 0.04, 0.03])]
    [0.03, 0.06, 0.06]
    """
    values = np.asarray(p_values, dtype=np.float64)
    adjusted = np.full(values.shape, np.nan)
    tests = np.flatnonzero(~np.isnan(values))
    order = tests[np.argsort(values[tests], kind="stable")]
    remaining = np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(remaining * values[order]), 1.0)
    return adjusted


def detectable_mean(error: float) -> float:
    """Smallest difference that as many runs would find with power `POWER` at level `LEVEL`.

    Parameters
    ----------
    error
        Standard error of the difference, in its unit.

    Returns
    -------
    float
        (1.960 + 0.842) standard errors, in the same unit; of a single comparison, not adjusted for several.

    Examples
    --------
    >>> round(detectable_mean(1.0), 3)
    2.802
    """
    return (_Z_LEVEL + _Z_POWER) * error


def detectable_share(discordant: int, pairs: int) -> float:
    """Smallest difference of two shares on the same runs that as many runs would find with power `POWER`.

    Connor's sample size of McNemar's test, N = (z_a √ψ + z_b √(ψ − δ²))² / δ², solved for the difference δ; the
    discordance ψ is that of the runs, with one added to each discordant cell as for the interval. Where so few runs are
    discordant that even all of them on one side would not do, ψ is taken to be δ itself.

    Parameters
    ----------
    discordant
        Runs in which the event happened in one of the two only.
    pairs
        Number of runs.

    Returns
    -------
    float
        A share of runs, at most 1; of a single comparison at level `LEVEL`, not adjusted for several.

    Notes
    -----
    R. J. Connor (1987), *Sample size for testing differences in proportions for the paired-sample design*, Biometrics
    43. Solving it for δ gives δ = √ψ · (z_a √N + z_b √(N − z_a² + z_b²)) / (N + z_b²).

    Examples
    --------
    >>> round(detectable_share(discordant=200, pairs=2000), 4)
    0.0199
    """
    n, a, b = float(pairs), _Z_LEVEL, _Z_POWER
    if n <= a**2:
        return 1.0  # not even if all runs differed, and all in one direction
    share = (discordant + 2) / (n + 2)
    found = sqrt(share) * (a * sqrt(n) + b * sqrt(n - a**2 + b**2)) / (n + b**2)
    if found <= share:
        return found
    # With ψ = δ and u = √(1 − δ): (z_a + z_b u)² = N (1 − u²), a quadratic in u.
    u = (-a * b + sqrt((a * b) ** 2 + (b**2 + n) * (n - a**2))) / (b**2 + n)
    return 1 - u**2
