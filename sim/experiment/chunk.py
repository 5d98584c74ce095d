"""One chunk of work: some runs of one scenario, or of some points of a design, advanced together."""

from __future__ import annotations

import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.arrays import BoolArray, FloatArray
from sim.errors import TruceError

if TYPE_CHECKING:
    import pandas as pd

    from sim.model import CeasefireModel
    from sim.scenario import Scenario
    from sim.world.watch import Watch

#: The table of failures, column by column: a run that raised, left the numbers that there are, or broke an invariant.
FAILURES = {
    "scenario": "name of the scenario",
    "point": "point of the design, from 0; 0 without a design",
    "run": "number of the run",
    "replication": "0, or 1 if the run was repeated with other luck",
    "seed": "seed of the experiment",
    "week": "week in which it failed, from 2025-05-19; -1 before the first",
    "exception": "type of the exception",
    "message": "what it says",
    "traceback": "where it was raised; empty if a number was found that cannot be",
}


@dataclass(frozen=True)
class Block:
    """Which runs: a rectangle of points and runs.

    Attributes
    ----------
    scenario
        Place of the scenario in the experiment.
    points
        Points of the design; ``range(1)`` without one.
    runs
        Numbers of the runs of every point.
    replication
        From 1 on, the same runs with other luck.
    luck
        Number of the run whose luck the first run meets.
    independent
        The runs of the points meet luck of their own, from `luck` on, one after another.
    """

    scenario: int
    points: range
    runs: range
    replication: int = 0
    luck: int = 0
    independent: bool = False

    @property
    def size(self) -> int:
        """Number of runs of all points together."""
        return len(self.points) * len(self.runs)

    @property
    def name(self) -> str:
        """Name of its files, in the order of the table: scenario, first point, first run."""
        return f"{self.scenario:03d}-{self.points.start:07d}-{self.runs.start:010d}"

    def halves(self) -> tuple[Block, Block]:
        """Cut it in two: by points, or a single point by runs."""
        if len(self.points) > 1:
            middle = len(self.points) // 2
            skipped = middle * len(self.runs) if self.independent else 0
            return (
                replace(self, points=self.points[:middle]),
                replace(self, points=self.points[middle:], luck=self.luck + skipped),
            )
        middle = len(self.runs) // 2
        return (
            replace(self, runs=self.runs[:middle]),
            replace(self, runs=self.runs[middle:], luck=self.luck + middle),
        )


@dataclass(frozen=True)
class Task:
    """A block with all that is needed to carry it out in another process or on another machine."""

    scenario: Scenario
    block: Block
    seed: int
    design: Mapping[str, FloatArray] | None = None
    actors: Mapping[str, type[Any]] | None = None
    traces: tuple[str, ...] = ()
    histories: tuple[int, ...] = ()
    check: bool = False

    def model(self, *, check: bool = False) -> CeasefireModel:
        """Return the model of its runs, at the start; one that breaks an invariant raises, if that is looked at."""
        from sim.model import CeasefireModel

        return CeasefireModel(
            self.scenario, runs=len(self.block.runs), seed=self.seed, first_run=self.block.luck,
            replication=self.block.replication, actors=self.actors, design=self.design,
            independent=self.block.independent, check=check,
        )  # fmt: skip

    def halves(self) -> tuple[Task, Task]:
        """Cut it in two."""
        first, second = self.block.halves()
        if self.design is None or len(self.block.points) == 1:
            return replace(self, block=first), replace(self, block=second)
        cut = len(first.points)
        return (
            replace(self, block=first, design={name: values[:cut] for name, values in self.design.items()}),
            replace(self, block=second, design={name: values[cut:] for name, values in self.design.items()}),
        )


class Result(NamedTuple):
    """What a block gives.

    Attributes
    ----------
    outcomes
        One row per run that did not fail, by point and run; columns in `sim.analysis.outcomes.COLUMNS`.
    failures
        One row per run that failed; columns in `FAILURES`.
    traces
        How many runs had which value in which week (`sim.experiment.traces`); None if nothing is traced.
    histories
        The traced values of chosen runs, week by week; None if nothing is traced.
    """

    outcomes: pd.DataFrame
    failures: pd.DataFrame
    traces: pd.DataFrame | None = None
    histories: pd.DataFrame | None = None


def simulate(task: Task) -> Result:
    """Carry out one block; a run that fails costs no other run.

    A failure stops all runs that advance together. The block is then halved until the runs that fail are alone:
    a run does not depend on its company, so the others give what they would have given.

    Raises
    ------
    TruceError
        The task itself makes no sense (an actor that does not exist).
    """
    try:
        # A number that overflows is looked for every week; NumPy need not warn of it.
        with np.errstate(all="ignore"):
            return _advance(task)
    except _StoppedError as stopped:
        if task.block.size == 1:
            return Result(_no_rows(task), _failure_table([_raised(task, stopped)]))
    first, second = (simulate(half) for half in task.halves())
    return Result(*(_both(*pair) for pair in zip(first, second, strict=True)))


