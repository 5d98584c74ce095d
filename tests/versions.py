"""Do other versions of Python and of the libraries give the same numbers?

``python -m tests.versions write FILE`` runs every scenario that comes with Truce and writes all numbers that its model
holds, week by week, with the outcomes. ``python -m tests.versions compare FILE FILE`` sets two such files, made in
different environments, against each other in units in the last place.
"""

from __future__ import annotations

import argparse
import platform
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import sim
from sim.rules.compiled import INTERPRETED
from tests.snapshots import state_of

RUNS, SEED, WEEKS = 40, 1, 208
LIBRARIES = ("numpy", "scipy", "numba", "mesa")
#: Of a number that is nearly zero next to its companions, the last places are what their rounding left of it; it is
#: measured by the last place of this share of the largest of them.
SMALL = 2.0**-20
#: How far two environments may be apart, in units in the last place. What happens in a run, and when, is the same.
LIMIT = 16.0

Array = NDArray[np.generic]


@dataclass(frozen=True)
class Difference:
    """How two files differ in one number of a model, over scenarios, weeks and runs."""

    name: str
    count: int
    different: int
    units: float


def numbers(names: list[str], runs: int = RUNS, weeks: int = WEEKS) -> dict[str, Array]:
    """Every number of every week: arrays of shape (weeks, runs, ...) by scenario and path, and the outcomes."""
    found: dict[str, Array] = {}
    for name in names:
        model = sim.CeasefireModel(name, runs=runs, seed=SEED)
        states = []
        for _ in range(min(weeks, model.weeks)):
            model.step()
            states.append(state_of(model))
        for path in states[-1]:
            found[f"{name}/{path}"] = np.stack([state[path] for state in states if path in state])
        for column, values in model.outcomes().drop(columns=["scenario", "first_event"]).items():
            found[f"{name}/outcomes.{column}"] = values.to_numpy()
    return found


def environment() -> str:
    """The versions that could matter, in a line."""
    libraries = [f"{library} {version(library)}" for library in LIBRARIES]
    rules = "interpreted" if INTERPRETED else "compiled"
    return ", ".join([f"Python {platform.python_version()}", *libraries, f"rules {rules}", platform.machine()])


def units_apart(one: Array, other: Array) -> NDArray[np.float64]:
    """Differences in units in the last place; infinite where kinds, infinities or what is missing do not agree."""
    if one.dtype.kind != "f":
        return np.where(one == other, 0.0, np.inf)
    one, other = one.astype(np.float64), other.astype(np.float64)
    sizes = np.maximum(np.abs(one), np.abs(other))
    largest = np.max(sizes, initial=0.0, where=np.isfinite(sizes))
    with np.errstate(invalid="ignore"):
        units = np.abs(one - other) / np.spacing(np.maximum(sizes, max(largest * SMALL, np.finfo(float).tiny)))
    same = (one == other) | (np.isnan(one) & np.isnan(other))
    return np.where(same, 0.0, np.where(np.isfinite(units), units, np.inf))


def compared(one: dict[str, Array], other: dict[str, Array]) -> Iterator[Difference]:
    """Set two sets of numbers against each other, name by name over all scenarios."""
    paths = {key.split("/", 1)[1] for key in one.keys() | other.keys()}
    for path in sorted(paths):
        keys = [key for key in one.keys() | other.keys() if key.split("/", 1)[1] == path]
        apart = [
            units_apart(one[key], other[key]).ravel()
            if key in one and key in other and one[key].shape == other[key].shape
            else np.array([np.inf])
            for key in sorted(keys)
        ]
        units = np.concatenate(apart)
        yield Difference(path, len(units), int(np.count_nonzero(units)), float(units.max(initial=0.0)))


def write(file: Path, names: list[str], runs: int, weeks: int) -> None:
    """Write the numbers of scenarios, and of what environment they are."""
    with file.open("wb") as opened:
        np.savez_compressed(opened, environment=np.array(environment()), **numbers(names, runs, weeks))


def read(file: Path) -> dict[str, Array]:
    """Read what `write` wrote, with the environment under that name."""
    with np.load(file, allow_pickle=False) as stored:
        return {key: stored[key] for key in stored.files}


def main() -> int:
    """Write a file, or compare two; return 1 if they are farther apart than the limit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    writing = commands.add_parser("write")
    writing.add_argument("file", type=Path)
    writing.add_argument("--runs", type=int, default=RUNS)
    writing.add_argument("--weeks", type=int, default=WEEKS)
    writing.add_argument("--scenario", action="append")
    comparing = commands.add_parser("compare")
    comparing.add_argument("files", type=Path, nargs=2)
    given = parser.parse_args()
    if given.command == "write":
        names = given.scenario or [listing.name for listing in sim.list_scenarios()]
        write(given.file, names, given.runs, given.weeks)
        print(environment())
        return 0
    one, other = (read(file) for file in given.files)
    print(f"{one.pop('environment')}\n{other.pop('environment')}")
    differences = list(compared(one, other))
    for difference in differences:
        if difference.different:
            share = difference.different / difference.count
            print(f"{difference.name:<45} {share:>9.2%} differ, by up to {difference.units:.3g} units")
    count, different = (sum(getattr(row, name) for row in differences) for name in ("count", "different"))
    furthest = max(row.units for row in differences)
    print(f"{different:,} of {count:,} numbers differ, by up to {furthest:.3g} units in the last place")
    return int(furthest > LIMIT)


if __name__ == "__main__":
    raise SystemExit(main())
