"""Experiments that are stored already: opened for reading, and told how far they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from sim.errors import TruceError
from sim.experiment.comparing import Comparison
from sim.experiment.directory import read_manifest
from sim.experiment.reading import Parts
from sim.experiment.store import being_written
from sim.experiment.sweeping import Sweep


def open_results(directory: str | Path) -> Comparison | Sweep:
    """Open the results in a directory; nothing is loaded before it is asked for.

    Parameters
    ----------
    directory
        Directory of an experiment, complete or not.

    Returns
    -------
    Comparison or Sweep
        Of an experiment that is not complete, what is there.

    Raises
    ------
    OutputError
        If there is no experiment of Truce.

    Examples
    --------
    >>> import sim, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = sim.compare("hardball", runs=8, directory=f"{folder}/mine")
    ...     sim.open(f"{folder}/mine").outcomes.shape[0]
    8
    """
    path = Path(directory)
    kind = Sweep if read_manifest(path)["kind"] == "sweep" else Comparison
    results = kind.at(path)
    assert isinstance(results, Comparison | Sweep)
    return results


class Status(NamedTuple):
    """How far a stored experiment is.

    Attributes
    ----------
    manifest
        What its directory says of it.
    done, failed
        Runs that are there, of all scenarios and points, those repeated with other luck left out; how many failed.
    total
        Runs that were asked for; at most, if there is a precision to reach.
    writer
        Who is writing it at this moment, None if nobody is.
    """

    manifest: dict[str, Any]
    done: int
    failed: int
    total: int
    writer: str | None


def status_of(directory: Path) -> Status:
    """Return how far the experiment in a directory is."""
    about = read_manifest(directory)
    done, failed = Parts(directory, about).counted()
    total = about["runs"] * len(about["scenarios"]) * (about["design"] or {"points": 1})["points"]
    return Status(about, done, failed, total, being_written(directory))


def kept(error: TruceError | KeyboardInterrupt | SystemExit, directory: Path, *, fresh: bool = False) -> str:
    """Return what to say when a batch stopped early: why, what is kept, and how to go on."""
    why = str(error) if isinstance(error, TruceError) else "stopped on request"
    try:
        status = status_of(directory)
    except TruceError:
        return why
    most = "at most " if status.manifest["precision"] else ""
    command = "the same command without --fresh" if fresh else "the same command"
    return (
        f"{why}; {status.done:,} of {most}{status.total:,} runs are kept in {directory}, and {command} goes on "
        "from there"
    )
