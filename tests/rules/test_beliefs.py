"""Beliefs about the front against numbers worked by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.rules.beliefs import (
    breakthrough_probability,
    either,
    pace_suffices,
    prior_shape,
    revised_mean,
    total_variance,
)

LEFT, SPREAD, LUCK = 20_000.0, 40.0, 200_000.0


def test_breakthrough_probability_by_hand():
    # a = 2, b = 40, tau = 40: 1 - (40/80)^2 = 0.75
    assert breakthrough_probability(2.0, 40.0, 40.0) == pytest.approx(0.75)
    # a = 0.5, b = 30, tau = 10: 1 - sqrt(30/40) = 0.1339746
    assert breakthrough_probability(0.5, 30.0, 10.0) == pytest.approx(0.1339746)


def test_no_breakthrough_without_time_or_hazard():
    assert breakthrough_probability(2.0, 40.0, 0.0) == 0.0
    assert breakthrough_probability(0.0, 40.0, 32.0) == 0.0


def test_the_chance_is_the_mean_over_the_gamma_belief():
    """Integrating 1 - exp(-hazard tau) over Gamma(a, b) by brute force gives the closed form."""
    shape, weight, weeks = 1.7, 40.0, 32.0
    hazards = np.linspace(0, 1, 200_001)[1:]
    density = hazards ** (shape - 1) * np.exp(-weight * hazards)
    brute = 1 - (density * np.exp(-hazards * weeks)).sum() / density.sum()
    assert breakthrough_probability(shape, weight, weeks) == pytest.approx(brute, abs=1e-4)


def test_a_sure_belief_is_the_exponential_law():
    # Mean hazard 0.01 a week, a hundred thousand weeks of experience: 1 - exp(-0.32) = 0.273851
    assert breakthrough_probability(1000.0, 100_000.0, 32.0) == pytest.approx(0.273851, abs=1e-4)


def test_a_week_without_a_breakthrough_lowers_the_chance_and_a_breakthrough_raises_it():
    before = breakthrough_probability(2.0, 40.0, 32.0)
    assert breakthrough_probability(2.0, 41.0, 32.0) < before < breakthrough_probability(3.0, 41.0, 32.0)


def test_pace_by_hand():
    # 32 weeks at 50 = 1600 against 1500 left. Luck 204,800; doubt 40^2 * 32^2 / 40 = 40,960;
    # deviation sqrt(245,760) = 495.742; Phi(100 / 495.742) = Phi(0.20172) = 0.579931.
    assert pace_suffices(1500.0, 50.0, 40.0, SPREAD, 204_800.0, 32.0) == pytest.approx(0.579931, abs=1e-6)


def test_pace_at_the_edges():
    assert pace_suffices(0.0, 50.0, 40.0, SPREAD, LUCK, 32.0) == 1.0  # nothing left to take
    assert pace_suffices(LEFT, 50.0, 40.0, SPREAD, LUCK, 0.0) == 0.0  # no time
    assert pace_suffices(1600.0, 50.0, 40.0, 0.0, 0.0, 32.0) == 1.0  # exactly enough, no luck
    assert pace_suffices(1600.1, 50.0, 40.0, 0.0, 0.0, 32.0) == 0.0
    assert pace_suffices(1600.0, 50.0, 40.0, SPREAD, LUCK, 32.0) == 0.5  # exactly enough on average


def test_what_is_little_is_not_nothing():
    assert pace_suffices(0.5, 50.0, 40.0, SPREAD, LUCK, 0.0) == 0.0  # a little land is left, and no time
    assert pace_suffices(25.0, 50.0, 40.0, 0.0, 0.0, 0.5) == 1.0  # half a week takes half of a week's pace
    assert pace_suffices(1600.0, 50.0, 40.0, 0.0, 0.25, 32.0) == 0.5  # a little luck
    assert 0.0 < breakthrough_probability(2.0, 40.0, 0.5) < 0.03


@pytest.mark.parametrize("name", ["pace", "weeks", "weight", "luck"])
def test_what_makes_an_unlikely_conquest_likelier(name):
    plain = {"left": 5000.0, "pace": 50.0, "weight": 40.0, "spread": SPREAD, "luck": LUCK, "weeks": 50.0}
    more = {"pace": 60.0, "weeks": 60.0, "weight": 10.0, "luck": 2 * LUCK}[name]
    assert pace_suffices(*(plain | {name: more}).values()) > pace_suffices(*plain.values())


def test_the_luck_of_weeks_by_hand():
    # Two weeks: each s^2; together also twice the part that lasts, w phi s^2.
    assert total_variance(10.0, 0.5, 0.8, 2.0) == pytest.approx(2 * 100 + 2 * 0.5 * 0.8 * 100)
    assert total_variance(10.0, 0.0, 0.8, 7.0) == pytest.approx(700.0)  # nothing lasts
    assert total_variance(10.0, 1.0, 0.0, 7.0) == pytest.approx(700.0)


@pytest.mark.parametrize("weeks", [1, 5, 32, 104])
def test_the_luck_of_weeks_is_the_sum_of_their_covariances(weeks):
    lasting, persistence = 0.7, 0.925
    gaps = np.abs(np.subtract.outer(np.arange(weeks), np.arange(weeks)))
    covariance = np.where(gaps == 0, 1.0, lasting * persistence**gaps) * SPREAD**2
    assert total_variance(SPREAD, lasting, persistence, float(weeks)) == pytest.approx(covariance.sum())


@settings(derandomize=True, deadline=None)
@given(
    confidence=st.floats(0.01, 0.94), by_pace=st.floats(0.0, 0.9), decides=st.floats(0.95, 1.0),
    weight=st.floats(1, 1000), weeks=st.floats(1, 200),
)  # fmt: skip
def test_the_prior_states_the_confidence_it_was_made_from(confidence, by_pace, decides, weight, weeks):
    shape = prior_shape(confidence, by_pace, decides, weight, weeks)
    stated = either(breakthrough_probability(shape, weight, weeks), by_pace, decides)
    assert stated == pytest.approx(max(confidence, by_pace), abs=1e-9)


def test_prior_shape_by_hand():
    # The article: 0.75 = 0.9 (1 - (40/72)^a), a = ln(1/6) / ln(5/9) = 3.04832
    assert prior_shape(0.75, 0.0, 0.9, 40.0, 32.0) == pytest.approx(3.04832, abs=1e-5)


def test_who_is_sure_of_the_pace_needs_no_breakthrough():
    assert prior_shape(1.0, 1.0, 0.9, 40.0, 32.0) == 0.0
    assert prior_shape(0.5, 0.8, 0.9, 40.0, 32.0) == 0.0


def test_a_confidence_out_of_reach_stays_finite():
    assert math.isfinite(prior_shape(0.95, 0.0, 0.9, 40.0, 32.0))


def test_either_by_hand():
    # A breakthrough at 0.5 decides in 0.8 of cases: 0.4; else by pace at 0.25: 0.6 * 0.25 = 0.15
    assert either(0.5, 0.25, 0.8) == pytest.approx(0.55)


def test_the_mean_moves_by_the_weight_of_what_was_seen():
    # (40 * 50 + 0.5 * 90.5) / 40.5 = 50.5
    assert revised_mean(50.0, 40.0, 90.5, 0.5) == pytest.approx(50.5)
    assert revised_mean(50.0, 40.0, 90.5, 0.0) == 50.0


def test_rules_work_on_arrays_over_runs():
    np.testing.assert_allclose(breakthrough_probability(np.array([2.0, 0.0]), 40.0, 40.0), [0.75, 0.0])
