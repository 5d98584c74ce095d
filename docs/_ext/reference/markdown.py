"""Tables and headings as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; cells are Markdown, but for the bars that would end them."""
    return "\n".join([_row(columns), _row(["---"] * len(columns)), *map(_row, rows)]) + "\n"


def code(text: str) -> str:
    """Return text in a code font, nothing if there is none."""
    return f"`{text}`" if text else ""


def plain(text: str) -> str:
    r"""Return text that Markdown shows as it is.

    Examples
    --------
    >>> plain("results/<name>, russia.*")
    'results/\\<name>, russia.\\*'
    """
    return re.sub(r"([\\`*_<\[\]$|])", r"\\\1", text)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(re.sub(r"(?<!\\)\|", r"\|", cell) for cell in cells) + " |"
