"""Whatever a scenario file holds: it is accepted and of use, or refused with one error of bounded length."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from benchmarks.fuzzing.scenario import check_use
from sim.distributions import DISTRIBUTIONS
from sim.errors import ScenarioError
from sim.parameters import PARAMETERS
from sim.scenario import load, load_text
from sim.scenario.reading import MAXIMUM_BYTES, MAXIMUM_FILES, MAXIMUM_KEY, MAXIMUM_VALUES

LONGEST = 8000
QUICK = settings(deadline=None, max_examples=60)


def answer(content: str | bytes) -> str:
    """Return what is said against a file, empty if nothing is."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            check_use(load_text(content, "mine"))
        except ScenarioError as error:
            assert str(error).startswith("mine.yaml") and len(str(error)) < LONGEST
            return str(error)
    return ""


@QUICK
@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
@example("title: \ud800".encode("utf-8", "surrogatepass"))
@example(b"\xef\xbb\xbf\xef\xbb\xbftitle: x")
def test_any_bytes_are_answered(content):
    answer(content)


@QUICK
@given(st.sampled_from(list(PARAMETERS)), st.floats() | st.integers(-(10**400), 10**400))
def test_a_number_is_accepted_within_its_bounds_and_nowhere_else(name, number):
    parameter = PARAMETERS[name]
    told = answer(f"{{extends: hardball, {_nested(name, str(number))}}}")
    if not parameter.low <= number <= parameter.high:
        assert told
    if not told:
        assert parameter.low <= number <= parameter.high


@QUICK
@given(st.sampled_from(list(PARAMETERS)), st.sampled_from(list(DISTRIBUTIONS)), st.lists(st.floats(), max_size=4))
@example("russia.audience_cost", "normal", [0.01, 1e308])
@example("russia.audience_cost", "normal", [0.01, 5e-324])
@example("russia.confidence", "beta", [1e308, 1e308])
@example("europe.precision", "beta", [18446744073709551616, 1e308])
@example("russia.confidence", "beta", [1e-300, 1e-300])
def test_a_law_is_refused_or_gives_values_within_bounds(name, law, numbers):
    answer(f"{{extends: hardball, {_nested(name, f'{{{law}: {numbers}}}')}}}")


def _nested(name: str, value: str) -> str:
    first, *rest = name.split(".")
    return f"{first}: {{{_nested('.'.join(rest), value)}}}" if rest else f"{first}: {value}"


def test_a_horizon_before_all_calendars_is_answered_though_there_are_events():
    told = answer("horizon: 0001-01-01\nevents: {a: {date: 2025-10-10, do: round}}\n")
    assert "the horizon 0001-01-01 must not be before the deadline" in told


def test_too_large_a_file_is_refused_by_its_size_and_a_smaller_one_by_its_values():
    assert "larger than 64 kB" in answer("title: x\n" + "#" * MAXIMUM_BYTES)
    numbers = "0.5," * (MAXIMUM_BYTES // 5)
    assert f"more than {MAXIMUM_VALUES:,} values" in answer(f"russia: {{stall: {{choice: [{numbers}]}}}}")


def test_of_a_thousand_faults_ten_are_told_and_the_others_counted():
    told = answer("".join(f"k{place}: 1\n" for place in range(1000))).splitlines()
    assert len(told) == 11 and told[-1].startswith("and 990 more faults")


def test_a_long_key_is_refused_without_being_repeated():
    told = answer("russia: {" + "x" * 500 + ": 1}\n")
    assert f"at most {MAXIMUM_KEY} characters" in told and "xxx" not in told


@pytest.mark.parametrize("text", ["title: a\u202eb\n", "title: x # \u2066\n", 'title: "\\u202e"\n'])
def test_what_turns_the_direction_of_writing_is_refused_in_comments_too(text):
    assert answer(text).startswith("mine.yaml:1: ") and "not allowed" in answer(text)


def test_minus_zero_is_zero():
    scenarios = [load_text(f"russia: {{stall: {zero}}}\n") for zero in ("-0.0", "0")]
    assert scenarios[0].digest() == scenarios[1].digest()
    assert not np.signbit(scenarios[0].values["russia.stall"])


@pytest.mark.parametrize("name", ["x" * 300, "x" * 5000 + ".yaml", "a/" * 3000, "hardball.yaml/x"])
def test_a_name_that_no_file_can_have_is_answered(write, name):
    path = write(f"extends: {name}\n")
    with pytest.raises(ScenarioError, match=r"what_if\.yaml:1: extends: there is no scenario file") as caught:
        load(path)
    assert len(str(caught.value)) < 1500


def test_a_chain_is_bounded_in_files_and_in_size(write):
    for place in range(MAXIMUM_FILES + 1):
        write(f"extends: chain{place + 1}\n", f"chain{place}.yaml")
    write("title: x\n", f"chain{MAXIMUM_FILES + 1}.yaml")
    with pytest.raises(ScenarioError, match=rf"more than {MAXIMUM_FILES} files extend each other"):
        load("chain0.yaml")
    for place in range(3):
        write(f"extends: wide{place + 1}\n" + "#" * (MAXIMUM_BYTES // 2), f"wide{place}.yaml")
    write("title: x\n", "wide3.yaml")
    with pytest.raises(ScenarioError, match=r"wide0\.yaml:1: extends: files of more than 64 kB"):
        load("wide0.yaml")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_nobody_waits_for_a_pipe(folder):
    os.mkfifo("pipe.yaml")
    Path("mine.yaml").write_text("extends: pipe.yaml\n")
    said = r"pipe\.yaml: the file cannot be read \(not an ordinary file\); name a YAML file"
    for name in ("pipe.yaml", "mine.yaml"):
        with pytest.raises(ScenarioError, match=said):
            load(name)
