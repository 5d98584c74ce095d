"""Worlds at the ends of what a scenario may say, for every property test of the model.

`worlds` is the strategy: dates, states and events of a scenario, and a design whose points are corners of the space of
parameters. `carried_out` advances such a world with NumPy's warnings as errors and every invariant looked at.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st

import sim
from sim.arrays import FloatArray
from sim.parameters import ISSUES, OBLASTS, STATES, Parameter
from sim.scenario import Event, Scenario, checks, date_of
from sim.scenario.schema import ACTIONS, SIZED_ACTIONS
from sim.verification.worlds import hardball

#: Which European states there are: none, one, those of the default, forty.
COMPANIES = ((), ("poland",), tuple(STATES), tuple(f"state_{number}" for number in range(40)))
#: Weeks: the least, those around the 30 days of a ceasefire and the first renewal of sanctions, a year and more.
HORIZONS = (1, 2, 5, 6, 11, 33, 60)


class World(NamedTuple):
    """A scenario, and the points of a design at which it is run."""

    scenario: Scenario
    design: Mapping[str, FloatArray]


def world_of(
    weeks: int, *, deadline: int | None = None, states: tuple[str, ...] = tuple(STATES), events: tuple[Event, ...] = (),
    points: int = 1, seed: int | None = None, certain: bool = False,
) -> World:  # fmt: skip
    """A valid world; its parameters lie at corners drawn with the seed, and without one at their defaults."""
    new = {
        f"europe.{state}.{key}": 1 / len(states)
        for state in states for key in ("threat", "aid_share", "guarantee_share") if state not in STATES
    }  # fmt: skip
    base = hardball()
    scenario = dataclasses.replace(
        base, horizon=date_of(weeks), deadline=date_of(weeks if deadline is None else deadline), states=states,
        values={**base.values, **new}, events=events, uncertainty=not certain,
    )  # fmt: skip
    checks.check(scenario, {})
    return World(scenario, {} if seed is None else corners(scenario, points, seed))


def ends_of(parameter: Parameter) -> list[float]:
    """The bounds of a parameter, zero and one where they are allowed, and what is usual."""
    return sorted({parameter.low, parameter.high, parameter.default} | {x for x in (0.0, 1.0) if _allows(parameter, x)})


def _allows(parameter: Parameter, value: float) -> bool:
    return parameter.low <= value <= parameter.high


def corners(scenario: Scenario, points: int, seed: int) -> dict[str, FloatArray]:
    """Points at which every parameter takes one of its ends, or lies anywhere between its bounds."""
    draw = np.random.default_rng(seed)
    design = {}
    for name, parameter in scenario.parameters().items():
        values = draw.choice(ends_of(parameter), points)
        anywhere = draw.random(points) < 0.2
        design[name] = np.where(anywhere, draw.uniform(parameter.low, parameter.high, points), values)
    return valid(design)


def each_end(scenario: Scenario) -> dict[str, FloatArray]:
    """Points at which one parameter after another takes each of its ends, and all others what is usual."""
    parameters = scenario.parameters()
    pairs = [(name, end) for name, parameter in parameters.items() for end in ends_of(parameter)]
    usual = {name: np.full(len(pairs), parameter.default) for name, parameter in parameters.items()}
    for point, (name, end) in enumerate(pairs):
        usual[name][point] = end
    return valid(usual)


def valid(design: dict[str, FloatArray]) -> dict[str, FloatArray]:
    """The same design, but for combinations of values that every scenario file is refused for."""
    for side in ("russia", "ukraine", "united_states"):
        believed, decides = design[f"{side}.confidence"], design[f"{side}.breakthrough_decides"]
        believed[believed >= decides] = 0.0
    for first, *others in (
        *([f"{side}.weight_{issue}" for issue in ISSUES] for side in ("russia", "ukraine")),
        [f"front.{oblast}_share" for oblast in OBLASTS],
    ):
        design[first][sum(design[name] for name in (first, *others)) == 0] = 1.0
    return design


@st.composite
def worlds(draw: st.DrawFn, points: int = 40) -> World:
    """Any dates, states and events of the lists above, at corners of the space of parameters."""
    weeks = draw(st.sampled_from(HORIZONS))
    states = draw(st.sampled_from(COMPANIES))
    deadline = draw(st.integers(1, weeks))
    certain = draw(st.booleans())
    free = [p for p in world_of(weeks, states=states).scenario.parameters().values() if not p.at_start]
    events = []
    for number in range(draw(st.integers(0, 4))):
        day = date_of(draw(st.integers(0, weeks - 1))) + timedelta(days=draw(st.integers(0, 6)))
        action = draw(st.none() | st.sampled_from(sorted(ACTIONS)))
        size = draw(st.none() | st.sampled_from([0.0, 0.3, 1.0])) if action in SIZED_ACTIONS else None
        some = draw(st.lists(st.sampled_from(free), min_size=action is None, max_size=3, unique_by=lambda p: p.name))
        changes = {p.name: draw(st.sampled_from(ends_of(p))) for p in some if not _is_weight(p)}
        if action is not None or changes:
            events.append(Event(f"event_{number}", day, action, size, changes))
    events.sort(key=lambda event: event.day)
    return world_of(
        weeks, deadline=deadline, states=states, events=tuple(events), points=points, certain=certain,
        seed=draw(st.integers(0, 2**32 - 1)),
    )  # fmt: skip


def _is_weight(parameter: Parameter) -> bool:
    """Whether an event must not set it alone, because all of its kind could then be zero."""
    return "weight_" in parameter.name or parameter.name.removeprefix("front.") in {f"{o}_share" for o in OBLASTS}


def model_of(world: World, runs: int = 2, seed: int = 1, **named) -> sim.CeasefireModel:
    """The model of a world before its first week, with every invariant looked at."""
    with np.errstate(all="raise", under="ignore"):
        return sim.CeasefireModel(world.scenario, runs=runs, seed=seed, design=world.design, check=True, **named)


def carried_out(world: World, runs: int = 2, seed: int = 1, **named) -> sim.CeasefireModel:
    """The model of a world at its horizon; a number that overflows or is none is an error, as is a broken invariant."""
    with np.errstate(all="raise", under="ignore"):
        return model_of(world, runs, seed, **named).run()
