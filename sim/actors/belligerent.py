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
    reservation
        The least a deal must give: war value plus audience cost, utility, shape (runs,).
    weights
        Weights of the issues, summing to one, shape (runs, issues).
    """

    group: ClassVar[str]
    #: +1 if more of an issue is better, -1 if worse.
    direction: ClassVar[float]
    model: CeasefireModel

    def __init__(self, model: CeasefireModel) -> None:
        super().__init__(model)
        self.p = model.values[self.group]
        self.belief = Belief(self.p, model.front, model.look_ahead)
        self.war_value: FloatArray = np.zeros(model.runs)
        self.planned_length: FloatArray = np.zeros(model.runs)
        self.prepare()

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
        """Work out what fighting on is worth."""
        belief, front = self.belief, self.model.front
        self.war_value, self.planned_length = war_value(
            belief.shape, belief.weight, self.p.breakthrough_decides, belief.pace * front.force_ratio, front.land_left,
            front.tempo, self.prize, self.war_cost(), self.lengths, self.discounts, self.years,
        )  # fmt: skip

    @property
    def confidence(self) -> FloatArray:
        """Believed probability of full Russian control within the look-ahead of the start, shape (runs,)."""
        return self.belief.confidence

    @property
    def reservation(self) -> FloatArray:
        """Least utility of a deal that it prefers to war, shape (runs,)."""
        return self.war_value + self.p.audience_cost

    def utility(self, deal: FloatArray) -> FloatArray:
        """Return the utility of a deal of shape (runs, issues), shape (runs,)."""
        value: FloatArray = self.direction * np.einsum("ri,ri->r", self.weights, deal)
        return value

    def accepts(self, draft: FloatArray) -> BoolArray:
        """Answer a draft by quantal response, shape (runs,)."""
        noise = self.model.draws.logistic(f"{self.group} answers", self.model.week)
        answer: BoolArray = says_yes(
            self.utility(draft) - self.reservation, self.model.values["table"].precision, noise
        )
        return answer
