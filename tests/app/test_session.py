"""What a browser may wish, and what it is told: a session without a server, a browser or Panel."""

from __future__ import annotations

import base64
import json

import pytest

from sim.app.explorer import Explorer
from sim.app.places import described_controls
from sim.app.pool import Pool
from sim.app.session import FORMS, TABLES, Session
from sim.app.state import LIMITS, State

NAME = "russia.confidence"
CONTROLS = json.loads(described_controls("hardball", None))
FEW = "runs=24&horizon=2025-11-17&deadline=2025-09-01"


class Silent:
    """In the place of an explorer: keeps what it was asked for and answers nothing."""

    generation = 0

    def __init__(self) -> None:
        self.asked: list[State] = []
        self.closed = False

    def submit(self, state, on_result, on_error=None, figures=None) -> int:
        self.asked.append(state)
        self.on_result, self.on_error = on_result, on_error
        self.generation += 1
        return self.generation

    def close(self) -> None:
        self.closed = True


class Browser:
    """The other end of a session."""

    def __init__(self, query: str = "", explorer: object = None) -> None:
        self.told: list[dict] = []
        self.explorer = explorer or Silent()
        self.session = Session(self.explorer, lambda text: self.told.append(json.loads(text)), lambda run: run(), query)
        self.number = 0

    def wish(self, kind: object, **more: object) -> list[dict]:
        """What is told in answer to a message."""
        before = len(self.told)
        self.number += 1
        self.session.receive({"kind": kind, "n": self.number, **more})
        return self.told[before:]

    def last(self, kind: str) -> dict | None:
        return next((message for message in reversed(self.told) if message["kind"] == kind), None)

    @property
    def trouble(self) -> str | None:
        return (self.last("trouble") or {}).get("text")


@pytest.fixture
def browser() -> Browser:
    browser = Browser()
    browser.wish("ready")
    return browser


def place_of(value: str, name: str = NAME) -> int:
    everything = CONTROLS["leading"] + [one for group in CONTROLS["groups"] for one in group["controls"]]
    return next(one for one in everything if one["name"] == name)["texts"].index(value)


def test_a_browser_that_is_ready_is_told_all_it_needs_to_draw_the_page(browser):
    assert [message["kind"] for message in browser.told] == ["start", "controls", "state"]
    names = [one["name"] for one in CONTROLS["leading"]]
    assert len(names) == 10 and NAME in names
    everywhere = names + [one["name"] for group in CONTROLS["groups"] for one in group["controls"]]
    assert sorted(everywhere) == sorted(State().resolved().parameters())
    state = browser.last("state")
    assert state["scenario"] == "hardball" and state["dates"]["deadline"] == "2025-12-31" and not state["can_undo"]


def test_a_slider_that_is_held_is_followed_but_is_one_step(browser):
    for value in ("0.5", "0.45", "0.4"):
        told = browser.wish("change", name=NAME, place=place_of(value), final=False)
        assert told[-1]["changes"][NAME] == [place_of(value), value] and "copies" not in told[-1]
    browser.wish("change", name=NAME, place=place_of("0.4"), final=True)
    assert [state.changes[NAME] for state in browser.explorer.asked[1:]] == [0.5, 0.45, 0.4, 0.4]
    assert browser.wish("undo")[-1]["changes"] == {}
    assert browser.wish("redo")[-1]["changes"][NAME][1] == "0.4"


def test_steps_with_the_keys_that_follow_one_another_are_one_step(browser):
    for value, joins in (("0.74", False), ("0.73", True), ("0.72", True), ("0.6", False)):
        browser.wish("change", name=NAME, place=place_of(value), final=True, joins=joins)
    assert browser.wish("undo")[-1]["changes"][NAME][1] == "0.72"
    assert browser.wish("undo")[-1]["changes"] == {}


def test_every_answer_says_up_to_which_message_it_holds(browser):
    assert browser.wish("change", name=NAME, place=3, final=False)[-1]["n"] == browser.number


