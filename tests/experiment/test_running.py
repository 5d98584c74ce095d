"""A batch from its first missing block to its tables: going on, stopping early, telling how far it is."""

from __future__ import annotations

import io
import warnings

import pytest

import sim
from sim.errors import FailedRunsError, OutputError, UsageError
from sim.experiment import Execution, Experiment, running
from sim.experiment.opening import kept
from sim.experiment.progress import Progress
from tests.actors_that_fail import Hopeless, Raising
from tests.batches import Here, StopsAfter, bytes_of, carried_out, changed, files_in


@pytest.fixture(scope="module")
def broken(hardball) -> Experiment:
    """Of nine runs one fails, with either luck."""
    return Experiment.of(hardball, runs=9, seed=3, actors={"russia": Raising})


# ---- going on


@pytest.mark.parametrize("done", [0, 2, 8, 10])
def test_only_what_is_missing_is_done(experiment, stored, tmp_path, done):
    directory = tmp_path / "mine"
    with pytest.raises(KeyboardInterrupt):
        carried_out(experiment, directory=directory, executor=StopsAfter(done))
    here = Here()
    carried_out(experiment, directory=directory, executor=here)
    assert len(here.tasks) == 12 - done
    assert files_in(directory, "manifest.json") == files_in(stored, "manifest.json")


def test_interrupted_at_every_step_it_ends_all_the_same(experiment, stored, tmp_path):
    directory, attempts = tmp_path / "mine", 0
    while True:
        attempts += 1
        try:
            carried_out(experiment, directory=directory, executor=StopsAfter(2))
        except KeyboardInterrupt:
            continue
        break
    assert attempts == 6
    assert files_in(directory, "manifest.json") == files_in(stored, "manifest.json")


def test_it_goes_on_in_parts_of_the_size_that_it_was_begun_with(experiment, stored, tmp_path):
    directory = tmp_path / "mine"
    with pytest.raises(KeyboardInterrupt):
        carried_out(experiment, directory=directory, executor=StopsAfter(4))
    results = carried_out(experiment, directory=directory, chunk=3)
    assert results.manifest["chunk"] == 5
    assert files_in(directory, "manifest.json") == files_in(stored, "manifest.json")


def test_when_it_began_and_with_which_command_is_not_forgotten(experiment, tmp_path):
    directory = tmp_path / "mine"
    with pytest.raises(KeyboardInterrupt):
        carried_out(experiment, directory=directory, executor=StopsAfter(8), command=["truce", "first"])
    before = sim.open(directory).manifest
    after = carried_out(experiment, directory=directory, command=["truce", "second"]).manifest
    assert (after["command"], after["started"]) == ("truce first", before["started"])
    assert before["ended"] is None and after["ended"] >= after["started"]


def test_the_figures_are_drawn_again_only_if_something_was_done(hardball, tmp_path, monkeypatch):
    drawn = []
    original = sim.Comparison.figures
    monkeypatch.setattr(sim.Comparison, "figures", lambda self: drawn.append(1) or original(self))
    for _ in range(2):
        sim.compare(hardball, runs=4, directory=tmp_path / "mine", workers=1)
    assert drawn == [1] and len(list((tmp_path / "mine").glob("*.png"))) == 3


def test_a_table_that_was_removed_is_made_again(experiment, tmp_path):
    directory = tmp_path / "mine"
    carried_out(experiment, directory=directory)
    before = files_in(directory, "manifest.json")
    (directory / "summary.csv").unlink()
    here = Here()
    carried_out(experiment, directory=directory, executor=here)
    assert files_in(directory, "manifest.json") == before and here.tasks == []


def test_while_a_part_is_done_again_an_experiment_is_not_complete(experiment, tmp_path):
    directory = tmp_path / "mine"
    carried_out(experiment, directory=directory)
    for part in (directory / "outcomes").iterdir():
        part.write_bytes(part.read_bytes()[:-100])
    with warnings.catch_warnings(), pytest.raises(KeyboardInterrupt):
        warnings.simplefilter("ignore")
        carried_out(experiment, directory=directory, executor=StopsAfter(2))
    assert not sim.open(directory).complete


def test_a_defect_elsewhere_keeps_what_is_done(experiment, tmp_path):
    with pytest.raises(ZeroDivisionError):
        carried_out(experiment, directory=tmp_path / "mine", executor=StopsAfter(4, ZeroDivisionError()))
    here = Here()
    carried_out(experiment, directory=tmp_path / "mine", executor=here)
    assert len(here.tasks) == 8


