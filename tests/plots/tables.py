"""Tables for figures, made up: no model stands behind them, so they do not change when it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from sim.analysis import agreed_terms
from sim.analysis.tornado import tornado
from sim.distributions import Uniform
from sim.inquiry.bargaining import COLUMNS as BARGAINING
from sim.parameters import PARAMETERS
from sim.plots.front import VARIABLES as LAND
from sim.plots.front import land_left_before
from sim.plots.streams import variables_of
from tests.synthetic import NAN, START, TEN, Case, made_up, outcomes_of, traced

WEEKS = 104

OUTCOMES = made_up(runs=150)


def agreed(cases: tuple[Case, ...] = TEN, runs: int = 200, deals: int = 80) -> pd.DataFrame:
    """Terms that differ from scenario to scenario; as many deals in each."""
    rng = np.random.default_rng(5)
    tables = []
    for place, case in enumerate(cases):
        signed = np.arange(runs) < deals
        luck = rng.random((4, runs))
        terms = (0.3 * luck[0], 0.6 + 0.2 * (luck[1] < 0.4), 0.9 - 0.05 * place * luck[2], 0.35 * (luck[3] < 0.7))
        columns = {
            f"agreed_{issue}": np.where(signed, values, NAN)
            for issue, values in zip(("territory", "sanctions", "security", "recognition"), terms, strict=True)
        }
        tables.append(outcomes_of(case.name, runs, ceasefire_week=np.where(signed, 20.0, NAN), **columns))
    return agreed_terms(pd.concat(tables), cases)


#: Parameters of `moved`, each with by how much it moves the chance of an event over its range.
MOVING = {
    "russia.confidence": -0.5, "front.pace": 0.3, "russia.war_cost": 0.25, "ukraine.war_cost": 0.2,
    "table.bargaining_power": 0.0, "russia.stall": 0.0, "ukraine.red_line": 0.15, "front.us_share": 0.0,
    "united_states.urgency": 0.1, "truce.foresight": -0.1, "russia.learning_rate": 0.05, "europe.backfill": 0.0,
}  # fmt: skip

LAWS = {name: (Uniform(uniform=(0.0, 1.0)), PARAMETERS[name]) for name in MOVING}


def parts(runs: int = 1000, size: int = 400, moving: dict[str, float] | None = None) -> list:
    """Runs in parts: values of parameters, uniform from 0 to 1, and outcomes whose chance follows from them."""
    rng = np.random.default_rng(3)
    moving = MOVING if moving is None else moving
    values = pd.DataFrame(rng.random((runs, len(moving))), columns=list(moving))
    chance = 0.4 + (values - 0.5) @ np.array(list(moving.values()))
    begun = np.where(rng.random(runs) < chance, 10.0, NAN)
    lost = 5000 + 4000 * (values - 0.5) @ np.array(list(moving.values())) + rng.normal(0, 500, runs)
    rows = outcomes_of("hardball", runs, ceasefire_week=begun, territory_lost_km2=lost).set_index("run")
    return [(values.iloc[k : k + size], rows.iloc[k : k + size]) for k in range(0, runs, size)]


def moved(outcome: str = "ceasefire_by_deadline") -> pd.DataFrame:
    """A tornado of a dozen parameters."""
    return tornado(parts(), LAWS, TEN[0], outcome)


def indices(
    outcomes: tuple[str, ...] = ("ceasefire_by_deadline",), names: tuple[str, ...] = tuple(MOVING)
) -> pd.DataFrame:
    """Sobol indices that fall from parameter to parameter, and a placebo that is nothing."""
    records = []
    for outcome in outcomes:
        for place, name in enumerate((*names, "placebo")):
            total = 0.0 if name == "placebo" else 0.5 * 0.7**place
            records.append(
                {
                    "scenario": "hardball", "outcome": outcome, "method": "sobol", "parameter": name,
                    "first_order": 0.7 * total, "first_order_low": 0.7 * total - 0.03,
                    "first_order_high": 0.7 * total + 0.04, "total": total, "total_low": max(total - 0.05, 0.0),
                    "total_high": total + 0.06, "distinguishable": total > 0.06, "luck_share": 0.21, "points": 960,
                    "runs": 50, "rows": 64,
                }
            )  # fmt: skip
    return pd.DataFrame(records)


def split(cases: tuple[Case, ...] = TEN, outcome: str = "ceasefire_by_deadline") -> pd.DataFrame:
    """Spreads from 5 to 86 % from parameters."""
    share = np.array([0.05 + 0.09 * place for place in range(len(cases))])
    return pd.DataFrame(
        {
            "scenario": [case.name for case in cases], "outcome": outcome, "mean": 0.3, "standard_deviation": 0.46,
            "from_parameters": share, "low": np.maximum(share - 0.08, 0), "high": np.minimum(share + 0.08, 1),
            "from_luck": 1 - share, "pairs": 500,
        }
    )  # fmt: skip


def answered(outcome: bool | None = None) -> pd.DataFrame:
    """Two questions, a mixture of two scenarios, crowds, and base rates: two of the one and four of the other."""
    records = []

    def add(question, kind, forecaster, probability, low=NAN, high=NAN, weight=NAN, runs=NAN):
        records.append(
            {
                "question": question, "title": f"What is asked in {question}", "by": "2025-12-31", "date": "2025-05-19",
                "forecaster": forecaster, "kind": kind, "probability": probability, "low": low, "high": high,
                "runs": runs, "weight": weight, "outcome": outcome,
            }
        )  # fmt: skip

    for question, chance, rates in (("one", 0.2, 2), ("other", 0.95, 4)):
        add(question, "model", "mixture", chance, chance - 0.04, chance + 0.03, 1.0, 800)
        add(question, "scenario", "hardball", chance - 0.02, chance - 0.05, chance, 0.6, 400)
        add(question, "scenario", "sober_kremlin", NAN, weight=0.4, runs=0)
        add(question, "crowd", "Somebody", 0.4)
        for k in range(rates):
            add(question, "base rate", f"cases of kind {k}", 0.1 + 0.05 * k)
    table = pd.DataFrame(records)
    table["outcome"] = table["outcome"].astype("boolean")
    return table


def talked(weeks: int = 104, *, war: bool = True) -> pd.DataFrame:
    """One run through gaps of every kind, a zone, a ceasefire and war again, with a round every fortnight."""
    week = np.arange(weeks)
    least, ceiling = 0.5 - 0.002 * week, 0.45 + 0.0005 * week
    most = 0.36 + 0.0012 * week
    most[8:14] = NAN
    ceasefire = (week >= 60) & (week < 72)
    fighting = ~ceasefire if war else np.zeros(weeks, dtype=bool)
    zone = fighting & (most >= least)
    yields = np.select(
        [~fighting, zone, np.isnan(most), least > ceiling], ["", "nobody", "ukraine", "russia"], default="both"
    )
    held = fighting & (week % 2 == 0)
    russia = np.array(["accepts", "stalls", "refuses"])[week // 2 % 3]
    ukraine = np.array(["accepts", "refuses"])[week // 6 % 2]
    table = pd.DataFrame(
        {
            "scenario": "hardball", "title": "Hardball", "run": 17, "week": week,
            "date": pd.Timestamp(START) + pd.to_timedelta(7 * week, "D"), "deadline": pd.Timestamp(2025, 12, 31),
            "war": fighting, "ceasefire": ceasefire if war else ~fighting, "reservation_russia": least,
            "reservation_ukraine": -0.4, "ceiling_russia": ceiling, "ceiling_ukraine": -0.1, "best_for_russia": most,
            "best_for_ukraine": -0.3, "draft_for_russia": 0.4 + 0.05 * np.sin(week), "draft_for_ukraine": -0.4,
            "zone": zone, "yields": yields, "held": held, "russia_answer": np.where(held, russia, ""),
            "ukraine_answer": np.where(held, ukraine, ""),
            "signed": held & (russia == "accepts") & (ukraine == "accepts"),
        }
    )  # fmt: skip
    return table[list(BARGAINING)]


def mapped() -> pd.DataFrame:
    """A grid of 6 by 5 points over two parameters, on which the event's share rises with both."""
    x, y = (axis.ravel() for axis in np.meshgrid(np.linspace(0, 1, 6), np.linspace(20, 80, 5), indexing="ij"))
    values = 0.2 + 0.6 * x * y / 80
    return pd.DataFrame(
        {
            "scenario": "hardball", "outcome": "ceasefire_by_deadline", "point": range(x.size),
            "x_parameter": "russia.confidence", "x": x, "y_parameter": "front.pace", "y": y, "runs": 100,
            "value": values, "low": values - 0.06, "high": values + 0.06,
        }
    )  # fmt: skip


