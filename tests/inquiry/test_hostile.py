"""Whatever a question file or one of observations holds: it is accepted and of use, or refused with one error."""

from __future__ import annotations

import warnings
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.fuzzing import observations, questions
from sim.errors import ScenarioError
from sim.inquiry.observations import load_observations


@pytest.mark.parametrize("reader", [questions, observations], ids=["questions", "observations"])
@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 2**32))
def test_every_file_is_answered(tmp_path_factory, reader, seed):
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        patch.chdir(tmp_path_factory.mktemp("hostile"))
        warnings.simplefilter("error")
        try:
            reader.carry_out(reader.case(Random(seed)))
        except ScenarioError as error:
            assert "case.yaml" in str(error) and len(str(error)) < 8000


@pytest.mark.parametrize(
    "item",
    ["front: [{date: 2025-08-31, lost_km2: 1, sd_km2: 5e-324}]",
     "counts: [{count: rounds_held, date: 2025-08-31, number: 3, sd: 1e-320}]"],
)  # fmt: skip
def test_an_error_too_small_to_reckon_with_is_refused(tmp_path, item):
    path = tmp_path / "mine.yaml"
    path.write_text(f"title: x\n{item}\n")
    with pytest.raises(ScenarioError, match=r"mine\.yaml:2: .*out of range; give a number from 0\.001"):
        load_observations(path)
