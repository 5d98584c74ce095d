from __future__ import annotations

import json
import re
import shlex

import pandas as pd
import pytest

SWEEP = ["--vary", "front.pace", "--outcome", "territory_lost_km2", "--sample", "8", "--runs", "4"]


@pytest.mark.slow
def test_sensitivity_prints_indices_and_stores_sweep_and_table(truce, scenario, tmp_path):
    done = truce("sensitivity", scenario, *SWEEP, "--out", "out")
    assert done.returncode == 0, done.stderr
    assert all(len(line) <= 100 for line in done.stdout.splitlines())
    assert re.search(
        r"^front\.pace +[\d.]+ \[[-\d.]+, [\d.]+\] +[\d.]+ \[[\d.]+, [\d.]+\] +\*", done.stdout, re.MULTILINE
    )
    assert re.search(r"^placebo +0\.0 \[0\.0, 0\.0\] +0\.0 \[0\.0, 0\.0\]", done.stdout, re.MULTILINE)
    assert "% of the variance of the points' means" in " ".join(done.stdout.split())
    assert pd.read_csv(tmp_path / "out" / "sensitivity.csv")["parameter"].tolist() == ["front.pace", "placebo"]
    assert (tmp_path / "out" / "sensitivity.png").exists() and (tmp_path / "out" / "sensitivity.svg").exists()
    again = truce("sensitivity", scenario, *SWEEP, "--out", "out", "--quiet")
    assert (again.returncode, again.stdout, again.stderr) == (0, "out\n", "")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    assert manifest["command"].startswith("truce sensitivity") and manifest["ended"] is not None


@pytest.mark.slow
def test_sensitivity_by_screening_prints_effects_with_what_luck_alone_would_show(truce, scenario):
    done = truce("sensitivity", scenario, *SWEEP, "--method", "morris", "--independent")
    assert done.returncode == 0, done.stderr
    assert "luck alone" in done.stdout and "every point has luck of its own" in " ".join(done.stdout.split())


@pytest.mark.slow
def test_discover_prints_boxes_and_writes_the_table(truce, scenario, tmp_path):
    assert truce("run", scenario, "--runs", "600", "--out", "mine", "--quiet").returncode == 0
    done = truce("discover", "mine", "--outcome", "us_disengaged_by_deadline", "--out", "boxes.csv")
    assert done.returncode == 0, done.stderr
    assert all(len(line) <= 100 for line in done.stdout.splitlines())
    assert re.match(r"mine, us_disengaged_by_deadline: [\d.]+ % \[[\d.]+, [\d.]+\] of 300 runs", done.stdout)
    assert pd.read_csv(tmp_path / "boxes.csv")["box"].iloc[0] == 0


@pytest.mark.slow
def test_tipping_prints_a_map_and_stores_it_with_a_figure(truce, scenario, tmp_path):
    vary = ["--vary", "united_states.disengage_base=-6:-1:3", "--vary", "front.pace=20,80"]
    done = truce("tipping", scenario, *vary, "--outcome", "us_disengaged_by_deadline", "--runs", "20", "--out", "out")
    assert done.returncode == 0, done.stderr
    assert all(len(line) <= 100 for line in done.stdout.splitlines())
    lines = done.stdout.splitlines()
    assert lines[1].split() == ["-6", "-3.5", "-1"] and lines[3].split()[0] == "80" and lines[4].split()[0] == "20"
    for name in ("tipping.csv", "tipping_line.csv", "tipping.png", "tipping.svg"):
        assert (tmp_path / "out" / name).exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["sensitivity", "hardball", "--outcome", "ceasfire_by_deadline"], "did you mean 'ceasefire_by_deadline'?"),
        (["sensitivity", "hardball", "--vary", "russia.confidnce"], "did you mean 'russia.confidence'?"),
        (["sensitivity", "hardball", "--vary", "front.pace=1,2"], "give a range, such as front.pace=low:high"),
        (["sensitivity", "hardball", "--sample", "10"], "sample must be a power of two"),
        (["sensitivity", "hardball", "--runs", "1"], "runs of every point must be a whole number from 2"),
        (["discover", "nowhere"], "there is no such directory"),
        (["tipping", "hardball"], "a map has two parameters, not 0"),
        (["tipping", "hardball", "--vary", "front.pace=1:2:2", "--vary", "front.pace=1:2:2"], "varied twice"),
        (["tipping", "hardball", "--vary", "front.pace=1:2:2", "--vary", "russia.stall=0:1:2", "--level", "7"],
         "between 0 and 1"),
    ],
)  # fmt: skip
def test_bad_input_ends_in_one_line_and_code_2(here, words, message):
    done = here(*words)
    assert done.returncode == 2
    assert message in done.stderr and len(done.stderr.splitlines()) == 1 and done.stdout == ""


@pytest.mark.slow
@pytest.mark.parametrize("command", ["sensitivity", "discover", "tipping"])
def test_the_help_has_an_example_that_runs(truce, command):
    if command == "discover":
        assert truce("run", "hardball", "--runs", "400", "--out", "results/mine", "--quiet").returncode == 0
    words = shlex.split(re.search(r"Example: truce (.+)", truce(command, "--help").stdout)[1])
    assert truce(*words).returncode == 0
