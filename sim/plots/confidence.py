"""How sure Russia is of reaching its aims by force, week by week."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes

from sim.analysis.outcomes import ScenarioDates
from sim.plots.colours import looks
from sim.plots.dates import mark_deadlines, name_months
from sim.plots.labels import heights, in_lines, name_lines, percent, percent_axis
from sim.plots.sheet import (
    baseline_first,
    caption,
    day_number,
    headline,
    margins,
    new_sheet,
    runs_caption,
    short_date,
    small_print,
    style,
    subtitle,
)
from sim.plots.traced import DAYS_A_WEEK, FAN, days_of, draw_fan, traced
from sim.scenario.calendar import DEADLINE, week_of

#: What has to be traced.
VARIABLES: tuple[str, ...] = ("confidence",)

_LEFT_MM = 15.0
_TITLE = "How sure Russia is of taking all four oblasts by force"


def confidence(
    traces: pd.DataFrame,
    scenarios: Sequence[ScenarioDates],
    baseline: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Russia's confidence over time: a fan for the baseline, the median run of every other scenario as a line.

    The axis ends at the baseline's horizon.

    Parameters
    ----------
    traces
        Table of `sim.experiment.traces.quantiles` that holds `VARIABLES`.
    scenarios
        Scenarios in the order wanted.
    baseline
        Name of the baseline, drawn thick and with its fan; by default the first scenario.
    ax
        Axes to draw on; by default a new figure of print width. Names stand right of it: leave room.

    Returns
    -------
    Axes
        The figure is ``ax.figure``.

    Raises
    ------
    UsageError
        If the baseline is unknown, or the traces do not hold what is drawn.
    """
    ordered = baseline_first(scenarios, baseline)
    reference = ordered[0]
    appearance = looks(scenario.name for scenario in ordered)
    rows = {}
    for scenario in ordered:
        own_rows = traced(traces, scenario, VARIABLES)[VARIABLES[0]]
        rows[scenario.name] = own_rows[own_rows["week"] < reference.horizon_week]
    texts = [_text(scenario, reference, float(rows[scenario.name]["q50"].iloc[-1])) for scenario in ordered]
    own = ax is None
    with style():
        if ax is None:
            sheet = new_sheet(max(104.0, 42 + sum(heights(texts)) * 25.4 / 72))
            ax = sheet.subplots()
            deadlines = len({scenario.deadline for scenario in ordered})
            margins(sheet, left=_LEFT_MM, right=62, top=20 + 3 * max(0, deadlines - 2), bottom=24)
            subtitle(ax, f"Believed probability of full control within {week_of(DEADLINE)} weeks of each date")
        headline(ax, _TITLE, own=own, pad=16)
        # Beliefs are those when the week is over.
        draw_fan(ax, rows[reference.name], appearance[reference.name].colour, width=2.4, later=DAYS_A_WEEK)
        for scenario in ordered[1:]:
            look, table = appearance[scenario.name], rows[scenario.name]
            ax.plot(days_of(table) + DAYS_A_WEEK, table["q50"], color=look.colour, linestyle=look.line, linewidth=1.4,
                    label=scenario.name, zorder=2)  # fmt: skip
        first, edge = pd.to_datetime(rows[reference.name]["date"].iloc[0]).date(), day_number(reference.horizon)
        highest = max(float(table["q50"].max()) for table in rows.values())
        ax.set_ylim(0, min(1.03, 1.08 * max(highest, float(rows[reference.name]["q95"].max()), 0.05)))
        ax.set_xlim(day_number(first), edge)
        percent_axis(ax, "believed probability (%)")
        name_months(ax, first, reference.horizon)
        mark_deadlines(ax, [scenario.deadline for scenario in ordered])
        ends = [(float(days_of(table)[-1]) + DAYS_A_WEEK, float(table["q50"].iloc[-1])) for table in rows.values()]
        name_lines(ax, ends, texts, [appearance[scenario.name] for scenario in ordered], edge)
        caption(ax, _caption(rows, ordered), left_mm=_LEFT_MM, below_mm=10)
    return ax


def _text(scenario: ScenarioDates, reference: ScenarioDates, last: float) -> str:
    baseline = " (baseline)" if scenario.name == reference.name else ""
    early = f" (by {short_date(scenario.horizon)})" if scenario.horizon < reference.horizon else ""
    return in_lines(f"{scenario.title}{baseline}, {percent(last)}{early}", bold=bool(baseline))


def _caption(rows: dict[str, pd.DataFrame], ordered: Sequence[ScenarioDates]) -> str:
    runs = runs_caption(count for table in rows.values() for count in table["runs"].iloc[:1])
    last = short_date(min(ordered[0].horizon, max(scenario.horizon for scenario in ordered)))
    if len(ordered) == 1:
        what = f"{runs.removesuffix(' per scenario')}. {FAN[0].upper()}{FAN[1:]}."
    else:
        what = (
            f"{runs}. Lines: the median of the runs, week by week. Bands, of the baseline alone: the middle half of "
            "the runs and nine in ten."
        )
    return small_print(
        what, f"Percentages at the right are medians on {last}.",
        "Runs in which a ceasefire is in force count too; once Russia holds all four oblasts, its belief is 100 %.",
        "Model runs, not forecasts.",
    )  # fmt: skip
