"""Washington: wants a signature soon, presses where it sees the obstacle, or moves on (C5, C9)."""

from __future__ import annotations

import numpy as np
import pytest

from sim.actors.united_states import DISENGAGE, MEDIATE, PRESS_RUSSIA, PRESS_UKRAINE
from sim.verification.worlds import after, event, everywhere, quiet

MANY = 2000
#: Russia refuses and Ukraine accepts, whatever is on offer: answers by how each side likes the deal, without doubt.
SURE = {"table.precision": 100_000.0}
CALL = [event(0, "leaders_call")]


def blame(counts):
    return counts[:, 0] / counts.sum(axis=1)


def test_blame_starts_where_the_scenario_puts_it():
    us = quiet({"united_states.russia_blame": 0.5, "united_states.ukraine_blame": 0.4}).united_states
    assert blame(us.russian_blame) == pytest.approx(0.5)
    assert blame(us.ukrainian_blame) == pytest.approx(0.4)


def test_a_refusal_is_blamed_more_than_a_stall():
    """C14: a stall costs less. Two of four answers speak against Russia at the start: 3 / 5 against 2.35 / 4.35."""

    def after_a_round(stall):
        model = quiet(SURE | {"russia.stall": stall, "united_states.stall_blame": 0.35,
                              "united_states.blame_memory": 4.0}, events=[event(0, "round")])  # fmt: skip
        assert not after(model, 1).table.russia_accepts.any()
        return blame(model.united_states.russian_blame)

    assert after_a_round(0.0) == pytest.approx(3 / 5)
    assert after_a_round(1.0) == pytest.approx(2.35 / 4.35)


def test_a_yes_speaks_for_a_side():
    model = after(quiet(SURE | {"united_states.ukraine_blame": 0.4, "united_states.blame_memory": 4.0,
                                "ukraine.war_cost": 2.0}, events=[event(0, "round")]), 1)  # fmt: skip
    assert model.table.ukraine_accepts.all()
    assert blame(model.united_states.ukrainian_blame) == pytest.approx(1.6 / 5)


def test_without_a_round_there_is_nothing_to_blame():
    us = after(quiet(), 10).united_states
    assert blame(us.russian_blame) == pytest.approx(0.5)
    assert blame(us.ukrainian_blame) == pytest.approx(0.4)


@pytest.mark.parametrize(("shield", "against"), [(0.0, 1.0), (0.5, 0.5), (1.0, 0.0)])
def test_lobbying_shields_ukraine_from_blame(shield, against):
    """C3. All states lobby; Ukraine refuses."""
    model = quiet(
        SURE | {"europe.lobbying_threshold": 0.0, "europe.precision": 1000.0, "europe.blame_shield": shield,
                "ukraine.audience_cost": 1.0, "united_states.blame_memory": 4.0},
        events=[event(0, "round")],
    )  # fmt: skip
    after(model, 1)
    assert model.europe.lobbying == pytest.approx(1.0)
    assert not model.table.ukraine_accepts.any()
    assert model.united_states.ukrainian_blame[0] == pytest.approx([1.6 + against, 2.4])


def test_russia_has_no_such_shield():
    model = quiet(SURE | {"europe.lobbying_threshold": 0.0, "europe.precision": 1000.0, "russia.stall": 0.0},
                  events=[event(0, "round")])  # fmt: skip
    before = model.united_states.russian_blame[0, 0]
    assert after(model, 1).united_states.russian_blame[0, 0] == pytest.approx(before + 1)


def test_the_clock_counts_weeks_without_progress():
    model = quiet()
    assert [after(model, 1).united_states.clock[0] for _ in range(4)] == [1, 2, 3, 4]


def test_a_stall_slows_the_american_clock():
    """C14: keeping the talks going buys time. Two weeks are taken off in the sixth."""

    def clock(credit, stall=1.0):
        model = quiet(SURE | {"russia.stall": stall, "united_states.stall_credit": credit}, events=[event(5, "round")])
        return after(model, 6).united_states.clock[0]

    assert clock(2.0) == 4
    assert clock(0.0) == clock(2.0, stall=0.0) == 6
    assert clock(52.0) == 0  # never below zero


