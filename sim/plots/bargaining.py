"""The bargaining of one run: what Russia must get, the most it can get, and what was answered in each round."""

from __future__ import annotations

import textwrap
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke

from sim.arrays import BoolArray, FloatArray
from sim.errors import UsageError
from sim.plots.colours import ACTOR_COLOURS, ANSWER_MARKERS, BOTH_COLOUR, YIELD_COLOURS, YIELD_HATCHES
from sim.plots.dates import mark_deadlines, name_months
from sim.plots.labels import spread
from sim.plots.sheet import caption, day_number, headline, margins, new_sheet, style

_LEFT_MM = 15.0
_FONT = 7.0
_COLUMNS = 3  # of the legend

_TITLE = "One run at the table: what Russia insists on, and the most that Ukraine leaves it"

#: The lines: column, label, colour, line style, width.
_LINES = (
    ("ceiling_russia", "most on the table at all,\nUkraine not asked", BOTH_COLOUR, (0.0, (1.2, 1.2)), 1.2),
    ("reservation_russia", "least that Russia accepts", ACTOR_COLOURS["Russia"], (0.0, None), 2.2),
    (
        "best_for_russia",
        "most that Russia can get\nwhile Ukraine accepts",
        ACTOR_COLOURS["Ukraine"],
        (0.0, (5.0, 1.5)),
        1.8,
    ),
)

_AREAS = {
    "nobody": "zone of agreement",
    "russia": "gap: Russia alone would have to yield",
    "both": "gap: both would have to yield",
    "ukraine": "nothing on the table is enough for Ukraine",
}

#: What is said of a round, by the answers of Russia and Ukraine.
_ANSWERS = {
    ("accepts", "accepts"): "both accept",
    ("accepts", "refuses"): "Ukraine refuses",
    ("stalls", "accepts"): "Russia stalls",
    ("stalls", "refuses"): "Russia stalls, Ukraine refuses",
    ("refuses", "accepts"): "Russia refuses",
    ("refuses", "refuses"): "both refuse",
}


