"""The commands that ask why there is no deal, and what it would take."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from sim.cli import options
from sim.cli.app import app
from sim.cli.files import check_file, write_tables
from sim.errors import UsageError

if TYPE_CHECKING:

    from sim.analysis.outcomes import When

By = Annotated[
    str, typer.Option(help="Date by which a ceasefire must have begun: deadline or horizon.", metavar="WHEN")
]
OutFile = Annotated[Path | None, typer.Option("--out", help="File of comma-separated values to write.", metavar="FILE")]


@app.command()
def explain(
    scenario: Annotated[str, typer.Argument(help="Name of a scenario, or its file.", metavar="SCENARIO")],
    runs: options.Runs = None,
    seed: options.Seed = 1,
    by: By = "deadline",
    friction: Annotated[
        str | None, typer.Option(help="Take away only these, by name: stalling,red_line,...", metavar="NAMES")
    ] = None,
    pairs: Annotated[bool, typer.Option("--pairs", help="Take away every two of them together as well.")] = False,
    run_number: Annotated[
        int | None,
        typer.Option("--run", help="Tell this run alone, and take it apart.", metavar="N", parser=options.number),
    ] = None,
    out: OutFile = None,
) -> None:
    """Say who blocked, and what kept failed runs from a ceasefire: one friction taken away at a time, on the same luck.

    Example: truce explain hardball --runs 500

    With --run N one history is told week by week, with what would have changed its end.
    """
    from sim.cli import why_tables

    names = options.listed(friction) or None
    when = cast("When", by)
    check_file(out)
    if run_number is not None:
        from sim.inquiry.one_run import explain_run

        if runs is not None:
            raise UsageError("--runs and --run exclude each other; give one of them")
        told = explain_run(scenario, run_number, seed=seed, by=when, frictions=names, pairs=pairs)
        why_tables.print_run(told)
        write_tables(out, {"removals": told.removals})
        return
    from sim.inquiry.explanation import RUNS, explain

    found = explain(
        scenario, runs=RUNS if runs is None else runs, seed=seed, by=when, frictions=names, pairs=pairs
    )  # fmt: skip
    why_tables.print_explanation(found)
    write_tables(out, found.tables())


@app.command()
def reach(
    scenario: Annotated[str, typer.Argument(help="Name of a scenario, or its file.", metavar="SCENARIO")],
    lever: Annotated[
        list[str] | None,
        typer.Option(
            help="What may be moved: NAME, NAME=low:high or NAME=low:high@unit, a lever or a parameter. May be given "
            "several times.",
            metavar="WHAT",
        ),
    ] = None,
    target: Annotated[float, typer.Option(help="Chance of a ceasefire to reach, 0-1.", metavar="X")] = 0.5,
    by: By = "deadline",
    max_conceded: Annotated[
        float | None, typer.Option(help="Most land handed over at the table, mean of all runs, km².", metavar="X")
    ] = None,
    min_settled: Annotated[
        float | None,
        typer.Option(help="Least share of runs with a ceasefire in force at the horizon, 0-1.", metavar="X"),
    ] = None,
    budget: Annotated[
        str | None, typer.Option(help="Budgets of effort: 0.5,1,2.  [default: five, up to all]", metavar="NUMBERS")
    ] = None,
    runs: Annotated[
        int | None, typer.Option(help="Runs of each trial.  [default: 500]", metavar="N", parser=options.number)
    ] = None,
    fresh_runs: Annotated[
        int | None,
        typer.Option(help="Fresh runs of each point.  [default: 2000]", metavar="N", parser=options.number),
    ] = None,
    generations: Annotated[
        int | None, typer.Option(help="How long to search.  [default: 4]", metavar="N", parser=options.number)
    ] = None,
    seed: options.Seed = 1,
    out: OutFile = None,
) -> None:
    """Look for the least that levers must be moved for a ceasefire to become as likely as is asked for.

    Example: truce reach hardball --lever russia.confidence=0.3:0.75 --runs 200

    Prints the best found within budgets of effort, each on fresh runs. Without --lever the levers are listed.
    """
    from sim.cli import why_tables

    if not lever:
        why_tables.print_levers()
        return
    from sim.inquiry.levers import read_lever
    from sim.inquiry.reach import FRESH_RUNS, GENERATIONS, RUNS, Limits
    from sim.inquiry.reach import reach as look

    check_file(out)
    wanted = dict(read_lever(text) for text in lever)
    if len(wanted) < len(lever):
        raise UsageError("a lever is given twice; give it once")
    limits: dict[str, tuple[float | None, float | None]] = {}
    if max_conceded is not None:
        limits["territory_conceded_km2"] = (None, max_conceded)
    if min_settled is not None:
        limits["settlement_at_horizon"] = (min_settled, None)
    found = look(
        scenario, wanted, target=target, by=cast("When", by), limits=cast("Limits", limits),
        budgets=None if budget is None else _decimals(budget), runs=RUNS if runs is None else runs,
        fresh_runs=FRESH_RUNS if fresh_runs is None else fresh_runs, seed=seed,
        generations=GENERATIONS if generations is None else generations,
    )  # fmt: skip
    why_tables.print_reach(found)
    write_tables(out, {"frontier": found.frontier, "trials": found.trials})


def _decimals(text: str) -> list[float]:
    try:
        return [float(part) for part in options.listed(text)]
    except ValueError:
        raise UsageError(f"--budget {text}: give numbers with commas, such as 0.5,1,2") from None
