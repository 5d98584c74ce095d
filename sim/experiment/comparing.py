"""Several scenarios, the same runs of each, one of them the baseline: `compare` and its results."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, SupportsIndex, cast

from sim.errors import UsageError
from sim.experiment.batch import CHUNK
from sim.experiment.experiment import Experiment
from sim.experiment.precision import Precision
from sim.experiment.results import Results
from sim.experiment.running import MOST_FAILURES, Execution, run_experiment
from sim.scenario import Scenario

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from sim.analysis.risks import Every


class Comparison(Results):
    """The results of scenarios on the same luck, as tables and figures; beside them what all `Results` have."""

    @cached_property
    def summary(self) -> pd.DataFrame:
        """One row per scenario: chances, their 95 % intervals, means; `sim.analysis.summary.COLUMNS`."""
        from sim.analysis.summary import summarise

        return summarise(self._tables["outcomes"], self.scenarios)

    @cached_property
    def comparison(self) -> pd.DataFrame:
        """One row per scenario and outcome: paired differences to the baseline, with their 95 % intervals."""
        from sim.analysis.comparison import compare_to_baseline

        return compare_to_baseline(self._tables["outcomes"], self.scenarios, self.baseline)

    @cached_property
    def spread(self) -> pd.DataFrame:
        """One row per scenario and outcome: how much of its variance comes from not knowing the parameters.

        The rest is luck; columns in `sim.analysis.spread.COLUMNS`.
        """
        return self.spread_of(self.scenarios)

    def spread_of(self, scenarios: Sequence[Scenario]) -> pd.DataFrame:
        """Return the rows of `spread` of some scenarios, as of an experiment that is not complete.

        Raises
        ------
        UsageError
            If one has no runs, or none that was repeated.
        """
        from sim.analysis.spread import split_spread

        return split_spread(self._tables["outcomes"], self._tables["repeats"], scenarios)

    def differences(self, outcome: str | None = None) -> pd.DataFrame:
        """Compare chances, areas and medians with the baseline, run by run: `sim.analysis.contrasts`."""
        from sim.analysis.contrasts import differences

        return differences(self._tables["outcomes"], self.scenarios, self.baseline, outcome)

    def risks(self) -> pd.DataFrame:
        """Tell which of ceasefire, full control and disengagement came first: `sim.analysis.risks`."""
        from sim.analysis.risks import competing_risks

        return competing_risks(self._tables["outcomes"], self.scenarios)

    def ladder(self, every: Every = "month", event: str = "ceasefire_week") -> pd.DataFrame:
        """Tell the chance of a ceasefire by the end of each month or quarter: `sim.analysis.risks`."""
        from sim.analysis.risks import ladder

        return ladder(self._tables["outcomes"], self.scenarios, every, event)

    def survival(self, by: str | None = None, groups: int | Sequence[float] = 3) -> pd.DataFrame:
        """Tell how many ceasefires outlast each week: `sim.analysis.survival`."""
        from sim.analysis.survival import survival_curve

        return survival_curve(self._tables["outcomes"], self.scenarios, by, groups)

    def survival_summary(self, by: str | None = None, groups: int | Sequence[float] = 3) -> pd.DataFrame:
        """Tell how long ceasefires last, in a row for each scenario: `sim.analysis.survival`."""
        from sim.analysis.survival import survival_summary

        return survival_summary(self._tables["outcomes"], self.scenarios, by, groups)

    def hazards(self, by: str | None = None, groups: int | Sequence[float] = 3) -> pd.DataFrame:
        """Tell the hazard of collapse per month by age: `sim.analysis.survival`."""
        from sim.analysis.survival import hazards

        return hazards(self._tables["outcomes"], self.scenarios, by, groups)

    def agreed_terms(self) -> pd.DataFrame:
        """Tell how the terms of ceasefires are distributed, issue by issue: `sim.analysis.agreed`."""
        from sim.analysis.agreed import agreed_terms

        return agreed_terms(self._tables["outcomes"], self.scenarios)

    def tornado(self, scenario: str | None = None, outcome: str = "ceasefire_by_deadline") -> pd.DataFrame:
        """Tell which uncertain parameters move an outcome, from the runs that there are: `sim.analysis.tornado`.

        Parameters
        ----------
        scenario
            Its name; by default that of the baseline.
        outcome
            One of `sim.analysis.summary.OUTCOMES`.

        Raises
        ------
        UsageError
            A name is unknown, or no parameter of the scenario varies from run to run.
        """
        from sim.analysis.points import check_outcome
        from sim.analysis.tornado import tornado
        from sim.experiment.design import laws_of

        chosen = self.scenarios[self.experiment.place_of(scenario or self.baseline)]
        check_outcome(outcome)
        if not chosen.uncertainty:
            raise UsageError(
                f"in scenario '{chosen.name}' uncertainty is off, so all runs have the same parameters and differ by "
                "luck alone; set `uncertainty: on` in its file, or take another scenario"
            )
        return tornado(self._with_inputs(chosen.name), laws_of(chosen), chosen, outcome)

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

        shares = state_shares(self._tables["outcomes"], self.scenarios)
        return outcome_shares(shares, self.scenarios, self.baseline, axes)

    def plot_incidence(self, ax: Axes | None = None) -> Axes:
        """Draw the share of runs in which a ceasefire has begun by each date, one line per scenario.

        Parameters
        ----------
        ax
            Axes; by default a new figure, in a notebook shown by ``comparison.plot_incidence().figure``.
        """
        from sim.analysis.risks import cumulative_incidence
        from sim.plots import ceasefire_incidence

        incidence = cumulative_incidence(self._tables["outcomes"], self.scenarios)
        return ceasefire_incidence(incidence, self.scenarios, self.baseline, ax)

    def plot_territory(self, ax: Axes | None = None) -> Axes:
        """Draw the land lost in war beside the land conceded at the table, one pair of bars per scenario.

        Parameters
        ----------
        ax
            Axes; by default a new figure, in a notebook shown by ``comparison.plot_territory().figure``.
        """
        from sim.plots import territory

        return territory(self.summary, self.scenarios, self.baseline, ax)

    def plot_survival(self, ax: Axes | None = None) -> Axes:
        """Draw how many of the ceasefires are still in force by age, one line per scenario.

        Parameters
        ----------
        ax
            Axes; by default a new figure. If no run has a ceasefire that held, the figure says so.
        """
        import pandas as pd

        from sim.analysis.survival import CURVE, NoCeasefireError
        from sim.plots import survival

        try:
            curve = self.survival()
        except NoCeasefireError:
            curve = pd.DataFrame(columns=list(CURVE))
        return survival(curve, self.scenarios, self.baseline, ax)

    def plot_differences(self, outcome: str = "ceasefire_by_deadline", ax: Axes | None = None) -> Axes:
        """Draw how far each scenario is from the baseline, run by run, with 95 % intervals.

        Parameters
        ----------
        outcome
            One of `sim.analysis.contrasts.COMPARED`.
        ax
            Axes; by default a new figure.
        """
        from sim.plots import differences

        return differences(self.differences(outcome), self.scenarios, self.baseline, outcome, ax)

    def plot_front(self, scenario: str | None = None, axes: Sequence[Axes] | None = None) -> NDArray[np.object_]:
        """Draw the land left in each oblast, measured before the start and in the runs after it.

        Parameters
        ----------
        scenario
            Name of one scenario; by default the baseline.
        axes
            Four Axes; by default a new figure.

        Returns
        -------
        NDArray
            The four Axes, shape (4,).
        """
        from sim.plots.front import VARIABLES, front

        one = self._one(scenario)
        return front(self.weekly(VARIABLES, scenario=one.name), one, axes)

    def plot_confidence(self, ax: Axes | None = None) -> Axes:
        """Draw how sure Russia is of full control: a fan for the baseline, a line for every other scenario.

        Parameters
        ----------
        ax
            Axes; by default a new figure.
        """
        from sim.plots.confidence import VARIABLES, confidence

        return confidence(self.weekly(VARIABLES), self.scenarios, self.baseline, ax)

    def plot_zone(self, scenario: str | None = None, ax: Axes | None = None) -> Axes:
        """Draw the share of runs with a zone of possible agreement, and who would have to yield where there is none.

        Parameters
        ----------
        scenario
            Name of one scenario; by default the baseline.
        ax
            Axes; by default a new figure.
        """
        from sim.plots.streams import TALKS, variables_of, zone

        one = self._one(scenario)
        return zone(self.weekly(variables_of(TALKS), scenario=one.name), one, ax)

    def plot_american_choices(self, scenario: str | None = None, ax: Axes | None = None) -> Axes:
        """Draw the share of runs in which Washington mediates, presses a side or has left the talks.

        Parameters
        ----------
        scenario
            Name of one scenario; by default the baseline.
        ax
            Axes; by default a new figure.
        """
        from sim.plots.streams import WASHINGTON, american_choices, variables_of

        one = self._one(scenario)
        return american_choices(self.weekly(variables_of(WASHINGTON), scenario=one.name), one, ax)

    def _one(self, scenario: str | None) -> Scenario:
        return self.scenarios[self.experiment.place_of(self.baseline if scenario is None else scenario)]

    def plot_terms(self, axes: Sequence[Axes] | None = None) -> NDArray[np.object_]:
        """Draw the terms of the ceasefires of each scenario, one panel per issue.

        Parameters
        ----------
        axes
            Four Axes; by default a new figure, in a notebook shown by ``comparison.plot_terms()[0].figure``.

        Returns
        -------
        NDArray
            The four Axes, shape (4,).
        """
        from sim.plots import terms

        return terms(self.agreed_terms(), self.scenarios, self.baseline, axes)

    def plot_tornado(
        self, scenario: str | None = None, outcome: str = "ceasefire_by_deadline", ax: Axes | None = None
    ) -> Axes:
        """Draw which uncertain parameters move an outcome of a scenario, the strongest on top.

        Parameters
        ----------
        scenario
            Its name; by default that of the baseline.
        outcome
            One of `sim.analysis.summary.OUTCOMES`.
        ax
            Axes; by default a new figure, in a notebook shown by ``comparison.plot_tornado().figure``.
        """
        from sim.plots import tornado

        return tornado(self.tornado(scenario, outcome), ax)

    def plot_spread(self, outcome: str = "ceasefire_by_deadline", ax: Axes | None = None) -> Axes:
        """Draw how much of an outcome's variance comes from not knowing the parameters, and how much is luck.

        Parameters
        ----------
        outcome
            One of `sim.analysis.summary.OUTCOMES`.
        ax
            Axes; by default a new figure, in a notebook shown by ``comparison.plot_spread().figure``.
        """
        from sim.plots import spread

        return spread(self.spread, self.scenarios, self.baseline, outcome, ax)

    def _with_inputs(self, scenario: str) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
        """Yield the runs of a scenario part by part: the values of their uncertain parameters, and their outcomes."""
        from sim.analysis.summary import Tally
        from sim.experiment.inputs import inputs

        for rows in self.frames(scenario, Tally.COLUMNS):
            if len(rows):
                numbers = range(int(rows.index.min()), int(rows.index.max()) + 1)
                yield inputs(self.experiment, scenario, numbers).set_index("run").loc[rows.index], rows

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables that are made from the outcomes, by name."""
        own = {"summary": self.summary, "comparison": self.comparison, "spread": self.spread}
        return own | super().tables()

    def figures(self) -> dict[str, Any]:
        """Return the figures that are made from the outcomes, by name."""
        return {
            "outcomes": self.plot_outcomes()[0].figure,
            "ceasefire_incidence": self.plot_incidence().figure,
            "territory": self.plot_territory().figure,
        }

    def __repr__(self) -> str:
        names = ", ".join(scenario.name for scenario in self.scenarios)
        failed = f", {self.failed} failed" if self.failed else ""
        return f"<Comparison of {names}: {self.runs} runs each{failed}, seed {self.seed}, baseline {self.baseline}>"

    def _repr_html_(self) -> str:
        from html import escape

        return f"<p>{escape(repr(self)[1:-1])}</p>{self.summary.to_html(index=False, float_format='{:.3g}'.format)}"


