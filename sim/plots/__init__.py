"""Figures: one function each, from a tidy table to Axes. Pyplot is never imported, no global setting changed."""

from __future__ import annotations

from sim.plots.bargaining import bargaining
from sim.plots.colours import looks
from sim.plots.forecasts import forecasts
from sim.plots.incidence import ceasefire_incidence
from sim.plots.outcomes import outcome_shares
from sim.plots.sheet import save_figure
from sim.plots.sobol import sobol
from sim.plots.spread import spread
from sim.plots.terms import terms
from sim.plots.territory import territory
from sim.plots.tipping import tipping
from sim.plots.tornado import tornado

__all__ = [
    "bargaining",
    "ceasefire_incidence",
    "forecasts",
    "looks",
    "outcome_shares",
    "save_figure",
    "sobol",
    "spread",
    "terms",
    "territory",
    "tipping",
    "tornado",
]
