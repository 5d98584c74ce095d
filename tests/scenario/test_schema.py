"""The JSON Schema for editors says what the reader says, as far as a schema can."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import TypeAdapter

from sim.distributions import DISTRIBUTIONS
from sim.errors import ScenarioError
from sim.parameters import PARAMETERS, STATES
from sim.scenario import json_schema, load
from sim.scenario.reading import read
from sim.scenario.schema import ACTIONS, GROUPS, NAME, Law, file_model, nested

ROOT = Path(__file__).parents[2]
jsonschema = pytest.importorskip("jsonschema")

VALID = {
    "nothing but a title": "title: x",
    "uncertainty on": "uncertainty: on",
    "uncertainty off": "uncertainty: off",
    "uncertainty false": "uncertainty: false",
    "everything": """
title: Hardball
question: What happens?
deadline: 2025-12-31
horizon: 2027-05-17
uncertainty: true
russia: {confidence: 0.75, war_cost: {uniform: [0.02, 0.1]}, stall: {triangular: [0.5, 0.6, 0.7]}}
ukraine: {red_line: {beta: [1, 19]}, war_cost: {normal: [0.1, 0.02]}}
front: {pace: {lognormal: [40, 0.3]}, aid_lag: {choice: [10, 12]}}
table: {}
europe:
  backfill: 0.9
  poland: {threat: 0.95}
  hungary: null
  spain: {threat: .5, aid_share: .03, guarantee_share: .05}
events:
  call: {date: 2025-05-19, do: leaders_call}
  cut: {date: 2025-06-19, do: aid_cut, size: 0.5}
  crack: {date: 2025-10-06, do: breakthrough, set: {russia.learning_rate: 0.9, europe.spain.threat: 1}}
""",
}

INVALID = {
    "unknown group": "rusia: {confidence: 0.5}",
    "unknown parameter": "russia: {confidnce: 0.5}",
    "out of range": "russia: {confidence: 1.5}",
    "text for a number": "russia: {confidence: '0.5'}",
    "truth for a number": "russia: {confidence: true}",
    "null for a number": "russia: {confidence: null}",
    "unknown distribution": "russia: {confidence: {unifrom: [0, 1]}}",
    "too many arguments": "russia: {confidence: {uniform: [0, 0.1, 0.2]}}",
    "two distributions": "russia: {confidence: {uniform: [0, 0.1], beta: [1, 1]}}",
    "new state with one number": "europe: {spain: {threat: 0.5}}",
    "new state with a bad name": "europe: {New Spain: {threat: 0.5, aid_share: 0.1, guarantee_share: 0}}",
    "unknown parameter of Europe": "europe: {backfil: 0.5}",
    "state as a number": "europe: {poland: 0.5}",
    "event without a date": "events: {e: {do: round}}",
    "event with an unknown action": "events: {e: {date: 2025-06-01, do: dance}}",
    "event with a bad name": "events: {My event: {date: 2025-06-01, do: round}}",
    "event that sets a start value": "events: {e: {date: 2025-06-01, set: {russia.confidence: 0.5}}}",
    "event that sets too much": "events: {e: {date: 2025-06-01, set: {russia.stall: 2}}}",
    "title as a number": "title: 3",
    "uncertainty as another word": "uncertainty: yes",
    "uncertainty as a number": "uncertainty: 0",
    "no uncertainty given": "uncertainty:",
}


@pytest.fixture(scope="module")
def validator() -> Any:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize("text", VALID.values(), ids=VALID)
def test_the_schema_accepts_what_the_reader_accepts(validator, write, text):
    path = write(text)
    assert load(path)
    assert list(validator.iter_errors(read(path).plain())) == []


@pytest.mark.parametrize("text", INVALID.values(), ids=INVALID)
def test_the_schema_rejects_what_the_reader_rejects(validator, write, text):
    path = write(text)
    with pytest.raises(ScenarioError):
        load(path)
    assert not validator.is_valid(read(path).plain())


def test_the_schema_has_every_parameter_with_meaning_unit_source_bounds_and_default():
    schema = json_schema()
    groups = {name: schema["$defs"][schema["properties"][name]["$ref"].rsplit("/", 1)[1]] for name in GROUPS}
    for parameter in PARAMETERS.values():
        entry = groups[parameter.group]["properties"]
        if "." in parameter.key:
            state, key = parameter.key.split(".")
            reference = next(option for option in entry[state]["anyOf"] if "$ref" in option)["$ref"]
            field = schema["$defs"][reference.rsplit("/", 1)[1]]["properties"][key]
        else:
            field = entry[parameter.key]
        number = field["oneOf"][0]
        assert (number["minimum"], number["maximum"], field["default"]) == (
            parameter.low, parameter.high, parameter.default,
        )  # fmt: skip
        for word in (parameter.meaning[1:], parameter.unit, parameter.source):
            assert word in field["description"]


def test_the_schema_allows_no_unknown_key_anywhere():
    def objects(part: Any) -> list[dict[str, Any]]:
        if isinstance(part, list):
            return [found for item in part for found in objects(item)]
        if not isinstance(part, dict):
            return []
        own = [part] if part.get("type") == "object" else []
        return own + [found for item in part.values() for found in objects(item)]

    schema = json_schema()
    open_ones = [part for part in objects(schema) if part.get("additionalProperties") is not False]
    # Only events and new states have names of the user's own, and those have a form.
    assert open_ones == [schema["$defs"]["Europe"], schema["properties"]["events"]]
    assert all(part["propertyNames"]["pattern"] == f"^{NAME.pattern}$" for part in open_ones)


def test_the_schema_names_no_host_that_does_not_exist():
    schema = json_schema()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"].startswith("urn:")


def test_every_action_is_explained_to_editors():
    description = json_schema()["$defs"]["Event"]["properties"]["do"]["description"]
    assert all(f"{action}: {meaning}" in description for action, meaning in ACTIONS.items())


def test_the_models_cover_exactly_the_parameters():
    groups = {name: file_model().model_fields[name].annotation for name in GROUPS}
    names = {f"{group}.{key}" for group, model in groups.items() for key in model.model_fields}
    flat = {name for name in PARAMETERS if name.count(".") == 1}
    assert names == flat | {f"europe.{state}" for state in STATES}
    assert {parameter.group for parameter in PARAMETERS.values()} == set(GROUPS)


def test_each_distribution_can_be_written_in_a_file():
    branches = get_args(get_args(Law.__value__)[0])
    assert {get_args(branch)[0] for branch in branches} == set(DISTRIBUTIONS.values())
    for name, law in DISTRIBUTIONS.items():
        arguments = [0.1, 0.2, 0.3] if name in ("triangular", "choice") else [0.1, 0.2]
        assert isinstance(TypeAdapter(Law).validate_python({name: arguments}), law)


def test_dotted_names_nest():
    assert nested({"a.b": 1, "a.c.d": 2}) == {"a": {"b": 1, "c": {"d": 2}}}


def test_the_schema_beside_the_scenario_files_is_the_one_the_models_give():
    committed = json.loads((ROOT / "scenarios" / "scenario.schema.json").read_text(encoding="utf-8"))
    assert committed == json_schema(), "renew it: truce schema --out scenarios/scenario.schema.json"
