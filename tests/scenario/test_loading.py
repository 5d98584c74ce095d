"""Names, paths, inheritance."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from sim.distributions import Triangular, Uniform
from sim.errors import ScenarioError
from sim.parameters import STATES
from sim.scenario import list_scenarios, load, loading

BASE = """title: Base
question: What if?
deadline: 2025-10-01
russia:
  confidence: 0.7
  war_cost: {uniform: [0.02, 0.1]}
europe:
  hungary: null
  poland: {threat: 0.8, aid_share: 0.1}
  spain: {threat: 0.5, aid_share: 0.03, guarantee_share: 0.05}
events:
  call: {date: 2025-05-19, do: leaders_call}
  crack: {date: 2025-10-06, do: breakthrough, set: {russia.learning_rate: 0.9, russia.stall: 0.1}}
"""


@pytest.fixture
def child(write):
    write(BASE, "base.yaml")

    def load_child(text: str, name: str = "child.yaml"):
        return load(write(f"extends: base\n{text}", name))

    return load_child


# ---- inheritance


def test_a_child_inherits_everything_but_title_and_question(child):
    inherited, base = child(""), load("base.yaml")
    assert (inherited.values, inherited.states, inherited.events) == (base.values, base.states, base.events)
    assert inherited.deadline == base.deadline
    assert (inherited.name, inherited.title, inherited.question) == ("child", "Child", "")
    assert inherited.digest() == base.digest()


def test_a_child_changes_single_values_inside_groups_states_and_events(child):
    scenario = child(
        "russia: {confidence: 0.6}\neurope: {poland: {threat: 0.9}}\n"
        "events: {crack: {date: 2025-11-03, set: {russia.stall: 0.2}}}\n"
    )
    assert scenario.values["russia.confidence"] == 0.6
    assert scenario.values["russia.war_cost"] == Uniform(uniform=(0.02, 0.1))
    assert (scenario.values["europe.poland.threat"], scenario.values["europe.poland.aid_share"]) == (0.9, 0.1)
    crack = scenario.events[1]
    assert (crack.day.isoformat(), crack.action) == ("2025-11-03", "breakthrough")
    assert crack.changes == {"russia.learning_rate": 0.9, "russia.stall": 0.2}


def test_a_distribution_is_replaced_whole_and_never_merged(child):
    scenario = child("russia: {war_cost: {triangular: [0.1, 0.2, 0.3]}, confidence: {uniform: [0.5, 0.6]}}")
    assert scenario.values["russia.war_cost"] == Triangular(triangular=(0.1, 0.2, 0.3))
    assert scenario.values["russia.confidence"] == Uniform(uniform=(0.5, 0.6))


def test_null_takes_out_a_state_and_an_event(child):
    scenario = child("europe: {spain: null, italy: null}\nevents: {call: null}\n")
    assert not {"spain", "italy", "hungary"} & set(scenario.states)
    assert not any(name.startswith("europe.spain") for name in scenario.resolve())
    assert [event.name for event in scenario.events] == ["crack"]


@pytest.mark.parametrize(("parents", "childs", "on"), [("off", "", False), ("off", "on", True), ("on", "off", False)])
def test_a_child_inherits_whether_parameters_are_uncertain_unless_it_says_so_itself(write, parents, childs, on):
    write(f"uncertainty: {parents}", "base.yaml")
    own = f"\nuncertainty: {childs}" if childs else ""
    assert load(write(f"extends: base{own}")).uncertainty is on


def test_a_child_brings_back_a_state_that_its_parent_took_out(child):
    scenario = child("europe: {hungary: {threat: 0.2}}\n")
    assert scenario.states == (*STATES, "spain")
    assert scenario.resolve()["europe.hungary.threat"] == 0.2


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        ("events: {cal: null}", "events.cal", "there is no such event to remove; did you mean 'call'?"),
        ("europe: {spian: null}", "europe.spian", "there is no such state to remove; did you mean 'spain'?"),
        ("russia: null", "russia", "has no value"),
        ("russia: {confidence: null}", "russia.confidence", "has no value"),
        ("events: {crack: {do: null}}", "events.crack.do", "is not an action"),
        ("events: null", "events", "has no value"),
        ("horizon: null", "horizon", "is not a date"),
    ],
)
def test_null_anywhere_else_is_refused(child, text, key, words):
    with pytest.raises(ScenarioError) as caught:
        child(text)
    assert str(caught.value).startswith(f"child.yaml:2: {key}: ")
    assert words in str(caught.value)


def test_a_chain_may_be_long(write):
    write("russia: {confidence: 0.5, stall: 0.1}", "s0.yaml")
    for i in range(1, 40):
        write(f"extends: s{i - 1}\nrussia: {{confidence: {0.5 + i / 1000}}}\n", f"s{i}.yaml")
    assert load("s39.yaml").values == {"russia.confidence": 0.539, "russia.stall": 0.1}


def test_extends_takes_a_path_from_the_folder_of_the_file(write):
    write(BASE, "shared/base.yml")
    write("extends: ../shared/base.yml\n", "mine/a.yaml")
    write("extends: ../shared/base\n", "mine/b.yaml")
    assert load("mine/a.yaml").values == load("mine/b.yaml").values == load("shared/base.yml").values


def test_extends_finds_the_scenarios_that_come_with_truce(write, folder, monkeypatch):
    write("russia: {confidence: 0.3}", "builtin/plain.yaml")
    monkeypatch.setattr(loading, "builtin_folder", lambda: folder / "builtin")
    assert load(write("extends: plain\n", "mine.yaml")).values == {"russia.confidence": 0.3}


def test_a_circle_is_refused_with_its_chain(write):
    write("title: a\nextends: b\n", "a.yaml")
    write("extends: c\n", "b.yaml")
    write("title: c\n\nextends: ./b.yaml\n", "c.yaml")
    with pytest.raises(ScenarioError, match=r"^c\.yaml:3: extends: .*circle, b\.yaml -> c\.yaml -> b\.yaml; remove"):
        load("a.yaml")
    with pytest.raises(ScenarioError, match=r"^self\.yaml:1: extends: .*self\.yaml -> self\.yaml"):
        load(write("extends: self\n", "self.yaml"))


@pytest.mark.parametrize(
    ("extends", "words"),
    [
        ("bsae", "there is no scenario file bsae.yaml; did you mean 'base'?"),
        ("hardbal", "there is no scenario file hardbal.yaml; did you mean 'hardball'?"),
        ("nowhere/at_all", "there is no scenario file nowhere/at_all.yaml; give a name, or a path"),
        ("", "write the name or the path of a scenario file"),
        ("3", "write the name or the path"),
        ("[a, b]", "write the name or the path"),
        ("null", "write the name or the path"),
    ],
)
def test_a_missing_parent_is_refused_with_file_and_line(write, extends, words):
    write(BASE, "base.yaml")
    with pytest.raises(ScenarioError) as caught:
        load(write(f"title: x\nextends: {extends}\n"))
    assert str(caught.value).startswith("what_if.yaml:2: extends: ") and words in str(caught.value)


def test_a_directory_as_a_parent_is_refused(write, folder):
    (folder / "base.yaml").mkdir()
    with pytest.raises(ScenarioError, match=r"base\.yaml: this is a directory"):
        load(write("extends: base.yaml\n"))


def test_a_fault_in_a_parent_names_the_parents_file_and_line(write):
    write("title: x\nrussia:\n  confidence: 7\n", "parent.yaml")
    with pytest.raises(ScenarioError, match=r"^parent\.yaml:3: russia\.confidence: 7 is out of range"):
        load(write("extends: parent\nukraine: {stall: 1}\n"))


def test_beliefs_that_clash_across_files_are_laid_to_the_file_that_was_asked_for(child):
    with pytest.raises(ScenarioError, match=r"^child\.yaml:2: russia\.breakthrough_decides: .*keep it above 0\.7"):
        child("russia: {breakthrough_decides: 0.65}")


def test_each_value_remembers_the_file_and_line_it_came_from(child):
    origins = child("russia:\n  confidence: 0.6\n").origins
    assert origins["russia.confidence"] == "child.yaml:3"
    assert origins["russia.war_cost"] == "base.yaml:6"
    assert origins["europe.spain.threat"] == "base.yaml:10"
    assert origins["deadline"] == "base.yaml:3"
    assert "russia.stall" not in origins


# ---- names and paths


@pytest.fixture
def builtin(write, folder, monkeypatch) -> Path:
    write("title: Hard\nquestion: Why?\n", "builtin/hardball.yaml")
    write("title: Soft\n", "builtin/softball.yml")
    write("not a scenario", "builtin/notes.txt")
    monkeypatch.setattr(loading, "builtin_folder", lambda: folder / "builtin")
    return folder / "builtin"


def test_a_name_is_looked_up_in_the_working_directory_first(builtin, write):
    assert (load("hardball").title, load("softball").title) == ("Hard", "Soft")
    write("title: Mine\n", "scenarios/hardball.yaml")
    assert load("hardball").title == load("scenarios/hardball.yaml").title == "Mine"


def test_an_unknown_name_names_the_nearest(builtin):
    with pytest.raises(ScenarioError, match=r"^there is no scenario 'hardbal'; did you mean 'hardball'\?$"):
        load("hardbal")
    with pytest.raises(ScenarioError, match="there are hardball, softball"):
        load("zzz")


def test_without_any_scenario_the_remedy_is_a_path(folder, monkeypatch):
    monkeypatch.setattr(loading, "builtin_folder", lambda: folder / "nowhere")
    with pytest.raises(ScenarioError, match=r"name a file with its suffix"):
        load("hardball")
    assert list_scenarios() == []


@pytest.mark.parametrize("path", ["missing.yaml", "folder/missing", "./missing"])
def test_a_missing_file_is_refused(path):
    with pytest.raises(ScenarioError, match=r"missing.*there is no such file"):
        load(path)


def test_the_list_has_every_scenario_once_even_one_that_cannot_be_used(builtin, write):
    write("title: Mine\n", "scenarios/hardball.yaml")
    write("russia: {confidence: 3}\n", "scenarios/broken.yaml")
    listed = list_scenarios()
    assert [(name, title) for name, title, question, path in listed] == [
        ("broken", "(cannot be used)"), ("hardball", "Mine"), ("softball", "Soft"),
    ]  # fmt: skip
    assert listed[0].question.startswith("scenarios/broken.yaml:1: russia.confidence: ")


def test_the_scenarios_that_come_with_truce_are_beside_or_inside_the_package():
    folder = loading.builtin_folder()
    assert folder.name == "scenarios"
    assert folder.parent in (Path(loading.__file__).parents[1], Path(loading.__file__).parents[2])


def test_reading_a_file_needs_neither_scipy_nor_pandas(write):
    import subprocess

    path = write(BASE, "base.yaml")
    code = f"import sys; from sim.scenario import load; load({str(path)!r}); print(*sys.modules)"
    root = Path(loading.__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert not {"scipy", "pandas", "mesa", "numba", "matplotlib"} & set(done.stdout.split())


class TestText:
    """Text of unknown origin."""

    def test_it_means_what_the_same_file_means(self, tmp_path):
        text = "extends: hardball\nrussia: {confidence: 0.4}\neurope: {hungary: null}\n"
        (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
        from_text = loading.load_text(text, "mine")
        assert from_text == load(tmp_path / "mine.yaml")
        assert from_text == loading.load_text(text.encode(), "mine")

    def test_without_a_parent_it_changes_the_defaults(self):
        scenario = loading.load_text("russia: {confidence: 0.4}")
        assert (scenario.name, scenario.title) == ("uploaded", "Uploaded")
        assert scenario.events == ()

    @pytest.mark.parametrize("parent", ["mine", "mine.yaml", "./hardball", "../scenarios/hardball.yaml", "''", "[a]"])
    def test_it_reaches_no_other_file_than_those_that_come_with_truce(self, parent, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        (tmp_path / "scenarios").mkdir()
        for folder in (tmp_path, tmp_path / "scenarios"):
            (folder / "mine.yaml").write_text("title: Mine", encoding="utf-8")
        with pytest.raises(ScenarioError, match=r"^uploaded\.yaml:1: extends: an uploaded scenario may"):
            loading.load_text(f"extends: {parent}")

    def test_what_it_extends_is_what_comes_with_truce_not_a_file_of_that_name_here(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        (tmp_path / "scenarios").mkdir()
        (tmp_path / "scenarios" / "hardball.yaml").write_text("title: Mine", encoding="utf-8")
        assert loading.load_text("extends: hardball").digest() == loading.load_builtin("hardball").digest()
        assert loading.load_builtin("hardball").title == "Hardball"

    @pytest.mark.parametrize("name", ["../scenarios/hardball", "hardball.yaml", "/etc/passwd", "", "hardbal"])
    def test_a_name_of_unknown_origin_is_looked_up_and_never_a_path(self, name):
        with pytest.raises(ScenarioError, match="no scenario that comes with Truce has the name"):
            loading.load_builtin(name)
