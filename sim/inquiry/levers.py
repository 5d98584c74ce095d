"""What policy can move in a scenario: levers, how far each goes, and what one unit of effort moves it by."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from sim.arrays import FloatArray
from sim.errors import UsageError, nearest
from sim.experiment.design import Design
from sim.scenario import Scenario, messages

_EDGE = 1e-9  # rounding of bounds given in the parameter's unit


@dataclass(frozen=True)
class Lever:
    """Something that can be moved away from where a scenario has it.

    Attributes
    ----------
    name
        Its key; for a lever that is one parameter, the dotted name of that parameter.
    meaning
        What it is to move it, in a clause.
    steps
        By how much one unit of effort moves each of its parameters, in their units, with sign.
    lowest, highest
        How far it may go, in units of effort; 0, where the scenario is, lies between them.
    unit
        What a unit of effort stands for.
    """

    name: str
    meaning: str
    steps: Mapping[str, float]
    lowest: float
    highest: float
    unit: str


def _table() -> tuple[Lever, ...]:
    us = "united_states"
    return (
        Lever("sanctions", "more sanctions on Russia from the start", {f"{us}.sanctions_start": 0.2}, 0.0, 2.5,
              "an American step of sanctions (0.2 of full ones)"),
        Lever("sanctions_bite", "the leadership in Moscow minds sanctions more", {"russia.sanctions_sensitivity": 0.2},
              0.0, 4.0, "a fifth of their full cost"),
        Lever("american_relief", "more relief of sanctions by Washington for a signature",
              {f"{us}.sanctions_relief": 0.2}, 0.0, 2.0, "as much as all that Europe has to offer"),
        Lever("european_relief", "Europeans readier to lift their sanctions", {"europe.relief_threshold": 0.2}, 0.0,
              4.0, "a fifth more threat that a state bears and still lifts"),
        Lever("recognition", "recognition of the annexation that can be written down", {"table.recognition_limit": 0.2},
              0.0, 3.25, "a fifth of full recognition"),
        Lever("guarantee", "European states readier to pledge troops", {"europe.pledge_threshold": -0.2}, 0.0, 5.0,
              "a threshold lower by 0.2, half its range"),
        Lever("american_backing", "American backing of a guarantee force", {f"{us}.guarantee_backing": 0.2}, 0.0, 3.5,
              "a fifth of full backing"),
        Lever("european_aid", "Europe makes good what Washington cuts",
              {"europe.backfill": 0.3, "europe.headroom": 0.25}, 0.0, 4.0, "half as much again as at the centre"),
        Lever("patience", "Washington waits longer for progress", {f"{us}.patience": 12.0}, 0.0, 4.0,
              "a quarter of a year"),
        Lever("rounds", "more rounds of talks while Washington mediates", {"table.round_engaged": 0.25}, 0.0, 3.0,
              "a round a month"),
        Lever("russian_doubt", "Russia is less sure of full control by the end of 2025", {"russia.confidence": -0.1},
              0.0, 7.0, "a tenth of certainty"),
    )  # fmt: skip


#: Levers by name. How much effort a unit is worth is judgement; bounds and units can be chosen.
LEVERS: dict[str, Lever] = {lever.name: lever for lever in _table()}


@dataclass(frozen=True, eq=False)
class Levers:
    """Levers of a scenario: where each stands, and what a position means.

    Attributes
    ----------
    levers
        The levers.
    origin
        Where the scenario has each of their parameters: its central value.
    """

    levers: tuple[Lever, ...]
    origin: Mapping[str, float]

    @property
    def low(self) -> FloatArray:
        """Lowest positions, in units of effort, shape (levers,)."""
        return np.array([lever.lowest for lever in self.levers])

    @property
    def high(self) -> FloatArray:
        """Highest positions, in units of effort, shape (levers,)."""
        return np.array([lever.highest for lever in self.levers])

    def design(self, positions: FloatArray) -> Design:
        """Return the values of the parameters at positions of shape (points, levers)."""
        columns = {
            name: self.origin[name] + positions[:, place] * step
            for place, lever in enumerate(self.levers)
            for name, step in lever.steps.items()
        }
        return Design(tuple(columns), np.column_stack(list(columns.values())))


def levers_of(scenario: Scenario, wanted: Iterable[str | Lever] | Mapping[str, object]) -> Levers:
    """Return levers of a scenario.

    Parameters
    ----------
    scenario
        The scenario.
    wanted
        Names of `LEVERS` or of parameters, or levers ready-made; or, by name, bounds ``(low, high)`` or
        ``(low, high, unit)``: for one parameter in its own unit, for several that move together in units of effort.
        None takes the bounds of the lever. Without a unit, the whole range of a parameter is one unit of effort.

    Raises
    ------
    UsageError
        A name is unknown, bounds are missing, leave the scenario out or are beyond those of the parameter, two levers
        move the same parameter, or an event of the scenario sets it.
    """
    asked: list[tuple[str | Lever, object]]
    asked = list(wanted.items()) if isinstance(wanted, Mapping) else [(item, None) for item in _listed(wanted)]
    if not asked:
        raise UsageError(f"no lever is given; there are {', '.join(LEVERS)}, and every parameter with its bounds")
    known, resolved = scenario.parameters(), scenario.resolve()
    origin: dict[str, float] = {}
    found: list[Lever] = []
    for item, bounds in asked:
        lever = item if isinstance(item, Lever) else _bounded(str(item), bounds, scenario)
        for name, step in lever.steps.items():
            if name not in known:
                raise UsageError(f"{lever.name}: {messages.unknown_parameter(name, list(known))}")
            if name in origin:
                raise UsageError(f"{name} is moved by two levers; leave one of them out")
            for event in scenario.events:
                if name in event.changes:
                    raise UsageError(
                        f"{name} cannot be a lever: the event {event.name} of the scenario sets it on {event.day}"
                    )
            value = resolved[name]
            origin[name] = float(value) if isinstance(value, int | float) else float(
                min(max(value.central, known[name].low), known[name].high)
            )  # fmt: skip
            lever = _within(lever, name, step, origin[name], known[name].low, known[name].high)
        found.append(lever)
    return Levers(tuple(found), origin)


def read_lever(text: str) -> tuple[str, object]:
    """Read what the command line says of a lever: ``NAME``, ``NAME=low:high`` or ``NAME=low:high@unit``.

    Examples
    --------
    >>> read_lever("russia.confidence=0.3:0.75@0.1")
    ('russia.confidence', (0.3, 0.75, 0.1))
    """
    name, equals, given = (part.strip() for part in text.partition("="))
    if not equals:
        return name, None
    span, at, unit = given.partition("@")
    try:
        low, high = (float(part) for part in span.split(":"))
        return name, (low, high, float(unit)) if at else (low, high)
    except ValueError:
        raise UsageError(f"{name}={given}: give bounds as {name}=low:high, or with a unit of effort as "
                         f"{name}=low:high@unit") from None  # fmt: skip


def _listed(wanted: Iterable[str | Lever]) -> list[str | Lever]:
    return [wanted] if isinstance(wanted, str | Lever) else list(wanted)


def _bounded(name: str, bounds: object, scenario: Scenario) -> Lever:
    """Return a lever of `LEVERS`, or one made of a parameter, with the bounds that were given."""
    lever, known = LEVERS.get(name), scenario.parameters()
    if lever is None and name not in known:
        every = [*LEVERS, *known]
        hint = nearest(name, every) or f"; there are {', '.join(LEVERS)}, and every parameter"
        raise UsageError(f"there is no lever '{name}'{hint}")
    if bounds is None:
        if lever is None:
            raise UsageError(f"{name}: has no bounds as a lever; give them, such as {name}=low:high")
        return lever
    low, high, unit = _numbers(name, bounds)
    if lever is not None and len(lever.steps) > 1:
        if unit is not None:
            raise UsageError(f"{name}: moves several parameters, so its bounds are units of effort already")
        return replace(lever, lowest=low, highest=high)
    (key, step), = lever.steps.items() if lever is not None else ((name, high - low),)
    value = scenario.resolve()[key]
    at = float(value) if isinstance(value, int | float) else float(value.central)
    if not low <= at <= high:
        raise UsageError(
            f"{name}: the scenario has it at {at:.4g}, outside {low:g}:{high:g}; effort is counted from there, so let "
            "the bounds hold it"
        )
    size = abs(step) if unit is None else unit
    step = size if lever is None else math.copysign(size, step)
    ends = sorted(((low - at) / step, (high - at) / step))
    meaning = known[key].meaning if lever is None else lever.meaning
    words = lever.unit if lever is not None and unit is None else f"{size:g} {known[key].unit}"
    return Lever(name, meaning, {key: step}, ends[0], ends[1], words)


def _numbers(name: str, bounds: object) -> tuple[float, float, float | None]:
    try:
        low, high, *rest = (float(part) for part in bounds)  # type: ignore[attr-defined]
        (unit,) = rest or (None,)
    except (TypeError, ValueError):
        raise UsageError(f"{name}: {bounds!r} are no bounds; give (low, high) or (low, high, unit)") from None
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise UsageError(f"{name}: {low:g}:{high:g} is no range; the first number must be below the second")
    if unit is not None and not (math.isfinite(unit) and unit > 0):
        raise UsageError(f"{name}: a unit of effort is a number above 0, not {unit:g}")
    return low, high, unit


def _within(lever: Lever, name: str, step: float, origin: float, low: float, high: float) -> Lever:
    """Return the lever if it keeps its parameter in bounds; one from the table goes as far as there is room."""
    ends = sorted(((low - origin) / step, (high - origin) / step))
    if lever.name in LEVERS and lever == LEVERS[lever.name]:
        lever = replace(lever, lowest=max(lever.lowest, ends[0]), highest=min(lever.highest, ends[1]))
    if lever.lowest > 0 or lever.highest < 0 or lever.highest - lever.lowest <= _EDGE:
        raise UsageError(f"{lever.name}: cannot be moved; {name} stands at {origin:.4g}, at the end of its range")
    for end in (lever.lowest, lever.highest):
        value = origin + end * step
        if not low - _EDGE <= value <= high + _EDGE:
            raise UsageError(f"{lever.name}: would take {name} to {value:.4g}; it goes from {low:g} to {high:g}")
    return lever
