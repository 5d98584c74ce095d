"""The command that writes a report on an experiment."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from sim.cli import options
from sim.cli.app import app

if TYPE_CHECKING:
    from sim.report.writing import Format


@app.command()
def report(
    directory: Annotated[Path, typer.Argument(help="Directory of an experiment, complete or not.", metavar="DIR")],
    title: Annotated[
        str | None, typer.Option(help="Title.  [default: one that names the scenarios]", metavar="TEXT")
    ] = None,
    form: Annotated[str, typer.Option("--format", help="html, pdf or both.", metavar="NAME")] = "html",
    out: Annotated[
        Path | None, typer.Option(help="Folder of the report.  [default: DIR/report]", metavar="FOLDER")
    ] = None,
    stored: Annotated[
        bool,
        typer.Option("--no-simulation", help="Leave out what is told only by carrying out some of the runs again."),
    ] = False,
    quiet: options.Quiet = False,
) -> None:
    """Write a report: answer, figures, tables, assumptions, on one page that needs nothing else.

    Example: truce report results/mine --title "Five ways to a ceasefire"

    The page opens from disk and prints well; a PDF is made of it by Chromium. Data and files of every figure lie
    beside it.
    """
    from sim.report.writing import write_report

    for path in write_report(
        directory, out, title=title, format=cast("Format", form), simulate=not stored, progress=not quiet
    ):
        print(path)
