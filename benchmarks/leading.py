"""Measure which ten uncertain parameters of the baseline matter most: those that the explorer shows first.

Morris's screening over the parameters' own laws, for the chance of a ceasefire by the deadline; ordered by the mean
size of the elementary effects. `sim.app.leading` holds what it printed.
``python benchmarks/leading.py [--scenario hardball] [--paths 128] [--runs 100] [--show 20]``
"""

from __future__ import annotations

import argparse

from tables import markdown

from sim.inquiry.sensitivity import sensitivity


def measure(scenario: str, paths: int, runs: int) -> list[dict[str, object]]:
    """Return the parameters with their effects of half a law on the chance, the largest first."""
    table = sensitivity(scenario, method="morris", sample=paths, runs=runs, seed=1, workers=1)
    table = table.sort_values("absolute_effect", ascending=False, kind="stable")
    effect = "absolute_effect"
    columns = ["parameter", "mean_effect", effect, f"{effect}_low", f"{effect}_high", "luck_alone"]
    return [{str(key): value for key, value in row.items()} for row in table[columns].to_dict("records")]


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenario", default="hardball", help="name of a scenario")
    parser.add_argument("--paths", type=int, default=128, help="rows of the design")
    parser.add_argument("--runs", type=int, default=100, help="runs of every point")
    parser.add_argument("--show", type=int, default=20, help="parameters shown")
    arguments = parser.parse_args()
    print(markdown(measure(arguments.scenario, arguments.paths, arguments.runs)[: arguments.show]))


if __name__ == "__main__":
    main()
