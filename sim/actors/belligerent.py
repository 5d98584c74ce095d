"""What Russia and Ukraine have in common: beliefs, a value of war, an answer to a draft."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar

import mesa
import numpy as np

from sim.actors.belief import Belief
from sim.arrays import BoolArray, FloatArray
from sim.parameters import ISSUES
from sim.rules.choice import says_yes
from sim.rules.war import war_value

if TYPE_CHECKING:
    from sim.model import CeasefireModel

QUARTER = 13  # weeks: the grain in which a side plans the length of its war


class Belligerent(mesa.Agent):
    """A side at war.

    Attributes
    ----------
    war_value
        What fighting on is worth to it, utility, shape (runs,).
    planned_length
        Length of the war that gives this value, weeks, shape (runs,).
    peace
        Expected share of the time foreseen that a deal would hold, 0-1, shape (runs,).
    reservation
        The least that a deal must be worth to it, utility, shape (runs,).
    weights
        Weights of the issues, summing to one, shape (runs, issues).
    stakes
        The same as they count at the table, where land is for good and all else for as long as peace holds.
    """

    group: ClassVar[str]
    #: +1 if more of an issue is better, -1 if worse.
    direction: ClassVar[float]
    model: CeasefireModel

    def __init__(self, model: CeasefireModel) -> None:
        super().__init__(model)
        self.p = model.values[self.group]
        self.belief = Belief(self.p, model.front, model.look_ahead, self.p.optimism)
        self.war_value: FloatArray = np.zeros(model.runs)
        self.planned_length: FloatArray = np.zeros(model.runs)
        self.peace: FloatArray = np.ones(model.runs)
        self.reservation: FloatArray = np.zeros(model.runs)
        self.prepare()
        self.stakes: FloatArray = self.weights

    def prepare(self) -> None:
        """Derive what depends on parameters only; called again when an event changes one."""
        p, russia = self.p, self.model.values["russia"]
        weights = np.stack([getattr(p, f"weight_{issue}") for issue in ISSUES], axis=1)
        self.weights: FloatArray = weights / weights.sum(axis=1, keepdims=True)
        victory = np.stack([getattr(russia, f"victory_{issue}") for issue in ISSUES], axis=1)
        self.prize: FloatArray = self.direction * (self.weights * victory).sum(axis=1)
        self.lengths: FloatArray = self.plan_lengths()
        rate = p.discount_rate[:, None]
        self.discounts: FloatArray = np.exp(-rate * self.lengths / 52)
        with np.errstate(invalid="ignore"):
            discounted = -np.expm1(-rate * self.lengths / 52) / rate
        self.years: FloatArray = np.where(rate > 0, discounted, self.lengths / 52)

    def plan_lengths(self) -> FloatArray:
        """Return the lengths of war it weighs, weeks, shape (runs, lengths)."""
        return np.asarray(self.p.horizon[:, None])

    @abstractmethod
    def war_cost(self) -> FloatArray:
        """Return the cost of war at present, utility a year, shape (runs,)."""

    def observe(self) -> None:
        """Learn from this week's front."""
        self.belief.observe()

    def assess(self) -> None:
        """Work out what fighting on is worth, and what a deal must be worth that may not hold."""
        p, front = self.p, self.model.front
        self.war_value, self.planned_length, _ = self._value_of_war(front.expected_pace, front.expected_tempo)
        truce = self.model.truce
        self.peace = truce.expected_share()
        # If it does not hold there is war again, at the balance to which both have rearmed (Powell 2006).
        war_later, _, won_later = self._value_of_war(*front.expected_after(self.peace * truce.p.foresight))
        odds = (1 - self.peace) / self.peace
        self.reservation = self.war_value + p.audience_cost + odds * (self.war_value - war_later)
        # Land handed over stays so when war comes back; of it, that war would else have won a share.
        self.stakes = self.weights.copy()
        self.stakes[:, 0] *= 1 + odds * (1 - won_later * self.model.values["russia"].victory_territory)

    @property
    def confidence(self) -> FloatArray:
        """Believed probability of full Russian control within the look-ahead of the start, shape (runs,)."""
        return self.belief.confidence

    def utility(self, deal: FloatArray) -> FloatArray:
        """Return the utility of the terms of a deal of shape (runs, issues) while they are kept, shape (runs,)."""
        value: FloatArray = self.direction * np.einsum("ri,ri->r", self.weights, deal)
        return value

    def gain(self, deal: FloatArray) -> FloatArray:
        """Return by how much a deal of shape (runs, issues) exceeds what it must be worth, utility, shape (runs,)."""
        value: FloatArray = self.direction * np.einsum("ri,ri->r", self.stakes, deal)
        return value - self.reservation

    def accepts(self, draft: FloatArray) -> BoolArray:
        """Answer a draft by quantal response, shape (runs,)."""
        noise = self.model.draws.logistic(f"{self.group} answers", self.model.week)
        answer: BoolArray = says_yes(self.gain(draft), self.model.values["table"].precision, noise)
        return answer

    def _value_of_war(self, pace: FloatArray, tempo: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return value, planned length and share won of a war at this pace and tempo, over those of May 2025."""
        belief = self.belief
        value, length, won = war_value(
            belief.shape, belief.weight, self.p.breakthrough_decides, belief.pace * pace, self.model.front.land_left,
            tempo, self.prize, self.war_cost(), self.lengths, self.discounts, self.years,
        )  # fmt: skip
        return value, length, won
