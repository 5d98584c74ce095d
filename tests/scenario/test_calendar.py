from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario import START, date_of, week_of
from sim.scenario.calendar import DEADLINE, HOLDING_WEEKS, HORIZON


def test_week_zero_is_the_week_of_the_call():
    assert date(2025, 5, 19) == START and START.strftime("%A") == "Monday"
    assert week_of(START) == 0 == week_of(date(2025, 5, 25))
    assert week_of(date(2025, 5, 26)) == 1


def test_days_before_the_start_lie_in_negative_weeks():
    assert week_of(date(2025, 5, 18)) == -1


def test_the_articles_deadline_is_in_week_32_and_the_horizon_two_years_away():
    assert (week_of(DEADLINE), week_of(HORIZON)) == (32, 104)


@given(st.integers(-1000, 1000))
def test_a_week_begins_on_the_monday_that_falls_in_it(week: int):
    assert week_of(date_of(week)) == week
    assert date_of(week).weekday() == 0


@pytest.mark.parametrize("day", [date(2025, 6, 1), date(2027, 2, 28)])
def test_a_day_lies_between_the_mondays_of_its_week(day: date):
    assert date_of(week_of(day)) <= day < date_of(week_of(day) + 1)


def test_a_ceasefire_counts_from_the_first_whole_week_that_is_not_under_thirty_days():
    assert 7 * (HOLDING_WEEKS - 1) < 30 <= 7 * HOLDING_WEEKS
