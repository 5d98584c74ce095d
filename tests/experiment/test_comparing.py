from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

import sim
from sim.analysis.spread import COLUMNS
from sim.analysis.summary import OUTCOMES
from sim.errors import ScenarioError, UsageError
from sim.experiment import Design, Experiment, Precision, running
from sim.experiment import experiment as module
from sim.experiment.inputs import inputs
from sim.experiment.progress import Progress
from tests.batches import Here, bytes_of, carried_out, changed, outcomes_alone


def test_hardball_is_the_baseline_wherever_it_stands(hardball, sober):
    assert Experiment.of([sober, hardball]).baseline == "hardball"


def test_without_hardball_the_first_is_the_baseline(sober, hardball):
    other = dataclasses.replace(hardball, name="other")
    assert Experiment.of([sober, other]).baseline == "sober"


def test_names_paths_and_scenarios_may_be_mixed(hardball, tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("title: Mine\nrussia: {confidence: 0.4}\n")
    experiment = Experiment.of(["sober_kremlin", file, hardball])
    assert [scenario.name for scenario in experiment.scenarios] == ["sober_kremlin", "mine", "hardball"]


def test_a_single_scenario_needs_no_list():
    assert [scenario.name for scenario in Experiment.of("hardball").scenarios] == ["hardball"]


@pytest.mark.parametrize("runs", [0, -1, True, 2.0, "2000", None])
def test_runs_must_be_a_positive_whole_number(hardball, runs):
    with pytest.raises(UsageError, match="runs must be a whole number from 1 upwards"):
        sim.compare([hardball], runs=runs)


@pytest.mark.parametrize("seed", [-1, False, 1.5, "1"])
def test_the_seed_must_be_a_whole_number_from_0(hardball, seed):
    with pytest.raises(UsageError, match="seed must be a whole number from 0 upwards"):
        sim.compare([hardball], seed=seed)


@pytest.mark.parametrize("workers", [0, -2, True, 1.5])
def test_workers_must_be_a_positive_whole_number(hardball, workers):
    with pytest.raises(UsageError, match="workers must be a whole number from 1 upwards"):
        sim.compare([hardball], workers=workers)


def test_numbers_of_numpy_are_whole_numbers_too(hardball):
    assert Experiment.of([hardball], runs=np.int64(5), seed=np.uint8(0)).runs == 5


def test_an_unknown_baseline_names_the_nearest(hardball, sober):
    with pytest.raises(UsageError, match=r"'hardbal' is not among .*did you mean 'hardball'"):
        Experiment.of([hardball, sober], baseline="hardbal")


def test_no_scenario_is_an_error():
    with pytest.raises(UsageError, match="no scenario was given"):
        sim.compare([])


def test_the_same_scenario_twice_is_an_error(hardball):
    with pytest.raises(UsageError, match="'hardball' is given twice"):
        sim.compare([hardball, hardball])


def test_two_scenarios_of_one_name_are_an_error(hardball):
    with pytest.raises(UsageError, match="two different scenarios are named 'hardball'"):
        sim.compare([hardball, hardball.vary({"russia.confidence": 0.1})])


def test_an_unknown_scenario_is_an_error():
    with pytest.raises(ScenarioError, match="hardball"):
        sim.compare(["hardbal"])


def test_the_digest_tells_experiments_apart(hardball, sober):
    class Doubting(sim.actors.Russia):
        pass

    plain = Experiment.of([hardball, sober], runs=12, seed=3)
    others = [
        Experiment.of([hardball], runs=12, seed=3),
        Experiment.of([hardball, sober], runs=13, seed=3),
        Experiment.of([hardball, sober], runs=12, seed=4),
        Experiment.of([hardball, sober], runs=12, seed=3, baseline="sober"),
        Experiment.of([hardball, sober], runs=12, seed=3, actors={"russia": Doubting}),
        Experiment.of([hardball, sober.vary({"russia.confidence": 0.31})], runs=12, seed=3),
        Experiment.of([sober, hardball], runs=12, seed=3),  # the tables come in this order
        Experiment.of([hardball, sober], runs=12, seed=3, independent=True),
        Experiment.of([hardball, sober], runs=12, seed=3, traces=["zone"]),
        Experiment.of([hardball, sober], runs=12, seed=3, traces=["zone"], trace_runs=[1]),
        Experiment.of([hardball, sober], seed=3, precision=Precision(0.1, most=12, fewest=2)),
        Experiment.of([hardball, sober], runs=12, seed=3, design=Design(("russia.stall",), np.array([[0.5]]))),
    ]
    assert len({plain.digest, *(other.digest for other in others)}) == 13


def test_titles_do_not_change_the_digest(hardball, sober):
    retitled = dataclasses.replace(sober, title="Another title")
    assert Experiment.of([retitled, hardball]).digest == Experiment.of([sober, hardball]).digest


def test_runs_to_trace_need_something_to_trace(hardball):
    with pytest.raises(UsageError, match="runs are to be traced, but not what of them"):
        sim.compare(hardball, runs=8, trace_runs=[1])


def test_a_run_to_trace_that_there_is_not_is_refused(hardball):
    with pytest.raises(UsageError, match="run 8 is to be traced, but there are runs 0 to 7 only"):
        sim.compare(hardball, runs=8, traces=["zone"], trace_runs=[1, 8])


def test_few_runs_are_traced_value_by_value(hardball):
    with pytest.raises(UsageError, match="at most 1,000 runs can be traced value by value, not 1,001"):
        Experiment.of(hardball, runs=2000, traces=["zone"], trace_runs=range(1001))


def test_more_runs_than_a_machine_can_do_are_refused(hardball):
    with pytest.raises(UsageError, match="runs must be at most 1,000,000,000, not 1,000,000,001"):
        sim.compare(hardball, runs=1_000_000_001)


def test_a_comparison_carries_its_experiment_and_tables(comparison, hardball, sober):
    assert comparison.scenarios == (hardball, sober)
    assert (comparison.runs, comparison.seed, comparison.baseline) == (12, 3, "hardball")
    assert len(comparison.outcomes) == 24
    assert comparison.summary["scenario"].tolist() == ["hardball", "sober"]
    assert set(comparison.comparison["scenario"]) == {"sober"}
    assert comparison.failures.empty and comparison.complete


def test_run_i_meets_the_same_luck_in_both_scenarios(hardball):
    twin = dataclasses.replace(hardball, name="twin")
    comparison = sim.compare([hardball, twin], runs=12)
    assert comparison.comparison["difference"].tolist() == [0, 0]
    rows = comparison.outcomes.set_index("scenario")
    assert rows.loc["hardball"].reset_index(drop=True).equals(rows.loc["twin"].reset_index(drop=True))


def test_independent_scenarios_share_no_luck_and_save_no_variance(hardball):
    """Run against run, a twin differs then, and pairing is worth nothing: within three standard errors of 0."""
    twins, runs = [hardball, dataclasses.replace(hardball, name="twin")], 400
    apart = sim.compare(twins, runs=runs, independent=True, workers=1)
    rows = apart.outcomes.pivot(index="run", columns="scenario", values="territory_lost_km2")
    assert (rows["hardball"] != rows["twin"]).mean() > 0.95
    assert rows["hardball"].equals(sim.compare(hardball, runs=runs, workers=1).outcomes["territory_lost_km2"])
    assert abs(rows["hardball"].corr(rows["twin"])) < 3 / runs**0.5
    assert apart.comparison["variance_saved"].abs().max() < 3 / runs**0.5


def test_a_comparison_introduces_itself(comparison):
    assert repr(comparison) == "<Comparison of hardball, sober: 12 runs each, seed 3, baseline hardball>"
    assert "<table" in comparison._repr_html_()


def test_the_plot_methods_draw(comparison):
    assert comparison.plot_outcomes().shape == (2,)
    assert comparison.plot_incidence().get_ylabel() == "share of runs (%)"
    assert "km²" in comparison.plot_territory().get_xlabel()
    assert comparison.plot_terms().shape == (4,)
    assert "% of runs" in comparison.plot_tornado().get_xlabel()
    assert "variance" in comparison.plot_spread("territory_lost_km2").get_xlabel()


def test_a_tornado_is_about_the_values_that_the_runs_had(comparison, hardball):
    table = comparison.tornado("sober", "territory_lost_km2")
    assert set(table["scenario"]) == {"sober"} and "russia.confidence" not in set(table["parameter"])
    values = inputs(comparison.experiment, "sober")["front.pace"]
    row = table.set_index("parameter").loc["front.pace"]
    assert row["lowest_runs"] == (values <= row["lowest_up_to"]).sum()
    lost = comparison.outcomes[comparison.outcomes["scenario"] == "sober"].set_index("run")["territory_lost_km2"]
    low, high = lost[values.to_numpy() <= row["lowest_up_to"]], lost[values.to_numpy() >= row["highest_from"]]
    assert row["difference"] == pytest.approx(high.mean() - low.mean(), nan_ok=True)


def test_without_uncertainty_there_is_no_tornado(certain):
    with pytest.raises(UsageError, match="uncertainty is off"):
        sim.compare(certain, runs=4).tornado()


def test_terms_are_those_of_the_deals(comparison):
    table = comparison.agreed_terms()
    deals = comparison.outcomes["agreed_territory"].notna().groupby(comparison.outcomes["scenario"]).sum()
    assert table.groupby("scenario")["deals"].first().to_dict() == deals.to_dict()


def test_an_actor_may_be_replaced(hardball):
    class Content(sim.actors.Ukraine):
        pass

    comparison = sim.compare([hardball], runs=4, actors={"ukraine": Content})
    assert "Content@" in comparison.experiment.actor_names["ukraine"]


def test_another_actor_of_the_same_name_is_another_experiment(hardball):
    class Eager(sim.actors.Russia):
        def stalls(self):
            return super().stalls() | True

    first = Eager

    class Eager(sim.actors.Russia):
        def stalls(self):
            return super().stalls() & False

    digests = {Experiment.of([hardball], runs=4, actors={"russia": actor}).digest for actor in (first, Eager)}
    assert len(digests) == 2


def test_an_actor_that_nobody_plays_is_refused(hardball):
    with pytest.raises(UsageError, match="did you mean 'russia'"):
        sim.compare(hardball, runs=4, actors={"rusia": sim.actors.Russia})


# ---- the spread


@pytest.fixture(scope="module")
def certain(hardball):
    return dataclasses.replace(hardball, name="certain", uncertainty=False)


def test_a_comparison_says_what_makes_runs_differ(comparison):
    table = comparison.spread
    assert list(table.columns) == list(COLUMNS)
    assert table.groupby("scenario", sort=False).size().to_dict() == dict.fromkeys(("hardball", "sober"), len(OUTCOMES))
    assert (table["pairs"] == 12).all()


def test_the_spread_agrees_with_the_summary(comparison):
    for row in comparison.spread.to_dict("records"):
        of_scenario = comparison.summary.set_index("scenario").loc[row["scenario"]]
        assert row["mean"] == of_scenario[row["outcome"]]


def test_what_else_is_compared_does_not_change_the_spread_of_a_scenario(comparison, sober):
    alone = sim.compare(sober, runs=12, seed=3).spread
    expected = comparison.spread[comparison.spread["scenario"] == "sober"].reset_index(drop=True)
    pd.testing.assert_frame_equal(alone, expected)


def test_at_most_so_many_runs_are_repeated(monkeypatch, hardball):
    monkeypatch.setattr(module, "SPREAD_RUNS", 5)
    assert (sim.compare(hardball, runs=8).spread["pairs"] == 5).all()
    assert (sim.compare(hardball, runs=3).spread["pairs"] == 3).all()


def test_a_certain_scenario_is_not_repeated_and_has_no_share(hardball, certain):
    here = Here()
    spread = sim.compare([hardball, certain], runs=8, executor=here).spread
    assert [task.scenario.name for task in here.tasks if task.block.replication] == ["hardball"]
    rows = spread[spread["scenario"] == "certain"].dropna(subset="from_parameters")
    assert len(rows) > 0 and (rows[["from_parameters", "low", "high", "pairs"]] == 0).all(axis=None)


def test_certain_scenarios_alone_are_compared_too(certain):
    assert (sim.compare(certain, runs=4).spread["pairs"] == 0).all()


def test_repeated_runs_meet_the_luck_of_the_second_replication(experiment, comparison):
    expected = outcomes_alone(experiment, 0, range(12), replication=1)["territory_lost_km2"].mean()
    repeats = comparison._tables["repeats"].table()
    assert repeats[repeats["scenario"] == "hardball"]["territory_lost_km2"].mean() == expected


def test_progress_counts_the_repeated_runs_too(monkeypatch, hardball, certain):
    bars = []

    class Noted(Progress):
        def __exit__(self, *error):
            bars.append((self.done, self.total))
            super().__exit__(*error)

    monkeypatch.setattr(running, "Progress", Noted)
    sim.compare([hardball, certain], runs=6, progress=True)
    assert bars == [(18, 18)]


def test_a_part_of_a_comparison_gives_the_same_runs(experiment, comparison, hardball):
    alone = carried_out(changed(experiment, scenarios=(hardball,)))
    rows = comparison.outcomes[comparison.outcomes["scenario"] == "hardball"]
    assert alone.outcomes.equals(rows)
    assert bytes_of(alone) in bytes_of(comparison)
