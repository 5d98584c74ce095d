"""Stopping once an outcome is known well enough: rounds of runs until the 95 % interval is narrow."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.comparison import half_widths
from sim.analysis.contrasts import comparable
from sim.analysis.outcomes import Outcomes
from sim.analysis.summary import OUTCOMES
from sim.errors import UsageError, check_known, whole_number

if TYPE_CHECKING:
    from sim.scenario import Scenario

#: Runs of every scenario before the first look, and at most, unless something else is asked for.
FEWEST, MOST = 1000, 100_000

#: A round aims at a little more than it needs, because its need is only estimated.
_MARGIN = 1.05

_ROUND = 500  # runs of a round are a multiple of this


@dataclass(frozen=True)
class Precision:
    """When to stop.

    Attributes
    ----------
    half_width
        Half-width of the 95 % interval, in the unit of the outcome (a share of runs, 0-1, or km²).
    outcome
        One of `sim.analysis.summary.OUTCOMES`. Of several scenarios it is the difference to the baseline that counts,
        of every one of them; in a sweep the outcome at every point.
    fewest, most
        Runs of every scenario or point before the first look, and at most.
    """

    half_width: float
    outcome: str = "ceasefire_by_deadline"
    fewest: int = FEWEST
    most: int = MOST

    def __post_init__(self) -> None:
        if not (isinstance(self.half_width, int | float) and 0 < self.half_width < math.inf):
            raise UsageError(f"precision must be a number above 0, not {self.half_width!r}")
        check_known("outcome", self.outcome, OUTCOMES)
        fewest = whole_number("the fewest runs", self.fewest, lowest=2)
        if whole_number("the most runs", self.most, lowest=2) < fewest:
            raise UsageError(f"at most {self.most:,} runs are fewer than the fewest, {fewest:,}")

    def check(self, scenarios: Sequence[Scenario], baseline: str) -> None:
        """Refuse scenarios whose difference in the outcome cannot be told, before anything runs."""
        (reference,) = (scenario for scenario in scenarios if scenario.name == baseline)
        for scenario in scenarios:
            if not comparable(scenario, reference, self.outcome):
                raise UsageError(
                    f"{self.outcome} of '{scenario.name}' and '{baseline}' cannot be compared, because they end on "
                    "different days; name an outcome by the deadline"
                )

    def settings(self) -> dict[str, object]:
        """Return it for JSON."""
        return asdict(self)

    def reached(
        self, outcomes: Outcomes, scenarios: Sequence[Scenario], baseline: str, points: int
    ) -> tuple[bool, float]:
        """Return whether every interval is narrow enough, and the half-width of the widest."""
        widest = float(np.max(half_widths(outcomes, scenarios, baseline, self.outcome, points)))
        return widest <= self.half_width, widest

    def next_total(self, runs: int, half_width: float) -> int:
        """Return how many runs there should be at the next look; half-widths fall with the square root of it."""
        # A half-width from few runs may mislead: no round is ten times what there was.
        ratio = min(half_width / self.half_width, 10.0)
        needed = _MARGIN * runs * ratio**2 if math.isfinite(half_width) else 2 * runs
        wanted = min(max(needed, runs + _ROUND), 10 * runs)
        return min(math.ceil(wanted / _ROUND) * _ROUND, self.most)
