"""What the sides believe about the front, and how a week of war changes it."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.verification.worlds import after, event, everywhere, quiet, scenario, sign

SIDES = ("russia", "ukraine", "united_states")


@pytest.mark.parametrize("side", SIDES)
def test_each_side_starts_with_the_confidence_that_the_scenario_states(side):
    """C2: Russia is convinced that it will hold the four oblasts by the end of the year."""
    model = sim.CeasefireModel(scenario(), runs=200)
    stated = model.values[side].confidence
    np.testing.assert_allclose(getattr(model, side).confidence, stated)
    assert stated.min() < stated.max()


def test_at_the_start_russia_is_by_far_the_most_confident():
    model = quiet()
    assert model.russia.confidence == pytest.approx(0.75, abs=0.01)
    assert model.russia.confidence > 2 * model.united_states.confidence > 2 * model.ukraine.confidence


def test_quiet_weeks_sober_a_side():
    model = quiet({"russia.learning_rate": 0.5})
    confidence = [after(model, 1).russia.confidence[0] for _ in range(30)]
    assert confidence == sorted(confidence, reverse=True)
    assert confidence[-1] < confidence[0] - 0.05


def test_a_week_of_war_is_counted_with_the_rate_of_learning():
    """Bad news travels slowly upward: half a week is learnt from each."""
    model = after(quiet({"russia.learning_rate": 0.5, "ukraine.learning_rate": 1.0}), 10)
    assert model.russia.belief.weight == pytest.approx(40 + 0.5 * 10)
    assert model.ukraine.belief.weight == pytest.approx(40 + 10)


def test_who_does_not_learn_keeps_its_belief():
    model = after(quiet({"russia.learning_rate": 0.0}, events=[event(3, "breakthrough")]), 20)
    assert model.russia.belief.weight == 40
    assert model.russia.belief.shape == pytest.approx(quiet().russia.belief.shape)
    assert model.russia.belief.pace == pytest.approx(1.5 * 51.9)


def test_a_breakthrough_raises_confidence_and_counts_once():
    lasting = {"russia.learning_rate": 1.0, "front.breakthrough_duration": 520.0}
    model = quiet(lasting, events=[event(2, "breakthrough")])
    before = after(model, 2).russia.confidence.copy()
    shape = model.russia.belief.shape.copy()
    after(model, 1)
    assert model.russia.confidence > before
    assert model.russia.belief.shape == pytest.approx(shape + 1)
    assert after(model, 5).russia.belief.shape == pytest.approx(shape + 1)


def test_optimism_about_the_normal_pace_fades_towards_the_truth():
    model = quiet({"russia.optimism": 1.5, "russia.learning_rate": 1.0}, weeks=104)
    # (40 * 77.85 + 40 * 51.9) / 80 = 64.875
    assert after(model, 40).russia.belief.pace == pytest.approx(64.875)


def test_weeks_of_breakthrough_say_nothing_about_the_normal_pace():
    lasting = {"front.breakthrough_duration": 520.0, "russia.learning_rate": 1.0}
    model = quiet(lasting, events=[event(0, "breakthrough")], seed=2)
    after(model, 5)
    assert model.front.breakthrough.all()
    assert model.russia.belief.pace == pytest.approx(1.5 * 51.9)
    assert model.russia.belief.pace_weight == 40


def test_while_one_breakthrough_is_on_no_other_can_begin_so_such_weeks_teach_nothing():
    lasting = {"front.breakthrough_duration": 520.0, "russia.learning_rate": 1.0}
    model = after(quiet(lasting, events=[event(2, "breakthrough")]), 8)
    assert model.front.breakthrough.all()
    assert model.russia.belief.weight == pytest.approx(40 + 3)  # the third is the week in which it began


def test_a_quiet_week_against_a_weak_defence_teaches_more():
    """It counts as many weeks as its hazard is that of May 2025."""
    model = quiet({"russia.learning_rate": 1.0, "front.aid_lag": 1.0, "europe.backfill": 0.0},
                  events=[event(0, "disengage")])  # fmt: skip
    tempo = sum(after(model, 1).front.tempo[0] for _ in range(6))
    assert tempo > 7
    assert model.russia.belief.weight == pytest.approx(40 + tempo)


@pytest.mark.parametrize("side", SIDES)
def test_a_ceasefire_teaches_nothing(side):
    model = quiet(runs=10)
    sign(model)
    model.truce.p.set("guarantee_effect", everywhere(model, 10.0))
    belief = getattr(model, side).belief
    before = belief.shape.copy(), belief.weight.copy(), belief.pace.copy()
    after(model, 1)
    for one, other in zip(before, (belief.shape, belief.weight, belief.pace), strict=True):
        np.testing.assert_array_equal(one, other)


def test_the_pace_is_judged_against_the_balance_of_forces():
    """Whoever sees Ukraine weaker expects more, and does not mistake this for a lesson about the front."""
    model = quiet({"russia.optimism": 1.0, "front.aid_lag": 1.0, "europe.backfill": 0.0, "russia.learning_rate": 1.0},
                  events=[event(0, "disengage")])  # fmt: skip
    after(model, 10)
    assert model.front.force_ratio > 1.1
    assert model.russia.belief.pace == pytest.approx(51.9)


def test_a_cut_in_aid_raises_confidence_at_once_it_is_felt():
    cut = after(quiet({"europe.backfill": 0.0}, events=[event(0, "disengage")]), 13)
    assert cut.russia.confidence > after(quiet(), 13).russia.confidence + 0.01


def test_land_already_taken_makes_the_rest_likelier():
    """500 km² a week for 32 weeks are 16,000: enough for what is left without Donetsk, not for all."""
    near, far = quiet({"front.donetsk_left": 100.0}), quiet()
    for model in (near, far):
        model.russia.belief.shape = everywhere(model, 0.5)
        model.russia.belief.pace = everywhere(model, 500.0)
    assert near.russia.confidence == 1.0
    assert far.russia.confidence < 0.5


def test_nothing_left_to_take_is_certainty():
    nothing = {f"front.{oblast}_left": 0.0 for oblast in ("luhansk", "donetsk", "zaporizhzhia", "kherson")}
    assert quiet(nothing).russia.confidence == 1.0
