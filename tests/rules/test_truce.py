"""The hazard with which a ceasefire collapses."""

from __future__ import annotations

import math

import pytest

from sim.rules.truce import collapse_hazard


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
