"""A belief that is the true law comes true as often as it says."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.verification.worlds import QUIET, quiet

RUNS, AHEAD = 4000, 32

#: One breakthrough gives everything within the week: 50 km² a week a thousand times over.
DECISIVE = QUIET | {
    "front.pace": 50.0, "front.breakthrough_multiplier": 1000.0, "russia.breakthrough_decides": 1.0,
    "russia.learning_rate": 1.0, "russia.optimism": 1.0,
}  # fmt: skip


@pytest.mark.parametrize("hazard", [0.005, 0.02, 0.06])
def test_stated_confidence_is_the_share_of_runs_with_full_control(hazard):
    truth = 1 - math.exp(-hazard * AHEAD)
    model = quiet(
        {"front.breakthrough_hazard": hazard, "russia.confidence": truth, "russia.prior_weight": 1000.0},
        base=DECISIVE, runs=RUNS, weeks=AHEAD,
    )  # fmt: skip
    stated = model.russia.confidence
    np.testing.assert_allclose(stated, truth)
    share = model.run().front.full_control.mean()
    assert share == pytest.approx(truth, abs=3 * math.sqrt(truth * (1 - truth) / RUNS))


def test_a_learner_with_the_true_prior_is_calibrated_in_every_week():
    """Each run has its own hazard, drawn from Russia's prior; what it says later takes the quiet weeks into account."""
    prior, confidence = 40.0, 0.75
    model = quiet(
        {"russia.confidence": confidence, "russia.prior_weight": prior}, base=DECISIVE, runs=RUNS, weeks=104
    )  # fmt: skip
    shape = float(model.russia.belief.shape[0])
    hazards = np.random.default_rng(5).gamma(shape, 1 / prior, RUNS)
    model.values["front"].set("breakthrough_hazard", hazards)
    stated, over = [], []
    for _ in range(72):
        stated.append(np.where(model.front.full_control, np.nan, model.russia.confidence))
        model.step()
        over.append(model.front.full_control.copy())
    for week in (0, 8, 16, 24, 40):
        fighting = ~np.isnan(stated[week])
        said, came = stated[week][fighting], over[week + AHEAD - 1][fighting]
        error = math.sqrt(came.mean() * (1 - came.mean()) / fighting.sum())
        assert came.mean() == pytest.approx(said.mean(), abs=3 * error), week
    # The quiet weeks have taught it: it says less than at the start.
    assert np.nanmean(stated[40]) < confidence - 0.2


def test_the_articles_confidence_is_not_the_truth_of_the_default_front():
    """C2 is a claim about belief: the front's own law gives Russia far less than the 0.75 it expects."""
    model = quiet(
        {"front.pace_spread": 45.1, "front.breakthrough_hazard": 0.003}, runs=1000, weeks=AHEAD
    ).run()  # fmt: skip
    assert model.front.full_control.mean() < 0.02
