from __future__ import annotations

import sys

import numpy as np
import pytest

from sim.analysis.screening import COLUMNS, elementary_effects, morris_points, quantiles_of
from sim.analysis.sensitivity import PLACEBO
from sim.errors import UsageError

NAMES = ["line", "bend", "none", PLACEBO]


def outcome(quantiles: np.ndarray) -> np.ndarray:
    return 4 * quantiles[:, 0] + 10 * np.abs(quantiles[:, 1] - 0.5) * np.sign(quantiles[:, 0] - 0.5)


def test_levels_are_the_middles_of_equally_likely_quarters():
    levels = morris_points(NAMES, 8)
    assert levels.shape == (8 * 5, 4)
    assert set(np.unique(quantiles_of(levels))) == {0.125, 0.375, 0.625, 0.875}


def test_on_a_path_every_input_moves_once_by_half_of_its_law():
    moves = np.diff(quantiles_of(morris_points(NAMES, 8)).reshape(8, 5, 4), axis=1)
    assert (np.abs(moves).sum(axis=1) == 0.5).all() and (np.count_nonzero(moves, axis=2) == 1).all()


def test_effects_are_changes_of_the_outcome_as_a_parameter_rises():
    levels = morris_points(NAMES, 20)
    values = np.repeat(4 * quantiles_of(levels)[:, :1], 3, axis=1)
    table = elementary_effects(levels, values, NAMES).set_index("parameter")
    assert list(table.reset_index().columns) == list(COLUMNS)
    assert table.loc["line", "mean_effect"] == pytest.approx(2) == table.loc["line", "absolute_effect"]
    assert table.loc["line", "spread"] == pytest.approx(0, abs=1e-9)
    assert table["distinguishable"].tolist() == [True, False, False, False]


def test_effects_are_those_of_a_calculation_by_hand_on_every_path():
    levels = morris_points(NAMES, 12, seed=5)
    values = np.repeat(outcome(quantiles_of(levels))[:, None], 2, axis=1)
    effects = {name: [] for name in NAMES}
    for path, found in zip(levels.reshape(12, 5, 4), values[:, 0].reshape(12, 5), strict=True):
        for k in range(4):
            (moved,) = np.flatnonzero(path[k + 1] != path[k])
            effects[NAMES[moved]].append((found[k + 1] - found[k]) * np.sign(path[k + 1, moved] - path[k, moved]))
    table = elementary_effects(levels, values, NAMES).set_index("parameter")
    for name, changes in effects.items():
        assert table.loc[name, "mean_effect"] == pytest.approx(np.mean(changes), abs=1e-9)
        assert table.loc[name, "absolute_effect"] == pytest.approx(np.mean(np.abs(changes)), abs=1e-9)
        assert table.loc[name, "spread"] == pytest.approx(np.std(changes, ddof=1), abs=1e-9)


def test_a_parameter_whose_effects_cancel_is_found_by_their_size():
    levels = morris_points(NAMES, 40)
    values = np.repeat(outcome(quantiles_of(levels))[:, None], 5, axis=1)
    row = elementary_effects(levels, values, NAMES).set_index("parameter").loc["bend"]
    assert row["absolute_effect"] > 3 * abs(row["mean_effect"]) and row["distinguishable"]


def test_luck_alone_shows_the_effect_that_is_said():
    levels = morris_points(NAMES, 400)
    luck = np.random.default_rng(1).standard_normal((len(levels), 10))
    row = elementary_effects(levels, luck, NAMES, shared=False).set_index("parameter").loc["none"]
    assert row["absolute_effect"] == pytest.approx(np.sqrt(2 / np.pi) * np.sqrt(2 / 10), rel=0.1)
    assert row["luck_alone"] == pytest.approx(row["absolute_effect"], rel=0.1)


def test_of_what_does_not_matter_hardly_anything_is_called_distinguishable():
    levels, called = morris_points(NAMES, 20), 0
    for seed in range(25):
        luck = np.random.default_rng(seed).standard_normal((len(levels), 10))
        table = elementary_effects(
            levels, outcome(quantiles_of(levels))[:, None] + luck, NAMES, shared=False, seed=seed
        )
        called += int(table["distinguishable"][2])
    assert called <= 5


@pytest.mark.parametrize("shape", [(40, 1), (39, 5), (40,)])
def test_values_of_another_design_are_refused(shape):
    with pytest.raises(UsageError, match="effects of 4 inputs need"):
        elementary_effects(morris_points(NAMES, 8), np.random.default_rng(1).random(shape), NAMES)


def test_outcomes_that_are_all_the_same_are_refused_in_a_sentence():
    with pytest.raises(UsageError, match="1 in every run of every point"):
        elementary_effects(morris_points(NAMES, 8), np.ones((40, 5)), NAMES)


def test_without_salib_it_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "SALib.sample.morris", None)
    with pytest.raises(UsageError, match=r"pip install 'truce-sim\[analysis\]'"):
        morris_points(NAMES, 8)
