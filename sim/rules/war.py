"""What fighting on is worth to a side (model.md, section 3.3)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.rules.compiled import over_axes

Vector = NDArray[np.float64]

_CLOSE = 1e-9  # far above rounding, far below any utility that matters


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
    # The chance of a breakthrough is concave in the length, so its tangent at one length bounds it at all others. A
    # length that even then comes to less than the best is passed over: most are, and the power is what takes the time.
    start = lengths.shape[0] // 3
    best, best_length, best_won = -np.inf, 0.0, 0.0
    chance = slope = at = chance_at_start = slope_at_start = 0.0
    for step in range(lengths.shape[0]):
        k = start - step if step <= start else step  # down from the start, then up
        if k == start + 1:
            chance, slope, at = chance_at_start, slope_at_start, lengths[start]
        weeks = lengths[k]
        by_pace = 1.0
        if land_left > 0.0:
            by_pace = max(0.0, min(1.0, pace * weeks / land_left))
        highest = chance + slope * (weeks - at)
        limit = discounts[k] * (highest + (1.0 - highest) * by_pace) * prize - cost * years[k]
        if step > 0 and prize >= 0.0 and limit < best - _CLOSE:
            continue
        chance, slope, at = 0.0, 0.0, weeks
        if shape > 0.0:
            exposed = weight + weeks * tempo
            spared = (weight / exposed) ** shape
            chance, slope = decides * (1.0 - spared), decides * spared * shape * tempo / exposed
        if step == 0:
            chance_at_start, slope_at_start = chance, slope
        gained = discounts[k] * (chance + (1.0 - chance) * by_pace)
        candidate = gained * prize - cost * years[k]
        if candidate > best or (candidate == best and weeks < best_length):
            best, best_length, best_won = candidate, weeks, gained
    value[0] = best
    length[0] = best_length
    won[0] = best_won
