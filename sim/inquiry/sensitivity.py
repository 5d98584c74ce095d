"""Which uncertain parameters matter: a design of SALib, run as a sweep, and indices of its outcomes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, SupportsIndex, cast, get_args

import numpy as np
import pandas as pd

from sim.analysis.outcomes import Column
from sim.analysis.points import check_outcome, values_by_point
from sim.analysis.screening import COLUMNS as SCREENING
from sim.analysis.screening import elementary_effects, morris_points, quantiles_of
from sim.analysis.sensitivity import COLUMNS as INDICES
from sim.analysis.sensitivity import PLACEBO, sobol_indices, sobol_points
from sim.arrays import FloatArray
from sim.errors import UsageError, nearest, whole_number
from sim.experiment.design import MOST_POINTS, Variation, checked, laws_of, through_laws
from sim.experiment.experiment import Experiment
from sim.experiment.inputs import check_inputs
from sim.experiment.products import add_products
from sim.experiment.running import Execution, run_experiment
from sim.experiment.sweeping import Sweep
from sim.scenario import Scenario, load

if TYPE_CHECKING:
    from sim.distributions import Distribution
    from sim.experiment.design import Design
    from sim.parameters import Parameter

Method = Literal["sobol", "morris"]

#: Rows of the design and runs of every point, unless something else is asked for.
SAMPLE, RUNS = 64, 50

#: Name of the table in the directory of the sweep.
NAME = "sensitivity"

_FIRST: dict[str, Column] = {
    "scenario": Column("name", "name of the scenario"),
    "outcome": Column("category", "a share of runs or a mean of the summary table, by its name there"),
    "method": Column("category", "sobol or morris"),
}

#: The table of each method, column by column, in its order.
COLUMNS: dict[str, dict[str, Column]] = {"sobol": _FIRST | INDICES, "morris": _FIRST | SCREENING}


def sensitivity(
    scenario: str | Path | Scenario,
    vary: Mapping[str, Variation] | Iterable[str] = (),
    *,
    outcome: str | Sequence[str] = "ceasefire_by_deadline",
    method: Method = "sobol",
    sample: SupportsIndex = SAMPLE,
    runs: SupportsIndex = RUNS,
    seed: SupportsIndex = 1,
    independent: bool = False,
    actors: Mapping[str, type] | None = None,
    directory: str | Path | None = None,
    fresh: bool = False,
    workers: int | None = None,
    executor: object = None,
    progress: bool | None = None,
    command: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Tell which uncertain parameters an outcome depends on.

    Parameters
    ----------
    scenario
        Name, path or `Scenario`.
    vary
        Names of parameters, which take their own laws, or laws by name; ``russia.*`` stands for all uncertain ones of a
        group, nothing for all uncertain ones. Uncertain parameters that are left out are drawn in every run as ever:
        they count as luck.
    outcome
        One or several of `sim.analysis.summary.OUTCOMES`.
    method
        "sobol" for first-order and total indices, "morris" for a screening by fewer points.
    sample
        Rows of the design. Of P parameters, a row of "sobol" has P + 3 points (the placebo is one more input), and the
        number of rows is a power of two; a row of "morris", a path, has P + 2.
    runs
        Runs of every point, at least two: what they differ by tells luck apart.
    seed
        Seed of design, runs and intervals.
    independent
        Give every point luck of its own, in place of common random numbers.
    actors
        Classes that replace built-in actors, by name.
    directory
        Where to store the sweep, and ``sensitivity.csv`` in it, with a figure of Sobol indices (of the first
        outcome); the same call goes on where the last one stopped.
    fresh, workers, executor, progress, command
        How it is carried out: `sim.experiment.Execution`.

    Returns
    -------
    DataFrame
        One row per outcome and parameter, `PLACEBO` last; `COLUMNS` of the method names unit and meaning of each
        column.

    Raises
    ------
    UsageError
        A name is unknown, a number makes no sense, SALib is not installed, an outcome is the same in all runs, or
        points differ by no more than luck.
    ScenarioError, OutputError, FailedRunsError
        Those of `sim.sweep`.

    Examples
    --------
    >>> table = sensitivity("hardball", ["front.pace"], outcome="territory_lost_km2", method="morris", sample=4, runs=4)
    >>> table["parameter"].tolist()
    ['front.pace', 'placebo']
    """
    loaded = scenario if isinstance(scenario, Scenario) else load(scenario)
    wanted = [check_outcome(name) for name in ([outcome] if isinstance(outcome, str) else outcome)]
    if not wanted:
        raise UsageError("no outcome is named; name one, such as ceasefire_by_deadline")
    if method not in get_args(Method):
        hint = nearest(method, get_args(Method)) or "; there are sobol and morris"
        raise UsageError(f"there is no method '{method}'{hint}")
    rows = whole_number("sample", sample, lowest=4)
    each = whole_number("runs of every point", runs, lowest=2)
    laws = laws_of(loaded, vary)
    if not laws:
        raise UsageError(f"scenario '{loaded.name}' has no uncertain parameter")
    design, levels = design_of(laws, method, rows, whole_number("seed", seed, lowest=0))
    experiment = Experiment.of(
        loaded, runs=each, seed=seed, actors=actors, independent=independent, design=checked(design, loaded)
    )
    check_inputs(experiment)
    how = Execution(workers, executor, directory=directory, fresh=fresh, progress=progress, command=command)
    sweep = cast(Sweep, run_experiment(experiment, Sweep, how))
    table = sensitivity_of(sweep, wanted, method, levels)
    if directory is not None:
        add_products(Path(directory), {NAME: table}, _figures(table, wanted[0]) if method == "sobol" else {})
    return table


