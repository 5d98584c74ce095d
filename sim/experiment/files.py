"""Files that are whole or not there: written beside their place, flushed to the disk, renamed."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

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


def open_ordinary(path: str | Path) -> BinaryIO:
    """Open an ordinary file for reading; a pipe, on which one could wait for ever, or a device is refused.

    Raises
    ------
    OSError
        If there is no such file.
    ValueError
        If no file can have that name.
    """
    # Without waiting, or opening a pipe would last until somebody writes to it.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "is a directory" if stat.S_ISDIR(mode) else "not an ordinary file")
    return os.fdopen(descriptor, "rb")


def read_ordinary(path: Path, most: int) -> bytes:
    """Return what an ordinary file holds; one of more bytes than a limit is refused.

    Raises
    ------
    OSError, ValueError
        As `open_ordinary`, and if the file is too large.
    """
    with open_ordinary(path) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise OSError(errno.EFBIG, f"larger than {most // 1_000_000} MB")
    return content


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
