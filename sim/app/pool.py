"""Where the explorer's runs are carried out and drawn: a few worker processes, and what they have done already."""

from __future__ import annotations

import threading
import warnings
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import BrokenExecutor, Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.errors import UsageError
from sim.experiment.batch import NEW_POOLS
from sim.experiment.chunk import Block, Task, simulate
from sim.experiment.workers import Workers, available_cores, may_start_processes

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.replay import History
    from sim.scenario import Scenario

#: Worker processes: one is always left for what has to be seen at once.
PROCESSES = 2

#: Runs of scenarios that are kept, all together: some 300 bytes each, twice that where they are traced.
KEPT_RUNS = 200_000

#: Told histories that are kept.
KEPT_HISTORIES = 200


@dataclass(eq=False)
class Job:
    """Something to be computed, once for all who want it.

    Attributes
    ----------
    future
        Has the result, sooner or later; it is never cancelled while somebody wants it.
    """

    key: Hashable
    work: Callable[..., Any]
    given: tuple[Any, ...]
    size: int
    urgent: bool
    future: Future[Any] = field(default_factory=Future)
    wanted_by: int = 1
    attempts: int = 0


class Pool:
    """Worker processes shared by all who explore, and the cache of what they have computed.

    Urgent work starts as soon as a process is free. Of the rest no more is under way than leaves one process free, and
    what nobody wants any more by then is not begun.

    Parameters
    ----------
    processes
        Number of processes; with 0 everything is computed in the calling thread.
    """

    def __init__(self, processes: int = PROCESSES) -> None:
        self.processes = min(processes, max(available_cores(), 1)) if may_start_processes() else 0
        self._lock = threading.RLock()
        self._executor: Workers | None = None
        self._waiting: deque[Job] = deque()
        self._begun: set[Job] = set()
        self._jobs: dict[Hashable, Job] = {}
        self._followed: dict[tuple[str, ...], None] = {}
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._closed = False

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def warm(self, work: Callable[[], object]) -> list[Future[Any]]:
        """Start the processes and let each carry out some work ahead; return futures that tell when they have."""
        with self._lock:
            return [self._executor_now().submit(work) for _ in range(self.processes)] if self.processes else []

    def close(self) -> None:
        """End the processes at once; what is under way or waits is dropped, because nothing of it is stored."""
        with self._lock:
            self._closed = True
            dropped = [*self._waiting, *self._begun]
            self._waiting.clear()
            executor, self._executor = self._executor, None
        for job in dropped:
            job.future.cancel()
        if executor is not None:
            executor.kill()

    def runs(self, scenario: Scenario, seed: int, traces: tuple[str, ...], runs: range, *, urgent: bool) -> Job:
        """Return the job of some runs of a scenario; its result is a `sim.experiment.chunk.Result`."""
        task = Task(scenario, Block(0, range(1), runs, luck=runs.start), seed, traces=traces)
        keys = self._keys_of_runs(scenario, seed, traces, runs)
        return self.job(keys[0], simulate, task, size=len(runs), urgent=urgent, others=keys[1:])

    def has(self, scenario: Scenario, seed: int, traces: tuple[str, ...], runs: range) -> bool:
        """Tell whether some runs are there already."""
        with self._lock:
            return any(key in self._kept for key in self._keys_of_runs(scenario, seed, traces, runs))

    def _keys_of_runs(
        self, scenario: Scenario, seed: int, traces: tuple[str, ...], runs: range
    ) -> list[tuple[object, ...]]:
        """Return the key of some runs, and those of the same runs with more of them followed."""
        with self._lock:
            self._followed.setdefault(traces)
            enough = [traces, *(other for other in self._followed if set(other) > set(traces))]
        return [("runs", scenario.name, scenario.digest(), seed, runs.start, runs.stop, other) for other in enough]

    def history(self, scenario: Scenario, seed: int, run: int, *, urgent: bool = False) -> Job:
        """Return the job of one run alone; its result is a `Told`."""
        key = "history", scenario.name, scenario.digest(), seed, run
        size = KEPT_RUNS // KEPT_HISTORIES
        return self.job(key, tell, scenario, seed, run, size=size, urgent=urgent)

    def job(
        self, key: Hashable, work: Callable[..., Any], *given: Any, size: int = 0, urgent: bool = False,
        others: Sequence[Hashable] = (),
    ) -> Job:  # fmt: skip
        """Return the job of some work: one that is under way, or kept, or a new one.

        Parameters
        ----------
        key
            What tells it from other work; None for work that nobody else could want.
        work, given
            A function that another process can find, and its arguments.
        size
            What keeping its result costs, in runs; 0 if it is not to be kept.
        urgent
            Somebody waits for it.
        others
            Keys of work whose result would do as well.
        """
        with self._lock:
            if self._closed:
                raise UsageError("the pool is closed; make a new one")
            for good in (key, *others):
                if good is not None and good in self._kept:
                    self._kept.move_to_end(good)
                    done = Job(good, work, given, 0, urgent)
                    done.future.set_result(self._kept[good][0])
                    return done
            job = self._jobs.get(key) if key is not None else None
            if job is not None:
                job.wanted_by += 1
                if urgent and job in self._waiting:
                    job.urgent = True
                    self._begin()
                return job
            job = Job(key, work, given, size, urgent)
            if key is not None:
                self._jobs[key] = job
            if self.processes:
                self._waiting.append(job)
                self._begin()
        if not self.processes:
            self._carry_out_here(job)
        return job

    def no_longer(self, job: Job) -> None:
        """Say that one who wanted a job no longer does; it is dropped if nobody else wants it and it is not begun."""
        with self._lock:
            job.wanted_by -= 1
            if job.wanted_by > 0 or job not in self._waiting:
                return
            self._waiting.remove(job)
            if job.key is not None:
                self._jobs.pop(job.key, None)
        job.future.cancel()

    def _begin(self) -> None:
        """Begin what waits, the urgent first, as far as there are processes for it."""
        while len(self._begun) < self.processes and not self._closed:
            behind = sum(not job.urgent for job in self._begun) < max(1, self.processes - 1)
            job = next((job for job in self._waiting if job.urgent), None)
            if job is None and behind and self._waiting:
                job = self._waiting[0]
            if job is None:
                return
            self._waiting.remove(job)
            self._begun.add(job)
            self._start(job)

    def _start(self, job: Job) -> None:
        """Hand a job to a process, or carry it out in a thread once processes have died too often."""
        job.attempts += 1
        try:
            if job.attempts > NEW_POOLS:
                raise RuntimeError("worker processes die again and again")
            executor = self._executor_now()
            executor.submit(job.work, *job.given).add_done_callback(lambda done: self._ended(job, executor, done))
        except (ImportError, OSError, RuntimeError) as error:  # RuntimeError: broken pools and lacking ones, too
            if self._closed:
                return
            self._executor = None
            if job.attempts <= NEW_POOLS:
                self._start(job)
                return
            warnings.warn(f"{error}; going on in this process", RuntimeWarning, stacklevel=2)
            threading.Thread(target=self._carry_out_here, args=(job,), daemon=True).start()

    def _ended(self, job: Job, executor: Workers, done: Future[Any]) -> None:
        if done.cancelled():
            job.future.cancel()
            return
        error = done.exception()
        if isinstance(error, BrokenExecutor):  # a process was killed: the same again in new ones
            with self._lock:
                if self._closed:
                    return
                if self._executor is executor:
                    self._executor = None
                self._start(job)
            return
        self._settle(job, None if error is not None else done.result(), error)

    def _carry_out_here(self, job: Job) -> None:
        try:
            result = job.work(*job.given)
        except Exception as error:  # handed on to whoever waits
            self._settle(job, None, error)
        else:
            self._settle(job, result, None)

    def _settle(self, job: Job, result: Any, error: BaseException | None) -> None:
        with self._lock:
            if job.key is not None:
                self._jobs.pop(job.key, None)
            if error is None and job.size:
                self._keep(job, result)
            self._begun.discard(job)
            self._begin()
        with suppress(InvalidStateError):  # nobody wanted it any more
            job.future.set_result(result) if error is None else job.future.set_exception(error)

    def _keep(self, job: Job, result: Any) -> None:
        self._kept[job.key] = result, job.size
        while sum(size for _, size in self._kept.values()) > KEPT_RUNS:
            self._kept.popitem(last=False)

    def _executor_now(self) -> Workers:
        if self._closed:
            raise UsageError("the pool is closed; make a new one")
        if self._executor is None:
            self._executor = Workers(self.processes)
        return self._executor


class Told(NamedTuple):
    """One run: its history in words, and its bargaining as the table of `sim.inquiry.bargaining`."""

    history: History
    bargaining: pd.DataFrame


def tell(scenario: Scenario, seed: int, run: int) -> Told:
    """Carry out one run and tell it week by week."""
    from sim.experiment.replay import History, told
    from sim.inquiry.bargaining import as_table, read_week

    model = Task(scenario, Block(0, range(1), range(run, run + 1), luck=run), seed).model()
    weeks, rows = [], []
    for week in told(model):
        weeks.append(week)
        rows.append(read_week(model))
    return Told(History(scenario.name, run, 0, seed, tuple(weeks), None), as_table(rows, scenario, run))


_shared: list[Pool] = []
_sharing = threading.Lock()


def shared_pool() -> Pool:
    """Return the pool of this process, made when it is first asked for."""
    with _sharing:
        if not _shared or _shared[0]._closed:
            _shared[:] = [Pool()]
        return _shared[0]
