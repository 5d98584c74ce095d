from __future__ import annotations

import dataclasses
from datetime import date

import pytest

from sim.experiment import Comparison, Experiment
from sim.scenario import Scenario, load


@pytest.fixture(scope="session")
def hardball() -> Scenario:
    """The baseline, cut to half a year to be quick."""
    return dataclasses.replace(load("hardball"), deadline=date(2025, 9, 1), horizon=date(2025, 11, 17))


@pytest.fixture(scope="session")
def sober(hardball: Scenario) -> Scenario:
    return hardball.vary({"russia.confidence": 0.3}, name="sober")


@pytest.fixture(scope="session")
def experiment(hardball: Scenario, sober: Scenario) -> Experiment:
    return Experiment.of([hardball, sober], runs=12, seed=3)


@pytest.fixture(scope="session")
def comparison(experiment: Experiment) -> Comparison:
    return experiment.run()
