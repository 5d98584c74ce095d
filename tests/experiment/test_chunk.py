"""A run that fails costs no other run, and is told with its week and reason."""

from __future__ import annotations

import dataclasses
import gc
import weakref

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.errors import TruceError, UsageError
from sim.experiment import Design, Experiment
from sim.experiment.chunk import FAILURES, Block, simulate
from tests.actors_that_fail import RUN, WEEK, Boundless, Raising, Unborn
from tests.batches import changed, outcomes_alone

BROKEN = {
    "an exception": ("russia", Raising, WEEK, "ValueError", "run seven cannot go on"),
    "no beginning": ("russia", Unborn, -1, "KeyError", "'confidence of run seven'"),
    "an infinite number": (
        "ukraine", Boundless, WEEK, "FloatingPointError", "Ukraine's reservation value is not a finite number",
    ),
}  # fmt: skip
POINTS = Design(("russia.stall",), np.array([[0.2], [0.5], [0.8]]))


@pytest.fixture(scope="module")
def single(hardball) -> Experiment:
    return Experiment.of(hardball, runs=12, seed=3)


def block_of(experiment: Experiment, runs: range, points: range = range(1), **named) -> Block:
    return Block(0, points, runs, luck=runs.start, **named)


@pytest.mark.parametrize(("name", "actor", "week", "exception", "message"), BROKEN.values(), ids=BROKEN.keys())
def test_one_run_fails_and_the_others_give_what_they_would_have_given(single, name, actor, week, exception, message):
    sound = outcomes_alone(single, 0, range(12))
    result = simulate(changed(single, actors={name: actor}).task(block_of(single, range(12))))
    expected = sound[sound["run"] != RUN].reset_index(drop=True)
    pd.testing.assert_frame_equal(result.outcomes, expected, check_exact=True)
    (failure,) = result.failures.to_dict("records")
    told = {key: failure[key] for key in FAILURES if key != "traceback"}
    assert told == {
        "scenario": "hardball", "point": 0, "run": RUN, "replication": 0, "seed": "3", "week": week,
        "exception": exception, "message": message,
    }  # fmt: skip
    assert ("in observe" in failure["traceback"] or "in __init__" in failure["traceback"]) == (actor is not Boundless)


@pytest.mark.parametrize(("name", "actor"), [case[:2] for case in BROKEN.values()], ids=BROKEN.keys())
def test_at_every_point_of_a_design_the_same_run_fails_alone(single, name, actor):
    swept = changed(single, design=POINTS)
    sound = simulate(swept.task(block_of(swept, range(5, 9), range(3))))
    result = simulate(changed(swept, actors={name: actor}).task(block_of(swept, range(5, 9), range(3))))
    assert result.failures[["point", "run"]].to_numpy().tolist() == [[0, RUN], [1, RUN], [2, RUN]]
    expected = sound.outcomes[sound.outcomes["run"] != RUN].reset_index(drop=True)
    pd.testing.assert_frame_equal(result.outcomes, expected, check_exact=True)


@pytest.mark.parametrize(("name", "actor"), [case[:2] for case in BROKEN.values()], ids=BROKEN.keys())
def test_a_block_whose_only_run_fails_has_a_table_without_rows_and_the_same_columns(single, name, actor):
    broken = changed(single, actors={name: actor}, design=POINTS)
    result = simulate(broken.task(block_of(broken, range(RUN, RUN + 1), range(3))))
    assert result.outcomes.empty and len(result.failures) == 3
    sound = simulate(changed(broken, actors={}).task(block_of(broken, range(1), range(3)))).outcomes
    assert result.outcomes.dtypes.to_dict() == sound.dtypes.to_dict()
    assert list(result.outcomes.columns) == list(sound.columns)


def test_a_run_that_fails_is_not_traced_and_the_others_are(single):
    traced = changed(single, actors={"russia": Raising}, traces=("confidence", "war"), trace_runs=(RUN, 8))
    result = simulate(traced.task(block_of(traced, range(12))))
    by_week = result.traces.groupby(["week", "variable"])["runs"].sum()
    assert set(by_week) == {11}
    assert set(result.histories["run"]) == {8}


def test_where_nothing_fails_the_table_of_failures_is_empty_but_has_its_columns(single):
    result = simulate(single.task(block_of(single, range(2))))
    assert result.failures.empty and list(result.failures.columns) == list(FAILURES)
    assert result.traces is None and result.histories is None


