"""What a manifest and a part must state, and of which kind: checked when read, so that nobody after it has to."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field, Strict, StringConstraints, TypeAdapter, ValidationError
from typing_extensions import TypedDict

from sim.distributions import Number

_Text = Annotated[str, Strict()]
_Day = Annotated[str, StringConstraints(strict=True, pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
_Switch = Annotated[bool, Strict()]
_Count = Annotated[int, Field(strict=True, ge=0, le=2**62)]
_Law = Annotated[dict[_Text, list[Number]], Field(min_length=1, max_length=1)]


class _Event(TypedDict):
    name: _Text
    date: _Day
    do: _Text | None
    size: Number | None
    set: dict[_Text, Number]


class _Scenario(TypedDict):
    name: _Text
    digest: _Text
    title: _Text
    question: _Text
    deadline: _Day
    horizon: _Day
    uncertainty: _Switch
    states: list[_Text]
    parameters: dict[_Text, Number | _Law]
    events: list[_Event]


class _Precision(TypedDict):
    half_width: Number
    outcome: _Text
    fewest: _Count
    most: _Count


class _Design(TypedDict):
    points: Annotated[int, Field(strict=True, ge=1, le=2**62)]
    parameters: Annotated[list[_Text], Field(min_length=1)]
    digest: _Text


class _Checkout(TypedDict):
    commit: _Text
    dirty: _Switch


class _Manifest(TypedDict):
    format: _Text
    experiment: _Text
    command: _Text | None
    started: _Text
    ended: _Text | None
    kind: Literal["comparison", "sweep"]
    runs: Annotated[int, Field(strict=True, ge=1, le=2**62)]
    seed: Annotated[int, Field(strict=True, ge=0)]
    baseline: _Text
    independent: _Switch
    actors: dict[_Text, _Text]
    traces: list[_Text]
    trace_runs: list[_Count]
    precision: _Precision | None
    design: _Design | None
    spread_runs: _Count
    chunk: Annotated[int, Field(strict=True, ge=1, le=2**62)]
    truce: _Text
    model: _Text
    git: _Checkout | None
    python: _Text
    platform: _Text
    libraries: dict[_Text, _Text]
    scenarios: Annotated[list[_Scenario], Field(min_length=1)]
    files: dict[_Text, _Text]
    check: NotRequired[_Switch]


class _Label(TypedDict):
    schema: _Text
    experiment: _Text
    scenario: _Count
    replication: _Count
    points: tuple[_Count, _Count]
    runs: tuple[_Count, _Count]
    luck: _Count
    independent: _Switch
    failures: _Count


def fault_in(content: dict[str, Any]) -> str | None:
    """Return what is wrong with a manifest, in words; None if it states all that it must.

    Parameters
    ----------
    content
        As read from JSON; keys beyond those that it must have are left alone.

    Examples
    --------
    >>> fault_in({"format": "truce experiment 1"})
    "is not complete ('experiment' is missing)"
    """
    try:
        _adapter().validate_python(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(map(str, first["loc"]))[:200]
        if first["type"] == "missing":
            return f"is not complete ('{key}' is missing)"
        return f"is damaged ({key}: {first['msg']})"
    names = [scenario["name"] for scenario in content["scenarios"]]
    if len(set(names)) < len(names):
        return "is damaged (two scenarios have one name)"
    if content["baseline"] not in names:
        return "is damaged (the baseline is none of its scenarios)"
    if (content["kind"] == "sweep") != (content["design"] is not None) or (content["design"] and len(names) > 1):
        return "is damaged (a design goes with a sweep of one scenario)"
    return None


def is_label(content: object) -> bool:
    """Say whether what a part says of itself, as read from JSON, is all that it must say.

    Examples
    --------
    >>> is_label({"failures": 0})
    False
    """
    try:
        _label_adapter().validate_python(content)
    except ValidationError:
        return False
    return True


@cache
def _adapter() -> TypeAdapter[_Manifest]:
    return TypeAdapter(_Manifest)


@cache
def _label_adapter() -> TypeAdapter[_Label]:
    return TypeAdapter(_Label)
