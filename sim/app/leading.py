"""The ten uncertain parameters that matter most in the baseline, as ``python benchmarks/leading.py`` measured them.

128 paths of Morris's screening, 100 runs a point, seed 1. The first is clear; from the ninth on, the 95 % intervals of
the effects overlap with those of the next (``russia.prior_weight``, ``ukraine.weight_security``).
"""

from __future__ import annotations

#: In the order of the mean absolute effect of half of their law on the chance of a ceasefire by the deadline.
LEADING: tuple[str, ...] = (
    "russia.weight_territory",  # 0.119, in share of runs
    "russia.weight_sanctions",  # 0.070
    "russia.war_cost",  # 0.070
    "ukraine.war_cost",  # 0.064
    "russia.confidence",  # 0.060
    "ukraine.security_limit",  # 0.055
    "russia.weight_security",  # 0.039
    "front.pace",  # 0.036
    "ukraine.weight_territory",  # 0.028
    "europe.pledge_threshold",  # 0.025
)
