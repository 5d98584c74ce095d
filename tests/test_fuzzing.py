"""A short run of `benchmarks/fuzz.py`, watched for time and memory; the long one is a matter of minutes."""

from __future__ import annotations

import pytest

from benchmarks.fuzzing.watch import BROKEN, answers

#: Another seed than that of the long run, so that its cases are others.
SEED = 20250519


@pytest.mark.parametrize("target", ["scenario", "design", "questions", "observations"])
def test_hostile_files_are_answered(target):
    found = list(answers(target, SEED, range(500 if target == "scenario" else 100)))
    assert [answer for answer in found if answer.answer in BROKEN] == []
    assert {answer.answer.split(":")[0] for answer in found} == {"accepted", "refused"}