def design_of(
    laws: Mapping[str, tuple[Distribution, Parameter]], method: Method, rows: int, seed: int
) -> tuple[Design, FloatArray]:
    """Return a design over laws, and the points of SALib that it is made of, with the placebo as last input.

    Raises
    ------
    UsageError
        If there are more points than can be run.
    """
    names = [*laws, PLACEBO]
    count = rows * (len(names) + (2 if method == "sobol" else 1))
    if count > MOST_POINTS:
        raise UsageError(f"the design has {count:,} points; at most {MOST_POINTS:,} can be run: take a smaller sample")
    levels = (sobol_points if method == "sobol" else morris_points)(names, rows, seed)
    quantiles = levels if method == "sobol" else quantiles_of(levels)
    return through_laws(laws, quantiles[:, :-1]), levels


def sensitivity_of(sweep: Sweep, outcomes: Sequence[str], method: Method, levels: FloatArray) -> pd.DataFrame:
    """Return the table of `sensitivity` from a sweep that was run already.

    Parameters
    ----------
    sweep
        The sweep of a design of `design_of`.
    outcomes
        Names of outcomes.
    method
        Method of the design.
    levels
        The points of SALib that `design_of` returned.
    """
    (scenario,), experiment = sweep.scenarios, sweep.experiment
    assert experiment.design is not None
    names, shared, tables = [*experiment.design.names, PLACEBO], not experiment.independent, []
    for outcome in outcomes:
        values = values_by_point(sweep, scenario, outcome, experiment.points).values
        try:
            if method == "sobol":
                table = sobol_indices(values, names, shared=shared, seed=sweep.seed)
            else:
                table = elementary_effects(levels, values, names, shared=shared, seed=sweep.seed)
        except UsageError as error:
            raise UsageError(f"{outcome}: {error}") from None
        if shared:
            _check_placebo(values, levels, outcome)
        tables.append(table.assign(scenario=scenario.name, outcome=outcome, method=method)[list(COLUMNS[method])])
    return pd.concat(tables, ignore_index=True)


def _figures(table: pd.DataFrame, outcome: str) -> dict[str, Any]:
    from sim.plots import sobol

    return {NAME: sobol(table, outcome).figure}


def _check_placebo(values: FloatArray, levels: FloatArray, outcome: str) -> None:
    """Make sure that points that differ by the placebo alone have the same runs: on the same luck they must."""
    _, twin = np.unique(levels[:, :-1], axis=0, return_inverse=True)
    order = np.argsort(twin, kind="stable")
    same = np.diff(twin[order]) == 0
    if (values[order[1:]][same] != values[order[:-1]][same]).any():
        raise UsageError(f"the placebo changes {outcome}: runs are not what their inputs and their luck make them")
