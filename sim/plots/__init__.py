"""Figures: one function each, from a tidy table to Axes. Pyplot is never imported, no global setting changed."""

from __future__ import annotations

from sim.plots.colours import looks
from sim.plots.confidence import confidence
from sim.plots.differences import differences
from sim.plots.front import front
from sim.plots.incidence import ceasefire_incidence
from sim.plots.outcomes import outcome_shares
from sim.plots.sheet import save_figure
from sim.plots.streams import american_choices, zone
from sim.plots.survival import survival
from sim.plots.territory import territory
from sim.plots.tipping import tipping

__all__ = [
    "american_choices",
    "ceasefire_incidence",
    "confidence",
    "differences",
    "front",
    "looks",
    "outcome_shares",
    "save_figure",
    "survival",
    "territory",
    "tipping",
    "zone",
]
