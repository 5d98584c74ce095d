"""Numbers that people hand over are checked once, in words."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.errors import UsageError, whole_number


@pytest.mark.parametrize("value", [0, -1, 1.5, "abc", None, True])
def test_what_is_not_a_whole_number_in_range_is_refused(value):
    with pytest.raises(UsageError, match="runs must be a whole number from 1 upwards"):
        whole_number("runs", value, lowest=1)


def test_numpy_integers_count_and_an_upper_bound_holds():
    assert whole_number("runs", np.int64(7), lowest=1, highest=7) == 7
    with pytest.raises(UsageError, match="runs must be at most 7, not 8"):
        whole_number("runs", 8, lowest=1, highest=7)


@pytest.mark.parametrize(("key", "value"), [("runs", 0), ("runs", 1.5), ("seed", -1), ("first_run", -3)])
def test_the_model_refuses_impossible_arguments(key, value):
    with pytest.raises(UsageError, match=f"{key} must be a whole number"):
        sim.CeasefireModel(sim.load("hardball"), **{key: value})


@pytest.mark.parametrize("actors", [{"russia": "dove"}, {"russia": sim.actors.Ukraine}, {"poland": sim.actors.Russia}])
def test_only_a_fitting_class_can_replace_an_actor(actors):
    with pytest.raises(UsageError, match="must be a subclass of"):
        sim.CeasefireModel(sim.load("hardball"), actors=actors)


def test_a_parameter_cannot_be_set_behind_the_back_of_an_actor():
    model = sim.CeasefireModel(sim.load("hardball"))
    with pytest.raises(AttributeError, match="vary"):
        model.russia.p.confidence = np.array([0.4])


def test_a_state_is_found_by_its_name():
    assert sim.CeasefireModel(sim.load("hardball")).europe["poland"].name == "poland"
