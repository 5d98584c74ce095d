"""Each mistake in input: one line on standard error, exit code 2, no traceback, nothing written."""

from __future__ import annotations

from pathlib import Path

import pytest

FILES = {
    "misspelt key": ("russia:\n  confidnce: 0.7\n", "mine.yaml:2: russia.confidnce: ", "did you mean 'confidence'"),
    "misspelt group": ("rusia:\n  confidence: 0.7\n", "mine.yaml:1: rusia: ", "did you mean 'russia'"),
    "out of range": ("russia:\n  stall: 1.7\n", "mine.yaml:2: russia.stall: ", "1"),
    "wrong type": ("russia:\n  stall: often\n", "mine.yaml:2: russia.stall: ", "number"),
    "duplicate key": ("russia:\n  stall: 0.5\n  stall: 0.6\n", "mine.yaml:3: ", "stall"),
    "empty file": ("", "mine.yaml", "empty"),
    "binary file": ("\x00\x01\x02\ufffd", "mine.yaml", ""),
    "not YAML": ("russia: [1, 2\n", "mine.yaml:", ""),
    "a tag": ("title: !!python/object/apply:os.system ['true']\n", "mine.yaml:1", ""),
    "circular extends": ("extends: mine.yaml\n", "mine.yaml:1: extends: ", "circle"),
    "missing extends": ("extends: hardbal\n", "mine.yaml:1: extends: ", "hardbal"),
    "date before the start": ("events:\n  old: {date: 2024-01-01, do: round}\n", "mine.yaml:2: events.old", "05-19"),
    "impossible distribution": ("russia:\n  stall: {uniform: [0.9, 0.1]}\n", "mine.yaml:2: russia.stall", "low < high"),
    "belief that cannot be": (
        "russia:\n  confidence: 0.8\n  breakthrough_decides: 0.5\n", "mine.yaml:2: russia.confidence: ", "0.5",
    ),
}  # fmt: skip


def refusal(done) -> str:
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    lines = done.stderr.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("truce: ")
    return lines[0]


def everything_in(directory: Path) -> set[Path]:
    return set(directory.rglob("*"))


@pytest.mark.parametrize(("text", "place", "remedy"), FILES.values(), ids=FILES.keys())
def test_a_bad_scenario_file_is_refused(here, tmp_path, text, place, remedy):
    (tmp_path / "mine.yaml").write_text(text, "utf-8")
    before = everything_in(tmp_path)
    line = refusal(here("compare", "hardball", "mine.yaml", "--runs", "8"))
    assert place in line and remedy in line
    assert everything_in(tmp_path) == before


