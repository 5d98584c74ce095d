"""The options that several commands share, and how their words are read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def number(text: str) -> int:
    """Read a whole number; whether it is in range, the API says."""
    try:
        return int(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a whole number") from None


def decimal(text: str) -> float:
    """Read a number; whether it is in range, the API says."""
    try:
        return float(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a number") from None


def listed(text: str | None) -> list[str]:
    """Return the parts of a list with commas."""
    return [part.strip() for part in (text or "").split(",") if part.strip()]


def numbers(text: str | None) -> list[int]:
    """Return the whole numbers of a list with commas."""
    return [number(part) for part in listed(text)]


Runs = Annotated[int | None, typer.Option(help="Runs of each scenario.  [default: 2000]", metavar="N", parser=number)]
PointRuns = Annotated[int | None, typer.Option(help="Runs of each point.  [default: 200]", metavar="N", parser=number)]
Seed = Annotated[
    int,
    typer.Option(help="Seed of all random numbers; run i has the same luck everywhere.", metavar="N", parser=number),
]
Out = Annotated[
    Path | None,
    typer.Option(help="Directory for the result.  [default: results/<name>-<digest>]", metavar="DIR"),
]
Fresh = Annotated[bool, typer.Option("--fresh", help="Discard what an earlier experiment left there.")]
Independent = Annotated[bool, typer.Option("--independent", help="Give each scenario or point luck of its own.")]
Half = Annotated[
    float | None,
    typer.Option(
        "--precision",
        help="Instead of --runs: go on until the 95 % interval is this number up and down (a share, or km²).",
        metavar="X",
        parser=decimal,
    ),
]
OutcomeName = Annotated[
    str | None,
    typer.Option("--outcome", help="What --precision is about.  [default: ceasefire_by_deadline]", metavar="NAME"),
]
Fewest = Annotated[
    int | None,
    typer.Option("--min-runs", help="Fewest runs with --precision.  [default: 1000]", metavar="N", parser=number),
]
Most = Annotated[
    int | None,
    typer.Option("--max-runs", help="Most runs with --precision.  [default: 100000]", metavar="N", parser=number),
]
Trace = Annotated[
    str | None,
    typer.Option("--trace", help="Follow these from week to week, as quantiles: confidence,zone,...", metavar="NAMES"),
]
TraceRuns = Annotated[
    str | None, typer.Option("--trace-runs", help="Follow these runs value by value: 0,17,...", metavar="NUMBERS")
]
Workers = Annotated[int | None, typer.Option(help="Processes.  [default: one per core]", metavar="N", parser=number)]
Cluster = Annotated[
    str | None,
    typer.Option(help="Run on Dask: 'local', or the address of a scheduler (tcp://host:8786).", metavar="ADDRESS"),
]
Chunk = Annotated[
    int | None, typer.Option(help="Most runs that advance together.  [default: 4096]", metavar="N", parser=number)
]
MostFailures = Annotated[
    int | None,
    typer.Option("--max-failures", help="Stop after so many failed runs.  [default: 1000]", metavar="N", parser=number),
]
Check = Annotated[
    bool, typer.Option("--check", help="Look at invariants every week; a run that breaks one is a failed run.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress and no table.")]
