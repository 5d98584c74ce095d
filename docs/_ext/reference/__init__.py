"""The pages under Reference, made from the package itself while the site is built, so that they cannot go stale.

A page holds a line ``<!-- from the package: NAME -->`` for each part that is made; `PARTS` says what makes it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from reference import api, codes, commands, scenario_file, tables

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

#: What a page can ask for, and what writes it as Markdown.
PARTS: dict[str, Callable[[], str]] = {
    "api overview": api.overview,
    **{f"api {name}": partial(api.markdown, name) for name in api.SECTIONS},
    "commands": commands.markdown,
    "commands overview": commands.overview,
    "exit codes": codes.markdown,
    "scenario file: keys": scenario_file.keys,
    "scenario file: groups": scenario_file.groups,
    "scenario file: laws": scenario_file.laws,
    "scenario file: events": scenario_file.events,
    **{f"tables {kind}": partial(tables.markdown, kind) for kind in tables.LISTED},
    "variables": tables.variables,
}

PLACE = re.compile(r"<!-- from the package: (.+) -->")


def filled(text: str) -> str:
    """Return the text of a page with what is made in the place of its marks."""
    return PLACE.sub(lambda mark: PARTS[mark[1]](), text)


def _fill(app: Sphinx, name: str, source: list[str]) -> None:
    source[0] = filled(source[0])


def setup(app: Sphinx) -> ExtensionMetadata:
    """Fill pages as they are read."""
    app.connect("source-read", _fill)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
