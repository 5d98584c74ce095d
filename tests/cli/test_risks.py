"""``truce differences`` and ``truce risks``: what they print of a stored comparison, and what they refuse."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import sim
from sim.cli import main


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    """A comparison of half a year in which most runs of one scenario have a ceasefire."""
    folder = tmp_path_factory.mktemp("risks")
    scenarios = []
    for name, extends in (("mine", "hardball"), ("sober", "sober_kremlin")):
        file = folder / f"{name}.yaml"
        file.write_text(f"title: {name}\nextends: {extends}\ndeadline: 2025-09-01\nhorizon: 2025-11-17\n")
        scenarios.append(file)
    sim.compare(scenarios, runs=40, seed=3, directory=folder / "mine")
    sim.sweep(scenarios[0], {"russia.confidence": [0.4, 0.6]}, runs=2, directory=folder / "swept")
    sim.compare(scenarios[0], runs=2, directory=folder / "quiet")
    return folder


@pytest.fixture
def told(stored, capsys, monkeypatch):
    """Runs a command beside the stored comparison; returns exit code and what it printed."""
    monkeypatch.chdir(stored)

    def run(*words):
        with pytest.raises(SystemExit) as end:
            main(list(map(str, words)))
        out, err = capsys.readouterr()
        assert all(len(line) <= 100 for line in out.splitlines())
        return end.value.code, out, err

    return run


def test_differences_are_printed_and_written(told, stored):
    code, out, err = told("differences", "mine", "--out", "differences.csv")
    assert (code, err) == (0, "")
    table = pd.read_csv(stored / "differences.csv")
    assert len(table) == table["outcome"].nunique() == 11
    assert all(outcome in out for outcome in table["outcome"])
    assert "higher" in out and "Differences to mine at 40 runs" in out
    pd.testing.assert_frame_equal(table, sim.open(stored / "mine").differences(), rtol=1e-5, check_dtype=False)


def test_one_outcome_can_be_asked_for(told):
    code, out, _ = told("differences", "mine", "--outcome", "settlement_at_horizon")
    assert code == 0 and "settlement_at_horizon" in out and "short_truce" not in out


def test_risks_are_printed_and_written(told, stored):
    code, out, err = told("risks", "mine", "--every", "month", "--out", "risks.csv")
    assert (code, err) == (0, "")
    assert all(words in out for words in ("2025-05-31", "What came first", "How long ceasefires last", "held"))
    table = pd.read_csv(stored / "risks.csv")
    assert table["table"].unique().tolist() == ["ladder", "first event", "survival"]
    assert ((table["low"] <= table["value"]) | table["low"].isna()).all()
    own = table[(table["table"] == "ladder") & (table["scenario"] == "sober") & (table["when"] == "2025-08-31")]
    ladder = sim.open(stored / "mine").ladder().set_index(["scenario", "by"])
    assert own["value"].item() == pytest.approx(ladder.loc[("sober", "2025-08-31"), "share"])


def test_ceasefires_can_be_divided(told):
    code, out, _ = told("risks", "mine", "--by", "agreed_security", "--groups", "2")
    assert code == 0 and "below 0." in out and "log-rank" in out
    assert "below 0.7" in told("risks", "mine", "--by", "agreed_security", "--cuts", "0.7")[1]


def test_without_a_ceasefire_there_still_is_a_ladder(told, stored):
    assert sim.open(stored / "quiet").outcomes["ceasefire_week"].isna().all()
    code, out, err = told("risks", "quiet", "--out", "quiet.csv")
    assert (code, err) == (0, "")
    assert "2025-06-30" in out and "No run has a ceasefire that held for 30 days" in out
    assert set(pd.read_csv(stored / "quiet.csv")["table"]) == {"ladder", "first event"}
    code, _, err = told("risks", "quiet", "--by", "agreed_security")
    assert code == 2 and "agreed_security is the same in all ceasefires, or there is none" in err


REFUSED = {
    "no directory": (["risks", "nowhere"], "nowhere"),
    "a sweep": (["risks", "swept"], "holds a sweep"),
    "differences of a sweep": (["differences", "swept"], "holds a sweep"),
    "unknown outcome": (["differences", "mine", "--outcome", "ceasefire_by_deadlin"], "did you mean"),
    "unknown term": (["risks", "mine", "--by", "agreed_teritory"], "did you mean 'agreed_territory'"),
    "unknown period": (["risks", "mine", "--every", "mont"], "did you mean 'month'"),
    "too many groups": (["risks", "mine", "--by", "agreed_security", "--groups", "5"], "2 or 3 groups"),
    "groups of nothing": (["risks", "mine", "--groups", "2"], "go with --by"),
    "groups and cuts": (["risks", "mine", "--by", "agreed_security", "--groups", "2", "--cuts", "1"], "exclude"),
    "a cut in words": (["risks", "mine", "--by", "agreed_security", "--cuts", "half"], "'half' is not a number"),
    "nowhere to write": (["differences", "mine", "--out", "nowhere/table.csv"], "there is no directory nowhere"),
}


@pytest.mark.parametrize(("words", "remedy"), REFUSED.values(), ids=REFUSED.keys())
def test_bad_input_is_refused_in_one_line(told, stored, words, remedy):
    before = set(Path(stored).rglob("*"))
    code, out, err = told(*words)
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert remedy in err
    assert set(Path(stored).rglob("*")) == before


@pytest.mark.parametrize("command", ["differences", "risks"])
def test_help_has_an_example(told, command):
    code, out, _ = told(command, "--help")
    assert code == 0 and f"Example: truce {command} results/mine" in out
