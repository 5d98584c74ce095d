"""How land changes hands (model.md, section 3.1)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.rules.compiled import elementwise, over_axes

Vector = NDArray[np.float64]


@over_axes("(float64[:], float64[:], float64[:], float64, float64[:])", "(n),(n),(n),()->(n)")
def move_front(left: Vector, whole: Vector, shares: Vector, advance: float, after: Vector) -> None:
    """Share an advance (km², negative if Ukraine gains) over the oblasts; never beyond the land there is.

    What one oblast cannot take goes to the others in proportion to their shares; without any share left, equally.
    """
    n = left.shape[0]
    for k in range(n):
        after[k] = left[k]
    rest = abs(advance)
    for _ in range(n):
        total, open_axes = 0.0, 0
        for k in range(n):
            room = after[k] if advance > 0.0 else whole[k] - after[k]
            if room > 0.0:
                total += shares[k]
                open_axes += 1
        if rest <= 0.0 or open_axes == 0:
            break
        placed = 0.0
        for k in range(n):
            room = after[k] if advance > 0.0 else whole[k] - after[k]
            if room > 0.0:
                share = shares[k] / total if total > 0.0 else 1.0 / open_axes
                part = min(room, rest * share)
                # An exhausted oblast is exactly empty, so that full control is an exact statement.
                if advance > 0.0:
                    after[k] = 0.0 if part == room else after[k] - part
                else:
                    after[k] = whole[k] if part == room else after[k] + part
                placed += part
        rest -= placed


@elementwise("float64(float64, float64, float64, float64)")
def lagged(stock: float, flow: float, lag: float, weeks: float) -> float:
    """Move a stock towards its flow with a lag (all in weeks): first-order smoothing."""
    return stock + (flow - stock) * min(1.0, weeks / lag)
