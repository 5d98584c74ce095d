"""An experiment on disk: a directory that tells what it is, and that a killed process leaves fit to go on.

The manifest is there before the first run. Each block of runs is written as parts of its own, the outcomes last: a
block whose outcomes are there is done. One process writes at a time.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import socket
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import OutputError
from sim.experiment.chunk import Block, Result
from sim.experiment.files import UNFINISHED, flush_to_disk, is_unfinished, reason, write_text
from sim.experiment.parts import TABLES, block_of, fault_of, label, label_of, read_part, write_part
from sim.experiment.provenance import FORMAT, differences, manifest

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.experiment import Experiment

MANIFEST, DESIGN, LOCK, WRITER = "manifest.json", "design.csv", ".lock", ".writer"

#: Tables and figures that are made from the parts once all runs are done.
PRODUCTS = tuple(
    [
        f"{name}.csv"
        for name in (
            "summary",
            "comparison",
            "spread",
            "traces",
            "failures",
            "sensitivity",
            "tipping",
            "tipping_line",
        )
    ]
    + [
        f"{name}.{ending}"
        for name in ("outcomes", "ceasefire_incidence", "territory", "tipping")
        for ending in ("png", "svg")
    ]
)

#: What a manifest cannot do without.
_NEEDED = (
    "kind", "scenarios", "runs", "seed", "baseline", "independent", "actors", "traces", "trace_runs", "precision",
    "design", "chunk", "started", "ended",
)  # fmt: skip

_OURS = {MANIFEST, DESIGN, LOCK, WRITER, *PRODUCTS, *TABLES}


def default_directory(experiment: Experiment) -> Path:
    """Return where an experiment goes if nothing is said: ``results/<name>-<first digits of the digest>``.

    The name is that of the scenario, or ``comparison`` if there are several.
    """
    single = len(experiment.scenarios) == 1
    # A scenario made in Python may have any name; this one becomes part of a path.
    name = re.sub(r"[^\w.-]+", "_", experiment.scenarios[0].name) if single else "comparison"
    return Path("results") / f"{name}-{experiment.digest[:8]}"


def read_manifest(directory: Path) -> dict[str, Any]:
    """Return the manifest of an experiment.

    Raises
    ------
    OutputError
        If there is none, or it is not one of Truce's.
    """
    path = directory / MANIFEST
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        what = "holds no experiment (manifest.json is missing)" if directory.is_dir() else "there is no such directory"
        raise OutputError(f"{directory}: {what}") from None
    except (OSError, ValueError, RecursionError) as error:
        told = reason(error) if isinstance(error, OSError) else "not JSON"
        raise OutputError(f"{path}: cannot be read ({told})") from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise OutputError(f"{path}: is not the manifest of an experiment of this version of Truce ({FORMAT})")
    for key in _NEEDED:
        if key not in content:
            raise OutputError(f"{path}: is not complete ('{key}' is missing)")
    return content


class Parts:
    """The parts of an experiment's tables, for reading; an outcomes table that is read in parts.

    Parameters
    ----------
    directory
        The directory of the experiment.
    about
        Its manifest.
    table
        "outcomes", or "repeats" for the runs that were repeated with other luck.
    """

    def __init__(self, directory: Path, about: Mapping[str, Any], table: str = "outcomes") -> None:
        self.folder = directory / table
        self._names = [scenario["name"] for scenario in about["scenarios"]]

    def frames(self, scenario: str, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
        """Yield the parts of a scenario, sorted by point and run; see `sim.analysis.outcomes.Outcomes`."""
        place, paths = self._names.index(scenario), self.paths()
        # Where a block is missing or runs failed, the parts of two scenarios must not lose step.
        for rest in sorted({path.name.split("-", 1)[1] for path in paths}):
            path = self.folder / f"{place:03d}-{rest}"
            if path.exists():
                yield read_whole(path, ["run", *columns]).set_index("run")
            else:  # no rows, but columns of the same types
                yield read_whole(paths[0], ["run", *columns]).set_index("run").iloc[:0]

    def paths(self) -> list[Path]:
        """Return the files, in the order of the table."""
        return sorted(self.folder.glob("[0-9]*.parquet"))

    def each(self) -> Iterator[pd.DataFrame]:
        """Yield every part."""
        return (read_whole(path) for path in self.paths())

    def table(self, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Return the whole table, or some columns of it."""
        import pandas as pd

        tables = [read_whole(path, columns) for path in self.paths()]
        filled = [table for table in tables if not table.empty] or tables[:1]
        return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame()

    def block_with(self, scenario: int, point: int, run: int) -> Block | None:
        """Return the block that holds a run, None if it is not done."""
        import pyarrow.parquet as pq

        for path in sorted(self.folder.glob(f"{scenario:03d}-*.parquet")):
            with _damage_told(path):
                about = label_of(pq.read_schema(path))
            block = None if about is None else block_of(about)
            if block is not None and point in block.points and run in block.runs:
                return block
        return None

    def counted(self) -> tuple[int, int]:
        """Return how many runs are done, of all scenarios and points, and how many of these failed."""
        import pyarrow.parquet as pq

        done = failed = 0
        for path in self.paths():
            # What is damaged will be done again.
            with suppress(OSError, ValueError), pq.ParquetFile(path) as file:
                failures = int((label_of(file.schema_arrow) or {}).get("failures", 0))
                done, failed = done + file.metadata.num_rows + failures, failed + failures
        return done, failed


