from __future__ import annotations

import pytest
from hypothesis import given, settings

import sim
from sim.app.explorer import explore
from sim.app.state import UNCHANGED, State
from sim.cli import main
from sim.scenario import load, load_text
from tests.app.test_links import states

SHORT = {"deadline": "2025-08-01", "horizon": "2025-10-06"}
MINE = """
title: "Mine: it's mine"   # a comment
question: What if?
extends: maximum_pressure
uncertainty: on
russia: {war_cost: {uniform: [0.01, 0.02]}}
europe:
  hungary: null
  spain: {threat: 0.5, aid_share: 0.03, guarantee_share: 0.05}
events:
  call_of_19_may: null
  more: {date: 2025-07-01, do: sanctions_step, size: 0.3, set: {russia.learning_rate: 0.9}}
"""

STATES = {
    "a change": State(runs=24, seed=7).with_(**SHORT).changed("russia.confidence", 1 / 3),
    "another baseline": State(scenario="front_stalls", baseline="swift_deal", runs=20, seed=3, horizon="2026-01-05"),
    "several changes": State(baseline=UNCHANGED, runs=20, horizon="2026-01-05")
    .changed("europe.poland.threat", 0.123456789)
    .changed("front.breakthrough_hazard", 1e-05),
    "nothing": State(runs=12),
    "uploaded": State.uploaded(MINE, runs=20, **SHORT).changed("europe.spain.threat", 0.1),
}


@pytest.mark.parametrize("state", STATES.values(), ids=STATES)
def test_the_copied_file_gives_the_numbers_shown_with_truce_run(state, tmp_path, monkeypatch):
    shown = explore(state).comparison
    monkeypatch.chdir(tmp_path)
    (tmp_path / state.file_name).write_text(state.as_scenario_file(), encoding="utf-8")
    _, *words = state.command.split()
    with pytest.raises(SystemExit) as ended:
        main([*words, "--out", "out", "--quiet"])
    assert ended.value.code in (0, None)
    again = sim.open("out")
    mine = shown.outcomes[shown.outcomes["scenario"] == state.resolved().name].reset_index(drop=True)
    assert again.outcomes.drop(columns="scenario").equals(mine.drop(columns="scenario"))
    assert (
        again.summary.drop(columns="scenario")
        .iloc[-1]
        .equals(shown.summary.drop(columns="scenario").iloc[-1].rename(0))
    )
    assert "# " in state.as_scenario_file().splitlines()[0]
    assert state.command in state.as_scenario_file()


@pytest.mark.parametrize("state", STATES.values(), ids=STATES)
def test_the_copied_code_gives_the_numbers_shown(state, tmp_path, monkeypatch, capsys):
    shown = explore(state).comparison
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    exec(compile(state.as_python(), "copied.py", "exec"), names)
    assert names["comparison"].outcomes.equals(shown.outcomes)
    assert names["comparison"].baseline == shown.baseline
    assert f"run {state.run}, seed {state.seed}" in capsys.readouterr().out


@settings(max_examples=40, deadline=None)
@given(states())
def test_a_copied_file_means_what_the_state_means(state):
    assert load_text(state.as_scenario_file()).digest() == state.resolved().digest()


def test_a_copied_file_says_what_was_changed():
    text = State().changed("russia.confidence", 0.4).as_scenario_file()
    assert "extends: hardball" in text
    assert "confidence: 0.4 # Russia's belief at the start" in text
    assert "compared with 'hardball'" in text


def test_an_uploaded_file_stays_what_it_was():
    state = State.uploaded(MINE)
    again = load_text(state.as_scenario_file())
    assert again.digest() == state.resolved().digest()
    assert again.question == "What if?"
    assert "spain" in again.states
    assert load("hardball").digest() != again.digest()
