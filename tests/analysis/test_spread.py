"""What comes from not knowing the parameters and what from luck, on tables whose shares are known and in worlds."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

import sim
from sim.analysis.spread import COLUMNS, FEWEST, parameters_share, split_spread
from sim.analysis.summary import OUTCOMES, summarise
from sim.distributions import Uniform
from sim.errors import UsageError
from sim.verification import worlds
from tests.synthetic import NAN, Case, outcomes_of


@dataclass(frozen=True)
class Uncertain(Case):
    uncertainty: bool = True


CASE = Uncertain("hardball")


def normal_pairs(share: float, runs: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Two samples of the same runs in which parameters make up that share of the variance."""
    rng = np.random.default_rng(seed)
    known = rng.standard_normal(runs) * share**0.5
    first, second = known + rng.standard_normal((2, runs)) * (1 - share) ** 0.5
    return first, second


def event_pairs(chance: float, share: float, runs: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """The same for an event: in that share of the runs the parameters settle it, in the others luck alone."""
    rng = np.random.default_rng(seed)
    settled, known = rng.random(runs) < share, rng.random(runs) < chance
    first, second = (np.where(settled, known, luck < chance).astype(float) for luck in rng.random((2, runs)))
    return first, second


def split(first: dict[str, object], second: dict[str, object], runs: int, case: Uncertain = CASE) -> pd.DataFrame:
    table = split_spread(outcomes_of(case.name, runs, **first), outcomes_of(case.name, runs, **second), [case])
    return table.set_index("outcome")


# ---- the estimate


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.9])
def test_the_share_of_a_value_is_found(share):
    found, low, high = parameters_share(*normal_pairs(share, 20_000, seed=1), event=False)
    assert found == pytest.approx(share, abs=4 / 20_000**0.5)
    assert low <= share <= high


@pytest.mark.parametrize("chance", [0.02, 0.3, 0.9])
@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.9])
def test_the_share_of_an_event_is_found(chance, share):
    found, low, high = parameters_share(*event_pairs(chance, share, 40_000, seed=2), event=True)
    assert found == pytest.approx(share, abs=0.06)
    assert low <= share <= high


def test_the_share_is_that_of_the_law_of_total_variance():
    """A chance that itself is uniform: its variance is 1/12, that of the event 1/4."""
    rng = np.random.default_rng(3)
    chance = rng.random(20_000)
    first, second = (rng.random((2, 20_000)) < chance).astype(float)
    assert parameters_share(first, second, event=True)[0] == pytest.approx(1 / 3, abs=0.03)


def test_luck_that_only_matters_for_some_parameters_counts_as_luck():
    """Y = parameter x luck has the same mean whatever the parameter: knowing it would leave the whole spread."""
    rng = np.random.default_rng(4)
    parameter, luck = rng.choice([-1.0, 1.0], 20_000), rng.standard_normal((2, 20_000))
    assert parameters_share(*(parameter * luck), event=False)[0] < 0.03


def test_the_unit_and_the_level_do_not_matter():
    first, second = normal_pairs(0.5, 500, seed=5)
    plain = parameters_share(first, second, event=False)
    assert parameters_share(1000 * first + 50, 1000 * second + 50, event=False) == pytest.approx(plain)


def test_an_event_and_its_absence_are_spread_alike():
    first, second = event_pairs(0.1, 0.4, 800, seed=6)
    assert parameters_share(1 - first, 1 - second, event=True) == pytest.approx(
        parameters_share(first, second, event=True)
    )


# ---- its interval


@pytest.mark.parametrize("share", [0.0, 0.3, 0.8])
@pytest.mark.parametrize("chance", [None, 0.02, 0.3], ids=["value", "rare event", "event"])
def test_the_interval_covers_the_truth_as_often_as_it_says(chance, share):
    """With 500 experiments of 1,000 runs the coverage has standard error 0.01; cut off at 0 it may be above 95 %."""
    covered = []
    for seed in range(500):
        pairs = normal_pairs(share, 1000, seed) if chance is None else event_pairs(chance, share, 1000, seed)
        _, low, high = parameters_share(*pairs, event=chance is not None)
        covered.append(low <= share <= high)
    assert np.mean(covered) > 0.91
    assert share == 0 or np.mean(covered) < 0.985


def test_four_times_the_runs_halve_the_interval():
    for pairs in (lambda runs: normal_pairs(0.4, runs, 7), lambda runs: event_pairs(0.3, 0.4, runs, 7)):
        few, many = (parameters_share(*pairs(runs), event=set(pairs(runs)[0]) == {0.0, 1.0}) for runs in (2000, 8000))
        assert (few[2] - few[1]) / (many[2] - many[1]) == pytest.approx(2, rel=0.1)


def test_a_share_that_comes_out_below_zero_is_zero_and_not_certain():
    first = np.tile([0.0, 1.0], 100)
    for event in (True, False):
        share, low, high = parameters_share(first, np.where(np.arange(200) < 120, 1 - first, first), event=event)
        assert share == low == 0 and 0 < high < 0.5


def test_even_if_no_pair_differs_luck_cannot_be_ruled_out_for_an_event():
    same = np.repeat([0.0, 1.0], [95, 5])
    share, low, high = parameters_share(same, same, event=True)
    assert (share, high) == (1, 1) and 0.4 < low < 0.9