def test_a_link_is_told_with_every_state_and_restores_it(browser):
    browser.wish("set", field="scenario", value="swift_deal")
    browser.wish("change", name=NAME, place=place_of("0.4"), final=True)
    browser.wish("look", view="outcomes")
    browser.wish("tell", run=7)
    link = browser.last("state")["copies"]["link"]
    other = Browser(link)
    other.wish("ready")
    ignored = {"n", "can_undo", "can_redo"}
    known = lambda state: {key: value for key, value in state.items() if key not in ignored}  # noqa: E731
    assert known(other.last("state")) == known(browser.last("state"))
    assert other.explorer.asked == [browser.session.state] and other.trouble is None


@pytest.mark.parametrize(
    "query",
    ["russia.confidnce=0.4", "runs=10000000", "scenario=../../etc/passwd", "x=<script>", "russia.confidence=nan"],
)
def test_a_link_that_makes_no_sense_is_said_and_begins_where_everybody_does(query):
    browser = Browser(query)
    browser.wish("ready")
    assert browser.trouble.startswith("The address could not be used, so this is where everybody starts: ")
    assert browser.explorer.asked == [State()] and browser.last("state")["copies"]["link"] == ""


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("set", {"field": "__class__", "value": 1}), ("set", {"field": "text", "value": "x"}),
        ("set", {"field": "runs", "value": LIMITS.runs + 1}), ("set", {"field": "runs", "value": "many"}),
        ("set", {"field": "runs", "value": None}), ("set", {"field": "scenario", "value": "/etc/passwd"}),
        ("set", {"field": ["runs"], "value": 5}), ("set", {"field": "horizon", "value": "9999-01-01"}),
        ("change", {"name": "russia.x", "place": 1}), ("change", {"name": NAME, "place": 10**9}),
        ("change", {"name": NAME, "place": -1}), ("change", {"name": NAME, "place": 1.5}), ("change", {}),
        ("change", {"name": [NAME], "place": 1}), ("look", {"view": "../outcomes"}), ("look", {"view": {}}),
        ("tell", {"run": -1}), ("tell", {"run": "0"}), ("take_table", {"name": "../../x"}),
        ("take_table", {"name": []}), ("take_figure", {"form": "exe"}), ("upload", {"text": 3}),
        ("upload", {"text": "russia: {confidence: 7}"}), ("upload", {"text": "extends: /etc/passwd"}),
        ("upload", {"text": "x" * (LIMITS.text + 1)}), ("_submit", {}), ("", {}), (None, {}), ({}, {}),
        ("unchanged", {"name": ["x"]}),
    ],
)  # fmt: skip
def test_what_makes_no_sense_changes_nothing_and_is_answered_with_a_sentence(browser, kind, more):
    before = browser.session.state
    told = browser.wish(kind, **more)
    assert browser.session.state == before
    assert "defect" not in told[0]["text"] if told else kind == "unchanged"


@pytest.mark.parametrize("message", [None, "change", 7, [], {"kind": "undo", "n": "1"}, {"n": 1}])
def test_a_message_of_another_form_is_refused(browser, message):
    browser.session.receive(message)
    assert browser.trouble is not None and "defect" not in browser.trouble


def test_an_uploaded_scenario_can_be_explored_and_its_mistakes_are_named_with_their_line(browser):
    browser.wish("upload", text="title: <b>Mine</b>\nextends: hardball\nrussia:\n  confidence: 0.3\n")
    assert browser.last("state")["title"] == "<b>Mine</b>" and browser.last("state")["scenario"] == "uploaded"
    assert browser.explorer.asked[-1].resolved().values[NAME] == 0.3
    browser.wish("upload", text="extends: hardball\nrussia:\n  confidnce: 0.3\n")
    assert "3" in browser.trouble and "confidence" in browser.trouble


def test_another_scenario_keeps_what_was_changed_and_moves_the_other_sliders(browser):
    browser.wish("change", name=NAME, place=place_of("0.4"), final=True)
    told = browser.wish("set", field="scenario", value="swift_deal")
    assert [message["kind"] for message in told] == ["controls", "state"]
    assert told[-1]["changes"][NAME][1] == "0.4" and told[-1]["scenario"] == "swift_deal"


