"""What others build on, written down: names, signatures, commands, columns and codes stay as they are, or it is said.

`tests/public_api.txt` has the description; `python -m tests.test_public_api` writes it anew. `docs/policy.md` says what
is public and what a change of it needs.
"""

from __future__ import annotations

import ast
import difflib
import inspect
import json
import re
import textwrap
import typing
from collections.abc import Iterator, Mapping
from enum import Enum
from importlib import import_module
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import typer.models

import sim
from sim.analysis.outcomes import Column
from sim.cli import app
from sim.cli.commands import FAILED_CHECK
from sim.cli.entry import BAD_INPUT, CLOSED_PIPE, INTERRUPTED
from sim.cli.experiments import FAILED_RUNS
from sim.experiment.chunk import FAILURES
from sim.experiment.directory import REPORT_FORMAT
from sim.experiment.parts import SCHEMA
from sim.experiment.provenance import FORMAT

ROOT = Path(__file__).parents[1]
FILE = Path(__file__).with_name("public_api.txt")

#: Classes whose objects `compare`, `sweep` and `open` make: how they do it is their own matter.
NOT_MADE_BY_HAND = (sim.Comparison, sim.Sweep)

#: Classes of which public functions hand out objects, but which nobody has to name.
HANDED_OUT = (
    "sim.app.explorer_box.ExplorerBox", "sim.experiment.Execution", "sim.experiment.replay.History",
    "sim.scenario.Event", "sim.scenario.Listing",
)  # fmt: skip

ADVICE = """
What others build on has changed ({removed} lines of the description gone or changed, {added} new; above).

1. If that was not meant, undo it: a new argument goes to the end and has a default, an old name goes on working.
2. If it is meant, docs/policy.md says what it needs. Something new: a line under "Added" in CHANGELOG.md. Something
   that goes or changes: first a minor version in which the old way works and warns what replaces it; then a line under
   "Removed" or "Changed", and a higher minor version (before 1.0; afterwards a major one). A change in the directory of
   an experiment takes a new number of its format (FORMAT in sim/experiment/provenance.py; of tables, SCHEMA as well).
3. Then write the description anew and commit it together with the change: python -m tests.test_public_api
"""


def described(directory: Path) -> dict[str, list[str]]:
    """The description, section by section; `directory` is where a small experiment may go."""
    return {
        "Python: what `sim` names": python([f"sim.{name}" for name in sim.__all__ if name != "__version__"]),
        "Python: what the documentation names beside it": python([*named_in_docs(), *HANDED_OUT]),
        "Commands": commands(),
        "Exit codes": exit_codes(),
        "Files of an experiment": files(directory),
    }


# Python ---------------------------------------------------------------------------------------------------------------


def python(names: list[str]) -> list[str]:
    lines: list[str] = []
    for name in sorted(set(names)):
        thing = find(name)
        if inspect.ismodule(thing):
            own = [key for key, value in vars(thing).items() if is_public(key) and is_of(value, thing)]
            lines += [line for key in sorted(own) for line in of(f"{name}.{key}", getattr(thing, key))]
        else:
            lines += of(name, thing)
    return lines


def of(name: str, thing: object) -> list[str]:
    if inspect.isclass(thing):
        return list(of_class(name, thing))
    if inspect.isfunction(thing):
        return [name + signature(thing)]
    if isinstance(thing, Mapping):
        units = {key: f" ({value.unit})" if isinstance(value, Column) else "" for key, value in thing.items()}
        return [f"{name}: {key}{unit}" for key, unit in units.items()]
    listed = isinstance(thing, tuple) and all(isinstance(value, str) for value in thing)
    return [f"{name}: {value}" for value in thing] if listed else [name]


