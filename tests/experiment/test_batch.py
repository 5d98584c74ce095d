from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool

import numpy as np
import pandas as pd
import pytest

import sim
from sim.experiment import batch, run_batch, simulate
from sim.experiment.batch import Batch, run_batches
from sim.model import CeasefireModel


@pytest.fixture(scope="module")
def whole(hardball, sober):
    return run_batch([hardball, sober], 12, 3, workers=1)


def test_rows_come_by_scenario_then_by_run(whole):
    assert whole["scenario"].tolist() == ["hardball"] * 12 + ["sober"] * 12
    assert whole["run"].tolist() == [*range(12)] * 2
    assert whole.index.tolist() == [*range(24)]


@pytest.mark.parametrize("chunk", [1, 5, 12])
def test_chunks_of_any_size_give_the_same_table(whole, hardball, sober, chunk):
    pd.testing.assert_frame_equal(run_batch([hardball, sober], 12, 3, workers=1, chunk=chunk), whole)


def test_worker_processes_give_the_same_table(whole, hardball, sober):
    pd.testing.assert_frame_equal(run_batch([hardball, sober], 12, 3, workers=2, chunk=5), whole)


def test_any_executor_gives_the_same_table(whole, hardball, sober):
    with ThreadPoolExecutor(1) as executor:
        pd.testing.assert_frame_equal(run_batch([hardball, sober], 12, 3, executor=executor, chunk=5), whole)


def test_another_seed_gives_another_table(whole, hardball, sober):
    assert not run_batch([hardball, sober], 12, 4)["territory_lost_km2"].equals(whole["territory_lost_km2"])


def test_progress_counts_every_run_once(hardball, sober):
    told: list[int] = []
    run_batch([hardball, sober], 12, 3, progress=told.append, chunk=5)
    assert told == [5, 5, 2, 5, 5, 2]


def no_processes(count):
    raise AssertionError("a process was started")


def test_little_work_starts_no_process(monkeypatch, hardball):
    monkeypatch.setattr(batch, "Workers", no_processes)
    assert len(run_batch([hardball], 3, 1)) == 3


def test_actors_of_a_notebook_run_in_this_process(monkeypatch, hardball):
    class Doubting(sim.actors.Russia):  # no other process could find this class
        pass

    monkeypatch.setattr(batch, "Workers", no_processes)
    assert len(run_batch([hardball], 4, 1, workers=2, actors={"russia": Doubting}, chunk=2)) == 4


class Dying(ThreadPoolExecutor):
    """Does the first task and dies over the second."""

    def submit(self, fn, /, *args, **kwargs):
        if args[1].start == 0:
            return super().submit(fn, *args, **kwargs)
        broken: Future[object] = Future()
        broken.set_exception(BrokenProcessPool("a worker died"))
        return broken


def test_when_workers_die_the_rest_is_done_here(monkeypatch, whole, hardball, sober):
    monkeypatch.setattr(batch, "Workers", Dying)
    with pytest.warns(RuntimeWarning, match="a worker died"):
        table = run_batch([hardball, sober], 12, 3, workers=2, chunk=5)
    pd.testing.assert_frame_equal(table, whole)


def test_a_failure_in_a_chunk_cancels_the_chunks_that_wait(monkeypatch, hardball):
    started: list[int] = []

    def failing(scenario, runs, seed, actors=None, replication=0):
        started.append(runs.start)
        time.sleep(0.01)
        raise ValueError("a defect")

    monkeypatch.setattr(batch, "simulate", failing)
    with ThreadPoolExecutor(1) as executor, pytest.raises(ValueError, match="a defect"):
        run_batch([hardball], 500, 1, executor=executor, chunk=1)
    assert len(started) < 500


def test_a_chunk_is_a_part_of_the_whole(whole, hardball):
    part = simulate(hardball, range(4, 9), 3)
    pd.testing.assert_frame_equal(part.reset_index(drop=True), whole.iloc[4:9].reset_index(drop=True))


# Repeated with other luck


@pytest.fixture(scope="module")
def again(hardball, sober):
    return run_batch([hardball, sober], 12, 3, workers=1, replication=1)


@pytest.mark.parametrize(("workers", "chunk"), [(1, 1), (1, 5), (2, 5)])
def test_a_replication_too_is_the_same_for_any_workers_and_chunks(again, hardball, sober, workers, chunk):
    table = run_batch([hardball, sober], 12, 3, workers=workers, chunk=chunk, replication=1)
    pd.testing.assert_frame_equal(table, again)


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


def test_batches_share_their_workers_and_keep_their_tables(whole, again, hardball, sober):
    batches = [Batch([hardball, sober], 12), Batch([sober], 5, replication=1), Batch([], 5)]
    told: list[int] = []
    tables = run_batches(batches, 3, workers=2, progress=told.append, chunk=5)
    pd.testing.assert_frame_equal(tables[0], whole)
    expected = again[(again["scenario"] == "sober") & (again["run"] < 5)]
    pd.testing.assert_frame_equal(tables[1], expected.reset_index(drop=True))
    assert tables[2].empty
    assert sum(told) == sum(batch.scenario_runs for batch in batches) == 29


def test_a_replication_is_a_whole_number_from_0(hardball):
    with pytest.raises(sim.errors.UsageError, match="replication must be a whole number from 0"):
        CeasefireModel(hardball, replication=-1)
