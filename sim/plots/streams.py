"""In which share of the runs each of some exclusive states holds, week by week: the talks, and what Washington does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from sim.analysis.outcomes import ScenarioDates
from sim.arrays import FloatArray
from sim.plots.colours import ACTOR_COLOURS, BOTH_COLOUR, BOTH_HATCH, STATE_COLOURS, ZONE_COLOUR
from sim.plots.dates import mark_deadlines, name_months
from sim.plots.labels import in_lines, name_bands, percent, percent_axis
from sim.plots.sheet import (
    caption,
    day_number,
    headline,
    margins,
    new_sheet,
    runs_caption,
    small_print,
    style,
    subtitle,
)
from sim.plots.traced import days_of, traced


class Band(NamedTuple):
    """One state: the variable that is its share of runs, None for what the others leave; its name and its look."""

    variable: str | None
    label: str
    colour: str
    hatch: str | None = None


_CEASEFIRE = Band(None, "ceasefire in force", STATE_COLOURS["ceasefire in force"])
_CONQUERED = Band("conquered", "full Russian control", STATE_COLOURS["full Russian control"])

#: What the talks could bring, from the bottom of the figure to its top.
TALKS: tuple[Band, ...] = (
    _CEASEFIRE,
    Band("war_zone", "zone of possible agreement", ZONE_COLOUR),
    Band("war_blocked_by_ukraine", "no zone: Ukraine alone would have to yield", ACTOR_COLOURS["Ukraine"]),
    Band("war_blocked_by_both", "no zone: both would have to yield", BOTH_COLOUR, BOTH_HATCH),
    Band("war_blocked_by_russia", "no zone: Russia alone would have to yield", ACTOR_COLOURS["Russia"]),
    _CONQUERED,
)

#: What Washington does, from the bottom of the figure to its top.
WASHINGTON: tuple[Band, ...] = (
    _CEASEFIRE,
    Band("war_us_presses_ukraine", "Washington presses Ukraine", ACTOR_COLOURS["Ukraine"]),
    Band("war_us_mediates", "Washington mediates", STATE_COLOURS["war, Washington engaged"]),
    Band("war_us_presses_russia", "Washington presses Russia", ACTOR_COLOURS["Russia"]),
    Band("war_us_gone", "Washington has left the talks", STATE_COLOURS["war, Washington gone"]),
    _CONQUERED,
)

_LEFT_MM = 15.0


def zone(traces: pd.DataFrame, scenario: ScenarioDates, ax: Axes | None = None) -> Axes:
    """Share of runs with a zone of possible agreement, and where there is none who would have to yield, by week.

    Parameters
    ----------
    traces
        Table of `sim.experiment.traces.quantiles` that holds the variables of `TALKS`.
    scenario
        The scenario.
    ax
        Axes to draw on; by default a new figure of print width. Names stand right of it: leave room.

    Returns
    -------
    Axes
        The figure is ``ax.figure``.

    Raises
    ------
    UsageError
        If the traces do not hold what is drawn.
    """
    note = (
        "A zone of possible agreement: something that could be agreed is worth to each side at least what it would "
        "sign for. Full Russian control: of all four oblasts, without a ceasefire."
    )
    return _stream(traces, scenario, TALKS, "Is there anything that both could sign?", note, ax)


def american_choices(traces: pd.DataFrame, scenario: ScenarioDates, ax: Axes | None = None) -> Axes:
    """Share of runs in which Washington mediates, presses a side or has left the talks, by week.

    Washington presses a side from the week in which it takes a step (sanctions on Russia, aid to Ukraine) until its
    next review, some weeks later; what the step does goes on longer.

    Parameters
    ----------
    traces
        Table of `sim.experiment.traces.quantiles` that holds the variables of `WASHINGTON`.
    scenario
        The scenario.
    ax
        Axes to draw on; by default a new figure of print width. Names stand right of it: leave room.

    Returns
    -------
    Axes
        The figure is ``ax.figure``.

    Raises
    ------
    UsageError
        If the traces do not hold what is drawn.
    """
    note = (
        "Washington presses a side if it raised sanctions on Russia or cut aid to Ukraine at its last review or since; "
        "what a step does goes on longer. Full Russian control: of all four oblasts, without a ceasefire."
    )
    return _stream(traces, scenario, WASHINGTON, "What Washington does", note, ax)


def variables_of(bands: Sequence[Band]) -> tuple[str, ...]:
    """Return the variables that have to be traced.

    Examples
    --------
    >>> variables_of(TALKS)[:2]
    ('war_zone', 'war_blocked_by_ukraine')
    """
    return tuple(band.variable for band in bands if band.variable is not None)


def _shares(rows: dict[str, pd.DataFrame], bands: Sequence[Band]) -> FloatArray:
    """Return the shares of runs, shape (bands, weeks); they add up to one."""
    known = {name: table["share"].to_numpy(dtype=np.float64) for name, table in rows.items()}
    rest = 1 - np.sum(list(known.values()), axis=0)
    return np.stack([np.clip(rest, 0, 1) if band.variable is None else known[band.variable] for band in bands])


def _stream(
    traces: pd.DataFrame, scenario: ScenarioDates, bands: Sequence[Band], title: str, note: str, ax: Axes | None
) -> Axes:
    rows = traced(traces, scenario, variables_of(bands))
    first = next(iter(rows.values()))
    shares = _shares(rows, bands)
    tops = np.vstack([np.zeros(shares.shape[1]), shares.cumsum(axis=0)])
    tops[-1] = 1.0  # but for rounding
    days = np.append(days_of(first), day_number(scenario.horizon))
    own = ax is None
    with style():
        if ax is None:
            sheet = new_sheet(104)
            ax = sheet.subplots()
            margins(sheet, left=_LEFT_MM, right=62, top=20, bottom=23)
            subtitle(ax, f"Scenario: {scenario.title}")
        headline(ax, title if own else f"{title} ({scenario.title})", own=own, pad=15)
        ax.set_xlim(days[0], days[-1])
        ax.set_ylim(0, 1)
        shown = []
        for place, band in enumerate(bands):
            if not shares[place].max() > 0:
                continue
            low, high = (np.append(tops[row], tops[row, -1]) for row in (place, place + 1))
            ax.fill_between(days, low, high, step="post", facecolor=band.colour, hatch=band.hatch, edgecolor="white",
                            linewidth=0.4, label=band.label, zorder=1)  # fmt: skip
            shown.append(place)
        name_bands(
            ax, [float(tops[place : place + 2, -1].mean()) for place in reversed(shown)],
            [_text(bands[place].label, float(shares[place, -1])) for place in reversed(shown)],
            [bands[place].colour for place in reversed(shown)], [bands[place].hatch for place in reversed(shown)],
        )  # fmt: skip
        percent_axis(ax, "share of runs (%)")
        ax.grid(visible=False)
        name_months(ax, pd.to_datetime(first["date"].iloc[0]).date(), scenario.horizon)
        mark_deadlines(ax, [scenario.deadline], over=True)
        runs = runs_caption(first["runs"]).removesuffix(" per scenario")
        told = f"{runs}; percentages at the right are those of the last week."
        small = small_print(told, note, "Shares of model runs, not forecasts.")
        caption(ax, small, left_mm=_LEFT_MM, below_mm=10)
    return ax


def _text(label: str, share: float) -> str:
    told = percent(share) if share == 0 or share >= 0.005 else f"under {percent(0.01)}"
    return in_lines(f"{label}, {told}")
