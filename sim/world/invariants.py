"""What holds after every week of every run, whatever the parameters: each statement once, over all runs at a time.

The model does not need them; `sim.world.watch` looks at them on request. A number that breaks one shows a defect, of
the model or of a class that replaces one of its actors.
"""
# ruff: noqa: D401 - these docstrings are statements about the world, not commands

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.arrays import BoolArray, FloatArray, total
from sim.rules.bargaining import NOBODY
from sim.scenario.calendar import HOLDING_WEEKS

if TYPE_CHECKING:
    from sim.model import CeasefireModel

#: What shares and positions may be off by rounding; far below any that matters.
ROUNDING = 1e-9
#: The same of areas that are added up, km².
AREA_ROUNDING = 1e-6


class Before:
    """What a week changes and an invariant needs to know as it was."""

    def __init__(self, model: CeasefireModel) -> None:
        front, truce, record = model.front, model.truce, model.record
        self.land_left, self.conceded = front.land_left.copy(), front.conceded.copy()
        self.in_force, self.age = truce.in_force.copy(), truce.age.copy()
        self.lapsed = model.europe.lapsed.copy()
        self.weeks: Mapping[str, FloatArray] = {name: week.copy() for name, week in record.weeks.items()}
        self.counts: Mapping[str, NDArray[np.int64]] = {name: count.copy() for name, count in record.counts.items()}


Holds = Callable[["CeasefireModel", Before], BoolArray]


@dataclass(frozen=True)
class Invariant:
    """A statement about the week that is over.

    Attributes
    ----------
    name
        Its name, as in ``failures.csv``.
    sentence
        What it says.
    holds
        Function of the model and of what was before the week that tells in which runs it holds, shape (runs,). It is
        put so that a number that is none (NaN) breaks it.
    """

    name: str
    sentence: str
    holds: Holds

    def __str__(self) -> str:
        return f"{self.name}: {self.sentence}"


#: All of them, by name, in the order in which they are looked at.
INVARIANTS: dict[str, Invariant] = {}


def _invariant(holds: Holds) -> Holds:
    """Make an invariant of a function: its name, and what its docstring says."""
    sentence = (holds.__doc__ or "").rstrip(".")
    INVARIANTS[holds.__name__] = Invariant(holds.__name__, sentence[:1].lower() + sentence[1:], holds)
    return holds


# ---- numbers


@_invariant
def parameters_within_bounds(model: CeasefireModel, before: Before) -> BoolArray:
    """Every parameter lies between its bounds."""
    holds = _everywhere(model)
    for name, parameter in model.inputs.parameters().items():
        group, key = name.rsplit(".", 1)
        values = getattr(model.values[group], key)
        different = values[:1] if values.strides == (0,) else values  # one number that stands for all runs
        holds &= _within(different, parameter.low, parameter.high, 0.0)
    return holds


@_invariant
def numbers_are_finite(model: CeasefireModel, before: Before) -> BoolArray:
    """Every number that actors and world hold is finite."""
    parts = (model.front, model.table, model.truce, model.russia, model.ukraine, model.united_states, model.europe)
    numbers = (array for part in parts for array in _numbers_of(part, model.runs))
    return _all_of(_everywhere(model), *(_in_all_columns(np.isfinite(array)) for array in numbers))


@_invariant
def shares_within_0_and_1(model: CeasefireModel, before: Before) -> BoolArray:
    """Beliefs, weights, shares of influence, sanctions, pressure and flows of American aid lie between 0 and 1."""
    us, europe, front = model.united_states, model.europe, model.front
    shares = (
        model.russia.confidence, model.ukraine.confidence, us.confidence, model.russia.peace, model.ukraine.peace,
        us.sanctions, us.pressure_on_russia, us.pressure_on_ukraine, us.aid_flow, us.guarantee_backing, front.strain,
        front.us_aid, europe.lobbying, europe.guarantee, europe.sanctions_relief, europe.lapsed_sanctions,
        model.ukraine.red_line, model.russia.weights, model.ukraine.weights,
    )  # fmt: skip
    return _all_of(*(_within(share, 0.0, 1.0) for share in shares))


# ---- the front


@_invariant
def land_within_oblasts(model: CeasefireModel, before: Before) -> BoolArray:
    """The land left in an oblast is no less than none of it, and no more than all of it."""
    return _within(model.front.gap, 0.0, model.front.whole, 0.0)


@_invariant
def land_adds_up(model: CeasefireModel, before: Before) -> BoolArray:
    """The land left is the sum over the oblasts, and changes by the advance and by what is handed over."""
    front = model.front
    rest = before.land_left - front.land_left - front.advance - (front.conceded - before.conceded)
    return _all_of(front.land_left == total(front.gap), _within(rest, 0.0, 0.0, AREA_ROUNDING))


@_invariant
def front_moves_in_war_alone(model: CeasefireModel, before: Before) -> BoolArray:
    """The front moves, or cracks, in a week of war alone."""
    front = model.front
    return _either(model.at_war_this_week, _all_of(front.advance == 0, ~front.began, ~front.breakthrough))


