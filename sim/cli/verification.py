"""What ``truce verify`` prints: results group by group, each as soon as it is there."""

from __future__ import annotations

import csv
import sys
import time
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import IO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sim.cli.table import WIDTH
from sim.verification.check import GROUPS, Result

_COLUMNS = ("statement", "expected", "got", "tolerance", "source")
_WIDTHS = {"expected": 14, "got": 16, "tolerance": 14, "source": 13}


def print_results(results: Iterable[Result], form: str) -> bool:
    """Print results as they come in and say at the end how many held.

    Parameters
    ----------
    results
        From `sim.verification.verify`.
    form
        "table", at most 100 columns wide; or "csv" or "markdown", with the summary on standard error.

    Returns
    -------
    bool
        Whether all of them passed.
    """
    start, counts = time.perf_counter(), {True: 0, False: 0}

    def counted() -> Iterator[Result]:
        for result in results:
            counts[result.passed] += 1
            yield result

    {"table": _as_table, "csv": _as_csv, "markdown": _as_markdown}[form](counted())
    passed, failed = counts[True], counts[False]
    summary = f"{passed} passed, {failed} failed, {time.perf_counter() - start:.1f} s"
    style = "bold red" if failed else "bold green"
    _console(sys.stdout if form == "table" else sys.stderr).print(summary, style=style)
    return not failed


def _as_table(results: Iterable[Result]) -> None:
    console = _console(sys.stdout)
    for group, members in groupby(results, key=lambda result: result.group):
        # A heading comes with the first result of its group; the groups before it are complete then.
        console.print(f"{group}: {GROUPS[group]}", style="bold")
        console.print(_row("", *_COLUMNS, style="dim"))
        for result in members:
            console.print(_row(_status(result), *_texts(result)))
            sys.stdout.flush()
        console.print()


def _row(status: str, *texts: str, style: str = "") -> Table:
    """Return one line of the table; widths are fixed because the lines to come are not known yet."""
    table = Table.grid(padding=(0, 1, 0, 0), expand=True)
    table.add_column(width=6)
    table.add_column(ratio=1, overflow="fold")
    for width in _WIDTHS.values():
        table.add_column(width=width, overflow="fold")
    mark = Text(status, style="green" if status == "ok" else "bold red")
    table.add_row(mark, *(Text(text, style=style) for text in texts))
    return table


def _as_csv(results: Iterable[Result]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("group", "passed", *_COLUMNS))
    for result in results:
        writer.writerow((result.group, str(result.passed).lower(), *_texts(result)))
        sys.stdout.flush()


def _as_markdown(results: Iterable[Result]) -> None:
    for group, members in groupby(results, key=lambda result: result.group):
        print(f"### {group}: {GROUPS[group]}\n\n| | {' | '.join(_COLUMNS)} |\n|{'---|' * (1 + len(_COLUMNS))}")
        for result in members:
            cells = (text.replace("|", "\\|") for text in (_status(result), *_texts(result)))
            print(f"| {' | '.join(cells)} |", flush=True)
        print()


def _status(result: Result) -> str:
    return "ok" if result.passed else "FAILED"


def _texts(result: Result) -> tuple[str, ...]:
    """Return the texts of a result in the order of the columns, each in one line."""
    texts = (result.name, result.expected, result.got, result.tolerance, result.source)
    return tuple(" ".join(text.split()) for text in texts)


def _console(file: IO[str]) -> Console:
    console = Console(file=file, highlight=False, markup=False, emoji=False, soft_wrap=False)
    console.width = min(console.width, WIDTH) if console.is_terminal else WIDTH
    return console
