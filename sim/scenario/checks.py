"""What no single value can tell: dates in order, beliefs that fit together, events that can happen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from sim.distributions import Choice, Distribution
from sim.errors import nearest
from sim.parameters import ISSUES, OBLASTS, PARAMETERS, STATES, Parameter
from sim.scenario import messages
from sim.scenario.calendar import DEADLINE, HORIZON, MAXIMUM_WEEKS, START, date_of
from sim.scenario.messages import Path
from sim.scenario.reading import Place
from sim.scenario.schema import NAME, SIZED_ACTIONS, STATE_KEYS

if TYPE_CHECKING:
    from sim.scenario.scenario import Event, Scenario

#: Weights of which at least one must be above zero, because the model divides by their sum.
_WEIGHTS = {
    "Russia's weights": [f"russia.weight_{issue}" for issue in ISSUES],
    "Ukraine's weights": [f"ukraine.weight_{issue}" for issue in ISSUES],
    "the shares of the advance": [f"front.{oblast}_share" for oblast in OBLASTS],
}


def check(scenario: Scenario, places: Mapping[Path, Place]) -> None:
    """Refuse a scenario whose values do not fit together.

    Parameters
    ----------
    scenario
        Made of values that are valid one by one.
    places
        Where each value was written, by its path in the file; may be empty.

    Raises
    ------
    ScenarioError
        With a line for each fault found.
    """
    faults = [
        messages.at(path, message, places)
        for part in (_dates, _states, _events, _beliefs, _weights)
        for path, message in part(scenario, places)
    ]
    if faults:
        raise messages.together(faults)


Faults = Iterator[tuple[Path, str]]


def _dates(scenario: Scenario, places: Mapping[Path, Place]) -> Faults:
    last = date_of(MAXIMUM_WEEKS)
    if scenario.deadline_week < 1:
        yield ("deadline",), f"{scenario.deadline} is too early; the first possible deadline is {date_of(1)}"
    if scenario.horizon > last:
        yield ("horizon",), f"{scenario.horizon} is too late; a scenario ends by {last} ({MAXIMUM_WEEKS} weeks)"
    if scenario.horizon < scenario.deadline:
        key = "deadline" if scenario.horizon == HORIZON and scenario.deadline != DEADLINE else "horizon"
        yield (
            (key,),
            f"the horizon {scenario.horizon} must not be before the deadline {scenario.deadline}; move one of them",
        )


def _states(scenario: Scenario, places: Mapping[Path, Place]) -> Faults:
    for key in scenario.states:
        if key not in STATES and not NAME.fullmatch(key):
            yield ("europe", key), "the name of a state is made of lower-case letters, digits and underscores"


def _events(scenario: Scenario, places: Mapping[Path, Place]) -> Faults:
    parameters = scenario.parameters()
    for event in scenario.events:
        path: Path = ("events", event.name)
        if not NAME.fullmatch(event.name):
            yield path, "the name of an event is made of lower-case letters, digits and underscores"
        if event.day < START:
            yield (*path, "date"), f"{event.day} is before the start; the first possible day is {START}"
        elif event.week >= scenario.horizon_week > 0:  # of a horizon before the start it is said already
            last = date_of(scenario.horizon_week) - timedelta(days=1)
            yield (*path, "date"), f"{event.day} is after the end of the scenario; the last possible day is {last}"
        if event.action is None and not event.changes:
            yield path, "the event does nothing; give it an action with `do` or new values with `set`"
        if event.size is not None and event.action not in SIZED_ACTIONS:
            yield (*path, "size"), f"only {' and '.join(SIZED_ACTIONS)} have a size; remove it"
        for name, value in event.changes.items():
            message = _change(event, name, value, parameters)
            if message:
                yield (*path, "set", name), message


def _change(event: Event, name: str, value: float, parameters: Mapping[str, Parameter]) -> str | None:
    parameter = parameters.get(name)
    if parameter is None:
        parts = name.split(".")
        if name in PARAMETERS:
            return f"the scenario takes {parts[1]} out, so that nothing can change there; remove the line"
        if parts[0] == "europe" and len(parts) == 3 and parts[2] in STATE_KEYS:
            states = {known.split(".")[1] for known in parameters if known.count(".") == 2}
            return f"the scenario has no state '{parts[1]}'{nearest(parts[1], sorted(states))}"
        return messages.unknown_parameter(name, list(parameters))
    if parameter.at_start:
        return f"this matters at the start only, so an event cannot change it; set it under `{parameter.group}`"
    if not parameter.low <= value <= parameter.high:
        return f"{messages.quoted(value)} is out of range; give a number {messages.bounds(parameter)}"
    return None


def _beliefs(scenario: Scenario, places: Mapping[Path, Place]) -> Faults:
    resolved = scenario.resolve()
    for group, who in {"russia": "Russia", "ukraine": "Ukraine", "united_states": "Washington"}.items():
        names = [f"{group}.confidence", f"{group}.breakthrough_decides"]
        highest = _reach(resolved[names[0]], PARAMETERS[names[0]])[1]
        lowest = _reach(resolved[names[1]], PARAMETERS[names[1]])[0]
        if highest >= lowest:
            ours = _blamed(names, scenario, places)
            yield (
                tuple(ours.split(".")),
                f"{who}'s belief in full Russian control ({names[0]}, {_up_to(resolved[names[0]], highest, 'up to')}) "
                f"must stay below its belief that a breakthrough gives everything ({names[1]}, "
                f"{_up_to(resolved[names[1]], lowest, 'down to')}); {_remedy(ours, names, highest, lowest)}",
            )


def _remedy(ours: str, names: list[str], highest: float, lowest: float) -> str:
    if ours == names[0]:
        return f"keep it below {lowest:g} or raise {names[1]}"
    return f"keep it above {highest:g} or lower {names[0]}"


def _up_to(value: float | Distribution, limit: float, words: str) -> str:
    return f"{words} {limit:g}" if isinstance(value, Distribution) else f"{limit:g}"


def _reach(value: float | Distribution, parameter: Parameter) -> tuple[float, float]:
    """Return the smallest and the largest value possible, truncation included."""
    low, high = value.support if isinstance(value, Distribution) else (value, value)
    return max(low, parameter.low), min(high, parameter.high)


def _blamed(names: list[str], scenario: Scenario, places: Mapping[Path, Place]) -> str:
    """Return the name to report: one that was set, in the file itself rather than in one it extends."""
    written = [name for name in names if name in scenario.values] or names
    own = [name for name in written if _is_own(name, scenario, places)]
    return (own or written)[0]


def _is_own(name: str, scenario: Scenario, places: Mapping[Path, Place]) -> bool:
    place, top = places.get(tuple(name.split("."))), places.get(())
    return scenario.origins.get(name) == "Python" or (place is not None and top is not None and place.file == top.file)


def _weights(scenario: Scenario, places: Mapping[Path, Place]) -> Faults:
    current = scenario.resolve()
    for what, names in _WEIGHTS.items():
        if all(_may_be_zero(current[name]) for name in names):
            yield tuple(_blamed(names, scenario, places).split(".")), _all_zero(what)
        now = {name: current[name] for name in names}
        for event in scenario.events:
            hit = [name for name in names if name in event.changes]
            now |= {name: event.changes[name] for name in hit}
            if hit and all(_may_be_zero(value) for value in now.values()):
                yield ("events", event.name, "set", hit[0]), _all_zero(what)


def _all_zero(what: str) -> str:
    return f"{what} could all four be zero; make at least one of them larger than 0"


def _may_be_zero(value: float | Distribution) -> bool:
    return 0.0 in value.choice if isinstance(value, Choice) else value == 0.0
