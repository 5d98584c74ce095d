"""Damaged directories and tables: whatever was done to them, they are of use or refused with one error."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from benchmarks.fuzzing import design
from benchmarks.fuzzing.pieces import spoilt
from sim.errors import OutputError, TruceError, UsageError
from sim.experiment.design import MOST_CHARACTERS, read_design
from sim.experiment.opening import status_of
from sim.experiment.parts import fault_of, read_part, write_part
from sim.scenario import Scenario
from tests.batches import carried_out

pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")

VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just([]) | st.just({"a": 1})


@pytest.fixture(scope="module")
def copy(stored: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("hostile") / "mine"
    shutil.copytree(stored, directory)
    return directory


def look(directory: Path) -> None:
    try:
        status_of(directory)
        results = sim.open(directory)
        for table in ("runs", "failures", "outcomes"):
            getattr(results, table)
    except TruceError as error:
        assert str(directory) in str(error) and len(str(error)) < 2000


@settings(deadline=None, max_examples=60)
@given(data=st.data(), value=VALUES)
def test_a_manifest_with_any_value_changed_is_answered(copy, stored, data, value):
    content = json.loads((stored / "manifest.json").read_text())
    node = content
    while True:
        key = data.draw(st.sampled_from(sorted(node)) if isinstance(node, dict) else st.integers(0, len(node) - 1))
        if not (isinstance(node[key], dict | list) and node[key] and data.draw(st.booleans())):
            break
        node = node[key]
    node[key] = value
    (copy / "manifest.json").write_text(json.dumps(content))
    look(copy)


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 2**32))
def test_parts_with_any_bytes_changed_are_answered(copy, stored, seed):
    random = Random(seed)
    shutil.copy(stored / "manifest.json", copy)
    part = random.choice(sorted((stored / "outcomes").iterdir()))
    content = spoilt(part.read_bytes(), random)
    (copy / "outcomes" / part.name).write_bytes(content)
    look(copy)
    if content != part.read_bytes():
        with pytest.raises(OutputError, match=r"is damaged"):
            sim.open(copy).outcomes  # noqa: B018
    shutil.copy(part, copy / "outcomes")


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("runs", "many", "runs"), ("scenarios", [], "scenarios"), ("baseline", "nobody", "baseline"),
        ("seed", -1, "seed"), ("kind", "sweep", "a design goes with a sweep"), ("libraries", 5, "libraries"),
        ("precision", {"half_width": 1}, "'precision.outcome' is missing"),
    ],
)  # fmt: skip
def test_a_damaged_manifest_is_named_with_its_key(tmp_path, stored, key, value, told):
    content = json.loads((stored / "manifest.json").read_text())
    (tmp_path / "manifest.json").write_text(json.dumps(content | {key: value}))
    with pytest.raises(OutputError, match=r"manifest\.json: is (damaged|not complete) \(") as caught:
        sim.open(tmp_path)
    assert told in str(caught.value)


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2025-02-30"])
def test_a_manifest_whose_horizon_cannot_be_is_refused(tmp_path, stored, day):
    content = json.loads((stored / "manifest.json").read_text())
    content["scenarios"][0]["horizon"] = day
    (tmp_path / "manifest.json").write_text(json.dumps(content))
    with pytest.raises(OutputError, match=r"manifest\.json: is damaged"):
        sim.open(tmp_path)


@pipes
def test_nobody_waits_for_a_pipe(tmp_path, stored, hardball):
    os.mkfifo(tmp_path / "manifest.json")
    with pytest.raises(OutputError, match=r"manifest\.json: cannot be read \(not an ordinary file\)"):
        sim.open(tmp_path)
    with pytest.raises(UsageError, match=r"cannot be read \(not an ordinary file\)"):
        read_design(tmp_path / "manifest.json", hardball)
    shutil.copytree(stored, tmp_path / "mine")
    part = min((tmp_path / "mine" / "outcomes").iterdir())
    part.unlink()
    os.mkfifo(part)
    with pytest.raises(OutputError, match=r"is damaged \(.*not an ordinary file"):
        sim.open(tmp_path / "mine").outcomes  # noqa: B018
    assert status_of(tmp_path / "mine").done < status_of(stored).done


@pipes
@pytest.mark.parametrize("name", [".lock", ".writer", "summary.csv"])
@pytest.mark.parametrize("is_pipe", [True, False], ids=["pipe", "link"])
def test_links_and_pipes_among_the_files_are_refused_and_not_written_through(
    tmp_path, stored, experiment, name, is_pipe
):
    shutil.copytree(stored, tmp_path / "mine")
    path, precious = tmp_path / "mine" / name, tmp_path / "precious.txt"
    precious.write_text("mine")
    path.unlink(missing_ok=True)
    if is_pipe:
        os.mkfifo(path)
    else:
        path.symlink_to(precious)
    assert status_of(tmp_path / "mine").done == status_of(stored).done
    with pytest.raises(OutputError, match=re.escape(name)):
        carried_out(experiment, directory=tmp_path / "mine", fresh=True)
    assert precious.read_text() == "mine"


@pytest.mark.parametrize("key", ["digest", "parameters", "states"])
def test_a_manifest_whose_scenarios_lack_something_is_refused_by_whoever_goes_on(tmp_path, stored, experiment, key):
    shutil.copytree(stored, tmp_path / "mine")
    content = json.loads((stored / "manifest.json").read_text())
    del content["scenarios"][0][key]
    (tmp_path / "mine" / "manifest.json").write_text(json.dumps(content))
    with pytest.raises(OutputError, match=rf"is not complete \('scenarios\.0\.{key}' is missing\)"):
        carried_out(experiment, directory=tmp_path / "mine")


@pytest.mark.parametrize("label", [{"failures": 0}, {"failures": 0, "scenario": "hardball", "runs": [0]}])
def test_a_sealed_part_that_does_not_say_what_it_holds_holds_nothing(tmp_path, stored, label):
    shutil.copytree(stored, tmp_path / "mine")
    part = min((tmp_path / "mine" / "outcomes").iterdir())
    write_part(part, read_part(part), label)
    assert fault_of(part, {}) == "was not written by Truce"
    assert sim.open(tmp_path / "mine").block_with(0, 0, 0) is None


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 2**32))
def test_every_table_of_points_is_answered(tmp_path_factory, seed):
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("hostile"))
        try:
            design.carry_out(design.case(Random(seed)))
        except UsageError as error:
            assert len(str(error)) < 2000


def test_a_line_without_end_and_a_word_without_end_are_not_repeated(tmp_path, hardball: Scenario):
    path = tmp_path / "points.csv"
    for text, told in (
        ("x" * 2 * MOST_CHARACTERS, "a line of more than 100,000 characters"),
        ("x" * 50_000 + "\n1\n", "no such parameter"),
        ("russia.stall\n" + "x" * 50_000 + "\n", "is not a number"),
    ):  # fmt: skip
        path.write_text(text)
        with pytest.raises(UsageError, match=told) as caught:
            read_design(path, hardball)
        assert len(str(caught.value)) < 500
