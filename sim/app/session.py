"""One session of the page without the page: messages from a browser in, messages to it out. No Panel here.

What comes from the browser is a wish, never code, a path or the name of an attribute: it is compared with what there
is, and all numbers go through `State`, which validates them like a scenario file.
"""

from __future__ import annotations

import base64
import json
import logging
import math
from collections.abc import Callable, Mapping
from typing import Any

from sim.app.drawn import FIGURES, Form
from sim.app.explorer import Explorer, figures_of
from sim.app.places import controls_of, described_controls, nearest_place, places
from sim.app.result import Drawn, Result
from sim.app.state import LIMITS, OFFERED_RUNS, UNCHANGED, UPLOADED, History, State, builtin
from sim.app.words import percent
from sim.errors import TruceError, UsageError

Message = dict[str, Any]

#: What can be chosen beside the parameters, and whether it may be None.
SETTINGS: dict[str, bool] = {
    "scenario": False, "baseline": False, "runs": False, "seed": False, "deadline": True, "horizon": True,
}  # fmt: skip

#: The tables that can be taken away, by name.
TABLES: dict[str, str] = {
    "summary": "Summary, one row per scenario",
    "differences": "Differences to the baseline",
    "who_blocks": "Who blocks",
    "outcomes": "Every run",
}

#: Formats of a figure that can be taken away.
FORMS: dict[Form, str] = {"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf"}

_log = logging.getLogger(__name__)


