"""What the sections with figures stand on: the results, which scenarios have runs, what may be carried out again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from sim.errors import UsageError
from sim.report.extent import Extent, extent_of, scenarios_with_runs
from sim.report.wording import titles

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.results import Results
    from sim.scenario import Scenario

#: Runs that are carried out again, at most, to follow them from week to week: of one scenario, or of each of several.
WEEKLY_RUNS, WEEKLY_RUNS_OF_EACH = 1000, 500


@dataclass(frozen=True, eq=False)
class Basis:
    """Results, and what has been found out about them once for all sections.

    Attributes
    ----------
    results
        The results.
    extent
        What there is of them.
    scenarios
        The scenarios of which there are runs, the baseline first, each with the title that tells it from the others.
    simulate
        Whether runs may be carried out again.
    """

    results: Results
    extent: Extent
    scenarios: tuple[Scenario, ...]
    simulate: bool

    @property
    def reference(self) -> Scenario:
        """The baseline, or the first scenario with runs if it has none."""
        return self.scenarios[0]

    @cached_property
    def names(self) -> dict[str, str]:
        """What each scenario is called, by its name."""
        return titles(self.results.scenarios)

    @property
    def replaced_actors(self) -> tuple[str, ...]:
        """Names of the actors that were replaced, so that no run can be carried out again without their code."""
        if self.results.directory is None:
            return tuple(self.results.experiment.actors)
        return tuple(self.results.manifest["actors"])

    @cached_property
    def why_not_simulated(self) -> str:
        """Return in a sentence why nothing is carried out again; nothing if it is."""
        if self.replaced_actors:
            return (
                f"Actors of this experiment were replaced ({', '.join(self.replaced_actors)}); without their code no "
                "run can be carried out again, so what needs that is left out."
            )
        return "" if self.simulate else "No run was carried out again for this report, so what needs that is left out."

    def weekly(self, variables: Iterable[str], scenario: str | None = None) -> pd.DataFrame | None:
        """Return what happens from week to week, None if it is neither stored nor may be found out.

        Parameters
        ----------
        variables
            Names of `sim.experiment.traces.VARIABLES`.
        scenario
            One scenario alone; by default all.
        """
        names = tuple(variables)
        stored = set(names) <= set(self.results.experiment.traces)
        if not stored and (self.why_not_simulated or not self.results.runs):
            return None
        runs = WEEKLY_RUNS_OF_EACH if scenario is None and len(self.scenarios) > 1 else WEEKLY_RUNS
        return self.results.weekly(names, runs, scenario=scenario)

    def about(self, title: str) -> dict[str, object]:
        """Return what the list of the report's contents says of it."""
        import sim

        return {"title": title, "truce": sim.__version__, "experiment": self.results.experiment.digest}


def basis_of(results: Results, simulate: bool) -> Basis:
    """Return what the sections stand on.

    Raises
    ------
    UsageError
        If there is no run yet.
    """
    extent = extent_of(results)
    there = scenarios_with_runs(results, extent)
    if not there:
        raise UsageError(f"{results.directory}: no run is there yet, so there is nothing to report on")
    names = titles(results.scenarios)
    return Basis(results, extent, tuple(replace(each, title=names[each.name]) for each in there), simulate)


def by_scenario(table: pd.DataFrame, scenarios: Sequence[Scenario]) -> list[tuple[Scenario, pd.DataFrame]]:
    """Return the rows of each scenario that has any, in the order of the scenarios."""
    found = [(scenario, table[table["scenario"] == scenario.name]) for scenario in scenarios]
    return [(scenario, rows) for scenario, rows in found if len(rows)]
