"""Many cases of one world side by side: every run of a model gets its own values of some parameters."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

import sim
from sim.actors import Belief
from sim.arrays import FloatArray
from sim.parameters import PARAMETERS


def set_by_run(model: sim.CeasefireModel, values: Mapping[str, FloatArray]) -> sim.CeasefireModel:
    """Give parameters of both sides, of the table, the truce or the front another value in every run, at week 0.

    Parameters
    ----------
    model
        A model that has not made a step; changed in place.
    values
        By dotted name, shape (runs,), in the parameters' units.

    Returns
    -------
    CeasefireModel
        The same model, with beliefs and plans formed from the new values.
    """
    for name, array in values.items():
        group, key = name.rsplit(".", 1)
        if PARAMETERS[name].at_start and group not in ("russia", "ukraine"):
            raise ValueError(f"{name} is built into the model at its making")
        model.values[group].set(key, np.asarray(array, dtype=np.float64))
    for part in (model.front, model.truce):
        part.prepare()
    for side in (model.russia, model.ukraine):
        side.belief = Belief(side.p, model.front, model.look_ahead, side.p.optimism)
        side.prepare()
    return model
