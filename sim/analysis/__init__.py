"""From the table of outcomes to tables that answer a question."""

from __future__ import annotations

from sim.analysis.agreed import agreed_terms
from sim.analysis.blocking import who_blocks
from sim.analysis.causes import tabulate_causes, tabulate_interactions, tabulate_remainders
from sim.analysis.comparison import compare_to_baseline
from sim.analysis.contrasts import differences
from sim.analysis.discovery import find_boxes
from sim.analysis.outcomes import COLUMNS, STATES, state_at, state_shares
from sim.analysis.risks import competing_risks, cumulative_incidence, ladder
from sim.analysis.screening import elementary_effects
from sim.analysis.sensitivity import sobol_indices
from sim.analysis.spread import split_spread
from sim.analysis.summary import summarise
from sim.analysis.survival import hazards, survival_curve, survival_summary
from sim.analysis.tipping import level_line
from sim.analysis.tornado import tornado

__all__ = [
    "COLUMNS",
    "STATES",
    "agreed_terms",
    "compare_to_baseline",
    "competing_risks",
    "cumulative_incidence",
    "differences",
    "elementary_effects",
    "find_boxes",
    "hazards",
    "ladder",
    "level_line",
    "sobol_indices",
    "split_spread",
    "state_at",
    "state_shares",
    "summarise",
    "survival_curve",
    "survival_summary",
    "tabulate_causes",
    "tabulate_interactions",
    "tabulate_remainders",
    "tornado",
    "who_blocks",
]
