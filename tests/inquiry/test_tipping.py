from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import sim
from sim.analysis.tipping import COLUMNS, LINE_COLUMNS
from sim.errors import UsageError
from sim.inquiry.tipping import level_of, map_of, tipping_map

VARY = {"united_states.disengage_base": [-6.0, -3.0, -1.0], "front.pace": [20.0, 80.0]}
OUTCOME = "us_disengaged_by_deadline"


@pytest.fixture(scope="module")
def stored(hardball, tmp_path_factory):
    directory = tmp_path_factory.mktemp("mapped") / "out"
    return tipping_map(hardball, VARY, outcome=OUTCOME, runs=40, directory=directory), directory


def test_a_map_has_every_combination_with_an_interval(stored):
    table, _ = stored
    assert list(table.columns) == list(COLUMNS)
    assert table[["x", "y"]].to_numpy().tolist() == [[x, y] for x in (-6, -3, -1) for y in (20, 80)]
    assert ((table["low"] < table["value"]) | (table["value"] == 0)).all() and (table["runs"] == 40).all()
    assert table.groupby("x")["value"].mean().is_monotonic_increasing


def test_its_values_are_those_of_the_scenario_at_each_point(stored, hardball):
    row = stored[0].iloc[3]
    alone = hardball.vary({"united_states.disengage_base": row["x"], "front.pace": row["y"]})
    assert sim.compare(alone, runs=40).summary[OUTCOME].iloc[0] == row["value"]


def test_map_line_and_figure_are_stored_with_the_sweep(stored):
    table, directory = stored
    assert pd.read_csv(directory / "tipping.csv")["value"].tolist() == pytest.approx(table["value"].tolist())
    line = pd.read_csv(directory / "tipping_line.csv")
    assert list(line.columns) == list(LINE_COLUMNS) and line["x"].between(-6, -1).all() and len(line) >= 2
    assert (directory / "tipping.png").read_bytes().startswith(b"\x89PNG")
    assert (directory / "tipping.svg").exists()
    pd.testing.assert_frame_equal(map_of(sim.open(directory), OUTCOME), table)


def test_the_same_call_goes_on_and_writes_the_same(stored, hardball, monkeypatch):
    table, directory = stored
    before = {path.name: path.read_bytes() for path in directory.glob("tipping*")}
    monkeypatch.setattr("sim.experiment.batch.simulate", None)
    pd.testing.assert_frame_equal(tipping_map(hardball, VARY, outcome=OUTCOME, runs=40, directory=directory), table)
    assert {path.name: path.read_bytes() for path in directory.glob("tipping*")} == before


def test_another_outcome_of_the_same_runs_needs_no_new_ones(stored):
    other = map_of(sim.open(stored[1]), "territory_lost_km2")
    assert other.groupby("y")["value"].mean().is_monotonic_increasing


@pytest.mark.parametrize(
    ("vary", "words", "message"),
    [
        ({"front.pace": [1, 2]}, {}, "a map has two parameters, not 1"),
        (VARY | {"russia.stall": [0.5]}, {}, "a map has two parameters, not 3"),
        ({"front.pace": [1, 2], "russia.stall": [0.5]}, {}, "at least two values of each"),
        ({"front.pace": [1, 1], "russia.stall": [0.5, 0.6]}, {}, "has a point twice"),
        ({"front.pace": [1, 2], "russia.stal": [0.5, 0.6]}, {}, "did you mean 'russia.stall'"),
        ({"front.pace": [1, 2], "russia.stall": None}, {}, "a grid needs values"),
        ({"front.pace": [1, 2], "russia.stall": [0.5, 1.6]}, {}, "1.6 is out of range"),
        (VARY, {"outcome": "us_disengaged"}, "did you mean"),
        (VARY, {"runs": 1}, "runs of every point must be a whole number from 2"),
        (VARY, {"level": 50}, "between 0 and 1, such as 0.5 for half of them, not 50"),
    ],
)
def test_bad_input_gets_a_sentence(hardball, vary, words, message):
    with pytest.raises(UsageError, match=message):
        tipping_map(hardball, vary, **words)


def test_half_of_the_runs_is_the_level_of_an_event_and_a_mean_has_none():
    assert level_of("ceasefire_by_deadline", None) == 0.5
    assert level_of("territory_lost_km2", None) is None
    assert level_of("territory_lost_km2", 3000) == 3000


def test_a_sweep_over_other_than_two_parameters_is_no_map(hardball):
    swept = sim.sweep(hardball, {"front.pace": [20, 80]}, runs=2)
    with pytest.raises(UsageError, match="this sweep varies 1"):
        map_of(swept, OUTCOME)


def test_a_sample_is_no_map(hardball):
    swept = sim.sweep(hardball, ["front.pace", "russia.stall"], sample=4, runs=2)
    with pytest.raises(UsageError, match="a map needs a grid"):
        map_of(swept, OUTCOME)
    assert np.isfinite(swept.summary[OUTCOME]).all()
