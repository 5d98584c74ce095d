"""The arrows between the parts go one way: what each module of `sim` imports, read from its source, lazily or not."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import sim

ROOT = Path(__file__).parents[1]

#: The parts of `sim`; none imports one that stands behind it. `sim` itself, the front door, may open on all of them.
ORDER = (
    "arrays", "errors", "ordinary_files", "distributions", "draws", "parameters", "values", "rules", "scenario",
    "evidence", "parameter_table", "world", "actors", "model", "analysis", "plots", "experiment", "inquiry",
    "verification", "report", "app", "cli", "__main__",
)  # fmt: skip

#: Of these, all but `model` itself are parts of the model, so they may name its class in their annotations.
OF_THE_MODEL = ("world", "actors")

#: A class and the files in which some of its methods are written, which are imported when the method is called.
WRITTEN_ELSEWHERE = {("sim.app.state", "sim.app.copies"), ("sim.app.state", "sim.app.links")}


def modules() -> dict[str, Path]:
    paths = sorted((ROOT / "sim").rglob("*.py"))
    names = (".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in paths)
    return {name: path for name, path in zip(names, paths, strict=True) if name != "sim"}


def part(module: str) -> str:
    return module.split(".")[1]


@cache
def imports() -> dict[tuple[str, str], bool]:
    """Pairs of a module and one that it imports, and whether that is for its annotations alone."""
    known = modules()
    found: dict[tuple[str, str], bool] = {}
    for name, path in known.items():
        tree = ast.parse(path.read_text("utf-8"))
        guarded = [one for one in tree.body if isinstance(one, ast.If) and "TYPE_CHECKING" in ast.unparse(one.test)]
        typing_only = {id(node) for one in guarded for node in ast.walk(one)}
        for node in ast.walk(tree):
            for target in named(node, known):
                found[name, target] = found.get((name, target), True) and id(node) in typing_only
    return found


def named(node: ast.AST, known: dict[str, Path]) -> Iterator[str]:
    """The modules of `sim` that a piece of code names; through the front door, those that the name comes from."""
    if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "sim":
        assert node.level == 0
        for name in node.names:
            full = f"{node.module}.{name.name}"
            yield full if full in known else node.module
    elif isinstance(node, ast.Import):
        yield from (name.name for name in node.names if name.name.startswith("sim."))
    elif isinstance(node, ast.Attribute) and ast.unparse(node.value) == "sim" and node.attr in sim._SOURCES:
        yield sim._SOURCES[node.attr] or f"sim.{node.attr}"


def test_every_part_has_its_place_in_the_order():
    assert {part(module) for module in modules()} == set(ORDER)


@pytest.mark.parametrize("name", ORDER)
def test_no_part_imports_one_that_stands_behind_it(name):
    behind = ORDER[ORDER.index(name) + 1 :]
    wrong = [
        f"{module} imports {target}" for (module, target), for_types in imports().items()
        if part(module) == name and part(target) in behind
        and not (for_types and name in OF_THE_MODEL and part(target) in (*OF_THE_MODEL, "model"))
    ]  # fmt: skip
    assert wrong == [], "move what is needed to the part that stands in front, or pass it as an argument"


def test_no_modules_import_each_other_in_a_circle():
    arrows = TopologicalSorter()
    for (module, target), for_types in imports().items():
        if not for_types and (module, target) not in WRITTEN_ELSEWHERE:
            arrows.add(module, target)
    try:
        arrows.prepare()
    except CycleError as error:
        pytest.fail(f"in a circle: {' is imported by '.join(error.args[1])}", pytrace=False)


def test_methods_written_elsewhere_are_imported_when_they_are_called():
    for module, target in WRITTEN_ELSEWHERE:
        assert (module, target) in imports()
        top = ast.parse(modules()[module].read_text("utf-8")).body
        assert target not in itertools.chain.from_iterable(named(node, modules()) for node in top)


def test_contributing_says_what_each_directory_holds():
    layout = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    directories = {path.name for path in (ROOT / "sim").iterdir() if path.is_dir() and path.name[0] not in "_."}
    assert {name for name in directories if f"`sim/{name}" not in layout} == set()
