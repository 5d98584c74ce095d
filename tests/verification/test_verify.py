"""Checks run in their order, as they are asked for, and none stops the rest."""

from __future__ import annotations

import pytest

import sim.verification
from sim.errors import UsageError
from sim.verification import CHECKS, FAST_RUNS, GROUPS, RUNS, Check, Result, verify
from sim.verification.check import between, close, rises


def result(group, name, passed=True):
    return Result(group, name, "1", "1" if passed else "2", "none", "theory", passed)


def holds(runs):
    yield result("theory", f"holds over {runs} runs")
    yield result("theory", "holds again")


def takes_long(runs):
    yield result("signs", "takes long")


def fails(runs):
    yield result("article", "does not hold", passed=False)


def breaks_down(runs):
    yield result("evidence", "before the end")
    raise ZeroDivisionError("no runs\nat all")


FEW = (Check("theory", holds, fast=True), Check("evidence", breaks_down, fast=True), Check("article", fails, fast=True),
       Check("signs", takes_long))  # fmt: skip


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(sim.verification, "CHECKS", FEW)


def test_every_group_has_checks_and_they_come_in_the_order_of_the_groups():
    groups = [check.group for check in CHECKS]
    assert list(dict.fromkeys(groups)) == list(GROUPS)
    assert groups == sorted(groups, key=list(GROUPS).index)


def test_no_two_checks_have_the_same_name():
    names = [(check.group, check.name) for check in CHECKS]
    assert len(names) == len(set(names))


def test_every_group_of_theory_and_evidence_is_among_the_fast_ones():
    assert {"theory", "convergence", "calibration", "evidence"} <= {check.group for check in CHECKS if check.fast}


@pytest.mark.usefixtures("few")
def test_a_check_that_breaks_down_is_a_failure_and_the_rest_goes_on():
    found = list(verify())
    assert [one.passed for one in found] == [True, True, True, False, False, True]
    broken = found[3]
    assert (broken.group, broken.name) == ("evidence", "breaks down: broke down")
    assert broken.got == "ZeroDivisionError: no runs\nat all"
    assert found[-1].name == "takes long"


@pytest.mark.usefixtures("few")
def test_fast_leaves_out_what_takes_long():
    assert "takes long" in [one.name for one in verify()]
    assert "takes long" not in [one.name for one in verify(fast=True)]


@pytest.mark.usefixtures("few")
def test_only_the_groups_that_are_asked_for_run_and_in_the_order_of_the_whole():
    assert [one.group for one in verify(groups=["signs", "theory"])] == ["theory", "theory", "signs"]


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize(("options", "runs"), [({}, RUNS), ({"fast": True}, FAST_RUNS), ({"runs": 7}, 7)])
def test_the_number_of_runs_reaches_the_checks(options, runs):
    assert next(verify(**options)).name == f"holds over {runs} runs"


def test_results_come_in_one_by_one(monkeypatch):
    def never_ends(runs):
        while True:
            yield result("theory", "another")

    monkeypatch.setattr(sim.verification, "CHECKS", (Check("theory", never_ends),))
    results = verify()
    assert [next(results).name for _ in range(3)] == ["another"] * 3


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"groups": ["theroy"]}, "no group of checks is called 'theroy'; did you mean 'theory'?"),
        ({"groups": ["zzz"]}, "no group of checks is called 'zzz'; the groups are theory, convergence, calibration, "),
        ({"groups": ["signs"], "fast": True}, "none of the fast checks is of the group signs; leave out fast"),
        ({"runs": 0}, "runs must be a whole number from 1 upwards, not 0"),
    ],
)
def test_what_cannot_be_run_is_said_before_anything_runs(options, message):
    with pytest.raises(UsageError, match="^" + message.replace("?", r"\?")):
        verify(**options)


# ----------------------------------------------------------------------------------------------------------------------
# What a check says


@pytest.mark.parametrize(("got", "passed"), [(0.65, True), (0.66, True), (0.67, False), (float("nan"), False)])
def test_close_means_within_the_tolerance(got, passed):
    said = close("theory", "a split", got, 0.65, 0.015, "Nash")
    assert (said.passed, said.expected, said.tolerance) == (passed, "0.65", "±0.015")


@pytest.mark.parametrize(("got", "passed"), [(0.2, True), (0.5, True), (0.51, False), (float("nan"), False)])
def test_between_includes_the_bounds(got, passed):
    assert between("article", "a share", got, 0.2, 0.5, "C1").passed is passed


@pytest.mark.parametrize(("change", "passed"), [(0.31, True), (0.3, False), (-1.0, False), (float("nan"), False)])
def test_a_rise_must_stand_out_from_luck(change, passed):
    assert rises("signs", "a rise", change, 0.1, "C1").passed is passed
