import subprocess
import sys
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

import matplotlib
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from sim.analysis import STATES, cumulative_incidence, state_shares, summarise
from sim.errors import UsageError
from sim.plots import ceasefire_incidence, looks, outcome_shares, save_figure, territory
from sim.plots.labels import spread
from sim.plots.sheet import FORMATS, label
from tests.drawn import cut_off, overlaps, words
from tests.synthetic import NAN, TEN, Case, made_up, outcomes_of

OUTCOMES = made_up(runs=150)
SHARES, INCIDENCE, SUMMARY = state_shares(OUTCOMES, TEN), cumulative_incidence(OUTCOMES, TEN), summarise(OUTCOMES, TEN)
NAMES = [case.name for case in TEN]


@cache
def draw_all() -> dict[str, Axes]:
    """The three figures of ten scenarios, drawn once for all tests that only look at them."""
    return {
        "outcomes": outcome_shares(SHARES, TEN)[0],
        "incidence": ceasefire_incidence(INCIDENCE, TEN),
        "territory": territory(SUMMARY, TEN),
    }


# -- outcomes -----------------------------------------------------------------


def test_outcome_shares_have_a_bar_for_every_scenario_date_and_state_that_fill_the_panel() -> None:
    panels = outcome_shares(SHARES, TEN)
    assert panels.shape == (2,)
    for panel in panels:
        assert len(panel.patches) == len(TEN) * len(STATES)
        for row in range(len(TEN)):
            bars = [bar for bar in panel.patches if round(bar.get_y() + bar.get_height() / 2) == row]
            assert sum(bar.get_width() for bar in bars) == pytest.approx(100)


def test_outcome_shares_say_dates_states_units_and_runs() -> None:
    text = words(draw_all()["outcomes"].figure)
    for part in (*STATES, "31 December 2025", "17 May 2027", "share of runs (%)", "150 runs per scenario"):
        assert part in text
    assert "Long war" not in text and "A long war (to 15 May 2028)" in text


def test_large_segments_show_their_share_and_small_ones_do_not() -> None:
    ceasefires = [10.0] * 4 + [NAN] * 96
    rows = outcomes_of("hardball", 100, in_force_at_deadline=[week == 10 for week in ceasefires])
    panel = outcome_shares(state_shares(rows, TEN[:1]), TEN[:1])[0]
    assert [text.get_text() for text in panel.texts if text.get_text().isdigit()] == ["96"]


def test_the_baseline_comes_first_and_in_bold() -> None:
    panel = outcome_shares(SHARES, TEN, "moves_on")[0]
    ticks = panel.get_yticklabels()
    assert [tick.get_text() for tick in ticks[:2]] == [
        "Washington moves on\n(baseline)",
        "Hardball: everyone acts as\nthe article says",
    ]
    assert ticks[0].get_fontweight() == "bold" and ticks[1].get_fontweight() != "bold"
    assert panel.get_ylim()[0] > panel.get_ylim()[1]  # first row on top


def test_an_unknown_baseline_and_a_wrong_number_of_axes_are_refused() -> None:
    with pytest.raises(UsageError, match="did you mean 'hardball'"):
        outcome_shares(SHARES, TEN, "hardbal")
    with pytest.raises(UsageError, match="two Axes, not 1"):
        outcome_shares(SHARES, TEN, axes=[Figure().subplots()])


# -- incidence ----------------------------------------------------------------


def lines_by_name(axes: Axes) -> dict[str, object]:
    return {line.get_label(): line for line in axes.lines if line.get_label() in NAMES}


def test_incidence_has_a_line_and_a_band_per_scenario() -> None:
    axes = draw_all()["incidence"]
    assert set(lines_by_name(axes)) == set(NAMES)
    assert len([band for band in axes.collections if isinstance(band, PolyCollection)]) == len(TEN)
    curve = INCIDENCE[INCIDENCE["scenario"] == "swift_deal"]["share"]
    assert np.array_equal(lines_by_name(axes)["swift_deal"].get_ydata(), curve)


def test_incidence_emphasises_the_baseline_by_thickness() -> None:
    lines = lines_by_name(ceasefire_incidence(INCIDENCE, TEN, "moves_on"))
    assert lines["moves_on"].get_linewidth() > 1.5 * lines["hardball"].get_linewidth()


def test_incidence_names_lines_dates_units_and_runs() -> None:
    text = words(draw_all()["incidence"].figure)
    for case in TEN:
        assert case.title in text
    for part in ("deadline, 31 Dec 2025", "share of runs (%)", "150 runs per scenario", "95 % intervals", "2026"):
        assert part in text


