"""How the runs of every scenario stand at the deadline and at the horizon."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray

from sim.analysis.outcomes import STATES, ScenarioDates
from sim.errors import UsageError
from sim.plots.colours import STATE_COLOURS, STATE_HATCHES, ink_on
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

#: A share is printed in its segment from here on; below, the number would be wider than the segment.
SMALLEST_PRINTED = 0.05
_PANELS = (("deadline", "At the deadline, {}"), ("horizon", "At the horizon, {}"))


def _stack(axes: Axes, table: pd.DataFrame, names: Sequence[str]) -> None:
    """Draw one stacked bar per scenario: share of runs in per cent, by state."""
    left = np.zeros(len(names))
    for state in STATES:
        share = 100 * table[table["state"] == state].set_index("scenario")["share"].reindex(names).to_numpy(dtype=float)
        colour = STATE_COLOURS[state]
        axes.barh(
            range(len(names)), share, left=left, height=0.74, color=colour, label=state,
            hatch=STATE_HATCHES.get(state), edgecolor="white", linewidth=0.5,
        )  # fmt: skip
        for row in np.flatnonzero(share >= 100 * SMALLEST_PRINTED).tolist():
            axes.text(
                left[row] + share[row] / 2, row, f"{share[row]:.0f}", ha="center", va="center_baseline", fontsize=6.8,
                color=ink_on(colour), path_effects=[withStroke(linewidth=2.2, foreground=colour)],
            )  # fmt: skip
        left += share


def _legend(axes: Axes) -> None:
    """Name the states above the panel, in the order of the bars, three to a line."""
    handles = [
        Patch(facecolor=STATE_COLOURS[state], hatch=STATE_HATCHES.get(state), edgecolor="white", label=state)
        for state in STATES
    ]
    # Matplotlib fills a legend column by column; people read it line by line.
    by_column = [handles[i] for column in range(3) for i in range(column, len(handles), 3)]
    axes.legend(
        handles=by_column, ncols=3, loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=2.4, borderpad=0,
        handleheight=1.0,
    )  # fmt: skip


def outcome_shares(
    shares: pd.DataFrame,
    scenarios: Sequence[ScenarioDates],
    baseline: str | None = None,
    axes: Sequence[Axes] | None = None,
) -> NDArray[np.object_]:
    """Stacked bars: where the runs of each scenario stand at its deadline (left) and at its horizon (right).

    Parameters
    ----------
    shares
        Table of `sim.analysis.state_shares`.
    scenarios
        Scenarios in the order wanted.
    baseline
        Name of the baseline, drawn first and in bold; by default the first scenario.
    axes
        Two Axes to draw on; by default a new figure of print width.

    Returns
    -------
    NDArray
        The two Axes, shape (2,); the figure is ``axes[0].figure``.

    Raises
    ------
    UsageError
        If the baseline is unknown, or `axes` are not two.
    """
    ordered = baseline_first(scenarios, baseline)
    reference, names = ordered[0], [scenario.name for scenario in ordered]
    with style():
        if axes is None:
            sheet = new_sheet(40 + 8.2 * len(ordered))
            panels = np.asarray(sheet.subplots(1, 2, sharey=True), dtype=object)
            margins(sheet, left=NAMES_MM, right=5, top=23, bottom=17)
            sheet.subplots_adjust(wspace=0.1)
            headline(panels[0], "Where the runs of each scenario stand", own=True)
            _legend(panels[0])
        else:
            panels = np.asarray(axes, dtype=object).ravel()
            if len(panels) != 2:
                raise UsageError(f"axes: outcome_shares needs two Axes, not {len(panels)}")
        for panel, (when, title) in zip(panels, _PANELS, strict=True):
            _stack(panel, shares[shares["when"] == when], names)
            panel.set_title(title.format(plain_date(getattr(reference, when))), fontweight="bold")
            panel.set_xlim(0, 100)
            panel.set_xlabel("share of runs (%)")
        name_rows(panels[0], [label(scenario, reference, deadline=True) for scenario in ordered])
        panels[1].spines["left"].set_visible(False)
        panels[1].set_ylim(panels[0].get_ylim())
        panels[1].tick_params(left=False, labelleft=False)
        runs = shares[shares["scenario"].isin(names)]["runs"]
        caption(panels[0], f"{runs_caption(runs)}. A ceasefire is a general one that has held, or goes on to hold, "
                "for at least 30 days. Shares of model runs, not forecasts.",
                left_mm=NAMES_MM, below_mm=11)  # fmt: skip
    return panels
