"""Forecasts on the terminal: questions with what everybody says, and a forecast before and after observations."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from sim.cli.table import WIDTH

if TYPE_CHECKING:
    import pandas as pd

    from sim.inquiry.questions import Question
    from sim.inquiry.updating import Update

#: Parameters that are printed, at most.
MOST_PARAMETERS = 12


def print_scores(table: pd.DataFrame, questions: Sequence[Question], runs: int, seed: int, floor: float) -> None:
    """Print the forecasts of every question, with scores where the outcome is known."""
    console = _console()
    for question in questions:
        rows = table[table["question"] == question.name]
        console.print(f"{escape(question.name)}: {escape(question.title)}", style="bold", soft_wrap=True)
        about = f"{question.wording} Resolved by: {question.rule}, {question.by}; as of {question.as_of}."
        if question.outcome is not None:
            about += f" Outcome: {'yes' if question.outcome else 'no'}."
        print(textwrap.fill(about, WIDTH))
        console.print(_scores(rows, scored=question.outcome is not None), "")
    console.print(_legend_of_scores(table, runs, seed, floor), style="dim", soft_wrap=True)
    for note in [note for question in questions for note in question.notes()]:
        print(textwrap.fill(f"Note: {note}", WIDTH))
    if table["outcome"].notna().any():
        _print_means(console, table)


def print_update(found: Update) -> None:
    """Print what was observed, the forecast before and after, and the parameters that moved."""
    console = _console()
    if len(found.observations):
        console.print(_observations(found.observations), "")
    console.print(_forecast(found.forecast), "")
    told = found.parameters[found.parameters["distinguishable"].astype(bool)]
    if len(told):
        console.print(_parameters(told.head(MOST_PARAMETERS)), "")
    console.print(_legend_of_update(found, len(told)), style="dim", soft_wrap=True)
    if not len(found.observations):
        print("Nothing was observed, so nothing changes.")
    if found.warning:
        print(textwrap.fill(f"Warning: {found.warning}.", WIDTH))


def _scores(rows: pd.DataFrame, *, scored: bool) -> Table:
    table = _table()
    table.add_column("forecaster", overflow="fold", min_width=16 if scored else 24)
    for heading in ("kind", "day"):
        table.add_column(heading, no_wrap=True)
    table.add_column("chance, %", justify="right", no_wrap=True)
    if scored:
        for heading in ("Brier score", "log score"):
            table.add_column(heading, justify="right", no_wrap=True)
    for row in rows[rows["kind"] != "base rate"].to_dict("records"):
        name = f"  {row['weight']:g} {row['forecaster']}" if row["kind"] == "scenario" else str(row["forecaster"])
        chance = "(no such run)" if math.isnan(row["probability"]) else _percent(row["probability"])
        if not math.isnan(row["low"]):
            chance += f" [{_percent(row['low'])}, {_percent(row['high'])}]"
        cells = [_bounded(row, "brier", 3), _bounded(row, "log_score", 2)] if scored else []
        table.add_row(escape(name), str(row["kind"]), str(row["date"]), chance, *cells)
    base = rows[rows["kind"] == "base rate"]
    if len(base) <= 2:
        for row in base.to_dict("records"):
            cells = [f"{row['brier']:.3f}", f"{row['log_score']:.2f}"] if scored else []
            table.add_row(
                escape(str(row["forecaster"])), "base rate", str(row["date"]), _percent(row["probability"]), *cells
            )
    else:
        ends = [_percent(base["probability"].min()), _percent(base["probability"].max())]
        cells = []
        if scored:
            cells = [
                f"{base[name].min():.{k}f} to {base[name].max():.{k}f}" for name, k in (("brier", 3), ("log_score", 2))
            ]
        table.add_row(
            f"wars of this age, {len(base)} readings", "base rate", str(base["date"].iloc[0]), " to ".join(ends), *cells
        )
    return table


def _legend_of_scores(table: pd.DataFrame, runs: int, seed: int, floor: float) -> str:
    text = f"{runs:,} runs of each scenario, seed {seed}. Chances are of the answer yes."
    text += " In brackets 95 % intervals: how far another seed would move the number, not how far the model is from"
    text += " the world."
    if (table["kind"] == "scenario").any():
        text += " The parts of a mixture meet the same luck, and its interval takes that into account."
    if (table["kind"] == "base rate").any():
        text += " Base rates are shares of past cases, which ended in whatever way; --out has each."
    if table["outcome"].notna().any():
        text += (
            f" Scores: 0 is best; Brier's is the squared error, the log score minus the logarithm of the chance given "
            f"to what happened, counted as {floor:g} at least; in brackets what the interval of the chance leaves open."
        )
    return textwrap.fill(text, WIDTH)


def _print_means(console: Console, table: pd.DataFrame) -> None:
    from sim.inquiry.forecasting import mean_scores

    means = mean_scores(table)
    if means["questions"].max() < 2:
        return
    shown = _table()
    shown.add_column("forecaster", overflow="fold")
    for heading in ("questions", "mean\nBrier", "model,\nsame questions", "mean\nlog score", "model,\nsame questions"):
        shown.add_column(heading, justify="right", no_wrap=True)
    for row in means[means["kind"] != "base rate"].to_dict("records"):
        shown.add_row(
            escape(str(row["forecaster"])), str(row["questions"]), f"{row['brier']:.3f}", f"{row['model_brier']:.3f}",
            f"{row['log_score']:.2f}", f"{row['model_log_score']:.2f}",
        )  # fmt: skip
    console.print(shown)


def _observations(rows: pd.DataFrame) -> Table:
    table = _table()
    table.add_column("observed", overflow="fold", min_width=20)
    for heading in ("as", "runs before\n[5, 95 %]", "runs after", "chance\nbefore, %", "runs left,\nalone"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in rows.to_dict("records"):
        event = row["kind"] == "event"
        before = _figure(row["before"], event)
        if not event:
            before += f" [{_figure(row['before_q05'])}, {_figure(row['before_q95'])}]"
        seen = ("yes" if row["observed"] else "no") if event else f"{_figure(row['observed'])} ± {row['error']:,.3g}"
        table.add_row(
            str(row["observation"]), seen, before, _figure(row["after"], event), _percent(row["chance"]),
            f"{row['effective_runs']:,.0f}",
        )  # fmt: skip
    return table


def _forecast(rows: pd.DataFrame) -> Table:
    table = _table()
    table.add_column("outcome", overflow="fold", min_width=20)
    for heading in ("before", "after", "change"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in rows.to_dict("records"):
        share = row["unit"] == "share of runs"
        cells = [_with_bounds(row, name, share) for name in ("before", "after", "change")]
        cells[-1] += " *" if row["distinguishable"] else " ~"
        table.add_row(f"{row['outcome']}{', %' if share else ''}", *cells)
    return table


def _parameters(rows: pd.DataFrame) -> Table:
    table = _table()
    table.add_column("parameter that moved", overflow="fold", min_width=24)
    for heading in ("before\n[5, 95 %]", "after\n[5, 95 %]", "shift in standard\ndeviations"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in rows.to_dict("records"):
        cells = [
            f"{row[f'{name}_mean']:.3g} [{row[f'{name}_q05']:.3g}, {row[f'{name}_q95']:.3g}]"
            for name in ("before", "after")
        ]
        table.add_row(
            str(row["parameter"]), *cells,
            f"{row['shift']:+.2f} [{row['shift_low']:.2f}, {row['shift_high']:.2f}]",
        )  # fmt: skip
    return table


def _legend_of_update(found: Update, moved: int) -> str:
    share = found.effective_runs / found.runs
    text = (
        f"{found.scenario}, {found.runs:,} runs, seed {found.seed}; after weighing, {found.effective_runs:,.0f} runs "
        f"are left in effect ({share:.0%}); log evidence {found.log_evidence:.2f}. Chances in %, changes in percentage "
        "points, land in km²; in brackets 95 % intervals, or the quantiles named. "
        "* is distinguishable from no change, ~ is not."
    )
    if len(found.observations):
        text += (
            " Chance before: how often the runs, with the errors stated, give such a report, or a number at least as "
            "far out; runs left, alone: in effect, had nothing else been observed."
        )
    if moved > MOST_PARAMETERS:
        text += f" {moved - MOST_PARAMETERS} more parameters moved; --out has all."
    elif not moved and len(found.observations):
        text += " No parameter is distinguishable from where it was, at 5 % over all of them together."
    return textwrap.fill(text, WIDTH)


def _with_bounds(row: dict[str, Any], name: str, share: bool) -> str:
    scale, digits = (100.0, 1) if share else (1.0, 0)
    value, low, high = (
        round(scale * row[key], digits) + 0.0 for key in (name, f"{name}_low", f"{name}_high")
    )  # fmt: skip
    sign = "+" if name == "change" else ""
    return f"{value:{sign},.{digits}f} [{low:,.{digits}f}, {high:,.{digits}f}]"


def _bounded(row: dict[str, Any], name: str, digits: int) -> str:
    value = row[name]
    if math.isnan(value):
        return ""
    bounds = row[f"{name}_low"], row[f"{name}_high"]
    brackets = "" if math.isnan(bounds[0]) else f" [{bounds[0]:.{digits}f}, {bounds[1]:.{digits}f}]"
    return f"{value:.{digits}f}{brackets}"


def _figure(value: float, share: bool = False) -> str:
    return f"{_percent(value)} %" if share else f"{value + 0.0:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f}" if share in (0.0, 1.0) else f"{100 * share:.1f}"


def _table() -> Table:
    return Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))


def _console() -> Console:
    console = Console(highlight=False)
    console.width = min(console.width, WIDTH) if console.is_terminal else WIDTH
    return console
