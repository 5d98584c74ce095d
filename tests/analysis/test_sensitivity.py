from __future__ import annotations

import sys

import numpy as np
import pytest

from sim.analysis.sensitivity import COLUMNS, PLACEBO, luck_between, sobol_indices, sobol_points
from sim.errors import UsageError

NAMES = ["x1", "x2", "x3", PLACEBO]

#: Of the Ishigami function with a = 7 and b = 0.1, from its variances in closed form.
_V1, _V2, _V13 = 0.5 * (1 + 0.1 * np.pi**4 / 5) ** 2, 7**2 / 8, 0.1**2 * np.pi**8 * 8 / 225
_V = _V1 + _V2 + _V13
FIRST, TOTAL = np.array([_V1, _V2, 0, 0]) / _V, np.array([_V1 + _V13, _V2, _V13, 0]) / _V


def ishigami(points: np.ndarray) -> np.ndarray:
    x = (2 * points - 1) * np.pi
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def twice(values: np.ndarray) -> np.ndarray:
    """The same value in two runs: no luck."""
    return np.repeat(values[:, None], 2, axis=1)


def test_the_table_has_the_columns_that_are_documented():
    table = sobol_indices(twice(ishigami(sobol_points(NAMES, 16))), NAMES)
    assert list(table.columns) == list(COLUMNS)
    assert table["parameter"].tolist() == NAMES
    assert table[["rows", "points", "runs"]].iloc[0].tolist() == [16, 96, 2]


def test_the_indices_of_the_ishigami_function_come_out():
    table = sobol_indices(twice(ishigami(sobol_points(NAMES, 4096))), NAMES)
    np.testing.assert_allclose(table["first_order"], FIRST, atol=0.03)
    np.testing.assert_allclose(table["total"], TOTAL, atol=0.03)
    assert table["distinguishable"].tolist() == [True, True, True, False]
    assert table["variance"].iloc[0] == pytest.approx(_V, rel=0.03)


def test_without_luck_they_are_those_of_salib():
    table = sobol_indices(twice(ishigami(sobol_points(NAMES, 64))), NAMES)
    np.testing.assert_allclose(table["first_order"], table["first_order_of_means"], atol=1e-9)
    np.testing.assert_allclose(table["total"], table["total_of_means"], atol=1e-9)
    assert table["luck_share"].iloc[0] == pytest.approx(0)


def test_luck_inflates_the_indices_of_means_and_not_those_without_it():
    points = sobol_points(NAMES, 1024)
    luck = 6 * np.random.default_rng(1).standard_normal((len(points), 8))  # of its own at every point
    table = sobol_indices(ishigami(points)[:, None] + luck, NAMES, shared=False).set_index("parameter")
    share = (36 / 8) / (_V + 36 / 8)
    assert table.loc["x1", "luck_share"] == pytest.approx(share, abs=0.03)
    assert table.loc[PLACEBO, "total_of_means"] == pytest.approx(share, abs=0.04)
    assert table.loc[PLACEBO, "total"] == pytest.approx(0, abs=0.03)
    np.testing.assert_allclose(table["total"], TOTAL, atol=0.08)
    assert table["distinguishable"].tolist() == [True, True, True, False]


def test_luck_that_all_points_share_alike_changes_nothing():
    points = sobol_points(NAMES, 64)
    luck = 50 * np.random.default_rng(1).standard_normal((1, 10))
    plain = sobol_indices(np.repeat(ishigami(points)[:, None], 10, axis=1), NAMES)
    moved = sobol_indices(ishigami(points)[:, None] + luck, NAMES)
    np.testing.assert_allclose(moved["total"], plain["total"], atol=1e-6)
    assert moved["luck_shared"].iloc[0] == pytest.approx(1) and moved["luck_share"].iloc[0] == pytest.approx(
        0, abs=1e-9
    )


def rearranged(seed: int) -> np.ndarray:
    """`much` moves the expectation; `luck` changes only which runs come out high, at points that share them."""
    points, luck = sobol_points(["much", "luck", PLACEBO], 64), np.random.default_rng(seed).standard_normal((2, 40))
    angle = 2 * np.pi * points[:, 1:2]
    return points[:, :1] + np.cos(angle) * luck[0] + np.sin(angle) * luck[1]


