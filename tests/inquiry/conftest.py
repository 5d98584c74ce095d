from __future__ import annotations

import dataclasses
from datetime import date

import pytest

from sim.scenario import Scenario, load


@pytest.fixture(scope="session")
def hardball() -> Scenario:
    """The baseline, cut to half a year to be quick."""
    return dataclasses.replace(load("hardball"), deadline=date(2025, 9, 1), horizon=date(2025, 11, 17))
