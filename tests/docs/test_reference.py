"""The reference leaves nothing out: what the package has is what the pages are made from."""

from __future__ import annotations

import inspect
import pkgutil
from importlib import import_module

import pytest
import typer
from reference import PARTS, PLACE, api, commands, scenario_file, tables

import sim
import sim.analysis
import sim.experiment
import sim.inquiry
import sim.plots
from sim.analysis.blocking import QUANTITIES
from sim.analysis.outcomes import Column
from sim.cli import app
from sim.parameters import PARAMETERS
from sim.scenario.schema import ACTIONS, json_schema
from tests.docs.pages import pages

DESCRIBED = {name for names in api.SECTIONS.values() for name in names}


def test_every_public_name_is_described():
    modules = {"sim.actors", "sim.errors"}
    names = {f"sim.{name}" for name in sim.__all__} - {"sim.__version__"} - modules
    names |= {f"sim.actors.{name}" for name in sim.actors.__all__}
    names |= {f"sim.plots.{name}" for name in sim.plots.__all__}
    assert names - DESCRIBED == set()


def test_every_error_is_described():
    errors = {
        f"sim.errors.{name}" for name, thing in vars(sim.errors).items()
        if inspect.isclass(thing) and issubclass(thing, Exception)
    }  # fmt: skip
    assert errors == set(api.SECTIONS["errors"])


@pytest.mark.parametrize("name", sorted(DESCRIBED))
def test_what_is_described_has_a_docstring_of_its_own(name):
    assert inspect.getdoc(api.find(name))


def test_every_table_with_described_columns_is_listed():
    listed = [dict(one.described) for kind in tables.LISTED.values() for one in kind.values()]
    missing = [
        f"{module.__name__}.{name}"
        for package in (sim.analysis, sim.experiment, sim.inquiry)
        for info in pkgutil.iter_modules(package.__path__)
        for module in [import_module(f"{package.__name__}.{info.name}")]
        for name, thing in vars(module).items()
        if not name.startswith("_") and is_table(thing) and thing is not QUANTITIES and not is_part(thing, listed)
    ]
    assert missing == []


def is_table(thing: object) -> bool:
    return isinstance(thing, dict) and bool(thing) and all(isinstance(column, Column) for column in thing.values())


def is_part(table: dict[str, Column], listed: list[dict[str, Column]]) -> bool:
    """Whether a listed table has all columns of this one: some are made from others."""
    return any(table.items() <= one.items() for one in listed)


def test_every_command_and_option_is_described():
    text = commands.markdown()
    for name, command in typer.main.get_command(app).commands.items():
        section = text.split(f"## truce {name}\n")[1].split("\n## ")[0]
        for parameter in command.params:
            for written in parameter.opts if parameter.param_type_name == "option" else [parameter.metavar]:
                assert written in section, f"truce {name}: {written}"


def test_every_key_of_a_scenario_file_is_described():
    keys, groups, events = scenario_file.keys(), scenario_file.groups(), scenario_file.events()
    schema = json_schema()
    assert [key for key in schema["properties"] if f"`{key}`" not in keys] == []
    assert [name for name in PARAMETERS if f"`{name}`" not in groups] == []
    assert [key for key in [*schema["$defs"]["Event"]["properties"], *ACTIONS] if f"`{key}`" not in events] == []
    laws = scenario_file.laws()
    assert [law for law in ("uniform", "triangular", "beta", "normal", "lognormal", "choice") if law not in laws] == []


def test_every_part_has_a_place_on_a_page_and_every_place_a_part():
    asked = [mark for page in pages() for mark in PLACE.findall(page.read_text("utf-8"))]
    assert sorted(asked) == sorted(PARTS)