@_invariant
def land_is_handed_over_for_good(model: CeasefireModel, before: Before) -> BoolArray:
    """Land is handed over when a ceasefire comes to count, and never handed back."""
    handed_over = model.front.conceded - before.conceded
    return _either(handed_over == 0, _all_of(model.truce.counts_now, handed_over > 0))


@_invariant
def forces_are_positive(model: CeasefireModel, before: Before) -> BoolArray:
    """Russia has some strength against Ukraine; pace and hazards that follow from it are not negative."""
    front = model.front
    ratios = (front.force_ratio, front.tempo, front.expected_pace, front.expected_tempo)
    return _all_of(front.balance > 0, *(ratio >= 0 for ratio in ratios))


# ---- actors


@_invariant
def beliefs_have_weight(model: CeasefireModel, before: Before) -> BoolArray:
    """A belief rests on some weeks of war, and on breakthroughs counted from none."""
    beliefs = [actor.belief for actor in (model.russia, model.ukraine, model.united_states)]
    return _all_of(*(_all_of(b.weight > 0, b.pace_weight > 0, b.shape >= 0) for b in beliefs))


@_invariant
def wars_are_planned_within_horizons(model: CeasefireModel, before: Before) -> BoolArray:
    """A side plans a war of some weeks, and of no more than its horizon."""
    sides = (model.russia, model.ukraine)
    return _all_of(*(_all_of(s.planned_length > 0, s.planned_length <= s.p.horizon) for s in sides))


@_invariant
def aid_within_means(model: CeasefireModel, before: Before) -> BoolArray:
    """A European state gives no less aid than in May 2025, and no more than its means allow."""
    europe, highest = model.europe, 1 + model.europe_values.headroom
    flows = (europe.aid_flow >= 0, model.front.european_aid >= 0)
    return _all_of(*flows, *(_within(state.aid, 1.0, highest) for state in europe.states))


@_invariant
def sanctions_lapse_for_good(model: CeasefireModel, before: Before) -> BoolArray:
    """European sanctions that lapsed stay so, and there is then no European relief to offer."""
    europe = model.europe
    return _all_of(_if(before.lapsed, europe.lapsed), _if(europe.lapsed, europe.sanctions_relief == 0))


@_invariant
def washington_keeps_count(model: CeasefireModel, before: Before) -> BoolArray:
    """Washington's clocks count no more weeks than there were, and blame is a share of some answers."""
    us, weeks = model.united_states, float(model.week)
    clocks = (_within(clock, 0.0, weeks, 0.0) for clock in (us.clock, us.weeks_since_review))
    blame = (_all_of(_in_all_columns(c >= 0), total(c) > 0) for c in (us.russian_blame, us.ukrainian_blame))
    return _all_of(*clocks, *blame)


# ---- the table


@_invariant
def terms_within_the_box(model: CeasefireModel, before: Before) -> BoolArray:
    """What can be agreed lies between the ideals of the two sides, and a draft within what can be agreed."""
    table = model.table
    box = (_within(table.low, 0.0, 1.0), _within(table.high, table.low, 1.0))
    return _all_of(*box, _within(table.draft, table.low, table.high), _within(model.truce.terms, 0.0, 1.0))


@_invariant
def gaps_tell_who_blocks(model: CeasefireModel, before: Before) -> BoolArray:
    """Who blocks has a gap to close; where there is a zone of agreement there is no gap."""
    table = model.table
    gap = (table.russian_gap > 0) | (table.ukrainian_gap > 0)
    return _all_of(table.russian_gap >= 0, table.ukrainian_gap >= 0, gap == (table.blocker != NOBODY))


@_invariant
def answers_follow_a_round(model: CeasefireModel, before: Before) -> BoolArray:
    """Rounds and short truces belong to war; who accepts does not stall; what both accept is signed, and no more."""
    table = model.table
    return _all_of(
        _if(table.held | table.gesture, model.at_war_this_week),
        _if(table.russia_accepts | table.ukraine_accepts | table.stalled, table.held),
        ~(table.russia_accepts & table.stalled),
        table.signed == (table.russia_accepts & table.ukraine_accepts),
    )


# ---- the ceasefire


@_invariant
def ceasefires_live_week_by_week(model: CeasefireModel, before: Before) -> BoolArray:
    """A ceasefire begins with a signature where there is none, grows a week older in a week, and ends by collapse."""
    truce, signed = model.truce, model.table.signed
    older = (signed & (truce.age == 1)) | (before.in_force & (truce.age == before.age + 1))
    exists = before.in_force | signed
    return _all_of(
        ~(before.in_force & signed), truce.in_force == (exists & ~truce.collapsed), _if(truce.in_force, older),
        _if(truce.collapsed, exists),
    )  # fmt: skip


