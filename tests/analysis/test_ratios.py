from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from sim.analysis.intervals import wilson
from sim.analysis.ratios import Ratio


def ratio_of(numerator: list[float], denominator: list[float]) -> Ratio:
    ratio = Ratio()
    ratio.add(np.array(numerator), np.array(denominator))
    return ratio


def test_value_and_variance_are_those_of_a_calculation_by_hand():
    ratio = ratio_of([1, 3, 2], [4, 4, 2])
    assert ratio.value == 0.6
    # residuals y - 0.6 x: -1.4, 0.6, 0.8; squares sum to 2.96; over 10 squared, times 3 / 2
    assert ratio.variance == pytest.approx(2.96 / 100 * 1.5)


def test_equal_denominators_give_the_variance_of_a_mean():
    values = np.array([0.1, 0.5, 0.9, 0.2])
    ratio = Ratio()
    ratio.add(values, np.ones(4))
    low, high = ratio.mean_interval()
    half = 1.959964 * stats.sem(values)
    assert (low, high) == pytest.approx((values.mean() - half, values.mean() + half), abs=1e-6)


def test_one_week_per_run_gives_the_interval_of_a_share_of_runs_nearly():
    ratio = ratio_of([1.0] * 30 + [0.0] * 70, [1.0] * 100)
    assert ratio.share_interval() == pytest.approx(tuple(map(float, wilson(30, 100))), abs=0.001)


def test_the_cut_into_parts_does_not_show():
    rng = np.random.default_rng(1)
    war = rng.integers(1, 30, 200).astype(float)
    blocked = np.floor(war * rng.random(200))
    whole, parts = ratio_of(list(blocked), list(war)), Ratio()
    for start in (150, 0, 60):
        stop = {150: 200, 0: 60, 60: 150}[start]
        parts.add(blocked[start:stop], war[start:stop])
    assert (parts.value, parts.variance) == (whole.value, whole.variance)


def test_where_every_run_agrees_the_interval_still_has_a_width():
    low, high = ratio_of([5.0] * 20, [5.0] * 20).share_interval()
    assert high == 1.0 and low == pytest.approx(float(wilson(20, 20)[0]))


def test_without_a_week_nothing_is_known_and_nothing_is_claimed():
    ratio = ratio_of([0.0, 0.0], [0.0, 0.0])
    assert math.isnan(ratio.value) and ratio.share_interval() == (0.0, 1.0)
    assert all(math.isnan(bound) for bound in ratio_of([0.2], [1.0]).mean_interval())


@pytest.mark.slow
def test_the_interval_of_a_share_covers_as_often_as_it_says_although_weeks_of_a_run_hang_together():
    rng = np.random.default_rng(2)
    covered = 0
    for _ in range(1000):
        chance = rng.beta(2.0, 6.0, 80)  # of a run: its weeks share it
        weeks = rng.integers(5, 40, 80)
        ratio = Ratio()
        ratio.add(rng.binomial(weeks, chance).astype(float), weeks.astype(float))
        low, high = ratio.share_interval()
        covered += low <= 0.25 <= high
    assert 0.93 <= covered / 1000 <= 0.97
