"""The bargaining of one run, week by week: what each side must get, and what the other and the table leave for it.

Utilities are those at the table (`docs/model.md`, section 3.5): a deal is worth ``stakes · terms`` to Russia, counted
from Ukraine's ideal, and the same with a minus sign to Ukraine. A zone of agreement exists where the most that Russia
can get, while Ukraine still gets its reservation value, is no less than Russia's own.

`read_week` looks at a model of one run that was just stepped, so that whoever steps one need not simulate it twice:

>>> import sim
>>> model = sim.CeasefireModel("hardball", runs=1, seed=1)
>>> weeks = []
>>> for _ in range(3):
...     model.step()
...     weeks.append(read_week(model))
>>> as_table(weeks, model.inputs)["week"].tolist()
[0, 1, 2]
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, SupportsIndex

import numpy as np

from sim.analysis.outcomes import Column
from sim.errors import UsageError, whole_number
from sim.rules.bargaining import BOTH, NOBODY, RUSSIA, UKRAINE, nash_draft
from sim.scenario import Scenario, load
from sim.scenario.calendar import date_of

if TYPE_CHECKING:
    import pandas as pd

    from sim.model import CeasefireModel

_OF_RUSSIA, _OF_UKRAINE = "utility of Russia", "utility of Ukraine"

#: The table, column by column, in its order; one row per week.
COLUMNS: dict[str, Column] = {
    "scenario": Column("name", "name of the scenario"),
    "title": Column("text", "its title"),
    "run": Column("number", "number of the run"),
    "week": Column("week from 2025-05-19", "the week"),
    "date": Column("date", "its Monday"),
    "deadline": Column("date", "the scenario's deadline"),
    "war": Column("true or false", "there is a war to end: no ceasefire in force when the week began, and land left"),
    "ceasefire": Column("true or false", "a general ceasefire was in force when the week began"),
    "reservation_russia": Column(_OF_RUSSIA, "the least that a deal must be worth to Russia"),
    "reservation_ukraine": Column(_OF_UKRAINE, "the least that a deal must be worth to Ukraine"),
    "ceiling_russia": Column(_OF_RUSSIA, "the most that the box of the table holds for Russia, Ukraine not asked"),
    "ceiling_ukraine": Column(_OF_UKRAINE, "the most that the box of the table holds for Ukraine, Russia not asked"),
    "best_for_russia": Column(
        _OF_RUSSIA, "the most it can get while Ukraine gets its reservation value; NaN if nothing gives Ukraine that"
    ),
    "best_for_ukraine": Column(
        _OF_UKRAINE, "the most it can get while Russia gets its reservation value; NaN if nothing gives Russia that"
    ),
    "draft_for_russia": Column(_OF_RUSSIA, "what the mediator's draft of the week is worth to Russia"),
    "draft_for_ukraine": Column(_OF_UKRAINE, "what the mediator's draft of the week is worth to Ukraine"),
    "zone": Column("true or false", "a zone of agreement exists; false where there is no war"),
    "yields": Column("category", "who would have to yield: nobody, russia, ukraine, both; empty where there is no war"),
    "held": Column("true or false", "a round of talks is held"),
    "russia_answer": Column("category", "accepts, stalls or refuses; empty without a round"),
    "ukraine_answer": Column("category", "accepts or refuses; empty without a round"),
    "signed": Column("true or false", "both accept, and a ceasefire begins"),
}

_YIELDS = {NOBODY: "nobody", RUSSIA: "russia", UKRAINE: "ukraine", BOTH: "both"}

#: A reservation value below anything that a deal can be worth.
_ANYTHING = -1e3


def read_week(model: CeasefireModel) -> dict[str, Any]:
    """Return what the week that a model of one run has just gone through looked like at the table.

    Parameters
    ----------
    model
        The model, stepped at least once; of several runs, the first is read.

    Returns
    -------
    dict
        One row of `COLUMNS`, but for the columns that tell which run it is.
    """
    table, russia, ukraine = model.table, model.russia, model.ukraine
    weights = russia.stakes[:1], ukraine.stakes[:1], table.low[:1], table.high[:1]
    floors = russia.reservation[:1], ukraine.reservation[:1]
    russian, ukrainian, low, high = (array[0] for array in weights)
    least_russia, least_ukraine = (float(floor[0]) for floor in floors)
    ceiling_russia, ceiling_ukraine = float(russian @ high), -float(ukrainian @ low)
    # A side with all the bargaining power gets what is left of a zone with a partner that would take anything.
    for_russia = nash_draft(*weights, np.array([_ANYTHING]), floors[1], 1.0)[0]
    for_ukraine = nash_draft(*weights, floors[0], np.array([_ANYTHING]), 0.0)[0]
    draft, held = table.draft[0], bool(table.held[0])
    conquered = bool(model.front.full_control[0])
    fighting = bool(model.at_war_this_week[0])
    war, ceasefire = fighting and not conquered, not fighting and not conquered
    russia_answer = "accepts" if table.russia_accepts[0] else "stalls" if table.stalled[0] else "refuses"
    return {
        "week": model.week - 1, "war": war, "ceasefire": ceasefire,
        "reservation_russia": least_russia, "reservation_ukraine": least_ukraine,
        "ceiling_russia": ceiling_russia, "ceiling_ukraine": ceiling_ukraine,
        "best_for_russia": float(russian @ for_russia) if ceiling_ukraine >= least_ukraine else np.nan,
        "best_for_ukraine": -float(ukrainian @ for_ukraine) if ceiling_russia >= least_russia else np.nan,
        "draft_for_russia": float(russian @ draft), "draft_for_ukraine": -float(ukrainian @ draft),
        "zone": war and bool(table.zone[0]), "yields": _YIELDS[int(table.blocker[0])] if war else "",
        "held": held, "russia_answer": russia_answer if held else "",
        "ukraine_answer": ("accepts" if table.ukraine_accepts[0] else "refuses") if held else "",
        "signed": bool(table.signed[0]),
    }  # fmt: skip


def as_table(weeks: Sequence[Mapping[str, Any]], scenario: Scenario, run: int = 0) -> pd.DataFrame:
    """Return weeks that were read from a model as the table of `bargaining_picture`.

    Parameters
    ----------
    weeks
        What `read_week` returned, week by week.
    scenario
        The scenario of the model.
    run
        Number of the run.
    """
    import pandas as pd

    table = pd.DataFrame(weeks, columns=[name for name in COLUMNS if name in weeks[0]] if weeks else list(COLUMNS))
    dates = pd.to_datetime([date_of(int(week)) for week in table["week"]])
    run_columns = {"scenario": scenario.name, "title": scenario.title, "run": run}
    return table.assign(**run_columns, deadline=pd.Timestamp(scenario.deadline), date=dates)[list(COLUMNS)]


def bargaining_picture(
    scenario: str | Path | Scenario,
    run: SupportsIndex,
    seed: SupportsIndex = 1,
    *,
    actors: Mapping[str, type[Any]] | None = None,
) -> pd.DataFrame:
    """Carry out one run and tell, week by week, what both sides must get and what there is to be got.

    Parameters
    ----------
    scenario
        Name, path or `Scenario`.
    run
        Number of the run: it is the run of that number of any experiment with this scenario and seed whose luck is
        shared.
    seed
        Seed of all random numbers.
    actors
        Classes that replace built-in actors, by name.

    Returns
    -------
    DataFrame
        One row per week up to the horizon; `COLUMNS` names unit and meaning of each column.

    Raises
    ------
    UsageError
        If a number is out of range, or a number overflows in the run.

    Examples
    --------
    >>> table = bargaining_picture("sober_kremlin", 3)
    >>> len(table), bool(table["signed"].any())
    (104, True)
    """
    from sim.model import CeasefireModel

    number, seed_number = whole_number("run", run, lowest=0), whole_number("seed", seed, lowest=0)
    loaded = scenario if isinstance(scenario, Scenario) else load(scenario)
    model = CeasefireModel(loaded, runs=1, seed=seed_number, first_run=number, actors=actors)
    weeks = []
    # A number that overflows is looked for below; NumPy need not warn of it.
    with np.errstate(all="ignore"):
        while model.week < model.weeks:
            model.step()
            weeks.append(read_week(model))
            if not np.isfinite([weeks[-1]["reservation_russia"], weeks[-1]["reservation_ukraine"]]).all():
                raise UsageError(f"a number overflows in run {number} of scenario '{loaded.name}'")
    return as_table(weeks, loaded, number)
