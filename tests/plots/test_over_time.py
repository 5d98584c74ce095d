"""Figures of what was traced: the front, beliefs, the talks and Washington, week by week."""

from __future__ import annotations

from datetime import date

import matplotlib
import matplotlib.dates as mdates
import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from sim.errors import UsageError
from sim.parameters import OBLAST_AREAS, PARAMETERS
from sim.plots import american_choices, confidence, front, looks, save_figure, zone
from sim.plots.confidence import VARIABLES as CONFIDENCE
from sim.plots.front import VARIABLES as LAND
from sim.plots.front import land_left_before
from sim.plots.streams import TALKS, WASHINGTON, variables_of
from tests.drawn import cut_off, overlaps, words
from tests.plots.tables import WEEKS, beliefs, land, stream
from tests.synthetic import TEN, Case, traced

ONE = TEN[0]
LONG = Case("own", f"A title of one hundred and twenty letters, the most that a scenario may have: {'x' * 42}")


FIGURES = {
    "front": lambda case=ONE: front(land(case), case)[0],
    "confidence": lambda case=ONE: confidence(beliefs([case, *TEN[1:]]), [case, *TEN[1:]]),
    "confidence of one": lambda case=ONE: confidence(beliefs([case]), [case]),
    "zone": lambda case=ONE: zone(stream(TALKS, case), case),
    "american choices": lambda case=ONE: american_choices(stream(WASHINGTON, case), case),
}


def bands_of(axes):
    return [band for band in axes.collections if isinstance(band, PolyCollection)]


def top_of(band) -> np.ndarray:
    """Upper edge of a band over its days, from its outline."""
    (path,) = band.get_paths()
    days, heights = path.vertices.T
    return np.array([heights[days == day].max() for day in np.unique(days)])


# -- the front -----------------------------------------------------------------


def test_the_front_has_a_panel_per_oblast_with_its_fan_and_its_data() -> None:
    panels = front(land(), ONE)
    measured = land_left_before()[1]
    assert [panel.get_title(loc="left") for panel in panels] == ["Luhansk", "Donetsk", "Zaporizhzhia", "Kherson"]
    for place, panel in enumerate(panels):
        lines = {line.get_label(): line for line in panel.lines}
        assert np.array_equal(lines["data"].get_ydata(), measured[:, place])
        rows = land()[land()["variable"] == LAND[place]]
        assert np.array_equal(lines["median"].get_ydata(), rows["q50"])
        assert len(bands_of(panel)) == 2
        outer, inner = (max(top_of(band)) for band in bands_of(panel))
        assert (outer, inner) == pytest.approx((rows["q95"].max(), rows["q75"].max()))
        assert panel.get_ylim()[0] == 0


def test_runs_go_on_a_week_after_the_last_monday_of_the_data() -> None:
    panel = front(land(), ONE)[1]
    lines = {line.get_label(): line for line in panel.lines}
    assert mdates.num2date(lines["data"].get_xdata()[-1]).date() == date(2025, 5, 19)
    assert mdates.num2date(lines["median"].get_xdata()[0]).date() == date(2025, 5, 26)
    assert mdates.num2date(lines["median"].get_xdata()[-1]).date() == ONE.horizon


def test_the_data_end_where_the_model_starts_in_time_and_land() -> None:
    mondays, measured = land_left_before()
    assert mondays[-1] == date(2025, 5, 19) and max(mondays) == mondays[-1]
    for left, oblast in zip(measured[-1], OBLAST_AREAS, strict=True):
        assert PARAMETERS[f"front.{oblast}_left"].default == pytest.approx(left, abs=1)


def test_the_front_says_source_units_and_that_scales_differ() -> None:
    text = words(front(land(), ONE)[0].figure)
    for part in (
        "land left (km²)", "DeepStateMap.live", "OpenStreetMap contributors", "The scales of the panels differ",
        "400 runs from 19 May 2025 on", "data", "model runs", f"Scenario: {ONE.title}", "not forecasts",
    ):  # fmt: skip
        assert part in text


