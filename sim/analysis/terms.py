"""Ceasefires divided by what was agreed, or by when they began: only what is known when they start."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.outcomes import COLUMNS, ScenarioDates, Table, frames_of
from sim.errors import UsageError, nearest

#: By what ceasefires can be divided. What becomes known only later would tell the future: those that lasted have more
#: of everything that is counted to the horizon.
KNOWN = ("agreed_territory", "agreed_sanctions", "agreed_security", "agreed_recognition", "ceasefire_week")

_STEP = 0.001  # terms are told apart so finely; weeks are whole


class Groups(NamedTuple):
    """Ranges of a column.

    Attributes
    ----------
    by
        Name of the column.
    cuts
        Where a range ends and the next begins, in order; a value on a cut belongs to the upper one.
    """

    by: str
    cuts: tuple[float, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """One for each range, from the lowest."""
        texts = [f"{cut:.4g}" for cut in self.cuts]
        ranges = f"below {texts[0]}", *(f"{low} to {high}" for low, high in pairwise(texts)), f"from {texts[-1]}"
        return tuple(f"{self.by} {text}" for text in ranges)

    def of(self, rows: pd.DataFrame) -> NDArray[np.intp]:
        """Return the range of each row, counted from 0; of a row without a value the last."""
        values = rows[self.by].to_numpy(dtype=np.float64)
        return np.asarray(np.searchsorted(self.cuts, values, side="right"), dtype=np.intp)


def find_groups(outcomes: Table, scenarios: Sequence[ScenarioDates], by: str, groups: int | Sequence[float]) -> Groups:
    """Divide the ceasefires of all scenarios together.

    Parameters
    ----------
    outcomes
        Outcomes table.
    scenarios
        Scenarios.
    by
        One of `KNOWN`.
    groups
        2 or 3: so many groups of about the same number of ceasefires; fewer if many share one value. Or the values at
        which to divide.

    Raises
    ------
    UsageError
        If one of them cannot be used, or all ceasefires share one value.
    """
    if by not in KNOWN:
        later = f"; {by} is known only after a ceasefire has started" if by in COLUMNS else nearest(by, KNOWN)
        raise UsageError(f"ceasefires cannot be divided by '{by}'; there are {', '.join(KNOWN)}{later}")
    if isinstance(groups, int):
        if groups not in (2, 3):
            raise UsageError(f"ceasefires are divided into 2 or 3 groups, not {groups}; or give values to divide at")
        return Groups(by, _quantiles(outcomes, scenarios, by, groups))
    try:
        cuts = tuple(float(cut) for cut in groups)
    except (TypeError, ValueError):
        cuts = ()
    if not cuts or not np.isfinite(cuts).all() or any(low >= high for low, high in pairwise(cuts)):
        raise UsageError(f"the values to divide {by} at must be numbers that rise, not {groups!r}")
    return Groups(by, cuts)


def _quantiles(outcomes: Table, scenarios: Sequence[ScenarioDates], by: str, groups: int) -> tuple[float, ...]:
    step = 1.0 if by.endswith("_week") else _STEP
    counts = np.zeros(1, dtype=np.int64)
    for scenario in scenarios:
        for rows in frames_of(outcomes, scenario.name, [*{"ceasefire_week", by}]):
            values = rows.loc[rows["ceasefire_week"].notna(), by].dropna().to_numpy(dtype=np.float64)
            # A hair up, so that 0.35 counts as 350 steps although 0.35 / 0.001 is a little less.
            part = np.bincount((values / step + 1e-9).astype(np.intp), minlength=len(counts))
            part[: len(counts)] += counts
            counts = part
    if np.count_nonzero(counts) < 2:
        raise UsageError(f"{by} is the same in all ceasefires, or there is none; they cannot be divided by it")
    borders = np.flatnonzero(counts)[1:]  # each begins with a value that occurs, and leaves some below it
    below = counts.cumsum()[borders - 1]
    wanted = [counts.sum() * k / groups for k in range(1, groups)]
    places = sorted({int(borders[np.abs(below - number).argmin()]) for number in wanted})
    return tuple(round(place * step, 6) for place in places)
