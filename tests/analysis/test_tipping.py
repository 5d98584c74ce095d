from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.analysis.tipping import LINE_COLUMNS, grid_of, level_line, undecided
from sim.errors import UsageError


def mapped(value) -> pd.DataFrame:
    across, down = np.meshgrid(np.linspace(0, 1, 5), np.linspace(0, 2, 4), indexing="ij")
    values = np.asarray(value(across, down), dtype=float).ravel()
    return pd.DataFrame(
        {
            "scenario": "hardball", "outcome": "ceasefire_by_deadline", "point": range(across.size),
            "x_parameter": "russia.confidence", "x": across.ravel(), "y_parameter": "front.pace", "y": down.ravel(),
            "runs": 100, "value": values, "low": values - 0.05, "high": values + 0.05,
        }
    )  # fmt: skip


def test_of_a_plane_the_line_is_straight_and_exact():
    line = level_line(mapped(lambda x, y: 0.2 * x + 0.3 * y), 0.4)
    assert list(line.columns) == list(LINE_COLUMNS)
    np.testing.assert_allclose(0.2 * line["x"] + 0.3 * line["y"], 0.4)
    assert line["vertex"].tolist() == [*range(len(line))] and set(line["line"]) == {0}


def test_a_level_reached_on_two_sides_has_two_lines():
    assert level_line(mapped(lambda x, y: np.abs(x - 0.5) + 0 * y), 0.3)["line"].nunique() == 2


def test_a_level_that_is_not_reached_has_none():
    line = level_line(mapped(lambda x, y: 0.1 * x + 0 * y), 0.5)
    assert line.empty and list(line.columns) == list(LINE_COLUMNS)


def test_the_order_of_the_rows_does_not_matter():
    table = mapped(lambda x, y: 0.2 * x + 0.3 * y)
    pd.testing.assert_frame_equal(level_line(table, 0.4), level_line(table.sample(frac=1, random_state=1), 0.4))


def test_a_point_whose_runs_all_failed_leaves_a_hole():
    table = mapped(lambda x, y: 0.2 * x + 0.3 * y)
    table.loc[(table["x"] == 0.5) & (table["y"] < 1), "value"] = np.nan
    assert np.isfinite(level_line(table, 0.4)[["x", "y"]]).all(axis=None)


def test_points_whose_interval_holds_the_level_are_undecided():
    table = mapped(lambda x, y: x + 0 * y)
    assert set(table.loc[undecided(table, 0.5), "x"]) == {0.5}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda table: table.drop(index=3), "a grid of at least two values"),
        (lambda table: table[table["x"] == 0], "a grid of at least two values"),
        (lambda table: pd.concat([table, table.head(1)]), "has a point twice"),
        (lambda table: table.drop(columns="value"), "no column 'value'"),
        (lambda table: table.assign(value=np.nan), "no point of the map has a value"),
    ],
)
def test_what_is_no_map_is_refused(change, message):
    with pytest.raises(UsageError, match=message):
        grid_of(change(mapped(lambda x, y: x + y)))


def test_a_level_is_a_finite_number():
    with pytest.raises(UsageError, match="finite number"):
        level_line(mapped(lambda x, y: x + y), float("nan"))
