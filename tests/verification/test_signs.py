"""The stylised facts hold, and each check of them fails in a world in which they do not."""

from __future__ import annotations

import dataclasses

import pytest

from sim.verification.check import Check
from sim.verification.ensembles import BASELINE, world
from sim.verification.signs import (
    CHECKS,
    SIGNS,
    Sign,
    along_the_way,
    peace_under_pressure,
    through_the_front_only,
    unmoved_by_sanctions,
)

RUNS = 1500

_sign = pytest.mark.parametrize("sign", SIGNS, ids=lambda sign: sign.statement)
_check = pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)


def failures(results) -> set[str]:
    return {result.name for result in results if not result.passed}


@pytest.mark.slow
@_check
def test_what_should_rise_or_fall_does(check: Check):
    results = list(check.run(RUNS))
    assert results
    assert failures(results) == set()


@pytest.mark.parametrize("check", [check for check in CHECKS if check.fast], ids=lambda check: check.name)
def test_the_fast_checks_hold_in_few_runs(check: Check):
    assert failures(check.run(400)) == set()


@pytest.mark.slow
@_sign
def test_a_sign_does_not_hold_the_other_way_round(sign: Sign):
    turned = dataclasses.replace(sign, direction="falls" if sign.direction == "rises" else "rises")
    assert not turned.result(RUNS).passed


@_sign
def test_a_change_of_nothing_shows_no_sign(sign: Sign):
    idle = dataclasses.replace(sign, before=BASELINE, after=BASELINE, runs=200)
    result = idle.result(200)
    assert not result.passed
    assert "(s.e. 0)" in result.got


def test_no_fact_is_stated_twice():
    assert len({sign.statement for sign in SIGNS}) == len(SIGNS)


@pytest.mark.parametrize(
    ("changes", "fact"),
    [
        ({"united_states.press_russia_base": -10}, "Washington presses Russia and stays by the deadline"),
        ({"united_states.disengage_base": -10}, "Washington does both by the deadline"),
        ({"russia.stall": 0}, "stalled rounds outnumber those that Russia refuses"),
        ({"russia.stall": 0}, "talks and advance go side by side in runs that stay at war"),
        ({"russia.gesture": 0}, "short truces are more frequent than ceasefires"),
        ({"table.round_engaged": 0, "table.round_disengaged": 0}, "rounds a month in runs that stay at war"),
        ({"front.pace": 1000}, "full control by the deadline"),
        ({"russia.war_cost": 0, "russia.sanctions_sensitivity": 0, "table.precision": 1000}, "settlements happen"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_course_of_things_is_told_from_another(changes: dict[str, float], fact: str):
    if fact == "settlements happen":
        changes = changes | {"russia.audience_cost": 1}
    assert fact in failures(along_the_way(400, world(changes)))


def test_peace_is_not_found_weaker_where_nobody_pressed():
    assert failures(peace_under_pressure(RUNS, cuts=BASELINE))


def test_a_russia_that_minds_sanctions_is_told_from_one_that_does_not():
    minding = world({"russia.sanctions_sensitivity": 1.0})
    assert failures(unmoved_by_sanctions(RUNS, minding))


def test_aid_is_seen_to_matter_where_the_front_follows_it():
    assert failures(through_the_front_only(400, idle=BASELINE))
