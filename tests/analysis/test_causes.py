from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sim.analysis import causes
from sim.analysis.causes import tabulate_causes, tabulate_interactions, tabulate_remainders, together
from sim.errors import UsageError

PAIR = ("one", "two")


def runs(**columns: str) -> pd.DataFrame:
    """Runs by removal; in each word, + is a run with a ceasefire and - one without."""
    names = {"base": causes.NONE, "both": together(PAIR), "every": causes.ALL, "luck": causes.LUCK}
    return pd.DataFrame({names.get(key, key): [sign == "+" for sign in word] for key, word in columns.items()})


#                    failed: 6, succeeded: 2
EIGHT = runs(base="------++", one="+-----++", two="++----+-", both="++-+--++", every="++-+-+++", luck="-----+-+")


def row(table: pd.DataFrame, name: str) -> pd.Series:
    return table.set_index("friction").loc[name]


def test_mended_and_lost_runs_are_counted_against_the_same_runs():
    table = tabulate_causes(EIGHT, ["one", "two"])
    assert list(table.columns) == list(causes.CAUSES)
    one, two, luck = row(table, "one"), row(table, "two"), row(table, causes.LUCK)
    assert (one["failed"], one["mended"], one["mended_by_no_other"], one["succeeded"], one["lost"]) == (6, 1, 0, 2, 0)
    assert (two["mended"], two["mended_by_no_other"], two["lost"]) == (2, 1, 1)
    assert two["chance"] == 3 / 8 and two["difference"] == pytest.approx(1 / 8)
    assert (luck["mended"], luck["lost"]) == (1, 1) and luck["difference"] == 0 and not luck["distinguishable"]


def test_the_intervals_of_shares_are_wilsons():
    two = row(tabulate_causes(EIGHT, ["one", "two"]), "two")
    expected = stats.binomtest(2, 6).proportion_ci(method="wilson")
    assert (two["mended_low"], two["mended_high"]) == pytest.approx((expected.low, expected.high))
    expected = stats.binomtest(1, 2).proportion_ci(method="wilson")
    assert (two["lost_low"], two["lost_high"]) == pytest.approx((expected.low, expected.high))


def test_an_absent_friction_is_marked_and_mends_nothing():
    table = tabulate_causes(runs(base="--+", one="--+"), ["one"], absent=["one"])
    assert not row(table, "one")["present"] and row(table, "one")["mended"] == 0


def test_with_no_ceasefire_to_lose_the_loss_is_not_known_rather_than_zero():
    one = row(tabulate_causes(runs(base="---", one="+--"), ["one"]), "one")
    assert np.isnan(one["lost_share"]) and (one["lost_low"], one["lost_high"]) == (0.0, 1.0)


def test_an_interaction_is_what_both_do_beyond_either_alone():
    table = tabulate_interactions(EIGHT, [PAIR])
    assert list(table.columns) == list(causes.INTERACTIONS)
    pair = table.iloc[0]
    counts = ["by_first", "by_second", "by_either", "by_both", "only_together", "undone"]
    assert pair[counts].tolist() == [1, 2, 2, 3, 1, 0]
    assert pair["interaction"] == pytest.approx(1 / 6)


def test_removals_that_undo_each_other_have_a_negative_interaction():
    pair = tabulate_interactions(runs(base="----", one="++--", two="--+-", both="+---"), [PAIR]).iloc[0]
    assert (pair["undone"], pair["only_together"], pair["interaction"]) == (2, 0, -0.5)


def test_every_failed_run_is_sorted_once_by_the_least_that_mends_it():
    table = tabulate_remainders(EIGHT, ["one", "two"], [PAIR]).set_index("mended_by")["count"]
    assert table.to_dict() == {
        causes.ONE: 1, causes.SEVERAL: 1, causes.PAIR: 1, causes.TOGETHER: 1, causes.NOTHING: 2,
    }  # fmt: skip
    without_pairs = tabulate_remainders(EIGHT, ["one", "two"]).set_index("mended_by")["count"]
    assert without_pairs.to_dict() == {causes.ONE: 1, causes.SEVERAL: 1, causes.TOGETHER: 2, causes.NOTHING: 2}


def test_without_a_failed_run_there_is_nothing_to_explain():
    with pytest.raises(UsageError, match="each of the 2 runs has a ceasefire"):
        tabulate_causes(runs(base="++", one="++"), ["one"])


def test_a_missing_column_is_named_with_the_nearest():
    with pytest.raises(UsageError, match="no column 'tow'; did you mean 'two'"):
        tabulate_causes(EIGHT, ["one", "tow"])
