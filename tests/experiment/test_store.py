from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import stat
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

import sim
from sim.analysis.outcomes import COLUMNS
from sim.errors import OutputError
from sim.experiment import Comparison, Experiment, check_output, default_directory, store

FILES = {
    "outcomes.parquet", "summary.csv", "comparison.csv", "spread.csv", "manifest.json",
    "ceasefire_incidence.png", "ceasefire_incidence.svg", "outcomes.png", "outcomes.svg", "territory.png",
    "territory.svg",
}  # fmt: skip


@pytest.fixture(scope="module")
def saved(comparison: Comparison, tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("saved") / "new" / "result"
    return comparison.save(directory, command=["truce", "compare", "my file.yaml"])


@pytest.fixture
def quick(comparison: Comparison, monkeypatch: pytest.MonkeyPatch) -> Comparison:
    """Saves without drawing, for tests that look at directories only."""
    monkeypatch.setattr(store, "_write_figures", lambda comparison, directory: None)
    return comparison


@pytest.fixture
def other(comparison: Comparison) -> Comparison:
    return dataclasses.replace(comparison, experiment=dataclasses.replace(comparison.experiment, seed=99))


def contents(directory: Path) -> dict[str, bytes]:
    return {str(path.relative_to(directory)): path.read_bytes() for path in directory.rglob("*") if path.is_file()}


# What is written


def test_a_result_is_these_files_and_leaves_nothing_beside_them(saved):
    assert {path.name for path in saved.iterdir()} == FILES
    assert [path.name for path in saved.parent.iterdir()] == ["result"]


def test_a_result_can_be_read_by_those_who_may_read_new_directories(saved):
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE(saved.stat().st_mode) == 0o777 & ~mask


def test_parquet_gives_the_outcomes_back(saved, comparison):
    pd.testing.assert_frame_equal(pd.read_parquet(saved / "outcomes.parquet"), comparison.outcomes)


def test_parquet_names_unit_and_meaning_of_every_column(saved):
    for column in pq.read_schema(saved / "outcomes.parquet"):
        unit, description = COLUMNS[column.name]
        assert column.metadata == {b"unit": unit.encode(), b"description": description.encode()}


def test_the_tables_hold_what_python_holds(saved, comparison):
    for name in ("summary.csv", "comparison.csv", "spread.csv"):
        table = getattr(comparison, name.removesuffix(".csv"))
        pd.testing.assert_frame_equal(pd.read_csv(saved / name), table, check_dtype=False, rtol=1e-5)
        assert b"\r" not in (saved / name).read_bytes()


def test_numbers_in_tables_have_at_most_six_digits(saved):
    numbers = pd.read_csv(saved / "summary.csv", dtype=str).drop(columns=["scenario", "deadline", "horizon"]).stack()
    assert numbers.str.replace(r"e.*|[-.]|^0\.0*", "", regex=True).str.len().max() <= 6


def test_the_manifest_says_how_to_repeat_the_result(saved, comparison):
    manifest = json.loads((saved / "manifest.json").read_text("utf-8"))
    assert manifest["truce"] == sim.__version__
    assert (manifest["runs"], manifest["seed"], manifest["baseline"]) == (12, 3, "hardball")
    assert manifest["spread_runs"] == 12
    assert manifest["experiment"] == comparison.experiment.digest
    assert manifest["command"] == "truce compare 'my file.yaml'"
    assert {"mesa", "numba", "numpy", "pandas"} <= set(manifest["libraries"])
    assert manifest["started"] <= manifest["ended"] and manifest["ended"].endswith("Z")
    assert [scenario["name"] for scenario in manifest["scenarios"]] == ["hardball", "sober"]
    sober = manifest["scenarios"][1]
    assert sober == {"digest": comparison.scenarios[1].digest(), **comparison.scenarios[1].to_dict()}
    assert sober["parameters"]["russia.confidence"] == 0.3
    assert set(manifest["git"] or {"commit", "dirty"}) == {"commit", "dirty"}


def test_the_manifest_lists_every_other_file_with_its_digest(saved):
    files = json.loads((saved / "manifest.json").read_text("utf-8"))["files"]
    assert set(files) == FILES - {"manifest.json"}
    for name, digest in files.items():
        assert hashlib.sha256((saved / name).read_bytes()).hexdigest() == digest


def test_from_python_the_manifest_names_no_command(quick, tmp_path):
    quick.save(tmp_path / "out")
    assert json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))["command"] is None


def test_the_same_result_has_the_same_bytes(saved, experiment, tmp_path):
    again = experiment.run().save(tmp_path / "again")
    for name in FILES - {"manifest.json"}:
        assert (again / name).read_bytes() == (saved / name).read_bytes(), name


# Where it may be written


def test_the_default_directory_is_named_after_the_experiment(experiment, hardball):
    assert default_directory(experiment) == Path("results") / f"comparison-{experiment.digest[:8]}"
    single = Experiment.of(hardball)
    assert default_directory(single) == Path("results") / f"hardball-{single.digest[:8]}"
    strange = Experiment.of(dataclasses.replace(hardball, name="../a b"))
    assert default_directory(strange).parent == Path("results")


