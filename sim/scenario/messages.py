"""One sentence for each way in which a file can miss the schema: place, key, and what would be right."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sim.distributions import DISTRIBUTIONS
from sim.errors import ScenarioError, nearest
from sim.parameters import PARAMETERS, STATES, Parameter, State, state_parameters
from sim.scenario.reading import Place
from sim.scenario.schema import ACTIONS, GROUPS, STATE_KEYS, SWITCH, file_model

Path = tuple[str | int, ...]

_FORMS = {
    "uniform": "[low, high] with low < high",
    "triangular": "[low, mode, high] with low <= mode <= high and low < high",
    "beta": "[alpha, beta], at most 1e9 and both above 0",
    "normal": "[mean, standard deviation] with a standard deviation above 0",
    "lognormal": "[median, sigma], both above 0",
    "choice": "a list of at least one number",
}
#: Most faults that one error shows.
_MOST_FAULTS = 10

_EVENT_KEYS = ("date", "do", "size", "set")


def explain(error: ValidationError, places: Mapping[Path, Place]) -> ScenarioError:
    """Translate what pydantic found into one error, a line for each fault.

    Parameters
    ----------
    error
        Raised by the model of a scenario file.
    places
        Where each value was written, by its path; may be empty for values given in Python.

    Returns
    -------
    ScenarioError
        With the place of the first fault.
    """
    found: dict[Path, ScenarioError] = {}
    for detail in error.errors(include_url=False):
        path = _named(detail)
        # The first fault of a value speaks for it.
        found.setdefault(path, at(path, _sentence(path, detail), places))
    return together(sorted(found.values(), key=lambda fault: (str(fault.file), fault.line or 0)))


def at(path: Path, message: str, places: Mapping[Path, Place]) -> ScenarioError:
    """Return an error at the place of a path, or of the nearest value around it that was written."""
    known = next((path[:n] for n in range(len(path), 0, -1) if path[:n] in places), None)
    place = places[known] if known is not None else None
    return ScenarioError(
        message,
        file=place.file if place else None,
        line=place.line if place else None,
        key=".".join(str(part) for part in path),
    )


def together(faults: Sequence[ScenarioError]) -> ScenarioError:
    """Return the first fault, whose text shows every fault on a line of its own; of very many the first."""
    first, more = faults[0], len(faults) - _MOST_FAULTS
    lines = [str(fault) for fault in faults[:_MOST_FAULTS]]
    lines += [f"and {more:,} more fault{'s' if more > 1 else ''} of this kind or another"] if more > 0 else []
    first.args = ("\n".join(lines),)
    return first


def quoted(value: Any) -> str:
    """Return a value as messages show it: short, on one line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:g}"
    text = repr(value) if isinstance(value, str) else " ".join(str(value).split())
    return text if len(text) <= 60 else f"{text[:57]}..."


def bounds(parameter: Parameter) -> str:
    """Return the bounds of a parameter with its unit, as messages show them."""
    return f"from {parameter.low:g} to {parameter.high:g} ({parameter.unit})"


def unknown_parameter(name: str, known: Sequence[str]) -> str:
    """Return the sentence for a dotted name that no parameter has."""
    hint = nearest(name, known)
    if not hint:
        elsewhere = [other for other in known if other.rsplit(".", 1)[-1] == name.rsplit(".", 1)[-1]]
        hint = f"; did you mean '{elsewhere[0]}'?" if elsewhere else ""
    return f"there is no such parameter{hint or '; names are dotted, such as russia.learning_rate'}"


def _named(detail: ErrorDetails) -> Path:
    """Return the path to name: that of a whole value, without what pydantic adds for number | distribution."""
    path = detail["loc"]
    is_state = path[0] == "europe" and f"europe.{path[1] if len(path) > 1 else ''}" not in PARAMETERS
    if is_state and detail["type"] == "missing":
        return path[:2]  # one sentence for a state, not one for each number it lacks
    return path[: 3 if is_state else 2] if path[0] in GROUPS else path


def _parameter(path: Path) -> Parameter | None:
    """Return the parameter at or around a path."""
    parts = [str(part) for part in path]
    if parts[0] == "events":
        return PARAMETERS.get(parts[3]) if len(parts) == 4 else None
    if parts[0] == "europe" and len(parts) > 2 and parts[1] not in STATES:
        new = State(parts[1], 0.0, 0.0, 0.0)
        return next((p for p in state_parameters(parts[1], new) if p.name == ".".join(parts[:3])), None)
    return PARAMETERS.get(".".join(parts[:2])) or PARAMETERS.get(".".join(parts[:3]))


def _sentence(path: Path, detail: ErrorDetails) -> str:
    kind, value = detail["type"], detail["input"]
    writer = _WRITERS.get(kind)
    if kind == "outside" or detail["loc"][len(path) : len(path) + 1] == ("law",):
        return _law(path, detail)
    return writer(path, value) if writer else f"{quoted(value)} cannot be used ({detail['msg']})"


def _law(path: Path, detail: ErrorDetails) -> str:
    value, parameter = detail["input"], _parameter(path)
    limits = bounds(parameter) if parameter else ""
    if detail["type"] == "outside":
        low, high = detail["ctx"]["low"], detail["ctx"]["high"]
        reach = f"has its centre at {low:g}" if low == high else f"reaches from {low:g} to {high:g}"
        return f"the distribution {reach}; the bounds are {limits}"
    if detail["type"] in ("union_tag_invalid", "union_tag_not_found"):
        names = ", ".join(DISTRIBUTIONS)
        if len(value) == 1:
            name = str(next(iter(value)))
            return f"there is no distribution '{name}'{nearest(name, DISTRIBUTIONS) or f'; there are {names}'}"
        return f"a distribution is a mapping with exactly one key, one of {names}"
    name = str(detail["loc"][len(path) + 1])
    return f"{name} needs {_FORMS[name]}, and {quoted(value)} does not fit; the bounds are {limits}"


