"""Figures: one function each, from a tidy table to Axes. Pyplot is never imported, no global setting changed."""

from __future__ import annotations

from sim.plots.colours import looks
from sim.plots.incidence import ceasefire_incidence
from sim.plots.outcomes import outcome_shares
from sim.plots.sheet import save_figure
from sim.plots.territory import territory
from sim.plots.tipping import tipping

__all__ = ["ceasefire_incidence", "looks", "outcome_shares", "save_figure", "territory", "tipping"]
