from __future__ import annotations

import dataclasses
from datetime import date

import numpy as np
import pandas as pd
import pytest

import sim
from sim.errors import UsageError
from sim.inquiry.bargaining import COLUMNS, as_table, bargaining_picture, read_week


@pytest.fixture(scope="module")
def table(hardball) -> pd.DataFrame:
    return pd.concat([bargaining_picture(hardball, run, 2) for run in range(6)])


@pytest.fixture(scope="module")
def doubting(sober) -> pd.DataFrame:
    return pd.concat([bargaining_picture(sober, run, 2) for run in range(6)])


def test_there_is_a_row_for_every_week_with_its_date(hardball):
    found = bargaining_picture(hardball, 3)
    assert list(found.columns) == list(COLUMNS)
    assert found["week"].tolist() == list(range(hardball.horizon_week))
    assert found["date"].iloc[[0, 1]].tolist() == [pd.Timestamp(2025, 5, 19), pd.Timestamp(2025, 5, 26)]
    assert (found["run"] == 3).all() and (found["deadline"] == pd.Timestamp(hardball.deadline)).all()


def test_a_zone_is_where_each_can_get_what_it_must_while_the_other_does(table, doubting):
    for rows in (table, doubting):
        war = rows[rows["war"]]
        assert (war["zone"] == (war["best_for_russia"] >= war["reservation_russia"] - 1e-9)).all()
        assert (war["zone"] == (war["best_for_ukraine"] >= war["reservation_ukraine"] - 1e-9)).all()
        assert (war["zone"] == (war["yields"] == "nobody")).all()
    assert doubting["zone"].any() and not table["zone"].all(), "both cases occur"


def test_who_would_have_to_yield_is_told_by_the_lines(table):
    war = table[table["war"]]
    alone = war["reservation_russia"] > war["ceiling_russia"] + 1e-9
    assert (war.loc[alone, "yields"] == "russia").all() and alone.any()
    assert (war["best_for_russia"] <= war["ceiling_russia"] + 1e-9).all()


def test_a_draft_within_what_ukraine_leaves_is_one_that_it_prefers_to_war(table, doubting):
    rows = pd.concat([table, doubting])
    known = rows[rows["best_for_russia"].notna()]
    within = known["draft_for_russia"] <= known["best_for_russia"] + 1e-9
    content = known["draft_for_ukraine"] >= known["reservation_ukraine"] - 1e-9
    assert (within == content).all() and 0 < within.mean() < 1


def test_where_nothing_is_enough_for_ukraine_nothing_is_said_of_what_it_leaves():
    proud = sim.load("hardball").vary({"ukraine.audience_cost": 1.0})
    rows = bargaining_picture(dataclasses.replace(proud, horizon=date(2025, 7, 1), deadline=date(2025, 6, 30)), 0)
    assert rows["best_for_russia"].isna().all() and rows["yields"].isin(["ukraine", "both"]).all()


def test_answers_belong_to_rounds_and_two_acceptances_sign(doubting):
    held = doubting[doubting["held"]]
    assert set(held["russia_answer"]) <= {"accepts", "stalls", "refuses"}
    assert (doubting.loc[~doubting["held"], "russia_answer"] == "").all()
    both = (doubting["russia_answer"] == "accepts") & (doubting["ukraine_answer"] == "accepts")
    assert (both == doubting["signed"]).all() and both.any()


def test_a_ceasefire_follows_a_signature_and_is_no_war(doubting):
    assert not (doubting["war"] & doubting["ceasefire"]).any()
    signed = np.flatnonzero(doubting["signed"])
    following = doubting.iloc[signed + 1]
    assert (following["ceasefire"] | (following["week"] == 0)).mean() > 0.5, "unless it breaks in its first week"
    assert not doubting.loc[~doubting["war"], "zone"].any() and (doubting.loc[~doubting["war"], "yields"] == "").all()


def test_the_run_is_that_of_an_experiment_with_the_same_seed(hardball, sober):
    outcomes = sim.compare([hardball, sober], runs=6, seed=2).outcomes.set_index(["scenario", "run"])
    for scenario in (hardball, sober):
        rows = bargaining_picture(scenario, 4, 2)
        assert rows["held"].sum() == outcomes.loc[(scenario.name, 4), "rounds_held"]
        assert rows["war"].sum() - rows["zone"].sum() == outcomes.loc[(scenario.name, 4), "weeks_without_zone"]


def test_a_model_that_someone_else_steps_is_read_on_the_way(hardball):
    model = sim.CeasefireModel(hardball, runs=1, seed=2, first_run=5)
    weeks = []
    for _ in range(10):
        model.step()
        weeks.append(read_week(model))
    pd.testing.assert_frame_equal(as_table(weeks, hardball, 5), bargaining_picture(hardball, 5, 2).head(10))
    assert as_table([], hardball).empty and list(as_table([], hardball).columns) == list(COLUMNS)


def test_a_bad_number_is_refused(hardball):
    with pytest.raises(UsageError, match="run must be a whole number"):
        bargaining_picture(hardball, -1)
