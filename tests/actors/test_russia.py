"""Russia: sure of itself, ready for a long war, unmoved by sanctions, and never done talking."""

from __future__ import annotations

import numpy as np
import pytest

from sim.verification.worlds import after, event, quiet

MANY = 2000
TALKING = {"table.round_engaged": 1.0, "table.precision": 60.0}


def test_a_longer_horizon_never_makes_russia_readier_to_sign():
    """C11: ready for a long war. Whole quarters, the grain of its plans."""
    values = [after(quiet({"russia.horizon": weeks}), 1).russia.war_value[0] for weeks in (13, 26, 52, 104, 156, 260)]
    assert values == sorted(values)
    assert values[-1] > values[0]


def test_a_weak_defence_makes_war_worth_more_through_breakthroughs_alone():
    model = after(quiet({"front.pace": 0.0, "russia.optimism": 0.0}), 1)
    before = model.russia.war_value[0]
    model.front.expected_tempo = model.front.expected_tempo * 2
    model.russia.assess()
    assert model.russia.war_value[0] > before + 0.01


def test_russia_plans_no_longer_than_its_horizon():
    for weeks in (20, 52, 110):
        russia = after(quiet({"russia.horizon": weeks, "russia.war_cost": 0.0, "russia.sanctions_cost": 0.0}), 1).russia
        assert russia.lengths.max() == weeks
        assert 0 < russia.planned_length <= weeks


def test_each_run_has_plans_within_its_own_horizon():
    model = quiet(runs=3)
    model.russia.p.set("horizon", np.array([26.0, 60.0, 104.0]))
    model.russia.prepare()
    assert list(model.russia.lengths.max(axis=1)) == [26, 60, 104]
    together = after(model, 1).russia.war_value
    alone = [after(quiet({"russia.horizon": weeks}), 1).russia.war_value[0] for weeks in (26, 60, 104)]
    np.testing.assert_allclose(together, alone)


def test_a_costly_war_is_worth_less():
    """C11: low costs of war."""
    cheap, dear = (after(quiet({"russia.war_cost": cost}), 1).russia.war_value[0] for cost in (0.02, 0.2))
    assert cheap > dear


def test_sanctions_move_russia_as_far_as_its_leadership_minds_them():
    """C12: unfazed by further sanctions."""

    def war_value(sensitivity, step):
        steps = [event(0, "sanctions_step", step)] if step else []
        changes = {"russia.sanctions_sensitivity": sensitivity, "front.sanctions_attrition": 0.0}
        return after(quiet(changes, events=steps), 1).russia.war_value[0]

    assert war_value(0.0, 0.4) == war_value(0.0, 0.0)
    article = war_value(0.22, 0.0) - war_value(0.22, 0.4)
    minding = war_value(1.0, 0.0) - war_value(1.0, 0.4)
    assert 0 < article < minding / 3


def test_the_cost_of_war_by_hand():
    model = quiet({"russia.war_cost": 0.05, "russia.sanctions_cost": 0.25, "russia.sanctions_sensitivity": 0.2,
                   "united_states.sanctions_start": 0.5}, events=[event(0, "sanctions_step", 0.2)])  # fmt: skip
    assert model.russia.war_cost() == pytest.approx(0.05 + 0.2 * 0.25 * 0.5)
    model.step()
    # The step fades by 2 % in the review of the week.
    assert model.russia.war_cost() == pytest.approx(0.05 + 0.2 * 0.25 * (0.5 + 0.2 * 0.98))


def test_more_confidence_raises_the_price_of_peace():
    calm, sure = (after(quiet({"russia.confidence": belief}), 1).russia.reservation[0] for belief in (0.3, 0.85))
    assert sure > calm + 0.1


def test_signing_costs_the_leadership_at_home():
    free, costly = (after(quiet({"russia.audience_cost": cost}), 1).russia for cost in (0.0, 0.1))
    assert costly.reservation == pytest.approx(free.reservation + 0.1)


def test_a_victory_over_more_is_worth_more():
    little, much = (after(quiet({"russia.victory_recognition": x}), 1).russia.war_value[0] for x in (0.0, 1.0))
    assert much > little


@pytest.mark.parametrize("stall", [0.0, 0.75, 1.0])
def test_russia_stalls_rather_than_refuses(stall):
    """C14: it does not want the talks to stop either."""
    model = after(quiet(TALKING | {"russia.stall": stall}, runs=MANY), 1)
    not_accepted = model.table.held & ~model.table.russia_accepts
    assert not_accepted.mean() > 0.9
    assert model.table.stalled[not_accepted].mean() == pytest.approx(stall, abs=0.04)
    outcomes = model.outcomes()
    refused = outcomes["rounds_refused_by_russia"] + outcomes["rounds_stalled"]
    np.testing.assert_array_equal(refused, not_accepted)


@pytest.mark.parametrize("gesture", [0.0, 0.15, 1.0])
def test_a_stall_may_come_with_a_short_truce(gesture):
    model = after(quiet(TALKING | {"russia.stall": 0.5, "russia.gesture": gesture}, runs=MANY), 1)
    assert model.table.gesture[model.table.stalled].mean() == pytest.approx(gesture, abs=0.035)
    assert not model.table.gesture[~model.table.stalled].any()


def test_russia_fights_on_while_it_talks():
    """C14: talks beside the offensive."""
    model = quiet(TALKING | {"russia.stall": 1.0}, runs=50)
    for _ in range(10):
        after(model, 1)
        talking = model.table.stalled
        assert (model.front.advance[talking] > 0).all()
    assert talking.any()


def test_a_better_deal_is_worth_more_to_russia_and_less_to_ukraine():
    model = quiet()
    poor, rich = np.full((1, 4), 0.2), np.full((1, 4), 0.8)
    assert model.russia.utility(poor) == pytest.approx(0.2)
    assert model.ukraine.utility(rich) == pytest.approx(-0.8)


def test_weights_count_by_their_ratios():
    one = quiet({f"russia.weight_{issue}": 0.2 for issue in ("territory", "sanctions", "security", "recognition")})
    np.testing.assert_allclose(one.russia.weights, 0.25)


def test_an_event_may_change_what_russia_wants():
    model = quiet(events=[event(2, russia__war_cost=0.5)])
    before = after(model, 2).russia.war_value[0]
    assert after(model, 1).russia.war_value[0] < before - 0.05
