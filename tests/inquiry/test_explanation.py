from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.analysis.causes import ALL, LUCK, NONE
from sim.errors import UsageError
from sim.inquiry.cutting import seen_to, up_to
from sim.inquiry.explanation import explain, pairs_of
from sim.inquiry.frictions import chosen, frictions, without


@pytest.mark.slow
def test_ending_a_scenario_early_changes_no_ceasefire_by_the_date(hardball):
    whole = sim.compare(hardball, runs=300, seed=3).outcomes["ceasefire_week"]
    cut = sim.compare(seen_to(hardball, "deadline"), runs=300, seed=3).outcomes["ceasefire_week"]
    week = hardball.deadline_week
    assert (whole <= week).sum() > 3
    assert ((whole <= week) == (cut <= week)).all()
    assert seen_to(hardball, "deadline").horizon_week < hardball.horizon_week
    assert seen_to(hardball, "horizon") is hardball


def test_a_scenario_up_to_its_deadline_has_the_weeks_to_it(hardball):
    assert up_to(hardball, "deadline").horizon_week == hardball.deadline_week + 1
    with pytest.raises(UsageError, match="use 'deadline' or 'horizon'"):
        up_to(hardball, "easter")


def test_each_removal_is_the_comparison_of_the_changed_scenario_with_the_scenario(hardball, explanation):
    sober = without(hardball, [frictions()["russian_optimism"]], "sober")
    outcomes = sim.compare([hardball, sober], runs=60, seed=3).outcomes
    for name, removal in (("hardball", NONE), ("sober", "russian_optimism")):
        begun = outcomes[outcomes["scenario"] == name]["ceasefire_week"] <= hardball.deadline_week
        assert begun.tolist() == explanation.ceasefires[removal].tolist()


def test_russian_optimism_is_the_cause_of_most_failures_and_stalling_of_hardly_any(explanation):
    mended = explanation.causes.set_index("friction")["mended_share"]
    assert mended["russian_optimism"] > 0.8 > 0.1 > mended["stalling"]


def test_failed_runs_are_those_without_a_ceasefire_and_are_sorted_without_remainder(explanation):
    failed = int((~explanation.ceasefires[NONE]).sum())
    assert explanation.remainders["count"].sum() == failed == explanation.causes["failed"].iloc[0]
    blockers = explanation.blockers
    assert set(blockers.loc[blockers["among"] == "failed runs", "runs"]) == {failed}
    assert set(blockers["weeks"]) == {explanation.scenario.deadline_week + 1}


def test_pairs_are_reported_for_every_two_frictions(explanation):
    assert len(explanation.interactions) == 3 and explanation.left_out == 0
    singly = explanation.interactions[["by_first", "by_second"]]
    assert (explanation.interactions["by_either"] >= singly.max(axis=1)).all()


def test_other_luck_keeps_the_parameters_and_changes_the_outcome_of_some_runs(hardball):
    found = explain(hardball, runs=200, seed=3, frictions=["stalling"])
    assert (found.ceasefires[LUCK] != found.ceasefires[NONE]).any()
    sure = sim.scenario.Scenario.from_dict({**hardball.to_dict(), "uncertainty": False})
    certain = explain(sure, runs=200, seed=3, frictions=["stalling"])
    assert (certain.ceasefires[LUCK] != certain.ceasefires[NONE]).any()


def test_a_friction_that_a_scenario_does_not_have_is_said_to_be_absent(hardball):
    found = explain(hardball.vary({"russia.stall": 0.0}), runs=20, seed=3, frictions=["stalling", "red_line"])
    assert found.causes["present"].tolist() == [False, True, True, True]
    assert found.ceasefires["stalling"].tolist() == found.ceasefires[NONE].tolist()
    assert found.ceasefires[ALL].tolist() == found.ceasefires["red_line"].tolist()


def test_the_size_of_batches_does_not_show(hardball, explanation, monkeypatch):
    monkeypatch.setattr("sim.inquiry.explanation._AT_ONCE", 120)
    again = explain(hardball, runs=60, seed=3, frictions=[f.name for f in explanation.frictions], pairs=True)
    assert again.ceasefires.equals(explanation.ceasefires)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"runs": 1}, "one run has no shares"),
        ({"runs": 0}, "runs must be a whole number"),
        ({"by": "easter"}, "use 'deadline' or 'horizon'"),
        ({"frictions": ["stall"]}, "no friction 'stall'"),
        ({"frictions": ["stalling"], "pairs": [("stalling", "red_line")]}, "not among the frictions"),
        ({"frictions": ["stalling", "red_line"], "pairs": [("stalling", "stalling")]}, "two different frictions"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_runs(hardball, arguments, message):
    with pytest.raises(UsageError, match=message):
        explain(hardball, **arguments)


def test_where_no_run_fails_there_is_nothing_to_explain(hardball):
    always = without(hardball, list(frictions().values()), "none left")
    with pytest.raises(UsageError, match="each of the 8 runs has a ceasefire"):
        explain(always, runs=8, frictions=["stalling"])


def test_a_pair_is_the_same_in_either_order():
    taken = chosen(["stalling", "red_line"])
    assert pairs_of(taken, [("red_line", "stalling"), ("stalling", "red_line")]) == [("stalling", "red_line")]


def test_runs_that_fail_in_a_simulation_are_left_out_everywhere(hardball, monkeypatch):
    from sim.inquiry import explanation as module

    whole = module._other_luck
    monkeypatch.setattr(module, "_other_luck", lambda *arguments: whole(*arguments).drop([0, 5]))
    found = explain(hardball, runs=20, seed=3, frictions=["stalling"])
    assert found.left_out == 2 and not np.isin([0, 5], found.ceasefires.index).any()
