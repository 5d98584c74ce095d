"""The search for the least effort: what to try, apart from how a trial is made.

A trial is a function of positions of levers that gives a chance and by how much limits are broken. It is deterministic
(on common random numbers), a step function, and dear; many positions at once cost little more than one. So the search
works in generations: differential evolution (Storn and Price 1997, as in SciPy) once for every budget of effort,
starting from the best of all trials before it, then again for the least effort that reaches the target, which is at
last shrunk towards where the scenario stands. Limits are kept by the rule of Deb (2000): what keeps them beats what
does not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from sim.arrays import BoolArray, FloatArray
from sim.draws import Draws

#: Positions of shape (points, levers) in; chances and excess over limits (0 where all are kept), each (points,), out.
Evaluate = Callable[[FloatArray], tuple[FloatArray, FloatArray]]

_DIGITS = 9  # of positions: what differs less is the same trial
_SHRINK = 8  # steps tried between a position and where the scenario stands
_SHRINKING_ROUNDS = 12
_FINEST = 1e-3  # of the way back: steps below this are not worth a trial
_TRADES = 4  # rounds in which effort is moved from one lever to another
_EVEN = ((1.0, 1.0), (0.5, 1.0), (0.25, 1.0))  # share of the effort taken off a lever, and what part another gets of it
_CHEAPER = ((1.0, 0.9), (1.0, 0.5), (0.5, 0.8), (0.25, 0.8))
_SINGLE = 4  # a lever alone is tried at so many times as many positions as a population has, at equal distances


@dataclass
class Archive:
    """Every trial made, none twice."""

    evaluate: Evaluate
    levers: int
    positions: FloatArray = field(init=False)
    chance: FloatArray = field(init=False)
    excess: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        self.positions = np.empty((0, self.levers))
        self.chance, self.excess = np.empty(0), np.empty(0)
        self._places: dict[bytes, int] = {}

    def try_all(self, positions: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return chance and excess of positions of shape (points, levers), trying those that are new."""
        rounded = np.round(positions, _DIGITS) + 0.0
        keys = [row.tobytes() for row in rounded]
        new = list({key: k for k, key in enumerate(keys) if key not in self._places}.values())
        if new:
            chance, excess = self.evaluate(rounded[new])
            first = len(self.chance)
            self._places |= {keys[k]: first + place for place, k in enumerate(new)}
            self.positions = np.concatenate([self.positions, rounded[new]])
            self.chance = np.concatenate([self.chance, chance])
            self.excess = np.concatenate([self.excess, excess])
        places = [self._places[key] for key in keys]
        return self.chance[places], self.excess[places]

    @property
    def effort(self) -> FloatArray:
        """Effort of every trial: the sum of what its levers are moved, shape (trials,)."""
        return effort_of(self.positions)

    def best(self, budget: float) -> int:
        """Return the trial of the best chance within a budget and the limits; of equals the one of least effort.

        If none keeps the limits, the one that comes nearest to them.
        """
        within = np.flatnonzero(self.effort <= budget + 10.0**-_DIGITS * self.levers)
        order = np.lexsort((self.effort[within], -self.chance[within], self.excess[within]))
        return int(within[order[0]])

    def least(self, target: float) -> int | None:
        """Return the trial of least effort that reaches the target within the limits, None if none does."""
        good = np.flatnonzero(self._good(target))
        return int(good[np.argmin(self.effort[good])]) if good.size else None

    def _good(self, target: float) -> BoolArray:
        return (self.chance >= target) & (self.excess <= 0)


@dataclass(frozen=True, eq=False)
class Found:
    """What a search found.

    Attributes
    ----------
    budgets
        Budgets of effort, ascending.
    frontier
        The best trial of each budget, as its place in the archive.
    least
        The trial of least effort that reaches the target, None if there is none.
    archive
        All trials.
    """

    budgets: tuple[float, ...]
    frontier: tuple[int, ...]
    least: int | None
    archive: Archive


def effort_of(positions: FloatArray) -> FloatArray:
    """Return the effort of positions in units of effort, shape (points, levers): the sum of all moves, (points,)."""
    return np.asarray(np.abs(positions).sum(axis=-1))


def search(
    evaluate: Evaluate, low: FloatArray, high: FloatArray, budgets: Sequence[float], target: float, *,
    generations: int = 4, population: int = 16, seed: int = 1,
) -> Found:  # fmt: skip
    """Look for the best chance within each budget, and for the least effort that reaches a target.

    Parameters
    ----------
    evaluate
        The trial.
    low, high
        Bounds of the positions, in units of effort, shape (levers,), with 0 between them.
    budgets
        Budgets of effort.
    target
        Chance to reach.
    generations, population
        Of every evolution: how many, and how many positions each.
    seed
        Seed of the search.

    Notes
    -----
    The search is not exhaustive: a better combination that it missed cannot be ruled out.
    """
    archive, ordered = Archive(evaluate, len(low)), sorted(budgets)
    source = np.random.default_rng(int(Draws(seed, 1).uniform("search for levers")[0] * 2**53))
    archive.try_all(_first(low, high, ordered, population, source))
    if len(low) == 1:
        archive.try_all(np.linspace(low, high, _SINGLE * population))
    for budget in ordered if len(low) > 1 else ():
        best = archive.best(budget)
        if budget > 0 and (archive.chance[best] < 1 or archive.excess[best] > 0):
            _evolve(archive, low, high, budget, None, generations, population, source)
            _trade(archive, low, high, lambda budget=budget: archive.best(budget), _EVEN)  # type: ignore[misc]
    if (known := archive.least(target)) is not None:
        most = float(archive.effort[known])
        if most > 0 and len(low) > 1:  # one lever alone needs no more than to be moved less
            _evolve(archive, low, high, most, target, generations, population, source)
        _shrink(archive, target)
        if len(low) > 1 and _trade(archive, low, high, lambda: archive.least(target), _CHEAPER):
            _shrink(archive, target)
    return Found(tuple(ordered), tuple(archive.best(budget) for budget in ordered), archive.least(target), archive)


