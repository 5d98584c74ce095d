from __future__ import annotations

import re
import signal
import socket
import sys
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

from sim.app.pool import Pool
from tests.processes import ROOT, started, workers_of


def test_the_help_says_how_to_open_it_and_names_an_example(here):
    done = here("app", "--help")
    assert done.returncode == 0 and "Example: truce app --port 5007" in done.stdout
    assert "anybody who reaches it may" in " ".join(done.stdout.split())


@pytest.mark.parametrize("port", ["70000", "-1", "x"])
def test_a_port_that_cannot_be_is_answered_in_one_line(here, port):
    done = here("app", f"--port={port}")
    assert done.returncode == 2 and len(done.stderr.splitlines()) == 1 and done.stdout == ""


def test_a_port_that_is_taken_is_answered_with_a_free_one(here):
    pytest.importorskip("panel")
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        done = here("app", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 2 and "is taken; another one is free: truce app --port " in done.stderr


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks at /proc")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 0), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_it_is_open_on_this_machine_until_it_is_ended(number, code):
    pytest.importorskip("panel")
    with started([sys.executable, "-m", "sim", "app", "--port", "0"], cwd=ROOT) as process:
        assert process.stdout is not None and process.stderr is not None
        address = re.fullmatch(
            r"Truce is open at (http://127\.0\.0\.1:\d+/) \(end it with Ctrl-C\)\n", process.stdout.readline()
        )[1]
        with urllib.request.urlopen(address, timeout=60) as answer:
            assert answer.status == 200 and b"<h1>" in answer.read()
        workers = workers_of(process)
        process.send_signal(number)
        assert process.communicate(timeout=120)[1] == ""
        assert process.returncode == code
        assert len(workers) == Pool().processes and not any(Path(f"/proc/{worker}").exists() for worker in workers)
