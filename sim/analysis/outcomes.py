"""The table of outcomes, one row per scenario and run: what its columns mean, and how a run stands on a date."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Literal, NamedTuple, Protocol, TypeAlias, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.errors import UsageError, nearest

When = Literal["deadline", "horizon"]


class ScenarioDates(Protocol):
    """What analysis and plots ask of a scenario; `sim.scenario.Scenario` has it."""

    @property
    def name(self) -> str:
        """Key in the column ``scenario``."""

    @property
    def title(self) -> str:
        """Label for people."""

    @property
    def deadline(self) -> date:
        """The date by which a ceasefire is asked for."""

    @property
    def horizon(self) -> date:
        """The date at which the runs end."""

    @property
    def deadline_week(self) -> int:
        """Week of the deadline, counted from the start."""

    @property
    def horizon_week(self) -> int:
        """Week of the horizon, counted from the start."""


class Column(NamedTuple):
    """Unit and meaning of one column of a table."""

    unit: str
    description: str


_WEEK = "week from 2025-05-19, NaN if never"

#: The outcomes table, column by column.
COLUMNS: dict[str, Column] = {
    "scenario": Column("name", "name of the scenario"),
    "run": Column("number", "number of the run; the same number has the same luck in every scenario and point"),
    "signature_week": Column(_WEEK, "first signature under a general ceasefire, whether or not it held"),
    "short_truce_week": Column(_WEEK, "first short truce (days: a holiday, energy, a prisoner swap)"),
    "ceasefire_week": Column(_WEEK, "start of the first general ceasefire that held for at least 30 days"),
    "ceasefire_end_week": Column(_WEEK, "collapse of that ceasefire"),
    "full_control_week": Column(_WEEK, "Russia holds all four oblasts it claims"),
    "us_disengaged_week": Column(_WEEK, "Washington first walks away from the talks"),
    "pressed_russia_week": Column(_WEEK, "first American step of pressure on Russia"),
    "pressed_ukraine_week": Column(_WEEK, "first American step of pressure on Ukraine"),
    "settlement": Column("true or false", "a ceasefire is in force at the horizon"),
    "in_force_at_deadline": Column("true or false", "a ceasefire of the 30-day kind is in force at the deadline"),
    "us_engaged_at_deadline": Column("true or false", "Washington takes part in the talks at the deadline"),
    "us_engaged_at_horizon": Column("true or false", "Washington takes part in the talks at the horizon"),
    "agreed_territory": Column("0 Ukraine's ideal to 1 Russia's", "share of the land left that is handed over"),
    "agreed_sanctions": Column("0 Ukraine's ideal to 1 Russia's", "relief from sanctions"),
    "agreed_security": Column("0 Ukraine's ideal to 1 Russia's", "from full guarantees (0) to neutrality (1)"),
    "agreed_recognition": Column("0 Ukraine's ideal to 1 Russia's", "recognition of what Russia holds"),
    "pressure_steps_russia": Column("count", "American steps of pressure on Russia"),
    "pressure_steps_ukraine": Column("count", "American steps of pressure on Ukraine"),
    "territory_lost_km2": Column("km²", "land Ukraine loses in war up to the horizon"),
    "territory_conceded_km2": Column("km²", "land Ukraine hands over at the table"),
    "weeks_of_war": Column("weeks", "weeks in which the war goes on"),
    "losses_claimed": Column("men", "Russian losses at the rate that Ukraine's General Staff claims; a party's claim"),
    "rounds_held": Column("count", "rounds of talks"),
    "rounds_stalled": Column("count", "rounds in which Russia neither accepts nor refuses"),
    "rounds_refused_by_russia": Column("count", "rounds that Russia openly refuses"),
    "rounds_refused_by_ukraine": Column("count", "rounds that Ukraine openly refuses"),
    "weeks_without_zone": Column("weeks", "weeks of war without a zone of possible agreement"),
    "weeks_blocked_by_russia": Column("weeks", "of these, weeks in which Russia alone would have had to yield"),
    "weeks_blocked_by_ukraine": Column("weeks", "of these, weeks in which Ukraine alone would have had to yield"),
    "weeks_blocked_by_both": Column("weeks", "of these, weeks in which both would have had to yield"),
    "gap_russia": Column("utility", "how far Russia's reservation value stood in the way, mean of those weeks"),
    "gap_ukraine": Column("utility", "how far Ukraine's reservation value stood in the way, mean of those weeks"),
    "first_event": Column("category", "ceasefire, full_control, us_disengaged or none, whichever comes first"),
    "weeks_simulated": Column("weeks", "length of the run"),
}

#: A sweep has this column too, after ``scenario``.
POINT = Column("number", "point of the design, from 0: a row of design.csv")

#: How a run can stand on a date: exclusive and exhaustive, from peace to defeat.
STATES = (
    "ceasefire in force",
    "ceasefire broken, war again",
    "war, Washington engaged",
    "war, Washington gone",
    "full Russian control",
)

_STATE_COLUMNS = (
    "settlement", "in_force_at_deadline", "us_engaged_at_deadline", "us_engaged_at_horizon", "full_control_week",
    "ceasefire_end_week",
)  # fmt: skip


class Outcomes(Protocol):
    """An outcomes table that is read part by part because it may be larger than the memory."""

    def frames(self, scenario: str, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
        """Yield parts of the rows of a scenario with these columns, sorted by run, with the run number as index.

        Part k holds the same runs for every scenario, but for those that failed.
        """


#: What the functions of this package take: the whole table, or one that is read in parts.
Table: TypeAlias = "pd.DataFrame | Outcomes"


def frames_of(outcomes: Table, name: str, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
    """Yield the rows of one scenario part by part, with the run number as index.

    Raises
    ------
    UsageError
        If there is no row of that scenario, or a run twice.
    """
    if isinstance(outcomes, pd.DataFrame):
        yield rows_of(outcomes, name)[list(columns)]
        return
    empty = True
    for frame in outcomes.frames(name, columns):
        empty = empty and frame.empty
        yield frame
    if empty:
        raise UsageError(f"the outcomes hold no run of scenario '{name}'")


def rows_of(outcomes: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return the rows of one scenario, in the order of the runs, with the run number as index.

    Rows of a sweep come point by point.

    Raises
    ------
    UsageError
        If the table has no row of that scenario, or a run twice.
    """
    keys = ["point", "run"] if "point" in outcomes.columns else ["run"]
    rows = outcomes[outcomes["scenario"] == name].sort_values(keys)
    twice = bool(rows.duplicated(keys).any())
    rows = rows.set_index("run")
    if rows.empty:
        known = [str(x) for x in outcomes["scenario"].unique()]
        raise UsageError(f"the outcomes hold no run of scenario '{name}'{nearest(name, known)}")
    if twice:
        raise UsageError(f"the outcomes hold a run of scenario '{name}' twice; give each scenario a name of its own")
    return rows