def test_a_longer_scenario_is_cut_at_the_baselines_horizon_and_tells_its_later_share() -> None:
    axes = draw_all()["incidence"]
    assert len(lines_by_name(axes)["long_war"].get_xdata()) == 105
    final = INCIDENCE[INCIDENCE["scenario"] == "long_war"]["share"].iloc[-1]
    assert f"{100 * final:.0f} % by 15 May 2028" in words(axes.figure)


def test_every_deadline_is_marked_once() -> None:
    cases = [Case("a", "A"), Case("b", "B"), Case("c", "C", deadline=date(2026, 3, 1))]
    axes = ceasefire_incidence(cumulative_incidence(made_up(cases, runs=20), cases), cases)
    assert words(axes.figure).count("deadline, ") == 2


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_names_of_lines_that_end_together_do_not_overlap(share: float) -> None:
    week = 3.0 if share else NAN
    rows = pd.concat([outcomes_of(name, 20, ceasefire_week=week) for name in NAMES])
    axes = ceasefire_incidence(cumulative_incidence(rows, TEN), TEN)
    names = [text for text in axes.texts if "\N{NO-BREAK SPACE}%" in text.get_text()]
    assert len(names) == len(TEN)
    assert overlaps(axes, names) == []


def test_labels_that_do_not_touch_stay_where_they_are() -> None:
    assert spread([1.0, 8.0, 4.0], [2.0, 2.0, 2.0], 0.0, 10.0).tolist() == [1.0, 8.0, 4.0]


def test_labels_are_spread_evenly_about_their_common_place_and_kept_inside() -> None:
    assert spread([5.0, 5.0, 5.0], [2.0, 2.0, 2.0], 0.0, 10.0).tolist() == [3.0, 5.0, 7.0]
    assert spread([0.0, 0.0], [2.0, 2.0], 0.0, 10.0).tolist() == [1.0, 3.0]
    assert spread([10.0, 10.0], [2.0, 4.0], 0.0, 10.0).tolist() == [5.0, 8.0]


def test_labels_without_enough_room_are_pressed_together_evenly() -> None:
    assert spread([5.0, 5.0, 5.0, 5.0], [5.0] * 4, 0.0, 10.0).tolist() == [1.25, 3.75, 6.25, 8.75]


# -- territory ----------------------------------------------------------------


def test_territory_has_two_bars_per_scenario_of_the_right_length() -> None:
    axes = draw_all()["territory"]
    assert len(axes.patches) == 2 * len(TEN)
    lengths = [bar.get_width() for bar in axes.patches]
    assert lengths == [*SUMMARY["territory_lost_km2"], *SUMMARY["territory_conceded_km2"]]
    assert axes.get_xlim()[0] == 0


def test_territory_says_units_dates_runs_and_the_longer_horizon() -> None:
    text = words(draw_all()["territory"].figure)
    for part in (
        "km²",
        "17 May 2027",
        "150 runs per scenario",
        "(to 15 May 2028)",
        "lost in war",
        "conceded at the table",
    ):
        assert part in text
    equal = summarise(OUTCOMES, TEN[:2])
    assert "Where a date is given" in text and "Where a date is given" not in words(territory(equal, TEN[:2]).figure)


def test_a_single_run_is_drawn_without_whiskers() -> None:
    axes = territory(summarise(outcomes_of("hardball", 1, territory_lost_km2=900.0), TEN[:1]), TEN[:1])
    assert "900" in words(axes.figure) and "1 run; whiskers" in words(axes.figure)
    assert axes.get_xlim()[1] > 900


# -- all of them --------------------------------------------------------------


def test_a_scenario_has_the_same_colour_in_every_figure() -> None:
    lines = lines_by_name(draw_all()["incidence"])
    bars = draw_all()["territory"].patches
    for row, name in enumerate(NAMES):
        colour = looks(NAMES)[name].colour.lower()
        assert to_hex(lines[name].get_color()) == to_hex(bars[row].get_facecolor()) == colour


def test_no_text_is_cut_off_or_runs_into_another() -> None:
    for name, axes in draw_all().items():
        assert cut_off(axes.figure) == [], name
        rows = axes.get_yticklabels()
        assert overlaps(axes, rows) == [], name


def test_figures_are_180_mm_wide() -> None:
    for axes in draw_all().values():
        assert axes.figure.get_figwidth() * 25.4 == pytest.approx(180)


