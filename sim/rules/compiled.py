"""How a rule is compiled: Numba's decorators with one set of options and with types for mypy.

``error_model="numpy"`` lets a division by zero give infinity as in NumPy; ``fastmath`` stays off, so a rule gives the
same bits on every machine of one kind.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
from numpy.typing import NDArray

Function = TypeVar("Function", bound=Callable[..., Any])
Rule = Callable[..., NDArray[Any]]


def elementwise(signature: str) -> Callable[[Callable[..., Any]], Rule]:
    """Compile a function of numbers into one of arrays over runs (``numba.vectorize``)."""
    decorator: Callable[[Callable[..., Any]], Rule] = numba.vectorize([signature], nopython=True, cache=True)
    return decorator


def over_axes(signature: str, layout: str) -> Callable[[Callable[..., None]], Rule]:
    """Compile a function of short vectors (issues, oblasts) into one of arrays over runs (``numba.guvectorize``)."""
    decorator: Callable[[Callable[..., None]], Rule] = numba.guvectorize([signature], layout, nopython=True, cache=True)
    return decorator


def part_of_rule(function: Function) -> Function:
    """Compile a function that rules of the same file share."""
    compiled: Any = numba.njit(cache=True, error_model="numpy")(function)
    return cast(Function, compiled)


__all__ = ["Rule", "elementwise", "over_axes", "part_of_rule"]
