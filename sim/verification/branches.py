"""What can happen in a week, by name: each is looked for in the runs, and counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

import sim
from sim.actors.belligerent import Belligerent
from sim.arrays import BoolArray, FloatArray
from sim.rules.bargaining import BOTH, NOBODY, RUSSIA, UKRAINE
from sim.scenario.calendar import HOLDING_WEEKS, RENEWALS


class Before:
    """What the week changes and a branch needs to know as it was."""

    def __init__(self, model: sim.CeasefireModel) -> None:
        self.engaged = model.united_states.engaged
        self.clock = model.united_states.clock
        self.breakthrough = model.front.breakthrough
        self.axes = model.front.axes.sum(axis=1)
        self.lapsed = model.europe.lapsed
        self.empty = (model.front.gap <= 0).sum(axis=1)
        self.confidence = model.russia.confidence
        self.pledged = [state.pledged for state in model.europe.states]


Happened = Callable[[sim.CeasefireModel, Before], BoolArray]


class Branch(NamedTuple):
    """Something that happens in some week of some run, shape (runs,)."""

    name: str
    happened: Happened


class Guard(NamedTuple):
    """A branch of a compiled rule that only odd parameters reach, and such parameters (with what is certain)."""

    name: str
    why: str
    happened: Happened
    changes: Mapping[str, float]


def _any(states: list[BoolArray]) -> BoolArray:
    happened: BoolArray = np.any(states, axis=0)
    return happened


def _fighting(m: sim.CeasefireModel) -> BoolArray:
    return m.at_war_this_week & ~m.front.full_control


def _due(m: sim.CeasefireModel) -> BoolArray:
    """Whether Washington reviewed its line this week."""
    return np.asarray(m.united_states.weeks_since_review == 0)


def _plans_all(m: sim.CeasefireModel) -> BoolArray:
    return np.asarray(m.russia.planned_length >= m.russia.p.horizon)


def _gains(side: Belligerent) -> BoolArray:
    """Whether the draft is worth more to a side than it must be."""
    return np.asarray(side.gain(side.model.table.draft) >= 0)


def _by_pace(m: sim.CeasefireModel) -> BoolArray:
    """Russia expects its normal pace to take all that is left within the war that it plans."""
    expected: FloatArray = m.russia.belief.pace * m.front.expected_pace * m.russia.planned_length
    return _fighting(m) & (expected >= m.front.land_left)


def _blocked_by(who: int) -> Happened:
    return lambda m, b: _fighting(m) & (m.table.blocker == who)


def _all_on_offer(m: sim.CeasefireModel) -> BoolArray:
    everything: BoolArray = np.all(m.table.draft >= m.table.high - 1e-12, axis=1)
    return everything


FRONT = (
    Branch("a breakthrough begins", lambda m, b: m.front.began),
    Branch("a breakthrough ends", lambda m, b: b.breakthrough & ~m.front.breakthrough & m.at_war_this_week),
    Branch("a breakthrough ends with the war", lambda m, b: m.front.breakthrough & ~m.at_war),
    Branch("a new axis of attack opens", lambda m, b: m.front.axes.sum(axis=1) > b.axes),
    Branch("Ukraine gains land", lambda m, b: m.front.advance < 0),
    Branch("an oblast is taken whole", lambda m, b: (m.front.gap <= 0).sum(axis=1) > b.empty),
    Branch("the advance goes on in the oblasts that are left",
           lambda m, b: _fighting(m) & (b.empty > 0) & (m.front.advance > 0)),
    Branch("full control", lambda m, b: m.front.full_control & m.at_war_this_week),
    Branch("the balance of forces is better for Russia than at the start", lambda m, b: m.front.balance > 1.001),
    Branch("the balance of forces is better for Ukraine than at the start", lambda m, b: m.front.balance < 0.999),
)  # fmt: skip

BELIEFS = (
    Branch("Russia's confidence rises", lambda m, b: _fighting(m) & (m.russia.confidence > b.confidence)),
    Branch("Russia's confidence falls", lambda m, b: _fighting(m) & (m.russia.confidence < b.confidence)),
    Branch("Russia plans a war as long as its horizon", lambda m, b: _fighting(m) & _plans_all(m)),
    Branch("Russia plans a shorter war", lambda m, b: _fighting(m) & ~_plans_all(m)),
    Branch("Russia expects its normal pace to suffice", lambda m, b: _by_pace(m)),
    Branch("Russia does not", lambda m, b: _fighting(m) & ~_by_pace(m)),
)

TABLE = (
    Branch("a zone of agreement exists", _blocked_by(NOBODY)),
    Branch("Russia alone blocks", _blocked_by(RUSSIA)),
    Branch("Ukraine alone blocks", _blocked_by(UKRAINE)),
    Branch("both block", _blocked_by(BOTH)),
    Branch("the draft gives Russia all that is on offer", lambda m, b: _fighting(m) & _all_on_offer(m)),
    Branch("the draft does not", lambda m, b: _fighting(m) & ~_all_on_offer(m)),
    Branch("a round by the calendar", lambda m, b: m.table.held & m.table.called),
    Branch("a round by chance, Washington engaged", lambda m, b: m.table.held & ~m.table.called & b.engaged),
    Branch("a round by chance, Washington gone", lambda m, b: m.table.held & ~m.table.called & ~b.engaged),
    Branch("both accept: signed", lambda m, b: m.table.signed),
    Branch("Russia alone accepts", lambda m, b: m.table.russia_accepts & ~m.table.ukraine_accepts),
    Branch("Ukraine alone accepts", lambda m, b: ~m.table.russia_accepts & m.table.ukraine_accepts),
    Branch("neither accepts", lambda m, b: m.table.held & ~m.table.russia_accepts & ~m.table.ukraine_accepts),
    Branch("Russia stalls", lambda m, b: m.table.stalled),
    Branch("Russia refuses", lambda m, b: m.table.held & ~m.table.russia_accepts & ~m.table.stalled),
    Branch("a stall with a short truce", lambda m, b: m.table.gesture & m.table.stalled),
    Branch("a stall without", lambda m, b: m.table.stalled & ~m.table.gesture),
    Branch("Russia accepts what is worth less to it than war", lambda m, b: m.table.russia_accepts & ~_gains(m.russia)),
    Branch("Russia does not accept what is worth more",
           lambda m, b: m.table.held & ~m.table.russia_accepts & _gains(m.russia)),
    Branch("Ukraine accepts what is worth less to it than war",
           lambda m, b: m.table.ukraine_accepts & ~_gains(m.ukraine)),
    Branch("Ukraine does not accept what is worth more",
           lambda m, b: m.table.held & ~m.table.ukraine_accepts & _gains(m.ukraine)),
)  # fmt: skip


def _mediates(m: sim.CeasefireModel, before: Before) -> BoolArray:
    us = m.united_states
    return np.asarray(_due(m) & before.engaged & ~us.pressed_russia & ~us.pressed_ukraine & ~us.left)


WASHINGTON = (
    Branch("a review: mediate", _mediates),
    Branch("a review: press Russia", lambda m, b: m.united_states.pressed_russia),
    Branch("a review: press Ukraine", lambda m, b: m.united_states.pressed_ukraine),
    Branch("a review: move on", lambda m, b: m.united_states.left),
    Branch("a review: come back", lambda m, b: ~b.engaged & m.united_states.engaged),
    Branch("a review: stay away", lambda m, b: _due(m) & ~b.engaged & ~m.united_states.engaged),
    Branch("sanctions are all there can be", lambda m, b: m.united_states.sanctions >= 1 - 1e-12),
    Branch("a stall sets the American clock back",
           lambda m, b: m.table.stalled & (m.united_states.clock < b.clock)),
    Branch("a signature stops the American clock", lambda m, b: m.table.signed & (m.united_states.clock == 0)),
)  # fmt: skip


def _states(test: Callable[[sim.CeasefireModel, Before, int], BoolArray]) -> Happened:
    return lambda m, b: _any([test(m, b, k) for k in range(len(m.europe.states))])


def _lobbying(index: int, lobbies: bool) -> Happened:
    return lambda m, b: m.europe.states[index].lobbies == lobbies


EUROPE = (
    *(
        Branch(f"{state.replace('_', ' ')} {'lobbies' if lobbies else 'does not lobby'}", _lobbying(k, lobbies))
        for k, state in enumerate(sim.parameters.STATES)
        for lobbies in (True, False)
    ),
    Branch("a state takes up a pledge", _states(lambda m, b, k: m.europe.states[k].pledged & ~b.pledged[k])),
    Branch("a state withdraws a pledge", _states(lambda m, b, k: ~m.europe.states[k].pledged & b.pledged[k])),
    Branch("nobody pledges", lambda m, b: m.europe.guarantee <= 0),
    Branch("everybody that could pledges", lambda m, b: m.europe.guarantee >= 1 - 1e-9),
    Branch("a state makes American cuts good", _states(lambda m, b, k: m.europe.states[k].aid > 1)),
    Branch("a state's aid ends at its headroom",
           _states(lambda m, b, k: m.europe.states[k].aid >= 1 + m.europe.p.headroom)),
    Branch("a state would lift its sanctions", _states(lambda m, b, k: m.europe.states[k].would_lift)),
    Branch("a state would not", _states(lambda m, b, k: ~m.europe.states[k].would_lift)),
    Branch("Europe has relief to offer", lambda m, b: m.europe.sanctions_relief > 0),
    Branch("Europe has not", lambda m, b: m.europe.sanctions_relief <= 0),
    Branch("a veto ends European sanctions", lambda m, b: m.europe.lapsed & ~b.lapsed),
    Branch("European sanctions are prolonged", lambda m, b: ~m.europe.lapsed & (m.week - 1 in RENEWALS)),
)  # fmt: skip

TRUCE = (
    Branch("a ceasefire begins to count", lambda m, b: m.truce.counts_now),
    Branch("land is handed over", lambda m, b: m.truce.counts_now & (m.truce.terms[:, 0] > 0)),
    Branch("a ceasefire collapses before it counts", lambda m, b: m.truce.collapsed & (m.truce.age < HOLDING_WEEKS)),
    Branch("a ceasefire collapses that counted", lambda m, b: m.truce.collapsed & (m.truce.age >= HOLDING_WEEKS)),
    Branch("a ceasefire that Russia would rather break",
           lambda m, b: m.truce.in_force & (m.russia.war_value > m.russia.utility(m.truce.terms))),
    Branch("a ceasefire that Ukraine would rather break",
           lambda m, b: m.truce.in_force & (m.ukraine.war_value > m.ukraine.utility(m.truce.terms))),
    Branch("a ceasefire that suits both",
           lambda m, b: m.truce.in_force & (m.russia.war_value <= m.russia.utility(m.truce.terms))
           & (m.ukraine.war_value <= m.ukraine.utility(m.truce.terms))),
    Branch("peace is signed again after a collapse",
           lambda m, b: m.table.signed & ~np.isnan(m.record.weeks["signature_week"])
           & (m.record.weeks["signature_week"] < m.week - 1)),
)  # fmt: skip

BRANCHES = {
    "front": FRONT, "beliefs": BELIEFS, "table": TABLE, "Washington": WASHINGTON, "Europe": EUROPE, "truce": TRUCE,
}  # fmt: skip

#: Branches of the compiled rules that the baseline never needs.
RULE_GUARDS = (
    Guard("no breakthrough is needed for the stated confidence", "sim/rules/beliefs.py: a very fast front",
          lambda m, b: m.russia.belief.shape <= 0, {"front.pace": 1000}),
    Guard("the advance does not vary", "sim/rules/beliefs.py: no division by its deviation",
          lambda m, b: m.russia.belief.spread <= 0, {"front.pace_spread": 0}),
    Guard("a pace below zero is expected", "sim/rules/war.py: no share of war aims below none",
          lambda m, b: m.russia.belief.pace < 0, {"front.pace": 0, "front.pace_spread": 100}),
    Guard("an issue that Russia does not value", "sim/rules/bargaining.py: no division by its weight",
          lambda m, b: np.any(m.russia.weights <= 0, axis=1), {"russia.weight_recognition": 0}),
    Guard("an issue that costs Ukraine nothing", "sim/rules/bargaining.py: no division by its weight",
          lambda m, b: np.any(m.ukraine.weights <= 0, axis=1), {"ukraine.weight_sanctions": 0}),
    Guard("no oblast with land left has a share of the advance", "sim/rules/front.py: equal shares",
          lambda m, b: (m.front.shares * (m.front.gap > 0)).sum(axis=1) <= 0,
          {f"front.{oblast}_share": 0 for oblast in sim.parameters.OBLASTS[1:]} | {"front.luhansk_left": 30}),
    Guard("neither side looks ahead", "sim/rules/truce.py: no division by a horizon of nothing",
          lambda m, b: m.truce.p.foresight <= 0, {"truce.foresight": 0}),
    Guard("Ukraine holds an oblast whole", "sim/rules/front.py: a gain goes to the others",
          lambda m, b: np.any(m.front.gap >= m.front.whole, axis=1),
          {"front.luhansk_left": sim.parameters.OBLAST_AREAS["luhansk"], "front.pace": 0, "front.luhansk_share": 0}),
)  # fmt: skip
