"""Files that are whole or not there: written beside their place, flushed to the disk, renamed."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: Ending of what is being written; what a killed process left of it is removed by the next.
UNFINISHED = ".part"


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Give a path to write to; at the end of the block the file takes its place, or on a failure is removed."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}{UNFINISHED}")
    try:
        yield temporary
        flush_to_disk(temporary)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    flush_to_disk(path.parent)


def write_text(path: Path, text: str) -> None:
    """Write a text file whole, with line ends of Unix."""
    with written_whole(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")


def target_of(path: Path) -> str | None:
    """Return the name of the file that an unfinished one was to become; None of any other file."""
    match = re.fullmatch(rf"\.(.+)\.\d+{re.escape(UNFINISHED)}", path.name)
    return None if match is None else match[1]


def flush_to_disk(path: Path) -> None:
    """Have the operating system put a file, or the names in a directory, on the disk."""
    if os.name == "nt":
        return  # Windows opens no directories, and flushes no file opened for reading
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def reason(error: Exception) -> str:
    """Return why the operating system refused, in lower case."""
    return (error.strerror if isinstance(error, OSError) and error.strerror else str(error)).lower()
