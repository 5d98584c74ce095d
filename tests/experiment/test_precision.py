"""Going on until an outcome is known well enough, and no further."""

from __future__ import annotations

import dataclasses
import math
import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.analysis.intervals import paired_difference
from sim.errors import UsageError
from sim.experiment import Experiment, Precision, precision
from tests.batches import Here, bytes_of, carried_out, changed, files_in


@pytest.fixture
def fine(monkeypatch):
    """Rounds of ten runs instead of five hundred."""
    monkeypatch.setattr(precision, "_ROUND", 10)


def wanted(hardball, half_width: float, outcome: str = "pressed_russia_by_deadline", most: int = 200) -> Experiment:
    certain = dataclasses.replace(hardball, uncertainty=False)
    return Experiment.of(certain, seed=2, precision=Precision(half_width, outcome, fewest=20, most=most))


# ---- rounds


def test_it_stops_as_soon_as_the_interval_is_narrow_enough(fine, hardball):
    done = carried_out(wanted(hardball, 0.09), chunk=64)
    row = done.summary.iloc[0]
    half = (row["pressed_russia_by_deadline_high"] - row["pressed_russia_by_deadline_low"]) / 2
    assert half == pytest.approx(done.half_width) and done.half_width <= 0.09
    assert 20 < done.runs < 200 and done.runs % 10 == 0
    narrower = carried_out(wanted(hardball, done.half_width * 0.9), chunk=64)
    assert narrower.runs > done.runs and narrower.half_width <= done.half_width * 0.9


def test_what_is_precise_from_the_start_takes_the_fewest_runs(fine, hardball):
    done = carried_out(wanted(hardball, 0.45))
    assert (done.runs, len(done.outcomes)) == (20, 20) and done.half_width < 0.45


def test_it_stops_at_the_most_runs_and_says_how_far_it_came(fine, hardball):
    done = carried_out(wanted(hardball, 0.001, most=55), chunk=64)
    assert done.runs == 55 and done.half_width > 0.001


def test_the_fewest_and_the_most_may_be_one_number(fine, hardball):
    experiment = Experiment.of(hardball, precision=Precision(0.001, fewest=12, most=12))
    assert carried_out(experiment, chunk=12).runs == 12


def test_a_mean_can_be_asked_for_in_its_own_unit(fine, hardball):
    done = carried_out(wanted(hardball, 150.0, "territory_lost_km2"), chunk=64)
    row = done.summary.iloc[0]
    assert done.half_width == pytest.approx((row["territory_lost_km2_high"] - row["territory_lost_km2_low"]) / 2)
    assert done.half_width <= 150 and done.runs < 200


@pytest.mark.parametrize("chunk", [7, 64])
def test_rounds_and_results_do_not_depend_on_the_parts(fine, hardball, tmp_path, chunk):
    experiment = wanted(hardball, 0.12)
    one = carried_out(experiment, chunk=33)
    other = carried_out(experiment, chunk=chunk, directory=tmp_path / "mine")
    assert (other.runs, other.half_width) == (one.runs, one.half_width) and one.runs > 20
    assert bytes_of(other) == bytes_of(one)
    assert other.manifest["half_width"] == one.half_width and other.manifest["runs_done"] == one.runs


def test_interrupted_between_rounds_it_goes_on_with_the_same_rounds(fine, hardball, tmp_path):
    experiment = wanted(hardball, 0.12)
    undisturbed = carried_out(experiment, chunk=20, directory=tmp_path / "undisturbed")

    class Interrupted(Here):
        def submit(self, fn, /, *args, **kwargs):
            if args[0].block.runs.start >= 20:
                raise KeyboardInterrupt
            return super().submit(fn, *args, **kwargs)

    with pytest.raises(KeyboardInterrupt):
        carried_out(experiment, chunk=20, directory=tmp_path / "mine", executor=Interrupted())
    here = Here()
    carried_out(experiment, directory=tmp_path / "mine", executor=here)
    assert min(task.block.runs.start for task in here.tasks) == 20
    assert files_in(tmp_path / "mine", "manifest.json") == files_in(tmp_path / "undisturbed", "manifest.json")
    assert undisturbed.runs == sim.open(tmp_path / "mine").runs


def test_what_an_interruption_left_of_a_later_round_changes_no_round(fine, hardball, tmp_path):
    """Workers finish in any order, so any blocks of a round may be there when it is interrupted."""
    experiment = wanted(hardball, 0.12)
    whole = carried_out(experiment, chunk=7, directory=tmp_path / "whole")
    names = [path.name for path in sorted((tmp_path / "whole" / "outcomes").iterdir())]
    later = [name for name in names if int(name.split("-")[2].partition(".")[0]) >= 20]
    assert len(later) > 2
    for number, left in enumerate(([later[0]], [later[-1]], later[1:], later[::2])):
        directory = tmp_path / str(number)
        shutil.copytree(tmp_path / "whole", directory)
        for name in set(later) - set(left):
            (directory / "outcomes" / name).unlink()
        again = carried_out(experiment, directory=directory)
        assert again.runs == whole.runs and bytes_of(again) == bytes_of(whole)
        assert [path.name for path in sorted((directory / "outcomes").iterdir())] == names


