"""The directory of an experiment: what may be in it, and what is never touched."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from sim.errors import OutputError
from sim.experiment.files import flush_to_disk, reason, target_of
from sim.experiment.parts import TABLES
from sim.experiment.provenance import FORMAT
from sim.experiment.stated import fault_in
from sim.ordinary_files import read_ordinary

MANIFEST, DESIGN, LOCK, WRITER = "manifest.json", "design.csv", ".lock", ".writer"

#: Directory of the report on an experiment, and the file in it that lists what belongs to the report.
REPORT, REPORT_CONTENTS = "report", "report.json"
#: Tells that file from any other of its name.
REPORT_FORMAT = "truce report 1"

#: Tables and figures that are made from the parts, by an experiment itself or by an inquiry into it.
PRODUCTS = (
    *(f"{name}.csv" for name in ("summary", "comparison", "spread", "traces", "failures")),
    *(f"{name}.csv" for name in ("sensitivity", "tipping", "tipping_line")),
    *(
        f"{name}.{ending}"
        for name in ("outcomes", "ceasefire_incidence", "territory", "sensitivity", "tipping")
        for ending in ("png", "svg")
    ),
)

_OURS = {MANIFEST, DESIGN, LOCK, WRITER, *PRODUCTS, *TABLES}
#: What the format of every version begins with.
_ANY_FORMAT = "truce experiment "
#: Largest manifest, in bytes; of a thousand scenarios, each with all of its parameters, it is a fifth of that.
MAXIMUM_MANIFEST = 50_000_000

_PART = re.compile(r"\d{3}-\d{7}-\d{10}(-\d+)?\.parquet")


def read_manifest(directory: Path) -> dict[str, Any]:
    """Return the manifest of an experiment.

    Raises
    ------
    OutputError
        If there is none, or it is not one of Truce's.
    """
    path = directory / MANIFEST
    try:
        content = json.loads(read_ordinary(path, MAXIMUM_MANIFEST).decode("utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        what = "holds no experiment (manifest.json is missing)" if directory.is_dir() else "there is no such directory"
        raise OutputError(f"{directory}: {what}") from None
    except (OSError, ValueError, RecursionError) as error:
        told = reason(error) if isinstance(error, OSError) else "not JSON"
        raise OutputError(f"{path}: cannot be read ({told})") from None
    found = content.get("format") if isinstance(content, dict) else None
    if not isinstance(found, str) or not found.startswith(_ANY_FORMAT):
        raise OutputError(f"{path}: is not the manifest of an experiment of Truce")
    if found != FORMAT:
        raise OutputError(
            f"{path}: was written by Truce {str(content.get('truce'))[:20]} as '{found[:40]}', and this version reads "
            f"'{FORMAT}' alone; read it with that version, or make the experiment anew in another directory"
        )
    if fault := fault_in(content):
        raise OutputError(f"{path}: {fault}")
    assert isinstance(content, dict)
    return content


def make_directory(directory: Path) -> list[Path]:
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


def refuse_foreign_files(directory: Path) -> None:
    """Refuse a directory that holds anything that Truce did not put there; nothing in it is ever touched."""
    is_ours = (directory / MANIFEST).exists()
    for entry in sorted(os.scandir(directory), key=lambda entry: entry.name):
        if _is_unfinished(Path(entry.path), within=None):
            continue
        if is_ours and entry.name == REPORT:
            if stranger := foreign_in_report(directory / REPORT):
                raise _foreign(directory, f"{REPORT}/{stranger}" if stranger != "." else REPORT)
            continue
        known = entry.name in _OURS if is_ours else entry.name in (LOCK, WRITER)
        is_own_kind = entry.is_dir if entry.name in TABLES else entry.is_file  # neither a link nor a pipe
        if not known or not is_own_kind(follow_symlinks=False):
            raise _foreign(directory, entry.name)
    if is_ours:
        read_manifest(directory)
        for table in TABLES:
            for path in sorted((directory / table).glob("*")):
                if not (_PART.fullmatch(path.name) or _is_unfinished(path, within=table)):
                    raise _foreign(directory, f"{table}/{path.name}")


def foreign_in_report(directory: Path) -> str | None:
    """Return what no report put into a directory that may hold one: a name, ``"."`` for all of it; None if nothing."""
    if directory.is_symlink() or not directory.is_dir():
        return "."
    names = sorted(path.name for path in directory.iterdir())
    if not names:
        return None
    try:
        content = json.loads(read_ordinary(directory / REPORT_CONTENTS, MAXIMUM_MANIFEST).decode("utf-8"))
        if content["format"] != REPORT_FORMAT:
            return "."
        known = {REPORT_CONTENTS, *content["files"]}
    except (OSError, ValueError, RecursionError, KeyError, TypeError):
        return "."
    return next((name for name in names if name not in known or not (directory / name).is_file()), None)


def is_of_an_experiment(path: Path) -> bool:
    """Tell whether a file is, or would become, one that an experiment in its directory has itself."""
    return (path.parent / MANIFEST).exists() and path.name in _OURS


def remove_unfinished(directory: Path) -> None:
    """Remove what a killed process had begun to write."""
    for path in list(_unfinished(directory)):
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def discard(directory: Path) -> None:
    """Remove an experiment, its manifest last: killed before, the next attempt still finds an experiment of Truce."""
    for folder in (*TABLES, REPORT):
        shutil.rmtree(directory / folder, ignore_errors=True)
    for name in (DESIGN, *PRODUCTS, MANIFEST):
        (directory / name).unlink(missing_ok=True)
    flush_to_disk(directory)


def _unfinished(directory: Path) -> Iterator[Path]:
    for folder, table in ((directory, None), *((directory / table, table) for table in TABLES)):
        if folder.is_dir():
            yield from (path for path in folder.iterdir() if _is_unfinished(path, within=table))


def _is_unfinished(path: Path, within: str | None) -> bool:
    """Tell what one of Truce's files was to become from anything else whose name looks alike."""
    target = target_of(path)
    if target is None:
        return False
    if within is not None:
        return _PART.fullmatch(target) is not None
    return target in ("figures", REPORT) if path.is_dir() else target in _OURS


def _foreign(directory: Path, name: str) -> OutputError:
    return OutputError(
        f"{directory}: holds '{name}', which no experiment of Truce put there; "
        "choose another directory, or move it away"
    )
