"""Which uncertain parameters move an outcome: its value where each is low and where it is high."""

from __future__ import annotations

import textwrap

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import StrMethodFormatter

from sim.analysis.significance import LEVEL
from sim.analysis.summary import is_share
from sim.errors import UsageError
from sim.plots.colours import HIGH_COLOUR, LOW_COLOUR
from sim.plots.outcome_titles import outcome_title
from sim.plots.parameter_labels import parameter_label
from sim.plots.sheet import caption, headline, margins, name_rows, new_sheet, style

#: Parameters that are drawn, at most; the caption sums up the others.
MOST = 10

_LEFT_MM = 66.0
_WIDTH = 46  # letters of a line of a row's label


def tornado(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw what an outcome is where a parameter lies in the lowest and in the highest fifth of its law.

    Parameters
    ----------
    table
        Table of `sim.analysis.tornado`, or of `sim.Comparison.tornado`.
    ax
        Axes to draw on; by default a new figure of print width. Labels stand left of it: leave room.

    Returns
    -------
    Axes
        The figure is ``ax.figure``.

    Raises
    ------
    UsageError
        If the table is about more than one scenario or outcome, or about none.
    """
    if len(table[["scenario", "outcome"]].drop_duplicates()) != 1:
        raise UsageError("this figure shows one outcome of one scenario; choose the rows of one")
    first = table.iloc[0]
    outcome = str(first["outcome"])
    shown = table[table["difference"].notna()].head(MOST)
    own = ax is None
    with style():
        if ax is None:
            sheet = new_sheet(44 + 10.6 * max(len(shown), 2))
            ax = sheet.subplots()
            margins(sheet, left=_LEFT_MM, right=6, top=16, bottom=28)
        scale = 100.0 if is_share(outcome) else 1.0
        for place, row in enumerate(shown.to_dict("records")):
            _draw(ax, place, row, scale)
        _limits(ax, shown, float(first["overall"]), scale)
        ax.axvline(scale * float(first["overall"]), color="#444444", linewidth=0.9, zorder=3)
        if not (shown["difference"] != 0).any():
            told = "too few runs to compare" if shown.empty else "it is the same at both ends of every parameter"
            ax.text(0.5, 0.5, told, transform=ax.transAxes, ha="center", fontsize=8, zorder=5,
                    bbox={"facecolor": "white", "edgecolor": "#999999", "linewidth": 0.6})  # fmt: skip
        ax.xaxis.set_major_formatter(StrMethodFormatter("{x:,.6g}"))
        overall = scale * float(first["overall"])
        told = f"% of runs; the line marks all runs, {overall:.1f} %"
        if not is_share(outcome):
            told = f"km², mean of runs; the line marks that of all, {overall:,.0f} km²"
        ax.set_xlabel(told)
        ax.grid(axis="x")
        name_rows(ax, [_label(row) for row in shown.to_dict("records")])
        for text in ax.get_yticklabels():
            text.set(fontweight="normal", fontsize=6.4, linespacing=1.15)
        _legend(ax)
        headline(ax, f"{outcome_title(outcome)}: what moves it", own=own, pad=20)
        caption(ax, _small_print(table, shown), left_mm=_LEFT_MM, below_mm=11)
    return ax


def _label(row: dict[str, object]) -> str:
    text = parameter_label(str(row["parameter"]), _WIDTH, str(row["meaning"]), str(row["unit"]))
    return f"{text} *" if row["distinguishable_holm"] else text


def _draw(axes: Axes, place: int, row: dict[str, float], scale: float) -> None:
    """Draw the two halves of a row, each from the value of all runs, with intervals and the values of the parameter."""
    sure = bool(row["distinguishable"])
    overall = scale * row["overall"]
    for end, colour, sign, value in (
        ("lowest", LOW_COLOUR, "≤", row["lowest_up_to"]), ("highest", HIGH_COLOUR, "≥", row["highest_from"])
    ):  # fmt: skip
        mean = scale * row[end]
        # Both may lie on one side of the value of all runs: the nearer one is then drawn over the other.
        other = scale * row["highest" if end == "lowest" else "lowest"]
        nearer = abs(mean - overall) <= abs(other - overall)
        axes.barh(
            place, mean - overall, left=overall, height=0.5, facecolor=colour if sure else "white", edgecolor=colour,
            hatch=None if sure else "//////", linewidth=0.8, zorder=2.4 if nearer else 2.2,
        )  # fmt: skip
        low, high = scale * row[f"{end}_low"], scale * row[f"{end}_high"]
        if np.isfinite([low, high]).all():
            axes.plot([low, high], [place, place], color="white", linewidth=2.4, zorder=3.1)
            axes.plot([low, high], [place, place], color="#555555", linewidth=0.9, marker="|", markersize=4,
                      markeredgewidth=0.9, zorder=3.2)  # fmt: skip
        right = mean > other or (mean == other and end == "highest")
        # Beyond both intervals, so that no number stands on the other's.
        reach = [scale * row[f"{kind}{bound}"] for kind in ("lowest", "highest") for bound in ("", "_low", "_high")]
        edges = [x for x in (*reach, overall) if np.isfinite(x)]
        axes.annotate(
            f"{sign} {value:.3g}", (max(edges) if right else min(edges), place), xytext=(4 if right else -4, 0),
            textcoords="offset points", ha="left" if right else "right", va="center_baseline", fontsize=6.3,
            color="#222222",
        )  # fmt: skip


def _limits(axes: Axes, shown: pd.DataFrame, overall: float, scale: float) -> None:
    """Leave room for the values of the parameters beside the bars."""
    columns = ["lowest", "highest", "lowest_low", "lowest_high", "highest_low", "highest_high"]
    values = np.append(shown[columns].to_numpy(dtype=np.float64).ravel(), overall) * scale
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    room = 0.16 * (high - low) or 1.0
    axes.set_xlim(low - room, high + room)
    # The room for numbers may reach below 0, where the outcome cannot be.
    lowest = low - room if low < 0 else max(0.0, low - room)
    axes.set_xticks([tick for tick in axes.get_xticks() if lowest <= tick <= high + room])


def _legend(axes: Axes) -> None:
    handles = [
        Patch(facecolor=LOW_COLOUR, edgecolor=LOW_COLOUR, label="parameter in its lowest fifth"),
        Patch(facecolor=HIGH_COLOUR, edgecolor=HIGH_COLOUR, label="in its highest fifth"),
        Patch(facecolor="white", edgecolor="#555555", hatch="//////", label="not distinguishable"),
        Line2D([], [], color="#555555", linewidth=0.9, marker="|", markersize=4, label="95 % interval"),
    ]
    axes.legend(handles=handles, ncols=4, loc="lower right", bbox_to_anchor=(1, 1), borderaxespad=0.5, borderpad=0,
                handleheight=1.0, fontsize=6.6, columnspacing=1.2)  # fmt: skip


def _small_print(table: pd.DataFrame, shown: pd.DataFrame) -> str:
    """Say of whom it is, what the rest amounts to, and what chance alone would show."""
    first, tested = table.iloc[0], int(table["p_value"].notna().sum())
    found, sure = int(table["distinguishable"].sum()), int(table["distinguishable_holm"].sum())
    rest = table.drop(shown.index)
    rest = rest[rest["difference"].notna()]
    told = f"Scenario {first['scenario']}, {first['runs']:,} runs; beside the bars, values of the parameter. "
    if len(rest):
        largest = float(rest["difference"].abs().max())
        most = f"{100 * largest:.1f} percentage points" if is_share(first["outcome"]) else f"{largest:,.0f} km²"
        others = f"The other {len(rest)} parameters make" if len(rest) > 1 else "The other parameter makes"
        told += f"{others} a difference of at most {most} between the two fifths."
    several = (
        f"Of {tested} parameters {found} {'is' if found == 1 else 'are'} distinguishable at 95 %, where chance alone "
        f"would show about {LEVEL * tested:.2g}; {sure} {'is' if sure == 1 else 'are'} so after correction for their "
        "number (*, Holm). Each is averaged over all others, which vary as ever. Model runs, not forecasts."
    )
    return "\n".join([*textwrap.wrap(told, 138), *textwrap.wrap(several, 138)])
