from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2
from statsmodels.duration.survfunc import SurvfuncRight

from sim.analysis.intervals import wilson
from sim.analysis.survival import CURVE, HAZARDS, SUMMARY, hazards, survival_curve, survival_summary
from sim.errors import UsageError
from sim.evidence import WEEKS_A_MONTH
from tests.analysis.test_contrasts import InParts
from tests.synthetic import NAN, TEN, Case, made_up, outcomes_of

BASE = Case("hardball")
SHORT = Case("short", horizon=date(2025, 9, 1))  # 15 weeks, 0 to 14


def test_survival_by_hand() -> None:
    # Followed for 14, 12, 9 and 4 weeks after their starts; the first two collapse, in weeks 6 and 9 of their lives.
    rows = outcomes_of(
        "short", 5, signature_week=[0, 2, 5, 10, NAN], ceasefire_week=[0, 2, 5, 10, NAN],
        ceasefire_end_week=[6, 11, NAN, NAN, NAN],
    )  # fmt: skip
    table = survival_curve(rows, [SHORT])
    assert list(table.columns) == list(CURVE)
    assert table["week"].tolist() == [4, 5, 6, 7, 8, 9]
    assert table["at_risk"].tolist() == [4, 3, 3, 2, 2, 2]
    assert table["collapsed"].tolist() == [0, 0, 1, 0, 0, 1]
    assert table["survival"].tolist() == pytest.approx([1, 1, 2 / 3, 2 / 3, 2 / 3, 1 / 3])
    first, second = table.iloc[0], table.iloc[1]
    assert (first["low"], first["high"]) == (1, 1)  # they hold so long by definition
    assert (second["low"], second["high"]) == (wilson(3, 3)[0], 1)  # and here nobody happened to collapse


def test_survival_agrees_with_statsmodels() -> None:
    rows = made_up(TEN[4:5], runs=400)
    lasted = rows[rows["ceasefire_week"].notna()]
    end = lasted["ceasefire_end_week"].fillna(BASE.horizon_week - 1)
    theirs = SurvfuncRight((end - lasted["ceasefire_week"]).to_numpy(), lasted["settlement"].eq(False).astype(int))
    own = survival_curve(rows, TEN[4:5]).set_index("week")["survival"]
    weeks = theirs.surv_times.astype(int)
    inside = weeks >= 4
    assert len(weeks) >= 20 and own.loc[weeks[inside]].to_numpy() == pytest.approx(theirs.surv_prob[inside])
    median = survival_summary(rows, TEN[4:5])["median_weeks"].iloc[0]
    assert own.loc[median] <= 0.5 < own.loc[median - 1]


def test_how_many_signatures_hold_30_days() -> None:
    # The second did not hold, though a later one did; the fourth came too late to see; the fifth never.
    rows = outcomes_of("short", 5, signature_week=[0, 1, 9, 11, NAN], ceasefire_week=[0, 7, 9, NAN, NAN])
    row = survival_summary(rows, [SHORT]).iloc[0]
    assert (row["signatures"], row["ceasefires"], row["held_30_days"]) == (3, 3, 2 / 3)
    assert (row["held_30_days_low"], row["held_30_days_high"]) == tuple(map(float, wilson(2, 3)))


def test_what_nobody_is_followed_to_is_not_told() -> None:
    row = survival_summary(outcomes_of("short", 4, signature_week=0, ceasefire_week=0), [SHORT]).iloc[0]
    assert row["after_3_months"] == 1 and row["after_3_months_low"] < 1  # 13 weeks of 14
    assert np.isnan(row[["after_6_months", "median_weeks", "mean_weeks_of_52"]].astype(float)).all()
    gone = outcomes_of("hardball", 4, signature_week=0, ceasefire_week=0, ceasefire_end_week=[8, 9, 9, 30])
    row = survival_summary(gone, [BASE]).iloc[0]
    assert (row["after_12_months"], row["median_weeks"], row["mean_weeks_of_52"]) == (0, 9, 14)


def test_three_months_are_thirteen_weeks() -> None:
    # Of four followed for a year, two break in their thirteenth week (having held twelve) and one in its fourteenth.
    ends = [12, 12, 13, NAN]
    rows = outcomes_of("hardball", 4, signature_week=0, ceasefire_week=0, ceasefire_end_week=ends)
    row = survival_summary(rows, [BASE])
    assert row["after_3_months"].item() == 0.5


def test_the_summary_is_read_from_the_curve() -> None:
    outcomes = made_up(runs=200)
    summary, curve = survival_summary(outcomes, TEN), survival_curve(outcomes, TEN)
    assert list(summary.columns) == list(SUMMARY)
    for months, week in ((3, 12), (6, 25), (12, 51)):
        at = curve[curve["week"] == week].set_index("scenario")
        own = summary.set_index("scenario")
        for name, column in (("", "survival"), ("_low", "low"), ("_high", "high")):
            assert own.loc[at.index, f"after_{months}_months{name}"].tolist() == at[column].tolist()


def test_parts_give_the_same_tables_as_the_whole() -> None:
    outcomes = made_up(runs=100).assign(agreed_security=np.tile(np.linspace(0, 1, 100), 10))
    for function in (survival_curve, survival_summary, hazards):
        for by in (None, "agreed_security"):
            pd.testing.assert_frame_equal(function(InParts(outcomes), TEN, by), function(outcomes, TEN, by))


