"""Numbers as people say them, with the exact figure and its interval behind, and never more digits than it supports.

How many digits an interval supports follows the rule of the Particle Data Group: the half-width keeps two digits if
they are at most 35, else one, and what it belongs to is rounded to the same place.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sim.plots.sheet import plain_date, short_date
from sim.report.document import Cell
from sim.scenario.calendar import date_of

#: Below so many runs they are counted ("3 of 20 runs") instead of being called "about 1 in 7".
FEWEST = 100

#: Shares that have a name, below and above one half.
_LOWER = ((1, 100), (1, 50), (1, 30), (1, 20), (1, 15), (1, 12), (1, 11), (1, 10), (1, 9), (1, 8), (1, 7), (1, 6),
          (1, 5), (1, 4), (3, 10), (1, 3), (4, 10), (9, 20))  # fmt: skip
_UPPER = ((11, 20), (6, 10), (2, 3), (7, 10), (3, 4), (8, 10), (5, 6), (7, 8), (9, 10), (19, 20), (49, 50), (99, 100))

#: The shares that `odds` speaks of, as (in, of).
LADDER: tuple[tuple[int, int], ...] = (*_LOWER, (1, 2), *_UPPER)

_RARE = (10_000, 1_000, 100)


class Measured(NamedTuple):
    """A number with the bounds of its 95 % interval, all in one unit; bounds are NaN where they are not known."""

    value: float
    low: float
    high: float

    def scaled(self, factor: float) -> Measured:
        """Return it in another unit.

        Examples
        --------
        >>> Measured(0.25, 0.125, 0.5).scaled(100)
        Measured(value=25.0, low=12.5, high=50.0)
        """
        return Measured(*(factor * part for part in self))


def odds(share: Measured, of: int, what: str = "runs") -> str:
    """Say a share as people do.

    Parameters
    ----------
    share
        Share of runs with its interval, 0-1.
    of
        Number of runs behind it.
    what
        What is counted, in the plural.

    Returns
    -------
    str
        "about 1 in 6 runs", "about half of the runs", "none of 2,000 runs", "fewer than 1 in 100 runs"; below
        `FEWEST` runs their number.

    Examples
    --------
    >>> odds(Measured(0.089, 0.085, 0.093), 20_000)
    'about 1 in 11 runs'
    >>> odds(Measured(0.0, 0.0, 0.002), 2000)
    'none of 2,000 runs'
    >>> odds(Measured(0.15, 0.05, 0.36), 20)
    '3 of 20 runs'
    """
    count = round(share.value * of)
    if count in (0, of):
        return f"{'none of' if count == 0 else 'all'} {of:,} {what}"
    if of < FEWEST:
        return f"{count:,} of {of:,} {what}"
    for number in _RARE:
        if share.high < 1 / number:
            return f"fewer than 1 in {number:,} {what}"
        if share.low > 1 - 1 / number:
            return f"more than {number - 1:,} in {number:,} {what}"
    part, whole = min(LADDER, key=lambda rung: abs(_log_odds(rung[0] / rung[1]) - _log_odds(share.value)))
    return f"about half of the {what}" if (part, whole) == (1, 2) else f"about {part} in {whole} {what}"


def percent(share: Measured) -> str:
    """Write a share of 0-1 exactly: in percent, with its interval.

    Examples
    --------
    >>> percent(Measured(0.089, 0.085, 0.093))
    '8.9 %, 95 % interval 8.5 to 9.3'
    >>> percent(Measured(0.0, 0.0, 0.0127))
    '0 %, 95 % interval 0 to 1.3'
    """
    value, interval = _written(share.scaled(100), most=100)
    return f"{value} %{interval}"


def chance(share: Measured, of: int, what: str = "runs") -> str:
    """Say a share as people do, with the exact one in brackets.

    Examples
    --------
    >>> chance(Measured(0.089, 0.085, 0.093), 20_000, "model runs")
    'about 1 in 11 model runs (8.9 %, 95 % interval 8.5 to 9.3)'
    """
    return f"{odds(share, of, what)} ({percent(share)})"


def in_brackets(text: str) -> str:
    """Put the interval of a written number into brackets, for the middle of a sentence.

    Examples
    --------
    >>> in_brackets(percent(Measured(0.089, 0.085, 0.093)))
    '8.9 % (95 % interval 8.5 to 9.3)'
    """
    value, comma, interval = text.partition(_INTERVAL)
    return f"{value} ({_INTERVAL.removeprefix(', ')}{interval})" if comma else text


def area(square_kilometres: Measured) -> str:
    """Write an area in km² with its interval.

    Examples
    --------
    >>> area(Measured(11675.5, 11358.8, 11992.3))
    '11,680 km², 95 % interval 11,360 to 11,990'
    """
    value, interval = _written(square_kilometres)
    return f"{value} km²{interval}"


def weeks(number: Measured) -> str:
    """Write a number of weeks with its interval.

    Examples
    --------
    >>> weeks(Measured(31.27, 28.8, 33.8))
    '31.3 weeks, 95 % interval 28.8 to 33.8'
    """
    value, interval = _written(number)
    return f"{value} weeks{interval}"


def points(difference: Measured) -> str:
    """Write a difference of two shares of 0-1 in percentage points.

    Examples
    --------
    >>> points(Measured(0.041, 0.029, 0.053))
    '4.1 percentage points more, 95 % interval 2.9 to 5.3'
    >>> points(Measured(-0.01, -0.03, 0.008))
    '1.0 percentage points fewer, 95 % interval 3.0 fewer to 0.8 more'
    """
    return _difference(difference.scaled(100), "percentage points", ("more", "fewer"))


def area_difference(square_kilometres: Measured) -> str:
    """Write a difference of two areas.

    Examples
    --------
    >>> area_difference(Measured(-1234.5, -1500.0, -970.0))
    '1,230 km² less, 95 % interval 970 to 1,500'
    """
    return _difference(square_kilometres, "km²", ("more", "less"))


def week_date(week: float) -> str:
    """Name a week by its Monday.

    Examples
    --------
    >>> week_date(32)
    'the week of 29 December 2025'
    """
    return f"the week of {plain_date(date_of(int(week)))}"


def cell(number: Measured, scale: float = 1.0, most: float = math.inf) -> Cell:
    """Return a number with its interval as a cell that sorts by the number; empty if there is none.

    Examples
    --------
    >>> cell(Measured(0.089, 0.085, 0.093), 100).text
    '8.9 (8.5 to 9.3)'
    """
    if math.isnan(number.value):
        return Cell("", math.nan)
    scaled = number.scaled(scale)
    value, interval = _written(scaled, most)
    return Cell(f"{value} ({interval.removeprefix(_INTERVAL)})" if interval else value, scaled.value)


def day_cell(day: date) -> Cell:
    """Return a date as a cell that sorts by it.

    Examples
    --------
    >>> day_cell(date(2025, 12, 31)).text
    '31 Dec 2025'
    """
    return Cell(short_date(day), float(day.toordinal()))


def half_width(number: Measured) -> float:
    """Return half the length of the interval.

    Examples
    --------
    >>> half_width(Measured(2.0, 1.0, 4.0))
    1.5
    """
    return (number.high - number.low) / 2


def two_digits(value: float) -> str:
    """Write a width, or what else is only known about: to two digits.

    Examples
    --------
    >>> two_digits(5.26), two_digits(0.404), two_digits(15.7), two_digits(99.7)
    ('5.3', '0.40', '16', '100')
    """
    place = 1 - math.floor(math.log10(value)) if 0 < value < math.inf else 0
    return _to_place(value, place)


def rounded(value: float, half: float) -> str:
    """Write a number to the place that a half-width supports.

    Examples
    --------
    >>> rounded(11675.5, 316.75), rounded(8.93, 0.39), rounded(4.12, 1.2)
    ('11,680', '8.9', '4.1')
    """
    return _to_place(value, decimals(half))


def decimals(half: float) -> int:
    """Return the decimal place to which a half-width supports a number; below zero: tens, hundreds.

    Examples
    --------
    >>> [decimals(half) for half in (0.39, 1.2, 3.6, 320.0)]
    [1, 1, 0, -1]
    """
    if not 0 < half < math.inf:
        return 0
    exponent = math.floor(math.log10(half))
    return 1 - exponent if round(half / 10.0**exponent, 2) < 3.55 else -exponent


_MOST_DECIMALS = 2  # of what is not small; a million runs would support more, but nobody reads them

_INTERVAL = ", 95 % interval "


def _written(number: Measured, most: float = math.inf) -> tuple[str, str]:
    """Return the number, and its interval in words; no interval if it is not known or no width is left."""
    half = half_width(number)
    if math.isnan(half):
        size = math.floor(math.log10(abs(number.value))) if number.value else 2
        return _to_place(number.value, max(2 - size, 0)), ""
    place = min(decimals(half), _MOST_DECIMALS) if abs(number.value) >= 1 else decimals(half)
    value, low, high = (_bound(part, place, most) for part in number)
    return value, "" if half == 0 else f"{_INTERVAL}{low} to {high}"


def _bound(value: float, place: int, most: float = math.inf) -> str:
    """Write a number; one that is not an end of the scale is never rounded to it."""
    if value in (0.0, most):
        return f"{value:.0f}"
    nearest = round(value, place)
    if nearest == 0:
        return "just above 0" if value > 0 else "just below 0"
    return f"just below {most:.0f}" if nearest >= most else _to_place(value, place)


def _to_place(value: float, place: int) -> str:
    return f"{round(value, place) + 0.0:,.{max(place, 0)}f}".replace("-", "−")


def _difference(number: Measured, unit: str, words: tuple[str, str]) -> str:
    place = min(decimals(half_width(number)), _MOST_DECIMALS)
    if number.value == 0 and half_width(number) == 0:
        return "no difference"
    size = [_bound(abs(part), place) for part in number]
    word = [words[0] if part > 0 else words[1] for part in number]
    start = "no difference" if number.value == 0 else f"{size[0]} {unit} {word[0]}"
    if math.isnan(half_width(number)):
        return start
    if number.low >= 0 or number.high <= 0:
        ends: Sequence[str] = size[1:] if number.low >= 0 else size[:0:-1]
        return f"{start}{_INTERVAL}{ends[0]} to {ends[1]}"
    return f"{start}{_INTERVAL}{size[1]} {words[1]} to {size[2]} {words[0]}"


def _log_odds(share: float) -> float:
    return math.log(share / (1 - share))
