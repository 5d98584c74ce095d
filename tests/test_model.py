"""The model as a whole: a plain Mesa model whose runs do not depend on how they are cut, nor on what comes later."""

from __future__ import annotations

import copy
import dataclasses
import os
import pickle
import subprocess
import sys
from pathlib import Path

import mesa
import numpy as np
import pandas as pd
import pytest

import sim
from sim.actors import EuropeanState, Russia, Ukraine, UnitedStates
from sim.errors import UsageError
from sim.parameters import OBLASTS
from sim.verification.worlds import after, event, hardball, quiet, scenario
from tests.snapshots import assert_same_state, state_of

ACTIONS = [
    event(20, "sanctions_step"), event(20, "aid_cut", 0.5), event(20, "disengage"), event(20, "re_engage"),
    event(20, "round"), event(20, "leaders_call"), event(20, "breakthrough"), event(20, "short_truce"),
    event(20, front__pace=5.0), event(20, russia__war_cost=0.5, ukraine__red_line=0.5),
]  # fmt: skip


def outcomes(what, **cut):
    return sim.CeasefireModel(what, **cut).run().outcomes()


def test_one_history_can_be_stepped_through_by_hand(capsys):
    model = sim.CeasefireModel(sim.load("hardball"), runs=1, seed=1)
    model.step()
    print(model.russia.confidence, model.table.draft)
    assert len(capsys.readouterr().out.split()) >= 5
    assert model.russia.confidence.shape == (1,)
    assert model.table.draft.shape == (1, 4)
    assert model.week == 1
    assert 0 < model.russia.confidence[0] < 1


def test_it_is_a_mesa_model_of_mesa_agents():
    model = sim.CeasefireModel(hardball(), runs=2)
    assert isinstance(model, mesa.Model)
    assert len(model.agents) == 3 + 8
    assert {type(agent) for agent in model.agents} == {Russia, Ukraine, UnitedStates, EuropeanState}
    assert all(agent.model is model for agent in model.agents)
    after(model, 2)
    assert model.steps == 2


def test_every_number_of_an_actor_has_one_entry_for_each_run():
    model = after(sim.CeasefireModel(hardball(), runs=7), 3)
    flat = ("record.terms", "front.whole", "truce._general", "truce._donbas", "truce.bands")
    for name, value in state_of(model).items():
        if name not in flat:
            assert value.shape[0] == 7, name


def test_two_equal_models_are_equal():
    pd.testing.assert_frame_equal(outcomes(hardball(), runs=50, seed=4), outcomes(hardball(), runs=50, seed=4))


def test_another_seed_is_another_history():
    one, two = outcomes(hardball(), runs=50, seed=1), outcomes(hardball(), runs=50, seed=2)
    assert (one["territory_lost_km2"] != two["territory_lost_km2"]).all()


def test_a_huge_seed_will_do():
    assert len(outcomes(scenario(weeks=3), runs=2, seed=2**100)) == 2


@pytest.mark.parametrize("first", [1, 4, 6, 9])
def test_a_chunk_of_an_ensemble_has_the_runs_of_the_whole(first):
    whole = outcomes(hardball(), runs=10)
    part = outcomes(hardball(), runs=10 - first, first_run=first)
    pd.testing.assert_frame_equal(part, whole.iloc[first:].reset_index(drop=True))


def test_a_run_alone_is_the_run_in_the_ensemble():
    """To the bit, whatever width of vectors the machine computes with."""
    whole = outcomes(hardball(), runs=64)
    for run in (0, 7, 63):
        alone = outcomes(hardball(), runs=1, first_run=run)
        pd.testing.assert_frame_equal(alone, whole.iloc[[run]].reset_index(drop=True))


