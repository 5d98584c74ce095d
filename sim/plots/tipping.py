"""Where an outcome tips: a map over two parameters, with the line on which it reaches a level."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patheffects import withStroke
from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.analysis.summary import is_share
from sim.analysis.tipping import grid_of, level_line, undecided
from sim.parameters import PARAMETERS
from sim.plots.outcome_titles import outcome_title
from sim.plots.sheet import NO_BREAK, caption, headline, margins, new_sheet, style

#: From light to dark in one hue: lightness alone tells the value, in black and white as well.
_SHADES = LinearSegmentedColormap.from_list("shades", ["#F7FBFF", "#C6DBEF", "#6BAED6", "#2E7EBC"])

_LEFT_MM = 21.0
_FONT = 7.5


def tipping(table: pd.DataFrame, level: float | None = None, ax: Axes | None = None) -> Axes:
    """Draw filled contours of an outcome over two parameters, with labelled lines and the line of one level.

    Parameters
    ----------
    table
        Table of `sim.inquiry.tipping.tipping_map`.
    level
        Level of the thick line, in the unit of the outcome (0.5 is half of the runs); None for none. Circles mark
        points whose 95 % interval holds it.
    ax
        Axes to draw on; by default a new figure of print width.

    Returns
    -------
    Axes
        The figure is ``ax.figure``.

    Raises
    ------
    UsageError
        If the points are not a grid.
    """
    x, y, value = grid_of(table)
    first = table.iloc[0]
    outcome = str(first["outcome"])
    share = is_share(outcome)
    scale = 100.0 if share else 1.0
    own = ax is None
    with style():
        if ax is None:
            sheet = new_sheet(112)
            ax = sheet.subplots()
            margins(sheet, left=_LEFT_MM, right=6, top=13, bottom=25)
        shown = np.ma.masked_invalid(scale * value)
        steps = _steps(shown)
        filled = ax.contourf(x, y, shown, levels=steps, cmap=_SHADES)
        lines = ax.contour(x, y, shown, levels=steps, colors="#33506B", linewidths=0.5)
        others = [step for step in steps if level is None or abs(step - scale * level) > 1e-9]
        labels = ax.clabel(
            lines, levels=[step for step in lines.levels if step in others], fmt=lambda step: f"{step:,.6g}",
            fontsize=6.5, colors="#222222", inline_spacing=3,
        )  # fmt: skip
        note = _draw_level(ax, table, level, scale, share) if level is not None else ""
        ax.set_xlim(x[0], x[-1])
        ax.set_ylim(y[0], y[-1])
        _leave_out_what_is_cut(ax, labels)
        ax.tick_params(axis="y", length=3, width=0.6)
        width, height = (_letters(ax, side) for side in ("width", "height"))
        ax.set_xlabel(axis_label(str(first["x_parameter"]), width), fontsize=_FONT)
        ax.set_ylabel(axis_label(str(first["y_parameter"]), height), fontsize=_FONT)
        unit = "% of runs" if share else "km², mean of runs"
        bar = ax.figure.colorbar(filled, ax=ax, pad=0.02, fraction=0.05, aspect=28)
        bar.set_label(unit, fontsize=_FONT)
        bar.formatter = FuncFormatter(lambda step, _: f"{step:,.6g}")
        bar.update_ticks()
        bar.outline.set_linewidth(0.6)
        bar.ax.tick_params(length=2, width=0.6, labelsize=7)
        headline(ax, f"{outcome_title(outcome)}: {unit}", own=own)
        runs = sorted(set(table["runs"].astype(int)))
        each = f"{runs[0]:,} runs" if len(runs) == 1 else f"{runs[0]:,} to {runs[-1]:,} runs"
        caption(ax, f"Scenario {first['scenario']}, {len(x)} × {len(y)} points of {each} each; linear between points.\n"
                f"{note}Model runs, not forecasts.", left_mm=_LEFT_MM, below_mm=16)  # fmt: skip
    return ax


def _leave_out_what_is_cut(ax: Axes, labels: Iterable[Text]) -> None:
    """Hide the labels of lines that reach beyond the axes: half of a number is another number."""
    for text in labels:
        box, page = text.get_window_extent(), ax.bbox
        text.set_visible(page.x0 <= box.x0 and box.x1 <= page.x1 and page.y0 <= box.y0 and box.y1 <= page.y1)


def axis_label(name: str, width: int) -> str:
    """Return what a parameter means over its dotted name with the unit; of one that is not known, its name.

    Examples
    --------
    >>> print(axis_label("front.pace_spread", 60))
    standard deviation of the weekly advance
    front.pace_spread (km² a week)
    """
    import textwrap

    parameter = PARAMETERS.get(name)
    if parameter is None:
        return name
    return "\n".join([*textwrap.wrap(parameter.meaning, width), f"{name} ({parameter.unit})"])


def _letters(ax: Axes, side: str) -> int:
    """Return how many letters of a label fit along a side of the axes."""
    points = float(getattr(ax.bbox, side)) / ax.figure.dpi * 72
    return max(20, int(points / (0.55 * _FONT)))


def _steps(shown: np.ma.MaskedArray) -> list[float]:
    """Return round values from just below the smallest to just above the largest."""
    low, high = float(shown.min()), float(shown.max())
    if low == high:
        low, high = low - 0.5, high + 0.5
    found = MaxNLocator(nbins=10, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    return [float(step) for step in found]


def _draw_level(ax: Axes, table: pd.DataFrame, level: float, scale: float, share: bool) -> str:
    """Draw the line of the level and mark the points that may lie on either side; return what to say of both."""
    told = f"{scale * level:,.6g}{NO_BREAK}{'%' if share else 'km²'}"
    line = level_line(table, level)
    halo = [withStroke(linewidth=4, foreground="white")]
    for _, part in line.groupby("line"):
        ax.plot(part["x"], part["y"], color="black", linewidth=2.0, path_effects=halo, zorder=3)
    if len(line):
        longest = line[line["line"] == line["line"].value_counts().idxmax()]
        place = longest.iloc[len(longest) // 2]
        ax.annotate(
            told, (place["x"], place["y"]), fontsize=8, fontweight="bold", ha="center", va="center", zorder=5,
            bbox={"boxstyle": "round,pad=0.2", "facecolor": "white", "edgecolor": "black", "linewidth": 0.6},
        )  # fmt: skip
    open_points = table[undecided(table, level)]
    ax.plot(
        open_points["x"], open_points["y"], linestyle="none", marker="o", markersize=4, markerfacecolor="white",
        markeredgecolor="black", markeredgewidth=0.7, zorder=4, clip_on=False,
    )  # fmt: skip
    if not len(line):
        return f"The whole map lies on one side of {told}. "
    if not len(open_points):
        return f"Thick line: {told}. "
    return f"Thick line: {told}; circles: points whose 95 % interval holds {told}, so that their side is open. "
