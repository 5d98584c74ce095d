"""Damaged directories of experiments, opened and asked as the commands do that only look."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from random import Random
from typing import Any

import sim
from sim.cli.table import print_status
from sim.experiment.opening import status_of

from .pieces import spoilt

#: Directory, file in it, what happens to the file, new content.
Case = tuple[str, str, str, bytes]

#: Runs that are not complete are told by a warning.
WARNS = True

_WHOLE = ("comparison", "sweep")
_WHERE = Path("damaged")
_VALUES = (None, True, 0, -1, 2**70, 1.5, float("nan"), float("inf"), "", "x", "\u202e", [], [1], {}, {"a": 1}, [[]])


def prepare() -> None:
    """Store two small experiments in the working directory."""
    short = {"russia.stall": 0.5}
    sim.compare(
        ["hardball", sim.load("moves_on").vary(short)], runs=8, traces=["confidence"], trace_runs=[1],
        directory=_WHOLE[0], progress=False, workers=1,
    )  # fmt: skip
    sim.sweep("hardball", {"russia.stall": [0.2, 0.4]}, runs=4, directory=_WHOLE[1], progress=False, workers=1)


def case(random: Random) -> Case:
    """Return one damage."""
    whole = random.choice(_WHOLE)
    files = sorted(str(path.relative_to(whole)) for path in Path(whole).rglob("*") if path.is_file())
    way = random.random()
    if way < 0.45:
        return f"{whole}: a value of the manifest", whole, "manifest.json", _changed(whole, random)
    if way < 0.6:
        name = random.choice(("manifest.json", "design.csv"))
    else:
        name = random.choice([name for name in files if name.endswith(".parquet")])
    kind = f"{whole}: {Path(name).suffix[1:]}"
    path = Path(whole, name)
    if not path.exists() or way > 0.95:
        return f"{whole}: a pipe, device, folder or nothing", whole, name, random.choice(_MARKS)
    return f"{kind}, bytes", whole, name, spoilt(path.read_bytes(), random)


_MARKS = (b"pipe", b"/dev/zero", b"/dev/null", b"folder", b"nothing", b"loop", b"/proc/self/mem")


def carry_out(given: Case) -> None:
    """Damage a copy and look at it."""
    kind, whole, name, content = given
    shutil.rmtree(_WHERE, ignore_errors=True)
    shutil.copytree(whole, _WHERE)
    path = _WHERE / name
    path.unlink(missing_ok=True)
    if not kind.endswith("nothing"):
        path.write_bytes(content)
    elif content == b"pipe":
        os.mkfifo(path)
    elif content == b"folder":
        path.mkdir()
    elif content != b"nothing":
        os.symlink(path.name if content == b"loop" else content.decode(), path)
    _look(_WHERE)


def _look(directory: Path) -> None:
    status = status_of(directory)
    with redirect_stdout(StringIO()):
        print_status(directory, status)
    results = sim.open(directory)
    tables = ["failures", "runs", "outcomes", "summary"]
    if isinstance(results, sim.Comparison):
        tables += ["traces", "histories", "spread"]
        results.differences("ceasefire_by_deadline")
        results.ladder("quarter")
    for name in tables:
        getattr(results, name)
    repr(results)


def _changed(whole: str, random: Random) -> bytes:
    content: dict[str, Any] = json.loads(Path(whole, "manifest.json").read_bytes())
    node: Any = content
    while True:
        key = random.choice(list(node)) if isinstance(node, dict) else random.randrange(len(node))
        if isinstance(node[key], dict | list) and node[key] and random.random() < 0.7:
            node = node[key]
            continue
        break
    way = random.random()
    if way < 0.2:
        del node[key]
    elif way < 0.3 and isinstance(node, list):
        node.append(node[key])
    else:
        node[key] = random.choice((*_VALUES, "9999-12-31", "0001-01-01", "hardball", "../x", {"normal": [0, 1e-320]}))
    return json.dumps(content).encode()
