"""The figures of the explorer: which there are, what each says, and how one becomes bytes."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from sim.errors import TruceError, UsageError, nearest

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Sheet

    from sim.app.result import Result

Form = Literal["svg", "png", "pdf"]


class Figure(NamedTuple):
    """A figure that can be asked for.

    Attributes
    ----------
    title
        What it is called.
    explained
        What it shows, in a sentence.
    drawn
        Makes it from a result; gives Axes, or several.
    traces
        What has to be followed from week to week for it: names of `sim.experiment.traces.VARIABLES`.
    """

    title: str
    explained: str
    drawn: Callable[[Result], Any]
    traces: tuple[str, ...] = ()


def _bargaining(result: Result) -> Any:
    from sim.plots import bargaining

    return bargaining(result.bargaining)


#: Every figure, by name, in the order in which they are offered.
FIGURES: dict[str, Figure] = {
    "incidence": Figure(
        "Ceasefires over time",
        "The share of runs in which a ceasefire that holds has begun by each date, with 95 % bands.",
        lambda result: result.comparison.plot_incidence(),
    ),
    "zone": Figure(
        "Who blocks",
        "Week by week, the share of runs with a zone of possible agreement, and who would have to yield in the others.",
        lambda result: result.comparison.plot_zone(result.scenario.name),
        ("conquered", "war_zone", "war_blocked_by_ukraine", "war_blocked_by_both", "war_blocked_by_russia"),
    ),
    "bargaining": Figure(
        "The bargaining of one run",
        "What each side must get and what there is to be got, week by week, in the run whose history is told.",
        _bargaining,
    ),
    "terms": Figure(
        "The terms of the deals",
        "How the four issues are settled in the ceasefires that held, from Ukraine’s ideal to Russia’s.",
        lambda result: result.comparison.plot_terms(),
    ),
    "territory": Figure(
        "Land lost and conceded",
        "Land that Ukraine loses in war, beside land that it hands over at the table.",
        lambda result: result.comparison.plot_territory(),
    ),
    "outcomes": Figure(
        "Where the runs stand",
        "What has become of the war in each run at the deadline and at the horizon.",
        lambda result: result.comparison.plot_outcomes(),
    ),
    "survival": Figure(
        "How long ceasefires hold",
        "The share of ceasefires that are still in force at each age.",
        lambda result: result.comparison.plot_survival(),
    ),
    "confidence": Figure(
        "Russia’s confidence",
        "How sure Russia is of full control by the end of 2025, week by week: the middle of the runs and their range.",
        lambda result: result.comparison.plot_confidence(),
        ("confidence",),
    ),
    "washington": Figure(
        "What Washington does",
        "Week by week, the share of runs in which Washington mediates, presses a side or has left the talks.",
        lambda result: result.comparison.plot_american_choices(result.scenario.name),
        ("conquered", "war_us_presses_ukraine", "war_us_mediates", "war_us_presses_russia", "war_us_gone"),
    ),
    "front": Figure(
        "The front",
        "The land left in each oblast: measured before May 2025, in the runs after it.",
        lambda result: result.comparison.plot_front(result.scenario.name),
        ("land_left_luhansk", "land_left_donetsk", "land_left_zaporizhzhia", "land_left_kherson"),
    ),
}

#: The figure that shows the run told, and nothing else.
OF_ONE_RUN = "bargaining"

#: Matplotlib's settings belong to the process, so that one figure is drawn after the other.
_drawing = threading.Lock()

#: What stands for the letters of a figure on a screen that lacks them: Verdana has the same widths.
_LETTERS = "'DejaVu Sans', 'Bitstream Vera Sans', Verdana, sans-serif"


def known_figure(name: str) -> Figure:
    """Return a figure by its name.

    Raises
    ------
    UsageError
        If there is none of that name.
    """
    if name not in FIGURES:
        raise UsageError(f"there is no figure '{name}'{nearest(name, FIGURES) or '; there are ' + ', '.join(FIGURES)}")
    return FIGURES[name]


def draw(result: Result, name: str, form: Form = "svg", *, to_keep: bool = False) -> bytes:
    """Draw a figure of a result.

    Parameters
    ----------
    result
        What to draw.
    name
        One of `FIGURES`.
    form
        Format of the bytes.
    to_keep
        For a file: letters as outlines in SVG, more dots in PNG. Otherwise for a screen, at once.

    Returns
    -------
    bytes
        The picture. If there is nothing to draw, it is a sheet that says why.
    """
    figure = known_figure(name)
    with _drawing:
        return _drawn(figure, result, form, to_keep)


def _drawn(figure: Figure, result: Result, form: Form, to_keep: bool) -> bytes:
    import matplotlib

    from sim.plots.sheet import new_sheet, style

    try:
        axes = figure.drawn(result)
        sheet: Sheet = (axes if hasattr(axes, "figure") else axes.flat[0]).figure
    except TruceError as error:
        sheet = new_sheet(40)
        sheet.text(0.02, 0.5, f"{figure.title}: {error}.", fontsize=9, va="center", wrap=True)
    buffer = io.BytesIO()
    nothing = {"svg": {"Date": None, "Creator": None}, "png": {"Software": None}, "pdf": {"CreationDate": None}}
    with style(), matplotlib.rc_context({"svg.fonttype": "path" if to_keep else "none"}):
        sheet.savefig(buffer, format=form, dpi=200 if to_keep else 110, metadata=nothing[form])
    content = buffer.getvalue()
    return content if to_keep or form != "svg" else content.replace(b"'DejaVu Sans'", _LETTERS.encode())
