from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from sim.cli import app
from sim.errors import TruceError

Here = Callable[..., str]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Here:
    """Runs the command in this process, in an empty directory, and returns what it printed."""
    monkeypatch.chdir(tmp_path)

    def run(*words: str | Path) -> str:
        given = [str(word) for word in words]
        assert not app(args=given, prog_name="truce", standalone_mode=False, obj=given)
        return capsys.readouterr().out

    return run


FRICTIONS = ["--friction", "russian_optimism,red_line"]


FEWER = {
    "explain": ["--friction", "stalling", "--runs", "40"],
    "reach": ["--runs", "10", "--fresh-runs", "10", "--budget", "1"],
}


@pytest.mark.slow
@pytest.mark.parametrize("command", FEWER)
def test_the_help_has_an_example_that_runs(here, command):
    words = shlex.split(re.search(r"Example: truce (.+)", here(command, "--help"))[1])
    assert "hardball" in here(*words, *FEWER[command])


@pytest.mark.slow
def test_explain_shows_blockers_causes_and_remainders_and_writes_them(here, scenario, tmp_path):
    shown = here("explain", scenario, "--runs", "40", *FRICTIONS, "--pairs", "--out", "why.csv")
    assert all(len(line) <= 100 for line in shown.splitlines())
    for word in ("Russia alone blocked", "russian_optimism", "other luck", "none of these", "undone"):
        assert word in shown
    assert pd.read_csv(tmp_path / "why.csv")["friction"].tolist() == [
        "russian_optimism", "red_line", "all of them", "other luck",
    ]  # fmt: skip
    for name in ("blockers", "remainders", "interactions"):
        assert len(pd.read_csv(tmp_path / f"why_{name}.csv"))


@pytest.mark.slow
def test_explain_tells_one_run(here, scenario):
    shown = here("explain", scenario, "--run", "3", *FRICTIONS)
    assert shown.startswith("mine, run 3, seed 1\nweek   0, 2025-05-19: ")
    assert "This run has " in shown and "a deal must be worth" in shown


@pytest.mark.slow
def test_reach_shows_a_frontier_and_answers_in_a_sentence(here, scenario, tmp_path):
    shown = here(
        "reach", scenario, "--lever", "russia.confidence=0.3:0.75@0.1", "--target", "0.3", "--runs", "20",
        "--fresh-runs", "40", "--budget", "2,4.5", "--max-conceded", "5000", "--out", "reach.csv",
    )  # fmt: skip
    assert all(len(line) <= 100 for line in shown.splitlines())
    assert "budget 4.5" in shown and "of a ceasefire by the deadline" in shown.replace("\n", " ")
    assert pd.read_csv(tmp_path / "reach.csv")["budget"].dropna().tolist() == [0.0, 2.0, 4.5]
    assert len(pd.read_csv(tmp_path / "reach_trials.csv"))


def test_without_a_lever_the_levers_are_listed(here):
    shown = here("reach", "hardball")
    assert "pledge_threshold" in "".join(shown.split())


BAD = {
    "misspelt friction": (["explain", "hardball", "--friction", "staling"], "did you mean 'stalling'"),
    "a date that is none": (["explain", "hardball", "--by", "easter"], "use 'deadline' or 'horizon'"),
    "one run": (["explain", "hardball", "--runs", "1"], "truce explain --run"),
    "runs and a run": (["explain", "hardball", "--runs", "9", "--run", "1"], "exclude each other"),
    "a directory": (["explain", "hardball", "--out", "there.csv/x.csv"], "there is no directory there.csv"),
    "another kind of file": (["explain", "hardball", "--out", "why.txt"], "ends in .csv"),
    "misspelt lever": (["reach", "hardball", "--lever", "guarante"], "did you mean 'guarantee'"),
    "no bounds": (["reach", "hardball", "--lever", "russia.confidence"], "low:high"),
    "a lever twice": (["reach", "hardball", "--lever", "rounds", "--lever", "rounds"], "given twice"),
    "budgets in words": (["reach", "hardball", "--lever", "rounds", "--budget", "much"], "give numbers"),
    "a target of none": (["reach", "hardball", "--lever", "rounds", "--target", "0"], "above 0"),
}


@pytest.mark.parametrize(("words", "remedy"), BAD.values(), ids=BAD.keys())
def test_bad_words_are_refused_with_the_remedy(words, remedy):
    with pytest.raises(TruceError, match=re.escape(remedy)):
        app(args=words, prog_name="truce", standalone_mode=False, obj=words)


def test_a_refusal_is_one_line_and_writes_nothing(truce, tmp_path):
    done = truce("reach", "hardball", "--lever", "guarante", "--out", "reach.csv")
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1 and done.stderr.startswith("truce: there is no lever 'guarante'")
    assert list(tmp_path.iterdir()) == []
