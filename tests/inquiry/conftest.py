from __future__ import annotations

import dataclasses
from datetime import date

import pytest

from sim.inquiry.explanation import Explanation, explain
from sim.scenario import Scenario, load

FEW = ["russian_optimism", "red_line", "stalling"]


@pytest.fixture(scope="session")
def hardball() -> Scenario:
    """The baseline, cut to half a year to be quick."""
    return dataclasses.replace(load("hardball"), deadline=date(2025, 9, 1), horizon=date(2025, 11, 17))


@pytest.fixture(scope="session")
def explanation(hardball: Scenario) -> Explanation:
    return explain(hardball, runs=60, seed=3, frictions=FEW, pairs=True)
