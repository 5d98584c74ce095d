"""Parameter values: one number per run, the same quantile in every scenario."""

from __future__ import annotations

import numpy as np
import pytest

from sim.distributions import Normal, Triangular, Uniform
from sim.draws import Draws
from sim.values import Values, constant, draw_values


def drawn(laws, runs=500, seed=1, first_run=0):
    return draw_values(laws, Draws(seed, runs, first_run))


def test_a_plain_number_is_the_same_in_all_runs():
    stall = drawn({"russia.stall": 0.75})["russia"].stall
    assert stall.shape == (500,)
    assert (stall == 0.75).all()


def test_a_law_gives_each_run_its_own_number_within_the_law():
    cost = drawn({"russia.war_cost": Uniform(uniform=(0.02, 0.08))})["russia"].war_cost
    assert len(np.unique(cost)) == 500
    assert ((cost > 0.02) & (cost < 0.08)).all()
    assert cost.mean() == pytest.approx(0.05, abs=0.003)


def test_a_run_keeps_its_quantile_when_the_law_changes():
    low = drawn({"russia.war_cost": Uniform(uniform=(0.0, 0.1))})["russia"].war_cost
    high = drawn({"russia.war_cost": Uniform(uniform=(1.0, 1.2))})["russia"].war_cost
    np.testing.assert_allclose((high - 1.0) / 0.2, low / 0.1)


def test_a_parameter_keeps_its_luck_when_others_are_added_or_removed():
    law = Triangular(triangular=(0.65, 0.75, 0.85))
    alone = drawn({"russia.confidence": law})
    among = drawn({"ukraine.war_cost": Uniform(uniform=(0.1, 0.2)), "russia.confidence": law, "russia.stall": 0.5})
    np.testing.assert_array_equal(alone["russia"].confidence, among["russia"].confidence)


def test_two_parameters_do_not_share_their_luck():
    law = Uniform(uniform=(0.0, 1.0))
    values = drawn({"russia.stall": law, "russia.gesture": law}, runs=20_000)["russia"]
    assert abs(np.corrcoef(values.stall, values.gesture)[0, 1]) < 0.028


def test_a_law_stays_within_the_bounds_of_its_parameter():
    stall = drawn({"russia.stall": Normal(normal=(0.9, 0.5))}, runs=5000)["russia"].stall
    assert ((stall >= 0) & (stall <= 1)).all()
    assert len(np.unique(stall)) == 5000  # truncated, not clipped


def test_the_parameters_of_a_state_form_a_group_of_their_own():
    groups = drawn({"europe.backfill": 0.6, "europe.poland.threat": 0.9})
    assert set(groups) == {"europe", "europe.poland"}
    assert groups["europe.poland"].threat[0] == 0.9


def test_a_state_that_a_scenario_adds_may_have_laws_too():
    threat = drawn({"europe.spain.threat": Normal(normal=(0.5, 2.0))})["europe.spain"].threat
    assert ((threat >= 0) & (threat <= 1)).all()


def test_a_chunk_has_the_values_of_its_runs():
    laws = {"russia.stall": Uniform(uniform=(0.6, 0.9))}
    np.testing.assert_array_equal(
        drawn(laws, runs=10)["russia"].stall[7:], drawn(laws, runs=3, first_run=7)["russia"].stall
    )


def test_an_unknown_parameter_names_the_nearest():
    values = drawn({"russia.stall": 0.5})["russia"]
    with pytest.raises(AttributeError, match="russia has no parameter 'stal'; did you mean 'stall'"):
        _ = values.stal


def test_values_can_be_copied_and_looked_at_before_they_hold_anything():
    assert not hasattr(Values("russia"), "stall")


def test_a_constant_takes_no_memory_and_cannot_be_written_to():
    array = constant(0.3, 1000)
    assert array.strides == (0,)
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 1.0
