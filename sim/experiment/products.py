"""What is made from the parts of an experiment: tables and figures, each written whole, and noted in the manifest."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import OutputError
from sim.experiment.directory import MANIFEST
from sim.experiment.files import UNFINISHED, flush_to_disk, reason, write_text

if TYPE_CHECKING:
    import pandas as pd


def as_csv(table: pd.DataFrame) -> str:
    """Return a table as the CSV that all of Truce's tables have: six digits, line ends of Unix."""
    return str(table.to_csv(index=False, float_format="%.6g", lineterminator="\n"))


def write_csv(path: Path, table: pd.DataFrame) -> Path:
    """Write a table as a file of comma-separated values.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    with _failing(path, "file"):
        write_text(path, as_csv(table))
    return path


def write_figure_pair(path: Path, figure: Any) -> tuple[Path, Path]:
    """Write a figure as PNG under a name, and as SVG beside it.

    Raises
    ------
    OutputError
        If they cannot be written.
    """
    with _failing(path, "file"):
        write_figures(path.parent, {path.stem: figure})
    return path.with_suffix(".png"), path.with_suffix(".svg")


def write_figures(directory: Path, figures: Mapping[str, Any]) -> None:
    """Write figures as PNG and SVG into a directory, by their names.

    Raises
    ------
    OSError
        If they cannot be written.
    """
    from sim.plots import save_figure

    folder = directory / f".figures.{os.getpid()}{UNFINISHED}"
    folder.mkdir()
    try:
        for name, figure in figures.items():
            for drawn in save_figure(figure, folder / name):
                flush_to_disk(drawn)
                drawn.replace(directory / drawn.name)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def add_products(directory: Path, tables: Mapping[str, pd.DataFrame], figures: Mapping[str, Any] | None = None) -> None:
    """Add tables and figures to the directory of an experiment that is complete, and to its manifest.

    Raises
    ------
    OutputError
        If they cannot be written.
    """
    with _failing(directory, "directory"):
        for name, table in tables.items():
            write_text(directory / f"{name}.csv", as_csv(table))
        write_figures(directory, figures or {})
        manifest = json.loads((directory / MANIFEST).read_text(encoding="utf-8"))
        names = [f"{name}.csv" for name in tables]
        names += [f"{name}.{ending}" for name in figures or {} for ending in ("png", "svg")]
        manifest["files"] |= {name: digest_of(directory / name) for name in names}
        write_manifest(directory, manifest)


def write_manifest(directory: Path, manifest: Mapping[str, Any]) -> None:
    """Write the manifest of an experiment."""
    text = json.dumps(manifest, indent=2, ensure_ascii=False, allow_nan=False)
    write_text(directory / MANIFEST, text + "\n")


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, as hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


@contextmanager
def _failing(path: Path, what: str) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:  # ValueError: a NUL character in the path
        raise OutputError(f"{path}: cannot write there ({reason(error)}); choose another {what}") from error
