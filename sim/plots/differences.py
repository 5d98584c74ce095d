"""How far each scenario is from the baseline in one outcome: dot and interval."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from sim.analysis.contrasts import COMPARED, MEDIAN, date_in_both
from sim.analysis.outcomes import ScenarioDates
from sim.analysis.summary import is_share
from sim.arrays import FloatArray
from sim.errors import UsageError, nearest
from sim.plots.colours import looks
from sim.plots.outcome_titles import outcome_title
from sim.plots.sheet import (
    NAMES_MM,
    NO_BREAK,
    baseline_first,
    caption,
    headline,
    margins,
    name_rows,
    new_sheet,
    noted,
    short_date,
    small_print,
    style,
    subtitle,
)


def differences(
    table: pd.DataFrame,
    scenarios: Sequence[ScenarioDates],
    baseline: str | None = None,
    outcome: str = "ceasefire_by_deadline",
    ax: Axes | None = None,
) -> Axes:
    """Paired differences to the baseline in one outcome, largest first: a dot with its 95 % interval per scenario.

    Parameters
    ----------
    table
        Table of `sim.analysis.contrasts.differences`.
    scenarios
        Scenarios; those that cannot be compared in this outcome are named in the caption.
    baseline
        Name of the baseline, at zero; by default the first scenario.
    outcome
        One of `sim.analysis.contrasts.COMPARED`.
    ax
        Axes to draw on; by default a new figure of print width.

    Returns
    -------
    Axes
        The figure is ``ax.figure``.

    Raises
    ------
    UsageError
        If the baseline or the outcome is unknown, or the table has nothing of them.
    """
    ordered = baseline_first(scenarios, baseline)
    reference, by_name = ordered[0], {scenario.name: scenario for scenario in ordered}
    rows = _rows(table, reference, by_name, outcome)
    names = rows["scenario"].tolist()
    appearance = looks(by_name)
    share = is_share(outcome)
    scale, unit = (100.0, "percentage points") if share else (1.0, "weeks" if outcome == MEDIAN else "km²")
    own = ax is None
    title, against = outcome_title(outcome), "Difference to the baseline, run by run"
    labels = _labels(rows, reference, by_name, outcome)
    row_mm = 7.2 if max(text.count("\n") for text in labels) < 2 else 10.6
    with style():
        if ax is None:
            sheet = new_sheet(41 + row_mm * len(labels))
            ax = sheet.subplots()
            margins(sheet, left=NAMES_MM, right=6, top=16, bottom=22)
            subtitle(ax, against)
        headline(ax, title if own else f"{title}: difference to the baseline", own=own)
        numbers = {key: scale * rows[key].to_numpy(dtype=np.float64) for key in ("difference", "low", "high")}
        ax.axvline(0, color="#666666", linewidth=0.9, zorder=1)
        ax.plot(0, 0, marker="D", markersize=5, color=appearance[reference.name].colour, linestyle="none", zorder=3)
        first = float(scale * rows["baseline_value"].iloc[0])
        told = "not reached by half" if np.isnan(first) else _told(first, share, outcome, signed=False)
        _write(ax, 0, 0.0, told, bold=True)
        for place, name in enumerate(names, start=1):
            value, low, high = (float(numbers[key][place - 1]) for key in ("difference", "low", "high"))
            if np.isnan(value):
                _write(ax, place, 0.0, _without_difference(rows.iloc[place - 1], share, outcome))
                continue
            colour = appearance[name].colour
            if not np.isnan(low):
                ax.errorbar(value, place, xerr=[[value - low], [high - value]], fmt="none", ecolor=colour,
                            elinewidth=1.4, capsize=2.2, capthick=1.0, zorder=2)  # fmt: skip
            clear = bool(rows["distinguishable_holm"].iloc[place - 1])
            ax.plot(value, place, marker="o", markersize=5, markeredgecolor=colour, markeredgewidth=1.2,
                    markerfacecolor=colour if clear else "white", linestyle="none", label=name, zorder=3)  # fmt: skip
            ends = [value] if np.isnan(low) else [low, high]
            _write(ax, place, max(ends) if value >= 0 else min(ends), _told(value, share, outcome, signed=True),
                   left=value < 0)  # fmt: skip
        _limits(ax, numbers)
        ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:+,.6g}".replace("-", "−") if x else "0"))
        ax.set_xlabel(f"difference to the baseline ({unit})")
        ax.grid(axis="x")
        name_rows(ax, labels)
        small = _caption(rows, ordered, bool((rows["until"] != _date(reference, outcome)).any()))
        caption(ax, small, left_mm=NAMES_MM, below_mm=12)
    return ax


def _rows(
    table: pd.DataFrame, reference: ScenarioDates, by_name: dict[str, ScenarioDates], outcome: str
) -> pd.DataFrame:
    """Return the rows of the outcome, largest difference first, those without one last."""
    if outcome not in COMPARED:
        hint = nearest(outcome, COMPARED) or f"; there are {', '.join(COMPARED)}"
        raise UsageError(f"there is no outcome '{outcome}'{hint}")
    wanted = (table["outcome"] == outcome) & (table["baseline"] == reference.name) & table["scenario"].isin(by_name)
    rows = table[wanted]
    if rows.empty:
        raise UsageError(f"the table has no difference to '{reference.name}' in {outcome}")
    return rows.sort_values("difference", ascending=False, kind="stable", na_position="last", ignore_index=True)


def _labels(rows: pd.DataFrame, reference: ScenarioDates, by_name: dict[str, ScenarioDates], outcome: str) -> list[str]:
    """Return the names of the rows, the baseline's first, with the date of the comparison if it is another."""
    common = _date(reference, outcome)
    labels = [noted(reference, ["baseline"])]
    for name, until in zip(rows["scenario"], rows["until"], strict=True):
        notes = [] if until == common else [f"until {short_date(date.fromisoformat(until))}"]
        labels.append(noted(by_name[name], notes))
    return labels


