"""The explorer as a box of ipywidgets; it shows what `sim.app.explorer` finds, and computes nothing itself."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable, Mapping
from datetime import date
from html import escape
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets  # type: ignore[import-untyped]

from sim.app.drawn import FIGURES
from sim.app.explorer import Explorer, explore, warm_up
from sim.app.pool import Pool, shared_pool
from sim.app.sliders import Sliders
from sim.app.state import LIMITS, OFFERED_RUNS, UNCHANGED, UPLOADED, History, State, builtin
from sim.errors import TruceError

if TYPE_CHECKING:
    from sim.app.result import Result

_WIDE = {"width": "auto"}


class ExplorerBox(widgets.VBox):  # type: ignore[misc]
    """Sliders, the headline, figures, numbers and one history of a scenario; made by `sim.explore`.

    Parameters
    ----------
    state
        What is shown first.
    pool
        What computes; by default the one of this process. ``Pool(0)`` computes at once, in this thread.

    Attributes
    ----------
    result
        What is shown: `sim.app.result.Result`.
    """

    def __init__(self, state: State, pool: Pool | None = None) -> None:
        self._history, self._view = History(state), state.view
        self._generation, self._quiet, self._turned = 0, False, ""
        self._loop = _running_loop()
        # What is stored with the notebook has to be there when the cell ends.
        self.result = explore(state, (self._view,), _HERE)
        self._explorer = Explorer(shared_pool() if pool is None else pool)
        if self._loop is not None:
            self._explorer.pool.warm(warm_up)
        self._make()
        super().__init__([self._heading, self._choices, self._answer, self._message, self._body])
        self._sync()
        self._show(self.result)

    @property
    def state(self) -> State:
        """What is asked for at present; what is shown may lag behind it for a moment."""
        return self._history.state

    @property
    def headline(self) -> str:
        """The answer in sentences."""
        return str(self.result.headline)

    @property
    def sliders(self) -> Mapping[str, widgets.Widget]:
        """The sliders there are so far, by the names of their parameters: those of a fold once it has been opened."""
        return MappingProxyType({name: row.slider for name, row in self._sliders.rows.items()})

    def undo(self) -> None:
        """Take the last change back."""
        self._turned = ""
        self._history.undo()
        self._update()

    def redo(self) -> None:
        """Make the change again that was taken back last."""
        self._turned = ""
        self._history.redo()
        self._update()

    def reset(self) -> None:
        """Return to what was shown first."""
        self._turned = ""
        self._history.reset()
        self._update()

    def close(self) -> None:
        """Stop computing, and remove the widgets from every view."""
        self._explorer.close()
        super().close()

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        """Return the live widgets, and the headline and the figure for where there is no kernel."""
        bundle: dict[str, Any] = super()._repr_mimebundle_(**kwargs) or {}
        picture = self.result.figure(self._view, form="png")
        return {**bundle, "text/plain": self.headline, "image/png": base64.b64encode(picture).decode()}

    # ------------------------------------------------------------------------------------------- what there is to see

    def _make(self) -> None:
        self._heading = widgets.HTML(
            "<b>Turn a number, and see what it does.</b> <small>Model runs, not forecasts.</small>", layout=_WIDE
        )
        self._choices = self._make_choices()
        self._answer = widgets.HTML(layout={"width": "auto", "padding": "0.4em 0"})
        self._message = widgets.HTML(layout=_WIDE)
        self._sliders = Sliders(self._move, lambda name: self._go(lambda state: state.unchanged(name)))
        self._body = widgets.HBox(
            [self._make_left(), self._make_right()], layout={"width": "auto", "flex_flow": "row wrap"}
        )

    def _make_choices(self) -> widgets.HBox:
        listed = [(listing.title, listing.name) for listing in builtin()]
        own = [("your file", UPLOADED)] if self.state.text is not None else []
        self._scenario = _choice("Scenario", [*own, *listed], "What if? What the sliders then change.")
        self._baseline = _choice(
            "against", [("itself, unchanged", UNCHANGED), *listed], "The scenario that it is compared with, run by run."
        )
        self._runs = _choice(
            "runs", [(f"{runs:,}", runs) for runs in sorted({*OFFERED_RUNS, self.state.runs})],
            "More runs make intervals narrower and take longer.",
        )  # fmt: skip
        self._scenario.observe(lambda change: self._set(scenario=change["new"], run=0), "value")
        self._baseline.observe(lambda change: self._set(baseline=change["new"]), "value")
        self._runs.observe(lambda change: self._set(runs=change["new"]), "value")
        self._undo = _button("Undo", "Take the last change back", self.undo)
        self._redo = _button("Redo", "Make it again", self.redo)
        self._reset = _button("Reset", "Return to what was shown first", self.reset)
        return widgets.HBox(
            [self._scenario, self._baseline, self._runs, self._undo, self._redo, self._reset],
            layout={"width": "auto", "flex_flow": "row wrap"},
        )

    def _make_left(self) -> widgets.VBox:
        self._deadline = widgets.DatePicker(description="deadline", tooltip="The date that is asked about")
        self._horizon = widgets.DatePicker(description="horizon", tooltip=f"The last day; at most {LIMITS.horizon}")
        self._seed = widgets.BoundedIntText(
            description="seed", min=0, max=LIMITS.seed, tooltip="Another seed is other luck, the same in both scenarios"
        )
        self._deadline.observe(lambda change: self._set_day("deadline", change["new"]), "value")
        self._horizon.observe(lambda change: self._set_day("horizon", change["new"]), "value")
        self._seed.observe(lambda change: self._set(seed=change["new"]), "value")
        others = widgets.Accordion([widgets.VBox([self._deadline, self._horizon, self._seed])], layout=_WIDE)
        others.titles = ("Dates and luck",)
        left = [
            widgets.HTML("<b>The ten that matter most</b>"), self._sliders.first,
            widgets.HTML("<b>All others, by actor</b>"), self._sliders.folds, others,
        ]  # fmt: skip
        return widgets.VBox(left, layout={"flex": "1 1 18em", "max_width": "26em", "margin": "0 1em 0 0"})

    def _make_right(self) -> widgets.VBox:
        self._which = _choice("Figure", [(figure.title, name) for name, figure in FIGURES.items()], "What is drawn")
        self._which.layout = {"width": "26em"}
        self._explained, self._picture = widgets.HTML(layout=_WIDE), widgets.HTML(layout=_WIDE)
        self._which.observe(lambda change: self._look_at(change["new"]), "value")
        self._numbers, self._blockers = widgets.HTML(layout=_WIDE), widgets.HTML(layout=_WIDE)
        self._told = widgets.HTML(layout={"width": "auto", "max_height": "34em", "overflow": "auto"})
        self._run = widgets.BoundedIntText(description="history", min=0, max=LIMITS.runs - 1, tooltip="Its number")
        self._run.observe(lambda change: self._set(run=change["new"]), "value")
        another = _button("Another history", "Tell the next one", self._another)
        self._file, self._python = (
            widgets.Textarea(layout={"width": "auto", "height": "16em"}, disabled=False) for _ in range(2)
        )
        self._command = widgets.HTML(layout=_WIDE)
        self._tabs = widgets.Tab([
            widgets.VBox([self._which, self._explained, self._picture]),
            widgets.VBox([self._numbers]),
            widgets.VBox([self._blockers]),
            widgets.VBox([
                widgets.HTML("One of the runs, in words. It shows what can happen, not how often."),
                widgets.HBox([self._run, another]), self._told,
            ]),
            widgets.VBox([
                widgets.HTML("As a scenario file; select all and copy."), self._file, self._command,
                widgets.HTML("As Python:"), self._python,
            ]),
        ], titles=("Figures", "Numbers", "Why no deal", "One history", "Copy"), layout=_WIDE)  # fmt: skip
        return widgets.VBox([self._tabs], layout={"flex": "3 1 30em", "min_width": "0"})

    # ----------------------------------------------------------------------------------------------- what people do

    def _move(self, name: str, value: float) -> None:
        """Follow a slider; one movement of it is one step back, however many positions it passes."""
        going_on = self._turned == name
        before = self.state
        if going_on:
            self._history.undo()
        self._go(lambda _: before.changed(name, value), turned=name)

    def _set(self, **values: Any) -> None:
        if not self._quiet:
            self._go(lambda state: state.with_(**values))

    def _set_day(self, name: str, day: date | None) -> None:
        if not self._quiet:
            own = getattr(self.state.with_(deadline=None, horizon=None).resolved(), name)
            self._set(**{name: None if day == own else day})

    def _another(self) -> None:
        self._go(lambda state: state.with_(run=(state.run + 1) % min(state.runs, LIMITS.runs)))

    def _go(self, change: Callable[[State], State], turned: str = "") -> None:
        try:
            state = change(self.state)
        except TruceError as error:
            if turned and turned == self._turned:
                self._history.redo()
            self._say(error)
            self._sync()
            return
        self._turned = turned if state != self.state else ""
        self._history.go(state)
        self._update()

    def _look_at(self, view: str) -> None:
        if not self._quiet:
            self._view = view
            self._draw(self.result)

    def _update(self) -> None:
        self._sync()
        self._message.value = '<small role="status">computing …</small>'
        self._generation = self._explorer.submit(self.state, self._later(self._show), self._later(self._failed),
                                                 figures=(self._view,))  # fmt: skip

    # --------------------------------------------------------------------------------------------- what comes of it

    def _sync(self) -> None:
        """Put every input where the state has it."""
        state, resolved = self.state, self.state.resolved()
        self._quiet = True
        try:
            self._scenario.value, self._baseline.value = state.scenario, state.baseline
            self._runs.value, self._seed.value, self._run.value = state.runs, state.seed, state.run
            self._deadline.value, self._horizon.value = resolved.deadline, resolved.horizon
            self._sliders.show(state)
        finally:
            self._quiet = False
        self._undo.disabled, self._redo.disabled = not self._history.can_undo, not self._history.can_redo
        self._file.value, self._python.value = state.as_scenario_file(), state.as_python()
        name, command = escape(state.file_name), escape(state.command)
        self._command.value = f"Save it as <code>{name}</code>; then <code>{command}</code>"

    def _show(self, result: Result) -> None:
        """Show a result, unless it is older than what was asked for last."""
        if result.generation < self._generation:
            return
        self.result = result
        first, *others = result.headline.sentences
        self._answer.value = (
            f'<div role="status"><span style="font-size:1.25em;line-height:1.4">{escape(first)}</span>'
            f"<br>{' '.join(escape(sentence) for sentence in others)}</div>"
        )
        self._message.value = "<small>&nbsp;</small>" if result.complete else "<small>refining …</small>"
        table = result.numbers.to_html(index=False, border=0, justify="left")
        self._numbers.value = table.replace("<table ", '<table cellpadding="4" ', 1)
        self._blockers.value = "".join(f"<p>{escape(sentence)}</p>" for sentence in result.blockers)
        if result.history is not None:
            self._told.value = _told(str(result.history))
        self._draw(result)
        if result.complete:
            self._turned = ""

    def _draw(self, result: Result) -> None:
        view = self._view
        self._explained.value = escape(FIGURES[view].explained)
        drawn = result.drawn(view)
        if drawn is not None:
            self._put(result, view, drawn)
        else:
            self._explorer.draw(result, view, self._later(lambda svg: self._put(result, view, svg)))

    def _put(self, result: Result, view: str, svg: bytes) -> None:
        if result is self.result and view == self._view:
            encoded = base64.b64encode(svg).decode()
            self._picture.value = (
                f'<img alt="{escape(result.described(view))}" style="width:100%;max-width:900px;background:white" '
                f'src="data:image/svg+xml;base64,{encoded}">'
            )

    def _failed(self, error: BaseException, generation: int) -> None:
        if generation >= self._generation:
            self._say(error)

    def _say(self, error: BaseException) -> None:
        self._message.value = f'<div role="alert" style="color:#b3261e">{escape(str(error))}</div>'

    def _later(self, call: Callable[..., None]) -> Callable[..., None]:
        """Return a call that another thread may make, and that is carried out by the thread of the kernel."""
        loop = self._loop
        if loop is None:
            return call

        def hand_over(*arguments: Any) -> None:
            loop.call_soon_threadsafe(call, *arguments)

        return hand_over


#: Computes what has to be there before a cell ends; what it has computed serves the next box as well.
_HERE = Pool(0)


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:  # plain Python: nobody would carry out what is left for later
        return None


def _choice(description: str, options: list[tuple[str, Any]], tooltip: str) -> widgets.Dropdown:
    return widgets.Dropdown(
        options=options, description=description, tooltip=tooltip, layout={"width": "auto"},
        style={"description_width": "auto"},
    )  # fmt: skip


def _button(description: str, tooltip: str, call: Callable[[], None]) -> widgets.Button:
    button = widgets.Button(description=description, tooltip=tooltip, layout={"width": "auto"})
    button.on_click(lambda _: call())
    return button


def _told(history: str) -> str:
    """Return a history in words as HTML: a week in bold, what happened in it below."""
    lines = []
    for line in history.splitlines():
        text = escape(line.strip())
        lines.append(f'<div style="margin-left:1.5em">{text}</div>' if line.startswith(" ") else f"<b>{text}</b><br>")
    return "".join(lines)
