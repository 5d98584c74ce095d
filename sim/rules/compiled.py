"""How a rule is compiled: Numba's decorators with one set of options and with types for mypy.

``error_model="numpy"`` lets a division by zero give infinity as in NumPy; ``fastmath`` stays off, so a rule gives the
same bits on every machine of one kind.

With ``NUMBA_DISABLE_JIT=1`` in the environment every rule runs as the plain Python that it is written in: some hundred
times slower, and open to a debugger, to the measurement of coverage and to mutation.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy as np
from filelock import FileLock
from numba.core import config
from numba.core.caching import FunctionCache
from numba.core.sigutils import normalize_signature
from numba.np.numpy_support import as_dtype
from numpy.typing import NDArray

Function = TypeVar("Function", bound=Callable[..., Any])
Rule = Callable[..., NDArray[Any]]

INTERPRETED = bool(config.DISABLE_JIT)  # type: ignore[attr-defined]  # Numba's settings carry no types


def elementwise(signature: str) -> Callable[[Callable[..., Any]], Rule]:
    """Compile a function of numbers into one of arrays over runs (``numba.vectorize``)."""
    if INTERPRETED:
        arguments, returned = normalize_signature(signature)
        layout = ",".join("()" for _ in arguments) + "->()"
        return lambda function: _run_by_run(function, [as_dtype(returned)], layout)
    return _one_at_a_time(numba.vectorize([signature], nopython=True, cache=True))


def over_axes(signature: str, layout: str) -> Callable[[Callable[..., None]], Rule]:
    """Compile a function of short vectors (issues, oblasts) into one of arrays over runs (``numba.guvectorize``)."""
    if INTERPRETED:
        return lambda function: _filling(function, signature, layout)
    return _one_at_a_time(numba.guvectorize([signature], layout, nopython=True, cache=True))


def part_of_rule(function: Function) -> Function:
    """Compile a function that rules of the same file share; it is compiled with the first of them."""
    compiled: Any = numba.njit(cache=True, error_model="numpy")(function)
    return cast(Function, compiled)


def _filling(function: Callable[..., None], signature: str, layout: str) -> Rule:
    """Interpret a function that is handed the arrays for its results, behind its arguments, and fills them."""
    shapes = layout.split("->")[1].split(",")
    types = [as_dtype(kind.dtype) for kind in normalize_signature(signature)[0][-len(shapes) :]]

    def one_run(*arguments: NDArray[Any]) -> Any:
        n = next((len(argument) for argument in arguments if np.ndim(argument)), 1)
        results = [np.empty(n if shape == "(n)" else 1, kind) for shape, kind in zip(shapes, types, strict=True)]
        function(*arguments, *results)
        told = [result if shape == "(n)" else result[0] for shape, result in zip(shapes, results, strict=True)]
        return tuple(told) if len(told) > 1 else told[0]

    return _run_by_run(one_run, types, layout)


def _run_by_run(function: Callable[..., Any], types: list[np.dtype[Any]], layout: str) -> Rule:
    # With a layout NumPy hands over its own numbers, which know division by zero; without one, those of Python.
    over_runs = np.vectorize(function, otypes=types, signature=layout)

    def rule(*arguments: Any) -> Any:
        with np.errstate(all="ignore"):
            return over_runs(*arguments)

    return rule


def _one_at_a_time(decorator: Callable[[Callable[..., Any]], Rule]) -> Callable[[Callable[..., Any]], Rule]:
    def compile_alone(function: Callable[..., Any]) -> Rule:
        with FileLock(_cache_of(function) / "compiling.lock"):
            return decorator(function)

    return compile_alone


def _cache_of(function: Callable[..., Any]) -> Path:
    """Return the folder in which Numba keeps what it compiled of a function; nothing is compiled for it."""
    return Path(FunctionCache(function).cache_path)


__all__ = ["INTERPRETED", "Rule", "elementwise", "over_axes", "part_of_rule"]
