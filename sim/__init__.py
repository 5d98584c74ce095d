"""Truce: how ceasefire talks between Russia and Ukraine could go after May 2025, scenario against scenario.

Names are loaded when they are first used, so that ``import sim`` costs nothing.

Examples
--------
>>> import sim
>>> sim.load("hardball").deadline_week
32
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim import actors as actors
    from sim import errors as errors
    from sim.app.widgets import explore as explore
    from sim.experiment import Comparison as Comparison
    from sim.experiment import Design as Design
    from sim.experiment import Precision as Precision
    from sim.experiment import Sweep as Sweep
    from sim.experiment import compare as compare
    from sim.experiment import open_results as open
    from sim.experiment import sweep as sweep
    from sim.model import CeasefireModel as CeasefireModel
    from sim.report.writing import write_report as write_report
    from sim.scenario import Scenario as Scenario
    from sim.scenario import list_scenarios as list_scenarios
    from sim.scenario import load as load

    __version__: str

#: Public name -> module that defines it; ``None`` marks a module that is itself the name.
_SOURCES: dict[str, str | None] = {
    "CeasefireModel": "sim.model",
    "Comparison": "sim.experiment",
    "Design": "sim.experiment",
    "Precision": "sim.experiment",
    "Scenario": "sim.scenario",
    "Sweep": "sim.experiment",
    "actors": None,
    "compare": "sim.experiment",
    "errors": None,
    "explore": "sim.app.widgets",
    "list_scenarios": "sim.scenario",
    "load": "sim.scenario",
    "open": "sim.experiment",
    "sweep": "sim.experiment",
    "write_report": "sim.report.writing",
}

#: Names that their module gives another, because here they would hide a built-in one.
_OTHER_NAMES = {"open": "open_results"}

__all__ = [
    "CeasefireModel",
    "Comparison",
    "Design",
    "Precision",
    "Scenario",
    "Sweep",
    "__version__",
    "actors",
    "compare",
    "errors",
    "explore",
    "list_scenarios",
    "load",
    "open",
    "sweep",
    "write_report",
]


def __getattr__(name: str) -> object:
    if name == "__version__":
        value: object = _version()
    elif name in _SOURCES:
        source = _SOURCES[name]
        own = _OTHER_NAMES.get(name, name)
        value = import_module(f"sim.{name}") if source is None else getattr(import_module(source), own)
    else:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def _version() -> str:
    """Return the version that ``pyproject.toml`` states, the only place where it is written."""
    from importlib.metadata import PackageNotFoundError, version
    from pathlib import Path

    try:
        return version("truce-sim")
    except PackageNotFoundError:  # a checkout on PYTHONPATH, not installed
        import tomllib

        try:
            project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))["project"]
        except (OSError, KeyError, tomllib.TOMLDecodeError):
            return "0+unknown"
        return str(project["version"])
