"""Blocks tile an experiment, and its table is the same however and wherever they are carried out."""

from __future__ import annotations

import dataclasses
import threading
import time
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.errors import UsageError
from sim.experiment import Design, Experiment, batch
from sim.experiment.batch import as_executor, blocks_of, carry_out
from sim.model import CeasefireModel
from tests.batches import Here, bytes_of, carried_out, changed, outcomes_alone


@pytest.fixture(scope="module")
def whole(comparison):
    return comparison.outcomes


@pytest.fixture(scope="module")
def again(comparison):
    return comparison._tables["repeats"].table()


# ---- tiling


@settings(max_examples=60, deadline=None)
@given(
    points=st.integers(0, 7), start=st.integers(0, 9), runs=st.integers(0, 25), chunk=st.integers(1, 40),
    independent=st.booleans(),
)  # fmt: skip
def test_blocks_cover_every_run_of_every_point_once(hardball, sober, points, start, runs, chunk, independent):
    """Without points there is no design."""
    design = Design(("russia.confidence",), np.linspace(0.2, 0.6, points)[:, None]) if points else None
    scenarios = (hardball, sober)
    experiment = Experiment(scenarios, 100, 1, "hardball", design=design, independent=independent)
    blocks = list(blocks_of(experiment, range(start, start + runs), chunk=chunk))
    found = Counter(
        (block.scenario, point, run) for block in blocks for point in block.points for run in block.runs
    )
    wanted = {
        (place, point, run)
        for place in range(2) for point in range(max(points, 1)) for run in range(start, start + runs)
    }  # fmt: skip
    assert set(found) == wanted and set(found.values()) <= {1}
    assert all(block.size <= chunk for block in blocks)
    assert len({block.name for block in blocks}) == len(blocks)
    assert [block.name for block in blocks] == sorted(block.name for block in blocks)


@settings(max_examples=60, deadline=None)
@given(points=st.integers(1, 6), rounds=st.lists(st.integers(1, 9), min_size=1, max_size=3), chunk=st.integers(1, 20))
def test_independent_runs_share_their_luck_with_nobody(hardball, sober, points, rounds, chunk):
    """The run whose luck is met is another one for every scenario, point and run, and the same for any chunk."""
    design = Design(("russia.confidence",), np.linspace(0.2, 0.6, points)[:, None])
    experiment = Experiment((hardball, sober), 100, 1, "hardball", design=design, independent=True)

    def met(chunk):
        found = {}
        start = 0
        for runs in rounds:
            for block in blocks_of(experiment, range(start, start + runs), chunk=chunk):
                pairs = [(point, run) for point in block.points for run in block.runs]
                found |= {(block.scenario, *pair): block.luck + place for place, pair in enumerate(pairs)}
            start += runs
        return found

    luck = met(chunk)
    assert len(set(luck.values())) == len(luck) == 2 * points * sum(rounds)
    assert luck == met(10_000)


def test_of_certain_scenarios_nothing_is_repeated(hardball):
    certain = dataclasses.replace(hardball, name="certain", uncertainty=False)
    experiment = Experiment.of([hardball, certain], runs=8)
    assert {block.scenario for block in blocks_of(experiment, range(8), replication=1)} == {0}


# ---- the same table


def test_rows_come_by_scenario_then_by_run(whole):
    assert whole["scenario"].tolist() == ["hardball"] * 12 + ["sober"] * 12
    assert whole["run"].tolist() == [*range(12)] * 2
    assert whole.index.tolist() == [*range(24)]


@pytest.mark.parametrize("chunk", [3, 5, 12])
def test_chunks_of_any_size_give_the_same_table(comparison, experiment, chunk):
    again = carried_out(experiment, chunk=chunk)
    pd.testing.assert_frame_equal(again.outcomes, comparison.outcomes, check_exact=True)
    pd.testing.assert_frame_equal(again.summary, comparison.summary, check_exact=True)
    pd.testing.assert_frame_equal(again.comparison, comparison.comparison, check_exact=True)
    pd.testing.assert_frame_equal(again.spread, comparison.spread, check_exact=True)


def test_a_chunk_of_one_run_gives_the_same_rows(whole, experiment):
    few = carried_out(changed(experiment, runs=3), chunk=1).outcomes
    pd.testing.assert_frame_equal(few, whole[whole["run"] < 3].reset_index(drop=True), check_exact=True)


