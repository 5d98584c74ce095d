"""A state to take along: as a scenario file and as Python code, both of which give the numbers that are shown."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from sim.scenario.reading import read_text

if TYPE_CHECKING:
    from sim.app.state import State

_DATES = ("deadline", "horizon")


def scenario_file(state: State) -> str:
    """Return the scenario file of a state; see `State.as_scenario_file`."""
    import sim

    scenario, reference = state.resolved(), state.reference()
    head = [
        f"From the explorer of Truce {sim.__version__}. The numbers it showed come back, exactly, with",
        f"    {state.command}",
    ]
    if state.text is None:
        tree: dict[str, Any] = {"title": scenario.title, "question": scenario.question, "extends": state.scenario}
        if not scenario.question:
            del tree["question"]
    else:
        tree = read_text(state.text.encode("utf-8", "surrogatepass"), f"{state.scenario}.yaml").plain()
        tree["title"] = scenario.title
    tree |= {name: value for name in _DATES if (value := getattr(state, name)) is not None}
    for name, value in state.changes.items():
        *groups, key = name.split(".")
        branch = tree
        for group in groups:
            branch = branch.setdefault(group, {})
        branch[key] = value
    if reference is not None:
        dates = " with the same dates" if any(name in tree for name in _DATES) and state.text is None else ""
        head.append(f"It was compared with '{reference.name}'{dates}, on the same luck.")
    return "".join(f"# {line}\n" for line in head) + "\n" + _as_yaml(tree, state)


def _as_yaml(tree: dict[str, Any], state: State) -> str:
    """Write it as people do, with what each changed parameter means beside it."""
    from ruamel.yaml import YAML
    from ruamel.yaml.comments import CommentedMap

    def commented(branch: dict[str, Any], path: tuple[str, ...]) -> CommentedMap:
        known, found = state.resolved().parameters(), CommentedMap()
        for key, value in branch.items():
            inside = value if isinstance(value, dict) else None
            small = inside is not None and not any(isinstance(one, dict | list) for one in inside.values())
            here = (*path, key)
            found[key] = value if inside is None else commented(inside, here)
            if small and len(here) > 1 and not any(name.startswith(f"{'.'.join(here)}.") for name in state.changes):
                found[key].fa.set_flow_style()
            if (name := ".".join(here)) in state.changes and name in known:
                found.yaml_add_eol_comment(f"{known[name].meaning} ({known[name].unit})", key, column=0)
        return found

    writer = YAML(typ="rt", pure=True)
    writer.width, writer.allow_unicode = 1000, True
    text = io.StringIO()
    writer.dump(commented(tree, ()), text)
    return text.getvalue()


def python_code(state: State) -> str:
    """Return the code of a state; see `State.as_python`."""
    from sim.app.state import UNCHANGED

    scenario, reference = state.resolved(), state.reference()
    dates = {name: value for name in _DATES if (value := getattr(state, name)) is not None}
    given = "".join(f", {name}=date({day.year}, {day.month}, {day.day})" for name, day in dates.items())
    imports = ["from dataclasses import replace\nfrom datetime import date\n"] if dates else []
    imports.append("import sim")
    lines: list[str] = []
    if state.text is not None:
        imports.append("from sim.scenario import load_text")
        quoted = "\n".join(f"    {line!r}" for line in state.text.splitlines(keepends=True))
        lines.append(f"text = (\n{quoted or '    ' + repr('')}\n)")
    original = f'sim.load("{state.scenario}")' if state.text is None else "load_text(text)"
    lines.append(f"original = {original}")
    made = f'replace(original, name="{scenario.name}"{given})' if dates else "original"
    if state.changes:
        changes = "".join(f'    "{name}": {value!r},\n' for name, value in state.changes.items())
        made += f'.vary({{\n{changes}}}, name="{scenario.name}")'
    lines.append(f"scenario = {made}")
    compared = "scenario"
    if reference is not None:
        base = "original" if state.baseline == UNCHANGED else f'sim.load("{state.baseline}")'
        lines.append(f"baseline = {f'replace({base}{given})' if dates else base}")
        compared = "[baseline, scenario]"
    baseline = "" if reference is None else f', baseline="{reference.name}"'
    lines.append(f"comparison = sim.compare({compared}, runs={state.runs}, seed={state.seed}{baseline})")
    lines.append("print(comparison.summary.T)")
    if reference is not None:
        lines.append('print(comparison.differences("ceasefire_by_deadline").T)')
    lines.append(f"print(comparison.replay(scenario.name, run={state.run}))") if state.run < state.runs else None
    return "\n".join(imports) + "\n\n" + "\n".join(lines) + "\n"
