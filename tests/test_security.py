"""What `SECURITY.md` promises: nothing that is read can run code, and nobody is listened to or spoken to unasked."""

from __future__ import annotations

import ast
import json
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import sim
from sim.errors import TruceError
from sim.experiment.opening import status_of
from sim.experiment.parts import _UNSEALED, SEAL, _sealed
from tests.processes import ENVIRONMENT, started, wait_for

ROOT = Path(__file__).parents[1]

#: Modules of which reading is running.
UNSAFE_MODULES = {
    "_pickle", "cloudpickle", "code", "dill", "joblib", "jsonpickle", "marshal", "pickle", "runpy", "shelve", "yaml",
}  # fmt: skip
UNSAFE_CALLS = {"__import__", "compile", "eval", "exec", "os.popen", "os.system"}
UNSAFE_METHODS = {"read_pickle", "set_auto_load", "to_pickle"}
UNSAFE_ARGUMENTS = {"allow_pickle", "shell"}


@cache
def calls_and_imports() -> list[tuple[str, ast.AST]]:
    paths = sorted((ROOT / "sim").rglob("*.py"))
    trees = ((path.relative_to(ROOT).as_posix(), ast.parse(path.read_text("utf-8"))) for path in paths)
    kinds = ast.Call | ast.Import | ast.ImportFrom
    return [(path, node) for path, tree in trees for node in ast.walk(tree) if isinstance(node, kinds)]


def test_no_module_of_truce_unpickles_evaluates_or_starts_a_shell():
    found = []
    for path, node in calls_and_imports():
        if isinstance(node, ast.Import):
            words = {name.name.split(".")[0] for name in node.names} & UNSAFE_MODULES
        elif isinstance(node, ast.ImportFrom):
            words = {(node.module or "").split(".")[0]} & UNSAFE_MODULES
        else:
            called = ast.unparse(node.func)
            words = {called} & UNSAFE_CALLS | {called.rpartition(".")[2]} & UNSAFE_METHODS
            words |= {word.arg for word in node.keywords} & UNSAFE_ARGUMENTS
        found += [f"{path}:{node.lineno}: {word}" for word in words]
    assert found == []


def test_yaml_is_read_by_the_loader_that_makes_plain_values_only():
    calls = [(path, node) for path, node in calls_and_imports() if isinstance(node, ast.Call)]
    assert {(path, ast.unparse(node)) for path, node in calls if ast.unparse(node.func) == "YAML"} == {
        ("sim/scenario/reading.py", "YAML(typ='safe', pure=True)"),
        ("sim/app/copies.py", "YAML(typ='rt', pure=True)"),  # writes, with comments
    }
    assert not any(ast.unparse(node.func) == "writer.load" for _, node in calls)


# Results that somebody else sent --------------------------------------------------------------------------------------


class Trap:
    """Leaves a file behind when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return Path.touch, (self.mark,)


@pytest.fixture
def trapped(tmp_path) -> tuple[Path, Path]:
    """The directory of an experiment with a trap in every place that a library could unpickle, and the trap's mark."""
    directory, mark = tmp_path / "results", tmp_path / "sprung"
    sim.compare(["hardball", "swift_deal"], runs=8, traces=["confidence"], directory=directory, progress=False)
    trap = pickle.dumps(Trap(mark))
    for path in directory.rglob("*.parquet"):
        table = pq.read_table(path)
        kept = table.schema.metadata | {b"seal": SEAL + _UNSEALED}
        # CVE-2023-47248: a column says that its type is a Python class, pickled beside it.
        extension = {"ARROW:extension:name": "arrow.py_extension_type", "ARROW:extension:metadata": trap}
        fields = [field.with_metadata((field.metadata or {}) | extension) for field in table.schema]
        pandas = json.loads(kept[b"pandas"])
        for column in pandas["columns"]:
            column |= {"pandas_type": "object", "numpy_type": "object", "metadata": {"encoding": "pickle"}}
        schema = pa.schema(fields, kept | {b"pandas": json.dumps(pandas).encode(), b"pickle": trap})
        table = pa.table([column.cast(field.type) for column, field in zip(table.columns, schema, strict=True)], schema)
        pq.write_table(table.append_column("trap", pa.array([trap] * len(table))), path)
        path.write_bytes(_sealed(path.read_bytes()))  # whoever lays traps can count, too
    for name in ("outcomes.pickle", "outcomes/000.pkl", "manifest.pickle", "report/cache.joblib"):
        (directory / name).parent.mkdir(exist_ok=True)
        (directory / name).write_bytes(trap)
    np.save(directory / "outcomes.npy", np.array([Trap(mark)], dtype=object), allow_pickle=True)
    return directory, mark


