"""Numbers of tables as the report takes them: with their intervals, by the names that the tables have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from sim.errors import UsageError
from sim.report.numbers import Measured

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment import Comparison
    from sim.experiment.results import Results
    from sim.scenario import Scenario

Row = Mapping[str, Any]


def measured(row: Row, name: str) -> Measured:
    """Return a number of a summary with its interval.

    Examples
    --------
    >>> measured({"x": 0.5, "x_low": 0.25, "x_high": 0.75}, "x")
    Measured(value=0.5, low=0.25, high=0.75)
    """
    return Measured(*(float(row[key]) for key in (name, f"{name}_low", f"{name}_high")))


def difference(row: Row) -> Measured:
    """Return the difference in a row of `sim.analysis.contrasts.differences`."""
    return Measured(*(float(row[key]) for key in ("difference", "low", "high")))


def rows_by(table: pd.DataFrame, key: str) -> dict[str, Row]:
    """Return the rows of a table by a column that names them."""
    return {str(row[key]): {str(name): value for name, value in row.items()} for row in table.to_dict("records")}


def summary_rows(results: Results, scenarios: Sequence[Scenario]) -> dict[str, Row]:
    """Return the row of each scenario in the summary; of results that are not complete, of those given alone."""
    from sim.analysis.summary import summarise

    return rows_by(summarise(results, scenarios), "scenario")


def difference_rows(
    results: Results, scenarios: Sequence[Scenario], outcome: str = "ceasefire_by_deadline"
) -> dict[str, Row]:
    """Return the rows of differences to the baseline in one outcome, by scenario.

    Those that cannot be compared are left out: the baseline, scenarios without runs in common with it, and where they
    end on other days, what is looked at there. Whether a difference can be told from none is judged by Holm's method
    over those that are compared.
    """
    from sim.analysis.contrasts import comparable, differences

    (baseline,) = (scenario for scenario in results.scenarios if scenario.name == results.baseline)
    chosen = [scenario for scenario in scenarios if comparable(scenario, baseline, outcome)]
    if baseline not in chosen:
        return {}
    if not results.complete or results.failed:
        chosen = [baseline, *(scenario for scenario in chosen if _in_common(results, scenario, baseline) > 1)]
    if len(chosen) < 2 or results.runs < 2:
        return {}
    return rows_by(differences(results, chosen, results.baseline, outcome), "scenario")


def spread_table(results: Comparison, scenarios: Sequence[Scenario]) -> pd.DataFrame:
    """Return the table of `sim.analysis.spread`, of results that are not complete for the scenarios that allow it."""
    import pandas as pd

    from sim.analysis.spread import COLUMNS

    refused = (UsageError, ValueError)  # no run, or none that is repeated yet
    with suppress(*refused):
        return results.spread
    found = []
    for scenario in scenarios:
        with suppress(*refused):
            found.append(results.spread_of([scenario]))
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=list(COLUMNS))


def _in_common(results: Results, scenario: Scenario, baseline: Scenario) -> int:
    """Return how many runs two scenarios have in common; reading stops once there are two."""
    if scenario.name == baseline.name:
        return 0
    found = 0
    for here, there in zip(results.frames(scenario.name, []), results.frames(baseline.name, []), strict=True):
        found += len(here.index.intersection(there.index))
        if found > 1:
            break
    return found
