"""Killed, stopped, put to sleep, under a clock that jumps: a batch goes on, and its table is the same to the byte."""

from __future__ import annotations

import dataclasses
import io
import os
import signal
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import sim
from sim.cli import main
from sim.experiment import Experiment, provenance, running
from sim.experiment.progress import Progress
from sim.experiment.store import being_written
from tests.batches import Here, StopsAfter, bytes_of, carried_out
from tests.processes import batch_in, parts_in, started, wait_for, workers_of

POSIX = pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="signals of POSIX, processes in /proc")


@pytest.fixture(scope="module")
def experiment(hardball) -> Experiment:
    return Experiment.of(dataclasses.replace(hardball, uncertainty=False), runs=24, seed=3)


@pytest.fixture(scope="module")
def undisturbed(experiment) -> bytes:
    return bytes_of(carried_out(experiment, chunk=24))


def resumed(experiment: Experiment, directory: Path, done: int) -> bytes:
    """Go on with what a process has left, and see that only the rest is done."""
    here = Here()
    results = carried_out(experiment, directory=directory, executor=here)
    assert len(here.tasks) == 12 - done and results.complete
    assert not [path for path in directory.rglob("*") if path.name.endswith(".part")]
    return bytes_of(results)


@POSIX
@pytest.mark.slow
def test_killed_in_mid_batch_it_goes_on_from_what_was_done(experiment, undisturbed, tmp_path):
    with batch_in(tmp_path / "mine", workers=2) as process:
        wait_for(lambda: len(parts_in(tmp_path / "mine")) >= 3)
        assert being_written(tmp_path / "mine") is not None
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    assert being_written(tmp_path / "mine") is None
    done = len(parts_in(tmp_path / "mine"))
    assert 3 <= done < 12
    assert resumed(experiment, tmp_path / "mine", done) == undisturbed


@POSIX
@pytest.mark.slow
def test_a_night_asleep_and_a_worker_that_is_killed_show_nowhere(undisturbed, tmp_path):
    """A closed laptop: everything stands still in the middle of a week, and goes on; then one process dies."""
    with batch_in(tmp_path / "mine", workers=2) as process:
        wait_for(lambda: len(parts_in(tmp_path / "mine")) >= 2)
        os.killpg(process.pid, signal.SIGSTOP)
        time.sleep(0.2)
        before = len(parts_in(tmp_path / "mine"))
        time.sleep(2)
        assert len(parts_in(tmp_path / "mine")) == before < 10
        workers = workers_of(process)
        os.killpg(process.pid, signal.SIGCONT)
        os.kill(workers[0], signal.SIGKILL)
        told = process.communicate(timeout=120)[1]
        assert process.returncode == 0
    assert "worker processes failed" in told and "starting new ones" in told
    assert bytes_of(sim.open(tmp_path / "mine")) == undisturbed


@POSIX
@pytest.mark.slow
def test_stopped_by_hand_it_says_what_is_kept_and_the_same_command_goes_on(tmp_path, monkeypatch, capsys):
    (tmp_path / "mine.yaml").write_text("extends: hardball\ndeadline: 2025-09-01\nhorizon: 2025-11-17\n")
    words = ["run", "mine.yaml", "--runs", "40", "--chunk", "2", "--workers", "1", "--out", "out", "--quiet"]
    with started([sys.executable, "-m", "sim", *words], tmp_path) as process:
        wait_for(lambda: len(list(tmp_path.glob("out/outcomes/0*"))) >= 2)
        os.killpg(process.pid, signal.SIGINT)
        told = process.communicate(timeout=60)[1]
        assert process.returncode == 130
    done = 2 * len(list(tmp_path.glob("out/outcomes/0*")))
    assert told == (
        f"truce: stopped on request; {done} of 40 runs are kept in out, and the same command goes on from there\n"
    )
    before = {path: path.stat().st_mtime_ns for path in parts_in(tmp_path / "out")}
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as end:
        main(words)
    assert end.value.code == 0 and capsys.readouterr().out == "out\n"
    assert all(path.stat().st_mtime_ns == time for path, time in before.items())
    opened = sim.open(tmp_path / "out")
    assert bytes_of(opened) == bytes_of(sim.compare(opened.scenarios[0], runs=40, workers=1))


# ---- the clock


class Jumping(datetime):
    """A clock that is set back by a day at every look."""

    looks = 0

    @classmethod
    def now(cls, tz=None):
        cls.looks += 1
        return datetime(2030, 1, 1, tzinfo=UTC) - timedelta(days=cls.looks)


def test_a_clock_that_jumps_changes_nothing_but_what_it_shows(experiment, undisturbed, tmp_path, monkeypatch):
    said = []

    class Watched(Progress):
        def __init__(self, total):
            super().__init__(total, io.StringIO())

        def advance(self, runs, failed=0):
            super().advance(runs, failed)
            said.append(self.status())

    times = iter(range(2_000_000_000, 0, -86_400))
    monkeypatch.setattr(provenance, "datetime", Jumping)
    monkeypatch.setattr(time, "time", lambda: float(next(times)))
    monkeypatch.setattr(running, "Progress", Watched)
    directory = tmp_path / "mine"
    with pytest.raises(KeyboardInterrupt):
        carried_out(experiment, directory=directory, executor=StopsAfter(2))
    os.utime(directory / "manifest.json", (0, 0))
    results = carried_out(experiment, directory=directory, progress=True)
    assert bytes_of(results) == undisturbed and results.complete
    assert results.manifest["started"].startswith("2029-12") and results.manifest["ended"] < results.manifest["started"]
    assert len(said) == 3 and not any("-" in words for words in said)
