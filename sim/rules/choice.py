"""How an actor answers to its interest: quantal response (McKelvey and Palfrey 1995; McFadden 1974)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.rules.compiled import elementwise, over_axes


@elementwise("boolean(float64, float64, float64)")
def says_yes(gain: float, precision: float, noise: float) -> bool:
    """Yes with probability logistic(precision * gain); `noise` is standard logistic."""
    return precision * gain + noise > 0.0


@over_axes("(float64[:], float64[:], int64[:])", "(n),(n)->()")
def chosen(scores: NDArray[np.float64], noise: NDArray[np.float64], choice: NDArray[np.int64]) -> None:
    """Index of the option chosen with probability softmax(scores); `noise` is standard Gumbel."""
    best = 0
    for k in range(1, scores.shape[0]):
        if scores[k] + noise[k] > scores[best] + noise[best]:
            best = k
    choice[0] = best
