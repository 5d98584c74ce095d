"""A signed ceasefire: how it ages, when it counts, how it collapses (model.md, section 3.8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.arrays import BoolArray, FloatArray, Remembered
from sim.evidence import WEEKS_A_MONTH, collapse_hazards
from sim.rules.truce import collapse_hazard, share_at_peace
from sim.scenario.calendar import HOLDING_WEEKS

if TYPE_CHECKING:
    from sim.model import CeasefireModel


def weekly_log_hazards(weeks: int) -> tuple[FloatArray, FloatArray]:
    """Return the log weekly hazards by age for the general and the Donbas curve, each of shape (weeks,)."""
    start, general, donbas = collapse_hazards()
    middle = np.arange(weeks) + 0.5  # a week belongs to the band that holds most of it
    band = np.searchsorted(start, middle / WEEKS_A_MONTH, side="right") - 1
    return np.log(general[band] / WEEKS_A_MONTH), np.log(donbas[band] / WEEKS_A_MONTH)


class Truce:
    """The ceasefire in force, if any.

    Attributes
    ----------
    in_force
        A general ceasefire is signed and not broken, shape (runs,).
    age
        Weeks since its signature, shape (runs,).
    terms
        Its terms by issue, shape (runs, issues).
    """

    def __init__(self, model: CeasefireModel) -> None:
        self.model, self.p, runs = model, model.values["truce"], model.runs
        self.in_force: BoolArray = np.zeros(runs, dtype=bool)
        self.age: NDArray[np.int64] = np.zeros(runs, dtype=np.int64)
        self.terms: FloatArray = np.zeros((runs, 4))
        self.collapsed: BoolArray = np.zeros(runs, dtype=bool)
        self.counts_now: BoolArray = np.zeros(runs, dtype=bool)
        self._general, self._donbas = weekly_log_hazards(model.weeks + 1)
        self._share = Remembered(self._share_at_peace)
        self.prepare()

    def prepare(self) -> None:
        """Derive what depends on parameters only; called again when an event changes one."""
        start, general, donbas = collapse_hazards()
        likeness = self.p.donbas_likeness[:, None]
        self.bands: FloatArray = start * WEEKS_A_MONTH
        self.band_hazards: FloatArray = np.exp((1 - likeness) * np.log(general) + likeness * np.log(donbas))
        self.band_hazards /= WEEKS_A_MONTH

    def expected_share(self) -> FloatArray:
        """Return the share of the time foreseen that a deal like the last draft would hold, shape (runs,).

        Both sides reckon with the hazards that ceasefires have, and with the guarantee that is pledged; that the
        other may come to regret the deal they do not foresee.
        """
        p = self.p
        guarantee = np.minimum(self.model.europe.guarantee, 1 - self.model.table.draft[:, 2])
        return self._share(self.band_hazards, self.bands, p.guarantee_effect * guarantee, p.foresight)

    def _share_at_peace(self, *arrays: FloatArray) -> FloatArray:
        # Not the rule itself is remembered: a model can be copied, a compiled rule cannot.
        share: FloatArray = share_at_peace(*arrays)
        return share

    def begin(self, where: BoolArray, terms: FloatArray) -> None:
        """Put a ceasefire in force in the runs `where`, on `terms` of shape (runs, issues)."""
        self.in_force = self.in_force | where
        self.age = np.where(where, 0, self.age)
        self.terms = np.where(where[:, None], terms, self.terms)

    def grow_older(self) -> None:
        """Let each ceasefire collapse or age by a week; hand over land once it counts."""
        noise = self.model.draws.exponential("ceasefire collapses", self.model.week)
        self.collapsed = self.in_force & (noise < self.hazard())
        self.in_force = self.in_force & ~self.collapsed
        self.age = self.age + self.in_force
        self.counts_now = self.in_force & (self.age == HOLDING_WEEKS)
        if self.counts_now.any():
            self.model.front.hand_over(self.counts_now, self.terms[:, 0])

    def hazard(self) -> FloatArray:
        """Return the weekly hazard of collapse at the present age, terms and guarantee, shape (runs,)."""
        model, p = self.model, self.p
        # Land once handed over stays so, war or peace: the terms still to be kept are the others.
        kept = self.terms.copy()
        kept[self.age >= HOLDING_WEEKS, 0] = 0.0
        dissatisfaction = sum(
            np.maximum(0.0, side.war_value - side.utility(kept)) for side in (model.russia, model.ukraine)
        )
        # A guarantee binds only as far as the terms leave room for it.
        guarantee = np.minimum(model.europe.guarantee, 1 - self.terms[:, 2])
        age = np.minimum(self.age, len(self._general) - 1)
        log_hazard = (1 - p.donbas_likeness) * self._general[age] + p.donbas_likeness * self._donbas[age]
        hazard: FloatArray = collapse_hazard(
            log_hazard, dissatisfaction, p.dissatisfaction_effect, guarantee, p.guarantee_effect
        )
        return hazard
