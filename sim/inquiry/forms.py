"""Small YAML files of a fixed form (questions, observations): each value checked, each fault named with its line.

The reading is that of scenario files (`sim.scenario.reading`), and so are the sentences.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from sim.errors import ScenarioError, nearest
from sim.scenario.messages import quoted, together
from sim.scenario.reading import Node, Place, read

SUFFIXES = (".yaml", ".yml")

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

#: Reads a plain value; raises a `ValueError` whose text is the sentence for the user.
Reader = Callable[[Any], Any]


@dataclass(frozen=True)
class Entry:
    """A key that a file may have: how its value is read, and what stands for it if it is missing."""

    read: Reader | Form | ListOf
    required: bool = False
    default: Any = None


@dataclass(frozen=True)
class Form:
    """A mapping with fixed keys.

    Attributes
    ----------
    what
        What it describes, with its article, for messages.
    entries
        The keys.
    """

    what: str
    entries: Mapping[str, Entry]


@dataclass(frozen=True)
class ListOf:
    """A list whose items all have one form."""

    form: Form


@dataclass
class Record:
    """What a mapping of a file says, and where.

    Attributes
    ----------
    values
        A value for every key of the form; a `Record` or a list of them where the form has one.
    places
        The line of each key that was written; under an empty key, that of the mapping itself.
    path
        Dotted name of the mapping in the file.
    """

    values: dict[str, Any]
    places: dict[str, Place]
    path: str = ""

    def __getitem__(self, key: str) -> Any:
        return self.values[key]

    def fault(self, key: str, message: str) -> ScenarioError:
        """Return an error at the place of a key, or of the mapping if the key is not written."""
        place = self.places.get(key, self.places[""])
        return ScenarioError(message, file=place.file, line=place.line, key=_join(self.path, key) or None)


@dataclass
class _Faults:
    found: list[ScenarioError] = field(default_factory=list)

    def add(self, place: Place, path: str, message: str) -> None:
        self.found.append(ScenarioError(message, file=place.file, line=place.line, key=path or None))


def read_form(path: Path, form: Form, what: str) -> Record:
    """Read a file of a fixed form.

    Parameters
    ----------
    path
        The file.
    form
        What it must look like.
    what
        What such a file holds, in a word, for messages.

    Raises
    ------
    ScenarioError
        With file, line and key, a line for each fault.
    """
    faults = _Faults()
    record = _record(read(path, what), form, "", faults)
    if faults.found:
        raise together(sorted(faults.found, key=lambda fault: fault.line or 0))
    return record


def find_file(name_or_path: str | Path, folder: Path, what: str) -> Path:
    """Return the path of a file given by its path, or by the name that it has in the folder that comes with Truce.

    Raises
    ------
    ScenarioError
        If no file of the folder has that name.
    """
    path = Path(name_or_path)
    if path.suffix or path.name != str(name_or_path):
        return path
    known = {file.stem: file for file in packaged(folder)}
    if path.name not in known:
        hint = nearest(path.name, known) or f"; there are {', '.join(known)}"
        raise ScenarioError(f"no {what} is called '{path.name}'{hint}; a file is named with its suffix (mine.yaml)")
    return known[path.name]


def packaged(folder: Path) -> list[Path]:
    """Return the files of a folder that comes with Truce, by name."""
    return sorted(file for file in folder.iterdir() if file.suffix in SUFFIXES)


def text(value: Any) -> str:
    """Read some text, on one line."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{'nothing' if value in (None, '') else quoted(value)} is not text; write some, in quotes")
    return " ".join(value.split())


def day(value: Any) -> date:
    """Read a date."""
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise ValueError(f"{quoted(value)} is not a date; write a day that exists as YYYY-MM-DD, without a time")


def flag(value: Any) -> bool:
    """Read true or false."""
    if not isinstance(value, bool):
        raise ValueError(
            f"{'nothing' if value is None else quoted(value)} is neither true nor false; write one of them"
        )
    return value


def number(low: float, high: float, unit: str, *, whole: bool = False, above: bool = False) -> Reader:
    """Return what reads a number between two bounds, both included; with `above` the lower one is not."""
    kind = "a whole number" if whole else "a number"
    wanted = f"{kind} {'above' if above else 'from'} {low:g} {'and up' if above else ''} to {high:g} ({unit})"
    wanted = " ".join(wanted.split())

    def reader(value: Any) -> float | int:
        if isinstance(value, bool) or not isinstance(value, float):
            raise ValueError(f"{'nothing' if value is None else quoted(value)} is not a number; give {wanted}")
        if whole and not value.is_integer():
            raise ValueError(f"{quoted(value)} is not a whole number; give {wanted}")
        if not (low < value if above else low <= value) or not value <= high:
            raise ValueError(f"{quoted(value)} is out of range; give {wanted}")
        return int(value) if whole else value

    return reader


def one_of(names: Iterable[str], what: str) -> Reader:
    """Return what reads one of some names."""
    known = tuple(names)

    def reader(value: Any) -> str:
        if not isinstance(value, str) or value not in known:
            hint = nearest(value, known) if isinstance(value, str) else ""
            raise ValueError(f"{quoted(value)} is not {what}{hint or '; there are ' + ', '.join(known)}")
        return value

    return reader


def names(value: Any) -> tuple[str, ...]:
    """Read a list of names."""
    if not isinstance(value, list) or not value or not all(isinstance(item, str) and item for item in value):
        raise ValueError(f"{quoted(value)} is not a list of names; write it as [one, another]")
    return tuple(value)


def _record(node: Node, form: Form, path: str, faults: _Faults) -> Record:
    if not isinstance(node.value, dict):
        got = "has no value" if node.value is None else f"{quoted(node.plain())} is not a mapping"
        faults.add(node.place, path, f"{got}; {form.what} is a mapping of {', '.join(form.entries)}")
        return Record({}, {"": node.place}, path)
    places = {"": node.place} | {key: child.place for key, child in node.value.items()}
    record = Record({key: entry.default for key, entry in form.entries.items()}, places, path)
    misspelt = ""
    for key, child in node.value.items():
        if key not in form.entries:
            hint = nearest(key, form.entries) or f"; {form.what} has {', '.join(form.entries)}"
            misspelt += hint
            faults.add(child.place, _join(path, key), f"unknown key{hint}")
            continue
        record.values[key] = _value(child, form.entries[key].read, _join(path, key), faults)
    for key, entry in form.entries.items():
        # Of one that is misspelt it has been said already.
        if entry.required and key not in node.value and f"'{key}'" not in misspelt:
            faults.add(node.place, path, f"{form.what} needs `{key}`; add it")
    return record


def _value(node: Node, reader: Reader | Form | ListOf, path: str, faults: _Faults) -> Any:
    if isinstance(reader, Form):
        return _record(node, reader, path, faults)
    if isinstance(reader, ListOf):
        if not isinstance(node.value, list):
            got = "has no value" if node.value is None else f"{quoted(node.plain())} is not a list"
            faults.add(node.place, path, f"{got}; write a list, each item beginning with `- `, or remove the line")
            return []
        return [_record(item, reader.form, f"{path}.{place}", faults) for place, item in enumerate(node.value)]
    try:
        return reader(node.plain())
    except ValueError as error:
        faults.add(node.place, path, str(error))
        return None


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path and key else path or key
