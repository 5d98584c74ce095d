from __future__ import annotations

import base64
import zlib
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.app.controls import controls
from sim.app.drawn import FIGURES
from sim.app.state import LIMITS, UNCHANGED, State
from sim.errors import TruceError, UsageError
from sim.scenario import START, builtin_names, load

NAMES = sorted(builtin_names())
SLIDERS = {control.name: control for control in controls(load("hardball"))}


@st.composite
def states(draw: st.DrawFn) -> State:
    """States that a face could ask for."""
    names = draw(st.lists(st.sampled_from(sorted(SLIDERS)), max_size=4, unique=True))
    changes = {
        name: draw(st.floats(SLIDERS[name].low, SLIDERS[name].high) | st.sampled_from(SLIDERS[name].options))
        for name in names
    }
    try:
        return State(
            draw(st.sampled_from(NAMES)), draw(st.sampled_from([*NAMES, UNCHANGED])), changes,
            draw(st.integers(1, LIMITS.runs)), draw(st.integers(0, LIMITS.seed)), None,
            draw(st.none() | st.integers(90, 250).map(lambda week: START + timedelta(weeks=week))),
            draw(st.integers(0, LIMITS.runs - 1)), draw(st.sampled_from(sorted(FIGURES))),
        )  # fmt: skip
    except TruceError:  # values that do not fit together, or an event after the horizon
        return State(runs=draw(st.integers(1, LIMITS.runs)))


@settings(max_examples=60, deadline=None)
@given(states())
def test_a_link_restores_the_state_exactly(state):
    assert State.from_link(state.to_link()) == state
    assert State.from_link(f"?{state.to_link()}").resolved().digest() == state.resolved().digest()


def test_the_first_state_needs_no_words():
    assert State().to_link() == ""
    assert State.from_link("") == State.from_link("?") == State()


def test_a_link_carries_an_uploaded_scenario():
    state = State.uploaded("title: Äöü & =?\nrussia: {confidence: 0.4}\n").changed("russia.war_cost", 1 / 3)
    assert State.from_link(state.to_link()) == state


def test_an_uploaded_scenario_that_is_too_long_for_a_link_is_refused():
    digits = "".join(str(place**7 * 7919) for place in range(1500))
    state = State.uploaded(f"title: x\n# {digits[: LIMITS.text - 100]}\n")
    if len(base64.b64encode(zlib.compress(state.text.encode(), 9))) <= LIMITS.link:
        state = State.uploaded("title: x\n# " + "".join(chr(0x4E00 + place * 7 % 9000) for place in range(9000)))
    with pytest.raises(UsageError, match="too long for a link"):
        state.to_link()


def packed(content: bytes) -> str:
    return base64.urlsafe_b64encode(zlib.compress(content, 9)).decode().rstrip("=")


HOSTILE = {
    "an unknown name": "ruins=5",
    "an unknown parameter": "russia.confidnce=0.4",
    "a parameter of nobody": "__class__.__init__=1",
    "NaN": "russia.confidence=nan",
    "infinity": "russia.confidence=inf",
    "a huge number": "russia.confidence=1e999",
    "a huge whole number": "runs=99999999999999999999999999999",
    "many digits": "runs=" + "9" * 5000,
    "digits of another script": "runs=\u0661\u0660\u0660",
    "an expression": "russia.confidence=1/2",
    "code": "russia.confidence=__import__('os')",
    "out of bounds": "russia.confidence=1.5",
    "a path as scenario": "scenario=../../etc/passwd",
    "a file as scenario": "scenario=scenarios/hardball.yaml",
    "a path as baseline": "baseline=%2Fetc%2Fpasswd",
    "an uploaded scenario without its text": "scenario=uploaded",
    "a text without its scenario": urlencode({"text": packed(b"title: x")}),
    "a path in a text": urlencode({"scenario": "uploaded", "text": packed(b"extends: /etc/passwd")}),
    "a tag in a text": urlencode({"scenario": "uploaded", "text": packed(b"title: !!python/object:os.system x")}),
    "a bomb": urlencode({"scenario": "uploaded", "text": packed(b"#" * 10_000_000)}),
    "rubbish as text": "scenario=uploaded&text=%00%01",
    "half a text": urlencode({"scenario": "uploaded", "text": packed(b"title: x")[:-4]}),
    "a name twice": "runs=5&runs=6",
    "no value": "runs",
    "broken letters": "runs=%ff%fe",
    "many fields": "&".join(f"a{place}=1" for place in range(2000)),
    "ten megabytes": "russia.confidence=" + "1" * 10_000_000,
    "a date that is none": "deadline=2025-13-45",
    "a late date": "horizon=9999-12-31",
    "a negative seed": "seed=-1",
    "a long name": "x" * 9000 + "=1",
    "a zero byte": "scenario=hardball%00.yaml",
}


@pytest.mark.parametrize("query", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_link_is_refused_in_a_sentence(query):
    with pytest.raises(TruceError) as refused:
        State.from_link(query)
    assert 10 < len(str(refused.value)) < 600
    assert "\0" not in str(refused.value)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60) | st.builds("{}={}".format, st.sampled_from(["scenario", "runs", "text"]), st.text()))
def test_any_text_is_a_state_or_refused(query):
    try:
        State.from_link(query)
    except TruceError as refused:
        assert str(refused)
