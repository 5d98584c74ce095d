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
def test_a_bad_scenario_file_is_refused(truce, tmp_path, text, place, remedy):
    (tmp_path / "mine.yaml").write_text(text, "utf-8")
    before = everything_in(tmp_path)
    line = refusal(truce("compare", "hardball", "mine.yaml", "--runs", "8"))
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
    "foreign directory, overwritten": (["run", "hardball", "--out", "full", "--overwrite"], "thesis.docx"),
    "file as directory": (["compare", "hardball", "--out", "file"], "not a directory"),
    "file on the way": (["compare", "hardball", "--out", "file/out"], "not a directory"),
    "current directory": (["compare", "hardball", "--out", "."], "current directory"),
    "schema into nowhere": (["schema", "--out", "nowhere/schema.json"], "nowhere/schema.json"),
}


@pytest.mark.parametrize(("words", "remedy"), COMMANDS.values(), ids=COMMANDS.keys())
def test_a_bad_command_is_refused(truce, tmp_path, words, remedy):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.docx").write_text("mine")
    (tmp_path / "file").write_text("mine")
    before = everything_in(tmp_path)
    assert remedy in refusal(truce(*words))
    assert everything_in(tmp_path) == before


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
