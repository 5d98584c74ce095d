"""What the model answers is what its runs did; scores are what they are by hand."""

from __future__ import annotations

import dataclasses
import math
from datetime import date

import numpy as np
import pytest

import sim
from sim.analysis.intervals import wilson
from sim.errors import UsageError
from sim.inquiry.forecasting import COLUMNS, MEAN_COLUMNS, mean_scores, read_mixture, score
from sim.inquiry.questions import Forecast, Question

BY = date(2025, 11, 9)  # a Sunday, the end of week 24
RUNS = 250


def ask(rule: str, by: date = BY, name: str | None = None, **more: object) -> Question:
    return Question(name or rule, "Title", "Wording?", rule, by, date(2025, 5, 19), **more)


def model_row(table, name):
    return table[(table["question"] == name) & (table["kind"] == "model")].iloc[0]


@pytest.fixture(scope="module")
def outcomes(sober):
    return sim.compare(sober, runs=RUNS).outcomes


@pytest.fixture(scope="module")
def answered(sober):
    rules = ["announced_truce", "signature", "ceasefire_30_days", "breaks_within_30_days", "settlement",
             "full_control", "us_disengaged"]  # fmt: skip
    asked = [ask(rule) for rule in rules] + [
        ask("territory_lost", date(2025, 11, 10), territory_km2=1000.0),
        ask("territory_lost", date(2025, 11, 10), "much", territory_km2=50_000.0),
    ]
    return score(asked, sober, runs=RUNS)


@pytest.mark.parametrize(
    ("rule", "column"),
    [
        ("signature", "signature_week"),
        ("ceasefire_30_days", "ceasefire_week"),
        ("full_control", "full_control_week"),
        ("us_disengaged", "us_disengaged_week"),
    ],
)
def test_an_event_by_a_date_is_the_share_of_the_outcomes(answered, outcomes, rule, column):
    row, count = model_row(answered, rule), int((outcomes[column] <= 24).sum())
    assert row["probability"] == pytest.approx(count / RUNS)
    assert (row["low"], row["high"]) == pytest.approx(tuple(float(x) for x in wilson(count, RUNS)))


def test_a_truce_of_any_kind_is_a_short_one_or_a_signature(answered, outcomes):
    either = (outcomes["short_truce_week"] <= 24) | (outcomes["signature_week"] <= 24)
    assert model_row(answered, "announced_truce")["probability"] == pytest.approx(either.mean())


def test_one_that_breaks_early_is_counted_among_those_signed(answered, outcomes):
    signed = outcomes[outcomes["signature_week"] <= 24]
    broke = signed["ceasefire_week"] != signed["signature_week"]
    row = model_row(answered, "breaks_within_30_days")
    assert 0 < broke.mean() < 1
    assert (row["probability"], row["runs"]) == (pytest.approx(broke.mean()), len(signed))
    assert row["low"] == pytest.approx(float(wilson(broke.sum(), len(signed))[0]))


def test_a_settlement_and_the_land_lost_are_those_of_a_scenario_that_ends_on_that_day(answered, sober):
    short = dataclasses.replace(sober, horizon=date(2025, 11, 10))
    ends = sim.compare(short, runs=RUNS).outcomes
    assert 0 < ends["settlement"].mean() < 1
    assert model_row(answered, "settlement")["probability"] == pytest.approx(ends["settlement"].mean())
    lost = ends["territory_lost_km2"] >= 1000
    assert 0 < lost.mean() < 1
    assert model_row(answered, "territory_lost")["probability"] == pytest.approx(lost.mean())
    assert model_row(answered, "much")["probability"] == 0


def test_an_answer_does_not_depend_on_what_else_is_asked(answered, sober):
    alone = score(ask("settlement"), sober, runs=RUNS)
    columns = ["probability", "low", "high"]
    assert (model_row(alone, "settlement")[columns] == model_row(answered, "settlement")[columns]).all()


def test_a_mixture_is_the_weighted_share_on_the_same_luck(hardball, sober):
    question = ask("signature")
    table = score(question, mixture=[(hardball, 0.75), (sober, 0.25)], runs=RUNS).set_index("forecaster")
    outcomes = sim.compare([hardball, sober], runs=RUNS).outcomes
    signed = [(outcomes.loc[outcomes["scenario"] == name, "signature_week"] <= 24).to_numpy(dtype=float)
              for name in ("hardball", "sober")]  # fmt: skip
    whole = 0.75 * signed[0] + 0.25 * signed[1]
    row = table.loc["mixture"]
    assert row["probability"] == pytest.approx(whole.mean())
    assert [table.loc[name, "probability"] for name in ("hardball", "sober")] == [s.mean() for s in signed]
    half = (row["high"] - row["low"]) / 2
    assert half == pytest.approx(1.96 * whole.std() / math.sqrt(RUNS), rel=0.05)
    assert row["note"] == "0.75 hardball + 0.25 sober"


def test_the_whole_of_one_scenario_as_a_mixture_is_that_scenario(sober):
    question = ask("signature")
    columns = ["probability", "low", "high", "runs"]
    first, second = (score(question, runs=50, **how) for how in ({"scenario": sober}, {"mixture": [(sober, 1.0)]}))
    assert model_row(first, "signature")[columns].equals(model_row(second, "signature")[columns])


