"""What is traced from week to week: for all runs as quantiles, for chosen runs value by value.

Quantiles of runs that come in parts cannot be put together from those of the parts. So every part counts how many runs
lie in each of many equal steps between two fixed ends; counts add up exactly, whatever the parts. A quantile is then
known to within one step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.outcomes import Column
from sim.arrays import FloatArray
from sim.errors import UsageError, nearest
from sim.parameters import OBLAST_AREAS
from sim.scenario.calendar import date_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.experiment.chunk import Task
    from sim.model import CeasefireModel

#: Steps between the ends of a variable, unless it has a number of its own.
BINS = 1000

#: Quantiles that are reported, by the name of their column.
QUANTILES = {"q05": 0.05, "q25": 0.25, "q50": 0.50, "q75": 0.75, "q95": 0.95}

#: The table of quantiles by week, column by column.
COLUMNS: dict[str, Column] = {
    "scenario": Column("name", "name of the scenario"),
    "point": Column("number", "point of the design, from 0; 0 without a design"),
    "week": Column("weeks from 2025-05-19", "week"),
    "date": Column("date", "its Monday"),
    "variable": Column("name", "what was traced: one of VARIABLES"),
    "unit": Column("name", "unit of the variable"),
    "runs": Column("count", "runs that were followed"),
    "share": Column("share of runs", "runs in which it is so, of what happens or not; NaN of all else"),
    **{
        name: Column("that of the variable", f"{level:.0%} quantile over runs; NaN of what happens or not")
        for name, level in QUANTILES.items()
    },
}


class Variable(NamedTuple):
    """Something that can be traced: its unit, meaning, ends, how it is read off the model, and in how many steps."""

    unit: str
    meaning: str
    low: float
    high: float
    read: Callable[[CeasefireModel], NDArray[Any]]
    bins: int = BINS

    @property
    def step(self) -> float:
        """Width of a step, in the unit of the variable."""
        return (self.high - self.low) / self.bins

    @property
    def is_event(self) -> bool:
        """It happens or not, so that the share of runs says all."""
        return self.unit == "true or false"


def _share(meaning: str, read: Callable[[CeasefireModel], NDArray[Any]]) -> Variable:
    return Variable("share 0-1", meaning, 0.0, 1.0, read)


def _utility(meaning: str, read: Callable[[CeasefireModel], NDArray[Any]]) -> Variable:
    return Variable("utility", meaning, -1.0, 1.0, read)


def _event(meaning: str, read: Callable[[CeasefireModel], NDArray[Any]]) -> Variable:
    return Variable("true or false", meaning, 0.0, 1.0, read)


def _blocked(side: str, meaning: str) -> Variable:
    def read(model: CeasefireModel) -> NDArray[Any]:
        from sim.rules import bargaining  # compiled rules, which take a second to load

        return np.asarray(model.table.blocker == getattr(bargaining, side))

    return _event(meaning, read)


def _in_war(event: Variable) -> Variable:
    def read(model: CeasefireModel) -> NDArray[Any]:
        return np.asarray(model.at_war_this_week & event.read(model))

    return _event(f"the war goes on, and {event.meaning}", read)


def _land_left(place: int, oblast: str) -> Variable:
    area = OBLAST_AREAS[oblast]
    bins = int(area / _STEPS_KM2.get(oblast, _STEP_KM2))
    meaning = f"land in {oblast.capitalize()} that Russia does not hold"
    return Variable("km²", meaning, 0.0, area, lambda m: m.front.gap[:, place], bins)


def _line(option: str, meaning: str) -> Variable:
    def read(model: CeasefireModel) -> NDArray[Any]:
        from sim.actors import united_states  # compiled rules behind it, which take a second to load

        us = model.united_states
        return np.asarray(model.at_war_this_week & us.engaged & (us.line == getattr(united_states, option)))

    return _event(f"the war goes on, and {meaning}", read)


_WHOLE = sum(OBLAST_AREAS.values())
#: Steps in which the land left in an oblast is counted; of Luhansk less than 200 km² are left.
_STEP_KM2, _STEPS_KM2 = 5.0, {"luhansk": 1.0}
_TALKS = ("zone", "blocked_by_russia", "blocked_by_ukraine", "blocked_by_both")

#: Everything that can be traced, by name.
VARIABLES: dict[str, Variable] = {
    "confidence": _share("Russia's belief in full control by the end of 2025", lambda m: m.russia.confidence),
    "ukraine_confidence": _share("Ukraine's belief in full Russian control by then", lambda m: m.ukraine.confidence),
    "us_confidence": _share("Washington's belief in it", lambda m: m.united_states.confidence),
    "land_left": Variable("km²", "land that Russia does not hold", 0.0, _WHOLE, lambda m: m.front.land_left),
    "land_lost": Variable("km²", "land lost in war since the start", -10_000.0, 40_000.0, lambda m: m.front.lost),
    "balance": Variable("ratio", "Russia's strength over Ukraine's", 0.0, 4.0, lambda m: m.front.balance),
    "breakthrough": _event("a breakthrough is on", lambda m: m.front.breakthrough),
    "war": _event("the war goes on", lambda m: m.at_war_this_week),
    "ceasefire": _event("a ceasefire is in force", lambda m: m.truce.in_force),
    "zone": _event("there is a zone of possible agreement", lambda m: m.table.zone),
    "blocked_by_russia": _blocked("RUSSIA", "there is none, and Russia alone had to yield"),
    "blocked_by_ukraine": _blocked("UKRAINE", "there is none, and Ukraine alone had to yield"),
    "blocked_by_both": _blocked("BOTH", "there is none, and both had to yield"),
    "gap_russia": _utility("how far Russia's reservation value stands in the way", lambda m: m.table.russian_gap),
    "gap_ukraine": _utility("how far Ukraine's reservation value stands in the way", lambda m: m.table.ukrainian_gap),
    "war_value_russia": _utility("what fighting on is worth to Russia", lambda m: m.russia.war_value),
    "war_value_ukraine": _utility("what fighting on is worth to Ukraine", lambda m: m.ukraine.war_value),
    "reservation_russia": _utility("the least that a deal must be worth to Russia", lambda m: m.russia.reservation),
    "reservation_ukraine": _utility("the least that a deal must be worth to Ukraine", lambda m: m.ukraine.reservation),
    "red_line": _share("share of the land left that Ukraine would hand over", lambda m: m.ukraine.red_line),
    "round": _event("a round of talks is held", lambda m: m.table.held),
    "us_engaged": _event("Washington takes part in the talks", lambda m: m.united_states.engaged),
    "pressure_on_russia": _share("sanctions above those of the start", lambda m: m.united_states.pressure_on_russia),
    "pressure_on_ukraine": _share("share of American aid that is cut", lambda m: m.united_states.pressure_on_ukraine),
    "sanctions": _share("sanctions on Russia", lambda m: m.united_states.sanctions),
    "lobbying": _share("share of Europe, by aid, that lobbies Washington", lambda m: m.europe.lobbying),
    "guarantee": _share("share of a guarantee force that is pledged", lambda m: m.europe.guarantee),
}
VARIABLES |= {f"land_left_{oblast}": _land_left(place, oblast) for place, oblast in enumerate(OBLAST_AREAS)}
VARIABLES["conquered"] = _event(
    "the war is over because Russia holds all four oblasts, without a ceasefire",
    lambda m: ~m.at_war_this_week & m.front.full_control & ~m.truce.in_force,
)

# Exclusive, and together the weeks of war: what the talks could bring, and what Washington does.
VARIABLES |= {f"war_{name}": _in_war(VARIABLES[name]) for name in _TALKS}
VARIABLES |= {
    "war_us_presses_ukraine": _line("PRESS_UKRAINE", "Washington has cut aid since its last review"),
    "war_us_mediates": _line("MEDIATE", "Washington is at the table, and has pressed neither since its last review"),
    "war_us_presses_russia": _line("PRESS_RUSSIA", "Washington has raised sanctions since its last review"),
    "war_us_gone": _event("the war goes on, and Washington has left the talks",
                          lambda m: m.at_war_this_week & ~m.united_states.engaged),
}  # fmt: skip


def check_traces(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names, each once, in the order of `VARIABLES`.

    Raises
    ------
    UsageError
        If one is unknown.
    """
    wanted = set(names)
    for name in sorted(wanted - VARIABLES.keys()):
        hint = nearest(name, VARIABLES) or f"; there are {', '.join(VARIABLES)}"
        raise UsageError(f"'{name}' cannot be traced{hint}")
    return tuple(name for name in VARIABLES if name in wanted)


