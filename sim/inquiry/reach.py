"""What would it take: the least that levers must be moved for a ceasefire to become as likely as is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, SupportsIndex

import numpy as np

from sim.analysis.outcomes import Column, When, week_of_date
from sim.analysis.summary import OUTCOMES, is_share
from sim.arrays import FloatArray
from sim.errors import UsageError, check_known, whole_number
from sim.experiment import Comparison, Execution, Experiment, Sweep, run_experiment
from sim.experiment.batch import WORTH_PROCESSES
from sim.experiment.design import checked
from sim.experiment.workers import Workers, available_cores, may_start_processes
from sim.inquiry.cutting import seen_to
from sim.inquiry.explanation import Settings
from sim.inquiry.levers import Lever, Levers, levers_of
from sim.inquiry.search import Found, effort_of, search
from sim.scenario import Scenario, load

if TYPE_CHECKING:
    import pandas as pd

#: Runs of every trial of the search, and of every point that is run afresh.
RUNS, FRESH_RUNS = 500, 2000

#: Generations of every evolution of the search.
GENERATIONS = 4

#: Budgets of effort of the frontier, beside none at all.
BUDGETS = 5

#: What is told of every point beside its chance.
TOLD = ("territory_conceded_km2", "settlement_at_horizon")

#: The table of the frontier, column by column; between `effort` and `searched` comes every lever's parameter.
COLUMNS: dict[str, Column] = {
    "point": Column("category", "'as it is': the scenario; 'budget': the best found within one; 'least effort': the "
                    "least found that reaches the target"),
    "budget": Column("units of effort", "most effort allowed; NaN where none is set"),
    "effort": Column("units of effort", "sum of what the levers are moved"),
    "searched": Column("share of runs", "chance of a ceasefire by the date on the runs searched with: flattered"),
    "chance": Column("share of runs", "the same chance on fresh runs"),
    "chance_low": Column("share of runs", "lower bound of its 95 % interval (Wilson)"),
    "chance_high": Column("share of runs", "upper bound of that interval"),
    "reaches": Column("category", "the target, on fresh runs: yes or no if the interval lies above or below it, else "
                      "cannot be told"),
    "within_limits": Column("category", "the same of all limits together; yes if there is none"),
    **{f"{name}{end}": Column("share of runs" if is_share(name) else "km²", f"{name} on fresh runs, with its interval")
       for name in TOLD for end in ("", "_low", "_high")},
}  # fmt: skip

AS_IT_IS, BUDGET, LEAST = "as it is", "budget", "least effort"
YES, NO, UNCLEAR = "yes", "no", "cannot be told"

#: The lowest and the highest that an outcome may be, either None.
Limits = Mapping[str, tuple[float | None, float | None]]


@dataclass(frozen=True, eq=False)
class Reach:
    """How far levers of a scenario reach.

    Attributes
    ----------
    scenario, by, target, runs, fresh_runs, seed
        What was asked.
    levers
        The levers, with their bounds.
    limits
        What must not be broken.
    frontier
        One row for the scenario as it is, one per budget, one for the least effort if the target was reached in the
        search; `COLUMNS`.
    trials
        Every trial of the search: positions in units of effort, ``chance``, and ``excess`` over the limits (0: kept).
    """

    scenario: Scenario
    by: When
    target: float
    runs: int
    fresh_runs: int
    seed: int
    levers: Levers
    limits: Limits
    frontier: pd.DataFrame
    trials: pd.DataFrame

    @property
    def found(self) -> bool:
        """The search found a combination within the limits that reaches the target, and fresh runs do not deny it."""
        return self.answer is not None and self.answer["reaches"] != NO and self.answer["within_limits"] != NO

    @property
    def answer(self) -> pd.Series | None:
        """The row of the least effort; None if the search found nothing that reaches the target."""
        rows = self.frontier[self.frontier["point"] == LEAST]
        return None if rows.empty else rows.iloc[0]

    @property
    def best(self) -> pd.Series:
        """The row of the largest budget: the best that was found."""
        return self.frontier[self.frontier["point"] == BUDGET].iloc[-1]

    @property
    def sentence(self) -> str:
        """What came out, in words."""
        limits = " within the limits" if self.limits else ""
        what = f"a chance of {self.target:.0%} of a ceasefire by the {self.by}"
        answer, best = self.answer, self.best
        if answer is not None:
            told = {
                YES: "fresh runs confirm it", UNCLEAR: "fresh runs cannot tell it from the target",
                NO: "fresh runs deny it: the search was flattered by its luck",
            }[str(answer["reaches"])]  # fmt: skip
            kept = {
                YES: "", UNCLEAR: "; whether it keeps the limits cannot be told",
                NO: "; it does not keep the limits there",
            }[str(answer["within_limits"])]  # fmt: skip
            return (
                f"The least effort found for {what}{limits} is {answer['effort']:.3g} units, with "
                f"{answer['chance']:.1%} [{answer['chance_low']:.1%}, {answer['chance_high']:.1%}] on "
                f"{self.fresh_runs:,} fresh runs: {told}{kept}."
            )
        if not (self.trials["excess"] <= 0).any():
            return (
                f"None of the {len(self.trials):,} combinations tried keeps the limits; the frontier shows the nearest."
            )
        return (
            f"None of the {len(self.trials):,} combinations tried brings {what}{limits}; the best found, at an effort "
            f"of {best['effort']:.3g} units, has {best['chance']:.1%} [{best['chance_low']:.1%}, "
            f"{best['chance_high']:.1%}] on {self.fresh_runs:,} fresh runs. A better one that was not tried cannot be "
            "ruled out."
        )

    def __repr__(self) -> str:
        names = ", ".join(lever.name for lever in self.levers.levers)
        return f"<Reach of {names} in {self.scenario.name}: target {self.target:g} by the {self.by}, seed {self.seed}>"


def reach(
    scenario: str | Path | Scenario,
    levers: Iterable[str | Lever] | Mapping[str, object],
    *,
    target: float = 0.5,
    by: When = "deadline",
    limits: Limits | None = None,
    budgets: Sequence[float] | None = None,
    runs: SupportsIndex = RUNS,
    fresh_runs: SupportsIndex = FRESH_RUNS,
    seed: SupportsIndex = 1,
    generations: SupportsIndex = GENERATIONS,
    population: SupportsIndex | None = None,
    executor: object = None,
) -> Reach:
    """Look for the least effort that brings the chance of a ceasefire to a target, and for the best within budgets.

    Every trial holds the levers at the same values in all runs, beginning with the central values of the scenario; all
    other uncertain parameters keep their laws, and all trials meet the same luck. What was found is run afresh with
    another seed.

    Parameters
    ----------
    scenario
        Name, path or `Scenario`.
    levers
        What may be moved: `sim.inquiry.levers.levers_of`.
    target
        Chance to reach, 0-1.
    by
        ``"deadline"`` or ``"horizon"``.
    limits
        By name of an outcome (`sim.analysis.summary.OUTCOMES`), the lowest and the highest that its share or mean may
        be.
    budgets
        Budgets of effort of the frontier; by default `BUDGETS` at equal distances, up to all levers as far as they go.
    runs, fresh_runs
        Runs of every trial, and of every point of the frontier afresh.
    seed
        Seed of the search and its runs; the fresh runs have the next one.
    generations, population
        How long each evolution of the search is, and how wide: by default 6 for every lever, but at least 12.
    executor
        As in `sim.sweep`.

    Raises
    ------
    UsageError
        A name is unknown, or a number is out of range.
    ScenarioError
        The scenario cannot be used.

    Examples
    --------
    >>> found = reach("hardball", {"russia.confidence": (0.3, 0.75)}, runs=16, fresh_runs=16, population=8)
    >>> found.frontier["point"].tolist()[:2]
    ['as it is', 'budget']
    """
    loaded = scenario if isinstance(scenario, Scenario) else load(scenario)
    week_of_date(loaded, by)
    asked = levers_of(loaded, levers)
    kept = _checked_limits(limits or {})
    number, fresh = whole_number("runs", runs, lowest=2), whole_number("fresh runs", fresh_runs, lowest=2)
    seed_number = whole_number("seed", seed, lowest=0)
    rounds = whole_number("generations", generations, lowest=1, highest=1000)
    wide = max(12, 6 * len(asked.levers)) if population is None else population
    width = whole_number("population", wide, lowest=8, highest=10_000)
    if not 0 < target <= 1:
        raise UsageError(f"the target is a chance above 0 and up to 1, not {target:g}")
    amounts = _checked_budgets(budgets, asked)

    # Without limits nothing after the date matters to the search.
    searched = loaded if kept else seen_to(loaded, by)
    with _processes(executor, number * width * rounds * len(amounts)) as pool:
        how = Execution(executor=pool, progress=False)

        def evaluate(positions: FloatArray) -> tuple[FloatArray, FloatArray]:
            table = _sweep(searched, asked, positions, number, seed_number, how)
            return table[f"ceasefire_by_{by}"].to_numpy(dtype=np.float64), _excess(table, kept)

        found = search(
            evaluate, asked.low, asked.high, amounts, target, generations=rounds, population=width, seed=seed_number
        )
        frontier = _verified(loaded, asked, found, target, by, kept, fresh, seed_number + 1, how)
    return Reach(loaded, by, target, number, fresh, seed_number, asked, kept, frontier, _trials(asked, found))


def _sweep(
    scenario: Scenario, levers: Levers, positions: FloatArray, runs: int, seed: int, how: Execution
) -> pd.DataFrame:
    """Return the summary of every position."""
    design = checked(levers.design(positions), scenario)
    results = run_experiment(Experiment.of(scenario, runs=runs, seed=seed, design=design), Sweep, how)
    assert isinstance(results, Sweep)
    return results.summary


def _verified(
    scenario: Scenario, levers: Levers, found: Found, target: float, by: When, limits: Limits, runs: int, seed: int,
    how: Execution,
) -> pd.DataFrame:  # fmt: skip
    """Return the table of the frontier on fresh runs."""
    import pandas as pd

    archive = found.archive
    least = [] if found.least is None else [found.least]
    places = [*found.frontier, *least]
    table = _sweep(scenario, levers, archive.positions[places], runs, seed, how)
    plain = run_experiment(Settings.of(scenario, runs=runs, seed=seed), Comparison, how)
    assert isinstance(plain, Comparison)
    table = pd.concat([plain.summary, table], ignore_index=True)
    chance = f"ceasefire_by_{by}"
    nothing = float("nan")
    columns: dict[str, object] = {
        "point": [AS_IT_IS, *[BUDGET] * len(found.frontier), *[LEAST] * len(least)],
        "budget": [nothing, *found.budgets, *[nothing] * len(least)],
        "effort": [0.0, *archive.effort[places]],
        **{name: table.get(name) for name in levers.design(archive.positions[:1]).names},
        "searched": [nothing, *archive.chance[places]],
        "chance": table[chance], "chance_low": table[f"{chance}_low"], "chance_high": table[f"{chance}_high"],
        "reaches": _judged(table, {chance: (target, None)}),
        "within_limits": _judged(table, limits),
        **{f"{name}{end}": table[f"{name}{end}"] for name in TOLD for end in ("", "_low", "_high")},
    }  # fmt: skip
    return pd.DataFrame(columns)


def _judged(table: pd.DataFrame, limits: Limits) -> list[str]:
    """Say of every row whether all limits are kept: yes or no where intervals tell, else that it cannot be told."""
    kept, broken = np.ones(len(table), dtype=bool), np.zeros(len(table), dtype=bool)
    for name, (lowest, highest) in limits.items():
        low, high = (table[f"{name}_{end}"].to_numpy(dtype=np.float64) for end in ("low", "high"))
        if lowest is not None:
            kept, broken = kept & (low >= lowest), broken | (high < lowest)
        if highest is not None:
            kept, broken = kept & (high <= highest), broken | (low > highest)
    return [NO if wrong else YES if right else UNCLEAR for right, wrong in zip(kept, broken, strict=True)]


def _excess(table: pd.DataFrame, limits: Limits) -> FloatArray:
    """Return by how much limits are broken, each over its own size, shape (points,); 0 where all are kept."""
    total = np.zeros(len(table))
    for name, (lowest, highest) in limits.items():
        values = table[name].to_numpy(dtype=np.float64)
        for limit, sign in ((lowest, 1.0), (highest, -1.0)):
            if limit is not None:
                total += np.maximum(sign * (limit - values), 0.0) / max(abs(limit), 1.0 if not is_share(name) else 0.01)
    return total


def _trials(levers: Levers, found: Found) -> pd.DataFrame:
    import pandas as pd

    archive = found.archive
    table = pd.DataFrame(archive.positions, columns=[lever.name for lever in levers.levers])
    return table.assign(effort=effort_of(archive.positions), chance=archive.chance, excess=archive.excess)


def _checked_limits(limits: Limits) -> Limits:
    for name, bounds in limits.items():
        check_known("outcome", name, OUTCOMES)
        lowest, highest = bounds
        if lowest is None and highest is None:
            raise UsageError(f"{name}: the limit has neither a lowest nor a highest value; give one of them")
        if not all(limit is None or np.isfinite(limit) for limit in bounds):
            raise UsageError(f"{name}: a limit is a finite number or None")
        top = 1.0 if is_share(name) else np.inf
        if any(limit is not None and not 0 <= limit <= top for limit in bounds):
            raise UsageError(f"{name}: a limit lies from 0 {'to 1' if top == 1 else 'upwards'}")
        if lowest is not None and highest is not None and lowest > highest:
            raise UsageError(f"{name}: cannot be at least {lowest:g} and at most {highest:g}")
    return dict(limits)


def _checked_budgets(budgets: Sequence[float] | None, levers: Levers) -> list[float]:
    most = float(np.maximum(np.abs(levers.low), np.abs(levers.high)).sum())
    if budgets is None:
        return [0.0, *(most * np.arange(1, BUDGETS + 1) / BUDGETS).tolist()]
    amounts = sorted({float(budget) for budget in budgets})
    if not amounts or not np.isfinite(amounts).all() or amounts[0] < 0:
        raise UsageError("budgets are numbers from 0 upwards; give at least one")
    return sorted({0.0, *amounts})


@contextmanager
def _processes(executor: object, runs: int) -> Iterator[object]:
    """Give what carries out trials: that of the caller, or processes kept over all of them if there is enough to do."""
    if executor is not None or runs < WORTH_PROCESSES or available_cores() < 2 or not may_start_processes():
        yield executor
        return
    import sim.model  # noqa: F401  compiles the rules once, for the processes to find

    with Workers(available_cores()) as pool:
        yield pool
