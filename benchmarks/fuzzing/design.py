"""Hostile tables of points, read as ``truce sweep --design FILE`` reads them."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from random import Random

import numpy as np

from sim.experiment.design import read_design
from sim.parameters import PARAMETERS
from sim.scenario import Scenario, load

from .pieces import NUMBERS, WORDS, spoilt

#: Kind, content or None if the file lies there, path.
Case = tuple[str, bytes | None, str]

_LYING = ("pipe.csv", "folder.csv", "/dev/zero", "/dev/null", "loop.csv", "nowhere.csv", "", "x" * 300, "nul\0.csv",
          "/proc/self/mem", "large.csv")  # fmt: skip


def prepare() -> None:
    """Lay out what is no table."""
    os.mkfifo("pipe.csv")
    Path("folder.csv").mkdir()
    os.symlink("loop.csv", "loop.csv")
    Path("large.csv").write_bytes(b"x" * 10_000_000)


def case(random: Random) -> Case:
    """Return one table."""
    way = random.random()
    if way < 0.4:
        return "a table, spoilt", spoilt(_table(random, hostile=False), random), "case.csv"
    if way < 0.8:
        return "names and values", _table(random, hostile=True), "case.csv"
    if way < 0.9:
        encoding = random.choice(("utf-16", "utf-32", "latin-1", "utf-8-sig"))
        return "encodings", _table(random, hostile=False).decode().encode(encoding), "case.csv"
    if way < 0.95:
        line = random.choice(("russia.stall\n", "0.5\n", ",", '"', "x", "\n", "\r", "point,", "é\n"))
        return "large", b"russia.stall\n" + line.encode() * random.choice((1000, 150_000, 200_000)), "case.csv"
    return "pipes, devices, folders", None, random.choice(_LYING)


def carry_out(given: Case) -> None:
    """Read it; what is accepted has to be of use, too."""
    _, content, path = given
    if content is not None:
        Path(path).write_bytes(content)
    design = read_design(path, _scenario())
    assert len(design) >= 1 and np.isfinite(design.values).all()


@cache
def _scenario() -> Scenario:
    return load("hardball")


def _table(random: Random, *, hostile: bool) -> bytes:
    wild = 0.05 if hostile else 0.0
    names = random.sample(list(PARAMETERS), random.choice((1, 2, 5)))
    heads = [random.choice((*WORDS, name + "x")) if random.random() < wild else name for name in names]
    rows = [[_value(random, name, wild) for name in names] for _ in range(random.randrange(1, 6))]
    if random.random() < 0.3:
        heads, rows = ["point", *heads], [[str(place), *row] for place, row in enumerate(rows)]
    if random.random() < wild:
        rows[0] = rows[0][1:]
    mark, end = random.choice((",", ",", ",", ";", "\t") if hostile else ",,"), random.choice(("\n", "\r\n", "\r"))
    return end.join(mark.join(row) for row in [heads, *rows]).encode("utf-8", "surrogatepass")


def _value(random: Random, name: str, wild: float) -> str:
    if random.random() < wild:
        return random.choice((*NUMBERS, *WORDS))
    parameter = PARAMETERS[name]
    return repr(random.uniform(parameter.low, min(parameter.high, parameter.low + 1)))
