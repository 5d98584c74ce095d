"""The page's limits hold when it is abused as a stranger could, and it goes on answering."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytest.importorskip("panel")

from tests.processes import ENVIRONMENT, ROOT


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the script reads /proc")
def test_abused_the_page_holds_its_limits_and_goes_on_answering():
    command = [sys.executable, ROOT / "benchmarks" / "abuse.py", "--times", "0.02"]
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
