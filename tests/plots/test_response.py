from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PolyCollection
from matplotlib.text import Text

from sim.errors import UsageError
from sim.plots import response


def table(outcome="ceasefire_by_deadline", runs=20, x=(0.7, 0.3, 0.5)):
    values = np.linspace(0.2, 0.4, len(x))
    return pd.DataFrame({
        "scenario": "hardball", "outcome": outcome, "parameter": "russia.confidence", "x": x, "runs": runs,
        "value": values, "low": values - 0.1, "high": values + 0.1,
    })  # fmt: skip


def words(axes):
    return " ".join(" ".join(text.get_text().split()) for text in axes.figure.findobj(Text))


def test_the_points_are_joined_in_the_order_of_their_values():
    (line,) = response(table()).lines
    assert line.get_xdata().tolist() == [0.3, 0.5, 0.7]
    assert line.get_ydata() == pytest.approx([30, 40, 20])


def test_it_has_a_band_and_says_what_is_shown():
    axes = response(table())
    assert [type(band) for band in axes.collections] == [PolyCollection] or len(axes.collections) == 1
    for part in ("Ceasefire of at least 30 days", "russia.confidence", "3 points of 20 runs each", "not forecasts"):
        assert part in words(axes)


def test_land_is_shown_in_square_kilometres():
    assert response(table("territory_lost_km2")).get_ylabel() == "km², mean of runs"


def test_a_single_point_has_its_interval_and_none_is_refused():
    assert len(response(table(x=(0.5,))).collections) == 1
    with pytest.raises(UsageError, match="no point with runs"):
        response(table(runs=0))