def test_the_hash_seed_of_the_process_does_not_matter():
    code = (
        "import sim; t = sim.CeasefireModel(sim.load('hardball'), runs=20).run().outcomes();"
        "print(t.to_csv(float_format='%r'))"
    )

    def told(hash_seed):
        return subprocess.run(
            [sys.executable, "-c", code], env=os.environ | {"PYTHONHASHSEED": hash_seed},
            cwd=Path(__file__).parents[1], capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip

    assert told("1") == told("2")


@pytest.mark.parametrize("what", ACTIONS, ids=[f"{e.action or '+'.join(e.changes)}" for e in ACTIONS])
def test_nothing_differs_before_the_event_that_makes_the_difference(what):
    """The minimally different world, in every number of every actor and week by week."""
    base = scenario(weeks=22)
    one = sim.CeasefireModel(base, runs=60)
    other = sim.CeasefireModel(dataclasses.replace(base, events=(*base.events, what)), runs=60)
    for _ in range(20):
        after(one, 1)
        after(other, 1)
    assert_same_state(state_of(one), state_of(other))
    after(one, 1)
    after(other, 1)
    there, here = state_of(one), state_of(other)
    if what.action not in ("re_engage",):  # who has not left cannot come back
        assert any(not np.array_equal(there[name], here[name], equal_nan=True) for name in there)


def test_an_event_in_a_ceasefire_or_after_the_end_of_a_run_does_no_harm():
    late = dataclasses.replace(hardball(), events=(*hardball().events, *(dataclasses.replace(
        e, name=f"{e.name}_{week}", day=event(week).day) for e in ACTIONS for week in (60, 90))))  # fmt: skip
    table = outcomes(late, runs=60)
    assert table.notna().any(axis=None)
    assert (table["weeks_simulated"] == 104).all()


def test_the_horizon_does_not_change_what_comes_before_it():
    short, long = sim.CeasefireModel(scenario(weeks=40), runs=40), sim.CeasefireModel(scenario(weeks=90), runs=40)
    one, other = state_of(after(short, 40)), state_of(after(long, 40))
    for name in one.keys() - {"truce._general", "truce._donbas"}:
        np.testing.assert_array_equal(one[name], other[name], err_msg=name)


def test_a_parameter_that_does_not_matter_yet_changes_nothing_yet():
    """Terms of a guarantee are of no consequence before the first signature."""
    one = sim.CeasefireModel(scenario(), runs=40)
    other = sim.CeasefireModel(scenario({"truce.dissatisfaction_effect": 9.0}), runs=40)
    for _ in range(30):
        unsigned = np.isnan(one.record.weeks["signature_week"])
        after(one, 1)
        after(other, 1)
        np.testing.assert_array_equal(one.front.gap[unsigned], other.front.gap[unsigned])
        np.testing.assert_array_equal(one.table.draft[unsigned], other.table.draft[unsigned])


def test_a_further_state_changes_nobody_elses_luck():
    """Spain without aid, troops or sanctions to lift joins; every run stays as it was."""
    base = scenario({"europe.sanctions_relief": 0.0})
    spain = {"europe.spain.threat": 0.4, "europe.spain.aid_share": 0.0, "europe.spain.guarantee_share": 0.0}
    wider = dataclasses.replace(base, states=("spain", *base.states), values={**base.values, **spain})
    model = sim.CeasefireModel(wider, runs=60).run()
    assert model.europe.states[0].name == "spain"
    pd.testing.assert_frame_equal(model.outcomes(), outcomes(base, runs=60))


class Peacemaker(Russia):
    """A Russia that signs anything."""

    def accepts(self, draft):
        return np.ones(self.model.runs, dtype=bool)


class Absent(Russia):
    """A Russia that signs nothing."""

    def accepts(self, draft):
        return np.zeros(self.model.runs, dtype=bool)


class OneAnswerForAll(Russia):
    """A Russia that forgets that there are many runs."""

    def accepts(self, draft):
        return True


class AnswersByIssue(Russia):
    """A Russia that answers every issue."""

    def accepts(self, draft):
        return draft > 0.5


@pytest.mark.parametrize(("kind", "told"), [
    (OneAnswerForAll, r"OneAnswerForAll.accepts must return one true or false per run.* not bool of shape \(\)"),
    (AnswersByIssue, r"AnswersByIssue.accepts must return .* not bool of shape \(3, 4\)"),
])  # fmt: skip
def test_answers_of_a_wrong_shape_are_refused_at_once(kind, told):
    with pytest.raises(UsageError, match=told):
        sim.CeasefireModel(hardball(), runs=3, actors={"russia": kind}).step()


def test_a_subclass_takes_the_place_of_an_actor_and_its_decisions_matter():
    usual = outcomes(hardball(), runs=200)
    mild = sim.CeasefireModel(hardball(), runs=200, actors={"russia": Peacemaker})
    assert type(mild.russia) is Peacemaker
    signed = mild.run().outcomes()["signature_week"].notna()
    never = outcomes(hardball(), runs=200, actors={"russia": Absent})["signature_week"].notna()
    assert signed.mean() > usual["signature_week"].notna().mean() + 0.3
    assert not never.any()


def test_washington_and_kyiv_can_be_replaced_too():
    class Loyal(UnitedStates):
        def disengage(self, where):
            pass

    class Proud(Ukraine):
        @property
        def red_line(self):
            return np.zeros(self.model.runs)

    table = outcomes(hardball(), runs=100, actors={"united_states": Loyal, "ukraine": Proud})
    assert table["us_disengaged_week"].isna().all()
    assert (table["territory_conceded_km2"] == 0).all()


def test_one_state_or_all_states_can_be_replaced():
    class Veto(EuropeanState):
        def decide(self):
            super().decide()
            self.lobbies = np.ones(self.model.runs, dtype=bool)

    one = sim.CeasefireModel(hardball(), runs=3, actors={"hungary": Veto})
    assert [type(state) for state in one.europe.states].count(Veto) == 1
    assert one.europe.states[6].name == "hungary"
    everyone = after(sim.CeasefireModel(hardball(), runs=3, actors={"european_state": Veto}), 1)
    assert all(type(state) is Veto for state in everyone.europe.states)
    np.testing.assert_allclose(everyone.europe.lobbying, 1.0)
    mixed = sim.CeasefireModel(hardball(), runs=3, actors={"european_state": Veto, "poland": EuropeanState})
    assert [type(state) for state in mixed.europe.states].count(EuropeanState) == 1


def test_an_unknown_actor_is_refused_with_the_nearest_name():
    with pytest.raises(UsageError, match="no actor is called 'rusia'; did you mean 'russia'"):
        sim.CeasefireModel(hardball(), actors={"rusia": Russia})


def test_a_state_that_is_not_in_the_scenario_cannot_be_replaced():
    with pytest.raises(UsageError, match="hungary"):
        sim.CeasefireModel(scenario(states=("poland",)), actors={"hungary": EuropeanState})


def test_a_world_without_european_states_works():
    table = outcomes(scenario(states=()), runs=600)
    assert (table["weeks_simulated"] == 104).all()
    assert table["agreed_security"].notna().any()
    assert table["agreed_security"].dropna().min() > 0.59  # nothing better than Ukraine's limit is on offer


def test_with_all_land_taken_at_the_start_there_is_no_war():
    nothing = {f"front.{oblast}_left": 0.0 for oblast in OBLASTS}
    model = sim.CeasefireModel(scenario(nothing), runs=20)
    assert not model.at_war.any()
    table = model.run().outcomes()
    assert (table["weeks_of_war"] == 0).all()
    assert (table["rounds_held"] == 0).all()
    assert table[["ceasefire_week", "full_control_week"]].isna().all(axis=None)
    assert (table["territory_lost_km2"] == 0).all()


def test_every_number_stays_finite_through_the_harshest_world():
    harsh = {
        "front.pace_spread": 400.0, "front.breakthrough_hazard": 0.3, "front.aid_dependence": 0.9,
        "front.aid_lumpiness": 3.0, "front.new_axis_hazard": 0.3, "russia.discount_rate": 0.0,
        "ukraine.discount_rate": 1.0, "russia.learning_rate": 1.0, "united_states.pressure_fade": 1.0,
        "table.precision": 100_000.0, "truce.foresight": 1040.0,
        "truce.donbas_likeness": 1.0, "truce.dissatisfaction_effect": 50.0, "europe.precision": 1000.0,
    }  # fmt: skip
    with np.errstate(all="raise", under="ignore"):
        model = sim.CeasefireModel(scenario(harsh), runs=50).run()
    for name, value in state_of(model).items():
        if not name.startswith("record."):
            assert np.isfinite(value).all(), name


def test_an_event_that_makes_ceasefires_fragile_is_felt_at_once():
    """By those who weigh a deal, and by a ceasefire that is in force."""
    model = sim.CeasefireModel(scenario(events=[event(3, truce__donbas_likeness=1.0)], certain=True), runs=2)
    after(model, 3)
    trusted, hazard = model.russia.peace.copy(), model.truce.hazard().copy()
    after(model, 1)
    assert (model.russia.peace < trusted - 0.05).all()
    assert (model.truce.hazard() > 1.5 * hazard).all()


def test_run_stops_at_the_horizon_and_may_be_called_again():
    model = sim.CeasefireModel(scenario(weeks=9), runs=2).run()
    assert model.week == 9
    assert model.run().week == 9


def test_events_of_one_week_are_carried_out_in_their_order():
    both = [event(1, "disengage"), event(1, "re_engage")]
    model = after(quiet(events=both), 2)
    assert model.united_states.engaged.all()
    assert model.united_states.left.all()


def test_an_event_may_change_aims_weights_and_plans():
    """What a side derives from its parameters at the start is derived anew."""
    russia = event(1, russia__victory_recognition=1.0, russia__weight_recognition=0.5, russia__horizon=26.0)
    ukraine = event(1, ukraine__weight_territory=1.0, ukraine__horizon=26.0)
    model = after(quiet(events=[russia, ukraine]), 2)
    fresh = quiet({**russia.changes, **ukraine.changes})
    for side in ("russia", "ukraine"):
        changed, told = getattr(model, side), getattr(fresh, side)
        for derived in ("weights", "prize", "lengths", "discounts", "years"):
            np.testing.assert_array_equal(getattr(changed, derived), getattr(told, derived), err_msg=derived)


def test_an_event_may_set_a_parameter_of_a_state():
    model = quiet({"europe.lobbying_threshold": 0.5, "europe.precision": 1000.0}, runs=50,
                  events=[event(1, europe__hungary__threat=1.0)])  # fmt: skip
    hungary = model.europe.states[6]
    assert not after(model, 1).europe.states[6].lobbies.any()
    after(model, 1)
    assert hungary.lobbies.all()


@pytest.mark.parametrize("name", [listing.name for listing in sim.list_scenarios()])
def test_every_scenario_runs_to_its_horizon(name):
    what = sim.load(name)
    table = outcomes(what, runs=8, check=True)
    assert (table["weeks_simulated"] == what.horizon_week).all()
    assert (table["scenario"] == name).all()


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])
def test_a_copy_of_a_model_goes_on_by_itself(copied):
    model = sim.CeasefireModel(sim.load("hardball"), runs=3, seed=1)
    for _ in range(3):
        model.step()
    twin = copied(model)
    pd.testing.assert_frame_equal(twin.run().outcomes(), model.run().outcomes())
