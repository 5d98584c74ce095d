from datetime import date

import numpy as np
import pandas as pd
import pytest

from sim.analysis.intervals import wilson
from sim.analysis.risks import LADDER, RISKS, competing_risks, cumulative_incidence, ladder
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


def first_events(table: pd.DataFrame, week: int, name: str = "share") -> dict[str, float]:
    rows = table[table["week"] == week]
    return dict(zip(rows["event"], rows[name], strict=True))


def test_what_came_first_by_hand() -> None:
    rows = outcomes_of(
        "short", 5, ceasefire_week=[1, 2, 3, NAN, NAN], us_disengaged_week=[NAN, 2, 1, 3, NAN],
        full_control_week=[0, NAN, NAN, 3, NAN],
    )  # fmt: skip
    table = competing_risks(rows, [SHORT])
    assert list(table.columns) == list(RISKS)
    # Ties: that of run 1 goes to the ceasefire, that of run 3 to full control.
    assert first_events(table, 2) == {"ceasefire": 0.2, "full_control": 0.2, "us_disengaged": 0.2, "none": 0.4}
    last = {"ceasefire": 0.2, "full_control": 0.4, "us_disengaged": 0.2, "none": 0.2}
    assert first_events(table, 4) == pytest.approx(last)
    assert first_events(table, 2, "at_risk")["none"] == 3
    none = table[(table["event"] == "none") & (table["week"] == 4)].iloc[0]
    assert (none["low"], none["high"]) == pytest.approx(tuple(map(float, wilson(1, 5))))


def test_a_run_that_ended_early_is_followed_as_long_as_its_ceasefires_can_be_seen_to_hold() -> None:
    case = Case("long", horizon=date(2025, 9, 1))  # 15 weeks
    rows = outcomes_of(
        "long", 4, ceasefire_week=[8, NAN, NAN, NAN], us_disengaged_week=[NAN, 7, 5, NAN],
        weeks_simulated=[15, 15, 9, 9],
    )  # fmt: skip
    table = competing_risks(rows, [case])
    # The runs of nine weeks are followed through week 4: Washington leaving in week 5 could have come second.
    assert first_events(table, 4, "at_risk")["none"] == 4
    assert first_events(table, 5, "at_risk")["none"] == 2
    assert first_events(table, 15) == {"ceasefire": 0.5, "full_control": 0.0, "us_disengaged": 0.5, "none": 0.0}


def test_the_table_ends_where_nobody_is_followed() -> None:
    case = Case("long", horizon=date(2025, 9, 1))
    table = competing_risks(outcomes_of("long", 3, us_disengaged_week=[2, NAN, NAN], weeks_simulated=10), [case])
    assert table["week"].max() == 5
    assert first_events(table, 5)["us_disengaged"] == pytest.approx(1 / 3)
    with pytest.raises(UsageError, match="no run of scenario 'long' is followed long enough"):
        competing_risks(outcomes_of("long", 3, weeks_simulated=4), [case])


def test_shares_add_up_to_1_in_every_week() -> None:
    table = competing_risks(made_up(runs=100), TEN)
    assert table.groupby(["scenario", "week"])["share"].sum().to_numpy() == pytest.approx(1)


def test_the_ladder_tells_the_incidence_on_the_last_days_of_months() -> None:
    outcomes = made_up(runs=100)
    table = ladder(outcomes, TEN)
    assert list(table.columns) == list(LADDER)
    own = table[table["scenario"] == "hardball"]
    assert own["by"].iloc[[0, 1, 7]].tolist() == ["2025-05-31", "2025-06-30", "2025-12-31"]
    assert own["by"].iloc[-1] == "2027-03-31"  # a ceasefire from April 2027 on is not always seen to hold
    both = table.merge(cumulative_incidence(outcomes, TEN), on=["scenario", "week"], suffixes=("", "_week"))
    assert len(both) == len(table)
    for name in ("share", "low", "high", "count"):
        assert both[name].equals(both[f"{name}_week"])
    deadline = own.set_index("by").loc["2025-12-31", "share"]
    assert deadline == summarise(outcomes, TEN).set_index("scenario").loc["hardball", "ceasefire_by_deadline"]


def test_quarters_are_every_third_month() -> None:
    months, quarters = (ladder(made_up(TEN[:1], runs=20), TEN[:1], every) for every in ("month", "quarter"))
    assert quarters["by"].tolist()[:2] == ["2025-06-30", "2025-09-30"]
    shared = months[months["by"].isin(quarters["by"])].reset_index(drop=True)
    pd.testing.assert_frame_equal(shared, quarters)


def test_a_ladder_that_cannot_be_is_refused() -> None:
    rows = outcomes_of("short", 3)
    with pytest.raises(UsageError, match="did you mean 'ceasefire_week'"):
        ladder(rows, [SHORT], event="ceasefire_weak")
    with pytest.raises(UsageError, match="did you mean 'quarter'"):
        ladder(rows, [SHORT], every="quarters")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="ends on 2025-06-16, before its first whole month"):
        ladder(rows, [SHORT])
    with pytest.raises(UsageError, match="no run of scenario 'other'"):
        competing_risks(rows, [Case("other")])
