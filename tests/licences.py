"""The licences of all libraries that an installed Truce brings along: ``python -m tests.licences`` prints them.

What a library says of itself in its metadata, for the core and every extra but those of development, with all that
these need in turn. No network is needed: the libraries of this environment are looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from packaging.requirements import Requirement

#: For the tests and for development; nothing of these is used by a simulation, a report or the page.
OURS_ALONE = {"dev", "test"}
#: Licences under which what uses a library has to be given away alike. The lesser kind (LGPL) asks that of the library.
COPYLEFT = re.compile(r"\bA?GPL|(?<!lesser )(?<!library )\bgeneral public licen[cs]e|\baffero\b", re.IGNORECASE)


@dataclass(frozen=True)
class Licence:
    """A library in a version, and what it says of its licence, in a line."""

    library: str
    version: str
    words: str

    @property
    def copyleft(self) -> bool:
        return COPYLEFT.search(self.words) is not None


def licences() -> list[Licence]:
    """Return the licence of every library that the core and the extras for users need here, by name."""
    found = {library.name.lower(): library for library in _needed(distribution("truce-sim"), _extras())}
    return [Licence(library.name, library.version, _words(library)) for _, library in sorted(found.items())]


def _extras() -> set[str]:
    return set(distribution("truce-sim").metadata.get_all("Provides-Extra", [])) - OURS_ALONE


def _needed(root: Distribution, extras: set[str]) -> Iterator[Distribution]:
    """Yield what a distribution with some extras needs, and what that needs in turn."""
    seen: set[tuple[str, str]] = set()
    waiting = [(root, extra) for extra in ("", *sorted(extras))]
    while waiting:
        library, extra = waiting.pop()
        for line in library.requires or []:
            requirement = Requirement(line)
            if requirement.marker is not None and not requirement.marker.evaluate({"extra": extra}):
                continue
            try:
                needed = distribution(requirement.name)
            except PackageNotFoundError:  # an extra that is not installed here
                continue
            new = {(needed.name, also) for also in ("", *requirement.extras)} - seen
            if new:
                yield needed
            seen |= new
            waiting += [(needed, also) for _, also in sorted(new)]


def _words(library: Distribution) -> str:
    """What the metadata says: an SPDX expression, else classifiers, else the first line of the free text."""
    data = library.metadata
    if expression := data.get("License-Expression"):
        return expression
    classified = [line.split(" :: ")[-1] for line in data.get_all("Classifier", []) if line.startswith("License ::")]
    classified = [words for words in classified if words != "OSI Approved"]
    text = (data.get("License") or "").strip()
    return "; ".join(classified) or text.split("\n")[0]


def main() -> None:
    for licence in licences():
        print(f"{licence.library:<28} {licence.version:<14} {licence.words or '(says nothing)'}")


if __name__ == "__main__":
    main()
