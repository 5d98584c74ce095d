"""Blocks of runs, carried out on any executor.

A run depends on its scenario, its point of the design, the seed and its own number alone, so results are the same for
any executor, number of workers, size of block and order.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from typing import TYPE_CHECKING

from sim.errors import UsageError, whole_number
from sim.experiment.chunk import Block, Result, Task, simulate
from sim.experiment.workers import Workers, available_cores, may_start_processes

if TYPE_CHECKING:
    from sim.experiment.experiment import Experiment

#: Most runs that advance together: large enough for compiled rules, small enough for caches and progress.
CHUNK = 4096

#: What a chunk may be set to: below, a block costs more than its runs; above, memory and what a failure loses grow.
CHUNK_LIMITS = (1, 65_536)

#: Runs from which worker processes save more time than they cost: each imports for some two seconds before its first
#: run, the time of about 8,000 runs.
WORTH_PROCESSES = 20_000

#: Blocks handed out ahead for each worker, so that none waits; what is done but not yet kept is bounded too.
AHEAD = 2

#: Blocks handed out to an executor that does not say how many workers it has.
AHEAD_UNKNOWN = 32

#: Pools of processes that are tried, one after another if a process dies, before the rest is done in this process.
NEW_POOLS = 3


def blocks_of(experiment: Experiment, runs: range, *, chunk: int = CHUNK, replication: int = 0) -> Iterator[Block]:
    """Yield the blocks of some runs of every point of every scenario, in the order of the table.

    Parameters
    ----------
    experiment
        What is computed.
    runs
        Numbers of the runs of every point.
    chunk
        Most runs that advance together.
    replication
        From 1 on, the same runs with other luck, of the scenarios that have any uncertainty.
    """
    points = range(len(experiment.design)) if experiment.design is not None else range(1)
    # Either whole points lie in a block, or a part of one: its runs then draw their luck once for all its points.
    points_each = max(1, chunk // len(runs)) if len(runs) else 1
    for place, scenario in enumerate(experiment.scenarios):
        if replication and not scenario.uncertainty:
            continue
        for first in points[::points_each]:
            some = range(first, min(first + points_each, points.stop))
            for start in range(runs.start, runs.stop, chunk):
                part = range(start, min(start + chunk, runs.stop))
                luck = experiment.luck(place, some, part, runs)
                yield Block(place, some, part, replication, luck, experiment.independent)


def carry_out(
    tasks: Sequence[Task],
    keep: Callable[[Block, Result], None],
    *,
    workers: int | None = None,
    executor: Executor | None = None,
) -> None:
    """Carry out blocks and hand over each result once it is there, in any order.

    Parameters
    ----------
    tasks
        What to do.
    keep
        Takes block and result, in this process; it may write or count them. No result is held after it.
    workers
        Number of processes; by default one per core if there is enough work for that, else this one.
    executor
        Anything with the interface of `concurrent.futures.Executor`, in place of own processes.
    """
    if executor is not None:
        for block, result in _completed(executor, tasks, _ahead(executor)):
            keep(block, result)
        return
    left = {task.block: task for task in tasks}
    processes = _processes(tasks, workers)
    for attempt in range(NEW_POOLS if processes > 1 else 0):
        try:
            for block, result in _in_processes(list(left.values()), min(processes, len(left))):
                keep(block, result)
                del left[block]
            return
        except (BrokenExecutor, NotImplementedError, ImportError) as error:
            # A worker was killed; or there is no memory, no semaphores, a sandbox: the same results, only later.
            again = "starting new ones" if attempt + 1 < NEW_POOLS else "going on in this process"
            warnings.warn(f"worker processes failed ({error}); {again}", RuntimeWarning, stacklevel=2)
    for task in list(left.values()):
        keep(task.block, simulate(task))


def as_executor(executor: object) -> Executor:
    """Return an object that has the interface of `concurrent.futures.Executor`; a Dask client is made one.

    Raises
    ------
    UsageError
        If it is neither.
    """
    if hasattr(executor, "get_executor"):  # a dask.distributed.Client
        from sim.experiment.cluster import executor_of

        return executor_of(executor)
    if not callable(getattr(executor, "submit", None)):
        raise UsageError(f"an executor is one of concurrent.futures or like it, or a Dask client, not {executor!r}")
    return executor  # type: ignore[return-value]


def check_chunk(chunk: object) -> int:
    """Return the size of a chunk, or refuse it."""
    return whole_number("chunk", chunk, lowest=CHUNK_LIMITS[0], highest=CHUNK_LIMITS[1])


def _processes(tasks: Sequence[Task], workers: int | None) -> int:
    # Classes that replace actors may live in a notebook, where no other process can find them.
    if not tasks or tasks[0].actors or not may_start_processes():
        return 1
    if workers is None and sum(task.block.size for task in tasks) < WORTH_PROCESSES:
        return 1
    return min(available_cores() if workers is None else workers, len(tasks))


def _in_processes(tasks: Sequence[Task], processes: int) -> Iterator[tuple[Block, Result]]:
    # Compiles the rules once and leaves them on disk, where the workers find them.
    import sim.model  # noqa: F401

    with Workers(processes) as pool:
        yield from _completed(pool, tasks, AHEAD * processes)


def _ahead(executor: Executor) -> int:
    workers = getattr(executor, "_max_workers", None)
    return AHEAD * workers if isinstance(workers, int) and workers > 0 else AHEAD_UNKNOWN


def _completed(executor: Executor, tasks: Iterable[Task], ahead: int) -> Iterator[tuple[Block, Result]]:
    """Yield each block and its result as it is done, some blocks ahead; cancel the rest on any failure."""
    waiting = iter(tasks)
    pending: dict[Future[Result], Block] = {}
    try:
        while True:
            while len(pending) < ahead and (task := next(waiting, None)) is not None:
                pending[executor.submit(simulate, task)] = task.block
            if not pending:
                return
            for future in wait(pending, return_when=FIRST_COMPLETED).done:
                block = pending.pop(future)
                yield block, future.result()
    except BaseException:
        if not isinstance(executor, Workers):  # these end with all their work by themselves
            for future in pending:
                future.cancel()
        raise