class Session:
    """What one browser explores.

    Parameters
    ----------
    explorer
        Computes; closed with the session.
    send
        Takes a message to the browser, as JSON; called only from what `defer` or `receive` runs.
    defer
        Runs a function where `receive` is run, from any thread.
    query
        The query of the address that was opened.
    """

    def __init__(
        self,
        explorer: Explorer,
        send: Callable[[str], None],
        defer: Callable[[Callable[[], None]], None],
        query: str = "",
    ) -> None:
        self._explorer, self._send_text, self._defer = explorer, send, defer
        self._trouble = ""
        self._history = History(State())
        try:
            first = State.from_link(query)
        except TruceError as error:
            first, self._trouble = State(), f"The address could not be used, so this is where everybody starts: {error}"
        # What is looked at is no step to be undone.
        self._view, self._run = first.view, first.run
        self._history.go(first.with_(view=State.view, run=State.run))
        #: A change under way: a slider that is still held.
        self._held: State | None = None
        self._last_change = ""
        self._number = 0
        self._result: Result | None = None
        #: A file to be taken away is being made.
        self._making = False
        self._described_scenario: tuple[str, str | None] | None = None
        self._submit()

    @property
    def state(self) -> State:
        """What is asked for at this moment."""
        return (self._held or self._history.state).with_(view=self._view, run=self._run)

    def close(self) -> None:
        """Stop computing for this session."""
        self._explorer.close()

    def receive(self, message: object) -> None:
        """Do what a message from the browser asks for; what makes no sense is answered with a sentence.

        Parameters
        ----------
        message
            ``{"kind": ..., "n": ...}`` and what that kind needs; anything else is possible, and refused.
        """
        try:
            if not isinstance(message, dict):
                raise UsageError("a message is a mapping")
            kind, number = message.get("kind"), message.get("n", 0)
            if not isinstance(kind, str) or kind not in _KINDS or not isinstance(number, int):
                raise UsageError("there is no such message")
            self._number = max(self._number, min(number, 2**53))
            _KINDS[kind](self, message)
        except TruceError as error:
            self._complain(str(error))
        except Exception:  # a defect of ours, or a message made by hand: neither must end the session
            _log.exception("a message could not be dealt with")
            self._complain("That did not work, for a reason that is a defect of Truce; everything else goes on.")

    # What comes in ---------------------------------------------------------------------------------------------------

    def _ready(self, message: Message) -> None:
        self._described_scenario = None
        self._send(
            {
                "kind": "start",
                "scenarios": [listing._asdict() for listing in builtin()],
                "unchanged": UNCHANGED,
                "uploaded": UPLOADED,
                "figures": {name: {"title": one.title, "explained": one.explained} for name, one in FIGURES.items()},
                "tables": TABLES,
                "runs": OFFERED_RUNS,
                "limits": {"horizon": LIMITS.horizon.isoformat(), "text": LIMITS.text},
            }
        )
        self._tell_state()
        if self._result is not None:
            self._tell_result()
        if self._trouble:
            self._say(self._trouble)

    def _change(self, message: Message) -> None:
        name, place, final = message.get("name"), message.get("place"), message.get("final") is True
        before = self._held or self._history.state
        options = places(before.scenario, before.text)
        if not isinstance(name, str) or not isinstance(place, int) or not 0 <= place < len(options.get(name, ())):
            raise UsageError("a change has the name of a slider and one of its places")
        changed = before.changed(name, options[name][place])
        if final:
            # Steps with the arrow keys on one slider are one step to be undone.
            if message.get("joins") is True and self._last_change == name and self._history.can_undo:
                self._history.undo()
            self._history.go(changed)
            self._held, self._last_change = None, name
        else:
            self._held = changed
        self._submit()
        self._tell_state(brief=not final)

    def _go(self, state: State) -> None:
        self._held, self._last_change = None, ""
        self._history.go(state)
        self._submit()
        self._tell_state()

    def _unchanged(self, message: Message) -> None:
        name = message.get("name")
        if name is not None and not (isinstance(name, str) and name in self._history.state.changes):
            return
        self._go(self._history.state.unchanged(name))

    def _set(self, message: Message) -> None:
        field, value = message.get("field"), message.get("value")
        if not isinstance(field, str) or field not in SETTINGS:
            raise UsageError("there is nothing of that name to be set")
        if value is None and not SETTINGS[field]:
            raise UsageError(f"{field} needs a value")
        if field == "scenario" and value == UPLOADED:
            return
        before = self._history.state
        try:
            after = before.with_(**{field: value})
        except TruceError as error:
            if field != "scenario" or not before.changes:
                raise
            after = before.with_(scenario=value, changes={})
            self._say(f"What was changed does not fit this scenario, so it begins unchanged: {error}")
        self._go(after)

    def _upload(self, message: Message) -> None:
        text = message.get("text")
        if not isinstance(text, str):
            raise UsageError("a scenario file is text")
        before = self._history.state
        self._go(State.uploaded(text, baseline=before.baseline, runs=before.runs, seed=before.seed))

    def _look(self, message: Message) -> None:
        view = message.get("view")
        if not isinstance(view, str) or view not in FIGURES:
            raise UsageError("there is no such figure")
        self._view = view
        if self._is_current() and self._result is not None and set(FIGURES[view].traces) <= set(self._result.traces):
            self._tell_state()
            self._tell_figure()
        else:  # it shows what has not been followed in these runs
            self._submit()
            self._tell_state()

    def _tell(self, message: Message) -> None:
        run = message.get("run")
        self._run = self.state.with_(run=run).run
        self._submit()
        self._tell_state()

    def _undo(self, message: Message) -> None:
        self._step(self._history.undo)

    def _redo(self, message: Message) -> None:
        self._step(self._history.redo)

    def _reset(self, message: Message) -> None:
        self._step(self._history.reset)

    def _step(self, step: Callable[[], State]) -> None:
        self._held, self._last_change = None, ""
        step()
        self._submit()
        self._tell_state()

    def _take_table(self, message: Message) -> None:
        name, result = message.get("name"), self._result
        if not isinstance(name, str) or name not in TABLES or result is None:
            raise UsageError("there is no such table yet")

        def handed_over(table: str) -> None:
            self._hand_over(f"{result.state.resolved().name}-{name}.csv", "text/csv", table.encode())

        self._have_made(handed_over, Result.csv, result, name)

    def _take_figure(self, message: Message) -> None:
        wanted, result, view = message.get("form"), self._result, self._view
        form = next((known for known in FORMS if known == wanted), None)
        if form is None or result is None:
            raise UsageError("there is no such figure yet")
        key = view, form, True

        def handed_over(drawn: Drawn) -> None:
            self._hand_over(f"{result.state.resolved().name}-{view}.{form}", FORMS[form], drawn[key])

        self._have_made(handed_over, figures_of, result, (key,))

    def _have_made(self, handed_over: Callable[[Any], None], work: Callable[..., Any], *given: object) -> None:
        """Have a file made where results are computed, one after the other for each browser."""
        if self._making:
            raise UsageError("the file before this one is not yet made; ask again in a moment")
        self._making = True

        def made(content: Any) -> None:
            self._making = False
            handed_over(content)

        def failed(error: Exception) -> None:
            self._making = False
            self._excuse("That file could not be made", error)

        self._explorer.make(
            work, *given,
            on_made=lambda content: self._defer(lambda: made(content)),
            on_error=lambda error: self._defer(lambda: failed(error)),
        )  # fmt: skip

    def _hand_over(self, name: str, kind: str, content: bytes) -> None:
        self._send({"kind": "file", "name": name, "type": kind, "content": base64.b64encode(content).decode()})

    # What goes out ---------------------------------------------------------------------------------------------------

    def _send(self, message: Message) -> None:
        self._send_text(json.dumps(message, allow_nan=False))

    def _submit(self) -> None:
        """Ask for the results of the present state."""
        self._explorer.submit(
            self.state,
            lambda result: self._defer(lambda: self._take(result)),
            lambda error, generation: self._defer(lambda: self._fail(error, generation)),
            figures=(self._view,),
        )

    def _take(self, result: Result) -> None:
        if result.generation != self._explorer.generation:
            return
        self._result = result
        self._tell_result()

    def _fail(self, error: Exception, generation: int) -> None:
        if generation != self._explorer.generation:
            return
        self._excuse("These runs could not be computed", error)
        self._send({"kind": "failed"})

    def _excuse(self, what: str, error: Exception) -> None:
        """Say why something that was asked for does not come."""
        if isinstance(error, TruceError):
            self._complain(str(error))
        else:
            _log.error(what, exc_info=error)
            self._complain(f"{what}, for a reason that is a defect of Truce.")

    def _is_current(self) -> bool:
        return self._result is not None and self._result.generation == self._explorer.generation

    def _say(self, text: str) -> None:
        self._send({"kind": "trouble", "text": text})

    def _complain(self, text: str) -> None:
        """Say what is wrong, and where everything stands: what was wished is not so."""
        self._say(text)
        self._tell_state()

    def _tell_state(self, *, brief: bool = False) -> None:
        state = self.state
        if (state.scenario, state.text) != self._described_scenario:
            self._described_scenario = state.scenario, state.text
            self._send_text(described_controls(state.scenario, state.text))
        shown = {control.name: control for control in controls_of(state.scenario, state.text)}
        options = places(state.scenario, state.text)
        told: Message = {
            "kind": "state",
            "n": self._number,
            "changes": {
                name: [nearest_place(options[name], value), shown[name].shown(value)]
                for name, value in state.changes.items()
            },
        }
        if not brief:
            scenario, base = state.resolved(), state.unchanged().with_(deadline=None, horizon=None).resolved()
            told |= {name: _plain(getattr(state, name)) for name in (*SETTINGS, "run", "view")}
            told |= {
                "title": base.title,
                "question": base.question,
                "dates": {"deadline": scenario.deadline.isoformat(), "horizon": scenario.horizon.isoformat()},
                "can_undo": self._history.can_undo,
                "can_redo": self._history.can_redo,
                "copies": copies(state),
            }
        self._send(told)

    def _tell_result(self) -> None:
        result = self._result
        assert result is not None
        headline = result.headline
        told: Message = {
            "kind": "result",
            "coarse": result.coarse,
            "complete": result.complete,
            "runs": result.runs,
            "wanted": result.state.runs,
            "sentences": list(headline.sentences),
            "share": headline.share,
            "percent": percent(headline.share),
            "low": headline.low,
            "high": headline.high,
            # NaN, which JSON does not know, if there is nothing to compare with.
            "difference": None if math.isnan(headline.difference) else headline.difference,
            "deadline": result.state.resolved().deadline.isoformat(),
            "blockers": list(result.blockers),
            "columns": list(result.numbers.columns),
            "rows": result.numbers.astype(str).to_numpy().tolist(),
        }
        if result.history is not None:
            told["weeks"] = [
                {"week": week.week, "day": week.day.isoformat(), "front": week.front, "events": list(week.events)}
                for week in result.history.weeks
            ]
            told["run"] = result.history.run
        self._send(told)
        self._tell_figure()

    def _tell_figure(self) -> None:
        result, view = self._result, self._view
        assert result is not None

        def tell(content: bytes) -> None:
            if self._result is result and self._view == view:
                self._send(
                    {"kind": "figure", "name": view, "svg": content.decode(), "described": result.described(view)}
                )

        there = result.drawn(view)
        if there is not None:
            tell(there)
        else:
            self._explorer.draw(
                result, view, lambda content: self._defer(lambda: tell(content)),
                lambda error: self._defer(lambda: self._excuse("That picture could not be drawn", error)),
            )  # fmt: skip


_KINDS: Mapping[str, Callable[[Session, Message], None]] = {
    "ready": Session._ready,
    "change": Session._change,
    "unchanged": Session._unchanged,
    "set": Session._set,
    "upload": Session._upload,
    "look": Session._look,
    "tell": Session._tell,
    "undo": Session._undo,
    "redo": Session._redo,
    "reset": Session._reset,
    "take_table": Session._take_table,
    "take_figure": Session._take_figure,
}


def copies(state: State) -> dict[str, str]:
    """Return what can be copied of a state, by what it is; a reason in the place of a link that would be too long."""
    found = {
        "file": state.as_scenario_file(),
        "file_name": state.file_name,
        "python": state.as_python(),
        "command": state.command,
    }
    try:
        return found | {"link": state.to_link()}
    except TruceError as error:
        return found | {"no_link": str(error)}


def _plain(value: object) -> object:
    return value.isoformat() if hasattr(value, "isoformat") else value