class Tracer:
    """Counts, week by week, how many runs of a block have which value."""

    def __init__(self, model: CeasefireModel, task: Task) -> None:
        block = task.block
        self.model, self.names, self.scenario = model, task.traces, task.scenario.name
        self.points = np.repeat(np.arange(block.points.start, block.points.stop), len(block.runs))
        runs = np.tile(np.arange(block.runs.start, block.runs.stop), len(block.points))
        self.chosen = np.flatnonzero(np.isin(runs, task.histories))
        self.runs = runs[self.chosen]
        self._counts: list[dict[str, Any]] = []
        self._histories: list[pd.DataFrame] = []

    def note(self, week: int) -> None:
        """Count the week that has just passed."""
        for code, name in enumerate(self.names):
            values = np.asarray(VARIABLES[name].read(self.model), dtype=np.float64)
            self._count(week, code, values)
            if self.chosen.size:
                columns = {
                    "point": self.points[self.chosen], "run": self.runs, "week": week, "variable": code,
                    "value": values[self.chosen],
                }  # fmt: skip
                self._histories.append(pd.DataFrame(columns))

    def tables(self) -> tuple[pd.DataFrame, pd.DataFrame | None]:
        """Return the counts, and the values of the chosen runs, None if there are none in the block."""
        columns = {key: np.concatenate([part[key] for part in self._counts]) for key in self._counts[0]}
        counts = self._named([pd.DataFrame(columns)])
        return counts, self._named(self._histories).sort_values(
            ["point", "run", "week", "variable"], kind="stable", ignore_index=True
        ) if self._histories else None

    def _count(self, week: int, code: int, values: FloatArray) -> None:
        finite = np.isfinite(values)
        variable = VARIABLES[self.names[code]]
        if variable.is_event:
            bins = values[finite].astype(np.intp)
        else:
            bins = np.clip((values[finite] - variable.low) // variable.step, 0, variable.bins - 1).astype(np.intp)
        cells, numbers = np.unique(self.points[finite] * variable.bins + bins, return_counts=True)
        point, place = np.divmod(cells, variable.bins)
        same = np.broadcast_to(np.array([[week], [code]]), (2, cells.size))
        columns = {"point": point, "week": same[0], "variable": same[1], "bin": place, "runs": numbers}
        self._counts.append(columns)

    def _named(self, tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
        table = pd.concat(tables, ignore_index=True)
        table["variable"] = np.array(self.names, dtype=object)[table["variable"].to_numpy()]
        table["variable"] = table["variable"].astype("str")
        table.insert(0, "scenario", self.scenario)
        table["scenario"] = table["scenario"].astype("str")
        return table


def add_counts(tables: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Add up the counts of parts of one scenario, two parts at a time, so that no more are held at once."""
    keys = ["scenario", "point", "week", "variable", "bin"]
    total: pd.DataFrame | None = None
    for table in tables:
        both = table if total is None else pd.concat([total, table])
        total = both.groupby(keys, as_index=False, sort=True)["runs"].sum()
    return pd.DataFrame(columns=[*keys, "runs"]) if total is None else total


def quantiles(counts: pd.DataFrame) -> pd.DataFrame:
    """Return the weekly quantiles of what was traced.

    Parameters
    ----------
    counts
        From `add_counts`.

    Returns
    -------
    DataFrame
        One row per scenario, point, week and variable; `COLUMNS` names unit and meaning of each column.
    """
    records = []
    keys = ["scenario", "point", "week", "variable"]
    for (scenario, point, week, name), rows in counts.groupby(keys, sort=False):
        variable = VARIABLES[str(name)]
        bins, runs = rows["bin"].to_numpy(), rows["runs"].to_numpy(dtype=np.int64)
        total = int(runs.sum())
        share, middles = float("nan"), [float("nan")] * len(QUANTILES)
        if variable.is_event:
            share = float(runs[bins == 1].sum()) / total
        else:
            middles = [_quantile(variable, bins, runs.cumsum(), total * level) for level in QUANTILES.values()]
        day = date_of(int(week)).isoformat()
        records.append((scenario, point, week, day, name, variable.unit, total, share, *middles))
    return pd.DataFrame(records, columns=list(COLUMNS))


def _quantile(variable: Variable, bins: NDArray[np.int64], reached: NDArray[np.int64], wanted: float) -> float:
    """Return the value below which `wanted` runs lie, taking the runs of a step as spread evenly over it."""
    place = int(np.searchsorted(reached, wanted))
    before = int(reached[place - 1]) if place else 0
    within = (wanted - before) / (int(reached[place]) - before)
    return float(variable.low + variable.step * (int(bins[place]) + within))
