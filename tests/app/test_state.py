from __future__ import annotations

import pickle
from datetime import date

import pytest

from sim.app.state import LIMITS, UNCHANGED, UPLOADED, History, State, builtin
from sim.errors import TruceError
from sim.scenario import builtin_names, load

MINE = "title: Mine\nextends: swift_deal\nrussia: {war_cost: {uniform: [0.01, 0.02]}}\neurope: {hungary: null}\n"


def test_at_first_it_asks_for_the_baseline_itself():
    state = State()
    assert state.resolved().digest() == load("hardball").digest()
    assert state.reference() is None


def test_a_change_makes_another_state_and_leaves_the_first_alone():
    first = State()
    second = first.changed("russia.confidence", 0.4)
    assert second.resolved().values["russia.confidence"] == 0.4
    assert dict(first.changes) == {}
    with pytest.raises(TypeError):
        second.changes["russia.confidence"] = 0.5


def test_what_is_not_changed_keeps_its_law():
    state = State().changed("russia.confidence", 0.4)
    assert state.resolved().resolve()["russia.war_cost"] == load("hardball").resolve()["russia.war_cost"]
    assert state.unchanged("russia.confidence") == State()
    assert state.changed("russia.war_cost", 0.05).unchanged() == State()


def test_the_changed_scenario_has_a_name_of_its_own_so_that_both_can_be_compared():
    state = State().changed("russia.confidence", 0.4)
    assert state.resolved().name == "hardball_changed"
    assert state.reference().name == "hardball"


def test_a_date_holds_for_scenario_and_baseline():
    state = State(scenario="swift_deal", horizon="2026-06-01", deadline=date(2025, 10, 1))
    assert state.resolved().horizon == state.reference().horizon == date(2026, 6, 1)
    assert state.resolved().deadline == state.reference().deadline == date(2025, 10, 1)


def test_the_baseline_may_be_the_scenario_without_the_changes():
    state = State(scenario="swift_deal", baseline=UNCHANGED).changed("russia.confidence", 0.4)
    assert state.reference().digest() == load("swift_deal").digest()
    assert state.unchanged().reference() is None


def test_another_scenario_keeps_the_changes_that_it_has_a_place_for():
    state = State.uploaded("europe: {spain: {threat: 0.5, aid_share: 0.03, guarantee_share: 0.05}}")
    state = state.changed("europe.spain.threat", 0.7).changed("russia.confidence", 0.4)
    assert state.with_(scenario="moves_on") == State(scenario="moves_on", changes={"russia.confidence": 0.4})


def test_an_uploaded_scenario_is_validated_like_a_file():
    state = State.uploaded(MINE.encode())
    assert state.resolved().title == "Mine"
    assert "hungary" not in state.resolved().states
    assert state.reference().name == "hardball"
    with pytest.raises(TruceError, match=r"uploaded.yaml:1: .*russia"):
        State.uploaded("rusia: {confidence: 0.4}")


@pytest.mark.parametrize(
    "text",
    [
        "extends: ../hardball.yaml", "extends: /etc/passwd", "extends: scenarios/hardball", "extends: [hardball]",
        "extends: uploaded", "title: !!python/object:os.system x", "title: &a x\nquestion: *a", "title: [",
        "russia: {confidence: .nan}", "russia: {confidence: 1e999}", "russia: {confidence: 3}", "horizon: 2040-01-01",
        "horizon: 2025-06-01", "[]", "", "x" * 10_000_000, b"\xff\xfe", b"a\0b", "a: " * 5000,
    ],
    ids=range(19),
)  # fmt: skip
def test_what_is_no_scenario_is_refused_in_a_sentence(text):
    with pytest.raises(TruceError) as refused:
        State.uploaded(text)
    assert 10 < len(str(refused.value)) < 600


@pytest.mark.parametrize(
    "values",
    [
        {"runs": 0}, {"runs": LIMITS.runs + 1}, {"runs": 2.5}, {"runs": True}, {"seed": -1}, {"seed": 2**40},
        {"run": LIMITS.runs}, {"horizon": "2035-01-01"}, {"horizon": "2025-06-01"}, {"deadline": "tomorrow"},
        {"deadline": "2025-W40-1"}, {"scenario": "hardbal"}, {"scenario": "../scenarios/hardball"},
        {"scenario": UPLOADED}, {"scenario": None}, {"baseline": "scenarios/hardball.yaml"}, {"baseline": UPLOADED},
        {"view": "none"}, {"text": "title: x"}, {"changes": {"russia.confidence": float("nan")}},
        {"changes": {"russia.confidence": float("inf")}}, {"changes": {"russia.confidence": 10**400}},
        {"changes": {"russia.confidence": "0.4"}}, {"changes": {"russia.confidence": True}},
        {"changes": {"russia.confidence": 1.5}}, {"changes": {"russia.confidnce": 0.4}}, {"changes": {"x" * 500: 0.4}},
        {"changes": {"russia.confidence": 0.95}},
    ],
    ids=str,
)  # fmt: skip
def test_a_state_that_makes_no_sense_is_refused_in_a_sentence(values):
    with pytest.raises(TruceError) as refused:
        State(**values)
    assert 10 < len(str(refused.value)) < 600


def test_a_misspelt_name_is_met_with_the_nearest():
    with pytest.raises(TruceError, match="did you mean 'hardball'"):
        State(scenario="hardbal")


def test_equal_states_are_one_key_and_survive_the_way_to_another_process():
    state = State.uploaded(MINE, runs=30, changes={"russia.confidence": 0.4})
    assert pickle.loads(pickle.dumps(state)) == state
    assert len({state, pickle.loads(pickle.dumps(state)), state.changed("russia.confidence", 0.4)}) == 1


def test_the_picker_offers_every_scenario_that_comes_with_truce_the_baseline_first():
    assert builtin()[0].name == "hardball"
    assert sorted(one.name for one in builtin()) == sorted(builtin_names())


class TestHistory:
    def test_undo_and_redo_go_back_and_forth(self):
        history = History(State())
        for runs in (10, 20, 30):
            history.go(State(runs=runs))
        assert [history.undo().runs for _ in range(4)] == [20, 10, 1000, 1000]
        assert not history.can_undo
        assert [history.redo().runs for _ in range(4)] == [10, 20, 30, 30]
        assert not history.can_redo

    def test_a_new_step_forgets_what_was_undone(self):
        history = History(State())
        history.go(State(runs=10))
        history.undo()
        history.go(State(runs=20))
        assert not history.can_redo
        assert history.undo() == State()

    def test_reset_goes_to_the_first_state_and_can_be_undone(self):
        history = History(State(runs=5))
        history.go(State(runs=10))
        assert history.reset().runs == 5
        assert history.undo().runs == 10

    def test_the_same_state_again_is_no_step(self):
        history = History(State())
        history.go(State())
        assert not history.can_undo

    def test_it_keeps_a_limited_number_of_states(self):
        history = History(State())
        for runs in range(1, History.MOST + 50):
            history.go(State(runs=runs))
        steps = 0
        while history.can_undo:
            history.undo()
            steps += 1
        assert steps == History.MOST - 1
        assert history.reset() == State()
