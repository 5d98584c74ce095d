"""Which uncertain parameters an outcome may depend on at all: the screening of Morris, for a fraction of the runs.

One parameter after the other is moved by half of its law, along paths through the space of all. The mean of the
absolute effects says how much it can do, their spread how much that depends on where the others stand. Effects of means
over runs carry luck: beside each stands the effect that luck alone would show.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import pi, sqrt

import numpy as np
import pandas as pd

from sim.analysis.outcomes import Column
from sim.analysis.points import bounds, resampling
from sim.analysis.sensitivity import MOST_ROWS, PLACEBO, luck_between, problem_of, salib, source_of
from sim.arrays import FloatArray
from sim.errors import UsageError, whole_number

#: Levels of every input: the middles of four equally likely parts of its law.
LEVELS = 4

_UNIT = "that of the outcome"

#: The screening table, column by column, in its order.
COLUMNS: dict[str, Column] = {
    "parameter": Column("name", "dotted name of the parameter; `placebo` reaches nothing in the model"),
    "mean_effect": Column(_UNIT, "mean change if the parameter alone rises by half of its law"),
    "mean_effect_low": Column(_UNIT, "lower bound of the 95 % interval of mean_effect"),
    "mean_effect_high": Column(_UNIT, "upper bound of the 95 % interval of mean_effect"),
    "absolute_effect": Column(_UNIT, "mean of the absolute changes (Morris's mu*)"),
    "absolute_effect_low": Column(_UNIT, "lower bound of its 95 % interval over paths (SALib's)"),
    "absolute_effect_high": Column(_UNIT, "upper bound of the same"),
    "luck_alone": Column(_UNIT, "absolute_effect that a parameter without effect would show"),
    "spread": Column(_UNIT, "standard deviation of the changes between paths (Morris's sigma), luck included"),
    "distinguishable": Column(
        "true or false",
        "by 95 % intervals, the mean effect is not 0, or the mean square without luck above the placebo",
    ),
    "luck_share": Column("share of variance", "share of luck in the variance of the means between points"),
    "luck_shared": Column("share of variance", "of the luck in a point's mean, what all points share"),
    "rows": Column("count", "paths: each has one point per input and one more"),
    "points": Column("count", "points"),
    "runs": Column("count", "runs of every point"),
}


def morris_points(names: Sequence[str], rows: int, seed: int = 1) -> FloatArray:
    """Return paths on which one input after the other is moved, as levels from 0 to 1.

    Parameters
    ----------
    names
        Names of the inputs.
    rows
        Number of paths.
    seed
        Seed.

    Returns
    -------
    NDArray
        Levels, of 0, 1/3, 2/3 and 1, shape (rows * (names + 1), names); `quantiles_of` places them in a law.

    Raises
    ------
    UsageError
        If SALib is not installed.
    """
    rows = whole_number("sample", rows, lowest=4, highest=MOST_ROWS)
    sample = salib("sample.morris").sample
    found = sample(problem_of(names), rows, num_levels=LEVELS, seed=source_of(seed, "morris"))
    return np.asarray(found, dtype=np.float64)


def quantiles_of(levels: FloatArray) -> FloatArray:
    """Return the quantile of a law at which each level lies: the middle of its quarter, never an end.

    The ends of an unbounded law are no values that anybody holds likely.

    Examples
    --------
    >>> quantiles_of(np.array([0.0, 1.0])).tolist()
    [0.125, 0.875]
    """
    return np.asarray((np.rint(levels * (LEVELS - 1)) + 0.5) / LEVELS, dtype=np.float64)


def elementary_effects(
    levels: FloatArray, values: FloatArray, names: Sequence[str], *, shared: bool = True, seed: int = 1
) -> pd.DataFrame:
    """Elementary effects of every input, with intervals.

    Parameters
    ----------
    levels
        Points, from `morris_points`, shape (points, names).
    values
        The outcome at them, shape (points, runs), at least two runs.
    names
        Names of the inputs; one of them may be `PLACEBO`.
    shared
        The same run has the same luck at every point.
    seed
        Seed of the bootstrap.

    Returns
    -------
    DataFrame
        One row per input; `COLUMNS` names unit and meaning of each column.

    Raises
    ------
    UsageError
        The values are not those of such a design, or all are the same.

    Notes
    -----
    M. D. Morris (1991), *Factorial sampling plans for preliminary computational experiments*, Technometrics 33;
    F. Campolongo, J. Cariboni and A. Saltelli (2007) for the mean of absolute effects. An effect here is the change
    itself, not divided by the step. An effect of standard error e that is 0 in truth has a mean absolute value of
    e √(2/π).

    Examples
    --------
    >>> levels = morris_points(["much", "nothing"], 8)
    >>> table = elementary_effects(levels, np.repeat(levels[:, :1], 2, axis=1), ["much", "nothing"])
    >>> table["absolute_effect"].round(2).tolist()
    [0.67, 0.0]
    """
    inputs = len(names)
    if values.ndim != 2 or values.shape[1] < 2 or values.shape[0] != levels.shape[0] or levels.shape[1] != inputs:
        raise UsageError(
            f"effects of {inputs} inputs need as many values as there are points, of at least two runs, "
            f"not {values.shape} at {levels.shape}"
        )
    if np.ptp(values) == 0:
        raise UsageError(f"the outcome is {values.flat[0]:g} in every run of every point; nothing can matter for it")
    rows, runs = values.shape[0] // (inputs + 1), values.shape[1]
    analyse = salib("analyze.morris").analyze
    found = analyse(
        problem_of(names), levels, values.mean(axis=1), num_levels=LEVELS, num_resamples=1000,
        seed=source_of(seed, "morris intervals"),
    )  # fmt: skip
    step = LEVELS / (2 * (LEVELS - 1))  # SALib divides by it
    changes = _changes(levels, values, rows)
    again = resampling(rows, runs, shared=shared, seed=seed, name="morris")
    luck = luck_between(values)
    fixed = list(names).index(PLACEBO) if PLACEBO in names else None
    of_placebo = again.product(changes[fixed], changes[fixed]) if fixed is not None else 0.0
    records = []
    for k, name in enumerate(names):
        change = changes[k]
        low, high = bounds(again.mean(change))
        absolute, half = step * float(found["mu_star"][k]), step * float(found["mu_star_conf"][k])
        alone = sqrt(2 / pi) * float(np.sqrt(change.var(axis=1, ddof=1) / runs).mean())
        above = bounds(again.product(change, change) - of_placebo)[0] > 0
        told = k != fixed and (above or low > 0 or high < 0)
        records.append(
            (name, step * float(found["mu"][k]) + 0.0, low, high, absolute, max(absolute - half, 0.0), absolute + half,
             alone, step * float(found["sigma"][k]), told, luck.share, luck.shared)
        )  # fmt: skip
    table = pd.DataFrame(records, columns=[name for name in COLUMNS if name not in ("rows", "points", "runs")])
    return table.assign(rows=rows, points=values.shape[0], runs=runs)


def _changes(levels: FloatArray, values: FloatArray, rows: int) -> FloatArray:
    """Return the change of the outcome as each input rises, run by run, shape (inputs, rows, runs)."""
    moved = np.diff(levels.reshape(rows, -1, levels.shape[1]), axis=1)
    which = np.abs(moved).argmax(axis=2)
    rises = np.sign(np.take_along_axis(moved, which[..., None], axis=2))
    changes = rises * np.diff(values.reshape(rows, -1, values.shape[1]), axis=1)
    order = np.argsort(which, axis=1)  # every input is moved once on every path
    return np.ascontiguousarray(np.take_along_axis(changes, order[..., None], axis=1).swapaxes(0, 1))
