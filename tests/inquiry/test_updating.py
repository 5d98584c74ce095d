"""Updating: nothing changes without a reason, and with one it changes as Bayes says."""

from __future__ import annotations

import dataclasses
from datetime import date

import numpy as np
import pytest
from scipy.stats import kstest, norm

import sim
from sim.analysis.summary import OUTCOMES, is_share
from sim.analysis.weighted import weighted_mean, weighted_quantiles
from sim.errors import UsageError
from sim.experiment import Experiment
from sim.experiment.inputs import inputs
from sim.inquiry.following import follow
from sim.inquiry.observations import Observation, log_likelihood
from sim.inquiry.updating import (
    FORECAST_COLUMNS,
    OBSERVATION_COLUMNS,
    PARAMETER_COLUMNS,
    update,
    weights_of,
)

DAY = date(2025, 9, 28)
RUNS = 600


def lost(km2: float, sd: float, day: date = DAY) -> Observation:
    return Observation("front", "lost_km2", day, km2, sd, "total")


FAR = [lost(1900, 250), Observation("event", "us_engaged", DAY, 1, 0.01)]


@pytest.fixture(scope="module")
def far(hardball):
    """The front ahead of what is expected, and Washington engaged."""
    return update(hardball, FAR, runs=RUNS)


def test_without_observations_nothing_changes_to_the_last_digit(hardball):
    found, summary = update(hardball, [], runs=RUNS), sim.compare(hardball, runs=RUNS).summary.iloc[0]
    assert (found.effective_runs, found.log_evidence, found.warning) == (RUNS, 0.0, "")
    for row in found.forecast.to_dict("records"):
        name = row["outcome"]
        expected = [summary[f"{name}{end}"] for end in ("", "_low", "_high")]
        assert [row["before"], row["before_low"], row["before_high"]] == expected
        assert [row["after"], row["after_low"], row["after_high"]] == expected
    assert not found.forecast["distinguishable"].any()
    assert (found.parameters["shift"] == 0).all() and not found.parameters["distinguishable"].any()
    moved = found.parameters[["before_q05", "before_q50", "before_q95"]].to_numpy()
    assert (moved == found.parameters[["after_q05", "after_q50", "after_q95"]].to_numpy()).all()


def test_what_leaves_all_runs_as_likely_changes_nothing(hardball):
    # No run has full control by then, so a report that there is none tells nothing.
    found = update(hardball, [Observation("event", "full_control", date(2025, 6, 1), 0, 0.1)], runs=50)
    assert found.effective_runs == 50
    assert (found.forecast["after"] == found.forecast["before"]).all()


def test_a_normal_world_is_updated_as_the_conjugate_posterior_says():
    # Land lost is N(1000, 300²) and measured once as 1600 ± 200; both posteriors are normal.
    prior = norm.ppf((np.arange(200_000) + 0.5) / 200_000, 1000, 300)
    observation = lost(1600, 200)
    weights, evidence = weights_of(log_likelihood([observation], {observation.name: prior}, len(prior)))
    precision = 1 / 300**2 + 1 / 200**2
    mean, sd = (1000 / 300**2 + 1600 / 200**2) / precision, precision**-0.5
    assert weighted_mean(prior, weights).value == pytest.approx(mean, abs=0.5)
    levels = (0.05, 0.5, 0.95)
    assert weighted_quantiles(prior, weights, levels) == pytest.approx(norm.ppf(levels, mean, sd), abs=1)
    assert evidence == pytest.approx(norm.logpdf(1600, 1000, np.hypot(300, 200)), abs=1e-3)


def test_a_fast_front_raises_pace_and_the_land_lost(far):
    pace = far.parameters.set_index("parameter").loc["front.pace"]
    assert pace["shift"] > 0.2 and pace["distinguishable"]
    land = far.forecast.set_index("outcome").loc["territory_lost_km2"]
    assert land["change_low"] > 0 and land["distinguishable"]
    seen = far.observations.set_index("observation").loc[f"lost_km2 total {DAY}"]
    assert seen["before"] < seen["after"] < 2000
    assert 0 < seen["chance"] < 1


