"""The results of an experiment, held in memory or read from its directory part by part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, SupportsIndex

from sim.errors import OutputError, ScenarioError, whole_number
from sim.experiment.batch import CHUNK
from sim.experiment.chunk import FAILURES, Block, Result
from sim.experiment.directory import DESIGN, MANIFEST, read_manifest
from sim.experiment.experiment import Experiment
from sim.experiment.parts import TABLES
from sim.experiment.reading import Parts

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow.dataset

    from sim.experiment.replay import History
    from sim.scenario import Scenario


class PartsOfTable(Protocol):
    """A table that comes in parts."""

    def frames(self, scenario: str, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
        """Yield the parts of a scenario; see `sim.analysis.outcomes.Outcomes`."""

    def each(self) -> Iterator[pd.DataFrame]:
        """Yield every part."""

    def table(self, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Return the whole table, or some columns of it."""

    def block_with(self, scenario: int, point: int, run: int) -> Block | None:
        """Return the block that holds a run, None if it is not done."""


class Held:
    """Results in memory, block by block: what `Store` is on disk."""

    def __init__(self, experiment: Experiment, chunk: int = CHUNK, check: bool = False) -> None:
        self.experiment, self.chunk, self.check = experiment, chunk, check
        self._results: dict[Block, Result] = {}

    def missing(self, blocks: Sequence[Block]) -> list[Block]:
        """Return the blocks that still have to be done."""
        return [block for block in blocks if block not in self._results]

    def keep(self, block: Block, result: Result) -> None:
        """Keep the result of a block."""
        self._results[block] = result

    def results(self) -> list[tuple[Block, Result]]:
        """Return all blocks with their results, in the order of the tables."""
        return sorted(self._results.items(), key=lambda pair: (pair[0].name, pair[0].replication))

    def tables(self) -> dict[str, PartsOfTable]:
        """Return every table in its parts."""
        return {name: HeldParts(self, name) for name in TABLES}