def test_a_parameter_that_only_decides_which_runs_have_luck_does_not_matter():
    names = ["much", "luck", PLACEBO]
    tables = [sobol_indices(rearranged(seed), names, seed=seed).set_index("parameter") for seed in range(10)]
    assert np.mean([table.loc["luck", "total_of_means"] for table in tables]) > 0.15
    assert np.mean([table.loc["luck", "total"] for table in tables]) == pytest.approx(0, abs=0.2)
    assert sum(table.loc["luck", "distinguishable"] for table in tables) <= 2


def test_the_placebo_is_exactly_zero_where_luck_is_shared():
    row = sobol_indices(rearranged(1), ["much", "luck", PLACEBO]).set_index("parameter").loc[PLACEBO]
    assert (row[["first_order", "first_order_low", "first_order_high", "total", "total_low", "total_high"]] == 0).all()
    assert not row["distinguishable"]


def test_intervals_cover_the_truth():
    points, covered = sobol_points(NAMES, 64), []
    for seed in range(40):
        # Another sample each time, moved around the cube, on other luck that depends on the point.
        points = sobol_points(NAMES, 64, seed=seed)
        luck = np.random.default_rng(seed).standard_normal((1, 12)) * (1 + points[:, :1]) * 3
        table = sobol_indices(ishigami(points)[:, None] + luck, NAMES, seed=seed)
        covered.append((table["total_low"] <= TOTAL) & (table["total_high"] >= TOTAL))
    assert np.mean(covered, axis=0)[:3].min() >= 0.85


def test_points_that_differ_by_no_more_than_luck_are_refused_in_a_sentence():
    source = np.random.default_rng(1)
    values = source.permuted(np.tile([0.0, 1.0, 2.0], (len(sobol_points(NAMES, 16)), 1)), axis=1)  # all means are 1
    with pytest.raises(UsageError, match="no more than luck with 3 runs each"):
        sobol_indices(values, NAMES, shared=False)


def test_where_points_can_hardly_be_told_from_luck_intervals_leave_all_open():
    samples = (np.random.default_rng(seed).standard_normal((16 * 6, 4)) for seed in range(50))
    luck = next(
        sample for sample in samples if luck_between(sample.reshape(16, 6, 4)[:, [0, -1]].reshape(-1, 4))[0] > 0
    )
    table = sobol_indices(luck, NAMES, shared=False)
    assert (table[["total_low", "first_order_low"]] == 0).all(axis=None)
    assert (table[["total_high", "first_order_high"]] == 1).all(axis=None)
    assert not table["distinguishable"].any()


def test_luck_is_split_into_what_points_share_and_what_they_do_not():
    source = np.random.default_rng(4)
    shared, own = 3 * source.standard_normal((1, 500)), 4 * source.standard_normal((400, 500))
    luck = luck_between(np.linspace(0, 1, 400)[:, None] + shared + own)
    assert luck.luck == pytest.approx(16 / 500, rel=0.05)
    assert luck.shared == pytest.approx(9 / 25, abs=0.05)
    assert luck.between == pytest.approx(1 / 12, rel=0.1)


@pytest.mark.parametrize("rows", [3, 48, 0, 2.0, True])
def test_a_sample_is_a_power_of_two(rows):
    with pytest.raises(UsageError, match=r"sample must be a (power of two|whole number)"):
        sobol_points(NAMES, rows)


def test_outcomes_that_are_all_the_same_are_refused_in_a_sentence():
    with pytest.raises(UsageError, match="0 in every run of every point"):
        sobol_indices(np.zeros((96, 5)), NAMES)


@pytest.mark.parametrize("shape", [(96, 1), (95, 5), (6, 5), (96,)])
def test_values_of_another_design_are_refused(shape):
    with pytest.raises(UsageError, match="Sobol indices of 4 inputs need values"):
        sobol_indices(np.random.default_rng(1).random(shape), NAMES)


def test_without_salib_it_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "SALib.sample.sobol", None)
    with pytest.raises(UsageError, match=r"pip install 'truce-sim\[analysis\]'"):
        sobol_points(NAMES, 8)
