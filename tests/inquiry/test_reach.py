from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.errors import UsageError
from sim.inquiry.reach import AS_IT_IS, BUDGET, LEAST, NO, UNCLEAR, YES, _judged, reach

CONFIDENCE = {"russia.confidence": (0.3, 0.75)}


@pytest.fixture(scope="module")
def found(hardball):
    return reach(hardball, CONFIDENCE, target=0.4, runs=100, fresh_runs=300, seed=3, population=8, budgets=[0.5, 1.0])


@pytest.mark.slow
def test_with_one_monotone_lever_the_answer_is_that_of_bisection(hardball, found):
    def chance(confidence: float) -> float:
        swept = sim.sweep(hardball, {"russia.confidence": [confidence]}, runs=100, seed=3)
        return float(swept.summary["ceasefire_by_deadline"].iloc[0])

    low, high = 0.3, 0.75  # reached below, not above
    assert chance(low) >= 0.4 > chance(high)
    for _ in range(10):
        middle = (low + high) / 2
        low, high = (middle, high) if chance(middle) >= 0.4 else (low, middle)
    assert found.answer["russia.confidence"] == pytest.approx(low, abs=0.005)


def test_what_was_found_is_run_afresh_with_another_seed(hardball, found):
    confidence = float(found.best["russia.confidence"])
    swept = sim.sweep(hardball, {"russia.confidence": [confidence]}, runs=300, seed=4).summary.iloc[0]
    assert found.best["chance"] == swept["ceasefire_by_deadline"]
    assert found.best["territory_conceded_km2"] == swept["territory_conceded_km2"]
    plain = sim.compare(hardball, runs=300, seed=4).summary.iloc[0]
    assert found.frontier["chance"].iloc[0] == plain["ceasefire_by_deadline"]


def test_the_frontier_has_the_scenario_every_budget_and_the_answer(found):
    assert found.frontier["point"].tolist() == [AS_IT_IS, BUDGET, BUDGET, BUDGET, LEAST]
    rows = found.frontier[found.frontier["point"] == BUDGET]
    assert (rows["effort"] <= rows["budget"] + 1e-6).all() and rows["searched"].is_monotonic_increasing
    assert found.found and "least effort found" in found.sentence
    assert len(found.trials) == len(found.trials.drop_duplicates("russia.confidence"))


def test_a_target_beyond_all_levers_is_said_to_be_so_with_the_best_that_was_found(hardball):
    few = {"runs": 20, "fresh_runs": 20, "population": 8, "budgets": [1.0]}
    far = reach(hardball, {"russia.stall": (0.5, 0.9)}, target=0.99, **few)
    assert far.answer is None and not far.found
    assert "combinations tried brings a chance of 99%" in far.sentence and "cannot be ruled out" in far.sentence


def test_limits_that_nothing_keeps_are_said_to_be_so(hardball):
    strict = reach(
        hardball, {"russia.stall": (0.5, 0.9)}, target=0.1, runs=20, fresh_runs=20, population=8, budgets=[1.0],
        limits={"territory_lost_km2": (None, 1.0)},
    )  # fmt: skip
    assert "keeps the limits" in strict.sentence and set(strict.frontier["within_limits"]) == {NO}


def test_limits_are_judged_by_their_intervals(found):
    table = found.frontier[["chance", "chance_low", "chance_high"]].iloc[:3].copy()
    table.columns = ["settlement_at_horizon", "settlement_at_horizon_low", "settlement_at_horizon_high"]
    table.loc[:, :] = [[0.5, 0.45, 0.55], [0.3, 0.25, 0.35], [0.42, 0.38, 0.46]]
    assert _judged(table, {"settlement_at_horizon": (0.4, None)}) == [YES, NO, UNCLEAR]
    assert _judged(table, {"settlement_at_horizon": (None, 0.4)}) == [NO, YES, UNCLEAR]
    assert _judged(table, {}) == [YES, YES, YES]


def test_uncertain_parameters_that_are_no_levers_keep_their_laws(hardball, found):
    held = sim.sweep(hardball, {"russia.confidence": [0.75]}, runs=100, seed=3).summary.iloc[0]
    rows = found.trials[np.isclose(found.trials["effort"], 0.0)]
    assert rows["chance"].tolist() == [held["ceasefire_by_deadline"]]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"target": 0.0}, "a chance above 0"),
        ({"target": float("nan")}, "a chance above 0"),
        ({"runs": 1}, "runs must be a whole number from 2"),
        ({"by": "easter"}, "use 'deadline' or 'horizon'"),
        ({"budgets": [-1.0]}, "budgets are numbers from 0 upwards"),
        ({"budgets": []}, "budgets are numbers from 0 upwards"),
        ({"limits": {"settlement": (0.3, None)}}, "no outcome 'settlement'; did you mean 'settlement_at_horizon'"),
        ({"limits": {"settlement_at_horizon": (None, None)}}, "neither a lowest nor a highest"),
        ({"limits": {"settlement_at_horizon": (0.5, 0.2)}}, "at least 0.5 and at most 0.2"),
        ({"limits": {"settlement_at_horizon": (float("nan"), None)}}, "finite number or None"),
        ({"population": 2}, "population must be a whole number from 8"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_runs(hardball, arguments, message):
    with pytest.raises(UsageError, match=message):
        reach(hardball, CONFIDENCE, **arguments)
