"""What ceasefires are made of: how far each issue goes Ukraine's or Russia's way, scenario by scenario."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import NDArray

from sim.analysis.outcomes import ScenarioDates
from sim.errors import UsageError
from sim.parameters import ISSUES
from sim.plots.colours import Look, looks
from sim.plots.sheet import (
    NAMES_MM,
    baseline_first,
    caption,
    headline,
    label,
    margins,
    name_rows,
    new_sheet,
    runs_caption,
    style,
)

#: Above each panel: what 0 and 1 mean of the issue.
_PANELS = {
    "territory": "Territory\nshare of the land left\nthat is handed over",
    "sanctions": "Sanctions\nshare of them\nthat is lifted",
    "security": "Security\n0 guarantees to Ukraine,\n1 its neutrality",
    "recognition": "Recognition\nof what Russia holds,\n0 none, 1 full",
}


def terms(
    table: pd.DataFrame,
    scenarios: Sequence[ScenarioDates],
    baseline: str | None = None,
    axes: Sequence[Axes] | None = None,
) -> NDArray[np.object_]:
    """Draw the terms of the ceasefires of each scenario, one panel per issue: median, middle half and 90 % of them.

    Parameters
    ----------
    table
        Table of `sim.analysis.agreed_terms`.
    scenarios
        Scenarios in the order wanted.
    baseline
        Name of the baseline, drawn first and in bold; by default the first scenario.
    axes
        Four Axes to draw on; by default a new figure of print width.

    Returns
    -------
    NDArray
        The four Axes, shape (4,); the figure is ``axes[0].figure``.

    Raises
    ------
    UsageError
        If the baseline is unknown, or `axes` are not four.
    """
    ordered = baseline_first(scenarios, baseline)
    reference, names = ordered[0], [scenario.name for scenario in ordered]
    appearance = looks(names)
    rows = table[table["scenario"].isin(names)]
    counts = rows[rows["issue"] == ISSUES[0]].set_index("scenario")["deals"]
    labels = [
        f"{label(scenario, reference, deadline=False)}\n{_deals(int(counts[scenario.name]))}" for scenario in ordered
    ]
    with style():
        if axes is None:
            lines = max(text.count("\n") + 1 for text in labels)
            sheet = new_sheet(43 + max(9.2, 3.3 * lines + 1) * len(ordered))
            panels = np.asarray(sheet.subplots(1, 4, sharey=True), dtype=object)
            margins(sheet, left=NAMES_MM, right=5, top=22, bottom=21)
            sheet.subplots_adjust(wspace=0.14)
            headline(panels[0], "What the ceasefires that are signed are made of", own=True)
        else:
            panels = np.asarray(axes, dtype=object).ravel()
            if len(panels) != len(ISSUES):
                raise UsageError(f"axes: terms needs four Axes, not {len(panels)}")
        for panel, issue in zip(panels, ISSUES, strict=True):
            _draw(panel, rows[rows["issue"] == issue].set_index("scenario").loc[names], appearance)
            heading, _, explained = _PANELS[issue].partition("\n")
            panel.set_title(explained, fontsize=6.5, linespacing=1.25)
            panel.annotate(heading, (0, 1), xycoords="axes fraction", xytext=(0, 24), textcoords="offset points",
                           fontsize=8, fontweight="bold", annotation_clip=False)  # fmt: skip
        name_rows(panels[0], labels)
        for panel in panels[1:]:
            panel.spines["left"].set_visible(False)
            panel.set_ylim(panels[0].get_ylim())
            panel.tick_params(left=False, labelleft=False)
        panels[0].annotate(
            "0 is Ukraine's ideal, 1 is Russia's", (0, 0), xycoords="axes fraction", xytext=(0, -21),
            textcoords="offset points", fontsize=7.5, va="top", annotation_clip=False,
        )  # fmt: skip
        runs = rows.drop_duplicates("scenario")["runs"]
        caption(panels[0], f"{runs_caption(runs)}; a deal is the first ceasefire of a run that held for at "
                "least 30 days.\nLine: 90 % of the deals; bar: the middle half; mark and number: the median. Model "
                "runs, not forecasts.", left_mm=NAMES_MM, below_mm=13)  # fmt: skip
    return panels


def _deals(count: int) -> str:
    return "no deal" if not count else f"{count:,} deal{'s' if count != 1 else ''}"


def _draw(axes: Axes, rows: pd.DataFrame, appearance: dict[str, Look]) -> None:
    """Draw one row per scenario: the line of 90 % of its deals, the bar of the middle half, the median."""
    for place, (name, row) in enumerate(rows.iterrows()):
        if not row["deals"]:
            axes.text(0.5, place, "no deal", ha="center", va="center", fontsize=6.5, color="#777777", style="italic")
            continue
        colour = appearance[str(name)].colour
        axes.plot([row["q05"], row["q95"]], [place, place], color=colour, linewidth=1.1, solid_capstyle="round")
        axes.barh(place, row["q75"] - row["q25"], left=row["q25"], height=0.44, color=colour, alpha=0.35,
                  edgecolor=colour, linewidth=0.8)  # fmt: skip
        axes.plot([row["median"]], [place], marker="o", markersize=5, markerfacecolor="white", markeredgecolor=colour,
                  markeredgewidth=1.5, clip_on=False, zorder=4)  # fmt: skip
        axes.annotate(f"{row['median']:.2f}", (1.0, place), xytext=(14, 0), textcoords="offset points", ha="center",
                      va="center_baseline", fontsize=6.5, annotation_clip=False)  # fmt: skip
    axes.set_xlim(0, 1.3)
    axes.set_xticks([0, 0.5, 1], ["0", "0.5", "1"])
    axes.spines["bottom"].set_bounds(0, 1)
    axes.grid(axis="x")
