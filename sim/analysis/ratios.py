"""Ratios of two sums over runs, such as a share of weeks, with intervals by run.

The weeks of a run hang together, so that a share of weeks is not a share of independent trials: what is independent
are the runs. Both estimators here take the run as the unit.
"""

from __future__ import annotations

import numpy as np

from sim.analysis.intervals import normal_quantile, wilson
from sim.analysis.moments import ExactSums
from sim.arrays import FloatArray


class Ratio:
    """The sum of a number over runs, divided by the sum of another; values are added in any parts and any order.

    Notes
    -----
    The variance is that of the ratio estimator (Cochran 1977, *Sampling Techniques*, section 6.3),
    n / (n - 1) * sum((y - r x)^2) / sum(x)^2, n being the number of runs in which x is not zero.

    Examples
    --------
    >>> ratio = Ratio()
    >>> ratio.add(np.array([1.0, 3.0]), np.array([4.0, 4.0]))
    >>> ratio.value
    0.5
    """

    def __init__(self) -> None:
        self.runs = 0
        self._y, self._x, self._yy, self._xy, self._xx = (ExactSums(1) for _ in range(5))

    def add(self, numerator: FloatArray, denominator: FloatArray) -> None:
        """Add one pair of finite, non-negative numbers per run; the first is 0 where the second is."""
        self.runs += int(np.count_nonzero(denominator))
        self._y.add(numerator)
        self._x.add(denominator)
        self._yy.add(numerator * numerator)
        self._xy.add(numerator * denominator)
        self._xx.add(denominator * denominator)

    @property
    def value(self) -> float:
        """The ratio; NaN if no run has anything to divide by."""
        return float(self._y[0] / self._x[0]) if self._x[0] else float("nan")

    @property
    def variance(self) -> float:
        """Its sampling variance; NaN with fewer than two runs to take it from."""
        if self.runs < 2:
            return float("nan")
        ratio = self._y[0] / self._x[0]
        squares = self._yy[0] - 2 * ratio * self._xy[0] + ratio**2 * self._xx[0]
        # The squares were rounded one by one, so what should be nothing can come out a trifle below it.
        return max(float(squares / self._x[0] ** 2), 0.0) * self.runs / (self.runs - 1)

    def mean_interval(self, level: float = 0.95) -> tuple[float, float]:
        """Return bounds for a mean, by the normal approximation; NaN with fewer than two runs."""
        half = normal_quantile(level) * float(np.sqrt(self.variance))
        return self.value - half, self.value + half

    def share_interval(self, level: float = 0.95) -> tuple[float, float]:
        """Return bounds for a share, within 0 and 1; both ends if no run says anything.

        Notes
        -----
        Wilson's interval with the effective number of trials r (1 - r) / variance, which compares well among the
        intervals for shares from clustered samples (C. Franco, R. J. A. Little, T. A. Louis and E. V. Slud 2019,
        Journal of Survey Statistics and Methodology 7). Where no variance can be seen, every run is one trial.
        """
        if not self.runs:
            return 0.0, 1.0
        share, variance = self.value, self.variance
        seen = variance > 0 and 0 < share < 1  # false also of NaN
        trials = share * (1 - share) / variance if seen else float(self.runs)
        low, high = wilson(share * trials, trials, level)
        return float(low), float(high)
