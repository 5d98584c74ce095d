from __future__ import annotations

import sys

import numpy as np
import pandas as pd
import pytest

from sim.analysis.discovery import COLUMNS, Limits, find_boxes, region_of, share_interval, within
from sim.analysis.intervals import wilson
from sim.errors import UsageError

ROWS = 6000


def uniform(seed: int, rows: int = ROWS, names: str = "abcdef") -> pd.DataFrame:
    source = np.random.default_rng(seed)
    return pd.DataFrame(source.random((rows, len(names))), columns=list(names))


def known(values: pd.DataFrame, seed: int = 0) -> np.ndarray:
    """An event that happens in 60 % of the runs of one box, and in 10 % elsewhere."""
    inside = (values["a"] < 0.45) & (values["b"] > 0.5)
    return np.random.default_rng(seed).random(len(values)) < np.where(inside, 0.6, 0.1)


@pytest.fixture(scope="module")
def found() -> pd.DataFrame:
    values = uniform(1)
    return find_boxes(values, known(values), np.arange(ROWS))


def test_a_box_that_is_there_is_found_with_its_density_and_coverage(found):
    assert list(found.columns) == list(COLUMNS)
    box = found[found["box"] == 1].set_index("parameter")
    assert set(box.index) == {"a", "b"}
    assert box.loc["a", "at_most"] == pytest.approx(0.45, abs=0.02) and np.isnan(box.loc["a", "above"])
    assert box.loc["b", "above"] == pytest.approx(0.5, abs=0.02) and np.isnan(box.loc["b", "at_most"])
    row = box.iloc[0]
    assert row["density_low"] < 0.6 < row["density_high"] and row["distinguishable"]
    events = 0.225 * 0.6 + 0.775 * 0.1
    assert row["coverage"] == pytest.approx(0.225 * 0.6 / events, abs=0.05)
    assert row["share_of_runs"] == pytest.approx(0.225, abs=0.03)


def test_all_runs_come_first_and_are_those_kept_for_judging(found):
    first = found.iloc[0]
    assert first[["box", "region", "parameter", "runs", "coverage"]].tolist() == [0, "all runs", "", ROWS // 2, 1.0]
    assert not first["distinguishable"]


def test_numbers_are_those_of_runs_that_the_tree_has_not_seen(found):
    values = uniform(1)
    happened, row = known(values), found[found["box"] == 1].iloc[0]
    box = {
        name: Limits(*(x if np.isfinite(x) else y for x, y in zip(limits, Limits(), strict=True)))
        for name, *limits in found.loc[found["box"] == 1, ["parameter", "above", "at_most"]].itertuples(index=False)
    }
    odd = np.arange(ROWS) % 2 == 1
    inside = within(values, box)
    assert (row["runs"], row["events"]) == (int((inside & odd).sum()), int((inside & odd & happened).sum()))
    assert row["density_found"] == pytest.approx(happened[inside & ~odd].mean(), abs=0.01)
    assert row["region"] == region_of(box)


def test_in_noise_nothing_stands_out():
    boxes = 0
    for seed in range(8):
        values = uniform(seed, 2000)
        happened = np.random.default_rng(100 + seed).random(2000) < 0.3
        table = find_boxes(values, happened, np.arange(2000), seed=seed)
        boxes += int(table["distinguishable"].any())
    assert boxes <= 1


def test_no_more_boxes_than_asked_for():
    values = uniform(2)
    happened = np.random.default_rng(3).random(ROWS) < values["a"] * values["b"]
    assert find_boxes(values, happened, np.arange(ROWS), most_boxes=1)["box"].max() == 1
    several = find_boxes(values, happened, np.arange(ROWS), most_boxes=3)
    assert several["box"].max() == 3
    assert several.drop_duplicates("box")["share_of_runs"].iloc[1:].sum() < 1, "they do not overlap"


def test_of_a_sample_half_of_the_points_judge():
    points, runs = np.repeat(np.arange(64), 100), np.tile(np.arange(100), 64)
    values = uniform(4, 64).iloc[points].reset_index(drop=True)
    happened = np.random.default_rng(5).random(len(values)) < np.where(values["a"] > 0.5, 0.7, 0.1)
    table = find_boxes(values, happened, runs, points)
    assert table["runs"].iloc[0] == 32 * 50
    assert table["region"].iloc[1].startswith("a > 0.")


def test_of_a_small_grid_every_point_judges():
    points, runs = np.repeat(np.arange(4), 400), np.tile(np.arange(400), 4)
    values = pd.DataFrame({"a": np.array([0.4, 0.4, 0.8, 0.8])[points], "b": np.array([1.0, 2.0, 1.0, 2.0])[points]})
    happened = np.random.default_rng(5).random(len(values)) < np.where(values["a"] > 0.5, 0.7, 0.1)
    table = find_boxes(values, happened, runs, points)
    assert table["runs"].iloc[0] == 4 * 200 and table["region"].iloc[1] == "a > 0.6"


def test_runs_that_say_the_same_do_not_narrow_an_interval():
    happened = np.random.default_rng(1).random(200) < 0.3
    assert share_interval(happened, []) == tuple(float(x) for x in wilson(happened.sum(), 200))
    ten_times = np.repeat(happened, 10)
    narrow = share_interval(ten_times, [])
    honest = share_interval(ten_times, [np.repeat(np.arange(200), 10)])
    assert honest == pytest.approx(share_interval(happened, []), abs=1e-9)
    assert narrow[1] - narrow[0] < 0.4 * (honest[1] - honest[0])


def test_a_share_of_none_has_an_interval_by_its_independent_groups():
    low, high = share_interval(np.zeros(1000, dtype=bool), [np.arange(1000) % 20])
    assert (low, high) == tuple(float(x) for x in wilson(0, 20))


def test_an_event_that_hardly_happens_is_refused():
    values = uniform(1, 400)
    with pytest.raises(UsageError, match="the event happens in 0 of 200 runs of one half"):
        find_boxes(values, np.zeros(400, dtype=bool), np.arange(400))
    with pytest.raises(UsageError, match="the event happens in 200 of 200 runs"):
        find_boxes(values, np.ones(400, dtype=bool), np.arange(400))


def test_parameters_that_do_not_vary_are_refused():
    with pytest.raises(UsageError, match="no parameter varies"):
        find_boxes(pd.DataFrame({"a": np.ones(400)}), np.arange(400) < 200, np.arange(400))


def test_without_scikit_learn_it_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.tree", None)
    values = uniform(1, 400)
    with pytest.raises(UsageError, match=r"pip install 'truce-sim\[discovery\]'"):
        find_boxes(values, known(values), np.arange(400))
