"""Ukraine: fears losing land, depends on aid, grows weary (C7)."""

from __future__ import annotations

import pytest

from sim.verification.worlds import after, event, quiet, sign


def test_the_red_line_starts_where_the_scenario_puts_it():
    assert quiet({"ukraine.red_line": 0.08}).ukraine.red_line == pytest.approx(0.08)


def test_weariness_moves_the_red_line():
    model = after(quiet({"ukraine.red_line": 0.05, "ukraine.red_line_growth": 0.4}, weeks=104), 52)
    # A year of war at 0.4 a year.
    assert model.ukraine.weariness == pytest.approx(1.0)
    assert model.ukraine.red_line == pytest.approx(0.05 * 1.4)


def test_who_does_not_grow_weary_keeps_the_line():
    assert after(quiet({"ukraine.red_line": 0.05, "ukraine.red_line_growth": 0.0}), 40).ukraine.red_line == 0.05


def test_a_year_without_american_aid_counts_double():
    model = quiet({"united_states.exit_aid": 0.0, "front.aid_lag": 1.0}, events=[event(0, "disengage")])
    after(model, 1)  # the front is supplied before Ukraine observes it: no aid from the first week on
    assert model.ukraine.weariness == pytest.approx(2 / 52)


def test_peace_makes_nobody_weary():
    model = quiet({"truce.guarantee_effect": 10.0})
    sign(model)
    assert after(model, 1).ukraine.weariness == 0.0


def test_american_pressure_moves_the_red_line():
    """C7: Kyiv and Europe fear that more land will be given up."""

    def red_line(effect):
        changes = {"ukraine.red_line": 0.05, "ukraine.red_line_pressure": effect, "ukraine.red_line_growth": 0.0}
        return after(quiet(changes | {"united_states.pressure_fade": 0.0}, events=[event(0, "aid_cut", 0.5)]), 1)

    assert red_line(0.2).ukraine.red_line == pytest.approx(0.05 + 0.2 * 0.5)
    assert red_line(0.0).ukraine.red_line == pytest.approx(0.05)


def test_no_more_than_all_can_be_handed_over():
    model = after(quiet({"ukraine.red_line": 0.95, "ukraine.red_line_growth": 1.0}), 20)
    assert model.ukraine.red_line == 1.0


def test_war_costs_more_where_american_aid_is_missing():
    """The cost follows the stock of aid, so it comes months after the cut."""
    model = quiet({"ukraine.war_cost": 0.14, "ukraine.aid_cost": 0.1, "united_states.exit_aid": 0.0,
                   "front.aid_lag": 12.0}, events=[event(0, "disengage")])  # fmt: skip
    assert model.ukraine.war_cost() == pytest.approx(0.14)
    assert after(model, 1).ukraine.war_cost() == pytest.approx(0.14 + 0.1 / 12)
    assert after(model, 51).ukraine.war_cost() == pytest.approx(0.24, abs=0.002)


def test_without_aid_cost_a_cut_works_through_the_front_only():
    changes = {"ukraine.aid_cost": 0.0, "front.us_share": 0.0, "ukraine.red_line_growth": 0.0}
    cut = after(quiet(changes, events=[event(0, "disengage")]), 20)
    assert cut.ukraine.war_value == pytest.approx(after(quiet(changes), 20).ukraine.war_value)


def test_fear_of_a_breakthrough_makes_ukraine_readier_to_sign():
    brave, afraid = (after(quiet({"ukraine.confidence": fear}), 1).ukraine.reservation for fear in (0.05, 0.5))
    assert afraid < brave - 0.05


def test_ukraine_cannot_choose_how_long_the_war_lasts():
    model = after(quiet({"ukraine.horizon": 78.0}), 1)
    assert model.ukraine.lengths.tolist() == [[78.0]]
    assert model.ukraine.planned_length == 78.0


def test_a_longer_war_ahead_makes_ukraine_readier_to_sign():
    short, long = (after(quiet({"ukraine.horizon": weeks}), 1).ukraine.reservation for weeks in (26, 156))
    assert long < short


def test_signing_costs_the_government_at_home():
    free, costly = (after(quiet({"ukraine.audience_cost": cost}), 1).ukraine for cost in (0.0, 0.05))
    assert costly.reservation == pytest.approx(free.reservation + 0.05)


@pytest.mark.parametrize("limit", [0.5, 0.9])
def test_ukraine_signs_no_security_terms_beyond_its_limit(limit):
    model = after(quiet({"ukraine.security_limit": limit}), 1)
    assert model.table.high[0, 2] == limit
    assert model.table.draft[0, 2] <= limit
