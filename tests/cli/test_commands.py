from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
from importlib.metadata import entry_points

import pandas as pd
import pytest

import sim
from sim.experiment import progress
from tests.processes import ROOT, started, wait_for

COMMANDS = ["compare", "run", "sweep", "status", "replay", "check", "schema", "list", "parameters", "verify"]


def test_version(truce):
    assert truce("--version").stdout == f"truce {sim.__version__}\n"


def test_without_a_word_it_shows_help(truce):
    done = truce()
    assert done.returncode == 0
    assert all(command in done.stdout for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_every_command_has_an_example_that_runs(here, command):
    done = here(command, "--help")
    assert done.returncode == 0
    words = shlex.split(re.search(r"Example: truce (.+)", done.stdout)[1])
    few = ["--runs", "2", "--out", "out"] if command in ("compare", "run", "sweep") else []
    if command in ("status", "replay"):
        assert here("run", "hardball", "--runs", "18", "--out", "results/mine").returncode == 0
    assert here(*words, *few).returncode == 0


def test_list_names_the_scenarios_that_come_with_truce(here):
    names = [line.split()[0] for line in here("list").stdout.splitlines()]
    assert {path.stem for path in (ROOT / "scenarios").glob("*.yaml")} <= set(names)


def test_check_accepts_every_scenario_that_comes_with_truce(here):
    files = sorted((ROOT / "scenarios").glob("*.yaml"))
    done = here("check", *files)
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.split(":")[0] for line in done.stdout.splitlines()] == [f"ok {file.stem}" for file in files]


