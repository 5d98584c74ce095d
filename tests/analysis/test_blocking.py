from __future__ import annotations

import pandas as pd
import pytest

from sim.analysis.blocking import COLUMNS, QUANTITIES, who_blocks
from sim.errors import UsageError
from tests.synthetic import NAN, Case, outcomes_of

CASE = Case("hardball")
TWO = outcomes_of(
    "hardball", 2, weeks_of_war=[10, 21], weeks_without_zone=[8, 20], weeks_blocked_by_russia=[8, 10],
    weeks_blocked_by_ukraine=[0, 4], weeks_blocked_by_both=[0, 6], gap_russia=[0.1, 0.2], gap_ukraine=[0.0, 0.05],
    full_control_week=[NAN, 20.0], weeks_simulated=33,
)  # fmt: skip


def value(table: pd.DataFrame, quantity: str) -> float:
    return float(table.loc[table["quantity"] == quantity, "value"].iloc[0])


def test_shares_and_gaps_are_those_of_a_calculation_by_hand():
    table = who_blocks(TWO, [CASE])
    assert list(table.columns) == list(COLUMNS) and list(table["quantity"]) == list(QUANTITIES)
    # 10 + 20 weeks of war: the week in which Russia takes full control is none
    assert value(table, "no_zone") == pytest.approx(28 / 30) and value(table, "zone") == pytest.approx(2 / 30)
    assert value(table, "blocked_by_russia") == pytest.approx(18 / 28)
    assert value(table, "blocked_by_ukraine") == pytest.approx(4 / 28)
    assert value(table, "blocked_by_both") == pytest.approx(6 / 28)
    # the table of outcomes has means of all weeks without a zone; Russia had to yield in 8 of 8 and 16 of 20 of them
    assert value(table, "gap_russia") == pytest.approx((0.1 * 8 + 0.2 * 20) / 24)
    assert value(table, "gap_ukraine") == pytest.approx(0.05 * 20 / 10)
    assert set(table["weeks"]) == {33}


def test_the_three_who_block_make_up_all_weeks_without_a_zone():
    table = who_blocks(TWO, [CASE])
    assert sum(value(table, f"blocked_by_{who}") for who in ("russia", "ukraine", "both")) == pytest.approx(1.0)


def test_a_group_of_runs_is_counted_by_itself():
    table = who_blocks(TWO, [CASE], {"all runs": pd.Index([0, 1]), "first": pd.Index([0])})
    first = table[table["among"] == "first"]
    assert set(first["runs"]) == {1} and value(first, "blocked_by_russia") == 1.0
    assert value(table[table["among"] == "all runs"], "blocked_by_russia") == pytest.approx(18 / 28)


def test_a_group_without_a_run_and_a_scenario_without_rows_are_refused():
    with pytest.raises(UsageError, match="no run of the group 'failed runs'"):
        who_blocks(TWO, [CASE], {"failed runs": pd.Index([7])})
    with pytest.raises(UsageError, match="did you mean 'hardball'"):
        who_blocks(TWO, [Case("hardbal")])


def test_where_a_zone_always_exists_no_gap_is_made_up():
    table = who_blocks(outcomes_of("hardball", 5, weeks_without_zone=0), [CASE])
    assert value(table, "no_zone") == 0.0
    assert table.loc[table["quantity"] == "gap_russia", ["value", "low", "high"]].isna().all(axis=None)
    assert table.loc[table["quantity"] == "blocked_by_both", ["low", "high"]].to_numpy().tolist() == [[0.0, 1.0]]
