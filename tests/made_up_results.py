"""Results whose outcomes are made up: a `Comparison` or a `Sweep` without a model."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import pandas as pd

from sim.experiment import Comparison, Design, Experiment, Precision, Sweep
from sim.experiment.chunk import FAILURES
from sim.scenario import Scenario, load


class InParts:
    """A table that is read some runs at a time and never whole."""

    def __init__(self, table: pd.DataFrame, runs: int = 170) -> None:
        self._table, self._runs = table, runs
        self._by_scenario = {str(name): rows.set_index("run") for name, rows in table.groupby("scenario", sort=False)}
        self._last = int(table["run"].max()) if len(table) else -1

    def frames(self, scenario: str, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
        rows = self._by_scenario.get(scenario, self._table.iloc[:0].set_index("run"))[list(columns)]
        for start in range(0, self._last + 1, self._runs):
            yield rows[(rows.index >= start) & (rows.index < start + self._runs)]

    def each(self) -> Iterator[pd.DataFrame]:
        yield self._table

    def table(self, columns: Sequence[str] | None = None) -> pd.DataFrame:
        assert (columns is None and self._table.empty) or "exception" in self._table, "outcomes were loaded whole"
        return self._table

    def block_with(self, scenario: int, point: int, run: int) -> None:
        return None


class Unfinished(Comparison):
    """A comparison of which runs are missing."""

    @property
    def complete(self) -> bool:
        return False


def scenario(name: str, title: str = "", question: str = "", **dates: date) -> Scenario:
    """Return the baseline that comes with Truce under another name."""
    return dataclasses.replace(load("hardball"), name=name, title=title or name, question=question, **dates)


def comparison(
    scenarios: Sequence[Scenario], outcomes: pd.DataFrame, *, failures: Iterable[tuple[str, int]] = (),
    runs: int | None = None, complete: bool = True, independent: bool = False, repeats: pd.DataFrame | None = None,
    precision: Precision | None = None,
) -> Comparison:  # fmt: skip
    """Return the comparison of scenarios with these outcomes; failures are names and run numbers."""
    asked = int(outcomes["run"].max()) + 1 if runs is None else runs
    experiment = Experiment(tuple(scenarios), asked, 1, scenarios[0].name, independent=independent, precision=precision)
    return (Comparison if complete else Unfinished)(experiment, _tables(outcomes, failures, repeats))


def sweep(of: Scenario, design: Design, outcomes: pd.DataFrame) -> Sweep:
    """Return the sweep of a scenario with these outcomes, which have a column ``point``."""
    runs = int(outcomes["run"].max()) + 1
    return Sweep(Experiment((of,), runs, 1, of.name, design=design), _tables(outcomes, ()))


def _tables(
    outcomes: pd.DataFrame, failures: Iterable[tuple[str, int]], repeats: pd.DataFrame | None = None
) -> dict[str, InParts]:
    failed = [
        {**dict.fromkeys(FAILURES, 0), "scenario": name, "run": run, "exception": "ValueError", "message": "made up"}
        for name, run in failures
    ]
    return {
        "outcomes": InParts(outcomes),
        "repeats": InParts(outcomes.iloc[:0] if repeats is None else repeats),
        "failures": InParts(pd.DataFrame(failed, columns=list(FAILURES))),
    }
