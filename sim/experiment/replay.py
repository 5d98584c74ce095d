"""One run of an experiment, carried out once more and told week by week in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.outcomes import COLUMNS
from sim.errors import TruceError, UsageError
from sim.experiment.chunk import Block, Task, simulate
from sim.parameters import OBLASTS, STATES
from sim.rules.bargaining import BOTH, NOBODY, RUSSIA, UKRAINE
from sim.scenario.calendar import HOLDING_WEEKS, date_of
from sim.world.watch import InvariantError

if TYPE_CHECKING:
    from sim.experiment.experiment import Experiment
    from sim.experiment.results import Results
    from sim.model import CeasefireModel

_SIDES = {RUSSIA: "Russia", UKRAINE: "Ukraine", BOTH: "both sides"}


@dataclass(frozen=True)
class Week:
    """A week of one run: what the front did, and what else happened, each as a sentence."""

    week: int
    day: date
    front: str
    events: tuple[str, ...]


@dataclass(frozen=True)
class History:
    """One run in words.

    Attributes
    ----------
    scenario, run, point, seed
        Which one it is.
    weeks
        Every week.
    agrees
        Whether it ended as the run that is stored; None if that one is not there (not done, or failed).
    differs
        Names of the columns of the outcomes in which it ended otherwise.
    """

    scenario: str
    run: int
    point: int
    seed: int
    weeks: tuple[Week, ...]
    agrees: bool | None
    differs: tuple[str, ...] = ()

    def __str__(self) -> str:
        lines = [f"{self.scenario}, run {self.run}, seed {self.seed}"]
        for week in self.weeks:
            lines.append(f"week {week.week:>3}, {week.day.isoformat()}: {week.front}")
            lines += [f"    {sentence}" for sentence in week.events]
        return "\n".join(lines)


def replay(
    results: Results, scenario: str | None, run: int, point: int, actors: Mapping[str, type] | None = None
) -> History:
    """Carry out one run of an experiment once more.

    Parameters
    ----------
    results
        The results that hold the experiment.
    scenario
        Name of the scenario; may be left out if there is one only.
    run, point
        Numbers of the run and of the point of the design.
    actors
        Classes that replaced built-in actors.

    Raises
    ------
    UsageError
        If there is no such scenario, run or point, or the classes of actors are missing.
    """
    experiment = results.experiment
    place = experiment.place_of(scenario)
    if point >= experiment.points:
        raise UsageError(f"there is no point {point}; the design has points 0 to {experiment.points - 1}")
    if run >= experiment.runs:
        raise UsageError(f"there is no run {run}; the experiment has runs 0 to {experiment.runs - 1}")
    cast = cast_of(results, actors, "replay")
    stored = results.block_with(place, point, run)
    task = replace(_task(experiment, place, point, run, stored, cast), check=some_broke_invariants(results))
    differs = None if stored is None else _compared(results, task)
    weeks = tuple(_told_to_the_end(task))
    name = experiment.scenarios[place].name
    return History(name, run, point, experiment.seed, weeks, None if differs is None else not differs, differs or ())


def some_broke_invariants(results: Results) -> bool:
    """Say whether runs failed because of what was looked at: then it has to be looked at in runs done again, too."""
    return bool((results.failures["exception"] == InvariantError.__name__).any())


def cast_of(results: Results, actors: Mapping[str, type] | None, method: str) -> Mapping[str, type]:
    """Return the classes that replace built-in actors: those given, or those of an experiment that is at hand.

    Parameters
    ----------
    results
        The results that hold the experiment.
    actors
        Classes given.
    method
        Name of the method of `Results` that they can be given to.

    Raises
    ------
    UsageError
        If the results come from a directory and the classes, which only their author has, were not given.
    """
    cast = actors or results.experiment.actors
    if not cast and results.directory is not None and results.manifest["actors"]:
        replaced = ", ".join(f"{key} by {name.split('@')[0]}" for key, name in results.manifest["actors"].items())
        raise UsageError(f"actors were replaced ({replaced}); give them in Python: sim.open(...).{method}(actors=...)")
    return cast


def _told_to_the_end(task: Task) -> Iterator[Week]:
    """Tell every week, the last of a run that fails too."""
    week = 0
    try:
        with np.errstate(all="ignore"):
            for told_week in told(task.model(check=task.check)):
                week = told_week.week + 1
                yield told_week
    except TruceError:
        raise
    except Exception as error:  # an actor of the user's may raise anything
        yield Week(week, date_of(week), f"the run fails ({type(error).__name__}: {error})", ())


def told(model: CeasefireModel) -> Iterator[Week]:
    """Step a model of one run to its horizon and tell every week."""
    while model.week < model.weeks:
        before = _Before(model)
        model.step()
        week = model.week - 1
        yield Week(week, date_of(week), _front(model), tuple(_events(model, before, week)))


class _Before:
    """What has to be remembered of the week before."""

    def __init__(self, model: CeasefireModel) -> None:
        us, europe = model.united_states, model.europe
        self.blocker, self.first = int(model.table.blocker[0]), model.week == 0
        self.breakthrough, self.engaged = bool(model.front.breakthrough[0]), bool(us.engaged[0])
        self.axes, self.lapsed = model.front.axes[0].copy(), bool(europe.lapsed[0])
        self.pledged = {state.name: bool(state.pledged[0]) for state in europe.states}
        self.conceded, self.full_control = float(model.front.conceded[0]), bool(model.front.full_control[0])
        self.age = int(model.truce.age[0])


def _task(
    experiment: Experiment, place: int, point: int, run: int, stored: Block | None, cast: Mapping[str, type] | None
) -> Task:
    """Return the task of one run alone, on the luck that it met."""
    points, runs = range(point, point + 1), range(run, run + 1)
    luck = run
    if experiment.independent:
        if stored is None:
            raise UsageError(f"run {run} is not done yet, and which luck it meets is settled when it is")
        luck = stored.luck + (point - stored.points.start) * len(stored.runs) + run - stored.runs.start
    task = experiment.task(Block(place, points, runs, luck=luck, independent=experiment.independent))
    return replace(task, actors=dict(cast) if cast else None, traces=(), histories=())


def _compared(results: Results, task: Task) -> tuple[str, ...] | None:
    """Return the columns in which the run comes out otherwise than stored; None if it failed."""
    (point,), (run,) = task.block.points, task.block.runs
    columns = [name for name in COLUMNS if name not in ("scenario", "run")]
    again = simulate(task).outcomes
    for rows in results.frames(task.scenario.name, [*columns, *(["point"] if task.design is not None else [])]):
        found = rows[rows.index == run]
        if task.design is not None:
            found = found[found["point"] == point]
        if len(found) and len(again):
            before, after = found.iloc[0], again.iloc[0]
            return tuple(name for name in columns if not _same(before[name], after[name]))
    return None


def _same(before: object, after: object) -> bool:
    return before == after or (before != before and after != after)  # NaN: never in both


def _front(model: CeasefireModel) -> str:
    front = model.front
    left = f"{front.land_left[0]:,.0f} km² left, Russian confidence {model.russia.confidence[0]:.2f}"
    if not model.at_war_this_week[0]:
        return "Russia holds all four oblasts" if front.full_control[0] else f"ceasefire; {left}"
    advance = front.advance[0]
    moved = f"Russia takes {advance:,.0f} km²" if advance >= 0 else f"Ukraine regains {-advance:,.0f} km²"
    return f"{moved}; {left}"


def _events(model: CeasefireModel, before: _Before, week: int) -> Iterator[str]:
    for event in model.inputs.events:
        if event.week == week:
            what = "" if event.action is None else f": {event.action.replace('_', ' ')}"
            changes = ", ".join(f"{name} becomes {value:g}" for name, value in event.changes.items())
            changes = f"; {changes}" if changes else ""
            yield f"By the calendar of the scenario, {event.name.replace('_', ' ')}{what}{changes}."
    yield from _on_the_front(model, before)
    yield from _in_europe(model, before)
    yield from _at_the_table(model, before)
    yield from _in_washington(model, before)
    yield from _of_the_ceasefire(model, before)


def _on_the_front(model: CeasefireModel, before: _Before) -> Iterator[str]:
    front = model.front
    if front.began[0]:
        yield "The line cracks: a breakthrough begins."
    elif before.breakthrough and not front.breakthrough[0]:
        yield "The breakthrough is over."
    for place, oblast in enumerate(OBLASTS):
        if front.axes[0, place] and not before.axes[place]:
            yield f"Russia opens a new axis of attack in {oblast.capitalize()}."
    if front.full_control[0] and not before.full_control:
        yield "Russia now holds all four oblasts."


def _in_europe(model: CeasefireModel, before: _Before) -> Iterator[str]:
    for state in model.europe.states:
        name = STATES[state.name].label if state.name in STATES else state.name.replace("_", " ").capitalize()
        if bool(state.pledged[0]) != before.pledged[state.name]:
            yield f"A pledge to a guarantee force is {'made' if state.pledged[0] else 'withdrawn'}: {name}."
    if model.europe.lapsed[0] and not before.lapsed:
        yield "A veto lets the European sanctions lapse."


def _at_the_table(model: CeasefireModel, before: _Before) -> Iterator[str]:
    table = model.table
    blocker = int(table.blocker[0])
    if model.at_war_this_week[0] and (blocker != before.blocker or before.first):
        if blocker == NOBODY:
            yield "There is a zone of possible agreement."
        else:
            gaps = {"Russia": table.russian_gap[0], "Ukraine": table.ukrainian_gap[0]}
            short = " and ".join(f"{who} by {gap:.3f}" for who, gap in gaps.items() if gap > 0)
            yield f"There is no zone of agreement; {_SIDES[blocker]} would have to yield ({short} of utility)."
    if table.held[0]:
        territory, sanctions, security, recognition = table.draft[0]
        yield (
            f"A round of talks. The draft hands over {territory:.0%} of the land left, lifts {sanctions:.0%} of the "
            f"sanctions, puts security at {security:.2f} and recognition at {recognition:.2f}."
        )
        russia = "accepts" if table.russia_accepts[0] else "stalls" if table.stalled[0] else "refuses"
        yield f"Russia {russia}, Ukraine {'accepts' if table.ukraine_accepts[0] else 'refuses'}."
    if table.signed[0]:
        yield "Both sign a general ceasefire."
    if table.gesture[0]:
        yield "A short truce is announced."


def _in_washington(model: CeasefireModel, before: _Before) -> Iterator[str]:
    us = model.united_states
    if us.pressed_russia[0]:
        yield f"Washington presses Russia: sanctions now at {us.sanctions[0]:.2f}."
    if us.pressed_ukraine[0]:
        yield f"Washington presses Ukraine: the flow of aid now at {us.aid_flow[0]:.2f}."
    if bool(us.engaged[0]) != before.engaged:
        yield "Washington comes back to the table." if us.engaged[0] else "Washington moves on."


def _of_the_ceasefire(model: CeasefireModel, before: _Before) -> Iterator[str]:
    truce, front = model.truce, model.front
    if truce.counts_now[0]:
        handed_over = front.conceded[0] - before.conceded
        yield f"The ceasefire has held for {HOLDING_WEEKS} weeks and counts; {handed_over:,.0f} km² are handed over."
    if truce.collapsed[0]:
        yield f"The ceasefire collapses after {before.age} weeks."