def test_drawing_and_saving_leave_global_settings_alone(tmp_path: Path) -> None:
    before = dict(matplotlib.rcParams)
    save_figure(territory(SUMMARY, TEN[:2]).figure, tmp_path / "territory")
    assert dict(matplotlib.rcParams) == before


def test_the_users_settings_do_not_reach_the_figures(tmp_path: Path) -> None:
    plain = save_figure(territory(SUMMARY, TEN[:3]).figure, tmp_path / "plain")
    with matplotlib.rc_context({"font.size": 20, "axes.facecolor": "red", "svg.hashsalt": "other"}):
        changed = save_figure(territory(SUMMARY, TEN[:3]).figure, tmp_path / "changed")
    for one, other in zip(plain, changed, strict=True):
        assert one.read_bytes() == other.read_bytes()


def test_figures_are_saved_with_the_same_bytes_every_time(tmp_path: Path) -> None:
    axes = territory(SUMMARY, TEN[:3])
    first = save_figure(axes.figure, tmp_path / "first", FORMATS)
    second = save_figure(axes.figure, tmp_path / "second", FORMATS)
    anew = save_figure(territory(SUMMARY, TEN[:3]).figure, tmp_path / "anew", FORMATS)
    assert [path.suffix for path in first] == [".png", ".svg", ".pdf"]
    for one, two, three in zip(first, second, anew, strict=True):
        assert one.read_bytes() == two.read_bytes() == three.read_bytes()
    for written in first:
        content = written.read_bytes()
        assert not any(word in content for word in (b"matplotlib.org", b"Software", b"CreationDate"))


@pytest.mark.parametrize("draw", [lambda: outcome_shares(SHARES, TEN)[0], lambda: ceasefire_incidence(INCIDENCE, TEN)],
                         ids=["outcomes", "incidence"])  # fmt: skip
def test_a_figure_that_is_drawn_anew_has_the_same_bytes(draw: Callable[[], Axes], tmp_path: Path) -> None:
    one, two = (save_figure(draw().figure, tmp_path / name, ["svg"])[0] for name in ("first", "second"))
    assert one.read_bytes() == two.read_bytes()


def test_a_title_that_turns_its_direction_turns_no_number() -> None:
    turning = Case("hardball", "Mine \u202e\u2067")
    text = words(ceasefire_incidence(INCIDENCE, [turning]).figure) + words(territory(SUMMARY, [turning]).figure)
    assert "Mine (baseline), " in text and not {"\u202e", "\u2067"} & set(text)


def test_figures_can_be_drawn_on_axes_of_the_users() -> None:
    figure = Figure(figsize=(14, 10))
    panels = figure.subplots(2, 2)
    assert ceasefire_incidence(INCIDENCE, TEN, ax=panels[0, 0]) is panels[0, 0]
    assert territory(SUMMARY, TEN, ax=panels[0, 1]) is panels[0, 1]
    drawn = outcome_shares(SHARES, TEN, axes=panels[1])
    assert drawn.tolist() == panels[1].tolist()
    assert all(panel.get_title(loc="left") or panel.get_title() for panel in panels.ravel())
    assert figure.texts == []


def test_a_notebook_shows_a_figure_by_itself() -> None:
    assert territory(SUMMARY, TEN).figure._repr_png_().startswith(b"\x89PNG")


def test_plots_choose_no_backend() -> None:
    code = "import sim.plots, sys; print('matplotlib.pyplot' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "False"


def test_a_label_gives_the_dates_that_are_not_the_baselines() -> None:
    odd = Case("odd", "Odd", deadline=date(2026, 3, 1), horizon=date(2026, 12, 1))
    plain = label(odd, TEN[0], deadline=True, width=60).replace("\N{NO-BREAK SPACE}", " ")
    assert plain == "Odd (deadline 1 Mar 2026, to 1 Dec 2026)"
    assert "deadline" not in label(odd, TEN[0], deadline=False)
    assert all(len(line) <= 27 for line in label(odd, TEN[0], deadline=True).splitlines())


def test_a_title_with_dollar_signs_is_printed_as_written(tmp_path: Path) -> None:
    dear = [Case("hardball", "$5 up to $60 \\foo$ bn")]
    for axes in (outcome_shares(SHARES, dear)[0], ceasefire_incidence(INCIDENCE, dear), territory(SUMMARY, dear)):
        save_figure(axes.figure, tmp_path / "dear", ["png"])
        assert "$5 up to $60 \\foo$ bn" in words(axes.figure)
