"""Every table with its columns, their types, units and meanings.

Units and meanings are those that the package keeps beside each table; types are read off small tables made for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from reference import samples
from reference.markdown import code, plain, table
from sim.experiment.traces import VARIABLES

if TYPE_CHECKING:
    import pandas as pd

    from sim.analysis.outcomes import Column


class Listed(NamedTuple):
    """A table: where it is found, where its columns are described, and how to make a small one."""

    found: str
    columns: str
    make: Callable[[], pd.DataFrame]

    @property
    def described(self) -> Mapping[str, Column]:
        """Unit and meaning of each column; of several tables under one name, a slash is before the key."""
        place, _, key = self.columns.partition("/")
        module, _, name = place.rpartition(".")
        found = getattr(import_module(module), name)
        return found[key] if key else found


#: Tables that are stored while runs are made, in parts.
STORED: dict[str, Listed] = {
    "outcomes": Listed(
        "One row per run. `outcomes/*.parquet`; `results.outcomes`, part by part `results.frames(...)`. Runs that were "
        "repeated with other luck have the same columns, in `repeats/*.parquet`.",
        "sim.experiment.parts.TABLES/outcomes", lambda: samples.sweep().outcomes,
    ),
    "failures": Listed(
        "One row per run that failed. `failures/*.parquet`, `failures.csv`; `results.failures`.",
        "sim.experiment.parts.TABLES/failures", samples.failures,
    ),
    "traces, as they are counted": Listed(
        "One row per week, variable and step of its range in which runs lie. `traces/*.parquet`.",
        "sim.experiment.parts.TABLES/traces", lambda: samples.stored()["traces"],
    ),
    "histories": Listed(
        "One row per chosen run, week and variable. `histories/*.parquet`; `results.histories`.",
        "sim.experiment.parts.TABLES/histories", lambda: samples.stored()["histories"],
    ),
}  # fmt: skip

#: Tables that are made from these.
MADE: dict[str, Listed] = {
    "summary": Listed(
        "One row per scenario; of a sweep one per point, with its values after the scenario. `summary.csv`; "
        "`results.summary`.",
        "sim.analysis.summary.COLUMNS", lambda: samples.comparison().summary,
    ),
    "comparison": Listed(
        "Two rows per scenario other than the baseline. `comparison.csv`; `comparison.comparison`.",
        "sim.analysis.comparison.COLUMNS", lambda: samples.comparison().comparison,
    ),
    "spread": Listed(
        "One row per scenario and outcome. `spread.csv`; `comparison.spread`.",
        "sim.analysis.spread.COLUMNS", lambda: samples.comparison().spread,
    ),
    "traces": Listed(
        "One row per scenario, point, week and variable. `traces.csv`; `results.traces`, `results.weekly(...)`.",
        "sim.experiment.traces.COLUMNS", lambda: samples.comparison().traces,
    ),
    "differences": Listed(
        "One row per outcome and scenario other than the baseline. `comparison.differences()`; `truce differences`.",
        "sim.analysis.contrasts.COLUMNS", lambda: samples.comparison().differences(),
    ),
    "risks": Listed(
        "One row per scenario and week: what came first. `comparison.risks()`; `truce risks`.",
        "sim.analysis.risks.RISKS", lambda: samples.comparison().risks(),
    ),
    "ladder": Listed(
        "One row per scenario and date. `comparison.ladder()`; `truce risks`.",
        "sim.analysis.risks.LADDER", lambda: samples.comparison().ladder(),
    ),
    "survival": Listed(
        "One row per scenario, group and week of age. `comparison.survival()`.",
        "sim.analysis.survival.CURVE", lambda: samples.comparison().survival(),
    ),
    "survival summary": Listed(
        "One row per scenario and group. `comparison.survival_summary()`; `truce risks`.",
        "sim.analysis.survival.SUMMARY", lambda: samples.comparison().survival_summary(),
    ),
    "hazards": Listed(
        "One row per scenario, group and time of age. `comparison.hazards()`.",
        "sim.analysis.survival.HAZARDS", lambda: samples.comparison().hazards(),
    ),
    "agreed terms": Listed(
        "One row per scenario and issue. `comparison.agreed_terms()`.",
        "sim.analysis.agreed.COLUMNS", lambda: samples.comparison().agreed_terms(),
    ),
    "tornado": Listed(
        "One row per uncertain parameter. `comparison.tornado()`.",
        "sim.analysis.tornado.COLUMNS", lambda: samples.comparison().tornado("hardball", "ceasefire_by_horizon"),
    ),
}  # fmt: skip

#: Tables of questions that take runs of their own, or that look for structure in stored ones.
ASKED: dict[str, Listed] = {
    "sensitivity: Sobol indices": Listed(
        "One row per input. `sensitivity.csv`; `sim.inquiry.sensitivity.sensitivity`; `truce sensitivity`.",
        "sim.inquiry.sensitivity.COLUMNS/sobol", lambda: samples.sensitivity("sobol"),
    ),
    "sensitivity: Morris's screening": Listed(
        "One row per input. `sensitivity.csv`; `truce sensitivity --method morris`.",
        "sim.inquiry.sensitivity.COLUMNS/morris", lambda: samples.sensitivity("morris"),
    ),
    "discovery": Listed(
        "All runs as box 0, then one row per box and condition. `sim.inquiry.discovery.discover`; `truce discover`.",
        "sim.inquiry.discovery.COLUMNS", samples.boxes,
    ),
    "tipping": Listed(
        "One row per point of a map. `tipping.csv`; `sim.inquiry.tipping.tipping_map`; `truce tipping`.",
        "sim.analysis.tipping.COLUMNS", samples.tipping,
    ),
    "tipping line": Listed(
        "One row per vertex of the line on which it tips. `tipping_line.csv`; `sim.analysis.level_line`.",
        "sim.analysis.tipping.LINE_COLUMNS", samples.tipping_line,
    ),
    "who blocks": Listed(
        "One row per group of runs and quantity. `explanation.blockers` of `sim.inquiry.explanation.explain`; "
        "`truce explain`.",
        "sim.analysis.blocking.COLUMNS", lambda: samples.explanation().blockers,
    ),
    "causes": Listed(
        "One row per friction that was taken away. `explanation.causes`; `truce explain`.",
        "sim.analysis.causes.CAUSES", lambda: samples.explanation().causes,
    ),
    "interactions": Listed(
        "One row per pair of frictions. `explanation.interactions`; `truce explain --pair`.",
        "sim.analysis.causes.INTERACTIONS", lambda: samples.explanation().interactions,
    ),
    "remainders": Listed(
        "One row per kind of failed run. `explanation.remainders`; `truce explain`.",
        "sim.analysis.causes.REMAINDERS", lambda: samples.explanation().remainders,
    ),
    "removals of one run": Listed(
        "One row per friction. `removals` of `sim.inquiry.one_run.explain_run`; `truce explain --run N`.",
        "sim.inquiry.one_run.COLUMNS", samples.removals,
    ),
    "bargaining of one run": Listed(
        "One row per week. `sim.inquiry.bargaining.bargaining_picture`.",
        "sim.inquiry.bargaining.COLUMNS", samples.picture,
    ),
    "reach": Listed(
        "One row per budget of effort; each lever's parameter is a column, too, after `effort`. `frontier` of "
        "`sim.inquiry.reach.reach`; `truce reach`.",
        "sim.inquiry.reach.COLUMNS", samples.frontier,
    ),
    "forecasts": Listed(
        "One row per question and forecast. `sim.inquiry.forecasting.score`; `truce score`.",
        "sim.inquiry.forecasting.COLUMNS", samples.scores,
    ),
    "mean scores": Listed(
        "One row per forecaster. `sim.inquiry.forecasting.mean_scores`; `truce score`.",
        "sim.inquiry.forecasting.MEAN_COLUMNS", samples.mean_scores,
    ),
    "update: the forecast": Listed(
        "One row per outcome. `forecast` of `sim.inquiry.updating.update`; `truce update`.",
        "sim.inquiry.updating.FORECAST_COLUMNS", lambda: samples.update().forecast,
    ),
    "update: the parameters": Listed(
        "One row per uncertain parameter. `parameters` of the same; `truce update`.",
        "sim.inquiry.updating.PARAMETER_COLUMNS", lambda: samples.update().parameters,
    ),
    "update: the observations": Listed(
        "One row per observation. `observations` of the same; `truce update`.",
        "sim.inquiry.updating.OBSERVATION_COLUMNS", lambda: samples.update().observations,
    ),
}  # fmt: skip

LISTED: dict[str, dict[str, Listed]] = {"stored": STORED, "made": MADE, "asked": ASKED}


def markdown(kind: str) -> str:
    """Return a section for each table of a kind."""
    return "\n".join(_section(title, listed) for title, listed in LISTED[kind].items())


def variables() -> str:
    """Return a table of what can be traced."""
    rows = [(code(name), plain(one.unit), plain(one.meaning)) for name, one in VARIABLES.items()]
    return table(("variable", "unit", "meaning"), rows)


def columns_of(listed: Listed) -> list[tuple[str, str, str, str]]:
    """Return name, type, unit and meaning of each column.

    Raises
    ------
    LookupError
        If the table has no column of a name that is described.
    """
    made = listed.make()
    missing = set(listed.described) - set(made.columns)
    if missing:
        raise LookupError(f"{listed.columns} describes what the table has not: {sorted(missing)}")
    return [(name, _kind(made[name]), column.unit, column.description) for name, column in listed.described.items()]


def _section(title: str, listed: Listed) -> str:
    rows = [(code(name), kind, plain(unit), plain(meaning)) for name, kind, unit, meaning in columns_of(listed)]
    return f"### {title}\n\n{listed.found}\n\n{table(('column', 'type', 'unit', 'meaning'), rows)}"


def _kind(column: pd.Series[Any]) -> str:
    from pandas.api import types

    kinds = {
        "true or false": types.is_bool_dtype, "whole number": types.is_integer_dtype, "number": types.is_float_dtype,
        "date": types.is_datetime64_any_dtype,
    }  # fmt: skip
    return next((kind for kind, is_it in kinds.items() if is_it(column)), "text")