def test_what_is_kept_is_said_when_it_stops(experiment, tmp_path):
    directory = tmp_path / "mine"
    with pytest.raises(KeyboardInterrupt):
        carried_out(experiment, directory=directory, executor=StopsAfter(8))
    said = f"10 of 24 runs are kept in {directory}, and the same command goes on from there"
    assert kept(KeyboardInterrupt(), directory) == f"stopped on request; {said}"
    assert kept(FailedRunsError("too many"), directory) == f"too many; {said}"
    assert kept(FailedRunsError("too many"), tmp_path / "nowhere") == "too many"


# ---- failed runs


def test_some_failed_runs_stop_nothing(broken, tmp_path):
    results = carried_out(broken, directory=tmp_path / "mine")
    assert results.complete and len(results.failures) == 2 and len(results.outcomes) == 8
    assert results.manifest["failures"] == results.failed == 1  # the other one is the same run with other luck


def test_a_scenario_without_a_run_left_has_no_tables(hardball, tmp_path):
    hopeless = Experiment.of(hardball, runs=4, seed=3, actors={"russia": Hopeless})
    words = "all runs of 'hardball' failed, the first in week 0: ValueError: no way"
    for directory in (None, tmp_path / "mine"):
        with pytest.raises(UsageError, match=words):
            carried_out(hopeless, directory=directory)
    assert len(sim.open(tmp_path / "mine").failures) == 8  # each run twice, with one luck and the other


def test_too_many_failed_runs_stop_it_and_what_is_done_is_kept(broken, tmp_path):
    directory = tmp_path / "mine"
    words = (
        r"1 run failed, more than the 0 that are allowed; run 7 of 'hardball' in week 3: ValueError: run seven cannot "
        "go on"
    )
    with pytest.raises(FailedRunsError, match=words):
        carried_out(broken, directory=directory, most_failures=0)
    left = sim.open(directory)
    assert not left.complete and len(left.failures) == 2
    again = carried_out(broken, directory=directory)
    assert again.complete and bytes_of(again) == bytes_of(carried_out(broken))


def test_no_failure_need_be_allowed(broken):
    with pytest.raises(FailedRunsError, match="1 run failed, more than the 0 that are allowed"):
        carried_out(broken, most_failures=0)
    assert len(carried_out(changed(broken, runs=7), most_failures=0).outcomes) == 7


@pytest.mark.parametrize("most", [-1, True, 1.5])
def test_the_most_failures_are_a_whole_number(most):
    with pytest.raises(UsageError, match="the most failures must be a whole number from 0 upwards"):
        Execution(most_failures=most)


# ---- progress


class Recorded(Progress):
    """Writes to memory and is never short of patience."""

    all: list[Recorded] = []  # noqa: RUF012

    def __init__(self, total):
        super().__init__(total, io.StringIO())
        self.steps = []
        self.all.append(self)

    def advance(self, runs, failed=0):
        super().advance(runs, failed)
        self.steps.append((self.done, self.total, self.failed))


@pytest.fixture
def bars(monkeypatch):
    monkeypatch.setattr(running, "Progress", Recorded)
    Recorded.all = []
    return Recorded.all


def test_progress_counts_every_run_once(bars, experiment):
    carried_out(experiment, progress=True)
    (bar,) = bars
    assert [done for done, _, _ in bar.steps] == [5, 10, 12, 17, 22, 24, 29, 34, 36, 41, 46, 48]
    assert {total for _, total, _ in bar.steps} == {48}


def test_progress_counts_only_what_is_still_to_do(bars, experiment, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        carried_out(experiment, directory=tmp_path / "mine", executor=StopsAfter(6))
    carried_out(experiment, directory=tmp_path / "mine", progress=True)
    (bar,) = bars
    assert bar.steps[-1] == (24, 24, 0)
    carried_out(experiment, directory=tmp_path / "mine", progress=True)
    assert len(bars) == 1  # nothing to do, nothing to say


def test_progress_tells_of_failed_runs(bars, broken):
    carried_out(broken, progress=True)
    assert bars[0].steps[-1] == (18, 18, 1) and "1 failed" in bars[0].status()


def test_away_from_a_terminal_nothing_is_said_unless_asked_for(bars, hardball):
    sim.compare(hardball, runs=2, workers=1)
    assert bars == []


def test_a_batch_that_goes_well_warns_of_nothing(experiment, tmp_path):
    """A batch that goes well says nothing at all."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        carried_out(changed(experiment, runs=4), directory=tmp_path / "mine", chunk=2)


def test_a_directory_that_cannot_be_used_costs_no_run(experiment, tmp_path):
    (tmp_path / "mine").write_text("mine")
    here = Here()
    with pytest.raises(OutputError, match="is not a directory"):
        carried_out(experiment, directory=tmp_path / "mine", executor=here)
    assert here.tasks == []
