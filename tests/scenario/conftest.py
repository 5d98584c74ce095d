"""Scenario files written by a test, in a working directory of their own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.scenario import Scenario, load


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def write(folder: Path) -> Callable[..., Path]:
    def write_file(text: str, name: str = "what_if.yaml") -> Path:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write_file


@pytest.fixture
def scenario(write: Callable[..., Path]) -> Callable[[str], Scenario]:
    return lambda text: load(write(text))


@pytest.fixture
def refusal(write: Callable[..., Path]) -> Callable[[str], ScenarioError]:
    def refused(text: str) -> ScenarioError:
        with pytest.raises(ScenarioError) as caught:
            load(write(text))
        return caught.value

    return refused
