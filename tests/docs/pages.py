"""The pages that people read, and the blocks of code in them."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
FENCE = re.compile(r"\s*(`{3,})(.*)")
LIST = re.compile(r"\s*([-*]|\d+\.|\[\^\w+\]:) ")


class Block(NamedTuple):
    """A block of code: the number of its first line, its language, what follows the language, its text."""

    line: int
    language: str
    mark: str
    text: str


def pages() -> list[Path]:
    """The README, CONTRIBUTING and every page of the site but its notebooks, which the build executes."""
    found = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return [page for page in found if not _is_notebook(page)]


def notebooks() -> list[Path]:
    """The pages whose cells the build executes; of their other blocks it executes none."""
    return [page for page in sorted((ROOT / "docs").rglob("*.md")) if _is_notebook(page)]


def _is_notebook(page: Path) -> bool:
    return "file_format: mystnb" in page.read_text("utf-8")[:200]


def blocks(text: str) -> list[Block]:
    """The fenced blocks of a page. Directives have braces in the place of a language."""
    found: list[Block] = []
    lines = text.splitlines()
    place = 0
    while place < len(lines):
        fence = FENCE.fullmatch(lines[place])
        place += 1
        if fence:
            end = next(at for at in range(place, len(lines)) if lines[at].strip() == fence[1])
            language, _, mark = fence[2].partition(" ")
            found.append(Block(place + 1, language, mark, textwrap.dedent("\n".join(lines[place:end]))))
            place = end + 1
    return found


def indented(text: str) -> list[int]:
    """The lines at which code begins that is indented in place of fenced, and so tells no language."""
    lines = text.splitlines()
    for block in blocks(text):
        inside = block.text.split("\n") if block.text else []
        lines[block.line - 2 : block.line + len(inside)] = ["."] * (len(inside) + 2)
    found, listed = [], False
    for place, line in enumerate(lines):
        if line.startswith("    ") and not lines[place - 1].strip() and not listed:
            found.append(place + 1)
        if line.strip():
            listed = bool(LIST.match(line)) or (listed and line.startswith(" "))
    return found
