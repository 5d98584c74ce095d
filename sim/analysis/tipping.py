"""Where an outcome tips: its values on a grid of two parameters, and the line on which it reaches a level."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.analysis.outcomes import Column
from sim.arrays import FloatArray
from sim.errors import UsageError

_X, _Y = "that of x_parameter", "that of y_parameter"

#: The table of a map, column by column, in its order: one row per point of the grid.
COLUMNS: dict[str, Column] = {
    "scenario": Column("name", "name of the scenario"),
    "outcome": Column("category", "a share of runs or a mean of the summary table, by its name there"),
    "point": Column("number", "point of the design, from 0"),
    "x_parameter": Column("name", "dotted name of the first parameter"),
    "x": Column(_X, "its value"),
    "y_parameter": Column("name", "dotted name of the second parameter"),
    "y": Column(_Y, "its value"),
    "runs": Column("count", "runs at the point"),
    "value": Column("that of the outcome", "share of runs, or mean"),
    "low": Column("that of the outcome", "lower bound of the 95 % interval of the value"),
    "high": Column("that of the outcome", "upper bound of the same"),
}

#: The table of a line, column by column, in its order: one row per vertex.
LINE_COLUMNS: dict[str, Column] = {
    "scenario": COLUMNS["scenario"],
    "outcome": COLUMNS["outcome"],
    "level": Column("that of the outcome", "what the outcome is on the line"),
    "line": Column("number", "number of the line, from 0: there may be several pieces"),
    "vertex": Column("number", "place along the line, from 0"),
    "x_parameter": COLUMNS["x_parameter"],
    "x": Column(_X, "its value on the line, linear between points of the grid"),
    "y_parameter": COLUMNS["y_parameter"],
    "y": Column(_Y, "the same"),
}


def grid_of(table: pd.DataFrame) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the values of both parameters, sorted, and those of the outcome.

    Parameters
    ----------
    table
        Table of a map, `COLUMNS`.

    Returns
    -------
    x, y, value
        Shapes (columns,), (rows,) and (rows, columns).

    Raises
    ------
    UsageError
        If the points are not a grid of at least two values of each parameter, or no value is there.
    """
    missing = [name for name in ("x", "y", "value") if name not in table.columns]
    if missing:
        raise UsageError(f"this is not the table of a map: it has no column '{missing[0]}'")
    if table.duplicated(["x", "y"]).any():
        raise UsageError("the map has a point twice; give every value of a parameter once")
    wide = table.pivot(index="y", columns="x", values="value")
    if min(wide.shape) < 2 or len(table) != wide.size:
        raise UsageError("a map needs a grid of at least two values of each of two parameters")
    if wide.isna().all(axis=None):
        raise UsageError("no point of the map has a value: all of its runs failed")
    return (
        np.asarray(wide.columns, dtype=np.float64), np.asarray(wide.index, dtype=np.float64),
        wide.to_numpy(dtype=np.float64),
    )  # fmt: skip


def level_line(table: pd.DataFrame, level: float = 0.5) -> pd.DataFrame:
    """Return the line on a map on which the outcome has a level.

    Parameters
    ----------
    table
        Table of `sim.inquiry.tipping.tipping_map`.
    level
        In the unit of the outcome: 0.5 is half of the runs.

    Returns
    -------
    DataFrame
        One row per vertex; `LINE_COLUMNS` names unit and meaning of each column. Empty if the whole map lies on one
        side of the level.

    Raises
    ------
    UsageError
        If the points are not a grid, or the level is no finite number.

    Notes
    -----
    Contouring by contourpy: marching squares, linear between points. The line knows nothing of the intervals of the
    points; `undecided` tells where they leave the side open.

    Examples
    --------
    >>> corners = pd.DataFrame({"scenario": "s", "outcome": "o", "x_parameter": "a", "y_parameter": "b",
    ...                         "x": [0, 0, 1, 1], "y": [0, 1, 0, 1], "value": [0.2, 0.2, 0.6, 0.6]})
    >>> level_line(corners)["x"].round(2).tolist()
    [0.75, 0.75]
    """
    from contourpy import contour_generator

    if not np.isfinite(level):
        raise UsageError(f"the level must be a finite number in the unit of the outcome, not {level!r}")
    x, y, value = grid_of(table)
    lines = contour_generator(x, y, np.ma.masked_invalid(value)).lines(float(level))
    first = table.iloc[0]
    told = {name: first[name] for name in ("scenario", "outcome", "x_parameter", "y_parameter")} | {
        "level": float(level)
    }
    parts = [
        pd.DataFrame({"line": number, "vertex": np.arange(len(line)), "x": line[:, 0], "y": line[:, 1]})
        for number, line in enumerate(lines)
        if isinstance(line, np.ndarray)
    ]
    if not parts:
        return pd.DataFrame(columns=list(LINE_COLUMNS))
    return pd.concat(parts, ignore_index=True).assign(**told)[list(LINE_COLUMNS)]


def undecided(table: pd.DataFrame, level: float = 0.5) -> pd.Series:
    """Return for every point of a map whether its 95 % interval holds the level: its side is not distinguishable.

    Parameters
    ----------
    table
        Table of `sim.inquiry.tipping.tipping_map`.
    level
        In the unit of the outcome.
    """
    return (table["low"] <= level) & (level <= table["high"])
