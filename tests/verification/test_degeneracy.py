"""Nothing in the model is idle, and what is idle would be found."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from sim.actors import Russia, UnitedStates
from sim.draws import Draws
from sim.parameters import PARAMETERS
from sim.verification import degeneracy
from sim.verification.branches import BRANCHES
from sim.verification.check import Check
from sim.verification.degeneracy import (
    CHECKS,
    FORK_GUARDS,
    ForkGuard,
    branches_taken,
    every_branch_is_taken,
    frozen_columns,
    guards_work,
    high_and_low,
    outcomes_vary,
    seeds_matter,
    what_parameters_move,
)
from sim.verification.ensembles import BASELINE, model, outcomes, world
from sim.verification.forks import Fork, forks_of, no_counts, watched, watched_modules
from sim.world import truce


def failures(results) -> dict[str, str]:
    return {result.name: result.got for result in results if not result.passed}


@pytest.mark.slow
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_nothing_is_idle(check: Check):
    results = list(check.run(1500))
    assert results
    assert failures(results) == {}


# --- What is idle is found --------------------------------------------------------------------------------------------


def test_a_frozen_outcome_is_found():
    without_gestures = world({"russia.gesture": 0})
    assert frozen_columns(outcomes(without_gestures, 200)) == ["short_truce_week"]
    assert list(failures(outcomes_vary(200, without_gestures)).values()) == ["short_truce_week"]


def test_luck_that_does_not_follow_the_seed_is_found(monkeypatch: pytest.MonkeyPatch):
    key = Draws._key
    monkeypatch.setattr(Draws, "_key", lambda draws, stream: key(Draws(0, draws.runs), stream))
    assert "another seed gives other numbers in every outcome" in failures(seeds_matter(100))


def test_luck_that_cannot_be_repeated_is_found(monkeypatch: pytest.MonkeyPatch):
    numbers = np.random.default_rng(1)
    monkeypatch.setattr(Draws, "uniform", lambda draws, stream, week=None: numbers.random(draws.runs))
    assert list(failures(seeds_matter(100))) == ["the same seed gives the same numbers in every outcome"]


def test_a_dead_branch_is_found():
    worlds = BASELINE, world({"russia.stall": 1})
    as_it_is, always_stalls = (set(failures(every_branch_is_taken(0, what))) for what in worlds)
    assert always_stalls - as_it_is == {"table: Russia refuses"}


def test_an_actor_whose_option_never_wins_is_found():
    class NeverLeaves(UnitedStates):
        def disengage(self, where):
            pass

    dead = failures(every_branch_is_taken(0, world(united_states=NeverLeaves)))
    assert {"Washington: a review: move on", "Washington: a review: come back"} <= set(dead)
    assert any("np.where(us.engaged, p.round_engaged, p.round_disengaged)" in got for got in dead.values())


def test_a_fork_with_a_dead_side_is_found():
    dead = failures(every_branch_is_taken(0, world({"front.breakthrough_hazard": 0})))
    text = "np.where(self.breakthrough, p.breakthrough_multiplier, 1.0)"
    (got,) = [got for got in dead.values() if text in got]
    assert f"not {text}: true" in got
    assert "front: a breakthrough begins" in dead


def test_a_guard_that_guards_nothing_is_found(monkeypatch: pytest.MonkeyPatch):
    gone = ForkGuard("sim.world.front", "np.maximum(no such thing", "false", "for no reason", lambda: None)
    unused = FORK_GUARDS[0]._replace(make=lambda: None)
    monkeypatch.setattr(degeneracy, "FORK_GUARDS", (gone, unused))
    monkeypatch.setattr(degeneracy, "RULE_GUARDS", ())
    first, second = guards_work(1)
    assert not first.passed and first.got == "no such fork in the code"
    assert not second.passed and second.got.startswith("0 times")


def test_a_guard_whose_rule_gives_no_number_is_found(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(truce, "share_at_peace", lambda hazards, *_: np.full(len(hazards), np.nan))
    with np.errstate(invalid="ignore"):
        results = {result.name: result for result in guards_work(1)}
    assert not results["guard: neither side looks ahead"].passed
    assert "numbers that are none" in results["guard: neither side looks ahead"].got


def test_an_idle_parameter_is_found(monkeypatch: pytest.MonkeyPatch):
    """What Washington backs is written down and nobody asks for it."""
    monkeypatch.setattr(UnitedStates, "guarantee_backing", property(lambda us: np.zeros(us.model.runs)))
    names = ("united_states.guarantee_backing", "united_states.urgency")
    moved = what_parameters_move(PARAMETERS[name] for name in names)
    assert moved == {"united_states.guarantee_backing": "nothing", "united_states.urgency": "outcome"}


def test_a_parameter_is_turned_both_ways_within_its_bounds():
    for parameter in PARAMETERS.values():
        high, low = high_and_low(parameter)
        assert parameter.low <= low <= high <= parameter.high
        assert low < high


# --- The watch --------------------------------------------------------------------------------------------------------


def test_a_branch_has_one_name():
    names = [branch.name for branches in BRANCHES.values() for branch in branches]
    assert max(Counter(names).values()) == 1


def test_every_choice_that_is_made_stands_in_the_list_read_from_the_source():
    forks = no_counts()
    listed = set(forks)
    with watched(forks):
        model(BASELINE, 8).run().outcomes()
    assert set(forks) == listed == {fork for module in watched_modules() for fork in forks_of(module)}


def test_a_fork_is_counted_as_often_as_it_is_taken():
    forks = no_counts()
    with watched(forks):
        history = model(BASELINE, 50)
        at_war = 0
        for _ in range(40):
            at_war += int(history.at_war.sum())
            history.step()
    text = "np.where(at_war, pace + luck, 0.0)"
    assert forks[Fork("sim.world.front", text, "true")] == at_war
    assert forks[Fork("sim.world.front", text, "false")] == 50 * 40 - at_war


def test_watching_changes_no_run_and_leaves_no_trace():
    with watched(no_counts()):
        seen = model(BASELINE, 20).run().outcomes()
    assert seen.equals(model(BASELINE, 20).run().outcomes())
    assert all(module.np is np for module in watched_modules())


def test_a_branch_is_counted_by_weeks_and_by_runs():
    class StallsOnceAtFirst(Russia):
        def stalls(self):
            return np.full(self.model.runs, self.model.week == 0)

        def accepts(self, draft):
            return np.zeros(self.model.runs, dtype=bool)

    named, _ = branches_taken(world(russia=StallsOnceAtFirst), 30)
    assert named["table: Russia stalls"] == (30, 30)
    assert named["table: both accept: signed"] == (0, 0)
