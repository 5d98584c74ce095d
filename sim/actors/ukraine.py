"""Ukraine: fears losing land, depends on aid, grows weary (C7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.actors.belligerent import Belligerent
from sim.arrays import FloatArray

if TYPE_CHECKING:
    from sim.model import CeasefireModel


class Ukraine(Belligerent):
    """Ukraine cannot choose how long the war lasts, only what it would sign.

    Attributes
    ----------
    weariness
        Years of war since the start, a year without American aid counting double, shape (runs,).
    """

    group = "ukraine"
    direction = -1.0

    def __init__(self, model: CeasefireModel) -> None:
        self.weariness: FloatArray = np.zeros(model.runs)
        super().__init__(model)

    def war_cost(self) -> FloatArray:
        """Return the cost of war, higher where American aid is missing."""
        return self.p.war_cost + self.p.aid_cost * (1 - self.model.front.us_aid)

    def observe(self) -> None:
        """Learn from the front and grow wearier by a week of war."""
        super().observe()
        week = (2 - self.model.front.us_aid) / 52
        self.weariness = self.weariness + np.where(self.model.at_war_this_week, week, 0.0)

    @property
    def red_line(self) -> FloatArray:
        """Largest share of the land left that Ukraine would hand over, shape (runs,)."""
        p = self.p
        pressure = self.model.united_states.pressure_on_ukraine
        line = p.red_line * (1 + p.red_line_growth * self.weariness) + p.red_line_pressure * pressure
        return np.minimum(line, 1.0)
