"""From an experiment to its report: the page, the PDF, and beside them the data and files of every figure."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from sim.errors import UsageError, nearest
from sim.report.document import Document, Figure, Table

if TYPE_CHECKING:
    import pandas as pd
    from markupsafe import Markup

    from sim.experiment.progress import Progress
    from sim.experiment.results import Results

Format = Literal["html", "pdf", "both"]

#: Formats in which every figure lies beside the report.
FIGURE_FORMATS = ("png", "svg", "pdf")

#: Characters of a title, at most: more is no title.
LONGEST_TITLE = 200


def write_report(
    results: Results | str | Path,
    out: str | Path | None = None,
    *,
    title: str | None = None,
    format: Format = "html",
    simulate: bool = True,
    progress: bool | None = None,
) -> tuple[Path, ...]:
    """Write the report on an experiment: one page that stands alone, a PDF made from it, or both.

    Beside it lie the data of every table and figure as CSV, and every figure as PNG, SVG and PDF. An earlier report
    is replaced as a whole.

    Parameters
    ----------
    results
        Results, or the directory of an experiment, complete or not.
    out
        Folder of the report; by default ``report`` in the directory of the experiment.
    title
        Title, in one line of at most `LONGEST_TITLE` characters; by default one that names the scenarios.
    format
        ``"html"``, ``"pdf"`` (printed by Chromium, which has to be there) or ``"both"``.
    simulate
        Carry out some runs again, for what is not stored of them: what happens from week to week, and which
        frictions keep runs from a ceasefire. Without it these are left out.
    progress
        Show how far it is; by default only on a terminal.

    Returns
    -------
    tuple of Path
        The page, the PDF, or both.

    Raises
    ------
    UsageError
        The format is unknown, the title is too long, there is no run yet, no place is named for results held in
        memory, or there is no Chromium for a PDF.
    OutputError
        There is no experiment, or the folder cannot be used; what was there before is left as it is.

    Examples
    --------
    >>> import sim, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     comparison = sim.compare(["hardball", "moves_on"], runs=8)
    ...     [path.name for path in sim.write_report(comparison, f"{folder}/report", simulate=False)]
    ['report.html']
    """
    from sim.experiment.directory import REPORT
    from sim.experiment.opening import open_results
    from sim.experiment.progress import Progress
    from sim.report.assembly import assemble
    from sim.report.basis import basis_of
    from sim.report.folder import replaced_whole
    from sim.report.printing import chromium_or_refuse

    if format not in get_args(Format):
        raise UsageError(f"a report is html, pdf or both, not '{format}'{nearest(str(format), get_args(Format))}")
    title = " ".join((title or "").split())
    if len(title) > LONGEST_TITLE:
        raise UsageError(f"a title has at most {LONGEST_TITLE} characters, not {len(title):,}")
    chromium = chromium_or_refuse() if format != "html" else None  # before anything is computed
    opened = open_results(results) if isinstance(results, str | Path) else results
    if out is None and opened.directory is None:
        raise UsageError("these results are held in memory; say where the report is to go (out=...), or save them")
    folder = Path(out) if out is not None else Path(str(opened.directory)) / REPORT
    basis = basis_of(opened, simulate)
    with ExitStack() as stack:
        draft = stack.enter_context(replaced_whole(folder))
        shown = sys.stderr.isatty() if progress is None else progress
        bar = stack.enter_context(Progress(0, counted="steps")) if shown else None
        document = assemble(basis, title, bar)
        if bar is not None:
            bar.expect(len(_figures(document)) + (chromium is not None))
        write_files(document, draft, basis.about(document.title), chromium, keep_page=format != "pdf", bar=bar)
    names = {"html": ("report.html",), "pdf": ("report.pdf",), "both": ("report.html", "report.pdf")}[format]
    return tuple(folder / name for name in names)


def write_files(
    document: Document, folder: Path, about: dict[str, object], chromium: str | None = None, *,
    keep_page: bool = True, bar: Progress | None = None,
) -> None:  # fmt: skip
    """Write everything that belongs to a report into an empty folder.

    Parameters
    ----------
    document
        What the report says.
    folder
        Where to.
    about
        What the list of its contents should say of it.
    chromium
        Browser that prints the PDF; None for no PDF.
    keep_page
        Leave the page there; otherwise there is only the PDF.
    bar
        Told of every figure, and of the PDF.
    """
    from sim.experiment.files import write_text
    from sim.experiment.products import as_csv
    from sim.report.folder import list_contents
    from sim.report.page import render
    from sim.report.printing import print_page

    for table in (block for section in document.sections for block in section.blocks if isinstance(block, Table)):
        write_text(folder / f"{table.name}.csv", as_csv(_exact(table)))
    drawings = {}
    for figure in _figures(document):
        write_text(folder / f"{figure.name}.csv", as_csv(figure.data))
        drawings[figure.name] = _drawn(figure, folder)
        if bar is not None:
            bar.advance(1)
    page = folder / "report.html"
    write_text(page, render(document, drawings))
    if chromium is not None:
        print_page(page, folder / "report.pdf", chromium)
        if bar is not None:
            bar.advance(1)
    if not keep_page:
        page.unlink()
    list_contents(folder, about)


def _drawn(figure: Figure, folder: Path) -> Markup:
    """Draw a figure, write its files, and return it for the page."""
    from sim.plots import save_figure
    from sim.plots.sheet import readable
    from sim.report.drawing import inline_svg

    save_figure(figure.draw(), folder / figure.name, FIGURE_FORMATS)
    title = readable(figure.caption.split(". ")[0].rstrip("."))
    return inline_svg(folder / f"{figure.name}.svg", figure.name, title, readable(figure.alternative))


def _figures(document: Document) -> list[Figure]:
    return [block for section in document.sections for block in section.blocks if isinstance(block, Figure)]


def _exact(table: Table) -> pd.DataFrame:
    import pandas as pd

    if table.data is not None:
        return table.data
    return pd.DataFrame([[cell.text for cell in row] for row in table.rows], columns=list(table.columns))
