"""Why no deal: who blocked, and which frictions kept the failed runs of a scenario from a ceasefire."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice
from pathlib import Path
from typing import TYPE_CHECKING, SupportsIndex

from sim.analysis.outcomes import When, week_of_date
from sim.errors import UsageError, whole_number
from sim.experiment import Comparison, Execution, Experiment, run_experiment
from sim.inquiry.cutting import seen_to, up_to
from sim.inquiry.frictions import Friction, chosen, without
from sim.scenario import Scenario, load

if TYPE_CHECKING:
    import pandas as pd

#: Runs unless something else is asked for.
RUNS = 2000

#: Runs of all scenarios whose outcomes are held at once; of each batch only the week of the ceasefire is kept.
_AT_ONCE = 200_000

#: Which pairs of frictions: all, none, or some by name.
Pairs = bool | Sequence[tuple[str, str]]


class Settings(Experiment):
    """An experiment whose scenarios are one scenario changed in several ways; nothing is repeated for the spread."""

    @property
    def spread_runs(self) -> int:
        """No run is repeated with other luck."""
        return 0


class Repetition(Experiment):
    """An experiment of which every run is repeated with other luck."""

    @property
    def spread_runs(self) -> int:
        """All runs are repeated."""
        return self.runs


class _Repeated(Comparison):
    """Results of which the repeated runs are asked for, too."""

    def repeats(self) -> pd.DataFrame:
        """Return the outcomes of the repeated runs."""
        return self._tables["repeats"].table()


@dataclass(frozen=True, eq=False)
class Explanation:
    """Why some runs of a scenario have no ceasefire by a date.

    Attributes
    ----------
    scenario, by, runs, seed
        What was asked.
    frictions
        What was taken away, one at a time.
    blockers
        Who stood in the way, in all runs and in the failed ones, up to the date; `sim.analysis.blocking.COLUMNS`.
    causes
        What the removal of each friction mends and spoils; `sim.analysis.causes.CAUSES`.
    interactions
        What pairs do beyond either alone; `sim.analysis.causes.INTERACTIONS`; empty if no pairs were asked for.
    remainders
        The least that mends a failed run; `sim.analysis.causes.REMAINDERS`.
    ceasefires
        Run by run, whether there is a ceasefire by the date with each removal, as a table of true and false.
    """

    scenario: Scenario
    by: When
    runs: int
    seed: int
    frictions: tuple[Friction, ...]
    blockers: pd.DataFrame
    causes: pd.DataFrame
    interactions: pd.DataFrame
    remainders: pd.DataFrame
    ceasefires: pd.DataFrame

    @property
    def left_out(self) -> int:
        """Runs that are missing because one of their simulations failed."""
        return self.runs - len(self.ceasefires)

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables by name; that of interactions only if there is any pair."""
        tables = {"causes": self.causes, "blockers": self.blockers, "remainders": self.remainders}
        return tables | ({"interactions": self.interactions} if len(self.interactions) else {})

    def __repr__(self) -> str:
        failed = int(self.remainders["failed"].iloc[0])
        return (
            f"<Explanation of {self.scenario.name}: {failed} of {len(self.ceasefires)} runs without a ceasefire by the "
            f"{self.by}, {len(self.frictions)} frictions, seed {self.seed}>"
        )


def explain(
    scenario: str | Path | Scenario,
    *,
    runs: SupportsIndex = RUNS,
    seed: SupportsIndex = 1,
    by: When = "deadline",
    frictions: Iterable[str | Friction] | None = None,
    pairs: Pairs = False,
    workers: int | None = None,
    executor: object = None,
    progress: bool | None = None,
) -> Explanation:
    """Say who blocked, and run every run again with one friction taken away at a time.

    Parameters
    ----------
    scenario
        Name, path or `Scenario`.
    runs, seed
        Those of `sim.compare`: run i has the same luck, and the same values of uncertain parameters, in every removal.
    by
        ``"deadline"`` or ``"horizon"``: a run failed if no ceasefire of the 30-day kind begins by then.
    frictions
        Names of `sim.inquiry.frictions.frictions`, or frictions of your own; by default all.
    pairs
        True to take away every two of them together as well, or a list of pairs of names.
    workers, executor, progress
        How it is carried out: `sim.experiment.Execution`. Nothing of it changes a number.

    Raises
    ------
    UsageError
        A name is unknown, a number is out of range, or no run failed.
    ScenarioError
        The scenario cannot be used, or a friction does not fit it.

    Examples
    --------
    >>> explain("hardball", runs=24, frictions=["russian_optimism", "stalling"]).causes["friction"].tolist()
    ['russian_optimism', 'stalling', 'all of them', 'other luck']
    """
    from sim.analysis.blocking import who_blocks
    from sim.analysis.causes import NONE, tabulate_causes, tabulate_interactions, tabulate_remainders

    number, seed_number = whole_number("runs", runs, lowest=1), whole_number("seed", seed, lowest=0)
    if number < 2:
        raise UsageError("one run has no shares; give at least 2 runs, or ask for that run alone (truce explain --run)")
    loaded = scenario if isinstance(scenario, Scenario) else load(scenario)
    taken = chosen(frictions)
    wanted = pairs_of(taken, pairs)
    week = week_of_date(loaded, by)
    removals = {name: seen_to(changed, by) for name, changed in removals_of(loaded, taken, wanted).items()}
    own = removals[NONE].digest()
    absent = [friction.name for friction in taken if removals[friction.name].digest() == own]

    how = Execution(workers=workers, executor=executor, progress=progress)
    ceasefires = _ceasefires(removals, number, seed_number, week, how)
    causes = tabulate_causes(ceasefires, [friction.name for friction in taken], absent)
    failed = ceasefires.index[~ceasefires[NONE]]
    short = up_to(loaded, by)
    outcomes = _run([short], number, seed_number, how).outcomes
    blockers = who_blocks(outcomes, [short], {"all runs": ceasefires.index, "failed runs": failed})
    return Explanation(
        loaded, by, number, seed_number, taken, blockers, causes, tabulate_interactions(ceasefires, wanted),
        tabulate_remainders(ceasefires, [friction.name for friction in taken], wanted), ceasefires,
    )  # fmt: skip


