"""An outcome at every point of a design, run by run, and how much of a point's mean is luck.

A point's mean over R runs is its expected outcome plus an error that is luck. What is squared or multiplied of such
means carries the luck along: the expectation of the product of two means is the product of what they estimate plus the
covariance of a run at the one with the same run at the other, over R. The products here leave out what a run has with
itself, so that luck cancels: whether points share their luck or not.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.outcomes import ScenarioDates, Table, frames_of
from sim.analysis.summary import OUTCOMES, Tally, outcome_of
from sim.arrays import FloatArray
from sim.draws import Draws
from sim.errors import UsageError, check_known

#: Replicates of a bootstrap.
REPLICATES = 400


class PointValues(NamedTuple):
    """An outcome at every point.

    Attributes
    ----------
    values
        One per point and run, 0 or 1 for an event, shape (points, runs).
    runs
        Numbers of these runs: those that failed at no point, shape (runs,).
    """

    values: FloatArray
    runs: NDArray[np.int64]


def check_outcome(outcome: str) -> str:
    """Return the name of an outcome, or refuse it.

    Raises
    ------
    UsageError
        If it is none of `sim.analysis.summary.OUTCOMES`.
    """
    return check_known("outcome", outcome, OUTCOMES)


def values_by_point(outcomes: Table, scenario: ScenarioDates, outcome: str, points: int) -> PointValues:
    """Return an outcome at every point of a design, run by run.

    Parameters
    ----------
    outcomes
        Outcomes table of a sweep, with the column ``point``.
    scenario
        The scenario, whose dates decide.
    outcome
        One of `sim.analysis.summary.OUTCOMES`.
    points
        Number of points.

    Raises
    ------
    UsageError
        The outcome is unknown, the table is not one of a sweep, or fewer than two runs are there at all points.
    """
    check_outcome(outcome)
    if isinstance(outcomes, pd.DataFrame) and "point" not in outcomes.columns:
        raise UsageError("these outcomes are not those of a sweep: they have no column 'point'")
    parts = []
    for rows in frames_of(outcomes, scenario.name, ["point", *Tally.COLUMNS]):
        place = rows["point"].to_numpy(dtype=np.int64), rows.index.to_numpy(dtype=np.int64)
        parts.append((*place, outcome_of(rows, scenario, outcome)))
    point, run, value = (np.concatenate([part[k] for part in parts]) for k in range(3))
    runs, column = np.unique(run, return_inverse=True)
    values = np.full((points, len(runs)), np.nan)
    values[point, column] = value
    whole = ~np.isnan(values).any(axis=0)
    if whole.sum() < 2:
        raise UsageError(
            f"only {int(whole.sum())} run of every point is there; luck cannot be told from what points do with fewer "
            "than two runs of each"
        )
    return PointValues(values[:, whole], runs[whole])


def product_without_luck(first: FloatArray, second: FloatArray) -> FloatArray:
    """Product of two expectations, estimated from runs without what luck adds.

    It is the mean of the products of every run of the one with every *other* run of the other.

    Parameters
    ----------
    first, second
        Values by run, shape (..., runs), the same run in the same place.

    Returns
    -------
    NDArray
        Shape (...); unbiased if runs are independent of each other, and negative at times where the truth is near 0.

    Notes
    -----
    A U-statistic of order two: W. Hoeffding (1948), *A class of statistics with asymptotically normal distribution*,
    Annals of Mathematical Statistics 19.

    Examples
    --------
    >>> float(product_without_luck(np.array([1.0, 3.0]), np.array([1.0, 3.0])))
    3.0
    """
    runs = first.shape[-1]
    together = first.sum(axis=-1) * second.sum(axis=-1) - (first * second).sum(axis=-1)
    return np.asarray(together / (runs * (runs - 1)), dtype=np.float64)


class Resampling(NamedTuple):
    """How often every row and every run is taken in each replicate of a bootstrap.

    Attributes
    ----------
    rows
        Shape (replicates, rows).
    runs
        Shape (replicates, runs); all 1 if every point has luck of its own, which goes with its row.
    """

    rows: FloatArray
    runs: FloatArray

    def product(self, first: FloatArray, second: FloatArray) -> FloatArray:
        """Return, by replicate, the mean over rows of `product_without_luck`, shape (replicates,).

        Parameters
        ----------
        first, second
            Shape (rows, runs).
        """
        sums = first @ self.runs.T
        apart = sums * (sums if second is first else second @ self.runs.T) - (first * second) @ (self.runs**2).T
        means = np.einsum("br,rb->b", self.rows, apart) / (self._pairs() * self.rows.shape[1])
        return np.asarray(means, dtype=np.float64)

    def product_of_means(self, values: FloatArray) -> FloatArray:
        """Return, by replicate, the square without luck of the mean over rows, shape (replicates,).

        Parameters
        ----------
        values
            Shape (rows, runs).
        """
        mean = self.rows @ values / self.rows.shape[1]
        apart = (self.runs * mean).sum(axis=1) ** 2 - (self.runs**2 * mean**2).sum(axis=1)
        return np.asarray(apart / self._pairs(), dtype=np.float64)

    def mean(self, values: FloatArray) -> FloatArray:
        """Return, by replicate, the mean of values of shape (rows, runs), shape (replicates,)."""
        return np.asarray(np.einsum("br,rb->b", self.rows, values @ self.runs.T) / values.size, dtype=np.float64)

    def _pairs(self) -> FloatArray:
        """Pairs of different runs, by replicate."""
        return np.asarray(self.runs.sum(axis=1) ** 2 - (self.runs**2).sum(axis=1), dtype=np.float64)


def resampling(rows: int, runs: int, *, shared: bool, seed: int, name: str) -> Resampling:
    """Draw a bootstrap of rows and, where luck is shared by all of them, of runs.

    Where all rows meet the same luck, errors do not average out over rows, so runs are drawn anew as well.

    Parameters
    ----------
    rows, runs
        Numbers of them.
    shared
        Whether the same run has the same luck in every row.
    seed
        Seed of the experiment.
    name
        Name of the stream, so that the draws are nobody else's.

    Notes
    -----
    With both drawn anew this is the pigeonhole bootstrap of A. B. Owen (2007), *The pigeonhole bootstrap*, Annals of
    Applied Statistics 1; it errs on the wide side.
    """
    source = np.random.default_rng(int(Draws(seed, 1).uniform(f"bootstrap: {name}")[0] * 2**53))
    drawn = source.multinomial(rows, np.full(rows, 1 / rows), size=REPLICATES).astype(np.float64)
    if not shared:
        return Resampling(drawn, np.ones((REPLICATES, runs)))
    times = source.multinomial(runs, np.full(runs, 1 / runs), size=REPLICATES)
    while (alone := times.max(axis=1) == runs).any():  # of one run alone there is no pair
        times[alone] = source.multinomial(runs, np.full(runs, 1 / runs), size=int(alone.sum()))
    return Resampling(drawn, times.astype(np.float64))


def bounds(replicates: FloatArray, level: float = 0.95) -> tuple[float, float]:
    """Return the percentile interval of replicates."""
    low, high = np.quantile(replicates, [0.5 - level / 2, 0.5 + level / 2])
    return float(low), float(high)
