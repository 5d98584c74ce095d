"""Many runs of many scenarios, cut into chunks and carried out on any executor.

A run depends on its scenario, the seed and its own number alone, so the table is the same for any
number of workers and any size of chunk.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, as_completed
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from sim.experiment.workers import Workers, available_cores, may_start_processes

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario

    Task = tuple[Scenario, range, int, Mapping[str, type] | None, int]

#: Most runs that advance together: large enough for compiled rules, small enough for caches and progress.
CHUNK = 1024

#: Scenario-runs from which worker processes save more time than they cost: each imports for some two
#: seconds before its first run, the time of about 8,000 runs.
WORTH_PROCESSES = 20_000


class Batch(NamedTuple):
    """Runs 0 to ``runs - 1`` of each scenario; from ``replication`` 1 on the same runs with other luck."""

    scenarios: Sequence[Scenario]
    runs: int
    replication: int = 0

    @property
    def scenario_runs(self) -> int:
        """Runs of all scenarios together."""
        return self.runs * len(self.scenarios)


def simulate(
    scenario: Scenario, runs: range, seed: int, actors: Mapping[str, type] | None = None, replication: int = 0
) -> pd.DataFrame:
    """Carry out one chunk.

    Parameters
    ----------
    scenario
        The scenario.
    runs
        Numbers of the runs, consecutive.
    seed
        Seed of the whole experiment.
    actors
        Classes that replace built-in actors, by name.
    replication
        From 1 on, the same runs with other luck.

    Returns
    -------
    pandas.DataFrame
        One row per run; the columns are described in `sim.analysis.outcomes.COLUMNS`.
    """
    from sim.model import CeasefireModel

    model = CeasefireModel(
        scenario, runs=len(runs), seed=seed, first_run=runs.start, replication=replication, actors=actors
    )
    return model.run().outcomes()


def run_batch(
    scenarios: Sequence[Scenario],
    runs: int,
    seed: int,
    workers: int | None = None,
    progress: Callable[[int], None] | None = None,
    *,
    actors: Mapping[str, type] | None = None,
    executor: Executor | None = None,
    chunk: int = CHUNK,
    replication: int = 0,
) -> pd.DataFrame:
    """Carry out runs 0 to ``runs - 1`` of each scenario.

    Parameters
    ----------
    scenarios
        The scenarios.
    runs
        Runs of each.
    seed
        Seed; run i of every scenario meets the same luck.
    workers
        Number of processes; by default one per core if there is enough work for that, else this one.
    progress
        Called with the number of runs whenever a chunk is done.
    actors
        Classes that replace built-in actors. They may live in a notebook, where no other process can
        find them, so they run in this one.
    executor
        Anything with the interface of `concurrent.futures.Executor`, instead of own processes.
    chunk
        Most runs that advance together.
    replication
        From 1 on, the same runs with other luck: each keeps the parameters it has drawn.

    Returns
    -------
    pandas.DataFrame
        One row per scenario and run, in the order of `scenarios`, then of runs.
    """
    batch = Batch(scenarios, runs, replication)
    (table,) = run_batches([batch], seed, workers, progress, actors=actors, executor=executor, chunk=chunk)
    return table


def run_batches(
    batches: Sequence[Batch],
    seed: int,
    workers: int | None = None,
    progress: Callable[[int], None] | None = None,
    *,
    actors: Mapping[str, type] | None = None,
    executor: Executor | None = None,
    chunk: int = CHUNK,
) -> list[pd.DataFrame]:
    """Carry out several batches with the same processes; the other arguments are those of `run_batch`.

    Parameters
    ----------
    batches
        What to carry out.

    Returns
    -------
    list of pandas.DataFrame
        A table per batch; an empty one without columns for a batch without scenarios.
    """
    import pandas as pd

    tasks: list[Task] = []
    ends = [0]
    for batch in batches:
        tasks += [
            (scenario, range(start, min(start + chunk, batch.runs)), seed, actors, batch.replication)
            for scenario in batch.scenarios
            for start in range(0, batch.runs, chunk)
        ]
        ends.append(len(tasks))
    tables: dict[int, pd.DataFrame] = {}

    def keep(place: int, table: pd.DataFrame) -> None:
        tables[place] = table
        if progress is not None:
            progress(len(table))

    if executor is not None:
        for place, table in _completed(executor, tasks):
            keep(place, table)
    elif (processes := _processes(tasks, workers, actors)) > 1:
        try:
            for place, table in _in_processes(tasks, processes):
                keep(place, table)
        except (BrokenExecutor, OSError, NotImplementedError, ImportError) as error:
            # No memory, no semaphores, a sandbox: the same table, only later.
            warnings.warn(f"worker processes failed ({error}); going on in this process", RuntimeWarning, stacklevel=2)
    for place, task in enumerate(tasks):
        if place not in tables:
            keep(place, simulate(*task))
    return [
        pd.concat([tables[place] for place in range(start, end)], ignore_index=True) if end > start else pd.DataFrame()
        for start, end in pairwise(ends)
    ]


def _processes(tasks: Sequence[Task], workers: int | None, actors: Mapping[str, type] | None) -> int:
    scenario_runs = sum(len(runs) for _, runs, *_ in tasks)
    if actors or not may_start_processes() or (workers is None and scenario_runs < WORTH_PROCESSES):
        return 1
    return min(available_cores() if workers is None else workers, len(tasks))


def _in_processes(tasks: Sequence[Task], processes: int) -> Iterator[tuple[int, pd.DataFrame]]:
    # Compiles the rules once and leaves them on disk, where the workers find them.
    import sim.model  # noqa: F401

    with Workers(processes) as pool:
        yield from _completed(pool, tasks)


def _completed(executor: Executor, tasks: Sequence[Task]) -> Iterator[tuple[int, pd.DataFrame]]:
    """Yield the place and the table of each task as it is done; cancel the rest on any failure."""
    places: dict[Future[pd.DataFrame], int] = {}
    try:
        for place, task in enumerate(tasks):
            places[executor.submit(simulate, *task)] = place
        for future in as_completed(places):
            yield places[future], future.result()
    except BaseException:
        if not isinstance(executor, Workers):  # these end with all their work by themselves
            for future in places:
                future.cancel()
        raise
