"""The axis of dates: months by name, deadlines marked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke

from sim.plots.sheet import day_number, short_date


def mark_deadlines(axes: Axes, deadlines: Sequence[date], *, over: bool = False) -> None:
    """Mark each deadline once, under what is drawn or, where that fills the axes, over it."""
    halo = [withStroke(linewidth=2.0, foreground="white", alpha=0.6)] if over else None
    for number, day in enumerate(sorted(set(deadlines))):
        axes.axvline(day_number(day), color="#222222" if over else "#888888", linewidth=0.8, linestyle=(0, (3, 2)),
                     zorder=4 if over else 0.5, path_effects=halo)  # fmt: skip
        axes.annotate(
            f"deadline, {short_date(day)}", (day_number(day), 1), xycoords=("data", "axes fraction"),
            xytext=(-2, 2 + 8 * number), textcoords="offset points", va="bottom", ha="left", fontsize=6.5,
            color="#555555",
        )  # fmt: skip


def name_months(axes: Axes, first: date, last: date) -> None:
    """Name every third month on the date axis (every sixth beyond three years), with the year where it is new."""
    every = 3 if (last - first).days < 1100 else 6
    quarters = [date(year, month, 1) for year in range(first.year, last.year + 1) for month in range(1, 13, every)]
    shown = [day for day in quarters if first <= day <= last]
    names = [short_date(day).split()[1] for day in shown]
    for i, day in enumerate(shown):
        if i == 0 or day.year != shown[i - 1].year:
            names[i] += f"\n{day.year}"
    axes.set_xticks([day_number(day) for day in shown], names)
