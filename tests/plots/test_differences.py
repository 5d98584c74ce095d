from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from matplotlib.colors import to_hex

from sim.analysis.contrasts import MEDIAN, differences
from sim.errors import UsageError
from sim.plots import looks
from sim.plots.differences import differences as draw
from tests.drawn import cut_off, overlaps, words
from tests.synthetic import TEN, Case, made_up

OUTCOMES = made_up(runs=150)
TABLE = differences(OUTCOMES, TEN)
NAMES = [case.name for case in TEN]


def dots(axes):
    return {line.get_label(): line for line in axes.lines if line.get_label() in NAMES}


def of(outcome, table=TABLE):
    return table[table["outcome"] == outcome].set_index("scenario")


def test_a_dot_is_the_difference_in_percentage_points_and_the_baseline_is_at_zero() -> None:
    axes = draw(TABLE, TEN)
    rows = of("ceasefire_by_deadline")
    assert {name: dot.get_xdata()[0] for name, dot in dots(axes).items()} == pytest.approx(
        (100 * rows["difference"]).to_dict()
    )
    (diamond,) = [line for line in axes.lines if line.get_marker() == "D"]
    assert diamond.get_xdata()[0] == 0 and diamond.get_ydata()[0] == 0
    assert f"{100 * rows['baseline_value'].iloc[0]:.1f} %" in words(axes.figure)
    assert "difference to the baseline (percentage points)" in words(axes.figure)


def test_whiskers_are_the_intervals() -> None:
    axes = draw(TABLE, TEN)
    segments = [collection.get_segments()[0] for collection in axes.collections]
    found = sorted((round(float(x0), 6), round(float(x1), 6)) for (x0, _), (x1, _) in segments)
    rows = of("ceasefire_by_deadline")
    assert found == sorted(
        (round(100 * low, 6), round(100 * high, 6)) for low, high in zip(rows["low"], rows["high"], strict=True)
    )


def test_scenarios_stand_in_the_order_of_their_differences_below_the_baseline() -> None:
    axes = draw(TABLE, TEN)
    labels = [" ".join(text.get_text().split()) for text in axes.get_yticklabels()]
    assert labels[0].endswith("(baseline)") and axes.get_yticklabels()[0].get_fontweight() == "bold"
    downwards = sorted(dots(axes).values(), key=lambda dot: dot.get_ydata()[0])
    values = [dot.get_xdata()[0] for dot in downwards]
    assert values == sorted(values, reverse=True) and len(labels) == len(values) + 1 == len(TEN)
    titles = {case.name: case.title for case in TEN}
    for label, dot in zip(labels[1:], downwards, strict=True):
        assert titles[dot.get_label()].startswith(label.removesuffix(" …"))


def test_hollow_dots_cannot_be_told_from_the_baseline() -> None:
    rows = of("ceasefire_by_deadline")
    for name, dot in dots(draw(TABLE, TEN)).items():
        hollow = to_hex(dot.get_markerfacecolor()) == "#ffffff"
        assert hollow == (not rows.loc[name, "distinguishable_holm"])
        assert to_hex(dot.get_markeredgecolor()) == looks(NAMES)[name].colour.lower()
    assert 0 < rows["distinguishable_holm"].sum() < len(rows), "the test needs both"


def test_areas_have_their_unit_and_scenarios_of_another_horizon_are_named() -> None:
    text = words(draw(TABLE, TEN, outcome="territory_lost_km2").figure)
    assert "Land lost in war up to the horizon" in text and "difference to the baseline (km²)" in text
    assert "Not compared, as the horizon is another: A long war." in text
    assert "adjusted for 8 comparisons by Holm's method" in text and "150 pairs of runs per scenario" in text


def test_a_median_that_is_not_reached_stands_last_and_says_so() -> None:
    table = TABLE.copy()
    table.loc[table["outcome"] == MEDIAN, ["difference", "low", "high"]] = -3.0, -5.0, -1.0
    rows = (table["outcome"] == MEDIAN) & (table["scenario"] == "swift_deal")
    table.loc[rows, ["difference", "low", "high"]] = float("nan")
    table.loc[rows, ["value", "verdict"]] = 40.0, "lower"
    axes = draw(table, TEN, outcome=MEDIAN)
    assert "swift_deal" not in dots(axes)
    assert [tick.get_text() for tick in axes.get_yticklabels()][-1].startswith("A swift deal")
    text = words(axes.figure)
    assert "40 weeks: lower" in text and "−3" in text and "difference to the baseline (weeks)" in text


def test_where_no_median_is_reached_all_rows_say_so() -> None:
    table = TABLE.copy()
    table.loc[table["outcome"] == MEDIAN, ["baseline_value", "difference", "low", "high"]] = float("nan")
    axes = draw(table.assign(verdict="not reached by half of the runs"), TEN, outcome=MEDIAN)
    assert not dots(axes) and words(axes.figure).count("not reached by half of the runs") == len(TEN) - 1
    assert cut_off(axes.figure) == []


def test_a_comparison_up_to_an_earlier_date_gives_it() -> None:
    cases = [Case("a", "A"), Case("b", "B", deadline=date(2025, 9, 1)), Case("c", "C", deadline=date(2026, 3, 1))]
    axes = draw(differences(made_up(cases, runs=60), cases), cases)
    text = words(axes.figure)
    assert "B (until 1 Sep 2025)" in text and "C (until" not in text
    assert "Where a date is given, both are compared up to then." in text


def test_no_text_is_cut_off_or_runs_into_another() -> None:
    cases = [Case("a", "A"), *(Case(f"b{i}", "many long words that fill it " * 4) for i in range(4))]
    for table, given in ((TABLE, TEN), (differences(made_up(cases, runs=60), cases), cases)):
        axes = draw(table, given)
        assert cut_off(axes.figure) == []
        assert overlaps(axes, axes.get_yticklabels()) == []
        assert overlaps(axes, axes.texts[:-1]) == []


def test_what_the_table_does_not_hold_is_refused() -> None:
    with pytest.raises(UsageError, match="there is no outcome 'ceasefire_by_deadlin'; did you mean"):
        draw(TABLE, TEN, outcome="ceasefire_by_deadlin")
    with pytest.raises(UsageError, match="no difference to 'moves_on'"):
        draw(TABLE, TEN, "moves_on")
    with pytest.raises(UsageError, match="no difference to 'hardball' in territory_lost_km2"):
        draw(TABLE[TABLE["outcome"] != "territory_lost_km2"], TEN, outcome="territory_lost_km2")


def test_the_same_in_every_run_has_no_sign() -> None:
    table = differences(pd.concat([made_up(TEN[:1], runs=20), made_up(TEN[:1], runs=20).assign(scenario="swift_deal")]),
                        TEN[:2])  # fmt: skip
    texts = [text.get_text() for text in draw(table, TEN[:2]).texts]
    assert "0.0" in texts and "+0.0" not in texts
