"""The table of parameters on the terminal, group by group."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from sim.cli.table import WIDTH
from sim.parameter_table import Row, by_group
from sim.scenario.schema import GROUPS


def print_parameters(rows: list[Row]) -> None:
    """Print rows of `sim.parameter_table`, as wide as the terminal, or 100 columns where there is none."""
    console = Console(highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = WIDTH
    for group, members in by_group(rows):
        console.print(f"{group}: {GROUPS[group]}", style="bold")
        console.print(_table(members), "")


def _table(rows: list[Row]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    headings = ("value", "set in") if "value" in rows[0] else ("default\nlow to high", "uncertainty")
    table.add_column("name", width=23, overflow="fold")  # the longest name outside the states
    table.add_column(headings[0], overflow="fold", max_width=18)
    table.add_column(headings[1], overflow="fold", max_width=18)
    table.add_column("meaning (unit)\ngrade: source")
    for row in rows:
        bounded = f"{row['default']}\n{row['low']} to {row['high']}"
        table.add_row(
            row["name"].partition(".")[2].replace(".", ".\n"),  # a state and its number get a line each
            row.get("value", bounded),
            row.get("set_in", row["uncertainty"]),
            Text(f"{row['meaning']} ({row['unit']})\n").append(f"{row['grade']}: {row['source']}", style="dim"),
        )
    return table
