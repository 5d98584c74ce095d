from __future__ import annotations

import dataclasses
from datetime import date

import numpy as np
import pytest

import sim
from sim.distributions import Distribution
from sim.errors import UsageError
from sim.experiment import Design, Experiment
from sim.experiment.inputs import check_inputs, inputs
from sim.model import CeasefireModel
from sim.scenario.scenario import Event

DESIGN = Design(("russia.confidence", "front.pace"), np.array([[0.3, 20.0], [0.5, 40.0], [0.7, 60.0]]))


def in_the_model(model: CeasefireModel, name: str) -> np.ndarray:
    group, key = name.rsplit(".", 1)
    return getattr(model.values[group], key)


def test_they_are_exactly_those_that_the_model_has(experiment, hardball):
    model = CeasefireModel(hardball, runs=12, seed=3)
    table = inputs(experiment, "hardball")
    uncertain = [name for name, law in hardball.resolve().items() if isinstance(law, Distribution)]
    assert list(table.columns) == ["run", *uncertain] and len(uncertain) > 40
    for name in uncertain:
        assert (table[name] == in_the_model(model, name)).all(), name


def test_runs_may_be_scattered_and_far_out(hardball):
    experiment = Experiment.of(hardball, runs=1_000_000_000, seed=3)
    runs = [987_654_321, 5, 7, 6_000, 7]
    table = inputs(experiment, runs=runs)
    assert table["run"].tolist() == runs
    for place, run in enumerate(runs):
        alone = CeasefireModel(hardball, seed=3, first_run=run)
        assert table["russia.war_cost"][place] == in_the_model(alone, "russia.war_cost")[0]


def test_scenarios_with_luck_of_their_own_have_values_of_their_own(hardball, sober):
    experiment = Experiment.of([hardball, sober], runs=6, seed=3, independent=True)
    for place, name in enumerate(("hardball", "sober")):
        model = next(experiment.task(block).model() for block in _blocks(experiment) if block.scenario == place)
        assert (inputs(experiment, name)["front.pace"] == in_the_model(model, "front.pace")).all()


@pytest.mark.parametrize("independent", [False, True])
def test_of_a_sweep_the_design_decides_and_the_rest_is_drawn(hardball, independent):
    experiment = Experiment.of(hardball, runs=4, seed=3, design=DESIGN, independent=independent)
    (block,) = _blocks(experiment)
    model, table = experiment.task(block).model(), inputs(experiment)
    assert list(table.columns[:4]) == ["point", "run", *DESIGN.names]
    assert table["point"].tolist() == [0] * 4 + [1] * 4 + [2] * 4
    for name in (*DESIGN.names, "russia.war_cost", "europe.backfill"):
        assert (table[name] == in_the_model(model, name)).all(), name
    some = inputs(experiment, runs=[1, 3], points=[2])
    assert some["russia.war_cost"].tolist() == table["russia.war_cost"][[9, 11]].tolist()


def test_a_chunk_of_another_size_changes_no_value(hardball):
    experiment = Experiment.of(hardball, runs=4, seed=3, design=DESIGN, independent=True)
    drawn = [in_the_model(experiment.task(block).model(), "russia.war_cost") for block in _blocks(experiment, chunk=3)]
    assert np.concatenate(drawn).tolist() == inputs(experiment)["russia.war_cost"].tolist()


def test_without_uncertainty_no_parameter_varies(hardball):
    sure = dataclasses.replace(hardball, uncertainty=False)
    assert list(inputs(Experiment.of(sure, runs=4)).columns) == ["run"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({}, "there are several scenarios"),
        ({"scenario": "hardbal"}, "did you mean 'hardball'"),
        ({"scenario": "hardball", "runs": [12]}, "there is no run 12; there are runs 0 to 11"),
        ({"scenario": "hardball", "runs": [-1]}, "a run must be a whole number from 0"),
        ({"scenario": "hardball", "points": [0]}, "has no design"),
    ],
)
def test_what_is_not_there_is_said(experiment, words, message):
    with pytest.raises(UsageError, match=message):
        inputs(experiment, **words)


def test_rounds_of_independent_luck_cannot_be_drawn_anew(hardball):
    rounds = Experiment.of(hardball, design=DESIGN, independent=True, precision=sim.Precision(0.01))
    with pytest.raises(UsageError, match="round by round"):
        inputs(rounds)


def test_values_of_a_design_reach_the_model(hardball):
    check_inputs(Experiment.of(hardball, runs=4, design=DESIGN))
    check_inputs(Experiment.of(hardball, runs=4, design=DESIGN, independent=True))


def test_an_event_that_overrules_a_design_is_named(hardball):
    event = Event("new_pace", date(2025, 5, 19), changes={"front.pace": 10.0})
    overruled = dataclasses.replace(hardball, events=(event,))
    with pytest.raises(UsageError, match=r"front\.pace: 20 at point 0 .* is 10 in the model; event 'new_pace'"):
        check_inputs(Experiment.of(overruled, runs=4, design=DESIGN))


def test_values_that_get_lost_on_the_way_are_told(hardball, monkeypatch):
    whole = Design.part
    monkeypatch.setattr(Design, "part", lambda self, points: {n: v + 0.01 for n, v in whole(self, points).items()})
    with pytest.raises(UsageError, match="that is a defect of Truce"):
        check_inputs(Experiment.of(hardball, runs=4, design=DESIGN))


def _blocks(experiment, chunk=2048):
    from sim.experiment.batch import blocks_of

    return list(blocks_of(experiment, range(experiment.runs), chunk=chunk))