def test_tables_have_the_columns_that_are_documented(far):
    assert list(far.forecast) == list(FORECAST_COLUMNS) and set(far.forecast["outcome"]) == set(OUTCOMES)
    assert list(far.parameters) == list(PARAMETER_COLUMNS)
    assert list(far.observations) == list(OBSERVATION_COLUMNS)
    assert not far.forecast.isna().any(axis=None) and not far.parameters.isna().any(axis=None)
    shifts = far.parameters["shift"].abs()
    assert (shifts.diff().dropna() <= 0).all()


def test_the_weighted_forecast_is_that_of_an_independent_calculation(far, hardball):
    outcomes = sim.compare(hardball, runs=RUNS).outcomes
    drawn = inputs(Experiment.of(hardball, runs=RUNS)).set_index("run")
    week = (DAY - date(2025, 5, 19)).days // 7
    end = date(2025, 9, 29)
    short = sim.compare(dataclasses.replace(hardball, horizon=end), runs=RUNS).outcomes
    before = sim.compare(dataclasses.replace(hardball, horizon=date(2025, 9, 22)), runs=RUNS).outcomes
    assert week == 18
    on_day = before["territory_lost_km2"] / 7 + short["territory_lost_km2"] * 6 / 7
    weights = norm.pdf(1900, on_day, 250) * np.where(short["us_engaged_at_horizon"], 0.99, 0.01)
    weights /= weights.sum()
    assert far.weights == pytest.approx(weights, rel=1e-6)
    rows = far.forecast.set_index("outcome")
    assert rows.loc["territory_lost_km2", "after"] == pytest.approx((weights * outcomes["territory_lost_km2"]).sum())
    by_horizon = (weights * outcomes["ceasefire_week"].notna()).sum()
    assert rows.loc["ceasefire_by_horizon", "after"] == pytest.approx(by_horizon)
    pace = far.parameters.set_index("parameter").loc["front.pace"]
    assert pace["after_mean"] == pytest.approx((weights * drawn["front.pace"]).sum())
    assert far.effective_runs == pytest.approx(1 / (weights**2).sum())


def test_the_size_of_the_blocks_changes_nothing(far, hardball):
    again = update(hardball, FAR, runs=RUNS, chunk=97)
    assert (again.weights == far.weights).all()
    assert again.forecast.equals(far.forecast)


def test_too_few_runs_in_effect_are_told_and_nothing_is_called_distinguishable(hardball):
    found = update(hardball, [lost(6000, 50)], runs=300)
    assert found.effective_runs < 10
    assert "of 300 runs only" in found.warning
    assert not found.forecast["distinguishable"].any() and not found.parameters["distinguishable"].any()
    shares = found.forecast[[is_share(name) for name in found.forecast["outcome"]]]
    assert (shares["after_high"] - shares["after_low"] > 0.25).all()


def test_a_report_that_cannot_be_false_rules_runs_out(hardball):
    found = update(hardball, [Observation("event", "us_engaged", DAY, 0, 0.0)], runs=RUNS)
    rows = sim.compare(dataclasses.replace(hardball, horizon=date(2025, 9, 29)), runs=RUNS).outcomes
    gone = ~rows["us_engaged_at_horizon"].to_numpy()
    assert (found.weights > 0).tolist() == gone.tolist()
    assert found.effective_runs == pytest.approx(gone.sum())
    with pytest.raises(UsageError, match="no run agrees with all reports that cannot be false"):
        update(hardball, [Observation("event", "full_control", date(2025, 6, 1), 1, 0.0)], runs=50)


def test_a_scenario_without_uncertainty_has_no_parameter_to_move(hardball):
    certain = dataclasses.replace(hardball, uncertainty=False)
    found = update(certain, [lost(1000, 100)], runs=60)
    assert found.parameters.empty and list(found.parameters) == list(PARAMETER_COLUMNS)
    assert found.effective_runs < 60


