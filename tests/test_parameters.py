"""The table of parameters is complete and consistent with itself."""

from __future__ import annotations

import dataclasses
import math
import re
from datetime import timedelta
from typing import get_args

import numpy as np
import pytest

import sim
from sim.parameters import ISSUES, OBLASTS, PARAMETERS, STATES, Grade, Parameter, State, state_parameters
from sim.scenario import START, Event
from sim.scenario.schema import ACTIONS
from sim.values import Values

_every = pytest.mark.parametrize("parameter", PARAMETERS.values(), ids=PARAMETERS)
_uncertain = pytest.mark.parametrize(
    "parameter",
    [parameter for parameter in PARAMETERS.values() if parameter.uncertainty is not None],
    ids=lambda p: p.name,
)


@_every
def test_a_parameter_says_what_it_means_in_which_unit_and_where_it_comes_from(parameter: Parameter):
    assert parameter.meaning.strip() and parameter.unit.strip() and parameter.source.strip()
    assert parameter.grade in get_args(Grade)
    assert not parameter.source.endswith(".") and not parameter.meaning.endswith(".")


@_every
def test_a_default_is_a_finite_number_within_bounds(parameter: Parameter):
    assert math.isfinite(parameter.default)
    assert parameter.low < parameter.high
    assert parameter.low <= parameter.default <= parameter.high


@_uncertain
def test_a_default_is_within_the_reach_of_its_own_law_and_the_law_within_the_bounds(parameter: Parameter):
    assert parameter.uncertainty is not None
    low, high = parameter.uncertainty.support
    assert low <= parameter.default <= high
    assert parameter.low <= parameter.uncertainty.within[0] <= parameter.uncertainty.within[1] <= parameter.high


@_uncertain
def test_a_default_is_a_central_value_of_its_law(parameter: Parameter):
    assert parameter.uncertainty is not None
    low, high = parameter.uncertainty.quantile(np.array([0.1, 0.9]), parameter.low, parameter.high)
    assert low <= parameter.default <= high


@pytest.mark.parametrize("word", ["luhansk_left", "confidence", "threat"])
def test_what_matters_at_the_start_only_is_marked(word: str):
    marked = {parameter.at_start for parameter in PARAMETERS.values() if parameter.name.endswith(word)}
    assert marked == {word != "threat"}


def test_names_are_dotted_lower_case_and_the_keys_of_the_table():
    assert all(name == parameter.name for name, parameter in PARAMETERS.items())
    assert all(re.fullmatch(r"[a-z_]+(\.[a-z_]+){1,2}", name) for name in PARAMETERS)


def test_no_name_was_written_twice():
    """The table is a dict, so a name given twice would silently lose its first row."""
    from sim import parameters

    parts = ("_front", "_russia", "_ukraine", "_united_states", "_europe", "_table", "_truce")
    names = [parameter.name for part in parts for parameter in getattr(parameters, part)()]
    assert len(names) == len(set(names)) == len(PARAMETERS)


def test_a_name_is_its_group_and_its_key():
    threat = PARAMETERS["europe.poland.threat"]
    assert (threat.group, threat.key) == ("europe", "poland.threat")


def test_the_land_left_is_that_of_may_2025():
    left = sum(PARAMETERS[f"front.{oblast}_left"].default for oblast in OBLASTS)
    assert left == pytest.approx(22_437, abs=1)


def test_shares_of_a_whole_sum_to_one():
    assert sum(PARAMETERS[f"front.{oblast}_share"].default for oblast in OBLASTS) == pytest.approx(1)
    for side in ("russia", "ukraine"):
        assert sum(PARAMETERS[f"{side}.weight_{issue}"].default for issue in ISSUES) == pytest.approx(1)
    assert sum(state.aid_share for state in STATES.values()) == pytest.approx(1)
    assert sum(state.guarantee_share for state in STATES.values()) == pytest.approx(1)


def test_confidence_fits_under_the_belief_that_a_breakthrough_decides():
    for side in ("russia", "ukraine", "united_states"):
        law = PARAMETERS[f"{side}.confidence"].uncertainty
        assert law is not None
        assert law.support[1] < PARAMETERS[f"{side}.breakthrough_decides"].default


def test_a_state_has_three_parameters():
    names = [parameter.name for parameter in state_parameters("spain", State("Spain", 0.5, 0.03, 0.05))]
    assert names == ["europe.spain.threat", "europe.spain.aid_share", "europe.spain.guarantee_share"]


def test_no_parameter_goes_unread(monkeypatch: pytest.MonkeyPatch):
    """Over the whole baseline, with an event of every action."""
    read: set[str] = set()
    look_up = Values.__getattr__

    def noting(values: Values, key: str):
        found = look_up(values, key)
        read.add(f"{values.__dict__['_group']}.{key}")
        return found

    monkeypatch.setattr(Values, "__getattr__", noting)
    events = [Event(action, START + timedelta(weeks=8 * k), action) for k, action in enumerate(ACTIONS, 1)]
    scenario = dataclasses.replace(sim.load("hardball"), events=tuple(events))
    sim.CeasefireModel(scenario, runs=8, seed=1).run().outcomes()
    assert set(PARAMETERS) - read == set()
