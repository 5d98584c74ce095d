import numpy as np
import pandas as pd
import pytest

from sim.analysis.intervals import wilson
from sim.analysis.summary import COLUMNS, median_week, summarise
from sim.errors import UsageError
from tests.synthetic import NAN, TEN, Case, made_up, outcomes_of

CASE = Case("hardball")


def one_row(**columns: object) -> pd.Series:
    lengths = [len(value) for value in columns.values() if isinstance(value, list)]
    return summarise(outcomes_of("hardball", max(lengths, default=10), **columns), [CASE]).iloc[0]


def test_columns_come_in_the_published_order() -> None:
    shares = ["ceasefire_by_deadline", "ceasefire_by_horizon", "settlement_at_horizon", "short_truce_by_deadline",
              "us_disengaged_by_deadline", "pressed_russia_by_deadline", "pressed_ukraine_by_deadline",
              "full_control_by_horizon", "territory_lost_km2", "territory_conceded_km2"]  # fmt: skip
    expected = ["scenario", "runs"]
    for name in shares:
        expected += [name, f"{name}_low", f"{name}_high"]
    expected += ["median_weeks_to_ceasefire", "no_zone_share", "blocked_by_russia_share", "deadline", "horizon"]
    table = summarise(made_up(runs=20), TEN)
    assert list(table.columns) == list(COLUMNS) == expected
    assert table["scenario"].tolist() == [case.name for case in TEN]


def test_a_ceasefire_counts_by_the_deadline_in_its_week_and_not_after() -> None:
    row = one_row(ceasefire_week=[0, 32, 33, 99, NAN])
    assert row["ceasefire_by_deadline"] == 0.4
    assert row["ceasefire_by_horizon"] == 0.8
    low, high = wilson(2, 5)
    assert (row["ceasefire_by_deadline_low"], row["ceasefire_by_deadline_high"]) == (low, high)


def test_each_scenario_is_held_to_its_own_deadline() -> None:
    from datetime import date

    cases = [Case("early", deadline=date(2025, 9, 1)), Case("late", deadline=date(2026, 9, 1))]
    rows = pd.concat([outcomes_of(case.name, 4, ceasefire_week=[10, 20, 30, 40]) for case in cases])
    assert summarise(rows, cases)["ceasefire_by_deadline"].tolist() == [0.25, 1.0]


@pytest.mark.parametrize(
    ("column", "share"),
    [
        ("short_truce_week", "short_truce_by_deadline"),
        ("us_disengaged_week", "us_disengaged_by_deadline"),
        ("pressed_russia_week", "pressed_russia_by_deadline"),
        ("pressed_ukraine_week", "pressed_ukraine_by_deadline"),
        ("full_control_week", "full_control_by_horizon"),
    ],
)
def test_each_share_counts_its_own_event(column: str, share: str) -> None:
    row = one_row(**{column: [5.0, NAN, NAN, NAN]})
    assert row[share] == 0.25
    others = [name for name in COLUMNS if name.endswith(("_deadline", "_horizon")) and name != share]
    assert (row[others] == 0).all()


def test_a_settlement_is_a_ceasefire_still_in_force() -> None:
    row = one_row(ceasefire_week=[10, 10, 10, NAN], settlement=[True, False, False, False])
    assert row["settlement_at_horizon"] == 0.25


def test_shares_of_0_and_1_have_intervals_that_end_there() -> None:
    never, always = one_row(), one_row(ceasefire_week=1.0, settlement=True)
    assert never["ceasefire_by_deadline"] == never["ceasefire_by_deadline_low"] == 0
    assert 0 < never["ceasefire_by_deadline_high"] < 0.3
    assert always["settlement_at_horizon"] == always["settlement_at_horizon_high"] == 1
    assert 0.7 < always["settlement_at_horizon_low"] < 1


def test_conceded_land_is_averaged_over_all_runs_not_only_those_with_an_agreement() -> None:
    row = one_row(territory_conceded_km2=[400.0, 0.0, 0.0, 0.0], territory_lost_km2=[10.0, 20.0, 30.0, 40.0])
    assert (row["territory_conceded_km2"], row["territory_lost_km2"]) == (100.0, 25.0)
    # Variance of 10, 20, 30, 40: 500/3; standard error sqrt(500/12).
    assert row["territory_lost_km2_high"] == pytest.approx(25 + 1.959964 * np.sqrt(500 / 12), abs=1e-5)


def test_the_median_is_over_all_runs_with_never_as_infinity() -> None:
    def median(weeks: list[float]) -> float:
        return one_row(ceasefire_week=weeks)["median_weeks_to_ceasefire"]

    assert median([4.0, 8.0, NAN]) == 8.0
    assert np.isnan(median([4.0, NAN, NAN]))
    assert median([4.0, 8.0, NAN, NAN]) == 8.0
    assert np.isnan(median([4.0, NAN, NAN, NAN]))
    assert median([0.0]) == 0.0 and median_week(np.array([0, 1, 2]), runs=4) == 2.0


def test_weeks_without_a_zone_are_a_share_of_each_runs_own_war() -> None:
    row = one_row(weeks_of_war=[100, 10, 0], weeks_without_zone=[50, 10, 0], weeks_blocked_by_russia=[20, 10, 0])
    assert row["no_zone_share"] == pytest.approx((0.5 + 1.0) / 2)  # a run without war has no weeks to share
    assert row["blocked_by_russia_share"] == pytest.approx(30 / 60)


def test_nobody_blocks_where_there_always_is_a_zone() -> None:
    row = one_row(weeks_without_zone=0)
    assert row["no_zone_share"] == 0 and np.isnan(row["blocked_by_russia_share"])


def test_a_missing_scenario_is_refused() -> None:
    with pytest.raises(UsageError, match="no run of scenario 'swift_deal'"):
        summarise(outcomes_of("hardball", 3), [CASE, Case("swift_deal")])
