"""From the table of outcomes to tables that answer a question."""

from __future__ import annotations

from sim.analysis.comparison import compare_to_baseline
from sim.analysis.discovery import find_boxes
from sim.analysis.outcomes import COLUMNS, STATES, state_at, state_shares
from sim.analysis.risks import cumulative_incidence
from sim.analysis.screening import elementary_effects
from sim.analysis.sensitivity import sobol_indices
from sim.analysis.spread import split_spread
from sim.analysis.summary import summarise
from sim.analysis.tipping import level_line

__all__ = [
    "COLUMNS",
    "STATES",
    "compare_to_baseline",
    "cumulative_incidence",
    "elementary_effects",
    "find_boxes",
    "level_line",
    "sobol_indices",
    "split_spread",
    "state_at",
    "state_shares",
    "summarise",
]
