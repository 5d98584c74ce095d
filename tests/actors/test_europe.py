"""The European states: aid, lobbying, pledges, sanctions (C3, C7, C10)."""

from __future__ import annotations

import numpy as np
import pytest

from sim.parameters import STATES
from sim.verification.worlds import after, event, everywhere, quiet

SURE = {"europe.precision": 1000.0}
MANY = 2000


def test_the_states_are_those_of_the_scenario():
    assert [state.name for state in quiet().europe.states] == list(STATES)
    assert [state.name for state in quiet(states=("poland", "hungary")).europe.states] == ["poland", "hungary"]


def test_without_an_american_cut_aid_stays_as_it_is():
    model = after(quiet(), 10)
    assert model.europe.aid_flow == pytest.approx(1.0)


def test_a_state_makes_good_a_cut_by_its_threat():
    """Half of American aid is missing, 0.6 * 0.38 * 0.5 of Ukraine's strength, for 0.6 * 0.62 from Europe."""
    model = quiet({"europe.backfill": 0.6, "europe.headroom": 5.0, "united_states.exit_aid": 0.5},
                  events=[event(0, "disengage")])  # fmt: skip
    after(model, 1)
    for state in model.europe.states:
        assert state.aid == pytest.approx(1 + 0.6 * STATES[state.name].threat * 0.19 / 0.62)
    expected = sum(s.aid_share * (1 + 0.6 * s.threat * 0.19 / 0.62) for s in STATES.values())
    assert model.europe.aid_flow == pytest.approx(expected)


def test_no_state_gives_beyond_its_means():
    model = quiet({"europe.backfill": 2.0, "europe.headroom": 0.1, "united_states.exit_aid": 0.0},
                  events=[event(0, "disengage")])  # fmt: skip
    after(model, 1)
    assert max(state.aid[0] for state in model.europe.states) == pytest.approx(1.1)


def test_without_backfill_a_cut_is_nobodys_business():
    model = quiet({"europe.backfill": 0.0}, events=[event(0, "disengage")])
    assert after(model, 5).europe.aid_flow == pytest.approx(1.0)


def test_europe_learns_of_a_review_one_week_late():
    """C10: allies are briefed after the call. Washington cuts aid after the round of week 0; they answer in week 1."""
    model = quiet({"united_states.press_ukraine_base": 10.0, "united_states.disengage_base": -10.0},
                  events=[event(0, "leaders_call")])  # fmt: skip
    after(model, 1)
    assert model.united_states.pressed_ukraine.all()
    assert model.europe.aid_flow == pytest.approx(1.0)
    assert after(model, 1).europe.aid_flow > 1.01


def test_threatened_states_lobby_washington():
    """C3. With Washington mediating, alarm is the threat that a state feels."""
    model = after(quiet(SURE | {"europe.lobbying_threshold": 0.55}, runs=200), 1)
    for state in model.europe.states:
        assert state.lobbies.mean() == pytest.approx(float(STATES[state.name].threat > 0.55), abs=0.02), state.name
    lobbying = sum(s.aid_share for s in STATES.values() if s.threat > 0.55)
    assert np.median(model.europe.lobbying) == pytest.approx(lobbying)


def test_a_cut_in_aid_alarms_further_states():
    """Italy, at 0.4, lobbies once Washington has cut aid by half: 0.4 * 1.5 is above 0.55."""
    model = quiet(SURE | {"europe.lobbying_threshold": 0.55, "united_states.pressure_fade": 0.0}, runs=200,
                  events=[event(1, "aid_cut", 0.5)])  # fmt: skip
    italy = next(state for state in model.europe.states if state.name == "italy")
    after(model, 1)
    assert not italy.lobbies.any()
    after(model, 1)
    assert italy.lobbies.mean() > 0.98


def test_who_mediates_no_longer_need_not_be_lobbied():
    model = quiet(SURE | {"europe.lobbying_threshold": 0.3}, runs=200, events=[event(1, "disengage")])
    assert after(model, 1).europe.lobbying.mean() > 0.9
    assert after(model, 1).europe.lobbying.mean() < 0.05


def test_influence_counts_by_aid():
    model = quiet()
    for state in model.europe.states:
        state.lobbies = everywhere(model, state.name in ("poland", "hungary"))
    model.europe.add_up()
    assert model.europe.lobbying == pytest.approx(0.08)