def falling(start: float) -> np.ndarray:
    """Values that fall, week by week."""
    return np.linspace(start, 0.4 * start, WEEKS)


def land(case: Case = TEN[0]) -> pd.DataFrame:
    """Land left that falls from where the data end."""
    starts = dict(zip(LAND, land_left_before()[1][-1], strict=True))
    return traced({name: falling(start) for name, start in starts.items()}, case, spread=0.6)


def beliefs(cases: Sequence[Case] = TEN) -> pd.DataFrame:
    """Confidence that falls, from a little less in each scenario."""
    tables = [traced({"confidence": falling(0.75 - 0.02 * i)}, case) for i, case in enumerate(cases)]
    return pd.concat(tables, ignore_index=True)


def stream(bands: Mapping, case: Case = TEN[0], runs: int = 400) -> pd.DataFrame:
    """Every band but the ceasefires grows or shrinks; what they leave is a ceasefire."""
    names = variables_of(bands)
    weights = np.linspace(1.0, 2.0, len(names))[:, None] * np.linspace(1.0, 0.5, WEEKS)
    shares = weights / weights[:, 0].sum()
    return traced(dict(zip(names, shares, strict=True)), case, runs)


def points() -> pd.DataFrame:
    """An outcome at three values of a parameter."""
    values = np.array([0.4, 0.3, 0.2])
    return pd.DataFrame({
        "scenario": "hardball", "outcome": "ceasefire_by_deadline", "parameter": "russia.confidence",
        "x": [0.3, 0.5, 0.7], "runs": 20, "value": values, "low": values - 0.1, "high": values + 0.1,
    })  # fmt: skip
