"""In which region of the parameters an event happens often: boxes found on one half of the runs, judged on the other.

A regression tree (CART) splits the runs by one parameter after the other. Its leaves are boxes that do not overlap;
those in which the event is more frequent than elsewhere are what is reported. A tree finds boxes in noise, too, and
praises those it finds, so it is pruned by cross-validation and every number is that of runs that it has not seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import inf, isfinite, nan
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.intervals import wilson
from sim.analysis.outcomes import Column
from sim.arrays import BoolArray, FloatArray
from sim.draws import Draws
from sim.errors import UsageError, whole_number

#: Conditions of a box and leaves of a tree, at most: what people can still read.
DEPTH, LEAVES = 3, 8

#: Smallest part of the runs that is a box, and fewest runs in which the event has to happen, and not to.
SMALLEST, FEWEST = 0.05, 20

#: Points from which on those of a design are a sample, of which a half is kept for judging.
SAMPLE_POINTS = 32

_FOLDS = 5

#: The table of boxes, column by column, in its order: one row per box and condition.
COLUMNS: dict[str, Column] = {
    "box": Column("number", "number of the box, from 1, by falling density where it was found; 0 is all runs"),
    "region": Column("text", "all conditions of the box"),
    "parameter": Column("name", "dotted name of the parameter of this condition; empty for all runs"),
    "above": Column("that of the parameter", "its value lies above this; NaN if there is no such bound"),
    "at_most": Column("that of the parameter", "its value is this at most; NaN if there is no such bound"),
    "runs": Column("count", "runs in the box, of those kept for judging"),
    "events": Column("count", "of these, runs in which the event happened"),
    "density": Column("share of runs", "events over runs"),
    "density_low": Column("share of runs", "lower bound of the 95 % interval of the density"),
    "density_high": Column("share of runs", "upper bound of the 95 % interval of the density"),
    "coverage": Column("share of events", "of all events, those in the box"),
    "share_of_runs": Column("share of runs", "of all runs, those in the box"),
    "density_found": Column("share of runs", "density among the runs on which the box was found: flattering"),
    "distinguishable": Column("true or false", "the interval of the density lies above the density of all runs"),
}


class Limits(NamedTuple):
    """Bounds of one parameter: above the first, at most the second."""

    above: float = -inf
    at_most: float = inf


Box = dict[str, Limits]


def find_boxes(
    values: pd.DataFrame,
    happened: BoolArray,
    runs: NDArray[np.int64],
    points: NDArray[np.int64] | None = None,
    *,
    most_boxes: int = 3,
    seed: int = 1,
) -> pd.DataFrame:
    """Find boxes of parameters in which an event is more frequent than elsewhere.

    Runs of even number find, runs of odd number judge. Of a design with `SAMPLE_POINTS` points or more, half of the
    points find and the others judge, too: its points are a sample, and the box has to hold for points that are none of
    them. The points of a smaller one are taken as they are.

    Parameters
    ----------
    values
        Values of the parameters, a column for each, one row per run.
    happened
        Whether the event happened, shape (rows,).
    runs
        Numbers of the runs, shape (rows,).
    points
        Points of the design that they belong to, shape (rows,); None without one.
    most_boxes
        Boxes that are reported, at most.
    seed
        Seed of folds and of the points kept for judging.

    Returns
    -------
    DataFrame
        All runs as box 0, then one row per box and condition; `COLUMNS` names unit and meaning of each column. If
        nothing but box 0 is there, no region stands out.

    Raises
    ------
    UsageError
        scikit-learn is not installed, no parameter varies, or the event happens in too few or too many runs.

    Notes
    -----
    L. Breiman, J. Friedman, R. Olshen and C. Stone (1984), *Classification and Regression Trees*, with their rule of
    one standard error; coverage and density after B. P. Bryant and R. J. Lempert (2010), *Thinking inside the box*,
    Technological Forecasting and Social Change 77. The interval is Wilson's for as many runs as would tell as much if
    they were independent: runs of one number share their luck at all points, and runs of one point its values.

    Examples
    --------
    >>> source = np.random.default_rng(1)
    >>> values = pd.DataFrame({"a": source.random(4000), "b": source.random(4000)})
    >>> happened = source.random(4000) < np.where(values["a"] > 0.7, 0.6, 0.1)
    >>> table = find_boxes(values, happened, np.arange(4000))
    >>> table["box"].tolist(), round(float(table["above"].iloc[1]), 1)
    ([0, 1], 0.7)
    """
    most_boxes = whole_number("the most boxes", most_boxes, lowest=1)
    names = [str(name) for name in values.columns if values[name].min() < values[name].max()]
    if not names:
        raise UsageError("no parameter varies from run to run, so there are no regions to tell apart")
    finds = runs % 2 == 0
    judges, held_out = ~finds, False
    if points is not None and (count := int(points.max()) + 1) >= SAMPLE_POINTS:
        chosen = Draws(seed, count).uniform("discovery: points").argsort() < count // 2
        finds, judges, held_out = finds & chosen[points], judges & ~chosen[points], True
    for half in (finds, judges):
        number, total = int(happened[half].sum()), int(half.sum())
        if min(number, total - number) < FEWEST:
            raise UsageError(
                f"the event happens in {number:,} of {total:,} runs of one half; {FEWEST} with and {FEWEST} without it "
                "are needed at least: take more runs"
            )
    table = values[names].to_numpy(dtype=np.float64)
    found = _leaves(table[finds], happened[finds].astype(np.float64), runs[finds], names, seed)
    share = float(happened[finds].mean())
    dense = sorted(((density, box) for density, box in found if density > share and box), key=lambda pair: -pair[0])
    clusters = [runs[judges]] if points is not None else []
    if held_out and points is not None:
        clusters.append(points[judges])
    judged, events = values[names][judges], happened[judges]
    records = [_judged(0, {}, judged, events, clusters, share)]
    for number, (density, box) in enumerate(dense[:most_boxes], start=1):
        records += [_judged(number, box, judged, events, clusters, density)]
    return _table(records)


def within(values: pd.DataFrame, box: Mapping[str, Limits]) -> BoolArray:
    """Return which rows lie in a box, shape (rows,)."""
    inside = np.ones(len(values), dtype=bool)
    for name, (above, at_most) in box.items():
        column = values[name].to_numpy(dtype=np.float64)
        inside &= (column > above) & (column <= at_most)
    return inside


def region_of(box: Mapping[str, Limits]) -> str:
    """Return the conditions of a box in words.

    Examples
    --------
    >>> region_of({"russia.confidence": Limits(at_most=0.45), "table.precision": Limits(1, 2)})
    'russia.confidence <= 0.45 and 1 < table.precision <= 2'
    """
    return " and ".join(_condition(name, limits) for name, limits in box.items()) or "all runs"


def share_interval(happened: BoolArray, clusters: list[NDArray[np.int64]]) -> tuple[float, float]:
    """Return the 95 % interval of a share of runs that are independent only between clusters.

    Parameters
    ----------
    happened
        Shape (runs,), at least one.
    clusters
        Groups that each run belongs to, by none, one or two ways of grouping, each of shape (runs,).

    Notes
    -----
    Variance by the two-way formula of A. C. Cameron, J. B. Gelbach and D. L. Miller (2011), *Robust inference with
    multiway clustering*, Journal of Business & Economic Statistics 29, never less than that of independent runs.
    """
    runs, share = len(happened), float(happened.mean())
    rest = happened - share
    alone = float((rest**2).sum()) / runs**2
    ways = [float((np.bincount(cluster, weights=rest) ** 2).sum()) / runs**2 for cluster in clusters]
    variance = max([alone, *ways, *([sum(ways) - alone] if len(ways) > 1 else [])])
    groups = min([runs, *(len(np.unique(cluster)) for cluster in clusters)])
    worth = share * (1 - share) / variance if variance > 0 else groups
    low, high = wilson(share * worth, worth)
    return float(low), float(high)


def _leaves(
    table: FloatArray, event: FloatArray, runs: NDArray[np.int64], names: list[str], seed: int
) -> list[tuple[float, Box]]:
    """Return density and box of every leaf of the pruned tree."""
    try:
        from sklearn.tree import DecisionTreeRegressor
    except ImportError:
        raise UsageError(
            "this needs scikit-learn, which is not installed: pip install 'truce-sim[discovery]'"
        ) from None

    state = int(Draws(seed, 1).uniform("discovery: tree")[0] * 2**31)

    def grown(rows: Any, **pruned: float) -> Any:
        smallest = max(FEWEST, int(SMALLEST * len(table[rows])))
        tree = DecisionTreeRegressor(
            max_depth=DEPTH, max_leaf_nodes=LEAVES, min_samples_leaf=smallest, random_state=state, **pruned
        )
        return tree.fit(table[rows], event[rows])

    whole = slice(None)
    first = grown(whole).cost_complexity_pruning_path(table, event).ccp_alphas
    # Between two bends of the path the tree is the same; their geometric mean stands for it.
    penalties = np.append(np.sqrt(first[:-1] * first[1:]), first[-1]).clip(min=0)
    known, place = np.unique(runs, return_inverse=True)
    folds = min(_FOLDS, len(known))
    if folds < 2:
        raise UsageError("regions are judged on other runs than they are found on: take at least four runs of a point")
    fold = np.argsort(np.argsort(Draws(seed, int(known.max()) + 1).uniform("discovery: folds")[known])) % folds
    errors = np.empty((folds, len(penalties)))
    for number in range(folds):
        apart = fold[place] == number
        for k, penalty in enumerate(penalties):
            guessed = grown(~apart, ccp_alpha=float(penalty)).predict(table[apart])
            errors[number, k] = np.mean((event[apart] - guessed) ** 2)
    # Folds differ in how varied they are; what counts is how much more a tree errs than the best one.
    best = int(errors.mean(axis=0).argmin())
    more = errors - errors[:, [best]]
    fit = more.mean(axis=0) <= more.std(axis=0, ddof=1) / np.sqrt(folds)
    chosen = grown(whole, ccp_alpha=float(penalties[np.flatnonzero(fit).max()])).tree_
    return _walk(chosen, table, names, 0, {})


def _walk(tree: Any, table: FloatArray, names: list[str], node: int, box: Box) -> list[tuple[float, Box]]:
    if tree.children_left[node] < 0:
        return [(float(tree.value[node].item()), box)]
    k = int(tree.feature[node])
    name, threshold = names[k], _rounded(float(tree.threshold[node]), table[:, k])
    before = box.get(name, Limits())
    left = box | {name: before._replace(at_most=min(before.at_most, threshold))}
    right = box | {name: before._replace(above=max(before.above, threshold))}
    return [
        *_walk(tree, table, names, int(tree.children_left[node]), left),
        *_walk(tree, table, names, int(tree.children_right[node]), right),
    ]


def _rounded(threshold: float, column: FloatArray) -> float:
    """Return a threshold in as few digits, from three on, as move no more than a hundredth of the runs across it."""
    for digits in range(3, 16):
        short = float(f"{threshold:.{digits}g}")
        if np.mean((column <= threshold) != (column <= short)) <= 0.01:
            return short
    return threshold


def _judged(
    number: int, box: Box, values: pd.DataFrame, happened: BoolArray, clusters: list[NDArray[np.int64]], found: float
) -> tuple[Box, dict[str, object]]:
    inside = within(values, box)
    runs, events = int(inside.sum()), int(happened[inside].sum())
    told: dict[str, object] = {"box": number, "region": region_of(box), "runs": runs, "events": events}
    density, low, high = nan, 0.0, 1.0
    if runs:
        density = events / runs
        low, high = share_interval(happened[inside], [cluster[inside] for cluster in clusters])
    told |= {"density": density, "density_low": low, "density_high": high}
    told |= {"coverage": events / int(happened.sum()), "share_of_runs": runs / len(values), "density_found": found}
    return box, told | {"distinguishable": bool(box) and low > float(happened.mean())}


def _table(records: list[tuple[Box, dict[str, object]]]) -> pd.DataFrame:
    rows = []
    for box, told in records:
        for name, limits in box.items() or [("", Limits())]:
            above, at_most = (x if isfinite(x) else nan for x in limits)
            rows.append({**told, "parameter": name, "above": above, "at_most": at_most})
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _condition(name: str, limits: Limits) -> str:
    above, at_most = limits
    if not isfinite(at_most):
        return f"{name} > {above:g}"
    return f"{name} <= {at_most:g}" if not isfinite(above) else f"{above:g} < {name} <= {at_most:g}"
