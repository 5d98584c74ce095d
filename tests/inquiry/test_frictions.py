from __future__ import annotations

import dataclasses
from datetime import date

import pytest

from sim.errors import ScenarioError, UsageError
from sim.inquiry.frictions import Friction, chosen, frictions, without
from sim.parameters import PARAMETERS
from sim.scenario import list_scenarios, load
from sim.scenario.scenario import Event

ALL = frictions()


def test_every_friction_names_parameters_in_bounds_a_meaning_and_a_source():
    for friction in ALL.values():
        assert friction.meaning and friction.source and friction.changes
        for name, value in friction.changes.items():
            assert PARAMETERS[name].low <= value <= PARAMETERS[name].high


def test_every_friction_is_in_the_baseline_so_that_taking_it_away_changes_something():
    hardball = load("hardball")
    same = [name for name in ALL if without(hardball, [ALL[name]], "x").digest() == hardball.digest()]
    assert same == []


def test_all_frictions_can_be_taken_from_every_scenario_that_comes_with_truce():
    for listing in list_scenarios():
        without(load(listing.path), list(ALL.values()), "none left")


def test_a_russia_without_optimism_is_the_sober_kremlin():
    changed = without(load("hardball"), [ALL["russian_optimism"]], "sober_kremlin")
    assert changed.digest() == load("sober_kremlin").digest()
    sober = without(load("sober_kremlin"), [ALL["russian_optimism"]], "x")
    assert sober.digest() == load("sober_kremlin").digest()


def test_uncertain_parameters_that_a_friction_leaves_alone_keep_their_laws():
    before, after = load("hardball"), without(load("hardball"), [ALL["stalling"]], "x")
    differs = {name for name, value in before.resolve().items() if after.resolve()[name] != value}
    assert differs == {"russia.stall"}


def test_events_of_the_scenario_do_not_bring_a_friction_back():
    events = (
        Event("later", date(2025, 7, 1), None, None, {"russia.stall": 0.9, "russia.gesture": 0.1}),
        Event("gone", date(2025, 7, 14), "disengage"),
        Event("harder", date(2025, 8, 1), "round", None, {"russia.stall": 0.9}),
    )
    scenario = dataclasses.replace(load("hardball"), events=events)
    after = without(scenario, [ALL["stalling"], ALL["american_impatience"]], "x")
    assert [(event.name, event.action, dict(event.changes)) for event in after.events] == [
        ("later", None, {"russia.gesture": 0.1}), ("harder", "round", {}),
    ]  # fmt: skip


def test_without_impatience_washington_stays_in_moves_on():
    events = without(load("moves_on"), [ALL["american_impatience"]], "x").events
    assert events and all(event.action != "disengage" for event in events)


def test_a_misspelt_friction_is_answered_with_the_nearest():
    with pytest.raises(UsageError, match="no friction 'staling'; did you mean 'stalling'"):
        chosen(["staling"])
    with pytest.raises(UsageError, match="given twice"):
        chosen(["stalling", ALL["stalling"]])
    with pytest.raises(UsageError, match="no friction is given"):
        chosen([])


def test_a_friction_of_ones_own_is_checked_like_a_scenario():
    with pytest.raises(ScenarioError, match=r"russia\.stal"):
        without(load("hardball"), [Friction("mine", "a slip", {"russia.stal": 0.0}, "none")], "x")
    clash = Friction("mine", "the opposite", {"russia.stall": 1.0}, "none")
    with pytest.raises(UsageError, match=r"two of the frictions set russia\.stall"):
        without(load("hardball"), [ALL["stalling"], clash], "x")
