"""The commands that run experiments and look at them: what they print, and what they say by their exit code."""

from __future__ import annotations

import functools
import json
import re
from pathlib import Path

import pandas as pd
import pytest

import sim
from sim.cli import experiments
from sim.errors import ClusterError
from sim.experiment import Comparison, precision
from tests.actors_that_fail import Liar, Raising


@pytest.fixture(autouse=True)
def without_figures(monkeypatch):
    """Figures take a second; the other tests of the commands draw them."""
    monkeypatch.setattr(Comparison, "figures", lambda self: {})


@pytest.fixture
def failing(monkeypatch):
    """A Russia that fails in run 7, as if it came with Truce."""
    of = sim.experiment.Experiment.of

    def broken(*arguments, **named):
        return of(*arguments, **named | {"actors": {"russia": Raising}})

    monkeypatch.setattr(sim.experiment.Experiment, "of", staticmethod(broken))


def words_of(text: str) -> str:
    return " ".join(text.split())


# ---- sweep


def test_a_sweep_shows_its_points_and_stores_them(here, scenario, tmp_path):
    vary = ["--vary", "russia.confidence=0.1:0.5:3", "--vary", "russia.stall=0.2,0.8"]
    done = here("sweep", scenario, *vary, "--runs", "4", "--out", "out")
    assert done.returncode == 0
    assert all(len(line) <= 100 for line in done.stdout.splitlines())
    rows = re.findall(r"^ *(\d) +(0\.[135]) +(0\.[28]) +[\d.]+ \[[\d.]+, [\d.]+\]", done.stdout, re.MULTILINE)
    pairs = [(confidence, stall) for confidence in ("0.1", "0.3", "0.5") for stall in ("0.2", "0.8")]
    assert rows == [(str(point), *pair) for point, pair in enumerate(pairs)]
    said = words_of(done.stdout)
    assert "mine at 6 points, 4 runs each, seed 1; deadline 2025-09-01, horizon 2025-11-17." in said
    assert "All points meet the same luck" in said and "design.csv" in said
    table = pd.read_csv(tmp_path / "out" / "summary.csv")
    assert table["russia.confidence"].tolist() == [0.1, 0.1, 0.3, 0.3, 0.5, 0.5] and set(table["runs"]) == {4}


def test_of_many_points_and_names_the_first_are_shown(here, scenario):
    done = here("sweep", scenario, "--sample", "30", "--runs", "1", "--method", "lhs", "--independent", "--out", "out")
    said = words_of(done.stdout)
    assert "The first 24 points are shown; summary.csv has all." in said
    assert re.search(r"\d+ more parameters vary; design\.csv has all\.", said)
    assert "same luck" not in said and all(len(line) <= 100 for line in done.stdout.splitlines())


def test_a_design_may_come_from_a_file_and_that_of_another_sweep(here, scenario, tmp_path):
    (tmp_path / "points.csv").write_text("russia.stall\n0.25\n0.75\n")
    assert here("sweep", scenario, "--design", "points.csv", "--runs", "2", "--out", "one", "-q").returncode == 0
    assert here("sweep", scenario, "--design", "one/design.csv", "--runs", "2", "--out", "two", "-q").returncode == 0
    one, two = (json.loads((tmp_path / name / "manifest.json").read_text()) for name in ("one", "two"))
    assert one["experiment"] == two["experiment"]


def test_of_laws_there_are_groups_and_ranges(here, scenario):
    words = ["--vary", "russia.*", "--vary", "united_states.urgency=0.2:0.4", "--sample", "4", "--runs", "1"]
    assert here("sweep", scenario, *words, "--out", "out", "-q").returncode == 0
    design = sim.open("out").design
    assert design["united_states.urgency"].between(0.2, 0.4).all() and len(design.columns) > 4


# ---- going on


def test_the_same_command_again_does_nothing_and_shows_the_same(here, scenario, tmp_path):
    command = ["run", scenario, "--runs", "4", "--out", "out"]
    first = here(*command)
    times = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*.*") if path.is_file()}
    second = here(*command)
    assert (second.returncode, second.stdout) == (0, first.stdout)
    assert all(path.stat().st_mtime_ns == time for path, time in times.items() if path.exists())


