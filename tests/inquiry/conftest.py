from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from sim.inquiry.explanation import Explanation, explain
from sim.scenario import Scenario, load

FEW = ["russian_optimism", "red_line", "stalling"]


@pytest.fixture(scope="session")
def hardball() -> Scenario:
    """The baseline, cut to half a year to be quick."""
    return dataclasses.replace(load("hardball"), deadline=date(2025, 9, 1), horizon=date(2025, 12, 22))


@pytest.fixture(scope="session")
def sober(hardball: Scenario) -> Scenario:
    """The same with a doubting Russia, so that more is signed."""
    return hardball.vary({"russia.confidence": 0.3}, name="sober")


@pytest.fixture(scope="session")
def explanation(hardball: Scenario) -> Explanation:
    return explain(hardball, runs=60, seed=3, frictions=FEW, pairs=True)


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Writes a file into an empty working directory."""
    monkeypatch.chdir(tmp_path)

    def file(text: str, name: str = "mine.yaml") -> Path:
        path = tmp_path / name
        path.write_text(text, "utf-8")
        return path

    return file
