"""The value of war against numbers worked by hand, and what must hold for any numbers (C11)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.rules.war import war_value

PLAN = ("lengths", "discounts", "years")
QUARTERS = np.arange(13.0, 261.0, 13.0)
USUAL = {
    "shape": 1.0, "weight": 40.0, "decides": 0.9, "pace": 50.0, "land_left": 20_000.0, "tempo": 1.0, "prize": 0.5,
    "cost": 0.1, "lengths": np.array([40.0]), "discounts": np.array([0.9]), "years": np.array([0.75]),
}  # fmt: skip


def value(**changes):
    return war_value(*(USUAL | changes).values())


def best(horizon, rate=0.0, **changes):
    """Value when every whole quarter up to the horizon may be planned."""
    lengths = QUARTERS[horizon >= QUARTERS]
    years = lengths / 52 if rate == 0 else (1 - np.exp(-rate * lengths / 52)) / rate
    return value(lengths=lengths, discounts=np.exp(-rate * lengths / 52), years=years, **changes)


def test_by_hand():
    # Breakthrough: 0.9 (1 - 40/80) = 0.45. Pace: 50 * 40 / 20,000 = 0.1. Together 0.45 + 0.55 * 0.1 = 0.505.
    # 0.9 * 0.505 * 0.5 - 0.1 * 0.75 = 0.22725 - 0.075 = 0.15225
    worth, length, won = value()
    assert worth == pytest.approx(0.15225)
    assert length == 40.0
    assert won == pytest.approx(0.9 * 0.505)


def test_the_loser_of_the_same_war_by_hand():
    # 0.9 * 0.505 * (-0.5) - 0.075 = -0.30225
    assert value(prize=-0.5)[0] == pytest.approx(-0.30225)


def test_a_stronger_balance_hastens_breakthroughs():
    # Tempo 2: 0.9 (1 - 40/120) = 0.6; 0.6 + 0.4 * 0.1 = 0.64; 0.9 * 0.64 * 0.5 - 0.075 = 0.213
    assert value(tempo=2.0)[0] == pytest.approx(0.213)


def test_the_pace_cannot_take_more_than_all_nor_less_than_nothing():
    # Everything: G = 1 whatever the breakthroughs; 0.45 - 0.075 = 0.375. Retreat: 0.45 * 0.45 - 0.075 = 0.1275.
    assert value(pace=1e6)[0] == pytest.approx(0.375)
    assert value(land_left=0.0)[0] == pytest.approx(0.375)
    assert value(pace=-50.0)[0] == pytest.approx(0.1275)


def test_full_control_needs_no_pace_and_the_last_half_of_a_square_kilometre_does():
    assert value(land_left=0.0, pace=-50.0)[0] == pytest.approx(0.375)
    assert value(land_left=0.5, pace=-50.0)[0] == pytest.approx(0.1275)
    # 0.01 * 40 of 0.5 km²: 0.45 + 0.55 * 0.8 = 0.89; 0.9 * 0.89 * 0.5 - 0.075 = 0.3255
    assert value(land_left=0.5, pace=0.01)[0] == pytest.approx(0.3255)


def test_a_belief_without_breakthroughs():
    # 0.9 * 0.1 * 0.5 - 0.075 = -0.03
    assert value(shape=0.0)[0] == pytest.approx(-0.03)


def test_the_best_length_is_found_by_trying_all():
    lengths = QUARTERS
    each = [
        value(lengths=lengths[[k]], discounts=np.ones(1), years=lengths[[k]] / 52, cost=0.2)[0]
        for k in range(len(lengths))
    ]
    worth, length, won = best(260, cost=0.2)
    assert worth == max(each)
    assert length == lengths[np.argmax(each)]
    assert won == pytest.approx((worth + 0.2 * length / 52) / 0.5)  # V = G prize - cost years, undiscounted
    assert 13 < length < 260  # an interior best: gains saturate while costs pile up


@settings(derandomize=True, deadline=None, max_examples=300)
@given(
    shape=st.floats(0, 5), weight=st.floats(1, 200), decides=st.floats(0, 1), pace=st.floats(-50, 1000),
    land_left=st.sampled_from([0.0, 500.0, 20_000.0]), tempo=st.floats(0.1, 5), prize=st.floats(-1, 1),
    cost=st.floats(0, 1), rate=st.sampled_from([0.0, 0.03, 0.3]), quarters=st.integers(1, 19),
)  # fmt: skip
def test_no_length_that_is_passed_over_would_have_been_better(rate, quarters, **changes):
    """To the last bit: not every length is looked at, and none may be missed."""
    check_every_length(QUARTERS[:quarters], rate, **changes)


def check_every_length(lengths, rate, **changes):
    """Find the best of the lengths, and that it is the one found by trying each alone; return its place."""
    years = lengths / 52 if rate == 0 else (1 - np.exp(-rate * lengths / 52)) / rate
    plan = np.stack([lengths, np.exp(-rate * lengths / 52), years])
    alone = [value(**dict(zip(PLAN, plan[:, [k]], strict=True)), **changes) for k in range(len(lengths))]
    first_best = max(alone, key=lambda answer: answer[0])
    assert value(**dict(zip(PLAN, plan, strict=True)), **changes) == first_best
    return alone.index(first_best)


def test_longer_wars_are_looked_at_while_breakthroughs_become_likelier():
    # Of 20 lengths the walk begins at the 7th, 91 weeks. tau / (200 + tau) - 0.1 tau / 52 is largest at 122.5 weeks.
    assert check_every_length(QUARTERS, 0.0, shape=1.0, weight=200.0, decides=1.0, pace=0.0, prize=1.0) == 8


def test_the_loser_looks_at_the_shortest_war_too():
    # With the long wars' prize far away: 0.78 * 0.27 is lost in 13 weeks, 0.37 * 0.69 in a year, where the walk begins.
    lengths = np.array([13.0, 52.0, 53.0])
    assert check_every_length(
        lengths, 1.0, shape=5.0, weight=200.0, decides=1.0, pace=0.0, prize=-1.0, cost=0.0
    ) == 0  # fmt: skip


@settings(derandomize=True, deadline=None, max_examples=200)
@given(
    shape=st.floats(0, 5), weight=st.floats(1, 200), decides=st.floats(0, 1), pace=st.floats(-50, 500),
    tempo=st.floats(0.1, 5), prize=st.floats(-1, 1), cost=st.floats(0, 1), rate=st.sampled_from([0.0, 0.03, 0.3]),
    quarters=st.integers(1, 19), more=st.integers(1, 10),
)  # fmt: skip
def test_a_longer_horizon_never_lowers_the_value_of_war(
    shape, weight, decides, pace, tempo, prize, cost, rate, quarters, more
):
    """C11: who may plan longer may also plan shorter."""
    changes = {
        "shape": shape, "weight": weight, "decides": decides, "pace": pace, "tempo": tempo, "prize": prize,
        "cost": cost, "rate": rate,
    }  # fmt: skip
    assert best(13.0 * (quarters + more), **changes)[0] >= best(13.0 * quarters, **changes)[0]


@pytest.mark.parametrize(
    ("name", "more"), [("shape", 2.0), ("decides", 1.0), ("pace", 80.0), ("prize", 0.6), ("tempo", 2.0)]
)
def test_what_makes_war_worth_more(name, more):
    assert best(104, **{name: more})[0] > best(104)[0]


@pytest.mark.parametrize(("name", "more"), [("cost", 0.2), ("weight", 60.0), ("land_left", 30_000.0)])
def test_what_makes_war_worth_less(name, more):
    assert best(104, **{name: more})[0] < best(104)[0]


def test_a_costlier_war_is_planned_shorter():
    assert best(260, cost=0.3)[1] < best(260, cost=0.02)[1]