def compare(
    scenarios: str | Path | Scenario | Sequence[str | Path | Scenario],
    *,
    runs: SupportsIndex = 2000,
    seed: SupportsIndex = 1,
    baseline: str | None = None,
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
    precision
        In place of a number of runs, when to stop: a `Precision`, or the half-width of its interval.
    independent
        Give each scenario luck of its own.
    traces, trace_runs
        What to follow from week to week (`sim.experiment.traces.VARIABLES`), and the runs to follow value by value.
    actors
        Classes that replace built-in actors, by name. Everything then runs in this process, unless an executor is
        given whose workers can find them.
    directory
        Where to store the runs while they are made. A call that is made again goes on where the last one stopped.
        Without it everything is held in memory.
    fresh, workers, executor, cluster, chunk, progress, most_failures, check
        How it is carried out: `sim.experiment.Execution`. Nothing of it changes a number, but that `check` leaves out
        runs that break an invariant.

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
    OutputError, ClusterError, FailedRunsError
        The directory cannot be used, the cluster was lost, too many runs failed.

    Examples
    --------
    >>> import sim
    >>> comparison = sim.compare(["hardball", "sober_kremlin"], runs=8)
    >>> comparison
    <Comparison of hardball, sober_kremlin: 8 runs each, seed 1, baseline hardball>
    >>> len(comparison.outcomes)
    16
    """
    experiment = Experiment.of(
        scenarios, runs=runs, seed=seed, baseline=baseline, actors=actors, independent=independent, traces=traces,
        trace_runs=trace_runs, precision=as_precision(precision),
    )  # fmt: skip
    how = Execution(workers, executor, cluster, chunk, directory, fresh, progress, most_failures, check)
    return cast(Comparison, run_experiment(experiment, Comparison, how))


def as_precision(precision: Precision | float | None) -> Precision | None:
    """Return when to stop; a number is the half-width of the interval of the default outcome."""
    return precision if precision is None or isinstance(precision, Precision) else Precision(precision)
