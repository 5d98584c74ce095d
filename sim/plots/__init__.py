"""Figures: one function each, from a tidy table to Axes. Pyplot is never imported, no global setting changed."""

from __future__ import annotations

from sim.plots.bargaining import bargaining
from sim.plots.colours import looks
from sim.plots.confidence import confidence
from sim.plots.differences import differences
from sim.plots.forecasts import forecasts
from sim.plots.front import front
from sim.plots.incidence import ceasefire_incidence
from sim.plots.outcomes import outcome_shares
from sim.plots.response import response
from sim.plots.sheet import save_figure
from sim.plots.sobol import sobol
from sim.plots.spread import spread
from sim.plots.streams import american_choices, zone
from sim.plots.survival import survival
from sim.plots.terms import terms
from sim.plots.territory import territory
from sim.plots.tipping import tipping
from sim.plots.tornado import tornado

__all__ = [
    "american_choices",
    "bargaining",
    "ceasefire_incidence",
    "confidence",
    "differences",
    "forecasts",
    "front",
    "looks",
    "outcome_shares",
    "response",
    "save_figure",
    "sobol",
    "spread",
    "survival",
    "terms",
    "territory",
    "tipping",
    "tornado",
    "zone",
]
