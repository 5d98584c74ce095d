"""An outcome over the values of one parameter: a line through the points of a sweep, with its band."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import StrMethodFormatter

from sim.analysis.summary import is_share
from sim.errors import UsageError
from sim.plots.outcome_titles import outcome_title
from sim.plots.sheet import caption, headline, margins, new_sheet, style
from sim.plots.tipping import axis_label

_LEFT_MM = 17.0
_COLOUR = "#0B4F8A"


def response(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw an outcome over one parameter, a dot for each point, with the band of its 95 % intervals.

    Parameters
    ----------
    table
        One row per point: ``scenario``, ``outcome``, ``parameter``, ``x`` (its value), ``runs``, ``value``, ``low``,
        ``high``.
    ax
        Axes to draw on; by default a new figure of print width.

    Returns
    -------
    Axes
        The figure is ``ax.figure``.

    Raises
    ------
    UsageError
        If the table has no point with runs.

    Examples
    --------
    >>> row = {"scenario": "hardball", "outcome": "ceasefire_by_deadline", "parameter": "russia.confidence",
    ...        "x": 0.5, "runs": 8, "value": 0.25, "low": 0.1, "high": 0.6}
    >>> response(pd.DataFrame([row, row | {"x": 0.3, "value": 0.5}])).get_ylabel()
    'share of runs (%)'
    """
    rows = table[table["runs"] > 0].sort_values("x", kind="stable")
    if rows.empty:
        raise UsageError("there is no point with runs to draw")
    first = rows.iloc[0]
    outcome, share = str(first["outcome"]), is_share(str(first["outcome"]))
    scale = 100.0 if share else 1.0
    own = ax is None
    with style():
        if ax is None:
            sheet = new_sheet(96)
            ax = sheet.subplots()
            margins(sheet, left=_LEFT_MM, right=8, top=14, bottom=27)
        x = rows["x"].to_numpy(dtype=np.float64)
        value, low, high = (scale * rows[name].to_numpy(dtype=np.float64) for name in ("value", "low", "high"))
        if len(rows) > 1:
            ax.fill_between(x, low, high, color=_COLOUR, alpha=0.18, linewidth=0)
        else:
            ax.vlines(x, low, high, color=_COLOUR, linewidth=1.0)
        ax.plot(x, value, color=_COLOUR, marker="o", markersize=3.5)
        top = float(np.nanmax(high))
        ax.set_ylim(min(0.0, float(np.nanmin(low))), min(103.0, 1.12 * top or 1.0) if share else 1.12 * top or 1.0)
        ax.tick_params(axis="y", length=3, width=0.6)
        ax.grid(axis="y")
        ax.yaxis.set_major_formatter(StrMethodFormatter("{x:,.6g}"))
        ax.set_xlabel(axis_label(str(first["parameter"]), 110))
        ax.set_ylabel("share of runs (%)" if share else "km², mean of runs")
        headline(ax, outcome_title(outcome), own=own)
        counts = sorted(set(rows["runs"].astype(int)))
        each = f"{counts[0]:,} runs" if len(counts) == 1 else f"{counts[0]:,} to {counts[-1]:,} runs"
        caption(ax, f"Scenario {first['scenario']}, {len(rows)} points of {each} each; the band joins their 95 % "
                "intervals.\nModel runs, not forecasts.", left_mm=_LEFT_MM, below_mm=16)  # fmt: skip
    return ax
