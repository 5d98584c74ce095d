"""Parts of an experiment's tables: one Parquet file a block, which knows what it belongs to and whether it is whole."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.analysis.outcomes import COLUMNS, POINT, Column
from sim.experiment.chunk import FAILURES, Block
from sim.experiment.files import written_whole
from sim.experiment.stated import is_label
from sim.ordinary_files import open_ordinary

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

#: Version of the tables' columns; it changes when a column changes its name, type or meaning.
SCHEMA = "truce tables 1"

#: Key in the metadata of a file under which `label` is kept.
LABEL = b"truce"

#: What stands, in the metadata of a file, before the SHA-256 of all its bytes; that was taken over zeros in its place.
SEAL, _UNSEALED = b"truce sha256 ", b"0" * 64

_TRACED = Column("as in sim.experiment.traces.VARIABLES", "name of what was traced")
_WEEK = Column("weeks from 2025-05-19", "week")
_RUN = Column("number", "number of the run")
_SCENARIO = Column("name", "name of the scenario")

#: The tables that come in parts, by the name of their folder, with unit and meaning of every column.
TABLES: dict[str, Mapping[str, Column]] = {
    "outcomes": COLUMNS | {"point": POINT},
    "repeats": COLUMNS | {"point": POINT},
    "failures": {name: Column("as described", meaning) for name, meaning in FAILURES.items()},
    "traces": {
        "scenario": _SCENARIO, "point": POINT, "week": _WEEK, "variable": _TRACED,
        "bin": Column("number", "step between the ends of the variable, from 0"),
        "runs": Column("count", "runs whose value lies in it"),
    },
    "histories": {
        "scenario": _SCENARIO, "point": POINT, "run": _RUN, "week": _WEEK, "variable": _TRACED,
        "value": Column("that of the variable", "its value in this run and week; 1 for true, 0 for false"),
    },
}  # fmt: skip


def label(experiment: str, block: Block, failures: int = 0) -> dict[str, Any]:
    """Return what a part says of itself: schema, digest of its experiment, runs, how many of them failed."""
    points, runs = ([some.start, some.stop] for some in (block.points, block.runs))
    return {
        "schema": SCHEMA, "experiment": experiment, "scenario": block.scenario, "replication": block.replication,
        "points": points, "runs": runs, "luck": block.luck, "independent": block.independent, "failures": failures,
    }  # fmt: skip


def block_of(about: Mapping[str, Any]) -> Block:
    """Return the block that a label tells of."""
    return Block(
        about["scenario"], range(*about["points"]), range(*about["runs"]), about["replication"], about["luck"],
        about["independent"],
    )  # fmt: skip


def write_part(path: Path, table: pd.DataFrame, about: Mapping[str, Any]) -> None:
    """Write a part whole and sealed; every page of it carries a checksum of its own, which any reader can check."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    data = pa.Table.from_pandas(table, preserve_index=False)
    columns = TABLES[path.parent.name]
    fields = [
        field.with_metadata({"unit": columns[field.name].unit, "description": columns[field.name].description})
        for field in data.schema
    ]
    metadata = (data.schema.metadata or {}) | {LABEL: json.dumps(about).encode()}
    with written_whole(path) as temporary:
        schema = pa.schema(fields, metadata)
        with pq.ParquetWriter(temporary, schema, compression="zstd", write_page_checksum=True) as writer:
            writer.write_table(data.cast(schema))
            writer.add_key_value_metadata({"seal": (SEAL + _UNSEALED).decode()})
        temporary.write_bytes(_sealed(temporary.read_bytes()))


def _sealed(content: bytes) -> bytes:
    """Return a file's bytes with their digest in the place for it; the same bytes if it is there already and right."""
    before, seal, rest = content.rpartition(SEAL)
    before, rest = before + seal, rest[len(_UNSEALED) :]
    digest = hashlib.sha256(before + _UNSEALED + rest).hexdigest()
    return before + digest.encode() + rest


def check_seal(path: Path) -> None:
    """Make sure that the bytes of a part are those that were written, before anything makes sense of them.

    Raises
    ------
    OSError
        If they are not, or cannot be read.
    """
    about = path.stat()
    _check_seal(path, about.st_mtime_ns, about.st_size)


@lru_cache(maxsize=10_000)
def _check_seal(path: Path, written: int, size: int) -> None:
    """Once for each file, as long as it is not written anew: several tables are read column by column."""
    with open_ordinary(path) as file:
        content = file.read()
    if content != _sealed(content):
        raise OSError("its bytes are not those that were written")


def fault_of(path: Path, about: Mapping[str, Any]) -> str | None:
    """Return what is wrong with a part, or None if it is whole and the one that it should be.

    Parameters
    ----------
    path
        The file; it is read whole.
    about
        Its label, without the number of failures, which only the part knows.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with open_ordinary(path) as part:
            content = part.read()
        with pq.ParquetFile(pa.BufferReader(content)) as file:
            own, rows = label_of(file.schema_arrow), file.metadata.num_rows
    except FileNotFoundError:
        return "is missing"
    except (OSError, ValueError, pa.ArrowException) as error:
        return f"is damaged ({str(error).splitlines()[0]})"
    if own is None:
        return "was not written by Truce"
    if content != _sealed(content):
        return "is damaged (its bytes are not those that were written)"
    if any(own.get(key) != value for key, value in about.items() if key != "failures"):
        return "belongs to another experiment or place"
    if path.parent.name in ("outcomes", "repeats") and rows + int(own["failures"]) != _runs_in(own):
        return "does not hold all of its runs"
    return None


def label_of(schema: pa.Schema) -> dict[str, Any] | None:
    """Return the label in the metadata of a part, None if there is none."""
    try:
        found = json.loads((schema.metadata or {})[LABEL])
    except (KeyError, ValueError):
        return None
    return found if is_label(found) else None


def read_part(path: Path, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Return columns of a part; by default all.

    Raises
    ------
    OSError
        If it cannot be read, or is not as it was written.
    """
    import pyarrow.parquet as pq

    check_seal(path)
    with pq.ParquetFile(path, page_checksum_verification=True) as file:
        return file.read(columns=None if columns is None else list(columns)).to_pandas()


def _runs_in(about: Mapping[str, Any]) -> int:
    (first, last), (start, stop) = about["points"], about["runs"]
    return int((last - first) * (stop - start))
