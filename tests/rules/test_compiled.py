"""How rules are compiled: one process at a time, as a cache filled by two kills those that read it; or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from filelock import FileLock

import sim
from sim.rules.compiled import INTERPRETED, elementwise

A_RULE = """
import numpy as np

def double(amount):
    return 2.0 * amount
"""


compiling = pytest.mark.skipif(INTERPRETED, reason="NUMBA_DISABLE_JIT is set, so nothing is compiled")


@compiling
def test_a_rule_waits_while_another_process_compiles(tmp_path: Path) -> None:
    file = tmp_path / "rule.py"
    file.write_text(A_RULE)
    names: dict[str, object] = {"__file__": str(file), "__name__": "rule"}
    exec(compile(A_RULE, str(file), "exec"), names)  # as an import would, so that Numba keeps it beside the file
    done = threading.Event()
    rules = []

    def compile_it() -> None:
        rules.append(elementwise("float64(float64)")(names["double"]))  # type: ignore[arg-type]
        done.set()

    (tmp_path / "__pycache__").mkdir()
    with FileLock(tmp_path / "__pycache__" / "compiling.lock"):
        thread = threading.Thread(target=compile_it)
        thread.start()
        assert not done.wait(3)
        assert [path.name for path in (tmp_path / "__pycache__").iterdir()] == ["compiling.lock"]
    thread.join(120)
    assert np.array_equal(rules[0](np.array([1.5])), [3.0])
    assert list((tmp_path / "__pycache__").glob("*.nbc"))


@pytest.mark.slow
@compiling
def test_processes_that_fill_an_empty_cache_at_once_leave_one_that_works(tmp_path: Path) -> None:
    step = "import sim; model = sim.CeasefireModel(sim.load('hardball'), runs=2, seed=1); model.step()"
    command = [sys.executable, "-c", step]
    environment = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path)}
    first = [subprocess.Popen(command, env=environment) for _ in range(3)]
    assert [process.wait(300) for process in first] == [0, 0, 0]
    assert subprocess.run(command, env=environment, timeout=300).returncode == 0


def test_uncompiled_rules_give_the_same_histories(tmp_path: Path) -> None:
    here = sim.CeasefireModel(sim.load("hardball"), runs=8, seed=1).run().outcomes()
    file = tmp_path / "outcomes.pickle"
    code = (
        "import sim; from sim.rules.beliefs import either; assert type(either).__name__ == 'function';"
        f"sim.CeasefireModel(sim.load('hardball'), runs=8, seed=1).run().outcomes().to_pickle({str(file)!r})"
    )
    subprocess.run([sys.executable, "-c", code], env=os.environ | {"NUMBA_DISABLE_JIT": "1"}, timeout=300, check=True)
    pd.testing.assert_frame_equal(pd.read_pickle(file), here, check_exact=False, rtol=1e-12, atol=0.0)
