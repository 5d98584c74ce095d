"""Results on disk: written beside the target and renamed, so that nobody ever sees half a result."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import OutputError
from sim.experiment.provenance import FORMAT, manifest

if TYPE_CHECKING:
    from sim.experiment.comparing import Comparison, Experiment

MANIFEST = "manifest.json"


def default_directory(experiment: Experiment) -> Path:
    """Return where a result goes if nothing is said: ``results/<name>-<first digits of the digest>``.

    The name is that of the scenario, or ``comparison`` if there are several.
    """
    single = len(experiment.scenarios) == 1
    # A scenario made in Python may have any name; this one becomes part of a path.
    name = re.sub(r"[^\w.-]+", "_", experiment.scenarios[0].name) if single else "comparison"
    return Path("results") / f"{name}-{experiment.digest[:8]}"


def check_output(directory: Path, experiment: Experiment, *, overwrite: bool = False) -> None:
    """Make sure that a result can be written into a directory; changes nothing.

    Allowed are a directory that does not exist, an empty one, and one that holds nothing but an
    earlier result of the same experiment, or of any with `overwrite`.

    Raises
    ------
    OutputError
        Names what is in the way, and the remedy.
    """
    if directory.name in ("", "..") and not directory.is_dir():
        raise OutputError(f"{directory}: names no directory; name one, for example results/mine")
    try:
        if os.path.lexists(directory):
            _check_directory(directory)
            _check_content(directory, experiment, overwrite)
        _check_writable(directory)
    except (OSError, ValueError) as error:  # ValueError: a NUL character in the path
        raise OutputError(f"{directory}: cannot write there ({_reason(error)}); choose another directory") from error


def store(
    comparison: Comparison, directory: Path, *, overwrite: bool = False, command: Sequence[str] | None = None
) -> Path:
    """Write a result; the arguments are those of `Comparison.save`."""
    check_output(directory, comparison.experiment, overwrite=overwrite)
    try:
        with _beside(directory) as temporary:
            _write_tables(comparison, temporary)
            _write_figures(comparison, temporary)
            files = list(temporary.iterdir())
            content = manifest(comparison, files, command)
            text = json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False)
            (temporary / MANIFEST).write_text(text + "\n", encoding="utf-8", newline="\n")
            for path in (*files, temporary / MANIFEST, temporary):
                _flush_to_disk(path)
            # Hours may have passed since the first check.
            check_output(directory, comparison.experiment, overwrite=overwrite)
            _put_in_place(temporary, directory)
    except OSError as error:
        raise OutputError(f"{directory}: writing failed ({_reason(error)}); nothing was written") from error
    return directory


def _check_directory(directory: Path) -> None:
    if directory.is_symlink():
        raise OutputError(f"{directory}: is a symbolic link; name the directory that it points to")
    if not directory.is_dir():
        raise OutputError(f"{directory}: exists and is not a directory; choose another name")
    here, target = Path.cwd().resolve(), directory.resolve()
    if target == here or target in here.parents:
        raise OutputError(f"{directory}: holds the current directory and cannot be replaced; name one inside it")
    if directory.name == "..":
        raise OutputError(f"{directory}: ends in '..'; name the directory itself")
    if os.path.ismount(directory):
        raise OutputError(f"{directory}: is a mount point and cannot be replaced; name a directory inside it")


def _check_content(directory: Path, experiment: Experiment, overwrite: bool) -> None:
    present = {entry.name: entry for entry in os.scandir(directory)}
    if not present:
        return
    earlier = _earlier_manifest(directory)
    known = {MANIFEST, *earlier["files"]} if earlier else set()
    for name, entry in sorted(present.items()):
        if name not in known or not entry.is_file(follow_symlinks=False):
            raise OutputError(
                f"{directory}: holds '{name}', which no earlier result of Truce put there; "
                "choose another directory, or move it away"
            )
    if earlier and earlier.get("experiment") != experiment.digest and not overwrite:
        raise OutputError(
            f"{directory}: holds the result of another experiment; choose another directory, "
            "or allow to overwrite it (--overwrite, overwrite=True)"
        )


def _earlier_manifest(directory: Path) -> dict[str, Any] | None:
    try:
        content = json.loads((directory / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    is_ours = isinstance(content, dict) and content.get("format") == FORMAT and isinstance(content.get("files"), dict)
    return content if is_ours else None


def _check_writable(directory: Path) -> None:
    if directory.is_dir() and not os.access(directory, os.W_OK | os.X_OK):
        raise OutputError(f"{directory}: cannot be replaced, permission is missing; choose another directory")
    names, parent = [directory.name], directory.absolute().parent
    while not os.path.lexists(parent):
        names.append(parent.name)
        parent = parent.parent
    if not parent.is_dir():
        raise OutputError(f"{directory}: '{parent.name}' on the way there is not a directory; choose another name")
    for name in names:
        # Permissions alone do not tell (read-only file systems, access lists, long names), so try.
        _new_directory(name, ".part", parent).rmdir()


@contextmanager
def _beside(directory: Path) -> Iterator[Path]:
    """Give a new directory next to the one named; what is left of it at the end is removed."""
    home = directory.absolute().parent
    missing = [parent for parent in (home, *home.parents) if not parent.exists()]
    try:
        home.mkdir(parents=True, exist_ok=True)
        temporary = _new_directory(directory.name, ".part", home)
        try:
            temporary.chmod(0o777 & ~_umask())
            yield temporary
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    finally:
        for parent in missing:
            with suppress(OSError):  # not empty: the result is in it
                parent.rmdir()


def _put_in_place(temporary: Path, directory: Path) -> None:
    home = directory.absolute().parent
    if not os.path.lexists(directory):
        temporary.rename(directory)
    else:
        old = _new_directory(directory.name, ".old", home)
        try:
            directory.rename(old / directory.name)
            temporary.rename(directory)
        except BaseException:
            if (old / directory.name).exists():
                (old / directory.name).rename(directory)
            old.rmdir()
            raise
        shutil.rmtree(old, ignore_errors=True)
    _flush_to_disk(home)


def _new_directory(name: str, suffix: str, parent: Path) -> Path:
    return Path(tempfile.mkdtemp(prefix=f".{name}.", suffix=suffix, dir=parent))


def _write_tables(comparison: Comparison, directory: Path) -> None:
    _write_parquet(comparison, directory / "outcomes.parquet")
    for name in ("summary", "comparison", "spread"):
        table = getattr(comparison, name)
        table.to_csv(directory / f"{name}.csv", index=False, float_format="%.6g", lineterminator="\n", encoding="utf-8")


def _write_parquet(comparison: Comparison, path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from sim.analysis.outcomes import COLUMNS

    table = pa.Table.from_pandas(comparison.outcomes, preserve_index=False)
    fields = []
    for column in table.schema:
        unit, description = COLUMNS[column.name]
        fields.append(column.with_metadata({"unit": unit, "description": description}))
    pq.write_table(table.cast(pa.schema(fields, table.schema.metadata)), path, compression="zstd")


def _write_figures(comparison: Comparison, directory: Path) -> None:
    from sim.plots import save_figure

    axes = {
        "outcomes": comparison.plot_outcomes()[0],
        "ceasefire_incidence": comparison.plot_incidence(),
        "territory": comparison.plot_territory(),
    }
    for name, drawn in axes.items():
        save_figure(drawn.figure, directory / name)


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _flush_to_disk(path: Path) -> None:
    if os.name == "nt":
        return  # Windows opens no directories, and flushes no file opened for reading
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) and error.strerror else str(error)).lower()