def bargaining(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the bargaining of one run in Russia's utility: its reservation value against the most it can get.

    Where the line of the most that Ukraine leaves lies above that of the least that Russia accepts, there is a zone of
    agreement between them. Otherwise there is a gap, shaded by who would have to yield. Rounds are marked at what their
    draft is worth to Russia, by the answers they got.

    Parameters
    ----------
    table
        Table of `sim.inquiry.bargaining.bargaining_picture`, or of its weeks so far.
    ax
        Axes to draw on; by default a new figure of print width. Names stand right of it: leave room.

    Returns
    -------
    Axes
        The figure is ``ax.figure``.

    Raises
    ------
    UsageError
        If the table holds no week.
    """
    if table.empty:
        raise UsageError("there is no week to draw; step the model first")
    days = np.array([day_number(day) for day in table["date"]])
    war = table["war"].to_numpy(dtype=bool)
    own = ax is None
    with style():
        if ax is None:
            lines = _legend_lines(table)
            sheet = new_sheet(106 + 3.6 * lines)
            ax = sheet.subplots()
            margins(sheet, left=_LEFT_MM, right=48, top=17 + 3.6 * lines, bottom=30)
        bottom, top = _limits(table[war])
        ax.set_ylim(bottom, top)
        ax.set_xlim(days[0], days[-1] + 7)
        _shade(ax, table, days)
        for column, _, colour, line, width in _LINES:
            values = np.where(war, table[column].to_numpy(dtype=np.float64), np.nan)
            ax.plot(_ends(days), np.repeat(values, 2), color=colour, linestyle=line, linewidth=width, label=column,
                    zorder=3)  # fmt: skip
        rounds = _mark_rounds(ax, table, days)
        _name_lines(ax, table[war], days[war])
        ax.set_ylabel("worth of a deal to Russia (utility)")
        ax.grid(axis="y")
        first, last = (table["date"].iloc[place].date() for place in (0, -1))
        name_months(ax, first, last)
        ax.set_xlabel("week of")
        deadline = table["deadline"].iloc[0].date()
        mark_deadlines(ax, [deadline] if deadline <= last else [])
        _legend(ax, table, rounds)
        headline(ax, _TITLE, own=own, pad=22 + 10 * _legend_lines(table))
        caption(ax, _small_print(table), left_mm=_LEFT_MM, below_mm=14)
    return ax


def _ends(days: FloatArray) -> FloatArray:
    """Return beginning and end of every week, so that what holds in a single week has a width."""
    return np.column_stack([days, days + 7]).ravel()


def _limits(war: pd.DataFrame) -> tuple[float, float]:
    columns = [column for column, *_ in _LINES]
    values = war[[*columns, "draft_for_russia"]].to_numpy(dtype=np.float64)
    if not np.isfinite(values).any():
        return 0.0, 1.0
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    room = max(0.06 * (high - low), 0.02)
    return low - room, high + room


def _shade(axes: Axes, table: pd.DataFrame, days: FloatArray) -> None:
    """Fill zones, gaps and ceasefires, week by week."""
    edges = _ends(days)
    least, most = (np.repeat(table[name].to_numpy(dtype=np.float64), 2)
                   for name in ("reservation_russia", "best_for_russia"))  # fmt: skip
    bottom, top = axes.get_ylim()
    for who in _AREAS:
        weeks: BoolArray = (table["yields"] == who).to_numpy(dtype=bool)
        if not weeks.any():
            continue
        low, high = (np.full_like(least, bottom), np.full_like(least, top)) if who == "ukraine" else (least, most)
        axes.fill_between(
            edges, low, high, where=np.repeat(weeks, 2), facecolor=YIELD_COLOURS[who], edgecolor="white",
            hatch=YIELD_HATCHES[who], linewidth=0, zorder=1,
        )  # fmt: skip
    peace, war = (table[name].to_numpy(dtype=bool) for name in ("ceasefire", "war"))
    for here, colour, name in (
        (peace, "#E9E9E9", "ceasefire"), (~peace & ~war, "#C9BFC1", "Russia holds all four oblasts")
    ):  # fmt: skip
        if here.any():
            axes.fill_between(edges, bottom, top, where=np.repeat(here, 2), color=colour, linewidth=0, zorder=0.5)
            _name_longest(axes, days, here, name, colour)


def _name_longest(axes: Axes, days: FloatArray, here: BoolArray, name: str, colour: str) -> None:
    """Write what a shade means into its longest stretch, upright where that is narrow."""
    ends = np.flatnonzero(np.diff(np.concatenate([[False], here, [False]]).astype(int)))
    stretches = ends.reshape(-1, 2)
    first, last = stretches[np.diff(stretches, axis=1).ravel().argmax()]
    left, right = axes.get_xlim()
    narrow = 7 * (last - first) / (right - left) < 0.011 * len(name)
    axes.text(
        (days[first] + days[last - 1] + 7) / 2, axes.get_ylim()[1], f"{name} " if narrow else f"\n{name}", fontsize=6.5,
        color="#444444", ha="center", va="top", rotation=90 if narrow else 0, zorder=4,
        bbox={"facecolor": colour, "edgecolor": "none", "pad": 0.5},
    )  # fmt: skip


def _mark_rounds(axes: Axes, table: pd.DataFrame, days: FloatArray) -> dict[tuple[str, str], int]:
    """Mark every round at what its draft is worth to Russia; return how many got which answers."""
    counts = {}
    for answers in _ANSWERS:
        here = (table["held"] & (table["russia_answer"] == answers[0]) & (table["ukraine_answer"] == answers[1])
                ).to_numpy(dtype=bool)  # fmt: skip
        if here.any():
            counts[answers] = int(here.sum())
            axes.plot(days[here] + 3.5, table.loc[here, "draft_for_russia"], clip_on=False, zorder=5, **_mark(answers))
    return counts


def _mark(answers: tuple[str, str]) -> dict[str, Any]:
    russia, ukraine = answers
    return {
        "marker": ANSWER_MARKERS[russia], "linestyle": "none", "markersize": 9 if russia == "accepts" else 4.6,
        "markerfacecolor": "black" if ukraine == "accepts" else "white", "markeredgecolor": "black",
        "markeredgewidth": 0.8, "path_effects": [withStroke(linewidth=2.4, foreground="white")],
    }  # fmt: skip


def _name_lines(axes: Axes, war: pd.DataFrame, days: FloatArray) -> None:
    """Name the lines right of the axes, each joined to its last value."""
    if war.empty:
        return
    points = axes.bbox.height / axes.figure.dpi * 72
    bottom, top = axes.get_ylim()
    edge = axes.get_xlim()[1]
    found = []
    for column, text, colour, line, width in _LINES:
        known = war[column].notna().to_numpy()
        if known.any():
            last = int(np.flatnonzero(known)[-1])
            found.append((float(war[column].iloc[last]), float(days[last]) + 7, text, colour, line, width))
    heights = [1.28 * _FONT * (text.count("\n") + 1) + 3 for _, _, text, *_ in found]
    wanted = [(value - bottom) / (top - bottom) * points for value, *_ in found]
    anchor = axes.get_yaxis_transform()
    for (value, day, text, colour, line, width), place in zip(found, spread(wanted, heights, 0, points), strict=True):
        height = bottom + place / points * (top - bottom)
        axes.plot([day, edge], [value, value], color=colour, linewidth=0.5, alpha=0.6)
        axes.plot([1.0, 1.03], [value, height], color=colour, linewidth=0.5, transform=anchor, clip_on=False)
        axes.plot([1.03, 1.085], [height, height], color=colour, linestyle=line, linewidth=width, clip_on=False,
                  transform=anchor)  # fmt: skip
        axes.annotate(text, (1.1, height), xycoords=anchor, fontsize=_FONT, va="center", ha="left", linespacing=1.1,
                      annotation_clip=False)  # fmt: skip


def _legend_lines(table: pd.DataFrame) -> int:
    """Return how many lines the legend takes; shades and marks begin lines of their own."""
    rounds = table.loc[table["held"].astype(bool), ["russia_answer", "ukraine_answer"]].drop_duplicates()
    return sum(-(-count // _COLUMNS) for count in (len(set(table["yields"]) & set(_AREAS)), len(rounds)))


def _legend(axes: Axes, table: pd.DataFrame, rounds: dict[tuple[str, str], int]) -> None:
    """Say above the axes what the shades and marks that occur stand for."""
    areas: list[Artist] = [
        Patch(facecolor=YIELD_COLOURS[who], edgecolor="white", hatch=YIELD_HATCHES[who], label=text)
        for who, text in _AREAS.items() if (table["yields"] == who).any()
    ]  # fmt: skip
    marks: list[Artist] = [
        Line2D([], [], label=f"{_ANSWERS[answers]} ({count})", **_mark(answers)) for answers, count in rounds.items()
    ]
    by_line = [*_filled(areas), *_filled(marks)]
    if by_line:
        # Matplotlib fills a legend column by column; people read it line by line.
        handles = [by_line[i] for column in range(_COLUMNS) for i in range(column, len(by_line), _COLUMNS)]
        axes.legend(
            handles=handles, ncols=_COLUMNS, loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=1.9, borderpad=0,
            handleheight=1.0, fontsize=6.6,
        )  # fmt: skip


def _filled(handles: list[Artist]) -> list[Artist]:
    """Fill the last line of a legend with what is not seen."""
    return [*handles, *(Patch(visible=False, label=" ") for _ in range(-len(handles) % _COLUMNS))]


def _small_print(table: pd.DataFrame) -> str:
    first = table.iloc[0]
    held = int(table["held"].sum())
    title = textwrap.shorten(str(first["title"]), 90, placeholder=" …") or first["scenario"]
    told = (
        f"Scenario {title}, run {first['run']}; {held} round{'s' if held != 1 else ''}, "
        "marked at what the draft is worth to Russia. Above the solid line it is worth more to Russia than fighting "
        "on, below the dashed line more to Ukraine; answers follow that, but not without error."
    )
    scale = (
        "0 is Ukraine's ideal on every issue, 1 about Russia's. Where there is a ceasefire nothing is negotiated. One "
        "model run, not a forecast."
    )
    return "\n".join([*textwrap.wrap(told, 138), *textwrap.wrap(scale, 138)])
