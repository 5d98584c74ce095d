"""The figures of the explorer: which there are, what each says, and how one becomes bytes."""

from __future__ import annotations

import io
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


#: Every figure, by name, in the order in which they are offered.
FIGURES: dict[str, Figure] = {
    "incidence": Figure(
        "Ceasefires over time",
        "The share of runs in which a ceasefire that holds has begun by each date, with 95 % bands.",
        lambda result: result.comparison.plot_incidence(),
    ),
    "outcomes": Figure(
        "Where the runs stand",
        "What has become of the war in each run at the deadline and at the horizon.",
        lambda result: result.comparison.plot_outcomes(),
    ),
    "territory": Figure(
        "Land lost and conceded",
        "Land that Ukraine loses in war, beside land that it hands over at the table.",
        lambda result: result.comparison.plot_territory(),
    ),
}

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
    from sim.plots.sheet import new_sheet, style

    figure = known_figure(name)
    try:
        axes = figure.drawn(result)
        sheet: Sheet = (axes if hasattr(axes, "figure") else axes.flat[0]).figure
    except TruceError as error:
        sheet = new_sheet(40)
        sheet.text(0.02, 0.5, f"{figure.title}: {error}.", fontsize=9, va="center", wrap=True)
    import matplotlib

    buffer = io.BytesIO()
    nothing = {"svg": {"Date": None, "Creator": None}, "png": {"Software": None}, "pdf": {"CreationDate": None}}
    with style(), matplotlib.rc_context({"svg.fonttype": "path" if to_keep else "none"}):
        sheet.savefig(buffer, format=form, dpi=200 if to_keep else 110, metadata=nothing[form])
    content = buffer.getvalue()
    return content if to_keep or form != "svg" else content.replace(b"'DejaVu Sans'", _LETTERS.encode())
