"""What a deal must be worth that may not hold: land is for good, and both sides rearm (Fearon 1995; Powell 2006)."""

from __future__ import annotations

import numpy as np
import pytest

from sim.verification.worlds import ONE_ISSUE, after, everywhere, quiet

#: Both sides look two years ahead; war is costless and beliefs are fixed, so only what a collapse changes is left.
WARY = {"truce.foresight": 104.0, "truce.donbas_likeness": 0.0, "europe.reconsideration": 0.0}
EVEN = {"russia.rearming": 0.06, "ukraine.rearming": 0.06}


def sides(changes, base=ONE_ISSUE):
    model = after(quiet(WARY | EVEN | changes, base=base), 1)
    return model.russia, model.ukraine


def test_both_expect_what_ceasefires_of_the_past_show():
    """Half a year of the two is the mean of a survival that starts at 1 and is 0.61 after a year."""
    russia, ukraine = sides({})
    assert russia.peace == ukraine.peace
    assert 0.6 < russia.peace[0] < 0.75


def test_ceasefires_like_those_of_the_donbas_are_trusted_less():
    assert sides({"truce.donbas_likeness": 1.0})[0].peace < 0.2 < sides({})[0].peace


def test_a_guarantee_is_expected_to_hold_the_peace_as_far_as_the_terms_leave_room():
    def peace(security):
        model = quiet(WARY | {"truce.guarantee_effect": 1.0})
        for state in model.europe.states:
            state.pledged = everywhere(model)
        model.europe.add_up()
        model.table.draft = np.array([[0.0, 0.0, security, 0.0]])
        model.russia.assess()
        return model.russia.peace[0]

    assert peace(0.0) > peace(0.5) > peace(1.0)
    assert peace(1.0) == sides({"truce.guarantee_effect": 1.0})[0].peace[0]


def test_if_nothing_changes_by_a_collapse_fragile_peace_is_no_reason_to_refuse():
    """War later is the war of today: the sides lose nothing by trying."""
    for side in sides({"russia.audience_cost": 0.015}):
        assert side.reservation == pytest.approx(side.war_value + side.p.audience_cost)


def test_who_would_be_weaker_after_a_pause_asks_for_more_and_who_would_be_stronger_for_less():
    """The commitment problem: by hand, V + (1 - s)/s (V - V later), V = p - c with p the pace's promise."""
    changes = {"russia.rearming": 0.10, "ukraine.rearming": 0.02, "russia.optimism": 0.4, "ukraine.optimism": 0.4,
               "russia.war_cost": 0.1, "ukraine.war_cost": 0.1, "front.balance_exponent": 1.0}  # fmt: skip
    russia, ukraine = sides(changes)
    peace = russia.peace[0]
    years = peace * 104 / 52
    shift = 0.4 * ((1 + 0.10 * years) / (1 + 0.02 * years) - 1)
    loss = (1 - peace) / peace * shift
    assert russia.reservation == pytest.approx(0.3 - loss)
    assert ukraine.reservation == pytest.approx(-0.5 + loss)
    assert loss > 0.02


def test_a_shift_of_power_cancels_where_both_judge_it_alike():
    """What one side would gain by a pause the other would lose: the range of deals moves and keeps its width."""
    changes = {"russia.optimism": 0.4, "ukraine.optimism": 0.4, "russia.war_cost": 0.1, "ukraine.war_cost": 0.1}
    still, moving = sides(changes), sides(changes | {"russia.rearming": 0.10, "ukraine.rearming": 0.02})
    widths = [-(russia.reservation + ukraine.reservation)[0] for russia, ukraine in (still, moving)]
    assert widths[0] == pytest.approx(0.2)
    assert widths[1] == pytest.approx(0.2)
    assert moving[0].reservation < still[0].reservation - 0.02


def test_land_given_for_a_fragile_peace_costs_ukraine_more_than_it_brings_russia():
    """By hand: 1 + (1 - s)/s (1 - G), and Russia, sure of taking the land anyway, has the higher G."""
    russia, ukraine = sides({"russia.optimism": 0.8, "ukraine.optimism": 0.1})
    peace = russia.peace[0]
    assert russia.stakes[0, 0] == pytest.approx(1 + (1 - peace) / peace * (1 - 0.8))
    assert ukraine.stakes[0, 0] == pytest.approx(1 + (1 - peace) / peace * (1 - 0.1))
    np.testing.assert_array_equal(russia.stakes[:, 1:], russia.weights[:, 1:])


def test_who_does_not_look_ahead_expects_peace_to_hold():
    for side in sides({"truce.foresight": 0.0, "russia.rearming": 0.10}):
        assert side.peace == 1.0
        assert side.reservation == side.war_value + side.p.audience_cost
        np.testing.assert_array_equal(side.stakes, side.weights)
