"""From the table of outcomes to tables that answer a question."""

from __future__ import annotations

from sim.analysis.blocking import who_blocks
from sim.analysis.causes import tabulate_causes, tabulate_interactions, tabulate_remainders
from sim.analysis.comparison import compare_to_baseline
from sim.analysis.outcomes import COLUMNS, STATES, state_at, state_shares
from sim.analysis.risks import cumulative_incidence
from sim.analysis.spread import split_spread
from sim.analysis.summary import summarise

__all__ = [
    "COLUMNS",
    "STATES",
    "compare_to_baseline",
    "cumulative_incidence",
    "split_spread",
    "state_at",
    "state_shares",
    "summarise",
    "tabulate_causes",
    "tabulate_interactions",
    "tabulate_remainders",
    "who_blocks",
]
