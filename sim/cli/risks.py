"""The commands that ask a stored comparison: what differs from the baseline, and how ceasefires come and go."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from sim.cli import options
from sim.cli.app import app
from sim.cli.files import check_file, write_tables
from sim.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

    from sim.analysis.risks import Every
    from sim.experiment import Comparison

Directory = Annotated[Path, typer.Argument(help="Directory of a comparison.", metavar="DIR")]
File = Annotated[Path | None, typer.Option("--out", help="Write the table there, too.", metavar="FILE.csv")]


@app.command()
def differences(
    directory: Directory,
    outcome: Annotated[
        str | None,
        typer.Option(help="Only this outcome, for example settlement_at_horizon.  [default: all]", metavar="NAME"),
    ] = None,
    out: File = None,
) -> None:
    """Compare scenarios with the baseline in every outcome, run by run.

    Example: truce differences results/mine --outcome ceasefire_by_deadline

    Says with what interval, what difference could have been found, and whether it is distinguishable from none once
    all scenarios are taken into account.
    """
    from sim.cli.risk_tables import print_differences

    check_file(out)
    comparison = _comparison(directory)
    table = comparison.differences(outcome)
    print_differences(comparison, table)
    write_tables(out, {"differences": table})


@app.command()
def risks(
    directory: Directory,
    every: Annotated[
        str, typer.Option(help="Tell the chance by the end of each month or quarter.", metavar="PERIOD")
    ] = "quarter",
    by: Annotated[
        str | None,
        typer.Option(help="Divide ceasefires by what was agreed, for example agreed_security.", metavar="NAME"),
    ] = None,
    groups: Annotated[
        int | None,
        typer.Option(help="Into 2 or 3 groups of about one size.  [default: 3]", metavar="N", parser=options.number),
    ] = None,
    cuts: Annotated[str | None, typer.Option(help="Or at these values: 0.3,0.6", metavar="NUMBERS")] = None,
    out: File = None,
) -> None:
    """Tell by when a ceasefire comes, what comes first, and how long ceasefires last.

    Example: truce risks results/mine --by agreed_security

    A ladder of dates; ceasefire, full control and disengagement as competing risks; survival of ceasefires.
    """
    from sim.cli.risk_tables import as_one_table, print_risks

    check_file(out)
    comparison = _comparison(directory)
    if by is None and (groups is not None or cuts is not None):
        raise UsageError("--groups and --cuts go with --by; say what ceasefires are to be divided by")
    if groups is not None and cuts is not None:
        raise UsageError("--groups and --cuts exclude each other")
    divided = [_cut(text) for text in options.listed(cuts)] if cuts is not None else 3 if groups is None else groups
    ladder = comparison.ladder(cast("Every", every))
    first = _at_dates(comparison, comparison.risks())
    lasting = _lasting(comparison, by, divided)
    print_risks(comparison, ladder, first, lasting, by)
    write_tables(out, {"risks": as_one_table(ladder, first, lasting)})


def _comparison(directory: Path) -> Comparison:
    import sim

    results = sim.open(directory)
    if not isinstance(results, sim.Comparison):
        raise UsageError(f"{directory} holds a sweep of one scenario; this command is about comparisons of scenarios")
    if not results.complete:
        told = f"{directory} is not complete; this is about the runs that are there"
        warnings.warn(told, RuntimeWarning, stacklevel=2)
    return results


def _lasting(comparison: Comparison, by: str | None, groups: int | list[float]) -> pd.DataFrame:
    """Return the summary of survival; without a ceasefire, and no question about groups of them, an empty one."""
    import pandas as pd

    from sim.analysis.survival import SUMMARY

    try:
        return comparison.survival_summary(by, groups)
    except UsageError:
        if by is not None:
            raise
        return pd.DataFrame(columns=list(SUMMARY))  # names and runs are in order, or there would be no ladder


def _at_dates(comparison: Comparison, risks: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of each scenario's deadline and horizon, with a column ``when``."""
    import pandas as pd

    tables = [
        risks[(risks["scenario"] == scenario.name) & (risks["week"] == week)].assign(when=when, by=day.isoformat())
        for scenario in comparison.scenarios
        for when, week, day in (
            ("deadline", scenario.deadline_week, scenario.deadline),
            ("horizon", scenario.horizon_week, scenario.horizon),
        )
    ]  # fmt: skip
    return pd.concat(tables, ignore_index=True)


def _cut(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise UsageError(f"--cuts: '{text}' is not a number") from None
