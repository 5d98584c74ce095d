"""What kept failed runs from a ceasefire: the same runs again, with one friction taken away at a time.

The functions take a table of what came of each run: the index is the run number, a column is a *removal*, and a cell
says whether the run then has a ceasefire by the date asked about. `NONE` is the column of the scenario as it is, a
friction's name that of its removal alone, `together` names that of two or more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from sim.analysis.intervals import paired_difference, wilson
from sim.analysis.outcomes import Column
from sim.arrays import BoolArray
from sim.errors import UsageError, nearest

#: Columns of the table of runs beside those of frictions and pairs.
NONE, ALL, LUCK = "as it is", "all of them", "other luck"

#: The table of causes, column by column.
CAUSES: dict[str, Column] = {
    "friction": Column("name", "what was taken away, or 'all of them'; 'other luck': nothing, but luck is dealt anew"),
    "present": Column("true or false", "the scenario has this friction, so that taking it away changes something"),
    "failed": Column("count", "runs of the scenario without a ceasefire by the date"),
    "mended": Column("count", "of these, runs that have one once it is taken away"),
    "mended_share": Column("share of failed runs", "mended / failed"),
    "mended_low": Column("share of failed runs", "lower bound of its 95 % interval (Wilson)"),
    "mended_high": Column("share of failed runs", "upper bound of that interval"),
    "mended_by_no_other": Column("count", "failed runs that no other single removal mends"),
    "succeeded": Column("count", "runs of the scenario with a ceasefire by the date"),
    "lost": Column("count", "of these, runs that have none once it is taken away"),
    "lost_share": Column("share of successful runs", "lost / succeeded; NaN if no run succeeded"),
    "lost_low": Column("share of successful runs", "lower bound of its 95 % interval (Wilson); 0 if none succeeded"),
    "lost_high": Column("share of successful runs", "upper bound of that interval; 1 if none succeeded"),
    "chance": Column("share of runs", "chance of a ceasefire by the date once it is taken away"),
    "difference": Column("share of runs", "that chance minus the chance as it is"),
    "low": Column("share of runs", "lower bound of the 95 % interval of the difference, paired by run"),
    "high": Column("share of runs", "upper bound of that interval"),
    "distinguishable": Column("true or false", "the interval excludes 0"),
}

#: The table of interactions, column by column. All shares are of failed runs.
INTERACTIONS: dict[str, Column] = {
    "first": Column("name", "one friction"),
    "second": Column("name", "the other"),
    "failed": Column("count", "runs of the scenario without a ceasefire by the date"),
    "by_first": Column("count", "of these, runs mended by removing the first alone"),
    "by_second": Column("count", "runs mended by removing the second alone"),
    "by_either": Column("count", "runs that at least one of the two mends alone"),
    "by_both": Column("count", "runs mended by removing both at once"),
    "only_together": Column("count", "runs that both at once mend and neither alone"),
    "undone": Column("count", "runs that one of the two mends alone, but both at once do not"),
    "interaction": Column("share of failed runs", "(by_both - by_either) / failed: what both do beyond either alone"),
    "low": Column("share of failed runs", "lower bound of its 95 % interval, paired by run"),
    "high": Column("share of failed runs", "upper bound of that interval"),
    "distinguishable": Column("true or false", "the interval excludes 0; not adjusted for the number of pairs"),
}

#: The table of what it takes to mend failed runs, column by column.
REMAINDERS: dict[str, Column] = {
    "mended_by": Column("category", "the least that mends a failed run: exclusive and exhaustive"),
    "failed": Column("count", "runs of the scenario without a ceasefire by the date"),
    "count": Column("count", "of these, runs of this kind"),
    "share": Column("share of failed runs", "count / failed"),
    "low": Column("share of failed runs", "lower bound of its 95 % interval (Wilson)"),
    "high": Column("share of failed runs", "upper bound of that interval"),
}

ONE, SEVERAL = "exactly one single removal", "any of several single removals"
PAIR, TOGETHER, NOTHING = "no single one, but a pair", "only all together", "none of these"


def together(frictions: Iterable[str]) -> str:
    """Return the column of the removal of several frictions at once."""
    return " + ".join(frictions)


def tabulate_causes(
    ceasefires: pd.DataFrame, frictions: Sequence[str], absent: Iterable[str] = ()
) -> pd.DataFrame:
    """Count what each friction, taken away alone, mends and spoils.

    Parameters
    ----------
    ceasefires
        Table of runs and removals.
    frictions
        Names of the frictions; `ALL` and `LUCK` get a row, too, if they are columns.
    absent
        Of these, frictions that the scenario does not have.

    Returns
    -------
    DataFrame
        One row per friction; columns in `CAUSES`.

    Raises
    ------
    UsageError
        If a column is missing, or there are no failed runs.

    Examples
    --------
    >>> runs = pd.DataFrame({"as it is": [False, False, True], "stalling": [True, False, False]})
    >>> tabulate_causes(runs, ["stalling"])[["mended_share", "lost_share"]].values.tolist()
    [[0.5, 1.0]]
    """
    failed = _failed(ceasefires)
    missing = set(absent)
    alone = {name: _column(ceasefires, name) for name in frictions}
    mending = sum((column.astype(np.int64) for column in alone.values()), np.zeros(len(failed), dtype=np.int64))
    extra = {name: _column(ceasefires, name) for name in (ALL, LUCK) if name in ceasefires}
    records = []
    for name, then in {**alone, **extra}.items():
        count, successes = int(failed.sum()), int((~failed).sum())
        mended, lost = int((failed & then).sum()), int((~failed & ~then).sum())
        low, high = wilson(mended, count)
        lost_low, lost_high = wilson(lost, successes) if successes else (0.0, 1.0)
        change = paired_difference(successes - lost, mended, lost, len(failed))
        only = int((failed & then & (mending == 1)).sum()) if name in alone else 0
        records.append((
            name, name not in missing, count, mended, mended / count, float(low), float(high), only, successes, lost,
            lost / successes if successes else float("nan"), float(lost_low), float(lost_high), float(then.mean()),
            float(change.difference), float(change.low), float(change.high), bool(change.low > 0 or change.high < 0),
        ))  # fmt: skip
    return pd.DataFrame(records, columns=list(CAUSES))


def tabulate_interactions(ceasefires: pd.DataFrame, pairs: Iterable[tuple[str, str]]) -> pd.DataFrame:
    """Count what two frictions do together beyond what either does alone, in the failed runs.

    Parameters
    ----------
    ceasefires
        Table of runs and removals, with a column for each friction and each pair.
    pairs
        Pairs of names.

    Returns
    -------
    DataFrame
        One row per pair; columns in `INTERACTIONS`.

    Raises
    ------
    UsageError
        If a column is missing, or there are no failed runs.
    """
    failed = _failed(ceasefires)
    count, records = int(failed.sum()), []
    for first, second in pairs:
        one, other = _column(ceasefires, first) & failed, _column(ceasefires, second) & failed
        both, either = _column(ceasefires, together((first, second))) & failed, one | other
        only, undone = int((both & ~either).sum()), int((either & ~both).sum())
        change = paired_difference(int((both & either).sum()), only, undone, count)
        records.append((
            first, second, count, int(one.sum()), int(other.sum()), int(either.sum()), int(both.sum()), only, undone,
            float(change.difference), float(change.low), float(change.high), bool(change.low > 0 or change.high < 0),
        ))  # fmt: skip
    return pd.DataFrame(records, columns=list(INTERACTIONS))


def tabulate_remainders(
    ceasefires: pd.DataFrame, frictions: Sequence[str], pairs: Sequence[tuple[str, str]] = ()
) -> pd.DataFrame:
    """Sort the failed runs by the least that mends them: one removal, a pair, all together, nothing.

    Parameters
    ----------
    ceasefires
        Table of runs and removals, with a column `ALL`.
    frictions, pairs
        Names of frictions, and pairs of them; without pairs their row is left out.

    Returns
    -------
    DataFrame
        One row per kind, whose counts sum to the failed runs; columns in `REMAINDERS`.

    Raises
    ------
    UsageError
        If a column is missing, or there are no failed runs.
    """
    failed = _failed(ceasefires)
    zero = np.zeros(len(failed), dtype=np.int64)
    single = sum((_column(ceasefires, name).astype(np.int64) for name in frictions), zero)
    paired = sum((_column(ceasefires, together(pair)).astype(np.int64) for pair in pairs), zero)
    in_all = _column(ceasefires, ALL)
    kinds: Mapping[str, BoolArray] = {
        ONE: single == 1,
        SEVERAL: single > 1,
        **({PAIR: (single == 0) & (paired > 0)} if pairs else {}),
        TOGETHER: (single == 0) & (paired == 0) & in_all,
        NOTHING: (single == 0) & (paired == 0) & ~in_all,
    }
    total, records = int(failed.sum()), []
    for kind, there in kinds.items():
        count = int((there & failed).sum())
        low, high = wilson(count, total)
        records.append((kind, total, count, count / total, float(low), float(high)))
    return pd.DataFrame(records, columns=list(REMAINDERS))


def _failed(ceasefires: pd.DataFrame) -> BoolArray:
    failed = ~_column(ceasefires, NONE)
    if not failed.any():
        what = "there is no run" if not len(failed) else f"each of the {len(failed):,} runs has a ceasefire by the date"
        raise UsageError(f"{what}, so there is no failure to explain; take an earlier date or another scenario")
    return failed


def _column(ceasefires: pd.DataFrame, name: str) -> BoolArray:
    if name not in ceasefires:
        known = [str(column) for column in ceasefires.columns]
        raise UsageError(f"the table of removals has no column '{name}'{nearest(name, known)}")
    column: BoolArray = ceasefires[name].to_numpy(dtype=bool)
    return column
