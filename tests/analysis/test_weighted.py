"""Weighted runs and mixtures: by hand, against formulas from elsewhere, and by how often intervals hold the truth."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.analysis.intervals import mean_interval, wilson
from sim.analysis.moments import Moments
from sim.analysis.weighted import (
    effective_runs,
    mixture_share,
    weighted_change,
    weighted_mean,
    weighted_quantiles,
    weighted_share,
)
from sim.errors import UsageError

RNG = np.random.default_rng(1)


def test_weights_of_one_run_leave_one_run_in_effect():
    assert effective_runs(np.array([0.0, 5.0, 0.0])) == 1
    assert effective_runs(np.array([2.0, 1.0, 1.0])) == pytest.approx(16 / 6)
    assert effective_runs(np.full(49, 0.1)) == 49


def test_equal_weights_change_no_digit():
    happened, values = RNG.random(347) < 0.2, RNG.normal(5, 3, 347)
    weights = np.full(347, 1 / 347)
    low, high = wilson(happened.sum(), 347)
    assert weighted_share(happened, weights) == (happened.sum() / 347, float(low), float(high))
    assert weighted_mean(values, weights) == tuple(float(x[0]) for x in mean_interval(Moments.of(values)))
    assert weighted_change(values, weights) == (0.0, 0.0, 0.0)


def test_a_weighted_share_by_hand():
    happened, weights = np.array([False, False, False, True]), np.array([1.0, 2.0, 3.0, 4.0])
    found = weighted_share(happened, weights)
    # Linearised variance (0.6² · 4² + 0.4² · (1 + 2² + 3²)) / 10² = 0.08, so 0.24 / 0.08 = 3 runs; fewer than the 3.33
    # in effect.
    low, high = wilson(0.4 * 3, 3)
    assert found == pytest.approx((0.4, float(low), float(high)))


def test_a_share_is_never_credited_with_more_runs_than_are_in_effect():
    # All weight but a sliver on two runs: the linearised variance is nearly none, and would claim certainty.
    weights = np.array([1.0, 1.0, 1e-3, 1e-3])
    found = weighted_share(np.array([True, True, True, False]), weights)
    assert found.value > 0.999
    assert found.low < 0.4


def test_what_never_or_always_happens_has_the_interval_of_the_runs_in_effect():
    weights = np.array([3.0, 1.0, 1.0, 1.0])
    none, every = (weighted_share(np.full(4, what), weights) for what in (False, True))
    assert (none.value, none.low, every.value, every.high) == (0.0, 0.0, 1.0, 1.0)
    assert none.high == pytest.approx(float(wilson(0, 3.0)[1]))  # (3+1+1+1)² / (9+3) = 3


def test_a_change_uses_that_both_means_are_of_one_sample():
    values = RNG.normal(size=2000)
    weights = np.exp(0.1 * RNG.normal(size=2000))
    alone = weighted_mean(values, weights)
    change = weighted_change(values, weights)
    assert change.value == pytest.approx(alone.value - values.mean())
    assert change.high - change.low < 0.2 * (alone.high - alone.low)


def test_quantiles_go_by_weight():
    values = np.array([10.0, 30.0, 20.0])
    assert weighted_quantiles(values, np.array([1.0, 0.0, 1.0]), (0.5, 0.51, 0.99)).tolist() == [10, 20, 20]
    many = RNG.normal(size=501)
    expected = np.quantile(many, [0.05, 0.5, 0.95], method="inverted_cdf")
    assert weighted_quantiles(many, np.ones(501), (0.05, 0.5, 0.95)).tolist() == expected.tolist()


@pytest.mark.parametrize("weights", [[0.0, 0.0], [-1.0, 2.0], [math.nan, 1.0], [math.inf, 1.0], []])
def test_weights_that_are_none_are_refused(weights):
    with pytest.raises(UsageError, match="weights must be numbers from 0 upwards"):
        effective_runs(np.array(weights))


def test_one_scenario_has_the_interval_of_wilson():
    events = (RNG.random((1, 400)) < 0.1).astype(float)
    found, error = mixture_share(events, np.ones((1, 400)), np.ones(1))
    low, high = wilson(events.sum(), 400)
    assert found == pytest.approx((events.mean(), float(low), float(high)))
    assert error == pytest.approx(math.sqrt(events.mean() * (1 - events.mean()) / 400))


def test_a_mixture_has_the_error_of_a_weighted_sum_with_its_covariance():
    luck = RNG.random(500)
    events = np.array([luck < 0.1, luck < 0.3]).astype(float)
    _, error = mixture_share(events, np.ones((2, 500)), np.array([0.6, 0.4]))
    covariance = np.cov(events, ddof=0)
    expected = 0.36 * covariance[0, 0] + 0.16 * covariance[1, 1] + 2 * 0.24 * covariance[0, 1]
    assert error == pytest.approx(math.sqrt(expected / 500))


def test_a_chance_among_some_runs_is_a_ratio_with_the_interval_of_those_runs():
    among = np.array([[1.0, 1.0, 1.0, 1.0, 0.0, 0.0]])
    events = np.array([[1.0, 0.0, 0.0, 0.0, 0.0, 0.0]])
    found, _ = mixture_share(events, among, np.ones(1))
    low, high = wilson(1, 4)
    assert found == pytest.approx((0.25, float(low), float(high)))
    with pytest.raises(UsageError, match="no run is one of those asked about"):
        mixture_share(events * 0, among * 0, np.ones(1))


def test_scenarios_that_disagree_wholly_still_leave_something_open():
    found, error = mixture_share(np.array([[1.0] * 50, [0.0] * 50]), np.ones((2, 50)), np.array([0.6, 0.4]))
    assert error == pytest.approx(0, abs=1e-12)
    assert found.value == pytest.approx(0.6)
    # A chance of 1 may be as low as Wilson says for 50 of 50, and weighs 0.6.
    assert found.low <= 0.6 * float(wilson(50, 50)[0]) + 0.005
    assert found.high > 0.6 + 0.4 * float(wilson(0, 50)[1]) - 0.005


@pytest.mark.parametrize("shared", [0.0, 0.9])
@pytest.mark.parametrize("chances", [(0.1, 0.2), (0.02, 0.9)])
def test_the_interval_of_a_mixture_holds_the_truth_nineteen_times_in_twenty(chances, shared):
    rng, shares, held, times, runs = np.random.default_rng(2), np.array([0.6, 0.4]), 0, 1200, 300
    for _ in range(times):
        common = rng.random(runs)
        luck = np.where(rng.random((2, runs)) < shared, common, rng.random((2, runs)))
        events = (luck < np.array(chances)[:, None]).astype(float)
        found, _ = mixture_share(events, np.ones((2, runs)), shares)
        held += found.low <= shares @ chances <= found.high
    assert 0.93 < held / times < 0.97


def test_the_intervals_of_weighted_runs_hold_the_truth_nineteen_times_in_twenty():
    # Weights exp(s x) of a standard normal x make it a normal about s, and leave exp(-s²) of the runs in effect. The
    # fewer these are, the more the intervals of means and changes are too narrow: nine times in ten for a third.
    for size, least in ((0.5, 0.93), (1.0, 0.90)):
        rng, held, times = np.random.default_rng(3), np.zeros(3), 1500
        for _ in range(times):
            x = rng.normal(size=1000)
            weights = np.exp(size * x)
            share, mean = weighted_share(x > size, weights), weighted_mean(x, weights)
            change = weighted_change(x, weights)
            held += [share.low <= 0.5 <= share.high, mean.low <= size <= mean.high, change.low <= size <= change.high]
        assert (held / times > least).all() and (held / times < 0.975).all()
