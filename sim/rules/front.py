"""How land changes hands (model.md, section 3.1)."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.rules.compiled import elementwise, over_axes

Vector = NDArray[np.float64]
Places = NDArray[np.bool_]


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


@over_axes("(float64[:], boolean[:], boolean, float64, boolean[:])", "(n),(n),(),()->(n)")
def open_axis(left: Vector, axes: Places, opens: bool, luck: float, after: Places) -> None:
    """Open one more axis of attack, in any oblast with land left and no axis yet, by `luck` in (0, 1)."""
    free = 0
    for k in range(left.shape[0]):
        after[k] = axes[k]
        free += left[k] > 0.0 and not axes[k]
    if not opens:
        return
    place = math.ceil(free * luck)
    for k in range(left.shape[0]):
        if left[k] > 0.0 and not axes[k]:
            place -= 1
            if place == 0:
                after[k] = True


@over_axes("(float64[:], boolean[:], float64[:], float64, float64[:], float64[:])", "(n),(n),(n),()->(n),()")
def attack_on_axes(left: Vector, axes: Places, shares: Vector, extra: float, raised: Vector, wider: Vector) -> None:
    """Return what the open axes make of the shares of the oblasts, and how many times wider they make the attack.

    Each adds the share `extra` of the normal pace in its oblast as long as land is left there.
    """
    attacked = 0
    for k in range(left.shape[0]):
        raised[k] = shares[k]
        if axes[k] and left[k] > 0.0:
            raised[k] += extra
            attacked += 1
    wider[0] = 1.0 + extra * attacked


@elementwise("float64(float64, float64, float64, float64)")
def lagged(stock: float, flow: float, lag: float, weeks: float) -> float:
    """Move a stock towards its flow with a lag (all in weeks): first-order smoothing."""
    return stock + (flow - stock) * min(1.0, weeks / lag)
