"""The mediator's draft is Nash's solution: against brute force, and by Nash's axioms, in games made up at random."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from sim.arrays import BoolArray, FloatArray
from sim.draws import Draws
from sim.rules import bargaining
from sim.verification.check import Check, Result, close

GROUP = "theory"
NASH = "Nash 1950"

#: Rounding of utilities of order one after a walk along the frontier.
ROUNDING = 1e-9
#: A transformed game is another calculation: a division by a weight of 0.02 magnifies its rounding.
TRANSFORMED = 1e-7

#: Points of the brute-force grid along each issue, by number of issues.
POINTS = {1: 2001, 2: 161, 3: 31, 4: 13}
#: How often a new grid is laid over the cells about the best point so far, and how many cells either way it covers.
REFINEMENTS, ABOUT = 5, 2
#: How near the grid must come to the draft for the comparison to mean anything, Nash product in units of utility.
GRID_ERROR = 1e-3


@dataclass(frozen=True)
class Games:
    """Bargaining games over the same number of issues.

    Attributes
    ----------
    russian, ukrainian
        Weights, shape (games, issues).
    low, high
        Boxes, shape (games, issues).
    russian_war, ukrainian_war
        Disagreement points, utility, shape (games,).
    power
        Russia's bargaining power, shape (games,).
    """

    russian: FloatArray
    ukrainian: FloatArray
    low: FloatArray
    high: FloatArray
    russian_war: FloatArray
    ukrainian_war: FloatArray
    power: FloatArray

    def draft(self) -> FloatArray:
        """Return what the rule of the model proposes, shape (games, issues)."""
        # Looked up at every call, so that a test can put a wrong rule in its place.
        return bargaining.nash_draft(
            self.russian, self.ukrainian, self.low, self.high, self.russian_war, self.ukrainian_war, self.power
        )

    def utilities(self, deal: FloatArray) -> FloatArray:
        """Return what a deal of shape (games, issues) is worth to Russia and to Ukraine, shape (2, games)."""
        return np.stack([(self.russian * deal).sum(axis=1), -(self.ukrainian * deal).sum(axis=1)])

    def product(self, russian: FloatArray, ukrainian: FloatArray) -> FloatArray:
        """Return the Nash product of utilities of shape (..., games), zero where a side would rather have war."""
        gains = np.maximum(russian - self.russian_war, 0.0), np.maximum(ukrainian - self.ukrainian_war, 0.0)
        product: FloatArray = gains[0] ** self.power * gains[1] ** (1 - self.power)
        return product

    def only(self, which: BoolArray) -> Games:
        """Return some of the games."""
        return Games(*(array[which] for array in vars(self).values()))


def random_games(games: int, issues: int, name: str) -> Games:
    """Return games in which both sides prefer some deal to war.

    One game in four has an issue that one side does not mind, one in five has an issue that is closed.
    """
    draws = Draws(1, games)

    def numbers(what: str) -> FloatArray:
        return np.stack([draws.uniform(f"{name}, {issues} issues: {what} {k}") for k in range(issues)], axis=1)

    def number(what: str) -> FloatArray:
        return draws.uniform(f"{name}, {issues} issues: {what}")

    russian, ukrainian = 0.02 + 0.98 * numbers("Russian weight"), 0.02 + 0.98 * numbers("Ukrainian weight")
    low, high = np.sort([numbers("one end"), numbers("other end")], axis=0)
    if issues > 1:
        russian[number("Russia does not mind") < 1 / 8, 0] = 0.0
        ukrainian[number("Ukraine does not mind") < 1 / 8, -1] = 0.0
        high[:, 1] = np.where(number("closed") < 1 / 5, low[:, 1], high[:, 1])
    deal = low + numbers("deal") * (high - low)  # both prefer it to war, so there is a zone
    slack = -0.1 * np.log([number("Russian slack"), number("Ukrainian slack")])
    return Games(
        russian, ukrainian, low, high, (russian * deal).sum(axis=1) - slack[0],
        -(ukrainian * deal).sum(axis=1) - slack[1], 0.05 + 0.9 * number("power"),
    )  # fmt: skip


def plain_games(games: int, issues: int) -> Games:
    """Return games of no special kind."""
    return random_games(games, issues, "plain")


def games_worse_than_every_deal(games: int, issues: int) -> Games:
    """Return games in which either side prefers every deal in the box to war."""
    found = random_games(games, issues, "worse")
    worst = found.utilities(found.low)[0], found.utilities(found.high)[1]
    slack = worst - np.stack([found.russian_war, found.ukrainian_war])
    further = np.abs(slack) + 0.01
    return replace(found, russian_war=worst[0] - further[0], ukrainian_war=worst[1] - further[1])


def games_solved_outside(games: int, issues: int) -> Games:
    """Return games in whose box the solution of the same game without limits, 0 to 1, does not lie."""
    found = random_games(4 * games, issues, "outside")
    free = replace(found, low=np.zeros_like(found.low), high=np.ones_like(found.high)).draft()
    outside = ((free < found.low - ROUNDING) | (free > found.high + ROUNDING)).any(axis=1)
    return found.only(outside & (np.cumsum(outside) <= games))


KINDS: dict[str, Callable[[int, int], Games]] = {
    "any game": plain_games,
    "war worse than every deal": games_worse_than_every_deal,
    "solution without limits outside the box": games_solved_outside,
}


def brute_force(games: Games) -> FloatArray:
    """Return the largest Nash product on a grid that is refined about its best point, shape (games,)."""
    issues = games.low.shape[1]
    one = np.linspace(0, 1, POINTS[issues])
    unit = np.stack([axis.ravel() for axis in np.meshgrid(*[one] * issues)], axis=1)
    low, high = games.low, games.high
    best: FloatArray = np.zeros(len(low))
    for _ in range(1 + REFINEMENTS):
        span = high - low
        # Utilities of all points in one product of matrices: offset of the corner, then along the issues.
        russian = (games.russian * low).sum(axis=1) + unit @ (games.russian * span).T
        ukrainian = -(games.ukrainian * low).sum(axis=1) - unit @ (games.ukrainian * span).T
        product = games.product(russian, ukrainian)
        at = product.argmax(axis=0)
        best = np.maximum(best, product[at, np.arange(len(at))])
        centre, reach = low + unit[at] * span, ABOUT * span / (len(one) - 1)
        low, high = np.maximum(games.low, centre - reach), np.minimum(games.high, centre + reach)
    return best


def against_brute_force(runs: int) -> Iterator[Result]:
    """Check that no point of a fine grid beats the draft."""
    per_number = max(10, runs // 40)
    for kind, make in KINDS.items():
        shortfalls, coarseness, count = [], [], 0
        for issues in POINTS:
            games = make(per_number, issues)
            draft = games.draft()
            within = ((draft >= games.low - ROUNDING) & (draft <= games.high + ROUNDING)).all(axis=1)
            drafted = np.where(within, games.product(*games.utilities(draft)), 0.0)
            searched = brute_force(games)
            shortfalls.append((searched - drafted).max())
            coarseness.append((drafted - searched).max())
            count += len(draft)
        shortfall, coarse = float(max(shortfalls)), float(max(coarseness))
        yield Result(
            GROUP, f"Nash draft, {kind}: most by which a point of the grid beats it, {count} games", "0",
            f"{max(shortfall, 0.0):.2g}", f"{ROUNDING:g}", "Nash 1950; Harsanyi, Selten 1972", shortfall <= ROUNDING,
        )  # fmt: skip
        yield Result(
            GROUP, f"Nash draft, {kind}: most by which the grid misses it", "0", f"{coarse:.2g}", f"{GRID_ERROR:g}",
            "fineness of the grid", coarse <= GRID_ERROR,
        )  # fmt: skip


def _most_for_russia(games: Games, ukrainian: FloatArray) -> FloatArray:
    """Return Russia's largest utility in the box with Ukraine at `ukrainian`: the fractional knapsack, shape (games,).

    Fill the issues by falling ratio of Russian gain to Ukrainian loss until Ukraine's loss is spent.
    """
    with np.errstate(divide="ignore"):
        order = np.argsort(-(games.russian / games.ukrainian), axis=1, kind="stable")
    span = np.take_along_axis(games.high - games.low, order, axis=1)
    gain, loss = (np.take_along_axis(weight, order, axis=1) * span for weight in (games.russian, games.ukrainian))
    to_spend = games.utilities(games.low)[1] - ukrainian
    before = np.cumsum(loss, axis=1) - loss
    with np.errstate(divide="ignore", invalid="ignore"):
        taken = np.clip((to_spend[:, None] - before) / loss, 0.0, 1.0)
    taken = np.where(loss > 0, taken, 1.0)
    most: FloatArray = games.utilities(games.low)[0] + (gain * taken).sum(axis=1)
    return most


def axioms(runs: int) -> Iterator[Result]:
    """Check rationality, efficiency, invariance of scale, symmetry, independence of irrelevant alternatives."""
    worst = dict.fromkeys(("rationality", "efficiency", "scale", "symmetry", "alternatives"), 0.0)
    for issues in POINTS:
        games = plain_games(runs, issues)
        draws = Draws(1, runs)
        draft = games.draft()
        agreed = games.utilities(draft)

        def differs(other: FloatArray, games: Games = games, agreed: FloatArray = agreed) -> float:
            return float(np.abs(games.utilities(other) - agreed).max())

        russian, ukrainian = (10 ** (2 * draws.uniform(f"unit of {side}") - 1) for side in ("Russia", "Ukraine"))
        rescaled = replace(
            games, russian=games.russian * russian[:, None], ukrainian=games.ukrainian * ukrainian[:, None],
            russian_war=games.russian_war * russian, ukrainian_war=games.ukrainian_war * ukrainian,
        )  # fmt: skip
        # Turn each issue round, x -> 1 - x, and let the sides change places; utilities shift by the sums of weights.
        mirrored = Games(
            games.ukrainian, games.russian, 1 - games.high, 1 - games.low,
            games.ukrainian_war + games.ukrainian.sum(axis=1), games.russian_war - games.russian.sum(axis=1),
            1 - games.power,
        )  # fmt: skip
        cut = draws.uniform("irrelevant alternatives")[:, None]
        smaller = replace(
            games, low=games.low + cut * (draft - games.low), high=games.high - cut * (games.high - draft)
        )  # fmt: skip
        short = np.stack([games.russian_war, games.ukrainian_war]) - agreed
        found = {
            "rationality": float(short.max()),
            "efficiency": float((_most_for_russia(games, agreed[1]) - agreed[0]).max()),
            "scale": differs(rescaled.draft()),
            "symmetry": differs(1 - mirrored.draft()),
            "alternatives": differs(smaller.draft()),
        }
        worst = {axiom: max(worst[axiom], found[axiom]) for axiom in worst}
    statements = {
        "rationality": "each gets at least what war is worth",
        "efficiency": "no deal is better for one and no worse for the other",
        "scale": "utilities measured in other units give the same deal",
        "symmetry": "seen from the other side it is the same deal",
        "alternatives": "taking off the table what was not chosen changes nothing",
    }
    for axiom, statement in statements.items():
        name = f"{statement}: largest violation in {len(POINTS) * runs:,} games"
        yield close(GROUP, name, worst[axiom], 0.0, TRANSFORMED, NASH)


CHECKS: tuple[Check, ...] = (
    Check(GROUP, against_brute_force, fast=True),
    Check(GROUP, axioms, fast=True),
)
