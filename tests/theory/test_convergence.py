"""Fighting teaches (Slantchev 2003): without breakthroughs the zone opens in a week known in closed form."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.verification.worlds import ONE_ISSUE, after, quiet

PRIOR, DECIDES, PLAN, COST = 40.0, 0.9, 13.0, 0.1
WEEKS = 104

#: One planned length of war and a front that does not move: Russia's only hope is a breakthrough that never comes.
STANDSTILL = {
    "front.pace": 0.0, "russia.horizon": PLAN, "russia.war_cost": COST, "ukraine.war_cost": 2.0,
    "russia.prior_weight": PRIOR, "russia.breakthrough_decides": DECIDES, "ukraine.red_line_growth": 0.0,
}  # fmt: skip


def opening(confidence, rate, on_offer):
    """Week in which Russia's war value first falls to what Ukraine would give.

    V(b) = q (1 - (b / (b + 13))^a) - c / 4 with b = 40 + l (t + 1) in week t, because it observes before it talks.
    """
    shape = math.log(1 - confidence / DECIDES) / math.log(PRIOR / (PRIOR + 32))
    chance = (on_offer + COST / 4) / DECIDES
    weight = PLAN / ((1 - chance) ** (-1 / shape) - 1)
    return math.ceil((weight - PRIOR) / rate) - 1


@pytest.mark.parametrize("on_offer", [0.33, 0.36])
@pytest.mark.parametrize("rate", [1.0, 0.5, 0.73])
@pytest.mark.parametrize("confidence", [0.65, 0.75])
def test_the_zone_opens_in_exactly_the_week_that_theory_says(confidence, rate, on_offer):
    expected = opening(confidence, rate, on_offer)
    assert 0 < expected < WEEKS
    model = quiet(
        STANDSTILL | {"russia.confidence": confidence, "russia.learning_rate": rate, "ukraine.red_line": on_offer},
        base=ONE_ISSUE, weeks=WEEKS,
    )  # fmt: skip
    zones = np.array([bool(after(model, 1).table.zone[0]) for _ in range(WEEKS)])
    assert not zones[:expected].any()
    assert zones[expected:].all()


def test_who_learns_half_as_fast_takes_twice_as_long():
    assert opening(0.75, 0.5, 0.35) == pytest.approx(2 * opening(0.75, 1.0, 0.35), abs=2)


def test_who_does_not_learn_never_comes_round():
    model = quiet(
        STANDSTILL | {"russia.confidence": 0.75, "russia.learning_rate": 0.0, "ukraine.red_line": 0.35},
        base=ONE_ISSUE, weeks=WEEKS,
    )  # fmt: skip
    assert not any(after(model, 1).table.zone[0] for _ in range(WEEKS))
