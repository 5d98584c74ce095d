"""What captions and notes of several sections say alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.plots.sheet import plain_date
from sim.report.wording import counted, quoted

if TYPE_CHECKING:
    import pandas as pd

    from sim.report.basis import Basis
    from sim.scenario import Scenario

#: What every caption ends with, so that it can be quoted alone.
CAVEAT = "Model runs, not forecasts."

INTERVALS = "Small print below a number: its 95 % interval, which is about the number of runs."

CEASEFIRE = "A ceasefire counts if it holds for at least 30 days, from its start."


def runs_of(basis: Basis, scenarios: Sequence[Scenario] | None = None) -> str:
    """Say how many runs of how many scenarios something is about.

    Examples
    --------
    >>> import sim
    >>> from sim.report.basis import basis_of
    >>> runs_of(basis_of(sim.compare(["hardball", "moves_on"], runs=8), simulate=False))
    '8 runs of each of 2 scenarios'
    """
    shown = basis.scenarios if scenarios is None else scenarios
    counts = sorted(basis.extent.done[scenario.name] for scenario in shown)
    if len(shown) == 1:
        return f"{counted(counts[0], 'run')} of {quoted(basis.names[shown[0].name])}"
    runs = counted(counts[0], "run") if counts[0] == counts[-1] else f"{counts[0]:,} to {counts[-1]:,} runs"
    return f"{runs} of each of {len(shown)} scenarios"


def luck_of(basis: Basis) -> str:
    """Say whether runs were compared that met the same luck."""
    return "each run on luck of its own" if basis.results.experiment.independent else "run by run on the same luck"


def traced_runs(table: pd.DataFrame) -> str:
    """Say how many runs were followed from week to week.

    Examples
    --------
    >>> import pandas as pd
    >>> traced_runs(pd.DataFrame({"runs": [60, 40]}))
    '40 to 60 runs'
    """
    counts = sorted({int(count) for count in table["runs"]})
    return counted(counts[0], "run") if len(counts) == 1 else f"{counts[0]:,} to {counts[-1]:,} runs"


def deadline_of(scenarios: Sequence[Scenario]) -> str:
    """Name the deadline, or say that every scenario has its own.

    Examples
    --------
    >>> import sim
    >>> deadline_of([sim.load("hardball")])
    'the deadline, 31 December 2025'
    """
    return _day("deadline", {scenario.deadline for scenario in scenarios})


def horizon_of(scenarios: Sequence[Scenario]) -> str:
    """Name the end of the runs, or say that every scenario has its own.

    Examples
    --------
    >>> import sim
    >>> horizon_of([sim.load("hardball")])
    'the horizon, 17 May 2027'
    """
    return _day("horizon", {scenario.horizon for scenario in scenarios})


def _day(what: str, days: set) -> str:  # type: ignore[type-arg]
    return f"the {what}, {plain_date(days.pop())}" if len(days) == 1 else f"the {what} of each scenario"


def whole_percent(share: float) -> str:
    """Write a share in whole percent, for words that stand for a picture.

    Examples
    --------
    >>> whole_percent(0.089), whole_percent(0.002), whole_percent(0.0)
    ('9 %', 'under 1 %', '0 %')
    """
    if 0 < share < 0.005:
        return "under 1 %"
    return "over 99 %" if 0.995 < share < 1 else f"{100 * share:.0f} %"
