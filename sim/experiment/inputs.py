"""The values that uncertain parameters had in the runs of an experiment, drawn anew without running the model."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, SupportsIndex

import numpy as np

from sim.arrays import FloatArray
from sim.distributions import Distribution
from sim.draws import Draws
from sim.errors import UsageError, whole_number
from sim.experiment.chunk import Block
from sim.values import draw_values

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from sim.experiment.experiment import Experiment

#: Runs that are passed over rather than drawn apart, where some are left out.
_GAP = 4096

#: Points and runs of a design at which `check_inputs` looks.
_POINTS, _RUNS = 5, 2


def inputs(
    experiment: Experiment,
    scenario: str | None = None,
    runs: Iterable[SupportsIndex] | None = None,
    points: Iterable[SupportsIndex] | None = None,
) -> pd.DataFrame:
    """Return the values of the uncertain parameters in runs of an experiment, exactly those that the model had.

    A draw depends on seed, stream and number of the run alone, so the values need no model and no stored file. Memory
    grows with the runs (and points) that are asked for, whatever the size of the experiment.

    Parameters
    ----------
    experiment
        The experiment; of results it is ``results.experiment``.
    scenario
        Name of the scenario; may be left out if there is one only.
    runs
        Numbers of the runs; by default all.
    points
        Points of the design, if there is one; by default all.

    Returns
    -------
    DataFrame
        One row per run, of a sweep one per point and run: the column ``run``, in a sweep ``point`` before it, and one
        for each parameter that varies, by dotted name, in its unit; those of the design first.

    Raises
    ------
    UsageError
        There is no such scenario, run or point; or scenarios or points have luck of their own in rounds of runs whose
        number a precision decided.

    Examples
    --------
    >>> import sim
    >>> comparison = sim.compare("hardball", runs=4)
    >>> inputs(comparison.experiment, runs=[2, 3])["run"].tolist()
    [2, 3]
    """
    import pandas as pd

    place = experiment.place_of(scenario)
    chosen = experiment.scenarios[place]
    numbers = _numbers("run", runs, experiment.runs)
    design = experiment.design
    if design is None and points is not None:
        raise UsageError("this experiment has no design, so it has no points")
    where = _numbers("point", points, experiment.points)
    if experiment.independent and experiment.precision is not None and design is not None:
        raise UsageError("which luck a run meets was decided round by round here, so its values cannot be drawn anew")
    laws = {name: law for name, law in chosen.resolve().items() if isinstance(law, Distribution)}
    varied = design.names if design is not None else ()
    drawn = [name for name in laws if name not in varied]
    columns: dict[str, object] = {} if design is None else {"point": np.repeat(where, len(numbers))}
    columns["run"] = np.tile(numbers, len(where))
    for k, name in enumerate(varied):
        assert design is not None
        columns[name] = np.repeat(design.values[where, k], len(numbers))
    lucks = [_luck(experiment, place, int(point)) for point in (where if experiment.independent else where[:1])]
    for name in drawn:
        values = [_drawn(name, laws[name], experiment.seed, numbers + luck) for luck in lucks]
        columns[name] = np.concatenate(values) if len(lucks) == len(where) else np.tile(values[0], len(where))
    return pd.DataFrame(columns)


def check_inputs(experiment: Experiment) -> None:
    """Make sure that the values of a design reach the model: at some points, in some runs, after the first week.

    Raises
    ------
    UsageError
        A value is another one in the model, because an event of the scenario sets it or by a defect.
    """
    design = experiment.design
    if design is None:
        raise UsageError("this experiment has no design whose values could reach the model")
    (scenario,) = experiment.scenarios
    runs = range(min(_RUNS, experiment.runs))
    for point in np.unique(np.linspace(0, len(design) - 1, _POINTS).round().astype(np.int64)).tolist():
        block = Block(0, range(point, point + 1), runs, luck=0, independent=experiment.independent)
        model = experiment.task(block).model()
        model.step()
        for k, name in enumerate(design.names):
            group, key = name.rsplit(".", 1)
            found, given = getattr(model.values[group], key), design.values[point, k]
            if not (found == given).all():
                setting = [event.name for event in scenario.events if name in event.changes]
                why = f"event '{setting[0]}' of the scenario sets it" if setting else "that is a defect of Truce"
                raise UsageError(
                    f"{name}: {given:.6g} at point {point} of the design is {found[0]:.6g} in the model; {why}"
                )


def _numbers(what: str, given: Iterable[SupportsIndex] | None, count: int) -> NDArray[np.int64]:
    if given is None:
        return np.arange(count)
    plain = given if isinstance(given, range) else [whole_number(f"a {what}", number, lowest=0) for number in given]
    found = np.asarray(plain, dtype=np.int64)
    outside = found[(found < 0) | (found >= count)]
    if outside.size:
        raise UsageError(f"there is no {what} {outside[0]}; there are {what}s 0 to {count - 1}")
    return found


def _luck(experiment: Experiment, scenario: int, point: int) -> int:
    """Return what is added to the number of a run to get the number of the luck that it meets."""
    whole = range(experiment.runs)
    return experiment.luck(scenario, range(point, point + 1), whole, whole)


def _drawn(name: str, law: Distribution, seed: int, lucks: NDArray[np.int64]) -> FloatArray:
    """Draw one parameter for the runs of these lucks; those close together are drawn at once."""
    values = np.empty(len(lucks))
    order = np.argsort(lucks, kind="stable")
    for part in _stretches(lucks[order]):
        places = order[part]
        first = int(lucks[places[0]])
        group, key = name.rsplit(".", 1)
        draws = Draws(seed, int(lucks[places[-1]]) - first + 1, first)
        values[places] = getattr(draw_values({name: law}, draws)[group], key)[lucks[places] - first]
    return values


def _stretches(numbers: NDArray[np.int64]) -> Sequence[slice]:
    """Cut sorted numbers where many are left out."""
    if not len(numbers):
        return []
    ends = [*(np.flatnonzero(np.diff(numbers) > _GAP) + 1).tolist(), len(numbers)]
    return [slice(first, last) for first, last in zip([0, *ends[:-1]], ends, strict=True)]
