from __future__ import annotations

import dataclasses
from datetime import date

import numpy as np
import pytest

from sim.errors import UsageError
from sim.inquiry.levers import LEVERS, Lever, levers_of, read_lever
from sim.scenario import load
from sim.scenario.scenario import Event

HARDBALL = load("hardball")


def test_every_lever_that_has_a_name_can_be_moved_in_the_baseline_within_bounds():
    known = HARDBALL.parameters()
    for name in LEVERS:
        levers = levers_of(HARDBALL, [name])
        assert levers.low[0] <= 0 <= levers.high[0] and levers.high[0] > 0
        for ends in (levers.low, levers.high):
            design = levers.design(ends[None, :])
            for key, value in zip(design.names, design.values[0], strict=True):
                assert known[key].low - 1e-9 <= value <= known[key].high + 1e-9


def test_effort_nought_is_where_the_scenario_stands():
    design = levers_of(HARDBALL, {"russia.confidence": (0.3, 0.8), "guarantee": None}).design(np.zeros((1, 2)))
    assert dict(zip(design.names, design.values[0], strict=True)) == pytest.approx(
        {"russia.confidence": 0.75, "europe.pledge_threshold": 1.25}
    )


def test_bounds_and_units_are_those_of_the_parameter():
    levers = levers_of(HARDBALL, {"russia.confidence": (0.3, 0.75, 0.1)})
    assert levers.low[0] == pytest.approx(-4.5) and levers.high[0] == pytest.approx(0)
    design = levers.design(np.array([[-4.5], [-1.0]]))
    assert design.values[:, 0] == pytest.approx([0.3, 0.65])
    assert levers_of(HARDBALL, {"russia.confidence": (0.3, 0.75)}).low[0] == pytest.approx(-1)  # the range is one unit


def test_a_named_lever_with_a_downward_step_keeps_its_direction():
    levers = levers_of(HARDBALL, {"russian_doubt": (0.35, 0.75)})
    assert (levers.low[0], levers.high[0]) == pytest.approx((0, 4))
    assert levers.design(np.array([[4.0]])).values[0, 0] == pytest.approx(0.35)


def test_a_lever_may_move_several_parameters_at_once():
    design = levers_of(HARDBALL, ["european_aid"]).design(np.array([[2.0]]))
    assert dict(zip(design.names, design.values[0], strict=True)) == pytest.approx(
        {"europe.backfill": 1.2, "europe.headroom": 1.0}
    )


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ([], "no lever is given"),
        (["guarante"], "no lever 'guarante'; did you mean 'guarantee'"),
        (["russia.confidence"], "has no bounds as a lever"),
        ({"russia.confidence": (0.3, 0.6)}, "the scenario has it at 0.75, outside 0.3:0.6"),
        ({"russia.confidence": (0.8, 0.3)}, "is no range"),
        ({"russia.confidence": (0.3, float("nan"))}, "is no range"),
        ({"russia.confidence": (0.3, 0.8, 0.0)}, "a unit of effort is a number above 0"),
        ({"russia.confidence": (0.3, 1.5)}, r"would take russia\.confidence to 1.5"),
        ({"russia.confidence": "wide"}, "are no bounds"),
        ({"european_aid": (0, 1, 0.5)}, "bounds are units of effort already"),
        ({"european_aid": (-9, 1)}, r"would take europe\.backfill"),
        ({"russian_doubt": None, "russia.confidence": (0.3, 0.8)}, "moved by two levers"),
        ([Lever("mine", "a slip", {"russia.stal": 0.1}, 0, 1, "x")], r"mine: .*stall"),
    ],
)
def test_a_lever_that_makes_no_sense_is_refused(wanted, message):
    with pytest.raises(UsageError, match=message):
        levers_of(HARDBALL, wanted)


def test_what_an_event_of_the_scenario_sets_cannot_be_a_lever():
    event = Event("learning", date(2025, 10, 1), None, None, {"russia.stall": 0.5})
    with pytest.raises(UsageError, match="the event learning of the scenario sets it on 2025-10-01"):
        levers_of(dataclasses.replace(HARDBALL, events=(event,)), {"russia.stall": (0.1, 0.9)})


@pytest.mark.parametrize("text", ["a=1", "a=1:2:3", "a=x:y", "a=1:2@z"])
def test_words_that_are_no_lever_are_refused(text):
    with pytest.raises(UsageError, match="give bounds as a=low:high"):
        read_lever(text)
    assert read_lever("guarantee") == ("guarantee", None)
