"""A sweep is its scenario at every point, on the same luck: no more, and no less."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

import sim
from sim.analysis.moments import Moments
from sim.analysis.summary import COLUMNS
from sim.distributions import Uniform
from sim.errors import UsageError
from sim.experiment import Design, Experiment, Sweep
from sim.experiment.design import make_design
from tests.batches import Here, bytes_of, carried_out

VARY = {"russia.confidence": [0.1, 0.5], "united_states.urgency": [0.2, 0.8]}
RUNS = 8


@pytest.fixture(scope="module")
def swept(hardball) -> Sweep:
    return sim.sweep(hardball, VARY, runs=RUNS, seed=3, workers=1)


def at(result: Sweep, point: int) -> pd.DataFrame:
    rows = result.outcomes[result.outcomes["point"] == point]
    return rows.drop(columns="point").reset_index(drop=True)


def test_a_point_is_the_scenario_with_these_values_run_for_run(swept, hardball):
    """Many points side by side in one model give what a loop over scenarios gives, to the bit."""
    for row in swept.design.to_dict("records"):
        values = {name: value for name, value in row.items() if name != "point"}
        alone = sim.compare(hardball.vary(values), runs=RUNS, seed=3, workers=1)
        pd.testing.assert_frame_equal(at(swept, row["point"]), alone.outcomes, check_exact=True)
        told = swept.summary.loc[row["point"], list(COLUMNS)]
        pd.testing.assert_series_equal(told, alone.summary.iloc[0], check_exact=True, check_names=False)


def test_every_uncertain_parameter_may_be_a_column(hardball):
    """Those of groups, events and states too: three points of a sample of all of them."""
    design = make_design(hardball, points=3, seed=4)
    swept = sim.sweep(hardball, design=design, runs=4, workers=1)
    for point in range(3):
        values = dict(zip(design.names, design.values[point].tolist(), strict=True))
        alone = sim.compare(hardball.vary(values), runs=4, workers=1).outcomes
        pd.testing.assert_frame_equal(at(swept, point), alone, check_exact=True)


@pytest.mark.parametrize("chunk", [3, 8, 20, 32])
def test_neither_blocks_of_points_nor_of_runs_show(swept, hardball, chunk):
    experiment = Experiment.of(hardball, runs=RUNS, seed=3, design=swept.experiment.design)
    again = carried_out(experiment, chunk=chunk)
    assert bytes_of(again) == bytes_of(swept)
    pd.testing.assert_frame_equal(again.summary, swept.summary, check_exact=True)


def test_a_sweep_starts_few_models(hardball):
    """Points of a few runs advance together."""
    here = Here()
    sim.sweep(hardball, {"russia.stall": np.linspace(0, 1, 50)}, runs=4, executor=here)
    assert len(here.tasks) == 1 and here.tasks[0].block.size == 200


def test_all_points_meet_the_same_luck(hardball):
    twins = sim.sweep(hardball, design=Design(("russia.stall",), np.full((3, 1), 0.5)), runs=RUNS, workers=1)
    assert at(twins, 0).equals(at(twins, 1)) and at(twins, 0).equals(at(twins, 2))


def variance_of_difference(result: Sweep) -> float:
    table = result.outcomes.pivot(index="run", columns="point", values="territory_lost_km2")
    return float(Moments.of(table[1] - table[0]).variance()[0])


def test_the_same_luck_makes_differences_between_points_sharper(hardball):
    """With luck of their own the variance of a difference is the sum of both; paired it is a tenth of that or less."""
    apart = sim.sweep(hardball, {"russia.stall": [0.4, 0.6]}, runs=300, independent=True, workers=1)
    paired = sim.sweep(hardball, {"russia.stall": [0.4, 0.6]}, runs=300, workers=1)
    table = apart.outcomes.pivot(index="run", columns="point", values="territory_lost_km2")
    assert abs(table[0].corr(table[1])) < 3 / 300**0.5
    assert variance_of_difference(paired) < variance_of_difference(apart) / 10


def test_with_luck_of_their_own_the_first_point_is_what_it_was_and_the_others_differ(swept, hardball):
    apart = sim.sweep(hardball, VARY, runs=RUNS, seed=3, independent=True, workers=1)
    assert at(apart, 0).equals(at(swept, 0))
    for point in (1, 2, 3):
        assert (at(apart, point)["territory_lost_km2"] != at(swept, point)["territory_lost_km2"]).mean() > 0.8


@pytest.mark.parametrize("chunk", [3, 20])
def test_luck_of_their_own_does_not_depend_on_the_parts(hardball, chunk):
    experiment = Experiment.of(hardball, runs=6, independent=True, design=make_design(hardball, VARY))
    assert bytes_of(carried_out(experiment, chunk=chunk)) == bytes_of(carried_out(experiment, chunk=100))


def test_the_summary_has_a_row_for_each_point_with_its_values(swept):
    table = swept.summary
    assert list(table.columns) == ["scenario", "point", *VARY, *[name for name in COLUMNS if name != "scenario"]]
    assert table["point"].tolist() == [0, 1, 2, 3]
    assert table[list(VARY)].to_numpy().tolist() == [[0.1, 0.2], [0.1, 0.8], [0.5, 0.2], [0.5, 0.8]]
    assert table["runs"].tolist() == [RUNS] * 4 and set(table["scenario"]) == {"hardball"}
    assert table["territory_lost_km2"].tolist() == [at(swept, point)["territory_lost_km2"].mean() for point in range(4)]


def test_rows_come_point_by_point(swept):
    assert list(swept.outcomes.columns[:3]) == ["scenario", "point", "run"]
    assert swept.outcomes["point"].tolist() == [point for point in range(4) for _ in range(RUNS)]
    assert swept.outcomes["run"].tolist() == [*range(RUNS)] * 4
    assert swept.runs == RUNS


def test_a_sweep_has_no_repetitions_and_no_figures(hardball, swept):
    assert swept.experiment.spread_runs == 0 and swept.figures() == {}
    assert set(swept.tables()) == {"summary"}


def test_the_response_is_the_summary_over_the_parameter_and_is_drawn_as_one_line(hardball):
    swept = sim.sweep(hardball, {"russia.confidence": [0.3, 0.6]}, runs=8, workers=1)
    table = swept.response("territory_lost_km2")
    assert table["x"].tolist() == [0.3, 0.6]
    assert table["value"].tolist() == swept.summary["territory_lost_km2"].tolist()
    assert swept.plot_response().lines[0].get_xdata().tolist() == [0.3, 0.6]


def test_a_line_is_drawn_over_one_parameter_and_of_known_outcomes(hardball):
    two = sim.sweep(hardball, {"russia.confidence": [0.3, 0.6], "russia.stall": [0.5, 0.7]}, runs=2, workers=1)
    with pytest.raises(UsageError, match=r"varies 2 parameters.*map_of"):
        two.plot_response()
    with pytest.raises(UsageError, match="territory_lost_km2"):
        two.plot_response("territory_lost")


def test_a_confident_russia_signs_later_at_every_other_value(swept):
    weeks = swept.outcomes.assign(
        weeks=swept.outcomes["ceasefire_week"].fillna(swept.outcomes["weeks_simulated"])
    ).groupby("point")["weeks"].mean()  # fmt: skip
    assert weeks[2] > weeks[0] and weeks[3] > weeks[1]


def test_what_varies_is_certain_and_all_else_is_drawn_as_ever(hardball):
    """The value of a swept parameter replaces its law; the other parameters of a run keep theirs."""
    value = sim.sweep(hardball, {"russia.stall": [0.5]}, runs=RUNS, workers=1)
    model = sim.CeasefireModel(hardball, runs=RUNS, seed=1)
    swept = sim.CeasefireModel(hardball, runs=RUNS, seed=1, design={"russia.stall": np.array([0.5])})
    assert (swept.values["russia"].stall == 0.5).all() and len(value.outcomes) == RUNS
    for key in ("confidence", "audience_cost"):
        np.testing.assert_array_equal(getattr(swept.values["russia"], key), getattr(model.values["russia"], key))


def test_a_table_a_file_and_a_design_are_the_same(hardball, swept, tmp_path):
    table = swept.design
    table.to_csv(tmp_path / "points.csv", index=False)
    for given in (table, tmp_path / "points.csv", str(tmp_path / "points.csv"), swept.experiment.design):
        again = sim.sweep(hardball, design=given, runs=RUNS, seed=3, workers=1)
        assert bytes_of(again) == bytes_of(swept)


def test_a_sample_of_laws_is_a_sweep_too(hardball):
    sampled = sim.sweep(hardball, {"russia.stall": Uniform(uniform=(0.2, 0.4))}, sample=5, runs=2, workers=1)
    assert sampled.design["russia.stall"].between(0.2, 0.4).all() and len(sampled.summary) == 5
    assert len(sim.sweep(hardball, sample=2, method="lhs", runs=2, workers=1).design.columns) > 30


def test_a_sweep_introduces_itself(swept):
    names = "russia.confidence, united_states.urgency"
    assert repr(swept) == f"<Sweep of hardball over {names}: 4 points, 8 runs each, seed 3>"
    assert "<table" in swept._repr_html_()


def test_a_scenario_that_holds_an_event_can_be_swept(hardball):
    """What the calendar changes at its date, it changes at every point."""
    certain = dataclasses.replace(hardball, uncertainty=False)
    one = sim.sweep(certain, {"russia.confidence": [0.3]}, runs=4, workers=1)
    assert at(one, 0).equals(sim.compare(certain.vary({"russia.confidence": 0.3}), runs=4, workers=1).outcomes)
