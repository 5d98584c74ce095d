"""The world that the rules simulate against the tables of figures in ``sim/evidence``."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sim.arrays import FloatArray
from sim.evidence import WEEKS_A_MONTH, collapse_hazards, derive, numbers, read
from sim.parameters import PARAMETERS
from sim.verification.check import Check, Result
from sim.verification.worlds import QUIET, quiet, sign

GROUP = "evidence"
AREAS = "DeepStateMap, weekly areas"
CEASEFIRES = "ETH/PRIO, survival"
COLLAPSES = "ETH/PRIO, collapses"

# ----------------------------------------------------------------------------------------------------------------------
# From tables to parameters


def numbers_from_tables(runs: int) -> Iterator[Result]:
    """Check that each number graded data is the computed one, to the digits written, and none without a computation."""
    findings = derive.defaults()
    differ = [finding.name for finding in findings if finding.rounded != finding.written]
    yield Result(
        GROUP, "numbers graded data that the tables give again", f"{len(findings)} of {len(findings)}",
        f"{len(findings) - len(differ)}{_names(differ)}", "digits written", "sim/evidence", not differ,
    )  # fmt: skip
    graded = [name for name, parameter in PARAMETERS.items() if parameter.grade == "data"]
    missing = sorted(set(graded) - {finding.name for finding in findings})
    yield Result(
        GROUP, "parameters graded data that a table stands behind", f"{len(graded)} of {len(graded)}",
        f"{len(graded) - len(missing)}{_names(missing)}", "none", "sim/evidence", not missing and bool(graded),
    )  # fmt: skip


def _names(names: list[str]) -> str:
    return f", not {', '.join(names)}" if names else ""


# ----------------------------------------------------------------------------------------------------------------------
# The front

WEEKS = 100
BLOCKS = 20  # parts of an ensemble, to see by how much luck moves a statistic of it
RUNS_A_BLOCK = 20
ERRORS = 4.0  # standard errors of the simulation
ROUNDING = 0.002  # parameters have three digits; relative

#: The front alone: its luck is back, and Washington neither presses nor leaves.
FRONT = QUIET | {"front.pace_spread": PARAMETERS["front.pace_spread"].default} | {
    f"united_states.{move}_base": -10.0 for move in ("press_russia", "press_ukraine", "disengage")
}  # fmt: skip

STATISTICS = {
    "mean": "mean weekly advance, km²",
    "spread": "standard deviation of the weekly advance, km²",
    "persistence": "correlation with the week before",
    "memory": "correlation with the advance of four weeks before",
    "negative": "share of weeks in which Ukraine gains",
}


def advances(runs: int, **changes: float) -> FloatArray:
    """Return the simulated weekly advance of the front alone, km², shape (weeks, runs).

    Changes are parameters of the front, ``pace_skew_offset=500``.
    """
    model = quiet(FRONT | {f"front.{key}": value for key, value in changes.items()}, weeks=WEEKS, runs=runs)
    rows = np.empty((WEEKS, runs))
    for week in range(WEEKS):
        model.step()
        rows[week] = model.front.advance
    return rows


def moments(advance: FloatArray) -> dict[str, float]:
    """Return what the evidence says of one stretch of weeks, over all stretches together."""
    centred = advance - advance.mean()
    return {
        "mean": float(advance.mean()),
        "spread": float(advance.std()),
        "persistence": float((centred[1:] * centred[:-1]).mean() / (centred**2).mean()),
        "memory": float((centred[4:] * centred[:-4]).mean() / (centred**2).mean()),
        "negative": float((advance < 0).mean()),
    }


def observed_moments() -> dict[str, float]:
    """Return the same of the observed weeks, as computed from the table."""
    return {
        "mean": derive.pace(),
        "spread": derive.pace_spread(),
        "persistence": derive.correlation(1),
        "memory": derive.correlation(4),
        "negative": derive.share_of_negative_weeks(),
    }


def lawful_moments() -> dict[str, float]:
    """Return what the law fitted to the observed weeks has in the long run, where correlations are not biased."""
    lasting, persistence = derive.pace_lasting(), derive.pace_persistence()
    return observed_moments() | {"persistence": lasting * persistence, "memory": lasting * persistence**4}


def weekly_front(runs: int) -> Iterator[Result]:
    """Check mean, spread, persistence and share of negative weeks, over many runs and against single runs."""
    advance = advances(max(BLOCKS * RUNS_A_BLOCK, runs))
    simulated, lawful, observed = moments(advance), lawful_moments(), observed_moments()
    blocks = [moments(block) for block in np.array_split(advance, BLOCKS, axis=1)]
    for statistic, words in STATISTICS.items():
        error = np.std([block[statistic] for block in blocks], ddof=1) / np.sqrt(BLOCKS)
        expected, tolerance = lawful[statistic], ERRORS * error + ROUNDING * abs(lawful[statistic])
        yield Result(
            GROUP, f"front: {words}, {advance.shape[1]} runs of {WEEKS} weeks", f"{expected:.3g}",
            f"{simulated[statistic]:.3g}", f"±{tolerance:.2g} ({ERRORS:g} s.e., rounding)", AREAS,
            bool(abs(simulated[statistic] - expected) <= tolerance),
        )  # fmt: skip
    weeks = len(derive.weekly_advance())
    alone = [moments(run[:, None]) for run in advance[:weeks].T]
    for statistic, words in STATISTICS.items():
        low, high = np.quantile([run[statistic] for run in alone], (0.025, 0.975))
        yield Result(
            GROUP, f"front: {words}: the observed {weeks} weeks among single runs",
            f"{low:.3g} to {high:.3g}", f"{observed[statistic]:.3g}", f"95 % of runs of {weeks} weeks", AREAS,
            bool(low <= observed[statistic] <= high),
        )  # fmt: skip


def weeks_by_month() -> NDArray[np.int64]:
    """Return the number of observed weeks that begin in each whole month, four or five, shape (months,)."""
    mondays = np.array(read("oblast_areas_weekly")["date"][:-1], dtype="datetime64[D]")
    months, counts = np.unique(mondays.astype("datetime64[M]"), return_counts=True)
    # The month of the last observed day is not over.
    last = np.datetime64(read("oblast_areas_weekly")["date"][-1], "M")
    return np.asarray(counts[months < last], dtype=np.int64)


def monthly_front(runs: int) -> Iterator[Result]:
    """Check mean, spread and correlation of weeks summed to months, the observed and the simulated ones alike."""
    counts = weeks_by_month()
    starts = np.cumsum(counts) - counts
    observed = np.add.reduceat(derive.weekly_advance()[: counts.sum()], starts)
    advance = advances(max(BLOCKS * RUNS_A_BLOCK, runs))[: counts.sum()]
    simulated = np.add.reduceat(advance, starts, axis=0)
    statistics: dict[str, tuple[float, FloatArray]] = {
        "mean, km²,": (float(observed.mean()), simulated.mean(axis=0)),
        "standard deviation, km²,": (float(observed.std(ddof=1)), simulated.std(axis=0, ddof=1)),
        "month-to-month correlation": (float(_correlation(observed)), _correlation(simulated)),
    }
    for words, (expected, of_runs) in statistics.items():
        # The data are one stretch of months: single runs show by how much such a stretch may be off.
        tolerance = 2 * of_runs.std(ddof=1)
        yield Result(
            GROUP, f"front: {words} of the monthly advance (4 or 5 weeks), runs of {len(counts)} months",
            f"{expected:.3g}", f"{of_runs.mean():.3g}", f"±{tolerance:.3g} (2 s.d. of single runs)", AREAS,
            bool(abs(of_runs.mean() - expected) <= tolerance),
        )  # fmt: skip


def _correlation(months: FloatArray) -> FloatArray:
    """Return the correlation of each month with the one before, about the mean of its run, shape (runs,)."""
    centred = np.subtract(months, months.mean(axis=0))
    return np.asarray((centred[1:] * centred[:-1]).sum(axis=0) / (centred**2).sum(axis=0))


# ----------------------------------------------------------------------------------------------------------------------
# Ceasefires

YEAR = 53  # weeks
OBSERVED_CEASEFIRES = 420  # behind ceasefire_survival.csv
MONTHS = (1, 6, 12)
WEEKS_OF_AGE = (2, 4, 13, 26, 52)

#: Nothing acts on a ceasefire but its age.
REFERENCE = QUIET | {"truce.dissatisfaction_effect": 0.0, "truce.guarantee_effect": 0.0}


def in_force(donbas_likeness: float, runs: int) -> FloatArray:
    """Return the share of simulated ceasefires still in force by age in weeks, shape (weeks + 1,)."""
    model = quiet(REFERENCE | {"truce.donbas_likeness": donbas_likeness}, weeks=YEAR, runs=runs)
    sign(model)
    shares = np.ones(YEAR + 1)
    for week in range(YEAR):
        model.step()
        shares[week + 1] = model.truce.in_force.mean()
    return shares


def at_month(shares: FloatArray, months: FloatArray | float) -> FloatArray:
    """Return shares by week at ages in months."""
    return np.asarray(np.interp(np.asarray(months) * WEEKS_A_MONTH, np.arange(len(shares)), shares))


def implied(hazards: FloatArray, months: FloatArray) -> FloatArray:
    """Return the survival at ages in months under hazards that are constant within bands."""
    starts = collapse_hazards()[0]
    spent = np.clip(months[:, None] - starts, 0, np.append(np.diff(starts), np.inf))
    return np.asarray(np.exp(-spent @ hazards))


def ceasefires_observed(runs: int) -> Iterator[Result]:
    """Check the general curve against what was observed of the ceasefires of 1989 to 2020."""
    runs *= 2
    shares = in_force(0.0, runs)
    survival = dict(zip(numbers("ceasefire_survival", "age_months"), numbers("ceasefire_survival", "in_force"),
                        strict=True))  # fmt: skip
    for months in MONTHS:
        expected, got = float(survival[months]), float(at_month(shares, months))
        error = np.sqrt(expected * (1 - expected) * (1 / OBSERVED_CEASEFIRES + 1 / runs))
        yield Result(
            GROUP, f"ceasefires in force after {months} month{'s' if months > 1 else ''}, {runs:,} runs",
            f"{expected:.3f}", f"{got:.3f}", f"±{2 * error:.3f} (2 s.e. of {OBSERVED_CEASEFIRES} cases and runs)",
            CEASEFIRES, bool(abs(got - expected) <= 2 * error),
        )  # fmt: skip


def ceasefires_implied(runs: int) -> Iterator[Result]:
    """Check both curves against their own hazards of collapse, age by age."""
    runs *= 2
    starts, *curves = collapse_hazards()
    edges = starts[1:] * WEEKS_A_MONTH
    for curve, (name, hazards) in enumerate(zip(("general", "Donbas"), curves, strict=True)):
        shares = in_force(float(curve), runs)
        survival = implied(hazards, np.array(WEEKS_OF_AGE) / WEEKS_A_MONTH)
        for week, expected in zip(WEEKS_OF_AGE, survival, strict=True):
            # Weeks do not end where months do: at each edge up to half a week has the hazard of the other band.
            jumps = np.abs(np.diff(hazards))[edges < week + 1].sum() / WEEKS_A_MONTH / 2 * expected
            tolerance = ERRORS * np.sqrt(expected * (1 - expected) / runs) + jumps + 1 / runs
            yield Result(
                GROUP, f"{name} curve against its hazards: in force after {week} weeks", f"{expected:.3f}",
                f"{shares[week]:.3f}", f"±{tolerance:.3f} ({ERRORS:g} s.e., edges of bands)", COLLAPSES,
                bool(abs(shares[week] - expected) <= tolerance),
            )  # fmt: skip


CHECKS: tuple[Check, ...] = (
    Check(GROUP, numbers_from_tables, fast=True),
    Check(GROUP, weekly_front, fast=True),
    Check(GROUP, monthly_front, fast=True),
    Check(GROUP, ceasefires_observed, fast=True),
    Check(GROUP, ceasefires_implied, fast=True),
)