def test_check_loads_nothing_heavy():
    code = (
        "import sys\nfrom sim.cli import main\n"
        "try:\n    main(['check', 'hardball'])\nexcept SystemExit:\n    pass\n"
        "print(sorted({'matplotlib', 'mesa', 'numba', 'pandas', 'pyarrow', 'scipy.stats'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.stdout.splitlines()[-1] == "[]"


def test_schema_goes_to_standard_output_or_a_file(here, tmp_path):
    printed = here("schema").stdout
    assert json.loads(printed)["properties"]["russia"]
    assert here("schema", "--out", "schema.json").returncode == 0
    assert (tmp_path / "schema.json").read_text("utf-8") == printed


def test_compare_writes_a_result_and_shows_it(here, scenario, tmp_path):
    done = here("compare", "hardball", "maximum_pressure", scenario, "--runs", "16", "--out", "results/mine")
    assert done.returncode == 0
    assert all(len(line) <= 100 for line in done.stdout.splitlines())
    assert re.search(r"^hardball +[\d.]+ \[[\d.]+, [\d.]+\] +baseline ", done.stdout, re.MULTILINE)
    assert re.search(r"^maximum_pressure ", done.stdout, re.MULTILINE)
    assert re.search(r"^mine +[\d.]+ \[[\d.]+, [\d.]+\] +[+-][\d.]+ \[.+\] [*~] ", done.stdout, re.MULTILINE)
    assert "results/mine/" in done.stdout and "summary.csv" in done.stdout
    assert pd.read_csv(tmp_path / "results/mine/summary.csv")["runs"].tolist() == [16, 16, 16]
    manifest = json.loads((tmp_path / "results/mine/manifest.json").read_text("utf-8"))
    assert manifest["command"] == f"truce compare hardball maximum_pressure {scenario} --runs 16 --out results/mine"


def test_the_spread_of_the_baseline_is_said_in_a_sentence_and_all_of_it_is_in_a_file(here, scenario, tmp_path):
    done = here("compare", scenario, "hardball", "--runs", "64", "--out", "out")
    share = r"\d+ % \[\d+, \d+\]"
    assert re.search(
        rf"Of the spread between runs of hardball, not knowing the parameters makes up {share} for a ceasefire by the "
        rf"deadline and {share} for the land lost; the rest is luck\.",
        " ".join(done.stdout.split()),
    )
    spread = pd.read_csv(tmp_path / "out" / "spread.csv")
    assert set(spread["scenario"]) == {"mine", "hardball"} and (spread["pairs"] == 64).all()


def test_without_uncertainty_the_sentence_says_that_all_is_luck(here, tmp_path):
    (tmp_path / "sure.yaml").write_text("extends: hardball\nuncertainty: off\n")
    done = here("run", "sure.yaml", "--runs", "16", "--out", "out")
    assert "Of the spread between runs of sure, all is luck" in " ".join(done.stdout.split())
    assert (pd.read_csv(tmp_path / "out" / "spread.csv")["pairs"] == 0).all()


@pytest.mark.parametrize("runs", ["1", "8"])
def test_of_a_handful_of_runs_nothing_is_said_about_their_spread(here, scenario, runs):
    done = here("run", scenario, "--runs", runs, "--out", "out")
    assert done.returncode == 0 and "settled" in done.stdout and "spread between" not in done.stdout


def test_run_takes_one_scenario_and_names_the_directory_after_it(here, scenario, tmp_path):
    done = here("run", scenario.name, "--runs", "8")
    assert done.returncode == 0 and "baseline" not in done.stdout
    (directory,) = (tmp_path / "results").iterdir()
    assert re.fullmatch(r"mine-[0-9a-f]{8}", directory.name)


def test_quiet_says_only_where_the_result_is(here, scenario):
    done = here("run", scenario, "--runs", "8", "--out", "out", "--quiet")
    assert (done.stdout, done.stderr) == ("out\n", "")


def test_progress_goes_to_standard_error_in_lines(here, scenario, monkeypatch):
    monkeypatch.setattr(progress, "PATIENCE", 0.05)
    done = here("run", scenario, "--runs", "60", "--chunk", "20", "--out", "out")
    assert re.search(r"^0 of 120 runs, starting$", done.stderr, re.MULTILINE)
    assert re.search(r"^120 runs in [\d.]+ s, [\d,]+ runs/s$", done.stderr, re.MULTILINE)
    assert "runs/s" not in done.stdout


def test_a_terminal_without_special_characters_is_no_obstacle(truce):
    done = truce("parameters", PYTHONIOENCODING="ascii")
    assert done.returncode == 0 and "km?" in done.stdout


@pytest.mark.parametrize(
    "words",
    [
        ["list"], ["schema"],
        pytest.param(["run", "mine.yaml", "--runs", "4", "--out", "out", "--quiet"], marks=pytest.mark.slow),
    ],
)  # fmt: skip
def test_a_reader_who_leaves_causes_no_traceback(scenario, tmp_path, words):
    with subprocess.Popen(
        [sys.executable, "-m", "sim", *words], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    ) as process:  # fmt: skip
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 1
    assert words[0] != "run" or (tmp_path / "out" / "manifest.json").exists()


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_stop_keeps_what_is_done(here, tmp_path, number, code):
    words = ["run", "hardball", "--runs", "100000", "--workers", "2", "--chunk", "200", "--out", "a/b"]
    with started([sys.executable, "-m", "sim", *words], cwd=tmp_path) as process:
        wait_for(lambda: len(list((tmp_path / "a" / "b").glob("*/*.parquet"))) >= 2)
        # Ctrl-C reaches every process of the terminal, `kill` only the one named.
        if number == signal.SIGINT:
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
        rest = process.communicate(timeout=60)[1]
    assert process.returncode == code
    assert "Traceback" not in rest
    parts = sorted((tmp_path / "a" / "b" / "outcomes").glob("*.parquet"))
    done = sum(len(pd.read_parquet(path)) for path in parts)
    assert rest.splitlines()[-1] == (
        f"truce: stopped on request; {done:,} of 100,000 runs are kept in a/b, and the same command goes on from there"
    )
    assert not [path for path in (tmp_path / "a" / "b").rglob("*") if path.name.endswith((".part", ".writer"))]
    told = here("status", "a/b").stdout
    assert f"{done:,} of 100,000 runs; not complete: the command below goes on" in " ".join(told.split())


def test_the_command_is_installed_under_its_name():
    found = [entry for entry in entry_points(group="console_scripts") if entry.name == "truce"]
    if not found:
        pytest.skip("Truce is not installed")
    assert found[0].value == "sim.cli:main"
