"""Outcomes without a model: tables of the right shape, made up run by run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from sim.experiment.traces import QUANTILES, VARIABLES
from sim.scenario.calendar import date_of

START = date(2025, 5, 19)
NAN = float("nan")


@dataclass(frozen=True)
class Case:
    """The part of a scenario that analysis and plots look at."""

    name: str
    title: str = ""
    deadline: date = date(2025, 12, 31)
    horizon: date = date(2027, 5, 17)

    @property
    def deadline_week(self) -> int:
        return (self.deadline - START).days // 7

    @property
    def horizon_week(self) -> int:
        return (self.horizon - START).days // 7


TEN = (
    Case("hardball", "Hardball: everyone acts as the article says"),
    Case("swift_deal", "A swift deal at Kyiv's expense"),
    Case("maximum_pressure", "Maximum pressure on Moscow"),
    Case("moves_on", "Washington moves on"),
    Case("european_shield", "A European shield"),
    Case("front_stalls", "The front stalls"),
    Case("breakthrough", "A breakthrough in the autumn"),
    Case("long_war", "A long war", horizon=date(2028, 5, 15)),
    Case("sober_kremlin", "A sober Kremlin"),
    Case("grand_bargain", "A grand bargain over sanctions and recognition"),
)

_QUIET: dict[str, object] = {
    "signature_week": NAN, "short_truce_week": NAN, "ceasefire_week": NAN, "ceasefire_end_week": NAN,
    "full_control_week": NAN, "us_disengaged_week": NAN, "pressed_russia_week": NAN, "pressed_ukraine_week": NAN,
    "settlement": False, "in_force_at_deadline": False, "us_engaged_at_deadline": True, "us_engaged_at_horizon": True,
    "agreed_territory": NAN, "agreed_sanctions": NAN, "agreed_security": NAN, "agreed_recognition": NAN,
    "pressure_steps_russia": 0, "pressure_steps_ukraine": 0, "territory_lost_km2": 0.0, "territory_conceded_km2": 0.0,
    "weeks_of_war": 104, "losses_claimed": 0.0, "rounds_held": 0, "rounds_stalled": 0,
    "rounds_refused_by_russia": 0, "rounds_refused_by_ukraine": 0, "weeks_without_zone": 0,
    "weeks_blocked_by_russia": 0, "weeks_blocked_by_ukraine": 0, "weeks_blocked_by_both": 0,
    "gap_russia": NAN, "gap_ukraine": NAN, "first_event": "none", "weeks_simulated": 104,
}  # fmt: skip


def outcomes_of(name: str, runs: int, first_run: int = 0, **columns: object) -> pd.DataFrame:
    """Outcomes of one scenario in which nothing happens but what `columns` says, run by run or once for all."""
    unknown = set(columns) - set(_QUIET)
    assert not unknown, unknown
    rows = pd.DataFrame({"scenario": name, "run": np.arange(first_run, first_run + runs)})
    return rows.assign(**{key: columns.get(key, quiet) for key, quiet in _QUIET.items()})


def made_up(cases: Sequence[Case] = TEN, runs: int = 400, seed: int = 1) -> pd.DataFrame:
    """Outcomes that look like those of a war: ceasefires at a steady hazard, some of them broken, the same luck."""
    rng = np.random.default_rng(seed)
    luck = rng.random((6, runs))
    tables = []
    for i, case in enumerate(cases):
        hazard = 0.0015 + 0.0011 * ((3 * i) % 7)
        horizon, deadline = case.horizon_week, case.deadline_week
        start = np.floor(-np.log(luck[0]) / hazard)
        start = np.where(start <= horizon - 5, start, NAN)
        end = start + 5 + np.floor(-np.log(luck[1]) * 60)
        end = np.where(end < horizon, end, NAN)
        gone = np.floor(-np.log(luck[2]) / 0.01)
        gone = np.where(gone < horizon, gone, NAN)
        conquered = np.where(np.isnan(start) & (luck[3] < 0.04), horizon - 10.0, NAN)
        war = np.where(np.isnan(start), horizon, np.minimum(start, horizon))
        tables.append(
            outcomes_of(
                case.name,
                runs,
                signature_week=start,
                ceasefire_week=start,
                ceasefire_end_week=end,
                full_control_week=conquered,
                us_disengaged_week=gone,
                short_truce_week=np.where(luck[4] < 0.5, 10.0, NAN),
                settlement=~np.isnan(start) & np.isnan(end),
                in_force_at_deadline=(start <= deadline) & ~(end <= deadline),
                us_engaged_at_deadline=~(gone <= deadline),
                us_engaged_at_horizon=np.isnan(gone),
                territory_lost_km2=war * (45 + 12 * luck[5]) * (1 + 0.1 * i),
                territory_conceded_km2=np.where(np.isnan(start), 0.0, 6000 * luck[5]),
                weeks_of_war=war.astype(np.int64),
                weeks_without_zone=(war * 0.8).astype(np.int64),
                weeks_blocked_by_russia=(war * 0.6).astype(np.int64),
                weeks_simulated=horizon,
            )
        )
    return pd.concat(tables, ignore_index=True)


def traced(
    values: Mapping[str, Sequence[float]], case: Case = TEN[0], runs: int = 400, spread: float = 0.1
) -> pd.DataFrame:
    """A table of traces: of each variable its share or, if it is none, its median week by week."""
    tables = []
    for name, given in values.items():
        middle = np.asarray(given, dtype=np.float64)
        weeks = np.arange(len(middle))
        event = VARIABLES[name].is_event
        columns: dict[str, object] = {
            "scenario": case.name, "point": 0, "week": weeks,
            "date": [date_of(int(week)).isoformat() for week in weeks],
            "variable": name, "unit": VARIABLES[name].unit, "runs": runs, "share": middle if event else NAN,
        }  # fmt: skip
        for column, level in QUANTILES.items():
            columns[column] = NAN if event else np.maximum(middle * (1 + 2 * spread * (level - 0.5)), 0)
        tables.append(pd.DataFrame(columns))
    return pd.concat(tables, ignore_index=True)