def test_once_reached_it_is_not_gone_on_with(fine, hardball, tmp_path):
    experiment = wanted(hardball, 0.12)
    carried_out(experiment, chunk=64, directory=tmp_path / "mine")
    here = Here()
    carried_out(experiment, directory=tmp_path / "mine", executor=here)
    assert here.tasks == []


# ---- what counts


def test_of_several_scenarios_the_difference_counts_in_every_one(fine, hardball, sober):
    """On the same luck a difference is known far better than the shares that it is between."""
    experiment = Experiment.of(
        [hardball, sober], precision=Precision(0.1, "pressed_russia_by_deadline", fewest=40, most=40)
    )
    done = carried_out(experiment, chunk=40)
    weeks = done.outcomes.pivot(index="run", columns="scenario", values="pressed_russia_week")
    here, there = (weeks[name] <= hardball.deadline_week for name in ("sober", "hardball"))
    result = paired_difference(0, int((here & ~there).sum()), int((there & ~here).sum()), 40)
    assert done.half_width == pytest.approx(float(result.high - result.low) / 2)
    third = hardball.vary({"russia.confidence": 0.05, "russia.stall": 0.0}, name="third")
    more = carried_out(changed(experiment, scenarios=(hardball, sober, third)), chunk=40)
    assert more.half_width >= done.half_width


def test_a_twin_is_known_to_be_one_at_once(fine, hardball):
    twin = dataclasses.replace(hardball, name="twin")
    done = sim.compare([hardball, twin], precision=Precision(0.1, fewest=40), workers=1)
    assert done.runs == 40 and done.half_width < 0.1


def test_in_a_sweep_every_point_has_to_be_known_well_enough(fine, hardball):
    goal = Precision(0.14, "pressed_russia_by_deadline", fewest=20, most=200)
    done = sim.sweep(
        dataclasses.replace(hardball, uncertainty=False), {"russia.stall": [0.1, 0.9]}, precision=goal, workers=1
    )
    name = "pressed_russia_by_deadline"
    halves = (done.summary[f"{name}_high"] - done.summary[f"{name}_low"]) / 2
    assert done.summary["runs"].nunique() == 1
    assert done.half_width == pytest.approx(halves.max()) and halves.max() <= 0.14


def test_a_number_stands_for_the_chance_of_a_ceasefire(monkeypatch, hardball):
    monkeypatch.setattr(precision, "FEWEST", 20)
    assert sim.compare(hardball, precision=0.9, workers=1).experiment.precision == Precision(0.9)


# ---- the plan


@given(st.integers(2, 10**6), st.floats(1e-6, 1e3), st.floats(1e-6, 1e3), st.integers(2, 10**7))
def test_a_round_goes_forward_but_not_beyond_the_most_nor_ten_times_as_far(runs, half_width, goal, most):
    if most <= runs:
        return
    plan = Precision(goal, fewest=2, most=most)
    following = plan.next_total(runs, half_width)
    assert runs < following <= most
    assert following <= 10 * runs + precision._ROUND
    assert following == most or following % precision._ROUND == 0


@given(st.integers(1000, 10**5), st.floats(0.01, 1), st.floats(0.01, 1), st.floats(0.01, 1))
def test_a_wider_interval_asks_for_more_runs(runs, goal, one, other):
    plan = Precision(goal, most=10**9)
    low, high = sorted([one, other])
    assert plan.next_total(runs, low) <= plan.next_total(runs, high)


def test_an_interval_twice_too_wide_takes_four_times_the_runs():
    """And a margin, because what is needed is only estimated."""
    assert Precision(0.01).next_total(1000, 0.02) == 4500


def test_where_nothing_is_known_yet_the_runs_are_doubled():
    assert Precision(0.01).next_total(1000, math.inf) == Precision(0.01).next_total(1000, math.nan) == 2000


BAD = {
    "nothing": ((0,), "precision must be a number above 0, not 0"),
    "below nothing": ((-0.1,), "precision must be a number above 0, not -0.1"),
    "no number": ((math.nan,), "precision must be a number above 0, not nan"),
    "without end": ((math.inf,), "precision must be a number above 0, not inf"),
    "a word": (("0.1",), "precision must be a number above 0, not '0.1'"),
    "a misspelt outcome": ((0.1, "ceasefire_by_dedline"), "did you mean 'ceasefire_by_deadline'"),
    "another outcome": ((0.1, "peace"), "there is no outcome 'peace'; there are ceasefire_by_deadline, "),
    "one run": ((0.1, "ceasefire_by_deadline", 1), "the fewest runs must be a whole number from 2 upwards, not 1"),
    "most below fewest": ((0.1, "ceasefire_by_deadline", 50, 49), "at most 49 runs are fewer than the fewest, 50"),
}


@pytest.mark.parametrize(("arguments", "words"), BAD.values(), ids=BAD.keys())
def test_a_goal_that_makes_no_sense_is_refused(arguments, words):
    with pytest.raises(UsageError, match=words):
        Precision(*arguments)


def test_what_is_left_over_of_a_long_batch_is_not_planned_anew(fine, hardball, monkeypatch):
    """A goal needs few looks: each round aims at what is still missing."""
    looks = []
    reached = Precision.reached
    monkeypatch.setattr(Precision, "reached", lambda self, *others: looks.append(1) or reached(self, *others))
    carried_out(wanted(hardball, 0.08), chunk=64)
    assert 1 < len(looks) <= 6
