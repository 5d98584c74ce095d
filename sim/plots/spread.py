"""Why the runs of a scenario differ: because its parameters are not known, or by luck."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke

from sim.analysis.outcomes import ScenarioDates
from sim.analysis.summary import OUTCOMES
from sim.errors import UsageError, nearest
from sim.plots.colours import ink_on, looks
from sim.plots.outcome_titles import outcome_title
from sim.plots.sheet import (
    NAMES_MM,
    NO_BREAK,
    baseline_first,
    caption,
    headline,
    label,
    margins,
    name_rows,
    new_sheet,
    style,
)


def spread(
    table: pd.DataFrame,
    scenarios: Sequence[ScenarioDates],
    baseline: str | None = None,
    outcome: str = "ceasefire_by_deadline",
    ax: Axes | None = None,
) -> Axes:
    """Stacked bars: how much of the variance of an outcome comes from not knowing the parameters, and how much is luck.

    Parameters
    ----------
    table
        Table of `sim.analysis.split_spread`.
    scenarios
        Scenarios in the order wanted.
    baseline
        Name of the baseline, drawn first and in bold; by default the first scenario.
    outcome
        One of `sim.analysis.summary.OUTCOMES`.
    ax
        Axes to draw on; by default a new figure of print width.

    Returns
    -------
    Axes
        The figure is ``ax.figure``.

    Raises
    ------
    UsageError
        If the baseline or the outcome is unknown.
    """
    if outcome not in OUTCOMES:
        raise UsageError(f"there is no outcome '{outcome}'{nearest(outcome, OUTCOMES)}")
    ordered = baseline_first(scenarios, baseline)
    reference, names = ordered[0], [scenario.name for scenario in ordered]
    appearance = looks(names)
    rows = table[table["outcome"] == outcome].set_index("scenario").loc[names]
    own = ax is None
    with style():
        if ax is None:
            sheet = new_sheet(38 + 8.2 * len(ordered))
            ax = sheet.subplots()
            margins(sheet, left=NAMES_MM, right=6, top=16, bottom=25)
        for place, (name, row) in enumerate(rows.iterrows()):
            _draw(ax, place, row, appearance[str(name)].colour)
        ax.set_xlim(0, 100)
        ax.set_xlabel("share of the variance between runs (%)")
        name_rows(ax, [label(scenario, reference, deadline="deadline" in outcome) for scenario in ordered])
        handles = [
            Patch(facecolor="#555555", edgecolor="#555555", label="from not knowing the parameters"),
            Patch(facecolor="white", edgecolor="#999999", hatch="....", label="luck"),
        ]
        ax.legend(handles=handles, ncols=2, loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0.5, borderpad=0,
                  handleheight=1.0)  # fmt: skip
        headline(ax, f"{outcome_title(outcome)}: why runs differ", own=own, pad=20)
        caption(ax, _small_print(rows), left_mm=NAMES_MM, below_mm=11)
    return ax


def _draw(axes: Axes, place: int, row: pd.Series, colour: str) -> None:
    share, low, high = (100 * float(row[name]) for name in ("from_parameters", "low", "high"))
    if not np.isfinite(share):
        axes.text(50, place, "its runs do not differ in this" if not row["standard_deviation"] > 0
                  else "too few runs differ in this to tell", ha="center", va="center", fontsize=6.8, style="italic",
                  color="#777777")  # fmt: skip
        return
    axes.barh(place, share, height=0.62, facecolor=colour, edgecolor=colour, linewidth=0.8)
    axes.barh(place, 100 - share, left=share, height=0.62, facecolor="white", edgecolor="#999999", hatch="....",
              linewidth=0.8)  # fmt: skip
    if row["pairs"]:
        for back in (True, False):
            axes.plot([low, high], [place, place], color="white" if back else "#333333", linewidth=3.2 if back else 1.1,
                      marker="|", markersize=6.5 if back else 5, markeredgewidth=3.2 if back else 1.1,
                      clip_on=False, zorder=3)  # fmt: skip
    # The numbers stand at the far ends, where no whisker reaches them unless there is no room.
    for number, x, side, ground in ((share, 1.2, "left", colour), (100 - share, 98.8, "right", "#FFFFFF")):
        clear = low > 9 if side == "left" else high < 91
        if number >= 9 and (clear or not row["pairs"]):
            axes.text(x, place, f"{number:.0f}{NO_BREAK}%", ha=side, va="center_baseline", fontsize=6.8,
                      color=ink_on(ground), path_effects=[withStroke(linewidth=2.2, foreground=ground)])  # fmt: skip


def _small_print(rows: pd.DataFrame) -> str:
    pairs = sorted({int(count) for count in rows["pairs"]} - {0})
    told = "Scenarios without uncertainty: all of their spread is luck. " if (rows["pairs"] == 0).any() else ""
    if pairs:
        count = f"{pairs[0]:,}" if len(pairs) == 1 else f"{pairs[0]:,} to {pairs[-1]:,}"
        told = f"{count} runs carried out twice, same parameters, other luck; whiskers are 95 % intervals. {told}"
    told += (
        "What parameters add is about the ranges given to them: wider ranges would make it larger. Luck would stay if "
        "every number were known. Model runs, not forecasts."
    )
    return "\n".join(textwrap.wrap(told, 138))