def test_a_signature_stops_the_clock():
    model = quiet(SURE | {"russia.war_cost": 2.0, "ukraine.war_cost": 2.0}, events=[event(5, "round")])
    after(model, 6)
    assert model.table.signed.all()
    assert model.united_states.clock == 0


def test_reviews_come_every_few_weeks_and_after_a_leaders_call():
    pressing = {"united_states.press_russia_base": 10.0, "united_states.review_interval": 4.0,
                "united_states.disengage_base": -10.0, "united_states.sanctions_start": 0.0,
                "united_states.sanctions_step": 0.05}  # fmt: skip
    model = quiet(pressing, events=[event(5, "leaders_call")])
    weeks = [week for week in range(14) if after(model, 1).united_states.pressed_russia.all()]
    assert weeks == [3, 5, 9, 13]


def test_choices_have_the_frequencies_of_their_scores():
    model = after(quiet({"united_states.press_russia_base": -0.5, "united_states.press_ukraine_base": 0.5,
                         "united_states.disengage_base": -1.0}, runs=20_000, events=CALL), 0)  # fmt: skip
    seen = {}
    review = model.united_states.review

    def noting_scores():
        seen["scores"] = model.united_states.scores()
        review()

    model.united_states.review = noting_scores
    us = after(model, 1).united_states
    weights = np.exp(seen["scores"]).mean(axis=0)  # the same in all runs but for lobbying
    expected = np.exp(seen["scores"])
    expected = (expected / expected.sum(axis=1, keepdims=True)).mean(axis=0)
    assert weights.min() > 0
    found = [us.pressed_russia.mean(), us.pressed_ukraine.mean(), us.left.mean()]
    np.testing.assert_allclose(found, expected[[PRESS_RUSSIA, PRESS_UKRAINE, DISENGAGE]], atol=0.012)


def scores(changes=None, *, lobbying=0.0, russian_blame=0.5, ukrainian_blame=0.4, clock=0.0):
    model = quiet(changes)
    us = model.united_states
    model.europe.lobbying = everywhere(model, lobbying)
    us.russian_blame = np.array([[russian_blame, 1 - russian_blame]])
    us.ukrainian_blame = np.array([[ukrainian_blame, 1 - ukrainian_blame]])
    us.clock = everywhere(model, clock)
    return us.scores()[0]


def test_scores_by_hand():
    changes = {
        "united_states.urgency": 0.8, "united_states.blame_weight": 3.0, "united_states.lobbying_weight": 1.5,
        "united_states.realism": 1.0, "united_states.patience": 12.0, "united_states.press_russia_base": -2.6,
        "united_states.press_ukraine_base": -2.8, "united_states.disengage_base": -4.4,
        "united_states.confidence": 0.3,
    }  # fmt: skip
    found = scores(changes, lobbying=0.6, russian_blame=0.7, ukrainian_blame=0.2, clock=18.0)
    # Russia: -2.6 + 2.4 * 0.7. Ukraine: -2.8 + 2.4 * 0.2 - 1.5 * 0.6 + 0.3. Moving on: -4.4 + 0.8 * 18 / 12.
    np.testing.assert_allclose(found, [0.0, -0.92, -2.92, -3.2])


def test_washington_presses_where_it_sees_the_obstacle():
    plain = scores()
    assert scores(russian_blame=0.8)[PRESS_RUSSIA] > plain[PRESS_RUSSIA]
    assert scores(ukrainian_blame=0.8)[PRESS_UKRAINE] > plain[PRESS_UKRAINE]
    assert scores(russian_blame=0.8)[PRESS_UKRAINE] == plain[PRESS_UKRAINE]


def test_lobbying_speaks_against_pressing_ukraine_only():
    """C3: Europeans talk the president out of a hasty deal."""
    change = scores(lobbying=1.0) - scores()
    assert change[PRESS_UKRAINE] < -0.5
    assert (change[[MEDIATE, PRESS_RUSSIA, DISENGAGE]] == 0).all()


def test_lobbying_without_weight_is_idle():
    assert scores({"united_states.lobbying_weight": 0.0}, lobbying=1.0)[PRESS_UKRAINE] == pytest.approx(
        scores({"united_states.lobbying_weight": 0.0})[PRESS_UKRAINE]
    )


