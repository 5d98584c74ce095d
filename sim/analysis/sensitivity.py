"""Which uncertain parameters an outcome depends on: Sobol indices of the expected outcome at a point.

The first-order index of a parameter is the share of the variance between points that would go if it alone became known,
on average; the total index the share that would be left if all others did. Their difference is what it does together
with others. Points lie in the design of Saltelli, made by SALib, with one more column, the *placebo*, that reaches
nothing in the model.

An outcome at a point is a mean over runs, so it is known up to luck. Indices of such means count luck as if parameters
had made it. Here every product of means leaves out what a run has with itself (`sim.analysis.points`), so that the
indices are those of the expected outcome; SALib's, of the means as they are, stand beside them.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.analysis.outcomes import Column
from sim.analysis.points import bounds, product_without_luck, resampling
from sim.arrays import FloatArray
from sim.draws import Draws
from sim.errors import UsageError, whole_number

#: Name of the input that reaches nothing.
PLACEBO = "placebo"

#: Rows of a design, at most.
MOST_ROWS = 2**16

_SHARE = "share of variance"

#: The sensitivity table, column by column, in its order.
COLUMNS: dict[str, Column] = {
    "parameter": Column("name", "dotted name of the parameter; `placebo` reaches nothing in the model"),
    "first_order": Column(_SHARE, "what would go of the variance if this parameter alone became known"),
    "first_order_low": Column(_SHARE, "lower bound of the 95 % interval of first_order"),
    "first_order_high": Column(_SHARE, "upper bound of the 95 % interval of first_order"),
    "total": Column(_SHARE, "what would be left of the variance if all other parameters became known"),
    "total_low": Column(_SHARE, "lower bound of the 95 % interval of total"),
    "total_high": Column(_SHARE, "upper bound of the 95 % interval of total"),
    "distinguishable": Column("true or false", "the 95 % interval of the total less the placebo's lies above 0"),
    "first_order_of_means": Column(_SHARE, "SALib's estimate of first_order, luck included"),
    "total_of_means": Column(_SHARE, "SALib's estimate of total, luck included"),
    "variance": Column("that of the outcome, squared", "variance of the expected outcome between points"),
    "luck_variance": Column(
        "that of the outcome, squared", "what luck adds to it: variance of a point's mean, what all share left out"
    ),
    "luck_share": Column(_SHARE, "luck_variance over the variance of the means, which is both together"),
    "luck_shared": Column(_SHARE, "of the luck in a point's mean, what all points share and none differs by"),
    "rows": Column("count", "rows of the design: each has one point per input and two more"),
    "points": Column("count", "points"),
    "runs": Column("count", "runs of every point"),
}


class Luck(NamedTuple):
    """How much of what points differ by is luck.

    Attributes
    ----------
    between
        Variance of the expected outcome between points.
    luck
        What luck adds to the variance of the means.
    share
        ``luck`` over the variance of the means.
    shared
        Of the luck in the mean of a point, the share that all points have in common.
    """

    between: float
    luck: float
    share: float
    shared: float


def salib(module: str) -> ModuleType:
    """Return a module of SALib.

    Raises
    ------
    UsageError
        If SALib is not installed.
    """
    from importlib import import_module

    try:
        return import_module(f"SALib.{module}")
    except ImportError:
        raise UsageError("this needs SALib, which is not installed: pip install 'truce-sim[analysis]'") from None


def problem_of(names: Sequence[str]) -> dict[str, Any]:
    """Return the problem of SALib whose inputs lie in the unit cube."""
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


def source_of(seed: int, name: str) -> np.random.Generator:
    """Return a generator for SALib, driven by a stream of its own."""
    return np.random.default_rng(int(Draws(seed, 1).uniform(f"sensitivity: {name}")[0] * 2**53))


def sobol_points(names: Sequence[str], rows: int, seed: int = 1) -> FloatArray:
    """Return the design of Saltelli: per row the point A, then A with each input in turn taken from B, then B.

    Parameters
    ----------
    names
        Names of the inputs.
    rows
        Number of rows, a power of two.
    seed
        Seed.

    Returns
    -------
    NDArray
        Quantiles, 0-1, shape (rows * (names + 2), names).

    Raises
    ------
    UsageError
        If the number of rows is no power of two, or SALib is not installed.
    """
    rows = whole_number("sample", rows, lowest=4, highest=MOST_ROWS)
    if rows & (rows - 1):
        lower = 1 << (rows.bit_length() - 1)
        raise UsageError(f"sample must be a power of two for Sobol indices, such as {lower} or {2 * lower}, not {rows}")
    sample = salib("sample.sobol").sample
    source = source_of(seed, "sobol")
    return np.asarray(sample(problem_of(names), rows, calc_second_order=False, seed=source), dtype=np.float64)


def luck_between(values: FloatArray) -> Luck:
    """Return how much of what points differ by is luck.

    Parameters
    ----------
    values
        The outcome, shape (points, runs).

    Notes
    -----
    The variance of a point's mean over R runs is s²/R, s² being the variance of its runs. Where points share luck, a
    part of it moves all of them alike: the variance of their common mean. Points do not differ by that part.

    Examples
    --------
    >>> luck = luck_between(np.array([[0.0, 1.0], [1.0, 2.0]]))  # all luck is shared
    >>> luck.luck, luck.shared
    (0.0, 1.0)
    """
    runs = values.shape[1]
    alone = float(values.var(axis=1, ddof=1).mean()) / runs
    common = float(values.mean(axis=0).var(ddof=1)) / runs
    seen = float(values.mean(axis=1).var())
    luck = alone - common
    return Luck(seen - luck, luck, luck / seen if seen > 0 else 0.0, common / alone if alone > 0 else 0.0)


def sobol_indices(values: FloatArray, names: Sequence[str], *, shared: bool = True, seed: int = 1) -> pd.DataFrame:
    """Sobol indices of the expected outcome, with intervals.

    Parameters
    ----------
    values
        The outcome at the points of `sobol_points`, shape (points, runs), at least two runs.
    names
        Names of the inputs; one of them may be `PLACEBO`.
    shared
        The same run has the same luck at every point. Intervals then come from rows and runs drawn anew, otherwise from
        rows.
    seed
        Seed of the bootstrap.

    Returns
    -------
    DataFrame
        One row per input; `COLUMNS` names unit and meaning of each column. Estimates may lie a little below 0 or above
        1: they are not cut off, so that their errors cancel. If the variance between points cannot be told from luck,
        intervals reach from 0 to 1 and nothing is distinguishable.

    Raises
    ------
    UsageError
        The values are not those of such a design, all are the same, or points differ by no more than luck.

    Notes
    -----
    Estimators of A. Saltelli and others (2010), *Variance based sensitivity analysis of model output*, Computer Physics
    Communications 181: first order mean(B (AB - A)), total mean((A - AB)²) / 2 (Jansen), over the variance of A and B.

    Examples
    --------
    >>> points = sobol_points(["much", "nothing"], 256)
    >>> table = sobol_indices(np.repeat(points[:, :1], 2, axis=1), ["much", "nothing"])
    >>> table["total"].round(2).tolist()
    [1.0, 0.0]
    """
    inputs = len(names)
    if values.ndim != 2 or values.shape[1] < 2 or values.shape[0] % (inputs + 2) or values.shape[0] < 4 * (inputs + 2):
        raise UsageError(
            f"Sobol indices of {inputs} inputs need values of shape (rows * {inputs + 2}, runs), at least four rows "
            f"and two runs, not {values.shape}"
        )
    if np.ptp(values) == 0:
        raise UsageError(f"the outcome is {values.flat[0]:g} in every run of every point; nothing can matter for it")
    rows, runs = values.shape[0] // (inputs + 2), values.shape[1]
    plain = _of_means(values.mean(axis=1), names)
    # Indices do not change if every run is moved as a whole; errors shrink.
    cube = (values - values.mean(axis=0)).reshape(rows, inputs + 2, runs)
    first, last = cube[:, 0], cube[:, -1]
    both = (first + last) / 2
    raw = values.reshape(rows, inputs + 2, runs)
    luck = luck_between(np.concatenate([raw[:, 0], raw[:, -1]]))
    variance = luck.between
    if variance <= 0:
        raise UsageError(
            f"points differ by no more than luck with {runs:,} runs each; more runs of every point may tell them apart"
        )
    again = resampling(rows, runs, shared=shared, seed=seed, name="sobol")
    variances = (again.product(first, first) + again.product(last, last)) / 2 - again.product_of_means(both)
    told = bounds(variances)[0] > 0
    fixed = list(names).index(PLACEBO) if PLACEBO in names else None
    total_of_placebo = _total_again(again, first, cube[:, fixed + 1]) if fixed is not None else np.zeros(len(variances))
    records = []
    for k, name in enumerate(names):
        changed = cube[:, k + 1]
        parts = float(product_without_luck(last, changed - first).mean()), _total(first, changed)
        totals = _total_again(again, first, changed)
        ranges = [(0.0, 1.0)] * 2
        if told:
            ranges = [bounds(part / variances) for part in (again.product(last, changed - first), totals)]
        above = told and k != fixed and bounds(totals - total_of_placebo)[0] > 0
        indices = [(part / variance + 0.0, *reach) for part, reach in zip(parts, ranges, strict=True)]
        records.append((name, *indices[0], *indices[1], above, *plain[k], variance, luck.luck, luck.share, luck.shared))
    table = pd.DataFrame(records, columns=[name for name in COLUMNS if name not in ("rows", "points", "runs")])
    return table.assign(rows=rows, points=values.shape[0], runs=runs)


def _total(first: FloatArray, changed: FloatArray) -> float:
    change = first - changed
    return float(product_without_luck(change, change).mean()) / 2


def _total_again(again: Any, first: FloatArray, changed: FloatArray) -> FloatArray:
    change = first - changed
    return np.asarray(again.product(change, change) / 2, dtype=np.float64)


def _of_means(means: FloatArray, names: Sequence[str]) -> list[tuple[float, float]]:
    """Return SALib's first-order and total index of every input, of the means as they are."""
    if np.ptp(means) == 0:
        return [(0.0, 0.0)] * len(names)
    analyse = salib("analyze.sobol").analyze
    found = analyse(problem_of(names), means, calc_second_order=False, num_resamples=2, seed=1)  # intervals are ours
    return list(zip(map(float, found["S1"]), map(float, found["ST"]), strict=True))
