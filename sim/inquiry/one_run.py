"""One history in words, week by week with the numbers of the table, and what would have changed its end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, SupportsIndex

import numpy as np

from sim.analysis.outcomes import Column, When, week_of_date
from sim.errors import UsageError, whole_number
from sim.experiment.chunk import Block, Task, simulate
from sim.inquiry.cutting import seen_to
from sim.inquiry.explanation import Pairs, pairs_of, removals_of
from sim.inquiry.frictions import Friction, chosen
from sim.scenario import Scenario, load

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.replay import Week
    from sim.model import CeasefireModel

#: The table of removals of one run, column by column.
COLUMNS: dict[str, Column] = {
    "removed": Column("name", "what was taken away: a friction, a pair, all of them, or nothing ('as it is')"),
    "ceasefire": Column("true or false", "a ceasefire of the 30-day kind then begins by the date"),
    "ceasefire_week": Column("week from 2025-05-19, NaN if never by the date", "when it begins"),
    "changes_the_end": Column("true or false", "it differs in this from the run as it is"),
}


@dataclass(frozen=True, eq=False)
class RunExplained:
    """One run of a scenario, told and taken apart.

    Attributes
    ----------
    scenario, by, run, seed
        Which one it is.
    weeks
        Every week up to the date, as `sim.experiment.replay` tells it.
    tables
        For every week, what stood at the table, in a sentence; empty where there was no war.
    removals
        What came of the run with each removal; `COLUMNS`.
    """

    scenario: Scenario
    by: When
    run: int
    seed: int
    weeks: tuple[Week, ...]
    tables: tuple[str, ...]
    removals: pd.DataFrame

    def __str__(self) -> str:
        lines = [f"{self.scenario.name}, run {self.run}, seed {self.seed}"]
        for week, table in zip(self.weeks, self.tables, strict=True):
            lines.append(f"week {week.week:>3}, {week.day.isoformat()}: {week.front}")
            lines += [f"    {sentence}" for sentence in (*([table] if table else []), *week.events)]
        return "\n".join(lines)


def explain_run(
    scenario: str | Path | Scenario,
    run: SupportsIndex,
    *,
    seed: SupportsIndex = 1,
    by: When = "deadline",
    frictions: Iterable[str | Friction] | None = None,
    pairs: Pairs = False,
) -> RunExplained:
    """Tell one run, and carry it out again with one friction taken away at a time.

    Parameters
    ----------
    scenario
        Name, path or `Scenario`.
    run
        Number of the run: it is the run of that number of any experiment with this scenario and seed whose luck is
        shared.
    seed, by, frictions, pairs
        Those of `sim.inquiry.explanation.explain`.

    Raises
    ------
    UsageError
        A name is unknown or a number out of range, or the run fails in a simulation.

    Examples
    --------
    >>> told = explain_run("hardball", 3, frictions=["russian_optimism"])
    >>> told.removals["removed"].tolist()
    ['as it is', 'russian_optimism', 'all of them']
    """
    import pandas as pd

    number, seed_number = whole_number("run", run, lowest=0), whole_number("seed", seed, lowest=0)
    loaded = scenario if isinstance(scenario, Scenario) else load(scenario)
    week = week_of_date(loaded, by)
    taken = chosen(frictions)
    removals = removals_of(loaded, taken, pairs_of(taken, pairs))
    begun = {
        name: _ceasefire_week(seen_to(changed, by), number, seed_number, week) for name, changed in removals.items()
    }
    weeks, tables = _told(loaded, number, seed_number, min(week + 1, loaded.horizon_week))
    table = pd.DataFrame({"removed": list(begun), "ceasefire_week": list(begun.values())})
    there = table["ceasefire_week"].notna()
    table.insert(1, "ceasefire", there)
    table["changes_the_end"] = there != there.iloc[0]
    return RunExplained(loaded, by, number, seed_number, weeks, tables, table)


def _ceasefire_week(scenario: Scenario, run: int, seed: int, last: int) -> float:
    """Return the week in which the ceasefire of a run begins, NaN if none does up to the last one."""
    result = simulate(Task(scenario, Block(0, range(1), range(run, run + 1), luck=run), seed))
    if len(result.failures):
        first = result.failures.iloc[0]
        raise UsageError(f"run {run} fails in week {first['week']}: {first['exception']}: {first['message']}")
    begun = float(result.outcomes["ceasefire_week"].iloc[0])
    return begun if begun <= last else float("nan")


def _told(scenario: Scenario, run: int, seed: int, weeks: int) -> tuple[tuple[Week, ...], tuple[str, ...]]:
    from sim.experiment.replay import told
    from sim.model import CeasefireModel

    model = CeasefireModel(scenario, runs=1, seed=seed, first_run=run)
    found, tables = [], []
    with np.errstate(all="ignore"):
        for week in told(model):
            found.append(week)
            tables.append(_at_the_table(model))
            if len(found) == weeks:
                break
    return tuple(found), tuple(tables)


def _at_the_table(model: CeasefireModel) -> str:
    """Return what each side must get, and what is missing, this week; nothing where there is no war to end."""
    if not model.at_war_this_week[0] or model.front.full_control[0]:
        return ""
    table, russia, ukraine = model.table, model.russia, model.ukraine
    sides = (
        f"War is worth {russia.war_value[0]:.3f} to Russia and {ukraine.war_value[0]:.3f} to Ukraine; a deal must be "
        f"worth {russia.reservation[0]:.3f} and {ukraine.reservation[0]:.3f}"
    )
    gaps = {"Russia": float(table.russian_gap[0]), "Ukraine": float(table.ukrainian_gap[0])}
    missing = [f"{who} by {gap:.3f}" for who, gap in gaps.items() if gap > 0]
    return f"{sides}; {'to be bridged: ' + ' and '.join(missing) if missing else 'a zone of agreement exists'}."
