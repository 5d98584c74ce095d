from datetime import date

import numpy as np
import pandas as pd
import pytest

from sim.analysis.intervals import wilson
from sim.analysis.risks import cumulative_incidence
from sim.analysis.summary import summarise
from sim.errors import UsageError
from tests.synthetic import NAN, TEN, Case, made_up, outcomes_of

SHORT = Case("short", deadline=date(2025, 6, 2), horizon=date(2025, 6, 16))


def test_incidence_by_hand() -> None:
    table = cumulative_incidence(outcomes_of("short", 4, ceasefire_week=[1, 3, 3, NAN]), [SHORT])
    assert table["week"].tolist() == [0, 1, 2, 3, 4]
    assert table["share"].tolist() == [0, 0.25, 0.25, 0.75, 0.75]
    assert table["date"].iloc[[0, -1]].tolist() == [pd.Timestamp("2025-05-19"), pd.Timestamp("2025-06-16")]
    low, high = wilson([0, 1, 1, 3, 3], 4)
    assert np.array_equal(table["low"], low) and np.array_equal(table["high"], high)


def test_incidence_never_falls_and_agrees_with_the_summary() -> None:
    outcomes = made_up(runs=200)
    table, summary = cumulative_incidence(outcomes, TEN), summarise(outcomes, TEN)
    assert (table.groupby("scenario")["share"].diff().dropna() >= 0).all()
    at_deadline = table[table["week"] == 32].set_index("scenario")["share"]
    assert at_deadline.tolist() == summary["ceasefire_by_deadline"].tolist()
    last = table.groupby("scenario", sort=False)["share"].last()
    assert last.tolist() == summary["ceasefire_by_horizon"].tolist()


def test_scenarios_run_to_their_own_horizons() -> None:
    table = cumulative_incidence(made_up(runs=5), TEN)
    assert table.groupby("scenario")["week"].max()[["hardball", "long_war"]].tolist() == [104, 156]


def test_other_events_can_be_asked_for() -> None:
    table = cumulative_incidence(outcomes_of("short", 2, us_disengaged_week=[2, NAN]), [SHORT], "us_disengaged_week")
    assert table["share"].tolist() == [0, 0, 0.5, 0.5, 0.5]


def test_a_column_that_is_no_week_is_refused_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="did you mean 'ceasefire_week'"):
        cumulative_incidence(outcomes_of("short", 2), [SHORT], "ceasefire_weeks")
