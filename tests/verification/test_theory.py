"""The limits of theory are met, and a model that were wrong would not meet them."""

from __future__ import annotations

import numpy as np
import pytest

from sim.rules import bargaining
from sim.verification import nash, theory
from sim.verification.check import Check
from sim.verification.theory import commitment_problem, divergent_beliefs, fearon_range, nash_split, no_free_lunch

RUNS = 200


def failures(check, runs=RUNS):
    return [result.name for result in check(runs) if not result.passed]


@pytest.mark.parametrize("check", [*theory.CHECKS, *nash.CHECKS], ids=lambda check: check.name)
def test_the_model_meets_the_limit(check: Check):
    results = list(check.run(RUNS))
    assert results
    assert [result for result in results if not result.passed] == []
    assert {result.group for result in results} == {"theory"}


# What each limit rests on: take it away, and the check says so.
@pytest.mark.parametrize(
    ("check", "change"),
    [
        (fearon_range, {"ukraine.audience_cost": 0.02}),
        (fearon_range, {"russia.discount_rate": 0.1}),
        (fearon_range, {"russia.confidence": 0.5}),
        (fearon_range, {"ukraine.horizon": 39.0}),
        (nash_split, {"ukraine.red_line": 0.6}),
        (nash_split, {"table.mediator_noise": 0.01}),
        (divergent_beliefs, {"russia.audience_cost": 0.03}),
        (divergent_beliefs, {"ukraine.red_line": 0.5}),
        (no_free_lunch, {"ukraine.discount_rate": 0.05}),
        (no_free_lunch, {"russia.audience_cost": 0.01}),
        (commitment_problem, {"russia.audience_cost": 0.01}),
        (commitment_problem, {"ukraine.horizon": 39.0}),
        (commitment_problem, {"ukraine.discount_rate": 0.05}),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else value.__name__,
)
def test_a_world_that_is_not_that_of_the_theory_fails(check, change, monkeypatch):
    monkeypatch.setattr(theory, "ONE_ISSUE", theory.ONE_ISSUE | change)
    assert failures(check)


def test_a_box_is_no_place_for_a_free_lunch(monkeypatch):
    real = theory.contest

    def boxed(*cases, changes=None):
        return real(*cases, changes=(changes or {}) | {"ukraine.security_limit": 0.5})

    monkeypatch.setattr(theory, "contest", boxed)
    assert failures(no_free_lunch)[0] == "no box: largest part of an issue that is not on offer"


def test_a_zone_that_is_found_too_often_fails(monkeypatch):
    def generous(*game):
        blocker, *gaps = bargaining.zone_of_agreement(*game[:4], game[4] - 0.01, game[5])
        return blocker, *gaps

    monkeypatch.setattr(theory, "zone_of_agreement", generous)
    assert len(failures(fearon_range)) == len(theory.CONTESTS)


# ----------------------------------------------------------------------------------------------------------------------
# Drafts that are not Nash's

REAL = bargaining.nash_draft


def middle_of_the_box(russian, ukrainian, low, high, russian_war, ukrainian_war, power):
    return (low + high) / 2


def weight_is_might(russian, ukrainian, low, high, russian_war, ukrainian_war, power):
    strength = russian.sum(axis=1), ukrainian.sum(axis=1)
    return REAL(russian, ukrainian, low, high, russian_war, ukrainian_war, strength[0] / (strength[0] + strength[1]))


def russia_is_always_stronger(russian, ukrainian, low, high, russian_war, ukrainian_war, power):
    return REAL(russian, ukrainian, low, high, russian_war, ukrainian_war, np.full_like(power, 0.8))


def the_box_is_the_threat(russian, ukrainian, low, high, russian_war, ukrainian_war, power):
    worst = np.maximum(russian_war, (russian * low).sum(axis=1)), np.maximum(ukrainian_war, -(ukrainian * high).sum(1))
    return REAL(russian, ukrainian, low, high, *worst, power)


def a_little_left_on_the_table(russian, ukrainian, low, high, russian_war, ukrainian_war, power):
    draft = REAL(russian, ukrainian, low, high, russian_war, ukrainian_war, power)
    return draft + 0.01 * (low - draft)


def more_than_there_is(russian, ukrainian, low, high, russian_war, ukrainian_war, power):
    return REAL(russian, ukrainian, low - 0.1, high + 0.1, russian_war, ukrainian_war, power)


WRONG = {
    middle_of_the_box: "each gets at least what war is worth",
    a_little_left_on_the_table: "no deal is better for one and no worse for the other",
    weight_is_might: "utilities measured in other units give the same deal",
    russia_is_always_stronger: "seen from the other side it is the same deal",
    the_box_is_the_threat: "taking off the table what was not chosen changes nothing",
}


@pytest.mark.parametrize("rule", WRONG, ids=lambda rule: rule.__name__)
def test_each_axiom_catches_a_rule_that_breaks_it(rule, monkeypatch):
    monkeypatch.setattr(bargaining, "nash_draft", rule)
    assert any(name.startswith(WRONG[rule]) for name in failures(nash.axioms))


@pytest.mark.parametrize("rule", [*WRONG, more_than_there_is], ids=lambda rule: rule.__name__)
def test_brute_force_beats_a_rule_that_is_not_nashs(rule, monkeypatch):
    monkeypatch.setattr(bargaining, "nash_draft", rule)
    assert any("beats it" in name for name in failures(nash.against_brute_force))


def test_a_coarse_grid_says_that_it_is_coarse(monkeypatch):
    monkeypatch.setattr(nash, "POINTS", dict.fromkeys(nash.POINTS, 4))
    monkeypatch.setattr(nash, "REFINEMENTS", 0)
    assert any("misses it" in name for name in failures(nash.against_brute_force))


@pytest.mark.parametrize("issues", nash.POINTS)
def test_the_random_games_are_of_their_kind(issues):
    for make in nash.KINDS.values():
        games = make(30, issues)
        assert len(games.low) == 30
        assert (games.low <= games.high).all()
        gains = games.utilities(games.draft()) - np.stack([games.russian_war, games.ukrainian_war])
        assert (gains >= -1e-9).all()
    worse = nash.games_worse_than_every_deal(30, issues)
    assert (worse.utilities(worse.low)[0] > worse.russian_war).all()
    assert (worse.utilities(worse.high)[1] > worse.ukrainian_war).all()


def test_some_random_games_have_an_issue_that_is_closed_or_that_a_side_does_not_mind():
    games = nash.plain_games(RUNS, 3)
    assert (games.low == games.high).any()
    assert (games.russian == 0).any()
    assert (games.ukrainian == 0).any()