def test_urgency_makes_everything_but_mediation_likelier():
    """C5. More pressure of both kinds and more walking away."""
    patient, urgent = (scores({"united_states.urgency": urgency}, clock=10.0) for urgency in (0.2, 1.0))
    assert (urgent[1:] > patient[1:]).all()
    assert urgent[MEDIATE] == patient[MEDIATE] == 0


def test_washington_moves_on_as_its_clock_runs():
    early, late = scores(clock=2.0), scores(clock=40.0)
    assert late[DISENGAGE] > early[DISENGAGE] + 1
    assert late[PRESS_RUSSIA] == early[PRESS_RUSSIA]


def test_who_believes_in_a_russian_victory_presses_ukraine():
    doubting, sure = (scores({"united_states.confidence": belief}) for belief in (0.1, 0.6))
    assert sure[PRESS_UKRAINE] == pytest.approx(doubting[PRESS_UKRAINE] + 0.5)
    immune = [scores({"united_states.confidence": c, "united_states.realism": 0.0})[PRESS_UKRAINE] for c in (0.1, 0.6)]
    assert immune[0] == pytest.approx(immune[1])


def test_what_washington_sees_at_the_front_counts():
    """A breakthrough makes it believe in a Russian victory, and press Ukraine."""
    calm, shaken = quiet(), quiet(events=[event(0, "breakthrough")])
    for model in (calm, shaken):
        after(model, 1)
    assert shaken.united_states.scores()[0, PRESS_UKRAINE] > calm.united_states.scores()[0, PRESS_UKRAINE] + 0.05


def test_pressure_on_russia_is_sanctions_up_to_all_of_them():
    model = quiet({"united_states.sanctions_start": 0.5, "united_states.pressure_fade": 0.0},
                  events=[event(week, "sanctions_step", 0.2) for week in range(4)])  # fmt: skip
    levels = [after(model, 1).united_states.sanctions[0] for _ in range(4)]
    np.testing.assert_allclose(levels, [0.7, 0.9, 1.0, 1.0])


def test_pressure_on_ukraine_is_a_cut_in_aid():
    model = quiet({"united_states.pressure_fade": 0.0}, events=[event(week, "aid_cut", 0.4) for week in range(4)])
    flows = [after(model, 1).united_states.aid_flow[0] for _ in range(4)]
    np.testing.assert_allclose(flows, [0.6, 0.2, 0.0, 0.0], atol=1e-12)


def test_a_step_has_the_size_of_the_parameter_unless_the_event_gives_one():
    model = after(quiet({"united_states.sanctions_step": 0.15, "united_states.aid_step": 0.35,
                         "united_states.pressure_fade": 0.0},
                        events=[event(0, "sanctions_step"), event(0, "aid_cut")]), 1)  # fmt: skip
    assert model.united_states.pressure_on_russia == pytest.approx(0.15)
    assert model.united_states.pressure_on_ukraine == pytest.approx(0.35)


def test_pressure_fades():
    model = quiet({"united_states.pressure_fade": 0.1, "united_states.sanctions_start": 0.0},
                  events=[event(0, "sanctions_step", 0.5), event(0, "aid_cut", 0.5)])  # fmt: skip
    after(model, 10)
    assert model.united_states.pressure_on_russia == pytest.approx(0.5 * 0.9**10)
    assert model.united_states.pressure_on_ukraine == pytest.approx(0.5 * 0.9**10)


def test_moving_on_takes_aid_and_backing_with_it():
    model = quiet({"united_states.exit_aid": 0.3}, events=[event(1, "disengage")])
    us = after(model, 1).united_states
    assert (us.aid_flow, us.guarantee_backing) == (1.0, 0.3)
    after(model, 1)
    assert us.left.all()
    assert not us.engaged.any()
    assert (us.aid_flow, us.guarantee_backing) == (0.3, 0.0)


def test_who_has_moved_on_presses_nobody():
    eager = {"united_states.press_russia_base": 10.0, "united_states.review_interval": 1.0,
             "united_states.re_engagement": 0.0}  # fmt: skip
    model = after(quiet(eager, runs=20, events=[event(0, "disengage")]), 10)
    assert not model.outcomes()["pressure_steps_russia"].any()
    assert (model.united_states.clock == 0).all()  # and no longer counts weeks


