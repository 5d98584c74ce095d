"""Numbers do not depend on whether rules are compiled, and what says so can tell the difference.

That they do not depend on versions either is measured with the same means: ``docs/robustness/versions.md``.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.versions import LIMIT, compared, numbers, read, units_apart

ROOT = Path(__file__).parents[1]


@pytest.mark.slow
def test_rules_give_the_same_numbers_compiled_and_as_plain_python(tmp_path: Path) -> None:
    file = tmp_path / "interpreted.npz"
    command = [sys.executable, "-m", "tests.versions", "write", str(file), "--runs", "2", "--weeks", "40"]
    subprocess.run(command, cwd=ROOT, env=os.environ | {"NUMBA_DISABLE_JIT": "1"}, check=True, timeout=600)
    interpreted = read(file)
    assert "rules interpreted" in str(interpreted.pop("environment"))
    names = sorted({key.split("/")[0] for key in interpreted})
    assert {path.stem for path in (ROOT / "scenarios").glob("*.yaml")} <= set(names)
    differences = list(compared(numbers(names, runs=2, weeks=40), interpreted))
    assert len(differences) > 100
    assert {row.name: row.units for row in differences if row.units > LIMIT} == {}


def test_a_unit_in_the_last_place_is_one_and_what_is_missing_is_far_away() -> None:
    one = np.array([1.0, 1.0, np.nan, np.nan, np.inf, np.inf, 0.0])
    other = np.array([np.nextafter(1.0, 2.0), 1.0, np.nan, 1.0, np.inf, 1.0, 0.0])
    assert units_apart(one, other).tolist() == [1.0, 0.0, 0.0, np.inf, 0.0, np.inf, 0.0]


def test_counts_and_yes_or_no_are_the_same_or_far_away() -> None:
    assert units_apart(np.array([1, 2]), np.array([1, 3])).tolist() == [0.0, np.inf]
    assert units_apart(np.array([True]), np.array([False])).tolist() == [np.inf]


def test_next_to_large_numbers_a_tiny_one_is_measured_by_their_last_places() -> None:
    assert units_apart(np.array([1e-12, 1.0]), np.array([1e-12 + 1e-20, 1.0]))[0] < 100
    assert units_apart(np.array([1e-12]), np.array([1e-12 + 1e-20]))[0] > 1e6


def test_what_only_one_of_two_files_holds_is_a_difference() -> None:
    here = {"hardball/front.area": np.ones((2, 3))}
    assert [row.units for row in compared(here, {})] == [np.inf]
    assert [row.units for row in compared(here, {"hardball/front.area": np.ones((2, 4))})] == [np.inf]


def test_other_luck_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    one = numbers(["hardball"], runs=2, weeks=2)
    monkeypatch.setattr("tests.versions.SEED", 2)
    assert any(row.units > LIMIT for row in compared(one, numbers(["hardball"], runs=2, weeks=2)))
