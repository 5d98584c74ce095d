"""Forks in the arrays: how often each side of ``np.where``, ``minimum``, ``maximum`` and ``clip`` was taken.

The code itself is watched, so a fork that is written tomorrow is watched too. The forks are read from the source of
the actors and the world; while a watch is on, these modules see a NumPy whose four functions count before they choose.
A fork is known by its text and not by its line.
"""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
import pkgutil
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from types import CodeType, ModuleType
from typing import Any, NamedTuple

import numpy as np

import sim.actors
import sim.world

SIDES = {
    "where": ("true", "false"),
    "minimum": ("first smaller", "second smaller"),
    "maximum": ("first larger", "second larger"),
    "clip": ("below", "above"),
}


class Fork(NamedTuple):
    """One side of one choice in the code."""

    module: str
    text: str
    side: str

    def __str__(self) -> str:
        return f"{self.module}: {self.text}: {self.side}"


@functools.cache
def watched_modules() -> tuple[ModuleType, ...]:
    """Return the modules of the actors and the world that use NumPy."""
    found = []
    for package in (sim.actors, sim.world):
        for info in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            module = importlib.import_module(info.name)
            if hasattr(module, "np"):
                found.append(module)
    return tuple(found)


@functools.cache
def forks_of(module: ModuleType) -> tuple[Fork, ...]:
    """Return the forks that stand in the source of a module, in the order in which they stand there."""
    source = inspect.getsource(module)
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in SIDES:
            where = node.func.value
            if isinstance(where, ast.Name) and where.id == "np":
                text = _one_line(ast.get_source_segment(source, node) or "")
                found += [(node.lineno, Fork(module.__name__, text, side)) for side in SIDES[node.func.attr]]
    return tuple(dict.fromkeys(fork for _, fork in sorted(found)))


def no_counts() -> Counter[Fork]:
    """Return a count of zero for every fork of the watched modules."""
    return Counter({fork: 0 for module in watched_modules() for fork in forks_of(module)})


@contextmanager
def watched(counts: Counter[Fork]) -> Iterator[None]:
    """Add to `counts` how often each fork is taken, in elements of arrays, as long as the context lasts."""
    modules = watched_modules()
    for module in modules:
        module.np = _Counting(module.__name__, counts)  # type: ignore[attr-defined]
    try:
        yield
    finally:
        for module in modules:
            module.np = np  # type: ignore[attr-defined]


class _Counting:
    """NumPy, but that four of its functions count which side they take."""

    def __init__(self, module: str, counts: Counter[Fork]) -> None:
        self._module, self._counts = module, counts

    def __getattr__(self, name: str) -> Any:
        return getattr(np, name)

    def where(self, condition: Any, *choices: Any) -> Any:
        yes = int(np.count_nonzero(condition))
        self._note("where", yes, np.size(condition) - yes)
        return np.where(condition, *choices)

    def minimum(self, first: Any, second: Any, **more: Any) -> Any:
        self._note("minimum", np.count_nonzero(np.less(first, second)), np.count_nonzero(np.less(second, first)))
        return np.minimum(first, second, **more)

    def maximum(self, first: Any, second: Any, **more: Any) -> Any:
        self._note("maximum", np.count_nonzero(np.greater(first, second)), np.count_nonzero(np.greater(second, first)))
        return np.maximum(first, second, **more)

    def clip(self, what: Any, low: Any, high: Any) -> Any:
        self._note("clip", np.count_nonzero(np.less(what, low)), np.count_nonzero(np.greater(what, high)))
        return np.clip(what, low, high)

    def _note(self, function: str, *counts: Any) -> None:
        frame = sys._getframe(2)
        text = _call(frame.f_code, frame.f_lasti)
        for side, count in zip(SIDES[function], counts, strict=True):
            self._counts[Fork(self._module, text, side)] += int(count)


@functools.cache
def _call(code: CodeType, instruction: int) -> str:
    """Return the source of the call that an instruction makes."""
    positions = list(code.co_positions())[instruction // 2]
    first, last, begin, end = (number or 0 for number in positions)
    lines, start = inspect.findsource(code)[0], first - 1
    # Columns are counted in bytes.
    rows = [row.encode() for row in lines[start:last]]
    rows[-1] = rows[-1][:end]
    rows[0] = rows[0][begin:]
    return _one_line(b"".join(rows).decode())


def _one_line(text: str) -> str:
    return " ".join(text.split())
