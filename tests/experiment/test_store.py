"""An experiment's directory: what is in it, whose it is, and what becomes of it when something goes wrong."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import shutil
import stat
import subprocess
import warnings
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import sim
from sim.errors import OutputError
from sim.experiment import Comparison, Experiment, default_directory, provenance
from sim.experiment.batch import blocks_of
from sim.experiment.chunk import simulate
from sim.experiment.design import grid
from sim.experiment.directory import read_manifest
from sim.experiment.parts import LABEL, TABLES, fault_of, label_of, read_part
from sim.experiment.store import Store, being_written
from tests.actors_that_fail import Hopeless, Raising
from tests.batches import Here, StopsAfter, carried_out, changed, files_in

PRODUCTS = {
    "summary.csv", "comparison.csv", "spread.csv", "ceasefire_incidence.png", "ceasefire_incidence.svg",
    "outcomes.png", "outcomes.svg", "territory.png", "territory.svg",
}  # fmt: skip
SECOND = "outcomes/000-0000000-0000000004.parquet"


@pytest.fixture(scope="module")
def saved(comparison: Comparison, tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("saved") / "new" / "result"
    return comparison.save(directory, command=["truce", "compare", "my file.yaml"])


@pytest.fixture(scope="module")
def study(hardball) -> Experiment:
    """Three blocks, one of which has a failed run and one a run that is followed."""
    return Experiment.of(
        hardball, runs=10, seed=3, actors={"russia": Raising}, traces=["confidence", "zone"], trace_runs=[1]
    )


@pytest.fixture(scope="module")
def undisturbed(study, tmp_path_factory) -> Path:
    directory = tmp_path_factory.mktemp("undisturbed") / "mine"
    carried_out(study, directory=directory, chunk=4)
    return directory


@pytest.fixture
def mine(undisturbed, tmp_path) -> Path:
    """A copy of the finished study, to be damaged."""
    return shutil.copytree(undisturbed, tmp_path / "mine")


@pytest.fixture(scope="module")
def small(hardball) -> Experiment:
    return Experiment.of(dataclasses.replace(hardball, uncertainty=False), runs=4)


def opened(directory: Path, experiment: Experiment, **named) -> None:
    """Begin to write an experiment, and leave it at that."""
    with Store(directory, experiment, 4, **named):
        pass


# ---- what is written


def test_a_finished_experiment_is_these_files(saved):
    assert {path.name for path in saved.iterdir()} == PRODUCTS | {
        "manifest.json", ".lock", "outcomes", "repeats", "failures",
    }  # fmt: skip
    assert [path.name for path in saved.parent.iterdir()] == ["result"]
    assert list((saved / "failures").iterdir()) == []


def test_a_part_is_named_after_scenario_point_and_first_run(stored):
    names = sorted(path.name for path in (stored / "outcomes").iterdir())
    assert names == [f"{place:03d}-0000000-{run:010d}.parquet" for place in (0, 1) for run in (0, 5, 10)]


def test_a_result_can_be_read_by_those_who_may_read_new_directories(saved):
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE(saved.stat().st_mode) == 0o777 & ~mask


def test_the_parts_together_are_the_outcomes(stored, comparison):
    parts = [pd.read_parquet(path) for path in sorted((stored / "outcomes").iterdir())]
    pd.testing.assert_frame_equal(pd.concat(parts, ignore_index=True), comparison.outcomes, check_exact=True)


def test_every_table_names_unit_and_meaning_of_every_column(undisturbed):
    for table, columns in TABLES.items():
        for path in (undisturbed / table).iterdir():
            for column in pq.read_schema(path):
                unit, description = columns[column.name]
                assert column.metadata == {b"unit": unit.encode(), b"description": description.encode()}
                assert unit and description


def test_every_kind_of_table_has_a_part(undisturbed):
    assert all(any((undisturbed / table).iterdir()) for table in TABLES)


def test_the_tables_hold_what_python_holds(saved, comparison):
    for name in ("summary.csv", "comparison.csv", "spread.csv"):
        table = getattr(comparison, name.removesuffix(".csv"))
        pd.testing.assert_frame_equal(pd.read_csv(saved / name), table, check_dtype=False, rtol=1e-5)
        assert b"\r" not in (saved / name).read_bytes()


def test_numbers_in_tables_have_at_most_six_digits(saved):
    numbers = pd.read_csv(saved / "summary.csv", dtype=str).drop(columns=["scenario", "deadline", "horizon"]).stack()
    assert numbers.str.replace(r"e.*|[-.]|^0\.0*", "", regex=True).str.len().max() <= 6


def test_the_manifest_says_how_to_repeat_the_result(saved, comparison):
    manifest = read_manifest(saved)
    assert manifest["truce"] == sim.__version__
    assert (manifest["runs"], manifest["seed"], manifest["baseline"]) == (12, 3, "hardball")
    assert (manifest["spread_runs"], manifest["runs_done"], manifest["failures"]) == (12, 12, 0)
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
    files = read_manifest(saved)["files"]
    there = files_in(saved, "manifest.json", ".lock")
    assert files == {name: hashlib.sha256(content).hexdigest() for name, content in there.items()}


def test_from_python_the_manifest_names_no_command(stored):
    assert read_manifest(stored)["command"] is None


def test_the_same_experiment_has_the_same_bytes(undisturbed, study, tmp_path):
    carried_out(study, directory=tmp_path / "again", chunk=4)
    assert files_in(tmp_path / "again", "manifest.json") == files_in(undisturbed, "manifest.json")


# ---- what is there before the first run


class Looking(Here):
    """Looks at a directory before each block."""

    def __init__(self, directory: Path) -> None:
        super().__init__()
        self.directory, self.seen = directory, []

    def submit(self, fn, /, *args, **kwargs):
        self.seen.append((read_manifest(self.directory), set(files_in(self.directory)), being_written(self.directory)))
        return super().submit(fn, *args, **kwargs)


def test_before_the_first_run_the_directory_says_what_it_will_hold(small, tmp_path):
    looking = Looking(tmp_path / "mine")
    carried_out(small, directory=tmp_path / "mine", executor=looking, chunk=2)
    manifest, files, writer = looking.seen[0]
    assert files == {"manifest.json", ".lock", ".writer"}
    assert (manifest["experiment"], manifest["ended"], manifest["files"]) == (small.digest, None, {})
    assert writer is not None and str(os.getpid()) in writer
    assert being_written(tmp_path / "mine") is None


def test_a_sweep_has_its_design_beside_the_manifest(small, tmp_path):
    opened(tmp_path / "mine", changed(small, design=grid({"russia.stall": [0.1, 0.9]})))
    assert (tmp_path / "mine" / "design.csv").read_text() == "point,russia.stall\n0,0.1\n1,0.9\n"
    assert read_manifest(tmp_path / "mine")["design"]["points"] == 2


@pytest.mark.parametrize("last", ["manifest.json", "design.csv", "outcomes"])
def test_killed_at_its_very_beginning_an_experiment_can_begin_again(small, tmp_path, monkeypatch, last):
    """The order in which the first files appear leaves no moment in which the directory is a stranger's."""
    sweep = changed(small, design=grid({"russia.stall": [0.1, 0.9]}))

    def killed(*_: object, **__: object) -> None:
        raise SystemExit(137)

    directory = tmp_path / "mine"
    directory.mkdir()
    with monkeypatch.context() as broken:
        if last == "outcomes":
            broken.setattr(Store, "_traced", killed)
        else:
            write = sim.experiment.store.write_text

            def dying(path: Path, text: str) -> None:
                if path.name == last:
                    killed()
                write(path, text)

            for module in (sim.experiment.store, sim.experiment.products):
                broken.setattr(module, "write_text", dying)
        with pytest.raises(SystemExit):
            opened(directory, sweep)
    carried_out(sweep, directory=directory)
    assert sim.open(directory).complete


