"""In which region of its parameters an event of a scenario is frequent, from the runs of an experiment."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pandas as pd

from sim.analysis.discovery import COLUMNS as BOXES
from sim.analysis.discovery import SAMPLE_POINTS, find_boxes
from sim.analysis.outcomes import Column
from sim.analysis.points import check_outcome
from sim.analysis.summary import Tally, is_share, outcome_of
from sim.errors import UsageError
from sim.experiment.inputs import inputs
from sim.experiment.opening import open_results
from sim.experiment.results import Results

#: Rows that are looked at, at most: a table of all parameters of as many runs has some 100 MB.
MOST_ROWS = 200_000

#: The table, column by column, in its order.
COLUMNS: dict[str, Column] = {
    "scenario": Column("name", "name of the scenario"),
    "outcome": Column("category", "the event: a share of runs of the summary table, by its name there"),
    **BOXES,
}


def discover(
    results: Results | str | Path,
    scenario: str | None = None,
    outcome: str = "ceasefire_by_deadline",
    *,
    most_boxes: int = 3,
) -> pd.DataFrame:
    """Find boxes of parameters in which an event is more frequent than elsewhere, and judge them on runs left out.

    Parameters
    ----------
    results
        Results of `sim.compare` or `sim.sweep`, or the directory of an experiment, complete or not. Of more than
        `MOST_ROWS` runs the first are taken.
    scenario
        Name of the scenario; may be left out if there is one only.
    outcome
        One of `sim.analysis.summary.OUTCOMES` that is a share of runs.
    most_boxes
        Boxes that are reported, at most.

    Returns
    -------
    DataFrame
        All runs as box 0, then one row per box and condition; `COLUMNS` names unit and meaning of each column.

    Raises
    ------
    UsageError
        A name is unknown, the outcome is no event or happens too seldom, no parameter varies, or scikit-learn is not
        installed.
    OutputError
        The directory holds no experiment.

    Examples
    --------
    >>> import sim
    >>> comparison = sim.compare("hardball", runs=200)
    >>> discover(comparison, outcome="us_disengaged_by_deadline")["region"].iloc[0]
    'all runs'
    """
    if not is_share(check_outcome(outcome)):
        raise UsageError(f"'{outcome}' is a mean of values, not an event; regions are told for events only")
    opened = results if isinstance(results, Results) else open_results(results)
    experiment = opened.experiment
    if not opened.complete:
        part = "the experiment is not complete; this is about the runs that are there"
        warnings.warn(part, RuntimeWarning, stacklevel=2)
    if experiment.design is not None and experiment.points < SAMPLE_POINTS:
        few = f"a design of fewer than {SAMPLE_POINTS} points: boxes are judged at the points at which they were found"
        warnings.warn(few, RuntimeWarning, stacklevel=2)
    each = min(opened.runs, max(2, MOST_ROWS // experiment.points))
    values = inputs(experiment, scenario, range(each))
    name = experiment.scenarios[0].name if scenario is None else scenario
    chosen = next(known for known in experiment.scenarios if known.name == name)
    keys = ["point", "run"] if experiment.design is not None else ["run"]
    if len(values.columns) == len(keys):
        raise UsageError(f"scenario '{name}' has no uncertain parameter: its runs differ by luck alone")
    happened = np.full((experiment.points, each), np.nan)
    for rows in opened.frames(name, [*keys[:-1], *Tally.COLUMNS]):
        kept = rows[rows.index < each]
        point = kept["point"].to_numpy() if len(keys) > 1 else 0
        happened[point, kept.index.to_numpy()] = outcome_of(kept, chosen, outcome)
    # Runs that failed, or are not done yet, are not there.
    there = ~np.isnan(happened.ravel())
    known, events = values[there], happened.ravel()[there] > 0
    point_of = known["point"].to_numpy(dtype=np.int64) if len(keys) > 1 else None
    table = find_boxes(
        known.drop(columns=keys), events, known["run"].to_numpy(dtype=np.int64), point_of, most_boxes=most_boxes,
        seed=opened.seed,
    )  # fmt: skip
    return table.assign(scenario=name, outcome=outcome)[list(COLUMNS)]
