"""Sums over columns, and results that are kept."""

from __future__ import annotations

import numpy as np

from sim.arrays import Remembered, total


def test_a_total_is_the_sum_to_the_last_bit():
    table = np.random.default_rng(1).random((1000, 4))
    np.testing.assert_array_equal(total(table), table.sum(axis=1))
    np.testing.assert_array_equal(total(table[:, :1]), table[:, 0])
    assert total(table[:, :1]).base is None  # never a view of what was added up


def test_the_same_values_are_worked_out_once():
    asked = []
    double = Remembered(lambda array: asked.append(1) or 2 * array)
    one = np.arange(3.0)
    assert double(one) is double(one) is double(one.copy())
    np.testing.assert_array_equal(double(one + 1), [2, 4, 6])
    np.testing.assert_array_equal(double(one), [0, 2, 4])
    assert len(asked) == 3
