from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path

import pytest

import sim
from sim.experiment import Comparison, Experiment
from sim.scenario import Scenario, load
from tests.batches import carried_out


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
def comparison(hardball: Scenario, sober: Scenario) -> Comparison:
    """The experiment in one piece, held in memory."""
    return sim.compare([hardball, sober], runs=12, seed=3, workers=1)


@pytest.fixture(scope="session")
def stored(experiment: Experiment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The experiment in parts of five runs, stored without figures; not to be changed."""
    directory = tmp_path_factory.mktemp("stored") / "mine"
    carried_out(experiment, directory=directory)
    return directory
