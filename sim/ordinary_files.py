"""Files that may be read: neither a pipe, on which one could wait for ever, nor a device, nor larger than expected."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

#: What is said of a pipe, a socket or a device.
NOT_ORDINARY = "not an ordinary file"


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
    if stat.S_ISREG(mode):
        return os.fdopen(descriptor, "rb")
    os.close(descriptor)
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, "is a directory")
    raise OSError(errno.EINVAL, NOT_ORDINARY)


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