def pairs_of(taken: Sequence[Friction], pairs: Pairs) -> list[tuple[str, str]]:
    """Return the pairs asked for, each in the order of the frictions.

    Raises
    ------
    UsageError
        If a pair names what is not among the frictions, or one twice.
    """
    names = [friction.name for friction in taken]
    if isinstance(pairs, bool):
        return list(combinations(names, 2)) if pairs else []
    found: dict[tuple[str, str], None] = {}
    for pair in pairs:
        members = tuple(pair)
        for name in members:
            if name not in names:
                raise UsageError(f"a pair names '{name}', which is not among the frictions ({', '.join(names)})")
        if len(set(members)) != 2 or len(members) != 2:
            raise UsageError(f"a pair is two different frictions, not {' + '.join(members)}")
        first, second = sorted(members, key=names.index)
        found[first, second] = None
    return list(found)


def removals_of(
    scenario: Scenario, taken: Sequence[Friction], pairs: Sequence[tuple[str, str]]
) -> dict[str, Scenario]:
    """Return the scenario as it is and with every removal, by the names of `sim.analysis.causes`."""
    from sim.analysis.causes import ALL, NONE, together

    by_name = {friction.name: friction for friction in taken}
    removed: dict[str, list[Friction]] = {NONE: []}
    removed |= {friction.name: [friction] for friction in taken}
    removed |= {together(pair): [by_name[name] for name in pair] for pair in pairs}
    removed[ALL] = list(taken)
    return {name: without(scenario, gone, name) for name, gone in removed.items()}


def _ceasefires(
    removals: Mapping[str, Scenario], runs: int, seed: int, week: int, how: Execution
) -> pd.DataFrame:
    """Return, run by run and removal by removal, whether a ceasefire begins by a week."""
    import pandas as pd

    from sim.analysis.causes import LUCK, NONE

    # A removal that changes nothing need not be run: its runs are those of the scenario as it is.
    digests = {name: scenario.digest() for name, scenario in removals.items()}
    different = {digest: name for name, digest in reversed(digests.items())}
    weeks: dict[str, pd.Series] = {}
    for batch in _batches(list(different.values()), max(1, _AT_ONCE // runs)):
        results = _run([removals[name] for name in batch], runs, seed, how)
        for name in batch:
            frames = list(results.frames(name, ["ceasefire_week"]))
            weeks[name] = pd.concat(frames)["ceasefire_week"]
    columns = {name: weeks[different[digest]] for name, digest in digests.items()}
    columns[LUCK] = _other_luck(removals[NONE], runs, seed, how)
    # Runs that failed in one of the removals cannot be compared, and are left out everywhere.
    table = pd.DataFrame({name: column <= week for name, column in columns.items()}).dropna().astype(bool)
    table.index.name = "run"
    return table


def _other_luck(scenario: Scenario, runs: int, seed: int, how: Execution) -> pd.Series:
    """Return the weeks of the ceasefires of the same runs, same parameters, with other luck."""
    if scenario.uncertainty:
        results = run_experiment(Repetition.of(scenario, runs=runs, seed=seed), _Repeated, how)
        assert isinstance(results, _Repeated)
        return results.repeats().set_index("run")["ceasefire_week"]
    # All runs have the same parameters, and so has any other seed.
    return _run([scenario], runs, seed + 1, how).outcomes.set_index("run")["ceasefire_week"]


def _run(scenarios: Sequence[Scenario], runs: int, seed: int, how: Execution) -> Comparison:
    results = run_experiment(Settings.of(scenarios, runs=runs, seed=seed), Comparison, how)
    assert isinstance(results, Comparison)
    return results


def _batches(names: Sequence[str], size: int) -> Iterator[list[str]]:
    rest = iter(names)
    while batch := list(islice(rest, size)):
        yield batch

