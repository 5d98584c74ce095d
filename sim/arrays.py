"""Types of the arrays that hold one number per run, and what is done with all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

Result = TypeVar("Result")


def total(table: FloatArray) -> FloatArray:
    """Return the sum over the few columns of a table of shape (runs, columns), shape (runs,).

    Column by column, which gives the same as ``table.sum(axis=1)`` many times sooner.
    """
    first, *others = table.T
    summed: FloatArray = first.copy()
    for column in others:
        summed += column
    return summed


class Remembered(Generic[Result]):
    """A function of arrays that keeps its last result as long as it is asked for the same values.

    Both sides reckon with the same peace every week, and all European states look at the same Washington.
    """

    def __init__(self, function: Callable[..., Result]) -> None:
        self._function = function
        self._last: tuple[tuple[NDArray[Any], ...], Result] | None = None

    def __call__(self, *arrays: NDArray[Any]) -> Result:
        """Return the function of these arrays, which nobody may change afterwards."""
        if self._last is None or not all(map(_same, arrays, self._last[0])):
            self._last = arrays, self._function(*arrays)
        return self._last[1]


def _same(one: NDArray[Any], other: NDArray[Any]) -> bool:
    return one is other or np.array_equal(one, other)
