"""How long a signed ceasefire holds (model.md, section 3.8)."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.scenario.calendar import HOLDING_WEEKS
from sim.verification.worlds import after, event, everywhere, quiet, sign
from sim.world.truce import weekly_log_hazards

MANY = 4000
CONTENT = {"truce.dissatisfaction_effect": 0.0, "truce.guarantee_effect": 0.0, "truce.donbas_likeness": 0.0}


def survival(changes, weeks, runs=MANY, terms=None, **world):
    """Share of ceasefires signed at the start that still hold after some weeks."""
    model = quiet(CONTENT | changes, runs=runs, **world)
    sign(model, **(terms or {}))
    return after(model, weeks).truce.in_force.mean()


# Kaplan-Meier estimates for bilateral full ceasefires 1989-2020, in force after 1, 6 and 12 months. A sample of 4000
# has a standard error of 0.008 at most; constant hazards within the bands of age add up to 0.015.
@pytest.mark.parametrize(("weeks", "share"), [(4, 0.87), (26, 0.654), (52, 0.607)])
def test_ceasefires_in_general_hold_as_long_as_in_the_data(weeks, share):
    assert survival({}, weeks) == pytest.approx(share, abs=0.035)
    general, _ = weekly_log_hazards(weeks)
    assert math.exp(-np.exp(general).sum()) == pytest.approx(share, abs=0.01)


def test_half_of_the_donbas_ceasefires_were_dead_within_a_month():
    assert survival({"truce.donbas_likeness": 1.0}, 4) < 0.35
    _, donbas = weekly_log_hazards(4)
    assert math.exp(-np.exp(donbas).sum()) < 0.35


def test_likeness_to_the_donbas_shortens_ceasefires_by_degrees():
    shares = [survival({"truce.donbas_likeness": likeness}, 13) for likeness in (0.0, 0.3, 0.6, 1.0)]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > shares[-1] + 0.3


def test_the_hazard_falls_with_age():
    general, _ = weekly_log_hazards(130)
    assert general[0] > general[5] > general[30] > general[60] > general[120]
    # The first week of the first band: 0.1515 a month is 0.1515 * 12 * 7 / 365.25 a week.
    assert math.exp(general[0]) == pytest.approx(0.1515 * 84 / 365.25, rel=1e-3)


def test_a_guarantee_lengthens_ceasefires():
    def held(effect, pledged=True):
        model = quiet(CONTENT | {"truce.guarantee_effect": effect, "europe.reconsideration": 0.0}, runs=MANY)
        for state in model.europe.states:
            state.pledged = everywhere(model, pledged)
        sign(model)
        return after(model, 20).truce.in_force.mean()

    assert held(2.0) > held(1.0) + 0.02 > held(0.0) + 0.04
    assert held(2.0, pledged=False) == held(0.0)


def test_a_guarantee_binds_only_as_far_as_the_terms_leave_room():
    model = quiet(CONTENT | {"truce.guarantee_effect": 1.0, "europe.reconsideration": 0.0}, runs=3)
    for state in model.europe.states:
        state.pledged = everywhere(model)
    after(model, 1)
    plain = np.exp(weekly_log_hazards(1)[0][0])
    for security, binding in ((0.0, 1.0), (0.7, 0.3), (1.0, 0.0)):
        sign(model, security=security)
        np.testing.assert_allclose(model.truce.hazard(), plain * math.exp(-binding))


def test_dissatisfaction_shortens_ceasefires():
    """What a side would gain by war over the deal; here Russia, which got nothing."""
    assert survival({"truce.dissatisfaction_effect": 5.0}, 10) < survival({}, 10) - 0.1


def test_dissatisfaction_is_the_gain_by_war_of_both_sides_and_never_negative():
    model = after(quiet({"truce.dissatisfaction_effect": 1.0, "truce.guarantee_effect": 0.0}), 1)
    generous = {"territory": 1.0, "sanctions": 1.0, "security": 1.0, "recognition": 1.0}
    likeness, (general, donbas) = model.truce.p.donbas_likeness, weekly_log_hazards(1)
    log_age = (1 - likeness) * general + likeness * donbas
    for terms in ({}, generous):
        sign(model, **terms)
        sides = [side.war_value - side.utility(model.truce.terms) for side in (model.russia, model.ukraine)]
        assert (sides[0] > 0) == (terms == {})  # Russia resents the empty deal, Ukraine the generous one
        assert (sides[1] > 0) == (terms == generous)
        np.testing.assert_allclose(model.truce.hazard(), np.exp(log_age + max(sides[0], 0) + max(sides[1], 0)))


def test_dissatisfaction_is_assessed_anew_every_week():
    """An ally that leaves during a ceasefire makes war more attractive to Russia."""
    model = quiet(
        CONTENT | {"truce.dissatisfaction_effect": 5.0, "europe.backfill": 0.0, "front.aid_lag": 4.0}, runs=3,
        events=[event(1, "disengage")],
    )  # fmt: skip
    kept = quiet(CONTENT | {"truce.dissatisfaction_effect": 5.0, "front.aid_lag": 4.0}, runs=3)
    for world in (model, kept):
        sign(world, territory=0.2, security=0.5)
        world.truce.p.set("guarantee_effect", everywhere(world, 0.0))
        after(world, 1)
        world.truce.in_force = everywhere(world)  # whatever their luck, they live on
        after(world, 10)
    assert (model.russia.war_value > kept.russia.war_value).all()
    assert (model.truce.hazard() > kept.truce.hazard()).all()


def test_land_already_handed_over_keeps_nobody_from_war():
    """What a side would lose by breaking the deal are the terms still to be kept; the land stays as it is."""
    model = after(quiet({"truce.dissatisfaction_effect": 1.0, "truce.guarantee_effect": 0.0}, runs=2), 1)
    sign(model, territory=0.1, security=0.5)
    model.truce.age = np.array([HOLDING_WEEKS - 1, HOLDING_WEEKS])
    general, donbas = weekly_log_hazards(HOLDING_WEEKS + 1)
    by_age = (1 - model.truce.p.donbas_likeness) * general[4:6] + model.truce.p.donbas_likeness * donbas[4:6]
    extra = np.log(model.truce.hazard()) - by_age
    resentment = model.russia.war_value - model.russia.utility(model.truce.terms)
    assert (resentment > 0).all()
    assert (model.ukraine.war_value < model.ukraine.utility(model.truce.terms)).all()  # content either way
    assert extra[0] == pytest.approx(resentment[0])
    assert extra[1] == pytest.approx(resentment[1] + model.russia.weights[1, 0] * 0.1)


def test_land_is_handed_over_once_after_thirty_days():
    model = quiet(CONTENT, runs=200)
    sign(model, territory=0.1)
    for week in range(1, 12):
        after(model, 1)
        holding = model.truce.in_force
        conceded = 0.0 if week < HOLDING_WEEKS else 0.1 * 22_436.8
        np.testing.assert_allclose(model.front.conceded[holding], conceded)
    assert 0 < holding.sum() < 200
    young_deaths = model.front.conceded == 0
    assert young_deaths.any()  # what collapsed within thirty days handed nothing over


def test_after_a_collapse_the_war_goes_on():
    model = quiet(CONTENT | {"truce.donbas_likeness": 1.0}, runs=200)
    sign(model)
    after(model, 4)
    dead = ~model.truce.in_force
    assert dead.any()
    np.testing.assert_array_equal(model.at_war, dead)
    before = model.front.land_left.copy()
    after(model, 1)
    assert (model.front.land_left[dead] < before[dead]).all()


def test_talks_may_resume_after_a_collapse_and_the_clock_of_age_starts_anew():
    restless = {"truce.donbas_likeness": 1.0, "table.round_engaged": 1.0, "table.precision": 0.0}
    model = quiet(CONTENT | restless, runs=300)
    sign(model)
    second = np.zeros(300, dtype=bool)
    for _ in range(10):
        after(model, 1)
        second |= model.table.signed
        assert (model.truce.age[model.table.signed & model.truce.in_force] == 1).all()
    assert second.any()


def test_a_ceasefire_counts_in_the_week_in_which_it_is_five_weeks_old():
    model = quiet(CONTENT, runs=100)
    sign(model)
    counted = [after(model, 1).truce.counts_now.sum() for _ in range(8)]
    assert counted[:4] == [0, 0, 0, 0]
    assert counted[4] > 0
    assert counted[5:] == [0, 0, 0]


def test_no_ceasefire_means_nothing_to_collapse():
    model = after(quiet(runs=50), 10)
    assert not model.truce.collapsed.any()
    assert (model.truce.age == 0).all()
