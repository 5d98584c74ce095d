"""What is given up: land lost in war against land conceded at the table."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.ticker import StrMethodFormatter

from sim.analysis.outcomes import ScenarioDates
from sim.arrays import FloatArray
from sim.plots.colours import looks
from sim.plots.sheet import (
    NAMES_MM,
    baseline_first,
    caption,
    headline,
    label,
    margins,
    name_rows,
    new_sheet,
    plain_date,
    runs_caption,
    style,
)

_KINDS = (("territory_lost_km2", "lost in war", -0.2), ("territory_conceded_km2", "conceded at the table", 0.2))


def _bars(axes: Axes, rows: pd.DataFrame, column: str, name: str, shift: float, colours: Sequence[str]) -> FloatArray:
    """Draw one bar per scenario with its interval and its number; return where the intervals end."""
    mean, low, high = (rows[f"{column}{end}"].to_numpy(dtype=np.float64) for end in ("", "_low", "_high"))
    known = ~np.isnan(low)  # the mean of a single run has no interval
    low = np.where(mean >= 0, np.maximum(low, 0), low)  # the normal approximation may cross 0, the land does not
    ends: FloatArray = np.where(known, high, mean)
    places = np.arange(len(rows)) + shift
    filled = column == "territory_lost_km2"
    axes.barh(places, mean, height=0.36, color=list(colours) if filled else "white", edgecolor=list(colours),
              hatch=None if filled else "//////", linewidth=0.9, label=name)  # fmt: skip
    axes.errorbar(mean[known], places[known], xerr=((mean - low)[known], (high - mean)[known]), fmt="none",
                  ecolor="#777777", elinewidth=0.9, capsize=1.8, capthick=0.9)  # fmt: skip
    for place, value, end in zip(places, mean, ends, strict=True):
        axes.annotate(f"{value:,.0f}", (max(end, value, 0), place), xytext=(4, 0), textcoords="offset points",
                      va="center_baseline", ha="left", fontsize=6.5)  # fmt: skip
    return ends


def territory(
    summary: pd.DataFrame,
    scenarios: Sequence[ScenarioDates],
    baseline: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Paired bars: land lost in war up to the horizon, and land conceded at the table, mean of all runs.

    Parameters
    ----------
    summary
        Table of `sim.analysis.summarise`.
    scenarios
        Scenarios in the order wanted.
    baseline
        Name of the baseline, drawn first and in bold; by default the first scenario.
    ax
        Axes to draw on; by default a new figure of print width.

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
    reference, names = ordered[0], [scenario.name for scenario in ordered]
    appearance = looks(names)
    rows = summary.set_index("scenario").loc[names]
    with style():
        own = ax is None
        if ax is None:
            sheet = new_sheet(36 + 9.4 * len(ordered))
            ax = sheet.subplots()
            margins(sheet, left=NAMES_MM, right=5, top=14, bottom=22)
        colours = [appearance[name].colour for name in names]
        ends = [_bars(ax, rows, column, name, shift, colours) for column, name, shift in _KINDS]
        lowest = float(rows[[column for column, _, _ in _KINDS]].to_numpy(dtype=np.float64).min())
        ax.set_xlim(min(0.0, 1.1 * lowest), max(1.0, 1.12 * float(np.max(ends))))
        ax.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
        ax.set_xlabel(f"km², mean of all runs, up to {plain_date(reference.horizon)}")
        ax.grid(axis="x")
        name_rows(ax, [label(scenario, reference, deadline=False) for scenario in ordered])
        ax.axvline(0, color="#666666", linewidth=0.6)
        handles = [
            Patch(facecolor="#555555", edgecolor="#555555", label=_KINDS[0][1]),
            Patch(facecolor="white", edgecolor="#555555", hatch="//////", label=_KINDS[1][1]),
        ]
        ax.legend(handles=handles, ncols=2, loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0.4, borderpad=0,
                  handleheight=1.0)  # fmt: skip
        headline(ax, "Land lost in war and land conceded at the table", own=own, pad=18)
        note = "" if len({s.horizon for s in ordered}) == 1 else " Where a date is given, the runs go on until then."
        caption(ax, f"{runs_caption(rows['runs'])}; whiskers are 95 % intervals of the mean.{note}\n"
                "Runs without an agreement count as 0 conceded. Model runs, not forecasts.",
                left_mm=NAMES_MM, below_mm=12)  # fmt: skip
    return ax
