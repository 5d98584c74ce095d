"""Beliefs fall as the closed form says and come true as often as they say; wrong ones are found out."""

from __future__ import annotations

import pytest

from sim.actors import Belief
from sim.verification import learning
from sim.verification.check import Check
from sim.verification.learning import (
    belief_is_not_the_front,
    calibrated_learner,
    opening_week,
    stated_confidence,
    who_does_not_learn,
    zone_opens_on_time,
)  # fmt: skip

RUNS = 300


def failures(check, runs=RUNS):
    return [result.name for result in check(runs) if not result.passed]


@pytest.mark.parametrize("check", learning.CHECKS, ids=lambda check: check.name)
def test_the_model_learns_as_theory_says(check: Check):
    results = list(check.run(RUNS))
    assert results
    assert [result for result in results if not result.passed] == []
    assert {result.group for result in results} == {check.group}


def test_in_every_case_the_zone_is_shut_at_first_and_opens_within_the_horizon():
    for prior in learning.PRIORS:
        assert all(
            0 < opening_week(*prior, rate, offer) < learning.WEEKS
            for rate in learning.RATES for offer in learning.OFFERS
        )  # fmt: skip


def test_who_learns_half_as_fast_takes_twice_as_long():
    assert opening_week(0.75, 40, 0.5, 0.35) == pytest.approx(2 * opening_week(0.75, 40, 1.0, 0.35), abs=2)


@pytest.mark.parametrize(
    "change",
    [
        {"front.breakthrough_hazard": 0.03},  # something to learn that keeps hope alive
        {"russia.audience_cost": 0.02},
        {"russia.horizon": 26.0},
        {"ukraine.red_line_growth": 0.1},
    ],
    ids=lambda change: next(iter(change)),
)
def test_in_another_world_the_zone_opens_in_another_week(change, monkeypatch):
    monkeypatch.setattr(learning, "STANDSTILL", learning.STANDSTILL | change)
    assert failures(zone_opens_on_time)


def test_to_look_one_week_less_ahead_opens_the_zone_in_another_week(monkeypatch):
    monkeypatch.setattr(learning, "AHEAD", learning.AHEAD - 1)
    assert failures(zone_opens_on_time)


def test_a_belief_that_learns_where_it_should_not_is_found_out(monkeypatch):
    def observe(self):
        self.weight = self.weight + 1.0

    monkeypatch.setattr(Belief, "observe", observe)
    assert failures(who_does_not_learn)
    assert failures(zone_opens_on_time)  # and where it should learn slowly


def test_a_belief_that_does_not_learn_never_opens_the_zone(monkeypatch):
    monkeypatch.setattr(Belief, "observe", lambda self: None)
    results = list(zone_opens_on_time(RUNS))
    assert all("never" in result.got and not result.passed for result in results)


def test_a_slow_learner_is_not_calibrated(monkeypatch):
    """Russia's own learning rate, below one, makes it too sure of itself when nothing happens."""
    monkeypatch.setattr(learning, "DECISIVE", learning.DECISIVE | {"russia.learning_rate": 0.25})
    assert failures(calibrated_learner, 1000)


def test_a_confidence_in_breakthroughs_that_decide_little_does_not_come_true(monkeypatch):
    monkeypatch.setattr(learning, "DECISIVE", learning.DECISIVE | {"front.breakthrough_multiplier": 10.0})
    assert len(failures(stated_confidence)) == len(learning.HAZARDS)


def test_on_a_collapsing_front_the_confidence_of_the_article_would_be_true(monkeypatch):
    monkeypatch.setattr(learning, "QUIET", learning.QUIET | {"front.pace": 1000.0})
    assert failures(belief_is_not_the_front)
