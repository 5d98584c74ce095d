"""One experiment: several scenarios, the same runs of each, one of them the baseline."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, SupportsIndex

from sim.errors import UsageError, nearest, whole_number
from sim.experiment.batch import Batch, run_batches
from sim.experiment.progress import Progress
from sim.scenario import Scenario, load

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

#: Scenario that the others are compared with, where it is among them and nothing else is asked for.
DEFAULT_BASELINE = "hardball"

#: Runs of a scenario that are repeated, at most, to tell luck from not knowing the parameters. The standard error of
#: that share is then 0.03 at most for a normal outcome and, where parameters make up half, 0.03 for an event in a third
#: of the runs and 0.05 for one in a tenth: enough to tell a fifth from a half. Half the error would cost four times the
#: runs, and no conclusion hangs on it.
SPREAD_RUNS = 1000

#: More runs of a scenario would not fit into the memory of an ordinary machine.
MOST_RUNS = 10_000_000


@dataclass(frozen=True)
class Experiment:
    """What is to be computed, checked and complete; nothing has been computed yet.

    Attributes
    ----------
    scenarios
        The scenarios, each once.
    runs
        Runs of each scenario.
    seed
        Seed of all random numbers.
    baseline
        Name of the scenario that the others are compared with.
    actors
        Classes that replace built-in actors, by name.
    """

    scenarios: tuple[Scenario, ...]
    runs: int
    seed: int
    baseline: str
    actors: Mapping[str, type] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        scenarios: str | Path | Scenario | Sequence[str | Path | Scenario],
        *,
        runs: SupportsIndex = 2000,
        seed: SupportsIndex = 1,
        baseline: str | None = None,
        actors: Mapping[str, type] | None = None,
    ) -> Experiment:
        """Load and check everything; the arguments are those of `compare`.

        Raises
        ------
        UsageError
            A number is out of range, the baseline is unknown, a scenario is given twice or none is.
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
        return cls(loaded, checked_runs, checked_seed, baseline, dict(actors or {}))

    @property
    def digest(self) -> str:
        """SHA-256 of everything that decides the numbers, as hexadecimal digits."""
        content = {
            "scenarios": sorted([scenario.name, scenario.digest()] for scenario in self.scenarios),
            "runs": self.runs,
            "seed": self.seed,
            "baseline": self.baseline,
            "actors": self.actor_names,
        }
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    @property
    def actor_names(self) -> dict[str, str]:
        """Full names of the classes that replace built-in actors, each with a fingerprint of its code."""
        return {key: f"{_full_name(actor)}@{_fingerprint(actor)}" for key, actor in sorted(self.actors.items())}

    @property
    def spread_runs(self) -> int:
        """Runs of each uncertain scenario that are repeated with other luck."""
        return min(self.runs, SPREAD_RUNS)

    def run(self, *, workers: SupportsIndex | None = None, progress: bool | None = None) -> Comparison:
        """Carry out all runs and compare them; the arguments are those of `compare`."""
        processes = None if workers is None else whole_number("workers", workers, lowest=1)
        from sim.analysis.comparison import compare_to_baseline
        from sim.analysis.spread import split_spread
        from sim.analysis.summary import summarise

        uncertain = tuple(scenario for scenario in self.scenarios if scenario.uncertainty)
        batches = Batch(self.scenarios, self.runs), Batch(uncertain, self.spread_runs, replication=1)
        started = datetime.now(UTC)
        visible = sys.stderr.isatty() if progress is None else progress
        with Progress(sum(batch.scenario_runs for batch in batches)) if visible else nullcontext() as bar:
            outcomes, again = run_batches(
                batches, self.seed, processes, bar.advance if bar else None, actors=self.actors
            )
        return Comparison(
            experiment=self,
            outcomes=outcomes,
            summary=summarise(outcomes, self.scenarios),
            comparison=compare_to_baseline(outcomes, self.scenarios, self.baseline),
            spread=split_spread(outcomes, again, self.scenarios),
            started=started,
            ended=datetime.now(UTC),
        )


