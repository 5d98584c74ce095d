"""Fearon's (1995) bargaining range and what follows when beliefs differ, reached through the whole model."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from sim.rules.bargaining import BOTH, NOBODY, zone_of_agreement
from sim.verification.worlds import ONE_ISSUE, after, everywhere, quiet


def contest(p_russia, p_ukraine, cost_russia, cost_ukraine, **changes):
    """One week of a war over one issue; p_ukraine is Ukraine's own chance of winning it. All states have pledged."""
    model = quiet(
        {
            "russia.optimism": p_russia, "ukraine.optimism": 1 - p_ukraine,
            "russia.war_cost": cost_russia, "ukraine.war_cost": cost_ukraine, "table.bargaining_power": 0.5,
            "europe.reconsideration": 0.0, **changes,
        },
        base=ONE_ISSUE,
    )  # fmt: skip
    for state in model.europe.states:
        state.pledged = everywhere(model)
    return after(model, 1)


def test_the_range_is_from_p_less_one_cost_to_p_plus_the_other():
    """p = 0.6, costs 0.1 and 0.2: Russia signs from 0.5 up, Ukraine to 0.8."""
    model = contest(0.6, 0.4, 0.1, 0.2)
    assert model.russia.reservation == pytest.approx(0.5)
    assert -model.ukraine.reservation == pytest.approx(0.8)
    assert model.table.blocker == NOBODY


def test_only_splits_within_the_range_are_acceptable():
    model = contest(0.6, 0.4, 0.1, 0.2)
    splits = np.linspace(0, 1, 1001)
    one = np.ones((1001, 1))
    blocker, _, _ = zone_of_agreement(
        one, one, splits[:, None], splits[:, None], model.russia.reservation, model.ukraine.reservation
    )
    acceptable = splits[blocker == NOBODY]
    assert (acceptable[0], acceptable[-1]) == pytest.approx((0.5, 0.8))
    assert len(acceptable) == 301  # without a gap


def test_the_symmetric_draft_lies_in_the_middle():
    assert contest(0.6, 0.4, 0.1, 0.2).table.draft[0, 0] == pytest.approx(0.65)


@pytest.mark.parametrize("power", [0.05, 0.25, 0.8])
def test_power_divides_the_range(power):
    model = contest(0.6, 0.4, 0.1, 0.2, **{"table.bargaining_power": power})
    assert model.table.draft[0, 0] == pytest.approx(0.5 + 0.3 * power)


BELIEFS = [0.55, 0.6, 0.7, 0.8, 0.9, 1.0]
COSTS = [0.0, 0.05, 0.2]


@pytest.mark.parametrize(("p_russia", "p_ukraine"), list(itertools.product(BELIEFS, BELIEFS)))
def test_no_deal_exists_if_and_only_if_optimism_exceeds_the_costs_of_war(p_russia, p_ukraine):
    """Blainey and Wittman: the zone is empty iff p_A + p_B > 1 + c_A + c_B."""
    for cost_russia, cost_ukraine in itertools.product(COSTS, COSTS):
        excess = p_russia + p_ukraine - 1 - cost_russia - cost_ukraine
        if abs(excess) < 1e-9:
            continue  # a single point: rounding decides
        model = contest(p_russia, p_ukraine, cost_russia, cost_ukraine)
        assert (model.table.blocker != NOBODY) == (excess > 0), (cost_russia, cost_ukraine)
        if excess > 0:
            assert model.table.blocker == BOTH
            assert model.table.russian_gap == pytest.approx(excess)
            assert model.table.ukrainian_gap == pytest.approx(excess)


@pytest.mark.parametrize("chance", [0.1, 0.3, 0.75, 1.0])
def test_no_free_lunch(chance):
    """Without costs of war, with common beliefs and no box, peace and war are worth the same to both."""
    both = {
        f"{side}.weight_{issue}": weight
        for side in ("russia", "ukraine")
        for issue, weight in {"territory": 0.4, "sanctions": 0.1, "security": 0.35, "recognition": 0.15}.items()
    }
    victory = {f"russia.victory_{issue}": 1.0 for issue in ("territory", "sanctions", "security", "recognition")}
    no_box = {
        "united_states.sanctions_relief": 1.0, "ukraine.security_limit": 1.0, "table.recognition_limit": 1.0
    }  # fmt: skip
    model = contest(chance, 1 - chance, 0.0, 0.0, **both, **victory, **no_box)
    np.testing.assert_allclose(model.table.high, 1.0)
    np.testing.assert_allclose(model.table.low, 0.0, atol=1e-12)
    assert model.russia.war_value == pytest.approx(chance)
    surplus = -(model.russia.war_value + model.ukraine.war_value)  # a deal divides a sum of zero
    assert surplus == pytest.approx(0.0, abs=1e-12)
    assert model.table.blocker == NOBODY
    assert model.russia.utility(model.table.draft) == pytest.approx(model.russia.war_value)
    assert model.ukraine.utility(model.table.draft) == pytest.approx(model.ukraine.war_value)


def test_any_cost_of_war_is_a_surplus_of_peace():
    model = contest(0.3, 0.7, 0.04, 0.06)
    assert -(model.russia.war_value + model.ukraine.war_value) == pytest.approx(0.1)