def test_the_front_has_the_colour_of_its_scenario() -> None:
    panel = front(land(TEN[1]), TEN[1])[0]
    (median,) = [line for line in panel.lines if line.get_label() == "median"]
    assert to_hex(median.get_color()) == looks(["swift_deal"])["swift_deal"].colour.lower()


# -- confidence ------------------------------------------------------------------


def test_the_baseline_has_a_fan_and_every_other_scenario_its_median() -> None:
    axes = confidence(beliefs(), TEN, "moves_on")
    assert len(bands_of(axes)) == 2
    lines = {line.get_label(): line for line in axes.lines}
    for case in TEN:
        rows = beliefs()[beliefs()["scenario"] == case.name]
        drawn = lines["median" if case.name == "moves_on" else case.name]
        assert np.array_equal(drawn.get_ydata(), rows["q50"])
    assert lines["median"].get_linewidth() > 1.5 * lines["hardball"].get_linewidth()
    assert top_of(bands_of(axes)[0])[0] == pytest.approx(beliefs().query("scenario == 'moves_on'")["q95"].iloc[0])


def test_confidence_names_lines_with_their_last_median_and_what_is_believed() -> None:
    text = words(confidence(beliefs(), TEN).figure)
    for case in TEN:
        assert case.title in text
    for part in (
        "Hardball: everyone acts as the article says (baseline), 30 %", "within 32 weeks", "believed probability (%)",
        "deadline, 31 Dec 2025", "medians on 17 May 2027", "400 runs per scenario",
    ):  # fmt: skip
        assert part in text


def test_a_longer_scenario_is_cut_at_the_baselines_horizon() -> None:
    long = TEN[7]
    table = pd.concat([beliefs(TEN[:1]), traced({"confidence": np.linspace(0.7, 0.1, long.horizon_week)}, long)])
    axes = confidence(table, [ONE, long])
    (line,) = [line for line in axes.lines if line.get_label() == "long_war"]
    assert len(line.get_xdata()) == ONE.horizon_week == WEEKS
    assert mdates.num2date(line.get_xdata()[-1]).date() == ONE.horizon


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_names_of_lines_that_end_together_do_not_overlap(value: float) -> None:
    table = pd.concat([traced({"confidence": [value] * WEEKS}, case) for case in TEN])
    axes = confidence(table, TEN)
    names = [text for text in axes.texts if "\N{NO-BREAK SPACE}%" in text.get_text()]
    assert len(names) == len(TEN) and overlaps(axes, names) == []


# -- streams ---------------------------------------------------------------------


@pytest.mark.parametrize(("draw", "bands"), [(zone, TALKS), (american_choices, WASHINGTON)], ids=["zone", "american"])
def test_bands_are_the_shares_of_the_table_and_fill_the_axes(draw, bands) -> None:
    table = stream(bands)
    axes = draw(table, ONE)
    drawn = {band.get_label(): band for band in bands_of(axes)}
    assert list(drawn) == [band.label for band in bands]
    shares = {name: table[table["variable"] == name]["share"].to_numpy() for name in variables_of(bands)}
    below = np.zeros(WEEKS)
    for band in bands:
        below = below + (1 - sum(shares.values()) if band.variable is None else shares[band.variable])
        # Each value stands for its week; the last goes on to the horizon.
        edge = np.maximum(np.append(below, below[-1]), np.append(below[0], below))
        assert top_of(drawn[band.label]) == pytest.approx(edge, abs=1e-9), band.label
    assert axes.get_ylim() == (0, 1) and below == pytest.approx(np.ones(WEEKS))


@pytest.mark.parametrize(("draw", "bands"), [(zone, TALKS), (american_choices, WASHINGTON)], ids=["zone", "american"])
def test_each_band_is_named_with_its_share_in_the_last_week(draw, bands) -> None:
    table = stream(bands)
    text = words(draw(table, ONE).figure)
    last = table[table["week"] == WEEKS - 1].set_index("variable")["share"]
    for band in bands:
        share = 1 - last.sum() if band.variable is None else last[band.variable]
        assert f"{band.label}, {100 * share:.0f} %" in text
    for part in ("share of runs (%)", "deadline, 31 Dec 2025", f"Scenario: {ONE.title}", "400 runs", "not forecasts"):
        assert part in text


