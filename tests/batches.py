"""Small batches, carried out and compared byte for byte."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import pandas as pd

from sim.experiment import Comparison, Execution, Experiment, Results, Sweep, run_experiment
from sim.experiment.chunk import Task, simulate


class Plain(Comparison):
    """A comparison that draws nothing, because drawing takes a second."""

    def figures(self) -> dict[str, Any]:
        return {}


class Here(Executor):
    """Carries out each block at once, in this process, and notes which."""

    def __init__(self) -> None:
        self.tasks: list[Task] = []

    def submit(self, fn, /, *args, **kwargs):
        self.tasks.append(args[0])
        done: Future[Any] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as error:
            done.set_exception(error)
        return done


class StopsAfter(Here):
    """Carries out some blocks, two at a time, and then meets an end: by default Ctrl-C."""

    _max_workers = 1  # then two blocks are handed out at once, and kept before the next two

    def __init__(self, blocks: int, end: BaseException | None = None) -> None:
        super().__init__()
        assert blocks % 2 == 0
        self.blocks, self.end = blocks, KeyboardInterrupt() if end is None else end

    def submit(self, fn, /, *args, **kwargs):
        if len(self.tasks) == self.blocks:
            raise self.end
        return super().submit(fn, *args, **kwargs)


def carried_out(experiment: Experiment, **how: Any) -> Results:
    """Carry out an experiment without figures, in chunks of five runs unless told otherwise."""
    how = {"chunk": 5, "workers": None if "executor" in how or "cluster" in how else 1} | how
    return run_experiment(experiment, Plain if experiment.design is None else Sweep, Execution(**how))


def bytes_of(results: Results) -> bytes:
    """The sorted outcomes table as bytes; floats are written so that no bit is lost."""
    table = results.outcomes
    keys = [key for key in ("scenario", "point", "run") if key in table]
    return table.sort_values(keys).to_csv(index=False).encode()


def files_in(directory: Path, *but: str) -> dict[str, bytes]:
    """Every file under a directory, by its path."""
    paths = (path for path in sorted(directory.rglob("*")) if path.is_file() and path.name not in but)
    return {path.relative_to(directory).as_posix(): path.read_bytes() for path in paths}


def outcomes_alone(experiment: Experiment, place: int, runs: range, replication: int = 0) -> pd.DataFrame:
    """The outcomes of one block of runs of a scenario, on their own."""
    from sim.experiment.chunk import Block

    return simulate(experiment.task(Block(place, range(1), runs, replication, runs.start))).outcomes


def changed(experiment: Experiment, **changes: Any) -> Experiment:
    """The experiment with something else in it."""
    import dataclasses

    return dataclasses.replace(experiment, **changes)


Contents = Mapping[str, bytes]
