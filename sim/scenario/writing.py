"""A scenario as a file again: the text from which `load` makes a scenario that gives the same runs."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

from sim.distributions import Distribution
from sim.parameters import STATES
from sim.scenario.schema import GROUPS

if TYPE_CHECKING:
    from sim.scenario.scenario import Event, Scenario


def defaults_of(scenario: Scenario) -> dict[str, float | Distribution]:
    """Return what the parameters of a scenario would be if it set none of them."""
    return dataclasses.replace(scenario, values={}).resolve()


def as_file(scenario: Scenario) -> str:
    """Return a scenario as the text of a file that stands alone: it extends nothing.

    Only what differs from the defaults is written, whole: every digit, so that the digest is the same.

    Parameters
    ----------
    scenario
        A scenario, also one that was made in Python or comes from a manifest.

    Returns
    -------
    str
        YAML. The file has to bear the name of the scenario, with the suffix ``.yaml``.

    Examples
    --------
    >>> import sim
    >>> print(as_file(sim.load("moves_on")).split("events:")[1])
    <BLANKLINE>
      call_of_19_may: {date: 2025-05-19, do: leaders_call}
      moves_on: {date: 2025-07-14, do: disengage}
    <BLANKLINE>
    """
    lines = [f"title: {_text(scenario.title)}"] if scenario.title else []
    lines += [f"question: {_text(scenario.question)}"] if scenario.question else []
    lines += [f"deadline: {scenario.deadline}", f"horizon: {scenario.horizon}"]
    lines += [] if scenario.uncertainty else ["uncertainty: off"]
    for group in GROUPS:
        entries = _entries(scenario, group)
        lines += [f"{group}:", *entries] if entries else []
    if scenario.events:
        lines += ["events:", *(f"  {event.name}: {_event(event)}" for event in scenario.events)]
    return "\n".join(lines) + "\n"


def _entries(scenario: Scenario, group: str) -> list[str]:
    defaults, resolved = defaults_of(scenario), scenario.resolve()
    lines = [f"  {key}: null" for key in STATES if group == "europe" and key not in scenario.states]
    for name, value in resolved.items():
        first, *rest = name.split(".")
        # A state that does not come with the model has no defaults: all three numbers are its own.
        is_new = len(rest) == 2 and rest[0] not in STATES
        if first != group or (value == defaults[name] and not is_new):
            continue
        if len(rest) == 2 and f"  {rest[0]}:" not in lines:
            lines.append(f"  {rest[0]}:")
        lines.append(f"{'  ' * len(rest)}{rest[-1]}: {_value(value)}")
    return lines


def _value(value: float | Distribution) -> str:
    if isinstance(value, Distribution):
        ((law, numbers),) = value.model_dump().items()
        return f"{{{law}: [{', '.join(map(_number, numbers))}]}}"
    return _number(value)


def _number(value: float) -> str:
    return repr(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def _event(event: Event) -> str:
    parts = [f"date: {event.day}"]
    parts += [f"do: {event.action}"] if event.action else []
    parts += [f"size: {_number(event.size)}"] if event.size is not None else []
    if event.changes:
        parts.append(f"set: {{{', '.join(f'{name}: {_number(value)}' for name, value in event.changes.items())}}}")
    return f"{{{', '.join(parts)}}}"


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # a string of JSON is one of YAML
