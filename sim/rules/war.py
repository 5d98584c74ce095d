"""What fighting on is worth to a side (model.md, section 3.3)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.rules.compiled import over_axes

Vector = NDArray[np.float64]


@over_axes(
    "(float64, float64, float64, float64, float64, float64, float64, float64, float64[:], float64[:], float64[:],"
    " float64[:], float64[:], float64[:])",
    "(),(),(),(),(),(),(),(),(n),(n),(n)->(),(),()",
)
def war_value(
    shape: float, weight: float, decides: float, pace: float, land_left: float, tempo: float, prize: float, cost: float,
    lengths: Vector, discounts: Vector, years: Vector, value: Vector, length: Vector, won: Vector,
) -> None:  # fmt: skip
    """Value of the best war among the planned lengths, that length, and the discounted share of war aims won.

    For a war of tau weeks: V = disc(tau) G(tau) prize - cost D(tau), where G = B + (1 - B) min(1, m tau / land left),
    B = q (1 - (b / (b + tau tempo))^a), D the discounted years of war. A side that may plan longer may also
    plan shorter, so at whole quarters a longer horizon alone never lowers it (C11). The prize of the loser is negative.

    Parameters
    ----------
    shape, weight, decides
        Gamma belief on the hazard of a breakthrough (weeks) and belief that one decides the war.
    pace, land_left
        Expected normal advance (km² a week) at the present balance of forces, and land left (km²).
    tempo
        Hazard of a breakthrough at the present balance over that of May 2025.
    prize
        Utility of what is dictated after full control.
    cost
        Cost of war, utility a year.
    lengths, discounts, years
        Planned lengths in weeks, discount factors at their end, discounted years within them.
    """
    best, best_length, best_won = -np.inf, 0.0, 0.0
    for k in range(lengths.shape[0]):
        weeks = lengths[k]
        by_breakthrough = 0.0
        if shape > 0.0:
            by_breakthrough = decides * (1.0 - (weight / (weight + weeks * tempo)) ** shape)
        by_pace = 1.0
        if land_left > 0.0:
            by_pace = max(0.0, min(1.0, pace * weeks / land_left))
        gained = discounts[k] * (by_breakthrough + (1.0 - by_breakthrough) * by_pace)
        candidate = gained * prize - cost * years[k]
        if candidate > best:
            best, best_length, best_won = candidate, weeks, gained
    value[0] = best
    length[0] = best_length
    won[0] = best_won
