"""Russia: confident, ready for a long war, unfazed by sanctions, talks beside the offensive (C1, C2, C11-C14)."""

from __future__ import annotations

import numpy as np

from sim.actors.belligerent import QUARTER, Belligerent
from sim.arrays import BoolArray, FloatArray


class Russia(Belligerent):
    """Russia chooses the length of war it would fight within its horizon, and stalls rather than refuses."""

    group = "russia"
    direction = 1.0

    def plan_lengths(self) -> FloatArray:
        """Return every whole quarter within the horizon, and the horizon itself, weeks."""
        longest = self.p.horizon[:, None]
        quarters = np.arange(QUARTER, longest.max() + QUARTER, QUARTER)
        lengths: FloatArray = np.minimum(quarters[None, :], longest)
        return lengths

    def war_cost(self) -> FloatArray:
        """Return the cost of war: its own, and sanctions as far as the leadership minds them (C12)."""
        p = self.p
        return p.war_cost + p.sanctions_sensitivity * p.sanctions_cost * self.model.united_states.sanctions

    def stalls(self) -> BoolArray:
        """Return whether it would keep the talks going instead of refusing (C14), shape (runs,)."""
        return self.model.draws.uniform("russia stalls", self.model.week) < self.p.stall

    def makes_gesture(self) -> BoolArray:
        """Return whether a stall comes with a short truce, shape (runs,)."""
        return self.model.draws.uniform("russia gesture", self.model.week) < self.p.gesture
