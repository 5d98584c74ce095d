"""Looking at the invariants of a model week by week, on request: ``check=True`` in Python, ``--check`` in a command."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from sim.arrays import BoolArray
from sim.world.invariants import INVARIANTS, Before, Invariant

if TYPE_CHECKING:
    from sim.model import CeasefireModel


class InvariantError(Exception):
    """A number of the model is one that it can never be: a defect of the model, or of a class of an actor."""


class Watch:
    """Looks after each week whether the invariants hold.

    Parameters
    ----------
    model
        The model, before the first week that is looked at.
    """

    def __init__(self, model: CeasefireModel) -> None:
        self.model, self._before = model, Before(model)

    def broken(self) -> Iterator[tuple[Invariant, BoolArray]]:
        """Yield each invariant that the week which is over has broken, and in which runs, shape (runs,)."""
        before, self._before = self._before, Before(self.model)
        for invariant in INVARIANTS.values():
            holds = invariant.holds(self.model, before)
            if not holds.all():
                yield invariant, ~holds

    def insist(self) -> None:
        """Refuse a week that has broken an invariant.

        Raises
        ------
        InvariantError
            With the first invariant, the week and the first run.
        """
        for invariant, where in self.broken():
            draws, places = self.model.draws, np.flatnonzero(where)
            more = f" and {len(places) - 1:,} more" if len(places) > 1 else ""
            run = draws.first_run + places[0] % draws.runs
            raise InvariantError(f"{invariant} (broken in week {self.model.week - 1} by run {run}{more})")
