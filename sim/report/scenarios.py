"""The scenarios side by side: what each sets otherwise than the baseline, setting by setting."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from sim.distributions import Distribution
from sim.parameter_table import as_text
from sim.parameters import STATES, Parameter
from sim.plots.sheet import plain_date
from sim.report.document import Block, Cell, Paragraph, Section, Table
from sim.report.numbers import day_cell
from sim.report.wording import counted, listed, quoted, titles
from sim.scenario.schema import ACTIONS

if TYPE_CHECKING:
    from sim.experiment import Comparison, Sweep
    from sim.scenario import Event, Scenario

#: How laws read that stand in the place of a number.
LAWS = (
    "Where a law stands in the place of a number, each run draws its own value: uniform: [lowest, highest], all "
    "equally likely; triangular: [lowest, most likely, highest]; normal: [mean, standard deviation]; lognormal: "
    "[median, standard deviation of the logarithm]; beta: [its two shape numbers]; choice: one of these."
)

_NOTHING = "not there"


class Departure(NamedTuple):
    """A setting in which a scenario differs from another.

    Attributes
    ----------
    setting
        Dotted name of a parameter, or what else it is: deadline, end of the runs, uncertainty, a state, an event.
    meaning, unit
        Of the parameter; the unit is empty for the others.
    before, here
        As a scenario file writes it.
    """

    setting: str
    meaning: str
    unit: str
    before: str
    here: str


def side_by_side(results: Comparison | Sweep) -> Section:
    """Tell what each scenario asks, and in which settings it differs from the baseline.

    Examples
    --------
    >>> import sim
    >>> section = side_by_side(sim.compare(["hardball", "moves_on"], runs=8))
    >>> [row[1].text for row in section.blocks[2].rows]
    ['united_states.re_engagement', 'event moves_on']
    """
    (baseline,) = (scenario for scenario in results.scenarios if scenario.name == results.baseline)
    names = titles(results.scenarios)
    ordered = [baseline, *(scenario for scenario in results.scenarios if scenario is not baseline)]
    found = {scenario.name: departures(scenario, baseline) for scenario in ordered[1:]}
    blocks: list[Block] = [Paragraph(_told(baseline, ordered[1:], found, names))]
    if len(ordered) > 1:
        blocks.append(_overview(ordered, found, names))
    if any(found.values()):
        blocks.append(
            _table(
                "settings", f"What differs from the baseline, {quoted(names[baseline.name])}", "Baseline",
                [(names[name], departure) for name, differ in found.items() for departure in differ],
            )
        )  # fmt: skip
    if results.experiment.design is not None:
        blocks.append(_varied(results))  # type: ignore[arg-type]  # only a Sweep has a design
    own = departures(baseline, _silent(baseline))
    called = f"The baseline, {quoted(names[baseline.name])}," if len(ordered) > 1 else quoted(names[baseline.name])
    if own:
        title = f"What {quoted(names[baseline.name])} sets itself"
        blocks.append(_table("own_settings", title, "Default", [(names[baseline.name], one) for one in own]))
    else:
        blocks.append(Paragraph(f"{called} leaves everything at the model's defaults."))
    heading = "The scenarios side by side" if len(ordered) > 1 else "The scenario"
    return Section("scenarios", heading, tuple(blocks))


def departures(scenario: Scenario, other: Scenario) -> list[Departure]:
    """Return the settings in which a scenario differs from another.

    What holding parameters at their centres does to every uncertain one is told once, not for each.

    Examples
    --------
    >>> import sim
    >>> hardball = sim.load("hardball")
    >>> [departure[3:] for departure in departures(hardball.vary({"russia.gesture": 0.2}), hardball)]
    [('0.5', '0.2')]
    """
    return [*_dates(scenario, other), *_states(scenario, other), *_values(scenario, other), *_events(scenario, other)]


def _dates(scenario: Scenario, other: Scenario) -> Iterator[Departure]:
    if scenario.deadline != other.deadline:
        days = (plain_date(each.deadline) for each in (other, scenario))
        yield Departure("deadline", "date by which a ceasefire is asked for", "date", *days)
    if scenario.horizon != other.horizon:
        days = (plain_date(each.horizon) for each in (other, scenario))
        yield Departure("horizon", "date on which the runs end", "date", *days)
    if scenario.uncertainty != other.uncertainty:
        words = ("on" if each.uncertainty else "off" for each in (other, scenario))
        meaning = "uncertain parameters vary from run to run; off: each is held at its central value"
        yield Departure("uncertainty", meaning, "on or off", *words)


def _states(scenario: Scenario, other: Scenario) -> Iterator[Departure]:
    for key in dict.fromkeys([*STATES, *other.states, *scenario.states]):
        words = tuple("there" if key in each.states else _NOTHING for each in (other, scenario))
        if words[0] != words[1]:
            yield Departure(f"europe.{key}", f"{_label(key)} among the European states", "", words[0], words[1])


def _values(scenario: Scenario, other: Scenario) -> Iterator[Departure]:
    parameters, here, before = scenario.parameters(), scenario.resolve(), other.resolve()
    for name, parameter in parameters.items():
        old = before.get(name)
        if old is not None and isinstance(old, Distribution) and not scenario.uncertainty:
            old = central(old, parameter)
        new = here[name]
        if isinstance(new, Distribution) and not other.uncertainty:
            new = central(new, parameter)
        if as_text(old) != as_text(new):
            words = _NOTHING if old is None else as_text(before[name])
            yield Departure(name, parameter.meaning, parameter.unit, words, as_text(here[name]))


def central(law: Distribution, parameter: Parameter) -> float:
    """Return the value at which a parameter is held without uncertainty, as `Scenario.resolve` takes it."""
    return min(max(law.central, parameter.low), parameter.high)


def _events(scenario: Scenario, other: Scenario) -> Iterator[Departure]:
    here, before = ({event.name: event for event in each.events} for each in (scenario, other))
    for name in dict.fromkeys([*before, *here]):
        new, old = here.get(name), before.get(name)
        if new != old:
            event = new or old
            assert event is not None
            meaning = (
                ACTIONS[event.action].partition(", by `size`")[0] if event.action else "parameters change for good"
            )
            words = (_NOTHING if each is None else told_event(each) for each in (old, new))
            yield Departure(f"event {name}", meaning, "", *words)


def told_event(event: Event) -> str:
    """Write an event with its day and what it sets.

    Examples
    --------
    >>> import sim
    >>> told_event(sim.load("moves_on").events[1])
    'on 14 July 2025: disengage'
    """
    parts = [event.action] if event.action else []
    parts += [f"size {as_text(event.size)}"] if event.size is not None else []
    parts += [f"{name} becomes {as_text(value)}" for name, value in event.changes.items()]
    return f"on {plain_date(event.day)}: {', '.join(parts)}"


def _silent(scenario: Scenario) -> Scenario:
    """Return the scenario that is left if this one sets no parameter and has no event; its dates stay."""
    return dataclasses.replace(scenario, values={}, events=(), states=tuple(STATES))


def _told(
    baseline: Scenario, others: Sequence[Scenario], found: dict[str, list[Departure]], names: dict[str, str]
) -> str:
    if not others:
        asked = f" It asks: {baseline.question}" if baseline.question else ""
        return (
            f"There is one scenario, {quoted(names[baseline.name])}. It is followed week by week from 19 May 2025 to "
            f"{plain_date(baseline.horizon)}, and a ceasefire is asked for by {plain_date(baseline.deadline)}.{asked}"
        )
    numbers = [len(departures) for departures in found.values()]
    least, most = min(numbers), max(numbers)
    many = counted(most, "setting") if least == most else f"{least} to {most} settings"
    if len(others) == 1:
        told = (
            f"{quoted(names[others[0].name])} differs from the baseline, {quoted(names[baseline.name])}, in {many}."
            if most
            else f"{quoted(names[others[0].name])} and the baseline, {quoted(names[baseline.name])}, differ in nothing."
        )
    else:
        told = f"{len(others)} scenarios stand beside the baseline, {quoted(names[baseline.name])}"
        told += (
            f", and differ from it in {many} each." if least == most and most else f". They differ from it in {many}."
        )
    same = [quoted(names[name]) for name, departures in found.items() if not departures]
    if same and len(others) > 1:
        told += f" {listed(same)} {'differs' if len(same) == 1 else 'differ'} from it in nothing."
    return f"{told} What is not listed is the same in all."


def _overview(ordered: Sequence[Scenario], found: dict[str, list[Departure]], names: dict[str, str]) -> Table:
    rows = tuple(
        (
            Cell(names[scenario.name]),
            Cell(scenario.question),
            day_cell(scenario.deadline),
            day_cell(scenario.horizon),
            Cell(str(len(found[scenario.name])), len(found[scenario.name])) if scenario.name in found
            else Cell("baseline", -1),
        )
        for scenario in ordered
    )  # fmt: skip
    return Table(
        "scenarios", "What the scenarios ask",
        ("Scenario", "Question", "Deadline", "Runs end on", "Settings that differ"), rows,
        "The deadline is the date by which a ceasefire is asked for. All begin on 19 May 2025.",
    )  # fmt: skip


def _table(name: str, title: str, before: str, found: Sequence[tuple[str, Departure]]) -> Table:
    several = len({scenario for scenario, _ in found}) > 1 or name == "settings"
    heads = ("Setting", "Meaning", "Unit", before, "Here")
    rows = tuple(tuple(map(Cell, (scenario, *departure) if several else departure)) for scenario, departure in found)
    note = LAWS if any(": [" in text for _, departure in found for text in departure[3:]) else ""
    return Table(name, title, ("Scenario", *heads) if several else heads, rows, note)


def _varied(results: Sweep) -> Table:
    (scenario,), design = results.scenarios, results.design
    parameters, before = scenario.parameters(), scenario.resolve()
    rows = []
    for name in map(str, design.columns[1:]):
        values = sorted(set(design[name].tolist()))
        few = ", ".join(map(as_text, values)) if len(values) <= 12 else (
            f"{len(values):,} values from {_short(values[0])} to {_short(values[-1])}"
        )  # fmt: skip
        parameter = parameters[name]
        rows.append(tuple(map(Cell, (name, parameter.meaning, parameter.unit, as_text(before[name]), few))))
    return Table(
        "varied", f"What varies over {counted(len(design), 'point')}",
        ("Setting", "Meaning", "Unit", "In the scenario", "Over the points"), tuple(rows),
        f"All else is that of the scenario. {LAWS}", design,
    )  # fmt: skip


def _short(value: float) -> str:
    return f"{value:.4g}"


def _label(key: str) -> str:
    return STATES[key].label if key in STATES else key.replace("_", " ").capitalize()
