"""The commands that run experiments, and that look at what is stored of them."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from sim.cli import options
from sim.cli.app import app
from sim.errors import ClusterError, FailedRunsError, OutputError, StoppedError, UsageError

if TYPE_CHECKING:
    from sim.experiment import Experiment, Precision, Results
    from sim.experiment.design import Method, Variation

#: Exit code if some runs failed; the others are there.
FAILED_RUNS = 1


@app.command()
def compare(
    context: typer.Context,
    scenarios: Annotated[list[str], typer.Argument(help="Names of scenarios, or their files.", metavar="SCENARIO")],
    runs: options.Runs = None,
    seed: options.Seed = 1,
    baseline: Annotated[
        str | None,
        typer.Option(help="Scenario to compare with.  [default: hardball, else the first]", metavar="NAME"),
    ] = None,
    precision: options.Half = None,
    outcome: options.OutcomeName = None,
    fewest: options.Fewest = None,
    most: options.Most = None,
    independent: options.Independent = False,
    trace: options.Trace = None,
    trace_runs: options.TraceRuns = None,
    out: options.Out = None,
    fresh: options.Fresh = False,
    workers: options.Workers = None,
    cluster: options.Cluster = None,
    chunk: options.Chunk = None,
    most_failures: options.MostFailures = None,
    check: options.Check = False,
    quiet: options.Quiet = False,
) -> None:
    """Run scenarios on the same luck and compare them.

    Example: truce compare hardball swift_deal moves_on --runs 500

    Writes outcomes part by part, then a summary, differences to the baseline and figures. The same command again
    goes on where it stopped.
    """
    from sim.experiment import Experiment

    wanted = _precision(precision, outcome, fewest, most, runs)
    experiment = Experiment.of(
        scenarios, runs=2000 if runs is None else runs, seed=seed, baseline=baseline, independent=independent,
        traces=options.listed(trace), trace_runs=options.numbers(trace_runs), precision=wanted,
    )  # fmt: skip
    _carry_out(experiment, context, out, fresh, workers, cluster, chunk, most_failures, check, quiet)


@app.command()
def run(
    context: typer.Context,
    scenario: Annotated[str, typer.Argument(help="Name of a scenario, or its file.", metavar="SCENARIO")],
    runs: options.Runs = None,
    seed: options.Seed = 1,
    precision: options.Half = None,
    outcome: options.OutcomeName = None,
    fewest: options.Fewest = None,
    most: options.Most = None,
    trace: options.Trace = None,
    trace_runs: options.TraceRuns = None,
    out: options.Out = None,
    fresh: options.Fresh = False,
    workers: options.Workers = None,
    cluster: options.Cluster = None,
    chunk: options.Chunk = None,
    most_failures: options.MostFailures = None,
    check: options.Check = False,
    quiet: options.Quiet = False,
) -> None:
    """Run one scenario.

    Example: truce run hardball --runs 500 --seed 7
    """
    from sim.experiment import Experiment

    wanted = _precision(precision, outcome, fewest, most, runs)
    experiment = Experiment.of(
        scenario, runs=2000 if runs is None else runs, seed=seed, traces=options.listed(trace),
        trace_runs=options.numbers(trace_runs), precision=wanted,
    )  # fmt: skip
    _carry_out(experiment, context, out, fresh, workers, cluster, chunk, most_failures, check, quiet)


@app.command()
def sweep(
    context: typer.Context,
    scenario: Annotated[str, typer.Argument(help="Name of a scenario, or its file.", metavar="SCENARIO")],
    vary: Annotated[
        list[str] | None,
        typer.Option(
            help="NAME=low:high:count or NAME=a,b,c for a grid; with --sample NAME=low:high, NAME or GROUP.* for their "
            "own laws. May be given several times.",
            metavar="WHAT",
        ),
    ] = None,
    sample: Annotated[
        int | None,
        typer.Option(
            help="Number of points drawn from laws, by default those of all uncertain parameters.",
            metavar="N",
            parser=options.number,
        ),
    ] = None,
    method: Annotated[str, typer.Option(help="How they are drawn: sobol, lhs or random.", metavar="NAME")] = "sobol",
    design: Annotated[
        Path | None,
        typer.Option(help="File of comma-separated values whose columns are names of parameters.", metavar="FILE"),
    ] = None,
    runs: options.PointRuns = None,
    seed: options.Seed = 1,
    precision: options.Half = None,
    outcome: options.OutcomeName = None,
    fewest: options.Fewest = None,
    most: options.Most = None,
    independent: options.Independent = False,
    trace: options.Trace = None,
    trace_runs: options.TraceRuns = None,
    out: options.Out = None,
    fresh: options.Fresh = False,
    workers: options.Workers = None,
    cluster: options.Cluster = None,
    chunk: options.Chunk = None,
    most_failures: options.MostFailures = None,
    check: options.Check = False,
    quiet: options.Quiet = False,
) -> None:
    """Run a scenario at every point of a design, all points on the same luck.

    Example: truce sweep hardball --vary russia.confidence=0.3:0.7:3 --runs 100
    """
    from sim.experiment import Experiment
    from sim.experiment.sweeping import RUNS, design_of
    from sim.scenario import load

    loaded = load(scenario)
    wanted = _precision(precision, outcome, fewest, most, runs)
    points = design_of(loaded, varied(vary), sample, cast("Method", method), design, seed)
    experiment = Experiment.of(
        loaded, runs=RUNS if runs is None else runs, seed=seed, independent=independent, design=points,
        traces=options.listed(trace), trace_runs=options.numbers(trace_runs), precision=wanted,
    )  # fmt: skip
    _carry_out(experiment, context, out, fresh, workers, cluster, chunk, most_failures, check, quiet)


@app.command()
def status(
    directory: Annotated[Path, typer.Argument(help="Directory of an experiment.", metavar="DIR")],
) -> None:
    """Show what is in the directory of an experiment and how far it is.

    Example: truce status results/mine
    """
    from sim.cli.table import print_status
    from sim.experiment.opening import status_of

    print_status(directory, status_of(directory))


@app.command()
def replay(
    directory: Annotated[Path, typer.Argument(help="Directory of an experiment.", metavar="DIR")],
    scenario: Annotated[
        str | None, typer.Option(help="Name of the scenario.  [default: the only one]", metavar="NAME")
    ] = None,
    run_number: Annotated[
        int, typer.Option("--run", help="Number of the run.", metavar="N", parser=options.number)
    ] = 0,
    point: Annotated[int, typer.Option(help="Point of the design.", metavar="N", parser=options.number)] = 0,
) -> None:
    """Carry out one run of an experiment once more and tell it week by week.

    Example: truce replay results/mine --scenario hardball --run 17
    """
    import sim

    history = sim.open(directory).replay(scenario, run_number, point)
    print(history)
    if history.agrees is None:
        print("This run is not stored (not done yet, or failed), so there is nothing to compare it with.")
    elif history.agrees:
        print("It ended as the run that is stored.")
    else:
        columns = ", ".join(history.differs)
        raise OutputError(f"{directory}: the stored run ended otherwise ({columns}); was it made by other code?")


def _precision(
    half_width: float | None, outcome: str | None, fewest: int | None, most: int | None, runs: int | None
) -> Precision | None:
    from sim.experiment import Precision

    given = {"outcome": outcome, "fewest": fewest, "most": most}
    chosen = {key: value for key, value in given.items() if value is not None}
    if half_width is None:
        if chosen:
            raise UsageError("--outcome, --min-runs and --max-runs go with --precision; give it too")
        return None
    if runs is not None:
        raise UsageError("--runs and --precision exclude each other; there are --min-runs and --max-runs")
    return Precision(half_width, **chosen)  # type: ignore[arg-type]


def _carry_out(
    experiment: Experiment, context: typer.Context, out: Path | None, fresh: bool, workers: int | None,
    cluster: str | None, chunk: int | None, most_failures: int | None, check: bool, quiet: bool,
) -> None:  # fmt: skip
    from sim.experiment import Comparison, Execution, Sweep, default_directory, run_experiment
    from sim.experiment.batch import CHUNK
    from sim.experiment.running import MOST_FAILURES

    directory = default_directory(experiment) if out is None else out
    how = Execution(
        workers, None, cluster, CHUNK if chunk is None else chunk, directory, fresh, not quiet,
        MOST_FAILURES if most_failures is None else most_failures, check, ["truce", *context.obj],
    )  # fmt: skip
    with told_if_stopped(directory, fresh):
        results = run_experiment(experiment, Comparison if experiment.design is None else Sweep, how)
    if quiet:
        print(directory)
    else:
        _show(results, directory)
    if len(results.failures):
        raise typer.Exit(FAILED_RUNS)


@contextmanager
def told_if_stopped(directory: Path | None, fresh: bool) -> Iterator[None]:
    """Say what is kept, and how to go on, if the runs stop early."""
    from sim.experiment.opening import kept

    try:
        yield
    except (ClusterError, FailedRunsError) as error:
        raise (error if directory is None else type(error)(kept(error, directory, fresh=fresh))) from error
    except (KeyboardInterrupt, SystemExit) as stop:  # Ctrl-C, or another signal, of which it carries the exit code
        if directory is None:
            raise
        raise StoppedError(kept(stop, directory, fresh=fresh), getattr(stop, "code", 128 + signal.SIGINT)) from None


def varied(vary: list[str] | None) -> dict[str, Variation]:
    """Return what ``--vary`` says, each parameter once."""
    from sim.experiment.design import read_variation

    found = dict(read_variation(text) for text in vary or [])
    if len(found) < len(vary or []):
        raise UsageError("a parameter is varied twice; give all of its values at once")
    return found


def _show(results: Results, directory: Path) -> None:
    from sim.cli.table import print_end, print_files, print_points, print_summary
    from sim.experiment import Comparison, Sweep

    if isinstance(results, Comparison):
        print_summary(results)
    elif isinstance(results, Sweep):
        print_points(results)
    print_end(results)
    print_files(directory)
