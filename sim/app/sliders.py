"""Sliders of a notebook: the ten that matter most, and the others in folds, by actor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

import ipywidgets as widgets  # type: ignore[import-untyped]

from sim.app.controls import Control, by_actor, leading
from sim.app.state import State
from sim.scenario import Scenario

_WIDE = {"width": "auto"}


class Row:
    """One parameter: what it is called, a slider, and a button that takes its change back.

    Attributes
    ----------
    control
        What is turned.
    slider
        The slider; its value is in the unit of the parameter, one of the control's positions.
    box
        The three together.
    """

    def __init__(self, control: Control, on_move: Callable[[str, float], None], on_back: Callable[[str], None]) -> None:
        self.control = control
        self._label = widgets.HTML(layout=_WIDE)
        self.slider = _slider(control)
        self._back = widgets.Button(
            description="↺", tooltip=f"{control.label}: back to what the scenario says", disabled=True,
            layout={"width": "2.6em", "flex": "0 0 auto"},
        )  # fmt: skip
        self._quiet, self._on_move = False, on_move
        self.slider.observe(lambda change: self._moved(change["new"]), "value")
        self._back.on_click(lambda _: on_back(control.name))
        line = widgets.HBox([self.slider, self._back], layout=_WIDE)
        self.box = widgets.VBox([self._label, line], layout={"width": "auto", "margin": "0 0 0.4em 0"})

    def _moved(self, value: float) -> None:
        if not self._quiet:
            self._on_move(self.control.name, value)

    def show(self, state: State) -> None:
        """Put the slider where a state has it, without moving anything else."""
        control, changed = self.control, self.control.name in state.changes
        self._quiet = True
        try:
            value = state.changes.get(control.name, control.value)
            if value not in {position for _, position in self.slider.options}:
                self.slider.options = _positions(control, value)
            self.slider.value = value
        finally:
            self._quiet = False
        self._back.disabled = not changed
        label = control.full_label if control.rank is not None else control.label
        name = f"<b>{escape(label)}</b>" if changed else escape(label)
        law = control.law or control.shown(control.value)
        note = f"was {law}" if changed else f"each run draws its own, {law}" if control.law else ""
        self._label.value = (
            f'<span title="{escape(control.help)}">{name} <small>({escape(control.unit)})</small></span>'
            f'<br><small style="opacity:0.75">{escape(note) or "&nbsp;"}</small>'
        )


class Sliders:
    """All parameters of a scenario.

    Parameters
    ----------
    on_move
        Called with the name and the new value of a parameter that somebody turns.
    on_back
        Called with the name of a parameter whose change somebody takes back.
    """

    def __init__(self, on_move: Callable[[str, float], None], on_back: Callable[[str], None]) -> None:
        self._on_move, self._on_back = on_move, on_back
        self._scenario: Scenario | None = None
        self._folded: list[tuple[Control, ...]] = []
        self.rows: dict[str, Row] = {}
        self.first = widgets.VBox(layout=_WIDE)
        self.folds = widgets.Accordion(layout=_WIDE)
        self.folds.observe(lambda change: self._unfold(change["new"]), "selected_index")
        self._state: State | None = None

    def show(self, state: State) -> None:
        """Put every slider where a state has it; another scenario has others."""
        self._state = state
        scenario = state.unchanged().resolved()
        if scenario != self._scenario:
            self._scenario, self.rows = scenario, {}
            self.first.children = [row.box for row in self._rows(leading(scenario))]
            groups = by_actor(scenario)
            self._folded = list(groups.values())
            # A hundred sliders take seconds to appear; those of a fold are made when it is opened.
            self.folds.children = [widgets.VBox(layout=_WIDE) for _ in groups]
            self.folds.titles = tuple(f"{heading} ({len(found)})" for heading, found in groups.items())
            self.folds.selected_index = None
        for row in self.rows.values():
            row.show(state)

    def _unfold(self, place: int | None) -> None:
        if place is None or self.folds.children[place].children:
            return
        rows = self._rows(self._folded[place])
        assert self._state is not None
        for row in rows:
            row.show(self._state)
        self.folds.children[place].children = [row.box for row in rows]

    def _rows(self, controls: Sequence[Control]) -> list[Row]:
        made = [Row(control, self._on_move, self._on_back) for control in controls]
        self.rows |= {row.control.name: row for row in made}
        return made


def _slider(control: Control) -> widgets.SelectionSlider:
    # A slider of numbers would round to its steps what a scenario sets between them, and take that for a change.
    return widgets.SelectionSlider(
        options=_positions(control), value=control.value, tooltip=control.help,
        layout={"width": "auto", "flex": "1 1 auto"},
    )  # fmt: skip


def _positions(control: Control, *more: float) -> list[tuple[str, float]]:
    return [(control.shown(value), value) for value in sorted({*control.options, *more})]
