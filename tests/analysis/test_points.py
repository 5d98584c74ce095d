from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.analysis.points import check_outcome, product_without_luck, resampling, values_by_point
from sim.errors import UsageError
from tests.synthetic import Case, outcomes_of

CASE = Case("hardball")


def swept(points: int, runs: int, **columns) -> pd.DataFrame:
    tables = [
        outcomes_of("hardball", runs, **{name: values[point] for name, values in columns.items()}).assign(point=point)
        for point in range(points)
    ]
    return pd.concat(tables, ignore_index=True)


def test_values_come_by_point_and_run_whatever_the_order_of_the_rows():
    lost = np.arange(12.0).reshape(3, 4)
    table = swept(3, 4, territory_lost_km2=lost).sample(frac=1, random_state=1)
    found = values_by_point(table, CASE, "territory_lost_km2", 3)
    assert found.values.tolist() == lost.tolist() and found.runs.tolist() == [0, 1, 2, 3]


def test_an_event_is_counted_by_the_deadline_of_the_scenario():
    table = swept(2, 2, ceasefire_week=[[10.0, CASE.deadline_week + 1.0], [np.nan, float(CASE.deadline_week)]])
    assert values_by_point(table, CASE, "ceasefire_by_deadline", 2).values.tolist() == [[1, 0], [0, 1]]


def test_a_run_that_failed_at_one_point_is_left_out_at_all():
    table = swept(3, 4, territory_lost_km2=np.arange(12.0).reshape(3, 4))
    whole = values_by_point(table.drop(index=5), CASE, "territory_lost_km2", 3)  # point 1, run 1
    assert whole.runs.tolist() == [0, 2, 3] and whole.values.shape == (3, 3)


def test_one_run_of_every_point_is_refused():
    with pytest.raises(UsageError, match="only 1 run of every point"):
        values_by_point(swept(3, 1), CASE, "territory_lost_km2", 3)


def test_a_table_without_points_is_refused():
    with pytest.raises(UsageError, match="not those of a sweep"):
        values_by_point(outcomes_of("hardball", 4), CASE, "territory_lost_km2", 1)


def test_an_unknown_outcome_is_answered_with_the_nearest():
    with pytest.raises(UsageError, match="did you mean 'ceasefire_by_deadline'"):
        check_outcome("ceasefire_by_dedline")


def test_a_product_without_luck_leaves_out_each_run_with_itself():
    source = np.random.default_rng(1)
    first, second = source.random((2, 5, 7))
    by_hand = [np.mean([first[k, r] * second[k, s] for r in range(7) for s in range(7) if r != s]) for k in range(5)]
    np.testing.assert_allclose(product_without_luck(first, second), by_hand)


def test_a_square_without_luck_is_on_average_that_of_the_expectation():
    source = np.random.default_rng(2)
    values = 0.5 + 3 * source.standard_normal((200_000, 4))
    assert product_without_luck(values, values).mean() == pytest.approx(0.25, abs=0.03)
    assert (values.mean(axis=1) ** 2).mean() == pytest.approx(0.25 + 9 / 4, abs=0.05)  # with luck


def test_taken_once_each_a_resample_gives_what_the_sample_gives():
    source = np.random.default_rng(3)
    first, second = source.random((2, 6, 5))
    again = resampling(6, 5, shared=True, seed=1, name="test")._replace(rows=np.ones((1, 6)), runs=np.ones((1, 5)))
    assert again.product(first, second)[0] == pytest.approx(product_without_luck(first, second).mean())
    mean = first.mean(axis=0)
    assert again.product_of_means(first)[0] == pytest.approx(product_without_luck(mean, mean))
    assert again.mean(first)[0] == pytest.approx(first.mean())


def test_a_run_that_is_drawn_twice_makes_no_pair_with_itself():
    values = np.array([[1.0, 2.0, 5.0]])
    again = resampling(1, 3, shared=True, seed=1, name="test")._replace(
        rows=np.ones((1, 1)), runs=np.array([[2.0, 1.0, 0.0]])
    )
    assert again.product(values, values)[0] == pytest.approx(1.0 * 2.0)


def test_runs_are_drawn_anew_only_where_points_share_them():
    assert (resampling(4, 5, shared=False, seed=1, name="test").runs == 1).all()
    shared = resampling(4, 2, shared=True, seed=1, name="test")
    assert (shared.runs.max(axis=1) < 2).all(), "one run alone has no pair"
    assert (shared.rows.sum(axis=1) == 4).all() and len(np.unique(shared.rows, axis=0)) > 1
