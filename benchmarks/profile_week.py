"""Measure where the time of a week goes, and how many draws and evaluations of rules a week of one run takes.

The parts of the model are wrapped with timers for as long as it runs. A part that calls another does not count the
other's time. ``python benchmarks/profile_week.py [--runs 4096]``
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

import sim
from sim.actors import Belief, Europe, EuropeanState, UnitedStates
from sim.actors.belligerent import Belligerent
from sim.draws import Draws
from sim.verification.forks import watched_modules
from sim.world import table
from sim.world.front import Front
from sim.world.record import Record
from sim.world.truce import Truce

LAWS = ("uniform", "normal", "logistic", "exponential", "gumbel")
REST = "all else"

#: What belongs to each part of the week, as (object, name) of what is called.
PARTS: dict[str, tuple[tuple[Any, str], ...]] = {
    **{f"draws: {law}": ((Draws, law),) for law in LAWS},
    "front": ((Front, "move"), (Front, "expected_after"), (Front, "hand_over")),
    "beliefs": ((Belief, "observe"), (Belief, "confidence")),
    "European states": ((EuropeanState, "decide"), (Europe, "decide")),
    "war values": ((Belligerent, "_value_of_war"),),
    "what a deal must be worth": ((Belligerent, "assess"), (Truce, "expected_share")),
    "zone and draft": ((table, "zone_of_agreement"), (table, "nash_draft")),
    "rounds and answers": ((table.Table, "meet"),),
    "blame and review": ((UnitedStates, "assign_blame"), (UnitedStates, "review")),
    "truce": ((Truce, "begin"), (Truce, "grow_older")),
    "record": ((Record, "note"), (Record, "outcomes")),
}


class Clock:
    """Seconds of this process by part; what runs within a part of its own is not counted twice."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()
        self._parts, self._since = [REST], time.process_time()

    def within(self, part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*arguments: Any, **more: Any) -> Any:
            self._turn()
            self._parts.append(part)
            try:
                return function(*arguments, **more)
            finally:
                self._turn()
                self._parts.pop()

        return timed

    def _turn(self) -> None:
        now = time.process_time()
        self.seconds[self._parts[-1]] += now - self._since
        self._since = now


@contextmanager
def wrapped(where: Any, name: str, wrap: Callable[[Callable[..., Any]], Any]) -> Iterator[None]:
    """Put a wrapped function, method or property in the place of the one that `where` has."""
    what = vars(where)[name]
    with mock.patch.object(where, name, property(wrap(what.fget)) if isinstance(what, property) else wrap(what)):
        yield


def seconds_by_part(runs: int, repeats: int) -> tuple[dict[str, float], int]:
    """Return the seconds that each part takes, over some ensembles, and the number of their weeks."""
    scenario, weeks = sim.load("hardball"), 0
    sim.CeasefireModel(scenario, runs=1).step()  # compiles or loads the rules
    with ExitStack() as stack:
        clock = Clock()
        for part, members in PARTS.items():
            for where, name in members:
                stack.enter_context(wrapped(where, name, lambda f, part=part: clock.within(part, f)))
        for repeat in range(repeats):
            model = sim.CeasefireModel(scenario, runs=runs, seed=1, first_run=repeat * runs).run()
            model.outcomes()
            weeks += model.week
        clock._turn()
    return dict(clock.seconds), weeks


def calls_a_week(runs: int = 4096) -> tuple[dict[str, float], dict[str, float]]:
    """Return how many draws of each law and evaluations of each rule one run takes in a week, in the mean.

    A draw from several streams at once counts as many; what is drawn once for all weeks is left out.
    """
    draws, rules = Counter[str](), Counter[str]()

    def count(counter: Counter[str], name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def counting(*arguments: Any, **more: Any) -> Any:
            result = function(*arguments, **more)
            counter[name] += result.shape[1] if name == "gumbel" else 1
            return result

        return counting

    with ExitStack() as stack:
        for module in watched_modules():
            for name, what in vars(module).items():
                if getattr(what, "__module__", "").startswith("sim.rules") and hasattr(what, "ufunc"):
                    stack.enter_context(wrapped(module, name, lambda f, name=name: count(rules, name, f)))
        model = sim.CeasefireModel(sim.load("hardball"), runs=runs, seed=1)
        rules.clear()
        for law in LAWS:
            stack.enter_context(wrapped(Draws, law, lambda f, law=law: count(draws, law, f)))
        model.run()
    by_law, by_rule = ({name: calls / model.week for name, calls in counter.items()} for counter in (draws, rules))
    return by_law, by_rule


def measure(runs: int = 4096, repeats: int = 3) -> list[dict[str, Any]]:
    """Return one row for every part of the week, law and rule.

    Rows of kind "part" have its share of the time and nanoseconds per run and week, those of kind "draw" and "rule" how
    many a run takes in a week.
    """
    seconds, weeks = seconds_by_part(runs, repeats)
    whole = sum(seconds.values())
    rows: list[dict[str, Any]] = [
        {"kind": "part", "name": part, "share": spent / whole, "nanoseconds": 1e9 * spent / (weeks * runs)}
        for part, spent in sorted(seconds.items(), key=lambda item: -item[1])
    ]
    for kind, numbers in zip(("draw", "rule"), calls_a_week(runs), strict=True):
        rows += [{"kind": kind, "name": name, "a_week": numbers[name]} for name in sorted(numbers)]
    return rows


def main() -> None:
    """Print the share of each part, and the numbers of draws and evaluations."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=4096, help="runs that advance together")
    parser.add_argument("--repeats", type=int, default=3, help="ensembles")
    arguments = parser.parse_args()
    rows = measure(arguments.runs, arguments.repeats)
    print(f"{'part of a week':30} {'share':>7} {'ns per run-week':>16}")
    for row in rows:
        if row["kind"] == "part":
            print(f"{row['name']:30} {row['share']:>7.1%} {row['nanoseconds']:>16.0f}")
    for kind, title in (("draw", "draws of a run by law"), ("rule", "evaluations of a rule for a run")):
        chosen = [row for row in rows if row["kind"] == kind]
        print(f"\n{title:30} {'a week':>7}")
        for row in chosen:
            print(f"{row['name']:30} {row['a_week']:>7.2f}")
        print(f"{'together':30} {sum(row['a_week'] for row in chosen):>7.2f}")


if __name__ == "__main__":
    main()
