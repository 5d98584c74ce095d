"""Measure how soon a change shows in the explorer: the coarse headline with its first figure, then the refined result.

Every change is one that nobody asked for before; the baseline is known, as in a session. Beside it stands how long this
machine takes at the moment for a plain block of 1,024 runs in one process, so that measurements taken under other load
can be told apart, and how long each figure takes. Wall-clock times, medians.
``python benchmarks/explorer.py [--runs 1000] [--changes 10] [--processes 2]``
"""

from __future__ import annotations

import argparse
import os
import threading
import time
from collections.abc import Callable
from statistics import median

from tables import markdown

from sim.app.drawn import FIGURES, draw
from sim.app.explorer import Explorer, explore, warm_up
from sim.app.pool import Pool
from sim.app.result import Result
from sim.app.state import State
from sim.experiment.chunk import Block, Task, simulate


def seconds(work: Callable[[], object], times: int = 3) -> float:
    """Return how long something takes, the median of some times."""
    found = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        found.append(time.perf_counter() - begun)
    return median(found)


def measure_change(explorer: Explorer, state: State) -> tuple[float, float]:
    """Return the seconds until the coarse and until the refined result of a state are there, figure included."""
    arrived: dict[str, float] = {}
    done = threading.Event()

    def take(result: Result) -> None:
        arrived.setdefault("coarse" if result.coarse else "refined", time.perf_counter() - begun)
        if result.complete:
            done.set()

    begun = time.perf_counter()
    explorer.submit(state, take)
    if not done.wait(300):
        raise SystemExit("no result came within five minutes")
    return arrived.get("coarse", arrived["refined"]), arrived["refined"]


def measure(runs: int, changes: int, processes: int) -> list[dict[str, object]]:
    """Return the milliseconds that changes take, view by view."""
    rows: list[dict[str, object]] = []
    with Pool(processes) as pool, Explorer(pool) as explorer:
        for started in pool.warm(warm_up):
            started.result()
        for view in ("incidence", "zone", "bargaining"):
            first = State(runs=runs, view=view)
            measure_change(explorer, first)  # the baseline
            found = [
                measure_change(explorer, first.changed("russia.confidence", 0.3 + 0.01 * step))
                for step in range(changes)
            ]
            coarse, refined = (1000 * median(times) for times in zip(*found, strict=True))
            rows.append({"figure looked at": view, "to coarse (ms)": coarse, "to refined (ms)": refined,
                         "refined/coarse": refined / coarse})  # fmt: skip
    return rows


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000, help="runs of the refined result")
    parser.add_argument("--changes", type=int, default=10, help="changes measured")
    parser.add_argument("--processes", type=int, default=2, help="worker processes")
    arguments = parser.parse_args()
    result = explore(State(runs=arguments.runs).changed("russia.confidence", 0.5), list(FIGURES))
    block = Task(result.scenario, Block(0, range(1), range(1024)), 1)
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; "
          f"a block of 1,024 runs takes {1000 * seconds(lambda: simulate(block)):,.0f} ms here and now\n")  # fmt: skip
    print(markdown(measure(arguments.runs, arguments.changes, arguments.processes)))
    figures: list[dict[str, object]] = [
        {"figure": name, "drawn in (ms)": 1000 * seconds(lambda name=name: draw(result, name))}  # type: ignore[misc]
        for name in FIGURES
    ]
    print(f"\n{markdown(figures)}")


if __name__ == "__main__":
    main()