def test_what_the_user_got_wrong_is_no_failure_of_a_run(single):
    with pytest.raises(UsageError, match="rusia"):
        simulate(changed(single, actors={"rusia": Raising}).task(block_of(single, range(2))))

    class Misused(sim.actors.Russia):
        def observe(self):
            raise TruceError("this actor needs another scenario")

    with pytest.raises(TruceError, match="this actor needs another scenario"):
        simulate(changed(single, actors={"russia": Misused}).task(block_of(single, range(2))))


def test_too_little_memory_is_no_failure_of_a_run(single):
    class Hungry(sim.actors.Russia):
        def observe(self):
            raise MemoryError

    with pytest.raises(MemoryError):
        simulate(changed(single, actors={"russia": Hungry}).task(block_of(single, range(2))))


def test_a_seed_of_any_size_is_told(hardball):
    big = Experiment.of(hardball, runs=8, seed=2**80, actors={"russia": Raising})
    assert simulate(big.task(block_of(big, range(6, 8)))).failures["seed"].tolist() == [str(2**80)]


def test_the_first_week_in_which_a_number_is_none_is_told(single):
    class Twice(sim.actors.Ukraine):
        def assess(self):
            super().assess()
            if self.model.week in (2, 5):
                self.reservation[:] = np.nan

    result = simulate(changed(single, actors={"ukraine": Twice}).task(block_of(single, range(2))))
    assert result.failures["week"].tolist() == [2, 2]


# ---- halves


@given(
    points=st.integers(1, 6), first=st.integers(0, 5), runs=st.integers(1, 9), start=st.integers(0, 50),
    luck=st.integers(0, 2**60), independent=st.booleans(),
)  # fmt: skip
def test_halves_make_up_the_whole_and_every_run_keeps_its_luck(points, first, runs, start, luck, independent):
    block = Block(1, range(first, first + points), range(start, start + runs), 1, luck, independent)

    def met(part: Block) -> dict[tuple[int, int], int]:
        pairs = [(point, run) for point in part.points for run in part.runs]
        together = {pair: part.luck + k for k, pair in enumerate(pairs)} if independent else {}
        return together or {(point, run): part.luck + run - part.runs.start for point, run in pairs}

    if block.size == 1:
        return
    one, other = block.halves()
    assert one.size > 0 and other.size > 0
    assert met(one) | met(other) == met(block) and one.size + other.size == block.size
    assert {one.scenario, other.scenario, one.replication, other.replication} == {1}


def test_halves_of_a_task_have_the_values_of_their_points(single):
    swept = changed(single, design=POINTS)
    one, other = swept.task(block_of(swept, range(4), range(3))).halves()
    assert one.design["russia.stall"].tolist() == [0.2] and other.design["russia.stall"].tolist() == [0.5, 0.8]
    left, right = one.halves()
    assert left.design["russia.stall"].tolist() == right.design["russia.stall"].tolist() == [0.2]
    assert (left.block.runs, right.block.runs) == (range(2), range(2, 4))


def test_independent_runs_survive_a_failure_beside_them(single):
    """Halved, they still meet the luck that they would have met; the run of luck seven is at point 1."""
    apart = changed(single, design=POINTS, independent=True)
    block = dataclasses.replace(block_of(apart, range(4), range(3)), independent=True)
    sound = simulate(apart.task(block)).outcomes
    result = simulate(changed(apart, actors={"russia": Raising}).task(block))
    assert result.failures[["point", "run"]].to_numpy().tolist() == [[1, 3]]
    expected = sound[~((sound["point"] == 1) & (sound["run"] == 3))].reset_index(drop=True)
    pd.testing.assert_frame_equal(result.outcomes, expected, check_exact=True)


@pytest.mark.parametrize("actors", [{}, {"russia": Raising}], ids=["sound", "failing"])
def test_nothing_of_a_model_outlives_its_block(single, monkeypatch, actors):
    """A million runs take hundreds of blocks, and memory must not grow by any of them."""
    fronts = []
    original = sim.CeasefireModel.__init__

    def noted(model, *args, **named):
        original(model, *args, **named)
        fronts.append(weakref.ref(model.front))

    monkeypatch.setattr(sim.CeasefireModel, "__init__", noted)
    simulate(changed(single, actors=actors).task(block_of(single, range(12))))
    gc.collect()
    assert fronts and all(front() is None for front in fronts)
