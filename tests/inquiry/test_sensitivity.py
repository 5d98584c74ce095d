from __future__ import annotations

import dataclasses
from datetime import date

import numpy as np
import pandas as pd
import pytest

import sim
from sim.analysis.sensitivity import PLACEBO
from sim.distributions import Uniform
from sim.errors import OutputError, ScenarioError, UsageError
from sim.experiment.design import laws_of
from sim.inquiry.sensitivity import COLUMNS, design_of, sensitivity
from sim.scenario.scenario import Event

LOST, GONE = "territory_lost_km2", "us_disengaged_by_deadline"
VARY = {"front.pace": None, "united_states.disengage_base": Uniform(uniform=(-6.0, -1.0))}


@pytest.fixture(scope="module")
def table(hardball, tmp_path_factory) -> pd.DataFrame:
    directory = tmp_path_factory.mktemp("sweep") / "out"
    found = sensitivity(hardball, VARY, outcome=[LOST, GONE], sample=16, runs=10, seed=2,
                        directory=directory)  # fmt: skip
    found.attrs["directory"] = directory
    return found


def test_the_pace_of_the_front_decides_on_the_land_lost_and_washingtons_patience_does_not(table):
    rows = table[table["outcome"] == LOST].set_index("parameter")
    assert list(table.columns) == list(COLUMNS["sobol"])
    assert rows.loc["front.pace", "total"] > 0.7 and rows.loc["front.pace", "distinguishable"]
    assert rows.loc["united_states.disengage_base", "total_high"] < 0.1


def test_the_placebo_comes_last_and_is_zero(table):
    assert table["parameter"].tolist() == [*VARY, PLACEBO] * 2
    assert (table.loc[table["parameter"] == PLACEBO, ["first_order", "total", "total_of_means"]] == 0).all(axis=None)


def test_sweep_and_table_are_stored_and_the_same_call_goes_on_from_them(table, hardball, monkeypatch):
    directory = table.attrs["directory"]
    stored = pd.read_csv(directory / "sensitivity.csv")
    np.testing.assert_allclose(stored["total"], table["total"], rtol=1e-5, atol=1e-12)
    assert len(sim.open(directory).design) == 16 * 5 == table["points"].iloc[0]

    def not_again(*_):
        raise AssertionError("runs were carried out again")

    monkeypatch.setattr("sim.experiment.batch.simulate", not_again)
    again = sensitivity(hardball, VARY, sample=16, runs=10, seed=2, outcome=LOST,
                        directory=directory)  # fmt: skip
    pd.testing.assert_frame_equal(again, table[table["outcome"] == LOST], check_flags=False)


def test_another_question_in_the_same_directory_is_refused(table, hardball):
    with pytest.raises(OutputError, match="holds another experiment"):
        sensitivity(hardball, ["front.pace"], sample=16, runs=10, seed=2, directory=table.attrs["directory"])


@pytest.mark.parametrize("hazard", [0.0, 0.3])
def test_a_parameter_matters_only_where_something_makes_use_of_it(hardball, hazard):
    cracking = hardball.vary({"front.breakthrough_hazard": hazard})
    found = sensitivity(cracking, ["front.breakthrough_multiplier", "front.aid_dependence"], outcome=LOST, sample=16,
                        runs=10)  # fmt: skip
    row = found.set_index("parameter").loc["front.breakthrough_multiplier"]
    assert row["distinguishable"] == (hazard > 0)
    assert row["total"] > 0.3 if hazard else row["total"] == row["total_of_means"] == 0


@pytest.mark.parametrize("hazard", [0.0, 0.3])
def test_screening_finds_the_same(hardball, hazard):
    cracking = hardball.vary({"front.breakthrough_hazard": hazard})
    found = sensitivity(cracking, ["front.breakthrough_multiplier", "front.aid_dependence"], outcome=LOST, sample=10,
                        runs=10, method="morris")  # fmt: skip
    assert list(found.columns) == list(COLUMNS["morris"])
    row = found.set_index("parameter").loc["front.breakthrough_multiplier"]
    assert row["distinguishable"] == (hazard > 0)
    assert row["absolute_effect"] > 50 if hazard else row["absolute_effect"] == 0


def test_on_luck_of_its_own_the_placebo_is_as_large_as_luck_and_not_distinguishable(hardball):
    found = sensitivity(hardball, ["front.pace"], outcome=LOST, sample=32, runs=8, independent=True)
    row = found.set_index("parameter").loc[PLACEBO]
    assert row["total_of_means"] == pytest.approx(row["luck_share"], rel=0.6) and row["total_of_means"] > 0.02
    assert row["total_low"] < 0.02 and not row["distinguishable"]


def test_points_lie_at_quantiles_of_the_parameters_own_laws(hardball):
    laws = laws_of(hardball, ["front.pace", "russia.confidence"])
    design, levels = design_of(laws, "sobol", 8, 1)
    assert design.names == ("front.pace", "russia.confidence") and levels.shape == (8 * 5, 3)
    for k, (law, parameter) in enumerate(laws.values()):
        np.testing.assert_array_equal(design.values[:, k], law.quantile(levels[:, k], parameter.low, parameter.high))


def test_a_group_and_a_range_can_be_chosen(hardball):
    laws = laws_of(hardball, {"table.*": None, "table.round_engaged": Uniform(uniform=(0.1, 0.4))})
    assert list(laws) == ["table.bargaining_power", "table.round_engaged"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"outcome": "ceasefire_by_dedline"}, "did you mean 'ceasefire_by_deadline'"),
        ({"outcome": []}, "no outcome is named"),
        ({"vary": ["russia.confidnce"]}, "did you mean 'russia.confidence'"),
        ({"vary": ["nobody.*"]}, "stands for the uncertain parameters of a group"),
        ({"vary": ["front.pace_spread"]}, "has no law of its own"),
        ({"method": "morriss"}, "did you mean 'morris'"),
        ({"method": "fast"}, "there are sobol and morris"),
        ({"runs": 1}, "runs of every point must be a whole number from 2"),
        ({"sample": 3}, "sample must be a whole number from 4"),
        ({"sample": 12}, "such as 8 or 16"),
        ({"sample": 65536}, "take a smaller sample"),
        (
            {"outcome": "full_control_by_horizon", "vary": ["russia.stall"], "sample": 4, "runs": 2},
            "nothing can matter",
        ),
    ],
)
def test_bad_input_gets_a_sentence(hardball, words, message):
    with pytest.raises(UsageError, match=message):
        sensitivity(hardball, **words)


def test_an_unknown_scenario_is_answered_with_the_nearest():
    with pytest.raises(ScenarioError, match="hardball"):
        sensitivity("hardbal")


def test_a_design_that_an_event_overrules_is_refused_before_anything_runs(hardball, tmp_path):
    overruled = dataclasses.replace(hardball, events=(Event("set", date(2025, 5, 19), changes={"front.pace": 10.0}),))
    with pytest.raises(UsageError, match="event 'set' of the scenario sets it"):
        sensitivity(overruled, ["front.pace"], sample=4, runs=2, directory=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_runs_that_the_placebo_changes_are_refused(hardball):
    """Luck that is said to be shared, and is not."""
    from sim.inquiry.sensitivity import _check_placebo

    _, levels = design_of(laws_of(hardball, ["front.pace"]), "sobol", 4, 1)
    same = np.repeat(levels[:, :1], 3, axis=1)
    _check_placebo(same, levels, LOST)
    with pytest.raises(UsageError, match="the placebo changes territory_lost_km2"):
        _check_placebo(same + np.random.default_rng(1).random(same.shape), levels, LOST)
