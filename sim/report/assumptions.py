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
    "article": "a claim of the news article of 19 May 2025 from which the model starts; the claim is the article's, "
    "the number Truce's",
    "literature": "size or sign taken from published research",
    "judgement": "a reasoned guess; a source named beside it gives the direction or the order of magnitude",
}

#: The claims of the article, in the words of `docs/evidence.md`.
CLAIMS = {
    "C1": "Russia's president goes into the call of 19 May feeling that he has the better cards.",
    "C2": "He is sure that his forces will break through and hold all four claimed oblasts by the end of the year.",
    "C3": "European leaders try to keep the American president from a deal made in haste.",
    "C4": "No large Russian concession is to be expected in the call.",
    "C5": "The American president wants it over quickly and trusts in talking to his counterpart directly.",
    "C6": "Russian forces advance, slowly, and nothing signals readiness to stop.",
    "C7": "Kyiv and European capitals fear that still more land will have to be given up.",
    "C8": "An analyst: at this stage Russia gains little from a ceasefire.",
    "C9": "American mediation is at its height; more pressure on Russia or turning to something else may follow, and "
    "Europeans cannot tell which.",
    "C10": "Kyiv and the allies are to be briefed after the call.",
    "C11": "Russia's president is ready for a long war if his aims need one.",
    "C12": "The prospect of further American sanctions leaves him cold.",
    "C13": "A consultant close to the Kremlin: Washington wants a truce, Moscow does not.",
    "C14": "Nor does Moscow want the talks to end: it would have them run beside the offensive.",
}

_HEADINGS = {"united_states": "United States"}

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
        Paragraph(f"{LAWS} C1 to C14 among the sources are claims of the article, listed at the end."),
    ]
    for group, meaning in GROUPS.items():
        members = [parameter for parameter in parameters.values() if parameter.group == group]
        if members:
            blocks.append(_table(group, meaning, members, value, set_by, several=len(ordered) > 1))
    blocks.append(_claims())
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
    whose, of_these = ("it", "them") if len(ordered) == 1 else ("the baseline", "those of the baseline")
    drawn = (
        f"{uncertain} of {of_these} are uncertain: each run draws its own value."
        if uncertain
        else f"In {whose} none varies from run to run: each is held at one value."
    )
    set_here = (
        f" {counted(own, 'parameter is', 'parameters are')} set here otherwise than by default, as the tables show; "
        "such a value is an assumption of its scenario, whatever the grade of the default."
        if own
        else " None is set here otherwise than by default."
    )
    return f"{who} {counted(len(parameters), 'parameter')}, of which {listed(shares)}. {drawn}{set_here}"


def _table(
    group: str, meaning: str, members: Sequence[Parameter], value: dict[str, float | Distribution | None],
    set_by: dict[str, tuple[str, ...]], *, several: bool,
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
    heading = f"{_HEADINGS.get(group, group.capitalize())}: {meaning[0].lower()}{meaning[1:].rstrip('.')}"
    column = "Value in the baseline" if several else "Value"
    return Table(
        f"assumptions_{group}", heading,
        ("Parameter", "Meaning", "Unit", column, "Set otherwise in", "Grade", "Source"), tuple(rows),
        f"By grade: {listed(f'{grades[grade]} {grade}' for grade in GRADES if grades[grade])}.",  # type: ignore[index]
        pd.DataFrame(records),
    )  # fmt: skip


def _claims() -> Table:
    return Table(
        "claims", "The claims of the article of 19 May 2025", ("Claim", "In our words"),
        tuple((Cell(key, float(key[1:])), Cell(claim)) for key, claim in CLAIMS.items()),
        "A news article that relays a Bloomberg report, published on the day on which the American and the Russian "
        "president were to speak.",
    )  # fmt: skip
