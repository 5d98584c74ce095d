"""The draft is Nash's solution: it satisfies his axioms, in games the search makes up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from sim.rules.bargaining import nash_draft

unit = st.floats(0.02, 1.0)


@st.composite
def games(draw):
    """Weights, box, disagreement point with a zone, power."""
    issues = draw(st.integers(1, 4))

    def vector(numbers):
        return np.array(draw(st.lists(numbers, min_size=issues, max_size=issues)))

    russian, ukrainian, one, two = vector(unit), vector(unit), vector(unit), vector(unit)
    low, high = np.minimum(one, two), np.maximum(one, two)
    deal = low + vector(st.floats(0, 1)) * (high - low)  # both prefer it to war, so there is a zone
    slack = st.floats(0.001, 1)
    return (
        russian, ukrainian, low, high, russian @ deal - draw(slack), -ukrainian @ deal - draw(slack),
        draw(st.floats(0.05, 0.95)),
    )  # fmt: skip


def utilities(game, draft):
    return np.array([game[0] @ draft, -game[1] @ draft])


axiom = settings(derandomize=True, deadline=None, max_examples=150)


@axiom
@given(game=games())
def test_both_sides_get_at_least_what_war_is_worth(game):
    assert (utilities(game, nash_draft(*game)) >= np.array(game[4:6]) - 1e-9).all()


@axiom
@given(game=games())
def test_pareto_efficiency(game):
    russian, ukrainian, low, high = game[:4]
    gain, other = utilities(game, nash_draft(*game))
    best = linprog(-russian, A_ub=[ukrainian], b_ub=[-other + 1e-12], bounds=list(zip(low, high, strict=True)))
    assert -best.fun == pytest.approx(gain, abs=1e-7)


@axiom
@given(game=games(), scale=st.tuples(st.floats(0.1, 10), st.floats(0.1, 10)))
def test_scale_invariance(game, scale):
    """Utilities have no natural unit: measuring them in another one changes no deal."""
    russian, ukrainian, low, high, d_russia, d_ukraine, power = game
    other = (russian * scale[0], ukrainian * scale[1], low, high, d_russia * scale[0], d_ukraine * scale[1], power)
    np.testing.assert_allclose(utilities(game, nash_draft(*other)), utilities(game, nash_draft(*game)), atol=1e-7)


@axiom
@given(game=games())
def test_symmetry(game):
    """Seen from the other side, with the power of the other side, it is the same deal."""
    russian, ukrainian, low, high, d_russia, d_ukraine, power = game
    # Turn each issue round, x -> 1 - x; utilities shift by the sums of the weights.
    mirrored = (
        ukrainian, russian, 1 - high, 1 - low, d_ukraine + ukrainian.sum(), d_russia - russian.sum(), 1 - power
    )  # fmt: skip
    np.testing.assert_allclose(
        utilities(game, 1 - nash_draft(*mirrored)), utilities(game, nash_draft(*game)), atol=1e-7
    )


@axiom
@given(game=games(), cut=st.floats(0, 1))
def test_independence_of_irrelevant_alternatives(game, cut):
    """Taking off the table what was not chosen changes nothing."""
    russian, ukrainian, low, high, *rest = game
    draft = nash_draft(*game)
    smaller = (russian, ukrainian, low + cut * (draft - low), high - cut * (high - draft), *rest)
    np.testing.assert_allclose(utilities(game, nash_draft(*smaller)), utilities(game, draft), atol=1e-7)


@axiom
@given(game=games(), more=st.floats(0, 0.05))
def test_power_never_harms_its_holder(game, more):
    stronger = (*game[:6], min(game[6] + more, 0.95))
    assert utilities(game, nash_draft(*stronger))[0] >= utilities(game, nash_draft(*game))[0] - 1e-9


def test_a_symmetric_game_is_split_in_the_middle():
    draft = nash_draft(np.array([0.5, 0.5]), np.array([0.5, 0.5]), np.zeros(2), np.ones(2), 0.0, -1.0, 0.5)
    assert np.array([0.5, 0.5]) @ draft == pytest.approx(0.5)
