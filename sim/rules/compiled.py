"""How a rule is compiled: Numba's decorators with one set of options and with types for mypy.

``error_model="numpy"`` lets a division by zero give infinity as in NumPy; ``fastmath`` stays off, so a rule gives the
same bits on every machine of one kind.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from filelock import FileLock
from numba.core.caching import FunctionCache
from numpy.typing import NDArray

Function = TypeVar("Function", bound=Callable[..., Any])
Rule = Callable[..., NDArray[Any]]


def elementwise(signature: str) -> Callable[[Callable[..., Any]], Rule]:
    """Compile a function of numbers into one of arrays over runs (``numba.vectorize``)."""
    return _one_at_a_time(numba.vectorize([signature], nopython=True, cache=True))


def over_axes(signature: str, layout: str) -> Callable[[Callable[..., None]], Rule]:
    """Compile a function of short vectors (issues, oblasts) into one of arrays over runs (``numba.guvectorize``)."""
    return _one_at_a_time(numba.guvectorize([signature], layout, nopython=True, cache=True))


def part_of_rule(function: Function) -> Function:
    """Compile a function that rules of the same file share; it is compiled with the first of them."""
    compiled: Any = numba.njit(cache=True, error_model="numpy")(function)
    return cast(Function, compiled)


def _one_at_a_time(decorator: Callable[[Callable[..., Any]], Rule]) -> Callable[[Callable[..., Any]], Rule]:
    def compile_alone(function: Callable[..., Any]) -> Rule:
        with FileLock(_cache_of(function) / "compiling.lock"):
            return decorator(function)

    return compile_alone


def _cache_of(function: Callable[..., Any]) -> Path:
    """Return the folder in which Numba keeps what it compiled of a function; nothing is compiled for it."""
    return Path(FunctionCache(function).cache_path)


__all__ = ["Rule", "elementwise", "over_axes", "part_of_rule"]