class HeldParts:
    """The parts of one table in memory."""

    def __init__(self, held: Held, name: str) -> None:
        self._held, self.name = held, name

    def frames(self, scenario: str, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
        """Yield the parts of a scenario, sorted by point and run."""
        place = [other.name for other in self._held.experiment.scenarios].index(scenario)
        for block, table in self._parts():
            if block.scenario == place:
                yield table[["run", *columns]].set_index("run")

    def each(self) -> Iterator[pd.DataFrame]:
        """Yield every part."""
        return (table for _, table in self._parts())

    def table(self, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Return the whole table, or some columns of it."""
        import pandas as pd

        tables = list(self.each())
        filled = [table for table in tables if not table.empty] or tables[:1]
        whole = pd.concat(filled, ignore_index=True) if filled else pd.DataFrame()
        return whole if columns is None else whole[list(columns)]

    def block_with(self, scenario: int, point: int, run: int) -> Block | None:
        """Return the block that holds a run, None if it is not done."""
        for block, _ in self._parts():
            if block.scenario == scenario and point in block.points and run in block.runs:
                return block
        return None

    def _parts(self) -> Iterator[tuple[Block, pd.DataFrame]]:
        for block, result in self._held.results():
            repeated = self.name == "repeats"
            if self.name in ("outcomes", "repeats") and bool(block.replication) != repeated:
                continue
            table = getattr(result, "outcomes" if repeated else self.name)
            if table is not None:
                yield block, table


class RunsBelow:
    """The outcomes of the runs whose numbers lie below a limit; an outcomes table that is read in parts."""

    def __init__(self, results: Results, limit: int) -> None:
        self._results, self._limit = results, limit

    def frames(self, scenario: str, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
        """Yield the parts of a scenario; see `sim.analysis.outcomes.Outcomes`."""
        for rows in self._results.frames(scenario, columns):
            yield rows[rows.index < self._limit]


class Results:
    """The results of an experiment.

    Attributes
    ----------
    experiment
        What was computed.
    directory
        Where it is stored; None if it is held in memory.
    """

    def __init__(
        self, experiment: Experiment, tables: Mapping[str, PartsOfTable], *, directory: Path | None = None,
        held: Held | None = None,
    ) -> None:  # fmt: skip
        self.experiment, self.directory = experiment, directory
        self._tables, self._held = tables, held

    @classmethod
    def at(cls, directory: Path, experiment: Experiment | None = None) -> Results:
        """Return the results in a directory, also those of an experiment that is not complete."""
        about = read_manifest(directory)
        tables = {name: Parts(directory, about, name) for name in TABLES}
        return cls(experiment or experiment_of(about, directory), tables, directory=directory)

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """The scenarios, in the order in which they were given."""
        return self.experiment.scenarios

    @property
    def seed(self) -> int:
        """Seed of all random numbers."""
        return self.experiment.seed

    @property
    def baseline(self) -> str:
        """Name of the scenario that the others are compared with."""
        return self.experiment.baseline

    @cached_property
    def runs(self) -> int:
        """Runs of each scenario or point that are there; of the one that has most, if they are not all done."""
        done = max((int(rows.index.max()) + 1 for rows in self._frames_of_first() if len(rows)), default=0)
        return max(done, int(self.failures["run"].max()) + 1 if len(self.failures) else 0)

    @property
    def manifest(self) -> dict[str, Any]:
        """What the directory says of the experiment.

        Raises
        ------
        OutputError
            If the results are held in memory.
        """
        return read_manifest(self._stored())

    @property
    def complete(self) -> bool:
        """All runs are done."""
        return self.directory is None or self.manifest["ended"] is not None

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """The whole outcomes table, one row per scenario, point and run; columns in `sim.analysis.outcomes.COLUMNS`.

        What does not fit into the memory is read through `dataset`, or part by part through `frames`.
        """
        return self._tables["outcomes"].table()

    @cached_property
    def failures(self) -> pd.DataFrame:
        """The runs that failed, one row each: `sim.experiment.chunk.FAILURES`."""
        import pandas as pd

        table = self._tables["failures"].table()
        return pd.DataFrame(columns=list(FAILURES)) if table.empty else table

    @property
    def failed(self) -> int:
        """Number of runs that failed, those repeated with other luck left out."""
        return int((self.failures["replication"] == 0).sum())

    @cached_property
    def traces(self) -> pd.DataFrame:
        """What was traced, as quantiles by week: `sim.experiment.traces.quantiles`."""
        from sim.experiment.traces import add_counts, quantiles

        return quantiles(add_counts(self._tables["traces"].each()))

    @cached_property
    def histories(self) -> pd.DataFrame:
        """What was traced of chosen runs, one row per run, week and variable."""
        return self._tables["histories"].table()

    @property
    def dataset(self) -> pyarrow.dataset.Dataset:
        """The stored outcomes as an Arrow dataset, which DuckDB and others query without loading it whole.

        Raises
        ------
        OutputError
            If the results are held in memory.
        """
        import pyarrow.dataset as ds

        parts = sorted((self._stored() / "outcomes").glob("[0-9]*.parquet"))  # and nothing else that lies there
        return ds.dataset([str(path) for path in parts], format="parquet")

    def frames(self, scenario: str, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
        """Yield the outcomes of a scenario part by part, with the run number as index.

        Parameters
        ----------
        scenario
            Its name.
        columns
            Columns of the outcomes; those of a sweep have ``point`` too.

        Raises
        ------
        UsageError
            If there is no scenario of that name.
        """
        self.experiment.place_of(scenario)
        return self._tables["outcomes"].frames(scenario, columns)

    def replay(
        self, scenario: str | None = None, run: int = 0, point: int = 0, actors: Mapping[str, type] | None = None
    ) -> History:
        """Carry out one run once more and tell it week by week.

        Parameters
        ----------
        scenario
            Its name; may be left out if there is one only.
        run
            Number of the run.
        point
            Point of the design.
        actors
            The classes that replaced built-in actors, if there were any and the results come from a directory.
        """
        from sim.experiment.replay import replay

        run, point = whole_number("run", run, lowest=0), whole_number("point", point, lowest=0)
        return replay(self, scenario, run, point, actors)

    def weekly(
        self, variables: Iterable[str], runs: SupportsIndex = 1000, *, scenario: str | None = None,
        actors: Mapping[str, type] | None = None,
    ) -> pd.DataFrame:  # fmt: skip
        """Tell variables from week to week, whether or not they were traced.

        If all of them were, that is what is stored, of all runs. Otherwise the first runs of each scenario or point are
        carried out once more, with the same luck, and followed: so the same table again, of these runs alone.

        Parameters
        ----------
        variables
            Names of `sim.experiment.traces.VARIABLES`.
        runs
            Runs that are carried out again, at most; there are never more than were done.
        scenario
            One scenario alone; by default all.
        actors
            The classes that replaced built-in actors, if there were any and the results come from a directory.

        Returns
        -------
        DataFrame
            As `sim.experiment.traces.quantiles`.

        Raises
        ------
        UsageError
            If a name is unknown, no run is done yet, or the classes of actors are missing.

        Examples
        --------
        >>> import sim
        >>> table = sim.compare("hardball", runs=8).weekly(["confidence"])
        >>> int(table["week"].max()), int(table["runs"].max())
        (103, 8)
        """
        from sim.experiment.weekly import weekly

        return weekly(self, variables, runs, scenario=scenario, actors=actors)

    def block_with(self, scenario: int, point: int, run: int) -> Block | None:
        """Return the block of runs that one belongs to, None if it is not done; scenarios count from 0."""
        return self._tables["outcomes"].block_with(scenario, point, run)

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables that are made from the outcomes, by name."""
        tables = {"traces": self.traces} if self.experiment.traces else {}
        return tables | ({"failures": self.failures} if len(self.failures) else {})

    def figures(self) -> dict[str, Any]:
        """Return the figures that are made from the outcomes, by name."""
        return {}

    def save(
        self, directory: str | Path | None = None, *, fresh: bool = False, command: Sequence[str] | None = None
    ) -> Path:
        """Store results that are held in memory, as the same experiment would have been stored while it ran.

        Parameters
        ----------
        directory
            Where to; by default a directory under ``results`` named after the experiment.
        fresh
            Replace what another experiment left there.
        command
            Words of the command that led here, for the manifest.

        Returns
        -------
        Path
            The directory.

        Raises
        ------
        OutputError
            The directory cannot be used, or holds something else; or the results are stored already.
        """
        from sim.experiment.store import Store, default_directory

        if self._held is None:
            raise OutputError(f"{self.directory}: these results are stored there already")
        target = default_directory(self.experiment) if directory is None else Path(directory)
        held = self._held
        with Store(target, self.experiment, held.chunk, check=held.check, fresh=fresh, command=command) as store:
            results = dict(held.results())
            for block in store.missing(list(results)):
                store.keep(block, results[block])
            store.finish(self.tables(), self.figures(), **self.told())
        return target

    @cached_property
    def half_width(self) -> float | None:
        """Half-width of the widest 95 % interval, if there is a precision to reach; None if there is none."""
        experiment = self.experiment
        if experiment.precision is None:
            return None
        outcomes = self._tables["outcomes"]
        return experiment.precision.reached(outcomes, self.scenarios, self.baseline, experiment.points)[1]

    def told(self) -> dict[str, object]:
        """Return what the manifest says of the end of the experiment."""
        told: dict[str, object] = {"runs_done": self.runs, "failures": self.failed}
        return told if self.half_width is None else {**told, "half_width": self.half_width}

    def _frames_of_first(self) -> Iterator[pd.DataFrame]:
        return self._tables["outcomes"].frames(self.scenarios[0].name, [])

    def _stored(self) -> Path:
        if self.directory is None:
            raise OutputError("these results are held in memory; save them first")
        return self.directory


def experiment_of(about: Mapping[str, Any], directory: Path) -> Experiment:
    """Return the experiment that a manifest tells of, but for classes of actors, which only their author has."""
    from sim.experiment.design import read_design
    from sim.experiment.precision import Precision
    from sim.scenario import Scenario
    from sim.scenario.checks import check

    try:
        scenarios = tuple(Scenario.from_dict(entry) for entry in about["scenarios"])
        for scenario in scenarios:
            check(scenario, {})
        design = read_design(directory / DESIGN, scenarios[0]) if about["design"] else None
        if design is not None and design.digest() != about["design"]["digest"]:
            raise OutputError(f"{directory / DESIGN}: was changed since the experiment began")
        return Experiment(
            scenarios, about["runs"], about["seed"], about["baseline"], {}, design, about["independent"],
            tuple(about["traces"]), tuple(about["trace_runs"]),
            Precision(**about["precision"]) if about["precision"] else None,
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, OverflowError, ScenarioError) as error:
        told = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise OutputError(f"{directory / MANIFEST}: is damaged ({told[:300]})") from None
