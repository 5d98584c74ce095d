"""Verification: theory, evidence and claims of the article against the code that runs the scenarios.

`verify` runs what ``truce verify`` runs; the tests run the same checks.

Examples
--------
>>> from sim.verification import verify
>>> all(result.passed for result in verify(groups=["convergence"], fast=True))
True
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sim.errors import UsageError, nearest, whole_number
from sim.verification import article, degeneracy, evidence, learning, nash, signs, theory
from sim.verification.check import GROUPS, Check, Result

__all__ = ["CHECKS", "FAST_RUNS", "GROUPS", "RUNS", "Check", "Result", "left_out", "verify"]

#: Runs that a share is taken over: its standard error is then at most 1.1 percentage points, while all groups together
#: stay well below two minutes on one core.
RUNS = 2000
#: With 400 runs it is at most 2.5 points: coarse, but it shows that a mechanism is gone, and is done in seconds.
FAST_RUNS = 400

#: Every check, in the order of `GROUPS`.
CHECKS: tuple[Check, ...] = tuple(
    sorted(
        (check for module in (theory, nash, learning, evidence, article, signs, degeneracy) for check in module.CHECKS),
        key=lambda check: list(GROUPS).index(check.group),
    )
)


def verify(fast: bool = False, groups: Iterable[str] | None = None, runs: int | None = None) -> Iterator[Result]:
    """Run the checks and yield what each found, as it comes in.

    Parameters
    ----------
    fast
        Leave out the checks that take long.
    groups
        Only these of `GROUPS`; all by default.
    runs
        Number of runs that shares and means are taken over; by default `RUNS`, or `FAST_RUNS` if fast.

    Returns
    -------
    Iterator[Result]
        Results in the order of `GROUPS`. A check that breaks down gives a failed result that names the error, and the
        rest goes on.

    Raises
    ------
    UsageError
        If there is no group of that name, or nothing to run.
    """
    runs = (FAST_RUNS if fast else RUNS) if runs is None else whole_number("runs", runs, lowest=1)
    wanted = list(GROUPS) if groups is None else list(groups)
    for name in wanted:
        if name not in GROUPS:
            raise UsageError(f"no group of checks is called {name!r}{nearest(name, GROUPS) or _all_groups()}")
    chosen = [check for check in CHECKS if check.group in wanted and (check.fast or not fast)]
    if not chosen:
        raise UsageError(f"none of the fast checks is of the group {' or '.join(wanted)}; leave out fast")
    return _results(chosen, runs)


def left_out(groups: Iterable[str] | None = None) -> list[str]:
    """Return the names of the checks that `fast` leaves out, of these groups or of all."""
    wanted = list(GROUPS) if groups is None else list(groups)
    return [check.name.replace("_", " ") for check in CHECKS if check.group in wanted and not check.fast]


def _results(checks: Iterable[Check], runs: int) -> Iterator[Result]:
    for check in checks:
        try:
            yield from check.run(runs)
        except Exception as error:
            what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
            name = f"{check.name.replace('_', ' ')}: broke down"
            yield Result(check.group, name, "no error", what, "none", f"sim.verification.{check.group}", passed=False)


def _all_groups() -> str:
    return f"; the groups are {', '.join(GROUPS)}"
