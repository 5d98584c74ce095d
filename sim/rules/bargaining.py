"""The table: what both sides could sign, and what the mediator proposes (model.md, section 3.5).

Utilities are additive: u_R(x) = w_R x and u_U(x) = -w_U x over issues in a box. The Pareto frontier is then piecewise
linear: raise first the issue that costs Ukraine least per unit of Russian gain.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.rules.compiled import over_axes, part_of_rule

Vector = NDArray[np.float64]

NOBODY, RUSSIA, UKRAINE, BOTH = 0, 1, 2, 3  #: who blocks
_TIE = 1e-12  # rounding of sums of four products; far below any utility that matters


@part_of_rule
def _cheaper(russian: Vector, ukrainian: Vector, one: int, other: int) -> bool:
    """Say whether `one` costs Ukraine less per unit of Russian gain; what gains Russia nothing is dearest."""
    if russian[other] <= 0.0:
        return bool(russian[one] > 0.0)
    return bool(russian[one] * ukrainian[other] > russian[other] * ukrainian[one])


@part_of_rule
def _next_cheapest(russian: Vector, ukrainian: Vector, seen: int) -> int:
    """Next issue along the frontier, of falling w_R / w_U, without those whose bits are set in `seen`.

    Issues are so few that to look for each in turn is quicker than to make room for their order in every run.
    """
    best = -1
    for i in range(russian.shape[0]):
        if not seen & (1 << i) and (best < 0 or _cheaper(russian, ukrainian, i, best)):
            best = i
    return best


@part_of_rule
def _best_for_russia(
    russian: Vector, ukrainian: Vector, low: Vector, high: Vector, floor: float
) -> float:
    """Largest u_R in the box with u_U >= floor; what costs Ukraine nothing alone, if nothing reaches the floor."""
    gain, loss = 0.0, 0.0
    for i in range(russian.shape[0]):
        gain += russian[i] * low[i]
        loss += ukrainian[i] * low[i]
    seen = 0
    for _ in range(russian.shape[0]):
        i = _next_cheapest(russian, ukrainian, seen)
        seen |= 1 << i
        length = high[i] - low[i]
        if ukrainian[i] > 0.0:
            length = min(length, max(0.0, (-floor - loss) / ukrainian[i]))
        gain += russian[i] * length
        loss += ukrainian[i] * length
        if length < high[i] - low[i]:
            break
    return gain


@over_axes(
    "(float64[:], float64[:], float64[:], float64[:], float64, float64, float64, float64[:])",
    "(n),(n),(n),(n),(),(),()->(n)",
)
def nash_draft(
    russian: Vector, ukrainian: Vector, low: Vector, high: Vector,
    russian_reservation: float, ukrainian_reservation: float, power: float, draft: Vector,
) -> None:  # fmt: skip
    """Asymmetric Nash bargaining solution in the box, exact.

    Maximises (u_R - d_R)^beta (u_U - d_U)^(1 - beta). On a frontier segment of slope -m the first-order condition puts
    Russia's utility at (1 - beta) d_R + beta r*, where r* is the point at which that segment's line meets d_U; the walk
    stops at the first segment on which this lies. Where nothing satisfies both sides there is no Nash solution: the
    mediator then splits the shortfall, the stronger side bearing the smaller part.

    Parameters
    ----------
    russian, ukrainian
        Weights of the issues, non-negative, shape (issues,).
    low, high
        The box, shape (issues,), low <= high.
    russian_reservation, ukrainian_reservation
        Disagreement point, utility.
    power
        Russia's bargaining power beta, 0-1.

    References
    ----------
    Nash (1950), The Bargaining Problem; Harsanyi and Selten (1972) for unequal power.
    """
    gain, other = 0.0, 0.0
    for i in range(russian.shape[0]):
        draft[i] = low[i]
        gain += russian[i] * low[i]
        other -= ukrainian[i] * low[i]
    top = _best_for_russia(russian, ukrainian, low, high, ukrainian_reservation)
    exists = other >= ukrainian_reservation - _TIE and top >= russian_reservation - _TIE
    compromise = (1.0 - power) * top + power * russian_reservation
    seen = 0
    for _ in range(russian.shape[0]):
        i = _next_cheapest(russian, ukrainian, seen)
        seen |= 1 << i
        length = high[i] - low[i]
        if russian[i] <= 0.0:
            break
        target = compromise
        if exists:
            if ukrainian[i] <= 0.0:
                target = np.inf
            else:
                slope = ukrainian[i] / russian[i]
                target = power * (gain + (other - ukrainian_reservation) / slope) + (1.0 - power) * russian_reservation
        move = (target - gain) / russian[i]
        if move <= 0.0:
            break
        taken = min(move, length)
        draft[i] = low[i] + taken
        gain += russian[i] * taken
        other -= ukrainian[i] * taken
        if move < length:
            break


@over_axes(
    "(float64[:], float64[:], float64[:], float64[:], float64, float64, int64[:], float64[:], float64[:])",
    "(n),(n),(n),(n),(),()->(),(),()",
)
def zone_of_agreement(
    russian: Vector, ukrainian: Vector, low: Vector, high: Vector,
    russian_reservation: float, ukrainian_reservation: float,
    blocker: NDArray[np.int64], russian_gap: Vector, ukrainian_gap: Vector,
) -> None:  # fmt: skip
    """Is there a deal in the box that both sides prefer to war; if not, who blocks and by how much.

    A side blocks alone if nothing in the box reaches its reservation value while something reaches the other's; both
    block if each could be satisfied but not together, or neither could. A gap is how far that side's reservation
    value would have to fall, given what the other side and the box allow.

    Returns
    -------
    blocker
        NOBODY (a zone exists), RUSSIA, UKRAINE or BOTH.
    russian_gap, ukrainian_gap
        Utility, zero where a zone exists.
    """
    russian_best, russian_worst, ukrainian_best = 0.0, 0.0, 0.0
    for i in range(russian.shape[0]):
        russian_best += russian[i] * high[i]
        russian_worst += russian[i] * low[i]
        ukrainian_best -= ukrainian[i] * low[i]
    russia_reachable = russian_best >= russian_reservation - _TIE
    ukraine_reachable = ukrainian_best >= ukrainian_reservation - _TIE
    blocker[0], russian_gap[0], ukrainian_gap[0] = NOBODY, 0.0, 0.0
    top = russian_best
    if ukraine_reachable:
        top = _best_for_russia(russian, ukrainian, low, high, ukrainian_reservation)
    if not (russia_reachable and ukraine_reachable):
        russian_gap[0] = max(0.0, russian_reservation - top)
        ukrainian_gap[0] = max(0.0, ukrainian_reservation - ukrainian_best)
        blocker[0] = RUSSIA if ukraine_reachable else UKRAINE if russia_reachable else BOTH
        return
    if top >= russian_reservation - _TIE:
        return
    blocker[0] = BOTH
    russian_gap[0] = russian_reservation - top
    # Ukraine's best deal that meets Russia's reservation: walk the same frontier up to it.
    gain, other = russian_worst, ukrainian_best
    seen = 0
    for _ in range(russian.shape[0]):
        i = _next_cheapest(russian, ukrainian, seen)
        seen |= 1 << i
        if russian[i] <= 0.0 or gain >= russian_reservation:
            break
        length = min(high[i] - low[i], (russian_reservation - gain) / russian[i])
        gain += russian[i] * length
        other -= ukrainian[i] * length
    ukrainian_gap[0] = ukrainian_reservation - other