def guarantee(changes, weeks=50, runs=MANY, **world):
    return after(quiet(SURE | changes, runs=runs, **world), weeks).europe.guarantee.mean()


def test_a_low_threshold_brings_pledges_and_a_high_one_none():
    assert guarantee({"europe.pledge_threshold": 0.0}) == pytest.approx(1.0, abs=0.01)
    assert guarantee({"europe.pledge_threshold": 3.0}) == 0.0


def test_pledges_are_taken_up_at_the_pace_of_cabinets():
    shares = {"europe.pledge_threshold": -1.0, "europe.reconsideration": 0.125}
    model = quiet(SURE | shares, runs=MANY)
    after(model, 4)
    # In four weeks with hazard 0.125: 1 - exp(-0.5)
    assert model.europe.guarantee.mean() == pytest.approx(1 - np.exp(-0.5), abs=0.02)
    assert guarantee(shares | {"europe.reconsideration": 0.0}) == 0.0


def test_pledges_follow_pledges():
    """A threshold game: without coordination only those most threatened pledge, with it the others follow."""
    alone = guarantee({"europe.pledge_threshold": 1.05, "europe.pledge_coordination": 0.0})
    together = guarantee({"europe.pledge_threshold": 1.05, "europe.pledge_coordination": 1.0})
    # Threat plus American backing of 0.3 exceeds 1.05 for the United Kingdom, Poland and the north: half a force.
    assert alone == pytest.approx(0.5, abs=0.01)
    assert together > alone + 0.3


def test_what_the_others_have_pledged_counts_by_its_share():
    model = quiet({"europe.pledge_coordination": 0.5})
    poland = next(state for state in model.europe.states if state.name == "poland")
    alone = poland.gain_of_pledging()
    for state in model.europe.states:
        state.pledged = everywhere(model, state.name in ("france", "germany"))
    model.europe.add_up()
    # France 0.25 and Germany 0.15 of a force
    assert poland.gain_of_pledging() == pytest.approx(alone + 0.5 * 0.4)


def test_a_state_does_not_follow_itself():
    model = after(quiet(runs=3), 1)
    france = next(state for state in model.europe.states if state.name == "france")
    for state in model.europe.states:
        state.pledged = everywhere(model, state is france)
    model.europe.add_up()
    with_own = france.gain_of_pledging()
    france.pledged = everywhere(model, False)
    model.europe.add_up()
    np.testing.assert_allclose(france.gain_of_pledging(), with_own)


def test_american_backing_makes_pledges_easier():
    backed = guarantee({"europe.pledge_threshold": 1.05, "europe.pledge_coordination": 0.0})
    alone = guarantee({"europe.pledge_threshold": 1.05, "europe.pledge_coordination": 0.0},
                      events=[event(0, "disengage")])  # fmt: skip
    assert backed > alone + 0.3
    unbacked = guarantee({"europe.pledge_threshold": 1.05, "europe.pledge_coordination": 0.0,
                          "united_states.guarantee_backing": 0.0})  # fmt: skip
    assert unbacked == alone


def test_a_pledge_may_be_taken_back():
    model = quiet(SURE | {"europe.pledge_threshold": 1.05, "europe.pledge_coordination": 0.0}, runs=200,
                  events=[event(30, "disengage")])  # fmt: skip
    before = after(model, 30).europe.guarantee.mean()
    assert after(model, 20).europe.guarantee.mean() < before - 0.3


def test_a_force_is_complete_at_one():
    model = quiet()
    for state in model.europe.states:
        state.pledged, state.p = everywhere(model), model.values["europe.france"]  # eight quarters
    model.europe.add_up()
    assert model.europe.guarantee == 1.0


def test_threatened_states_hold_on_to_their_sanctions():
    """With a threshold of 0.45: Italy and Hungary would lift theirs, two of eight."""
    model = after(quiet(SURE | {"europe.relief_threshold": 0.45, "europe.reconsideration": 0.0}, runs=200), 1)
    names = [state.name for state in model.europe.states]
    lifting = np.median(model.europe.would_lift(), axis=0)
    assert {name for name, willing in zip(names, lifting, strict=True) if willing} == {"italy", "hungary"}


