from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

import sim
from sim.analysis.contrasts import differences
from sim.experiment import Comparison, Design, Precision
from sim.report.certainty import how_sure
from sim.report.document import Bullets, Section, Table
from sim.report.numbers import two_digits
from tests.made_up_results import comparison, scenario, sweep
from tests.synthetic import NAN, TEN, made_up, outcomes_of

TWO = tuple(scenario(case.name, case.title) for case in TEN[:2])


def told(section: Section) -> str:
    return " ".join(item for block in section.blocks if isinstance(block, Bullets) for item in block.items)


@pytest.fixture(scope="module")
def two() -> Comparison:
    return comparison(TWO, made_up(TEN[:2], runs=400))


def test_the_smallest_difference_is_that_of_the_table_of_differences(two: Comparison) -> None:
    (row,) = differences(two, TWO, "hardball", "ceasefire_by_deadline").to_dict("records")
    text = told(how_sure(two))
    assert f"four times in five is {two_digits(100 * row['detectable'])} percentage points, looked at by itself" in text


def test_half_the_width_takes_four_times_the_runs(two: Comparison) -> None:
    (row,) = differences(two, TWO, "hardball", "ceasefire_by_deadline").to_dict("records")
    width = 50 * (row["high"] - row["low"])
    text = told(how_sure(two))
    assert "with 1,600 in place of 400" in text
    assert f"± {two_digits(width / 2)} in place of ± {two_digits(width)} percentage points" in text


def test_four_times_the_runs_do_halve_the_width() -> None:
    def width(runs: int) -> float:
        table = differences(made_up(TEN[:2], runs=runs), TWO, "hardball", "ceasefire_by_deadline")
        return float(table["high"].iloc[0] - table["low"].iloc[0])

    assert width(6400) == pytest.approx(width(1600) / 2, rel=0.1)


def test_the_table_has_a_row_for_each_scenario_and_all_digits(two: Comparison) -> None:
    (table,) = (block for block in how_sure(two).blocks if isinstance(block, Table))
    assert [row[0].text for row in table.rows] == [case.title for case in TEN[:2]]
    assert table.data is not None and table.data["half_width_of_difference"].isna().tolist() == [True, False]


def test_what_parameters_make_of_the_spread_is_that_of_the_spread_table() -> None:
    results = comparison(TWO[:1], made_up(TEN[:1], runs=200), repeats=made_up(TEN[:1], runs=100, seed=2))
    row = results.spread.set_index("outcome").loc["territory_lost_km2"]
    assert row["high"] < 1
    assert f"{100 * row['from_parameters']:.0f} % (95 % interval" in told(how_sure(results))


def test_without_uncertainty_all_is_luck() -> None:
    import dataclasses

    certain = dataclasses.replace(sim.load("hardball"), uncertainty=False)
    text = told(how_sure(comparison([certain], made_up(TEN[:1], runs=100))))
    assert "All that differs between the runs of “Hardball” is luck" in text


def test_too_few_runs_to_split_the_spread_are_called_that() -> None:
    assert "cannot be told from so few runs" in told(
        how_sure(comparison(TWO[:1], made_up(TEN[:1], runs=20), repeats=made_up(TEN[:1], runs=20, seed=2)))
    )


def test_failures_and_missing_runs_are_told() -> None:
    outcomes = pd.concat([outcomes_of("hardball", 50), outcomes_of("swift_deal", 30)], ignore_index=True)
    text = told(how_sure(comparison(TWO, outcomes, failures=[("swift_deal", 30)], runs=100, complete=False)))
    assert "There are 30 to 50 runs of each scenario" in text
    assert "81 of 200 runs are there" in text and "1 run failed and is left out" in text


def test_luck_of_its_own_is_told(two: Comparison) -> None:
    text = told(how_sure(comparison(TWO, made_up(TEN[:2], runs=100), independent=True)))
    assert "each on luck of its own" in text and "Comparing run with run" not in text
    assert "all on the same luck" in told(how_sure(two))


def test_a_single_scenario_has_no_differences() -> None:
    section = how_sure(comparison(TWO[:1], made_up(TEN[:1], runs=100)))
    (table,) = (block for block in section.blocks if isinstance(block, Table))
    assert not any("ifference" in column for column in table.columns) and "difference" not in table.note
    assert "the widest interval of a share would be" in told(section)


def test_a_sweep_tells_the_widest_of_its_points() -> None:
    def at(counts: Sequence[int]) -> str:
        parts = [
            outcomes_of("hardball", 100, ceasefire_week=np.where(np.arange(100) < count, 3.0, NAN)).assign(point=point)
            for point, count in enumerate(counts)
        ]
        design = Design(("russia.gesture",), np.linspace(0, 1, len(counts))[:, None])
        return told(how_sure(sweep(TWO[0], design, pd.concat(parts, ignore_index=True))))

    assert "2 points with 100 runs each" in at([0, 50]) and "9.6 percentage points at every point" in at([0, 50])


def test_a_precision_that_was_asked_for_is_told() -> None:
    outcomes = made_up(TEN[:1], runs=100)
    for wanted, words in ((0.3, "that was reached"), (0.001, "that was not reached")):
        results = comparison(TWO[:1], outcomes, precision=Precision(wanted))
        assert f"± {wanted}; {words}" in told(how_sure(results))
