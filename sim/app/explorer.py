"""From a state to its results: coarse at once, refined behind one's back, stale ones dropped."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, TypeVar

from sim.app.drawn import FIGURES, OF_ONE_RUN, Form, known_figure
from sim.app.pool import Job, Pool, Told, shared_pool
from sim.app.result import Drawn, Result
from sim.app.state import State
from sim.errors import UsageError
from sim.experiment.chunk import Block
from sim.experiment.chunk import Result as Part
from sim.scenario import Scenario

#: Runs of the coarse result: fewer would hardly come sooner, because a week costs much the same for any few runs.
COARSE = 256

#: Most runs between two looks at whether they are still wanted.
BLOCK = 1024

OnResult = Callable[[Result], None]
OnError = Callable[[Exception, int], None]
T = TypeVar("T")


class _StaleError(Exception):
    """A later state was asked for."""


@dataclass(frozen=True, eq=False)
class _Request:
    state: State
    generation: int
    on_result: OnResult
    on_error: OnError | None
    figures: tuple[str, ...]
    jobs: list[Job] = field(default_factory=list)

    def wants(self, job: Job) -> Job:
        """Note a job, so that it can be said if it is no longer wanted."""
        self.jobs.append(job)
        return job


class Explorer:
    """Answers one who explores, always the latest question.

    Parameters
    ----------
    pool
        Where it is computed; by default the shared one of this process. With ``Pool(0)`` `submit` has computed and
        called back, coarse and refined, when it returns.
    """

    def __init__(self, pool: Pool | None = None) -> None:
        self.pool = shared_pool() if pool is None else pool
        self._news = threading.Condition(threading.RLock())
        self._latest: _Request | None = None
        self._generation, self._closed = 0, False
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Explorer:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    @property
    def generation(self) -> int:
        """Number of the latest state; results of another one are stale."""
        return self._generation

    def submit(
        self, state: State, on_result: OnResult, on_error: OnError | None = None, figures: Sequence[str] | None = None
    ) -> int:
        """Ask for the results of a state; what was asked for before is stale from now on.

        Parameters
        ----------
        state
            What to compute.
        on_result
            Takes a coarse result, then a refined one, then, if the history was not told by then, the same with it. It
            is called from another thread and must hand over and return. It is never called for a state that is stale.
        on_error
            Takes what went wrong and the generation.
        figures
            Names of the figures drawn ahead; by default the one the state looks at.

        Returns
        -------
        int
            The generation: the number that the results will have.
        """
        names = (state.view,) if figures is None else tuple(figures)
        for name in names:
            known_figure(name)
        with self._news:
            if self._closed:
                raise UsageError("this explorer is closed; make a new one")
            self._generation += 1
            request = _Request(state, self._generation, on_result, on_error, names)
            self._latest = request
            if self.pool.processes and self._thread is None:
                self._thread = threading.Thread(target=self._answer, name="explorer", daemon=True)
                self._thread.start()
            self._news.notify_all()
        if not self.pool.processes:
            self._serve(request)
        return request.generation

    def draw(
        self, result: Result, name: str, on_drawn: Callable[[bytes], None],
        on_error: Callable[[Exception], None] | None = None,
    ) -> None:  # fmt: skip
        """Draw another figure of a result elsewhere; hand it over from another thread, or at once if it is there."""
        there = result.drawn(name)
        if there is not None:
            on_drawn(there)
            return

        def take(drawn: Drawn) -> None:
            result.keep(drawn)
            on_drawn(result.figure(name))

        self.make(figures_of, result, ((name, "svg", False),), on_made=take, on_error=on_error, urgent=True)

    def make(
        self, work: Callable[..., T], *given: object, on_made: Callable[[T], None],
        on_error: Callable[[Exception], None] | None = None, urgent: bool = False,
    ) -> None:  # fmt: skip
        """Have something made of a result elsewhere, whatever is asked for meanwhile.

        Parameters
        ----------
        work, given
            A function that another process can find, and its arguments.
        on_made, on_error
            Take what it returns, or what went wrong, in another thread; neither is called once this is closed.
        urgent
            Somebody waits for it.
        """
        future = self.pool.job(None, work, *given, urgent=urgent).future

        def take(_: object) -> None:
            if self._closed or future.cancelled():
                return
            error = future.exception()
            if error is None:
                on_made(future.result())
            elif isinstance(error, Exception) and on_error is not None:
                on_error(error)

        future.add_done_callback(take)

    def close(self) -> None:
        """Stop answering; the pool stays."""
        with self._news:
            self._closed = True
            self._generation += 1
            self._news.notify_all()

    def _answer(self) -> None:
        """Answer, in a thread of its own, one request after the other; those that came in between are left out."""
        while True:
            with self._news:
                while self._latest is None and not self._closed:
                    self._news.wait()
                if self._closed:
                    return
                request, self._latest = self._latest, None
            assert request is not None
            self._serve(request)

    def _serve(self, request: _Request) -> None:
        try:
            self._compute(request)
        except (_StaleError, CancelledError):
            for job in request.jobs:
                self.pool.no_longer(job)
        except Exception as error:  # whatever it is, the one who asked has to know
            with self._news:
                if request.generation == self._generation and request.on_error is not None:
                    request.on_error(error, request.generation)

    def _compute(self, request: _Request) -> None:
        state, pool = request.state, self.pool
        scenario, reference = state.resolved(), state.reference()
        scenarios = [scenario] if reference is None else [reference, scenario]
        blocks, traces = plan(state.runs), traced(request.figures)
        there = all(pool.has(one, state.seed, traces, block) for one in scenarios for block in blocks)
        first, behind = (blocks, []) if there else (blocks[:1], blocks[1:])

        def one_run(urgent: bool = False) -> Job:
            return request.wants(pool.history(scenario, state.seed, state.run, urgent=urgent))

        history = one_run(urgent=True) if OF_ONE_RUN in request.figures else None
        parts = self._wait_for_runs(request, self._ask_for_runs(request, scenarios, first, urgent=True))
        told = self._wait(request, history) if history is not None else None
        if behind:
            coarse, derived = self._derive(request, parts, told, coarse=True)
            # What comes behind is begun as soon as the coarse words and figures leave a process free.
            more = self._ask_for_runs(request, scenarios, behind, urgent=False)
            self._take(request, coarse, derived)
            self._emit(request, coarse)
            parts += self._wait_for_runs(request, more)
        result, derived = self._derive(request, parts, told)
        history = history or one_run()
        self._take(request, result, derived)
        if not result.complete and history.future.done():
            result = result.completed(self._wait(request, history))
        self._emit(request, result)
        if not result.complete:
            self._emit(request, result.completed(self._wait(request, history)))

    def _ask_for_runs(
        self, request: _Request, scenarios: Sequence[Scenario], blocks: Sequence[range], *, urgent: bool
    ) -> list[tuple[Block, Job]]:
        """Ask for blocks of runs of every scenario."""
        seed, traces = request.state.seed, traced(request.figures)
        return [
            (
                Block(place, range(1), runs, luck=runs.start),
                request.wants(self.pool.runs(scenario, seed, traces, runs, urgent=urgent)),
            )
            for runs in blocks
            for place, scenario in enumerate(scenarios)
        ]

    def _wait_for_runs(self, request: _Request, asked: Sequence[tuple[Block, Job]]) -> list[tuple[Block, Part]]:
        return [(block, self._wait(request, job)) for block, job in asked]

    def _wait(self, request: _Request, job: Job) -> Any:
        """Wait for a job, but no longer than its result is wanted."""
        if not job.future.done():
            job.future.add_done_callback(self._wake)
        with self._news:
            while not job.future.done() and request.generation == self._generation:
                self._news.wait()
            if request.generation != self._generation:
                raise _StaleError
        return job.future.result()

    def _wake(self, _: object) -> None:
        with self._news:
            self._news.notify_all()

    def _derive(
        self, request: _Request, parts: Sequence[tuple[Block, Part]], told: Told | None, *, coarse: bool = False
    ) -> tuple[Result, list[Job]]:
        """Return a result, and the jobs that make its words and its figures, side by side."""
        complete = told is not None and not coarse
        result = Result(
            request.state, request.generation, coarse, complete, tuple(parts), traced(request.figures), told
        )  # fmt: skip
        figures = tuple((name, "svg", False) for name in request.figures)
        jobs = [request.wants(self.pool.job(None, figures_of, result, figures, urgent=True))] if figures else []
        return result, [*jobs, request.wants(self.pool.job(None, words_of, result, urgent=True))]

    def _take(self, request: _Request, result: Result, derived: Sequence[Job]) -> None:
        """Wait for what is derived from a result, and put it there."""
        *figures, words = [self._wait(request, job) for job in derived]
        result.take(words)
        for drawn in figures:
            result.keep(drawn)

    def _emit(self, request: _Request, result: Result) -> None:
        with self._news:
            if request.generation != self._generation:
                raise _StaleError
            request.on_result(result)


def plan(runs: int) -> list[range]:
    """Return the blocks that a number of runs is computed in; the first gives the coarse result.

    Examples
    --------
    >>> plan(2000)
    [range(0, 256), range(256, 1024), range(1024, 2000)]
    """
    edges = [0, COARSE, *range(BLOCK, runs, BLOCK)]
    edges = [*(edge for edge in edges if edge < runs), runs]
    return [range(first, last) for first, last in pairwise(edges)]


def traced(figures: Sequence[str]) -> tuple[str, ...]:
    """Return what is followed from week to week for some figures."""
    from sim.experiment.traces import check_traces

    return check_traces(variable for name in figures for variable in FIGURES[name].traces)


def explore(state: State, figures: Sequence[str] = (), pool: Pool | None = None) -> Result:
    """Compute a state to the end, here and now.

    Parameters
    ----------
    state
        What to compute.
    figures
        Names of figures to be drawn at once; all others are drawn when they are asked for.
    pool
        A ``Pool(0)`` that keeps what was computed for the next call; by default nothing is kept.

    Examples
    --------
    >>> result = explore(State(scenario="sober_kremlin", runs=40))
    >>> result.runs, result.complete, result.headline.distinguishable
    (40, True, True)
    """
    found: list[Result] = []

    def failed(error: Exception, _: int) -> None:
        raise error

    with Explorer(Pool(0) if pool is None else pool) as explorer:
        explorer.submit(state, found.append, failed, figures)
    return found[-1]


def warm_up() -> None:
    """Load, compile and draw once what a first result would otherwise wait for; handed to `Pool.warm`."""
    explore(State(scenario="sober_kremlin", runs=8), figures=("incidence",))


def words_of(result: Result) -> dict[str, Any]:
    """Make words and numbers of a result, where nobody waits for the process."""
    return {name: getattr(result, name) for name in ("headline", "numbers", "blockers")}


def figures_of(result: Result, figures: Sequence[tuple[str, Form, bool]]) -> Drawn:
    """Draw figures of a result, given by the parameters of `Result.figure`, where nobody waits for the process."""
    return {(name, form, to_keep): result.figure(name, form, to_keep=to_keep) for name, form, to_keep in figures}