@pytest.mark.parametrize(
    ("observed", "options", "words"),
    [
        ([lost(1, 1, date(2025, 12, 24))], {}, "ends on 2025-12-22; leave it out"),
        ([lost(1, 1), lost(2, 1)], {}, "observed twice"),
        ([], {"runs": 1}, "runs must be a whole number from 2"),
        ([], {"seed": "x"}, "seed must be"),
        ("made", {}, "did you mean 'made_up'|there are made_up"),
        ("nowhere.yaml", {}, "no such file"),
    ],
)
def test_what_makes_no_sense_is_refused(hardball, observed, options, words):
    with pytest.raises(sim.errors.TruceError, match=words):
        update(hardball, observed, **options)


# ----------------------------------------------------------------------------------------------------------------------
# Calibration


@pytest.fixture(scope="module")
def worlds(hardball):
    """Runs with what was really so on a day and what they ended with, and observations of it without an error yet."""
    runs = 1500
    observations = [
        lost(0.0, 120.0),
        Observation("event", "pressed_russia", DAY, 1, 0.1),
        Observation("event", "us_engaged", DAY, 1, 0.1),
        Observation("count", "rounds_held", DAY, 0, 1.5),
    ]
    readings = [observation.reading() for observation in observations]
    ((model, values),) = follow(hardball, range(runs), 1, readings, to_the_end=True)
    quantities = {
        "land": values[observations[0].name],
        "pace": inputs(Experiment.of(hardball, runs=runs))["front.pace"].to_numpy(),
        "confidence": inputs(Experiment.of(hardball, runs=runs))["russia.confidence"].to_numpy(),
        "land at the end": model.front.lost.copy(),
    }
    return observations, values, quantities


def posterior_ranks(worlds, truths: int, error: float = 1.0):
    """Let each of some runs be the truth, observe it with errors, and find its rank among the others by weight.

    `error` is the size of the real errors of the front over the stated one.
    """
    observations, values, quantities = worlds
    rng = np.random.default_rng(1)
    ranks: dict[str, list[float]] = {name: [] for name in quantities}
    centres = {name: [] for name in quantities}
    for truth in range(truths):
        seen = []
        for observation in observations:
            value = values[observation.name][truth]
            if observation.kind == "event":
                reported = 1 - value if rng.random() < observation.error else value
            else:
                reported = value + error * observation.error * rng.normal()
            seen.append(dataclasses.replace(observation, observed=float(reported)))
        log_weights = log_likelihood(seen, values, len(values[observations[0].name]))
        log_weights[truth] = -np.inf  # the others are the prior
        weights, _ = weights_of(log_weights)
        for name, of_runs in quantities.items():
            ranks[name].append(weights[of_runs < of_runs[truth]].sum())
            centres[name].append((weights * of_runs).sum())
    return ranks, centres


@pytest.mark.slow
def test_the_truth_lies_anywhere_among_the_weighted_runs_with_the_same_chance(worlds):
    """Simulation-based calibration (Talts and others 2018): the rank of the truth in its posterior is uniform."""
    ranks, _ = posterior_ranks(worlds, truths=500)
    for name, found in ranks.items():
        assert kstest(found, "uniform").pvalue > 0.01, name
    # The check can fail: real errors of three times the stated size put the truth at the edges far too often.
    wrong, _ = posterior_ranks(worlds, truths=500, error=3.0)
    assert kstest(wrong["land"], "uniform").pvalue < 1e-4


@pytest.mark.slow
def test_weights_move_toward_the_parameters_of_the_run_that_was_observed(worlds):
    _, centres = posterior_ranks(worlds, truths=500)
    truth = {name: of_runs[:500] for name, of_runs in worlds[2].items()}
    for name in ("land", "pace", "land at the end"):
        centre = np.array(centres[name])
        assert np.corrcoef(centre, truth[name])[0, 1] > 0.15, name
        assert ((centre - truth[name]) ** 2).mean() < truth[name].var(), name
