"""The public names, and what `import sim` may cost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import sim

HEAVY = {"ipywidgets", "matplotlib", "mesa", "numba", "numpy", "pandas", "pydantic", "scipy"}


def test_the_public_names_are_these():
    assert set(sim.__all__) == {
        "CeasefireModel", "Comparison", "Design", "Precision", "Scenario", "Sweep", "__version__", "actors", "compare",
        "errors", "explore", "list_scenarios", "load", "open", "sweep", "write_report",
    }  # fmt: skip


def test_every_public_name_exists_and_is_listed():
    for name in sim.__all__:
        assert getattr(sim, name) is not None
        assert name in dir(sim)


def test_an_unknown_name_is_an_attribute_error():
    assert not hasattr(sim, "no_such_name")


def test_importing_the_package_loads_nothing_heavy():
    code = f"import sys, sim; print(sorted({HEAVY!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=Path(__file__).parents[1])
    assert done.stdout == "[]\n"
