"""How soon a ceasefire comes: cumulative incidence over time, one line per scenario."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd
from matplotlib.axes import Axes

from sim.analysis.outcomes import ScenarioDates
from sim.plots.colours import Look, looks
from sim.plots.dates import mark_deadlines, name_months
from sim.plots.labels import heights, in_lines, name_lines, percent, percent_axis
from sim.plots.sheet import (
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

_LEFT_MM = 15.0


def _line(axes: Axes, curve: pd.DataFrame, look: Look, name: str, emphasised: bool, alpha: float) -> None:
    """Draw one curve with its band; `alpha` is the opacity of the band."""
    days = [day_number(day) for day in curve["date"]]
    order = 3.0 if emphasised else 2.0
    axes.fill_between(days, curve["low"], curve["high"], color=look.colour, alpha=alpha, linewidth=0,
                      zorder=order - 1)  # fmt: skip
    axes.plot(days, curve["share"], color=look.colour, linestyle=look.line, linewidth=2.4 if emphasised else 1.4,
              label=name, zorder=order)  # fmt: skip


def _text(scenario: ScenarioDates, reference: ScenarioDates, share: float, final: float) -> str:
    """Label of one line: title and share at the end of the axis, with the later share of a longer scenario."""
    baseline = " (baseline)" if scenario.name == reference.name else ""
    text = f"{scenario.title}{baseline}, {percent(share)}"
    if scenario.horizon > reference.horizon:
        text += f" ({percent(final)} by {_unbroken(scenario.horizon)})"
    elif scenario.horizon < reference.horizon:
        text += f" (by {_unbroken(scenario.horizon)})"
    return in_lines(text, bold=bool(baseline))


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
            sheet = new_sheet(max(104.0, 38 + sum(heights(texts)) * 25.4 / 72))
            ax = sheet.subplots()
            margins(sheet, left=_LEFT_MM, right=62, top=15 + 3 * max(0, deadlines - 2), bottom=23)
        for scenario in ordered:
            curve = incidence[(incidence["scenario"] == scenario.name) & (incidence["week"] <= reference.horizon_week)]
            alpha = min(0.16, 1.4 / len(ordered))  # many bands on top of each other would hide the lines
            _line(ax, curve, appearance[scenario.name], scenario.name, scenario.name == reference.name, alpha)
        first, edge = incidence["date"].min().date(), day_number(reference.horizon)
        ax.set_ylim(0, min(1.03, highest * 1.08))  # room for a line at 100 %
        ax.set_xlim(day_number(first), edge)
        percent_axis(ax, "share of runs (%)")
        name_months(ax, first, reference.horizon)
        ax.set_xlabel("date by which the ceasefire has begun")
        mark_deadlines(ax, [scenario.deadline for scenario in ordered])
        name_lines(ax, ends, texts, [appearance[scenario.name] for scenario in ordered], edge)
        headline(ax, "Runs in which a first ceasefire has begun that holds for at least 30 days", own=own,
                 pad=6 + 9 * deadlines)  # fmt: skip
        caption(ax, f"{runs_caption(runs)}; bands are 95 % intervals (Wilson); percentages at the right are those on "
                f"{short_date(reference.horizon)}.\nA ceasefire begun in the last four weeks has had no time to count. "
                "Shares of model runs, not forecasts.", left_mm=_LEFT_MM, below_mm=14)  # fmt: skip
    return ax