@pytest.mark.slow
def test_worker_processes_give_the_same_table(comparison, experiment):
    assert bytes_of(carried_out(experiment, workers=2)) == bytes_of(comparison)


def test_threads_give_the_same_table(comparison, experiment):
    with ThreadPoolExecutor(2) as executor:
        assert bytes_of(carried_out(experiment, executor=executor)) == bytes_of(comparison)


class Backwards(Here):
    """Holds back what it is given and carries it out from the last to the first."""

    _max_workers = 1000

    def __init__(self):
        super().__init__()
        self.waiting = []

    def submit(self, fn, /, *args, **kwargs):
        future: Future[object] = Future()
        self.waiting.append((future, fn, args))
        if len(self.waiting) == 1:
            threading.Timer(0.2, self.work).start()
        return future

    def work(self):
        while self.waiting:
            future, fn, args = self.waiting.pop()
            self.tasks.append(args[0])
            future.set_result(fn(*args))


def test_the_order_in_which_blocks_are_done_does_not_show(comparison, experiment):
    executor = Backwards()
    assert bytes_of(carried_out(experiment, executor=executor)) == bytes_of(comparison)
    first = [task.block for task in executor.tasks if not task.block.replication]
    assert first == sorted(first, key=lambda block: block.name, reverse=True)


def test_another_seed_gives_another_table(whole, experiment):
    other = carried_out(changed(experiment, seed=4)).outcomes
    assert not other["territory_lost_km2"].equals(whole["territory_lost_km2"])


def test_a_block_is_a_part_of_the_whole(whole, experiment):
    part = outcomes_alone(experiment, 0, range(4, 9))
    pd.testing.assert_frame_equal(part, whole.iloc[4:9].reset_index(drop=True), check_exact=True)


# ---- where blocks are carried out


def no_processes(count):
    raise AssertionError("a process was started")


def test_little_work_starts_no_process(monkeypatch, hardball):
    monkeypatch.setattr(batch, "Workers", no_processes)
    assert len(sim.compare(hardball, runs=3).outcomes) == 3


def test_actors_of_a_notebook_run_in_this_process(monkeypatch, hardball):
    class Doubting(sim.actors.Russia):  # no other process could find this class
        pass

    monkeypatch.setattr(batch, "Workers", no_processes)
    assert len(sim.compare(hardball, runs=4, workers=2, chunk=2, actors={"russia": Doubting}).outcomes) == 4


class Dying(ThreadPoolExecutor):
    """Does the first task and dies over the second."""

    pools = 0

    def __init__(self, count):
        type(self).pools += 1
        super().__init__(1)
        self.given = 0

    def submit(self, fn, /, *args, **kwargs):
        self.given += 1
        if self.given == 1:
            return super().submit(fn, *args, **kwargs)
        broken: Future[object] = Future()
        broken.set_exception(BrokenProcessPool("a worker died"))
        return broken


def test_when_workers_die_new_ones_go_on_and_in_the_end_this_process(monkeypatch, comparison, experiment):
    monkeypatch.setattr(batch, "Workers", Dying)
    Dying.pools = 0
    with pytest.warns(RuntimeWarning) as told:
        table = carried_out(experiment, workers=2, chunk=4)
    words = [str(warning.message) for warning in told]
    assert words[: batch.NEW_POOLS] == [
        "worker processes failed (a worker died); starting new ones",
        "worker processes failed (a worker died); starting new ones",
        "worker processes failed (a worker died); going on in this process",
    ]
    assert Dying.pools % batch.NEW_POOLS == 0
    assert bytes_of(table) == bytes_of(comparison)


def test_a_block_that_is_kept_is_not_done_again_when_workers_die(monkeypatch, experiment):
    monkeypatch.setattr(batch, "Workers", Dying)
    kept = []
    tasks = [experiment.task(block) for block in blocks_of(experiment, range(12), chunk=4)]
    with pytest.warns(RuntimeWarning):
        carry_out(tasks, lambda block, result: kept.append(block), workers=2)
    assert sorted(kept, key=lambda block: block.name) == [task.block for task in tasks]