def of_class(name: str, thing: type) -> Iterator[str]:
    """Its bases that matter, how it is made, and what every object of it has; what Mesa and Python add is theirs."""
    own = [base for base in thing.__mro__ if base.__module__.startswith("sim.")]
    makers = [vars(base)["__init__"] for base in own if "__init__" in vars(base)]
    errors = [base.__name__ for base in thing.__mro__[1:-1] if issubclass(base, sim.errors.TruceError)]
    made = signature(makers[0]) if makers and thing not in NOT_MADE_BY_HAND else ""
    yield name + made + (f" [{errors[0]}]" if errors else "")
    members: dict[str, str] = {}
    for base in reversed(own):
        members |= attributes(base)
        for key, value in vars(base).items():
            if is_public(key) and (text := member(value)):
                members[key] = text
    yield from (f"{name}.{key}{members[key]}" for key in sorted(members))


def member(value: object) -> str:
    """How a method is called or what a property is; nothing for what is neither."""
    function = getattr(value, "fget", None) or getattr(value, "func", None) or getattr(value, "__func__", value)
    if not inspect.isfunction(function):
        return ""
    if function is value:
        return signature(function)
    if isinstance(value, classmethod | staticmethod):
        return f"{signature(function)} [{type(value).__name__}]"
    return f": {inspect.signature(function).return_annotation}"


def attributes(thing: type) -> dict[str, str]:
    """What is annotated in the class, and what `__init__` and `prepare` give every object."""
    (tree,) = ast.parse(textwrap.dedent(inspect.getsource(thing))).body
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            targets, note = [part for target in node.targets for part in ast.walk(target)], ""
        elif isinstance(node, ast.AnnAssign):
            targets, note = [node.target], f": {ast.unparse(node.annotation)}"
        else:
            continue
        in_class = node in tree.body
        for target in targets:
            of_self = isinstance(target, ast.Attribute) and ast.unparse(target.value) == "self"
            name = target.attr if of_self else target.id if in_class and isinstance(target, ast.Name) else "_"
            if is_public(name):
                found[name] = found.get(name) or note
    return found


class Verbatim(str):
    """An annotation as the source has it; `inspect` would put it between quotes."""

    __repr__ = str.__str__


def signature(function: object) -> str:
    """Names, kinds, defaults and annotations, without `self`."""
    found = inspect.signature(function)
    kept = [one for name, one in found.parameters.items() if name not in ("self", "cls")]
    kept = [one.replace(annotation=verbatim(one.annotation)) for one in kept]
    return str(found.replace(parameters=kept, return_annotation=verbatim(found.return_annotation)))


def verbatim(annotation: object) -> object:
    return Verbatim(annotation) if isinstance(annotation, str) else annotation


def named_in_docs() -> list[str]:
    """What README, documentation and notebooks name: naming it there makes it public."""
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *(ROOT / "notebooks").glob("*.ipynb")]
    text = "\n".join(page.read_text("utf-8") for page in pages)
    names = set(re.findall(r"`(sim(?:\.[A-Za-z_]\w*){2,})", text))
    for module, imported in re.findall(r"\bfrom (sim\.[\w.]+) import ([\w, ]+)", text):
        names |= {f"{module}.{name.split(' as ')[0].strip()}" for name in imported.split(",")}
    known = [f"sim.{name}" for name in sim.__all__]
    return [
        name for name in names
        if not name.startswith(tuple(f"{one}." for one in known)) and not inspect.ismodule(find(name))
    ]  # fmt: skip


