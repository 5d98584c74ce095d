"""The table: what can be agreed, rounds, drafts and answers (model.md, section 3.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.arrays import BoolArray, FloatArray
from sim.errors import UsageError
from sim.rules.bargaining import NOBODY, nash_draft, zone_of_agreement

if TYPE_CHECKING:
    from sim.actors.belligerent import Belligerent
    from sim.model import CeasefireModel


class Table:
    """The negotiating table of one week.

    Attributes
    ----------
    low, high
        The box of what can be agreed, shape (runs, issues), 0 Ukraine's ideal, 1 Russia's.
    draft
        What the mediator proposes, or would propose, this week, shape (runs, issues).
    blocker
        Who blocks: ``sim.rules.bargaining`` NOBODY, RUSSIA, UKRAINE, BOTH; shape (runs,).
    russian_gap, ukrainian_gap
        How far that side's reservation value would have to fall, utility, shape (runs,).
    held, signed, stalled, russia_accepts, ukraine_accepts, gesture
        What happened this week, shape (runs,). The answers count only where a round was held.
    """

    def __init__(self, model: CeasefireModel) -> None:
        self.model, self.p, runs = model, model.values["table"], model.runs
        nothing = np.zeros(runs, dtype=bool)
        self.called: BoolArray = nothing
        self.leaders: BoolArray = nothing
        self.truce_called: BoolArray = nothing
        self.held: BoolArray = nothing
        self.signed: BoolArray = nothing
        self.stalled: BoolArray = nothing
        self.gesture: BoolArray = nothing
        self.russia_accepts: BoolArray = nothing
        self.ukraine_accepts: BoolArray = nothing
        self.low: FloatArray = np.zeros((runs, 4))
        self.high: FloatArray = np.zeros((runs, 4))
        self.draft: FloatArray = np.zeros((runs, 4))
        self.blocker: NDArray[np.int64] = np.zeros(runs, dtype=np.int64)
        self.russian_gap: FloatArray = np.zeros(runs)
        self.ukrainian_gap: FloatArray = np.zeros(runs)

    def call(self, leaders: bool = False) -> None:
        """Set a round for this week by the calendar of the scenario; a leaders' call also brings a US review."""
        everywhere = np.ones(self.model.runs, dtype=bool)
        self.called = everywhere
        if leaders:
            self.leaders = everywhere

    def call_short_truce(self) -> None:
        """Announce a short truce this week by the calendar of the scenario."""
        self.truce_called = np.ones(self.model.runs, dtype=bool)

    def clear(self) -> None:
        """Forget what the calendar had set for last week."""
        self.called = self.leaders = self.truce_called = np.zeros(self.model.runs, dtype=bool)

    @property
    def zone(self) -> BoolArray:
        """A zone of agreement exists, shape (runs,)."""
        zone: BoolArray = self.blocker == NOBODY
        return zone

    def meet(self) -> None:
        """Find the zone of agreement, draft, hear the answers, and sign where both accept."""
        model, p, draws, week = self.model, self.p, self.model.draws, self.model.week
        russia, ukraine, us = model.russia, model.ukraine, model.united_states
        self._set_box()
        self.blocker, self.russian_gap, self.ukrainian_gap = zone_of_agreement(
            russia.stakes, ukraine.stakes, self.low, self.high, russia.reservation, ukraine.reservation
        )
        power = p.bargaining_power + p.pressure_on_power * (us.pressure_on_ukraine - us.pressure_on_russia)
        self.draft = nash_draft(
            russia.stakes, ukraine.stakes, self.low, self.high,
            russia.reservation + p.mediator_noise * draws.normal("mediator on russia", week),
            ukraine.reservation + p.mediator_noise * draws.normal("mediator on ukraine", week),
            np.clip(power, 0.05, 0.95),
        )  # fmt: skip
        chance = np.where(us.engaged, p.round_engaged, p.round_disengaged)
        self.held = model.at_war & (self.called | (draws.uniform("round", week) < chance))
        self.russia_accepts = self.held & _answers(russia, "accepts", russia.accepts(self.draft))
        self.ukraine_accepts = self.held & _answers(ukraine, "accepts", ukraine.accepts(self.draft))
        self.signed = self.russia_accepts & self.ukraine_accepts
        self.stalled = self.held & ~self.russia_accepts & _answers(russia, "stalls", russia.stalls())
        offered = self.stalled & _answers(russia, "makes_gesture", russia.makes_gesture())
        self.gesture = offered | (self.truce_called & model.at_war)
        model.truce.begin(self.signed, self.draft)

    def _set_box(self) -> None:
        model = self.model
        limit = model.ukraine.p.security_limit
        relief = model.united_states.p.sanctions_relief + model.europe.sanctions_relief
        self.high = np.stack([model.ukraine.red_line, np.minimum(relief, 1.0), limit, self.p.recognition_limit], axis=1)
        # Without a pledge there is nothing to guarantee Ukraine with: terms better than that are not on offer.
        self.low = np.zeros_like(self.high)
        self.low[:, 2] = np.minimum(1 - model.europe.guarantee, limit)


def _answers(side: Belligerent, question: str, answers: NDArray[Any]) -> BoolArray:
    """Return the answers of a side, one per run.

    Raises
    ------
    UsageError
        If a class that replaces the side gives something else.
    """
    found = np.asarray(answers)
    if found.dtype != np.bool_ or found.shape != (side.model.runs,):
        raise UsageError(
            f"{type(side).__name__}.{question} must return one true or false per run, shape ({side.model.runs},), "
            f"not {found.dtype} of shape {found.shape}"
        )
    return found
