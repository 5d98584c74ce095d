"""Measure whole experiments: workers, size of chunk, growth with the number of runs, the store, start-up of commands.

Every experiment runs in a process of its own, so that its time and its memory are its own.
``python benchmarks/experiments.py [--runs 20000] [--most 1000000]``
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tables import markdown

#: Carries out one experiment and prints its seconds, without imports, and its peak memory, children's included.
_PROGRAM = """
import json, resource, sys, time
import sim, sim.model
given = json.loads(sys.argv[1])
start = time.perf_counter()
results = sim.compare("hardball", progress=False, **given)
if not given.get("directory"):
    results.summary, results.comparison, results.spread
seconds = time.perf_counter() - start
peak = [resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
print(json.dumps({"seconds": seconds, "peak": peak[0], "worker": peak[1]}))
"""


def experiment(**given: object) -> dict[str, float]:
    """Return seconds and peak memory, MiB, of the main process and of the largest worker."""
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, json.dumps(given)], capture_output=True, text=True, check=True
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))


def workers(runs: int) -> list[dict[str, object]]:
    """Return the speed with one and two processes; one is this process itself."""
    rows = []
    for count in (1, 2):
        seconds = experiment(runs=runs, workers=count)["seconds"]
        rows.append({"workers": count, "runs": runs, "seconds": seconds, "runs/s": runs / seconds})
    return [{**row, "ratio": row["runs/s"] / rows[0]["runs/s"]} for row in rows]


def chunks(runs: int) -> list[dict[str, object]]:
    """Return the speed in one process for several sizes of chunk."""
    rows = []
    for chunk in (256, 1024, 2048, 4096, 8192):
        measured = experiment(runs=runs, workers=1, chunk=chunk)
        rows.append({"runs together": chunk, "runs/s": runs / measured["seconds"], "peak MiB": measured["peak"]})
    return rows


def growth(most: int) -> list[dict[str, object]]:
    """Return time and memory of stored experiments as the number of runs grows, with two processes."""
    rows = []
    for runs in (10**power for power in range(3, 10)):
        if runs > most:
            break
        with tempfile.TemporaryDirectory() as folder:
            measured = experiment(runs=runs, workers=2, directory=f"{folder}/out")
            size = sum(path.stat().st_size for path in Path(folder).rglob("*.parquet")) / 2**20
        rows.append(
            {
                "runs": runs, "seconds": measured["seconds"], "runs/s": runs / measured["seconds"],
                "peak MiB, main": measured["peak"], "peak MiB, worker": measured["worker"], "MiB on disk": size,
            }
        )  # fmt: skip
    return rows


def store(runs: int) -> list[dict[str, object]]:
    """Return what storing adds to the time in memory, and what it takes to find that nothing is missing."""
    held = experiment(runs=runs, workers=1)["seconds"]
    with tempfile.TemporaryDirectory() as folder:
        stored = experiment(runs=runs, workers=1, directory=f"{folder}/out")["seconds"]
        again = experiment(runs=runs, workers=1, directory=f"{folder}/out")["seconds"]
    rows = {"held in memory": held, "stored, with figures": stored, "resumed when complete": again}
    return [{"experiment": what, "runs": runs, "seconds": took, "ratio": took / held} for what, took in rows.items()]


def start_up() -> list[dict[str, object]]:
    """Return the seconds of each command with as little work as there can be."""
    with tempfile.TemporaryDirectory() as folder:
        tiny = ["--runs", "2", "--quiet", "--fresh"]
        commands = {
            "truce --version": ["--version"],
            "truce list": ["list"],
            "truce check hardball": ["check", "hardball"],
            "truce parameters": ["parameters"],
            "truce run hardball --runs 2": ["run", "hardball", "--out", f"{folder}/run", *tiny],
            "truce sweep, two points": [
                "sweep", "hardball", "--vary", "russia.confidence=0.4,0.6", "--out", f"{folder}/sweep", *tiny,
            ],
            "truce status": ["status", f"{folder}/run"],
            "truce replay": ["replay", f"{folder}/run"],
        }  # fmt: skip
        rows = []
        for name, words in commands.items():
            start = time.perf_counter()
            subprocess.run([sys.executable, "-m", "sim", *words], capture_output=True, check=True)
            rows.append({"command": name, "seconds": time.perf_counter() - start})
    return rows


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20_000, help="runs of each experiment")
    parser.add_argument("--most", type=int, default=1_000_000, help="runs of the largest experiment")
    arguments = parser.parse_args()
    for rows in (
        workers(arguments.runs), chunks(arguments.runs), growth(arguments.most), store(arguments.runs), start_up()
    ):  # fmt: skip
        print(markdown(rows), end="\n\n")


if __name__ == "__main__":
    main()