def test_another_experiment_is_refused_in_one_line_unless_fresh(here, scenario):
    assert here("run", scenario, "--runs", "4", "--out", "out", "-q").returncode == 0
    refused = here("run", scenario, "--runs", "5", "--seed", "2", "--out", "out")
    assert refused.returncode == 2 and refused.stdout == ""
    assert refused.stderr == (
        "truce: out: holds another experiment: runs is 4 there, 5 here; seed is 1 there, 2 here; --fresh (fresh=True) "
        "discards it and begins anew, or choose another directory\n"
    )
    assert here("run", scenario, "--runs", "5", "--seed", "2", "--out", "out", "--fresh", "-q").returncode == 0
    assert sim.open("out").runs == 5


def test_a_damaged_part_is_named_in_one_line_and_mended(here, scenario, tmp_path):
    command = ["run", scenario, "--runs", "4", "--chunk", "2", "--out", "out", "-q"]
    assert here(*command).returncode == 0
    part = tmp_path / "out" / "outcomes" / "000-0000000-0000000002.parquet"
    whole = part.read_bytes()
    part.write_bytes(whole[:100])
    assert here("status", "out").returncode == 0
    refused = here("replay", "out", "--run", "3")
    assert refused.returncode == 2 and len(refused.stderr.splitlines()) == 1 and part.name in refused.stderr
    mended = here(*command)
    assert mended.returncode == 0 and part.read_bytes() == whole
    assert re.fullmatch(rf"truce: .*{part.name}: is damaged .*; its runs are done again\n", mended.stderr)


# ---- stopping early


def test_failed_runs_are_told_and_give_exit_code_1(here, scenario, failing):
    done = here("run", scenario, "--runs", "9", "--out", "out")
    assert done.returncode == experiments.FAILED_RUNS == 1
    said = words_of(done.stdout)
    assert "1 run failed and left out; failures.csv has all." in said
    assert "run 7 of 'mine', week 3: ValueError: run seven cannot go on" in said
    assert "Traceback" not in done.stderr
    assert here("run", scenario, "--runs", "9", "--out", "out", "-q").returncode == 1  # also when nothing is left to do
    assert "failed: 1 run" in words_of(here("status", "out").stdout)


@pytest.mark.parametrize("command", [["run"], ["compare"], ["sweep", "--vary", "russia.stall=0.5"]])
def test_on_request_a_run_that_breaks_an_invariant_is_a_failed_run(here, scenario, monkeypatch, tmp_path, command):
    of = functools.partial(sim.experiment.Experiment.of, actors={"russia": Liar})
    monkeypatch.setattr(sim.experiment.Experiment, "of", of)
    words = [command[0], scenario, *command[1:], "--runs", "9"]
    assert here(*words, "--out", "unwatched", "-q").returncode == 0
    done = here(*words, "--check", "--out", "out")
    assert done.returncode == 1
    assert "run 7 of 'mine', week 3: InvariantError: shares_within_0_and_1" in words_of(done.stdout)
    failures = pd.read_csv(tmp_path / "out" / "failures.csv")  # a run that is repeated for its spread fails twice
    assert set(failures[["run", "week", "exception"]].itertuples(index=False, name=None)) == {(7, 3, "InvariantError")}


def test_too_many_failed_runs_stop_with_exit_code_2_and_say_what_is_kept(here, scenario, failing):
    done = here("run", scenario, "--runs", "9", "--max-failures", "0", "--out", "out", "-q")
    assert done.returncode == 2
    assert re.fullmatch(
        r"truce: 1 run failed, more than the 0 that are allowed; run 7 of 'mine' in week 3: ValueError: run seven "
        r"cannot go on; \d+ of 9 runs are kept in out, and the same command goes on from there\n",
        done.stderr,
    )


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (ClusterError("the cluster was lost"), 2, "the cluster was lost; 2 of 4 runs are kept in out"),
        (KeyboardInterrupt(), 130, "stopped on request; 2 of 4 runs are kept in out"),
        (SystemExit(143), 143, "stopped on request; 2 of 4 runs are kept in out"),
    ],
)
def test_stopped_early_it_says_what_is_kept_and_how_to_go_on(here, scenario, monkeypatch, error, code, said):
    keep = sim.experiment.store.Store.keep

    def stopping(store, block, result):
        keep(store, block, result)
        if not block.replication:
            raise error

    command = ["run", scenario, "--runs", "4", "--chunk", "2", "--out", "out", "-q"]
    with monkeypatch.context() as broken:
        broken.setattr(sim.experiment.store.Store, "keep", stopping)
        done = here(*command)
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr == f"truce: {said}, and the same command goes on from there\n"
    assert here(*command).returncode == 0 and sim.open("out").runs == 4


# ---- precision and traces


