"""What all figures share: the sheet they are drawn on, its style, its captions, the order of scenarios, the files.

Nothing here imports pyplot: no backend is chosen, no global setting changes.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path

import matplotlib
import matplotlib.dates as mdates
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.outcomes import ScenarioDates
from sim.analysis.pairing import find_baseline

#: Width of a printed figure.
WIDTH_MM = 180.0
#: Distance of the title and the small print from the edge of the sheet.
EDGE_MM = 3.0
#: Left margin of figures with a scenario to a row, whose names stand there.
NAMES_MM = 47.0
_MM_PER_INCH = 25.4
#: A space at which no line is broken.
NO_BREAK = "\N{NO-BREAK SPACE}"
#: Formats of figures, and what Matplotlib would note in each that changes from one time or machine to the next.
FORMATS: dict[str, tuple[str, ...]] = {
    "png": ("Software",),
    "svg": ("Date", "Creator"),
    "pdf": ("CreationDate", "Creator", "Producer"),
}
#: Letters of small print that fit on a line of a sheet.
_SMALL_PRINT_LETTERS = 150
#: Characters that turn the direction of the text around them, so that numbers read otherwise than they are.
_TURNING = dict.fromkeys(map(ord, "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
_STYLE = Path(__file__).with_name("style.mplstyle")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


class Sheet(Figure):
    """A figure that a notebook shows by itself, with or without pyplot."""

    def _repr_png_(self) -> bytes:
        buffer = io.BytesIO()
        with style():
            self.savefig(buffer, format="png", dpi=110)
        return buffer.getvalue()


def style() -> AbstractContextManager[None]:
    """Put the settings of Truce's figures in force inside a ``with`` block and nowhere else."""
    return matplotlib.rc_context(fname=_STYLE)


def new_sheet(height_mm: float) -> Sheet:
    """Return an empty figure of the printed width."""
    return Sheet(figsize=(WIDTH_MM / _MM_PER_INCH, height_mm / _MM_PER_INCH))


def margins(sheet: Figure, *, left: float, right: float, top: float, bottom: float) -> None:
    """Set the margins around the panels, in mm. Fixed margins make two renderings of a figure equal to the byte."""
    width, height = (float(inches) * _MM_PER_INCH for inches in sheet.get_size_inches())
    sheet.subplots_adjust(left=left / width, right=1 - right / width, top=1 - top / height, bottom=bottom / height)


def readable(text: str) -> str:
    """Return a text without the characters that turn its direction or cannot be shown.

    Examples
    --------
    >>> readable("safe\u202etxt.exe")
    'safetxt.exe'
    """
    return "".join(c for c in text.translate(_TURNING) if c in "\n\t" or ord(c) >= 32)


def headline(axes: Axes, text: str, *, own: bool, pad: float = 6.0) -> None:
    """Write the title: over the whole sheet if it is ours, otherwise over the axes, wrapped to their width."""
    text = readable(text)
    if own:
        box = axes.figure.bbox
        millimetre = axes.figure.dpi / _MM_PER_INCH
        axes.figure.text(EDGE_MM * millimetre / box.width, 1 - EDGE_MM * millimetre / box.height, text, fontsize=10,
                         fontweight="bold", va="top", ha="left")  # fmt: skip
        return
    points = axes.bbox.width / axes.figure.dpi * 72
    axes.set_title(textwrap.fill(text, max(20, int(points / 5.6))), fontweight="bold", pad=pad)


def subtitle(axes: Axes, text: str, *, below_mm: float = 8.8) -> None:
    """Write a second line under the title of a sheet of ours, cut where it would be too long for it."""
    box, millimetre = axes.figure.bbox, axes.figure.dpi / _MM_PER_INCH
    shown = textwrap.shorten(readable(text), 122, placeholder=" …")
    axes.figure.text(EDGE_MM * millimetre / box.width, 1 - below_mm * millimetre / box.height, shown, fontsize=8,
                     va="top", ha="left")  # fmt: skip


def save_figure(figure: Figure, stem: str | Path, formats: Iterable[str] = ("png", "svg")) -> tuple[Path, ...]:
    """Write a figure as files: PNG (200 dots per inch) for slides, SVG for the web, PDF for print.

    The same figure gives the same bytes every time: no date, no version and no random identifier is written.

    Parameters
    ----------
    figure
        The figure; of an Axes it is ``axes.figure``.
    stem
        Path without ending, which is that of the format.
    formats
        Any of `FORMATS`.

    Returns
    -------
    tuple of Path
        The files written, in the order of the formats.
    """
    paths = {ending: Path(f"{stem}.{ending}") for ending in formats}
    with style():
        for ending, path in paths.items():
            figure.savefig(path, format=ending, dpi=200, metadata=dict.fromkeys(FORMATS[ending]))
    return tuple(paths.values())


