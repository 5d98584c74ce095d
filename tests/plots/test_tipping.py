from __future__ import annotations

from pathlib import Path

import matplotlib
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from sim.errors import UsageError
from sim.plots import save_figure
from sim.plots.colours import luminance
from sim.plots.tipping import tipping


def mapped(value=lambda x, y: 0.2 + 0.6 * x * y / 80, outcome="ceasefire_by_deadline", y_parameter="front.pace"):
    x, y = (axis.ravel() for axis in np.meshgrid(np.linspace(0, 1, 6), np.linspace(20, 80, 5), indexing="ij"))
    values = value(x, y) + 0 * x
    return pd.DataFrame(
        {
            "scenario": "hardball", "outcome": outcome, "point": range(x.size), "x_parameter": "russia.confidence",
            "x": x, "y_parameter": y_parameter, "y": y, "runs": 100, "value": values, "low": values - 0.06,
            "high": values + 0.06,
        }
    )  # fmt: skip


def words(figure: Figure) -> str:
    return " | ".join(" ".join(text.get_text().split()) for text in figure.findobj(Text))


def test_it_says_outcome_parameters_units_scenario_and_runs() -> None:
    text = words(tipping(mapped(), 0.5).figure)
    for part in (
        "Ceasefire of at least 30 days begun by the deadline: % of runs", "russia.confidence (probability)",
        "front.pace (km² a week)", "mean Russian advance in the four oblasts", "Scenario hardball",
        "6 × 5 points of 100 runs each", "50 %", "not forecasts",
    ):  # fmt: skip
        assert part in text


def test_the_line_of_the_level_is_the_thickest_and_lies_where_it_should() -> None:
    axes = tipping(mapped(lambda x, y: x), 0.5)
    thick = [line for line in axes.lines if line.get_linewidth() == 2.0 and line.get_linestyle() == "-"]
    (line,) = thick
    assert np.allclose(line.get_xdata(), 0.5)


def test_circles_mark_the_points_whose_side_is_open() -> None:
    axes = tipping(mapped(lambda x, y: x), 0.4)
    (circles,) = [line for line in axes.lines if line.get_marker() == "o"]
    assert set(np.round(circles.get_xdata(), 3)) == {0.4} and len(circles.get_xdata()) == 5


def test_a_map_on_one_side_of_the_level_says_so() -> None:
    assert "whole map lies on one side of 50 %" in words(tipping(mapped(lambda x, y: 0.1 * x), 0.5).figure)


def test_lines_are_labelled_and_shades_darken_so_that_black_and_white_will_do() -> None:
    axes = tipping(mapped(), 0.5)
    labels = {text.get_text() for text in axes.texts}
    assert {"30", "40", "60", "70"} <= labels and "50" not in labels, "the level has a label of its own"
    colours = [matplotlib.colors.to_hex(colour) for colour in axes.collections[0].get_facecolor()]
    lights = [luminance(colour) for colour in colours]
    assert lights == sorted(lights, reverse=True) and len(set(lights)) == len(lights) >= 5


def test_a_mean_is_drawn_in_its_unit_without_a_line() -> None:
    axes = tipping(mapped(lambda x, y: 9000 * x, outcome="territory_lost_km2"))
    assert "Land lost in war up to the horizon: km², mean of runs" in words(axes.figure)
    assert not [line for line in axes.lines if line.get_linewidth() == 2.0]


def test_a_parameter_of_a_state_that_was_added_has_its_name() -> None:
    assert "europe.spain.threat" in words(tipping(mapped(y_parameter="europe.spain.threat"), 0.5).figure)


def test_the_same_value_everywhere_can_be_drawn() -> None:
    figure = tipping(mapped(lambda x, y: 0.0), 0.5).figure
    figure.draw_without_rendering()
    assert "whole map lies on one side" in words(figure)


def test_it_can_be_drawn_on_axes_of_the_users() -> None:
    figure = Figure(figsize=(14, 6))
    axes = figure.subplots(1, 2)[1]
    assert tipping(mapped(), 0.5, ax=axes) is axes and axes.get_title(loc="left")


def test_it_is_saved_with_the_same_bytes_every_time_whatever_the_users_settings(tmp_path: Path) -> None:
    first = save_figure(tipping(mapped(), 0.5).figure, tmp_path / "first", ["svg"])
    with matplotlib.rc_context({"font.size": 20, "axes.facecolor": "red"}):
        second = save_figure(tipping(mapped(), 0.5).figure, tmp_path / "second", ["svg"])
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_what_is_no_grid_is_refused() -> None:
    with pytest.raises(UsageError, match="a map needs a grid"):
        tipping(mapped().drop(index=3), 0.5)
