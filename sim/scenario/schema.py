"""The form of a scenario file, as pydantic models made from the table of parameters.

Names, meanings, units, bounds and sources come from `sim.parameters`; this module adds only the shape
around them. The JSON Schema for editors is generated from the same models.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from functools import cache, partial
from typing import Annotated, Any, Literal, cast

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    WithJsonSchema,
    create_model,
)
from pydantic_core import PydanticCustomError
from typing_extensions import TypeAliasType

from sim.distributions import (
    DISTRIBUTIONS,
    Beta,
    Choice,
    Distribution,
    Lognormal,
    Normal,
    Number,
    Triangular,
    Uniform,
)
from sim.parameters import PARAMETERS, STATES, Parameter, State, state_parameters
from sim.scenario.calendar import DEADLINE, HORIZON

#: What an event can make happen, with its meaning.
ACTIONS: dict[str, str] = {
    "leaders_call": "a call between the leaders: a round of talks, then a review in Washington",
    "round": "a round of talks",
    "breakthrough": "the front line cracks",
    "sanctions_step": "Washington raises sanctions on Russia, by `size` if given",
    "aid_cut": "Washington cuts the flow of aid to Ukraine, by `size` if given",
    "disengage": "Washington moves on",
    "re_engage": "Washington comes back",
    "short_truce": "a truce of some days",
}

#: The actions that have a size.
SIZED_ACTIONS = ("sanctions_step", "aid_cut")

#: What a switch can say, beside true and false.
SWITCH = ("on", "off")

#: The three numbers of a European state.
STATE_KEYS = ("threat", "aid_share", "guarantee_share")

#: The groups of a scenario file and what each holds.
GROUPS: dict[str, str] = {
    "russia": "What Russia wants, believes and can bear.",
    "ukraine": "What Ukraine wants, believes and can bear.",
    "united_states": "How Washington mediates, presses and tires.",
    "europe": "The European states, and what they have in common.",
    "front": "The front line in the four oblasts.",
    "table": "The negotiating table.",
    "truce": "What becomes of a ceasefire.",
}

#: Form of the names of new states and of events.
NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")


def _law_of(value: Any) -> str | None:
    if isinstance(value, Distribution):
        return next(name for name, law in DISTRIBUTIONS.items() if isinstance(value, law))
    return next(iter(value)) if isinstance(value, dict) and len(value) == 1 else None


def _number_or_law(value: Any) -> str:
    return "law" if isinstance(value, (dict, Distribution)) else "number"


def _lies_within(parameter: Parameter, value: float | Distribution) -> float | Distribution:
    if isinstance(value, Distribution):
        low, high = value.within
        if not parameter.low <= low <= high <= parameter.high:
            raise PydanticCustomError("outside", "outside the bounds", {"low": low, "high": high})
    return value


def _day(value: Any) -> Any:
    # fromisoformat alone would also take week dates and dates without hyphens.
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        try:
            return datetime.date.fromisoformat(value)
        except ValueError:
            pass
    raise PydanticCustomError("iso_date", "not a date")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _on_or_off(value: Any) -> bool:
    # YAML 1.2 reads on and off as text; only true and false are truth values to it.
    if isinstance(value, bool) or (isinstance(value, str) and value in SWITCH):
        return value if isinstance(value, bool) else value == "on"
    raise PydanticCustomError("on_or_off", "neither on nor off")


Day = Annotated[datetime.date, BeforeValidator(_day)]
Text = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1), AfterValidator(_one_line)]
Law = TypeAliasType(
    "Law",
    Annotated[
        Annotated[Uniform, Tag("uniform")]
        | Annotated[Triangular, Tag("triangular")]
        | Annotated[Beta, Tag("beta")]
        | Annotated[Normal, Tag("normal")]
        | Annotated[Lognormal, Tag("lognormal")]
        | Annotated[Choice, Tag("choice")],
        Discriminator(_law_of),
    ],
)


def _number_of(parameter: Parameter) -> Any:
    return Annotated[float, Field(strict=True, allow_inf_nan=False, ge=parameter.low, le=parameter.high)]


def _value_of(parameter: Parameter) -> Any:
    return Annotated[
        Annotated[_number_of(parameter), Tag("number")] | Annotated[Law, Tag("law")],
        Discriminator(_number_or_law),
        AfterValidator(partial(_lies_within, parameter)),
    ]


def _described(parameter: Parameter, default: Any) -> Any:
    meaning = parameter.meaning[0].upper() + parameter.meaning[1:]
    return Field(default, description=f"{meaning} ({parameter.unit}). Source: {parameter.source}.")


_CLOSED = ConfigDict(extra="forbid", frozen=True)


def _state_model(name: str, doc: str, key: str, state: State, *, required: bool) -> type[BaseModel]:
    fields: dict[str, Any] = {
        parameter.name.rsplit(".", 1)[1]: (
            _value_of(parameter),
            _described(parameter, ... if required else parameter.default),
        )
        for parameter in state_parameters(key, state)
    }
    return create_model(name, __config__=_CLOSED, __doc__=doc, **fields)


_NewState = _state_model(
    "NewState",
    "A state that the default scenario does not have; it needs all three numbers.",
    "new_state",
    State("the state", 0.0, 0.0, 0.0),
    required=True,
)


def _only_named_states(schema: dict[str, Any]) -> None:
    schema["propertyNames"] = {"pattern": f"^{NAME.pattern}$"}


def _only_numbers_of_states(schema: dict[str, Any]) -> None:
    pattern = rf"^europe\.{NAME.pattern}\.({'|'.join(STATE_KEYS)})$"
    schema["patternProperties"] = {pattern: schema["additionalProperties"]}
    schema["additionalProperties"] = False


class _Changes(BaseModel):
    """Parameters that take a new value from the day of the event on, by dotted name."""

    # Extra keys are the numbers of states that the scenario adds; `checks` looks at their names.
    model_config = ConfigDict(extra="allow", frozen=True, json_schema_extra=_only_numbers_of_states)
    __pydantic_extra__: dict[str, Number]


class _Europe(BaseModel):
    """The European states, and what they have in common."""

    # Extra keys are states that the scenario adds; `checks` looks at their names.
    model_config = ConfigDict(extra="allow", frozen=True, json_schema_extra=_only_named_states)
    __pydantic_extra__: dict[str, _NewState | None]  # type: ignore[valid-type]


def _group_model(group: str) -> type[BaseModel]:
    """Return the model of one group: a field for each of its parameters, and for each state."""
    fields: dict[str, Any] = {
        parameter.key: (_value_of(parameter), _described(parameter, parameter.default))
        for parameter in PARAMETERS.values()
        if parameter.group == group and "." not in parameter.key
    }
    name, doc = group.title().replace("_", ""), GROUPS[group]
    if group != "europe":
        return create_model(name, __config__=_CLOSED, __doc__=doc, **fields)
    for key, state in STATES.items():
        model = _state_model(key.title().replace("_", ""), f"{state.label}.", key, state, required=False)
        fields[key] = (model | None, Field({}, description=f"{state.label}; null takes it out of the scenario."))
    return create_model(name, __base__=_Europe, __doc__=doc, **fields)


def _event_model() -> type[BaseModel]:
    changes: dict[str, Any] = {
        parameter.name.replace(".", "__"): (
            Annotated[_number_of(parameter), Field(alias=parameter.name)],
            _described(parameter, parameter.default),
        )
        for parameter in PARAMETERS.values()
        if not parameter.at_start
    }
    changes_model = create_model("Changes", __base__=_Changes, __doc__=_Changes.__doc__, **changes)
    actions = "; ".join(f"{name}: {meaning}" for name, meaning in ACTIONS.items())
    fields: dict[str, Any] = {
        "date": (Day, Field(..., description="The day, as YYYY-MM-DD.")),
        "do": (Literal[tuple(ACTIONS)], Field(None, description=f"What happens. {actions}.")),
        "size": (
            Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0, le=1)],
            Field(None, description=f"Size of the step (share 0-1), for {' and '.join(SIZED_ACTIONS)} only."),
        ),
        "set": (changes_model, Field(None, description="Parameters that change for good on that day.")),
    }
    return create_model("Event", __config__=_CLOSED, __doc__="Something that happens on a given day.", **fields)


@cache
def file_model() -> type[BaseModel]:
    """Return the pydantic model of a whole scenario file.

    Returns
    -------
    type[pydantic.BaseModel]
        A model whose fields are the keys of a file. Only the fields that a file sets are in
        ``model_fields_set``; the defaults are there for readers of the schema.
    """
    fields: dict[str, Any] = {
        "title": (Text, Field(None, description="A few words for tables and figures.")),
        "question": (Text, Field(None, description="The question the scenario asks, in a sentence or two.")),
        "extends": (Text, Field(None, description="Name or path of the scenario that this one changes.")),
        "deadline": (
            Day,
            Field(DEADLINE, description="The date by which a ceasefire is asked for, as YYYY-MM-DD."),
        ),
        "horizon": (Day, Field(HORIZON, description="The date on which the scenario ends, as YYYY-MM-DD.")),
        "uncertainty": (
            Annotated[
                bool,
                BeforeValidator(_on_or_off),
                WithJsonSchema({"enum": ["on", "off", True, False]}),
            ],
            Field(
                True,
                description="on: uncertain parameters vary from run to run, each by its law. "
                "off: each is held at its central value. true and false mean the same.",
            ),
        ),
    }
    for group, meaning in GROUPS.items():
        fields[group] = (_group_model(group), Field({}, description=meaning))
    fields["events"] = (
        dict[str, _event_model() | None],  # type: ignore[misc]
        Field({}, description="What happens on given days, by a name of your own; null drops an inherited event."),
    )
    return create_model("ScenarioFile", __config__=_CLOSED, __doc__="A what-if, as a file.", **fields)


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of scenario files, for completion and checks in editors.

    Returns
    -------
    dict
        A schema of draft 2020-12. It states names, types and bounds; what concerns several values at
        once (dates in order, beliefs that fit together) only reading the file can tell.

    Examples
    --------
    >>> json_schema()["$defs"]["Russia"]["description"]
    'What Russia wants, believes and can bear.'
    """
    schema = file_model().model_json_schema(by_alias=True)
    schema["properties"]["events"]["propertyNames"] = {"pattern": f"^{NAME.pattern}$"}
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:truce-sim:scenario",
        "title": "Truce scenario",
    }
    return head | cast("dict[str, Any]", _tidied(schema))


