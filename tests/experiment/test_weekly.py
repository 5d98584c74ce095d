"""Weekly tables of runs that were not traced: the same runs once more, with the same luck."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

import sim
from sim.errors import UsageError
from sim.experiment import Experiment, Precision, Results
from sim.scenario import Scenario, load
from tests.batches import StopsAfter, carried_out, changed
from tests.drawn import words

WATCHED = ("confidence", "land_left_luhansk", "war_us_mediates")


class Silent(sim.actors.Russia):
    """Never accepts."""

    def accepts(self, draft):
        return super().accepts(draft) & False


@pytest.fixture(scope="module")
def hardball() -> Scenario:
    """The baseline, cut to eleven weeks to be quick."""
    return dataclasses.replace(load("hardball"), deadline=date(2025, 7, 14), horizon=date(2025, 8, 4))


@pytest.fixture(scope="module")
def experiment(hardball) -> Experiment:
    return Experiment.of([hardball, hardball.vary({"russia.confidence": 0.3}, name="sober")], runs=12, seed=3)


@pytest.fixture(scope="module")
def comparison(experiment) -> Results:
    return carried_out(experiment, chunk=12)


@pytest.fixture(scope="module")
def stored(experiment, tmp_path_factory) -> Path:
    directory = tmp_path_factory.mktemp("weekly") / "stored"
    carried_out(experiment, directory=directory)
    return directory


def same(one: pd.DataFrame, other: pd.DataFrame) -> None:
    assert len(one) > 0
    pd.testing.assert_frame_equal(one, other, check_exact=True)


def traced(experiment: Experiment, runs: int) -> pd.DataFrame:
    """What the first runs would have left if they had been traced from the start."""
    return carried_out(changed(experiment, runs=runs, traces=WATCHED), chunk=runs).traces


def test_runs_carried_out_again_give_what_they_would_have_left(experiment, comparison, stored):
    expected = traced(experiment, 12)
    same(comparison.weekly(WATCHED), expected)
    same(sim.open(stored).weekly(WATCHED), expected)


def test_the_first_runs_are_those_of_the_experiment(experiment, comparison):
    table = comparison.weekly(WATCHED, runs=7)
    assert set(table["runs"]) == {7}
    same(table, traced(experiment, 7))


def test_what_was_traced_is_what_is_stored_of_all_runs(experiment):
    followed = carried_out(changed(experiment, traces=(*WATCHED, "zone")), chunk=12)
    table = followed.weekly(["confidence"], runs=3)
    assert set(table["runs"]) == {12} and set(table["variable"]) == {"confidence"}
    rows = followed.traces[followed.traces["variable"] == "confidence"].reset_index(drop=True)
    same(table, rows)


def test_of_what_was_traced_in_part_all_is_followed_in_the_same_runs(experiment):
    followed = carried_out(changed(experiment, traces=("confidence",)), chunk=12)
    table = followed.weekly(WATCHED, runs=5)
    assert set(table["runs"]) == {5}
    same(table, traced(experiment, 5))


def test_one_scenario_can_be_asked_for(comparison):
    table = comparison.weekly(WATCHED, scenario="sober")
    rows = comparison.weekly(WATCHED)
    same(table, rows[rows["scenario"] == "sober"].reset_index(drop=True))


def test_scenarios_with_luck_of_their_own_keep_it(experiment):
    own = changed(experiment, independent=True)
    table = carried_out(own).weekly(WATCHED, runs=8)
    same(table, traced(own, 8))
    shared = traced(experiment, 8)
    assert not table[table["scenario"] == "sober"].equals(shared[shared["scenario"] == "sober"])


@pytest.mark.parametrize("independent", [False, True], ids=["common luck", "own luck"])
def test_points_of_a_sweep_are_followed_one_by_one(hardball, independent):
    given = {"runs": 6, "independent": independent, "workers": 1, "chunk": 4}
    vary = {"russia.confidence": [0.2, 0.5, 0.7]}
    expected = sim.sweep(hardball, vary, traces=WATCHED, **given).traces
    assert set(expected["point"]) == {0, 1, 2}
    same(sim.sweep(hardball, vary, **given).weekly(WATCHED), expected)


def test_runs_of_a_sweep_with_own_luck_that_came_in_rounds_keep_theirs(hardball):
    """With own luck, a run's depends on the round in which it was made, and so on how many runs that had."""
    given = {"independent": True, "workers": 1, "chunk": 10, "precision": Precision(0.01, fewest=8, most=16)}
    vary = {"russia.confidence": [0.2, 0.5]}
    expected = sim.sweep(hardball, vary, traces=WATCHED, **given)
    plain = sim.sweep(hardball, vary, **given)
    assert plain.runs == 16
    same(plain.weekly(WATCHED), expected.traces)