class _StoppedError(Exception):
    """An exception out of the model, and the week in which it was raised; the exception is its cause."""

    def __init__(self, week: int) -> None:
        super().__init__(week)
        self.week = week


def _advance(task: Task) -> Result:
    from sim.experiment.traces import Tracer
    from sim.world.watch import Watch

    block, week, model = task.block, -1, None
    try:
        model = task.model()
        tracer = Tracer(model, task) if task.traces else None
        watch = Watch(model) if task.check else None
        lost: dict[int, _Lost] = {}
        while model.week < model.weeks:
            week = model.week
            model.step()
            _look_for_lost_runs(model, week, lost)
            if watch is not None:
                _look_for_broken_invariants(watch, week, lost)
            if tracer is not None:
                tracer.note(week)
        outcomes = model.outcomes()
        traced = (None, None) if tracer is None or lost else tracer.tables()
        if lost and tracer is not None and block.size > 1:
            raise FloatingPointError("a lost run is among the runs traced")  # halved until it is alone
    except (TruceError, MemoryError):
        raise
    except Exception as error:  # an actor of the user's may raise anything
        raise _StoppedError(week) from error
    finally:
        if model is not None:
            _forget(model)
    _name_runs(outcomes, task)
    failures = [_failure(task, outcomes.iloc[place], *lost[place], "") for place in sorted(lost)]
    kept = outcomes.drop(index=list(lost)).reset_index(drop=True) if lost else outcomes
    return Result(kept, _failure_table(failures), *traced)


def _forget(model: CeasefireModel) -> None:
    """Let a model go: Mesa numbers agents in a table that keeps every model there ever was, so it has to be empty."""
    model.__dict__.clear()


class _Lost(NamedTuple):
    """When and why a run was lost though nothing was raised."""

    week: int
    exception: str
    message: str


def _look_for_lost_runs(model: CeasefireModel, week: int, lost: dict[int, _Lost]) -> None:
    """Note the runs in which a number that all else follows from has overflowed or is none."""
    state = {
        "the land left": model.front.land_left,
        "the balance of forces": model.front.balance,
        "Russia's reservation value": model.russia.reservation,
        "Ukraine's reservation value": model.ukraine.reservation,
    }
    sound: BoolArray = np.isfinite(sum(state.values()))
    if sound.all():
        return
    for place in np.flatnonzero(~sound).tolist():
        what = next((name for name, values in state.items() if not np.isfinite(values[place])), "a sum")
        lost.setdefault(place, _Lost(week, "FloatingPointError", f"{what} is not a finite number"))


def _look_for_broken_invariants(watch: Watch, week: int, lost: dict[int, _Lost]) -> None:
    """Note the runs that broke an invariant, each with the first one."""
    for invariant, where in watch.broken():
        for place in np.flatnonzero(where).tolist():
            lost.setdefault(place, _Lost(week, "InvariantError", str(invariant)))


def _name_runs(outcomes: pd.DataFrame, task: Task) -> None:
    """Give runs and points their numbers in the whole experiment, whosever luck they met."""
    block = task.block
    outcomes["run"] = np.tile(np.arange(block.runs.start, block.runs.stop), len(block.points))
    if task.design is not None:
        outcomes.insert(1, "point", np.repeat(np.arange(block.points.start, block.points.stop), len(block.runs)))


def _raised(task: Task, stopped: _StoppedError) -> dict[str, object]:
    error = stopped.__cause__
    assert error is not None
    where = "".join(traceback.format_exception(error))
    run = {"run": task.block.runs.start, "point": task.block.points.start}
    return _failure(task, run, stopped.week, type(error).__name__, str(error), where)


def _failure(
    task: Task, run: Mapping[str, Any], week: int, exception: str, message: str, where: str
) -> dict[str, object]:
    point = int(run.get("point", 0))
    values = (
        task.scenario.name, point, int(run["run"]), task.block.replication, task.seed, week, exception, message, where,
    )  # fmt: skip
    return dict(zip(FAILURES, values, strict=True))


def _failure_table(failures: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    import pandas as pd

    table = pd.DataFrame(list(failures), columns=list(FAILURES))
    numbers = dict.fromkeys(("point", "run", "replication", "week"), "int64")
    words = dict.fromkeys(("scenario", "exception", "message", "traceback"), "str")
    # A seed may be larger than any integer of a table.
    return table.astype(numbers | words | {"seed": "str"})


def _no_rows(task: Task) -> pd.DataFrame:
    """Return the outcomes table without a row: that of the model as it comes, before any week."""
    from sim.model import CeasefireModel

    model = CeasefireModel(task.scenario, runs=1, seed=task.seed)
    outcomes = model.outcomes()
    _forget(model)
    if task.design is not None:
        outcomes.insert(1, "point", 0)
    return outcomes.iloc[:0]


def _both(first: pd.DataFrame | None, second: pd.DataFrame | None) -> pd.DataFrame | None:
    import pandas as pd

    tables = [table for table in (first, second) if table is not None]
    filled = [table for table in tables if not table.empty] or tables[:1]
    return pd.concat(filled, ignore_index=True) if filled else None
