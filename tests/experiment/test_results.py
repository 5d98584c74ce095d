"""Results in memory and on disk are the same, and what is stored can be read by anybody."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pandas as pd
import pyarrow.dataset as ds
import pytest

import sim
from sim.analysis.outcomes import COLUMNS
from sim.errors import OutputError, UsageError
from sim.experiment import Comparison, Experiment, Sweep, parts
from sim.experiment.opening import status_of
from tests.actors_that_fail import Raising
from tests.batches import StopsAfter, bytes_of, carried_out, changed, files_in


@pytest.fixture(scope="module")
def partial(experiment, tmp_path_factory):
    """Interrupted when all repetitions and four of six blocks were done: five runs of the second scenario."""
    directory = tmp_path_factory.mktemp("partial") / "mine"
    with pytest.raises(KeyboardInterrupt):
        carried_out(experiment, directory=directory, executor=StopsAfter(10))
    return directory


@pytest.fixture(scope="module")
def swept(hardball, tmp_path_factory):
    directory = tmp_path_factory.mktemp("swept") / "mine"
    sim.sweep(hardball, {"russia.stall": [0.1, 0.5, 0.9]}, runs=6, directory=directory, chunk=4, workers=1)
    return directory


# ---- opening


def test_opened_results_are_those_that_were_stored(stored, comparison):
    opened = sim.open(stored)
    assert isinstance(opened, Comparison) and opened.complete and opened.directory == stored
    assert (opened.runs, opened.seed, opened.baseline) == (12, 3, "hardball")
    assert [scenario.digest() for scenario in opened.scenarios] == [
        scenario.digest() for scenario in comparison.scenarios
    ]
    for name in ("outcomes", "summary", "comparison", "spread"):
        pd.testing.assert_frame_equal(getattr(opened, name), getattr(comparison, name), check_exact=True)
    assert opened.failures.empty and list(opened.failures.columns) == list(comparison.failures.columns)


def test_nothing_is_loaded_before_it_is_asked_for(stored, monkeypatch):
    read = []
    original = parts.read_part

    def noted(path, *others):
        read.append(path)
        return original(path, *others)

    monkeypatch.setattr(sim.experiment.reading, "read_part", noted)
    opened = sim.open(stored)
    assert repr(opened.experiment) and opened.baseline == "hardball" and read == []
    assert len(opened.outcomes) == 24 and len(read) == 6


def test_the_summary_reads_only_the_columns_that_it_needs(stored, monkeypatch):
    asked = []
    original = parts.read_part

    def noted(path, columns=None):
        asked.append(columns)
        return original(path, columns)

    monkeypatch.setattr(sim.experiment.reading, "read_part", noted)
    assert len(sim.open(stored).summary) == 2
    assert all(columns is not None and len(columns) < len(COLUMNS) / 2 for columns in asked)


def test_what_is_not_there_cannot_be_opened(tmp_path):
    with pytest.raises(OutputError, match="there is no such directory"):
        sim.open(tmp_path / "nowhere")
    with pytest.raises(OutputError, match=r"holds no experiment \(manifest\.json is missing\)"):
        sim.open(tmp_path)


@pytest.mark.parametrize("key", ["kind", "scenarios", "runs", "precision", "traces"])
def test_a_manifest_that_lacks_something_is_named(stored, tmp_path, key):
    mine = shutil.copytree(stored, tmp_path / "mine")
    manifest = json.loads((mine / "manifest.json").read_text())
    del manifest[key]
    (mine / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(OutputError, match=rf"manifest\.json: is not complete \('{key}' is missing\)"):
        sim.open(mine)


def test_results_of_another_format_are_refused_with_the_version_that_reads_them_and_left_as_they_are(stored, tmp_path):
    mine = shutil.copytree(stored, tmp_path / "mine")
    manifest = json.loads((mine / "manifest.json").read_text())
    manifest |= {"format": "truce experiment 9", "truce": "7.0.0"}
    (mine / "manifest.json").write_text(json.dumps(manifest))
    before = files_in(mine)
    told = r"was written by Truce 7\.0\.0 as 'truce experiment 9', .* 'truce experiment 1' alone; read it with that"
    with pytest.raises(OutputError, match=told):
        sim.open(mine)
    with pytest.raises(OutputError, match=told):
        sim.compare("hardball", runs=8, directory=mine, fresh=True)
    assert files_in(mine) == before


def test_a_design_that_was_changed_is_refused(swept, tmp_path):
    mine = shutil.copytree(swept, tmp_path / "mine")
    (mine / "design.csv").write_text("point,russia.stall\n0,0.1\n1,0.6\n2,0.9\n")
    with pytest.raises(OutputError, match=r"design\.csv: was changed since the experiment began"):
        sim.open(mine)


# ---- not complete


def test_a_part_of_an_experiment_can_be_looked_at(partial, comparison):
    opened = sim.open(partial)
    assert not opened.complete and opened.runs == 12
    there = opened.outcomes.merge(comparison.outcomes[["scenario", "run"]])
    rows = comparison.outcomes
    expected = rows[(rows["scenario"] == "hardball") | (rows["run"] < 5)].reset_index(drop=True)
    pd.testing.assert_frame_equal(there, expected, check_exact=True)


def test_what_is_there_is_summarised(partial, comparison):
    opened = sim.open(partial)
    assert opened.summary["runs"].tolist() == [12, 5]
    pd.testing.assert_frame_equal(opened.summary.head(1), comparison.summary.head(1), check_exact=True)
    assert opened.comparison["pairs"].tolist() == [5, 5]
    spread = opened.spread.groupby("scenario", sort=False)["pairs"].first()
    assert spread.to_dict() == {"hardball": 12, "sober": 5}
    means = opened.summary.set_index("scenario")
    for row in opened.spread.to_dict("records"):
        assert row["mean"] == means.loc[row["scenario"], row["outcome"]]
    of_first_half = sim.compare(opened.scenarios[1], runs=5, seed=3, workers=1).spread
    rows = opened.spread[opened.spread["scenario"] == "sober"].reset_index(drop=True)
    pd.testing.assert_frame_equal(rows, of_first_half, check_exact=True)
    assert opened.plot_outcomes().shape == (2,) and "km²" in opened.plot_territory().get_xlabel()


def test_its_status_counts_what_is_done(partial, stored):
    status = status_of(partial)
    assert (status.done, status.failed, status.total, status.writer) == (17, 0, 24, None)
    assert status.manifest["ended"] is None
    assert status_of(stored)[1:] == (24, 0, 24, None)


def test_gone_on_with_it_is_as_if_nothing_had_happened(partial, stored, experiment, tmp_path):
    mine = shutil.copytree(partial, tmp_path / "mine")
    carried_out(experiment, directory=mine)
    assert files_in(mine, "manifest.json") == files_in(stored, "manifest.json")


def test_an_experiment_without_a_run_can_be_opened_and_says_so(experiment, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        carried_out(experiment, directory=tmp_path / "mine", executor=StopsAfter(0))
    opened = sim.open(tmp_path / "mine")
    assert opened.runs == 0 and opened.outcomes.empty and status_of(tmp_path / "mine").done == 0
    with pytest.raises(UsageError, match="hold no run of scenario 'hardball'"):
        assert opened.summary is None


# ---- failed runs


def test_failed_runs_are_left_out_and_told(hardball, sober):
    """A run that failed in one scenario has no pair in the other."""
    some = Experiment.of([hardball, sober], runs=12, seed=3)
    whole = carried_out(some)
    broken = carried_out(changed(some, actors={"russia": Raising}))
    assert broken.failures[["scenario", "run", "replication"]].to_numpy().tolist() == [
        [name, 7, luck] for name in ("hardball", "sober") for luck in (0, 1)
    ]
    rows = whole.outcomes[whole.outcomes["run"] != 7].reset_index(drop=True)
    pd.testing.assert_frame_equal(broken.outcomes, rows, check_exact=True)
    assert broken.summary["runs"].tolist() == [11, 11] and broken.comparison["pairs"].tolist() == [11, 11]
    assert set(broken.spread["pairs"]) == {11}


def test_a_part_in_which_everything_failed_does_not_hide_the_others(hardball, tmp_path):
    """In blocks of one run, the outcomes of the failed one have no row; all columns keep their types."""
    broken = Experiment.of(hardball, runs=9, seed=3, actors={"russia": Raising})
    results = carried_out(broken, directory=tmp_path / "mine", chunk=1)
    assert results.outcomes["run"].tolist() == [0, 1, 2, 3, 4, 5, 6, 8]
    assert results.dataset.to_table().num_rows == 8 and results.dataset.count_rows() == 8
    assert results.outcomes.dtypes.equals(carried_out(changed(broken, actors={})).outcomes.dtypes)
    assert pd.read_csv(tmp_path / "mine" / "failures.csv")["run"].tolist() == [7, 7]
    assert status_of(tmp_path / "mine")[1:3] == (9, 1)


# ---- other programs


def test_arrow_reads_the_parts_as_one_table(stored, comparison):
    dataset = sim.open(stored).dataset
    table = dataset.to_table(columns=["scenario", "run", "territory_lost_km2"], filter=ds.field("run") < 3).to_pandas()
    rows = comparison.outcomes[comparison.outcomes["run"] < 3][table.columns].reset_index(drop=True)
    pd.testing.assert_frame_equal(table, rows, check_exact=True)


def test_duckdb_answers_questions_about_the_files(stored, comparison):
    duckdb = pytest.importorskip("duckdb")
    query = f"select scenario, avg(territory_lost_km2) from '{stored}/outcomes/*.parquet' group by 1 order by 1"
    found = dict(duckdb.sql(query).fetchall())
    for row in comparison.summary.to_dict("records"):
        assert found[row["scenario"]] == pytest.approx(row["territory_lost_km2"], rel=1e-12)


def test_duckdb_answers_questions_about_the_dataset(swept):
    duckdb = pytest.importorskip("duckdb")
    dataset = sim.open(swept).dataset
    count = duckdb.query("select point, count(*) as runs from dataset group by point order by point").df()
    assert dataset is not None and count["point"].tolist() == [0, 1, 2] and set(count["runs"]) == {6}


def test_results_in_memory_have_no_dataset_and_no_manifest(comparison):
    for ask in (lambda: comparison.dataset, lambda: comparison.manifest):
        with pytest.raises(OutputError, match="these results are held in memory; save them first"):
            ask()


# ---- part by part


def test_frames_are_the_rows_of_a_scenario_in_parts(stored, comparison):
    frames = list(sim.open(stored).frames("sober", ["weeks_of_war"]))
    assert [frame.index.tolist() for frame in frames] == [[0, 1, 2, 3, 4], [5, 6, 7, 8, 9], [10, 11]]
    rows = comparison.outcomes[comparison.outcomes["scenario"] == "sober"].set_index("run")[["weeks_of_war"]]
    pd.testing.assert_frame_equal(pd.concat(frames), rows)
    pd.testing.assert_frame_equal(pd.concat(comparison.frames("sober", ["weeks_of_war"])), rows)


def test_frames_of_an_unknown_scenario_are_refused(stored, comparison):
    for results in (sim.open(stored), comparison):
        with pytest.raises(UsageError, match=r"there is no scenario 'sobre' here .*did you mean 'sober'"):
            list(results.frames("sobre", []))


def test_a_block_says_which_runs_it_holds(stored, comparison):
    opened = sim.open(stored)
    assert opened.block_with(1, 0, 7).runs == range(5, 10)
    assert opened.block_with(0, 0, 12) is None and opened.block_with(0, 1, 7) is None
    assert comparison.block_with(1, 0, 7).runs == range(12)


# ---- in memory and stored


def test_saved_afterwards_it_is_the_same_as_stored_meanwhile(experiment, stored, tmp_path):
    held = carried_out(experiment)
    assert held.save(tmp_path / "mine") == tmp_path / "mine"
    assert files_in(tmp_path / "mine", "manifest.json") == files_in(stored, "manifest.json")
    one, other = (json.loads((path / "manifest.json").read_text()) for path in (tmp_path / "mine", stored))
    assert {key for key in one if one[key] != other[key]} <= {"started", "ended", "git"}  # of when it was made


def test_saved_with_failures_and_traces_too(hardball, sober, tmp_path):
    broken = Experiment.of([hardball, sober], runs=8, actors={"russia": Raising}, traces=["war"], trace_runs=[2])
    carried_out(broken, directory=tmp_path / "stored", chunk=4)
    carried_out(broken, chunk=4).save(tmp_path / "saved")
    assert files_in(tmp_path / "saved", "manifest.json") == files_in(tmp_path / "stored", "manifest.json")


def test_saved_without_a_name_it_goes_under_results(comparison, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Comparison, "figures", lambda self: {})
    directory = comparison.save()
    assert directory.parts[0] == "results" and sim.open(directory).runs == 12


def test_what_is_stored_is_not_saved_again(stored, tmp_path):
    with pytest.raises(OutputError, match="these results are stored there already"):
        sim.open(stored).save(tmp_path / "again")
    assert list(tmp_path.iterdir()) == []


def test_a_sweep_opens_as_a_sweep(swept, hardball):
    opened = sim.open(swept)
    held = sim.sweep(hardball, {"russia.stall": [0.1, 0.5, 0.9]}, runs=6, workers=1)
    assert isinstance(opened, Sweep)
    pd.testing.assert_frame_equal(opened.design, held.design)
    pd.testing.assert_frame_equal(opened.summary, held.summary, check_exact=True)
    assert bytes_of(opened) == bytes_of(held)
    assert np.array_equal(opened.experiment.design.values, held.experiment.design.values)
