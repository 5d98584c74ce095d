"""The commands that forecast: the model's chances beside those of others, and after something was observed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import options
from sim.cli.app import app
from sim.cli.files import check_file, write_figure, write_tables
from sim.errors import UsageError

if TYPE_CHECKING:
    pass

Runs = Annotated[
    int | None, typer.Option(help="Runs of each scenario.  [default: 4000]", metavar="N", parser=options.number)
]
Table = Annotated[
    Path | None, typer.Option(help="File of comma-separated values to write the table to.", metavar="FILE")
]


@app.command()
def score(
    questions: Annotated[
        list[str] | None,
        typer.Argument(
            help="Question files, or names of questions that come with Truce.  [default: all of these]",
            metavar="QUESTION", show_default=False,
        ),
    ] = None,
    scenario: Annotated[
        str | None, typer.Option(help="Scenario that answers.  [default: hardball]", metavar="SCENARIO")
    ] = None,
    mixture: Annotated[
        str | None,
        typer.Option(help="In its place, several with their probabilities: NAME=0.6,NAME=0.4.", metavar="PARTS"),
    ] = None,
    runs: Runs = None,
    seed: options.Seed = 1,
    extend: Annotated[
        bool, typer.Option("--extend", help="Let a scenario go on where a question looks farther than it does.")
    ] = False,
    floor: Annotated[
        float, typer.Option(help="Chance that the log score credits a forecast with at least.", metavar="P")
    ] = 0.001,
    out: Table = None,
    figure: Annotated[
        Path | None,
        typer.Option(help="File for a figure of the chances, as PNG; an SVG is written beside it.", metavar="FILE"),
    ] = None,
) -> None:  # fmt: skip
    """Set the model's chances beside those of crowds and base rates; score all where an outcome is known.

    Example: truce score ceasefire_in_2025 --scenario hardball --runs 200
    """
    from sim.cli.forecast_tables import print_scores
    from sim.inquiry import forecasting

    if scenario is not None and mixture is not None:
        raise UsageError("--scenario and --mixture exclude each other; give one of them")
    check_file(out)
    check_file(figure, ".png")
    names = questions or forecasting.list_questions()
    asked = [forecasting.load_question(name) for name in names]
    parts = None if mixture is None else forecasting.read_mixture(mixture)
    count = forecasting.RUNS if runs is None else runs
    table = forecasting.score(
        asked, scenario, mixture=parts, runs=count, seed=seed, extend=extend, floor=floor
    )  # fmt: skip
    print_scores(table, asked, count, seed, floor)
    write_tables(out, {"scores": table})
    if figure is not None:
        from sim.plots import forecasts

        write_figure(figure, forecasts(table).figure)


@app.command()
def update(
    scenario: Annotated[str, typer.Argument(help="Name of a scenario, or its file.", metavar="SCENARIO")],
    observed: Annotated[
        str, typer.Option(help="File of observations; made_up is an example with invented numbers.", metavar="FILE")
    ],
    runs: Runs = None,
    seed: options.Seed = 1,
    out: Table = None,
) -> None:
    """Weigh the runs of a scenario by what was observed up to a date, and forecast anew.

    Example: truce update hardball --observed made_up --runs 500

    With --out, FILE_parameters and FILE_observations are written beside FILE.
    """
    from sim.cli.forecast_tables import print_update
    from sim.inquiry.observations import load_observations
    from sim.inquiry.updating import RUNS
    from sim.inquiry.updating import update as updated

    check_file(out)
    found = updated(scenario, load_observations(observed), runs=RUNS if runs is None else runs, seed=seed)
    print_update(found)
    beside = {"parameters": found.parameters, "observations": found.observations}
    write_tables(out, {"forecast": found.forecast} | beside)
