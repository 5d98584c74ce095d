"""The folder of a report: replaced as a whole, so that no half of one is ever found, and nothing else is touched."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from sim.errors import OutputError
from sim.experiment.directory import MANIFEST, REPORT, REPORT_CONTENTS, REPORT_FORMAT, foreign_in_report
from sim.experiment.files import UNFINISHED, flush_to_disk, reason
from sim.experiment.products import digest_of


def check_folder(folder: Path) -> None:
    """Refuse a folder that holds anything else than a report, or that would get in the way of an experiment.

    Raises
    ------
    OutputError
        If it cannot be used.
    """
    if (folder.parent / MANIFEST).exists() and folder.name != REPORT:
        raise OutputError(
            f"{folder}: lies in the directory of an experiment, which keeps a report only as '{REPORT}'; "
            "choose another directory, or leave --out away"
        )
    if not os.path.lexists(folder):
        return
    if folder.is_symlink() or not folder.is_dir():
        raise OutputError(f"{folder}: exists and is not a directory; choose another name")
    if stranger := foreign_in_report(folder):
        names = sorted(path.name for path in folder.iterdir())
        shown = names[0] if stranger == "." else stranger
        raise OutputError(
            f"{folder}: holds '{shown}', which no report of Truce put there; choose another directory, or move it away"
        )


@contextmanager
def replaced_whole(folder: Path) -> Iterator[Path]:
    """Give an empty folder to write a report to; at the end of the block it takes the place of an earlier report.

    Raises
    ------
    OutputError
        If it cannot be written. What was there before is then still there.
    """
    folder = folder if folder.name else folder.absolute()  # "." has no name, and cannot be given another
    check_folder(folder)
    workshop = folder.with_name(f".{folder.name}.{os.getpid()}{UNFINISHED}")
    new, old = workshop / "new", workshop / "old"
    try:
        with _failing(folder, OSError, ValueError):  # ValueError: a NUL character in the path
            folder.parent.mkdir(parents=True, exist_ok=True)
            shutil.rmtree(workshop, ignore_errors=True)
            workshop.mkdir()
            new.mkdir()
        with _failing(folder, OSError):
            yield new
            for path in new.iterdir():
                flush_to_disk(path)
            check_folder(folder)  # somebody may have put something there in the meantime
            if folder.exists():
                folder.replace(old)
            try:
                new.replace(folder)
            except BaseException:
                if old.exists():
                    old.replace(folder)
                raise
            flush_to_disk(folder.parent)
    finally:
        with suppress(OSError, ValueError):
            shutil.rmtree(workshop)


def list_contents(folder: Path, about: Mapping[str, object]) -> None:
    """Write the list of what belongs to a report, by which it is recognised when it is to be replaced."""
    digests = {path.name: digest_of(path) for path in sorted(folder.iterdir())}
    text = json.dumps({"format": REPORT_FORMAT, **about, "files": digests}, indent=2, ensure_ascii=False)
    (folder / REPORT_CONTENTS).write_text(f"{text}\n", encoding="utf-8", newline="\n")


@contextmanager
def _failing(folder: Path, *kinds: type[Exception]) -> Iterator[None]:
    try:
        yield
    except kinds as error:
        raise OutputError(f"{folder}: cannot write there ({reason(error)}); choose another directory") from error
