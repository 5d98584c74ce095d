"""A report as one page that needs nothing else: no request, no font, no file beside it."""

from __future__ import annotations

import base64
import hashlib
import math
import re
from collections.abc import Mapping
from functools import cache
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from sim.plots.sheet import readable
from sim.report.document import Block, Cell, Document, Figure, Table

if TYPE_CHECKING:
    from jinja2 import Environment

_TEMPLATES = Path(__file__).with_name("templates")

_INTERVAL = re.compile(r"([^()]+) \(([^()]+ to [^()]+)\)( \*)?")
_JOINT = re.compile(r"(?<=[a-z0-9][._])(?=[a-z])")
#: What is not broken over two lines in a cell: a date, a span such as 0-1.
_WHOLE = re.compile(r"(\d{1,2} [A-Z][a-z]{2,8} \d{4}|\b\d+(?:-\d+)+\b)")
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


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, finalize=_finalize
    )
    environment.filters |= {
        "kind": lambda block: type(block).__name__, "numeric": _numeric, "exact": _exact, "spread": _spread,
        "broken": _broken,
    }
    return environment


def _finalize(value: object) -> object:
    return readable(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _numeric(block: Block, column: int) -> bool:
    """Tell a column of numbers from one of words."""
    assert isinstance(block, Table)
    return any(row[column].value is not None for row in block.rows)


def _spread(cell: Cell) -> Markup:
    """Return what a cell shows: a number above its interval, a long name with places to break; columns stay narrow."""
    if cell.value is None:
        return _broken(readable(cell.text))
    text = _MINUS.sub("\N{MINUS SIGN}", readable(cell.text))
    found = _INTERVAL.fullmatch(text)
    if found is None:
        return _broken(text)
    return Markup('{}{} <span class="interval">{}</span>').format(found[1], found[3] or "", found[2])


def _broken(text: str) -> Markup:
    """Return a text with places at which long names may be broken, and none within a date or a span."""
    return Markup("").join(
        Markup('<span class="whole">{}</span>').format(part) if whole
        else Markup("<wbr>").join(map(escape, _JOINT.split(part)))
        for whole, part in zip(cycle((False, True)), _WHOLE.split(text), strict=False) if part
    )  # fmt: skip


def _exact(value: float | None) -> str:
    return "" if value is None or math.isnan(value) else repr(float(value))