def test_with_a_handful_of_runs_the_share_may_be_anything():
    first, second = normal_pairs(0.5, FEWEST - 1, seed=8)
    assert parameters_share(first, second, event=False)[1:] == (0, 1)
    assert parameters_share(first[:1], second[:1], event=False)[1:] == (0, 1)


# ---- the table


def test_the_table_has_a_row_per_scenario_and_outcome_of_the_summary():
    cases = [CASE, Uncertain("moves_on")]
    rows = pd.concat([outcomes_of(case.name, 40, territory_lost_km2=np.arange(40.0)) for case in cases])
    table = split_spread(rows, rows, cases)
    assert list(table.columns) == list(COLUMNS)
    assert table["scenario"].tolist() == ["hardball"] * len(OUTCOMES) + ["moves_on"] * len(OUTCOMES)
    assert table["outcome"].tolist() == [*OUTCOMES] * 2
    assert set(OUTCOMES) < set(summarise(rows, cases).columns)


def test_mean_and_standard_deviation_are_those_of_all_runs_though_fewer_are_repeated():
    weeks = np.where(np.arange(200) < 20, 32.0, NAN)
    rows = outcomes_of("hardball", 200, ceasefire_week=weeks, territory_lost_km2=np.arange(200.0))
    table = split_spread(rows, rows[rows["run"] < 100], [CASE]).set_index("outcome")
    assert table.loc["ceasefire_by_deadline", "mean"] == pytest.approx(0.1)
    assert table.loc["ceasefire_by_deadline", "standard_deviation"] == pytest.approx(0.3)
    assert table.loc["territory_lost_km2", "mean"] == pytest.approx(99.5)
    assert (table["pairs"] == 100).all()


def test_runs_are_paired_by_their_number_and_not_by_their_place():
    rows = outcomes_of("hardball", 100, territory_lost_km2=np.arange(100.0))
    table = split_spread(rows, rows.sample(frac=0.5, random_state=1), [CASE]).set_index("outcome")
    assert table.loc["territory_lost_km2", "from_parameters"] == pytest.approx(1)


def test_the_two_parts_make_up_the_whole():
    first, second = normal_pairs(0.3, 400, seed=9)
    row = split({"territory_lost_km2": first}, {"territory_lost_km2": second}, 400).loc["territory_lost_km2"]
    assert 0 < row["from_parameters"] < 1 and row["from_parameters"] + row["from_luck"] == 1


def test_an_outcome_that_does_not_vary_has_no_spread_to_split():
    table = split({}, {}, 50)
    assert table[["from_parameters", "low", "high", "from_luck"]].isna().all(axis=None)
    assert (table["standard_deviation"] == 0).all()


def test_without_uncertainty_everything_that_varies_is_luck_and_nothing_is_repeated():
    certain = Uncertain("hardball", uncertainty=False)
    rows = outcomes_of("hardball", 50, territory_lost_km2=np.arange(50.0))
    table = split_spread(rows, pd.DataFrame(), [certain]).set_index("outcome")
    assert table.loc["territory_lost_km2", ["from_parameters", "low", "high", "from_luck", "pairs"]].tolist() == [
        0, 0, 0, 1, 0,
    ]  # fmt: skip
    assert np.isnan(table.loc["ceasefire_by_deadline", "from_parameters"])


def test_a_repeated_run_that_is_not_among_the_outcomes_is_refused():
    with pytest.raises(UsageError, match="repeated runs that are not among its outcomes"):
        split_spread(outcomes_of("hardball", 5), outcomes_of("hardball", 6), [CASE])


def test_a_scenario_that_was_not_repeated_is_refused():
    with pytest.raises(UsageError, match="no run of scenario 'hardball'"):
        split_spread(outcomes_of("hardball", 5), outcomes_of("moves_on", 5), [CASE])


# ---- worlds


def spread_in(world: worlds.Scenario, runs: int = 1000) -> pd.DataFrame:
    return sim.compare(world, runs=runs, workers=1).spread.set_index("outcome")


def test_where_parameters_alone_decide_all_comes_from_not_knowing_them():
    """An advance without luck, at a pace that nobody knows, against a Ukraine without European aid."""
    unknown = worlds.QUIET | {"front.pace": Uniform(uniform=(10, 60))}
    row = spread_in(worlds.scenario(unknown, weeks=52, events=(), states=()), runs=200).loc["territory_lost_km2"]
    assert row["standard_deviation"] > 0
    assert (row["from_parameters"], row["from_luck"]) == (pytest.approx(1, abs=1e-9), pytest.approx(0, abs=1e-9))


def test_where_all_parameters_are_known_all_is_luck_also_by_measurement():
    """Numbers in the place of every law, but declared uncertain, so that it is simulated again and measured."""
    certain = worlds.scenario(certain=True)
    known = dataclasses.replace(certain.vary(certain.resolve()), uncertainty=True)
    table = spread_in(known)
    for outcome in ("ceasefire_by_horizon", "territory_lost_km2"):
        assert table.loc[outcome, "from_parameters"] < 4 / 1000**0.5  # four standard errors
        assert table.loc[outcome, "high"] < 0.2


def test_in_the_baseline_both_have_a_part():
    table = spread_in(worlds.scenario())
    for outcome in ("ceasefire_by_horizon", "territory_lost_km2"):
        assert 0 < table.loc[outcome, "low"] < table.loc[outcome, "high"] < 1
