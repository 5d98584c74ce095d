from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PolyCollection

from sim.analysis.survival import CURVE, NoCeasefireError, survival_curve
from sim.errors import UsageError
from sim.evidence import WEEKS_A_MONTH
from sim.plots.survival import FEWEST, survival
from tests.drawn import cut_off, overlaps, words
from tests.synthetic import NAN, TEN, Case, made_up, outcomes_of

OUTCOMES = made_up(runs=150)
CURVES = survival_curve(OUTCOMES, TEN)
NAMES = [case.name for case in TEN]


def lines_by_name(axes):
    return {line.get_label(): line for line in axes.lines if line.get_label() in NAMES}


def bands(axes):
    return [band for band in axes.collections if isinstance(band, PolyCollection)]


def test_a_line_is_the_curve_of_the_table_from_a_start_at_100_per_cent() -> None:
    axes = survival(CURVES, TEN[:2])
    line = lines_by_name(axes)["hardball"]
    rows = CURVES[(CURVES["scenario"] == "hardball") & (CURVES["at_risk"] >= FEWEST)]
    assert line.get_ydata().tolist() == [1.0, *rows["survival"]]
    assert line.get_xdata()[1:] == pytest.approx((rows["week"] + 1) / WEEKS_A_MONTH)
    assert line.get_xdata()[0] == 0 and line.get_drawstyle() == "steps-post"


def test_the_baseline_is_thick_and_its_name_bold() -> None:
    axes = survival(CURVES, TEN, "moves_on")
    lines = lines_by_name(axes)
    assert set(lines) == set(NAMES)
    assert lines["moves_on"].get_linewidth() > 1.5 * lines["hardball"].get_linewidth()
    (name,) = [text.get_text() for text in axes.texts if text.get_fontweight() == "bold"]
    assert name.startswith("Washington moves on")


def test_few_scenarios_have_a_band_each_and_many_leave_it_to_the_baseline() -> None:
    assert len(bands(survival(CURVES, TEN[:3]))) == 3
    many = survival(CURVES, TEN)
    assert len(bands(many)) == 1 and f"95 % intervals, of {TEN[0].title} alone" in words(many.figure)


def test_it_says_what_is_counted_in_which_units_and_of_how_many() -> None:
    text = words(survival(CURVES, TEN).figure)
    for case in TEN:
        assert case.title in text
    for part in ("months since the start of the ceasefire", "share still in force (%)", "Kaplan-Meier"):
        assert part in text
    first = CURVES[CURVES["scenario"].isin(NAMES)].groupby("scenario")["at_risk"].first()
    assert f"{first.min()} to {first.max()} ceasefires per scenario" in text


def test_a_line_ends_where_few_are_followed_and_says_at_which_age() -> None:
    short, long = Case("a", "Short"), Case("b", "Long")
    weeks = np.where(np.arange(40) < 30, 99 - 26, 10)  # of thirty only half a year is seen
    rows = pd.concat([outcomes_of("b", 40, ceasefire_week=10.0), outcomes_of("a", 12 + 28, ceasefire_week=weeks + 0.0)])
    axes = survival(survival_curve(rows, [long, short]), [long, short])
    ends = {line.get_label(): line.get_xdata()[-1] for line in axes.lines if line.get_label() in "ab"}
    assert ends["b"] == pytest.approx(94 / WEEKS_A_MONTH) and ends["a"] == ends["b"]
    fewer = rows[(rows["scenario"] == "b") | (rows["run"] < 39) & (rows["run"] >= 1)]
    axes = survival(survival_curve(fewer, [long, short]), [long, short])
    ends = {line.get_label(): line.get_xdata()[-1] for line in axes.lines if line.get_label() in "ab"}
    assert ends["a"] == pytest.approx((104 - 73) / WEEKS_A_MONTH)
    assert "Short, 100 % at 7 months" in words(axes.figure)


def test_the_axis_ends_with_the_scenarios_that_are_no_longer_than_the_baseline() -> None:
    axes = survival(CURVES, TEN)
    assert axes.get_xlim()[1] <= 104 / WEEKS_A_MONTH
    assert lines_by_name(axes)["long_war"].get_xdata()[-1] <= axes.get_xlim()[1]


def test_without_any_ceasefire_the_figure_says_so() -> None:
    with pytest.raises(NoCeasefireError):
        survival_curve(outcomes_of("hardball", 10), TEN[:1])
    axes = survival(pd.DataFrame(columns=list(CURVE)), TEN[:1])
    assert "No run has a ceasefire that held for 30 days." in words(axes.figure)
    assert cut_off(axes.figure) == [] and not axes.lines


def test_a_scenario_without_a_ceasefire_is_named_and_another_baseline_is_not_made_of_it() -> None:
    rows = pd.concat([outcomes_of("hardball", 20), outcomes_of("moves_on", 20, ceasefire_week=3.0)])
    two = [TEN[0], TEN[3]]
    axes = survival(survival_curve(rows, two), two)
    assert f"No ceasefire that held 30 days: {TEN[0].title}." in words(axes.figure)
    assert not [text for text in axes.texts if text.get_fontweight() == "bold"]


def test_few_ceasefires_are_followed_to_the_last() -> None:
    weeks = [5.0, 60.0, 80.0] + [NAN] * 7
    axes = survival(survival_curve(outcomes_of("hardball", 10, ceasefire_week=weeks), TEN[:1]), TEN[:1])
    assert lines_by_name(axes)["hardball"].get_xdata()[-1] == pytest.approx(99 / WEEKS_A_MONTH)
    assert "3 ceasefires; those" in words(axes.figure)


def test_names_do_not_overlap_where_all_lines_end_together_however_long_they_are() -> None:
    cases = [Case(f"case{i}", f"{i} " + "a title of many words " * 5) for i in range(10)]
    rows = pd.concat([outcomes_of(case.name, 20, ceasefire_week=3.0) for case in cases])
    axes = survival(survival_curve(rows, cases), cases)
    names = [text for text in axes.texts if "100\N{NO-BREAK SPACE}%" in text.get_text()]
    assert len(names) == 10 and overlaps(axes, names) == [] and cut_off(axes.figure) == []


def test_groups_and_an_unknown_baseline_are_refused() -> None:
    with pytest.raises(UsageError, match="divided into groups"):
        survival(CURVES.assign(group="up to 0.5"), TEN)
    with pytest.raises(UsageError, match="did you mean 'hardball'"):
        survival(CURVES, TEN, "hardbal")
