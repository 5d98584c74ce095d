"""How a ceasefire dies (model.md, section 6)."""

from __future__ import annotations

import math

from sim.rules.compiled import elementwise


@elementwise("float64(float64, float64, float64, float64, float64)")
def collapse_hazard(
    log_hazard: float, dissatisfaction: float, dissatisfaction_effect: float, guarantee: float, guarantee_effect: float
) -> float:
    """Weekly hazard of collapse: h(age) exp(k_d dissatisfaction - k_g guarantee), proportional hazards."""
    return math.exp(log_hazard + dissatisfaction_effect * dissatisfaction - guarantee_effect * guarantee)