COMMANDS = {
    "missing file": (["compare", "nowhere.yaml"], "nowhere.yaml"),
    "unknown name": (["compare", "hardbal"], "did you mean 'hardball'"),
    "unknown baseline": (["compare", "hardball", "moves_on", "--baseline", "move_on"], "did you mean 'moves_on'"),
    "no scenario": (["compare"], "SCENARIO"),
    "no runs": (["compare", "hardball", "--runs", "0"], "runs must be a whole number from 1 upwards, not 0"),
    "negative runs": (["run", "hardball", "--runs", "-5"], "runs must be a whole number from 1 upwards, not -5"),
    "runs in words": (["run", "hardball", "--runs", "many"], "'many' is not a whole number"),
    "negative seed": (["run", "hardball", "--seed", "-1"], "seed must be a whole number from 0 upwards"),
    "no workers": (["run", "hardball", "--workers", "0"], "workers must be a whole number from 1 upwards"),
    "a scenario twice": (["compare", "hardball", "hardball"], "given twice"),
    "two scenarios to run": (["run", "hardball", "moves_on"], "moves_on"),
    "misspelt option": (["compare", "hardball", "--rusn", "5"], "--rusn"),
    "misspelt command": (["compar"], "compare"),
    "foreign directory": (["compare", "hardball", "--out", "full"], "thesis.docx"),
    "foreign directory, fresh": (["run", "hardball", "--out", "full", "--fresh"], "thesis.docx"),
    "file as directory": (["compare", "hardball", "--out", "file"], "not a directory"),
    "file on the way": (["compare", "hardball", "--out", "file/out"], "not a directory"),
    "directory in use for other files": (["compare", "hardball", "--out", "."], "no experiment of Truce put there"),
    "schema into nowhere": (["schema", "--out", "nowhere/schema.json"], "nowhere/schema.json"),
    "no chunk": (["run", "hardball", "--chunk", "0"], "chunk must be a whole number from 1 upwards, not 0"),
    "runs and precision": (
        ["run", "hardball", "--runs", "5", "--precision", "0.1"], "--runs and --precision exclude each other",
    ),
    "an outcome without precision": (
        ["run", "hardball", "--outcome", "settlement_at_horizon"], "go with --precision; give it too",
    ),
    "precision in words": (["run", "hardball", "--precision", "good"], "'good' is not a number"),
    "no precision": (["run", "hardball", "--precision", "0"], "precision must be a number above 0, not 0.0"),
    "precision without end": (["run", "hardball", "--precision", "nan"], "precision must be a number above 0, not nan"),
    "an unknown outcome": (
        ["run", "hardball", "--precision", "0.1", "--outcome", "setlement_at_horizon"],
        "did you mean 'settlement_at_horizon'?",
    ),
    "fewer at most than at least": (
        ["run", "hardball", "--precision", "0.1", "--max-runs", "9"], "at most 9 runs are fewer than the fewest, 1,000",
    ),
    "an unknown trace": (["run", "hardball", "--trace", "confidnce"], "did you mean 'confidence'?"),
    "a trace of nothing": (["run", "hardball", "--trace-runs", "3"], "runs are to be traced, but not what of them"),
    "a trace of a run in words": (
        ["run", "hardball", "--trace", "zone", "--trace-runs", "first"], "'first' is not a whole number",
    ),
    "a trace of no run": (
        ["run", "hardball", "--runs", "5", "--trace", "zone", "--trace-runs", "5"], "there are runs 0 to 4 only",
    ),
    "two places to work in": (
        ["run", "hardball", "--workers", "2", "--cluster", "local"], "workers, executor and cluster exclude each other",
    ),
    "no cluster": (["run", "hardball", "--runs", "2", "--cluster", "my cluster"], "neither 'local' nor an address"),
    "the option of old": (["run", "hardball", "--overwrite"], "--overwrite"),
    # A sweep
    "nothing varies": (["sweep", "hardball"], "nothing varies; name a parameter and its values"),
    "an unknown parameter": (["sweep", "hardball", "--vary", "russia.confidnce=0.1,0.2"], "russia.confidence'?"),
    "a parameter without a name": (["sweep", "hardball", "--vary", "=0.1,0.2"], "an empty name"),
    "a parameter without its group": (["sweep", "hardball", "--vary", "stall=0.1"], "did you mean 'russia.stall'?"),
    "a value in words": (["sweep", "hardball", "--vary", "russia.stall=often"], "russia.stall=low:high:count"),
    "a value out of range": (
        ["sweep", "hardball", "--vary", "russia.stall=0.5,1.5"],
        "point 1 of the design: russia.stall: 1.5 is out of range; give a number from 0 to 1",
    ),
    "a value that is none": (["sweep", "hardball", "--vary", "russia.stall=nan"], "russia.stall: nan is out of range"),
    "values that do not fit each other": (
        ["sweep", "hardball", "--vary", "russia.confidence=0.3,0.99"], "point 1 of the design: ",
    ),
    "half a range": (["sweep", "hardball", "--vary", "russia.stall=0.1:"], "russia.stall=low:high:count"),
    "an endless range": (["sweep", "hardball", "--vary", "russia.stall=0:inf:3"], "russia.stall"),
    "a range backwards": (["sweep", "hardball", "--vary", "russia.stall=0.9:0.1", "--sample", "4"], "low:high"),
    "a range without a sample": (["sweep", "hardball", "--vary", "russia.stall=0.1:0.9"], "a grid needs values"),
    "values with a sample": (
        ["sweep", "hardball", "--vary", "russia.stall=0.1,0.9", "--sample", "4"], "a sample draws from a law",
    ),
    "no values": (["sweep", "hardball", "--vary", "russia.stall=0:1:0"], "russia.stall=low:high:count"),
    "varied twice": (
        ["sweep", "hardball", "--vary", "russia.stall=1", "--vary", "russia.stall=0"], "a parameter is varied twice",
    ),
    "no points": (["sweep", "hardball", "--sample", "0"], "the number of points must be a whole number from 1"),
    "an unknown method": (["sweep", "hardball", "--sample", "4", "--method", "sobel"], "did you mean 'sobol'?"),
    "a sample with a negative seed": (
        ["sweep", "hardball", "--sample", "4", "--seed", "-1"], "seed must be a whole number from 0 upwards, not -1",
    ),
    "a group without laws": (["sweep", "hardball", "--vary", "rusia.*", "--sample", "4"], "rusia.*"),
    "too many points": (
        ["sweep", "hardball", "--vary", "russia.stall=0:1:1001", "--vary", "ukraine.audience_cost=0:0.1:1000"],
        "the design has 1,001,000 points; at most 1,000,000",
    ),
    "too many runs": (
        ["sweep", "hardball", "--vary", "russia.stall=0:1:1000", "--runs", "2000000"],
        "1,000 points of 2,000,000 runs are more than 1,000,000,000 runs",
    ),
    "a missing design": (["sweep", "hardball", "--design", "nowhere.csv"], "nowhere.csv: cannot be read (no such file"),
    "a directory as design": (["sweep", "hardball", "--design", "full"], "full: cannot be read"),
    "a design and a sample": (["sweep", "hardball", "--design", "file", "--sample", "4"], "a design says all"),
    "a design without values": (["sweep", "hardball", "--design", "file"], "file: needs a line with names"),
    # What is stored
    "status of nothing": (["status", "nowhere"], "nowhere: there is no such directory"),
    "status of a stranger": (["status", "full"], "full: holds no experiment (manifest.json is missing)"),
    "status of a file": (["status", "file"], "file"),
    "replay of nothing": (["replay", "nowhere"], "nowhere: there is no such directory"),
    "replay of a stranger": (["replay", "full"], "full: holds no experiment (manifest.json is missing)"),
    "replay of a run in words": (["replay", "full", "--run", "first"], "'first' is not a whole number"),
}