# ---- where it may be written


def test_the_default_directory_is_named_after_the_experiment(experiment, hardball):
    assert default_directory(experiment) == Path("results") / f"comparison-{experiment.digest[:8]}"
    single = Experiment.of(hardball)
    assert default_directory(single) == Path("results") / f"hardball-{single.digest[:8]}"
    strange = Experiment.of(dataclasses.replace(hardball, name="../a b"))
    assert default_directory(strange).parent == Path("results")


def test_an_empty_directory_is_used(small, tmp_path):
    (tmp_path / "out").mkdir()
    opened(tmp_path / "out", small)
    assert read_manifest(tmp_path / "out")["experiment"] == small.digest


def test_the_current_directory_is_used_if_it_is_empty(small, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    opened(Path("."), small)
    assert read_manifest(tmp_path)["experiment"] == small.digest


@pytest.mark.parametrize("fresh", [False, True])
@pytest.mark.parametrize("name", ["thesis.docx", "outcomes/thesis.parquet", "failures/mine", "repeats/.notes"])
def test_a_foreign_file_is_named_and_never_touched(study, mine, name, fresh):
    (mine / name).write_text("mine")
    before = files_in(mine)
    with pytest.raises(OutputError, match=rf"holds '{name}', which no experiment of Truce put there"):
        opened(mine, study, fresh=fresh)
    assert files_in(mine) == before


@pytest.mark.parametrize("fresh", [False, True])
def test_a_directory_of_somebody_else_is_not_used(study, tmp_path, fresh):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "summary.csv").write_text("mine")
    with pytest.raises(OutputError, match=r"holds 'summary\.csv'"):
        opened(tmp_path / "out", study, fresh=fresh)
    assert files_in(tmp_path) == {"out/summary.csv": b"mine"}


