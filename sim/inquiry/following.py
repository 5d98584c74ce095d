"""Runs that are followed to a date: what is read off the model on the way, block by block.

The model is stepped once for all that is asked, and only what is asked is kept, so memory grows with the number of
readings and not with the length of the runs. The runs are those of `sim.compare` with the same scenario and seed.

Days and weeks: the model knows whole weeks. What happens *by* a day happens in the week of that day or before, and how
things stand *on* a day is read at the end of its week. The front moves evenly within a week, so that on a day it is
read between the two Mondays around it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.arrays import FloatArray
from sim.errors import UsageError
from sim.experiment.batch import CHUNK
from sim.parameters import OBLASTS
from sim.scenario import Scenario
from sim.scenario.calendar import MAXIMUM_WEEKS, START, date_of, week_of

if TYPE_CHECKING:
    from sim.model import CeasefireModel

TOTAL = "total"


class Sight:
    """What can be read off a model: the model itself, and the land that each oblast lost or handed over.

    Attributes
    ----------
    model
        The model, after some steps.
    """

    def __init__(self, model: CeasefireModel) -> None:
        self.model = model
        self._start = model.front.gap.copy()
        self._ceded: FloatArray = np.zeros_like(self._start)

    def step(self) -> None:
        """Advance by a week."""
        model = self.model
        before, conceded = model.front.gap, model.front.conceded
        model.step()
        handed_over = model.front.conceded > conceded
        if handed_over.any():
            # The ceasefire has been in force since weeks, so nothing else moved the front in this one.
            self._ceded = self._ceded + np.where(handed_over[:, None], before - model.front.gap, 0.0)

    def left(self, area: str) -> FloatArray:
        """Return the land that Russia does not hold, in an oblast or in all four, km², shape (runs,)."""
        front = self.model.front
        left = front.land_left if area == TOTAL else front.gap[:, OBLASTS.index(area)]
        return np.asarray(left, dtype=np.float64)

    def lost(self, area: str) -> FloatArray:
        """Return the land lost in war since the start, not that handed over at the table, km², shape (runs,)."""
        if area == TOTAL:
            return np.asarray(self.model.front.lost, dtype=np.float64)
        place = OBLASTS.index(area)
        lost: FloatArray = self._start[:, place] - self.model.front.gap[:, place] - self._ceded[:, place]
        return lost


@dataclass(frozen=True)
class Reading:
    """Something to read off every run on a day.

    Attributes
    ----------
    name
        Under which it is returned.
    day
        The day.
    read
        Reads it, shape (runs,).
    between
        It changes evenly within a week and is taken on the day itself; otherwise it is read at the end of the week.
    weeks_after
        Whole weeks beyond that of the day that must have passed.
    """

    name: str
    day: date
    read: Callable[[Sight], NDArray[Any]]
    between: bool = False
    weeks_after: int = 0

    def steps(self) -> dict[int, float]:
        """Return after how many steps it is read, each with its weight in the result."""
        week = week_of(self.day)
        if self.between:
            within = (self.day - date_of(week)).days / 7
            return {week: 1 - within} | ({week + 1: within} if within else {})
        return {week + 1 + self.weeks_after: 1.0}

    def last_step(self) -> int:
        """Return the number of steps after which it is known."""
        return max(self.steps())


def follow(
    scenario: Scenario, runs: range, seed: int, readings: Sequence[Reading], *, to_the_end: bool = False,
    chunk: int = CHUNK,
) -> Iterator[tuple[CeasefireModel, dict[str, NDArray[Any]]]]:  # fmt: skip
    """Step the model through blocks of runs and yield what was read of each, with the model as it then stands.

    Parameters
    ----------
    scenario
        The scenario, long enough for all readings.
    runs
        Numbers of the runs.
    seed
        Seed of all random numbers.
    readings
        What to read; names must differ.
    to_the_end
        Go on to the horizon; otherwise stop after the last reading.
    chunk
        Most runs that advance together.

    Yields
    ------
    model
        The model of a block.
    values
        One array of shape (runs of the block,) per reading, by its name.

    Raises
    ------
    UsageError
        If a number overflows in a run: a chance among the other runs would not be that of the scenario.
    """
    from sim.model import CeasefireModel

    steps = {reading.name: reading.steps() for reading in readings}
    last = scenario.horizon_week if to_the_end else max((max(at) for at in steps.values()), default=0)
    for start in range(runs.start, runs.stop, chunk):
        size = min(chunk, runs.stop - start)
        sight = Sight(CeasefireModel(scenario, runs=size, seed=seed, first_run=start))
        values: dict[str, NDArray[Any]] = {}
        while True:
            for reading in readings:
                weight = steps[reading.name].get(sight.model.week)
                if weight is None:
                    continue
                found = np.array(reading.read(sight))
                if reading.between:
                    found = weight * found + values.get(reading.name, 0.0)
                values[reading.name] = found
            if sight.model.week >= last:
                break
            # A number that overflows is looked for at the end; NumPy need not warn of it.
            with np.errstate(all="ignore"):
                sight.step()
        _refuse_lost_runs(sight.model)
        yield sight.model, values


def _refuse_lost_runs(model: CeasefireModel) -> None:
    state = model.front.land_left + model.front.balance + model.russia.reservation + model.ukraine.reservation
    lost = np.flatnonzero(~np.isfinite(state))
    if lost.size:
        run = model.draws.first_run + int(lost[0])
        raise UsageError(
            f"a number overflows in {lost.size:,} runs of scenario '{model.inputs.name}', the first of them run {run}; "
            f"`truce run {model.inputs.name}` names them, and less extreme values keep them whole"
        )


def long_enough(scenario: Scenario, steps: int, what: str, *, extend: bool, offer: str) -> Scenario:
    """Return the scenario, or with `extend` one whose horizon is so late that it has so many weeks.

    Parameters
    ----------
    scenario
        The scenario.
    steps
        Number of weeks needed.
    what
        What needs them, for the message.
    extend
        Move the horizon where it is too early. No week before it changes.
    offer
        How the user can ask for that, for the message.

    Raises
    ------
    UsageError
        If the scenario ends too early.
    """
    if steps <= scenario.horizon_week:
        return scenario
    needed = date_of(steps)
    if steps > MAXIMUM_WEEKS:
        raise UsageError(f"{what} needs runs until {needed}; no scenario can end after {date_of(MAXIMUM_WEEKS)}")
    if not extend:
        raise UsageError(
            f"{what} needs runs until {needed}, but scenario '{scenario.name}' ends on {scenario.horizon}; {offer}"
        )
    return replace(scenario, horizon=needed)


def after_the_start(day: date) -> str | None:
    """Return what is wrong with a day that is not after the start of the runs, None if nothing is."""
    return None if day > START else f"{day} is not after the start of all runs, {START}; give a later day"