def read_whole(path: Path, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Return columns of a part, or say which file is damaged and what mends it."""
    with _damage_told(path):
        return read_part(path, columns)


@contextmanager
def _damage_told(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:
        told = str(error).splitlines()[0]
        raise OutputError(f"{path}: is damaged ({told}); the command that made it writes this part anew") from error


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
        self, directory: Path, experiment: Experiment, chunk: int, *, fresh: bool = False,
        command: Sequence[str] | None = None,
    ) -> None:  # fmt: skip
        self.directory, self.experiment, self.fresh = directory, experiment, fresh
        self.manifest = manifest(experiment, chunk, command)

    @property
    def chunk(self) -> int:
        """Most runs that advance together."""
        return int(self.manifest["chunk"])

    def __enter__(self) -> Store:
        from filelock import FileLock, Timeout

        with self._failing("cannot write there", "choose another directory"):
            made = _make_directory(self.directory)
            _refuse_foreign_files(self.directory)
            self._lock = FileLock(self.directory / LOCK)
            try:
                self._lock.acquire(timeout=0)
            except Timeout:
                raise OutputError(
                    f"{self.directory}: {_writer(self.directory)} is writing this experiment; "
                    "wait until it ends, or choose another directory"
                ) from None
            try:
                self._begin()
            except BaseException:
                self._release()
                if made:
                    shutil.rmtree(made[-1], ignore_errors=True)
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
            self._write_manifest()
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
        from sim.plots import save_figure

        with self._failing("writing failed", "the runs are kept: make room and give the same command again"):
            for name, table in tables.items():
                text = table.to_csv(index=False, float_format="%.6g", lineterminator="\n")
                write_text(self.directory / f"{name}.csv", text)
            with tempfile.TemporaryDirectory(prefix=".figures.", suffix=UNFINISHED, dir=self.directory) as folder:
                for name, figure in figures.items():
                    for drawn in save_figure(figure, Path(folder) / name):
                        flush_to_disk(drawn)
                        drawn.replace(self.directory / drawn.name)
            files = sorted(
                path for path in self.directory.rglob("*")
                if path.is_file() and path.name not in (MANIFEST, LOCK, WRITER) and not is_unfinished(path)
            )  # fmt: skip
            digests = {
                path.relative_to(self.directory).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
                for path in files
            }
            self.manifest |= {**told, "ended": now(), "files": digests}
            self._write_manifest()

    def _begin(self) -> None:
        """Make sure that the directory is this experiment's, as new or as it was left."""
        for path in list(self.directory.rglob(f".*{UNFINISHED}")):
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        there = read_manifest(self.directory) if (self.directory / MANIFEST).exists() else None
        if there is not None and self.fresh:
            _discard(self.directory)
            there = None
        if there is not None:
            if differ := differences(there, self.manifest):
                raise OutputError(
                    f"{self.directory}: holds another experiment: {'; '.join(differ)}; "
                    "--fresh (fresh=True) discards it and begins anew, or choose another directory"
                )
            self.manifest = there
        if there is None:
            self._write_manifest()  # before all else: without it, what a killed process left would be foreign
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

    def _write_manifest(self) -> None:
        text = json.dumps(self.manifest, indent=2, ensure_ascii=False, allow_nan=False)
        write_text(self.directory / MANIFEST, text + "\n")

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


def being_written(directory: Path) -> str | None:
    """Return who is writing an experiment at this moment, None if nobody is."""
    from filelock import FileLock, Timeout

    if not (directory / LOCK).exists() or not os.access(directory / LOCK, os.W_OK):
        return None
    lock = FileLock(directory / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return _writer(directory)
    lock.release()
    return None


def _writer(directory: Path) -> str:
    try:
        return (directory / WRITER).read_text(encoding="utf-8") or "another process"
    except (OSError, ValueError):
        return "another process"


def _make_directory(directory: Path) -> list[Path]:
    """Make a directory with those above it, and return the new ones."""
    if os.path.lexists(directory) and not directory.is_dir():
        raise OutputError(f"{directory}: exists and is not a directory; choose another name")
    missing = [path for path in (directory, *directory.parents) if not os.path.lexists(path)]
    for path in directory.parents:
        if os.path.lexists(path) and not path.is_dir():
            raise OutputError(f"{directory}: '{path.name}' on the way there is not a directory; choose another name")
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError):
        for path in missing:
            with suppress(OSError, ValueError):
                path.rmdir()
        raise
    return list(reversed(missing))


def _refuse_foreign_files(directory: Path) -> None:
    """Refuse a directory that holds anything that Truce did not put there; nothing in it is ever touched."""
    entries = sorted(os.scandir(directory), key=lambda entry: entry.name)
    is_ours = (directory / MANIFEST).exists()
    for entry in entries:
        known = entry.name in _OURS if is_ours else entry.name in (LOCK, WRITER)
        if is_unfinished(Path(entry.name)):
            continue
        if not known or entry.is_dir(follow_symlinks=False) != (entry.name in TABLES):
            raise _foreign(directory, entry.name)
    if is_ours:
        read_manifest(directory)
        for table in TABLES:
            for path in sorted((directory / table).glob("*")):
                if not is_unfinished(path) and not re.fullmatch(r"\d{3}-\d{7}-\d{10}(-\d+)?\.parquet", path.name):
                    raise _foreign(directory, f"{table}/{path.name}")


def _foreign(directory: Path, name: str) -> OutputError:
    return OutputError(
        f"{directory}: holds '{name}', which no experiment of Truce put there; "
        "choose another directory, or move it away"
    )


def _discard(directory: Path) -> None:
    """Remove an experiment, its manifest last: killed before, the next attempt still finds an experiment of Truce."""
    for table in TABLES:
        shutil.rmtree(directory / table, ignore_errors=True)
    for name in (DESIGN, *PRODUCTS, MANIFEST):
        (directory / name).unlink(missing_ok=True)
    flush_to_disk(directory)
