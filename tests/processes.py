"""Batches in processes of their own, to be killed, stopped and cut off."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).parents[1]
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}

#: The `hardball` of the fixtures without uncertainty, in twelve small parts.
BATCH = """
import dataclasses, sys
from datetime import date
import sim
from tests.batches import carried_out
dates = {"deadline": date(2025, 9, 1), "horizon": date(2025, 11, 17)}
certain = dataclasses.replace(sim.load("hardball"), uncertainty=False, **dates)
experiment = sim.experiment.Experiment.of(certain, runs=24, seed=3)
if __name__ == "__main__":
    carried_out(experiment, directory=sys.argv[1], chunk=2, workers=int(sys.argv[2]))
"""


@contextmanager
def batch_in(directory: Path, workers: int = 1) -> Iterator[subprocess.Popen[str]]:
    """A batch in a process group of its own, which is ended at the latest with the block."""
    command = [sys.executable, "-c", BATCH, str(directory), str(workers)]
    with started(command) as process:
        yield process


@contextmanager
def started(command: list[str], cwd: Path | None = None) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT,
        start_new_session=True, preexec_fn=_heed_signals,
    )  # fmt: skip
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def _heed_signals() -> None:
    """Undo what a job in the background inherits (nohup, a shell's &): ignored signals would stay ignored."""
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Return once the condition holds."""
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "it never happened"
        time.sleep(0.02)


def parts_in(directory: Path) -> list[Path]:
    """Parts of outcomes and repetitions that are done."""
    return [path for name in ("outcomes", "repeats") for path in directory.glob(f"{name}/[0-9]*.parquet")]


def workers_of(process: subprocess.Popen[str]) -> list[int]:
    """Numbers of the worker processes that a process has started, from /proc."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rpartition(")")[2].split()[1])
            words = (path.parent / "cmdline").read_bytes()
        except (OSError, IndexError):
            continue
        if parent == process.pid and b"spawn_main" in words:
            found.append(int(path.parent.name))
    return found
