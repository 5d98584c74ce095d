"""An experiment, carried out from the first missing block to the tables."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Sequence
from concurrent.futures import Executor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sim.errors import FailedRunsError, UsageError, whole_number
from sim.experiment.batch import CHUNK, as_executor, blocks_of, carry_out, check_chunk
from sim.experiment.chunk import Block, Result
from sim.experiment.cluster import check_address
from sim.experiment.experiment import Experiment
from sim.experiment.progress import Progress
from sim.experiment.results import Held, Results, RunsBelow
from sim.experiment.store import Store

#: Failed runs after which a batch stops: that many are a defect, not bad luck.
MOST_FAILURES = 1000


@dataclass(frozen=True)
class Execution:
    """How and where an experiment is carried out; none of it changes a number.

    Attributes
    ----------
    workers
        Number of processes; by default one per core where that pays.
    executor
        In place of own processes, anything with the interface of `concurrent.futures.Executor`, or a Dask client.
    cluster
        In place of both, ``local`` for a Dask cluster on this machine, or the address of a Dask scheduler.
    chunk
        Most runs that advance together and are kept as one part.
    directory
        Where parts and tables are stored; None to hold them in memory.
    fresh
        Discard what is stored there.
    progress
        Show how far it is; by default only on a terminal.
    most_failures
        Failed runs after which it stops.
    check
        Look after every week whether all of `sim.world.invariants` holds; a run that breaks one is a failed run. An
        experiment that was begun so goes on so.
    command
        Words of the command line, for the manifest.
    """

    workers: int | None = None
    executor: object = None
    cluster: str | None = None
    chunk: int = CHUNK
    directory: str | Path | None = None
    fresh: bool = False
    progress: bool | None = None
    most_failures: int = MOST_FAILURES
    check: bool = False
    command: Sequence[str] | None = None

    def __post_init__(self) -> None:
        if self.workers is not None:
            whole_number("workers", self.workers, lowest=1)
        check_chunk(self.chunk)
        whole_number("the most failures", self.most_failures, lowest=0)
        if sum(given is not None for given in (self.workers, self.executor, self.cluster)) > 1:
            raise UsageError("workers, executor and cluster exclude each other; give one of them")
        if self.cluster is not None:
            check_address(self.cluster)


class Sink(Protocol):
    """Takes the results of blocks, in memory or on disk."""

    @property
    def chunk(self) -> int:
        """Most runs that advance together."""

    @property
    def check(self) -> bool:
        """Whether invariants are looked at."""

    def missing(self, blocks: Sequence[Block]) -> list[Block]:
        """Return the blocks that still have to be done."""

    def keep(self, block: Block, result: Result) -> None:
        """Take the result of a block."""


def run_experiment(experiment: Experiment, kind: type[Results], how: Execution) -> Results:
    """Carry out what is missing of an experiment and make its tables.

    Parameters
    ----------
    experiment
        What to compute.
    kind
        Class of the results.
    how
        Where and with what.

    Raises
    ------
    OutputError
        The directory cannot be used.
    ClusterError, FailedRunsError
        It stopped early; what is stored is kept, and the same call goes on from there.
    """
    with ExitStack() as stack:
        if how.directory is None:
            held = Held(experiment, how.chunk, how.check)
            _carry_out(experiment, held, Results(experiment, held.tables()), how)
            _check_survivors(Results(experiment, held.tables()))
            results = kind(experiment, held.tables(), held=held)
            _tell_failures(results)
            return results
        directory = Path(how.directory)
        store = stack.enter_context(
            Store(directory, experiment, how.chunk, check=how.check, fresh=how.fresh, command=how.command)
        )
        told = _carry_out(experiment, store, Results.at(directory, experiment), how)
        results = kind.at(directory, experiment)
        _check_survivors(results)
        if told or not store.finished:
            store.finish(results.tables(), results.figures(), **results.told())
        if how.command is None:
            _tell_failures(results)
        return results


def _tell_failures(results: Results) -> None:
    """Warn of failed runs; the command line has words of its own for them."""
    if results.failed:
        told = f"{results.failed:,} run{'' if results.failed == 1 else 's'} failed and left out; see .failures"
        warnings.warn(told, RuntimeWarning, stacklevel=4)


def _check_survivors(results: Results) -> None:
    """Refuse to make tables of a scenario of which no run is left."""
    if not len(results.failures):
        return
    for scenario in results.scenarios:
        if not any(len(rows) for rows in results.frames(scenario.name, [])):
            first = results.failures[results.failures["scenario"] == scenario.name].iloc[0]
            raise UsageError(
                f"all runs of '{scenario.name}' failed, the first in week {first['week']}: "
                f"{first['exception']}: {first['message']}"
            )


def _carry_out(experiment: Experiment, sink: Sink, results: Results, how: Execution) -> bool:
    """Carry out the blocks that are missing; return whether there was any."""
    run = _Run(experiment, sink, how)
    precision = experiment.precision
    with run:
        total = experiment.runs if precision is None else min(precision.fewest, precision.most)
        run.blocks(range(total), repeated=experiment.spread_runs)
        while precision is not None and total < precision.most:
            # A later round may lie there already, in part, from before an interruption; it must not count yet.
            done = RunsBelow(results, total)
            good, half_width = precision.reached(done, experiment.scenarios, experiment.baseline, experiment.points)
            if good:
                break
            before, total = total, precision.next_total(total, half_width)
            run.blocks(range(before, total))
    return run.worked


class _Run:
    """Carries out rounds of blocks with one executor and one progress bar."""

    def __init__(self, experiment: Experiment, sink: Sink, how: Execution) -> None:
        self.experiment, self.sink, self.how = experiment, sink, how
        self.worked, self.failures = False, 0
        self._stack = ExitStack()
        self._executor: Executor | None = None
        self._bar: Progress | None = None

    def __enter__(self) -> _Run:
        self._stack.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.__exit__(*error)  # type: ignore[arg-type]

    def blocks(self, runs: range, repeated: int = 0) -> None:
        """Carry out what is missing of some runs of everything, and of the first runs repeated with other luck."""
        again = blocks_of(self.experiment, range(repeated), chunk=self.sink.chunk, replication=1)
        missing = self.sink.missing([*again, *blocks_of(self.experiment, runs, chunk=self.sink.chunk)])
        if not missing:
            return
        if not self.worked:
            self._start()
        self.worked = True
        if self._bar is not None:
            self._bar.expect(sum(block.size for block in missing))
        tasks = [self.experiment.task(block, check=self.sink.check) for block in missing]
        carry_out(tasks, self._keep, workers=self.how.workers, executor=self._executor)

    def _start(self) -> None:
        how = self.how
        if sys.stderr.isatty() if how.progress is None else how.progress:
            self._bar = self._stack.enter_context(Progress(0))
        if how.cluster is not None:
            from sim.experiment.cluster import cluster_executor, lost_cluster_told

            self._stack.enter_context(lost_cluster_told())
            self._executor = self._stack.enter_context(cluster_executor(how.cluster))
        elif how.executor is not None:
            if hasattr(how.executor, "get_executor"):
                from sim.experiment.cluster import lost_cluster_told

                self._stack.enter_context(lost_cluster_told())
            self._executor = as_executor(how.executor)

    def _keep(self, block: Block, result: Result) -> None:
        self.sink.keep(block, result)
        failed = 0 if block.replication else len(result.failures)  # those repeated are the same runs once more
        self.failures += failed
        if self._bar is not None:
            self._bar.advance(block.size, failed)
        if self.failures > self.how.most_failures:
            first = result.failures.iloc[0]
            raise FailedRunsError(
                f"{self.failures:,} run{'' if self.failures == 1 else 's'} failed, "
                f"more than the {self.how.most_failures:,} that are allowed; run {first['run']} of "
                f"'{first['scenario']}' in week {first['week']}: {first['exception']}: {first['message']}"
            )
