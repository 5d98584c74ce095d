"""Tables and figures that an inquiry adds to the directory of its experiment."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import OutputError
from sim.experiment.files import UNFINISHED, flush_to_disk, reason, write_text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


def as_csv(table: pd.DataFrame) -> str:
    """Return a table as the CSV that experiments are stored with: six digits, line ends of Unix."""
    return str(table.to_csv(index=False, float_format="%.6g", lineterminator="\n"))


def write_table(directory: Path, name: str, table: pd.DataFrame) -> Path:
    """Write a table into the directory of an experiment.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    return write_csv(directory / f"{name}.csv", table)


def write_csv(path: Path, table: pd.DataFrame) -> Path:
    """Write a table as a file of comma-separated values.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    try:
        write_text(path, as_csv(table))
    except (OSError, ValueError) as error:
        raise OutputError(f"{path}: cannot write there ({reason(error)}); choose another file") from error
    return path


def write_figure(directory: Path, name: str, figure: Figure) -> None:
    """Write a figure as PNG and SVG into the directory of an experiment.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    from sim.plots import save_figure

    try:
        with tempfile.TemporaryDirectory(prefix=".figures.", suffix=UNFINISHED, dir=directory) as folder:
            for drawn in save_figure(figure, Path(folder) / name):
                flush_to_disk(drawn)
                drawn.replace(directory / drawn.name)
    except OSError as error:
        raise OutputError(f"{directory}: cannot write there ({reason(error)}); choose another directory") from error
