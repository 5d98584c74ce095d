from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.analysis.significance import holm
from sim.analysis.tornado import COLUMNS, tornado
from sim.distributions import Beta, Choice, Normal, Uniform
from sim.errors import UsageError
from sim.parameters import PARAMETERS
from tests.plots.tables import LAWS, MOVING, parts
from tests.synthetic import TEN, outcomes_of

EVENT, LAND = "ceasefire_by_deadline", "territory_lost_km2"


@pytest.mark.parametrize("outcome", [EVENT, LAND])
def test_what_moves_an_outcome_farthest_comes_first_with_its_direction(outcome):
    table = tornado(parts(runs=6000), LAWS, TEN[0], outcome)
    assert list(table.columns) == list(COLUMNS) and set(table["parameter"]) == set(MOVING)
    assert table["parameter"].iloc[0] == "russia.confidence" and table["difference"].iloc[0] < 0
    assert table["difference"].abs().is_monotonic_decreasing
    strong = table.set_index("parameter").loc[["russia.confidence", "front.pace", "russia.war_cost"]]
    assert strong["distinguishable_holm"].all()
    assert strong["meaning"].tolist() == [PARAMETERS[name].meaning for name in strong.index]


def test_the_difference_is_that_between_the_means_of_the_two_fifths():
    ((values, rows),) = parts(runs=500, size=500)
    row = tornado([(values, rows)], LAWS, TEN[0], LAND).set_index("parameter").loc["front.pace"]
    land = rows["territory_lost_km2"].to_numpy()
    low, high = land[values["front.pace"] <= 0.2], land[values["front.pace"] >= 0.8]
    assert (row["lowest_runs"], row["highest_runs"], row["runs"]) == (len(low), len(high), 500)
    assert (row["lowest_up_to"], row["highest_from"]) == (pytest.approx(0.2), pytest.approx(0.8))
    assert row["difference"] == pytest.approx(high.mean() - low.mean())
    error = np.sqrt(low.var(ddof=1) / len(low) + high.var(ddof=1) / len(high))
    assert row["high"] - row["low"] == pytest.approx(2 * 1.959964 * error)


@pytest.mark.parametrize("outcome", [EVENT, LAND])
def test_neither_the_size_nor_the_order_of_the_parts_shows(outcome):
    whole = tornado(parts(size=1000), LAWS, TEN[0], outcome)
    pd.testing.assert_frame_equal(tornado(reversed(parts(size=90)), LAWS, TEN[0], outcome), whole)


def test_what_does_nothing_is_called_distinguishable_about_as_often_as_it_says():
    nothing = dict.fromkeys(list(MOVING), 0.0)
    found = []
    for seed in range(25):
        rng = np.random.default_rng(seed)
        values = pd.DataFrame(rng.random((800, len(nothing))), columns=list(nothing))
        rows = outcomes_of("hardball", 800, ceasefire_week=np.where(rng.random(800) < 0.3, 1.0, np.nan))
        found.append(tornado([(values, rows.set_index("run"))], LAWS, TEN[0], EVENT))
    table = pd.concat(found)
    assert 0.02 < table["distinguishable"].mean() < 0.09
    # Of 25 tornados some 1.25 have a false alarm after correction.
    assert sum(one["distinguishable_holm"].any() for one in found) <= 5


def test_p_values_are_corrected_for_the_number_of_parameters_and_belong_to_the_interval():
    table = tornado(parts(), LAWS, TEN[0], EVENT)
    np.testing.assert_allclose(table["p_holm"], holm(table["p_value"]))
    assert (table["distinguishable"] == ((table["low"] > 0) | (table["high"] < 0))).all()


@pytest.mark.parametrize(
    ("law", "share_low", "share_high"),
    [
        (Uniform(uniform=(-2.0, 5.0)), 0.2, 0.2),
        (Normal(normal=(51.9, 22.1)), 0.2, 0.2),
        (Beta(beta=(2.0, 3.0)), 0.2, 0.2),
        (Choice(choice=(0.0, 1.0)), 0.5, 0.5),
        (Choice(choice=(0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0)), 1 / 8, 7 / 8),
        (Choice(choice=(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0)), 7 / 8, 1 / 8),
        (Choice(choice=(0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 2.0)), 1 / 8, 1 / 8),
    ],
)
def test_the_fifths_follow_from_the_law(law, share_low, share_high):
    parameter = PARAMETERS["front.pace"] if not isinstance(law, Uniform) else PARAMETERS["united_states.disengage_base"]
    u = (np.arange(4000) + 0.5) / 4000
    values = pd.DataFrame({"it": law.quantile(u, parameter.low, parameter.high)})
    row = tornado([(values, outcomes_of("hardball", 4000))], {"it": (law, parameter)}, TEN[0], LAND).iloc[0]
    assert row["lowest_runs"] / 4000 == pytest.approx(share_low, abs=1e-3)
    assert row["highest_runs"] / 4000 == pytest.approx(share_high, abs=1e-3)


def test_a_law_of_one_value_is_left_out_and_alone_it_is_refused():
    constant = {"it": (Choice(choice=(3.0, 3.0)), PARAMETERS["front.pace"])}
    values = [(values.assign(it=3.0), rows) for values, rows in parts()]
    assert "it" not in tornado(values, LAWS | constant, TEN[0])["parameter"].tolist()
    with pytest.raises(UsageError, match="no uncertain parameter"):
        tornado(values, constant, TEN[0])


def test_a_few_runs_are_compared_as_far_as_they_go():
    table = tornado(parts(runs=3), LAWS, TEN[0], LAND)
    assert len(table) == len(LAWS) and not table.loc[table["p_value"].isna(), "distinguishable"].any()
    with pytest.raises(UsageError, match="no run yet"):
        tornado([], LAWS, TEN[0])