def test_washington_may_come_back_at_a_review_with_a_fresh_clock():
    model = quiet({"united_states.review_interval": 4.0, "united_states.re_engagement": 0.3,
                   "united_states.patience": 520.0, "united_states.disengage_base": -10.0,
                   "united_states.press_russia_base": -10.0,
                   "united_states.press_ukraine_base": -10.0, "united_states.urgency": 1.0},
                  runs=MANY, events=[event(1, "disengage")])  # fmt: skip
    after(model, 3)
    assert not model.united_states.engaged.any()
    assert (model.united_states.clock == 1).all()
    after(model, 1)
    back = model.united_states.engaged
    assert back.mean() == pytest.approx(0.3, abs=0.035)
    assert (model.united_states.clock[back] == 0).all()
    after(model, 4)
    assert model.united_states.engaged.mean() == pytest.approx(1 - 0.7**2, abs=0.035)


def test_a_washington_in_no_hurry_is_not_drawn_back():
    """C5: the wish for a quick signature brings it back as it made it leave."""
    model = quiet({"united_states.review_interval": 1.0, "united_states.re_engagement": 0.3,
                   "united_states.urgency": 0.0}, runs=200, events=[event(0, "disengage")])  # fmt: skip
    assert not after(model, 40).united_states.engaged.any()


def test_without_re_engagement_washington_stays_away():
    model = quiet({"united_states.review_interval": 1.0, "united_states.re_engagement": 0.0}, runs=200,
                  events=[event(0, "disengage")])  # fmt: skip
    assert not after(model, 40).united_states.engaged.any()


def test_coming_back_by_decree():
    model = quiet({"united_states.re_engagement": 0.0}, events=[event(0, "disengage"), event(6, "re_engage")])
    assert not after(model, 6).united_states.engaged.any()
    assert after(model, 1).united_states.engaged.all()
    assert model.united_states.aid_flow == 1.0


def test_nothing_is_reviewed_during_a_ceasefire():
    model = quiet(SURE | {"russia.war_cost": 2.0, "ukraine.war_cost": 2.0, "united_states.review_interval": 1.0,
                          "united_states.press_ukraine_base": 10.0, "truce.guarantee_effect": 10.0,
                          "truce.dissatisfaction_effect": 0.0}, runs=50, events=[event(0, "round")])  # fmt: skip
    after(model, 1)
    assert model.table.signed.all()
    after(model, 5)
    held = model.truce.in_force
    assert held.any()
    assert (model.outcomes()["pressure_steps_ukraine"][held] == 0).all()


def test_its_line_is_the_step_of_the_last_review_until_the_next():
    pressing = {"united_states.press_russia_base": 10.0, "united_states.review_interval": 4.0,
                "united_states.disengage_base": -10.0, "united_states.sanctions_start": 0.0,
                "united_states.sanctions_step": 0.9}  # fmt: skip
    model = quiet(pressing)
    lines = [int(after(model, 1).united_states.line[0]) for _ in range(14)]
    # The second step would find less than half of its room left, so that it is none.
    assert lines == [MEDIATE] * 3 + [PRESS_RUSSIA] * 4 + [MEDIATE] * 7


def test_a_step_by_decree_is_its_line_until_the_next_review():
    calm = {"united_states.review_interval": 4.0, "united_states.press_russia_base": -10.0,
            "united_states.press_ukraine_base": -10.0, "united_states.disengage_base": -10.0}  # fmt: skip
    model = quiet(calm, events=[event(1, "aid_cut"), event(7, "sanctions_step")])
    lines = [int(after(model, 1).united_states.line[0]) for _ in range(12)]
    steps = [MEDIATE, *[PRESS_UKRAINE] * 2, *[MEDIATE] * 4, *[PRESS_RUSSIA] * 4, MEDIATE]
    assert lines == steps, "week 7 is one of a review, which does not undo the step of its week"


def test_who_comes_back_mediates():
    model = quiet({"united_states.re_engagement": 0.0},
                  events=[event(0, "aid_cut"), event(1, "disengage"), event(3, "re_engage")])  # fmt: skip
    lines = [int(after(model, 1).united_states.line[0]) for _ in range(4)]
    assert lines == [PRESS_UKRAINE] * 3 + [MEDIATE]