def test_a_precision_is_reached_and_said(here, scenario, monkeypatch):
    monkeypatch.setattr(precision, "_ROUND", 10)
    words = ["--precision", "0.2", "--outcome", "short_truce_by_deadline", "--min-runs", "10", "--max-runs", "100"]
    done = here("run", scenario, *words, "--out", "out")
    assert done.returncode == 0
    said = words_of(done.stdout)
    assert re.search(
        r"Precision reached\. The 95 % interval of short_truce_by_deadline is ± 0\.[01]\d* after \d\d runs; wanted was "
        r"± 0\.2\.", said
    )  # fmt: skip
    few = here("run", scenario, *words[:5], "10", "--max-runs", "10", "--out", "few")
    assert "Precision not reached: stopped at the most runs allowed, 10." in words_of(few.stdout)
    assert "complete, " in here("status", "few").stdout


def test_traces_go_to_a_table(here, scenario, tmp_path):
    words = ["--runs", "6", "--trace", "zone, confidence", "--trace-runs", "0,5", "--out", "out"]
    assert here("run", scenario, *words).returncode == 0
    table = pd.read_csv(tmp_path / "out" / "traces.csv")
    assert set(table["variable"]) == {"zone", "confidence"} and set(table["runs"]) == {6}
    assert set(sim.open("out").histories["run"]) == {0, 5}


def test_with_luck_of_their_own_scenarios_are_said_to_have_it(here, scenario, tmp_path):
    (tmp_path / "twin.yaml").write_text("extends: mine.yaml\n")
    done = here("compare", scenario, "twin.yaml", "--runs", "6", "--independent", "--out", "out")
    assert done.returncode == 0 and "run against run on the same luck" not in words_of(done.stdout)
    assert "luck not shared" in here("status", "out").stdout


# ---- looking


def test_the_status_says_what_it_is_and_how_far(here, scenario):
    command = ["compare", scenario, "hardball", "--runs", "4", "--seed", "9", "--out", "out", "-q"]
    assert here(*command).returncode == 0
    lines = here("status", Path("out")).stdout.splitlines()
    assert lines[0] == "out/" and all(len(line) <= 100 for line in lines)
    said = dict(re.findall(r"^  (\w[\w ]+): +(.+)$", "\n".join(lines), re.MULTILINE))
    assert said["state"] == "complete, 8 runs" and said["scenarios"] == "mine, hardball" and said["seed"] == "9"
    assert said["command"].startswith("truce compare ") and said["made by"].startswith(f"Truce {sim.__version__}")
    assert "design" not in said and "failed" not in said


def test_nothing_that_a_directory_says_of_itself_reaches_the_terminal_as_a_command(here, scenario):
    here("run", scenario, "--runs", "2", "--out", "out", "-q")
    path = Path("out/manifest.json")
    path.write_text(path.read_text().replace('"started": "', '"started": "\\u001b[31m'))
    told = here("status", "out").stdout
    assert "started:   \\x1b[31m2" in told and "\x1b" not in told


def test_the_status_of_a_sweep_names_what_varies(here, scenario):
    assert here("sweep", scenario, "--vary", "russia.stall=0,1", "--runs", "2", "--out", "out", "-q").returncode == 0
    assert "2 points over russia.stall" in here("status", "out").stdout


def test_a_run_is_told_and_compared_with_the_stored_one(here, scenario, tmp_path):
    assert here("run", scenario, "--runs", "4", "--out", "out", "-q").returncode == 0
    done = here("replay", "out", "--run", "3")
    lines = done.stdout.splitlines()
    assert done.returncode == 0 and lines[0] == "mine, run 3, seed 1" and lines[1].startswith("week   0, 2025-05-19: ")
    assert lines[-1] == "It ended as the run that is stored."
    refusals = {"--run 4": "runs 0 to 3", "--point 1": "points 0 to 0", "--scenario m": "there is no scenario 'm'"}
    for words, said in refusals.items():
        refused = here("replay", "out", *words.split())
        assert refused.returncode == 2 and said in refused.stderr and len(refused.stderr.splitlines()) == 1
    (tmp_path / "out" / "outcomes" / "000-0000000-0000000000.parquet").unlink()
    assert "This run is not stored" in here("replay", "out").stdout


def test_a_stored_run_that_is_another_gives_exit_code_2(here, scenario, monkeypatch):
    assert here("run", scenario, "--runs", "2", "--out", "out", "-q").returncode == 0
    monkeypatch.setattr("sim.experiment.replay._same", lambda before, after: False)
    done = here("replay", "out")
    assert done.returncode == 2 and "the stored run ended otherwise (signature_week, " in done.stderr