def test_a_state_that_never_occurs_is_left_out_and_a_rare_one_is_not_rounded_to_none() -> None:
    values = dict.fromkeys(variables_of(WASHINGTON), [0.0] * WEEKS)
    values |= {"war_us_mediates": [0.996] * WEEKS, "war_us_gone": [0.004] * WEEKS}
    text = words(american_choices(traced(values), ONE).figure)
    assert "Washington presses" not in text.replace("Washington presses a side", "")
    assert "full Russian control" not in text and "ceasefire in force" not in text
    assert "Washington has left the talks, under 1 %" in text


def test_names_of_bands_do_not_overlap_where_all_but_one_are_thin() -> None:
    values = {name: [0.001] * WEEKS for name in variables_of(TALKS)} | {"war_zone": [0.99] * WEEKS}
    axes = zone(traced(values), ONE)
    names = [text for text in axes.texts if "\N{NO-BREAK SPACE}%" in text.get_text()]
    assert len(names) == len(TALKS) and overlaps(axes, names) == []


# -- all of them -------------------------------------------------------------------


@pytest.mark.parametrize("name", FIGURES)
def test_figures_are_180_mm_wide_and_no_text_is_cut_off_or_overlaps(name) -> None:
    axes = FIGURES[name](LONG)
    assert len(LONG.title) == 120 and axes.figure.get_figwidth() * 25.4 == pytest.approx(180)
    assert cut_off(axes.figure) == []
    for panel in axes.figure.axes:
        assert overlaps(panel, [text for text in panel.texts if text.get_text().strip()]) == []
    assert overlaps(axes, axes.figure.texts) == []


@pytest.mark.parametrize("name", ["front", "confidence", "zone"])
def test_they_are_saved_with_the_same_bytes_every_time_whatever_the_users_settings(name, tmp_path) -> None:
    before = dict(matplotlib.rcParams)
    first = save_figure(FIGURES[name]().figure, tmp_path / "first", ["svg"])
    with matplotlib.rc_context({"font.size": 20, "axes.facecolor": "red", "svg.hashsalt": "other"}):
        second = save_figure(FIGURES[name]().figure, tmp_path / "second", ["svg"])
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    assert dict(matplotlib.rcParams) == before


def test_they_can_be_drawn_on_axes_of_the_users() -> None:
    figure = Figure(figsize=(16, 14))
    panels = figure.subplots(4, 2).ravel()
    assert front(land(), ONE, panels[:4]).tolist() == panels[:4].tolist()
    assert confidence(beliefs(), TEN, ax=panels[4]) is panels[4]
    assert zone(stream(TALKS), ONE, panels[5]) is panels[5]
    assert american_choices(stream(WASHINGTON), ONE, panels[6]) is panels[6]
    assert figure.texts == [] and all(panel.get_title(loc="left") for panel in panels[:7])
    with pytest.raises(UsageError, match="front needs 4 Axes, not 2"):
        front(land(), ONE, panels[:2])


def test_what_is_not_traced_is_refused_with_the_remedy() -> None:
    with pytest.raises(UsageError, match=r"'confidence' is not among .*; results.weekly\(\['confidence'\]\)"):
        confidence(land(), TEN[:1])
    with pytest.raises(UsageError, match="nothing is traced of scenario 'swift_deal'; there are hardball"):
        front(land(), TEN[1])
    with pytest.raises(UsageError, match="nothing is traced of scenario 'hardball'; there are none"):
        front(land().iloc[:0], ONE)
    several = pd.concat([land(), land().assign(point=1)])
    with pytest.raises(UsageError, match=r"2 points; choose one: traces\[traces\['point'\] == 0\]"):
        front(several, ONE)
    assert front(several[several["point"] == 1], ONE).shape == (4,)


def test_what_is_drawn_can_be_traced() -> None:
    from sim.experiment.traces import check_traces

    for names in (LAND, CONFIDENCE, variables_of(TALKS), variables_of(WASHINGTON)):
        assert set(check_traces(names)) == set(names)
