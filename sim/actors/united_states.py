"""The United States: wants a signature soon, cares little for its terms, may press either side or move on (C5, C9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.actors.belief import Belief
from sim.arrays import BoolArray, FloatArray, total
from sim.rules.choice import chosen

if TYPE_CHECKING:
    from sim.model import CeasefireModel

MEDIATE, PRESS_RUSSIA, PRESS_UKRAINE, DISENGAGE = range(4)
OPTIONS = ("mediate", "press russia", "press ukraine", "disengage")


class UnitedStates(mesa.Agent):
    """Mediator with a clock.

    Attributes
    ----------
    engaged
        Washington is at the table, shape (runs,).
    pressure_on_russia, pressure_on_ukraine
        Sanctions above those of the start; share of the flow of aid that is cut. Shape (runs,).
    clock
        Weeks without progress, shape (runs,).
    russian_blame, ukrainian_blame
        Beta counts (against, for) of a side as the obstacle to peace, shape (runs, 2).
    pressed_russia, pressed_ukraine, left
        What it decided this week, shape (runs,).
    line
        What it did last while at the table: MEDIATE, PRESS_RUSSIA or PRESS_UKRAINE. A step, by review or by calendar,
        counts until the next review. Nothing in the model follows from it. Shape (runs,).
    """

    model: CeasefireModel

    def __init__(self, model: CeasefireModel) -> None:
        super().__init__(model)
        self.p, runs = model.values["united_states"], model.runs
        self.belief = Belief(self.p, model.front, model.look_ahead)
        self.engaged: BoolArray = np.ones(runs, dtype=bool)
        self.pressure_on_russia: FloatArray = np.zeros(runs)
        self.pressure_on_ukraine: FloatArray = np.zeros(runs)
        self.clock: FloatArray = np.zeros(runs)
        self.weeks_since_review: FloatArray = np.zeros(runs)
        self.russian_blame = self._counts(self.p.russia_blame)
        self.ukrainian_blame = self._counts(self.p.ukraine_blame)
        self.line: NDArray[np.int64] = np.full(runs, MEDIATE)
        self.open_week()

    def open_week(self) -> None:
        """Forget last week's decisions."""
        self.pressed_russia = self.pressed_ukraine = self.left = np.zeros(self.model.runs, dtype=bool)

    @property
    def confidence(self) -> FloatArray:
        """Believed probability of full Russian control within the look-ahead of the start, shape (runs,)."""
        return self.belief.confidence

    @property
    def sanctions(self) -> FloatArray:
        """Sanctions on Russia, 0-1: those of the start, less what Europe let lapse, and steps, shape (runs,)."""
        kept = self.p.sanctions_start * (1 - self.model.europe.lapsed_sanctions)
        return kept + self.pressure_on_russia

    @property
    def aid_flow(self) -> FloatArray:
        """Flow of aid to Ukraine, that of May 2025 being one, shape (runs,)."""
        return np.where(self.engaged, 1.0, self.p.exit_aid) * (1 - self.pressure_on_ukraine)

    @property
    def guarantee_backing(self) -> FloatArray:
        """How far Washington backs a European guarantee force, shape (runs,)."""
        return np.where(self.engaged, self.p.guarantee_backing, 0.0)

    def observe(self) -> None:
        """Learn from this week's front."""
        self.belief.observe()

    def assign_blame(self) -> None:
        """Judge this week's answers; lobbying shields Ukraine (C3), a stall costs less than a refusal (C14)."""
        table, p = self.model.table, self.p
        refused = table.held & ~table.russia_accepts & ~table.stalled
        against = refused + p.stall_blame * table.stalled
        self.russian_blame = self.russian_blame + np.stack([against, table.russia_accepts], axis=1)
        shield = 1 - self.model.europe_values.blame_shield * self.model.europe.lobbying
        against = (table.held & ~table.ukraine_accepts) * shield
        self.ukrainian_blame = self.ukrainian_blame + np.stack([against, table.ukraine_accepts], axis=1)
        clock = np.where(self.engaged & self.model.at_war, self.clock + 1, self.clock)
        clock = np.maximum(clock - np.where(table.stalled, p.stall_credit, 0.0), 0.0)
        self.clock = np.where(table.signed, 0.0, clock)

    def review(self) -> None:
        """Every few weeks and after a leaders' call: mediate, press a side, or move on; or come back."""
        model, p, week = self.model, self.p, self.model.week
        self.pressure_on_russia = self.pressure_on_russia * (1 - p.pressure_fade)
        self.pressure_on_ukraine = self.pressure_on_ukraine * (1 - p.pressure_fade)
        self.weeks_since_review = self.weeks_since_review + 1
        due = model.at_war & ((self.weeks_since_review >= p.review_interval) | model.table.leaders)
        if not due.any():
            return
        self.weeks_since_review = np.where(due, 0.0, self.weeks_since_review)
        choice = chosen(self.scores(), model.draws.gumbel("review", OPTIONS, week))
        deciding = due & self.engaged
        # The same wish for a quick signature that made it leave brings it back.
        drawn_back = model.draws.uniform("re-engagement", week) < p.urgency * p.re_engagement
        returning = due & ~self.engaged & drawn_back
        self.line = np.where(deciding & ~(self.pressed_russia | self.pressed_ukraine), MEDIATE, self.line)
        self.press_russia(deciding & (choice == PRESS_RUSSIA), p.sanctions_step)
        self.press_ukraine(deciding & (choice == PRESS_UKRAINE), p.aid_step)
        self.disengage(deciding & (choice == DISENGAGE))
        self.re_engage(returning)

    def scores(self) -> FloatArray:
        """Return the scores of the four options, logit, shape (runs, 4)."""
        p = self.p
        zeal = p.urgency * p.blame_weight
        lobbying = p.lobbying_weight * self.model.europe.lobbying
        return np.stack(
            [
                np.zeros(self.model.runs),
                p.press_russia_base + zeal * _blame(self.russian_blame),
                p.press_ukraine_base + zeal * _blame(self.ukrainian_blame) - lobbying + p.realism * self.confidence,
                p.disengage_base + p.urgency * self.clock / p.patience,
            ],
            axis=1,
        )

    def press_russia(self, where: BoolArray, step: FloatArray | float) -> None:
        """Raise sanctions by a step in the runs `where`."""
        limit = 1 - self.p.sanctions_start
        self.pressure_on_russia, stepped = _stepped_up(self.pressure_on_russia, where, step, limit)
        self.pressed_russia = self.pressed_russia | stepped
        self.line = np.where(stepped, PRESS_RUSSIA, self.line)

    def press_ukraine(self, where: BoolArray, step: FloatArray | float) -> None:
        """Cut the flow of aid by a step in the runs `where`."""
        self.pressure_on_ukraine, stepped = _stepped_up(self.pressure_on_ukraine, where, step, 1.0)
        self.pressed_ukraine = self.pressed_ukraine | stepped
        self.line = np.where(stepped, PRESS_UKRAINE, self.line)

    def disengage(self, where: BoolArray) -> None:
        """Move on in the runs `where`."""
        self.left = self.left | (where & self.engaged)
        self.engaged = self.engaged & ~where

    def re_engage(self, where: BoolArray) -> None:
        """Come back to the table in the runs `where`, with a fresh clock."""
        self.clock = np.where(where & ~self.engaged, 0.0, self.clock)
        self.line = np.where(where & ~self.engaged, MEDIATE, self.line)
        self.engaged = self.engaged | where

    def _counts(self, blame: FloatArray) -> FloatArray:
        return np.stack([blame * self.p.blame_memory, (1 - blame) * self.p.blame_memory], axis=1)


def _blame(counts: FloatArray) -> FloatArray:
    """Mean of the Beta belief that a side is the obstacle, shape (runs,)."""
    mean: FloatArray = counts[:, 0] / total(counts)
    return mean


def _stepped_up(
    pressure: FloatArray, where: BoolArray, step: FloatArray | float, limit: FloatArray | float
) -> tuple[FloatArray, BoolArray]:
    """Raise a pressure by a step as far as its limit; only a step of which half can take effect is one."""
    has_room = pressure + np.multiply(step, 0.5) <= limit
    return np.where(where, np.minimum(pressure + step, limit), pressure), where & has_room
