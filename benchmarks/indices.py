"""Measure how often a parameter without effect is said to matter, if all points of a design share their luck.

The outcome is made up: one parameter moves it, another only decides which runs come out high, a third is the placebo.
The share of designs in which the second is called distinguishable should be about 0.025 at most.
``python benchmarks/indices.py [--designs 100] [--rows 256] [--runs 50]``
"""

from __future__ import annotations

import argparse

import numpy as np
from tables import markdown

from sim.analysis.sensitivity import PLACEBO, sobol_indices, sobol_points

NAMES = ["moves", "rearranges", PLACEBO]


def outcome(seed: int, rows: int, runs: int) -> np.ndarray:
    """Return the outcome at every point of a design, shape (points, runs); its expectation is twice the first input."""
    points, luck = sobol_points(NAMES, rows, seed=seed), np.random.default_rng(seed).standard_normal((2, runs))
    angle = 2 * np.pi * points[:, 1:2]
    return 2 * points[:, :1] + np.cos(angle) * luck[0] + np.sin(angle) * luck[1]


def measure(designs: int, rows: int, runs: int) -> list[dict[str, object]]:
    """Return the share of designs in which each way of resampling calls the second input distinguishable."""
    called = {"rows and runs": 0, "rows alone": 0}
    for seed in range(designs):
        values = outcome(seed, rows, runs)
        for way in called:
            table = sobol_indices(values, NAMES, shared=way == "rows and runs", seed=seed)
            called[way] += int(table["distinguishable"][1])
    return [{"drawn anew": way, "designs": designs, "share called": number / designs} for way, number in called.items()]


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--designs", type=int, default=100, help="number of designs")
    parser.add_argument("--rows", type=int, default=256, help="rows of each")
    parser.add_argument("--runs", type=int, default=50, help="runs of every point")
    arguments = parser.parse_args()
    print(markdown(measure(arguments.designs, arguments.rows, arguments.runs)))


if __name__ == "__main__":
    main()
