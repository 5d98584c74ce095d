"""The parts of a stored experiment, read one after another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import OutputError
from sim.experiment.chunk import Block
from sim.experiment.parts import block_of, check_seal, label_of, read_part
from sim.ordinary_files import open_ordinary

if TYPE_CHECKING:
    import pandas as pd


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
                check_seal(path)
                about = label_of(pq.read_schema(path))
            block = None if about is None else block_of(about)
            if block is not None and point in block.points and run in block.runs:
                return block
        return None

    def counted(self) -> tuple[int, int]:
        """Return how many runs are done, of all scenarios and points, and how many of these failed."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        done = failed = 0
        for path in self.paths():
            # What is damaged will be done again.
            with suppress(OSError, ValueError, pa.ArrowException), open_ordinary(path) as part:
                file = pq.ParquetFile(part)
                failures = int((label_of(file.schema_arrow) or {}).get("failures", 0))
                done, failed = done + file.metadata.num_rows + failures, failed + failures
        return done, failed


def read_whole(path: Path, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Return columns of a part, or say which file is damaged and what mends it."""
    with _damage_told(path):
        return read_part(path, columns)


@contextmanager
def _damage_told(path: Path) -> Iterator[None]:
    import pyarrow as pa

    try:
        yield
    except (OSError, ValueError, pa.ArrowException) as error:
        told = str(error).partition("\n")[0][:300]
        raise OutputError(f"{path}: is damaged ({told}); the command that made it writes this part anew") from error
