"""Measure a map over two parameters: the grid on the run axis against loops over its points.

All are the same model on the same grid with the same number of runs of every point, in one process unless the line
says otherwise. The loops are timed on a few points and runs, spread over the grid, and their time is scaled to all of
it; the result is a ratio, so it can be compared between machines.
``python benchmarks/tipping.py [--points 20] [--runs 200] [--few 4]``
"""

from __future__ import annotations

import argparse
import time

import numpy as np
from tables import markdown

import sim
from sim.experiment.design import Design, grid
from sim.inquiry.tipping import tipping_map

X, Y = "russia.confidence", "front.pace"


def levels(points: int) -> dict[str, list[float]]:
    """Return `points` values of each of two parameters."""
    return {X: np.linspace(0.2, 0.8, points).tolist(), Y: np.linspace(20, 80, points).tolist()}


def mapped(points: int, runs: int, workers: int | None) -> float:
    """Return the seconds of the whole map, its table included; without a number of workers as a user would run it."""
    start = time.perf_counter()
    tipping_map("hardball", levels(points), runs=runs, workers=workers, progress=False)
    return time.perf_counter() - start


def by_point(design: Design, runs: int) -> float:
    """Return the seconds that a point takes if all of its runs advance together, and no other point does."""
    scenario = sim.load("hardball")
    start = time.perf_counter()
    for row in design.values.tolist():
        varied = scenario.vary(dict(zip(design.names, row, strict=True)))
        sim.CeasefireModel(varied, runs=runs, seed=1).run().outcomes()
    return (time.perf_counter() - start) / len(design)


def by_run(design: Design, runs: int) -> float:
    """Return the seconds that a run takes if runs are stepped one at a time."""
    scenario = sim.load("hardball")
    start = time.perf_counter()
    for row in design.values.tolist():
        varied = scenario.vary(dict(zip(design.names, row, strict=True)))
        for run in range(runs):
            sim.CeasefireModel(varied, runs=1, seed=1, first_run=run).run().outcomes()
    return (time.perf_counter() - start) / (len(design) * runs)


def measure(points: int, runs: int, few: int) -> list[dict[str, object]]:
    """Return the time of the map and of both loops, and their ratios to the map in one process."""
    whole = grid(levels(points))
    some = Design(whole.names, whole.values[np.linspace(0, len(whole) - 1, few).round().astype(int)])
    by_run(Design(whole.names, whole.values[:1]), 1)  # compiles or loads the rules
    taken, usual = mapped(points, runs, 1), mapped(points, runs, None)
    count = points * points
    times = {
        "grid on the run axis": (taken, "all of it"),
        "the same on all cores": (usual, "all of it"),
        "point after point, runs together": (by_point(some, runs) * count, f"{few} points"),
        "point after point, run after run": (by_run(some, 1) * count * runs, f"{few} runs"),
    }
    return [
        {
            "map": f"{points} × {points} points of {runs} runs", "how": how, "measured on": measured,
            "seconds": seconds, "ratio": seconds / taken,
        }
        for how, (seconds, measured) in times.items()
    ]  # fmt: skip


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=20, help="values of each parameter")
    parser.add_argument("--runs", type=int, default=200, help="runs of every point")
    parser.add_argument("--few", type=int, default=4, help="points, or runs, that the loops are timed on")
    arguments = parser.parse_args()
    print(markdown(measure(arguments.points, arguments.runs, arguments.few)))


if __name__ == "__main__":
    main()
