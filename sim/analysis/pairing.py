"""The baseline, and the runs and dates that a scenario has in common with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from sim.analysis.outcomes import ScenarioDates, Table, When, check_names, frames_of
from sim.errors import UsageError, nearest
from sim.scenario.calendar import HOLDING_WEEKS


def find_baseline(scenarios: Sequence[ScenarioDates], baseline: str | None) -> ScenarioDates:
    """Return the scenario of that name; without a name, the first.

    Raises
    ------
    UsageError
        If there is none of that name.
    """
    check_names(scenarios)
    names = [scenario.name for scenario in scenarios]
    if baseline is None:
        return scenarios[0]
    if baseline not in names:
        raise UsageError(
            f"baseline '{baseline}' is not among the scenarios compared ({', '.join(names)}){nearest(baseline, names)}"
        )
    return scenarios[names.index(baseline)]


def last_week(scenario: ScenarioDates, baseline: ScenarioDates, by: When, *, has_to_hold: bool) -> int:
    """Last week of an event that counts in both scenarios.

    Parameters
    ----------
    scenario, baseline
        The two.
    by
        Whose week: that of the earlier deadline, or of the earlier horizon.
    has_to_hold
        The event is a ceasefire, which counts only once it has held for `HOLDING_WEEKS`.
    """
    horizon = min(scenario.horizon_week, baseline.horizon_week)
    last = horizon if by == "horizon" else min(scenario.deadline_week, baseline.deadline_week)
    if scenario.horizon_week == baseline.horizon_week:
        return last
    # The longer run sees that a ceasefire begun just before the earlier horizon held; the shorter cannot. Of other
    # events, the week of the earlier horizon itself is simulated in the longer run alone.
    return min(last, horizon - (HOLDING_WEEKS if has_to_hold else 1))


def paired(
    outcomes: Table, name: str, reference: str, columns: Sequence[str]
) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """Yield the runs that two scenarios have in common, part by part, each pair of tables with the same runs.

    Raises
    ------
    UsageError
        If one of them has no run, or of a whole table not the same runs.
    """
    parts = (frames_of(outcomes, scenario, columns) for scenario in (name, reference))
    for here, there in zip(*parts, strict=isinstance(outcomes, pd.DataFrame)):
        if not here.index.equals(there.index):
            if isinstance(outcomes, pd.DataFrame):
                raise UsageError(
                    f"scenario '{name}' has other runs than the baseline '{reference}'; "
                    "run both with the same number of runs and the same first run"
                )
            # Of a batch, runs may have failed in one scenario or not be done yet.
            common = here.index.intersection(there.index)
            here, there = here.loc[common], there.loc[common]
        yield here, there
