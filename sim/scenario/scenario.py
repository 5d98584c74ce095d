"""A scenario after reading: what it sets, what that resolves to, and which file each value came from."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from numbers import Real
from typing import Any

from pydantic import ValidationError

from sim.distributions import DISTRIBUTIONS, Distribution
from sim.errors import ScenarioError
from sim.parameters import PARAMETERS, STATES, Parameter, State, state_parameters
from sim.scenario import checks, messages, schema
from sim.scenario.calendar import week_of


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens on a given day, or parameters that change on it.

    Attributes
    ----------
    name
        Its key in the file.
    day
        The day; it takes effect in the week of that day.
    action
        One of the actions in `sim.scenario.schema.ACTIONS`, or None.
    size
        Size of the step (share 0-1) for ``sanctions_step`` and ``aid_cut``; None takes the parameter's.
    changes
        New values of parameters by dotted name, in their units, for the rest of the scenario.
    """

    name: str
    day: date
    action: str | None = None
    size: float | None = None
    changes: Mapping[str, float] = field(default_factory=dict)

    @property
    def week(self) -> int:
        """The week of the event, counted from `sim.scenario.START`."""
        return week_of(self.day)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A what-if, validated. Made by `load`; changed by `vary`.

    Attributes
    ----------
    name
        Stem of the file's name.
    title, question
        For people.
    deadline, horizon
        The date asked about, and the date on which the simulation ends.
    uncertainty
        Whether uncertain parameters vary from run to run, each by its law; if not, each has its central value.
    values
        What the scenario sets, by dotted name, inheritance included.
    states
        The European states present.
    events
        In the order of time.
    origins
        File and line of each value, as ``"hardball.yaml:12"``.
    """

    name: str
    title: str
    question: str
    deadline: date
    horizon: date
    uncertainty: bool
    values: Mapping[str, float | Distribution]
    states: tuple[str, ...]
    events: tuple[Event, ...]
    origins: Mapping[str, str]

    @property
    def deadline_week(self) -> int:
        """The week of the deadline."""
        return week_of(self.deadline)

    @property
    def horizon_week(self) -> int:
        """The number of weeks simulated."""
        return week_of(self.horizon)

    def parameters(self) -> dict[str, Parameter]:
        """Return every parameter that this scenario has, by dotted name.

        Returns
        -------
        dict[str, Parameter]
            The table of `sim.parameters` without the states taken out, and with those added.
        """
        gone = tuple(f"europe.{key}." for key in STATES if key not in self.states)
        found = {name: parameter for name, parameter in PARAMETERS.items() if not name.startswith(gone)}
        for key in self.states:
            if key not in STATES:
                # The three zeros are never used: a new state always sets all three.
                label = key.replace("_", " ").capitalize()
                found |= {parameter.name: parameter for parameter in state_parameters(key, State(label, 0.0, 0.0, 0.0))}
        return found

    def resolve(self) -> dict[str, float | Distribution]:
        """Return a number or a law for every parameter of this scenario.

        Returns
        -------
        dict[str, float | Distribution]
            What the scenario sets; else, under uncertainty, the parameter's own law; else its default. Without
            uncertainty there are numbers only, the median in the place of a law.
        """
        resolved: dict[str, float | Distribution] = {}
        for name, parameter in self.parameters().items():
            value = self.values.get(name, (parameter.uncertainty if self.uncertainty else None) or parameter.default)
            if isinstance(value, Distribution) and not self.uncertainty:
                value = min(max(value.central, parameter.low), parameter.high)
            resolved[name] = value if isinstance(value, Distribution) else float(value)
        return resolved

    def vary(self, changes: Mapping[str, float | Distribution], name: str | None = None) -> Scenario:
        """Return a copy with some values changed, checked like a file.

        Parameters
        ----------
        changes
            New numbers or laws by dotted name, in the parameters' units.
        name
            Name of the copy; that of this scenario if None. A new one goes into the title, too, by which figures tell
            scenarios apart.

        Returns
        -------
        Scenario
            The changed copy.

        Raises
        ------
        ScenarioError
            If a name is unknown, a value is out of range, or the values do not fit together.

        Examples
        --------
        >>> from sim.scenario import load
        >>> load("hardball").vary({"russia.confidence": 0.5}, name="doubting").title
        'Hardball (doubting)'
        """
        parameters = self.parameters()
        for key in changes:
            if key not in parameters:
                raise ScenarioError(messages.unknown_parameter(key, list(parameters)), key=key)
        plain = {key: _as_float(value) for key, value in (dict(self.values) | dict(changes)).items()}
        try:
            model = schema.file_model().model_validate(schema.nested(plain))
        except ValidationError as error:
            raise messages.explain(error, {}) from None
        found = schema.settings(model)
        renamed = name is not None and name != self.name
        varied = dataclasses.replace(
            self,
            name=self.name if name is None else name,
            title=f"{self.title} ({name})" if renamed and self.title else self.title,
            values={key: found[key] for key in parameters if key in found},
            origins={**self.origins, **dict.fromkeys(changes, "Python")},
        )
        checks.check(varied, {})
        return varied

    def to_dict(self) -> dict[str, Any]:
        """Return everything resolved, as dicts, lists, numbers and text for JSON.

        Returns
        -------
        dict
            Dates as ISO text, laws as in a file: ``{"uniform": [0.6, 1.0]}``.
        """
        return {
            "name": self.name,
            "title": self.title,
            "question": self.question,
            "deadline": self.deadline.isoformat(),
            "horizon": self.horizon.isoformat(),
            "uncertainty": self.uncertainty,
            "states": list(self.states),
            "parameters": {
                name: value.model_dump(mode="json") if isinstance(value, Distribution) else value
                for name, value in self.resolve().items()
            },
            "events": [
                {
                    "name": event.name,
                    "date": event.day.isoformat(),
                    "do": event.action,
                    "size": event.size,
                    "set": dict(event.changes),
                }
                for event in self.events
            ],
        }

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> Scenario:
        """Return the scenario that `to_dict` told of; it has the same digest and gives the same runs.

        Parameters
        ----------
        content
            As from `to_dict`; other keys are ignored.

        Raises
        ------
        KeyError, TypeError, ValueError
            If something is missing or of another kind.
        """
        values = {
            name: DISTRIBUTIONS[next(iter(value))](**value) if isinstance(value, Mapping) else float(value)
            for name, value in content["parameters"].items()
        }
        events = tuple(
            Event(event["name"], date.fromisoformat(event["date"]), event["do"], event["size"], dict(event["set"]))
            for event in content["events"]
        )
        return cls(
            content["name"], content["title"], content["question"], date.fromisoformat(content["deadline"]),
            date.fromisoformat(content["horizon"]), bool(content["uncertainty"]), values, tuple(content["states"]),
            events, {},
        )  # fmt: skip

    def digest(self) -> str:
        """Return a fingerprint of what the scenario means.

        Returns
        -------
        str
            SHA-256 in hexadecimal of `to_dict` without name, title and question. Two scenarios with the
            same digest give the same runs for the same seed.
        """
        meaning = {key: value for key, value in self.to_dict().items() if key not in ("name", "title", "question")}
        text = json.dumps(meaning, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()


def _as_float(value: Any) -> Any:
    """Let NumPy's numbers pass for the numbers they are."""
    return float(value) if isinstance(value, Real) and not isinstance(value, bool) else value
