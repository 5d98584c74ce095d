"""Who could sign what: the exact rules against linear programming and against games worked by hand.

That no point of a fine grid beats the draft is checked in ``sim.verification.nash``.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

from sim.rules.bargaining import BOTH, NOBODY, RUSSIA, UKRAINE, nash_draft, zone_of_agreement

CASES = [(issues, seed) for issues in (2, 3, 4) for seed in range(25)]


def game(issues, seed):
    """Random weights (some zero), box (some issues closed), disagreement point and power."""
    rng = np.random.default_rng([issues, seed])
    weights = rng.dirichlet(np.ones(issues), 2)
    if seed % 3 == 0:
        weights[rng.integers(2), rng.integers(issues)] = 0.0
    low, high = np.sort(rng.random((2, issues)), axis=0)
    if seed % 5 == 0:
        low[0] = high[0]
    if seed % 7 == 0:
        low[:], high[:] = 0.0, 1.0
    russian, ukrainian = weights
    worst, best = russian @ low, russian @ high
    russian_reservation = worst + rng.uniform(-0.3, 1.3) * (best - worst)
    worst, best = -ukrainian @ high, -ukrainian @ low
    ukrainian_reservation = worst + rng.uniform(-0.3, 1.3) * (best - worst)
    return russian, ukrainian, low, high, russian_reservation, ukrainian_reservation, rng.uniform(0.05, 0.95)


def most(objective, limit, at_least, low, high):
    """Largest objective @ x in the box with limit @ x >= at_least; None if there is no such x."""
    found = linprog(-objective, A_ub=[-limit], b_ub=[-at_least], bounds=list(zip(low, high, strict=True)))
    return -found.fun if found.success else None


@pytest.mark.parametrize(("issues", "seed"), CASES)
def test_zone_and_gaps_agree_with_linear_programming(issues, seed):
    russian, ukrainian, low, high, d_russia, d_ukraine, _ = game(issues, seed)
    blocker, russian_gap, ukrainian_gap = zone_of_agreement(russian, ukrainian, low, high, d_russia, d_ukraine)
    top = most(russian, -ukrainian, d_ukraine, low, high)  # Russia's best that Ukraine would sign
    other = most(-ukrainian, russian, d_russia, low, high)  # Ukraine's best that Russia would sign
    assert (blocker == NOBODY) == (top is not None and top >= d_russia - 1e-12)
    if blocker == NOBODY:
        assert russian_gap == ukrainian_gap == 0.0
    elif blocker == BOTH and top is not None and other is not None:
        assert russian_gap == pytest.approx(d_russia - top, abs=1e-7)
        assert ukrainian_gap == pytest.approx(d_ukraine - other, abs=1e-7)
    else:
        assert (blocker in (RUSSIA, BOTH)) == (other is None)
        assert (blocker in (UKRAINE, BOTH)) == (top is None)


def moves(russian, ukrainian, draft, low, high):
    """Points of the box near a draft: more or less of one issue, or one traded for another at no cost to Ukraine."""
    steps = [sign * step * unit for unit in np.eye(len(draft)) for sign in (-1, 1) for step in (1e-3, 0.01, 0.1)]
    costly = [unit / weight for unit, weight in zip(np.eye(len(draft)), ukrainian, strict=True) if weight > 0]
    steps += [step * (one - other) for one in costly for other in costly for step in (1e-3, 0.01)]
    points = draft + np.array(steps)
    return points[((points >= low) & (points <= high)).all(axis=1)]


@pytest.mark.parametrize(("issues", "seed"), CASES)
def test_no_other_point_is_a_better_draft(issues, seed):
    russian, ukrainian, low, high, d_russia, d_ukraine, power = game(issues, seed)
    draft = nash_draft(russian, ukrainian, low, high, d_russia, d_ukraine, power)
    assert ((draft >= low) & (draft <= high + 1e-12)).all()
    top = most(russian, -ukrainian, d_ukraine, low, high)
    if top is not None and top >= d_russia:  # a concave objective: no better neighbour, no better point

        def worth(points):
            gain, spared = points @ russian - d_russia, points @ -ukrainian - d_ukraine
            return np.maximum(gain, 0) ** power * np.maximum(spared, 0) ** (1 - power) * ((gain >= 0) & (spared >= 0))

        assert (worth(moves(russian, ukrainian, draft, low, high)) <= worth(draft) + 1e-9).all()
    elif top is not None:  # the shortfall is split, at the least cost to Ukraine
        split = np.clip((1 - power) * top + power * d_russia, russian @ low, russian @ high)
        assert russian @ draft == pytest.approx(split, abs=1e-7)
        least = most(-ukrainian, russian, russian @ draft - 1e-9, low, high)
        assert -ukrainian @ draft == pytest.approx(least, abs=1e-6)


def test_the_random_games_are_of_every_kind():
    """The comparison above is worth little if one kind hardly came up."""
    kinds = [int(zone_of_agreement(*game(*case)[:6])[0]) for case in CASES]
    assert min(kinds.count(kind) for kind in (NOBODY, RUSSIA, UKRAINE, BOTH)) >= 5


# A game to work by hand: territory matters more to Ukraine, security more to Russia.
RUSSIAN, UKRAINIAN = np.array([0.4, 0.6]), np.array([0.6, 0.4])
CLOSED, OPEN = np.zeros(2), np.ones(2)


def zone(russia, ukraine, low=CLOSED, high=OPEN):
    found = zone_of_agreement(RUSSIAN, UKRAINIAN, low, high, russia, ukraine)
    return int(found[0]), float(found[1]), float(found[2])


def test_security_is_traded_first():
    # Ukraine at -0.5: all of security costs 0.4, then a sixth of territory 0.1; Russia gets 0.6 + 0.4/6 = 2/3.
    assert zone(2 / 3 - 0.001, -0.5)[0] == NOBODY
    who, russian_gap, _ = zone(0.7, -0.5)
    assert who == BOTH
    assert russian_gap == pytest.approx(0.7 - 2 / 3)


def test_russia_blocks_if_nothing_on_offer_is_enough_for_it():
    # The whole box gives Russia 0.4 * 0.2 + 0.6 = 0.68; Ukraine would take any of it.
    who, russian_gap, ukrainian_gap = zone(0.8, -1.0, high=np.array([0.2, 1.0]))
    assert (who, ukrainian_gap) == (RUSSIA, 0.0)
    assert russian_gap == pytest.approx(0.12)


def test_ukraine_blocks_if_the_least_that_is_on_offer_is_too_much():
    # Without a guarantee security is at 0.7 at least: Ukraine loses 0.4 * 0.7 = 0.28 whatever else is agreed.
    who, russian_gap, ukrainian_gap = zone(0.1, -0.2, low=np.array([0.0, 0.7]))
    assert (who, russian_gap) == (UKRAINE, 0.0)
    assert ukrainian_gap == pytest.approx(0.08)


def test_both_block_if_neither_could_be_satisfied():
    # Box: Russia gets at most 0.6, wants 0.7; Ukraine loses at least 0.28, would lose 0.2.
    who, russian_gap, ukrainian_gap = zone(0.7, -0.2, low=np.array([0.0, 0.7]), high=np.array([0.0, 1.0]))
    assert who == BOTH
    assert russian_gap == pytest.approx(0.1)
    assert ukrainian_gap == pytest.approx(0.08)


def test_both_block_if_each_could_be_satisfied_but_not_together():
    # Russia wants 0.8 = security and half the territory: Ukraine at -0.7. Ukraine gives 0.5: Russia at 2/3.
    who, russian_gap, ukrainian_gap = zone(0.8, -0.5)
    assert who == BOTH
    assert russian_gap == pytest.approx(0.8 - 2 / 3)
    assert ukrainian_gap == pytest.approx(0.2)


def test_a_zone_of_a_single_point_is_a_zone():
    assert zone(2 / 3, -0.5)[0] == NOBODY
    assert zone(1.0, -1.0)[0] == NOBODY
    assert zone(0.0, 0.0)[0] == NOBODY


def test_draft_by_hand():
    # Even power, war worth nothing to Russia and -1 to Ukraine. On the security segment u_U = -(2/3) u_R: target
    # (0 + 1 / (2/3)) / 2 = 0.75 lies beyond 0.6. On territory u_U = -0.4 - 1.5 (u_R - 0.6): target
    # (0.6 + 0.6 / 1.5) / 2 = 0.5 lies before 0.6. So it is the kink.
    np.testing.assert_allclose(nash_draft(RUSSIAN, UKRAINIAN, CLOSED, OPEN, 0.0, -1.0, 0.5), [0.0, 1.0])
    # At power 0.9 on territory: 0.9 (0.6 + 0.4) = 0.9, so 0.3 / 0.4 of the territory.
    np.testing.assert_allclose(nash_draft(RUSSIAN, UKRAINIAN, CLOSED, OPEN, 0.0, -1.0, 0.9), [0.75, 1.0])
    # At power 0.2 on security: 0.2 * 1.5 = 0.3, half of security.
    np.testing.assert_allclose(nash_draft(RUSSIAN, UKRAINIAN, CLOSED, OPEN, 0.0, -1.0, 0.2), [0.0, 0.5])


def test_without_a_zone_the_stronger_side_bears_the_smaller_part_of_the_shortfall():
    # Ukraine gives at most 2/3; Russia wants 0.8. Power 0.75: 0.25 * 2/3 + 0.75 * 0.8 = 0.766667.
    drafts = [nash_draft(RUSSIAN, UKRAINIAN, CLOSED, OPEN, 0.8, -0.5, power) for power in (0.25, 0.75)]
    short = [0.8 - RUSSIAN @ draft for draft in drafts]
    assert short[1] == pytest.approx(0.8 - 0.766667, abs=1e-6)
    assert short[1] == pytest.approx(short[0] / 3)


def test_draft_is_continuous_where_the_zone_closes():
    just = nash_draft(RUSSIAN, UKRAINIAN, CLOSED, OPEN, 2 / 3 - 1e-9, -0.5, 0.4)
    not_quite = nash_draft(RUSSIAN, UKRAINIAN, CLOSED, OPEN, 2 / 3 + 1e-9, -0.5, 0.4)
    np.testing.assert_allclose(just, not_quite, atol=1e-6)


@pytest.mark.parametrize("place", range(3))
def test_an_issue_that_matters_to_nobody_changes_nothing(place):
    russian, ukrainian = np.array([0.2, 0.8]), np.array([0.5, 0.5])
    plain = nash_draft(russian, ukrainian, CLOSED, OPEN, 0.0, -0.5, 0.5)
    with_it = nash_draft(
        np.insert(russian, place, 0.0), np.insert(ukrainian, place, 0.0), np.zeros(3), np.ones(3), 0.0, -0.5, 0.5
    )
    np.testing.assert_allclose(np.delete(with_it, place), plain)
    found = zone_of_agreement(
        np.insert(russian, place, 0.0), np.insert(ukrainian, place, 0.0), np.zeros(3), np.ones(3), 0.75, -0.5
    )
    assert int(found[0]) == NOBODY  # the second issue alone gives Russia 0.8 at a loss of 0.5


def test_what_costs_ukraine_nothing_is_given_and_what_gains_russia_nothing_is_not():
    draft = nash_draft(np.array([0.5, 0.0, 0.5]), np.array([0.0, 0.5, 0.5]), np.zeros(3), np.ones(3), 0.0, -1.0, 0.5)
    np.testing.assert_allclose(draft[:2], [1.0, 0.0])


def test_runs_do_not_mix():
    games = [game(4, seed) for seed in range(8)]
    stacked = [np.array(column) for column in zip(*games, strict=True)]
    together = nash_draft(*stacked)
    blockers = zone_of_agreement(*stacked[:6])[0]
    for run, one in enumerate(games):
        np.testing.assert_array_equal(together[run], nash_draft(*one))
        assert blockers[run] == zone_of_agreement(*one[:6])[0]
