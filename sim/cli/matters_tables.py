"""What the commands that ask what matters print: tables of at most 100 columns and what their numbers are."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console
from rich.table import Table

from sim.cli.table import WIDTH

if TYPE_CHECKING:
    import pandas as pd

#: Parameters that are printed, those that matter most, and columns of a map.
MOST_ROWS, MOST_COLUMNS = 20, 10


def print_sensitivity(table: pd.DataFrame, *, independent: bool, chosen: bool) -> None:
    """Print indices or effects, those of the parameters that matter most first, a table per outcome.

    Parameters
    ----------
    table
        Table of `sim.inquiry.sensitivity.sensitivity`.
    independent
        Every point had luck of its own.
    chosen
        Parameters were chosen, so that others may count as luck.
    """
    for number, (outcome, rows) in enumerate(table.groupby("outcome", sort=False)):
        if number:
            print()
        _of_outcome(str(outcome), rows, independent, chosen)


def _of_outcome(outcome: str, rows: pd.DataFrame, independent: bool, chosen: bool) -> None:
    from sim.analysis.sensitivity import PLACEBO

    first = rows.iloc[0]
    sobol = first["method"] == "sobol"
    by = "total" if sobol else "absolute_effect"
    inputs = rows[rows["parameter"] != PLACEBO].sort_values(by, ascending=False, kind="stable")
    shown = [*inputs.head(MOST_ROWS).to_dict("records"), *rows[rows["parameter"] == PLACEBO].to_dict("records")]
    heads = ("first order", "total") if sobol else ("mean effect", "absolute effect", "luck alone")
    printed = _empty(("parameter", *heads, ""), left=1)
    write = _Unit(outcome)
    for row in shown:
        mark = "" if row["parameter"] == PLACEBO else "*" if row["distinguishable"] else "~"
        if sobol:
            cells = [_indices(row, name) for name in ("first_order", "total")]
        else:
            cells = [write.interval(row, name) for name in ("mean_effect", "absolute_effect")]
            cells.append(write(row["luck_alone"]))
        printed.add_row(str(row["parameter"]), *cells, mark)
    print(f"{first['scenario']}, {outcome}")
    _show(printed)
    told = int(inputs["distinguishable"].sum())
    text = (
        f"{first['rows']:,} {'rows' if sobol else 'paths'}, {first['points']:,} points of {first['runs']:,} runs each. "
    )
    text += (
        "Indices are percent of the variance between points: first order is what one parameter makes alone, total what "
        "it makes with all others; in brackets 95 % intervals. Luck is taken out of them. "
        if sobol
        else f"Effects of a rise by half of the parameter's law, in {write.words}; in brackets 95 % intervals. Luck "
        "alone: the absolute effect that a parameter without any would show. "
    )
    text += (
        f"* is distinguishable from the placebo, an input that reaches nothing, ~ is not: {told} of {len(inputs)} are"
        f"{_by_chance(len(inputs), 0.025 if sobol else 0.075)}. "
    )
    if chosen:
        text += "Uncertain parameters that are not listed count as luck. "
    text += f"Luck makes up {100 * first['luck_share']:.0f} % of the variance of the points' means"
    text += (
        "; every point has luck of its own."
        if independent
        else f". Points share their luck; {100 * first['luck_shared']:.0f} % of it moves all of them alike."
    )
    if len(inputs) > MOST_ROWS:
        text += f" The first {MOST_ROWS} parameters are shown; sensitivity.csv (--out) has all."
    if sobol and ((rows["total_high"] - rows["total_low"] >= 1) & (rows["total_low"] == 0)).all():
        text += " With these runs, what parameters do cannot be told from luck; take more of them."
    print(textwrap.fill(text, WIDTH))


def print_boxes(table: pd.DataFrame) -> None:
    """Print each box as a sentence with its numbers."""
    whole, boxes = table.iloc[0], table[table["box"] > 0].drop_duplicates("box")
    print(f"{whole['scenario']}, {whole['outcome']}: {_share(whole)} of {whole['runs']:,} runs")
    if boxes.empty:
        print("\nNo region stands out: what the tree found did not hold on runs that it had not seen.")
        return
    printed = _empty(("box", "density", "coverage", "runs", "share of runs", ""), left=0)
    for row in boxes.to_dict("records"):
        printed.add_row(
            str(row["box"]), _share(row), f"{100 * row['coverage']:.0f} %", f"{row['runs']:,}",
            f"{100 * row['share_of_runs']:.0f} %", "*" if row["distinguishable"] else "~",
        )  # fmt: skip
    print()
    for row in boxes.to_dict("records"):
        text = f"box {row['box']}: {row['region']}"
        print(textwrap.fill(text, WIDTH, subsequent_indent=" " * 7, break_long_words=False))
    print()
    _show(printed)
    text = (
        "Boxes were found on the runs of even number and judged on those of odd number, which all numbers here are "
        "about. Density: share of the runs in the box in which the event happened, in brackets its 95 % interval; "
        "coverage: of all runs in which it happened, those in the box; * is denser than all runs, ~ is not "
        "distinguishable from them."
    )
    print(textwrap.fill(text, WIDTH))


def print_map(table: pd.DataFrame, level: float | None) -> None:
    """Print a map as a table, high values of the second parameter on top, and how much of it is above the level."""
    from sim.analysis.tipping import grid_of, level_line, undecided

    first, write = table.iloc[0], _Unit(str(table["outcome"].iloc[0]))
    x, y, value = grid_of(table)
    every = -(-len(x) // MOST_COLUMNS)
    columns = range(0, len(x), every)
    print(f"{first['scenario']}, {first['outcome']} in {write.unit}; across {first['x_parameter']}, "
          f"down {first['y_parameter']}")  # fmt: skip
    printed = _empty(("", *(f"{x[k]:.4g}" for k in columns)), left=0)
    for row in reversed(range(len(y))):
        printed.add_row(f"{y[row]:.4g}", *(write(value[row, k]) for k in columns))
    _show(printed)
    text = f"{len(table):,} points of {int(first['runs']):,} runs each."
    if every > 1:
        text += f" Every {every}{'nd' if every == 2 else 'rd' if every == 3 else 'th'} column is shown."
    if level is not None:
        told = f"{write(level)} {write.unit}"
        doubtful = int(undecided(table, level).sum())
        if level_line(table, level).empty:
            text += f" All of the map lies on one side of {told}, from {write(value.min())} to {write(value.max())}."
        else:
            text += (
                f" {int((table['value'] > level).sum()):,} points lie above {told}, which the line in the figure is."
            )
        text += f" At {doubtful:,} points the 95 % interval holds {told}, so that their side is not distinguishable."
    print(textwrap.fill(text, WIDTH))


class _Unit:
    """Writes values of an outcome: percent of runs, or km²."""

    def __init__(self, outcome: str) -> None:
        from sim.analysis.summary import is_share

        self.share = is_share(outcome)
        self.unit, self.words = ("%", "percentage points") if self.share else ("km²", "km²")

    def __call__(self, value: float) -> str:
        return f"{round(100 * value, 1) + 0.0:.1f}" if self.share else f"{round(value) + 0.0:,.0f}"

    def interval(self, row: Any, name: str) -> str:
        return f"{self(row[name])} [{self(row[f'{name}_low'])}, {self(row[f'{name}_high'])}]"


def _indices(row: Any, name: str) -> str:
    value, low, high = (f"{round(100 * row[key], 1) + 0.0:.1f}" for key in (name, f"{name}_low", f"{name}_high"))
    return f"{value} [{low}, {high}]"


def _share(row: Any) -> str:
    low, high = (f"{100 * row[f'density_{end}']:.1f}" for end in ("low", "high"))
    return f"{100 * row['density']:.1f} % [{low}, {high}]"


def _by_chance(inputs: int, share: float) -> str:
    """Return how many may be called distinguishable by chance alone, if that is one or more."""
    expected = round(share * inputs)
    return f" (up to about {expected} of those without effect would be by chance)" if expected else ""


def _empty(heads: tuple[str, ...], left: int) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    for k, head in enumerate(heads):
        table.add_column(head, justify="left" if k < left else "right", no_wrap=True)
    return table


def _show(table: Table) -> None:
    console = Console(highlight=False)
    console.width = min(console.width, WIDTH) if console.is_terminal else WIDTH
    console.print(table)
