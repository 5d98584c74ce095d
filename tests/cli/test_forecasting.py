"""The commands that forecast: what they print and write, and how they refuse."""

from __future__ import annotations

import re
import shlex
import signal
import warnings
from types import SimpleNamespace

import pandas as pd
import pytest

from sim.cli.entry import main
from sim.inquiry.forecasting import COLUMNS, list_questions
from sim.inquiry.updating import FORECAST_COLUMNS, OBSERVATION_COLUMNS, PARAMETER_COLUMNS

QUESTION = """title: Mine
wording: Will Washington walk away?
rule: us_disengaged
by: 2025-09-07
as_of: 2025-05-19
forecasts: [{source: Nobody, date: 2025-05-19, probability: 0.5}]
"""


@pytest.fixture
def inside(tmp_path, monkeypatch, capsys):
    """Runs the command in this process, which is quicker, in an empty directory."""

    def run(*words):
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(signal, "signal", lambda *_: None)
        monkeypatch.setattr(warnings, "showwarning", warnings.showwarning)
        with pytest.raises(SystemExit) as end:
            main([str(word) for word in words])
        return SimpleNamespace(returncode=end.value.code, **capsys.readouterr()._asdict())

    return run


@pytest.mark.slow
@pytest.mark.parametrize("command", ["score", "update"])
def test_the_help_has_an_example_that_runs(truce, command):
    done = truce(command, "--help")
    assert done.returncode == 0
    words = shlex.split(re.search(r"Example: truce (.+)", done.stdout)[1])
    assert truce(*words, "--runs", "20").returncode == 0


def test_without_a_name_all_questions_are_answered_and_written(inside, tmp_path):
    done = inside("score", "--runs", "100", "--mixture", "hardball=0.6,sober_kremlin=0.4", "--out", "all.csv")
    assert (done.returncode, done.err) == (0, "")
    assert all(len(line) <= 100 for line in done.out.splitlines())
    assert "0.4 sober_kremlin" in done.out and "13 readings" in done.out
    table = pd.read_csv(tmp_path / "all.csv")
    assert list(table) == list(COLUMNS)
    assert set(table["question"]) == set(list_questions())
    assert table["brier"].isna().all()


def test_the_chances_are_drawn_on_request(inside, tmp_path, scenario):
    (tmp_path / "one.yaml").write_text(QUESTION)
    done = inside("score", "one.yaml", "--scenario", scenario, "--runs", "20", "--figure", "drawn.png")
    assert (done.returncode, done.err) == (0, "")
    assert done.out.splitlines()[-1] == "drawn.png, drawn.svg"
    assert (tmp_path / "drawn.png").read_bytes().startswith(b"\x89PNG") and (tmp_path / "drawn.svg").exists()
    assert {path.name for path in tmp_path.iterdir()} == {"one.yaml", "mine.yaml", "drawn.png", "drawn.svg"}


def test_questions_with_outcomes_are_scored_and_noted(inside, tmp_path, scenario):
    (tmp_path / "one.yaml").write_text(f"{QUESTION}outcome: false\n")
    (tmp_path / "two.yaml").write_text(f"{QUESTION.replace('2025-09-07', '2025-08-03')}outcome: true\n")
    done = inside("score", "one.yaml", "two.yaml", "--scenario", scenario, "--runs", "50")
    assert done.returncode == 0
    assert all(len(line) <= 100 for line in done.out.splitlines())
    assert re.search(r"^Nobody +crowd +2025-05-19 +50.0 +0.250 +0.69", done.out, re.MULTILINE)
    assert re.search(r"^mine +model .+\] +0\.\d+ \[0\.\d+, 0\.\d+\]", done.out, re.MULTILINE)
    assert re.search(r"^Nobody +2 +0.250", done.out, re.MULTILINE)
    assert done.out.count("Note: ") == 2


def test_an_update_is_printed_and_written(inside, tmp_path):
    done = inside("update", "hardball", "--observed", "made_up", "--runs", "300", "--out", "new.csv")
    assert (done.returncode, done.err) == (0, "")
    assert all(len(line) <= 100 for line in done.out.splitlines())
    assert "Warning: of 300 runs only" in " ".join(done.out.split())
    for end, columns in (("", FORECAST_COLUMNS), ("_parameters", PARAMETER_COLUMNS),
                         ("_observations", OBSERVATION_COLUMNS)):  # fmt: skip
        assert list(pd.read_csv(tmp_path / f"new{end}.csv")) == list(columns)


def test_nothing_observed_is_told(inside, tmp_path, scenario):
    (tmp_path / "none.yaml").write_text("title: Nothing yet\n")
    done = inside("update", scenario, "--observed", "none.yaml", "--runs", "20")
    assert done.returncode == 0
    assert "Nothing was observed, so nothing changes." in done.out


REFUSALS = {
    "unknown question": (["score", "ceasefire_in_2026"], "did you mean 'ceasefire_in_2025'"),
    "bad question": (["score", "bad.yaml"], "bad.yaml:3: rule: "),
    "too late": (["score", "ceasefire_in_2025", "--scenario", "mine.yaml"], "ends on 2025-11-17; give --extend"),
    "unknown scenario": (["score", "--scenario", "hardbal"], "did you mean 'hardball'"),
    "half a mixture": (["score", "--mixture", "hardball=0.5"], "must add up to 1, not to 0.5"),
    "no mixture": (["score", "--mixture", "hardball"], "is no part of a mixture"),
    "both": (["score", "--mixture", "hardball=1", "--scenario", "hardball"], "exclude each other"),
    "no runs": (["score", "--runs", "0"], "runs must be a whole number"),
    "nothing observed": (["update", "hardball"], "--observed"),
    "unknown file": (["update", "hardball", "--observed", "nowhere.yaml"], "no such file"),
    "bad file": (["update", "hardball", "--observed", "bad.yaml"], "bad.yaml:2: wording: unknown key"),
    "no directory": (["update", "hardball", "--observed", "made_up", "--out", "nowhere/x.csv"], "no directory nowhere"),
    "a directory": (["score", "--out", "."], "this is a directory"),
    "a figure of another kind": (["score", "--figure", "drawn.pdf"], "give a name that ends in .png"),
    "no directory for a figure": (["score", "--figure", "nowhere/drawn.png"], "no directory nowhere"),
}


@pytest.mark.parametrize(("words", "remedy"), REFUSALS.values(), ids=REFUSALS.keys())
def test_a_mistake_is_one_line_and_nothing_is_written(inside, tmp_path, scenario, words, remedy):
    (tmp_path / "bad.yaml").write_text(QUESTION.replace("us_disengaged", "us_gone"))
    before = set(tmp_path.rglob("*"))
    done = inside(*words)
    assert (done.returncode, done.out) == (2, "")
    (line,) = done.err.splitlines()
    assert line.startswith("truce: ") and remedy in line
    assert set(tmp_path.rglob("*")) == before
