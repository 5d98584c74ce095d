"""How far an experiment is: which scenarios have runs, how many are missing, how many failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.report.wording import counted, listed, quoted, titles

if TYPE_CHECKING:
    from sim.experiment.results import Results
    from sim.scenario import Scenario


class Extent(NamedTuple):
    """What there is of an experiment.

    Attributes
    ----------
    done
        Runs with an outcome, by the name of each scenario, all points together.
    wanted
        Runs that were asked for of each scenario, all points together; at most, if there is a precision to reach.
    failed
        Runs that failed, by the name of each scenario that has any.
    complete
        All runs are done.
    """

    done: dict[str, int]
    wanted: int
    failed: dict[str, int]
    complete: bool


def extent_of(results: Results) -> Extent:
    """Return how far an experiment is; only run numbers are read.

    Examples
    --------
    >>> import sim
    >>> extent_of(sim.compare("hardball", runs=8))
    Extent(done={'hardball': 8}, wanted=8, failed={}, complete=True)
    """
    done = {
        scenario.name: sum(len(rows) for rows in results.frames(scenario.name, [])) for scenario in results.scenarios
    }
    failures = results.failures
    first = failures[failures["replication"] == 0]
    failed = {str(name): int(number) for name, number in first.groupby("scenario", sort=False).size().items()}
    experiment = results.experiment
    return Extent(done, experiment.runs * experiment.points, failed, results.complete)


def scenarios_with_runs(results: Results, extent: Extent) -> list[Scenario]:
    """Return the scenarios of which there is a run, the baseline first."""
    there = [scenario for scenario in results.scenarios if extent.done[scenario.name]]
    return sorted(there, key=lambda scenario: scenario.name != results.baseline)


def what_is_missing(results: Results, extent: Extent) -> list[str]:
    """Say in sentences how partial an experiment is, and which runs failed; nothing if it is whole."""
    names, sentences = titles(results.scenarios), []
    if not extent.complete:
        done, most = sum(extent.done.values()) + sum(extent.failed.values()), extent.wanted * len(extent.done)
        at_most = "at most " if results.experiment.precision is not None else ""
        if not sum(extent.done.values()):
            return [f"The experiment is not complete: none of its {at_most}{most:,} runs has an outcome yet."]
        text = f"The experiment is not complete: {done:,} of {at_most}{most:,} runs are there"
        empty = [quoted(names[name]) for name, runs in extent.done.items() if not runs]
        if empty:
            text += f", none of them of {_few(empty)}"
        sentences.append(f"{text}; everything here is about these and may still move.")
    if extent.failed:
        total = sum(extent.failed.values())
        which = listed(f"{number:,} of {quoted(names[name])}" for name, number in list(extent.failed.items())[:3])
        more = f" and of {counted(len(extent.failed) - 3, 'other scenario')}" if len(extent.failed) > 3 else ""
        where = f" ({which}{more})" if len(extent.done) > 1 else ""
        sentences.append(
            f"{counted(total, 'run')} failed and {'is' if total == 1 else 'are'} left out{where}; if runs fail for a "
            "reason that has to do with their outcome, the shares told here may be off by as much as the share that "
            "failed."
        )
    return sentences


def _few(names: list[str], most: int = 5) -> str:
    return listed([*names[:most], f"{len(names) - most} more"] if len(names) > most else names)