def test_a_question_beyond_the_horizon_is_refused_and_can_be_answered_by_going_on(hardball):
    late = ask("signature", date(2026, 1, 4))
    with pytest.raises(UsageError, match="ends on 2025-12-22; give --extend"):
        score(late, hardball, runs=10)
    longer = dataclasses.replace(hardball, horizon=date(2026, 2, 2))
    extended = score([late, ask("ceasefire_30_days")], hardball, runs=40, extend=True)
    expected = score([late, ask("ceasefire_30_days")], longer, runs=40)
    assert extended.equals(expected)


def test_a_ceasefire_needs_the_weeks_in_which_it_has_to_hold(hardball):
    with pytest.raises(UsageError, match="needs runs until 2025-12-29"):
        score(ask("ceasefire_30_days", date(2025, 11, 24)), hardball, runs=10)
    score(ask("ceasefire_30_days", date(2025, 11, 23)), hardball, runs=10)


# ----------------------------------------------------------------------------------------------------------------------
# Scores

DAY = date(2025, 5, 1)


@pytest.fixture(scope="module")
def scored(hardball):
    first = ask(
        "us_disengaged", outcome=False, forecasts=(Forecast("A", DAY, 0.3), Forecast("A", date(2025, 4, 1), 0.9))
    )
    second = ask("announced_truce", outcome=True, forecasts=(Forecast("A", DAY, 1.0), Forecast("B", DAY, 0.0)))
    third = ask("signature")
    return score([first, second, third], hardball, runs=200)


def test_scores_by_hand(scored):
    rows = scored[(scored["kind"] == "crowd")].set_index(["question", "forecaster", "date"])
    a, b = rows.loc[("us_disengaged", "A", "2025-05-01")], rows.loc[("announced_truce", "B", "2025-05-01")]
    assert (a["brier"], a["log_score"]) == pytest.approx((0.09, -math.log(0.7)))
    assert (b["brier"], b["log_score"]) == pytest.approx((1.0, -math.log(0.001)))  # the floor
    sure = rows.loc[("announced_truce", "A", "2025-05-01")]
    assert (sure["brier"], sure["log_score"]) == (0.0, 0.0)


def test_the_score_of_the_model_has_the_interval_of_its_chance(scored):
    row = model_row(scored, "us_disengaged")
    assert row["brier"] == pytest.approx(row["probability"] ** 2)
    assert (row["brier_low"], row["brier_high"]) == pytest.approx((row["low"] ** 2, row["high"] ** 2))
    row = model_row(scored, "announced_truce")
    assert (row["log_score_low"], row["log_score_high"]) == pytest.approx(
        (-math.log(row["high"]), -math.log(row["low"]))
    )
    assert row["log_score_low"] <= row["log_score"] <= row["log_score_high"]


def test_without_an_outcome_nothing_is_scored(scored):
    rows = scored[scored["question"] == "signature"]
    assert rows[["brier", "log_score", "outcome"]].isna().all(axis=None)
    assert list(scored) == list(COLUMNS)


def test_mean_scores_stand_beside_the_model_on_the_same_questions(scored):
    means = mean_scores(scored).set_index("forecaster")
    assert list(mean_scores(scored)) == list(MEAN_COLUMNS)
    assert means.loc[["A", "B", "hardball"], "questions"].tolist() == [2, 1, 2]
    assert means.loc["A", "brier"] == pytest.approx(0.045)  # the later of two forecasts
    briers = [model_row(scored, name)["brier"] for name in ("us_disengaged", "announced_truce")]
    assert means.loc["A", "model_brier"] == pytest.approx(np.mean(briers))
    assert means.loc["B", "model_brier"] == pytest.approx(briers[1])
    with pytest.raises(UsageError, match="no question has an outcome"):
        mean_scores(scored[scored["question"] == "signature"])


# ----------------------------------------------------------------------------------------------------------------------
# Bad input


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"mixture": {"hardball": 0.6, "swift_deal": 0.3}}, "must add up to 1, not to 0.9"),
        ({"mixture": {"hardball": 1.2, "swift_deal": -0.2}}, "above 0 and at most 1"),
        ({"mixture": [("hardball", 0.5), ("hardball", 0.5)]}, "in the mixture twice"),
        ({"scenario": "hardball", "mixture": {"hardball": 1.0}}, "exclude each other"),
        ({"scenario": "hardbal"}, "did you mean 'hardball'"),
        ({"runs": 1}, "runs must be a whole number from 2"),
        ({"seed": -1}, "seed must be"),
        ({"floor": 0}, "the floor must be above 0"),
    ],
)
def test_what_makes_no_sense_is_refused(options, words):
    with pytest.raises(sim.errors.TruceError, match=words):
        score(ask("signature"), **options)


def test_questions_that_cannot_be_told_apart_are_refused():
    with pytest.raises(UsageError, match="two questions are named 'signature'"):
        score([ask("signature"), ask("signature")])
    with pytest.raises(UsageError, match="no question was given"):
        score([])


def test_a_condition_that_no_run_meets_is_told(hardball):
    with pytest.raises(UsageError, match="of 3 runs none has one; take more runs"):
        score(ask("breaks_within_30_days", date(2025, 5, 25)), hardball, runs=3)


def test_a_mixture_in_words():
    assert read_mixture(" hardball = 0.6, swift_deal=.4") == [("hardball", 0.6), ("swift_deal", 0.4)]
    for text in ("hardball", "hardball=x", "=0.4", "hardball=nan", "hardball=0.5,"):
        with pytest.raises(UsageError, match="is no part of a mixture"):
            read_mixture(text)
