"""Small tables of every kind, made of a few runs, from which the types of columns are read."""

from __future__ import annotations

import tempfile
import warnings
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import sim

if TYPE_CHECKING:
    import pandas as pd

    from sim.inquiry.explanation import Explanation
    from sim.inquiry.sensitivity import Method
    from sim.inquiry.updating import Update


class _Falling(sim.actors.Russia):
    """Raises in run 0, which is what the table of failures is about."""

    def observe(self) -> None:
        super().observe()
        if self.model.draws.first_run == 0:
            raise ArithmeticError("on purpose")


@cache
def comparison() -> sim.Comparison:
    """Return two scenarios, with traces."""
    scenarios = ["hardball", "grand_bargain"]
    return sim.compare(scenarios, runs=400, traces=["confidence", "zone"], trace_runs=[0], progress=False)


@cache
def sweep() -> sim.Sweep:
    """Return a grid of two parameters."""
    levels = {"russia.confidence": [0.2, 0.5, 0.8], "front.pace": [20.0, 80.0]}
    return sim.sweep("hardball", levels, runs=100, progress=False)


@cache
def stored() -> dict[str, pd.DataFrame]:
    """Return the tables of the comparison that are stored in parts, as they lie on the disk."""
    import pandas as pd

    with tempfile.TemporaryDirectory() as folder:
        saved = comparison().save(Path(folder) / "made")
        names = ("traces", "histories")
        return {name: pd.concat(map(pd.read_parquet, sorted((saved / name).glob("*.parquet")))) for name in names}


def failures() -> pd.DataFrame:
    """Return the failures of an experiment in which a run fails."""
    with warnings.catch_warnings(action="ignore"):
        return sim.compare("hardball", runs=8, actors={"russia": _Falling}, progress=False).failures


def sensitivity(method: Method) -> pd.DataFrame:
    """Return what one parameter matters."""
    from sim.inquiry.sensitivity import sensitivity as asked

    return asked("hardball", ["russia.confidence"], method=method, sample=4, runs=8, progress=False)


def tipping() -> pd.DataFrame:
    """Return a map of the sweep."""
    from sim.inquiry.tipping import map_of

    return map_of(sweep(), "ceasefire_by_horizon")


def tipping_line() -> pd.DataFrame:
    """Return the line on it that half of its points lie above."""
    from sim.analysis.tipping import level_line

    return level_line(tipping(), float(tipping()["value"].median()))


def boxes() -> pd.DataFrame:
    """Return regions of the comparison."""
    from sim.inquiry.discovery import discover

    return discover(comparison(), "hardball", "us_disengaged_by_deadline")


@cache
def explanation() -> Explanation:
    """Return why there is no deal, with a pair."""
    from sim.inquiry.explanation import explain

    pair = ("russian_optimism", "red_line")
    return explain("hardball", runs=100, frictions=pair, pairs=[pair], progress=False)


def removals() -> pd.DataFrame:
    """Return what becomes of one run."""
    from sim.inquiry.one_run import explain_run

    return explain_run("hardball", 0, frictions=["russian_optimism"]).removals


def picture() -> pd.DataFrame:
    """Return one run at the table."""
    from sim.inquiry.bargaining import bargaining_picture

    return bargaining_picture("hardball", 0)


def frontier() -> pd.DataFrame:
    """Return how far one lever reaches."""
    from sim.inquiry.reach import reach

    lever = {"russia.confidence": (0.3, 0.75)}
    return reach("hardball", lever, runs=16, fresh_runs=16, generations=1, population=8).frontier


@cache
def scores() -> pd.DataFrame:
    """Return the forecasts of one question."""
    from sim.inquiry.forecasting import score

    return score("ceasefire_in_2025", runs=100)


def mean_scores() -> pd.DataFrame:
    """Return their mean scores, as if the outcome were known."""
    from sim.inquiry import forecasting

    return forecasting.mean_scores(scores().assign(outcome=False, brier=0.0, log_score=0.0))


@cache
def update() -> Update:
    """Return what made-up observations change."""
    from sim.inquiry.updating import update as asked

    return asked("hardball", "made_up", runs=500)
