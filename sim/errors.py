"""Every failure a user can cause, by name.

Each error is one sentence that names the place (file, line, key) and the remedy. The command line
prints it and exits with code 2; it never prints a traceback for one of these.
"""

from __future__ import annotations

import difflib
import operator
from collections.abc import Iterable
from pathlib import Path

#: Longest word that is taken for a misspelt name, in characters.
_LONGEST_NAME = 200


class TruceError(Exception):
    """Base class of every failure caused by input rather than by a defect of Truce."""


class ScenarioError(TruceError):
    """A scenario file, or one of the same form (a question, observations), cannot be used.

    Parameters
    ----------
    message
        What is wrong, and what would be right.
    file
        The file, if there is one.
    line
        Line in that file, counted from 1.
    key
        Dotted path of the offending key, for example ``russia.confidence``.
    """

    def __init__(
        self,
        message: str,
        *,
        file: Path | str | None = None,
        line: int | None = None,
        key: str | None = None,
    ) -> None:
        self.message, self.file, self.line, self.key = message, file, line, key
        place = "" if file is None else f"{file}:{line}: " if line is not None else f"{file}: "
        super().__init__(f"{place}{key + ': ' if key else ''}{message}")


class OutputError(TruceError):
    """The output directory cannot be used, or holds something that must not be overwritten."""


class ClusterError(TruceError):
    """A cluster does not answer, or was lost; what had been stored by then is kept."""


class FailedRunsError(TruceError):
    """More runs failed than are allowed; what had been stored by then is kept."""


class StoppedError(TruceError):
    """An experiment was stopped, by hand or by a signal; what had been stored by then is kept.

    Parameters
    ----------
    message
        What is kept, and how to go on.
    code
        The exit code of the command: 128 and the number of the signal.
    """

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


class UsageError(TruceError):
    """A value given to a command or a function makes no sense (runs, seed, baseline, ...)."""


def on_one_line(message: str) -> str:
    r"""Return a message as a terminal may show it: on one line, what cannot be printed as its code.

    Examples
    --------
    >>> on_one_line("first\n second \x1b[31m")
    'first second \\x1b[31m'
    """
    text = " ".join(message.split())
    return text if text.isprintable() else "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def nearest(word: str, known: Iterable[str]) -> str:
    """Return ``"; did you mean 'x'?"`` for the known word closest to `word`, or an empty string.

    Examples
    --------
    >>> nearest("confidnce", ["confidence", "horizon"])
    "; did you mean 'confidence'?"
    """
    if len(word) > _LONGEST_NAME:
        return ""  # no misspelt name is that long, and comparing would take long, too
    matches = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"; did you mean '{matches[0]}'?" if matches else ""


def check_known(what: str, name: str, known: Iterable[str]) -> str:
    """Return `name`, or raise a `UsageError` that names the closest of the known names, else all of them.

    Examples
    --------
    >>> check_known("outcome", "territory_lost_km2", ["territory_lost_km2"])
    'territory_lost_km2'
    """
    names = list(known)
    if name not in names:
        hint = nearest(name, names) or f"; there are {', '.join(names)}"
        raise UsageError(f"there is no {what} '{name}'{hint}")
    return name


def whole_number(what: str, value: object, lowest: int, highest: int | None = None) -> int:
    """Return `value` as an integer, or raise a `UsageError` that names what it is for.

    Examples
    --------
    >>> whole_number("runs", 12, lowest=1)
    12
    """
    try:
        # True is an integer to Python, but nobody means runs=True.
        number = None if isinstance(value, bool) else operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        number = None
    if number is None or number < lowest:
        raise UsageError(f"{what} must be a whole number from {lowest} upwards, not {value!r}")
    if highest is not None and number > highest:
        raise UsageError(f"{what} must be at most {highest:,}, not {number:,}")
    return number
