"""The commands that run nothing: each parses its words, calls the API and prints. What is heavy is imported inside."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.app import app
from sim.errors import OutputError, TruceError, on_one_line

#: Exit code of ``truce verify`` if a check failed.
FAILED_CHECK = 1


class Format(StrEnum):
    """What a table can be printed as."""

    TABLE = "table"
    CSV = "csv"
    MARKDOWN = "markdown"


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
            print(f"truce: {on_one_line(str(error))}", file=sys.stderr)
        else:
            events = f", {_counted(len(scenario.events), 'event')}" if scenario.events else ""
            parameters_set = f"{_counted(len(scenario.values), 'parameter')} set{events}"
            print(on_one_line(f"ok {scenario.name}: {scenario.title} ({parameters_set})"))
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


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
