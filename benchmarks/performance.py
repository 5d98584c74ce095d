"""Write ``docs/performance.md``: every table on that page is measured here, in one go, on one machine.

``python benchmarks/performance.py [--most 1000000]``
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
from pathlib import Path

import experiments
import limit
import profile_week
import throughput
from tables import markdown

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"

_HEAD = """\
# Performance: what was measured

Written by `make performance` on {day}: {machine}.
Absolute numbers are of that machine, which other work may have slowed down; ratios within a table travel better.
A *run* is a full history of `hardball`: 104 weeks, eleven actors.
"""


def machine() -> str:
    """Return what the numbers were measured on."""
    import numba
    import numpy

    cpu = next(
        (line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.processor(),
    )
    versions = f"Python {platform.python_version()}, NumPy {numpy.__version__}, Numba {numba.__version__}"
    return f"{cpu}, {os.cpu_count()} cores, {platform.system()}, {versions}"


def page(runs: int, most: int) -> str:
    """Measure everything and return the page."""
    parts = [_HEAD.format(day=datetime.date.today().isoformat(), machine=machine())]

    def section(title: str, text: str, *tables: str) -> None:
        parts.append("\n".join([f"\n## {title}\n", text, *(f"\n{table}" for table in tables)]) + "\n")
        print(parts[-1], flush=True)

    section(
        "All runs together against one at a time",
        "The same model in one process on one core (`benchmarks/throughput.py`). Mesa's batch runner drives it at\n"
        "`runs=1` with a data collector, as it asks for.",
        markdown(throughput.measure()),
    )
    week = profile_week.measure()
    section(
        "Where the time of a week goes",
        "By part, at 4,096 runs; then how many draws of each law, and evaluations of each compiled rule, a run takes\n"
        "in a week (`benchmarks/profile_week.py`).",
        *(markdown([_without_kind(row) for row in week if row["kind"] == kind]) for kind in ("part", "draw", "rule")),
    )
    section(
        "How far it is from the limit",
        "A loop in C that draws as many uniform numbers from the same generator, transforms as many of them and does\n"
        "about as many operations, and a toy in Numba's scalar code of 12 agents, 52 weeks and 4 decisions\n"
        "(`benchmarks/limit.py`).",
        markdown(limit.measure()),
    )
    section(
        "Workers and size of chunk",
        f"Experiments of {runs:,} runs and 1,000 repeated ones, in memory, with their tables\n"
        "(`benchmarks/experiments.py`, as all that follows). Starting a worker takes as long as some thousand runs.",
        markdown(experiments.workers(runs)), markdown(experiments.chunks(runs)),
    )  # fmt: skip
    section(
        "Growth with the number of runs",
        "Stored experiments with two workers, tables and figures included: time grows with the number of runs, memory\n"
        "does not.",
        markdown(experiments.growth(most)),
    )
    section(
        "The price of storing, and of finding that nothing is missing",
        "In one process. What storing adds is mostly the figures, which do not grow with the number of runs.",
        markdown(experiments.store(runs)),
    )
    section("Start-up of the commands", "From the shell to the end, with as little work as there can be.",
            markdown(experiments.start_up()))  # fmt: skip
    return "".join(parts)


def _without_kind(row: dict[str, object]) -> dict[str, object]:
    return {name.replace("_", " "): value for name, value in row.items() if name != "kind"}


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text("utf-8").splitlines()
    except OSError:
        return []


def main() -> None:
    """Measure, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20_000, help="runs of each experiment")
    parser.add_argument("--most", type=int, default=1_000_000, help="runs of the largest experiment")
    parser.add_argument("--out", type=Path, default=PAGE, help="where to write the page")
    arguments = parser.parse_args()
    arguments.out.write_text(page(arguments.runs, arguments.most), "utf-8")


if __name__ == "__main__":
    main()
