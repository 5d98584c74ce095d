"""The search apart from the simulation: on objectives whose frontier is known in closed form."""

from __future__ import annotations

import numpy as np
import pytest

from sim.inquiry.search import effort_of, search

LOW, HIGH = np.array([0.0, 0.0, -2.0]), np.array([2.0, 3.0, 0.0])
RATES = np.array([0.3, 0.7, 0.1])


def greedy(positions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Chance 1 - exp(-rates . |moves|): the dearest unit is best spent on the fastest lever, then on the next."""
    return 1 - np.exp(-np.abs(positions) @ RATES), np.zeros(len(positions))


def best_chance(budget: float) -> float:
    second = min(budget, 3.0)
    first = min(max(budget - 3.0, 0.0), 2.0)
    third = min(max(budget - 5.0, 0.0), 2.0)
    return float(1 - np.exp(-(0.7 * second + 0.3 * first + 0.1 * third)))


def rounded(positions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Two levers that help only together: of a budget b, 2 b / 3 is best spent on the first, and gives 4 b^3 / 27^2."""
    return positions[:, 0] ** 2 * positions[:, 1] / 27, np.zeros(len(positions))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_frontier_of_a_sum_of_levers_is_the_known_one(seed):
    budgets = [0.0, 1.0, 3.0, 4.0, 6.0, 7.0]
    found = search(greedy, LOW, HIGH, budgets, 0.5, population=18, seed=seed)
    chances = found.archive.chance[list(found.frontier)]
    assert chances == pytest.approx([best_chance(budget) for budget in budgets], abs=0.01)
    assert (effort_of(found.archive.positions[list(found.frontier)]) <= np.array(budgets) + 1e-6).all()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_least_effort_for_a_sum_of_levers_is_the_known_one(seed):
    found = search(greedy, LOW, HIGH, [2.0, 7.0], 0.6, population=18, seed=seed)
    # all on the second lever: exp(-0.7 e) = 0.4
    assert found.archive.effort[found.least] == pytest.approx(np.log(2.5) / 0.7, rel=0.01)
    assert found.archive.chance[found.least] >= 0.6


def test_levers_that_help_only_together_are_moved_together():
    found = search(rounded, np.zeros(2), np.full(2, 3.0), [3.0, 4.0, 6.0], 4 / 27)
    assert found.archive.chance[list(found.frontier)] == pytest.approx([4 / 27, 4 * 4**3 / 27**2, 1.0], abs=0.01)
    least = found.archive.positions[found.least]
    assert least.sum() == pytest.approx(3.0, rel=0.02) and least == pytest.approx([2.0, 1.0], abs=0.3)


def test_with_one_lever_the_answer_is_that_of_bisection():
    rng = np.random.default_rng(4)
    luck = np.sort(rng.normal(1.2, 0.5, 400))

    def steps(positions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:  # share of runs that give in by then
        return np.searchsorted(luck, positions[:, 0]) / 400, np.zeros(len(positions))

    low, high = 0.0, 3.0
    while high - low > 1e-6:
        middle = (low + high) / 2
        low, high = (low, middle) if steps(np.array([[middle]]))[0][0] >= 0.3 else (middle, high)
    found = search(steps, np.zeros(1), np.array([3.0]), [3.0], 0.3)
    assert found.archive.effort[found.least] == pytest.approx(high, abs=0.01)


def test_limits_are_kept_and_cut_the_frontier():
    def limited(positions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return greedy(positions)[0], np.maximum(positions[:, 1] - 1.0, 0.0)  # no more than 1 of the fastest

    found = search(limited, LOW, HIGH, [3.0], 0.6, generations=12, population=24)
    best = found.frontier[0]
    assert found.archive.excess[best] == 0
    assert found.archive.chance[best] == pytest.approx(1 - np.exp(-(0.7 + 0.6)), abs=0.02)
    assert found.archive.excess[found.least] == 0


def test_where_nothing_suffices_there_is_no_least_effort_and_the_best_is_told():
    found = search(greedy, LOW, HIGH, [7.0], 0.99, generations=8, population=24)
    assert found.least is None
    assert found.archive.chance[found.frontier[0]] == pytest.approx(best_chance(7.0), abs=0.01)


def test_where_the_target_is_met_already_nothing_is_moved():
    found = search(lambda p: (np.full(len(p), 0.8), np.zeros(len(p))), LOW, HIGH, [1.0, 2.0], 0.5)
    assert found.archive.effort[found.least] == 0.0
    assert [found.archive.effort[place] for place in found.frontier] == [0.0, 0.0]


def test_no_trial_is_made_twice_and_the_same_seed_makes_the_same_trials():
    made: list[np.ndarray] = []

    def noted(positions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        made.append(positions)
        return greedy(positions)

    first = search(noted, LOW, HIGH, [1.0, 2.0], 0.5, seed=5)
    trials = np.concatenate(made)
    assert len(np.unique(trials, axis=0)) == len(trials) == len(first.archive.chance)
    assert np.array_equal(search(greedy, LOW, HIGH, [1.0, 2.0], 0.5, seed=5).archive.positions, trials)
    assert (trials >= LOW - 1e-9).all() and (trials <= HIGH + 1e-9).all()
