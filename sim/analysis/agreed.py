"""What ceasefires are made of: how far each issue goes Ukraine's or Russia's way in the deals that are signed.

Counted are the first ceasefires that held for at least 30 days, one per run at most. Terms are counted in steps of a
thousandth, so a million runs take no more memory than a hundred.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.intervals import mean_interval
from sim.analysis.moments import Moments
from sim.analysis.outcomes import Column, ScenarioDates, Table, check_names, frames_of
from sim.parameters import ISSUES

#: Terms are told apart so finely.
STEP = 0.001

_SCALE = "0 Ukraine's ideal to 1 Russia's"

#: Shares of the deals below the quantiles of the table, by column.
QUANTILES: dict[str, float] = {"q05": 0.05, "q25": 0.25, "median": 0.5, "q75": 0.75, "q95": 0.95}

#: The table, column by column, in its order.
COLUMNS: dict[str, Column] = {
    "scenario": Column("name", "name of the scenario"),
    "issue": Column("category", "territory, sanctions, security or recognition"),
    "runs": Column("count", "number of runs"),
    "deals": Column("count", "runs with a ceasefire that held for at least 30 days; all that follows is about these"),
    "mean": Column(_SCALE, "mean of the deals; NaN, as all that follows, if there is none"),
    "mean_low": Column(_SCALE, "lower bound of the 95 % interval of the mean; NaN for a single deal"),
    "mean_high": Column(_SCALE, "upper bound of that interval"),
    **{
        name: Column(_SCALE, f"the smallest value that {100 * share:g} % of the deals do not exceed")
        for name, share in QUANTILES.items()
    },
}


def agreed_terms(outcomes: Table, scenarios: Sequence[ScenarioDates]) -> pd.DataFrame:
    """Tell how the terms of ceasefires are distributed, issue by issue.

    Parameters
    ----------
    outcomes
        Outcomes table.
    scenarios
        Scenarios, in the order wanted.

    Returns
    -------
    DataFrame
        One row per scenario and issue; `COLUMNS` names unit and meaning of each column.

    Raises
    ------
    UsageError
        If two scenarios share a name, or the table has no run of one.

    Examples
    --------
    >>> import sim
    >>> agreed_terms(sim.compare("sober_kremlin", runs=4).outcomes, [sim.load("sober_kremlin")])["issue"].tolist()
    ['territory', 'sanctions', 'security', 'recognition']
    """
    check_names(scenarios)
    records = []
    for scenario in scenarios:
        runs, steps = 0, round(1 / STEP) + 1
        counts = {issue: np.zeros(steps, dtype=np.int64) for issue in ISSUES}
        moments = {issue: Moments() for issue in ISSUES}
        for rows in frames_of(outcomes, scenario.name, [f"agreed_{issue}" for issue in ISSUES]):
            runs += len(rows)
            for issue in ISSUES:
                values = rows[f"agreed_{issue}"].dropna().to_numpy(dtype=np.float64)
                counts[issue] += np.bincount(np.rint(values / STEP).astype(np.intp), minlength=steps)
                moments[issue].add(values)
        for issue in ISSUES:
            mean, low, high = (float(bound[0]) for bound in mean_interval(moments[issue]))
            quantiles = (_quantile(counts[issue], share) for share in QUANTILES.values())
            records.append((scenario.name, issue, runs, int(counts[issue].sum()), mean, low, high, *quantiles))
    return pd.DataFrame(records, columns=list(COLUMNS))


def _quantile(counts: NDArray[np.int64], share: float) -> float:
    total = int(counts.sum())
    if not total:
        return float("nan")
    # A hair down, so that 0.05 of 20 deals is one of them although 0.05 * 20 may be a little more than 1.
    return round(int(np.searchsorted(counts.cumsum(), share * total - 1e-9)) * STEP, 6)