def test_the_trap_works(tmp_path):
    pickle.loads(pickle.dumps(Trap(tmp_path / "sprung")))
    assert (tmp_path / "sprung").exists()


def test_no_pickle_in_a_results_directory_is_ever_read(trapped):
    directory, mark = trapped
    found = sim.open(directory)
    uses: list[Callable[[], object]] = [
        lambda: found.outcomes, lambda: found.summary, lambda: found.spread, lambda: found.traces,
        lambda: found.dataset.to_table().to_pandas(), lambda: found.failures, lambda: found.risks(),
        lambda: found.replay("hardball", 3), lambda: status_of(directory),
        lambda: sim.write_report(directory, simulate=False),
        lambda: sim.compare(["hardball", "swift_deal"], runs=8, traces=["confidence"], directory=directory),
    ]  # fmt: skip
    done = 0
    for use in uses:
        with suppress(TruceError):
            use()
            done += 1
        assert not mark.exists()
    assert done >= 5  # most of it is read, so that the traps were passed by


# Connections ----------------------------------------------------------------------------------------------------------

#: Run by every Python that a command starts: notes down whatever is listened on or spoken to, but for the pipes between
#: processes of this machine.
WATCH = """
import os, socket, sys
def note(event, given):
    if event in ("socket.bind", "socket.connect") and given[0].family != socket.AF_UNIX:
        with open(os.environ["TOLD_OF_SOCKETS"], "a") as file:
            file.write(f"{event} {given[1][0]}\\n")
    elif event == "socket.getaddrinfo":
        with open(os.environ["TOLD_OF_SOCKETS"], "a") as file:
            file.write(f"{event} {given[0]}\\n")
sys.addaudithook(note)
"""


@pytest.fixture
def watched(tmp_path, monkeypatch) -> Callable[[], set[str]]:
    """What the Pythons that are started from here on bind, connect to and ask the names of."""
    (tmp_path / "watch").mkdir()
    (tmp_path / "watch" / "sitecustomize.py").write_text(WATCH)
    told = tmp_path / "told"
    told.touch()
    monkeypatch.setitem(ENVIRONMENT, "PYTHONPATH", f"{tmp_path / 'watch'}{os.pathsep}{ROOT}")
    monkeypatch.setitem(ENVIRONMENT, "TOLD_OF_SOCKETS", str(told))
    return lambda: set(told.read_text().splitlines())


def truce(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sim", *words]
    return subprocess.run(command, cwd=cwd, env=ENVIRONMENT, capture_output=True, text=True)


def test_the_watch_sees_a_listener(watched, tmp_path):
    code = "import socket; socket.create_server(('127.0.0.1', 0)).close()"
    subprocess.run([sys.executable, "-c", code], env=ENVIRONMENT, check=True)
    assert watched() == {"socket.bind 127.0.0.1"}


@pytest.mark.slow
def test_no_command_but_the_page_listens_or_speaks_to_anybody(watched, tmp_path):
    few = ("--runs", "60", "--workers", "2", "--chunk", "30", "--out", "made")
    for words in (("compare", "hardball", "swift_deal", *few), ("risks", "made"), ("report", "made")):
        done = truce(*words, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
    assert watched() == set()


def test_the_page_listens_on_loopback_alone(watched, tmp_path):
    pytest.importorskip("panel")
    with started([sys.executable, "-m", "sim", "app", "--port", "0"], cwd=tmp_path) as process:
        assert "http://127.0.0.1:" in process.stdout.readline()
        wait_for(lambda: len(watched()) > 0)
        assert {line for line in watched() if line.startswith("socket.bind")} == {"socket.bind 127.0.0.1"}
        assert {line.split()[1] for line in watched()} == {"127.0.0.1"}


@pytest.mark.slow
def test_a_cluster_on_this_machine_listens_on_loopback_alone(watched, tmp_path):
    pytest.importorskip("distributed")
    done = truce("run", "hardball", "--runs", "16", "--cluster", "local", "--out", "made", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert {line.split()[1] for line in watched() if line.startswith("socket.bind")} <= {"127.0.0.1"}
