"""The forecast after something was observed: runs count as much as they make likely what was seen.

Importance sampling from the runs as they come (the prior): the weight of a run is proportional to the likelihood of all
observations. No run is made anew, so the answer is exact for many runs and as good as the number of runs that are left
in effect; that number is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import SupportsIndex

import numpy as np
import pandas as pd

from sim.analysis.outcomes import Column
from sim.analysis.summary import OUTCOMES, is_share, outcome_of
from sim.analysis.weighted import (
    effective_runs,
    weighted_change,
    weighted_mean,
    weighted_quantiles,
    weighted_share,
)
from sim.arrays import FloatArray
from sim.errors import UsageError, whole_number
from sim.experiment.batch import CHUNK
from sim.experiment.experiment import MOST_RUNS, Experiment
from sim.experiment.inputs import inputs
from sim.inquiry.following import follow, long_enough
from sim.inquiry.observations import Observation, load_observations, log_likelihood
from sim.scenario import Scenario, load

#: Runs, unless asked otherwise.
RUNS = 4000

#: Below so many runs in effect, or below this share of all, an update is called too thin to rest on.
FEWEST_EFFECTIVE, SMALLEST_SHARE = 200, 0.05

#: Runs in effect below which nothing is called distinguishable: the standard errors are approximations for many.
FEWEST_TO_TELL = 30

_LEVEL = 0.95
_QUANTILES = (0.05, 0.5, 0.95)

_UNIT = "that of the outcome"
_VALUE = "that of what was observed"
_OF_PARAMETER = "that of the parameter"
_DEVIATIONS = "standard deviations before"

#: The table of updated forecasts, column by column; one row per outcome.
FORECAST_COLUMNS: dict[str, Column] = {
    "scenario": Column("name", "name of the scenario"),
    "outcome": Column("category", "one of sim.analysis.summary.OUTCOMES"),
    "unit": Column("text", "share of runs, or km²"),
    "before": Column(_UNIT, "share or mean of all runs alike"),
    "before_low": Column(_UNIT, "lower bound of its 95 % interval"),
    "before_high": Column(_UNIT, "upper bound of its 95 % interval"),
    "after": Column(_UNIT, "share or mean of the runs by their weights"),
    "after_low": Column(_UNIT, "lower bound of its 95 % interval"),
    "after_high": Column(_UNIT, "upper bound of its 95 % interval"),
    "change": Column(_UNIT, "after minus before"),
    "change_low": Column(_UNIT, "lower bound of its 95 % interval"),
    "change_high": Column(_UNIT, "upper bound of its 95 % interval"),
    "distinguishable": Column(
        "true or false", "the interval of the change excludes 0; false with fewer than FEWEST_TO_TELL runs in effect"
    ),
}

#: The table of parameters, column by column; one row per uncertain parameter, those that moved most first.
PARAMETER_COLUMNS: dict[str, Column] = {
    "scenario": Column("name", "name of the scenario"),
    "parameter": Column("name", "dotted name of the parameter"),
    "before_mean": Column(_OF_PARAMETER, "mean of all runs alike"),
    "before_sd": Column(_OF_PARAMETER, "standard deviation of all runs alike"),
    **{f"before_q{100 * level:02.0f}": Column(_OF_PARAMETER, f"{level:.0%} quantile of all runs alike")
       for level in _QUANTILES},
    "after_mean": Column(_OF_PARAMETER, "mean by weights"),
    **{f"after_q{100 * level:02.0f}": Column(_OF_PARAMETER, f"{level:.0%} quantile by weights")
       for level in _QUANTILES},
    "shift": Column(_DEVIATIONS, "by how much the mean moved"),
    "shift_low": Column(_DEVIATIONS, "lower bound of its 95 % interval"),
    "shift_high": Column(_DEVIATIONS, "upper bound of its 95 % interval"),
    "distinguishable": Column(
        "true or false",
        "moved, at 5 % over all parameters together (Bonferroni); false with fewer than FEWEST_TO_TELL runs in effect",
    ),
}  # fmt: skip

#: The table of observations, column by column; one row per observation.
OBSERVATION_COLUMNS: dict[str, Column] = {
    "scenario": Column("name", "name of the scenario"),
    "observation": Column("name", "what was observed, where and when"),
    "kind": Column("category", "front, event or count"),
    "observed": Column(_VALUE, "as the file says: km², 1 or 0, or a number"),
    "error": Column(_VALUE, "standard deviation of the error; of an event, the chance that the report is false"),
    "before": Column(_VALUE, "mean of all runs alike (of an event, share of the runs)"),
    "before_q05": Column(_VALUE, "5 % quantile of all runs alike"),
    "before_q95": Column(_VALUE, "95 % quantile of all runs alike"),
    "after": Column(_VALUE, "mean by weights"),
    "chance": Column(
        "probability", "chance, before, of a number at least as far out on either side, or of this report"
    ),
    "effective_runs": Column("count", "runs left in effect if nothing else had been observed"),
}


@dataclass(frozen=True)
class Update:
    """A forecast before and after observations.

    Attributes
    ----------
    scenario
        Name of the scenario.
    runs, seed
        Number of runs and seed.
    weights
        Weight of each run, sum 1, shape (runs,).
    forecast, parameters, observations
        Tables; their columns are `FORECAST_COLUMNS`, `PARAMETER_COLUMNS` and `OBSERVATION_COLUMNS`.
    effective_runs
        Runs of equal weight that would tell as much.
    log_evidence
        Logarithm of the mean likelihood of a run: how well the scenario as a whole foresaw the observations. The
        difference between two scenarios, given the same observations, is the logarithm of their Bayes factor.
    """

    scenario: str
    runs: int
    seed: int
    weights: FloatArray
    forecast: pd.DataFrame
    parameters: pd.DataFrame
    observations: pd.DataFrame
    effective_runs: float
    log_evidence: float

    @property
    def warning(self) -> str:
        """What is to be said if too few runs are left in effect, empty if enough are."""
        if self.effective_runs >= max(FEWEST_EFFECTIVE, SMALLEST_SHARE * self.runs):
            return ""
        return (
            f"of {self.runs:,} runs only {self.effective_runs:,.0f} are left in effect, fewer than {FEWEST_EFFECTIVE} "
            f"or {SMALLEST_SHARE:.0%} of all: intervals are rough and tails unknown; take more runs, fewer "
            "observations or larger errors, or ask whether the scenario can have foreseen what was seen"
        )


def update(
    scenario: Scenario | str | Path,
    observed: Sequence[Observation] | str | Path,
    *,
    runs: SupportsIndex = RUNS,
    seed: SupportsIndex = 1,
    chunk: int = CHUNK,
) -> Update:
    """Weigh the runs of a scenario by what was observed and forecast anew.

    Parameters
    ----------
    scenario
        The scenario, its name or its file.
    observed
        Observations, their file, or the name of an example that comes with Truce. Without any nothing changes.
    runs
        Runs of the scenario.
    seed
        Seed of all random numbers.
    chunk
        Most runs that advance together; nothing depends on it.

    Returns
    -------
    Update
        Forecast, parameters and observations before and after.

    Raises
    ------
    ScenarioError
        A file cannot be used.
    UsageError
        An observation is later than the scenario goes, or no run is possible given the observations.

    Notes
    -----
    The weights are those of self-normalised importance sampling with the prior as proposal; standard errors are
    linearised (A. B. Owen, *Monte Carlo theory, methods and examples*, section 9.2).

    Examples
    --------
    >>> result = update("hardball", [], runs=50)
    >>> result.effective_runs, bool((result.forecast["after"] == result.forecast["before"]).all())
    (50.0, True)
    """
    chosen = scenario if isinstance(scenario, Scenario) else load(scenario)
    observations = load_observations(observed) if isinstance(observed, str | Path) else tuple(observed)
    count = whole_number("runs", runs, lowest=2, highest=MOST_RUNS)
    start = whole_number("seed", seed, lowest=0)
    names = [observation.name for observation in observations]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise UsageError(f"'{twice}' is observed twice; keep one, or their mean")
    readings = [observation.reading() for observation in observations]
    for observation, reading in zip(observations, readings, strict=True):
        long_enough(
            chosen, reading.last_step(), f"the observation '{observation.name}'", extend=False,
            offer="leave it out, or set a later horizon in its file",
        )  # fmt: skip
    read, outcomes = [], []
    for model, values in follow(chosen, range(count), start, readings, to_the_end=True, chunk=chunk):
        rows = model.outcomes()
        read.append(values)
        outcomes.append({name: outcome_of(rows, chosen, name) for name in OUTCOMES})
    found = {name: np.concatenate([block[name] for block in read]).astype(np.float64) for name in names}
    results = {name: np.concatenate([block[name] for block in outcomes]) for name in OUTCOMES}
    weights, log_evidence = weights_of(log_likelihood(observations, found, count))
    drawn = inputs(Experiment.of(chosen, runs=count, seed=start)).set_index("run")
    return Update(
        chosen.name, count, start, weights, _forecast(chosen.name, results, weights),
        _parameters(chosen.name, drawn, weights), _observations(chosen.name, observations, found, weights),
        effective_runs(weights), log_evidence,
    )  # fmt: skip


def weights_of(log_likelihoods: FloatArray) -> tuple[FloatArray, float]:
    """Return the weights of runs, sum 1, and the logarithm of the mean likelihood.

    Parameters
    ----------
    log_likelihoods
        Of each run, shape (runs,).

    Raises
    ------
    UsageError
        If no run is possible.

    Examples
    --------
    >>> weights, evidence = weights_of(np.log(np.array([0.1, 0.3])))
    >>> weights.round(3).tolist(), round(float(np.exp(evidence)), 3)
    ([0.25, 0.75], 0.2)
    """
    top = float(log_likelihoods.max())
    if not np.isfinite(top):
        raise UsageError("no run agrees with all reports that cannot be false; give them a `misreporting` above 0")
    likelihoods = np.exp(log_likelihoods - top)
    return likelihoods / likelihoods.sum(), top + float(np.log(likelihoods.mean()))


def _forecast(scenario: str, results: dict[str, FloatArray], weights: FloatArray) -> pd.DataFrame:
    records = []
    alike, enough = np.ones(len(weights)), effective_runs(weights) >= FEWEST_TO_TELL
    for name in OUTCOMES:
        values = results[name]
        if is_share(name):
            before, after = (weighted_share(values > 0, some) for some in (alike, weights))
        else:
            before, after = (weighted_mean(values, some) for some in (alike, weights))
        change = weighted_change(values, weights)
        unit = "share of runs" if is_share(name) else "km²"
        apart = enough and (change.low > 0 or change.high < 0)
        records.append((scenario, name, unit, *before, *after, *change, apart))
    return pd.DataFrame(records, columns=list(FORECAST_COLUMNS))


def _parameters(scenario: str, drawn: pd.DataFrame, weights: FloatArray) -> pd.DataFrame:
    records = []
    alike, enough = np.ones(len(weights)), effective_runs(weights) >= FEWEST_TO_TELL
    varied = [name for name in drawn if drawn[name].nunique() > 1]
    for name in varied:
        values = drawn[name].to_numpy(dtype=np.float64)
        mean, deviation = float(values.mean()), float(values.std(ddof=1))
        shift = weighted_change(values / deviation, weights, _LEVEL)
        strict = weighted_change(values / deviation, weights, 1 - (1 - _LEVEL) / len(varied))
        records.append((
            scenario, name, mean, deviation, *weighted_quantiles(values, alike, _QUANTILES),
            mean + shift.value * deviation, *weighted_quantiles(values, weights, _QUANTILES), *shift,
            enough and (strict.low > 0 or strict.high < 0),
        ))  # fmt: skip
    table = pd.DataFrame(records, columns=list(PARAMETER_COLUMNS))
    return table.sort_values("shift", key=abs, ascending=False, kind="stable", ignore_index=True)


def _observations(
    scenario: str, observations: Sequence[Observation], values: dict[str, FloatArray], weights: FloatArray
) -> pd.DataFrame:
    records = []
    alike = np.ones(len(weights))
    for observation in observations:
        found = values[observation.name]
        low, high = weighted_quantiles(found, alike, (0.05, 0.95))
        likelihood = observation.log_likelihood(found)
        alone = effective_runs(weights_of(likelihood)[0])
        records.append((
            scenario, observation.name, observation.kind, observation.observed, observation.error, float(found.mean()),
            float(low), float(high), float((weights * found).sum()), observation.chance(found), alone,
        ))  # fmt: skip
    return pd.DataFrame(records, columns=list(OBSERVATION_COLUMNS))
