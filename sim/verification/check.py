"""What a check says: what was expected, what was got, how much they may differ, and who says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

#: The parts of the verification, in the order in which they run.
GROUPS = {
    "theory": "limits of bargaining theory, reached by the rules that run the scenarios",
    "convergence": "fighting teaches: the zone of agreement opens in the week of the closed form",
    "calibration": "a belief that is the true law comes true as often as it says",
    "evidence": "the simulated front and simulated ceasefires look like the observed ones",
    "article": "each claim of the article shows, and is gone with its mechanism switched off",
    "signs": "what should rise or fall does, run by run on the same luck",
    "degeneracy": "every outcome varies, every branch is taken, every parameter moves something",
}


@dataclass(frozen=True, slots=True)
class Result:
    """One statement and whether it held.

    Attributes
    ----------
    group
        One of `GROUPS`.
    name
        The statement in words.
    expected, got, tolerance
        As printed.
    source
        Theory, data or claim (C1 to C14) that it rests on.
    passed
        Whether it held.
    """

    group: str
    name: str
    expected: str
    got: str
    tolerance: str
    source: str
    passed: bool


@dataclass(frozen=True, slots=True)
class Check:
    """A part of the verification that is run as a whole.

    Attributes
    ----------
    group
        One of `GROUPS`.
    run
        Yields results; takes the number of runs that a share or a mean is taken over.
    fast
        Whether ``truce verify --fast`` runs it too.
    """

    group: str
    run: Callable[[int], Iterator[Result]]
    fast: bool = False

    @property
    def name(self) -> str:
        """Name of the function that carries it out."""
        return self.run.__name__


def close(group: str, name: str, got: float, expected: float, tolerance: float, source: str) -> Result:
    """Say whether a number is the expected one within a tolerance."""
    return Result(
        group, name, _number(expected), _number(got), f"±{_number(tolerance)}", source, abs(got - expected) <= tolerance
    )


def between(group: str, name: str, got: float, low: float, high: float, source: str) -> Result:
    """Say whether a number lies in a range, bounds included."""
    return Result(
        group, name, f"{_number(low)} to {_number(high)}", _number(got), "range", source, bool(low <= got <= high)
    )


def rises(group: str, name: str, change: float, error: float, source: str, errors: float = 3.0) -> Result:
    """Say whether a paired difference exceeds some standard errors; `change` has the sign that is expected."""
    passed = bool(change > errors * error)
    return Result(
        group, name, "above zero", f"{_number(change)} (s.e. {_number(error)})", f"{errors:g} s.e.", source, passed
    )


def _number(value: float) -> str:
    return f"{value:.4g}"
