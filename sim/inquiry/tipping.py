"""A map of an outcome over two parameters: a grid, run as a sweep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, SupportsIndex, cast

import pandas as pd

from sim.analysis.points import check_outcome
from sim.analysis.summary import is_share
from sim.analysis.tipping import COLUMNS, grid_of, level_line
from sim.errors import UsageError, whole_number
from sim.experiment.design import Variation, make_design
from sim.experiment.experiment import Experiment
from sim.experiment.products import add_products
from sim.experiment.running import Execution, run_experiment
from sim.experiment.sweeping import Sweep
from sim.scenario import Scenario, load

if TYPE_CHECKING:
    pass

#: Runs of every point, unless something else is asked for.
RUNS = 200

#: Names of the tables in the directory of the sweep; the figure is named like the first.
NAME, LINE_NAME = "tipping", "tipping_line"


def tipping_map(
    scenario: str | Path | Scenario,
    vary: Mapping[str, Variation],
    *,
    outcome: str = "ceasefire_by_deadline",
    runs: SupportsIndex = RUNS,
    seed: SupportsIndex = 1,
    level: float | None = None,
    independent: bool = False,
    actors: Mapping[str, type] | None = None,
    directory: str | Path | None = None,
    fresh: bool = False,
    workers: int | None = None,
    executor: object = None,
    progress: bool | None = None,
    command: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Run a scenario on a grid of two parameters and tabulate an outcome.

    Parameters
    ----------
    scenario
        Name, path or `Scenario`.
    vary
        Values of two parameters by dotted name, the first for the horizontal axis; at least two values of each.
    outcome
        One of `sim.analysis.summary.OUTCOMES`.
    runs
        Runs of every point, at least two.
    seed
        Seed of all random numbers.
    level
        What line the stored figure shows, in the unit of the outcome; by default half of the runs, of a mean no line.
    independent
        Give every point luck of its own, in place of common random numbers.
    actors
        Classes that replace built-in actors, by name.
    directory
        Where to store the sweep, with the map, its line (``tipping.csv``, ``tipping_line.csv``) and its figure; the
        same call goes on where the last one stopped.
    fresh, workers, executor, progress, command
        How it is carried out: `sim.experiment.Execution`.

    Returns
    -------
    DataFrame
        One row per point; `sim.analysis.tipping.COLUMNS` names unit and meaning of each column.
        `sim.analysis.tipping.level_line` gives its lines, `sim.plots.tipping.tipping` draws it.

    Raises
    ------
    UsageError
        A name is unknown, a value is out of range, or there are not two parameters with two values each.
    ScenarioError, OutputError, FailedRunsError
        Those of `sim.sweep`.

    Examples
    --------
    >>> table = tipping_map("hardball", {"russia.confidence": [0.3, 0.8], "front.pace": [20, 80]}, runs=4)
    >>> table[["x", "y"]].values.tolist()
    [[0.3, 20.0], [0.3, 80.0], [0.8, 20.0], [0.8, 80.0]]
    """
    loaded = scenario if isinstance(scenario, Scenario) else load(scenario)
    level = level_of(check_outcome(outcome), level)
    if len(vary) != 2:
        raise UsageError(f"a map has two parameters, not {len(vary)}; vary two, each as NAME=low:high:count")
    each = whole_number("runs of every point", runs, lowest=2)
    design = make_design(loaded, vary)
    grid_of(design.frame().set_axis(["point", "x", "y"], axis=1).assign(value=0.0))  # refuses what is no grid
    experiment = Experiment.of(
        loaded, runs=each, seed=seed, actors=actors, independent=independent, design=design
    )  # fmt: skip
    how = Execution(workers, executor, directory=directory, fresh=fresh, progress=progress, command=command)
    table = map_of(cast(Sweep, run_experiment(experiment, Sweep, how)), outcome)
    if directory is not None:
        from sim.plots.tipping import tipping

        folder = Path(directory)
        lines = {} if level is None else {LINE_NAME: level_line(table, level)}
        add_products(folder, {NAME: table} | lines, {NAME: tipping(table, level).figure})
    return table


def map_of(sweep: Sweep, outcome: str) -> pd.DataFrame:
    """Return the table of `tipping_map` from a sweep over a grid of two parameters.

    Raises
    ------
    UsageError
        If the sweep varies another number of parameters, or the outcome is unknown.
    """
    check_outcome(outcome)
    assert sweep.experiment.design is not None
    names = sweep.experiment.design.names
    if len(names) != 2:
        raise UsageError(f"a map has two parameters, and this sweep varies {len(names)}")
    summary = sweep.summary
    table = pd.DataFrame(
        {
            "scenario": summary["scenario"], "outcome": outcome, "point": summary["point"],
            "x_parameter": names[0], "x": summary[names[0]], "y_parameter": names[1], "y": summary[names[1]],
            "runs": summary["runs"], "value": summary[outcome],
            "low": summary[f"{outcome}_low"], "high": summary[f"{outcome}_high"],
        }
    )  # fmt: skip
    grid_of(table)
    return table[list(COLUMNS)]


def level_of(outcome: str, level: float | None) -> float | None:
    """Return the level of the line of a map: half of the runs for an event, unless another one is asked for.

    Raises
    ------
    UsageError
        If the level of an event does not lie between 0 and 1.
    """
    if level is None:
        return 0.5 if is_share(outcome) else None
    if is_share(outcome) and not 0 < level < 1:
        raise UsageError(
            f"the level of a share of runs lies between 0 and 1, such as 0.5 for half of them, not {level:g}"
        )
    return float(level)
