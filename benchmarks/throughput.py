"""Measure what advancing all runs together gains over stepping one run at a time.

Both are the same model on the same scenario in one process on one core; the result is a ratio, so it can be compared
between machines. ``python benchmarks/throughput.py [--single 10] [--repeats 3]``
"""

from __future__ import annotations

import argparse
import time

import sim


def runs_per_second(runs: int, repeats: int) -> float:
    """Return complete histories of the baseline per second, with `runs` of them at a time."""
    scenario = sim.load("hardball")
    start = time.perf_counter()
    for repeat in range(repeats):
        sim.CeasefireModel(scenario, runs=runs, seed=1, first_run=repeat * runs).run().outcomes()
    return runs * repeats / (time.perf_counter() - start)


def main() -> None:
    """Print runs per second for several sizes of the ensemble, and their ratio to one at a time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--single", type=int, default=10, help="histories stepped one at a time")
    parser.add_argument("--repeats", type=int, default=3, help="ensembles of each size")
    arguments = parser.parse_args()
    runs_per_second(1, 1)  # compiles or loads the rules
    alone = runs_per_second(1, arguments.single)
    print(f"{'runs at a time':>15} {'runs per second per core':>26} {'ratio':>8}")
    print(f"{1:>15} {alone:>26.1f} {1:>8.0f}")
    for runs in (64, 1024, 4096):
        together = runs_per_second(runs, arguments.repeats)
        print(f"{runs:>15} {together:>26.0f} {together / alone:>8.0f}")


if __name__ == "__main__":
    main()