def find(name: str) -> object:
    """What a dotted name means; a name that means nothing is an error in the documentation."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            thing: object = import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:]:
            thing = getattr(thing, part)
        return thing
    raise LookupError(name)


def is_public(name: str) -> bool:
    return not name.startswith("_") and name != "model_config"  # which is pydantic's


def is_of(value: object, module: object) -> bool:
    if inspect.isclass(value):
        return value.__module__.startswith(module.__name__)
    return inspect.isfunction(value) and value.__module__ == module.__name__


# Commands, codes, files -----------------------------------------------------------------------------------------------


def commands() -> list[str]:
    lines = []
    for command in app.registered_commands:
        name = command.name or command.callback.__name__
        lines.append(f"truce {name}")
        hints = typing.get_type_hints(command.callback, include_extras=True)
        for key, parameter in inspect.signature(command.callback).parameters.items():
            if key != "context":
                lines.append(f"truce {name} {option(key, hints[key], parameter.default)}")
    return lines


def option(key: str, hint: object, default: object) -> str:
    kind, info = typing.get_args(hint)[:2]
    if isinstance(info, typer.models.ArgumentInfo):
        words = [info.metavar or key.upper()]
    else:
        told = [*([] if info.default is ... else [info.default]), *(info.param_decls or ())]  # as Annotated has them
        words = [*(told or [f"--{key.replace('_', '-')}"]), *([info.metavar] if info.metavar else [])]
    if "list[" in str(kind):
        words.append("...")
    if inspect.isclass(kind) and issubclass(kind, Enum):
        words.append("|".join(one.value for one in kind))
        default = default.value if isinstance(default, Enum) else default
    if default is inspect.Parameter.empty:
        return f"{' '.join(words)} (required)"
    return f"{' '.join(words)} = {default}"


def exit_codes() -> list[str]:
    return [
        "0: done",
        f"{FAILED_RUNS}: some runs failed, the others are there",
        f"{FAILED_CHECK}: truce verify: a check failed",
        f"{CLOSED_PIPE}: nobody reads what is printed",
        f"{BAD_INPUT}: wrong usage, input that cannot be used, or it could not go on",
        f"{INTERRUPTED}: stopped on request; by another signal 128 and its number",
    ]


def files(directory: Path) -> list[str]:
    """What is in the directories of a comparison with traces and of a sweep, and what would be there of failed runs."""
    how = {"runs": 8, "traces": ["confidence"], "progress": False}
    sim.compare(["hardball", "swift_deal"], trace_runs=[3], directory=directory / "a", **how)
    sim.sweep("hardball", {"russia.confidence": [0.4, 0.7]}, directory=directory / "b", **how)
    lines = [f"formats: {FORMAT}; {SCHEMA}; {REPORT_FORMAT}", *(f"failures.csv: {name}" for name in FAILURES)]
    for kind, folder in (("comparison", directory / "a"), ("sweep", directory / "b")):
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        lines += [f"{kind}: manifest.json: {key}" for key in sorted(manifest)]
        for path in sorted(folder.glob("*.csv")):
            lines += [f"{kind}: {path.name}: {name}" for name in pd.read_csv(path).columns]
        for table in sorted(path for path in folder.iterdir() if path.is_dir() and any(path.iterdir())):
            schema = pq.read_schema(min(table.iterdir()))
            lines += [f"{kind}: {table.name}/*.parquet: {column(field)}" for field in schema]
        lines += [f"{kind}: {path.name}" for path in sorted(folder.iterdir()) if path.suffix in (".png", ".svg")]
    return lines


def column(field: pa.Field) -> str:
    """Name, kind and unit; which of several types of text or number a library writes is its own matter."""
    kinds = {
        "yes or no": pa.types.is_boolean, "whole number": pa.types.is_integer, "number": pa.types.is_floating,
    }  # fmt: skip
    kind = next((name for name, is_it in kinds.items() if is_it(field.type)), "text")
    return f"{field.name} ({kind}, {field.metadata[b'unit'].decode()})"


# The tests ------------------------------------------------------------------------------------------------------------


def written(sections: Mapping[str, list[str]]) -> str:
    return "\n".join(f"## {title}\n\n" + "\n".join(lines) + "\n" for title, lines in sections.items())


def test_nothing_that_others_build_on_has_changed(tmp_path):
    before, now = FILE.read_text("utf-8").splitlines(), written(described(tmp_path)).splitlines()
    changes = [line for line in difflib.unified_diff(before, now, n=0, lineterm="") if line[:3] not in ("---", "+++")]
    removed, added = (sum(line.startswith(mark) for line in changes) for mark in "-+")
    if changes:
        pytest.fail("\n".join(changes) + "\n" + ADVICE.format(removed=removed, added=added), pytrace=False)


def main() -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        text = written(described(Path(folder)))
    FILE.write_text(text, "utf-8")
    print(f"{FILE.name}: {len(text.splitlines())} lines")


if __name__ == "__main__":
    main()
