"""The simulated world looks like the tables; another one would not."""

from __future__ import annotations

import dataclasses

import pytest

from sim.evidence import derive
from sim.parameters import PARAMETERS
from sim.verification import evidence
from sim.verification.check import Check
from sim.verification.evidence import (
    STATISTICS,
    ceasefires_implied,
    ceasefires_observed,
    in_force,
    monthly_front,
    numbers_from_tables,
    weekly_front,
)  # fmt: skip

RUNS = 400


def failures(check, runs=RUNS):
    return [result.name for result in check(runs) if not result.passed]


@pytest.mark.parametrize("check", evidence.CHECKS, ids=lambda check: check.name)
def test_the_model_looks_like_the_evidence(check: Check):
    results = list(check.run(RUNS))
    assert results
    assert [result for result in results if not result.passed] == []
    assert {result.group for result in results} == {"evidence"}


def test_a_number_that_the_tables_do_not_give_is_found_out(monkeypatch):
    monkeypatch.setattr(derive, "pace", lambda: 60.0)
    (result,) = (result for result in numbers_from_tables(RUNS) if not result.passed)
    assert "front.pace" in result.got


def test_a_number_graded_data_without_a_table_is_found_out(monkeypatch):
    bare = dataclasses.replace(PARAMETERS["russia.stall"], grade="data")
    monkeypatch.setitem(PARAMETERS, "russia.stall", bare)
    (result,) = (result for result in numbers_from_tables(RUNS) if not result.passed)
    assert "russia.stall" in result.got


@pytest.mark.parametrize(
    ("key", "value", "statistic"),
    [("pace", 56.0, "mean"), ("pace_spread", 52.0, "spread"), ("pace_persistence", 0.5, "persistence"),
     ("pace_lasting", 0.4, "memory"), ("pace_skew_offset", 500.0, "negative")],
)  # fmt: skip
def test_a_front_with_another_law_is_not_the_observed_one(key, value, statistic, monkeypatch):
    monkeypatch.setattr(evidence, "FRONT", evidence.FRONT | {f"front.{key}": value})
    assert any(STATISTICS[statistic] in name for name in failures(weekly_front))


def test_the_observed_weeks_would_stand_out_among_those_of_a_front_without_memory(monkeypatch):
    monkeypatch.setattr(evidence, "FRONT", evidence.FRONT | {"front.pace_persistence": 0.0})
    assert any("among single runs" in name for name in failures(weekly_front))


def test_months_of_a_front_that_forgets_within_weeks_do_not_hang_together_as_observed(monkeypatch):
    """An AR(1) with the right correlation from week to week, as an earlier version had it."""
    short = {"front.pace_lasting": 1.0, "front.pace_persistence": 0.64}
    monkeypatch.setattr(evidence, "FRONT", evidence.FRONT | short)
    assert any("month-to-month correlation" in name for name in failures(monthly_front))


def test_a_front_that_hardly_varies_has_months_that_hardly_do(monkeypatch):
    monkeypatch.setattr(evidence, "FRONT", evidence.FRONT | {"front.pace_spread": 10.0})
    assert any("standard deviation" in name for name in failures(monthly_front))


def test_months_have_four_weeks_or_five_and_only_whole_ones_count():
    weeks = evidence.weeks_by_month()
    assert set(weeks.tolist()) == {4, 5}
    assert len(weeks) == 16  # January 2024 to April 2025
    assert weeks.sum() <= len(derive.weekly_advance())


@pytest.mark.parametrize("check", [ceasefires_observed, ceasefires_implied], ids=lambda check: check.__name__)
def test_ceasefires_on_which_more_acts_than_their_age_do_not_survive_as_observed(check, monkeypatch):
    monkeypatch.setattr(evidence, "REFERENCE", evidence.REFERENCE | {"truce.dissatisfaction_effect": 3.0})
    assert failures(check)


def test_the_donbas_curve_is_not_the_general_one():
    assert in_force(1.0, RUNS)[26] < 0.2 < 0.5 < in_force(0.0, RUNS)[26]
