"""The parameters of a run, without the run."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

import sim
from sim.distributions import Distribution
from sim.errors import UsageError
from sim.experiment.inputs import inputs


def test_they_are_those_that_the_model_draws(hardball):
    model = sim.CeasefireModel(hardball, runs=7, seed=5, first_run=6)
    table = inputs(hardball, 5, range(6, 13))
    assert table.index.tolist() == list(range(6, 13))
    uncertain = [name for name, law in hardball.resolve().items() if isinstance(law, Distribution)]
    assert list(table) == uncertain
    for name in uncertain:
        group, key = name.rsplit(".", 1)
        assert (table[name].to_numpy() == getattr(model.values[group], key)).all(), name


def test_a_part_is_a_part_of_the_whole(hardball):
    whole = inputs(hardball, 1, range(20))
    assert inputs(hardball, 1, range(11, 14)).equals(whole.loc[11:13])
    assert not np.allclose(inputs(hardball, 2, range(20)), whole)


def test_laws_of_a_new_state_are_among_them(hardball):
    law = sim.distributions.Uniform(uniform=(0.2, 0.4))
    changes = {"europe.spain.threat": law, "europe.spain.aid_share": 0.0, "europe.spain.guarantee_share": 0.0}
    with_spain = dataclasses.replace(
        hardball, states=(*hardball.states, "spain"), values={**hardball.values, **changes}
    )
    assert inputs(with_spain, 1, range(50))["europe.spain.threat"].between(0.2, 0.4).all()


def test_without_uncertainty_there_are_rows_and_no_columns(hardball):
    certain = dataclasses.replace(hardball, uncertainty=False)
    assert inputs(certain, 1, range(4)).shape == (4, 0)


@pytest.mark.parametrize("runs", [range(0), range(0, 10, 2), range(-3, 4)])
def test_runs_that_are_none_are_refused(hardball, runs):
    with pytest.raises(UsageError, match="one after another"):
        inputs(hardball, 1, runs)
