"""The parameter values of an ensemble: one number per run for each parameter."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim.arrays import FloatArray
from sim.distributions import Distribution
from sim.draws import PARAMETER, Draws
from sim.errors import nearest
from sim.parameters import PARAMETERS, STATES, state_parameters


class Values:
    """The parameters of one actor or part of the world, as attributes: ``values.confidence``, shape (runs,)."""

    _group: str
    _values: dict[str, FloatArray]

    def __init__(self, group: str) -> None:
        self.__dict__.update(_group=group, _values={})

    def __setattr__(self, key: str, value: object) -> None:
        # Actors have derived beliefs and plans from the values; a silent change here would reach only some of them.
        name = f"{self._group}.{key}"
        raise AttributeError(f"{name} cannot be set here; use scenario.vary({{'{name}': ...}})")

    def __getattr__(self, key: str) -> FloatArray:
        try:
            return self.__dict__["_values"][key]  # type: ignore[no-any-return]
        except KeyError:
            group, known = self.__dict__.get("_group"), self.__dict__.get("_values", {})
            raise AttributeError(f"{group} has no parameter {key!r}{nearest(key, known)}") from None

    def set(self, key: str, value: FloatArray) -> None:
        """Give one parameter its values, shape (runs,)."""
        self._values[key] = value


def draw_values(
    laws: Mapping[str, float | Distribution], draws: Draws, design: Mapping[str, FloatArray] | None = None
) -> dict[str, Values]:
    """Return the values of every group ("russia", "europe", "europe.poland", ...).

    A plain number is the same in all runs. A law is drawn by its inverse CDF from the stream of its parameter,
    so that the same run has the same quantile in every scenario. What the design names has one value per point, which
    takes the place of number or law in the runs of that point.
    """
    design, groups, runs = design or {}, dict[str, Values](), draws.copies * draws.runs
    for name, law in laws.items():
        group, key = name.rsplit(".", 1)
        if name in design:
            array = np.repeat(np.asarray(design[name], dtype=np.float64), runs // len(design[name]))
        elif isinstance(law, Distribution):
            bounds = PARAMETERS.get(name) or _TEMPLATE[key]
            array = law.quantile(draws.uniform(f"{PARAMETER}{name}"), bounds.low, bounds.high)
        else:
            array = constant(law, runs)
        groups.setdefault(group, Values(group)).set(key, array)
    return groups


def constant(value: float, runs: int) -> FloatArray:
    """Return the same number for all runs without storing it for each, shape (runs,), read-only."""
    return np.broadcast_to(np.float64(value), (runs,))


#: Bounds of the parameters of a state that a scenario adds.
_TEMPLATE = {p.name.rsplit(".", 1)[1]: p for p in state_parameters("state", next(iter(STATES.values())))}
