"""What was traced week by week, ready to be drawn: the rows of one scenario, and the fan of their quantiles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from sim.analysis.outcomes import ScenarioDates
from sim.arrays import FloatArray
from sim.errors import UsageError, nearest
from sim.plots.sheet import day_number

#: Rows of every variable, by its name.
Traced: TypeAlias = "dict[str, pd.DataFrame]"

#: From the Monday of a week to when it is over.
DAYS_A_WEEK = 7.0

#: What the shades of a fan mean, for captions.
FAN = "line: the median of the runs, week by week; dark band: the middle half of them; light band: nine in ten"


def traced(traces: pd.DataFrame, scenario: ScenarioDates, variables: Sequence[str]) -> Traced:
    """Return the rows of one scenario for each variable, by week.

    Parameters
    ----------
    traces
        Table of `sim.experiment.traces.quantiles`.
    scenario
        The scenario.
    variables
        Names of what is to be drawn.

    Raises
    ------
    UsageError
        If the scenario or a variable is not in the table, or it holds several points of a design.
    """
    own = traces[traces["scenario"] == scenario.name]
    if own.empty:
        names = list(dict.fromkeys(traces["scenario"]))
        hint = nearest(scenario.name, names) or f"; there are {', '.join(names) or 'none'}"
        raise UsageError(f"nothing is traced of scenario '{scenario.name}'{hint}")
    missing = sorted(set(variables) - set(own["variable"]))
    if missing:
        wanted = ", ".join(repr(name) for name in variables)
        raise UsageError(f"'{missing[0]}' is not among what was traced; results.weekly([{wanted}]) traces it")
    own = own[own["variable"].isin(variables)]
    points = own["point"].unique()
    if len(points) > 1:
        raise UsageError(f"the traces are of {len(points):,} points; choose one: traces[traces['point'] == 0]")
    return {name: own[own["variable"] == name].sort_values("week") for name in variables}


def days_of(rows: pd.DataFrame) -> FloatArray:
    """Return the Mondays of rows as Matplotlib's axes count days, shape (weeks,)."""
    return np.array([day_number(day) for day in pd.to_datetime(rows["date"])])


def draw_fan(axes: Axes, rows: pd.DataFrame, colour: str, *, width: float = 1.6, later: float = 0.0) -> None:
    """Draw quantiles as a fan: the median as a line, the middle half and nine tenths of the runs as bands.

    Parameters
    ----------
    axes
        Axes with days on the x axis.
    rows
        Rows of one variable, by week.
    colour
        Colour of the line; the bands are lighter.
    width
        Width of the line, points.
    later
        Days from the Monday of a week to when its values hold.
    """
    days = days_of(rows) + later
    for low, high, alpha in (("q05", "q95", 0.16), ("q25", "q75", 0.26)):
        axes.fill_between(days, rows[low], rows[high], color=colour, alpha=alpha, linewidth=0, zorder=1.5)
    axes.plot(days, rows["q50"], color=colour, linewidth=width, zorder=3, label="median")