@dataclass(frozen=True, eq=False, repr=False)
class Comparison:
    """The results of an experiment, as tables.

    Attributes
    ----------
    experiment
        What was computed.
    outcomes
        One row per scenario and run; columns in `sim.analysis.outcomes.COLUMNS`.
    summary
        One row per scenario: chances, their 95 % intervals, means.
    comparison
        One row per scenario: paired differences to the baseline, with their 95 % intervals.
    spread
        One row per scenario and outcome: how much of its variance comes from not knowing the parameters, and how much
        from luck; columns in `sim.analysis.spread.COLUMNS`.
    started, ended
        Times in UTC.
    """

    experiment: Experiment
    outcomes: pd.DataFrame
    summary: pd.DataFrame
    comparison: pd.DataFrame
    spread: pd.DataFrame
    started: datetime
    ended: datetime

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """The scenarios, in the order in which they were given."""
        return self.experiment.scenarios

    @property
    def runs(self) -> int:
        """Runs of each scenario."""
        return self.experiment.runs

    @property
    def seed(self) -> int:
        """Seed of all random numbers."""
        return self.experiment.seed

    @property
    def baseline(self) -> str:
        """Name of the scenario that the others are compared with."""
        return self.experiment.baseline

    def plot_outcomes(self, axes: Sequence[Axes] | None = None) -> NDArray[np.object_]:
        """Draw where the runs of each scenario stand at the deadline and at the horizon, as stacked bars.

        Parameters
        ----------
        axes
            Two Axes; by default a new figure, in a notebook shown by ``comparison.plot_outcomes()[0].figure``.

        Returns
        -------
        NDArray
            The two Axes, shape (2,).
        """
        from sim.analysis.outcomes import state_shares
        from sim.plots import outcome_shares

        return outcome_shares(state_shares(self.outcomes, self.scenarios), self.scenarios, self.baseline, axes)

    def plot_incidence(self, ax: Axes | None = None) -> Axes:
        """Draw the share of runs in which a ceasefire has begun by each date, one line per scenario.

        Parameters
        ----------
        ax
            Axes; by default a new figure, in a notebook shown by ``comparison.plot_incidence().figure``.
        """
        from sim.analysis.risks import cumulative_incidence
        from sim.plots import ceasefire_incidence

        return ceasefire_incidence(
            cumulative_incidence(self.outcomes, self.scenarios), self.scenarios, self.baseline, ax
        )

    def plot_territory(self, ax: Axes | None = None) -> Axes:
        """Draw the land lost in war beside the land conceded at the table, one pair of bars per scenario.

        Parameters
        ----------
        ax
            Axes; by default a new figure, in a notebook shown by ``comparison.plot_territory().figure``.
        """
        from sim.plots import territory

        return territory(self.summary, self.scenarios, self.baseline, ax)

    def save(
        self, directory: str | Path | None = None, *, overwrite: bool = False, command: Sequence[str] | None = None
    ) -> Path:
        """Write tables, figures and a manifest into a directory, all or nothing.

        Parameters
        ----------
        directory
            Where to; by default a directory under ``results`` named after the experiment. An earlier
            result of the same experiment is replaced.
        overwrite
            Replace an earlier result of another experiment too. Files that are not Truce's are never
            touched.
        command
            Words of the command that led here, for the manifest.

        Returns
        -------
        Path
            The directory.

        Raises
        ------
        OutputError
            The directory cannot be used, or holds something else.
        """
        from sim.experiment.store import default_directory, store

        target = default_directory(self.experiment) if directory is None else Path(directory)
        return store(self, target, overwrite=overwrite, command=command)

    def __repr__(self) -> str:
        names = ", ".join(scenario.name for scenario in self.scenarios)
        return f"<Comparison of {names}: {self.runs} runs each, seed {self.seed}, baseline {self.baseline}>"

    def _repr_html_(self) -> str:
        from html import escape

        return f"<p>{escape(repr(self)[1:-1])}</p>{self.summary.to_html(index=False, float_format='{:.3g}'.format)}"


def compare(
    scenarios: str | Path | Scenario | Sequence[str | Path | Scenario],
    *,
    runs: SupportsIndex = 2000,
    seed: SupportsIndex = 1,
    baseline: str | None = None,
    workers: SupportsIndex | None = None,
    progress: bool | None = None,
    actors: Mapping[str, type] | None = None,
) -> Comparison:
    """Run scenarios on the same luck and compare them.

    Parameters
    ----------
    scenarios
        Names of scenarios that come with Truce, paths of scenario files, or `Scenario` objects.
    runs
        Runs of each scenario.
    seed
        Seed of all random numbers, any integer from 0. Run i meets the same luck in every scenario.
    baseline
        Name of the scenario that the others are compared with; by default ``hardball`` if it is among
        them, else the first.
    workers
        Number of processes; by default one per core where that pays.
    progress
        Show how far it is; by default only on a terminal.
    actors
        Classes that replace built-in actors, by name. Everything then runs in this process.

    Returns
    -------
    Comparison
        Tables, plot methods and `Comparison.save`.

    Raises
    ------
    UsageError
        A number is out of range, the baseline is unknown, a scenario is given twice or none is.
    ScenarioError
        A scenario file cannot be used.

    Examples
    --------
    >>> import sim
    >>> comparison = sim.compare(["hardball", "sober_kremlin"], runs=8)
    >>> comparison
    <Comparison of hardball, sober_kremlin: 8 runs each, seed 1, baseline hardball>
    >>> len(comparison.outcomes)
    16
    """
    experiment = Experiment.of(scenarios, runs=runs, seed=seed, baseline=baseline, actors=actors)
    return experiment.run(workers=workers, progress=progress)


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


def _full_name(actor: type) -> str:
    return f"{actor.__module__}.{actor.__qualname__}"


def _fingerprint(actor: type) -> str:
    """Return the first digits of a digest of what a class defines: its functions' compiled code, its plain values.

    Two classes of one name, as a notebook has them after every edit, are told apart. What they inherit or call
    elsewhere is not followed.
    """
    parts: list[object] = []
    for name, value in sorted(vars(actor).items()):
        code = getattr(value, "__code__", None)
        if code is not None:
            plain = [constant for constant in code.co_consts if not hasattr(constant, "co_code")]
            parts.append((name, code.co_code.hex(), code.co_names, plain))
        elif isinstance(value, int | float | str) and not name.startswith("__"):
            parts.append((name, value))
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:8]
