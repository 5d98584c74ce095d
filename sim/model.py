"""The model: an ensemble of Mesa actors that advance all runs together, week by week."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np

from sim.actors import Europe, EuropeanState, Russia, Ukraine, UnitedStates
from sim.arrays import BoolArray, FloatArray
from sim.draws import Draws
from sim.errors import UsageError, nearest, whole_number
from sim.scenario import Event, Scenario, load, week_of
from sim.scenario.calendar import DEADLINE
from sim.values import constant, draw_values
from sim.world.front import Front
from sim.world.record import Record
from sim.world.table import Table
from sim.world.truce import Truce
from sim.world.watch import Watch

if TYPE_CHECKING:
    import pandas as pd

#: Weeks from the start to the date of Russia's stated confidence (C2), whatever the deadline of a scenario.
LOOK_AHEAD = week_of(DEADLINE)


class CeasefireModel(mesa.Model):
    """Runs of one scenario that advance together; with ``runs=1`` a plain Mesa model of one history.

    Parameters
    ----------
    scenario
        What to run, from ``sim.load``; or its name or path.
    runs
        Number of runs; every number an actor holds is an array of this length, called *runs* wherever shapes are given.
    seed
        Seed of all draws, a non-negative integer.
    first_run
        Index of the first run within a larger ensemble: run 5 of 10 equals run 0 with ``first_run=5``.
    replication
        Repeats the ensemble: every run keeps its parameters and, from 1 on, meets other luck.
    actors
        Classes that replace built-in actors, by name: "russia", "ukraine", "united_states", "european_state" or one
        European state ("hungary").
    design
        Values of parameters by dotted name, one per point of a design, shape (points,). The model then holds `runs`
        runs of every point, point by point, ``points * runs`` in all.
    independent
        The points of a design do not share the luck of their runs, but meet that of the runs ``first_run``,
        ``first_run + 1``, ... one after another.
    check
        Look after every week whether all of `sim.world.invariants` holds, and raise an `InvariantError` if not. No
        number changes by it.

    Examples
    --------
    >>> import sim
    >>> model = sim.CeasefireModel(sim.load("hardball").vary({"russia.confidence": 0.7}), runs=3, seed=1)
    >>> model.step()
    >>> model.russia.confidence.shape, model.week
    ((3,), 1)
    """

    def __init__(
        self, scenario: Scenario | str | Path, *, runs: int = 1, seed: int = 1, first_run: int = 0,
        replication: int = 0, actors: Mapping[str, type[Any]] | None = None,
        design: Mapping[str, FloatArray] | None = None, independent: bool = False, check: bool = False,
    ) -> None:  # fmt: skip
        runs, seed = whole_number("runs", runs, lowest=1), whole_number("seed", seed, lowest=0)
        first_run = whole_number("first_run", first_run, lowest=0)
        points = len(next(iter(design.values()))) if design else 1
        scenario = scenario if isinstance(scenario, Scenario) else load(scenario)
        super().__init__(rng=seed)
        self.inputs, self.runs = scenario, points * runs
        self.week, self.weeks, self.look_ahead = 0, scenario.horizon_week, LOOK_AHEAD
        replication = whole_number("replication", replication, lowest=0)
        alone, copies = (self.runs, 1) if independent else (runs, points)
        self.draws = Draws(seed, alone, first_run, replication, copies)
        self.values = draw_values(scenario.resolve(), self.draws, design or {})
        self.europe_values = self.values["europe"]
        self.front = Front(self)
        cast = _cast(scenario, actors or {})
        self.russia: Russia = cast["russia"](self)
        self.ukraine: Ukraine = cast["ukraine"](self)
        self.united_states: UnitedStates = cast["united_states"](self)
        self.europe = Europe(self, [cast[name](self, name) for name in scenario.states])
        self.truce, self.table = Truce(self), Table(self)
        self.record = Record(self)
        self.at_war_this_week: BoolArray = self.at_war
        self._watch = Watch(self) if check else None

    def __repr__(self) -> str:
        return f"<CeasefireModel {self.inputs.name}: {self.runs} runs, week {self.week} of {self.weeks}>"

    def step(self) -> None:
        """Advance every run by one week."""
        self._apply_events()
        self.at_war_this_week = self.at_war
        self.front.move()
        self.russia.observe()
        self.ukraine.observe()
        self.united_states.observe()
        self.europe.decide()
        self.russia.assess()
        self.ukraine.assess()
        self.table.meet()
        self.united_states.assign_blame()
        self.united_states.review()
        self.truce.grow_older()
        self.record.note()
        self.week += 1
        if self._watch is not None:
            self._watch.insist()

    def run(self) -> CeasefireModel:
        """Advance to the horizon and return the model."""
        while self.week < self.weeks:
            self.step()
        return self

    @property
    def at_war(self) -> BoolArray:
        """The war goes on: no ceasefire in force and no full control, shape (runs,)."""
        return ~(self.truce.in_force | self.front.full_control)

    def outcomes(self) -> pd.DataFrame:
        """Return what happened so far, one row per run (columns: ``sim.analysis.outcomes.COLUMNS``)."""
        return self.record.outcomes()

    def _apply_events(self) -> None:
        """Carry out what the scenario sets for this week."""
        self.table.clear()
        self.united_states.open_week()
        for event in self.inputs.events:
            if event.week == self.week:
                self._change(event)
                self._act(event)

    def _change(self, event: Event) -> None:
        if not event.changes:
            return
        for name, value in event.changes.items():
            group, key = name.rsplit(".", 1)
            self.values[group].set(key, constant(value, self.runs))
        for part in (self.front, self.truce, self.russia, self.ukraine, self.europe):
            part.prepare()

    def _act(self, event: Event) -> None:
        us, everywhere = self.united_states, np.ones(self.runs, dtype=bool)
        match event.action:
            case "leaders_call":
                self.table.call(leaders=True)
            case "round":
                self.table.call()
            case "short_truce":
                self.table.call_short_truce()
            case "breakthrough":
                self.front.crack()
            case "sanctions_step":
                us.press_russia(everywhere, us.p.sanctions_step if event.size is None else event.size)
            case "aid_cut":
                us.press_ukraine(everywhere, us.p.aid_step if event.size is None else event.size)
            case "disengage":
                us.disengage(everywhere)
            case "re_engage":
                us.re_engage(everywhere)


_BUILT_IN: dict[str, type[Any]] = {"russia": Russia, "ukraine": Ukraine, "united_states": UnitedStates}


def _cast(scenario: Scenario, replacements: Mapping[str, type[Any]]) -> dict[str, type[Any]]:
    """Return the class of every actor, by name."""
    state = replacements.get("european_state", EuropeanState)
    roles = _BUILT_IN | dict.fromkeys(scenario.states, state)
    for name, kind in replacements.items():
        if name not in roles and name != "european_state":
            raise UsageError(f"no actor is called {name!r}{nearest(name, [*roles, 'european_state'])}")
        built_in = _BUILT_IN.get(name, EuropeanState)
        if not (isinstance(kind, type) and issubclass(kind, built_in)):
            raise UsageError(f"the actor {name!r} must be a subclass of sim.actors.{built_in.__name__}, not {kind!r}")
    return roles | {name: kind for name, kind in replacements.items() if name in roles}
