"""The front over time: the land left in each oblast, measured before the start and in the runs after it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import StrMethodFormatter
from numpy.typing import NDArray

from sim.analysis.outcomes import ScenarioDates
from sim.arrays import FloatArray
from sim.errors import UsageError
from sim.evidence import numbers, read
from sim.parameters import OBLAST_AREAS
from sim.plots.colours import DATA_COLOUR, looks
from sim.plots.dates import name_months
from sim.plots.sheet import (
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
from sim.plots.traced import DAYS_A_WEEK, FAN, draw_fan, traced

#: What has to be traced.
VARIABLES: tuple[str, ...] = tuple(f"land_left_{oblast}" for oblast in OBLAST_AREAS)

_LEFT_MM = 17.0
_TITLE = "The front: land that Russia does not hold"


def front(traces: pd.DataFrame, scenario: ScenarioDates, axes: Sequence[Axes] | None = None) -> NDArray[np.object_]:
    """Land left in each of the four claimed oblasts: data before the start of the runs, then the runs as a fan.

    Parameters
    ----------
    traces
        Table of `sim.experiment.traces.quantiles` that holds `VARIABLES`.
    scenario
        The scenario.
    axes
        Four Axes to draw on; by default a new figure of print width.

    Returns
    -------
    NDArray
        The Axes, shape (4,), in the order of `sim.parameters.OBLASTS`; the figure is ``axes[0].figure``.

    Raises
    ------
    UsageError
        If `axes` are not four, or the traces do not hold what is drawn.
    """
    rows = traced(traces, scenario, VARIABLES)
    mondays, measured = land_left_before()
    colour = looks([scenario.name])[scenario.name].colour
    with style():
        if axes is None:
            sheet = new_sheet(136)
            panels = np.asarray(sheet.subplots(2, 2, sharex=True), dtype=object).ravel()
            margins(sheet, left=_LEFT_MM, right=6, top=21, bottom=24)
            sheet.subplots_adjust(hspace=0.36, wspace=0.2)
            headline(panels[0], _TITLE, own=True)
            subtitle(panels[0], f"Scenario: {scenario.title}")
        else:
            panels = np.asarray(axes, dtype=object).ravel()
            if len(panels) != len(OBLAST_AREAS):
                raise UsageError(f"axes: front needs {len(OBLAST_AREAS)} Axes, not {len(panels)}")
        start = pd.to_datetime(rows[VARIABLES[0]]["date"].iloc[0]).date()
        for place, (panel, oblast) in enumerate(zip(panels, OBLAST_AREAS, strict=True)):
            own = rows[VARIABLES[place]]
            draw_fan(panel, own, colour, later=DAYS_A_WEEK)  # what is left when the week is over
            panel.plot([day_number(day) for day in mondays], measured[:, place], color=DATA_COLOUR, linewidth=1.6,
                       label="data")  # fmt: skip
            panel.axvline(day_number(start), color="#888888", linewidth=0.8, linestyle=(0, (3, 2)), zorder=0.5)
            panel.set_title(oblast.capitalize(), fontweight="bold")
            panel.set_xlim(day_number(mondays[0]), day_number(scenario.horizon))
            panel.set_ylim(0, 1.16 * max(float(own["q95"].max()), float(measured[:, place].max())))
            panel.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
            panel.grid(axis="y")
            panel.tick_params(labelbottom=True)
            name_months(panel, mondays[0], scenario.horizon)
            for text, side, shift in (("data", "right", -3), ("model runs", "left", 3)):
                panel.annotate(
                    text, (day_number(start), 1), xycoords=("data", "axes fraction"), xytext=(shift, -2),
                    textcoords="offset points", va="top", ha=side, fontsize=6.5, color="#555555",
                )  # fmt: skip
        for panel in panels[::2]:
            panel.set_ylabel("land left (km²)")
        caption(panels[2], _caption(rows, start), left_mm=_LEFT_MM, below_mm=10)
    return panels


@cache
def land_left_before() -> tuple[tuple[date, ...], FloatArray]:
    """Return the Mondays of the data, and the land left in each oblast, km², shape (mondays, oblasts).

    Examples
    --------
    >>> mondays, left = land_left_before()
    >>> mondays[-1].isoformat(), left[-1].round().tolist()
    ('2025-05-19', [190.0, 7892.0, 7255.0, 7100.0])
    """
    table = "oblast_areas_weekly"
    left = [area - numbers(table, oblast) for oblast, area in OBLAST_AREAS.items()]
    return tuple(date.fromisoformat(day) for day in read(table)["date"]), np.stack(left, axis=1)


def _caption(rows: dict[str, pd.DataFrame], start: date) -> str:
    runs = runs_caption(rows[VARIABLES[0]]["runs"]).removesuffix(" per scenario")
    return small_print(
        f"{runs} from {short_date(start)} on, those in which a ceasefire is in force too. {FAN[0].upper()}{FAN[1:]}. "
        "Land handed over at the table counts as lost. The scales of the panels differ.",
        "Data: area of each oblast that was not occupied on Mondays, after DeepStateMap.live by way of public "
        "archives; oblast borders by OpenStreetMap contributors.",
        "Model runs, not forecasts.",
    )
