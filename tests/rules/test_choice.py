"""Quantal response: frequencies follow the logistic law and the softmax."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.draws import Draws
from sim.rules.choice import chosen, says_yes

MANY = 100_000  # standard error of a share at most 0.0016
DRAWS = Draws(3, MANY)


@pytest.mark.parametrize("gain", [-0.1, -0.02, 0.0, 0.01, 0.05])
def test_yes_has_the_logistic_frequency(gain):
    share = says_yes(gain, 40.0, DRAWS.logistic("answers", 0)).mean()
    assert share == pytest.approx(1 / (1 + math.exp(-40.0 * gain)), abs=0.006)


def test_who_answers_without_precision_tosses_a_coin():
    assert says_yes(-5.0, 0.0, DRAWS.logistic("answers", 0)).mean() == pytest.approx(0.5, abs=0.006)


def test_a_perfectly_precise_side_takes_what_is_better():
    noise = DRAWS.logistic("answers", 0)
    assert says_yes(0.001, 1e5, noise).mean() > 0.999
    assert not says_yes(-0.001, 1e5, noise)[:1000].any()


def test_luck_adds_to_the_gain():
    # 40 * 0.01 = 0.4: bad luck of 0.3 leaves a yes, of 0.5 a no
    assert says_yes(0.01, 40.0, -0.3)
    assert not says_yes(0.01, 40.0, -0.5)


def test_who_gains_nothing_and_has_no_luck_says_no():
    assert not says_yes(0.0, 40.0, 0.0)


def test_a_better_offer_never_turns_a_yes_into_a_no():
    noise = DRAWS.logistic("answers", 0)
    assert not (says_yes(0.01, 40.0, noise) & ~says_yes(0.02, 40.0, noise)).any()


def test_choices_have_the_softmax_frequencies():
    scores = np.array([0.0, -1.2, 0.7, -3.0])
    noise = DRAWS.gumbel("review", ("a", "b", "c", "d"), 0)
    shares = np.bincount(chosen(scores, noise), minlength=4) / MANY
    np.testing.assert_allclose(shares, np.exp(scores) / np.exp(scores).sum(), atol=0.006)


def test_adding_the_same_to_all_scores_changes_no_choice():
    scores, noise = np.array([0.0, -1.0, 0.5]), DRAWS.gumbel("review", ("a", "b", "c"), 0)
    np.testing.assert_array_equal(chosen(scores, noise), chosen(scores + 7.0, noise))


def test_two_options_are_a_logit():
    noise = DRAWS.gumbel("review", ("a", "b"), 0)
    assert chosen(np.array([0.0, 1.0]), noise).mean() == pytest.approx(1 / (1 + math.exp(-1.0)), abs=0.006)


def test_a_tie_goes_to_the_option_named_first():
    assert chosen(np.zeros(3), np.zeros(3)) == 0
