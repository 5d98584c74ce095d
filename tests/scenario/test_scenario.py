"""What a scenario resolves to, its copies and its fingerprint."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pytest

import sim.scenario
from sim.distributions import Distribution, Normal, Uniform
from sim.errors import ScenarioError
from sim.parameters import PARAMETERS, STATES
from sim.scenario import Scenario, load

TEXT = """title: What if
question: >
  Would it
  hold?
russia: {confidence: 0.5, war_cost: {uniform: [0.02, 0.1]}}
europe:
  hungary: null
  spain: {threat: 0.5, aid_share: {beta: [2, 8]}, guarantee_share: 0}
events:
  zebra: {date: 2025-06-02, do: round}
  cut: {date: 2025-06-03, do: aid_cut, size: 0.5, set: {front.pace: 30}}
  call: {date: 2025-05-19, do: leaders_call}
"""


@pytest.fixture
def what_if(scenario) -> Scenario:
    return scenario(TEXT)


def test_a_file_becomes_a_scenario(what_if):
    assert (what_if.name, what_if.title, what_if.question) == ("what_if", "What if", "Would it hold?")
    assert (what_if.deadline, what_if.deadline_week) == (date(2025, 12, 31), 32)
    assert (what_if.horizon, what_if.horizon_week) == (date(2027, 5, 17), 104)
    assert what_if.uncertainty is True
    assert what_if.states == (
        "united_kingdom", "france", "germany", "poland", "italy", "nordic_baltic", "rest_of_eu", "spain",
    )  # fmt: skip
    assert set(what_if.values) == {
        "russia.confidence", "russia.war_cost",
        "europe.spain.threat", "europe.spain.aid_share", "europe.spain.guarantee_share",
    }  # fmt: skip


def test_events_come_in_the_order_of_weeks_and_names(what_if):
    assert [(event.week, event.name) for event in what_if.events] == [(0, "call"), (2, "cut"), (2, "zebra")]
    cut = what_if.events[1]
    assert (cut.action, cut.size, cut.changes) == ("aid_cut", 0.5, {"front.pace": 30.0})


def test_the_smallest_scenario_is_the_default_one(scenario):
    plain = scenario("title: x")
    assert plain.values == {} and plain.events == ()
    assert list(plain.resolve()) == list(PARAMETERS)


# ---- resolving


def test_under_uncertainty_a_parameter_follows_the_file_then_its_own_law_then_its_default(what_if):
    resolved = what_if.resolve()
    assert resolved["russia.confidence"] == 0.5
    assert resolved["russia.war_cost"] == Uniform(uniform=(0.02, 0.1))
    assert resolved["front.pace"] == PARAMETERS["front.pace"].uncertainty
    assert resolved["front.aid_lag"] == PARAMETERS["front.aid_lag"].default


def test_without_uncertainty_there_are_numbers_only(scenario):
    certain = scenario(f"uncertainty: off\n{TEXT}").resolve()
    assert all(type(value) is float for value in certain.values())
    assert certain["russia.war_cost"] == pytest.approx(0.06)
    assert certain["front.pace"] == PARAMETERS["front.pace"].default
    assert 0 < certain["europe.spain.aid_share"] < 0.3


@pytest.mark.parametrize(
    ("word", "on"), [("on", True), ("off", False), ("'off'", False), ("true", True), ("false", False), ("FALSE", False)]
)
def test_uncertainty_is_on_or_off_true_or_false(scenario, word, on):
    assert scenario(f"uncertainty: {word}\n{TEXT}").uncertainty is on


def test_off_and_false_mean_the_same_experiment(scenario):
    assert scenario(f"uncertainty: off\n{TEXT}").digest() == scenario(f"uncertainty: false\n{TEXT}").digest()


def test_a_central_value_stays_inside_the_bounds(scenario):
    """The mean of this law is within 0.05 to 0.95, its median is not."""
    text = "uncertainty: off\ntable: {bargaining_power: {beta: [0.05, 0.9]}}"
    assert scenario(text).resolve()["table.bargaining_power"] == 0.05


def test_states_added_have_parameters_and_states_taken_out_have_none(what_if):
    resolved, parameters = what_if.resolve(), what_if.parameters()
    assert resolved.keys() == parameters.keys()
    assert resolved["europe.spain.threat"] == 0.5
    assert "europe.hungary.threat" not in resolved
    assert "Spain" in parameters["europe.spain.threat"].meaning


# ---- copies


def test_a_copy_changes_what_is_asked_and_nothing_else(what_if):
    copy = what_if.vary({"russia.confidence": 0.6, "front.pace": Normal(normal=(40, 5))}, name="doubt")
    assert (copy.name, what_if.name) == ("doubt", "what_if")
    assert copy.values["russia.confidence"] == 0.6 and what_if.values["russia.confidence"] == 0.5
    assert copy.values["front.pace"] == Normal(normal=(40, 5))
    differing = {name for name, value in copy.resolve().items() if value != what_if.resolve()[name]}
    assert differing == {"russia.confidence", "front.pace"}
    assert copy.origins["front.pace"] == "Python"
    assert copy.origins["russia.war_cost"] == "what_if.yaml:5"
    assert (copy.events, copy.states) == (what_if.events, what_if.states)


def test_a_copy_without_changes_is_equal(what_if):
    assert what_if.vary({}) == what_if
    assert what_if.vary({}).digest() == what_if.digest()


def test_a_copy_with_a_name_of_its_own_has_a_title_of_its_own(what_if):
    assert what_if.vary({"russia.confidence": 0.6}, name="doubt").title == f"{what_if.title} (doubt)"
    assert what_if.vary({"russia.confidence": 0.6}, name="what_if").title == what_if.title


def test_a_copy_may_change_a_state_that_the_scenario_added(what_if):
    assert what_if.vary({"europe.spain.threat": 0.9}).resolve()["europe.spain.threat"] == 0.9


@pytest.mark.parametrize("number", [np.float64(0.25), np.float32(0.25), 0.25])
def test_a_copy_takes_the_numbers_of_numpy(what_if, number):
    value = what_if.vary({"russia.stall": number}).values["russia.stall"]
    assert value == 0.25 and type(value) is float


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"russia.confidnce": 0.5}, "russia.confidnce: there is no such parameter; did you mean 'russia.confidence'?"),
        ({"europe.hungary.threat": 0.5}, "europe.hungary.threat: there is no such parameter"),
        ({"urgency": 0.5}, "urgency: there is no such parameter; did you mean 'united_states.urgency'?"),
        ({"russia.stall": 2}, "russia.stall: 2 is out of range; give a number from 0 to 1 (probability)"),
        ({"russia.stall": True}, "russia.stall: true is not a number"),
        ({"russia.stall": "0.5"}, "russia.stall: '0.5' is text, not a number"),
        ({"russia.stall": float("nan")}, "russia.stall: nan is not a finite number"),
        (
            {"russia.stall": Uniform(uniform=(0, 2))},
            "russia.stall: the distribution reaches from 0 to 2; the bounds are",
        ),
        ({"russia.confidence": 0.9}, "russia.confidence: Russia's belief in full Russian control"),
        ({"russia.breakthrough_decides": 0.4}, "russia.breakthrough_decides: Russia's belief"),
    ],
)
def test_a_copy_is_checked_like_a_file(what_if, changes, message):
    with pytest.raises(ScenarioError) as caught:
        what_if.vary(changes)
    assert str(caught.value).startswith(message)


# ---- fingerprint


def test_a_scenario_as_a_dict_is_json_and_complete(what_if):
    content = what_if.to_dict()
    assert json.loads(json.dumps(content, allow_nan=False)) == content
    assert content["deadline"] == "2025-12-31"
    assert content["parameters"]["russia.war_cost"] == {"uniform": [0.02, 0.1]}
    assert content["parameters"].keys() == what_if.resolve().keys()
    assert content["events"][1] == {
        "name": "cut", "date": "2025-06-03", "do": "aid_cut", "size": 0.5, "set": {"front.pace": 30.0},
    }  # fmt: skip


def test_the_digest_ignores_names_and_words(scenario, what_if):
    renamed = scenario(TEXT.replace("What if", "Other").replace("hold", "last")).vary({}, name="other")
    assert renamed.digest() == what_if.digest()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("confidence: 0.5", "confidence: 0.51"),
        ("uniform: [0.02, 0.1]", "uniform: [0.02, 0.11]"),
        ("uniform: [0.02, 0.1]", "triangular: [0.02, 0.05, 0.1]"),
        ("  hungary: null\n", ""),
        ("title: What if", "uncertainty: off"),
        ("title: What if", "deadline: 2025-12-01"),
        ("title: What if", "horizon: 2027-05-24"),
        ("size: 0.5", "size: 0.6"),
        ("front.pace: 30", "front.pace: 31"),
        ("2025-06-03", "2025-06-10"),
    ],
)
def test_the_digest_changes_with_everything_that_matters(scenario, what_if, old, new):
    assert old in TEXT
    assert scenario(TEXT.replace(old, new)).digest() != what_if.digest()


def test_the_digest_does_not_depend_on_how_the_file_is_written(scenario, what_if):
    other = TEXT.replace("confidence: 0.5", "confidence: 5.0e-1").replace("2025-06-02", "'2025-06-02'")
    assert other != TEXT and scenario(f"# a comment\n{other}").digest() == what_if.digest()


def test_the_digest_is_the_same_in_other_processes(what_if, folder):
    code = "from sim.scenario import load; print(load('what_if.yaml').digest())"
    for seed in ("0", "1", "42"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(sim.scenario.__file__).parents[2])}
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=folder, env=environment, capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == what_if.digest()


def test_a_scenario_travels_to_other_processes(what_if):
    assert pickle.loads(pickle.dumps(what_if)) == what_if


def test_an_error_travels_between_processes(refusal):
    error = refusal("russia: {confidence: 3}\nfoo: 1\n")
    copy = pickle.loads(pickle.dumps(error))
    assert str(copy) == str(error) and (copy.file, copy.line, copy.key) == (error.file, error.line, error.key)


def test_a_scenario_cannot_be_changed_in_place(what_if):
    with pytest.raises(AttributeError):
        what_if.horizon = date(2026, 1, 1)


def test_laws_stay_laws_and_numbers_are_floats(what_if):
    assert all(isinstance(value, (float, Distribution)) for value in what_if.resolve().values())


def test_load_is_what_the_package_offers():
    assert sim.scenario.load is load


def test_a_scenario_may_do_without_any_european_state(scenario):
    alone = scenario("europe: {" + ", ".join(f"{state}: null" for state in STATES) + "}")
    assert alone.states == ()
    assert not [name for name in alone.resolve() if name.endswith("guarantee_share")]
