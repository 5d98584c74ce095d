"""What a report consists of before it is a page: sections of plain text, tables and figures.

Everything here is plain text, never markup: the template escapes it all, so that nothing in a title, a question or a
file name can be anything but words on the page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure as Sheet


@dataclass(frozen=True)
class Paragraph:
    """Sentences."""

    text: str
    lead: bool = False


@dataclass(frozen=True)
class Bullets:
    """A list of short sentences."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Code:
    """Lines to be typed or copied as they are."""

    text: str


class Cell(NamedTuple):
    """A cell of a table: what it shows, and what it is sorted by (its text if None)."""

    text: str
    value: float | None = None


@dataclass(frozen=True)
class Table:
    """A table for people, and the exact numbers behind it.

    Attributes
    ----------
    name
        Stem of the file of comma-separated values beside the report, and of the anchor on the page.
    title, note
        What it shows; what has to be known to read it (units, intervals).
    columns
        Headings, with the unit in them.
    rows
        Cells; the first of a row names it.
    data
        The table with all digits; None if the rows say it all.
    """

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    data: pd.DataFrame | None = None


@dataclass(frozen=True)
class Figure:
    """A figure, with what a reader needs to quote it and what one who cannot see it needs to know.

    Attributes
    ----------
    name
        Stem of its files beside the report, and of the anchor on the page.
    caption
        One to three sentences that stand alone: what is shown, of how many runs, with which interval.
    alternative
        What the figure says, in words, with its main numbers.
    draw
        Makes the Matplotlib figure.
    data
        The tidy table that was drawn.
    """

    name: str
    caption: str
    alternative: str
    draw: Callable[[], Sheet]
    data: pd.DataFrame


Block: TypeAlias = Paragraph | Bullets | Code | Table | Figure


@dataclass(frozen=True)
class Section:
    """A part of the report; its key is its anchor on the page."""

    key: str
    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Document:
    """A whole report.

    Attributes
    ----------
    title, subtitle
        What stands on top.
    sections
        Its parts.
    notices
        What a reader must know before anything else, such as that runs are missing.
    """

    title: str
    subtitle: str
    sections: tuple[Section, ...]
    notices: tuple[str, ...] = ()
