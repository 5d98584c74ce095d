"""The assumptions: every parameter that the scenarios use, with its value, where it comes from, and who sets it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.distributions import Distribution
from sim.parameter_table import as_text
from sim.parameters import Parameter
from sim.plots.sheet import plain_date
from sim.report.document import Block, Bullets, Cell, Paragraph, Section, Table
from sim.report.scenarios import LAWS
from sim.report.wording import counted, listed, quoted, titles
from sim.scenario.schema import GROUPS
from sim.scenario.writing import defaults_of

if TYPE_CHECKING:
    from sim.experiment import Comparison, Sweep
    from sim.scenario import Scenario

#: What the grades mean, in the words of `docs/evidence.md` made plain, the firmest first.
GRADES = {
    "data": "computed from published figures of before 19 May 2025",
    "article": "a claim of the news article of 19 May 2025 from which the model starts; the claim is the article's, the "
    "number Truce's",
    "literature": "size or sign taken from published research",
    "judgement": "a reasoned guess; a source named beside it gives the direction or the order of magnitude",
}

#: Scenarios that a cell names, where a parameter is set.
_MOST_NAMED = 4


def assumptions(results: Comparison | Sweep) -> Section:
    """List every parameter that the scenarios use.

    Examples
    --------
    >>> import sim
    >>> section = assumptions(sim.compare("hardball", runs=8))
    >>> [block.name for block in section.blocks if isinstance(block, Table)][:2]
    ['assumptions_russia', 'assumptions_ukraine']
    """
    (baseline,) = (scenario for scenario in results.scenarios if scenario.name == results.baseline)
    ordered = [baseline, *(scenario for scenario in results.scenarios if scenario is not baseline)]
    parameters: dict[str, Parameter] = {}
    for scenario in ordered:
        parameters = scenario.parameters() | parameters
    set_by = {name: _set_by(name, ordered, results) for name in parameters}
    value = {name: _value(name, baseline) for name in parameters}
    blocks: list[Block] = [
        Paragraph(_told(parameters, ordered, set_by)),
        Bullets(tuple(f"{grade}: {meaning}." for grade, meaning in GRADES.items())),
        Paragraph(LAWS),
    ]
    for group, meaning in GROUPS.items():
        members = [parameter for parameter in parameters.values() if parameter.group == group]
        if members:
            blocks.append(_table(group, meaning, members, value, set_by))
    return Section("assumptions", "Assumptions", tuple(blocks))


def _set_by(name: str, ordered: Sequence[Scenario], results: Comparison | Sweep) -> tuple[str, ...]:
    """Return who sets a parameter otherwise than by default, and to what."""
    names, found = titles(results.scenarios), []
    for scenario in ordered:
        resolved, default = scenario.resolve(), defaults_of(scenario)
        if name in resolved and as_text(resolved[name]) != as_text(default[name]):
            found.append(f"{quoted(names[scenario.name])}: {as_text(resolved[name])}")
        found += [
            f"{quoted(names[scenario.name])}: {as_text(event.changes[name])} from {plain_date(event.day)}"
            for event in scenario.events
            if name in event.changes
        ]
    design = results.experiment.design
    if design is not None and name in design.names:
        values = design.values[:, design.names.index(name)]
        found.append(f"varied: {values.min():.4g} to {values.max():.4g}")
    return tuple(found)


def _value(name: str, baseline: Scenario) -> float | Distribution | None:
    return baseline.resolve().get(name)


def _told(parameters: dict[str, Parameter], ordered: Sequence[Scenario], set_by: dict[str, tuple[str, ...]]) -> str:
    grades = Counter(parameter.grade for parameter in parameters.values())
    words = {
        "data": ("is computed from data", "are computed from data"),
        "article": ("puts a claim of the article into a number", "put a claim of the article into a number"),
        "literature": ("is taken from published research", "are taken from published research"),
        "judgement": ("is a judgement", "are judgements"),
    }
    shares = [f"{grades[grade]} {words[grade][grades[grade] != 1]}" for grade in GRADES if grades[grade]]  # type: ignore[index]
    resolved = ordered[0].resolve()
    uncertain = sum(isinstance(value, Distribution) for value in resolved.values())
    own = sum(bool(found) for found in set_by.values())
    who = "The scenario uses" if len(ordered) == 1 else "The scenarios use"
    drawn = (
        f"{uncertain} of those of {'it' if len(ordered) == 1 else 'the baseline'} are uncertain: each run draws its own "
        "value."
        if uncertain
        else f"In {'it' if len(ordered) == 1 else 'the baseline'} none varies from run to run: each is held at one value."
    )
    set_here = (
        f" {counted(own, 'is', 'are')} set here otherwise than by default, as the tables show; such a value is an "
        "assumption of its scenario, whatever the grade of the default."
        if own
        else " None is set here otherwise than by default."
    )
    return f"{who} {counted(len(parameters), 'parameter')}, of which {listed(shares)}. {drawn}{set_here}"


def _table(
    group: str, meaning: str, members: Sequence[Parameter], value: dict[str, float | Distribution | None],
    set_by: dict[str, tuple[str, ...]],
) -> Table:  # fmt: skip
    import pandas as pd

    rows, records = [], []
    for parameter in members:
        name, found = parameter.name, set_by[parameter.name]
        more = f"; {len(found) - _MOST_NAMED} more" if len(found) > _MOST_NAMED else ""
        shown = as_text(value[name]) or "not there"
        rows.append(tuple(map(Cell, (
            name, parameter.meaning, parameter.unit, shown, f"{'; '.join(found[:_MOST_NAMED])}{more}", parameter.grade,
            parameter.source,
        ))))  # fmt: skip
        records.append({
            "name": name, "meaning": parameter.meaning, "unit": parameter.unit, "value": as_text(value[name]),
            "default": as_text(parameter.default), "uncertainty": as_text(parameter.uncertainty),
            "low": parameter.low, "high": parameter.high, "set_by": "; ".join(found), "grade": parameter.grade,
            "source": parameter.source,
        })  # fmt: skip
    grades = Counter(parameter.grade for parameter in members)
    return Table(
        f"assumptions_{group}", f"{group.replace('_', ' ').capitalize()}: {meaning[0].lower()}{meaning[1:].rstrip('.')}",
        ("Parameter", "Meaning", "Unit", "Value in the baseline", "Set otherwise by", "Grade", "Source"), tuple(rows),
        f"By grade: {listed(f'{grades[grade]} {grade}' for grade in GRADES if grades[grade])}.",  # type: ignore[index]
        pd.DataFrame(records),
    )  # fmt: skip
