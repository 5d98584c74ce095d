"""How long ceasefires last, from the week in which they start to their collapse or the horizon.

Only a ceasefire that has held for 30 days counts as one, so none here ends before week `HOLDING_WEEKS` after its start:
what is told of later weeks is told of those that got so far. How many first signatures do is told beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.estimators import Survival, kaplan_meier, logrank, restricted_mean
from sim.analysis.intervals import wilson
from sim.analysis.outcomes import Column, ScenarioDates, Table, check_names, frames_of
from sim.analysis.terms import Groups, find_groups
from sim.arrays import FloatArray
from sim.errors import UsageError
from sim.evidence import WEEKS_A_MONTH, collapse_hazards
from sim.scenario.calendar import HOLDING_WEEKS

#: Months after the start at which the summary tells how many ceasefires still hold.
MONTHS = (3, 6, 12)

#: Weeks of the restricted mean: a year.
YEAR = 52

_KEYS = {
    "scenario": Column("name", "name of the scenario"),
    "group": Column("text", "all, or ceasefires whose term is in this range"),
}
_WEEKS = "weeks from the start of the ceasefire"
_SHARE = "share of ceasefires"

#: The survival curve, column by column, in its order.
CURVE: dict[str, Column] = {
    **_KEYS,
    "week": Column(_WEEKS, "up to and including this week; from the last in which all hold by definition"),
    "at_risk": Column("count", "ceasefires that held so far and are followed in this week"),
    "collapsed": Column("count", "of these, collapsed in this week"),
    "survival": Column(_SHARE, "chance to outlast this week (Kaplan-Meier)"),
    "low": Column(_SHARE, "lower bound of the 95 % interval of survival (Greenwood's, log-log)"),
    "high": Column(_SHARE, "upper bound of the 95 % interval of survival"),
}


def _with_bounds(name: str, unit: str, meaning: str) -> dict[str, Column]:
    bounds = {f"{name}_{end}": Column(unit, f"bound of the 95 % interval of {name}") for end in ("low", "high")}
    return {name: Column(unit, meaning), **bounds}


#: The summary of survival, column by column, in its order.
SUMMARY: dict[str, Column] = {
    **_KEYS,
    "signatures": Column("count", "first signatures early enough to see whether they held 30 days; 0 by group"),
    **_with_bounds("held_30_days", "share of signatures", "of these, held 30 days; NaN by group: terms are not known"),
    "ceasefires": Column("count", "ceasefires that held 30 days; all that follows is about these"),
    "collapsed": Column("count", "of these, seen to collapse before the horizon"),
    **{
        key: column
        for months in MONTHS
        for key, column in _with_bounds(
            f"after_{months}_months", _SHARE, f"chance to hold {months} months; NaN if none is followed so long"
        ).items()
    },
    **_with_bounds("median_weeks", "weeks", "first week that half do not outlast; NaN if it is not seen"),
    **_with_bounds("mean_weeks_of_52", "weeks", "mean number of the first 52 weeks that it holds; NaN if not followed"),
    "logrank_p": Column("probability", "that groups of this scenario differ so much by chance; NaN if not several"),
}

#: The hazards of collapse, column by column, in its order.
HAZARDS: dict[str, Column] = {
    **_KEYS,
    "from_month": Column("months from the start of the ceasefire", "age at which the band begins; at least 5 weeks"),
    "to_month": Column("months from the start of the ceasefire", "age at which it ends; infinite for the last"),
    "exposure_months": Column("months", "time that ceasefires were in force at this age, added up"),
    "collapsed": Column("count", "collapses at this age"),
    "hazard": Column("per month", "hazard of collapse, taken to be the same within the band"),
    "low": Column("per month", "lower bound of the 95 % interval of hazard"),
    "high": Column("per month", "upper bound of the 95 % interval of hazard"),
}


class NoCeasefireError(UsageError):
    """No run has a ceasefire that held, so that there is nothing whose end could be told."""


class Lives(NamedTuple):
    """The ceasefires of one scenario and group.

    Attributes
    ----------
    scenario, group
        Whose they are.
    ended, at_risk
        Collapses, and those in force and followed, by weeks since the start, shape (weeks,).
    signatures, held
        First signatures of which it is known whether they held 30 days, and how many of them did; 0 by group.
    """

    scenario: str
    group: str
    ended: NDArray[np.int64]
    at_risk: NDArray[np.int64]
    signatures: int
    held: int

    @property
    def number(self) -> int:
        """Number of ceasefires."""
        return int(self.at_risk[0])

    def followed(self, week: int) -> bool:
        """Tell whether anything is known of that week: one is followed so long, or the last has collapsed before."""
        return self.number > 0 and bool(self.last >= week or self.ended[self.last] == self.at_risk[self.last])

    @property
    def last(self) -> int:
        """Last week in which one is followed; -1 if there is none."""
        return int(np.count_nonzero(self.at_risk)) - 1

    def survival(self) -> Survival:
        """Return the curve from week 0 on."""
        found = kaplan_meier(self.ended, self.at_risk)
        # That they hold so far is what makes them ceasefires, not an estimate.
        return found._replace(low=np.where(np.arange(len(found.low)) < HOLDING_WEEKS, 1.0, found.low))


def survival_curve(
    outcomes: Table, scenarios: Sequence[ScenarioDates], by: str | None = None, groups: int | Sequence[float] = 3
) -> pd.DataFrame:
    """Share of ceasefires that outlast each week after their start (Kaplan-Meier).

    Those still in force when their run ends are censored there. With `by`, the ceasefires of each scenario are divided
    by what was agreed, at the same values in all scenarios. Terms are chosen by the parties and not by lot, so groups
    differ in more than their terms: their curves describe, and tell no effect.

    Parameters
    ----------
    outcomes
        Outcomes table.
    scenarios
        Scenarios, in the order wanted.
    by
        One of `sim.analysis.terms.KNOWN`: what is known of a ceasefire when it starts.
    groups
        2 or 3 groups of about the same size, all scenarios together; or the values at which they are divided.

    Returns
    -------
    DataFrame
        One row per scenario, group and week, as far as any is followed; `CURVE` names unit and meaning of each column.
        Scenarios and groups without a ceasefire have no rows.

    Raises
    ------
    NoCeasefireError
        If no run has a ceasefire that held; it is a `UsageError`.
    UsageError
        If `by` or `groups` cannot be used, two scenarios share a name, or the table
        has no run of one.
    """
    tables = []
    for lives in _all_lives(outcomes, scenarios, by, groups):
        if not lives.number:
            continue
        weeks, found = slice(HOLDING_WEEKS - 1, max(lives.last, HOLDING_WEEKS - 1) + 1), lives.survival()
        columns = {
            "scenario": lives.scenario, "group": lives.group, "week": np.arange(weeks.start, weeks.stop),
            "at_risk": lives.at_risk[weeks], "collapsed": lives.ended[weeks], "survival": found.share[weeks],
            "low": found.low[weeks], "high": found.high[weeks],
        }  # fmt: skip
        tables.append(pd.DataFrame(columns))
    return pd.concat(tables, ignore_index=True)[list(CURVE)]


def survival_summary(
    outcomes: Table, scenarios: Sequence[ScenarioDates], by: str | None = None, groups: int | Sequence[float] = 3
) -> pd.DataFrame:
    """How many signatures hold 30 days, and how long those do that have; the arguments are those of `survival_curve`.

    Returns
    -------
    DataFrame
        One row per scenario and group; `SUMMARY` names unit and meaning of each column. A median has the interval of
        R. Brookmeyer and J. Crowley (1982), *A confidence interval for the median survival time*, Biometrics 38: the
        weeks in which the bounds of the curve pass one half.

    Raises
    ------
    UsageError
        As `survival_curve`.

    Examples
    --------
    >>> import sim
    >>> comparison = sim.compare("sober_kremlin", runs=50)
    >>> table = comparison.survival_summary()
    >>> bool((table["after_3_months_low"] < table["after_3_months"]).all())
    True
    """
    found = list(_all_lives(outcomes, scenarios, by, groups))
    tests = {}
    for name in {lives.scenario for lives in found}:
        own = [lives for lives in found if lives.scenario == name]
        tests[name] = logrank(np.stack([lives.ended for lives in own]), np.stack([lives.at_risk for lives in own]))
    return pd.DataFrame([_summary(lives) | {"logrank_p": tests[lives.scenario]} for lives in found])[list(SUMMARY)]


def hazards(
    outcomes: Table, scenarios: Sequence[ScenarioDates], by: str | None = None, groups: int | Sequence[float] = 3
) -> pd.DataFrame:
    """Hazard of collapse per month by age, in the bands of the data on past ceasefires.

    The arguments are those of `survival_curve`. A collapse happens in a week or not, so the weekly chance is estimated,
    with Wilson's interval, and turned into a hazard: −ln(1 − chance), 4.35 weeks a month.

    Returns
    -------
    DataFrame
        One row per scenario, group and band in which any ceasefire is followed; `HAZARDS` names unit and meaning of
        each column.

    Raises
    ------
    UsageError
        As `survival_curve`.
    """
    starts = collapse_hazards()[0]
    tables = []
    for lives in _all_lives(outcomes, scenarios, by, groups):
        ages = np.arange(len(lives.ended))
        # A week belongs to the band that holds most of it, as in the model.
        band = np.searchsorted(starts, (ages + 0.5) / WEEKS_A_MONTH, side="right") - 1
        after = ages >= HOLDING_WEEKS
        weeks, ended = (
            np.bincount(band[after], weights=values[after], minlength=len(starts))
            for values in (lives.at_risk, lives.ended)
        )
        some = weeks > 0
        with np.errstate(divide="ignore"):  # if every one collapsed in its first week, no hazard is too high
            rates = [
                -np.log1p(-chance) * WEEKS_A_MONTH
                for chance in (ended[some] / weeks[some], *wilson(ended[some], weeks[some]))
            ]
        columns = {
            "scenario": lives.scenario, "group": lives.group,
            "from_month": np.maximum(starts, HOLDING_WEEKS / WEEKS_A_MONTH)[some],
            "to_month": np.append(starts[1:], np.inf)[some], "exposure_months": weeks[some] / WEEKS_A_MONTH,
            "collapsed": ended[some].astype(np.int64), **dict(zip(("hazard", "low", "high"), rates, strict=True)),
        }  # fmt: skip
        tables.append(pd.DataFrame(columns))
    return pd.concat(tables, ignore_index=True)[list(HAZARDS)]


def _all_lives(
    outcomes: Table, scenarios: Sequence[ScenarioDates], by: str | None, groups: int | Sequence[float]
) -> list[Lives]:
    """Return the ceasefires of every scenario and group, all of one number of weeks."""
    check_names(scenarios)
    divided = None if by is None else find_groups(outcomes, scenarios, by, groups)
    size = max(scenario.horizon_week for scenario in scenarios) + 1
    found = [lives for scenario in scenarios for lives in _lives(outcomes, scenario, divided, size)]
    if not any(lives.number for lives in found):
        raise NoCeasefireError("no run has a ceasefire that held for 30 days; there is nothing whose end could be told")
    return found


def _lives(outcomes: Table, scenario: ScenarioDates, groups: Groups | None, size: int) -> list[Lives]:
    labels = ("all",) if groups is None else groups.labels
    ended, left = (np.zeros((len(labels), size), dtype=np.int64) for _ in range(2))
    signatures = held = 0
    columns = ["signature_week", "ceasefire_week", "ceasefire_end_week", "weeks_simulated"]
    for rows in frames_of(outcomes, scenario.name, columns if groups is None else [*{*columns, groups.by}]):
        simulated = np.minimum(rows["weeks_simulated"].to_numpy(dtype=np.float64), scenario.horizon_week)
        signed, start, end = (rows[name].to_numpy(dtype=np.float64) for name in columns[:3])
        if groups is None:
            early = signed <= simulated - HOLDING_WEEKS
            signatures, held = signatures + int(early.sum()), held + int((early & (start == signed)).sum())
        some = start < simulated
        group = np.zeros(len(rows), dtype=np.intp) if groups is None else groups.of(rows)
        collapsed = some & (end < simulated)
        np.add.at(ended, (group[collapsed], (end - start)[collapsed].astype(np.intp)), 1)
        lasting = some & ~collapsed
        np.add.at(left, (group[lasting], (simulated - 1 - start)[lasting].astype(np.intp)), 1)
    out = ended + left
    at_risk = out[:, ::-1].cumsum(axis=1)[:, ::-1]  # those that end or are left in this week or later
    return [
        Lives(scenario.name, label, ended[k], at_risk[k], signatures, held) for k, label in enumerate(labels)
    ]


def _summary(lives: Lives) -> dict[str, object]:
    unknown = (float("nan"),) * 3
    values: dict[str, tuple[float, ...]] = {}
    low, high = wilson(lives.held, max(lives.signatures, 1))
    known = lives.signatures > 0
    values["held_30_days"] = (lives.held / lives.signatures, float(low), float(high)) if known else unknown
    found = lives.survival()
    for months in MONTHS:
        week = round(months * WEEKS_A_MONTH) - 1  # who outlasts the week of index 12 has held 13 weeks, or 3 months
        told = len(found.share) > week and lives.followed(week)
        values[f"after_{months}_months"] = tuple(float(part[week]) for part in found) if told else unknown
    values["median_weeks"] = tuple(_passes_half(part[: lives.last + 1]) for part in found) if lives.number else unknown
    told = len(found.share) >= YEAR and lives.followed(YEAR - 1)
    values["mean_weeks_of_52"] = restricted_mean(lives.ended[:YEAR], lives.at_risk[:YEAR]) if told else unknown
    row: dict[str, object] = {
        "scenario": lives.scenario, "group": lives.group, "signatures": lives.signatures, "ceasefires": lives.number,
        "collapsed": int(lives.ended.sum()),
    }  # fmt: skip
    for name, triple in values.items():
        row |= dict(zip((name, f"{name}_low", f"{name}_high"), triple, strict=True))
    return row


def _passes_half(curve: FloatArray) -> float:
    reached = curve <= 0.5
    return float(reached.argmax()) if reached.any() else float("nan")
