"""Actors that break one run, so that it can be seen what becomes of the others."""

from __future__ import annotations

import numpy as np

import sim

#: Which run breaks, and in which week.
RUN, WEEK = 7, 3


def places_of(model: sim.CeasefireModel, run: int = RUN) -> list[int]:
    """Where a run is among those that advance together, at every point of a design."""
    draws = model.draws
    if not draws.first_run <= run < draws.first_run + draws.runs:
        return []
    return [run - draws.first_run + copy * draws.runs for copy in range(draws.copies)]


class Raising(sim.actors.Russia):
    """Raises an error in one run."""

    def observe(self) -> None:
        super().observe()
        if self.model.week == WEEK and places_of(self.model):
            raise ValueError("run seven cannot go on")


class Unborn(sim.actors.Russia):
    """Cannot be made for one run."""

    def __init__(self, model: sim.CeasefireModel) -> None:
        super().__init__(model)
        if places_of(model):
            raise KeyError("confidence of run seven")


class Boundless(sim.actors.Ukraine):
    """Asks for something infinite in one run and one week."""

    def assess(self) -> None:
        super().assess()
        if self.model.week == WEEK:
            self.reservation[places_of(self.model)] = np.inf


class Liar(sim.actors.Russia):
    """Has, in one run and one week, a confidence that no probability can be; nothing follows from it."""

    @property
    def confidence(self) -> np.ndarray:
        confidence = super().confidence.copy()
        if self.model.week == WEEK + 1:  # asked when the week is over
            confidence[places_of(self.model)] = 1.25
        return confidence


class Hopeless(sim.actors.Russia):
    """Breaks every run at once."""

    def observe(self) -> None:
        raise ValueError("no way")
