"""How soon a ceasefire comes: cumulative incidence over time, one line per scenario."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from sim.analysis.outcomes import ScenarioDates
from sim.arrays import FloatArray
from sim.plots.colours import Look, looks
from sim.plots.sheet import (
    EDGE_MM,
    NO_BREAK,
    baseline_first,
    caption,
    day_number,
    headline,
    margins,
    new_sheet,
    runs_caption,
    short_date,
    style,
)

_FONT = 7.0
_LINE_POINTS = _FONT * 1.28
#: By how many points the names may rise above the axes and fall below them.
_OVERHANG = 8.0
_LEFT_MM = 15.0


def spread(wanted: Sequence[float], heights: Sequence[float], low: float, high: float) -> FloatArray:
    """Move labels as little as possible so that none overlaps another.

    Parameters
    ----------
    wanted
        Where the centres of the labels would best be, shape (labels,).
    heights
        Heights of the labels in the same unit, shape (labels,).
    low, high
        Room for the labels; if it is too small, they are pressed together evenly.

    Returns
    -------
    NDArray
        Centres in the order given: the least squares solution of the problem without the bounds, then moved
        inside them.

    Examples
    --------
    >>> spread([5.0, 5.0, 9.0], [2.0, 2.0, 2.0], 0.0, 20.0).tolist()
    [4.0, 6.0, 9.0]
    """
    order = np.argsort(np.asarray(wanted, dtype=np.float64), kind="stable")
    sizes = np.asarray(heights, dtype=np.float64)[order]
    if sizes.sum() > high - low:
        sizes *= (high - low) / sizes.sum()
    # With the room below each label taken off, "no overlap" means "in order": an isotonic regression.
    below = np.cumsum(sizes) - sizes / 2
    blocks: list[tuple[float, int]] = []
    for target in np.asarray(wanted, dtype=np.float64)[order] - below:
        mean, size = float(target), 1
        while blocks and blocks[-1][0] > mean:
            previous, number = blocks.pop()
            mean, size = (mean * size + previous * number) / (size + number), size + number
        blocks.append((mean, size))
    origin = np.repeat([mean for mean, _ in blocks], [size for _, size in blocks])
    centres = np.empty(len(order))
    centres[order] = np.clip(origin, low, high - sizes.sum()) + below
    return centres


def _heights(texts: Sequence[str]) -> list[float]:
    """Height of each label with the space below it, in points."""
    return [_LINE_POINTS * (text.count("\n") + 1) + 2.0 for text in texts]


def _line(axes: Axes, curve: pd.DataFrame, look: Look, name: str, emphasised: bool, alpha: float) -> None:
    """Draw one curve with its band; `alpha` is the opacity of the band."""
    days = [day_number(day) for day in curve["date"]]
    order = 3.0 if emphasised else 2.0
    axes.fill_between(days, curve["low"], curve["high"], color=look.colour, alpha=alpha, linewidth=0,
                      zorder=order - 1)  # fmt: skip
    axes.plot(days, curve["share"], color=look.colour, linestyle=look.line, linewidth=2.4 if emphasised else 1.4,
              label=name, zorder=order)  # fmt: skip


def _name_lines(
    axes: Axes, ends: Sequence[tuple[float, float]], texts: Sequence[str], styles: Sequence[Look], edge: float
) -> None:
    """Write the scenarios' names right of the axes, each beside the end of its line or joined to it by a thin one."""
    points = axes.bbox.height / axes.figure.dpi * 72
    bottom, top = axes.get_ylim()
    wanted = [(share - bottom) / (top - bottom) * points for _, share in ends]
    places = spread(wanted, _heights(texts), -_OVERHANG, points + _OVERHANG)
    anchor = axes.get_yaxis_transform()
    for i, ((day, share), text, look, place) in enumerate(zip(ends, texts, styles, places, strict=True)):
        height = bottom + place / points * (top - bottom)
        axes.plot([day, edge], [share, share], color=look.colour, linewidth=0.5, alpha=0.6)
        axes.plot([1.0, 1.03], [share, height], color=look.colour, linewidth=0.5, transform=anchor, clip_on=False)
        axes.plot([1.03, 1.075], [height, height], color=look.colour, linestyle=look.line, clip_on=False,
                  linewidth=2.4 if i == 0 else 1.6, transform=anchor)  # fmt: skip
        axes.annotate(
            text, (1.085, height), xycoords=anchor, fontsize=_FONT, va="center", ha="left", linespacing=1.1,
            fontweight="bold" if i == 0 else "normal", annotation_clip=False,
        )  # fmt: skip


def _mark_deadlines(axes: Axes, deadlines: Sequence[date]) -> None:
    for number, day in enumerate(sorted(set(deadlines))):
        axes.axvline(day_number(day), color="#888888", linewidth=0.8, linestyle=(0, (3, 2)), zorder=0.5)
        axes.annotate(
            f"deadline, {short_date(day)}", (day_number(day), 1), xycoords=("data", "axes fraction"),
            xytext=(-2, 2 + 8 * number), textcoords="offset points", va="bottom", ha="left", fontsize=6.5,
            color="#555555",
        )  # fmt: skip


