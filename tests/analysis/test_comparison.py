from datetime import date

import numpy as np
import pandas as pd
import pytest

from sim.analysis.comparison import COLUMNS, compare_to_baseline
from sim.errors import UsageError
from tests.synthetic import NAN, Case, made_up, outcomes_of

BASE, OTHER = Case("hardball"), Case("swift_deal")


def compared(base: list[float], other: list[float], case: Case = OTHER) -> pd.DataFrame:
    rows = [outcomes_of("hardball", len(base), ceasefire_week=base)]
    rows.append(outcomes_of(case.name, len(other), ceasefire_week=other))
    return compare_to_baseline(pd.concat(rows), [BASE, case], "hardball").set_index("outcome")


def test_differences_by_hand() -> None:
    # By the deadline (week 32): baseline yes no no no, scenario yes yes yes no. By the horizon both add week 60.
    table = compared([10, NAN, NAN, 60], [10, 20, 30, 60])
    early, late = table.loc["ceasefire_by_deadline"], table.loc["ceasefire_by_horizon"]
    assert (early["pairs"], early["share"], early["baseline_share"], early["difference"]) == (4, 0.75, 0.25, 0.5)
    assert (late["share"], late["baseline_share"], late["difference"]) == (1.0, 0.5, 0.5)
    assert (early["until"], late["until"]) == ("2025-12-31", "2027-05-17")
    # Discordant 2 and 0 of 4: shares 3/6 and 1/6 after adding one to each.
    half = 1.959964 * np.sqrt((4 / 6 - (2 / 6) ** 2) / 6)
    assert early["low"] == pytest.approx(2 / 6 - half, abs=1e-6)
    assert not early["distinguishable"]


def test_a_large_difference_is_distinguishable_and_none_is_not() -> None:
    few, many = [10.0] * 5 + [NAN] * 95, [10.0] * 40 + [NAN] * 60
    assert compared(few, many)["distinguishable"].all()
    worse = compared(many, few)
    assert worse["distinguishable"].all() and (worse["high"] < 0).all()
    same = compared(few, few)
    assert not same["distinguishable"].any()
    assert (same["variance_saved"] == 1).all()


def test_shared_luck_saves_variance_and_separate_luck_does_not() -> None:
    cases = [Case("hardball"), Case("swift_deal")]
    shared = made_up(cases, runs=4000)
    separate = pd.concat([made_up(cases[:1], runs=4000, seed=1), made_up(cases, runs=4000, seed=2).iloc[4000:]])
    saved = compare_to_baseline(shared, cases)["variance_saved"]
    assert (saved > 0.2).all()
    assert (compare_to_baseline(separate, cases)["variance_saved"].abs() < 0.1).all()


def test_runs_are_paired_by_number_not_by_place() -> None:
    rows = made_up([BASE, OTHER], runs=60)
    shuffled = rows.sample(frac=1, random_state=3)
    pd.testing.assert_frame_equal(
        compare_to_baseline(rows, [BASE, OTHER]), compare_to_baseline(shuffled, [BASE, OTHER])
    )


def test_scenarios_whose_horizons_differ_are_compared_by_the_earlier() -> None:
    long = Case("long_war", horizon=date(2028, 5, 15))
    # Weeks 99, 100 and 130: the baseline could see the first alone hold for 30 days before its end in week 104.
    table = compared([NAN, NAN, NAN, NAN], [99, 100, 130, NAN], long)
    late = table.loc["ceasefire_by_horizon"]
    assert late["until"] == "2027-05-17"
    assert late["share"] == 0.25


def test_the_earlier_deadline_counts_too() -> None:
    hasty = Case("hasty", deadline=date(2025, 9, 1))  # week 15
    early = compared([10, 20, NAN, NAN], [15, 16, 16, NAN], hasty).loc["ceasefire_by_deadline"]
    assert (early["until"], early["share"], early["baseline_share"]) == ("2025-09-01", 0.25, 0.25)


def test_the_table_is_tidy_and_leaves_the_baseline_out() -> None:
    cases = [OTHER, BASE, Case("moves_on")]
    table = compare_to_baseline(made_up(cases, runs=30), cases, "hardball")
    assert list(table.columns) == list(COLUMNS)
    assert table["scenario"].tolist() == ["swift_deal", "swift_deal", "moves_on", "moves_on"]
    assert set(table["baseline"]) == {"hardball"}
    assert table["distinguishable"].dtype == bool


def test_the_baseline_alone_gives_an_empty_table_with_columns() -> None:
    table = compare_to_baseline(outcomes_of("hardball", 3), [BASE])
    assert table.empty and list(table.columns) == list(COLUMNS)


def test_other_runs_than_those_of_the_baseline_are_refused() -> None:
    for other in (outcomes_of("swift_deal", 9), outcomes_of("swift_deal", 10, first_run=1)):
        with pytest.raises(UsageError, match="'swift_deal' has other runs than the baseline 'hardball'"):
            compare_to_baseline(pd.concat([outcomes_of("hardball", 10), other]), [BASE, OTHER])


def test_an_unknown_baseline_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(UsageError, match="did you mean 'hardball'"):
        compare_to_baseline(outcomes_of("hardball", 3), [BASE], "hardbal")