def test_where_no_process_can_be_started_this_one_does_the_work(monkeypatch, comparison, experiment):
    def forbidden(count):
        raise NotImplementedError("no semaphores here")

    monkeypatch.setattr(batch, "Workers", forbidden)
    with pytest.warns(RuntimeWarning, match="no semaphores here"):
        assert bytes_of(carried_out(experiment, workers=2)) == bytes_of(comparison)


def test_a_defect_in_a_block_cancels_the_blocks_that_wait(monkeypatch, hardball):
    started: list[int] = []

    def failing(task):
        started.append(task.block.runs.start)
        time.sleep(0.01)
        raise MemoryError("a defect")

    monkeypatch.setattr(batch, "simulate", failing)
    monkeypatch.setattr(batch, "AHEAD", 50)  # all these wait, and would be done before the executor ends
    with ThreadPoolExecutor(1) as executor, pytest.raises(MemoryError, match="a defect"):
        sim.compare(hardball, runs=500, executor=executor, chunk=1)
    assert len(started) < 10


class Queue(Here):
    """Counts how many blocks wait at once; says that it has two workers."""

    _max_workers = 2

    def __init__(self):
        super().__init__()
        self.waiting = self.most = 0

    def submit(self, fn, /, *args, **kwargs):
        self.waiting += 1
        self.most = max(self.most, self.waiting)
        return super().submit(fn, *args, **kwargs)


def test_few_blocks_are_handed_out_ahead(experiment):
    """So that a million blocks do not lie in the memory of the cluster."""
    queue = Queue()
    tasks = [experiment.task(block) for block in blocks_of(experiment, range(5), chunk=1)]

    def keep(block, result):
        queue.waiting -= 1

    carry_out(tasks, keep, executor=queue)
    assert len(queue.tasks) == 10
    assert queue.most <= batch.AHEAD * 2


def test_what_is_no_executor_is_refused(hardball):
    with pytest.raises(UsageError, match=r"an executor is one of concurrent\.futures or like it, or a Dask client"):
        sim.compare(hardball, runs=2, executor="my cluster")
    here = Here()
    assert as_executor(here) is here


@pytest.mark.parametrize("chunk", [0, -1, 1.5, True, "8"])
def test_a_chunk_is_a_whole_number_from_1(hardball, chunk):
    with pytest.raises(UsageError, match="chunk must be a whole number from 1 upwards"):
        sim.compare(hardball, runs=2, chunk=chunk)


def test_a_chunk_too_large_for_the_memory_is_refused(hardball):
    with pytest.raises(UsageError, match="chunk must be at most 65,536, not 70,000"):
        sim.compare(hardball, runs=2, chunk=70_000)


@pytest.mark.parametrize("two", [{"workers": 2, "cluster": "local"}, {"workers": 1, "executor": Here()}])
def test_there_is_one_place_to_work_in(hardball, two):
    with pytest.raises(UsageError, match="workers, executor and cluster exclude each other"):
        sim.compare(hardball, runs=2, **two)


# ---- repeated with other luck


def test_a_replication_has_the_same_runs_and_other_outcomes(whole, again):
    assert again[["scenario", "run"]].equals(whole[["scenario", "run"]])
    assert (again["territory_lost_km2"] != whole["territory_lost_km2"]).mean() > 0.9


def test_a_replication_has_the_same_parameters_and_other_luck(hardball):
    first, second = (CeasefireModel(hardball, runs=12, seed=3, replication=replication) for replication in (0, 1))
    varied = 0
    for group, values in first.values.items():
        for key, array in vars(values)["_values"].items():
            np.testing.assert_array_equal(getattr(second.values[group], key), array)
            varied += len(set(array)) > 1
    assert varied > 30
    assert not (first.front.momentum == second.front.momentum).any()


def test_a_replication_is_a_whole_number_from_0(hardball):
    with pytest.raises(UsageError, match="replication must be a whole number from 0"):
        CeasefireModel(hardball, replication=-1)


def test_runs_and_their_repetitions_share_the_workers(monkeypatch, experiment):
    """What is repeated is not waited for: one pool of processes does both."""
    pools = []

    class Counted(ThreadPoolExecutor):
        def __init__(self, count):
            pools.append(count)
            super().__init__(count)

    monkeypatch.setattr(batch, "Workers", Counted)
    carried_out(experiment, workers=2)
    assert pools == [2]
