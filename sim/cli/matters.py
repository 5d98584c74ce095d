"""The commands that ask what matters: which parameters, which region of them, where an outcome tips."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from sim.cli import options
from sim.cli.app import app
from sim.cli.experiments import told_if_stopped, varied
from sim.cli.files import check_file, write_tables

if TYPE_CHECKING:
    from sim.inquiry.sensitivity import Method

_Directory = Annotated[
    Path | None, typer.Option(help="Directory for runs and tables; given again, it goes on there.", metavar="DIR")
]


@app.command()
def sensitivity(
    context: typer.Context,
    scenario: Annotated[str, typer.Argument(help="Name of a scenario, or its file.", metavar="SCENARIO")],
    vary: Annotated[
        list[str] | None,
        typer.Option(
            help="NAME or GROUP.* for their own laws, NAME=low:high for a range. May be given several times.  "
            "[default: all uncertain parameters]",
            metavar="WHAT",
        ),
    ] = None,
    outcome: Annotated[
        str, typer.Option(help="Outcomes, separated by commas.", metavar="NAMES")
    ] = "ceasefire_by_deadline",
    method: Annotated[str, typer.Option(help="sobol or morris.", metavar="NAME")] = "sobol",
    sample: Annotated[
        int, typer.Option(help="Rows of the design; with sobol a power of two.", metavar="N", parser=options.number)
    ] = 64,
    runs: Annotated[int, typer.Option(help="Runs of each point.", metavar="N", parser=options.number)] = 50,
    seed: options.Seed = 1,
    independent: options.Independent = False,
    out: _Directory = None,
    fresh: options.Fresh = False,
    workers: options.Workers = None,
    quiet: options.Quiet = False,
) -> None:
    """Tell which uncertain parameters an outcome depends on.

    Example: truce sensitivity hardball --method morris --sample 8 --runs 10

    Runs a design of SALib as a sweep and prints Sobol indices, or the effects of Morris's screening.

    With --out, runs and table are stored, and of Sobol indices (of the first outcome) a figure.
    """
    from sim.cli.matters_tables import print_sensitivity
    from sim.inquiry.sensitivity import sensitivity as compute

    with told_if_stopped(out, fresh):
        table = compute(
            scenario, varied(vary), outcome=options.listed(outcome), method=cast("Method", method), sample=sample,
            runs=runs, seed=seed, independent=independent, directory=out, fresh=fresh, workers=workers,
            progress=not quiet, command=["truce", *context.obj],
        )  # fmt: skip
    if not quiet:
        print_sensitivity(table, independent=independent, chosen=bool(vary))
    _say_where(out, quiet)


@app.command()
def discover(
    directory: Annotated[Path, typer.Argument(help="Directory of an experiment.", metavar="DIR")],
    scenario: Annotated[
        str | None, typer.Option(help="Name of the scenario.  [default: the only one]", metavar="NAME")
    ] = None,
    outcome: Annotated[str, typer.Option(help="The event.", metavar="NAME")] = "ceasefire_by_deadline",
    most_boxes: Annotated[
        int, typer.Option("--max-boxes", help="Boxes shown, at most.", metavar="N", parser=options.number)
    ] = 3,
    out: Annotated[Path | None, typer.Option(help="File for the table, as CSV.", metavar="FILE")] = None,
) -> None:
    """Tell in which region of the parameters an event of stored runs is frequent.

    Example: truce discover results/mine --outcome ceasefire_by_horizon
    """
    from sim.cli.matters_tables import print_boxes
    from sim.inquiry.discovery import discover as compute

    check_file(out)
    table = compute(directory, scenario, outcome, most_boxes=most_boxes)
    print_boxes(table)
    write_tables(out, {"boxes": table})


@app.command()
def tipping(
    context: typer.Context,
    scenario: Annotated[str, typer.Argument(help="Name of a scenario, or its file.", metavar="SCENARIO")],
    vary: Annotated[
        list[str] | None,
        typer.Option(
            help="NAME=low:high:count or NAME=a,b,c; to be given twice, the horizontal axis first.", metavar="WHAT"
        ),
    ] = None,
    outcome: Annotated[str, typer.Option(help="What is mapped.", metavar="NAME")] = "ceasefire_by_deadline",
    level: Annotated[
        float | None,
        typer.Option(
            help="Where the line is drawn, in the unit of the outcome.  [default: 0.5 for a share of runs]",
            metavar="X",
            parser=options.decimal,
        ),
    ] = None,
    runs: options.PointRuns = None,
    seed: options.Seed = 1,
    independent: options.Independent = False,
    out: _Directory = None,
    fresh: options.Fresh = False,
    workers: options.Workers = None,
    quiet: options.Quiet = False,
) -> None:
    """Map an outcome over two parameters, with the line on which it tips.

    \b
    Example: truce tipping hardball --vary russia.confidence=0.2:0.8:4 --vary front.pace=20:80:3

    With --out, runs, tables and the figure (tipping.png, tipping.svg) are stored.
    """  # noqa: D301  the example stays on one line
    from sim.cli.matters_tables import print_map
    from sim.inquiry.tipping import RUNS, level_of, tipping_map

    with told_if_stopped(out, fresh):
        table = tipping_map(
            scenario, varied(vary), outcome=outcome, runs=RUNS if runs is None else runs, seed=seed, level=level,
            independent=independent, directory=out, fresh=fresh, workers=workers, progress=not quiet,
            command=["truce", *context.obj],
        )  # fmt: skip
    if not quiet:
        print_map(table, level_of(outcome, level))
    _say_where(out, quiet)


def _say_where(directory: Path | None, quiet: bool) -> None:
    from sim.cli.table import print_files

    if directory is None:
        return
    if quiet:
        print(directory)
    else:
        print_files(directory)
