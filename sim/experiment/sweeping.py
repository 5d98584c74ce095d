"""One scenario at every point of a design: `sweep` and its results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, SupportsIndex, cast

from sim.errors import UsageError
from sim.experiment.batch import CHUNK
from sim.experiment.comparing import as_precision
from sim.experiment.design import Design, Method, Variation, checked, make_design, read_design, read_variation
from sim.experiment.experiment import Experiment
from sim.experiment.precision import Precision
from sim.experiment.results import Results
from sim.experiment.running import MOST_FAILURES, Execution, run_experiment
from sim.scenario import Scenario, load

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

#: Runs of every point unless something else is asked for.
RUNS = 200


class Sweep(Results):
    """The results of one scenario at every point of a design; beside them what all `Results` have."""

    @property
    def design(self) -> pd.DataFrame:
        """The points: a column ``point`` and one for each parameter that varies."""
        assert self.experiment.design is not None
        return self.experiment.design.frame()

    @cached_property
    def summary(self) -> pd.DataFrame:
        """One row per point: its values, then the columns of `sim.analysis.summary.COLUMNS`."""
        import pandas as pd

        from sim.analysis.summary import Tally

        (scenario,) = self.scenarios
        tally = Tally(scenario, self.experiment.points)
        for rows in self.frames(scenario.name, ["point", *Tally.COLUMNS]):
            tally.add(rows)
        table = tally.table()
        return pd.concat([table[["scenario"]], self.design, table.drop(columns="scenario")], axis=1)

    def response(self, outcome: str = "ceasefire_by_deadline") -> pd.DataFrame:
        """Tell an outcome over the one parameter that varies, with 95 % intervals.

        Parameters
        ----------
        outcome
            One of `sim.analysis.summary.OUTCOMES`.

        Returns
        -------
        DataFrame
            One row per point that has runs: ``scenario``, ``outcome``, ``parameter``, ``point``, ``x`` (its value),
            ``runs``, ``value``, ``low``, ``high``, in the unit of the outcome.

        Raises
        ------
        UsageError
            The outcome is unknown, or the design varies more than one parameter.
        """
        import pandas as pd

        from sim.analysis.points import check_outcome

        check_outcome(outcome)
        first, *others = self.design.columns[1:]
        if others:
            raise UsageError(
                f"this design varies {len(others) + 1} parameters, and a line is drawn over one; a map over two is "
                "made by sim.inquiry.tipping.map_of and sim.plots.tipping"
            )
        rows = self.summary[self.summary["runs"] > 0]
        return pd.DataFrame({
            "scenario": rows["scenario"], "outcome": outcome, "parameter": first, "point": rows["point"],
            "x": rows[first], "runs": rows["runs"], "value": rows[outcome], "low": rows[f"{outcome}_low"],
            "high": rows[f"{outcome}_high"],
        })  # fmt: skip

    def plot_response(self, outcome: str = "ceasefire_by_deadline", ax: Axes | None = None) -> Axes:
        """Draw an outcome over the one parameter that varies, with the band of its 95 % intervals.

        Parameters
        ----------
        outcome
            One of `sim.analysis.summary.OUTCOMES`.
        ax
            Axes; by default a new figure, in a notebook shown by ``sweep.plot_response().figure``.

        Raises
        ------
        UsageError
            The outcome is unknown, the design varies more than one parameter, or there are no runs yet.
        """
        from sim.plots import response

        return response(self.response(outcome), ax)

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables that are made from the outcomes, by name."""
        return {"summary": self.summary} | super().tables()

    def __repr__(self) -> str:
        (scenario,), design = self.scenarios, self.experiment.design
        assert design is not None
        names = ", ".join(design.names)
        failed = f", {self.failed} failed" if self.failed else ""
        runs = f"{len(design)} points, {self.runs} runs each{failed}"
        return f"<Sweep of {scenario.name} over {names}: {runs}, seed {self.seed}>"

    def _repr_html_(self) -> str:
        from html import escape

        return f"<p>{escape(repr(self)[1:-1])}</p>{self.summary.to_html(index=False, float_format='{:.3g}'.format)}"


