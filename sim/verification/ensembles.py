"""Worlds set against each other run by run: the same luck in both, so that a small difference shows.

Run *i* of two worlds meets the same draws and has the same quantile of every uncertain parameter. What a change does is
then the mean of the runs' own differences, and its standard error that of this mean.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import sim
from sim.scenario.calendar import DEADLINE, HOLDING_WEEKS, week_of
from sim.verification.worlds import event, hardball, scenario

SEED = 11  #: of every ensemble here, so that worlds are comparable and the baseline is computed once
WEEKS = 104  #: the horizon of the baseline
DEADLINE_WEEK = week_of(DEADLINE)


class Measure(NamedTuple):
    """What is read from a table of outcomes, one number per run, and how many weeks must pass before it is known."""

    read: Callable[[pd.DataFrame], pd.Series[float]]
    weeks: int = WEEKS


class Estimate(NamedTuple):
    """A number, and its standard error where it is a mean of paired differences."""

    value: float
    error: float = 0.0


@dataclass(frozen=True, slots=True)
class World:
    """The baseline and what is different from it; made by `world`.

    Attributes
    ----------
    changes
        Parameters by dotted name with their values.
    events
        Week, action and size of what happens besides the scenario's own calendar.
    actors
        Names of actors and the classes that replace them.
    calendar
        Whether the scenario's own events take place.
    """

    changes: tuple[tuple[str, float], ...] = ()
    events: tuple[tuple[int, str, float | None], ...] = ()
    actors: tuple[tuple[str, type[Any]], ...] = ()
    calendar: bool = True

    def but(self, other: World) -> World:
        """Return this world with another's differences on top; where both set something, the other's holds."""
        return World(
            tuple(sorted((dict(self.changes) | dict(other.changes)).items())), self.events + other.events,
            tuple((dict(self.actors) | dict(other.actors)).items()), self.calendar and other.calendar,
        )  # fmt: skip


def world(
    changes: Mapping[str, float] | None = None, *, events: tuple[tuple[int, str, float | None], ...] = (),
    calendar: bool = True, **actors: type[Any],
) -> World:  # fmt: skip
    """Return the baseline with changes.

    Examples
    --------
    >>> world({"russia.confidence": 0.6}).but(world({"russia.confidence": 0.7})).changes
    (('russia.confidence', 0.7),)
    """
    return World(tuple(sorted((changes or {}).items())), tuple(events), tuple(actors.items()), calendar)


BASELINE = world()


def model(what: World, runs: int, weeks: int = WEEKS) -> sim.CeasefireModel:
    """Return the model of a world at week 0."""
    own = hardball().events if what.calendar else ()
    decreed = tuple(event(week, action, size) for week, action, size in what.events)
    inputs = scenario(dict(what.changes), weeks=weeks, events=own + decreed)
    return sim.CeasefireModel(inputs, runs=runs, seed=SEED, actors=dict(what.actors))


@lru_cache(maxsize=128)
def outcomes(what: World, runs: int, weeks: int = WEEKS) -> pd.DataFrame:
    """Return the outcomes of a world's runs; kept for the next check that asks (the signs meet 64 worlds: 30 MB)."""
    return model(what, runs, weeks).run().outcomes().drop(columns="scenario")


def by_deadline(column: str) -> Measure:
    """Whether the week in a column is no later than the article's deadline."""
    # A ceasefire that begins at the deadline is known to have held a few weeks later.
    return Measure(lambda table: (table[column] <= DEADLINE_WEEK).astype(float), DEADLINE_WEEK + HOLDING_WEEKS + 1)


def ever(column: str) -> Measure:
    """Whether the week in a column came before the horizon."""
    return Measure(lambda table: table[column].notna().astype(float))


def number(column: str) -> Measure:
    """Return a column as it is; NaN where a run has none."""
    return Measure(lambda table: table[column].astype(float))


def mean(measure: Measure, what: World, runs: int) -> float:
    """Return the mean of a measure over the runs that have a value."""
    return float(measure.read(outcomes(what, runs, measure.weeks)).mean())


def paired(measure: Measure, before: World, then: World, runs: int) -> Estimate:
    """Return the mean change of a measure from one world to another, over runs that have a value in both."""
    old, new = (measure.read(outcomes(each, runs, measure.weeks)) for each in (before, then))
    return mean_of((new - old).dropna().to_numpy())


def mean_of(numbers: NDArray[np.float64]) -> Estimate:
    """Return the mean of some numbers, one per run, and its standard error."""
    if numbers.size < 2:
        return Estimate(float("nan"), float("nan"))
    return Estimate(float(numbers.mean()), float(numbers.std(ddof=1) / np.sqrt(numbers.size)))
