"""Which uncertain parameters move an outcome, from the runs that there are: nothing is simulated for it.

Every run drew its parameters from their laws, all independently. So the runs in which one parameter lies in the lowest
fifth of its law are a random sample, and so are those in which it lies in the highest; all other parameters, and luck,
are the same in both on average. By how much the outcome differs between them is what this parameter moves it over its
range, averaged over everything else. It does not show what two parameters do only together, nor an effect that rises
and falls again; Sobol indices do (`sim.inquiry.sensitivity`).

Where the fifths begin follows from the law, so runs are counted part by part and never sorted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import sqrt

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.intervals import mean_interval, normal_quantile, wilson
from sim.analysis.moments import Moments
from sim.analysis.outcomes import Column, ScenarioDates
from sim.analysis.significance import LEVEL, holm, normal_p_value
from sim.analysis.summary import is_share, outcome_of
from sim.distributions import Distribution
from sim.errors import UsageError
from sim.parameters import Parameter

#: Part of the law at each end that is compared.
FIFTH = 0.2

_UNIT, _OWN = "that of the outcome", "that of the parameter"

#: The table, column by column, in its order.
COLUMNS: dict[str, Column] = {
    "scenario": Column("name", "name of the scenario"),
    "outcome": Column("category", "a share of runs or a mean of the summary table, by its name there"),
    "parameter": Column("name", "dotted name of the parameter"),
    "meaning": Column("text", "what it means"),
    "unit": Column("text", "its unit"),
    "runs": Column("count", "runs of the scenario"),
    "overall": Column(_UNIT, "share or mean over all of them"),
    "lowest_up_to": Column(_OWN, "largest value in the lowest fifth of its law"),
    "lowest_runs": Column("count", "runs whose value lies there"),
    "lowest": Column(_UNIT, "share or mean over these; NaN, as all that follows from it, if there is none"),
    "lowest_low": Column(_UNIT, "lower bound of its 95 % interval"),
    "lowest_high": Column(_UNIT, "upper bound of its 95 % interval"),
    "highest_from": Column(_OWN, "smallest value in the highest fifth of its law"),
    "highest_runs": Column("count", "runs whose value lies there"),
    "highest": Column(_UNIT, "share or mean over these; NaN, as all that follows from it, if there is none"),
    "highest_low": Column(_UNIT, "lower bound of its 95 % interval"),
    "highest_high": Column(_UNIT, "upper bound of its 95 % interval"),
    "difference": Column(_UNIT, "highest minus lowest"),
    "low": Column(_UNIT, "lower bound of the 95 % interval of the difference"),
    "high": Column(_UNIT, "upper bound of the 95 % interval of the difference"),
    "p_value": Column("probability", "two-sided, of no difference; belongs to the interval"),
    "p_holm": Column("probability", "adjusted for all parameters that are looked at, by Holm's method"),
    "distinguishable": Column("true or false", "the interval excludes 0: p_value is at most 0.05"),
    "distinguishable_holm": Column("true or false", "p_holm is at most 0.05"),
}


def tornado(
    parts: Iterable[tuple[pd.DataFrame, pd.DataFrame]],
    laws: Mapping[str, tuple[Distribution, Parameter]],
    scenario: ScenarioDates,
    outcome: str = "ceasefire_by_deadline",
) -> pd.DataFrame:
    """Compare the runs in which a parameter is low with those in which it is high, for every uncertain parameter.

    Parameters
    ----------
    parts
        The runs of the scenario in any parts, each a table of the values that the parameters had (one column per
        parameter) and the rows of the same runs in the outcomes table.
    laws
        Law and parameter by dotted name.
    scenario
        The scenario, whose dates decide.
    outcome
        One of `sim.analysis.summary.OUTCOMES`.

    Returns
    -------
    DataFrame
        One row per parameter, the one that moves the outcome farthest first; `COLUMNS` names unit and meaning of each
        column.

    Raises
    ------
    UsageError
        If there is no run, or no parameter varies.

    Notes
    -----
    Intervals of a share and a mean are those of the summary. That of a difference of two shares is the adjusted Wald
    interval of A. Agresti and B. Caffo (2000), *Simple and effective confidence intervals for proportions and
    differences of proportions result from adding two successes and two failures*, The American Statistician 54; that of
    a difference of two means rests on the normal approximation.
    """
    cuts = {name: _cuts(law, parameter) for name, (law, parameter) in laws.items()}
    cuts = {name: cut for name, cut in cuts.items() if cut[0] < cut[1]}
    if not cuts:
        raise UsageError(f"scenario '{scenario.name}' has no uncertain parameter: its runs differ by luck alone")
    whole, moments = Moments(), {name: Moments(3) for name in cuts}
    for values, rows in parts:
        found = outcome_of(rows, scenario, outcome)
        whole.add(found)
        for name, (lowest, highest) in cuts.items():
            value = values[name].to_numpy(dtype=np.float64)
            moments[name].add(found, _fifth(value, lowest, highest))
    if not whole.count[0]:
        raise UsageError(f"scenario '{scenario.name}' has no run yet")
    records = []
    for name, (lowest, highest) in cuts.items():
        parameter = laws[name][1]
        records.append(
            {
                "parameter": name, "meaning": parameter.meaning, "unit": parameter.unit, "lowest_up_to": lowest,
                "highest_from": highest, **_compared(moments[name], event=is_share(outcome)),
            }
        )  # fmt: skip
    table = pd.DataFrame(records).assign(
        scenario=scenario.name, outcome=outcome, runs=int(whole.count[0]), overall=float(whole.mean()[0])
    )
    table["p_holm"] = holm(table["p_value"])
    table["distinguishable"] = table["p_value"] <= LEVEL
    table["distinguishable_holm"] = table["p_holm"] <= LEVEL
    size = table["difference"].abs()
    order = size.sort_values(ascending=False, kind="stable", na_position="last").index
    return table.loc[order, list(COLUMNS)].reset_index(drop=True)


def _cuts(law: Distribution, parameter: Parameter) -> tuple[float, float]:
    """Return up to where the lowest fifth of a law goes and from where the highest; both the same if it is constant."""
    levels = np.array([1e-12, FIFTH, 1 - FIFTH, 1 - 1e-12])
    first, low, high, last = (float(x) for x in law.quantile(levels, parameter.low, parameter.high))
    if low < high:
        return low, high
    # A law of a few values can have one that alone is more than three fifths: it then belongs to one side, or to none.
    below, above = np.nextafter(low, -np.inf), np.nextafter(high, np.inf)
    if first < low:
        return float(below), float(above) if last > high else high
    return low, float(above) if last > high else low


def _fifth(values: NDArray[np.float64], lowest: float, highest: float) -> NDArray[np.intp]:
    """Return 0 for values of the lowest fifth, 2 for those of the highest, 1 for all others."""
    return np.asarray(np.where(values <= lowest, 0, np.where(values >= highest, 2, 1)), dtype=np.intp)


def _compared(moments: Moments, *, event: bool) -> dict[str, object]:
    """Return the columns that follow from the moments of the lowest, the middle and the highest values."""
    runs, mean = moments.count, moments.mean()
    if event:
        counts = np.rint(np.nan_to_num(mean) * runs)
        low, high = wilson(counts, np.maximum(runs, 1))
        share, trials = (counts + 1) / (runs + 2), runs + 2.0
        centre, variance = float(share[2] - share[0]), share * (1 - share) / trials
    else:
        _, low, high = mean_interval(moments)
        centre, variance = float(mean[2] - mean[0]), moments.variance() / np.maximum(runs, 1)
    found: dict[str, object] = {}
    for place, name in ((0, "lowest"), (2, "highest")):
        there = runs[place] > 0
        found |= {
            f"{name}_runs": int(runs[place]), name: float(mean[place]),
            f"{name}_low": float(low[place]) if there else np.nan,
            f"{name}_high": float(high[place]) if there else np.nan,
        }  # fmt: skip
    error = sqrt(variance[0] + variance[2]) if min(runs[0], runs[2]) else float("nan")
    half = normal_quantile(1 - LEVEL) * error
    p_value = normal_p_value(centre, error) if np.isfinite(error) else float("nan")
    return found | {
        "difference": float(mean[2] - mean[0]), "low": centre - half, "high": centre + half, "p_value": p_value
    }  # fmt: skip