def sweep(
    scenario: str | Path | Scenario,
    vary: Mapping[str, Variation] | Iterable[str] = (),
    *,
    sample: int | None = None,
    method: Method = "sobol",
    design: Design | pd.DataFrame | str | Path | None = None,
    runs: SupportsIndex = RUNS,
    seed: SupportsIndex = 1,
    precision: Precision | float | None = None,
    independent: bool = False,
    traces: Iterable[str] = (),
    trace_runs: Iterable[SupportsIndex] = (),
    actors: Mapping[str, type] | None = None,
    directory: str | Path | None = None,
    fresh: bool = False,
    workers: int | None = None,
    executor: object = None,
    cluster: str | None = None,
    chunk: int = CHUNK,
    progress: bool | None = None,
    most_failures: int = MOST_FAILURES,
    check: bool = False,
) -> Sweep:
    """Run a scenario at every point of a design, all points on the same luck.

    Parameters
    ----------
    scenario
        Name, path or `Scenario`.
    vary
        Values of parameters by dotted name, of which the design has every combination. With `sample`, laws
        (`sim.distributions`), or names alone for the parameters' own laws; nothing for all uncertain parameters.
    sample
        Number of points drawn from the laws.
    method
        How they are drawn: "sobol", "lhs" (Latin hypercube) or "random".
    design
        In place of all these, a table whose columns are dotted names, or a file of comma-separated values.
    runs
        Runs of every point.
    seed, precision, independent, traces, trace_runs, actors
        Those of `compare`; every point has luck of its own if `independent`.
    directory, fresh, workers, executor, cluster, chunk, progress, most_failures, check
        Those of `compare`.

    Returns
    -------
    Sweep
        Design, summary by point, outcomes.

    Raises
    ------
    UsageError
        A name is unknown, a value is out of range, a number makes no sense.
    ScenarioError
        The scenario cannot be used.
    OutputError, ClusterError, FailedRunsError
        The directory cannot be used, the cluster was lost, too many runs failed.

    Examples
    --------
    >>> import sim
    >>> result = sim.sweep("hardball", {"russia.confidence": [0.4, 0.7]}, runs=8)
    >>> result
    <Sweep of hardball over russia.confidence: 2 points, 8 runs each, seed 1>
    >>> result.summary["russia.confidence"].tolist()
    [0.4, 0.7]
    """
    loaded = scenario if isinstance(scenario, Scenario) else load(scenario)
    experiment = Experiment.of(
        loaded, runs=runs, seed=seed, actors=actors, independent=independent, traces=traces, trace_runs=trace_runs,
        precision=as_precision(precision), design=design_of(loaded, vary, sample, method, design, seed),
    )  # fmt: skip
    how = Execution(workers, executor, cluster, chunk, directory, fresh, progress, most_failures, check)
    return cast(Sweep, run_experiment(experiment, Sweep, how))


def design_of(
    scenario: Scenario, vary: Mapping[str, Variation] | Iterable[str], sample: int | None, method: Method,
    design: Design | pd.DataFrame | str | Path | None, seed: SupportsIndex,
) -> Design:  # fmt: skip
    """Return the design that the arguments of `sweep` describe."""
    if isinstance(vary, str):  # one parameter, as the command line has it
        vary = dict([read_variation(vary)])
    if design is None:
        return make_design(scenario, vary, points=sample, method=method, seed=seed)
    if sample is not None or (list(vary) if not isinstance(vary, Mapping) else vary):
        raise UsageError("a design says all by itself; leave out what varies and the sample, or the design")
    if isinstance(design, str | Path):
        return read_design(design, scenario)
    if isinstance(design, Design):
        return checked(design, scenario)
    table = design.drop(columns="point", errors="ignore")
    if table.empty:
        raise UsageError("the table of the design is empty; give a column for each parameter and a row for each point")
    try:
        values = table.to_numpy(dtype="float64")
    except (TypeError, ValueError) as error:
        raise UsageError(f"the table of the design does not hold numbers alone ({error})") from None
    return checked(Design(tuple(map(str, table.columns)), values), scenario)