def _date(scenario: ScenarioDates, outcome: str) -> str:
    day: date = getattr(scenario, date_in_both(outcome))
    return day.isoformat()


def _told(value: float, share: bool, outcome: str, *, signed: bool) -> str:
    number = f"{value:{'+' if signed else ''},.{1 if share else 0}f}".replace("-", "−")
    if number.strip("+−0.") == "":
        number = number.lstrip("+−")
    if share:
        return f"{number}{'' if signed else f'{NO_BREAK}%'}"
    return number if signed else f"{number}{NO_BREAK}{'weeks' if outcome == MEDIAN else 'km²'}"


def _without_difference(row: pd.Series, share: bool, outcome: str) -> str:
    """Say what is known where one of the two medians is not reached."""
    if np.isnan(row["value"]):
        return str(row["verdict"])
    return f"{_told(float(row['value']), share, outcome, signed=False)}: {row['verdict']}"


def _write(axes: Axes, place: int, beside: float, text: str, *, bold: bool = False, left: bool = False) -> None:
    axes.annotate(
        text, (beside, place), xytext=(-6 if left else 6, 0), textcoords="offset points", va="center_baseline",
        ha="right" if left else "left", fontsize=6.8, fontweight="bold" if bold else "normal", zorder=4,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
    )  # fmt: skip


def _limits(axes: Axes, numbers: dict[str, FloatArray]) -> None:
    """Leave room for the numbers, which stand right of a gain and left of a loss."""
    every = np.concatenate([[0.0], *numbers.values()])
    low, high = float(np.nanmin(every)), float(np.nanmax(every))
    width = (high - low) or 1.0
    if low == high:  # nothing but words
        axes.set_xticks([0])
    losses = bool((numbers["difference"] < 0).any())
    axes.set_xlim(low - (0.2 if losses else 0.05) * width, high + 0.17 * width)


def _caption(rows: pd.DataFrame, ordered: Sequence[ScenarioDates], dates: bool) -> str:
    pairs = sorted(set(rows["pairs"].astype(int)))
    each = f"{pairs[0]:,}" if len(pairs) == 1 else f"{pairs[0]:,} to {pairs[-1]:,}"
    several = f", adjusted for {len(rows)} comparisons by Holm's method" if len(rows) > 1 else ""
    shown = {*rows["scenario"], *rows["baseline"]}
    absent = "; ".join(scenario.title for scenario in ordered if scenario.name not in shown)
    left_out = f"Not compared, as the horizon is another: {absent}." if absent else ""
    return small_print(
        f"{each} pairs of runs per scenario; whiskers are 95 % intervals of the difference. Hollow dots: not "
        f"distinguishable from the baseline (5 %{several}).",
        "Where a date is given, both are compared up to then." if dates else "",
        textwrap.shorten(left_out, 250, placeholder=" …."),
        "Model runs, not forecasts.",
    )