def _wanted(path: Path) -> str:
    parameter = _parameter(path)
    if parameter:
        return f"a number {bounds(parameter)}"
    return "a number from 0 to 1" if path[-1] == "size" else "a number"


def _number(path: Path, value: Any) -> str:
    if path[0] == "events" and len(path) == 4 and _parameter(path) is None and isinstance(value, dict):
        return unknown_parameter(f"{path[3]}.{next(iter(value), '')}", list(PARAMETERS))
    if value is None:
        return f"has no value; give {_wanted(path)} or remove the line"
    if isinstance(value, str):
        try:
            float(value)
        except ValueError:
            return f"{quoted(value)} is not a number; give {_wanted(path)}"
        return f"{quoted(value)} is text, not a number; write {_wanted(path)} without quotes and in plain digits"
    if path[0] == "events":
        return f"{quoted(value)} is not a number; an event sets {_wanted(path)}, not a distribution"
    return f"{quoted(value)} is not a number; give {_wanted(path)} or a distribution such as {{uniform: [low, high]}}"


def _out_of_range(path: Path, value: Any) -> str:
    return f"{quoted(value)} is out of range; give {_wanted(path)}"


def _unknown_key(path: Path, value: Any) -> str:
    key = str(path[-1])
    if len(path) == 1:
        if key in PARAMETERS:
            group, inner = key.split(".", 1)
            return f"write it under its group, as `{group}:` and on the next line, indented, `{inner}: ...`"
        what = "group" if isinstance(value, dict) else "key"
        known = list(file_model().model_fields)
        return f"unknown {what}{nearest(key, known) or '; there are ' + ', '.join(known)}"
    if path[0] == "events":
        return f"unknown key{nearest(key, _EVENT_KEYS) or '; an event has ' + ', '.join(_EVENT_KEYS)}"
    if path[0] == "europe":
        return f"unknown key{nearest(key, STATE_KEYS) or '; a state has ' + ', '.join(STATE_KEYS)}"
    known = [parameter.key for parameter in PARAMETERS.values() if parameter.group == path[0]]
    hint = nearest(key, known)
    if not hint:
        elsewhere = [p.name for p in PARAMETERS.values() if p.key == key]
        hint = f"; did you mean '{elsewhere[0]}'?" if elsewhere else f"; {path[0]} has {', '.join(known)}"
    return f"unknown key{hint}"


def _not_a_mapping(path: Path, value: Any) -> str:
    if path[0] == "europe" and len(path) == 2:
        own = [p.key for p in PARAMETERS.values() if p.group == "europe" and "." not in p.key]
        if path[1] in STATES:
            return f"a state is a mapping of {', '.join(STATE_KEYS)}, or null to take it out; got {quoted(value)}"
        hint = nearest(str(path[1]), [*own, *STATES]) or f"; europe has {', '.join(own)} and states"
        return f"unknown key{hint}"
    if path[0] == "events" and len(path) == 2:
        return f"an event is a mapping such as {{date: 2025-10-06, do: breakthrough}}; got {quoted(value)}"
    got = "has no value" if value is None else f"{quoted(value)} is not a mapping"
    return f"{got}; give keys with values, indented under it, or remove the line"


def _missing(path: Path, value: Any) -> str:
    if path[0] == "europe":
        return f"a new state needs {', '.join(STATE_KEYS[:-1])} and {STATE_KEYS[-1]}{nearest(str(path[1]), STATES)}"
    return "an event needs a date, such as `date: 2025-10-06`"


def _date(path: Path, value: Any) -> str:
    return f"{quoted(value)} is not a date; write a day that exists as YYYY-MM-DD, without a time"


def _action(path: Path, value: Any) -> str:
    hint = nearest(value, ACTIONS) if isinstance(value, str) else ""
    return f"{quoted(value)} is not an action{hint or '; there are ' + ', '.join(ACTIONS)}"


def _on_or_off(path: Path, value: Any) -> str:
    got = "has no value" if value is None else f"{quoted(value)} is neither on nor off"
    word = value.lower() if isinstance(value, str) else ""
    # Of the same first letter, or 'none' would be taken for a misspelt 'on'.
    choices = [choice for choice in (*SWITCH, "true", "false") if choice[0] == word[:1]]
    return f"{got}; write on or off, or true or false{nearest(word, choices)}"


def _text(path: Path, value: Any) -> str:
    return f"{'nothing' if value is None or value == '' else quoted(value)} is not text; write some, in quotes"


_WRITERS: dict[str, Callable[[Path, Any], str]] = {
    "float_type": _number,
    "finite_number": lambda path, value: f"{quoted(value)} is not a finite number; give {_wanted(path)}",
    "greater_than_equal": _out_of_range,
    "less_than_equal": _out_of_range,
    "extra_forbidden": _unknown_key,
    "model_type": _not_a_mapping,
    "dict_type": _not_a_mapping,
    "missing": _missing,
    "iso_date": _date,
    "literal_error": _action,
    "on_or_off": _on_or_off,
    "string_type": _text,
    "string_too_short": _text,
}