def settings(model: BaseModel) -> dict[str, float | Distribution]:
    """Return the parameters that a validated file sets, by dotted name, in the order of the table."""
    found: dict[str, float | Distribution] = {}
    for group in GROUPS:
        for key, value in _entries(getattr(model, group)) if group in model.model_fields_set else ():
            if isinstance(value, BaseModel) and not isinstance(value, Distribution):
                found |= {f"{group}.{key}.{name}": number for name, number in _entries(value)}
            elif value is not None:
                found[f"{group}.{key}"] = value
    return found


def removed_states(model: BaseModel) -> set[str]:
    """Return the European states that a validated file takes out with null."""
    europe = getattr(model, "europe", None)
    return {key for key, value in _entries(europe) if value is None} if isinstance(europe, BaseModel) else set()


def changes_of(event: BaseModel) -> dict[str, float]:
    """Return what a validated event sets, by dotted name."""
    changes = getattr(event, "set", None)
    return changes.model_dump(by_alias=True, exclude_unset=True) if isinstance(changes, BaseModel) else {}


def nested(values: Mapping[str, Any]) -> dict[str, Any]:
    """Turn dotted names into the nested form of a file.

    Examples
    --------
    >>> nested({"europe.poland.threat": 0.9})
    {'europe': {'poland': {'threat': 0.9}}}
    """
    tree: dict[str, Any] = {}
    for name, value in values.items():
        *groups, key = name.split(".")
        branch = tree
        for group in groups:
            branch = branch.setdefault(group, {})
        branch[key] = value
    return tree


def _entries(model: BaseModel) -> list[tuple[str, Any]]:
    named = [(key, getattr(model, key)) for key in type(model).model_fields if key in model.model_fields_set]
    return [*named, *(model.__pydantic_extra__ or {}).items()]


def _tidied(schema: Any) -> Any:
    """Leave out the titles that repeat a key and the defaults that say nothing."""
    if isinstance(schema, list):
        return [_tidied(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: _tidied(part)
        for key, part in schema.items()
        if not (key == "title" and isinstance(part, str)) and not (key == "default" and not part and part != 0)
    }
