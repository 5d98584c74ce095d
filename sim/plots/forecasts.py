"""The model's chances beside those of crowds and base rates, question by question."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from sim.errors import UsageError
from sim.plots.colours import FORECASTER_COLOURS, FORECASTER_MARKERS
from sim.plots.sheet import EDGE_MM, caption, headline, margins, new_sheet, short_date, style

_LEFT_MM = 58.0
_ROW_MM = 4.6
#: More base rates than this share one row.
_MOST_BASE_RATES = 2


class _Row(NamedTuple):
    """A line of the figure: of a question its title, without values, or forecasts that share a line."""

    label: str
    kind: str
    values: pd.DataFrame


def forecasts(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the chance that the model gives to each question, with its interval, beside crowds and base rates.

    Parameters
    ----------
    table
        Table of `sim.inquiry.forecasting.score`.
    ax
        Axes to draw on; by default a new figure of print width. Labels stand left of it: leave room.

    Returns
    -------
    Axes
        The figure is ``ax.figure``.

    Raises
    ------
    UsageError
        If the table holds no forecast.
    """
    if table.empty:
        raise UsageError("there is no forecast to draw; answer a question first")
    rows = list(_rows(table))
    own = ax is None
    with style():
        if ax is None:
            sheet = new_sheet(38 + _ROW_MM * len(rows))
            ax = sheet.subplots()
            margins(sheet, left=_LEFT_MM, right=8, top=13, bottom=25)
        for place, row in enumerate(rows):
            _draw(ax, place, row)
        ax.set_xlim(0, 1)
        ax.set_ylim(len(rows) - 0.4, -0.8)
        ax.set_yticks(range(len(rows)), [row.label for row in rows])
        for place, (text, row) in enumerate(zip(ax.get_yticklabels(), rows, strict=True)):
            heading = row.kind == ""
            # A title may be longer than the margin is wide: it begins at the edge and goes on over the axes.
            text.set(fontsize=7.2 if heading else 6.8, fontweight="bold" if row.kind == "model" else "normal",
                     visible=not heading)  # fmt: skip
            if heading:
                ax.annotate(row.label, (0, place), xycoords=ax.get_yaxis_transform(),
                            xytext=((EDGE_MM - _LEFT_MM) * 72 / 25.4, 0), textcoords="offset points", fontsize=7.4,
                            fontweight="bold", va="center", annotation_clip=False,
                            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0})  # fmt: skip
        ax.spines["left"].set_visible(False)
        ax.xaxis.set_major_formatter(PercentFormatter(xmax=1, decimals=0, symbol=None))
        ax.set_xlabel("chance that the answer is yes (%)")
        ax.grid(axis="x")
        headline(ax, "The model beside crowds and base rates", own=own)
        caption(ax, _small_print(table), left_mm=_LEFT_MM, below_mm=11)
    return ax


def _rows(table: pd.DataFrame) -> Iterator[_Row]:
    """Yield the lines of the figure from top to bottom."""
    for _, asked in table.groupby("question", sort=False):
        first = asked.iloc[0]
        known = "" if pd.isna(first["outcome"]) else f"; it was {'yes' if first['outcome'] else 'no'}"
        by = short_date(date.fromisoformat(str(first["by"])))
        yield _Row(f"{first['title']} (by {by}{known})", "", asked.iloc[:0])
        base = asked[asked["kind"] == "base rate"]
        for place, row in asked[asked["kind"] != "base rate"].iterrows():
            yield _Row(_name(row), str(row["kind"]), asked.loc[[place]])
        if len(base) > _MOST_BASE_RATES:
            yield _Row(f"{len(base)} base rates", "base rate", base)
        else:
            for place, row in base.iterrows():
                yield _Row(f"base rate: {row['forecaster']}", "base rate", base.loc[[place]])


def _name(row: pd.Series) -> str:
    name = textwrap.shorten(str(row["forecaster"]), 34, placeholder=" …")
    if row["kind"] == "model":
        return f"Truce, {name}"
    if row["kind"] == "scenario":
        return f"of which {name} ({row['weight']:.0%})"
    return f"{name}, {short_date(date.fromisoformat(str(row['date'])))}"


def _draw(axes: Axes, place: int, row: _Row) -> None:
    """Draw one line: an interval if there is one, a mark, and the number."""
    if row.values.empty:
        if place:
            axes.axhline(place - 0.55, color="#999999", linewidth=0.5, zorder=0.6)
        return
    colour, marker = FORECASTER_COLOURS[row.kind], FORECASTER_MARKERS[row.kind]
    chances = row.values["probability"].to_numpy(dtype=np.float64)
    low, high = (row.values[end].to_numpy(dtype=np.float64) for end in ("low", "high"))
    if not np.isfinite(chances).any():
        axes.text(0.01, place, "no run is one that the question asks about", fontsize=6.5, style="italic",
                  color="#777777", va="center")  # fmt: skip
        return
    several = len(chances) > 1
    if several:
        low, high = np.array([np.nanmin(chances)]), np.array([np.nanmax(chances)])
    if np.isfinite(low[0]):
        axes.plot([low[0], high[0]], [place, place], color=colour, linewidth=1.0 if several else 1.8, zorder=2.5)
    axes.plot(chances, np.full(len(chances), float(place)), color=colour, marker=marker, linestyle="none",
              markersize=7 if marker == "|" else 5, markeredgewidth=1.3, zorder=3, clip_on=False)  # fmt: skip
    end = max(float(np.nanmax(chances)), float(high[0]) if np.isfinite(high[0]) else 0.0)
    told = f"{100 * low[0]:.0f} to {100 * high[0]:.0f}" if several else f"{100 * chances[0]:.0f}"
    left = end > 0.93  # there is no room for the number at the right
    start = float(low[0]) if np.isfinite(low[0]) else float(chances[0])
    axes.annotate(told, (start if left else end, place), xytext=(-6 if left else 6, 0), textcoords="offset points",
                  ha="right" if left else "left", va="center_baseline", fontsize=6.5)  # fmt: skip


def _small_print(table: pd.DataFrame) -> str:
    model = table[table["kind"] == "model"]
    runs = sorted({int(count) for count in model["runs"].dropna()})
    told = ""
    if runs:
        told = f"Model: {f'{runs[0]:,}' if len(runs) == 1 else f'{runs[0]:,} to {runs[-1]:,}'} runs, "
        told += "as of 19 May 2025; its bar is the 95 % interval that so many runs leave, not doubt about the model. "
    told += (
        "Crowds on the day named; a base rate is what wars or ceasefires of the past did. Chances in a model of a "
        "what-if, not forecasts of Truce."
    )
    return "\n".join(textwrap.wrap(told, 138))
