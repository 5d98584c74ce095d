"""The files that commands write on request (``--out FILE.csv``, ``--figure FILE.png``)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import OutputError, UsageError

if TYPE_CHECKING:
    import pandas as pd


_WRITTEN = {
    ".csv": "tables are written as comma-separated values",
    ".png": "figures are written as PNG, with an SVG of the same name",
}


def check_file(out: Path | None, ending: str = ".csv") -> None:
    """Refuse a file that cannot be written, or whose name ends otherwise, before anything is run."""
    if out is None:
        return
    if out.is_dir():
        raise OutputError(f"{out}: this is a directory; name a file inside it, such as {out / f'mine{ending}'}")
    if out.suffix.lower() != ending:
        raise UsageError(f"{out}: {_WRITTEN[ending]}; give a name that ends in {ending}")
    if not out.parent.is_dir():
        raise OutputError(f"{out}: there is no directory {out.parent}; make it first, or choose another")
    from sim.experiment.directory import is_of_an_experiment

    if is_of_an_experiment(out):
        raise OutputError(f"{out}: belongs to the experiment in that directory; choose another name")


def write_tables(out: Path | None, tables: Mapping[str, pd.DataFrame]) -> None:
    """Write the first table to a file, the others beside it under their names, and print where they are."""
    if out is None:
        return
    from sim.experiment.products import write_csv

    paths = [out if place == 0 else out.with_name(f"{out.stem}_{name}.csv") for place, name in enumerate(tables)]
    for path, table in zip(paths, tables.values(), strict=True):
        write_csv(path, table)
    print(f"\n{', '.join(map(str, paths))}")


def write_figure(out: Path, figure: Any) -> None:
    """Write a figure as PNG, and as SVG beside it, and print where they are."""
    from sim.experiment.products import write_figure_pair

    print(f"\n{', '.join(map(str, write_figure_pair(out, figure)))}")
