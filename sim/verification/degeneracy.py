"""Nothing in the model is idle: every outcome varies, every branch is taken, every parameter moves something.

Watched over the baseline with uncertainty on. What is meant never to happen there is named as a guard, with the
reason, and is shown to work in a world made for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

import sim
from sim.arrays import BoolArray, FloatArray
from sim.distributions import Uniform
from sim.errors import ScenarioError
from sim.parameters import PARAMETERS, STATES, Parameter
from sim.verification.branches import BRANCHES, RULE_GUARDS, Before, Guard
from sim.verification.check import Check, Result
from sim.verification.ensembles import BASELINE, SEED, World, model, outcomes, world
from sim.verification.forks import Fork, no_counts, watched
from sim.verification.worlds import QUIET, after, quiet, scenario, sign

GROUP = "degeneracy"

#: Columns that are the same in every run because they say which run it is, or how long all of them are.
SAME_BY_MEANING = ("scenario", "run", "weeks_simulated")


# --- Outcomes ---------------------------------------------------------------------------------------------------------


def frozen_columns(table: pd.DataFrame) -> list[str]:
    """Return the columns of a table of outcomes that are the same in every run."""
    return [name for name in table if name not in SAME_BY_MEANING and table[name].nunique(dropna=False) < 2]


def outcomes_vary(runs: int, what: World = BASELINE) -> Iterator[Result]:
    """Check that no outcome is the same in every run."""
    table = outcomes(what, max(runs, 1500))
    looked_at = sum(name not in SAME_BY_MEANING for name in table)
    frozen = frozen_columns(table)
    yield _none(f"none of the {looked_at} outcomes is the same in every run", frozen, "every outcome varies")


def seeds_matter(runs: int) -> Iterator[Result]:
    """Check that another seed gives other runs, and the same seed the same."""
    first, again, other = (_histories(seed) for seed in (SEED, SEED, SEED + 1))
    same = [name for name in first if first[name].equals(other[name]) and name not in SAME_BY_MEANING]
    yield _none("another seed gives other numbers in every outcome", same, "every outcome follows the luck")
    differing = [name for name in first if not first[name].equals(again[name])]
    yield _none("the same seed gives the same numbers in every outcome", differing, "runs can be repeated")


def _histories(seed: int, runs: int = 100) -> pd.DataFrame:
    return sim.CeasefireModel(sim.load("hardball"), runs=runs, seed=seed).run().outcomes()


# --- Branches ---------------------------------------------------------------------------------------------------------


class Taken(NamedTuple):
    """How often a branch was taken."""

    weeks: int
    runs: int


def branches_taken(what: World, runs: int) -> tuple[dict[str, Taken], Counter[Fork]]:
    """Return how often each named branch and each fork was taken over the histories of a world."""
    named = {f"{part}: {branch.name}": branch for part, branches in BRANCHES.items() for branch in branches}
    weeks = dict.fromkeys(named, 0)
    ever: dict[str, BoolArray] = {name: np.zeros(runs, dtype=bool) for name in named}
    forks = no_counts()
    with watched(forks):
        history = model(what, runs)
    while history.week < history.weeks:
        before = Before(history)
        with watched(forks):
            history.step()
        for name, branch in named.items():
            happened = branch.happened(history, before)
            weeks[name] += int(np.count_nonzero(happened))
            ever[name] |= happened
    with watched(forks):
        history.outcomes()
    return {name: Taken(weeks[name], int(ever[name].sum())) for name in named}, forks


def every_branch_is_taken(runs: int, what: World = BASELINE) -> Iterator[Result]:
    """Check that each named branch and each fork of the arrays is taken, or is a guard that works."""
    runs, source = max(runs, 1500), "no rule that never fires"
    named, forks = branches_taken(what, runs)
    for name, taken in named.items():
        got = f"{taken.weeks:,} run-weeks, {taken.runs / runs:.1%} of the runs"
        yield Result(GROUP, name, "at least once", got, "count", source, taken.weeks > 0)
    guarded = [fork for fork in forks if any(guard.is_about(fork) for guard in FORK_GUARDS)]
    for module in dict.fromkeys(fork.module for fork in forks):
        sides = {fork: count for fork, count in forks.items() if fork.module == module and fork not in guarded}
        dead = [f"{fork.text}: {fork.side}" for fork, count in sides.items() if count == 0]
        got = f"{len(sides) - len(dead)}, the rarest {min(sides.values(), default=0):,} times"
        name = f"sides of np.where, minimum, maximum and clip in {module} that are taken"
        yield Result(GROUP, name, f"{len(sides)}", "; not ".join([got, *dead]), "count", source, not dead)


def guards_work(runs: int) -> Iterator[Result]:
    """Check that what guards against odd worlds works in an odd world."""
    for guard in RULE_GUARDS:
        fired, finite = _fires(guard)
        got = f"{fired:,} run-weeks in a world made for it{'' if finite else ', with numbers that are none'}"
        passed = fired > 0 and finite
        yield Result(GROUP, f"guard: {guard.name}", "at least once", got, "count", guard.why, passed)
    for odd in FORK_GUARDS:
        forks = no_counts()
        with watched(forks):
            odd.make()
        counts = [count for fork, count in forks.items() if odd.is_about(fork)]
        got = f"{sum(counts):,} times in a world made for it" if counts else "no such fork in the code"
        yield Result(GROUP, f"guard: {odd.text}: {odd.side}", "at least once", got, "count", odd.why, sum(counts) > 0)


def _fires(guard: Guard, runs: int = 32, weeks: int = 12) -> tuple[int, bool]:
    """Return how often a guard was needed, and whether every number that it guards stayed one."""
    odd, fired, finite = model(world(guard.changes), runs, weeks), 0, True
    for _ in range(weeks):
        before = Before(odd)
        odd.step()
        fired += int(np.count_nonzero(guard.happened(odd, before)))
        finite = finite and all(np.isfinite(numbers).all() for numbers in _guarded_numbers(odd))
    return fired, finite


def _guarded_numbers(odd: sim.CeasefireModel) -> Iterator[FloatArray]:
    yield from (odd.front.gap, odd.front.advance, odd.table.draft, odd.table.russian_gap, odd.table.ukrainian_gap)
    for side in (odd.russia, odd.ukraine):
        yield from (side.confidence, side.war_value, side.peace, side.reservation, side.stakes)


class ForkGuard(NamedTuple):
    """A side of a fork that the baseline never needs: part of its text, why it is there, a world that needs it."""

    module: str
    text: str
    side: str
    why: str
    make: Callable[[], object]

    def is_about(self, fork: Fork) -> bool:
        """Say whether a fork is the one that is meant."""
        return fork.module == self.module and self.text in fork.text and fork.side == self.side


def _quiet(changes: dict[str, float]) -> object:
    inputs = scenario({**QUIET, **changes}, weeks=52, certain=True, events=())
    return after(sim.CeasefireModel(inputs), 12)


def _all_lasts() -> object:
    spreads = Uniform(uniform=(1, 1000))  # rounding goes wrong for one in some hundred of them
    return sim.CeasefireModel(scenario({"front.pace_lasting": 1, "front.pace_spread": spreads}), runs=5000)


def _past_horizon() -> object:
    ended = quiet(weeks=8, runs=50)
    sign(ended)
    return after(ended, 12)


_NO_AID = {f"europe.{state}.aid_share": 0.0 for state in STATES}

FORK_GUARDS = (
    ForkGuard("sim.actors.belligerent", "np.where(rate > 0", "false", "no division by a discount rate of zero",
              lambda: _quiet({"russia.discount_rate": 0})),
    ForkGuard("sim.actors.europe", "european_dependence, 1e-9", "second larger", "no division by no European strength",
              lambda: _quiet({"front.us_share": 1})),
    ForkGuard("sim.actors.europe", "np.where(influence > 0", "false", "no division where no state gives aid",
              lambda: _quiet(_NO_AID)),
    ForkGuard("sim.actors.ukraine", "np.minimum(line, 1.0)", "second smaller", "no more than all land can be given",
              lambda: _quiet({"ukraine.red_line": 1, "ukraine.red_line_growth": 1})),
    ForkGuard("sim.world.front", "np.where(variance > 0", "false", "no division by a spread of zero",
              lambda: _quiet({"front.pace_spread": 0})),
    ForkGuard("sim.world.front", "np.where(self.lasting > 0", "false", "no division where nothing of the pace lasts",
              lambda: _quiet({"front.pace_lasting": 0})),
    ForkGuard("sim.world.front", "np.minimum(found, 1.0)", "second smaller", "no correlation above one by rounding",
              _all_lasts),
    ForkGuard("sim.world.table", "np.clip(power", "below", "the weaker side keeps some power",
              lambda: _quiet({"table.bargaining_power": 0.05, "table.pressure_on_power": 1,
                              "united_states.review_interval": 1, "united_states.press_russia_base": 10})),
    ForkGuard("sim.world.table", "np.clip(power", "above", "the weaker side keeps some power",
              lambda: _quiet({"table.bargaining_power": 0.95, "table.pressure_on_power": 1,
                              "united_states.review_interval": 1, "united_states.press_ukraine_base": 10})),
    ForkGuard("sim.world.table", "np.minimum(relief, 1.0)", "second smaller", "at most all sanctions can be lifted",
              lambda: _quiet({"united_states.sanctions_relief": 1, "europe.sanctions_relief": 1,
                              "europe.relief_threshold": 2})),
    ForkGuard("sim.world.truce", "np.minimum(self.age", "second smaller", "a model may be stepped beyond its horizon",
              _past_horizon),
)  # fmt: skip


# --- Parameters -------------------------------------------------------------------------------------------------------

_STOPS = (13, 39, 104)  # weeks after which outcomes are compared; most parameters show early
_FEW = 64


class _History:
    """Outcomes of a few runs at each stop, and the chances of what is decided by chance, week by week."""

    def __init__(self, name: str | None = None, value: float = 0.0) -> None:
        what = world({} if name is None else {name: value})
        self.model = model(what, _FEW)
        self.chances: list[FloatArray] = []

    def up_to(self, week: int) -> pd.DataFrame:
        """Advance to a week and return the outcomes so far."""
        while self.model.week < week:
            self.model.step()
            us, truce = self.model.united_states, self.model.truce
            hazard = np.where(truce.in_force, truce.hazard(), 0.0)
            self.chances.append(np.column_stack([us.scores(), hazard]))
        return self.model.outcomes().drop(columns="scenario")


def what_parameters_move(parameters: Iterable[Parameter]) -> dict[str, str]:
    """Return what each parameter moves: "outcome", "chance" or "nothing".

    A chance is that of a decision or a collapse in some week; an outcome would move over more runs.
    """
    reference = _History()
    tables = {week: reference.up_to(week) for week in _STOPS}
    return {parameter.name: _moves(parameter, tables, reference.chances) for parameter in parameters}


def _moves(parameter: Parameter, tables: dict[int, pd.DataFrame], chances: list[FloatArray]) -> str:
    chance = False
    for value in high_and_low(parameter):
        try:
            turned = _History(parameter.name, value)
        except ScenarioError:
            continue  # beside the other parameters this value makes no sense
        for week, table in tables.items():
            if _differs(table, turned.up_to(week)):
                return "outcome"
        chance = chance or any(not np.array_equal(*pair) for pair in zip(chances, turned.chances, strict=True))
    return "chance" if chance else "nothing"


def _differs(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    """Say whether two tables differ by more than rounding."""
    numbers = one.select_dtypes(exclude="str").columns
    if not one.drop(columns=numbers).equals(other.drop(columns=numbers)):
        return True
    first, second = (table[numbers].to_numpy(dtype=float) for table in (one, other))
    return not np.allclose(first, second, rtol=1e-9, atol=1e-9, equal_nan=True)


def high_and_low(parameter: Parameter) -> tuple[float, float]:
    """Return values of a parameter far up and far down, within its law or its bounds."""
    if parameter.uncertainty is not None:
        high, low = parameter.uncertainty.quantile(np.array([0.95, 0.05]), parameter.low, parameter.high)
        return float(high), float(low)
    return min(parameter.high, 1.4 * parameter.default or 0.3), max(parameter.low, 0.6 * parameter.default)


def every_parameter_moves_something(runs: int) -> Iterator[Result]:
    """Check that no parameter changes nothing."""
    moved = what_parameters_move(PARAMETERS.values())
    idle = [name for name, what in moved.items() if what == "nothing"]
    yield _none(f"none of the {len(moved)} parameters changes nothing", idle, "no parameter that changes nothing")
    rare = [name for name, what in moved.items() if what == "chance"]
    direct = sum(what == "outcome" for what in moved.values())
    got = f"{direct} of {len(moved)}" + (f"; only a chance: {', '.join(rare)}" if rare else "")
    yield Result(
        GROUP, f"parameters that move an outcome of {_FEW} runs", "at least nine in ten", got, "count",
        "no parameter that changes nothing", direct >= 0.9 * len(moved),
    )  # fmt: skip


def _none(name: str, found: list[str], source: str) -> Result:
    return Result(GROUP, name, "none", ", ".join(found) or "none", "exact", source, not found)


CHECKS = (
    Check(GROUP, seeds_matter, fast=True),
    Check(GROUP, guards_work, fast=True),
    Check(GROUP, outcomes_vary),
    Check(GROUP, every_branch_is_taken),
    Check(GROUP, every_parameter_moves_something),
)
