"""From a state to its results: coarse at once, refined behind one's back, stale ones dropped."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sim.app.drawn import FIGURES, Form, known_figure
from sim.app.pool import Job, Pool, shared_pool
from sim.app.result import Result
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


class _StaleError(Exception):
    """A later state was asked for."""


@dataclass(frozen=True, eq=False)
class _Request:
    state: State
    generation: int
    on_result: OnResult
    on_error: OnError | None
    figures: tuple[str, ...]


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

    def draw(self, result: Result, name: str, on_drawn: Callable[[bytes], None], form: Form = "svg") -> None:
        """Draw another figure of a result elsewhere; hand it over from another thread, or at once if it is there."""
        there = result.drawn(name, form)
        if there is not None:
            on_drawn(there)
            return
        job = self.pool.job(None, derive, result, ((name, form),), urgent=True)

        def take(_: object) -> None:
            if not job.future.cancelled() and job.future.exception() is None:
                result.keep(job.future.result().figures)
                on_drawn(result.figure(name, form))

        job.future.add_done_callback(take)

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
            pass
        except Exception as error:  # whatever it is, the one who asked has to know
            with self._news:
                if request.generation == self._generation and request.on_error is not None:
                    request.on_error(error, request.generation)

    def _compute(self, request: _Request) -> None:
        state, pool = request.state, self.pool
        scenario, reference = state.resolved(), state.reference()
        scenarios = [scenario] if reference is None else [reference, scenario]
        blocks, traces = plan(state.runs), traced()
        there = all(pool.is_kept(one, state.seed, traces, block) for one in scenarios for block in blocks)
        parts: list[tuple[Block, Part]] = []
        if not there:
            parts = self._parts(request, scenarios, blocks[:1], urgent=True)
            if len(blocks) > 1:
                self._emit(request, parts, coarse=True, complete=False)
        history, told = pool.history(scenario, state.seed, state.run), None
        try:
            if there:
                parts = self._parts(request, scenarios, blocks, urgent=True)
            for block in () if there else blocks[1:]:
                parts += self._parts(request, scenarios, [block], urgent=False)
            told = history.future.result() if history.future.done() else None
            self._emit(request, parts, coarse=False, complete=told is not None, history=told)
        except _StaleError:
            pool.no_longer(history)
            raise
        if told is None:
            self._emit(request, parts, coarse=False, complete=True, history=self._wait(request, history))

    def _parts(
        self, request: _Request, scenarios: Sequence[Scenario], blocks: Sequence[range], *, urgent: bool
    ) -> list[tuple[Block, Part]]:
        """Return blocks of runs of every scenario, once they are done."""
        state = request.state
        wanted = [(place, runs) for runs in blocks for place in range(len(scenarios))]
        jobs = [self.pool.runs(scenarios[place], state.seed, traced(), runs, urgent=urgent) for place, runs in wanted]
        found: list[Part] = []
        try:
            for job in jobs:
                found.append(self._wait(request, job))
        except _StaleError:
            for job in jobs[len(found) + 1 :]:
                self.pool.no_longer(job)
            raise
        return [
            (Block(place, range(1), runs, luck=runs.start), part)
            for (place, runs), part in zip(wanted, found, strict=True)
        ]

    def _wait(self, request: _Request, job: Job) -> Any:
        """Wait for a job, but no longer than its result is wanted."""
        if not job.future.done():
            job.future.add_done_callback(self._wake)
        with self._news:
            while not job.future.done() and request.generation == self._generation:
                self._news.wait()
            stale = request.generation != self._generation
        if stale:
            self.pool.no_longer(job)
            raise _StaleError
        return job.future.result()

    def _wake(self, _: object) -> None:
        with self._news:
            self._news.notify_all()

    def _emit(
        self, request: _Request, parts: Sequence[tuple[Block, Part]], *, coarse: bool, complete: bool,
        history: Any = None,
    ) -> None:  # fmt: skip
        result = Result(request.state, request.generation, coarse, complete, tuple(parts), history)
        figures = tuple((name, "svg") for name in request.figures)
        job = self.pool.job(None, derive, result, figures, urgent=True)
        result.take(self._wait(request, job))
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


def traced() -> tuple[str, ...]:
    """Return what is followed from week to week, for the figures that show it."""
    from sim.experiment.traces import check_traces

    return check_traces(name for figure in FIGURES.values() for name in figure.traces)


def explore(state: State, figures: Sequence[str] = ()) -> Result:
    """Compute a state to the end, here and now.

    Parameters
    ----------
    state
        What to compute.
    figures
        Names of figures to be drawn at once; all others are drawn when they are asked for.

    Examples
    --------
    >>> result = explore(State(scenario="sober_kremlin", runs=40))
    >>> result.runs, result.complete, result.headline.distinguishable
    (40, True, True)
    """
    found: list[Result] = []

    def failed(error: Exception, _: int) -> None:
        raise error

    with Explorer(Pool(0)) as explorer:
        explorer.submit(state, found.append, failed, figures)
    return found[-1]


@dataclass(frozen=True)
class Derived:
    """What is made of a result in another process: what is derived from its runs, and some figures."""

    lasting: dict[str, Any]
    figures: dict[tuple[str, Form, bool], bytes]


def derive(result: Result, figures: Sequence[tuple[str, Form]]) -> Derived:
    """Make words, numbers and figures of a result, where nobody waits for the process."""
    drawn = {(name, form, False): result.figure(name, form) for name, form in figures}
    return Derived({name: getattr(result, name) for name in ("headline", "numbers", "blockers")}, drawn)
