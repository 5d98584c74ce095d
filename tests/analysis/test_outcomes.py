import numpy as np
import pandas as pd
import pytest

from sim.analysis.outcomes import COLUMNS, STATES, state_at, state_shares
from sim.errors import UsageError
from tests.synthetic import NAN, Case, made_up, outcomes_of

CASE = Case("hardball")
PEACE, BROKEN, WAR, ALONE, DEFEAT = STATES


def five_fates() -> pd.DataFrame:
    """Holds from week 20; holds from week 20 to 50; war with and without Washington; full control in week 60."""
    return outcomes_of(
        "hardball",
        5,
        ceasefire_week=[20, 20, NAN, NAN, NAN],
        ceasefire_end_week=[NAN, 50, NAN, NAN, NAN],
        full_control_week=[NAN, NAN, NAN, NAN, 60],
        in_force_at_deadline=[True, True, False, False, False],
        settlement=[True, False, False, False, False],
        us_engaged_at_deadline=[True, True, True, False, True],
        us_engaged_at_horizon=[True, False, True, False, False],
    )


def test_every_run_has_one_state_at_the_deadline_and_one_at_the_horizon() -> None:
    assert state_at(five_fates(), CASE, "deadline").tolist() == [PEACE, PEACE, WAR, ALONE, WAR]
    assert state_at(five_fates(), CASE, "horizon").tolist() == [PEACE, BROKEN, WAR, ALONE, DEFEAT]


def test_a_date_counts_when_the_week_of_the_deadline_is_reached() -> None:
    rows = outcomes_of("hardball", 2, full_control_week=[32, 33])
    assert state_at(rows, CASE, "deadline").tolist() == [DEFEAT, WAR]


def test_a_second_ceasefire_in_force_outweighs_a_first_that_broke() -> None:
    rows = outcomes_of("hardball", 1, ceasefire_week=10, ceasefire_end_week=30, settlement=True)
    assert state_at(rows, CASE, "horizon").tolist() == [PEACE]


def test_a_ceasefire_that_broke_does_not_hide_full_control() -> None:
    rows = outcomes_of("hardball", 1, ceasefire_week=10, ceasefire_end_week=30, full_control_week=70)
    assert state_at(rows, CASE, "horizon").tolist() == [DEFEAT]


def test_states_are_indexed_by_run_and_look_at_one_scenario_only() -> None:
    rows = pd.concat([outcomes_of("other", 4), five_fates().iloc[::-1]])
    states = state_at(rows, CASE)
    assert states.index.tolist() == [0, 1, 2, 3, 4]
    assert list(states.cat.categories) == list(STATES)


def test_shares_of_states_add_up_to_1() -> None:
    cases = [Case("a"), Case("b")]
    shares = state_shares(made_up(cases, runs=50), cases)
    assert len(shares) == 2 * 2 * len(STATES)
    assert np.allclose(shares.groupby(["scenario", "when"])["share"].sum(), 1)


def test_shares_of_states_by_hand() -> None:
    shares = state_shares(five_fates(), [CASE]).set_index(["when", "state"])["share"]
    assert shares["deadline"].to_dict() == {PEACE: 0.4, BROKEN: 0.0, WAR: 0.4, ALONE: 0.2, DEFEAT: 0.0}
    assert shares["horizon"].to_dict() == dict.fromkeys(STATES, 0.2)


def test_a_scenario_without_runs_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(UsageError, match=r"'hardbal'.*did you mean 'hardball'"):
        state_at(five_fates(), Case("hardbal"))


def test_an_unknown_date_is_refused() -> None:
    with pytest.raises(UsageError, match="'tomorrow'"):
        state_at(five_fates(), CASE, "tomorrow")  # type: ignore[arg-type]


def test_scenarios_of_one_name_and_no_scenarios_are_refused() -> None:
    with pytest.raises(UsageError, match="two scenarios are named 'hardball'"):
        state_shares(five_fates(), [CASE, CASE])
    with pytest.raises(UsageError, match="no scenario"):
        state_shares(five_fates(), [])


def test_a_run_given_twice_is_refused() -> None:
    with pytest.raises(UsageError, match="twice"):
        state_at(pd.concat([five_fates(), five_fates()]), CASE)


def test_the_made_up_table_and_the_model_have_the_documented_columns() -> None:
    assert list(outcomes_of("x", 1).columns) == list(COLUMNS)
    import sim

    outcomes = sim.CeasefireModel(sim.load("hardball"), runs=2).outcomes()
    assert list(outcomes.columns) == list(COLUMNS)
    assert {column: kind.kind for column, kind in outcomes.dtypes.items() if kind.kind in "bif"} == {
        column: kind.kind for column, kind in outcomes_of("x", 1).dtypes.items() if kind.kind in "bif"
    }
