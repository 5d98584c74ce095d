"""Each claim of the article shows, and is gone with its mechanism switched off."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import numpy as np
import pytest

from sim.actors import UnitedStates
from sim.verification.article import CHECKS, CLAIMS, Claim, Estimate, lag_of_europe
from sim.verification.ensembles import BASELINE, world

RUNS = 400

_claim = pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: f"{claim.id}: {claim.statement}")


@_claim
def test_a_claim_shows(claim: Claim):
    estimate = claim.measure(BASELINE, RUNS)
    assert claim.holds(estimate), estimate


@_claim
def test_a_claim_is_gone_with_its_mechanism_switched_off(claim: Claim):
    estimate = claim.measure(claim.off, RUNS)
    assert claim.is_gone(estimate), estimate
    assert np.isfinite(estimate.value)


@_claim
def test_a_claim_whose_switch_does_nothing_does_not_pass(claim: Claim):
    assert not dataclasses.replace(claim, off=BASELINE).result(RUNS).passed


@_claim
def test_a_claim_whose_range_is_missed_does_not_pass(claim: Claim):
    value = claim.measure(BASELINE, RUNS).value
    missed = dataclasses.replace(claim, low=value + 1, high=value + 2)
    assert not missed.result(RUNS).passed


def test_every_claim_of_the_article_has_a_check():
    stated = re.findall(r"^\| (C\d+) \|", Path("docs/evidence.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert len(stated) == 14
    assert [check.name for check in CHECKS] == stated


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_a_check_says_what_it_got_with_and_without_the_mechanism(check):
    results = list(check.run(RUNS))
    assert results
    assert all(result.passed for result in results)
    assert all(" (off: " in result.got and result.source == check.name for result in results)


def test_a_range_must_hold_its_standard_errors_too():
    claim = dataclasses.replace(CLAIMS[0], low=0.1, high=0.9)
    assert claim.holds(Estimate(0.2, 0.03))
    assert not claim.holds(Estimate(0.2, 0.04))
    assert not claim.holds(Estimate(0.85, 0.02))
    assert not claim.holds(Estimate(float("nan"), 0.01))


def test_europe_that_is_told_a_week_later_still_is_found_out():
    """C10: the lag is measured, not assumed."""

    class TellsLate(UnitedStates):
        """Its allies see the line that it took a week ago."""

        def __init__(self, model):
            self.lines = [(np.ones(model.runs, dtype=bool), np.zeros(model.runs))] * 2
            super().__init__(model)

        def review(self):
            super().review()
            self.lines = [self.lines[-1], (self.engaged, self.pressure_on_ukraine)]

    from sim.actors import EuropeanState

    class ReadsLate(EuropeanState):
        def decide(self):
            us = self.model.united_states
            now = us.engaged, us.pressure_on_ukraine
            us.engaged, us.pressure_on_ukraine = us.lines[0]
            super().decide()
            us.engaged, us.pressure_on_ukraine = now

    late = world(united_states=TellsLate, european_state=ReadsLate)
    assert lag_of_europe(late, 50).value == 2
