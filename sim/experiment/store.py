"""An experiment on disk, being written: a directory that a killed process leaves fit to go on.

The manifest is there before the first run. Each block of runs is written as parts of its own, the outcomes last: a
block whose outcomes are there is done. One process writes at a time.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import OutputError
from sim.experiment.chunk import Block, Result
from sim.experiment.directory import (
    DESIGN,
    LOCK,
    MANIFEST,
    REPORT,
    WRITER,
    discard,
    make_directory,
    read_manifest,
    refuse_foreign_files,
    remove_unfinished,
)
from sim.experiment.files import reason, target_of, write_text
from sim.experiment.parts import fault_of, label, label_of, write_part
from sim.experiment.products import as_csv, digest_of, write_figures, write_manifest
from sim.experiment.provenance import differences, manifest
from sim.ordinary_files import read_ordinary

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.experiment import Experiment

#: Seconds for which a lock that is held is tried again: whoever asks how far an experiment is takes it for a moment.
_PATIENCE = 1.0


def default_directory(experiment: Experiment) -> Path:
    """Return where an experiment goes if nothing is said: ``results/<name>-<first digits of the digest>``.

    The name is that of the scenario, or ``comparison`` if there are several.
    """
    single = len(experiment.scenarios) == 1
    # A scenario made in Python may have any name; this one becomes part of a path.
    name = re.sub(r"[^\w.-]+", "_", experiment.scenarios[0].name) if single else "comparison"
    return Path("results") / f"{name}-{experiment.digest[:8]}"


class Store:
    """An experiment's directory, open for writing; a context manager that holds its lock.

    Parameters
    ----------
    directory
        Where to.
    experiment
        What is computed.
    chunk
        Most runs that advance together; an experiment that was begun goes on with the size that it was begun with.
    check
        Invariants are looked at; an experiment that was begun so goes on so.
    fresh
        Discard an earlier experiment in the directory, whichever it is.
    command
        Words of the command line, for the manifest.

    Raises
    ------
    OutputError
        On entering: the directory cannot be written, holds another experiment or foreign files, or another process
        is writing it.
    """

    def __init__(
        self, directory: Path, experiment: Experiment, chunk: int, *, check: bool = False, fresh: bool = False,
        command: Sequence[str] | None = None,
    ) -> None:  # fmt: skip
        self.directory, self.experiment, self.fresh = directory, experiment, fresh
        self.manifest = manifest(experiment, chunk, command, check)

    @property
    def chunk(self) -> int:
        """Most runs that advance together."""
        return int(self.manifest["chunk"])

    @property
    def check(self) -> bool:
        """Whether invariants are looked at."""
        return bool(self.manifest.get("check"))

    def __enter__(self) -> Store:
        from filelock import FileLock, Timeout

        with self._failing("cannot write there", "choose another directory"):
            made = make_directory(self.directory)
            refuse_foreign_files(self.directory)
            self._lock = FileLock(self.directory / LOCK)
            try:
                self._lock.acquire(timeout=_PATIENCE)
            except Timeout:
                raise OutputError(
                    f"{self.directory}: {_writer(self.directory)} is writing this experiment; "
                    "wait until it ends, or choose another directory"
                ) from None
            try:
                self._begin()
            except BaseException:
                if made:
                    shutil.rmtree(made[-1], ignore_errors=True)
                self._release()
                for path in reversed(made[:-1]):
                    with suppress(OSError):
                        path.rmdir()
                raise
        return self

    def __exit__(self, *_: object) -> None:
        self._release()

    @property
    def finished(self) -> bool:
        """The experiment was completed, and all that was made of it is still there."""
        files = self.manifest["files"]
        return self.manifest["ended"] is not None and all((self.directory / name).exists() for name in files)

    def missing(self, blocks: Sequence[Block]) -> list[Block]:
        """Return the blocks that still have to be done; a part that is damaged or foreign is named and done again."""
        missing = []
        for block in blocks:
            about = label(self.experiment.digest, block)
            outcomes = self.path(block)
            path, fault = outcomes, fault_of(outcomes, about)
            for other in () if fault else self._companions(block, outcomes):
                if fault is None:
                    path, fault = other, fault_of(other, about)
            if fault is None:
                continue
            missing.append(block)
            if outcomes.exists():
                warnings.warn(f"{path}: {fault}; its runs are done again", RuntimeWarning, stacklevel=2)
        return missing

    def path(self, block: Block) -> Path:
        """Return where the outcomes of a block are."""
        return self.directory / ("repeats" if block.replication else "outcomes") / f"{block.name}.parquet"

    def keep(self, block: Block, result: Result) -> None:
        """Write the parts of a block; it is done once this returns.

        Raises
        ------
        OutputError
            If the disk is full or gone; what was written before is safe.
        """
        about = label(self.experiment.digest, block, len(result.failures))
        path = self.path(block)
        if self.manifest["ended"] is not None:  # a part was damaged: until all is made anew, it is not complete
            self.manifest["ended"] = None
            write_manifest(self.directory, self.manifest)
        with self._failing("writing failed", "what is done is kept: make room and give the same command again"):
            for table in ("traces", "histories", "failures"):
                content = getattr(result, table)
                if content is not None and not content.empty:
                    write_part(self._companion(table, block), content, about)
            write_part(path, result.outcomes, about)

    def finish(self, tables: Mapping[str, pd.DataFrame], figures: Mapping[str, Any], **told: object) -> None:
        """Write what is made from the parts, and complete the manifest.

        Parameters
        ----------
        tables
            Tables by name.
        figures
            Figures by name.
        told
            What else the manifest should say of the end.
        """
        from sim.experiment.provenance import now

        with self._failing("writing failed", "the runs are kept: make room and give the same command again"):
            for name, table in tables.items():
                write_text(self.directory / f"{name}.csv", as_csv(table))
            write_figures(self.directory, figures)
            files = sorted(
                path for path in self.directory.rglob("*")
                if path.is_file() and path.name not in (MANIFEST, LOCK, WRITER)
                and not _is_of_report(path.relative_to(self.directory))
            )  # fmt: skip
            digests = {path.relative_to(self.directory).as_posix(): digest_of(path) for path in files}
            self.manifest |= {**told, "ended": now(), "files": digests}
            write_manifest(self.directory, self.manifest)

    def _begin(self) -> None:
        """Make sure that the directory is this experiment's, as new or as it was left."""
        remove_unfinished(self.directory)
        there = read_manifest(self.directory) if (self.directory / MANIFEST).exists() else None
        if there is not None and self.fresh:
            discard(self.directory)
            there = None
        if there is not None:
            if differ := differences(there, self.manifest):
                raise OutputError(
                    f"{self.directory}: holds another experiment: {'; '.join(differ)}; "
                    "--fresh (fresh=True) discards it and begins anew, or choose another directory"
                )
            self.manifest = there
        if there is None:
            # Before all else: without it, what a killed process left would be foreign.
            write_manifest(self.directory, self.manifest)
        if self.experiment.design is not None and not (self.directory / DESIGN).exists():
            write_text(self.directory / DESIGN, self.experiment.design.to_csv())
        for table in ("outcomes", *(["repeats"] if self.experiment.spread_runs else []), *self._traced()):
            (self.directory / table).mkdir(exist_ok=True)
        (self.directory / "failures").mkdir(exist_ok=True)
        text = f"process {os.getpid()} on {socket.gethostname()}"
        (self.directory / WRITER).write_text(text, encoding="utf-8")

    def _traced(self) -> list[str]:
        if not self.experiment.traces:
            return []
        return ["traces", "histories"] if self.experiment.trace_runs else ["traces"]

    def _companion(self, table: str, block: Block) -> Path:
        """Return where a block's part of another table is: the repeated runs of a block may fail like the first."""
        name = f"{block.name}-{block.replication}" if table == "failures" else block.name
        return self.directory / table / f"{name}.parquet"

    def _companions(self, block: Block, outcomes: Path) -> list[Path]:
        """Return what must be there beside the outcomes of a block."""
        import pyarrow.parquet as pq

        failed = (label_of(pq.read_schema(outcomes)) or {})["failures"]
        tables = ["failures"] if failed else []
        if self.experiment.traces and not block.replication and failed < block.size:
            chosen = any(run in block.runs for run in self.experiment.trace_runs)
            tables += ["traces", "histories"] if chosen and not failed else ["traces"]
        return [self._companion(table, block) for table in tables]

    def _release(self) -> None:
        with suppress(OSError):
            (self.directory / WRITER).unlink(missing_ok=True)
        self._lock.release()  # the file stays: removed, it could be locked twice

    @contextmanager
    def _failing(self, what: str, remedy: str) -> Iterator[None]:
        try:
            yield
        except (OSError, ValueError) as error:  # ValueError: a NUL character in the path
            raise OutputError(f"{self.directory}: {what} ({reason(error)}); {remedy}") from error


def _is_of_report(path: Path) -> bool:
    """Tell the files of a report, which may be made anew or removed at any time, or are being made just now."""
    first = Path(path.parts[0])
    return REPORT in (first.name, target_of(first))


def being_written(directory: Path) -> str | None:
    """Return who is writing an experiment at this moment, None if nobody is."""
    from filelock import FileLock, Timeout

    path = directory / LOCK
    if path.is_symlink() or not path.is_file() or not os.access(path, os.W_OK):  # put there by somebody else
        return None
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return _writer(directory)
    lock.release()
    return None


def _writer(directory: Path) -> str:
    try:
        return read_ordinary(directory / WRITER, 1000).decode("utf-8") or "another process"
    except (OSError, ValueError):
        return "another process"


