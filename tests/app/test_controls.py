from __future__ import annotations

import pytest

from sim.app.controls import by_actor, controls, leading
from sim.app.leading import LEADING
from sim.app.state import State
from sim.parameters import PARAMETERS
from sim.scenario import builtin_names, load

SCENARIOS = {name: load(name) for name in sorted(builtin_names())}


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_parameter_has_exactly_one_control(name):
    found = [control.name for control in controls(SCENARIOS[name])]
    assert sorted(found) == sorted(SCENARIOS[name].parameters())
    assert len(found) == len(set(found))


def test_first_those_that_matter_most_the_others_by_actor():
    scenario = SCENARIOS["hardball"]
    first, rest = leading(scenario), by_actor(scenario)
    assert [control.name for control in first] == list(LEADING)
    assert [control.rank for control in first] == list(range(1, 11))
    others = [control.name for members in rest.values() for control in members]
    assert sorted([*LEADING, *others]) == sorted(PARAMETERS)
    assert list(rest)[:4] == ["Russia", "Ukraine", "United States", "Europe"]


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_slider_stands_within_its_ends_and_these_within_the_bounds(name):
    for control in controls(SCENARIOS[name]):
        bounds = PARAMETERS[control.name]
        assert bounds.low <= control.low <= control.value <= control.high <= bounds.high, control
        assert control.low < control.high
        assert 0 < control.step < control.high - control.low
        assert control.options[0] == control.low
        assert control.options[-1] == control.high
        assert control.value in control.options
        assert len(control.options) < 300


@pytest.mark.parametrize("end", ["low", "high"])
def test_a_slider_alone_can_be_moved_to_either_end(end):
    state = State()
    sums = ("front.donetsk_share",)  # the weight without which its group may sum to zero
    for control in controls(state.base()):
        if control.name not in sums:
            assert state.changed(control.name, getattr(control, end)).changes[control.name] == getattr(control, end)


def test_the_slider_of_russian_confidence_reaches_what_a_student_tries_first():
    (control,) = (control for control in controls(SCENARIOS["hardball"]) if control.name == "russia.confidence")
    assert control.value == 0.75
    assert 0.4 in control.options


def test_a_slider_is_not_as_wide_as_the_law_allows_where_that_is_absurd():
    found = {control.name: control for control in controls(SCENARIOS["hardball"])}
    assert found["front.pace"].high < 300 < PARAMETERS["front.pace"].high
    assert found["table.precision"].high < 1000 < PARAMETERS["table.precision"].high


def test_a_range_over_decades_is_walked_in_equal_ratios():
    found = {control.name: control for control in controls(SCENARIOS["hardball"])}["front.breakthrough_hazard"]
    assert found.logarithmic
    assert found.high / found.low > 100
    ratios = [after / before for before, after in zip(found.options, found.options[1:], strict=False)]
    assert max(ratios) < 1.2


def test_help_says_what_moving_a_slider_does_to_a_law():
    found = {control.name: control for control in controls(SCENARIOS["hardball"])}
    assert "leaving it alone keeps the law" in found["russia.confidence"].help
    assert "uniform: [0.04, 0.1]" in found["russia.war_cost"].help
    assert "the same in all runs" in found["russia.optimism"].help
    for control in found.values():
        assert control.source in control.help
        assert control.unit in control.help


def test_sliders_stand_where_the_scenario_puts_them():
    found = {control.name: control for control in controls(SCENARIOS["sober_kremlin"])}
    assert found["russia.confidence"].value == 0.0159
    assert found["russia.confidence"].law == ""


def test_labels_tell_controls_of_a_group_apart():
    found = [control.full_label for control in controls(SCENARIOS["hardball"])]
    assert len(set(found)) == len(found)


def test_an_added_state_has_controls_and_one_that_was_taken_out_has_none():
    text = "europe: {hungary: null, spain: {threat: 0.5, aid_share: 0.03, guarantee_share: 0.05}}"
    names = {control.name for control in controls(State.uploaded(text).base())}
    assert "europe.spain.threat" in names
    assert "europe.hungary.threat" not in names
