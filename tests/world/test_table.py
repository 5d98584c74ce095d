"""What happens at the table: rounds, the box, the draft, the answers."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.rules.bargaining import NOBODY, RUSSIA, nash_draft
from sim.verification.worlds import ONE_ISSUE, after, event, everywhere, quiet, scenario, sign

MANY = 4000


@pytest.mark.parametrize(("where", "chance"), [("engaged", 0.25), ("disengaged", 0.06)])
def test_rounds_come_more_often_while_washington_is_engaged(where, chance):
    rounds = {"table.round_engaged": 0.25, "table.round_disengaged": 0.06, "table.precision": 1e5}
    events = [event(0, "disengage")] if where == "disengaged" else []
    model = quiet(rounds, runs=MANY, events=events)
    held = np.mean([after(model, 1).table.held.mean() for _ in range(10)])
    assert held == pytest.approx(chance, abs=0.006)


def test_a_round_of_the_calendar_takes_place_in_its_week_everywhere():
    model = quiet(runs=5, events=[event(2, "round")])
    held = [after(model, 1).table.held.all() for _ in range(4)]
    assert held == [False, False, True, False]


def test_the_call_of_19_may_is_a_round_in_week_0():
    assert sim.load("hardball").events[0].action == "leaders_call"
    model = after(sim.CeasefireModel(scenario(), runs=5), 1)
    assert model.table.held.all()


def test_a_leaders_call_brings_a_review_in_washington_and_a_round_does_not():
    eager = {"united_states.press_russia_base": 10.0}
    call = after(quiet(eager, runs=5, events=[event(0, "leaders_call")]), 1)
    other = after(quiet(eager, runs=5, events=[event(0, "round")]), 1)
    assert call.united_states.pressed_russia.all()
    assert not other.united_states.pressed_russia.any()


def test_there_are_no_rounds_during_a_ceasefire():
    model = quiet({"table.round_engaged": 1.0, "truce.guarantee_effect": 10.0}, runs=20, events=[event(0, "round")])
    sign(model)
    after(model, 1)
    assert not model.table.held.any()
    assert not model.table.signed.any()


def test_what_can_be_agreed_is_a_box():
    model = quiet({"ukraine.security_limit": 0.7, "table.recognition_limit": 0.35, "ukraine.red_line": 0.05,
                   "ukraine.red_line_growth": 0.0, "united_states.sanctions_relief": 0.6,
                   "europe.sanctions_relief": 0.2, "europe.reconsideration": 0.0}, runs=20)  # fmt: skip
    after(model, 1)
    np.testing.assert_allclose(model.table.high[:, [0, 2, 3]], np.tile([0.05, 0.7, 0.35], (20, 1)))
    np.testing.assert_allclose(model.table.high[:, 1], 0.6 + model.europe.sanctions_relief)
    # Nobody has pledged: no terms on security better than Ukraine's limit are on offer.
    np.testing.assert_allclose(model.table.low, np.tile([0.0, 0.0, 0.7, 0.0], (20, 1)))


def test_a_pledged_guarantee_opens_better_terms_on_security():
    model = quiet({"europe.reconsideration": 0.0})
    for state in model.europe.states:
        state.pledged = everywhere(model, state.name == "france")  # a quarter of a force
    after(model, 1)
    assert model.table.low[0, 2] == pytest.approx(min(0.75, model.ukraine.p.security_limit[0]))


def test_relief_cannot_exceed_all_sanctions():
    model = quiet({"united_states.sanctions_relief": 1.0, "europe.sanctions_relief": 1.0,
                   "europe.relief_threshold": 2.0})  # fmt: skip
    assert after(model, 1).table.high[0, 1] == 1.0


def test_american_relief_is_on_offer_for_any_signature():
    """C13: Washington would welcome a signature that it did not mediate too."""
    model = quiet({"europe.sanctions_relief": 0.0}, events=[event(1, "disengage")])
    assert after(model, 1).table.high[0, 1] == pytest.approx(0.6)
    assert after(model, 1).table.high[0, 1] == pytest.approx(0.6)


def test_every_draft_lies_in_the_box():
    model = sim.CeasefireModel(scenario(), runs=300)
    for _ in range(40):
        table = after(model, 1).table
        assert ((table.draft >= table.low - 1e-12) & (table.draft <= table.high + 1e-12)).all()
        assert (table.low <= table.high).all()


def test_without_noise_the_draft_is_the_nash_solution_for_the_true_war_values():
    model = after(quiet({"ukraine.war_cost": 0.6, "russia.war_cost": 0.3}), 1)
    russia, ukraine, table = model.russia, model.ukraine, model.table
    assert table.blocker == NOBODY
    expected = nash_draft(
        russia.stakes, ukraine.stakes, table.low, table.high, russia.reservation, ukraine.reservation,
        table.p.bargaining_power,
    )  # fmt: skip
    np.testing.assert_array_equal(table.draft, expected)


#: One issue, a chance of 0.6 and costs 0.1 and 0.2: the range is [0.5, 0.8].
RANGE = {
    "russia.optimism": 0.6, "ukraine.optimism": 0.6, "russia.war_cost": 0.1, "ukraine.war_cost": 0.2,
    "table.bargaining_power": 0.5,
}  # fmt: skip


def test_the_mediator_errs_but_not_to_one_side():
    noisy = after(quiet(RANGE | {"table.mediator_noise": 0.05}, runs=MANY, base=ONE_ISSUE), 1)
    # The middle of the range; each end is seen with an error of 0.05, so the middle with 0.05 / sqrt(2).
    territory = noisy.table.draft[:, 0]
    assert territory.mean() == pytest.approx(0.65, abs=0.002)
    assert territory.std() == pytest.approx(0.05 / np.sqrt(2), rel=0.05)


# Pressure of 0.4 moves power by 0.25 * 0.4 = 0.1, and the draft by a tenth of the range of 0.3.
@pytest.mark.parametrize(("action", "draft"), [("sanctions_step", 0.62), ("aid_cut", 0.68)])
def test_pressure_on_a_side_weakens_it_at_the_table(action, draft):
    immune = {"ukraine.red_line_pressure": 0.0, "front.us_share": 0.0, "front.sanctions_attrition": 0.0}

    def drafted(events, effect=0.25):
        changes = RANGE | immune | {"table.pressure_on_power": effect}
        return after(quiet(changes, base=ONE_ISSUE, events=events), 1).table.draft[0, 0]

    assert drafted([]) == pytest.approx(0.65)
    assert drafted([event(0, action, 0.4)]) == pytest.approx(draft)
    assert drafted([event(0, action, 0.4)], effect=0.0) == pytest.approx(0.65)


@pytest.mark.parametrize("side", ["russia", "ukraine"])
def test_answers_follow_the_logistic_law(side):
    model = quiet({"table.precision": 20.0}, runs=MANY, events=[event(0, "round")])
    after(model, 1)
    actor = getattr(model, side)
    gain = actor.gain(model.table.draft)[0]
    expected = 1 / (1 + np.exp(-20.0 * gain))
    assert 0.02 < expected < 0.98  # or the test would be idle
    assert getattr(model.table, f"{side}_accepts").mean() == pytest.approx(expected, abs=0.025)


def test_the_two_answers_are_independent_given_the_draft():
    model = after(quiet({"table.precision": 0.0}, runs=MANY, events=[event(0, "round")]), 1)
    assert model.table.signed.mean() == pytest.approx(0.25, abs=0.03)


def test_a_signature_takes_two():
    model = after(quiet({"table.precision": 5.0}, runs=500, events=[event(0, "round")]), 1)
    table = model.table
    np.testing.assert_array_equal(table.signed, table.russia_accepts & table.ukraine_accepts)
    assert 0 < table.signed.sum() < table.russia_accepts.sum()
    np.testing.assert_array_equal(model.truce.terms[table.signed], table.draft[table.signed])


def test_a_stall_is_a_round_held_and_not_accepted():
    model = after(quiet({"table.precision": 5.0, "russia.stall": 0.5}, runs=500, events=[event(0, "round")]), 1)
    assert not (model.table.stalled & model.table.russia_accepts).any()
    assert model.table.stalled.any()
    assert not (model.table.stalled & ~model.table.held).any()


def test_a_short_truce_is_not_a_ceasefire():
    model = after(quiet(runs=5, events=[event(0, "short_truce")]), 1)
    assert model.table.gesture.all()
    assert not model.truce.in_force.any()
    assert model.at_war.all()
    assert (model.outcomes()["short_truce_week"] == 0).all()
    assert model.outcomes()["signature_week"].isna().all()


def test_no_short_truce_is_announced_during_a_ceasefire():
    model = quiet({"truce.guarantee_effect": 10.0}, runs=5, events=[event(0, "short_truce")])
    sign(model)
    assert not after(model, 1).table.gesture.any()


def test_russia_blocks_in_the_baseline_world():
    """C8: little incentive for a ceasefire at this stage."""
    model = after(quiet(), 1)
    assert model.table.blocker == RUSSIA
    assert not model.table.zone.any()
    assert model.table.russian_gap > 0
    assert model.table.ukrainian_gap == 0


# Land for a fragile peace counts more than its weight.
def fragile_peace(**changes):
    named = {name.replace("__", "."): value for name, value in changes.items()}
    return quiet(
        RANGE | {"truce.foresight": 104.0, "europe.reconsideration": 0.0, "russia.rearming": 0.0,
                 "ukraine.rearming": 0.0, "ukraine.red_line": 1.0} | named,
        base=ONE_ISSUE, events=[event(0, "round")],
    )  # fmt: skip


def test_what_counts_at_the_table_are_stakes_and_not_weights():
    """By hand: Russia's reservation 0.5 and Ukraine's -0.8 over the same stake s leave deals from 0.5/s to 0.8/s."""
    model = after(fragile_peace(), 1)
    stake = model.russia.stakes[0, 0]
    assert stake == model.ukraine.stakes[0, 0] > 1.1
    assert model.table.draft[0, 0] == pytest.approx(0.65 / stake)
    assert model.russia.gain(model.table.draft) == pytest.approx(0.15)
    assert model.ukraine.gain(model.table.draft) == pytest.approx(0.15)


def test_stakes_that_differ_can_leave_nothing_to_agree_on():
    """Russia counts on winning, Ukraine on holding: land costs Ukraine more than it brings Russia."""
    optimists = {"russia__optimism": 0.75, "ukraine__optimism": 0.5} | {
        f"{side}__war_cost": 0.14 for side in ("russia", "ukraine")
    }
    trusting, wary = after(fragile_peace(**optimists, truce__foresight=0.0), 1), after(fragile_peace(**optimists), 1)
    assert trusting.table.zone[0]
    assert wary.russia.reservation == trusting.russia.reservation
    assert not wary.table.zone[0]
