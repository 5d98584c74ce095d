from __future__ import annotations

import dataclasses

import numpy as np
import pytest

import sim
from sim.distributions import Uniform
from sim.errors import OutputError, UsageError
from sim.experiment.inputs import inputs
from sim.inquiry.discovery import COLUMNS, discover

OUTCOME = "us_disengaged_by_deadline"


@pytest.fixture(scope="module")
def comparison(hardball, tmp_path_factory):
    directory = tmp_path_factory.mktemp("compared") / "out"
    eager = hardball.vary({"united_states.disengage_base": Uniform(uniform=(-6.0, -1.0))}, name="eager")
    return sim.compare([hardball, eager], runs=800, seed=4, directory=directory, progress=False)


def test_what_makes_washington_leave_is_found(comparison):
    table = discover(comparison, "eager", OUTCOME)
    assert list(table.columns) == list(COLUMNS)
    box = table[table["box"] == 1]
    assert "united_states.disengage_base" in set(box["parameter"]) and box["distinguishable"].all()
    assert box["density_low"].iloc[0] > table["density"].iloc[0]
    assert box.set_index("parameter").loc["united_states.disengage_base", "above"] > -4


def test_density_is_that_of_the_outcomes_in_the_box(comparison):
    table = discover(comparison, "eager", OUTCOME)
    values = inputs(comparison.experiment, "eager")
    eager = comparison.scenarios[1]
    weeks = comparison.outcomes.query("scenario == 'eager'").sort_values("run")["us_disengaged_week"].to_numpy()
    happened, inside = weeks <= eager.deadline_week, (np.arange(800) % 2 == 1)
    assert table["density"].iloc[0] == pytest.approx(happened[inside].mean())
    for row in table[table["box"] == 1].itertuples():
        if np.isfinite(row.above):
            inside &= (values[row.parameter] > row.above).to_numpy()
        if np.isfinite(row.at_most):
            inside &= (values[row.parameter] <= row.at_most).to_numpy()
    assert (row.runs, row.density) == (inside.sum(), pytest.approx(happened[inside].mean()))


def test_a_directory_gives_what_results_give(comparison):
    assert discover(comparison.directory, "eager", OUTCOME).equals(discover(comparison, "eager", OUTCOME))


def test_of_a_sweep_the_values_of_the_design_are_used(hardball):
    swept = sim.sweep(hardball, {"united_states.disengage_base": [-6.0, -1.0]}, runs=300, progress=False)
    box = discover(swept, outcome=OUTCOME).query("box == 1")
    assert box.set_index("parameter").loc["united_states.disengage_base", "above"] == -3.5


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({}, "there are several scenarios"),
        ({"scenario": "eagr"}, "did you mean 'eager'"),
        ({"scenario": "eager", "outcome": "territory_lost_km2"}, "a mean of values, not an event"),
        ({"scenario": "eager", "outcome": "us_gone"}, "there is no outcome 'us_gone'"),
        ({"scenario": "eager", "outcome": "full_control_by_horizon"}, "the event happens in 1 of 400 runs"),
        ({"scenario": "eager", "outcome": OUTCOME, "most_boxes": 0}, "the most boxes must be a whole number from 1"),
    ],
)
def test_bad_input_gets_a_sentence(comparison, words, message):
    with pytest.raises(UsageError, match=message):
        discover(comparison, **words)


def test_a_scenario_without_uncertainty_has_no_regions(hardball):
    sure = dataclasses.replace(hardball, uncertainty=False)
    with pytest.raises(UsageError, match="its runs differ by luck alone"):
        discover(sim.compare(sure, runs=10, progress=False))


def test_a_directory_without_an_experiment_is_refused(tmp_path):
    with pytest.raises(OutputError, match="holds no experiment"):
        discover(tmp_path)