# Two of eight states are willing.
@pytest.mark.parametrize(("quorum", "granted"), [(0.0, 0.2), (0.25, 0.2), (0.26, 0.0), (0.5, 0.0), (1.0, 0.0)])
def test_relief_takes_a_quorum_of_the_states(quorum, granted):
    changes = {"europe.relief_threshold": 0.45, "europe.sanctions_relief": 0.2, "europe.reconsideration": 0.0}
    model = after(quiet(SURE | changes | {"europe.relief_quorum": quorum}, runs=200), 1)
    assert np.median(model.europe.sanctions_relief) == pytest.approx(granted)


#: The sanctions of 2014 and later are prolonged to 31 July 2025 and 31 January 2026: weeks 10 and 36.
FIRST, SECOND = 10, 36


def test_one_veto_at_a_renewal_ends_the_sanctions():
    model = quiet({"europe.veto_use": 1.0, "europe.sanctions_relief": 0.2, "united_states.sanctions_start": 0.5},
                  runs=50)  # fmt: skip
    after(model, FIRST)
    assert not model.europe.lapsed.any()
    np.testing.assert_allclose(model.united_states.sanctions, 0.5)
    after(model, 1)
    lapsed = model.europe.lapsed
    assert lapsed.mean() > 0.9  # Hungary would lift them in nearly every week
    np.testing.assert_allclose(model.united_states.sanctions[lapsed], 0.5 * 0.8)
    assert (model.europe.sanctions_relief[lapsed] == 0.0).all()  # what has lapsed is nothing to offer


def test_vetoes_come_at_renewals_only_and_as_often_as_they_are_used():
    model = quiet({"europe.veto_use": 0.3}, runs=MANY, states=("hungary",))
    shares = [after(model, 1).europe.lapsed.mean() for _ in range(SECOND + 2)]
    assert set(np.flatnonzero(np.diff([0.0, *shares]))) == {FIRST, SECOND}
    assert shares[FIRST] == pytest.approx(0.3 * 0.92, abs=0.04)  # Hungary is tempted in 92 % of the weeks
    assert shares[SECOND] == pytest.approx(1 - (1 - 0.3 * 0.92) ** 2, abs=0.04)


def test_states_that_would_not_lift_sanctions_use_no_veto():
    model = after(quiet(SURE | {"europe.veto_use": 1.0}, runs=50, states=("poland",)), SECOND + 1)
    assert not model.europe.lapsed.any()


def test_a_guarantee_lets_states_lift_sanctions():
    model = quiet(SURE | {"europe.relief_threshold": 0.45, "europe.sanctions_relief": 0.2,
                          "europe.reconsideration": 0.0}, runs=20)  # fmt: skip
    for state in model.europe.states:
        state.pledged = everywhere(model)
    model.europe.add_up()
    np.testing.assert_allclose(after(model, 1).europe.sanctions_relief, 0.2)


def test_a_state_answers_with_one_mood_a_week():
    """A state that is hawkish this week lobbies and keeps its sanctions; never does it do neither by chance."""
    model = after(quiet({"europe.precision": 3.0, "europe.lobbying_threshold": 0.8, "europe.relief_threshold": 0.8,
                         "europe.reconsideration": 0.0}, runs=MANY), 1)  # fmt: skip
    # With threat 0.8 both answers are even; one mood makes them opposite.
    kingdom = next(state for state in model.europe.states if state.name == "united_kingdom")
    assert 0.4 < kingdom.lobbies.mean() < 0.6
    np.testing.assert_array_equal(kingdom.lobbies, ~kingdom.would_lift)


def test_moods_of_states_are_their_own():
    model = after(quiet({"europe.precision": 0.0}, runs=MANY), 1)
    answers = np.array([state.lobbies for state in model.europe.states], dtype=float)
    assert np.abs(np.corrcoef(answers) - np.eye(len(answers))).max() < 0.09


def test_a_europe_without_states_does_nothing():
    model = after(quiet({"europe.relief_quorum": 0.0}, states=(), events=[event(0, "disengage")], runs=2), 5)
    europe = model.europe
    for total in (europe.aid_flow, europe.lobbying, europe.guarantee, europe.sanctions_relief):
        assert (total == 0).all()
