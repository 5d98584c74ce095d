"""What is followed from week to week: counts that add up, quantiles, and single runs."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import sim
from sim.errors import UsageError
from sim.experiment import Experiment, Results
from sim.experiment.batch import blocks_of
from sim.experiment.chunk import simulate
from sim.experiment.traces import QUANTILES, VARIABLES, add_counts, check_traces
from sim.parameters import OBLAST_AREAS
from sim.scenario.calendar import date_of
from tests.batches import carried_out

RUNS = 40


@pytest.fixture(scope="module")
def everything(hardball) -> Experiment:
    """Every variable, of every run value by value."""
    return Experiment.of(hardball, runs=RUNS, seed=5, traces=VARIABLES, trace_runs=range(RUNS))


@pytest.fixture(scope="module")
def followed(everything) -> Results:
    return carried_out(everything, chunk=RUNS)


@pytest.fixture(scope="module")
def values(followed) -> pd.DataFrame:
    """One row per run, one column per week and variable."""
    return followed.histories.pivot(index="run", columns=["week", "variable"], values="value")


def test_every_week_of_every_variable_is_there(followed, everything):
    weeks = everything.scenarios[0].horizon_week
    table = followed.traces
    assert len(table) == weeks * len(VARIABLES) and set(table["runs"]) == {RUNS}
    assert table["variable"].tolist() == sorted(VARIABLES) * weeks
    assert table["date"].tolist() == [date_of(week).isoformat() for week in range(weeks) for _ in VARIABLES]
    assert dict(zip(table["variable"], table["unit"], strict=True)) == {
        name: variable.unit for name, variable in VARIABLES.items()
    }


def test_quantiles_are_those_of_the_runs_to_within_one_step(followed, values):
    for row in followed.traces.to_dict("records"):
        variable = VARIABLES[row["variable"]]
        if variable.is_event:
            assert np.isnan([row[name] for name in QUANTILES]).all()
            continue
        column = values[row["week"], row["variable"]].clip(variable.low, variable.high)
        for name, level in QUANTILES.items():
            exact = np.quantile(column, level, method="inverted_cdf")
            assert abs(row[name] - exact) <= variable.step * (1 + 1e-9), (row, name)


def test_the_share_of_an_event_is_exact(followed, values):
    for row in followed.traces.to_dict("records"):
        if VARIABLES[row["variable"]].is_event:
            assert row["share"] == values[row["week"], row["variable"]].sum() / RUNS
        else:
            assert np.isnan(row["share"])


def test_hardly_a_value_lies_beyond_the_ends(values):
    """There it is counted at the end, and a quantile would not tell."""
    for name, variable in VARIABLES.items():
        column = values.xs(name, axis=1, level="variable").to_numpy()
        assert ((column < variable.low) | (column > variable.high)).mean() < 0.01, name


def test_variables_agree_with_each_other(values):
    def of(name: str) -> np.ndarray:
        return values.xs(name, axis=1, level="variable").to_numpy()

    blocked = of("blocked_by_russia") + of("blocked_by_ukraine") + of("blocked_by_both")
    war = of("war") == 1
    assert (blocked + of("zone") == 1)[war].all()
    assert (of("war") + of("ceasefire") <= 1)[:, 1:].mean() > 0.95
    assert 0 < of("zone").mean() < 1 and 0 < of("confidence").min() < of("confidence").max() < 1


def test_states_of_the_talks_and_of_washington_are_exclusive_and_make_up_the_weeks_of_war(values):
    def of(name: str) -> np.ndarray:
        return values.xs(name, axis=1, level="variable").to_numpy()

    talks = [of(f"war_{name}") for name in ("zone", "blocked_by_russia", "blocked_by_ukraine", "blocked_by_both")]
    washington = [of(f"war_us_{name}") for name in ("mediates", "presses_russia", "presses_ukraine", "gone")]
    for states in (talks, washington):
        assert (sum(states) == of("war")).all()
        assert all(0 < state.mean() < 1 for state in states[:2])
    assert (of("war_us_gone") == of("war") * (1 - of("us_engaged"))).all()
    assert (of("war") + of("conquered") <= 1).all()


def test_the_land_left_in_the_oblasts_adds_up(values):
    def of(name: str) -> np.ndarray:
        return values.xs(name, axis=1, level="variable").to_numpy()

    total = sum(of(f"land_left_{oblast}") for oblast in OBLAST_AREAS)
    np.testing.assert_allclose(total, of("land_left"))


def test_little_land_is_known_to_within_a_square_kilometre():
    assert VARIABLES["land_left_luhansk"].step == pytest.approx(1)
    for oblast, area in OBLAST_AREAS.items():
        variable = VARIABLES[f"land_left_{oblast}"]
        assert (variable.low, variable.high) == (0, area) and variable.step < 5.01


def test_conquest_is_told_from_a_ceasefire(hardball):
    lost = hardball.vary({f"front.{oblast}_left": 30.0 for oblast in OBLAST_AREAS}, name="lost")
    table = sim.compare(lost, runs=20, traces=["war", "conquered", "ceasefire"], workers=1).traces
    last = table[table["week"] == table["week"].max()].set_index("variable")["share"]
    assert last["conquered"] > 0.5
    assert last["war"] + last["conquered"] + last["ceasefire"] == pytest.approx(1)


def test_the_last_week_is_that_of_the_outcomes(followed, values, everything):
    last = everything.scenarios[0].horizon_week - 1
    lost = values[last, "land_lost"]
    np.testing.assert_allclose(lost, followed.outcomes.set_index("run")["territory_lost_km2"])


@pytest.mark.parametrize("chunk", [7, 16])
def test_traces_do_not_depend_on_the_parts(hardball, chunk):
    experiment = Experiment.of(
        hardball, runs=20, traces=["zone", "confidence", "land_left"], trace_runs=[0, 6, 7, 19]
    )
    whole, parts = carried_out(experiment, chunk=20), carried_out(experiment, chunk=chunk)
    pd.testing.assert_frame_equal(parts.traces, whole.traces, check_exact=True)
    pd.testing.assert_frame_equal(parts.histories, whole.histories, check_exact=True)


def test_counts_of_parts_add_up_in_any_order(hardball):
    experiment = Experiment.of(hardball, runs=12, traces=["zone", "confidence"])
    parts = [simulate(experiment.task(block)).traces for block in blocks_of(experiment, range(12), chunk=4)]
    (whole,) = (simulate(experiment.task(block)).traces for block in blocks_of(experiment, range(12)))
    total = add_counts([whole])
    pd.testing.assert_frame_equal(add_counts(parts), total)
    pd.testing.assert_frame_equal(add_counts(reversed(parts)), total)
    assert total.groupby(["week", "variable"])["runs"].sum().eq(12).all()


def test_each_point_and_each_scenario_has_traces_of_its_own(hardball, sober):
    swept = sim.sweep(hardball, {"russia.confidence": [0.2, 0.5]}, runs=8, traces=["confidence"], workers=1, chunk=5)
    begun = swept.traces[swept.traces["week"] == 0].set_index("point")["q50"]
    assert begun.index.tolist() == [0, 1] and begun[0] < begun[1]
    both = sim.compare([hardball, sober], runs=8, traces=["confidence"], workers=1)
    for name in ("hardball", "sober"):
        alone = sim.compare(hardball if name == "hardball" else sober, runs=8, traces=["confidence"], workers=1).traces
        rows = both.traces[both.traces["scenario"] == name].reset_index(drop=True)
        pd.testing.assert_frame_equal(rows, alone, check_exact=True)


def test_the_runs_repeated_with_other_luck_are_not_traced(hardball):
    traced = sim.compare(hardball, runs=6, traces=["war"], workers=1)
    assert set(traced.traces["runs"]) == {6} and len(traced._tables["repeats"].table()) == 6


def test_a_history_is_that_of_its_run_whatever_else_is_traced(hardball):
    some = sim.compare(hardball, runs=8, traces=["war", "confidence"], trace_runs=[3], workers=1).histories
    alone = sim.compare(hardball, runs=8, traces=["confidence"], trace_runs=[3, 5], workers=1, chunk=3).histories
    first = some[some["variable"] == "confidence"].reset_index(drop=True)
    pd.testing.assert_frame_equal(first, alone[alone["run"] == 3].reset_index(drop=True), check_exact=True)


def test_without_traces_there_are_none(comparison):
    assert comparison.traces.empty and comparison.histories.empty and "traces" not in comparison.tables()


def test_tracing_changes_no_outcome(followed, hardball):
    assert followed.outcomes.equals(sim.compare(hardball, runs=RUNS, seed=5, workers=1).outcomes)


def test_names_come_once_and_in_the_order_of_the_list():
    assert check_traces(["zone", "confidence", "zone"]) == ("confidence", "zone")


def test_an_unknown_name_is_answered_with_the_nearest():
    with pytest.raises(UsageError, match="'confidnce' cannot be traced; did you mean 'confidence'"):
        check_traces(["zone", "confidnce"])
    with pytest.raises(UsageError, match=r"'xyz' cannot be traced; there are confidence, .*guarantee"):
        check_traces(["xyz"])
