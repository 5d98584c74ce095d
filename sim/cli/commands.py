"""The commands: each parses its words, calls the API and prints. What is heavy is imported inside."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.errors import OutputError, TruceError

if TYPE_CHECKING:
    from sim.experiment import Experiment

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _number(text: str) -> int:
    """Read a whole number; whether it is in range, the API says."""
    try:
        return int(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a whole number") from None


Runs = Annotated[int, typer.Option(help="Runs of each scenario.", metavar="N", parser=_number)]
Seed = Annotated[
    int,
    typer.Option(help="Seed of all random numbers; run i has the same luck everywhere.", metavar="N", parser=_number),
]
Out = Annotated[
    Path | None,
    typer.Option(help="Directory for the result.  [default: results/<name>-<digest>]", metavar="DIR"),
]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace the result of another experiment in --out.")]
Workers = Annotated[
    int | None, typer.Option(help="Processes.  [default: one per core]", metavar="N", parser=_number)
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress and no table.")]


#: Exit code of ``truce verify`` if a check failed.
FAILED_CHECK = 1


class Format(StrEnum):
    """What a table can be printed as."""

    TABLE = "table"
    CSV = "csv"
    MARKDOWN = "markdown"


@app.callback(invoke_without_command=True)
def truce(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version and exit.", is_eager=True)] = False,
) -> None:
    """Simulate ceasefire talks between Russia and Ukraine from May 2025, scenario against scenario.

    Example: truce compare hardball maximum_pressure
    """
    if version:
        import sim

        print(f"truce {sim.__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        print(context.get_help())


@app.command()
def compare(
    context: typer.Context,
    scenarios: Annotated[list[str], typer.Argument(help="Names of scenarios, or their files.", metavar="SCENARIO")],
    runs: Runs = 2000,
    seed: Seed = 1,
    baseline: Annotated[
        str | None,
        typer.Option(help="Scenario to compare with.  [default: hardball, else the first]", metavar="NAME"),
    ] = None,
    out: Out = None,
    overwrite: Overwrite = False,
    workers: Workers = None,
    quiet: Quiet = False,
) -> None:
    """Run scenarios on the same luck and compare them.

    Example: truce compare hardball swift_deal moves_on --runs 500

    Writes outcomes, a summary, differences to the baseline, figures and a manifest.
    """
    from sim.experiment import Experiment

    experiment = Experiment.of(scenarios, runs=runs, seed=seed, baseline=baseline)
    _carry_out(experiment, context, out, overwrite, workers, quiet)


@app.command()
def run(
    context: typer.Context,
    scenario: Annotated[str, typer.Argument(help="Name of a scenario, or its file.", metavar="SCENARIO")],
    runs: Runs = 2000,
    seed: Seed = 1,
    out: Out = None,
    overwrite: Overwrite = False,
    workers: Workers = None,
    quiet: Quiet = False,
) -> None:
    """Run one scenario.

    Example: truce run hardball --runs 500 --seed 7
    """
    from sim.experiment import Experiment

    experiment = Experiment.of(scenario, runs=runs, seed=seed)
    _carry_out(experiment, context, out, overwrite, workers, quiet)


@app.command()
def check(
    files: Annotated[list[str], typer.Argument(help="Scenario files, or names of scenarios.", metavar="FILE")],
) -> None:
    """Check scenario files without running them.

    Example: truce check hardball
    """
    from sim.scenario import load

    failed = False
    for file in files:
        try:
            scenario = load(file)
        except TruceError as error:
            failed = True
            print(f"truce: {' '.join(str(error).split())}", file=sys.stderr)
        else:
            events = f", {_counted(len(scenario.events), 'event')}" if scenario.events else ""
            print(f"ok {scenario.name}: {scenario.title} ({_counted(len(scenario.values), 'parameter')} set{events})")
    if failed:
        raise typer.Exit(2)


@app.command()
def schema(
    out: Annotated[Path | None, typer.Option(help="File to write.  [default: standard output]", metavar="FILE")] = None,
) -> None:
    """Print the JSON Schema of scenario files, for editors.

    Example: truce schema --out scenario.schema.json
    """
    import json

    from sim.scenario import json_schema

    text = json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
    if out is None:
        sys.stdout.write(text)
        return
    try:
        out.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise OutputError(f"{out}: cannot write there ({error.strerror}); choose another file") from error


@app.command("list")
def list_command() -> None:
    """List the scenarios that come with Truce.

    Example: truce list
    """
    from sim.scenario import list_scenarios

    scenarios = list_scenarios()
    width = max((len(scenario.name) for scenario in scenarios), default=0)
    for scenario in scenarios:
        print(f"{scenario.name:{width}}  {scenario.question or scenario.title}")


@app.command()
def parameters(
    actor: Annotated[
        str | None,
        typer.Option(help="A group (russia, front, ...) or a European state (poland).  [default: all]", metavar="NAME"),
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="How to print it.")] = Format.TABLE,
    scenario: Annotated[
        str | None, typer.Option(help="Show the values of a scenario and who sets them.", metavar="SCENARIO")
    ] = None,
) -> None:
    """Print every parameter: meaning, unit, default, uncertainty, bounds, grade and source.

    Example: truce parameters --actor russia --scenario hardball
    """
    from sim.parameter_table import as_csv, as_markdown, rows
    from sim.scenario import load

    found = rows(actor, None if scenario is None else load(scenario))
    if form is Format.TABLE:
        from sim.cli.parameters import print_parameters

        print_parameters(found)
    else:
        sys.stdout.write(as_csv(found) if form is Format.CSV else as_markdown(found))


@app.command()
def verify(
    fast: Annotated[bool, typer.Option("--fast", help="Leave out what takes long; fewer runs.")] = False,
    groups: Annotated[
        list[str] | None,
        typer.Option(
            "--group",
            help="Only this part: theory, convergence, calibration, evidence, article, signs or degeneracy. "
            "May be given several times.  [default: all]",
            metavar="NAME",
        ),
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="How to print it.")] = Format.TABLE,
) -> None:
    """Check theory, evidence and the claims of the article against the model.

    Example: truce verify --fast --group theory

    Prints what was expected and what came out. Exit code 1 if anything failed.
    """
    from sim.cli.verification import print_results
    from sim.verification import left_out
    from sim.verification import verify as results

    passed = print_results(results(fast=fast, groups=groups or None), form.value)
    if fast and (names := left_out(groups or None)):
        print(f"left out by --fast: {', '.join(names)}", file=sys.stderr)
    if not passed:
        raise typer.Exit(FAILED_CHECK)


def _carry_out(
    experiment: Experiment, context: typer.Context, out: Path | None, overwrite: bool, workers: int | None, quiet: bool
) -> None:
    from sim.experiment import check_output, default_directory

    directory = default_directory(experiment) if out is None else out
    check_output(directory, experiment, overwrite=overwrite)
    comparison = experiment.run(workers=workers, progress=not quiet)
    comparison.save(directory, overwrite=overwrite, command=["truce", *context.obj])
    if quiet:
        print(directory)
        return
    from sim.cli.table import print_files, print_summary

    print_summary(comparison)
    print_files(directory)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
