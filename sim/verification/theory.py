"""Limits that bargaining theory states exactly, reached by the rules and the model that run the scenarios."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping

import numpy as np

import sim
from sim.arrays import FloatArray
from sim.draws import Draws
from sim.evidence import WEEKS_A_MONTH, collapse_hazards
from sim.parameters import ISSUES
from sim.rules.bargaining import BOTH, NOBODY, zone_of_agreement
from sim.verification.cases import set_by_run
from sim.verification.check import Check, Result, close
from sim.verification.worlds import ONE_ISSUE, after, everywhere, quiet

GROUP = "theory"
FEARON = "Fearon 1995"
BLAINEY = "Wittman 1979, Blainey 1988"
POWELL = "Powell 2006"

#: Sums of a handful of products, each good to 1e-16.
ROUNDING = 1e-9

#: Chance p that Russia wins, and what war costs Russia and Ukraine. In the last case the range ends at what there is.
CONTESTS = ((0.6, 0.1, 0.2), (0.3, 0.05, 0.15), (0.5, 0.02, 0.03), (0.75, 0.4, 0.1), (0.45, 0.0, 0.25), (0.9, 0.2, 0.3))
SPLITS = 1001  # candidate splits from 0 to 1, in steps of 0.001

POWERS = (0.05, 0.25, 0.5, 0.8, 0.95)
BELIEFS = (0.2, 0.35, 0.5, 0.55, 0.6, 0.7, 0.8, 0.9, 1.0)
COSTS = (0.0, 0.05, 0.1, 0.2)
CHANCES = (0.0, 0.1, 0.3, 0.5, 0.75, 1.0)


def contest(
    p_russia: FloatArray, p_ukraine: FloatArray, cost_russia: FloatArray, cost_ukraine: FloatArray,
    power: FloatArray | float = 0.5, changes: Mapping[str, FloatArray | float] | None = None,
) -> sim.CeasefireModel:  # fmt: skip
    """Return the whole model after one week of a war over one issue, each run a case of its own.

    Parameters
    ----------
    p_russia, p_ukraine
        Each side's own chance of winning it, as that side believes.
    cost_russia, cost_ukraine
        Costs of war over the whole year that it takes.
    power
        Bargaining power of Russia.
    changes
        Other parameters by dotted name, one value for all cases or one for each.
    """
    p_russia, p_ukraine, cost_russia, cost_ukraine, power = np.broadcast_arrays(
        *np.atleast_1d(p_russia, p_ukraine, cost_russia, cost_ukraine, power)
    )
    named = {"europe.reconsideration": 0.0, **(changes or {})}
    by_case = {name: value for name, value in named.items() if isinstance(value, np.ndarray)}
    the_same = {name: value for name, value in named.items() if name not in by_case}
    model = quiet(the_same, base=ONE_ISSUE, runs=len(p_russia))
    set_by_run(
        model,
        {
            "russia.optimism": p_russia, "ukraine.optimism": 1 - p_ukraine, "russia.war_cost": cost_russia,
            "ukraine.war_cost": cost_ukraine, "table.bargaining_power": power, **by_case,
        },
    )  # fmt: skip
    for state in model.europe.states:
        state.pledged = everywhere(model)  # else terms that rest on a guarantee would not be on offer
    return after(model, 1)


def fearon_range(runs: int) -> Iterator[Result]:
    """Check that both prefer to war just the splits from p less one cost to p plus the other."""
    p, cost_russia, cost_ukraine = np.array(CONTESTS).T
    model = contest(p, 1 - p, cost_russia, cost_ukraine)
    splits = np.linspace(0, 1, SPLITS)
    deals = np.zeros((SPLITS, 1, len(ISSUES)))
    deals[:, 0, 0] = splits
    # A box that holds one deal only: is it between the two reservation values?
    blocker, _, _ = zone_of_agreement(
        model.russia.stakes, model.ukraine.stakes, deals, deals, model.russia.reservation, model.ukraine.reservation
    )
    for case, (chance, russian, ukrainian) in enumerate(CONTESTS):
        acceptable = splits[blocker[:, case] == NOBODY]
        low, high = max(0.0, chance - russian), min(1.0, chance + ukrainian)
        whole = len(acceptable) == round((SPLITS - 1) * (high - low)) + 1
        ends = acceptable[[0, -1]] if len(acceptable) else np.full(2, np.nan)
        yield Result(
            GROUP, f"splits that both prefer to war, p = {chance:g}, costs {russian:g} and {ukrainian:g}",
            f"{low:.3f} to {high:.3f}", f"{ends[0]:.3f} to {ends[1]:.3f}{'' if whole else ', with gaps'}",
            "steps of 0.001", FEARON, bool(whole and np.allclose(ends, (low, high), atol=ROUNDING)),
        )  # fmt: skip
    draws = Draws(1, runs)
    p, cost_russia, cost_ukraine = (draws.uniform(f"contest: {what}") for what in ("chance", "one cost", "other cost"))
    # Costs above the whole prize would make Russia plan the shortest war it can, and not this one.
    cost_russia = cost_russia * p
    model = contest(p, 1 - p, cost_russia, cost_ukraine)
    ends = np.stack([model.russia.reservation, -model.ukraine.reservation])
    error = float(np.abs(ends - np.stack([p - cost_russia, p + cost_ukraine])).max())
    yield close(
        GROUP, f"ends of the range in {runs} random contests: largest error", error, 0.0, ROUNDING, FEARON
    )  # fmt: skip


def nash_split(runs: int) -> Iterator[Result]:
    """Check that the mediator proposes to divide the range by bargaining power."""
    p, cost_russia, cost_ukraine = np.array(CONTESTS).T
    draft = contest(p, 1 - p, cost_russia, cost_ukraine).table.draft[:, 0]
    yield close(
        GROUP, "symmetric Nash split, p = 0.6, costs 0.1 and 0.2", float(draft[0]), 0.65, ROUNDING, "Nash 1950"
    )  # fmt: skip
    cases = np.array([(*case, power) for case, power in itertools.product(CONTESTS, POWERS)])
    p, cost_russia, cost_ukraine, power = cases.T
    draft = contest(p, 1 - p, cost_russia, cost_ukraine, power).table.draft[:, 0]
    expected = np.minimum(1.0, p - cost_russia + power * (cost_russia + cost_ukraine))
    yield close(
        GROUP, f"power divides the range: largest error of the split in {len(cases)} cases",
        float(np.abs(draft - expected).max()), 0.0, ROUNDING, "Harsanyi, Selten 1972",
    )  # fmt: skip


def divergent_beliefs(runs: int) -> Iterator[Result]:
    """Check that no deal exists if and only if optimism exceeds the costs of war."""
    cases = np.array(list(itertools.product(BELIEFS, BELIEFS, COSTS, COSTS)))
    excess = cases[:, 0] + cases[:, 1] - 1 - cases[:, 2] - cases[:, 3]
    clear = np.abs(excess) > ROUNDING  # at equality the zone is a single point, and rounding decides
    cases, excess = cases[clear], excess[clear]
    model = contest(*cases.T)
    empty = model.table.blocker != NOBODY
    agree = int((empty == (excess > 0)).sum())
    yield Result(
        GROUP, "no zone if and only if p_A + p_B > 1 + c_A + c_B: cases that agree",
        f"{len(cases)} of {len(cases)}", f"{agree} ({int(empty.sum())} without a zone)", "none", BLAINEY,
        agree == len(cases) and 0 < empty.sum() < len(cases),
    )  # fmt: skip
    without = excess > 0
    both = int((model.table.blocker[without] == BOTH).sum())
    yield Result(
        GROUP, "where optimism leaves no zone, both block", f"{int(without.sum())} cases", f"{both}", "none", BLAINEY,
        both == without.sum(),
    )  # fmt: skip
    gaps = np.stack([model.table.russian_gap, model.table.ukrainian_gap], axis=1)
    error = float(np.abs(gaps - np.maximum(excess, 0)[:, None]).max())
    yield close(
        GROUP, "either side is short by the excess of optimism: largest error", error, 0.0, ROUNDING, BLAINEY
    )  # fmt: skip


def no_free_lunch(runs: int) -> Iterator[Result]:
    """Check that without costs of war, with common beliefs and no box, peace and war are worth the same to both."""
    weights = dict(zip(ISSUES, (0.4, 0.1, 0.35, 0.15), strict=True))
    same = {f"{side}.weight_{issue}": weight for side in ("russia", "ukraine") for issue, weight in weights.items()}
    victory = {f"russia.victory_{issue}": 1.0 for issue in ISSUES}
    no_box = {"united_states.sanctions_relief": 1.0, "ukraine.security_limit": 1.0, "table.recognition_limit": 1.0}
    chances, nothing = np.array(CHANCES), np.zeros(len(CHANCES))
    model = contest(chances, 1 - chances, nothing, nothing, changes={**same, **victory, **no_box})
    russia, ukraine, table = model.russia, model.ukraine, model.table
    source = "Fearon 1995, Powell 2006"
    closed = float(max(table.low.max(), 1 - table.high.min()))
    yield close(GROUP, "no box: largest part of an issue that is not on offer", closed, 0.0, ROUNDING, source)
    surplus = -(russia.war_value + ukraine.war_value)  # a deal divides a sum of zero
    at = f"{len(CHANCES)} chances from {CHANCES[0]:g} to {CHANCES[-1]:g}"
    yield close(GROUP, f"no free lunch: surplus of peace, {at}", float(np.abs(surplus).max()), 0.0, ROUNDING, source)
    drafted = np.stack([russia.utility(table.draft), ukraine.utility(table.draft)])
    worth = np.stack([chances, -chances])
    error = float(np.abs(drafted - worth).max())
    yield close(GROUP, "the draft then gives each what war would: largest error", error, 0.0, ROUNDING, source)
    costs = np.array([0.04, 0.1, 0.0]), np.array([0.06, 0.0, 0.2])
    dear = contest(np.full(3, 0.3), np.full(3, 0.7), *costs)
    error = float(np.abs(-(dear.russia.war_value + dear.ukraine.war_value) - costs[0] - costs[1]).max())
    yield close(GROUP, "any cost of war is a surplus of peace: largest error", error, 0.0, ROUNDING, source)


def commitment_problem(runs: int) -> Iterator[Result]:
    """Check what a peace that may not hold does to the range of deals when both sides rearm in it."""
    draws = Draws(1, runs)

    def some(what: str, low: float, high: float) -> FloatArray:
        return low + (high - low) * draws.uniform(f"pause: {what}")

    p, costs = some("chance", 0.1, 0.6), (some("one cost", 0.0, 0.1), some("other cost", 0.0, 0.1))
    likeness, effect = some("likeness", 0.0, 1.0), some("guarantee", 0.0, 2.0)
    foresight = some("foresight", 13.0, 156.0)
    russian, ukrainian = some("Russia rearms", 0.0, 0.1), some("Ukraine rearms", 0.0, 0.1)
    pause: dict[str, FloatArray | float] = {
        "truce.donbas_likeness": likeness, "truce.guarantee_effect": effect, "truce.foresight": foresight,
        # The pace, and with it the chance of winning, goes with the balance itself.
        "front.balance_exponent": 1.0,
    }  # fmt: skip
    model = contest(p, 1 - p, *costs, changes=pause | {"russia.rearming": russian, "ukraine.rearming": ukrainian})
    russia, ukraine = model.russia, model.ukraine
    peace = _share_by_brute_force(likeness, effect, foresight)
    error = float(np.abs(russia.peace - peace).max())
    yield close(
        GROUP, f"expected share of the time at peace, {runs} cases: largest error against adding up small steps", error,
        0.0, 1e-3, "ETH/PRIO, collapses",
    )  # fmt: skip
    years, odds = russia.peace * foresight / 52, (1 - russia.peace) / russia.peace
    later = p * (1 + russian * years) / (1 + ukrainian * years)
    shift = later - p
    low, high = p - costs[0] - odds * shift, p + costs[1] - odds * shift
    ends = np.stack([russia.reservation, -ukraine.reservation])
    error = float(np.abs(ends - np.stack([low, high])).max())
    yield close(
        GROUP, f"a shift of power moves both ends of the range as by hand, {runs} cases: largest error", error, 0.0,
        ROUNDING, POWELL,
    )  # fmt: skip
    still = contest(p, 1 - p, *costs, changes=pause | {"russia.rearming": 0.0, "ukraine.rearming": 0.0})
    premium = max(float(np.abs(side.reservation - side.war_value).max()) for side in (still.russia, still.ukraine))
    yield close(
        GROUP, "if nothing shifts, that peace may end is no reason to refuse it: largest premium asked", premium, 0.0,
        ROUNDING, POWELL,
    )  # fmt: skip
    # A deal that hands over some of the land, added up: peace, or war again for the land that is left.
    land = some("land", 0.0, 1.0)
    deal = np.zeros((runs, len(ISSUES)))
    deal[:, 0] = land
    after_collapse = land + (1 - land) * later
    worth = np.stack(
        [
            russia.peace * land + (1 - russia.peace) * (after_collapse - costs[0]) - (p - costs[0]),
            -russia.peace * land - (1 - russia.peace) * (after_collapse + costs[1]) + (p + costs[1]),
        ]
    )
    gained = np.stack([russia.gain(deal), ukraine.gain(deal)]) * russia.peace
    yield close(
        GROUP, "what signing gains over fighting on, peace and collapse added up: largest error",
        float(np.abs(gained - worth).max()), 0.0, ROUNDING, "Powell 2006; docs/model.md, 3.4",
    )  # fmt: skip


def _share_by_brute_force(likeness: FloatArray, effect: FloatArray, foresight: FloatArray) -> FloatArray:
    """Return the mean survival of a ceasefire under a full guarantee over the time foreseen, shape (runs,)."""
    starts, general, donbas = collapse_hazards()
    steps = 2000
    ages = (np.arange(steps) + 0.5) / steps * foresight[:, None] / WEEKS_A_MONTH  # months, shape (runs, steps)
    band = np.searchsorted(starts, ages, side="right") - 1
    share = likeness[:, None]
    hazard = general[band] ** (1 - share) * donbas[band] ** share * np.exp(-effect[:, None])
    width = foresight[:, None] / WEEKS_A_MONTH / steps
    survival: FloatArray = np.exp(-(np.cumsum(hazard, axis=1) - hazard / 2) * width)
    return np.asarray(survival.mean(axis=1))


CHECKS: tuple[Check, ...] = (
    Check(GROUP, fearon_range, fast=True),
    Check(GROUP, nash_split, fast=True),
    Check(GROUP, divergent_beliefs, fast=True),
    Check(GROUP, no_free_lunch, fast=True),
    Check(GROUP, commitment_problem, fast=True),
)