def test_an_empty_directory_is_used(quick, tmp_path):
    (tmp_path / "out").mkdir()
    quick.save(tmp_path / "out")
    assert (tmp_path / "out" / "summary.csv").exists()


def test_the_same_experiment_replaces_its_earlier_result(quick, tmp_path):
    quick.save(tmp_path / "out")
    (tmp_path / "out" / "summary.csv").write_text("old")
    quick.save(tmp_path / "out")
    assert (tmp_path / "out" / "summary.csv").read_text() != "old"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_another_experiment_is_not_replaced_unless_asked(quick, other, tmp_path):
    quick.save(tmp_path / "out")
    before = contents(tmp_path)
    with pytest.raises(OutputError, match=r"another experiment.*--overwrite"):
        other.save(tmp_path / "out")
    assert contents(tmp_path) == before
    other.save(tmp_path / "out", overwrite=True)
    assert json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))["seed"] == 99


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_foreign_file_is_named_and_never_touched(quick, tmp_path, overwrite):
    quick.save(tmp_path / "out")
    (tmp_path / "out" / "thesis.docx").write_text("mine")
    before = contents(tmp_path)
    with pytest.raises(OutputError, match=r"thesis\.docx"):
        quick.save(tmp_path / "out", overwrite=overwrite)
    assert contents(tmp_path) == before


@pytest.mark.parametrize("manifest", ["", "[]", "{}", '{"format": "truce result 1"}', "[" * 100_000, "\ud800"])
def test_a_manifest_that_is_not_ours_is_a_foreign_file(experiment, tmp_path, manifest):
    (tmp_path / "manifest.json").write_text(manifest, "utf-8", errors="surrogatepass")
    with pytest.raises(OutputError, match=r"manifest\.json"):
        check_output(tmp_path, experiment, overwrite=True)


def test_a_directory_in_place_of_a_file_is_foreign(quick, experiment, tmp_path):
    quick.save(tmp_path / "out")
    (tmp_path / "out" / "summary.csv").unlink()
    (tmp_path / "out" / "summary.csv").mkdir()
    with pytest.raises(OutputError, match=r"summary\.csv"):
        check_output(tmp_path / "out", experiment, overwrite=True)


def test_a_file_is_no_directory(experiment, tmp_path):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(OutputError, match="is not a directory"):
        check_output(tmp_path / "file", experiment)
    with pytest.raises(OutputError, match="'file' on the way there is not a directory"):
        check_output(tmp_path / "file" / "deeper" / "out", experiment)


def test_a_symbolic_link_is_not_followed(experiment, tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "dangling").symlink_to("nowhere")
    for name in ("link", "dangling"):
        with pytest.raises(OutputError, match="symbolic link"):
            check_output(tmp_path / name, experiment)


@pytest.mark.parametrize("place", [".", "..", "../here", "/", "missing/.."])
def test_the_current_directory_and_those_above_are_not_replaced(experiment, tmp_path, monkeypatch, place):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    with pytest.raises(OutputError):
        check_output(Path(place), experiment)
    assert list((tmp_path / "here").iterdir()) == []


def test_a_directory_without_permission_is_refused(experiment, tmp_path):
    if os.geteuid() == 0:
        pytest.skip("nothing is forbidden to root")
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match="cannot write there"):
        check_output(tmp_path / "out", experiment)


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="writes to /proc")
def test_a_file_system_that_takes_no_files_is_refused(experiment):
    with pytest.raises(OutputError, match="cannot write there"):
        check_output(Path("/proc/truce/out"), experiment)


@pytest.mark.parametrize("name", ["x" * 300, "x" * 300 + "/out", "a\0b"])
def test_impossible_names_are_refused(experiment, tmp_path, name):
    with pytest.raises(OutputError, match="cannot write there"):
        check_output(tmp_path / name, experiment)


def test_checking_leaves_nothing(experiment, tmp_path):
    check_output(tmp_path / "a" / "b", experiment)
    assert list(tmp_path.iterdir()) == []


# When writing fails


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt(), ValueError("a defect")])
def test_a_failure_leaves_nothing_behind(comparison, tmp_path, monkeypatch, error):
    def fail(comparison, directory):
        raise error

    monkeypatch.setattr(store, "_write_figures", fail)
    with pytest.raises(OutputError if isinstance(error, OSError) else type(error)):
        comparison.save(tmp_path / "a" / "b" / "out")
    assert list(tmp_path.iterdir()) == []


def test_a_failure_while_replacing_keeps_the_earlier_result(quick, tmp_path, monkeypatch):
    quick.save(tmp_path / "out")
    before = contents(tmp_path)
    rename = Path.rename

    def fail(path, target):
        if path.name.endswith(".part"):
            raise OSError(5, "Input/output error")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(OutputError, match="input/output error"):
        quick.save(tmp_path / "out")
    assert contents(tmp_path) == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_foreign_file_that_appeared_during_the_run_is_kept(comparison, tmp_path, monkeypatch):
    out = tmp_path / "out"

    def meanwhile(comparison, directory):
        out.mkdir()
        (out / "thesis.docx").write_text("mine")

    monkeypatch.setattr(store, "_write_figures", meanwhile)
    with pytest.raises(OutputError, match=r"thesis\.docx"):
        comparison.save(out)
    assert contents(tmp_path) == {"out/thesis.docx": b"mine"}
