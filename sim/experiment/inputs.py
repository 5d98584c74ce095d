"""The uncertain parameters of an experiment's runs, drawn as the model draws them, without carrying out a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.distributions import Distribution
from sim.draws import Draws
from sim.errors import UsageError, whole_number
from sim.values import draw_values

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario


def inputs(scenario: Scenario, seed: int, runs: range) -> pd.DataFrame:
    """Return the value of every uncertain parameter in some runs of a scenario.

    Parameters
    ----------
    scenario
        The scenario.
    seed
        Seed of the experiment.
    runs
        Numbers of the runs, one after another.

    Returns
    -------
    DataFrame
        One row per run, whose number is the index (``run``); one column per uncertain parameter, by its dotted name, in
        its unit. A scenario without uncertainty gives rows without columns.

    Raises
    ------
    UsageError
        If the range is empty, leaves out numbers or begins below 0.

    Examples
    --------
    >>> from sim.scenario import load
    >>> table = inputs(load("hardball"), seed=1, runs=range(3))
    >>> table.shape[0], bool(table["russia.confidence"].between(0, 0.99).all())
    (3, True)
    """
    import pandas as pd

    if not len(runs) or runs.step != 1 or runs.start < 0:
        raise UsageError(f"runs must be a range of numbers from 0 upwards, one after another, not {runs}")
    draws = Draws(whole_number("seed", seed, lowest=0), len(runs), first_run=runs.start)
    laws = {name: law for name, law in scenario.resolve().items() if isinstance(law, Distribution)}
    values = draw_values(laws, draws)
    columns = {name: getattr(values[name.rpartition(".")[0]], name.rpartition(".")[2]) for name in laws}
    return pd.DataFrame(columns, index=pd.RangeIndex(runs.start, runs.stop, name="run"))
