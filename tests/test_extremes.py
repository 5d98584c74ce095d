"""At the ends of what a scenario may say every number stays one, and what always holds still does."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sim
from sim.analysis.outcomes import STATES, state_at
from sim.experiment import Experiment
from sim.parameters import OBLASTS
from sim.verification.worlds import event, scenario
from tests.batches import carried_out as batch
from tests.extremes import COMPANIES, World, carried_out, corners, each_end, world_of, worlds

few = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@few
@given(worlds())
def test_any_valid_world_keeps_every_invariant(world):
    table = carried_out(world).outcomes()
    assert len(table) == 2 * 40 and (table["weeks_simulated"] == world.scenario.horizon_week).all()
    assert np.isfinite(table[["territory_lost_km2", "territory_conceded_km2", "losses_claimed"]]).all(axis=None)


@few
@given(worlds(points=5), st.integers(0, 4), st.integers(0, 2**64))
def test_a_run_of_any_valid_world_does_not_depend_on_its_company(world, point, seed):
    whole = carried_out(world, seed=seed).outcomes()
    alone = World(world.scenario, {name: values[[point]] for name, values in world.design.items()})
    part = carried_out(alone, seed=seed).outcomes()
    pd.testing.assert_frame_equal(part, whole[2 * point : 2 * point + 2].reset_index(drop=True))


@few
@given(worlds(points=6))
def test_a_run_of_any_valid_world_stands_in_one_state_on_each_date(world):
    """Exclusive and exhaustive; and the states agree with what was noted."""
    table = carried_out(world, runs=1).outcomes()
    table["run"] = np.arange(len(table))
    for when in ("deadline", "horizon"):
        states = state_at(table, world.scenario, when).to_numpy()
        noted = table["in_force_at_deadline" if when == "deadline" else "settlement"].to_numpy()
        assert set(states) <= set(STATES)
        np.testing.assert_array_equal(states == "ceasefire in force", noted)


def test_each_parameter_at_each_of_its_ends():
    world = world_of(40)
    model = carried_out(World(world.scenario, each_end(world.scenario)), runs=1)
    assert model.runs > 2 * len(world.scenario.parameters())


@pytest.mark.parametrize("states", COMPANIES, ids=[str(len(states)) for states in COMPANIES])
@pytest.mark.parametrize("weeks", [1, 60])
def test_none_one_and_forty_european_states(states, weeks):
    model = carried_out(world_of(weeks, states=states, points=50, seed=len(states)))
    assert len(model.europe.states) == len(states) and model.week == weeks


@pytest.mark.slow
def test_a_thousand_weeks_at_the_corners():
    model = carried_out(world_of(1000, points=20, seed=1))
    assert model.week == 1000


def test_with_all_land_held_nothing_moves_at_any_corner():
    world = world_of(30, points=50, seed=2)
    nothing = {f"front.{oblast}_left": np.zeros(50) for oblast in OBLASTS}
    table = carried_out(World(world.scenario, {**world.design, **nothing})).outcomes()
    assert (table[["weeks_of_war", "rounds_held", "territory_lost_km2"]] == 0).all(axis=None)
    assert (table["first_event"] == "none").all()


def test_a_pace_of_which_all_lasts_is_known_at_every_spread():
    """Rounding must not make a correlation of one larger than one: the rest of the variance would have no root."""
    world = world_of(3, points=5000, seed=3)
    spreads = np.random.default_rng(1).uniform(0, 1000, 5000)
    design = {**world.design, "front.pace_lasting": np.ones(5000), "front.pace_spread": spreads}
    model = carried_out(World(world.scenario, design), runs=1)
    assert (model.front.lasting <= 1).all() and np.isfinite(model.front.land_left).all()


def test_events_may_go_from_one_end_to_the_other_every_week():
    changes = [
        {"front__pace": 0.0, "front__pace_spread": 0.0, "truce__foresight": 0.0, "table__precision": 0.0},
        {"front__pace": 1000.0, "front__pace_spread": 1000.0, "truce__foresight": 1040.0, "table__precision": 1e5},
    ]
    events = [
        dataclasses.replace(event(week, **changes[week % 2]), name=f"week_{week}") for week in range(20)
    ]  # fmt: skip
    carried_out(World(scenario(weeks=30, events=events), {}), runs=50)


def test_tables_of_extreme_worlds_are_made_like_any_other():
    """Summary, comparison and spread of worlds in which hardly anything can happen, or everything at once."""
    base = scenario(weeks=1)
    held = base.vary({f"front.{oblast}_left": 0.0 for oblast in OBLASTS}, name="all_held")
    alone = dataclasses.replace(scenario(weeks=1, states=()), name="alone")
    results = batch(Experiment.of([base, held, alone], runs=6), check=True)
    assert results.failed == 0 and len(results.outcomes) == 18
    assert results.summary["ceasefire_by_deadline"].isna().sum() == 0
    assert len(results.comparison) and len(results.spread)


def test_what_is_drawn_here_is_valid_in_a_file_too():
    """A corner is refused by no check of scenarios: each of its points can be written down."""
    base = world_of(10, certain=True)
    design = corners(base.scenario, 12, seed=5)
    for point in range(12):
        varied = base.scenario.vary({name: float(values[point]) for name, values in design.items()})
        assert varied.resolve()["front.pace"] == design["front.pace"][point]
    with np.errstate(all="raise", under="ignore"):
        sim.CeasefireModel(varied, runs=3, check=True).run()
