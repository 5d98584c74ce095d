"""Every number a model holds, to compare two worlds to the bit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

import sim
from sim.actors import Belief


def state_of(model: sim.CeasefireModel) -> dict[str, np.ndarray]:
    """Every array that the model holds now, by its path."""
    found: dict[str, np.ndarray] = {}
    parts = {
        "front": model.front, "table": model.table, "truce": model.truce, "record": model.record,
        "russia": model.russia, "ukraine": model.ukraine, "united_states": model.united_states,
        "europe": model.europe, **{state.name: state for state in model.europe.states},
    }  # fmt: skip
    for name, part in parts.items():
        _collect(name, vars(part), found)
    return found


def _collect(path: str, attributes: Mapping[str, Any], found: dict[str, np.ndarray]) -> None:
    for key, value in attributes.items():
        if isinstance(value, np.ndarray):
            found[f"{path}.{key}"] = value.copy()
        elif isinstance(value, Belief):
            _collect(f"{path}.{key}", vars(value), found)
        elif isinstance(value, dict):
            _collect(f"{path}.{key}", value, found)


def assert_same_state(one: Mapping[str, np.ndarray], other: Mapping[str, np.ndarray]) -> None:
    """Every number equal to the bit; NaN equals NaN."""
    assert one.keys() == other.keys()
    for name, value in one.items():
        np.testing.assert_array_equal(value, other[name], err_msg=name)