def baseline_first(scenarios: Sequence[ScenarioDates], baseline: str | None) -> list[ScenarioDates]:
    """Return the scenarios in the order of every figure: the baseline, then the others as given."""
    reference = find_baseline(scenarios, baseline)
    return [reference, *(scenario for scenario in scenarios if scenario.name != reference.name)]


def day_number(day: date | pd.Timestamp) -> float:
    """Return a date as Matplotlib's axes count it, in days."""
    return float(mdates.date2num(day))  # type: ignore[no-untyped-call]


def plain_date(day: date) -> str:
    """Write a date as people do.

    Examples
    --------
    >>> plain_date(date(2025, 12, 31))
    '31 December 2025'
    """
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def short_date(day: date) -> str:
    """Write a date with a short month.

    Examples
    --------
    >>> short_date(date(2025, 12, 31))
    '31 Dec 2025'
    """
    return f"{day.day} {_MONTHS[day.month - 1][:3]} {day.year}"


def label(scenario: ScenarioDates, reference: ScenarioDates, *, deadline: bool, width: int = 27) -> str:
    """Title of a scenario for the margin of a figure, with its dates where they are not the baseline's.

    Parameters
    ----------
    scenario
        The scenario to be named.
    reference
        The baseline, whose dates the figure's own titles give.
    deadline
        Whether the figure shows anything as of the deadline; otherwise only the horizon matters.
    width
        Characters to a line; a title takes two lines at most.
    """
    notes = []
    if scenario.name == reference.name:
        notes.append("baseline")
    if deadline and scenario.deadline != reference.deadline:
        notes.append(f"deadline {short_date(scenario.deadline)}")
    if scenario.horizon != reference.horizon:
        notes.append(f"to {short_date(scenario.horizon)}")
    return noted(scenario, notes, width)


def noted(scenario: ScenarioDates, notes: Sequence[str], width: int = 27) -> str:
    """Title of a scenario for the margin of a figure, in two lines at most, with notes in brackets."""
    lines = textwrap.wrap(readable(scenario.title), width, max_lines=2, placeholder=" …") or [scenario.name]
    if notes:
        # A short note stays on the last line of the title; a line of its own costs height.
        for note in textwrap.wrap(f"({', '.join(note.replace(' ', NO_BREAK) for note in notes)})", width):
            if len(lines[-1]) + 1 + len(note) <= width:
                lines[-1] = f"{lines[-1]} {note}"
            else:
                lines.append(note)
    return "\n".join(lines)


def name_rows(axes: Axes, labels: Sequence[str]) -> None:
    """Write one label per row on the y axis, first row on top and in bold: it is the baseline."""
    axes.set_yticks(range(len(labels)), labels, fontsize=7.5)
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.spines["left"].set_visible(False)
    for text in axes.get_yticklabels()[:1]:
        text.set_fontweight("bold")


def runs_caption(runs: Iterable[int]) -> str:
    """Say how many runs stand behind a figure, from those of each scenario.

    Examples
    --------
    >>> runs_caption([2000, 2000])
    '2,000 runs per scenario'
    >>> runs_caption([1])
    '1 run'
    """
    counts = sorted(int(count) for count in runs)
    each = " per scenario" if len(counts) > 1 else ""
    if counts[0] != counts[-1]:
        return f"{counts[0]:,} to {counts[-1]:,} runs{each}"
    return f"{counts[0]:,} run{'s' if counts[0] != 1 else ''}{each}"


def small_print(*sentences: str) -> str:
    """Break sentences into lines as wide as a sheet, for `caption`; empty ones are left out."""
    return textwrap.fill(" ".join(sentence for sentence in sentences if sentence), _SMALL_PRINT_LETTERS)


def caption(axes: Axes, text: str, *, left_mm: float, below_mm: float) -> None:
    """Write small print below the axes, from the edge of the sheet on, whose left margin is `left_mm`."""
    points = 72 / _MM_PER_INCH
    axes.annotate(
        readable(text), (0, 0), xycoords="axes fraction", xytext=((EDGE_MM - left_mm) * points, -below_mm * points),
        textcoords="offset points", fontsize=6.3, color="#555555", va="top", ha="left", linespacing=1.35,
        annotation_clip=False,
    )  # fmt: skip
