"""How long ceasefires last: the share still in force by age, one line per scenario."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from sim.analysis.outcomes import ScenarioDates
from sim.errors import UsageError
from sim.evidence import WEEKS_A_MONTH
from sim.plots.colours import looks
from sim.plots.labels import heights, name_lines, percent, percent_axis
from sim.plots.sheet import EDGE_MM, baseline_first, caption, headline, margins, new_sheet, style

#: Age at which the figure tells the share, in months.
TOLD_AT_MONTHS = 12

_LEFT_MM = 15.0
_TITLE = "Ceasefires that held for 30 days: share still in force by age"


def survival(
    curve: pd.DataFrame,
    scenarios: Sequence[ScenarioDates],
    baseline: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Share of ceasefires still in force by age (Kaplan-Meier), one line with a 95 % band per scenario.

    Parameters
    ----------
    curve
        Table of `sim.analysis.survival.survival_curve`, not divided into groups. A scenario without a ceasefire has
        no rows and is named in the caption; a table without any row gives a figure that says so.
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
        If the baseline is unknown, or the ceasefires are divided into groups.
    """
    ordered = baseline_first(scenarios, baseline)
    if set(curve["group"]) - {"all"}:
        raise UsageError("the ceasefires are divided into groups; survival draws the curves that are not (without by=)")
    appearance = looks(scenario.name for scenario in ordered)
    rows = {s.name: own for s in ordered if len(own := curve[curve["scenario"] == s.name])}
    shown = [scenario for scenario in ordered if scenario.name in rows]
    texts = [_text(scenario, ordered[0], rows[scenario.name]) for scenario in shown]
    own = ax is None
    with style():
        if ax is None:
            sheet = new_sheet(max(104.0, 38 + sum(heights(texts)) * 25.4 / 72))
            ax = sheet.subplots()
            margins(sheet, left=_LEFT_MM, right=62, top=17, bottom=26)
        headline(ax, _TITLE, own=own, pad=15)
        if not shown:
            _say_that_there_is_none(ax)
            return ax
        ends = []
        for scenario in shown:
            look, table, first = appearance[scenario.name], rows[scenario.name], scenario.name == ordered[0].name
            # Who outlasts the week of index w has held w + 1 weeks.
            ages = np.append(0.0, table["week"].to_numpy(dtype=np.float64) + 1) / WEEKS_A_MONTH
            share, low, high = (np.append(1.0, table[key]) for key in ("survival", "low", "high"))
            order = 3.0 if first else 2.0
            ax.fill_between(ages, low, high, step="post", color=look.colour, linewidth=0,
                            alpha=min(0.16, 1.4 / len(shown)), zorder=order - 1)  # fmt: skip
            ax.step(ages, share, where="post", color=look.colour, linestyle=look.line,
                    linewidth=2.4 if first else 1.4, label=scenario.name, zorder=order)  # fmt: skip
            ends.append((float(ages[-1]), float(share[-1])))
        edge = max(age for age, _ in ends)
        ax.set_xlim(0, edge)
        lowest = min(float(table["low"].min()) for table in rows.values())
        ax.set_ylim(0 if lowest < 0.5 else np.floor(10 * lowest) / 10, 1.03)
        ax.set_xticks(range(0, int(edge) + 1, 3 if edge <= 30 else 6))
        percent_axis(ax, "share still in force (%)")
        ax.set_xlabel("months since the start of the ceasefire")
        if edge > TOLD_AT_MONTHS:
            ax.axvline(TOLD_AT_MONTHS, color="#888888", linewidth=0.8, linestyle=(0, (3, 2)), zorder=0.5)
            ax.annotate(f"{TOLD_AT_MONTHS} months", (TOLD_AT_MONTHS, 1), xycoords=("data", "axes fraction"),
                        xytext=(-2, 2), textcoords="offset points", va="bottom", ha="left", fontsize=6.5,
                        color="#555555")  # fmt: skip
        name_lines(ax, ends, texts, [appearance[scenario.name] for scenario in shown], edge,
                   first_bold=shown[0].name == ordered[0].name)  # fmt: skip
        caption(ax, _caption(rows, ordered), x_mm=EDGE_MM - _LEFT_MM, below_mm=11)
    return ax


def _text(scenario: ScenarioDates, reference: ScenarioDates, rows: pd.DataFrame) -> str:
    """Label of one line: title and share after a year, if a ceasefire is followed so long or all have collapsed."""
    week = round(TOLD_AT_MONTHS * WEEKS_A_MONTH) - 1
    at, last = rows[rows["week"] == week], rows.iloc[-1]
    if len(at):
        told = percent(float(at["survival"].iloc[0]))
    else:
        told = percent(0.0) if last["survival"] == 0 and last["week"] < week else "not followed so long"
    baseline = " (baseline)" if scenario.name == reference.name else ""
    return textwrap.fill(f"{scenario.title}{baseline}, {told}", 34)


def _say_that_there_is_none(axes: Axes) -> None:
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.text(0.5, 0.5, "No run has a ceasefire that held for 30 days.", transform=axes.transAxes, ha="center",
              va="center", fontsize=8.5)  # fmt: skip
    caption(axes, "Model runs, not forecasts.", x_mm=EDGE_MM - _LEFT_MM, below_mm=11)


def _caption(rows: dict[str, pd.DataFrame], ordered: Sequence[ScenarioDates]) -> str:
    numbers = sorted(int(table["at_risk"].iloc[0]) for table in rows.values())
    each = f"{numbers[0]:,}" if numbers[0] == numbers[-1] else f"{numbers[0]:,} to {numbers[-1]:,}"
    ceasefires = "ceasefire" if numbers[-1] == 1 else "ceasefires"
    none = [scenario.title for scenario in ordered if scenario.name not in rows]
    lines = [
        f"{each} {ceasefires} per scenario; those in force at the end of a run leave the count there (Kaplan-Meier); bands "
        "are 95 % intervals.",
        f"Percentages at the right are those after {TOLD_AT_MONTHS} months. That the first 30 days hold is what makes them "
        "ceasefires here. Model runs, not forecasts.",
    ]
    if none:
        lines += textwrap.wrap(f"No ceasefire that held 30 days: {'; '.join(none)}.", 135, max_lines=2, placeholder=" …")
    return "\n".join(lines)