@_invariant
def conquest_ends_all_talks(model: CeasefireModel, before: Before) -> BoolArray:
    """Once Russia has taken all the land there is no war, no round of talks and no ceasefire any more."""
    conquered = ~np.isnan(model.record.weeks["full_control_week"])
    return _if(conquered, ~(model.truce.in_force | model.table.held | model.at_war))


# ---- the record


@_invariant
def weeks_stay_as_noted(model: CeasefireModel, before: Before) -> BoolArray:
    """The week in which something happens for the first time is noted then, and never changed."""
    holds, week = _everywhere(model), model.week - 1
    for name, noted in model.record.weeks.items():
        # A ceasefire is noted once it has held long enough, with the week in which it began.
        now = week + 1 - HOLDING_WEEKS if name == "ceasefire_week" else week
        was = before.weeks[name]
        holds &= _either(noted == was, np.isnan(was) & (np.isnan(noted) | (noted == now)))
    return holds


@_invariant
def weeks_are_in_order(model: CeasefireModel, before: Before) -> BoolArray:
    """A ceasefire is signed before it begins to count and collapses after that, and all this before full control."""
    weeks = model.record.weeks
    signed, began, ended = weeks["signature_week"], weeks["ceasefire_week"], weeks["ceasefire_end_week"]
    conquered = weeks["full_control_week"]
    never_signed, never_began, never_conquered = np.isnan(signed), np.isnan(began), np.isnan(conquered)
    return _all_of(
        _either(never_began, (began >= 0) & (signed <= began)),
        _either(np.isnan(ended), began + HOLDING_WEEKS <= ended),
        _either(never_conquered, never_signed | (signed < conquered)),
        _either(never_conquered, never_began | (ended < conquered)),
    )


@_invariant
def counts_add_up(model: CeasefireModel, before: Before) -> BoolArray:
    """Counts rise by one a week at most and never fall; no part exceeds its whole, no whole the weeks there were."""
    counts, weeks = model.record.counts, model.record.weeks
    wars, rounds, without = counts["weeks_of_war"], counts["rounds_held"], counts["weeks_without_zone"]
    blocked = sum(counts[f"weeks_blocked_by_{who}"] for who in ("russia", "ukraine", "both"))
    refused = counts["rounds_refused_by_russia"], counts["rounds_refused_by_ukraine"]
    steps = [
        (counts[f"pressure_steps_{side}"] > 0) == ~np.isnan(weeks[f"pressed_{side}_week"])
        for side in ("russia", "ukraine")
    ]
    risen = (count - before.counts[name] for name, count in counts.items())
    return _all_of(
        *((rise == 0) | (rise == 1) for rise in risen), *steps, wars <= model.week, rounds <= wars, without <= wars,
        without == blocked, counts["rounds_stalled"] + refused[0] <= rounds, refused[1] <= rounds,
    )  # fmt: skip


@_invariant
def terms_belong_to_a_ceasefire(model: CeasefireModel, before: Before) -> BoolArray:
    """Terms are noted of a ceasefire that counts, and of no other."""
    record = model.record
    return _in_all_columns(np.isnan(record.terms) == np.isnan(record.weeks["ceasefire_week"])[:, None])


@_invariant
def one_state_at_the_deadline(model: CeasefireModel, before: Before) -> BoolArray:
    """A run with a ceasefire in force at the deadline had one that began by then, and no full control by then."""
    record, deadline = model.record, model.inputs.deadline_week
    peace = (record.weeks["ceasefire_week"] <= deadline) & ~(record.weeks["full_control_week"] <= deadline)
    return _all_of(_if(record.in_force_at_deadline, peace), _if(record.pending_at_deadline, model.truce.in_force))


# ---- words


def _everywhere(model: CeasefireModel) -> BoolArray:
    return np.ones(model.runs, dtype=bool)


def _all_of(first: BoolArray, *others: BoolArray) -> BoolArray:
    """Return where all of these statements hold, shape (runs,)."""
    holds = first.copy()
    for statement in others:
        holds &= statement
    return holds


def _either(one: BoolArray, other: BoolArray) -> BoolArray:
    return np.logical_or(one, other)


def _if(premise: BoolArray, statement: BoolArray) -> BoolArray:
    return np.logical_or(~premise, statement)


def _within(values: FloatArray, low: Any, high: Any, slack: float = ROUNDING) -> BoolArray:
    return _in_all_columns((values >= low - slack) & (values <= high + slack))


def _in_all_columns(statement: NDArray[np.bool_]) -> BoolArray:
    """Return where a statement about runs, or about all columns of them, holds, shape (runs,)."""
    return statement if statement.ndim == 1 else _all_of(*statement.T)  # as sim.arrays.total: many times sooner


def _numbers_of(part: object, runs: int) -> Iterator[FloatArray]:
    """Yield the numbers that an actor or a part of the world holds, its belief included, of shape (runs, ...)."""
    belief = getattr(part, "belief", None)
    for value in (*vars(part).values(), *(vars(belief).values() if belief is not None else ())):
        if isinstance(value, np.ndarray) and value.dtype == np.float64 and value.shape[:1] == (runs,):
            yield value