def _name_months(axes: Axes, first: date, last: date) -> None:
    """Name every third month on the date axis (every sixth beyond three years), with the year where it is new."""
    every = 3 if (last - first).days < 1100 else 6
    quarters = [date(year, month, 1) for year in range(first.year, last.year + 1) for month in range(1, 13, every)]
    shown = [day for day in quarters if first <= day <= last]
    names = [short_date(day).split()[1] for day in shown]
    for i, day in enumerate(shown):
        if i == 0 or day.year != shown[i - 1].year:
            names[i] += f"\n{day.year}"
    axes.set_xticks([day_number(day) for day in shown], names)


def _text(scenario: ScenarioDates, reference: ScenarioDates, share: float, final: float) -> str:
    """Label of one line: title and share at the end of the axis, with the later share of a longer scenario."""
    baseline = " (baseline)" if scenario.name == reference.name else ""
    text = f"{scenario.title}{baseline}, {_percent(share)}"
    if scenario.horizon > reference.horizon:
        text += f" ({_percent(final)} by {_unbroken(scenario.horizon)})"
    elif scenario.horizon < reference.horizon:
        text += f" (by {_unbroken(scenario.horizon)})"
    return textwrap.fill(text, 34)


def _percent(share: float) -> str:
    """Write a share in per cent; the space before the sign does not break."""
    return f"{100 * share:.0f}{NO_BREAK}%"


def _unbroken(day: date) -> str:
    return short_date(day).replace(" ", NO_BREAK)


def ceasefire_incidence(
    incidence: pd.DataFrame,
    scenarios: Sequence[ScenarioDates],
    baseline: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Share of runs in which a first ceasefire has begun by each date, one line with a 95 % band per scenario.

    The axis ends at the baseline's horizon; of a scenario with a longer one the label gives the later share too.

    Parameters
    ----------
    incidence
        Table of `sim.analysis.cumulative_incidence`.
    scenarios
        Scenarios in the order wanted.
    baseline
        Name of the baseline, drawn thick; by default the first scenario.
    ax
        Axes to draw on; by default a new figure of print width. Names stand right of it: leave room.

    Returns
    -------
    Axes
        The figure is ``ax.figure``.

    Raises
    ------
    UsageError
        If the baseline is unknown.
    """
    ordered = baseline_first(scenarios, baseline)
    reference = ordered[0]
    appearance = looks(scenario.name for scenario in ordered)
    texts, ends, runs, highest = [], [], [], 0.05
    for scenario in ordered:
        curve = incidence[incidence["scenario"] == scenario.name]
        shown = curve[curve["week"] <= reference.horizon_week]
        last = shown.iloc[-1]
        texts.append(_text(scenario, reference, float(last["share"]), float(curve.iloc[-1]["share"])))
        ends.append((day_number(min(scenario.horizon, reference.horizon)), float(last["share"])))
        runs.append(int(last["runs"]))
        highest = max(highest, float(shown["high"].max()))
    deadlines = len({scenario.deadline for scenario in ordered})
    own = ax is None
    with style():
        if ax is None:
            sheet = new_sheet(max(104.0, 38 + sum(_heights(texts)) * 25.4 / 72))
            ax = sheet.subplots()
            margins(sheet, left=_LEFT_MM, right=62, top=15 + 3 * max(0, deadlines - 2), bottom=23)
        for scenario in ordered:
            curve = incidence[(incidence["scenario"] == scenario.name) & (incidence["week"] <= reference.horizon_week)]
            alpha = min(0.16, 1.4 / len(ordered))  # many bands on top of each other would hide the lines
            _line(ax, curve, appearance[scenario.name], scenario.name, scenario.name == reference.name, alpha)
        first, edge = incidence["date"].min().date(), day_number(reference.horizon)
        ax.set_ylim(0, min(1.03, highest * 1.08))  # room for a line at 100 %
        ax.set_xlim(day_number(first), edge)
        ax.yaxis.set_major_formatter(PercentFormatter(xmax=1, decimals=0, symbol=None))
        ax.set_ylabel("share of runs (%)")
        ax.grid(axis="y")
        _name_months(ax, first, reference.horizon)
        ax.set_xlabel("date by which the ceasefire has begun")
        _mark_deadlines(ax, [scenario.deadline for scenario in ordered])
        _name_lines(ax, ends, texts, [appearance[scenario.name] for scenario in ordered], edge)
        headline(ax, "Runs in which a first ceasefire has begun that holds for at least 30 days", own=own,
                 pad=6 + 9 * deadlines)  # fmt: skip
        caption(ax, f"{runs_caption(runs)}; bands are 95 % intervals (Wilson); percentages at the right are those on "
                f"{short_date(reference.horizon)}.\nA ceasefire begun in the last four weeks has had no time to count. "
                "Shares of model runs, not forecasts.", x_mm=EDGE_MM - _LEFT_MM, below_mm=14)  # fmt: skip
    return ax