def test_hazards_by_hand() -> None:
    # All start in week 0; one collapses in week 6, in the first band (to 3 months: weeks 5 to 12).
    rows = outcomes_of("hardball", 2, ceasefire_week=0, ceasefire_end_week=[6, NAN])
    row = hazards(rows, [BASE]).iloc[0]
    weeks = 2 + 8  # in weeks 5 and 6 of the first, 5 to 12 of the second
    assert (row["collapsed"], row["to_month"]) == (1, 3)
    assert row["exposure_months"] == pytest.approx(weeks / WEEKS_A_MONTH)
    low, high = wilson(1, weeks)
    rate = [-np.log(1 - chance) * WEEKS_A_MONTH for chance in (1 / weeks, low, high)]
    assert [row["hazard"], row["low"], row["high"]] == pytest.approx(rate)


def test_a_steady_hazard_is_found_in_every_band() -> None:
    rng, runs, monthly = np.random.default_rng(8), 20_000, 0.1
    end = 5.0 + np.floor(rng.exponential(WEEKS_A_MONTH / monthly, runs))
    rows = outcomes_of("hardball", runs, ceasefire_week=0, ceasefire_end_week=np.where(end < 104, end, NAN))
    table = hazards(rows, [BASE])
    assert list(table.columns) == list(HAZARDS) and len(table) == 4
    assert ((table["low"] < monthly) & (monthly < table["high"])).sum() >= 3
    # For rates so small, Wilson's interval is almost that of a Poisson count (Garwood 1936).
    count, exposure = table["collapsed"], table["exposure_months"]
    assert table["low"].to_numpy() == pytest.approx(chi2.ppf(0.025, 2 * count) / 2 / exposure, rel=0.05)


def by_security(security: list[float], ends: list[float], **more: object) -> pd.DataFrame:
    return outcomes_of("hardball", len(ends), ceasefire_week=0, ceasefire_end_week=ends, agreed_security=security)


def test_ceasefires_are_divided_by_their_terms() -> None:
    table = survival_summary(
        by_security([0.1, 0.2, 0.5, 0.5, 0.8, 0.9], [5, 6, 20, 21, NAN, NAN]), [BASE], "agreed_security"
    )
    assert table["group"].tolist() == [
        "agreed_security below 0.5", "agreed_security 0.5 to 0.8", "agreed_security from 0.8"
    ]  # fmt: skip
    assert table["ceasefires"].tolist() == [2, 2, 2]
    assert table["after_3_months"].tolist() == [0, 1, 1]
    assert (table["logrank_p"] < 0.05).all() and table["logrank_p"].nunique() == 1
    assert table["held_30_days"].isna().all()
    two = survival_summary(by_security([0.1, 0.2, 0.5, 0.6], [5, 6, 20, 21]), [BASE], "agreed_security", [0.2])
    assert two["ceasefires"].tolist() == [1, 3]  # a value on a cut belongs above it


def test_groups_are_the_same_in_every_scenario() -> None:
    outcomes = made_up(runs=60).assign(agreed_security=np.tile(np.linspace(0.2, 0.8, 60), 10))
    table = survival_summary(outcomes, TEN, "agreed_security", 2)
    assert table["group"].nunique() == 2
    assert table.groupby("group")["ceasefires"].sum().pct_change().abs().iloc[-1] < 0.05


def test_when_it_began_can_divide_ceasefires_too() -> None:
    rows = outcomes_of("hardball", 4, ceasefire_week=[0, 10, 20, 30], ceasefire_end_week=[9, 20, NAN, NAN])
    assert survival_summary(rows, [BASE], "ceasefire_week", 2)["group"].tolist() == [
        "ceasefire_week below 20", "ceasefire_week from 20"
    ]  # fmt: skip


def test_a_scenario_without_a_ceasefire_has_a_row_and_no_curve() -> None:
    rows = pd.concat([by_security([0.1, 0.3], [9, NAN]), outcomes_of("quiet", 2)])
    summary = survival_summary(rows, [BASE, Case("quiet")])
    assert summary["ceasefires"].tolist() == [2, 0]
    assert survival_curve(rows, [BASE, Case("quiet")])["scenario"].unique().tolist() == ["hardball"]
    assert hazards(rows, [BASE, Case("quiet")])["scenario"].unique().tolist() == ["hardball"]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("ends", [[NAN], [5.0], [5.0, 5.0], [NAN, NAN], [5.0, NAN]])
def test_few_ceasefires_make_no_noise(ends: list[float]) -> None:
    rows = outcomes_of("hardball", len(ends), signature_week=0, ceasefire_week=0, ceasefire_end_week=ends)
    for function in (survival_curve, survival_summary, hazards):
        table = function(rows, [BASE])
        assert len(table)
    assert survival_curve(rows, [BASE])[["survival", "low", "high"]].stack().between(0, 1).all()


def test_bad_input_is_refused_in_one_sentence() -> None:
    rows = by_security([0.1, 0.3], [9, NAN])
    for function in (survival_curve, survival_summary, hazards):
        with pytest.raises(UsageError, match="no run has a ceasefire that held"):
            function(outcomes_of("hardball", 3), [BASE])
        with pytest.raises(UsageError, match="did you mean 'agreed_security'"):
            function(rows, [BASE], "agreed_securty")
        with pytest.raises(UsageError, match="is known only after a ceasefire has started"):
            function(rows, [BASE], "territory_lost_km2")
        with pytest.raises(UsageError, match="2 or 3 groups, not 4"):
            function(rows, [BASE], "agreed_security", 4)
        with pytest.raises(UsageError, match="numbers that rise"):
            function(rows, [BASE], "agreed_security", [0.5, 0.5])
        with pytest.raises(UsageError, match="numbers that rise"):
            function(rows, [BASE], "agreed_security", "half")
        with pytest.raises(UsageError, match="agreed_security is the same in all ceasefires"):
            function(by_security([0.3, 0.3], [9, NAN]), [BASE], "agreed_security")
