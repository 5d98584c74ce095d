from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.experiment.workers import Workers, available_cores

ENVIRONMENT = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}

# A script as a student writes it: no functions, no guard.
SCRIPT = """
import sim
print("started")
comparison = sim.compare(["hardball", "sober_kremlin"], runs=8, workers=2)
print(comparison.summary["runs"].tolist())
"""

ORPHANS = """
import os, time
from sim.experiment.workers import Workers
if __name__ == "__main__":
    print(Workers(1).submit(os.getpid).result(), flush=True)
    time.sleep(60)
"""


def test_there_is_at_least_one_core():
    assert available_cores() >= 1


def test_a_worker_is_another_process():
    with Workers(1) as pool:
        assert pool.submit(os.getpid).result() != os.getpid()


def test_the_main_module_is_itself_again_after_workers_were_started():
    main = sys.modules["__main__"]
    with Workers(1) as pool:
        pool.submit(os.getpid).result()
    assert sys.modules["__main__"] is main


@pytest.mark.slow
def test_a_script_without_a_guard_runs_once_and_works(tmp_path):
    (tmp_path / "study.py").write_text(SCRIPT)
    done = subprocess.run([sys.executable, "study.py"], cwd=tmp_path, capture_output=True, text=True, env=ENVIRONMENT)
    assert (done.stdout, done.stderr) == ("started\n[8, 8]\n", "")


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks at /proc")
def test_workers_end_with_a_parent_that_is_killed(tmp_path):
    (tmp_path / "study.py").write_text(ORPHANS)
    with subprocess.Popen(
        [sys.executable, "study.py"], cwd=tmp_path, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT
    ) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        parent.send_signal(signal.SIGKILL)
        limit = time.monotonic() + 10
        while alive(worker) and time.monotonic() < limit:
            time.sleep(0.05)
    assert not alive(worker)


def alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
