from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis.intervals import wilson
from sim.report.numbers import (
    LADDER,
    Measured,
    area,
    area_difference,
    cell,
    decimals,
    odds,
    percent,
    points,
    rounded,
    two_digits,
    week_date,
)

RUNS = st.integers(1, 100_000)


def share(count: int, runs: int) -> Measured:
    low, high = wilson(count, runs)
    return Measured(count / runs, float(low), float(high))


def meant(phrase: str, runs: int) -> float:
    """The share that a phrase stands for."""
    if phrase.startswith("none"):
        return 0.0
    if phrase.startswith("all"):
        return 1.0
    if phrase.startswith("about half"):
        return 0.5
    first, second = (int(number.replace(",", "")) for number in re.findall(r"[\d,]+", phrase)[:2])
    if phrase.startswith("fewer than"):
        return first / second / 2
    return (first + 0.5) / second if phrase.startswith("more than") else first / second


counts = RUNS.flatmap(lambda runs: st.tuples(st.integers(0, runs), st.just(runs)))


@given(counts)
def test_a_phrase_is_the_share_or_next_to_it(case: tuple[int, int]) -> None:
    count, runs = case
    said = meant(odds(share(count, runs), runs), runs)
    rungs = [0.0, *(part / whole for part, whole in LADDER), 1.0]
    below, above = max(r for r in rungs if r <= count / runs), min(r for r in rungs if r >= count / runs)
    assert below <= said <= above


@given(st.integers(100, 2000).flatmap(lambda runs: st.tuples(st.integers(1, runs - 1), st.just(runs))))
def test_of_some_hundred_runs_a_phrase_lies_within_the_interval(case: tuple[int, int]) -> None:
    count, runs = case
    found = share(count, runs)
    said = meant(odds(found, runs), runs)
    assert found.low <= said <= found.high or abs(said - found.value) < 0.035


@given(RUNS.flatmap(lambda runs: st.tuples(st.integers(0, runs), st.integers(0, runs), st.just(runs))))
def test_a_larger_share_never_sounds_smaller(case: tuple[int, int, int]) -> None:
    *both, runs = case
    low, high = sorted(both)
    assert meant(odds(share(low, runs), runs), runs) <= meant(odds(share(high, runs), runs), runs)


@given(RUNS)
def test_none_and_all_are_counts_and_their_interval_has_a_width(runs: int) -> None:
    assert odds(share(0, runs), runs) == f"none of {runs:,} runs"
    assert odds(share(runs, runs), runs) == f"all {runs:,} runs"
    assert percent(share(0, runs)).startswith("0 %, 95 % interval 0 to ")
    assert not percent(share(0, runs)).endswith(" 0")
    assert percent(share(runs, runs)).startswith("100 %, 95 % interval ")


@given(counts)
def test_what_happened_in_some_runs_is_never_written_as_none_or_all(case: tuple[int, int]) -> None:
    count, runs = case
    text = percent(share(count, runs))
    assert (text.split(",")[0] == "0 %") == (count == 0)
    assert (text.split(",")[0] == "100 %") == (count == runs)


@given(counts)
def test_no_more_digits_than_the_interval_supports(case: tuple[int, int]) -> None:
    count, runs = case
    found = share(count, runs).scaled(100)
    half = (found.high - found.low) / 2
    shown = re.match(r"\d+\.(\d+) %", percent(share(count, runs)))
    if shown:
        assert 10 ** -len(shown[1]) >= half / 36  # the half-width has two digits at most, and then up to 35


@pytest.mark.parametrize(
    ("value", "low", "high", "text"),
    [
        (0.041, 0.029, 0.053, "4.1 percentage points more, 95 % interval 2.9 to 5.3"),
        (-0.024, -0.038, -0.009, "2.4 percentage points fewer, 95 % interval 0.9 to 3.8"),
        (0.012, -0.008, 0.034, "1.2 percentage points more, 95 % interval 0.8 fewer to 3.4 more"),
        (0.0, -0.012, 0.012, "no difference, 95 % interval 1.2 fewer to 1.2 more"),
        (0.03, 0.0002, 0.06, "3.0 percentage points more, 95 % interval just above 0 to 6.0"),
    ],
)
def test_a_difference_says_its_direction(value: float, low: float, high: float, text: str) -> None:
    assert points(Measured(value, low, high)) == text


@given(st.floats(-1, 1), st.floats(0, 1), st.floats(0, 1))
def test_a_difference_that_may_be_none_names_both_directions(value: float, below: float, above: float) -> None:
    number = Measured(value, max(value - below, -1), min(value + above, 1))
    text = points(number)
    both = "fewer to" in text and text.endswith("more")
    assert both == (number.low < 0 < number.high)


def test_areas_are_rounded_to_what_their_interval_supports() -> None:
    assert area(Measured(11675.5, 11358.8, 11992.3)) == "11,680 km², 95 % interval 11,360 to 11,990"
    assert area_difference(Measured(600.0, 550.0, 650.0)) == "600 km² more, 95 % interval 550 to 650"
    assert area(Measured(0.0, 0.0, 0.0)) == "0 km²"


def test_a_number_without_interval_says_only_itself() -> None:
    assert area(Measured(1234.4, math.nan, math.nan)) == "1,234 km²"
    assert cell(Measured(math.nan, math.nan, math.nan)).text == ""


def test_a_cell_sorts_by_its_number() -> None:
    found = cell(Measured(-0.023, -0.046, -0.001), 100)
    assert found.text == "−2.3 (−4.6 to −0.1)" and found.value == pytest.approx(-2.3)


@given(st.floats(1e-6, 1e6))
def test_the_last_digit_is_smaller_than_the_half_width(half: float) -> None:
    assert half / 36 <= 10.0 ** -decimals(half) <= half * 1.01


def test_widths_have_two_digits() -> None:
    assert [two_digits(value) for value in (5.26, 0.0404, 15.7, 0.0)] == ["5.3", "0.040", "16", "0"]
    assert rounded(8.93, 0.39) == "8.9"


def test_weeks_are_named_by_their_monday() -> None:
    assert week_date(0) == "the week of 19 May 2025"