def test_another_scenario_drops_changes_that_do_not_fit_it_and_says_so(browser):
    browser.wish("change", name=NAME, place=place_of("0.4"), final=True)
    told = browser.wish("set", field="scenario", value="sober_kremlin")
    assert [message["kind"] for message in told] == ["trouble", "controls", "state"]
    assert "does not fit this scenario" in browser.trouble
    assert told[-1]["changes"] == {} and told[-1]["scenario"] == "sober_kremlin"


def test_a_result_that_was_overtaken_is_not_told():
    browser = Browser()
    browser.wish("ready")

    class Old:
        generation = browser.explorer.generation

    told = browser.explorer.on_result
    browser.wish("set", field="runs", value=200)
    told(Old())
    assert browser.last("result") is None


def test_a_state_that_cannot_be_computed_is_said_and_the_session_goes_on(browser):
    browser.explorer.on_error(RuntimeError("secret path"), browser.explorer.generation)
    assert browser.last("failed") and "secret" not in browser.trouble
    assert browser.wish("set", field="runs", value=200)[-1]["runs"] == 200


def test_the_end_of_a_session_ends_its_computations(browser):
    browser.session.close()
    assert browser.explorer.closed


@pytest.fixture(scope="module")
def explored() -> Browser:
    browser = Browser(FEW, Explorer(Pool(0)))
    browser.wish("ready")
    browser.wish("change", name=NAME, place=place_of("0.4"), final=True)
    return browser


def test_numbers_words_and_the_visible_figure_are_told(explored):
    result, figure = explored.last("result"), explored.last("figure")
    assert 0 <= result["low"] <= result["share"] <= result["high"] <= 1 and result["runs"] == 24
    assert result["sentences"] and result["blockers"] and result["weeks"][0]["day"] == "2025-05-19"
    assert len(result["rows"][0]) == len(result["columns"])
    assert figure["name"] == "incidence" and figure["svg"].lstrip().startswith("<?xml") and figure["described"]


def test_only_the_figure_that_is_looked_at_is_drawn(explored):
    explored.wish("look", view="territory")
    assert explored.last("figure")["name"] == "territory"
    assert explored.session._result.drawn("outcomes") is None


def test_a_figure_that_follows_the_runs_is_computed_when_it_is_looked_at(explored):
    explored.wish("look", view="confidence")
    figure = explored.last("figure")
    assert figure["name"] == "confidence" and "confidence" in explored.session._result.traces and figure["svg"]
    explored.wish("look", view="incidence")


def test_another_history_is_told_and_is_no_step_to_be_undone(explored):
    before = explored.last("state")["can_undo"], explored.last("state")["changes"]
    explored.wish("tell", run=5)
    assert explored.last("result")["run"] == 5
    assert (explored.last("state")["can_undo"], explored.last("state")["changes"]) == before


def file_after(browser: Browser, kind: str, **more: object) -> tuple[str, bytes]:
    browser.wish(kind, **more)
    told = browser.last("file")
    return told["name"], base64.b64decode(told["content"])


@pytest.mark.parametrize("name", sorted(TABLES))
def test_tables_can_be_taken_away(explored, name):
    file, content = file_after(explored, "take_table", name=name)
    assert file == f"hardball_changed-{name}.csv" and b"," in content.splitlines()[0]


@pytest.mark.parametrize(("form", "start"), [("pdf", b"%PDF"), ("png", b"\x89PNG"), ("svg", b"<?xml")])
def test_the_figure_can_be_taken_away(explored, form, start):
    assert form in FORMS
    file, content = file_after(explored, "take_figure", form=form)
    assert file.endswith(f".{form}") and content.startswith(start)


def test_a_browser_has_one_file_made_after_the_other(explored, monkeypatch):
    monkeypatch.setattr(explored.explorer, "make", lambda *_, **how: waiting.append(how))
    waiting = []
    explored.wish("take_table", name="summary")
    assert explored.wish("take_table", name="outcomes")[0]["text"].startswith("the file before this one")
    waiting.pop()["on_error"](RuntimeError("secret path"))
    assert "defect of Truce" in explored.trouble and "secret" not in explored.trouble
    explored.wish("take_figure", form="png")
    assert len(waiting) == 1
    explored.session._making = False