@pytest.mark.parametrize("manifest", ["", "[]", "{}", '{"format": "truce result 1"}', "[" * 100_000, "\ud800"])
def test_a_manifest_that_is_not_ours_is_a_foreign_file(small, tmp_path, manifest):
    (tmp_path / "manifest.json").write_text(manifest, "utf-8", errors="surrogatepass")
    before = files_in(tmp_path)
    for fresh in (False, True):
        with pytest.raises(OutputError, match=r"manifest\.json"):
            opened(tmp_path, small, fresh=fresh)
    assert files_in(tmp_path) == before


def test_a_directory_in_place_of_a_file_is_foreign(study, mine):
    (mine / "summary.csv").unlink()
    (mine / "summary.csv").mkdir()
    with pytest.raises(OutputError, match=r"summary\.csv"):
        opened(mine, study, fresh=True)


def test_a_link_in_place_of_a_folder_is_foreign(study, mine, tmp_path):
    (mine / "outcomes").rename(tmp_path / "elsewhere")
    (mine / "outcomes").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OutputError, match="holds 'outcomes'"):
        opened(mine, study, fresh=True)
    assert len(list((tmp_path / "elsewhere").iterdir())) == 3


def test_a_file_is_no_directory(small, tmp_path):
    (tmp_path / "file").write_text("mine")
    (tmp_path / "dangling").symlink_to("nowhere")
    for name in ("file", "dangling"):
        with pytest.raises(OutputError, match="exists and is not a directory"):
            opened(tmp_path / name, small)
    with pytest.raises(OutputError, match="'file' on the way there is not a directory"):
        opened(tmp_path / "file" / "deeper" / "out", small)


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="writes to /proc")
def test_a_file_system_that_takes_no_files_is_refused(small):
    with pytest.raises(OutputError, match="cannot write there"):
        opened(Path("/proc/truce/out"), small)


def test_a_directory_without_permission_is_refused(small, tmp_path):
    if os.geteuid() == 0:
        pytest.skip("nothing is forbidden to root")
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match="cannot write there"):
        opened(tmp_path / "out", small)


@pytest.mark.parametrize("name", ["x" * 300, "x" * 300 + "/out", "a/b/" + "x" * 300, "a\0b"])
def test_impossible_names_are_refused_and_leave_nothing(small, tmp_path, name):
    with pytest.raises(OutputError, match="cannot write there"):
        opened(tmp_path / name, small)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["out", "a/b/out"])
def test_refused_at_the_beginning_new_directories_are_removed(small, tmp_path, monkeypatch, name):
    def refuse(path, text):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(sim.experiment.products, "write_text", refuse)
    with pytest.raises(OutputError, match="no space left on device"):
        opened(tmp_path / name, small)
    assert list(tmp_path.iterdir()) == []


# ---- whose it is


def other_scenario(study: Experiment) -> Experiment:
    return changed(study, scenarios=(study.scenarios[0].vary({"russia.stall": 0.9}),))


