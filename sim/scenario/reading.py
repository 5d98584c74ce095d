"""YAML 1.2 read as data only, each value with its file and line.

The parser's event stream is turned into a tree by hand: nothing is constructed or evaluated, and what
a scenario file does not need (anchors, aliases, tags, several documents, deep nesting) is refused. The limits
below are those of every file of this form; each is named in the error of a file that passes it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)
from ruamel.yaml.reader import ReaderError

from sim.errors import ScenarioError
from sim.ordinary_files import NOT_ORDINARY, open_ordinary

#: Largest scenario file with all that it extends, in bytes; so much is parsed within some second, whatever it holds.
MAXIMUM_BYTES = 64_000

#: Most values in a file: numbers, words, mappings and lists, each counted.
MAXIMUM_VALUES = 2_000

#: Longest key, in characters.
MAXIMUM_KEY = 100

#: Deepest nesting of mappings and lists.
MAXIMUM_DEPTH = 20

#: Most files of which each extends the next.
MAXIMUM_FILES = 50

#: Longest path that is shown whole, in characters.
_SHOWN = 500

#: What makes a terminal or an editor show text in another order than it has: directional embeddings and isolates.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")

_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_INFINITY = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_WORDS: dict[str, bool | None] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value was written: the file as the user named it, and the line of its key from 1."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Node:
    """A value with its place; mappings and lists hold further nodes."""

    value: dict[str, Node] | list[Node] | str | float | bool | None
    place: Place

    def plain(self) -> Any:
        """Return the value as ordinary dicts, lists and scalars."""
        if isinstance(self.value, dict):
            return {key: child.plain() for key, child in self.value.items()}
        if isinstance(self.value, list):
            return [child.plain() for child in self.value]
        return self.value

    def places(self, path: tuple[str | int, ...] = ()) -> dict[tuple[str | int, ...], Place]:
        """Return the place of each value by its path from here."""
        found = {path: self.place}
        if isinstance(self.value, dict):
            children: list[tuple[str | int, Node]] = list(self.value.items())
        elif isinstance(self.value, list):
            children = list(enumerate(self.value))
        else:
            children = []
        for key, child in children:
            found |= child.places((*path, key))
        return found


def read(path: Path, what: str = "scenario") -> Node:
    """Read a scenario file, or another file of the same form, as a tree of values with their lines.

    Parameters
    ----------
    path
        The file.
    what
        What the file holds, for messages.

    Returns
    -------
    Node
        A mapping at the top.

    Raises
    ------
    ScenarioError
        If the file cannot be read, or is not one plain YAML mapping.
    """
    name = shown(path)
    return read_text(_content(path, name, what), name, what)


def read_text(content: bytes, name: str, what: str = "scenario") -> Node:
    """Read the content of such a file, wherever it came from.

    Parameters
    ----------
    content
        What the file holds.
    name
        What messages call it.
    what
        What it holds, for messages.

    Returns
    -------
    Node
        A mapping at the top.

    Raises
    ------
    ScenarioError
        As for a file.

    Examples
    --------
    >>> read_text(b"title: Mine", "mine.yaml").plain()
    {'title': 'Mine'}
    """
    text = _decoded(content, name, what)
    if found := _TURNING.search(text):
        line = text.count("\n", 0, found.start()) + 1
        message = "characters that turn the direction of writing are not allowed; remove them"
        raise ScenarioError(message, file=name, line=line)
    try:
        tree = _Tree(name, YAML(typ="safe", pure=True).parse(text), what).document()
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = " ".join(str(error.problem or error.context).split())
        remedy = "indent with spaces" if r"'\t'" in problem else "check the indentation and the punctuation there"
        raise ScenarioError(
            f"this is not valid YAML: {problem}; {remedy}",
            file=name,
            line=mark.line + 1 if mark else None,
        ) from None
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise ScenarioError("control characters are not allowed; remove them", file=name, line=line) from None
    except (YAMLError, ValueError, OverflowError) as error:
        raise ScenarioError(f"this is not valid YAML: {' '.join(str(error).split())}", file=name) from None
    if tree is None or tree.value is None:
        raise ScenarioError(f"the file is empty; write at least a title, or copy a {what} that exists", file=name)
    if not isinstance(tree.value, dict):
        raise ScenarioError(
            f"a {what} file must be a mapping at the top, such as `title: My {what}`", file=name, line=1
        )
    return tree


def shown(path: Path) -> str:
    """Return a path as messages show it: relative to the working directory where it lies inside, and not endless."""
    absolute, here = path.absolute(), Path.cwd()
    name = str(absolute.relative_to(here)) if absolute.is_relative_to(here) else str(path)
    return name if len(name) <= _SHOWN else f"...{name[-_SHOWN:]}"


def _content(path: Path, name: str, what: str) -> bytes:
    try:
        with open_ordinary(path) as file:
            return file.read(MAXIMUM_BYTES + 1)
    except IsADirectoryError:
        message = "this is a directory; name a file inside it"
    except (FileNotFoundError, NotADirectoryError, ValueError):  # ValueError: no file can have that name
        message = "there is no such file; check its name and folder"
    except OSError as error:
        reason = error.strerror or str(error)
        remedy = "name a YAML file" if reason == NOT_ORDINARY else "check its name and its permissions"
        message = f"the file cannot be read ({reason}); {remedy}"
    raise ScenarioError(message, file=name)


def _decoded(content: bytes, name: str, what: str) -> str:
    if len(content) > MAXIMUM_BYTES:
        raise ScenarioError(
            f"the file is larger than {MAXIMUM_BYTES // 1000} kB; a {what} file is a page of YAML", file=name
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise ScenarioError(f"this is not a text file in UTF-8; write the {what} as YAML text", file=name)
    return text


@dataclass(slots=True)
class _Tree:
    """Builds the tree from the parser's events, which arrive one at a time."""

    file: str
    events: Iterator[Any]
    what: str
    depth: int = field(default=0)
    values: int = field(default=0)

    def document(self) -> Node | None:
        """Return the only document, or None if there is none."""
        tree = None
        for event in self.events:
            if isinstance(event, DocumentStartEvent) and tree is not None:
                message = f"a {self.what} file holds one document; remove the `---` and what follows"
                raise self._refusal(message, event, ())
            if isinstance(event, DocumentStartEvent):
                tree = self._node(next(self.events), ())
            elif isinstance(event, (DocumentEndEvent, StreamEndEvent)):
                continue
        return tree

    def _node(self, event: Any, path: tuple[str, ...], line: int | None = None) -> Node:
        self._refuse_extras(event, path)
        place = Place(self.file, line or event.start_mark.line + 1)
        self.values += 1
        if self.values > MAXIMUM_VALUES:
            message = f"the file holds more than {MAXIMUM_VALUES:,} values; a {self.what} file is a page of YAML"
            raise self._refusal(message, event, ())
        if isinstance(event, ScalarEvent):
            return Node(self._scalar(event, path), place)
        self.depth += 1
        if self.depth > MAXIMUM_DEPTH:
            raise self._refusal(f"nested deeper than {MAXIMUM_DEPTH} levels; a {self.what} needs four", event, path)
        inside = self._mapping(path) if isinstance(event, MappingStartEvent) else self._list(path)
        self.depth -= 1
        return Node(inside, place)

    def _refuse_extras(self, event: Any, path: tuple[str, ...]) -> None:
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None) is not None:
            raise self._refusal("anchors (&) and aliases (*) are not allowed; write the value out", event, path)
        if getattr(event, "tag", None) is not None:
            raise self._refusal("tags (!) are not allowed; write the plain value", event, path)

    def _list(self, path: tuple[str, ...]) -> list[Node]:
        nodes: list[Node] = []
        while not isinstance(event := next(self.events), SequenceEndEvent):
            nodes.append(self._node(event, (*path, str(len(nodes)))))
        return nodes

    def _mapping(self, path: tuple[str, ...]) -> dict[str, Node]:
        nodes: dict[str, Node] = {}
        while not isinstance(event := next(self.events), MappingEndEvent):
            if not isinstance(event, ScalarEvent):
                raise self._refusal("a key must be a plain name on one line", event, path)
            # `null:` and `2025:` are names here like any other, so the text counts and not its meaning.
            key, line = str(event.value), event.start_mark.line + 1
            if len(key) > MAXIMUM_KEY:
                raise self._refusal(f"a key must be a plain name of at most {MAXIMUM_KEY} characters", event, path)
            self._refuse_extras(event, (*path, key))
            if not key.isprintable():
                raise self._refusal("a key must be a plain name on one line", event, path)
            if key in nodes:
                first = nodes[key].place.line
                message = f"the key '{key}' is given twice, on lines {first} and {line}; remove one of them"
                raise self._refusal(message, event, (*path, key))
            nodes[key] = self._node(next(self.events), (*path, key), line)
        return nodes

    def _scalar(self, event: ScalarEvent, path: tuple[str, ...]) -> str | float | bool | None:
        text = str(event.value)
        if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t" for c in text) or _TURNING.search(text):
            raise self._refusal("control characters are not allowed; remove them", event, path)
        if event.style is not None:
            return text
        if text in _WORDS:
            return _WORDS[text]
        if _NUMBER.fullmatch(text):
            return float(text) + 0.0  # -0 is 0, also when the scenario is written and read again
        return float(text.replace(".", "")) if _INFINITY.fullmatch(text) else text

    def _refusal(self, message: str, event: Any, path: tuple[str, ...]) -> ScenarioError:
        # A key may hold anything here, even what a terminal must not see.
        key = ".".join(path) if all(part.isprintable() for part in path) else None
        return ScenarioError(message, file=self.file, line=event.start_mark.line + 1, key=key or None)
