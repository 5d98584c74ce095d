"""The commands that forecast: the model's chances beside those of others, and after something was observed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import options
from sim.cli.app import app
from sim.errors import OutputError, UsageError

if TYPE_CHECKING:
    import pandas as pd

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
) -> None:  # fmt: skip
    """Set the model's chances beside those of crowds and base rates; score all where an outcome is known.

    Example: truce score ceasefire_in_2025 --scenario hardball --runs 200
    """
    from sim.cli.forecast_tables import print_scores
    from sim.inquiry import forecasting

    if scenario is not None and mixture is not None:
        raise UsageError("--scenario and --mixture exclude each other; give one of them")
    _check_file(out)
    names = questions or forecasting.list_questions()
    asked = [forecasting.load_question(name) for name in names]
    parts = None if mixture is None else forecasting.read_mixture(mixture)
    count = forecasting.RUNS if runs is None else runs
    table = forecasting.score(
        asked, scenario, mixture=parts, runs=count, seed=seed, extend=extend, floor=floor
    )  # fmt: skip
    print_scores(table, asked, count, seed, floor)
    _write({out: table} if out else {})


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

    _check_file(out)
    found = updated(scenario, load_observations(observed), runs=RUNS if runs is None else runs, seed=seed)
    print_update(found)
    if out is not None:
        beside = {name: out.with_name(f"{out.stem}_{name}{out.suffix}") for name in ("parameters", "observations")}
        _write({out: found.forecast} | {path: getattr(found, name) for name, path in beside.items()})


def _check_file(out: Path | None) -> None:
    """Refuse a file that cannot be written before anything is run."""
    if out is None:
        return
    if out.is_dir():
        raise OutputError(f"{out}: this is a directory; name a file inside it, such as {out / 'table.csv'}")
    if not out.parent.is_dir():
        raise OutputError(f"{out}: there is no directory {out.parent}; make it first, or choose another")


def _write(tables: dict[Path, pd.DataFrame]) -> None:
    from sim.experiment.files import reason, write_text

    for path, table in tables.items():
        try:
            write_text(path, table.to_csv(index=False, lineterminator="\n"))
        except OSError as error:
            raise OutputError(f"{path}: cannot write there ({reason(error)}); choose another file") from error
    if tables:
        print(f"\n{', '.join(str(path) for path in tables)}")
