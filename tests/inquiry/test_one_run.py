from __future__ import annotations

import pytest

from sim.errors import UsageError
from sim.inquiry.one_run import COLUMNS, explain_run


@pytest.fixture(scope="module")
def told(hardball):
    return explain_run(hardball, 7, seed=3, frictions=["russian_optimism", "red_line", "stalling"], pairs=True)


def test_one_run_comes_out_with_every_removal_as_it_does_among_many(told, explanation):
    alone = told.removals.set_index("removed")["ceasefire"]
    assert {name: alone[name] for name in alone.index} == {
        name: explanation.ceasefires.loc[7, name] for name in alone.index
    }
    assert list(told.removals.columns) == list(COLUMNS)


def test_what_changes_the_end_is_what_differs_from_the_run_as_it_is(told):
    rows = told.removals
    assert (rows["changes_the_end"] == (rows["ceasefire"] != rows["ceasefire"].iloc[0])).all()
    assert rows["changes_the_end"].any()


def test_every_week_up_to_the_date_is_told_with_the_numbers_of_the_table(told, hardball):
    assert [week.week for week in told.weeks] == list(range(hardball.deadline_week + 1))
    assert "to Russia and" in told.tables[0] and ("to be bridged" in told.tables[0] or "exists" in told.tables[0])
    assert f"week {hardball.deadline_week:>3}" in str(told)


def test_a_run_number_that_is_none_is_refused(hardball):
    with pytest.raises(UsageError, match="run must be a whole number from 0 upwards"):
        explain_run(hardball, -1)
