from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.scenario.reading import MAXIMUM_BYTES, Node, Place, read


@pytest.fixture
def tree(write: Callable[..., Path]) -> Callable[[str], Node]:
    return lambda text: read(write(text))


@pytest.fixture
def fault(write: Callable[..., Path]) -> Callable[[str], ScenarioError]:
    def refused(text: str) -> ScenarioError:
        with pytest.raises(ScenarioError) as caught:
            read(write(text))
        return caught.value

    return refused


def test_values_have_the_types_of_yaml_1_2(tree):
    text = "a: 1\nb: -.5e1\nc: true\nd: yes\ne: '1'\nf: 2025-12-31\ng: ~\nh:\ni: [1, x]\nj: 1_000\nk: 0o17\n"
    assert tree(text).plain() == {
        "a": 1.0, "b": -5.0, "c": True, "d": "yes", "e": "1", "f": "2025-12-31", "g": None, "h": None,
        "i": [1.0, "x"], "j": "1_000", "k": "0o17",
    }  # fmt: skip


def test_infinities_and_not_a_number_are_read_so_that_they_can_be_refused_by_name(tree):
    values = tree("a: .inf\nb: -.Inf\nc: .nan\n").plain()
    assert (values["a"], values["b"]) == (float("inf"), float("-inf"))
    assert values["c"] != values["c"]


def test_keys_are_names_whatever_they_look_like(tree):
    assert tree("null: 1\n2025: 2\ntrue: 3\n").plain() == {"null": 1, "2025": 2, "true": 3}


def test_each_value_knows_the_line_of_its_key(tree):
    places = tree("# a comment\nrussia:\n\n  war_cost:\n    uniform: [0.02,\n      0.1]\n").places()
    assert places["russia",] == Place("what_if.yaml", 2)
    assert places["russia", "war_cost"].line == 4
    assert places["russia", "war_cost", "uniform", 1].line == 6


def test_a_byte_order_mark_and_windows_line_ends_are_accepted(folder):
    (folder / "what_if.yaml").write_bytes(b"\xef\xbb\xbftitle: x\r\nhorizon: 2026-06-01\r\n")
    assert read(folder / "what_if.yaml").plain() == {"title": "x", "horizon": "2026-06-01"}


@pytest.mark.parametrize(
    ("text", "line", "key", "words"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "a", "given twice, on lines 1 and 3"),
        ("russia:\n  horizon: 5\n  'horizon': 6\n", 3, "russia.horizon", "given twice, on lines 2 and 3"),
        ("a:\n  b: &x 1\n", 2, "a.b", "anchors"),
        ("a: &x {b: 1}\nc: *x\n", 1, "a", "anchors"),
        ("a: *x\n", 1, "a", "aliases"),
        ("a: !!python/object/apply:os.system [ls]\n", 1, "a", "tags"),
        ("a: !!float 3\n", 1, "a", "tags"),
        ("a: 1\n---\nb: 2\n", 2, None, "one document"),
        ("- a\n- b\n", 1, None, "mapping at the top"),
        ("just words\n", 1, None, "mapping at the top"),
        ("a: 1\n? [b, c]\n: 2\n", 2, None, "plain name"),
        ('"a\\nb": 2\n', 1, None, "plain name"),
        ('title: "\\e[31mred"\n', 1, "title", "control characters"),
        ('title: "\\ud800"\n', 1, "title", "control characters"),
        ("title: x\nquestion: \x01\n", 2, None, "control characters"),
        ('title: "\\UFFFFFFFF"\n', None, None, "not valid YAML"),
        ("a: [1, 2\n", 2, None, "not valid YAML"),
        ("a: 1\n\tb: 2\n", 2, None, "not valid YAML"),
        ("a: b: c\n", 1, None, "not valid YAML"),
    ],
)
def test_what_a_scenario_does_not_need_is_refused_with_its_line(fault, text, line, key, words):
    error = fault(text)
    assert words in str(error)
    assert str(error).startswith("what_if.yaml:") and "\n" not in str(error)
    assert error.key == key
    assert error.line == line or words == "not valid YAML"


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n", "~\n"])
def test_an_empty_file_is_refused(fault, text):
    assert str(fault(text)).startswith("what_if.yaml: the file is empty")


@pytest.mark.parametrize("start", ["[", "{a: "])
def test_deep_nesting_is_refused_long_before_it_can_hurt(fault, start):
    assert "nested deeper than 20 levels" in str(fault("a: " + start * 10_000))


@pytest.mark.parametrize(
    "content",
    [b"\x89PNG\r\n\x1a\n\x00\x00", b"title: caf\xe9\n", b"a: 1\x00\n", Random(1).randbytes(4096)],
    ids=["picture", "other encoding", "zero", "noise"],
)
def test_a_binary_file_is_refused(folder, content):
    (folder / "picture.yaml").write_bytes(content)
    with pytest.raises(ScenarioError, match=r"^picture\.yaml: this is not a text file in UTF-8"):
        read(folder / "picture.yaml")


def test_a_large_file_is_refused_without_being_read_whole(folder):
    (folder / "large.yaml").write_bytes(b"#" * (MAXIMUM_BYTES + 1))
    with pytest.raises(ScenarioError, match=r"large\.yaml: the file is larger than 64 kB"):
        read(folder / "large.yaml")


def test_a_missing_file_a_directory_and_a_device_are_refused(folder):
    for path, words in {
        folder / "none.yaml": "no such file",
        folder: "a directory",
        Path("/dev/null"): "ordinary",
    }.items():
        with pytest.raises(ScenarioError, match=words):
            read(path)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is unreadable for this user")
def test_an_unreadable_file_is_refused(write):
    path = write("title: x\n")
    path.chmod(0)
    with pytest.raises(ScenarioError, match=r"cannot be read .*check its name and its permissions"):
        read(path)


def test_a_failing_disk_is_reported_with_its_reason(write, monkeypatch):
    path = write("title: x\n")

    def fail(*args: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "open", fail)
    with pytest.raises(ScenarioError, match=r"cannot be read \(Input/output error\)"):
        read(path)


_PIECES = [
    "russia", ":", " ", "\n", "\n  ", "-", "[", "]", "{", "}", ",", "0.5", "'", '"', "&a", "*a", "!t", "|", ">", "#",
    "?", "%YAML 9\n", "---\n", "...\n", "null", "2025-10-10", "\t", "\\UFFFFFFFF", "\\xd8", "<<", "1e999",
]  # fmt: skip


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(_PIECES), max_size=25).map("".join))
def test_any_text_is_read_or_refused_in_one_line(folder, text):
    path = folder / "any.yaml"
    path.write_text(text, encoding="utf-8")
    try:
        assert isinstance(read(path).plain(), dict)
    except ScenarioError as error:
        assert str(error).startswith("any.yaml") and "\n" not in str(error)


def test_a_tab_is_answered_with_spaces(tmp_path):
    file = tmp_path / "tab.yaml"
    file.write_text("title: x\nrussia:\n\tstall: 0.5\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"tab\.yaml:3: .*indent with spaces"):
        read(file)
