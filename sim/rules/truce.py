"""How a ceasefire dies, and how long one is expected to last (model.md, sections 3.8 and 3.4)."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.rules.compiled import elementwise, over_axes

Vector = NDArray[np.float64]


@elementwise("float64(float64, float64, float64, float64, float64)")
def collapse_hazard(
    log_hazard: float, dissatisfaction: float, dissatisfaction_effect: float, guarantee: float, guarantee_effect: float
) -> float:
    """Weekly hazard of collapse: h(age) exp(k_d dissatisfaction - k_g guarantee), proportional hazards."""
    return math.exp(log_hazard + dissatisfaction_effect * dissatisfaction - guarantee_effect * guarantee)


@over_axes("(float64[:], float64[:], float64, float64, float64[:])", "(n),(n),(),()->()")
def share_at_peace(hazards: Vector, starts: Vector, protection: float, horizon: float, share: Vector) -> None:
    """Return the share of a horizon that a ceasefire signed now is expected to last; one for a horizon of nothing.

    The mean over the horizon of survival exp(-m H(t)), m = exp(-protection), exact for hazards that are constant
    within bands of age.

    Parameters
    ----------
    hazards, starts
        Weekly hazard of collapse in each band of age, and the age in weeks at which the band begins, from zero on.
    protection
        By how much a guarantee lowers the log hazard.
    horizon
        Weeks.
    """
    multiplier = math.exp(-protection)
    alive, held = 1.0, 0.0
    for k in range(hazards.shape[0]):
        if starts[k] >= horizon:
            break
        end = horizon
        if k + 1 < starts.shape[0]:
            end = min(horizon, starts[k + 1])
        decay = hazards[k] * multiplier
        left = math.exp(-decay * (end - starts[k]))
        held += alive * ((1.0 - left) / decay if decay > 0.0 else end - starts[k])
        alive *= left
    share[0] = held / horizon if horizon > 0.0 else 1.0
