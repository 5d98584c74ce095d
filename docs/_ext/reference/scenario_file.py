"""The form of a scenario file, from its JSON schema and the table of parameters."""

from __future__ import annotations

import inspect
from typing import Any

from reference.markdown import code, plain, table
from sim.distributions import DISTRIBUTIONS
from sim.parameter_table import by_group, rows
from sim.parameters import PARAMETERS
from sim.scenario.schema import ACTIONS, GROUPS, SIZED_ACTIONS, json_schema


def keys() -> str:
    """Return a table of the keys at the top of a file."""
    found = []
    for key, form in json_schema()["properties"].items():
        group = f"[`{key}`](#{key.replace('_', '-')})" if key in (*GROUPS, "events") else code(key)
        found.append((group, _form(key, form), code(_as_yaml(form.get("default", ""))), plain(_meaning(key, form))))
    return table(("key", "form", "default", "meaning"), found)


def groups() -> str:
    """Return a section for each group, with all of its keys."""
    return "\n".join(_group(name, members) for name, members in by_group(rows()))


def laws() -> str:
    """Return a table of the laws that may stand in the place of a number."""
    found = []
    for name, law in DISTRIBUTIONS.items():
        first, *rest = inspect.cleandoc(law.__doc__ or "").replace("``", "`").split("\n")
        written, _, remark = first.rstrip(".").partition("`")[2].partition("`")
        remarks = " ".join([remark.strip(" ,:"), *rest]).strip()
        found.append((code(name), code(written), plain(remarks.replace("`", ""))))
    return table(("law", "written", "remarks"), found)


def events() -> str:
    """Return the keys of an event, what it can do, and which parameters it can set."""
    event = json_schema()["$defs"]["Event"]
    keys = []
    for key, form in event["properties"].items():
        meaning = form["description"].split(".")[0] + "."  # the actions, which follow, have a table of their own
        keys.append((code(key), "yes" if key in event["required"] else "", plain(meaning)))
    actions = []
    for name, meaning in ACTIONS.items():
        size = "0-1" if name in SIZED_ACTIONS else ""
        actions.append((code(name), plain(meaning.replace("`", "")), size))
    fixed = ", ".join(code(parameter.name) for parameter in PARAMETERS.values() if parameter.at_start)
    parts = [
        table(("key", "required", "meaning"), keys),
        "What `do` can say:\n",
        table(("action", "what happens", "size"), actions),
        "What `set` takes are numbers, no laws, by dotted name. Fixed once a run has begun are\n" + fixed + ".\n",
    ]
    return "\n".join(parts)


def _group(name: str, members: list[dict[str, str]]) -> str:
    found = []
    for row in members:
        numbers = (row["low"], row["high"], row["default"], code(row["uncertainty"]))
        found.append((code(row["name"]), plain(row["meaning"]), plain(row["unit"]), *numbers))
    columns = ("name", "meaning", "unit", "lowest", "highest", "default", "law by default")
    return f"### {name}\n\n{GROUPS[name]}\n\n{table(columns, found)}"


def _form(key: str, form: dict[str, Any]) -> str:
    if key in GROUPS:
        return "names with numbers or laws"
    if key == "events":
        return "events by name"
    if "enum" in form:
        return ", ".join(code(_as_yaml(value)) for value in form["enum"])
    return "date, YYYY-MM-DD" if form.get("format") == "date" else "text"


def _as_yaml(value: object) -> str:
    """Return a word as YAML spells it."""
    return str(value).lower()


def _meaning(key: str, form: dict[str, Any]) -> str:
    return GROUPS.get(key) or str(form.get("description", ""))