OTHERS = {
    "seed": (lambda study: changed(study, seed=99), "seed is 3 there, 99 here"),
    "runs": (lambda study: changed(study, runs=11), "runs is 10 there, 11 here"),
    "a parameter": (other_scenario, r"russia\.stall of 'hardball' is .+ there, 0\.9 here"),
    "traces": (lambda study: changed(study, traces=("zone",)), r"traces is \[confidence, zone\] there, \[zone\] here"),
    "luck": (lambda study: changed(study, independent=True), "independent is false there, true here"),
    "actors": (lambda study: changed(study, actors={}), "actors differs"),
    "design": (
        lambda study: changed(study, design=grid({"russia.stall": [0.5]})), "the design differs",
    ),
    "the set of scenarios": (
        lambda study: changed(study, scenarios=(*study.scenarios, study.scenarios[0].vary({}, name="twin"))),
        "the scenarios are hardball there, hardball, twin here",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("alter", "words"), OTHERS.values(), ids=OTHERS.keys())
def test_another_experiment_is_not_mixed_in(study, undisturbed, alter, words):
    before = files_in(undisturbed)
    with pytest.raises(OutputError, match=rf"holds another experiment: .*{words}.*--fresh \(fresh=True\) discards it"):
        opened(undisturbed, alter(study))
    assert files_in(undisturbed) == before


def test_everything_that_differs_is_told_at_once(study, undisturbed):
    with pytest.raises(OutputError, match=r"runs is 10 there, 11 here; seed is 3 there, 4 here"):
        opened(undisturbed, changed(study, runs=11, seed=4))


OTHER_CODE = {
    "the version": ("version of Truce is .+ there, 9.9 here", lambda patch: patch.setattr(sim, "__version__", "9.9")),
    "the model": (
        "the code of the model has changed", lambda patch: patch.setattr(provenance, "model_digest", lambda: "0"),
    ),
    "NumPy": (
        r"numpy is [\d.]+ there, 1\.0 here",
        lambda patch: patch.setattr(provenance, "_version", lambda name, version=provenance._version: (
            "1.0" if name == "numpy" else version(name)
        )),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("words", "alter"), OTHER_CODE.values(), ids=OTHER_CODE.keys())
def test_runs_of_other_code_are_not_mixed_in(study, undisturbed, monkeypatch, words, alter):
    alter(monkeypatch)
    with pytest.raises(OutputError, match=rf"{words}; --fresh"):
        opened(undisturbed, study)


def test_a_library_that_changes_no_number_may_change(study, undisturbed, monkeypatch):
    version = provenance._version
    monkeypatch.setattr(provenance, "_version", lambda name: "9.9" if name == "matplotlib" else version(name))
    opened(undisturbed, study)


def test_a_new_title_does_not_make_it_another_experiment(study, undisturbed):
    retitled = dataclasses.replace(study.scenarios[0], title="Another title")
    opened(undisturbed, changed(study, scenarios=(retitled,)))


def test_fresh_discards_another_experiment_and_all_of_its_files(study, small, mine):
    carried_out(small, directory=mine, fresh=True)
    assert read_manifest(mine)["experiment"] == small.digest
    assert set(files_in(mine, ".lock")) == {
        "manifest.json", "outcomes/000-0000000-0000000000.parquet", "summary.csv", "comparison.csv", "spread.csv",
    }  # fmt: skip


def test_fresh_discards_the_same_experiment_too(study, mine):
    here = Here()
    carried_out(study, directory=mine, fresh=True, chunk=5, executor=here)
    assert len(here.tasks) == 4 and read_manifest(mine)["chunk"] == 5


def test_killed_while_it_discards_an_experiment_fresh_can_begin_again(study, small, mine, monkeypatch):
    def killed(directory):
        raise SystemExit(137)

    with monkeypatch.context() as broken:
        broken.setattr(sim.experiment.directory, "flush_to_disk", killed)
        with pytest.raises(SystemExit):
            opened(mine, small, fresh=True)
    carried_out(small, directory=mine, fresh=True)
    assert len(sim.open(mine).outcomes) == 4


# ---- who writes


def test_two_cannot_write_at_once(small, tmp_path):
    with Store(tmp_path / "mine", small, 4):
        before = files_in(tmp_path)
        with pytest.raises(OutputError, match=rf"process {os.getpid()} on .+ is writing this experiment; wait"):
            opened(tmp_path / "mine", small)
        with pytest.raises(OutputError, match="is writing this experiment"):
            opened(tmp_path / "mine", small, fresh=True)
        assert files_in(tmp_path) == before
    opened(tmp_path / "mine", small)


@pytest.mark.parametrize("told", [None, b"", b"\xff"])
def test_a_writer_that_has_not_said_who_it_is_is_another_process(small, tmp_path, told):
    with Store(tmp_path / "mine", small, 4):
        (tmp_path / "mine" / ".writer").unlink()
        if told is not None:
            (tmp_path / "mine" / ".writer").write_bytes(told)
        assert being_written(tmp_path / "mine") == "another process"


def test_the_lock_of_a_process_that_was_killed_is_no_lock(small, tmp_path):
    """Its file is still there, but nobody holds it."""
    opened(tmp_path / "mine", small)
    (tmp_path / "mine" / ".writer").write_text("process 1 on another machine")
    assert (tmp_path / "mine" / ".lock").exists()
    assert being_written(tmp_path / "mine") is None
    opened(tmp_path / "mine", small)


def test_a_batch_that_failed_lets_go_of_its_directory(small, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        carried_out(small, directory=tmp_path / "mine", executor=StopsAfter(0))
    assert being_written(tmp_path / "mine") is None
    assert not (tmp_path / "mine" / ".writer").exists()


# ---- parts that are damaged


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def flipped(path: Path) -> None:
    """One bit of the last page, which is where numbers are."""
    with pq.ParquetFile(path) as file:
        column = file.metadata.row_group(0).column(file.metadata.num_columns - 1)
        last = column.data_page_offset + column.total_compressed_size - 1
        if column.dictionary_page_offset is not None:
            last = column.dictionary_page_offset + column.total_compressed_size - 1
    content = bytearray(path.read_bytes())
    content[last] ^= 4
    path.write_bytes(content)


def removed(path: Path) -> None:
    path.unlink()


def replaced_by_words(path: Path) -> None:
    path.write_text("mine")


def replaced_by_another_table(path: Path) -> None:
    pd.DataFrame({"run": [1, 2]}).to_parquet(path)


DAMAGES = {
    "truncated": (truncated, "is damaged"),
    "empty": (emptied, "is damaged"),
    "a flipped bit": (flipped, "is damaged"),
    "no table": (replaced_by_words, "is damaged"),
    "another table": (replaced_by_another_table, "was not written by Truce"),
}


@pytest.mark.parametrize("name", [SECOND, SECOND.replace("outcomes", "repeats"), SECOND.replace("outcomes", "traces")])
@pytest.mark.parametrize(("damage", "words"), DAMAGES.values(), ids=DAMAGES.keys())
def test_a_damaged_part_is_named_and_done_again(study, undisturbed, mine, damage, words, name):
    damage(mine / name)
    here = Here()
    with pytest.warns(RuntimeWarning, match=rf"{name}: {words}.*; its runs are done again"):
        carried_out(study, directory=mine, executor=here)
    assert [(task.block.runs, task.block.replication) for task in here.tasks] == [
        (range(4, 8), 1 if "repeats" in name else 0)
    ]
    assert files_in(mine, "manifest.json") == files_in(undisturbed, "manifest.json")


@pytest.mark.parametrize(
    "name",
    [
        "failures/000-0000000-0000000004-0.parquet", "failures/000-0000000-0000000004-1.parquet",
        "traces/000-0000000-0000000008.parquet", "histories/000-0000000-0000000000.parquet",
    ],
)  # fmt: skip
def test_what_belongs_to_a_part_is_missed_when_it_is_gone(study, undisturbed, mine, name):
    (mine / name).unlink()
    with pytest.warns(RuntimeWarning, match=rf"{name}: is missing; its runs are done again"):
        carried_out(study, directory=mine)
    assert files_in(mine, "manifest.json") == files_in(undisturbed, "manifest.json")


def test_a_part_that_is_gone_is_done_again_without_a_word(study, undisturbed, mine):
    (mine / SECOND).unlink()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", ".*run failed and left out")  # one of the study's does
        carried_out(study, directory=mine)
    assert files_in(mine, "manifest.json") == files_in(undisturbed, "manifest.json")


def test_a_part_of_another_seed_does_not_slip_in(study, undisturbed, mine, tmp_path):
    carried_out(changed(study, seed=4), directory=tmp_path / "other", chunk=4)
    shutil.copy(tmp_path / "other" / SECOND, mine / SECOND)
    with pytest.warns(RuntimeWarning, match=rf"{SECOND}: belongs to another experiment or place"):
        carried_out(study, directory=mine)
    assert files_in(mine, "manifest.json") == files_in(undisturbed, "manifest.json")


def test_a_part_in_the_place_of_another_does_not_slip_in(study, undisturbed, mine):
    shutil.copy(mine / SECOND.replace("04", "00"), mine / SECOND)
    with pytest.warns(RuntimeWarning, match=rf"{SECOND}: belongs to another experiment or place"):
        carried_out(study, directory=mine)
    assert files_in(mine, "manifest.json") == files_in(undisturbed, "manifest.json")


def test_a_part_that_does_not_hold_its_runs_is_not_taken_for_done(small, tmp_path):
    """A defect of whoever carried it out, not of the disk: what was written is sealed and sound."""
    with Store(tmp_path / "mine", small, 4) as store:
        (block,) = blocks_of(small, range(4), chunk=4)
        result = simulate(small.task(block))
        store.keep(block, result._replace(outcomes=result.outcomes.iloc[:3]))
        with pytest.warns(RuntimeWarning, match="does not hold all of its runs"):
            assert store.missing([block]) == [block]
        store.keep(block, result)
        assert store.missing([block]) == []


def test_a_part_of_later_points_and_runs_is_whole_too(hardball, tmp_path):
    design = grid({"russia.confidence": [0.3, 0.5, 0.7]})
    sweep = sim.sweep(hardball, design=design, runs=4, chunk=2, workers=1, directory=tmp_path, progress=False)
    parts = sorted((tmp_path / "outcomes").glob("*.parquet"))
    labels = [label_of(pq.read_schema(part)) for part in parts]
    assert any(label["points"][0] and label["runs"][0] for label in labels)
    assert [fault_of(part, label) for part, label in zip(parts, labels, strict=True)] == [None] * len(parts)
    assert sweep.complete


@pytest.mark.parametrize("content", ["[]", "{}", '{"failures": 0}', "nonsense", None])
def test_a_table_with_another_label_was_not_written_by_truce(tmp_path, content):
    table = pa.table({"run": [0]})
    label = {} if content is None else {LABEL: content.encode()}
    pq.write_table(table.replace_schema_metadata(label), tmp_path / "part.parquet")
    assert fault_of(tmp_path / "part.parquet", {}) == "was not written by Truce"


def test_wherever_a_bit_flips_it_is_noticed(small, tmp_path):
    """In a page, between pages, in what the file says of itself: without it another number could be read."""
    with Store(tmp_path / "mine", small, 4) as store:
        (block,) = blocks_of(small, range(4), chunk=4)
        store.keep(block, simulate(small.task(block)))
        path = store.path(block)
        whole = path.read_bytes()
        assert store.missing([block]) == []
        for place in range(0, len(whole), 251):
            content = bytearray(whole)
            content[place] ^= 1 << place % 8
            path.write_bytes(content)
            with pytest.warns(RuntimeWarning, match="is damaged|was not written by Truce|belongs to another"):
                assert store.missing([block]) == [block], place


def test_while_a_damaged_part_is_done_again_the_experiment_is_not_complete(study, mine):
    removed(mine / SECOND)
    with Store(mine, study, 4) as store:
        assert store.finished is False
        (block,) = store.missing(blocks_of(study, range(10), chunk=4))
        store.keep(block, simulate(study.task(block)))
    assert read_manifest(mine)["ended"] is None


def test_a_block_all_of_whose_runs_failed_is_done_without_a_trace(study, tmp_path):
    hopeless = changed(study, actors={"russia": Hopeless})
    with Store(tmp_path / "mine", hopeless, 4) as store:
        block = next(blocks_of(hopeless, range(4), chunk=4))
        store.keep(block, simulate(hopeless.task(block)))
        assert not (tmp_path / "mine" / "traces" / f"{block.name}.parquet").exists()
        assert store.missing([block]) == []


def test_any_reader_can_tell_a_damaged_page(mine):
    """Each page has a checksum of its own, beside the one of the whole file that Truce itself looks at."""
    flipped(mine / SECOND)
    with pytest.raises(OSError, match="CRC"), pq.ParquetFile(mine / SECOND, page_checksum_verification=True) as file:
        file.read()
    with pytest.raises(OSError, match="its bytes are not those that were written"):
        read_part(mine / SECOND)


def test_reading_a_damaged_part_names_it_and_the_remedy(mine):
    truncated(mine / SECOND)
    results = sim.open(mine)
    for read in (lambda: results.outcomes, lambda: results.summary, lambda: results.block_with(0, 0, 5)):
        with pytest.raises(OutputError, match=rf"{SECOND}: is damaged .*; the command that made it writes"):
            read()


def test_what_a_killed_process_was_writing_is_removed(study, undisturbed, mine):
    (mine / ".manifest.json.123.part").write_text("{")
    (mine / "outcomes" / ".000-0000000-0000000004.parquet.123.part").write_text("PAR1")
    (mine / ".figures.123.part").mkdir()
    (mine / ".figures.123.part" / "territory.svg").write_text("<svg")
    carried_out(study, directory=mine)
    assert set(files_in(mine)) == set(files_in(undisturbed))


def test_a_finished_experiment_is_not_touched_again(study, mine):
    before = files_in(mine)
    here = Here()
    carried_out(study, directory=mine, executor=here)
    assert here.tasks == [] and files_in(mine) == before


def test_interrupted_while_it_makes_the_tables_it_makes_them_the_next_time(study, undisturbed, mine, monkeypatch):
    for name in ("summary.csv", "traces.csv"):
        (mine / name).unlink()
    manifest = read_manifest(mine) | {"ended": None, "files": {}}
    (mine / "manifest.json").write_text(json.dumps(manifest))
    here = Here()
    carried_out(study, directory=mine, executor=here)
    assert here.tasks == [] and files_in(mine, "manifest.json") == files_in(undisturbed, "manifest.json")


# ---- disks


def mounted(place: Path, options: str) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)], check=True, capture_output=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 250 kB of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    try:
        mounted(place, "size=250k")
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("may not mount anything")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def remounted(place: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", str(place)], check=True)


def test_when_the_disk_is_full_what_is_done_is_kept_and_room_lets_it_go_on(disk, study, undisturbed):
    (disk / "other").write_bytes(b"x" * 120_000)
    with pytest.raises(OutputError, match=r"no space left on device\); what is done is kept: make room"):
        carried_out(study, directory=disk / "mine", chunk=4)
    left = files_in(disk / "mine")
    assert not any(name.endswith(".part") for name in left)
    done = [name for name in left if name.startswith(("outcomes", "repeats"))]
    assert 1 <= len(done) < 6
    for name in done:
        assert left[name] == (undisturbed / name).read_bytes()
    remounted(disk, "size=2m")
    here = Here()
    carried_out(study, directory=disk / "mine", executor=here)
    assert len(here.tasks) == 6 - len(done)
    assert files_in(disk / "mine", "manifest.json") == files_in(undisturbed, "manifest.json")


def test_a_full_disk_is_found_out_before_the_first_run(disk, small):
    (disk / "other").write_bytes(b"x" * 4096 * 61)
    here = Here()
    with pytest.raises(OutputError, match="no space left on device"):
        carried_out(small, directory=disk / "mine", executor=here)
    assert here.tasks == [] and [path.name for path in disk.iterdir()] == ["other"]


def test_a_disk_that_takes_nothing_is_refused_but_can_be_read(disk, small):
    carried_out(small, directory=disk / "mine")
    remounted(disk, "ro")
    for directory in (disk / "mine", disk / "new"):
        with pytest.raises(OutputError, match="cannot write there"):
            carried_out(small, directory=directory)
    results = sim.open(disk / "mine")
    assert len(results.outcomes) == 4 and results.complete
    assert being_written(disk / "mine") is None
    remounted(disk, "rw")


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="counts open files in /proc")
def test_no_file_stays_open(study, mine):
    """However many parts there are."""
    carried_out(study, directory=mine)
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        carried_out(study, directory=mine)
        results = sim.open(mine)
        assert len(results.outcomes) == 9 and len(results.failures) == 2 and len(results.traces)
        results.block_with(0, 0, 9)
    assert len(os.listdir("/proc/self/fd")) == before


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_in_the_place_of_a_part_is_not_waited_for(study, undisturbed, mine):
    removed(mine / SECOND)
    os.mkfifo(mine / SECOND)
    carried_out(study, directory=mine)
    assert (mine / SECOND).read_bytes() == (undisturbed / SECOND).read_bytes()
