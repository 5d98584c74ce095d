"""How long ceasefires last: the share still in force by age, one line per scenario."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes

from sim.analysis.outcomes import ScenarioDates
from sim.errors import UsageError
from sim.evidence import WEEKS_A_MONTH
from sim.plots.colours import looks
from sim.plots.labels import heights, in_lines, name_lines, percent, percent_axis
from sim.plots.sheet import (
    NO_BREAK,
    baseline_first,
    caption,
    headline,
    margins,
    new_sheet,
    small_print,
    style,
)

#: A line ends where fewer ceasefires than these are followed: what few of them do says little.
FEWEST = 10

#: Up to so many scenarios every line has its band; beyond, they would hide each other and only the baseline has one.
MOST_BANDS = 3

_LEFT_MM = 15.0
_TITLE = "Ceasefires that held for 30 days: share still in force by age"


def survival(
    curve: pd.DataFrame,
    scenarios: Sequence[ScenarioDates],
    baseline: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Share of ceasefires still in force by age (Kaplan-Meier), one line per scenario, with 95 % bands.

    Parameters
    ----------
    curve
        Table of `sim.analysis.survival.survival_curve`, not divided into groups. A scenario without a ceasefire has
        no rows and is named in the caption; a table without any row gives a figure that says so.
    scenarios
        Scenarios in the order wanted.
    baseline
        Name of the baseline, drawn thick; by default the first scenario. The axis ends where the lines end of scenarios
        with no later horizon than its own.
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
    reference = ordered[0]
    if set(curve["group"]) - {"all"}:
        raise UsageError("the ceasefires are divided into groups; survival draws the curves that are not (without by=)")
    appearance = looks(scenario.name for scenario in ordered)
    lines = {s.name: _followed(own) for s in ordered if len(own := curve[curve["scenario"] == s.name])}
    shown = [scenario for scenario in ordered if scenario.name in lines]
    edge = _edge(lines, shown, reference)
    lines = {name: rows[rows["age"] <= edge] for name, rows in lines.items()}
    texts = [_text(scenario, reference, lines[scenario.name], edge) for scenario in shown]
    own_sheet = ax is None
    with style():
        if ax is None:
            sheet = new_sheet(max(104.0, 38 + sum(heights(texts)) * 25.4 / 72) if shown else 60.0)
            ax = sheet.subplots()
            margins(sheet, left=_LEFT_MM, right=62, top=13, bottom=24)
        headline(ax, _TITLE, own=own_sheet)
        if not shown:
            _say_that_there_is_none(ax)
            return ax
        banded = shown if len(shown) <= MOST_BANDS else shown[:1]
        for scenario in shown:
            look, rows, first = appearance[scenario.name], lines[scenario.name], scenario.name == reference.name
            order = 3.0 if first else 2.0
            if scenario in banded:
                ax.fill_between(rows["age"], rows["low"], rows["high"], step="post", color=look.colour, linewidth=0,
                                alpha=0.16, zorder=order - 1)  # fmt: skip
            ax.step(rows["age"], rows["survival"], where="post", color=look.colour, linestyle=look.line,
                    linewidth=2.4 if first else 1.4, label=scenario.name, zorder=order)  # fmt: skip
        ax.set_xlim(0, edge)
        ax.set_ylim(0, 1.03)  # room for a line at 100 %
        ax.set_xticks(range(0, int(edge) + 1, 3 if edge <= 30 else 6))
        percent_axis(ax, "share still in force (%)")
        ax.set_xlabel("months since the start of the ceasefire")
        ends = [(float(rows["age"].iloc[-1]), float(rows["survival"].iloc[-1])) for rows in lines.values()]
        name_lines(ax, ends, texts, [appearance[scenario.name] for scenario in shown], edge,
                   first_bold=shown[0].name == reference.name)  # fmt: skip
        caption(ax, _caption(curve, ordered, shown, len(banded)), left_mm=_LEFT_MM, below_mm=12)
    return ax


def _followed(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the curve of one scenario from its start as far as enough are followed, with the age in months."""
    many = int(rows["at_risk"].iloc[0]) >= FEWEST
    enough = rows[rows["at_risk"] >= (FEWEST if many else 1)]
    start = pd.DataFrame({"age": [0.0], "survival": [1.0], "low": [1.0], "high": [1.0]})
    # Who outlasts the week of index w has held w + 1 weeks.
    later = enough.assign(age=(enough["week"].astype(float) + 1) / WEEKS_A_MONTH)[list(start)].astype(float)
    return pd.concat([start, later], ignore_index=True)


def _edge(lines: dict[str, pd.DataFrame], shown: Sequence[ScenarioDates], reference: ScenarioDates) -> float:
    """Return where the axis ends, in months."""
    within = [scenario for scenario in shown if scenario.horizon <= reference.horizon] or shown
    return max((float(lines[scenario.name]["age"].iloc[-1]) for scenario in within), default=0.0)


def _text(scenario: ScenarioDates, reference: ScenarioDates, rows: pd.DataFrame, edge: float) -> str:
    """Label of one line: title and share at its end, with the age if that is not the end of the axis."""
    baseline = " (baseline)" if scenario.name == reference.name else ""
    age = float(rows["age"].iloc[-1])
    told = f"{scenario.title}{baseline}, {percent(float(rows['survival'].iloc[-1]))}"
    if round(age) != round(edge):
        told += f" at{NO_BREAK}{age:.0f}{NO_BREAK}months"
    return in_lines(told, bold=bool(baseline))


def _say_that_there_is_none(axes: Axes) -> None:
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.text(0.5, 0.5, "No run has a ceasefire that held for 30 days.", transform=axes.transAxes, ha="center",
              va="center", fontsize=8.5)  # fmt: skip
    caption(axes, "Model runs, not forecasts.", left_mm=_LEFT_MM, below_mm=12)


def _caption(curve: pd.DataFrame, ordered: Sequence[ScenarioDates], shown: Sequence[ScenarioDates], banded: int) -> str:
    numbers = sorted(int(curve[curve["scenario"] == scenario.name]["at_risk"].iloc[0]) for scenario in shown)
    each = f"{numbers[0]:,}" if numbers[0] == numbers[-1] else f"{numbers[0]:,} to {numbers[-1]:,}"
    each += f" ceasefire{'' if numbers[-1] == 1 else 's'}{' per scenario' if len(shown) > 1 else ''}"
    without = "; ".join(scenario.title for scenario in ordered if scenario not in shown)
    none = f"No ceasefire that held 30 days: {without}." if without else ""
    whose = "" if banded == len(shown) else f", of {shown[0].title} alone"
    return small_print(
        f"{each}; those in force at the end of a run leave the count there (Kaplan-Meier).",
        f"Bands: 95 % intervals{whose}.",
        f"A line ends where fewer than {FEWEST} are followed (if there are fewer from the start: none); percentages at "
        "the right are those at its end. That the first 30 days hold is what makes them ceasefires here.",
        textwrap.shorten(none, 250, placeholder=" …."),
        "Model runs, not forecasts.",
    )
