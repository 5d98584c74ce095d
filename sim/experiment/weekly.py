"""What happens from week to week in the runs of an experiment, also of one that did not trace it.

A run is the same whenever it is carried out, so what was not followed the first time can be followed the second.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, SupportsIndex

from sim.errors import UsageError, whole_number
from sim.experiment.batch import CHUNK, blocks_of, carry_out
from sim.experiment.chunk import Block, Result
from sim.experiment.replay import cast_of, some_broke_invariants
from sim.experiment.traces import add_counts, check_traces, quantiles

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.results import Results

#: Runs of each scenario or point that are carried out again, at most: a share of runs is then known to within 0.03.
RUNS = 1000


def weekly(
    results: Results, variables: Iterable[str], runs: SupportsIndex = RUNS, *, scenario: str | None = None,
    actors: Mapping[str, type] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Return weekly quantiles and shares; `Results.weekly` says more.

    Raises
    ------
    UsageError
        If a variable or the scenario is unknown, the number makes no sense, no run is done yet, or classes of actors
        are missing.
    """
    names, number = check_traces(variables), whole_number("runs", runs, lowest=1)
    if not names:
        raise UsageError("nothing is to be followed from week to week; name it, for example confidence")
    experiment = results.experiment
    places = range(len(experiment.scenarios)) if scenario is None else [experiment.place_of(scenario)]
    wanted = [experiment.scenarios[place].name for place in places]
    if set(names) <= set(experiment.traces):
        table = results.traces
        return table[table["variable"].isin(names) & table["scenario"].isin(wanted)].reset_index(drop=True)
    if not results.runs:
        raise UsageError("no run is done yet, so that there is nothing to follow from week to week")
    again = replace(experiment, actors=cast_of(results, actors, "weekly"), traces=names, trace_runs=())
    blocks = [block for block in _blocks(results, min(number, results.runs)) if block.scenario in places]
    counts: list[tuple[str, pd.DataFrame]] = []

    def keep(block: Block, result: Result) -> None:
        if result.traces is not None:
            counts.append((block.name, result.traces))

    check = some_broke_invariants(results)
    carry_out([again.task(block, check=check) for block in blocks], keep)
    # In the order of the blocks, whichever was done first.
    return quantiles(add_counts(table for _, table in sorted(counts, key=lambda pair: pair[0])))


def _blocks(results: Results, runs: int) -> Iterator[Block]:
    """Yield the first runs of every scenario and point, on the luck that they met."""
    experiment = results.experiment
    if not experiment.independent:
        yield from blocks_of(experiment, range(runs), chunk=CHUNK)
        return
    # Whose luck a run meets was settled when its block was cut; of runs that are not done it is not settled yet.
    for place in range(len(experiment.scenarios)):
        for point in range(experiment.points):
            run = 0
            while run < runs:
                stored = results.block_with(place, point, run)
                if stored is None:
                    run += 1
                    continue
                some = range(run, min(stored.runs.stop, runs))
                luck = stored.luck + (point - stored.points.start) * len(stored.runs) + run - stored.runs.start
                yield Block(place, range(point, point + 1), some, 0, luck, independent=True)
                run = some.stop
