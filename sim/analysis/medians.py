"""Two medians on the same runs: weeks are whole numbers, so pairs of weeks are counted, and the counts resampled."""

from __future__ import annotations

from math import ceil, floor, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.analysis.significance import LEVEL
from sim.analysis.summary import median_week
from sim.arrays import FloatArray
from sim.draws import Draws

#: Samples of the bootstrap. With this number the bounds of the interval are the 50th smallest and largest of them.
SAMPLES = 1999

_STREAM = "bootstrap of medians"
_CELLS = 1_000_000  # counts that are held at once while resampling
_FAR = 4.0  # √runs; in eight standard errors no sample ever was that far off


class Bootstrap(NamedTuple):
    """What resampling says of a difference of medians.

    Attributes
    ----------
    low, high
        95 % interval, weeks.
    error
        Standard error, weeks.
    p_value
        Two-sided, of no difference; at most 0.05 exactly if the interval excludes 0.
    variance_saved
        By how much pairing lowers the variance; NaN if neither median varies.
    """

    low: float
    high: float
    error: float
    p_value: float
    variance_saved: float


class MedianPairs:
    """How many runs had an event in week i of one scenario and in week j of the other.

    Parameters
    ----------
    last
        Last week that counts; what comes later, or never, counts as the week after it.

    Examples
    --------
    >>> pairs = MedianPairs(last=10)
    >>> pairs.add(np.array([1.0, 2.0, np.nan]), np.array([4.0, 5.0, 6.0]))
    >>> pairs.medians()
    (2.0, 5.0)
    """

    def __init__(self, last: int) -> None:
        self._joint = np.zeros((last + 2, last + 2), dtype=np.int64)

    @property
    def count(self) -> int:
        """Number of pairs."""
        return int(self._joint.sum())

    @property
    def same(self) -> bool:
        """Whether every run had it in the same week of both, or in neither."""
        return self.count == int(np.trace(self._joint))

    def add(self, first: FloatArray, second: FloatArray) -> None:
        """Count weeks of runs, NaN for never, each of shape (runs,)."""
        never = len(self._joint) - 1
        places = (np.where(weeks < never, weeks, never).astype(np.intp) for weeks in (first, second))
        np.add.at(self._joint, tuple(places), 1)

    def medians(self) -> tuple[float, float]:
        """Return the first week by which half of the runs had it, in each; NaN if fewer ever had."""
        runs = self.count
        first, second = (median_week(self._joint.sum(axis=axis)[:-1].cumsum(), runs) for axis in (1, 0))
        return first, second

    def bootstrap(self) -> Bootstrap:
        """Resample the pairs `SAMPLES` times, always by the same stream of random numbers.

        In a sample in which half of the runs never have the event, the median counts as the week after the last.

        Notes
        -----
        B. Efron and R. J. Tibshirani (1993), *An Introduction to the Bootstrap*, chapter 13: the percentile interval.
        """
        medians = self._resampled()
        change = np.sort(medians[:, 0] - medians[:, 1])
        outer = round(LEVEL / 2 * (SAMPLES + 1))
        at_most, at_least = int((change <= 0).sum()), int((change >= 0).sum())
        own, paired = medians.var(axis=0, ddof=1).sum(), change.var(ddof=1)
        return Bootstrap(
            float(change[outer - 1]), float(change[-outer]), sqrt(paired),
            min(1.0, 2 * (min(at_most, at_least) + 1) / (SAMPLES + 1)),
            round(float(1 - paired / own), 12) + 0.0 if own > 0 else float("nan"),
        )  # fmt: skip

    def _resampled(self) -> FloatArray:
        """Return the two medians of each sample, shape (samples, 2)."""
        runs = self.count
        (from_i, to_i), (from_j, to_j) = (self._window(axis) for axis in (1, 0))
        i, j = np.nonzero(self._joint)
        # Where the median cannot come to lie, weeks need not be told apart: few cells are left, however many runs.
        weeks = np.clip(i, from_i, to_i) - from_i, np.clip(j, from_j, to_j) - from_j
        small = np.zeros((to_i - from_i + 1, to_j - from_j + 1), dtype=np.int64)
        np.add.at(small, weeks, self._joint[i, j])
        rows, columns = np.nonzero(small)
        shares = small[rows, columns] / runs
        seed = int(Draws(0, 1).uniform(_STREAM)[0] * 2**53)
        rng = np.random.default_rng(seed)
        at_once, medians = max(1, _CELLS // len(shares)), []
        for start in range(0, SAMPLES, at_once):
            counts = rng.multinomial(runs, shares, size=min(at_once, SAMPLES - start))
            both = [
                _medians(counts, place, size, runs) + first
                for place, size, first in ((rows, small.shape[0], from_i), (columns, small.shape[1], from_j))
            ]
            medians.append(np.stack(both, axis=1))
        return np.concatenate(medians).astype(np.float64)

    def _window(self, axis: int) -> tuple[int, int]:
        """Return the first and the last week that can be the median of a sample."""
        begun, runs = self._joint.sum(axis=axis).cumsum(), self.count
        reach = _FAR * sqrt(runs)
        first = int(np.searchsorted(begun, ceil(runs / 2 - reach)))
        last = int(np.searchsorted(begun, min(floor(runs / 2 + reach) + 1, runs)))
        return first, last


def _medians(counts: NDArray[np.int64], place: NDArray[np.intp], size: int, runs: int) -> NDArray[np.intp]:
    """Return the median place of each sample; counts of shape (samples, cells), the places of the cells of (cells,)."""
    by_place = counts @ (place[:, None] == np.arange(size)).astype(np.int64)
    begun: NDArray[np.int64] = by_place.cumsum(axis=1)
    return np.asarray((2 * begun >= runs).argmax(axis=1), dtype=np.intp)