@pytest.mark.parametrize(("words", "remedy"), COMMANDS.values(), ids=COMMANDS.keys())
def test_a_bad_command_is_refused(here, tmp_path, words, remedy):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.docx").write_text("mine")
    (tmp_path / "file").write_text("mine")
    before = everything_in(tmp_path)
    assert remedy in refusal(here(*words))
    assert everything_in(tmp_path) == before


DESIGNS = {
    "an unknown name": ("russia.stal\n0.5\n", "points.csv:1: russia.stal: ", "did you mean 'russia.stall'?"),
    "a column twice": ("russia.stall,russia.stall\n0.5,0.5\n", "points.csv:1: ", "russia.stall is there twice"),
    "no column": ("point\n0\n", "points.csv:1: ", "no column names a parameter"),
    "a word": ("russia.stall\n0.5\noften\n", "points.csv:3: russia.stall: ", "'often' is not a number"),
    "a gap": ("russia.stall,russia.confidence\n0.5,\n", "points.csv:2: russia.confidence: ", "'' is not a number"),
    "a value too many": ("russia.stall\n0.5,0.6\n", "points.csv:2: ", "has 2 values for 1 columns"),
    "out of range": ("point,russia.stall\n0,0.5\n\n1,7\n", "points.csv:4: russia.stall: ", "7 is out of range"),
    "a binary file": ("\x00\x01\udcff", "points.csv", ""),
    "nothing": ("", "points.csv: ", "needs a line with names of parameters"),
}


@pytest.mark.parametrize(("text", "place", "remedy"), DESIGNS.values(), ids=DESIGNS.keys())
def test_a_bad_design_is_refused_with_its_line(here, tmp_path, text, place, remedy):
    (tmp_path / "points.csv").write_bytes(text.encode("utf-8", "surrogateescape"))
    before = everything_in(tmp_path)
    line = refusal(here("sweep", "hardball", "--design", "points.csv"))
    assert place in line and remedy in line
    assert everything_in(tmp_path) == before


def test_a_process_of_its_own_says_the_same(truce, here, tmp_path):
    for words in (["compare", "hardbal"], ["run", "hardball", "--runs", "0"]):
        assert refusal(truce(*words)) == refusal(here(*words))
    assert everything_in(tmp_path) == set()


def test_check_reports_every_file(truce, tmp_path):
    (tmp_path / "good.yaml").write_text("title: Good\nrussia: {stall: 0.5}\n")
    (tmp_path / "bad.yaml").write_text("russia: {stal: 0.5}\n")
    (tmp_path / "worse.yaml").write_text("")
    done = truce("check", "bad.yaml", "good.yaml", "worse.yaml")
    assert done.returncode == 2
    assert done.stdout == "ok good: Good (1 parameter set)\n"
    first, second = done.stderr.splitlines()
    assert first.startswith("truce: bad.yaml:1: russia.stal: ")
    assert second.startswith("truce: worse.yaml")
