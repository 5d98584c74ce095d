"""Sums that come in parts are exact: no order and no cut into parts shows."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis.moments import ExactSums, Moments

#: Any number whose square is a float64 too, and exact together with what rounding took off; 0 and both signs of it.
NUMBERS = st.one_of(
    st.floats(1e-120, 1e120), st.floats(-1e120, -1e-120), st.just(0.0), st.just(-0.0),
    st.integers(-(2**53), 2**53).map(float),
)  # fmt: skip
#: Any float64 at all.
ANY = st.floats(allow_nan=False, allow_infinity=False)


def sum_of(values: list[float], cuts: list[int] = ()) -> Fraction:
    sums = ExactSums(1)
    for part in np.split(np.array(values, dtype=np.float64), sorted(cuts)):
        sums.add(part)
    return sums[0]


@given(st.lists(ANY, max_size=40))
def test_a_sum_is_that_of_fractions(values):
    assert sum_of(values) == sum((Fraction(value) for value in values), Fraction(0))


@given(st.lists(ANY, max_size=40), st.randoms(use_true_random=False), st.lists(st.integers(0, 40), max_size=5))
def test_neither_order_nor_parts_show(values, random, cuts):
    shuffled = random.sample(values, len(values))
    assert sum_of(shuffled, cuts) == sum_of(values)


@pytest.mark.parametrize("value", [5e-324, 2.0**-1022, 1.7976931348623157e308, 2.0**53 + 2, 1 / 3, -0.0])
def test_the_smallest_and_the_largest_number_are_exact(value):
    assert sum_of([value]) == Fraction(value)
    assert sum_of([value] * 1000) == 1000 * Fraction(value)


def test_a_million_equal_numbers_lose_nothing():
    """Each half of a mantissa is added up in floating point: that must not leave the whole numbers."""
    value = float(2**53 - 1)
    assert sum_of([value] * 1_000_000) == 1_000_000 * Fraction(value)


def test_what_cancels_leaves_what_was_small():
    assert sum_of([1e300, 1.0, -1e300]) == 1


@given(st.lists(st.tuples(st.integers(0, 3), ANY), max_size=40))
def test_each_number_goes_to_its_group(pairs):
    sums = ExactSums(4)
    sums.add(np.array([value for _, value in pairs], dtype=np.float64), np.array([k for k, _ in pairs], dtype=np.intp))
    for group in range(4):
        assert sums[group] == sum((Fraction(value) for k, value in pairs if k == group), Fraction(0))


def test_mean_and_variance_by_hand():
    moments = Moments.of([2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0])
    assert moments.count.tolist() == [8] and moments.mean().tolist() == [5.0]
    assert moments.variance(ddof=0).tolist() == [4.0] and moments.variance().tolist() == [32 / 7]


@given(st.lists(NUMBERS, min_size=2, max_size=30))
def test_mean_and_variance_are_those_of_fractions(values):
    exact = [Fraction(value) for value in values]
    mean = sum(exact) / len(exact)
    variance = sum((value - mean) ** 2 for value in exact) / (len(exact) - 1)
    moments = Moments.of(values)
    assert moments.mean()[0] == float(mean)
    assert moments.variance()[0] == float(variance)


@given(
    st.lists(st.tuples(st.integers(0, 2), NUMBERS), max_size=30), st.randoms(use_true_random=False),
    st.lists(st.integers(0, 30), max_size=5),
)  # fmt: skip
def test_moments_of_parts_in_any_order_have_the_same_bits(pairs, random, cuts):
    def moments_of(pairs, cuts):
        moments = Moments(3)
        values, groups = np.array([value for _, value in pairs]), np.array([k for k, _ in pairs], dtype=np.intp)
        for part in np.split(np.arange(len(pairs)), sorted(cuts)):
            moments.add(values[part], groups[part])
        return [moments.count.tobytes(), moments.mean().tobytes(), moments.variance().tobytes()]

    assert moments_of(random.sample(pairs, len(pairs)), cuts) == moments_of(pairs, [])


def test_a_large_mean_does_not_drown_a_small_variance():
    """Squares of such numbers leave float64 nothing to tell them by."""
    values = 1e9 + np.array([0.0, 1.0, 2.0, 3.0])
    assert Moments.of(values).variance().tolist() == [5 / 3]


def test_too_few_values_have_no_variance_and_none_has_no_mean():
    moments = Moments(3)
    moments.add(np.array([3.0, 1.0, 2.0]), np.array([0, 1, 1]))
    assert moments.count.tolist() == [1, 2, 0]
    assert np.array_equal(moments.mean(), [3.0, 1.5, np.nan], equal_nan=True)
    assert np.array_equal(moments.variance(), [np.nan, 0.5, np.nan], equal_nan=True)
    assert np.array_equal(moments.variance(ddof=0), [0.0, 0.25, np.nan], equal_nan=True)
