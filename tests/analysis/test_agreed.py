from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.analysis.agreed import COLUMNS, agreed_terms
from sim.parameters import ISSUES
from tests.synthetic import NAN, Case, outcomes_of

ONE = Case("one", "One")


def outcomes(territory, **others) -> pd.DataFrame:
    return outcomes_of("one", len(territory), agreed_territory=territory, **others)


def test_there_is_a_row_for_every_scenario_and_issue():
    table = agreed_terms(pd.concat([outcomes([0.1, NAN]), outcomes_of("two", 3)]), [Case("two"), ONE])
    assert list(table.columns) == list(COLUMNS)
    assert list(zip(table["scenario"], table["issue"], strict=True)) == [
        (name, issue) for name in ("two", "one") for issue in ISSUES
    ]


def test_runs_without_a_deal_count_as_runs_only():
    row = agreed_terms(outcomes([0.2, NAN, 0.4, NAN, NAN]), [ONE]).iloc[0]
    assert (row["runs"], row["deals"], row["mean"]) == (5, 2, pytest.approx(0.3))


def test_a_quantile_is_the_smallest_value_that_so_many_deals_do_not_exceed():
    row = agreed_terms(outcomes(np.arange(1, 21) / 100), [ONE]).iloc[0]
    assert row[["q05", "q25", "median", "q75", "q95"]].tolist() == [0.01, 0.05, 0.10, 0.15, 0.19]


def test_the_ends_of_the_scale_can_be_agreed():
    row = agreed_terms(outcomes([0.0, 1.0, 1.0]), [ONE]).iloc[0]
    assert row[["q05", "median", "q95"]].tolist() == [0.0, 1.0, 1.0]


def test_without_a_deal_there_is_nothing_to_tell():
    table = agreed_terms(outcomes([NAN, NAN]), [ONE])
    assert (table["deals"] == 0).all() and table[["mean", "mean_low", "q05", "median", "q95"]].isna().all(axis=None)


def test_parts_give_the_same_table_as_the_whole():
    rng = np.random.default_rng(1)
    whole = outcomes(np.where(rng.random(300) < 0.5, rng.random(300), NAN))

    class InParts:
        def frames(self, scenario, columns):
            rows = whole.set_index("run")[list(columns)]
            return (rows.iloc[k : k + 70] for k in range(0, 300, 70))

    pd.testing.assert_frame_equal(agreed_terms(InParts(), [ONE]), agreed_terms(whole, [ONE]))
