"""What is to be computed: scenarios, runs, seed, design, and what else decides the numbers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, SupportsIndex

from sim.errors import UsageError, nearest, whole_number
from sim.experiment.chunk import Block, Task
from sim.experiment.design import Design
from sim.experiment.precision import Precision
from sim.experiment.traces import check_traces
from sim.scenario import Scenario, load

#: Scenario that the others are compared with, where it is among them and nothing else is asked for.
DEFAULT_BASELINE = "hardball"

#: Runs of a scenario that are repeated, at most, to tell luck from not knowing the parameters. The standard error of
#: that share is then 0.03 at most for a normal outcome and, where parameters make up half, 0.03 for an event in a third
#: of the runs and 0.05 for one in a tenth: enough to tell a fifth from a half. Half the error would cost four times the
#: runs, and no conclusion hangs on it.
SPREAD_RUNS = 1000

#: Most runs of a scenario, all points together: months on one machine.
MOST_RUNS = 1_000_000_000

#: Runs that are followed value by value, at most.
MOST_HISTORIES = 1000

_SCENARIO_LUCK = 48  # binary digits kept for the runs of one scenario whose luck nobody shares


@dataclass(frozen=True)
class Experiment:
    """What is to be computed, checked and complete; nothing has been computed yet.

    Attributes
    ----------
    scenarios
        The scenarios, each once.
    runs
        Runs of each scenario, at every point of the design if there is one; at most, if there is a precision to reach.
    seed
        Seed of all random numbers.
    baseline
        Name of the scenario that the others are compared with.
    actors
        Classes that replace built-in actors, by name.
    design
        Points at which each scenario is run; None for the scenario as it is.
    independent
        Scenarios and points meet luck of their own, in place of common random numbers.
    traces
        Names of `sim.experiment.traces.VARIABLES` that are followed from week to week.
    trace_runs
        Numbers of the runs that are followed value by value.
    precision
        When to stop; None to carry out all runs.
    """

    scenarios: tuple[Scenario, ...]
    runs: int
    seed: int
    baseline: str
    actors: Mapping[str, type] = field(default_factory=dict)
    design: Design | None = None
    independent: bool = False
    traces: tuple[str, ...] = ()
    trace_runs: tuple[int, ...] = ()
    precision: Precision | None = None

    @classmethod
    def of(
        cls,
        scenarios: str | Path | Scenario | Sequence[str | Path | Scenario],
        *,
        runs: SupportsIndex = 2000,
        seed: SupportsIndex = 1,
        baseline: str | None = None,
        actors: Mapping[str, type] | None = None,
        design: Design | None = None,
        independent: bool = False,
        traces: Iterable[str] = (),
        trace_runs: Iterable[SupportsIndex] = (),
        precision: Precision | None = None,
    ) -> Experiment:
        """Load and check everything; the arguments are those of `compare`.

        Raises
        ------
        UsageError
            A number is out of range, a name is unknown, a scenario is given twice or none is.
        ScenarioError
            A scenario file cannot be used.
        """
        checked_runs = whole_number("runs", runs, lowest=1, highest=MOST_RUNS)
        checked_seed = whole_number("seed", seed, lowest=0)
        given = [scenarios] if isinstance(scenarios, str | Path | Scenario) else list(scenarios)
        loaded = _loaded(given)
        names = [scenario.name for scenario in loaded]
        if baseline is None:
            baseline = DEFAULT_BASELINE if DEFAULT_BASELINE in names else names[0]
        elif baseline not in names:
            raise UsageError(
                f"baseline '{baseline}' is not among the scenarios compared ({', '.join(names)})"
                f"{nearest(baseline, names) or '; name one of them'}"
            )
        followed = sorted({whole_number("a run to trace", run, lowest=0) for run in trace_runs})
        if followed and not traces:
            raise UsageError("runs are to be traced, but not what of them; name it, for example confidence")
        if len(followed) > MOST_HISTORIES:
            raise UsageError(f"at most {MOST_HISTORIES:,} runs can be traced value by value, not {len(followed):,}")
        if precision is not None:
            precision.check(loaded, baseline)
        most = checked_runs if precision is None else precision.most
        if followed and followed[-1] >= most:
            raise UsageError(f"run {followed[-1]} is to be traced, but there are runs 0 to {most - 1} only")
        if design is not None and len(design) * most > MOST_RUNS:
            raise UsageError(f"{len(design):,} points of {most:,} runs are more than {MOST_RUNS:,} runs")
        return cls(
            loaded, most, checked_seed, baseline, dict(actors or {}), design, independent, check_traces(traces),
            tuple(followed), precision,
        )  # fmt: skip

    def settings(self) -> dict[str, Any]:
        """Return what decides the numbers beside scenarios and versions, for JSON."""
        design = self.design
        return {
            "kind": "comparison" if design is None else "sweep",
            "runs": self.runs,
            "seed": self.seed,
            "baseline": self.baseline,
            "independent": self.independent,
            "actors": self.actor_names,
            "traces": list(self.traces),
            "trace_runs": list(self.trace_runs),
            "precision": None if self.precision is None else self.precision.settings(),
            "design": None if design is None else {
                "points": len(design), "parameters": list(design.names), "digest": design.digest(),
            },
        }  # fmt: skip

    @cached_property
    def digest(self) -> str:
        """SHA-256 of everything that decides the numbers, as hexadecimal digits."""
        scenarios = [[scenario.name, scenario.digest()] for scenario in self.scenarios]
        content = {"scenarios": scenarios, **self.settings()}
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    @property
    def actor_names(self) -> dict[str, str]:
        """Full names of the classes that replace built-in actors, each with a fingerprint of its code."""
        return {key: f"{_full_name(actor)}@{_fingerprint(actor)}" for key, actor in sorted(self.actors.items())}

    @property
    def points(self) -> int:
        """Number of points of the design, 1 without one."""
        return 1 if self.design is None else len(self.design)

    @property
    def spread_runs(self) -> int:
        """Runs of each uncertain scenario that are repeated with other luck; none in a sweep."""
        if self.design is not None or not any(scenario.uncertainty for scenario in self.scenarios):
            return 0
        return min(self.runs if self.precision is None else self.precision.fewest, SPREAD_RUNS)

    def place_of(self, name: str | None) -> int:
        """Return the place of a scenario; without a name, of the only one.

        Raises
        ------
        UsageError
            If there is none of that name, or several and no name.
        """
        names = [scenario.name for scenario in self.scenarios]
        if name is None and len(names) > 1:
            raise UsageError(f"there are several scenarios ({', '.join(names)}); name one of them")
        if name is not None and name not in names:
            raise UsageError(f"there is no scenario '{name}' here ({', '.join(names)}){nearest(name, names)}")
        return 0 if name is None else names.index(name)

    def luck(self, scenario: int, points: range, runs: range, whole: range) -> int:
        """Return the number of the run whose luck the first run of a block meets.

        Parameters
        ----------
        scenario
            Place of the scenario.
        points, runs
            Those of the block.
        whole
            The runs of every point of which the block's are a part.
        """
        if not self.independent:
            return runs.start
        before = whole.start * self.points + points.start * len(whole) + runs.start - whole.start
        return (scenario << _SCENARIO_LUCK) + before

    def task(self, block: Block, *, check: bool = False) -> Task:
        """Return a block with all that is needed to carry it out elsewhere; `check` looks for broken invariants."""
        followed = not block.replication  # the repeated runs are there for the spread alone
        return Task(
            self.scenarios[block.scenario], block, self.seed,
            None if self.design is None else self.design.part(block.points),
            self.actors or None, self.traces if followed else (), self.trace_runs if followed else (), check,
        )  # fmt: skip


def _loaded(given: Sequence[str | Path | Scenario]) -> tuple[Scenario, ...]:
    if not given:
        raise UsageError("no scenario was given; name at least one, for example hardball")
    first: dict[str, tuple[Scenario, str]] = {}
    for item in given:
        scenario = item if isinstance(item, Scenario) else load(item)
        label = f"scenario '{scenario.name}'" if isinstance(item, Scenario) else str(item)
        if scenario.name not in first:
            first[scenario.name] = scenario, label
            continue
        twin, other = first[scenario.name]
        if twin.digest() == scenario.digest():
            raise UsageError(f"scenario '{scenario.name}' is given twice ({other}, {label}); give it once")
        raise UsageError(
            f"two different scenarios are named '{scenario.name}' ({other}, {label}); "
            "rename one (a file, or vary(..., name='...') in Python)"
        )
    return tuple(scenario for scenario, _ in first.values())


_PLAIN = (int, float, str, bytes, tuple, list, dict, set, frozenset, type(None))


def _full_name(actor: type) -> str:
    return f"{actor.__module__}.{actor.__qualname__}"


def _fingerprint(actor: type) -> str:
    """Return the first digits of a digest of what a class defines: its functions' compiled code, its plain values.

    Two classes of one name, as a notebook has them after every edit, are told apart. What they inherit or call
    elsewhere is not followed.
    """
    parts: list[object] = []
    for name, value in sorted(vars(actor).items()):
        inside = [getattr(value, key, None) for key in ("fget", "fset", "__func__")]  # properties, static methods
        functions = [found for found in (value, *inside) if hasattr(found, "__code__")]
        if functions:
            parts.append((name, [_of_function(function) for function in functions]))
        elif isinstance(value, _PLAIN) and not name.startswith("__"):
            parts.append((name, repr(value)))
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:8]


def _of_function(function: Any) -> object:
    """Return what a function does, as far as it can be told: code, defaults, and plain values it closes over."""
    code = function.__code__
    constants = [constant for constant in code.co_consts if not hasattr(constant, "co_code")]
    cells = [cell.cell_contents for cell in function.__closure__ or () if isinstance(cell.cell_contents, _PLAIN)]
    return code.co_code.hex(), code.co_names, constants, repr(function.__defaults__), repr(cells)
