"""Estimate how fast the model could be at best, and set it beside a toy that is all scalar code.

The limit is a loop in C that makes as many draws, transforms and operations as the model and nothing else: no decision,
no array, no actor. It is compiled when this runs, if there is a compiler. The toy has 12 agents that decide four times
a week over 52 weeks, each time by one logistic number, compiled by Numba. All three run on one core in turns, so their
ratios can be compared between machines. ``python benchmarks/limit.py [--runs 4096] [--repeats 3]``
"""

from __future__ import annotations

import argparse
import importlib
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
import numpy as np

import sim

HERE = Path(__file__).parent
#: What a run does in a week besides its draws. In the rules: powers (war values, balances, confidence), exponentials
#: (a truce's share, luck). Operations: some 700 on whole arrays, counted as they were carried out, 650 within rules.
POWERS, EXPONENTIALS, OPERATIONS = 13, 8, 1350

AGENTS, WEEKS, DECISIONS = 12, 52, 4


def counts() -> list[int]:
    """Return what the loop in C is told for one run and week, from the draws that the model makes."""
    sys.path.insert(0, str(HERE))
    draws, _ = importlib.import_module("profile_week").calls_a_week(runs=256)
    logarithms = draws["exponential"] + 2 * draws["gumbel"]
    numbers = sum(draws.values()), draws["normal"], draws["logistic"], logarithms
    return [*map(round, numbers), POWERS, EXPONENTIALS, OPERATIONS]


def model_seconds(runs: int) -> float:
    """Return the seconds of processor time of `runs` complete histories of the model."""
    start = time.process_time()
    sim.CeasefireModel(sim.load("hardball"), runs=runs, seed=1).run().outcomes()
    return time.process_time() - start


def compiled(folder: str) -> str | None:
    """Compile the loop in C into a folder and return its path; nothing without a compiler."""
    compiler = next(filter(None, map(shutil.which, (os.environ.get("CC", "cc"), "gcc", "clang"))), None)
    if compiler is None:
        return None
    program = str(Path(folder) / "limit")
    subprocess.run([compiler, "-O3", "-march=native", "-o", program, str(HERE / "limit.c"), "-lm"], check=True)
    return program


def limit_seconds(program: str, runs: int, weeks: int, numbers: list[int]) -> float:
    """Return the seconds of processor time that the loop in C takes for as many runs."""
    told = subprocess.run([program, *map(str, [runs, weeks, *numbers])], capture_output=True, text=True, check=True)
    return float(told.stdout.split()[0])


@numba.njit  # type: ignore[misc]
def toy(runs: int, agents: int, weeks: int, decisions: int) -> float:
    """Let agents decide by a logit; each yes makes the next one less likely. Return the mean of the yeses."""
    yeses = 0
    leaning = np.empty(agents)
    for _ in range(runs):
        leaning[:] = 0.0
        for _ in range(weeks):
            for agent in range(agents):
                for _ in range(decisions):
                    u = np.random.random()
                    yes = leaning[agent] + math.log(u) - math.log1p(-u) > 0.0
                    leaning[agent] = 0.9 * leaning[agent] - 0.1 * yes
                    yeses += yes
    return yeses / runs


def toy_seconds(runs: int) -> float:
    """Return the seconds of processor time of `runs` histories of the toy."""
    start = time.process_time()
    toy(runs, AGENTS, WEEKS, DECISIONS)
    return time.process_time() - start


def measure(runs: int = 4096, repeats: int = 3) -> list[dict[str, Any]]:
    """Return runs per second and core of model, limit and toy, one row each; the best of some turns.

    ``ratio`` is over the model's. Without a compiler there is no row for the limit.
    """
    weeks, numbers = sim.load("hardball").horizon_week, counts()
    toy(1, AGENTS, WEEKS, DECISIONS)
    with tempfile.TemporaryDirectory() as folder:
        program = compiled(folder)
        turns: dict[str, Callable[[], float]] = {f"the model, {runs} runs at a time": lambda: model_seconds(runs)}
        if program is not None:
            turns["limit: its draws and operations in C"] = lambda: limit_seconds(program, runs, weeks, numbers)
        turns[f"toy: {AGENTS} agents, {WEEKS} weeks, {DECISIONS} decisions"] = lambda: toy_seconds(runs)
        rounds = [{name: turn() for name, turn in turns.items()} for _ in range(repeats)]
    seconds = {name: min(of_round[name] for of_round in rounds) for name in turns}
    model = next(iter(seconds.values()))
    return [{"what": name, "runs_per_second": runs / spent, "ratio": model / spent} for name, spent in seconds.items()]


def main() -> None:
    """Print runs per second and core of the model, the limit and the toy."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=4096, help="runs that advance together")
    parser.add_argument("--repeats", type=int, default=3, help="turns, of which the best counts")
    arguments = parser.parse_args()
    rows = measure(arguments.runs, arguments.repeats)
    print(f"{'':40} {'runs per second per core':>25} {'ratio':>7}")
    for row in rows:
        print(f"{row['what']:40} {row['runs_per_second']:>25.0f} {row['ratio']:>7.2f}")
    if not any(row["what"].startswith("limit") for row in rows):
        print("No compiler for C was found, so the limit was not measured.")


if __name__ == "__main__":
    main()
