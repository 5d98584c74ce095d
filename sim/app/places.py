"""The sliders of the page: every control of a scenario as numbered places, worked out once for all who look at it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache

from sim.app.controls import Control, by_actor, controls, leading
from sim.app.state import State


@lru_cache(maxsize=32)
def controls_of(scenario: str, text: str | None) -> tuple[Control, ...]:
    """Return the controls of a scenario, given as in `sim.app.state.State`."""
    return controls(State(scenario=scenario, text=text).resolved())


@lru_cache(maxsize=32)
def places(scenario: str, text: str | None) -> dict[str, tuple[float, ...]]:
    """Return the values that each slider of a scenario can stand at, in order."""
    return {control.name: control.options for control in controls_of(scenario, text)}


def nearest_place(options: Sequence[float], value: float) -> int:
    """Return the place of a slider that is nearest to a value, which a link may have set between two places.

    Examples
    --------
    >>> nearest_place((0.0, 0.5, 1.0), 0.7)
    1
    """
    return min(range(len(options)), key=lambda place: abs(options[place] - value))


@lru_cache(maxsize=32)
def described_controls(scenario: str, text: str | None) -> str:
    """Return the controls of a scenario as the page draws them: the message ``controls`` to the browser, in JSON."""
    base = State(scenario=scenario, text=text).resolved()

    def described(control: Control, label: str) -> dict[str, object]:
        return {
            "name": control.name,
            "label": label,
            "unit": control.unit,
            "texts": [control.shown(value) for value in control.options],
            "home": control.options.index(control.value),
            "law": control.law,
            "help": control.help,
        }

    groups = [
        {"heading": heading, "controls": [described(control, control.label) for control in members]}
        for heading, members in by_actor(base).items()
    ]
    first = [described(control, control.full_label) for control in leading(base)]
    return json.dumps({"kind": "controls", "leading": first, "groups": groups})
