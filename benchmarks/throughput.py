"""Measure what advancing all runs together gains over stepping one run at a time, alone or in Mesa's batch runner.

All are the same model on the same scenario in one process on one core; the result is a ratio, so it can be compared
between machines. ``python benchmarks/throughput.py [--single 10] [--repeats 3]``
"""

from __future__ import annotations

import argparse
import time

from tables import markdown

import sim

SIZES = (64, 1024, 2048, 4096)


class ForMesa(sim.CeasefireModel):
    """The model as Mesa's batch runner wants it: of one run, with a data collector, stopping by itself."""

    def __init__(self, run: int, rng: object = None, seed: object = None) -> None:
        from mesa import DataCollector

        super().__init__(sim.load("hardball"), runs=1, seed=1, first_run=run)
        reporters = {"ceasefire": lambda model: model.record.weeks["ceasefire_week"][0]}
        self.datacollector = DataCollector(model_reporters=reporters)

    def step(self) -> None:
        """Advance a week and stop at the horizon."""
        super().step()
        self.running = self.week < self.weeks
        self.datacollector.collect(self)


def runs_per_second(runs: int, repeats: int) -> float:
    """Return complete histories of the baseline per second, with `runs` of them at a time."""
    scenario = sim.load("hardball")
    start = time.perf_counter()
    for repeat in range(repeats):
        sim.CeasefireModel(scenario, runs=runs, seed=1, first_run=repeat * runs).run().outcomes()
    return runs * repeats / (time.perf_counter() - start)


def runs_per_second_in_mesa(single: int) -> float:
    """Return complete histories per second in Mesa's batch runner, in one process."""
    from mesa.batchrunner import batch_run  # it changes how this process starts others: imported last

    start = time.perf_counter()
    batch_run(
        ForMesa, {"run": list(range(single))}, number_processes=1, max_steps=1000, data_collection_period=-1,
        display_progress=False,
    )  # fmt: skip
    return single / (time.perf_counter() - start)


def measure(single: int = 10, repeats: int = 3) -> list[dict[str, object]]:
    """Return runs per second for several sizes of the ensemble, and their ratio to one at a time."""
    runs_per_second(1, 1)  # compiles or loads the rules
    alone = runs_per_second(1, single)
    rows = [("one at a time", alone)]
    rows += [(f"{runs:,} at a time", runs_per_second(runs, repeats)) for runs in SIZES]
    rows.insert(1, ("one at a time in Mesa's batch runner", runs_per_second_in_mesa(single)))
    return [{"runs": what, "runs/s per core": speed, "ratio": speed / alone} for what, speed in rows]


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--single", type=int, default=10, help="histories stepped one at a time")
    parser.add_argument("--repeats", type=int, default=3, help="ensembles of each size")
    arguments = parser.parse_args()
    print(markdown(measure(arguments.single, arguments.repeats)))


if __name__ == "__main__":
    main()
