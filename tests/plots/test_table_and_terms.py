"""Figures of the table, of terms and of what matters: what they show, say and refuse."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import matplotlib
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.text import Text

from sim.errors import UsageError
from sim.parameters import ISSUES
from sim.plots import bargaining, forecasts, looks, save_figure, sobol, spread, terms, tornado
from sim.plots.parameter_labels import parameter_label
from sim.plots.sheet import style
from tests.plots import tables
from tests.synthetic import TEN, Case

LONG = Case("long", "A scenario whose author could not stop before everything was in its title: " + "and more " * 30)
NAMES = [case.name for case in TEN]


FEW = (*TEN[:3], LONG)

DRAWN: dict[str, Callable[[], Axes]] = {
    "bargaining": lambda: bargaining(tables.talked().assign(title=LONG.title)),
    "bargaining of one week": lambda: bargaining(tables.talked(1)),
    "peace from the start": lambda: bargaining(tables.talked(war=False)),
    "forecasts": lambda: forecasts(tables.answered(True)),
    "sobol": lambda: sobol(tables.indices()),
    "sobol of one": lambda: sobol(tables.indices(names=("front.pace",))),
    "spread": lambda: spread(tables.split(FEW), FEW),
    "terms": lambda: terms(tables.agreed(FEW), FEW)[0],
    "no deal": lambda: terms(tables.agreed(TEN[:1], runs=10, deals=0), TEN[:1])[0],
    "tornado": lambda: tornado(tables.moved()),
    "tornado of one": lambda: tornado(tables.moved("territory_lost_km2").head(1)),
}


def words(figure: Figure) -> str:
    """All text of a figure, with every space alike."""
    return " | ".join(" ".join(text.get_text().split()) for text in figure.findobj(Text))


# -- bargaining ---------------------------------------------------------------


def lines_of(axes: Axes) -> dict[str, object]:
    return {line.get_label(): line for line in axes.lines}


def test_both_sides_limits_are_drawn_week_by_week_while_there_is_war() -> None:
    table = tables.talked()
    lines = lines_of(bargaining(table))
    for column in ("reservation_russia", "best_for_russia", "ceiling_russia"):
        expected = np.repeat(np.where(table["war"], table[column], np.nan), 2)
        assert np.array_equal(lines[column].get_ydata(), expected, equal_nan=True)


def test_rounds_are_marked_by_answer_and_counted_in_the_legend() -> None:
    table = tables.talked()
    axes = bargaining(table)
    held = table[table["held"]]
    marks = [line for line in axes.lines if line.get_linestyle() == "None"]
    assert sum(len(line.get_xdata()) for line in marks) == len(held)
    text = words(axes.figure)
    for told, russia, ukraine in (
        ("both accept", "accepts", "accepts"), ("Ukraine refuses", "accepts", "refuses"),
        ("Russia stalls", "stalls", "accepts"), ("Russia refuses", "refuses", "accepts"),
        ("both refuse", "refuses", "refuses"),
    ):  # fmt: skip
        count = ((held["russia_answer"] == russia) & (held["ukraine_answer"] == ukraine)).sum()
        assert count and f"{told} ({count})" in text


def test_a_bargaining_says_scenario_run_date_and_what_lines_and_shades_mean() -> None:
    text = words(bargaining(tables.talked()).figure)
    for part in (
        "Scenario Hardball, run 17", "least that Russia accepts", "most that Russia can get while Ukraine accepts",
        "zone of agreement", "Russia alone would have to yield", "both would have to yield",
        "nothing on the table is enough for Ukraine", "ceasefire", "deadline, 31 Dec 2025", "utility", "2026",
        "not a forecast",
    ):  # fmt: skip
        assert part in text


def test_only_shades_that_occur_are_explained() -> None:
    text = words(bargaining(tables.talked(6)).figure)
    assert "Russia alone would have to yield" in text and "zone of agreement" not in text and "both would" not in text


def test_no_week_is_refused() -> None:
    with pytest.raises(UsageError, match="no week to draw"):
        bargaining(tables.talked(0))


# -- terms --------------------------------------------------------------------


def test_there_is_a_panel_for_each_issue_and_a_row_for_each_scenario_in_its_colour() -> None:
    panels = terms(tables.agreed(), TEN, "moves_on")
    assert panels.shape == (len(ISSUES),)
    names = ["moves_on", *(name for name in NAMES if name != "moves_on")]
    for panel in panels:
        colours = [to_hex(bar.get_edgecolor()) for bar in panel.patches]
        assert colours == [looks(NAMES)[name].colour.lower() for name in names]
    assert panels[0].get_yticklabels()[0].get_text().startswith("Washington moves on")


def test_terms_say_how_many_deals_there_are_and_the_median() -> None:
    table = tables.agreed()
    text = words(terms(table, TEN)[0].figure)
    for part in ("80 deals", "200 runs per scenario", "90 % of the deals", "Ukraine's ideal", "Russia's", "Territory"):
        assert part in text
    assert f"{table['median'].iloc[0]:.2f}" in text


def test_a_scenario_without_a_deal_says_so() -> None:
    panels = terms(tables.agreed(TEN[:1], runs=10, deals=0), TEN[:1])
    assert all("no deal" in [text.get_text() for text in panel.texts] for panel in panels)
    assert "10 runs; a deal" in words(panels[0].figure)


def test_terms_need_four_axes() -> None:
    with pytest.raises(UsageError, match="four Axes, not 1"):
        terms(tables.agreed(), TEN, axes=[Figure().subplots()])


# -- tornado ------------------------------------------------------------------


def test_the_ten_that_move_most_are_drawn_and_the_others_summed_up() -> None:
    table = tables.moved()
    axes = tornado(table)
    assert len(axes.patches) == 2 * 10
    text = words(axes.figure)
    assert "The other 2 parameters make a difference of at most" in text
    assert f"{100 * table['difference'].abs().iloc[10]:.1f} percentage points" in text
    first = axes.patches[:2]
    ends = sorted(round(bar.get_x() + bar.get_width(), 6) for bar in first)
    assert ends == sorted(round(100 * table[end].iloc[0], 6) for end in ("lowest", "highest"))


def test_what_is_not_distinguishable_is_hollow_and_chance_is_spoken_of() -> None:
    table = tables.moved()
    axes = tornado(table)
    hollow = [bar.get_hatch() is not None for bar in axes.patches[::2]]
    assert hollow == (~table["distinguishable"].head(10)).tolist() and any(hollow) and not all(hollow)
    text = words(axes.figure)
    assert "Of 12 parameters" in text and "chance alone would show about 0.6" in text and "Holm" in text
    starred = [label.get_text().endswith("*") for label in axes.get_yticklabels()]
    assert starred == table["distinguishable_holm"].head(10).tolist()


def test_a_tornado_of_land_has_its_unit_and_no_negative_tick() -> None:
    axes = tornado(tables.moved("territory_lost_km2"))
    assert "km², mean of runs" in words(axes.figure)
    assert min(axes.get_xticks()) >= 0 and "e+" not in words(axes.figure)


def test_two_outcomes_at_once_are_refused() -> None:
    both = pd.concat([tables.moved(), tables.moved("territory_lost_km2")])
    with pytest.raises(UsageError, match="one outcome of one scenario"):
        tornado(both)


# -- Sobol --------------------------------------------------------------------


def test_indices_are_drawn_in_pairs_the_largest_total_first_and_the_rest_summed_up() -> None:
    table = tables.indices(names=(*tables.MOVING, "front.us_share"))
    axes = sobol(table.iloc[::-1])
    lengths = [bar.get_width() for bar in axes.patches]
    totals = table["total"].head(12)
    assert lengths == pytest.approx([*(70 * totals), *(100 * totals)])
    assert "The other parameter has a total of at most 0.7 %" in words(axes.figure)


def test_sobol_says_what_the_placebo_is_and_how_large_luck() -> None:
    text = words(sobol(tables.indices()).figure)
    for part in ("placebo", "(0.0 %)", "960 points of 50 runs", "21 %", "by itself", "together with others"):
        assert part in text
    starred = [label.get_text().endswith("*") for label in sobol(tables.indices()).get_yticklabels()]
    assert starred == tables.indices()["distinguishable"].head(12).tolist()


def test_of_several_outcomes_one_must_be_named_and_screening_has_no_indices() -> None:
    table = tables.indices(("ceasefire_by_deadline", "territory_lost_km2"))
    with pytest.raises(UsageError, match="several outcomes; name one"):
        sobol(table)
    with pytest.raises(UsageError, match="did you mean 'territory_lost_km2'"):
        sobol(table, "territory_lost_km")
    assert "Land lost in war" in words(sobol(table, "territory_lost_km2").figure)
    with pytest.raises(UsageError, match="by the method 'sobol'"):
        sobol(table.drop(columns="total"))


# -- spread -------------------------------------------------------------------


def test_parameters_and_luck_fill_the_bar() -> None:
    axes = spread(tables.split(), TEN)
    widths = [bar.get_width() for bar in axes.patches]
    assert len(widths) == 2 * len(TEN)
    assert [one + two for one, two in zip(widths[::2], widths[1::2], strict=True)] == pytest.approx([100] * len(TEN))
    assert to_hex(axes.patches[0].get_facecolor()) == looks(NAMES)["hardball"].colour
    for part in ("500 runs carried out twice", "95 % intervals", "luck", "not forecasts"):
        assert part in words(axes.figure)


def test_where_runs_do_not_differ_there_is_nothing_to_split() -> None:
    table = tables.split(TEN[:3])
    table.loc[1, ["from_parameters", "low", "high", "from_luck", "standard_deviation"]] = [np.nan] * 4 + [0.0]
    table.loc[2, ["from_parameters", "low", "high", "from_luck", "pairs"]] = [0.0, 0.0, 0.0, 1.0, 0]
    axes = spread(table, TEN[:3])
    assert len(axes.patches) == 4
    assert "its runs do not differ in this" in words(axes.figure) and "without uncertainty" in words(axes.figure)


def test_an_unknown_outcome_is_refused() -> None:
    with pytest.raises(UsageError, match="did you mean 'settlement_at_horizon'"):
        spread(tables.split(), TEN, outcome="settlement_at_horizn")


# -- forecasts ----------------------------------------------------------------


def test_every_forecast_is_drawn_at_its_chance_and_the_model_with_its_interval() -> None:
    table = tables.answered()
    axes = forecasts(table)
    marks = np.concatenate([line.get_xdata() for line in axes.lines if line.get_linestyle() == "None"])
    assert sorted(marks) == pytest.approx(sorted(table["probability"].dropna()))
    text = words(axes.figure)
    for part in (
        "What is asked in one (by 31 Dec 2025)", "Truce, mixture", "of which hardball (60%)", "Somebody, 19 May 2025",
        "4 base rates", "base rate: cases of kind 0", "no run is one that the question asks about", "10 to 25",
        "800 runs", "95 % interval",
    ):  # fmt: skip
        assert part in text


def test_an_answer_that_is_known_is_told() -> None:
    assert "it was no" in words(forecasts(tables.answered(False)).figure)
    assert "it was" not in words(forecasts(tables.answered()).figure)
    with pytest.raises(UsageError, match="no forecast to draw"):
        forecasts(tables.answered().head(0))


# -- all of them --------------------------------------------------------------


def test_a_parameter_that_a_scenario_added_has_the_meaning_of_its_table_or_its_name() -> None:
    assert parameter_label("europe.spain.threat", 40) == "europe.spain.threat"
    told = parameter_label("europe.spain.threat", 40, "fear of Russia", "share 0-1")
    assert told == "fear of Russia\neurope.spain.threat (share 0-1)"


@pytest.mark.parametrize("name", DRAWN)
def test_a_figure_is_180_mm_wide_and_nothing_is_cut_off_or_runs_into_another(name: str) -> None:
    before = dict(matplotlib.rcParams)
    axes = DRAWN[name]()
    assert dict(matplotlib.rcParams) == before
    figure = axes.figure
    assert figure.get_figwidth() * 25.4 == pytest.approx(180)
    figure.draw_without_rendering()
    page = figure.bbox
    visible = {text for text in figure.findobj(Text) if text.get_text().strip() and text.get_visible()}
    for panel in figure.axes:  # Matplotlib keeps, and does not draw, the labels of ticks beyond the ends of an axis
        for axis, (low, high) in ((panel.xaxis, panel.get_xlim()), (panel.yaxis, sorted(panel.get_ylim()))):
            beyond = [tick for tick in axis.get_major_ticks() if not low <= tick.get_loc() <= high]
            visible -= {text for tick in beyond for text in (tick.label1, tick.label2)}
    outside = [
        text.get_text() for text in visible
        if (box := text.get_window_extent()).x0 < page.x0 - 1 or box.x1 > page.x1 + 1
        or box.y0 < page.y0 - 1 or box.y1 > page.y1 + 1
    ]  # fmt: skip
    assert outside == []
    rows = [text.get_window_extent() for text in axes.get_yticklabels() if text in visible]
    assert not [1 for k, one in enumerate(rows) for other in rows[k + 1 :] if one.overlaps(other)]


@pytest.mark.parametrize("name", ["bargaining", "forecasts", "sobol", "spread", "terms", "tornado"])
def test_a_figure_has_the_same_bytes_every_time_whatever_the_users_settings(name: str) -> None:
    files = []
    for settings in ({}, {"font.size": 20, "axes.facecolor": "red", "svg.hashsalt": "other"}):
        with matplotlib.rc_context(settings):
            figure, file = DRAWN[name]().figure, io.BytesIO()
            with style():
                figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
        files.append(file.getvalue())
    assert files[0] == files[1]


def test_figures_can_be_drawn_on_axes_of_the_users() -> None:
    figure = Figure(figsize=(20, 14))
    panels = figure.subplots(3, 4)
    ax = iter(panels[:2].ravel())
    for drawn in (
        bargaining(tables.talked(), next(ax)), tornado(tables.moved(), next(ax)),
        forecasts(tables.answered(), next(ax)), sobol(tables.indices(), ax=next(ax)),
        spread(tables.split(), TEN, ax=next(ax)),
    ):  # fmt: skip
        assert drawn.get_title(loc="left") and drawn.figure is figure
    assert terms(tables.agreed(), TEN, axes=panels[2]).tolist() == panels[2].tolist()
    assert figure.texts == []


def test_a_title_with_dollar_signs_is_printed_as_written(tmp_path: Path) -> None:
    title = "$5 up to $60 \\foo$ bn"
    save_figure(bargaining(tables.talked(20).assign(title=title)).figure, tmp_path / "dear")
    dear = (Case("dear", title),)
    terms(tables.agreed(dear), dear)[0].figure.draw_without_rendering()
