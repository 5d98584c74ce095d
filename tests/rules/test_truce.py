"""The hazard with which a ceasefire collapses."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad

from sim.rules.truce import collapse_hazard, share_at_peace


def test_by_hand():
    # 0.02 exp(4 * 0.1 - 1 * 0.3) = 0.02 exp(0.1) = 0.0221034
    assert collapse_hazard(math.log(0.02), 0.1, 4.0, 0.3, 1.0) == pytest.approx(0.0221034, abs=1e-7)


def test_a_content_and_unguarded_truce_has_the_hazard_of_its_age():
    assert collapse_hazard(math.log(0.02), 0.0, 4.0, 0.0, 1.0) == pytest.approx(0.02)


def test_dissatisfaction_shortens_and_a_guarantee_lengthens():
    plain = collapse_hazard(math.log(0.02), 0.1, 4.0, 0.3, 1.0)
    assert collapse_hazard(math.log(0.02), 0.2, 4.0, 0.3, 1.0) > plain
    assert collapse_hazard(math.log(0.02), 0.1, 4.0, 0.6, 1.0) < plain


def test_effects_are_proportional_at_any_age():
    young, old = math.log(0.05), math.log(0.001)
    ratio = [collapse_hazard(age, 0.2, 4.0, 0.5, 1.0) / math.exp(age) for age in (young, old)]
    assert ratio[0] == pytest.approx(ratio[1])


# Three bands: 0.1 a week for ten weeks, 0.02 to the end of the first half year, then 0.005.
HAZARDS, STARTS, LENGTHS = np.array([0.1, 0.02, 0.005]), np.array([0.0, 10.0, 26.0]), np.array([10.0, 16.0, np.inf])


def test_a_constant_hazard_gives_the_mean_of_an_exponential():
    share = share_at_peace(np.array([0.05]), np.array([0.0]), 0.0, 40.0)
    assert share == pytest.approx((1 - math.exp(-0.05 * 40)) / (0.05 * 40))


@pytest.mark.parametrize("protection", [0.0, 0.7])
@pytest.mark.parametrize("horizon", [0.5, 4.0, 10.0, 104.0, 520.0])
def test_the_share_at_peace_is_the_mean_of_survival(horizon, protection):
    def survival(age):
        hazard = np.clip(age - STARTS, 0, LENGTHS) @ HAZARDS
        return math.exp(-hazard * math.exp(-protection))

    area, _ = quad(survival, 0, horizon, points=[start for start in STARTS[1:] if start < horizon] or None)
    assert share_at_peace(HAZARDS, STARTS, protection, horizon) == pytest.approx(area / horizon, rel=1e-7)


def test_who_does_not_look_ahead_expects_peace_to_hold():
    assert share_at_peace(HAZARDS, STARTS, 0.0, 0.0) == 1.0
    assert share_at_peace(HAZARDS, STARTS, 0.0, 1e-6) == pytest.approx(1.0)


def test_without_a_hazard_peace_lasts():
    assert share_at_peace(np.zeros(3), STARTS, 0.0, 104.0) == 1.0


def test_a_guarantee_and_a_short_view_make_peace_look_longer():
    plain = share_at_peace(HAZARDS, STARTS, 0.0, 104.0)
    assert share_at_peace(HAZARDS, STARTS, 1.0, 104.0) > plain
    assert share_at_peace(HAZARDS, STARTS, 0.0, 52.0) > plain