def test_only_runs_that_are_done_are_followed(experiment, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        carried_out(changed(experiment, scenarios=experiment.scenarios[:1]), directory=tmp_path / "part",
                    executor=StopsAfter(4))  # fmt: skip
    part = sim.open(tmp_path / "part")
    assert not part.complete
    assert part.runs == 5
    same(part.weekly(WATCHED), traced(changed(experiment, scenarios=experiment.scenarios[:1]), 5))


def test_without_a_run_there_is_nothing_to_follow(experiment):
    empty = Results(experiment, {name: _Nothing() for name in ("outcomes", "failures", "traces")})
    with pytest.raises(UsageError, match="no run is done yet"):
        empty.weekly(WATCHED)


class _Nothing:
    def frames(self, scenario, columns):
        return iter(())

    def each(self):
        return iter(())

    def table(self, columns=None):
        return pd.DataFrame()


def test_replaced_actors_are_needed_and_used(hardball, tmp_path: Path):
    experiment = Experiment.of(hardball, runs=6, actors={"russia": Silent})
    expected = carried_out(changed(experiment, traces=WATCHED), chunk=6).traces
    same(carried_out(experiment, chunk=6).weekly(WATCHED), expected)
    carried_out(experiment, directory=tmp_path / "silent", chunk=6)
    opened = sim.open(tmp_path / "silent")
    with pytest.raises(UsageError, match=r"actors were replaced .*Silent\); give them in Python: .*\.weekly\(actors"):
        opened.weekly(WATCHED)
    same(opened.weekly(WATCHED, actors={"russia": Silent}), expected)


def test_names_and_numbers_are_checked(comparison):
    with pytest.raises(UsageError, match="'confidance' cannot be traced; did you mean 'confidence'"):
        comparison.weekly(["confidance"])
    with pytest.raises(UsageError, match="nothing is to be followed"):
        comparison.weekly([])
    with pytest.raises(UsageError, match="runs"):
        comparison.weekly(WATCHED, runs=0)
    with pytest.raises(UsageError, match="no scenario 'sobre' here"):
        comparison.weekly(WATCHED, scenario="sobre")


def test_what_fails_again_is_left_out_again(hardball):
    from tests.actors_that_fail import Raising

    experiment = Experiment.of(hardball, runs=8, seed=3, actors={"russia": Raising})
    with pytest.warns(RuntimeWarning, match="1 run failed"):
        results = carried_out(experiment, chunk=8)
        expected = carried_out(changed(experiment, traces=WATCHED), chunk=8).traces
    assert 0 < results.failed < 8
    assert set(expected["runs"]) == {8 - results.failed}
    same(results.weekly(WATCHED), expected)


def test_nothing_is_changed_by_asking(comparison):
    before = comparison.experiment, comparison.outcomes.copy()
    comparison.weekly(WATCHED, runs=3)
    assert comparison.experiment is before[0] and not comparison.experiment.traces
    pd.testing.assert_frame_equal(comparison.outcomes, before[1])


def test_figures_over_time_can_be_drawn_of_any_comparison(comparison, stored):
    for results in (comparison, sim.open(stored)):
        assert results.plot_front().shape == (4,)
        assert "Scenario: Hardball" in words(results.plot_zone("hardball").figure)
    assert f"Scenario: {comparison.scenarios[1].title}" in words(comparison.plot_american_choices("sober").figure)
    assert len([line for line in comparison.plot_confidence().lines if line.get_label() == "sober"]) == 1
    assert "Ceasefire in force" in words(comparison.plot_differences("settlement_at_horizon").figure)
    with pytest.raises(UsageError, match="no scenario 'sobre' here"):
        comparison.plot_zone("sobre")


def test_a_comparison_without_a_ceasefire_draws_a_figure_that_says_so(hardball):
    stubborn = hardball.vary({"russia.war_cost": 0.0, "russia.confidence": 0.85}, name="stubborn")
    comparison = sim.compare(stubborn, runs=10, workers=1)
    assert comparison.outcomes["ceasefire_week"].isna().all()
    assert "No run has a ceasefire that held for 30 days." in words(comparison.plot_survival().figure)
