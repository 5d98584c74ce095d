"""Sums of many numbers that come in parts: exact, so that neither the order nor the size of the parts can show.

A batch of a million runs is read part by part. Added up in floating point, its means would differ in their last digits
with the cut into parts; here every number is added as the whole multiple of a power of two that it is.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from sim.arrays import FloatArray

_DIGITS = 53  # binary digits of a float64
_LOWEST = 1074 + _DIGITS  # every float64, split off its mantissa, is a whole multiple of 2**-_LOWEST
_HALF = 27  # a mantissa is added up in two parts, each small enough for sums in float64 to stay whole
_SPLITTER = 2.0**_HALF + 1


class ExactSums:
    """Sums of float64 numbers by group, without any rounding before the end.

    Parameters
    ----------
    groups
        Number of groups.

    Examples
    --------
    >>> sums = ExactSums(groups=1)
    >>> sums.add(np.array([1e16, 1.0]))
    >>> sums.add(np.array([-1e16]))
    >>> float(sums[0])
    1.0
    """

    def __init__(self, groups: int) -> None:
        self._totals = [0] * groups

    def add(self, values: FloatArray, group: NDArray[np.intp] | None = None) -> None:
        """Add finite numbers, each to its group; without groups all to the first."""
        group = np.zeros(len(values), dtype=np.intp) if group is None else group
        mantissas, exponents = np.frexp(values)
        whole = np.ldexp(mantissas, _DIGITS).astype(np.int64)
        for exponent in np.unique(exponents):
            here = exponents == exponent
            upper, lower = (
                np.bincount(group[here], weights=part, minlength=len(self._totals))
                for part in (whole[here] >> _HALF, whole[here] & (2**_HALF - 1))
            )
            shift = int(exponent) - _DIGITS + _LOWEST
            for place in np.flatnonzero((upper != 0) | (lower != 0)):
                self._totals[place] += ((int(upper[place]) << _HALF) + int(lower[place])) << shift

    def __getitem__(self, group: int) -> Fraction:
        """Return the exact sum of a group."""
        return Fraction(self._totals[group], 1 << _LOWEST)


class Moments:
    """Number, mean and variance of values by group; values are added in any parts and any order.

    Squares must stay within float64, so values beyond about 1e±146 are none for it.

    Parameters
    ----------
    groups
        Number of groups.

    Examples
    --------
    >>> moments = Moments.of([1.0, 2.0, 3.0])
    >>> moments.mean().tolist(), moments.variance().tolist()
    ([2.0], [1.0])
    """

    def __init__(self, groups: int = 1) -> None:
        self.count: NDArray[np.int64] = np.zeros(groups, dtype=np.int64)
        self._sums, self._squares = ExactSums(groups), ExactSums(groups)

    @classmethod
    def of(cls, values: object) -> Moments:
        """Return the moments of one group of values."""
        moments = cls()
        moments.add(np.asarray(values, dtype=np.float64))
        return moments

    def add(self, values: FloatArray, group: NDArray[np.intp] | None = None) -> None:
        """Add finite values, each to its group; without groups all to the first."""
        group = np.zeros(len(values), dtype=np.intp) if group is None else group
        self.count += np.bincount(group, minlength=len(self.count))
        self._sums.add(values, group)
        square, rest = _exact_square(values)
        self._squares.add(square, group)
        self._squares.add(rest, group)

    def mean(self) -> FloatArray:
        """Return the mean of each group, shape (groups,); NaN for an empty one."""
        return np.array([float(self._sums[k] / n) if n else np.nan for k, n in enumerate(self.count.tolist())])

    def variance(self, ddof: int = 1) -> FloatArray:
        """Return the variance of each group, shape (groups,); NaN for a group of `ddof` values or fewer."""
        variances = np.full(len(self.count), np.nan)
        for k, n in enumerate(self.count.tolist()):
            if n > ddof:
                variances[k] = float((self._squares[k] - self._sums[k] ** 2 / n) / (n - ddof))
        return variances


def _exact_square(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return squares as rounded, and what rounding took off: together they are exact (T. J. Dekker 1971)."""
    square = values * values
    high = _SPLITTER * values
    high = high - (high - values)
    low = values - high
    return square, ((high * high - square) + 2 * high * low) + low * low
