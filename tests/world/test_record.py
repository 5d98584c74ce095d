"""The outcomes table says what happened, and its columns fit together."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

import sim
from sim.analysis.outcomes import COLUMNS
from sim.rules.bargaining import BOTH, NOBODY, RUSSIA, UKRAINE
from sim.scenario import date_of
from sim.verification.worlds import after, event, quiet, scenario, sign

NAMES = [listing.name for listing in sim.list_scenarios()]


@pytest.fixture(scope="module", params=NAMES)
def outcomes(request):
    model = sim.CeasefireModel(sim.load(request.param), runs=400, seed=7).run()
    return model.outcomes().assign(deadline=model.inputs.deadline_week, horizon=model.weeks)


@pytest.fixture(scope="module")
def diary():
    """Everything that happened in 250 runs of a restless world, week by week, kept beside the record."""
    restless = scenario({"table.precision": 15.0, "truce.donbas_likeness": 0.6}, weeks=80)
    model = sim.CeasefireModel(restless, runs=250, seed=3)
    pages = []
    while model.week < model.weeks:
        was_at_war = model.at_war
        model.step()
        table, us = model.table, model.united_states
        pages.append({
            "war": was_at_war, "signed": table.signed, "collapsed": model.truce.collapsed,
            "in_force": model.truce.in_force, "terms": model.truce.terms, "control": model.front.full_control,
            "gesture": table.gesture, "left": us.left, "on_russia": us.pressed_russia,
            "on_ukraine": us.pressed_ukraine, "engaged": us.engaged, "held": table.held, "stalled": table.stalled,
            "russia": table.russia_accepts, "ukraine": table.ukraine_accepts, "blocker": table.blocker,
            "russian_gap": table.russian_gap, "ukrainian_gap": table.ukrainian_gap,
        })  # fmt: skip
    return model, {key: np.array([page[key] for page in pages]) for key in pages[0]}


def first(happened):
    """First week, NaN if never."""
    return np.where(happened.any(axis=0), happened.argmax(axis=0), np.nan)


def ceasefires(pages, run):
    """(signed, collapsed or infinity) of every signature of a run, by reading the diary."""
    found = []
    for week in np.flatnonzero(pages["signed"][:, run]):
        ends = np.flatnonzero(pages["collapsed"][week:, run])
        found.append((week, week + ends[0] if len(ends) else np.inf))
    return found


def test_the_diary_tells_of_everything(diary):
    """The comparison below is worth little for what never happened."""
    model, _ = diary
    table = model.outcomes()
    assert table["ceasefire_end_week"].notna().sum() > 20
    assert (table["signature_week"] < table["ceasefire_week"]).sum() > 5
    assert table["in_force_at_deadline"].sum() > 5
    assert table["us_disengaged_week"].notna().sum() > 20


def test_weeks_of_first_events_agree_with_a_diary(diary):
    model, pages = diary
    table = model.outcomes()
    for column, page in {
        "signature_week": "signed", "short_truce_week": "gesture", "full_control_week": "control",
        "us_disengaged_week": "left", "pressed_russia_week": "on_russia", "pressed_ukraine_week": "on_ukraine",
    }.items():  # fmt: skip
        np.testing.assert_array_equal(table[column], first(pages[page]), err_msg=column)


def test_counts_agree_with_a_diary(diary):
    model, pages = diary
    table = model.outcomes()
    open_table = pages["war"] & ~pages["control"]
    counted = {
        "pressure_steps_russia": pages["on_russia"],
        "pressure_steps_ukraine": pages["on_ukraine"],
        "weeks_of_war": pages["war"],
        "rounds_held": pages["held"],
        "rounds_stalled": pages["stalled"],
        "rounds_refused_by_russia": pages["held"] & ~pages["russia"] & ~pages["stalled"],
        "rounds_refused_by_ukraine": pages["held"] & ~pages["ukraine"],
        "weeks_without_zone": open_table & (pages["blocker"] != NOBODY),
        "weeks_blocked_by_russia": open_table & (pages["blocker"] == RUSSIA),
        "weeks_blocked_by_ukraine": open_table & (pages["blocker"] == UKRAINE),
        "weeks_blocked_by_both": open_table & (pages["blocker"] == BOTH),
    }
    for column, page in counted.items():
        np.testing.assert_array_equal(table[column], page.sum(axis=0), err_msg=column)
    without = counted["weeks_without_zone"]
    for column, page in {"gap_russia": "russian_gap", "gap_ukraine": "ukrainian_gap"}.items():
        mean = np.nanmean(np.where(without, pages[page], np.nan), axis=0)
        np.testing.assert_allclose(table[column], mean, err_msg=column)


def test_ceasefires_agree_with_a_diary(diary):
    model, pages = diary
    table, deadline = model.outcomes(), model.inputs.deadline_week
    for run, row in enumerate(table.itertuples()):
        periods = ceasefires(pages, run)
        # Signed in week w, it is five weeks old after the talks of week w + 4.
        counting = [(a, b) for a, b in periods if b > a + 4 and a + 4 < model.weeks]
        if not counting:
            assert np.isnan(row.ceasefire_week)
            assert not row.settlement
            continue
        start, end = counting[0]
        assert row.ceasefire_week == start
        assert row.ceasefire_end_week == end or (np.isnan(row.ceasefire_end_week) and end == np.inf)
        np.testing.assert_array_equal(table.filter(like="agreed_").iloc[run], pages["terms"][start, run])
        assert row.settlement == any(end == np.inf for _, end in counting)
        assert row.in_force_at_deadline == any(a <= deadline < b for a, b in counting)


def test_who_is_at_the_table_agrees_with_a_diary(diary):
    model, pages = diary
    table = model.outcomes()
    np.testing.assert_array_equal(table["us_engaged_at_deadline"], pages["engaged"][model.inputs.deadline_week])
    np.testing.assert_array_equal(table["us_engaged_at_horizon"], pages["engaged"][-1])


def test_the_columns_are_those_documented(outcomes):
    assert list(outcomes.columns[:-2]) == list(COLUMNS)


def test_a_ceasefire_follows_a_signature_and_precedes_its_end(outcomes):
    made = outcomes[outcomes["ceasefire_week"].notna()]
    assert (made["ceasefire_week"] >= made["signature_week"]).all()
    ended = made[made["ceasefire_end_week"].notna()]
    assert (ended["ceasefire_end_week"] >= ended["ceasefire_week"] + 5).all()
    assert outcomes.loc[outcomes["ceasefire_week"].isna(), "ceasefire_end_week"].isna().all()
    assert (made["ceasefire_week"] <= made["horizon"] - 5).all()


def test_terms_are_known_exactly_where_there_was_a_ceasefire(outcomes):
    terms = outcomes.filter(like="agreed_")
    assert terms.shape[1] == 4
    assert (terms.notna().all(axis=1) == outcomes["ceasefire_week"].notna()).all()
    assert (terms.isna().all(axis=1) == outcomes["ceasefire_week"].isna()).all()
    values = terms.to_numpy()[~np.isnan(terms.to_numpy())]
    assert ((values >= 0) & (values <= 1)).all()


def test_a_settlement_is_a_ceasefire_that_has_not_ended(outcomes):
    made, ended = outcomes["ceasefire_week"].notna(), outcomes["ceasefire_end_week"].notna()
    assert (outcomes["settlement"] >= (made & ~ended)).all()
    assert (outcomes["settlement"] <= made).all()


def test_in_force_at_the_deadline_needs_a_ceasefire_before_it(outcomes):
    started = outcomes["ceasefire_week"] <= outcomes["deadline"]
    ended = outcomes["ceasefire_end_week"] <= outcomes["deadline"]
    assert (outcomes["in_force_at_deadline"] <= started).all()
    assert (outcomes["in_force_at_deadline"] >= (started & ~ended)).all()


def test_land_is_conceded_exactly_where_a_ceasefire_agreed_on_it(outcomes):
    agreed = outcomes["agreed_territory"].fillna(0.0) > 0
    assert (outcomes.loc[agreed, "territory_conceded_km2"] > 0).all()
    assert (outcomes.loc[outcomes["ceasefire_week"].isna(), "territory_conceded_km2"] == 0).all()
    assert (outcomes["territory_lost_km2"] + outcomes["territory_conceded_km2"] < 22_436.8 + 1e-6).all()


def test_somebody_blocks_whenever_there_is_no_zone(outcomes):
    blocked = outcomes.filter(like="weeks_blocked_by_").sum(axis=1)
    assert (blocked == outcomes["weeks_without_zone"]).all()
    assert (outcomes["weeks_without_zone"] <= outcomes["weeks_of_war"]).all()
    for side in ("gap_russia", "gap_ukraine"):
        assert (outcomes[side].isna() == (outcomes["weeks_without_zone"] == 0)).all()
        assert (outcomes[side].dropna() >= 0).all()


def test_war_lasts_from_the_start_to_peace_or_the_horizon(outcomes):
    assert outcomes["weeks_of_war"].between(1, outcomes["horizon"]).all()
    never = outcomes["signature_week"].isna() & outcomes["full_control_week"].isna()
    assert (outcomes.loc[never, "weeks_of_war"] == outcomes.loc[never, "horizon"]).all()
    conquered = outcomes[outcomes["signature_week"].isna() & outcomes["full_control_week"].notna()]
    assert (conquered["weeks_of_war"] == conquered["full_control_week"] + 1).all()
    lasting = outcomes[outcomes["settlement"] & (outcomes["signature_week"] == outcomes["ceasefire_week"])]
    lasting = lasting[lasting["ceasefire_end_week"].isna()]
    assert (lasting["weeks_of_war"] == lasting["ceasefire_week"] + 1).all()
    np.testing.assert_allclose(outcomes["losses_claimed"], 9474 * outcomes["weeks_of_war"])


def test_every_round_is_answered_in_one_way(outcomes):
    held = outcomes["rounds_held"]
    assert (outcomes["rounds_stalled"] + outcomes["rounds_refused_by_russia"] <= held).all()
    assert (outcomes["rounds_refused_by_ukraine"] <= held).all()
    assert (held <= outcomes["weeks_of_war"]).all()


def test_steps_are_counted_from_the_first_one(outcomes):
    for side in ("russia", "ukraine"):
        assert ((outcomes[f"pressure_steps_{side}"] > 0) == outcomes[f"pressed_{side}_week"].notna()).all()
    gone = ~outcomes["us_engaged_at_horizon"]
    assert outcomes.loc[gone, "us_disengaged_week"].notna().all()


def test_the_first_event_is_the_earliest_of_the_competing_ones(outcomes):
    weeks = outcomes[["ceasefire_week", "full_control_week", "us_disengaged_week"]]
    named = outcomes["first_event"]
    assert ((named == "none") == weeks.isna().all(axis=1)).all()
    for name, rows in outcomes[named != "none"].groupby("first_event"):
        assert (rows[f"{name}_week"] == weeks.loc[rows.index].min(axis=1)).all()


def test_kinds_of_columns(outcomes):
    assert outcomes["run"].dtype == outcomes["rounds_held"].dtype == outcomes["weeks_simulated"].dtype == np.int64
    assert outcomes["settlement"].dtype == outcomes["us_engaged_at_deadline"].dtype == bool
    assert all(outcomes[name].dtype == np.float64 for name in COLUMNS if name.endswith("_week"))
    assert pd.api.types.is_string_dtype(outcomes["scenario"])


def test_the_table_can_be_read_at_any_time():
    model = after(sim.CeasefireModel(scenario(), runs=5), 3)
    early = model.outcomes()
    assert (early["weeks_simulated"] == 3).all()
    model.run()
    assert (model.outcomes()["weeks_simulated"] == 104).all()
    assert (early["weeks_simulated"] == 3).all()


def test_land_handed_over_at_the_table_is_not_conquered():
    model = quiet({"truce.dissatisfaction_effect": 0.0, "truce.donbas_likeness": 0.0}, runs=100)
    sign(model, territory=1.0)
    after(model, 6)
    assert model.front.full_control.any()
    assert model.outcomes()["full_control_week"].isna().all()


def test_losses_are_claims_per_week_of_war():
    model = after(quiet({"front.claimed_losses": 1000.0}, runs=2), 3)
    assert (model.outcomes()["losses_claimed"] == 3000).all()


def test_a_ceasefire_signed_too_late_to_be_thirty_days_old_does_not_count():
    def table(week):
        certain_yes = {"table.precision": 0.0, "table.round_engaged": 0.0}
        model = quiet(certain_yes | {"truce.guarantee_effect": 0.0}, runs=400, weeks=20, events=[event(week, "round")])
        return model.run().outcomes()

    assert table(15)["ceasefire_week"].notna().any()
    late = table(16)
    assert late["signature_week"].notna().any()
    assert late["ceasefire_week"].isna().all()
    assert not late["settlement"].any()


def test_a_deadline_at_the_horizon_is_the_state_at_the_end():
    base = scenario({"table.precision": 10.0}, weeks=30)
    at_end = dataclasses.replace(base, deadline=date_of(30))
    table = sim.CeasefireModel(at_end, runs=300).run().outcomes()
    assert table["in_force_at_deadline"].any()
    pd.testing.assert_series_equal(table["in_force_at_deadline"], table["settlement"], check_names=False)
    pd.testing.assert_series_equal(table["us_engaged_at_deadline"], table["us_engaged_at_horizon"], check_names=False)


def test_a_young_ceasefire_at_the_deadline_counts_if_it_grows_old_enough():
    base = scenario({"truce.guarantee_effect": 0.0, "truce.donbas_likeness": 0.0}, weeks=30, certain=True, events=())
    model = sim.CeasefireModel(dataclasses.replace(base, deadline=date_of(2)), runs=300)
    sign(model)
    after(model, 3)
    assert not model.outcomes()["in_force_at_deadline"].any()  # three weeks old: nobody knows yet
    after(model, 2)
    np.testing.assert_array_equal(model.outcomes()["in_force_at_deadline"], model.truce.age >= 5)
    assert model.outcomes()["in_force_at_deadline"].any()