def _first(
    low: FloatArray, high: FloatArray, budgets: Sequence[float], population: int, source: np.random.Generator
) -> FloatArray:
    """Return where to begin: where the scenario stands, each lever alone and all together, and a Sobol sample."""
    from scipy.stats import qmc

    alone = np.concatenate([np.diag(np.clip(sign * budget, low, high)) for budget in budgets for sign in (-1, 1)])
    furthest = np.where(np.abs(low) > high, low, high)
    corner = _within(np.tile(furthest, (len(budgets), 1)), np.array(budgets))
    uniform = qmc.Sobol(d=len(low), rng=source).random_base2(int(np.ceil(np.log2(population))))
    spread = low + uniform * (high - low)
    limits = np.resize([budget for budget in budgets if budget > 0] or [0.0], len(spread))
    return np.concatenate([np.zeros((1, len(low))), alone, corner, _within(spread, limits)])


def _within(positions: FloatArray, budgets: FloatArray | float) -> FloatArray:
    """Pull positions that are beyond a budget straight back to it; 0 is in the box, so they stay inside."""
    effort = effort_of(positions)
    return positions * np.minimum(1.0, budgets / np.maximum(effort, 1e-300))[..., None]


def _evolve(
    archive: Archive, low: FloatArray, high: FloatArray, budget: float, target: float | None, generations: int,
    population: int, source: np.random.Generator,
) -> None:  # fmt: skip
    """Let positions within a budget evolve: to the best chance, or with a target to the least effort that has it."""
    from scipy.optimize import differential_evolution

    def badness(cube: FloatArray) -> FloatArray:
        positions = _within(low + cube.T * (high - low), budget)
        chance, excess = archive.try_all(positions)
        if target is None:
            return np.where(excess > 0, 1.0 + excess, -chance)
        missing = np.maximum(target - chance, 0.0) + excess
        return np.where(missing > 0, budget + 1.0 + missing, effort_of(positions))

    inside = np.flatnonzero(archive.effort <= budget + 10.0**-_DIGITS * archive.levers)
    if target is None:
        order = np.lexsort((-archive.chance[inside], archive.excess[inside]))
    else:
        missing = np.maximum(target - archive.chance[inside], 0.0) + archive.excess[inside]
        order = np.lexsort((archive.effort[inside], missing))
    kept = archive.positions[inside[order[: population // 2]]]
    start = np.concatenate([(kept - low) / (high - low), source.random((population - len(kept), archive.levers))])
    differential_evolution(
        badness, [(0.0, 1.0)] * archive.levers, maxiter=generations, init=np.clip(start, 0.0, 1.0), vectorized=True,
        updating="deferred", polish=False, tol=0.0, mutation=(0.4, 0.9), recombination=0.8, rng=source,
    )  # fmt: skip


def _trade(
    archive: Archive, low: FloatArray, high: FloatArray, best: Callable[[], int | None],
    trades: Sequence[tuple[float, float]],
) -> bool:  # fmt: skip
    """Move effort of the best trial from one lever to another as long as that is better; return whether it was.

    Where each unit of a lever helps as much as the one before, the best is to move few levers and those far: evolution
    comes near such an end of the box, and this goes there.
    """
    first = best()
    for _ in range(_TRADES):
        place = best()
        assert place is not None
        before, tried = archive.positions[place], []
        for giver in np.flatnonzero(before):
            for taker in np.flatnonzero(np.arange(archive.levers) != giver):
                forward = before[taker] > 0 or (before[taker] == 0 and high[taker] >= -low[taker])
                for share, part in trades:
                    after = before.copy()
                    after[giver] *= 1 - share
                    after[taker] += (1 if forward else -1) * part * share * abs(before[giver])
                    tried.append(after)
        if not tried:
            break
        archive.try_all(np.clip(np.array(tried), low, high))
        if best() == place:
            break
    return best() != first


def _shrink(archive: Archive, target: float) -> None:
    """Move the trial of least effort towards where the scenario stands as far as the target stays reached.

    Straight, and one lever at a time; where no step helps any more, finer ones are tried.
    """
    scale = 1.0
    for _ in range(_SHRINKING_ROUNDS):
        place = archive.least(target)
        assert place is not None
        before = archive.positions[place]
        if not before.any():
            return
        shares = 1 - scale * np.arange(1, _SHRINK + 1) / _SHRINK
        straight = shares[:, None] * before
        single = [np.where(np.arange(archive.levers) == k, straight, before) for k in np.flatnonzero(before)]
        archive.try_all(np.concatenate([straight, *single]))
        if archive.least(target) == place:
            scale /= _SHRINK
            if scale / _SHRINK < _FINEST:
                return
