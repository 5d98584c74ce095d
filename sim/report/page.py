"""A report as one page that needs nothing else: no request, no font, no file beside it."""

from __future__ import annotations

import base64
import hashlib
import math
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from sim.report.document import Block, Cell, Document, Figure, Table

if TYPE_CHECKING:
    from jinja2 import Environment

_TEMPLATES = Path(__file__).with_name("templates")

#: Characters that turn the direction of the text around them, so that it reads otherwise than it is.
_TURNING = dict.fromkeys(map(ord, "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))

_INTERVAL = re.compile(r"([^()]+) \(([^()]+ to [^()]+)\)( \*)?")
_MINUS = re.compile(r"(?<![\w.])-(?=\d)")


def render(document: Document, drawings: Mapping[str, Markup]) -> str:
    """Return the page of a report.

    Parameters
    ----------
    document
        What it says; plain text, all of which is escaped here.
    drawings
        The figures by name, as `sim.report.drawing.inline_svg` returns them.

    Returns
    -------
    str
        HTML.
    """
    import sim

    css, script = (Markup((_TEMPLATES / name).read_text(encoding="utf-8")) for name in ("page.css", "page.js"))
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    template = _environment().get_template("page.html")
    text = template.render(
        document=document, drawings=drawings, numbers=numbered(document), css=css, script=script, policy=policy,
        version=sim.__version__,
    )  # fmt: skip
    return text + "\n"


def numbered(document: Document) -> dict[str, int]:
    """Return the number of every table and of every figure, by name, in the order in which they are read."""
    found: dict[str, int] = {}
    for kind in (Table, Figure):
        blocks = [block for section in document.sections for block in section.blocks if isinstance(block, kind)]
        for number, block in enumerate(blocks, start=1):
            if block.name in found:
                raise ValueError(f"two tables or figures of the report are called '{block.name}'")
            found[block.name] = number
    return found


def readable(text: str) -> str:
    """Return a text without the characters that turn its direction or cannot be shown.

    Examples
    --------
    >>> readable("safe\u202etxt.exe")
    'safetxt.exe'
    """
    return "".join(c for c in text.translate(_TURNING) if c in "\n\t" or ord(c) >= 32)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, finalize=_finalize
    )
    environment.filters |= {
        "kind": lambda block: type(block).__name__, "numeric": _numeric, "exact": _exact, "spread": _spread,
    }
    return environment


def _finalize(value: object) -> object:
    return readable(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _numeric(block: Block, column: int) -> bool:
    """Tell a column of numbers from one of words."""
    assert isinstance(block, Table)
    return any(row[column].value is not None for row in block.rows)


def _spread(cell: Cell) -> str | Markup:
    """Return what a cell shows: a number above its interval, so that columns stay narrow."""
    if cell.value is None:
        return cell.text
    text = _MINUS.sub("\N{MINUS SIGN}", readable(cell.text))
    found = _INTERVAL.fullmatch(text)
    if found is None:
        return text
    return Markup('{}{} <span class="interval">{}</span>').format(found[1], found[3], found[2])


def _exact(value: float | None) -> str:
    return "" if value is None or math.isnan(value) else repr(float(value))
