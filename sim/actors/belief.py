"""The belief of one actor about the front, and how it learns (model.md, section 3.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.arrays import FloatArray
from sim.rules.beliefs import breakthrough_probability, either, pace_suffices, prior_shape, revised_mean, total_variance

if TYPE_CHECKING:
    from sim.values import Values
    from sim.world.front import Front


class Belief:
    """A Gamma belief on the hazard of a breakthrough and a Normal belief on the normal pace.

    Both are about the balance of forces of May 2025 and are scaled to the present one when used.

    Parameters
    ----------
    values
        Parameters of the actor: confidence, prior_weight, breakthrough_decides, learning_rate.
    front
        The front it is about.
    look_ahead
        Weeks from the start to 2025-12-31, the date of the stated confidence.
    optimism
        Expected normal pace at the start over the true one, a number or shape (runs,).
    """

    def __init__(self, values: Values, front: Front, look_ahead: int, optimism: FloatArray | float = 1.0) -> None:
        self.p, self.front, self.look_ahead = values, front, float(look_ahead)
        self.weight: FloatArray = values.prior_weight.copy()
        self.pace: FloatArray = optimism * front.p.pace
        self.pace_weight: FloatArray = values.prior_weight.copy()
        # How much the advance varies is taken as known from the past; an event may change the truth, not the belief.
        self.spread = front.p.pace_spread
        self.luck: FloatArray = total_variance(
            self.spread, front.p.pace_lasting, front.p.pace_persistence, self.look_ahead
        )
        exposure = self.look_ahead * front.expected_tempo
        self.shape: FloatArray = prior_shape(
            values.confidence, self._by_pace(), values.breakthrough_decides, self.weight, exposure
        )

    def observe(self) -> None:
        """Learn from this week of war; a learning rate below one tempers the Bayes step."""
        front, at_war, rate = self.front, self.front.model.at_war_this_week, self.p.learning_rate
        self.shape = self.shape + rate * front.began
        normal = at_war & ~front.breakthrough
        # While one breakthrough is on, no other can begin: such a week tells nothing about the hazard.
        self.weight = self.weight + np.where(normal | front.began, rate * front.tempo, 0.0)
        seen = front.advance / front.force_ratio
        self.pace = np.where(normal, revised_mean(self.pace, self.pace_weight, seen, rate), self.pace)
        self.pace_weight = self.pace_weight + np.where(normal, rate, 0.0)

    @property
    def confidence(self) -> FloatArray:
        """Believed probability of full control within the look-ahead, shape (runs,)."""
        decisive = breakthrough_probability(self.shape, self.weight, self.look_ahead * self.front.expected_tempo)
        confidence: FloatArray = either(decisive, self._by_pace(), self.p.breakthrough_decides)
        return confidence

    def _by_pace(self) -> FloatArray:
        front = self.front
        return pace_suffices(
            front.land_left, self.pace * front.expected_pace, self.pace_weight, self.spread, self.luck,
            self.look_ahead,
        )  # fmt: skip