def check_names(scenarios: Iterable[ScenarioDates]) -> None:
    """Refuse an empty list, and two scenarios of one name: their rows could not be told apart.

    Raises
    ------
    UsageError
        If there is no scenario, or a name occurs twice.
    """
    seen: set[str] = set()
    for scenario in scenarios:
        if scenario.name in seen:
            raise UsageError(f"two scenarios are named '{scenario.name}'; rename one of them")
        seen.add(scenario.name)
    if not seen:
        raise UsageError("no scenario given; name at least one")


def week_of_date(scenario: ScenarioDates, when: When) -> int:
    """Return the week of the scenario's deadline or horizon.

    Raises
    ------
    UsageError
        If `when` is neither ``"deadline"`` nor ``"horizon"``.
    """
    if when not in ("deadline", "horizon"):
        raise UsageError(f"when: '{when}' is not a date of a scenario; use 'deadline' or 'horizon'")
    return scenario.deadline_week if when == "deadline" else scenario.horizon_week


def state_at(outcomes: pd.DataFrame, scenario: ScenarioDates, when: When = "deadline") -> pd.Series:
    """How each run of a scenario stands at its deadline or at its horizon.

    A ceasefire is the general kind that holds for at least 30 days. Short truces and signatures that did not last
    leave a run in one of the two states of war, and so does a signature too close to the horizon to have held
    that long.

    Parameters
    ----------
    outcomes
        Outcomes table; other scenarios in it are left out.
    scenario
        The scenario whose runs are asked for.
    when
        ``"deadline"`` or ``"horizon"``.

    Returns
    -------
    Series
        One of `STATES` per run, as a categorical; the index is the run number.

    Raises
    ------
    UsageError
        If the table has no run of the scenario.
    """
    rows = rows_of(outcomes, scenario.name)
    states = pd.Categorical.from_codes(_state_codes(rows, scenario, when), categories=list(STATES))
    return pd.Series(states, index=rows.index, name=f"state_at_{when}")


def _state_codes(rows: pd.DataFrame, scenario: ScenarioDates, when: When) -> NDArray[np.int64]:
    """Return the place in `STATES` of every row."""
    week = week_of_date(scenario, when)
    in_force = rows["in_force_at_deadline" if when == "deadline" else "settlement"].to_numpy(dtype=bool)
    engaged = rows[f"us_engaged_at_{when}"].to_numpy(dtype=bool)
    conquered = rows["full_control_week"].to_numpy(dtype=np.float64) <= week
    broken = rows["ceasefire_end_week"].to_numpy(dtype=np.float64) <= week

    peace, again, war, war_alone, defeat = range(len(STATES))
    # The first that applies: nothing undoes full control, and a second ceasefire outweighs a first that broke.
    codes = np.select([conquered, in_force, broken, engaged], [defeat, peace, again, war], default=war_alone)
    return np.asarray(codes, dtype=np.int64)


def state_shares(outcomes: Table, scenarios: Sequence[ScenarioDates]) -> pd.DataFrame:
    """Share of runs in each of `STATES`, at the deadline and at the horizon of every scenario.

    Parameters
    ----------
    outcomes
        Outcomes table.
    scenarios
        Scenarios, in the order wanted.

    Returns
    -------
    DataFrame
        One row per scenario, date and state: ``scenario``, ``when`` (deadline or horizon), ``date`` (ISO),
        ``state``, ``runs`` (number of runs of the scenario), ``count`` (of these in the state), ``share``.

    Raises
    ------
    UsageError
        If two scenarios share a name, or the table has no run of one.
    """
    check_names(scenarios)
    records = []
    for scenario in scenarios:
        counts = {when: np.zeros(len(STATES), dtype=np.int64) for when in get_args(When)}
        for rows in frames_of(outcomes, scenario.name, _STATE_COLUMNS):
            for when, count in counts.items():
                count += np.bincount(_state_codes(rows, scenario, when), minlength=len(STATES))
        for when, count in counts.items():
            day, runs = (scenario.deadline if when == "deadline" else scenario.horizon), int(count.sum())
            for state, number in zip(STATES, count.tolist(), strict=True):
                records.append((scenario.name, when, day.isoformat(), state, runs, number, number / runs))
    return pd.DataFrame(records, columns=["scenario", "when", "date", "state", "runs", "count", "share"])
