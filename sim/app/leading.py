"""The ten parameters that matter most in the baseline, as measured by ``python benchmarks/leading.py``."""

from __future__ import annotations

#: In order of the mean size of what half of its law does to the chance of a ceasefire by the deadline of `hardball`.
LEADING: tuple[str, ...] = (
    "russia.weight_territory",
    "russia.weight_sanctions",
    "russia.war_cost",
    "ukraine.war_cost",
    "russia.confidence",
    "ukraine.weight_security",
    "ukraine.security_limit",
    "front.pace",
    "ukraine.weight_territory",
    "russia.weight_security",
)
