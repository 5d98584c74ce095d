"""Which uncertain parameters an outcome depends on: first-order and total Sobol indices as bars."""

from __future__ import annotations

import textwrap

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from sim.analysis.sensitivity import PLACEBO
from sim.errors import UsageError, nearest
from sim.plots.colours import HIGH_COLOUR, LOW_COLOUR
from sim.plots.outcome_titles import outcome_title
from sim.plots.parameter_labels import parameter_label
from sim.plots.sheet import caption, headline, margins, name_rows, new_sheet, style

#: Parameters that are drawn, at most; the caption sums up the others.
MOST = 12

_LEFT_MM = 66.0
_WIDTH = 46  # letters of a line of a row's label
_KINDS = (("first_order", -0.2, HIGH_COLOUR, None), ("total", 0.2, LOW_COLOUR, "//////"))


def sobol(table: pd.DataFrame, outcome: str | None = None, ax: Axes | None = None) -> Axes:
    """Draw Sobol indices with their intervals, the largest total first.

    Parameters
    ----------
    table
        Table of `sim.inquiry.sensitivity.sensitivity` by the method "sobol".
    outcome
        One of its outcomes; may be left out if there is one only.
    ax
        Axes to draw on; by default a new figure of print width. Labels stand left of it: leave room.

    Returns
    -------
    Axes
        The figure is ``ax.figure``.

    Raises
    ------
    UsageError
        If the table holds no Sobol indices, or not of that outcome.
    """
    rows = _rows_of(table, outcome)
    first = rows.iloc[0]
    parameters = rows[rows["parameter"] != PLACEBO].sort_values("total", ascending=False, kind="stable")
    shown = parameters.head(MOST)
    own = ax is None
    with style():
        if ax is None:
            sheet = new_sheet(42 + 10.2 * max(len(shown), 2))
            ax = sheet.subplots()
            margins(sheet, left=_LEFT_MM, right=6, top=16, bottom=26)
        for kind, shift, colour, hatch in _KINDS:
            _bars(ax, shown, kind, shift, colour, hatch)
        bounds = 100 * shown[["first_order_low", "total_high", "first_order_high"]].to_numpy(dtype=np.float64)
        ax.set_xlim(min(0.0, 1.05 * float(np.nanmin(bounds))), max(1.0, 1.1 * float(np.nanmax(bounds))))
        ax.axvline(0, color="#666666", linewidth=0.6)
        ax.set_xlabel("share of the variance between points (%)")
        ax.grid(axis="x")
        name_rows(ax, [_label(row) for row in shown.to_dict("records")])
        for text in ax.get_yticklabels():
            text.set(fontweight="normal", fontsize=6.4, linespacing=1.15)
        handles = [
            Patch(facecolor=HIGH_COLOUR, edgecolor=HIGH_COLOUR, label="first order: by itself"),
            Patch(facecolor="white", edgecolor=LOW_COLOUR, hatch="//////", label="total: together with others"),
        ]
        ax.legend(handles=handles, ncols=2, loc="lower right", bbox_to_anchor=(1, 1), borderaxespad=0.5, borderpad=0,
                  handleheight=1.0)  # fmt: skip
        headline(ax, f"{outcome_title(str(first['outcome']))}: which unknowns decide", own=own, pad=20)
        caption(ax, _small_print(rows, parameters.iloc[MOST:]), left_mm=_LEFT_MM, below_mm=11)
    return ax


def _rows_of(table: pd.DataFrame, outcome: str | None) -> pd.DataFrame:
    if "total" not in table.columns or table.empty:
        raise UsageError("this table holds no Sobol indices; make it by the method 'sobol'")
    known = [str(name) for name in table["outcome"].unique()]
    if outcome is None and len(known) > 1:
        raise UsageError(f"the table holds several outcomes; name one of {', '.join(known)}")
    chosen = known[0] if outcome is None else outcome
    if chosen not in known:
        raise UsageError(f"the table holds no outcome '{chosen}'{nearest(chosen, known)}; it has {', '.join(known)}")
    return table[table["outcome"] == chosen]


def _label(row: dict[str, object]) -> str:
    text = parameter_label(str(row["parameter"]), _WIDTH)
    return f"{text} *" if row["distinguishable"] else text


def _bars(axes: Axes, shown: pd.DataFrame, kind: str, shift: float, colour: str, hatch: str | None) -> None:
    """Draw one bar per parameter with its interval and its number."""
    value, low, high = (100 * shown[f"{kind}{end}"].to_numpy(dtype=np.float64) for end in ("", "_low", "_high"))
    places = np.arange(len(shown)) + shift
    axes.barh(places, value, height=0.36, facecolor=colour if hatch is None else "white", edgecolor=colour, hatch=hatch,
              linewidth=0.8, label=kind)  # fmt: skip
    known = np.isfinite(low) & np.isfinite(high)
    for lower, upper, place in zip(low[known], high[known], places[known], strict=True):
        axes.plot([lower, upper], [place, place], color="white", linewidth=2.2, zorder=3)
        axes.plot([lower, upper], [place, place], color="#555555", linewidth=0.9, marker="|", markersize=3.5,
                  markeredgewidth=0.9, zorder=3.1)  # fmt: skip
    for number, end, place in zip(value, np.where(known, high, value), places, strict=True):
        axes.annotate(f"{number:.0f}", (max(end, number, 0), place), xytext=(4, 0), textcoords="offset points",
                      va="center_baseline", ha="left", fontsize=6.3)  # fmt: skip


def _small_print(rows: pd.DataFrame, rest: pd.DataFrame) -> str:
    """Say of what it is, what is left out, and how large luck and the placebo are."""
    first = rows.iloc[0]
    told = f"Scenario {first['scenario']}, {first['points']:,} points of {first['runs']:,} runs."
    told += " Whiskers are 95 % intervals."
    if len(rest):
        others = f"The other {len(rest)} parameters have totals" if len(rest) > 1 else "The other parameter has a total"
        told += f" {others} of at most {100 * float(rest['total'].max()):.1f} %."
    placebo = rows[rows["parameter"] == PLACEBO]
    about = "*: the total is distinguishable from that of a placebo, an input that reaches nothing"
    if len(placebo):
        about += f" ({100 * float(placebo['total'].iloc[0]):.1f} %)"
    about += (
        f". Luck, which makes {100 * float(first['luck_share']):.0f} % of what the points' means differ by, is taken "
        "out. Model runs, not forecasts."
    )
    return "\n".join([*textwrap.wrap(told, 138), *textwrap.wrap(about, 138)])
