"""Who stood in the way of a deal, in how many weeks, and by how much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from sim.analysis.outcomes import Column, ScenarioDates, Table, check_names, frames_of
from sim.analysis.ratios import Ratio
from sim.arrays import FloatArray
from sim.errors import UsageError

#: The table of who blocks, column by column.
COLUMNS: dict[str, Column] = {
    "scenario": Column("name", "name of the scenario"),
    "among": Column("category", "which runs are counted"),
    "runs": Column("count", "number of these runs"),
    "quantity": Column("category", "what is measured: one of QUANTITIES"),
    "unit": Column("name", "unit of value, low and high"),
    "value": Column("unit", "share of weeks, or mean of weeks; NaN if there is no such week"),
    "low": Column("unit", "lower bound of its 95 % interval by run; NaN of a mean of fewer than two runs"),
    "high": Column("unit", "upper bound of that interval"),
    "weeks": Column("count", "weeks simulated, from 2025-05-19"),
}

_WAR, _EMPTY = "share of weeks of war", "share of weeks without a zone"

#: What is measured, its unit and meaning.
QUANTITIES: dict[str, Column] = {
    "zone": Column(_WAR, "weeks in which a zone of agreement exists, so that it is not reservation values that block"),
    "no_zone": Column(_WAR, "weeks without a zone of possible agreement"),
    "blocked_by_russia": Column(_EMPTY, "of these, weeks in which Russia alone would have had to yield"),
    "blocked_by_ukraine": Column(_EMPTY, "of these, weeks in which Ukraine alone would have had to yield"),
    "blocked_by_both": Column(_EMPTY, "of these, weeks in which both would have had to yield"),
    "gap_russia": Column("utility", "by how much Russia's reservation value would have had to fall, mean of the weeks "
                         "in which it had to yield, alone or with Ukraine"),
    "gap_ukraine": Column("utility", "the same of Ukraine's reservation value"),
}  # fmt: skip

_COUNTS = (
    "weeks_of_war", "weeks_without_zone", "weeks_blocked_by_russia", "weeks_blocked_by_ukraine",
    "weeks_blocked_by_both",
)  # fmt: skip
_NEEDED = (*_COUNTS, "gap_russia", "gap_ukraine", "full_control_week", "weeks_simulated")


def who_blocks(
    outcomes: Table, scenarios: Sequence[ScenarioDates], groups: Mapping[str, pd.Index] | None = None
) -> pd.DataFrame:
    """Shares of weeks in which each side blocked, and by how much, up to the end of the runs.

    A side blocks where no terms within the box of the table reach its reservation value (or reach it only below the
    other's). The week in which Russia takes full control counts as no week of war, since nothing is left to agree on.

    Parameters
    ----------
    outcomes
        Outcomes table.
    scenarios
        Scenarios, in the order wanted. Weeks are counted to the end of the runs: for another date, run a scenario that
        ends there.
    groups
        Run numbers by the name of a group, each of which gets rows of its own; by default all runs.

    Returns
    -------
    DataFrame
        One row per scenario, group and quantity; `COLUMNS` and `QUANTITIES` give units and meanings.

    Raises
    ------
    UsageError
        If two scenarios share a name, or the table has no run of one, or of a group.

    Examples
    --------
    >>> import sim
    >>> outcomes = sim.compare("hardball", runs=8).outcomes
    >>> who_blocks(outcomes, [sim.load("hardball")])["quantity"].tolist()[:2]
    ['zone', 'no_zone']
    """
    check_names(scenarios)
    wanted: Mapping[str, pd.Index | None] = {"all runs": None} if groups is None else groups
    records: list[tuple[object, ...]] = []
    for scenario in scenarios:
        tallies = {group: {name: Ratio() for name in QUANTITIES} for group in wanted}
        counts, weeks = dict.fromkeys(wanted, 0), 0
        for rows in frames_of(outcomes, scenario.name, _NEEDED):
            weeks = max(weeks, int(rows["weeks_simulated"].max()) if len(rows) else 0)
            for group, members in wanted.items():
                chosen = rows if members is None else rows[rows.index.isin(members)]
                counts[group] += len(chosen)
                for name, (numerator, denominator) in _parts(chosen).items():
                    tallies[group][name].add(numerator, denominator)
        for group, ratios in tallies.items():
            if not counts[group]:
                raise UsageError(f"the outcomes of scenario '{scenario.name}' hold no run of the group '{group}'")
            for name, ratio in ratios.items():
                unit = QUANTITIES[name].unit
                low, high = ratio.mean_interval() if unit == "utility" else ratio.share_interval()
                records.append((scenario.name, group, counts[group], name, unit, ratio.value, low, high, weeks))
    return pd.DataFrame(records, columns=list(COLUMNS))


def _parts(rows: pd.DataFrame) -> dict[str, tuple[FloatArray, FloatArray]]:
    """Return numerator and denominator of each quantity, run by run."""
    war, empty, russia, ukraine, both = (rows[name].to_numpy(dtype=np.float64) for name in _COUNTS)
    war = war - rows["full_control_week"].notna().to_numpy(dtype=np.float64)
    gaps = {side: rows[f"gap_{side}"].to_numpy(dtype=np.float64) for side in ("russia", "ukraine")}
    sums = {side: np.nan_to_num(gap) * empty for side, gap in gaps.items()}  # no week, no gap
    return {
        "zone": (war - empty, war),
        "no_zone": (empty, war),
        "blocked_by_russia": (russia, empty),
        "blocked_by_ukraine": (ukraine, empty),
        "blocked_by_both": (both, empty),
        "gap_russia": (sums["russia"], russia + both),
        "gap_ukraine": (sums["ukraine"], ukraine + both),
    }
