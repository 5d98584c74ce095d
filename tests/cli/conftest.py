from __future__ import annotations

import os
import signal
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.cli import main

ROOT = Path(__file__).parents[2]

Truce = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def truce(tmp_path: Path) -> Truce:
    """Runs the command in an empty directory, as a user would: a process of its own."""

    def run(*words: str | Path, cwd: Path = tmp_path, **environment: str) -> subprocess.CompletedProcess[str]:
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
        return subprocess.run(
            [sys.executable, "-m", "sim", *map(str, words)],
            cwd=cwd, capture_output=True, text=True, encoding="utf-8", timeout=300,
            env=os.environ | {"PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"} | environment,
        )  # fmt: skip

    return run


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Truce:
    """Runs the command in this process, in the same empty directory: the same words and codes, and quicker."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(warnings, "showwarning", warnings.showwarning)
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}

    def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
        capfd.readouterr()
        with pytest.raises(SystemExit) as end, warnings.catch_warnings():
            warnings.simplefilter("default")
            warnings.simplefilter("ignore", DeprecationWarning)  # a user hears nothing of those of other libraries
            warnings.filterwarnings("error", category=DeprecationWarning, module=r"sim\.")
            main([*map(str, words)])
        return subprocess.CompletedProcess(words, end.value.code, *capfd.readouterr())

    yield run
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    """A scenario of half a year."""
    file = tmp_path / "mine.yaml"
    file.write_text("title: Mine\nextends: hardball\ndeadline: 2025-09-01\nhorizon: 2025-11-17\n")
    return file
