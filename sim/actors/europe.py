"""The European states: aid, lobbying, pledges, sanctions; and what they amount to together (C3, C7, C10)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import mesa
import numpy as np

from sim.arrays import BoolArray, FloatArray, Remembered
from sim.rules.choice import says_yes
from sim.scenario.calendar import RENEWALS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.model import CeasefireModel


class Washington(NamedTuple):
    """The American line in the eyes of Europe, each of shape (runs,).

    Attributes
    ----------
    missing_aid
        American aid that is missing, over what Europe gives.
    haste
        How much it mediates and cuts aid.
    backing
        How far it backs a guarantee.
    """

    missing_aid: FloatArray
    haste: FloatArray
    backing: FloatArray


class EuropeanState(mesa.Agent):
    """One state. It decides before the week's talks, so it knows a round one week late (C10).

    Attributes
    ----------
    aid
        Its flow of aid, that of May 2025 being one, shape (runs,).
    lobbies, pledged, would_lift
        It lobbies Washington; has pledged troops to a guarantee; would lift its part of the sanctions in a deal.
    """

    model: CeasefireModel

    def __init__(self, model: CeasefireModel, name: str) -> None:
        super().__init__(model)
        self.name, self.p = name, model.values[f"europe.{name}"]
        self.common = model.europe_values
        self.aid: FloatArray = np.ones(model.runs)
        self.lobbies: BoolArray = np.zeros(model.runs, dtype=bool)
        self.pledged: BoolArray = np.zeros(model.runs, dtype=bool)
        self.would_lift: BoolArray = np.zeros(model.runs, dtype=bool)

    def decide(self) -> None:
        """Set aid, lobby, pledge, hold sanctions. One mood of the week is in all its answers."""
        model, week = self.model, self.model.week
        mood = model.draws.logistic(f"{self.name} mood", week)
        self.aid = 1 + self.backfill()
        self.lobbies = says_yes(self.alarm() - self.common.lobbying_threshold, self.common.precision, mood)
        takes_up = model.draws.uniform(f"{self.name} takes up its pledge", week) > model.europe.lets_it_be
        self.pledged = np.where(takes_up, says_yes(self.gain_of_pledging(), self.common.precision, mood), self.pledged)
        unguarded = self.p.threat * (1 - model.europe.guarantee)
        self.would_lift = says_yes(self.common.relief_threshold - unguarded, self.common.precision, -mood)

    def backfill(self) -> FloatArray:
        """Return the rise of its aid that makes good American cuts, by threat and within its means, shape (runs,)."""
        rise = self.common.backfill * self.p.threat * self.model.europe.washington().missing_aid
        return np.minimum(rise, self.common.headroom)

    def alarm(self) -> FloatArray:
        """Return how much it fears a hasty deal: Washington mediates, or cuts aid; weighed by threat, shape (runs,)."""
        return self.p.threat * self.model.europe.washington().haste

    def gain_of_pledging(self) -> FloatArray:
        """Return what a pledge is worth to it: threat, the others' pledges, American backing, shape (runs,)."""
        others = self.model.europe.guarantee - self.p.guarantee_share * self.pledged
        urge = self.p.threat + self.common.pledge_coordination * others + self.model.europe.washington().backing
        return urge - self.common.pledge_threshold


class Europe:
    """The European states together, as their decisions of this week sum up.

    Attributes
    ----------
    aid_flow
        Flow of European aid, that of May 2025 being one, shape (runs,).
    lobbying, guarantee
        Shares, 0-1, of influence (by aid) that lobbies and of a guarantee force that is pledged, shape (runs,).
    sanctions_relief
        Relief the Europeans would grant, shape (runs,): all they have to offer, or nothing.
    lapsed
        A veto at one of the half-yearly renewals has ended their sanctions, shape (runs,).
    lets_it_be
        Chance that a state does not take up its pledge in a week, as the hazard of doing so has it, shape (runs,).
    """

    def __init__(self, model: CeasefireModel, states: Sequence[EuropeanState]) -> None:
        self.model, self.states, self.p = model, tuple(states), model.europe_values
        self.lapsed: BoolArray = np.zeros(model.runs, dtype=bool)
        self.prepare()
        self.add_up()
        self._washington = Remembered(self._look_at_washington)

    def prepare(self) -> None:
        """Derive what depends on parameters only; called again when an event changes one."""
        influence = sum((s.p.aid_share for s in self.states), np.zeros(self.model.runs))
        self.influence: FloatArray = np.where(influence > 0, influence, 1.0)
        self.lets_it_be: FloatArray = np.exp(-self.p.reconsideration)

    def __getitem__(self, name: str) -> EuropeanState:
        """Return a state by its name, for example ``model.europe["poland"]``."""
        return {state.name: state for state in self.states}[name]

    def decide(self) -> None:
        """Let every state decide on what all saw last week, then add up."""
        self._washington = Remembered(self._look_at_washington)
        for state in self.states:
            state.decide()
        if self.model.week in RENEWALS:
            self.renew_sanctions()
        self.add_up()

    def washington(self) -> Washington:
        """Return the American line as a state sees it now, worked out once for all that see the same."""
        us = self.model.united_states
        return self._washington(us.engaged, us.pressure_on_ukraine)

    def _look_at_washington(self, engaged: BoolArray, pressure_on_ukraine: FloatArray) -> Washington:
        us, front = self.model.united_states, self.model.front
        missing = front.us_dependence * (1 - us.aid_flow)
        needed = missing / np.maximum(front.european_dependence, 1e-9)
        return Washington(needed, engaged + pressure_on_ukraine, us.guarantee_backing)

    def renew_sanctions(self) -> None:
        """Prolong the sanctions, which takes every state's consent: one that would lift them may use its veto."""
        tempted = self.would_lift().any(axis=1)
        vetoed = self.model.draws.uniform("veto on sanctions", self.model.week) < self.p.veto_use
        self.lapsed = self.lapsed | (tempted & vetoed)

    def would_lift(self) -> BoolArray:
        """Return which states would lift their part of the sanctions, shape (runs, states)."""
        nobody = np.zeros((self.model.runs, 0), dtype=bool)
        return np.column_stack([nobody, *(state.would_lift for state in self.states)])

    @property
    def lapsed_sanctions(self) -> FloatArray:
        """Share of the sanctions of the start that lapsed without a deal, shape (runs,)."""
        return np.where(self.lapsed, self.p.sanctions_relief, 0.0)

    def add_up(self) -> None:
        """Sum the states' decisions."""
        nothing = np.zeros(self.model.runs)
        self.aid_flow: FloatArray = sum((s.p.aid_share * s.aid for s in self.states), nothing)
        lobbying = sum((s.p.aid_share * s.lobbies for s in self.states), nothing)
        self.lobbying: FloatArray = lobbying / self.influence
        guarantee = sum((s.p.guarantee_share * s.pledged for s in self.states), nothing)
        self.guarantee: FloatArray = np.minimum(guarantee, 1.0)
        willing = sum((s.would_lift for s in self.states), nothing)
        agreed = (willing > 0) & (willing >= self.p.relief_quorum * len(self.states))
        self.sanctions_relief: FloatArray = np.where(agreed & ~self.lapsed, self.p.sanctions_relief, 0.0)
