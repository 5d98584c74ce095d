"""On a Dask cluster: the same table, and what becomes of it when workers or the scheduler go."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import sim
from sim.errors import ClusterError, UsageError
from sim.experiment import Experiment, cluster
from sim.experiment.cluster import lost_cluster_told
from tests.batches import Here, bytes_of, carried_out, files_in
from tests.processes import parts_in, started, wait_for

distributed = pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def experiment(hardball) -> Experiment:
    return Experiment.of(dataclasses.replace(hardball, uncertainty=False), runs=24, seed=3)


@pytest.fixture(scope="module")
def undisturbed(experiment) -> bytes:
    return bytes_of(carried_out(experiment, chunk=24))


@pytest.fixture(scope="module")
def client() -> Iterator[distributed.Client]:
    """A cluster of two processes on this machine."""
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1") as local,
        distributed.Client(local) as client,
    ):
        yield client


@contextmanager
def once_there_are(parts: int, directory: Path, act) -> Iterator[None]:
    """Do something beside the block as soon as a batch has stored so many parts."""
    def watch() -> None:
        wait_for(lambda: len(parts_in(directory)) >= parts, 120)
        act()

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    yield
    thread.join(120)
    assert not thread.is_alive()


@pytest.mark.slow
def test_a_client_is_an_executor(experiment, undisturbed, client):
    assert bytes_of(carried_out(experiment, executor=client, chunk=8)) == undisturbed


@pytest.mark.slow
def test_a_cluster_is_found_by_its_address(experiment, undisturbed, client, tmp_path):
    address = client.scheduler.address
    results = carried_out(experiment, cluster=address, chunk=8, directory=tmp_path / "there")
    carried_out(experiment, chunk=8, directory=tmp_path / "here")
    assert bytes_of(results) == undisturbed
    assert files_in(tmp_path / "there", "manifest.json") == files_in(tmp_path / "here", "manifest.json")


@pytest.mark.slow
def test_a_worker_that_is_killed_costs_nothing(experiment, undisturbed, client, tmp_path):
    victim = next(iter(client.run(os.getpid).values()))
    with once_there_are(2, tmp_path / "mine", lambda: os.kill(victim, signal.SIGKILL)):
        results = carried_out(experiment, executor=client, chunk=2, directory=tmp_path / "mine")
    assert bytes_of(results) == undisturbed


@pytest.mark.slow
def test_a_cluster_on_this_machine(experiment, undisturbed):
    assert bytes_of(carried_out(experiment, cluster="local", chunk=8)) == undisturbed


@contextmanager
def scheduler_and_worker(directory: Path) -> Iterator[tuple[str, int]]:
    """A cluster of other programs; its address, and the number of the scheduler's process."""
    file = directory / "scheduler.json"
    options = ["--scheduler-file", str(file)]
    scheduler = ["-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
    worker = ["-m", "distributed.cli.dask_worker", "--no-dashboard", "--no-nanny", "--nthreads", "1"]
    with started([sys.executable, *scheduler, *options]) as head:
        wait_for(lambda: file.exists() and file.read_text().endswith("}"))
        with started([sys.executable, *worker, *options]):
            yield json.loads(file.read_text())["address"], head.pid


@pytest.mark.slow
@pytest.mark.parametrize("how", ["address", "client"])
def test_when_the_scheduler_is_killed_what_is_stored_is_kept(experiment, undisturbed, tmp_path, how):
    directory = tmp_path / "mine"
    with scheduler_and_worker(tmp_path) as (address, process):
        there = distributed.Client(address, timeout=30) if how == "client" else None
        try:
            where = {"executor": there} if there is not None else {"cluster": address}

            def kill() -> None:
                os.kill(process, signal.SIGKILL)

            with once_there_are(2, directory, kill), pytest.raises(ClusterError, match="the cluster was lost"):
                carried_out(experiment, directory=directory, chunk=2, **where)
        finally:
            if there is not None:
                there.close(timeout=1)
    done = len(parts_in(directory))
    assert 2 <= done < 12
    here = Here()
    results = carried_out(experiment, directory=directory, executor=here)
    assert len(here.tasks) == 12 - done and bytes_of(results) == undisturbed


# ---- without a cluster


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "carrier-pigeon://nest"])
def test_where_no_cluster_answers_nothing_is_lost(experiment, tmp_path, monkeypatch, address):
    monkeypatch.setattr(cluster, "PATIENCE", 1)
    with pytest.raises(ClusterError, match=f"no cluster answers at {address} .*; does its scheduler run") as told:
        carried_out(experiment, cluster=address, directory=tmp_path / "mine")
    assert "\n" not in str(told.value)
    assert sim.open(tmp_path / "mine").runs == 0


def test_what_is_no_address_is_refused_before_anything_is_written(experiment, tmp_path):
    with pytest.raises(UsageError, match="cluster 'my cluster' is neither 'local' nor an address such as tcp://host"):
        carried_out(experiment, cluster="my cluster", directory=tmp_path / "mine")
    assert list(tmp_path.iterdir()) == []


def test_a_failure_that_is_not_the_clusters_is_left_alone():
    with pytest.raises(ZeroDivisionError), lost_cluster_told():
        raise ZeroDivisionError
    with pytest.raises(ClusterError, match="the cluster was lost"), lost_cluster_told():
        raise distributed.comm.CommClosedError("gone")
