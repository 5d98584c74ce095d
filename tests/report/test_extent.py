from __future__ import annotations

import pandas as pd
import pytest

from sim.experiment import Comparison
from sim.report.extent import extent_of, what_is_missing
from tests.made_up_results import comparison, scenario
from tests.synthetic import outcomes_of

GIVEN = [scenario("hardball", "Hardball"), scenario("swift_deal", "A swift deal")]


def told(results: Comparison) -> str:
    return " ".join(what_is_missing(results, extent_of(results)))


def outcomes(first: int, second: int) -> pd.DataFrame:
    return pd.concat([outcomes_of("hardball", first), outcomes_of("swift_deal", second)], ignore_index=True)


def test_of_what_is_whole_nothing_is_said() -> None:
    assert told(comparison(GIVEN, outcomes(50, 50))) == ""


def test_runs_that_failed_are_counted_and_may_matter() -> None:
    text = told(comparison(GIVEN, outcomes(50, 49), failures=[("swift_deal", 49)]))
    assert "1 run failed and is left out (1 of “A swift deal”)" in text
    assert "may be off by as much as the share that failed" in text


def test_what_is_not_complete_says_how_far_it_is() -> None:
    text = told(comparison(GIVEN, outcomes(50, 30), runs=100, complete=False))
    assert "not complete: 80 of 200 runs are there;" in text


@pytest.mark.parametrize(
    ("runs", "words"),
    [((40, 0), "none of them of “A swift deal”"), ((0, 0), "none of its 200 runs has an outcome yet")],
)
def test_scenarios_without_runs_are_named(runs: tuple[int, int], words: str) -> None:
    assert words in told(comparison(GIVEN, outcomes(*runs), runs=100, complete=False))
