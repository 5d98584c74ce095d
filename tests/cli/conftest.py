from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

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
def scenario(tmp_path: Path) -> Path:
    """A scenario of half a year."""
    file = tmp_path / "mine.yaml"
    file.write_text("title: Mine\nextends: hardball\ndeadline: 2025-09-01\nhorizon: 2025-11-17\n")
    return file
