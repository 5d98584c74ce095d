from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sim.experiment import Design, Sweep
from sim.report.answer import answer
from sim.report.document import Paragraph, Section
from tests.made_up_results import scenario, sweep
from tests.synthetic import NAN, outcomes_of

HARDBALL = scenario("hardball", "Hardball")
CONFIDENCE = "russia.confidence"


def swept(counts: Sequence[int], runs: int = 200, names: tuple[str, ...] = (CONFIDENCE,)) -> Sweep:
    """A sweep in which the first so many runs of each point have a ceasefire in week 3."""
    parts = [
        outcomes_of("hardball", runs, ceasefire_week=np.where(np.arange(runs) < count, 3.0, NAN)).assign(point=point)
        for point, count in enumerate(counts)
    ]
    values = np.column_stack([np.linspace(0.2, 0.8, len(counts))] * len(names))
    return sweep(HARDBALL, Design(names, values), pd.concat(parts, ignore_index=True))


def told(section: Section) -> str:
    return " ".join(block.text for block in section.blocks[:2] if isinstance(block, Paragraph))


def test_the_two_ends_are_told_with_their_values() -> None:
    text = told(answer(swept([160, 100, 20])))
    assert "most often at russia.confidence 0.2, in about 8 in 10 model runs (80 %" in text
    assert "least often at russia.confidence 0.8, in about 1 in 10 model runs (10 %" in text
    assert "These two can be told apart even allowing for their having been picked from 3 points (by" in text
    assert "the share falls or stays as it is from each value of russia.confidence to the next" in text


def test_ends_within_luck_are_not_told_apart() -> None:
    text = told(answer(swept([30, 34, 28])))
    assert "These two cannot be told apart" in text and "does not show that all points are alike" in text
    assert "Whether it rises or falls with russia.confidence cannot be told" in text


def test_an_interval_that_holds_for_one_point_is_not_enough_for_ends_of_many() -> None:
    assert "can be told apart" in told(answer(swept([60, 92]))) and "cannot" not in told(answer(swept([60, 92])))
    assert "cannot be told apart" in told(answer(swept([60, *[76] * 40, 92])))


def test_a_small_step_back_is_called_luck_and_a_large_one_is_not() -> None:
    assert "no more than luck may do" in told(answer(swept([160, 100, 104, 20])))
    text = told(answer(swept([160, 20, 150])))
    assert "does not move in one direction: it rises from russia.confidence 0.5 to russia.confidence 0.8" in text


def test_points_that_are_all_the_same_show_no_difference() -> None:
    text = told(answer(swept([0, 0, 0])))
    assert "none of 200 model runs" in text and "It is as frequent at every point" in text


def test_several_parameters_are_named_and_land_is_told() -> None:
    text = told(answer(swept([160, 20], names=(CONFIDENCE, "russia.war_cost"))))
    assert "russia.confidence 0.2, russia.war_cost 0.2" in text and "Russia has taken in war" in text


def test_many_parameters_are_counted_and_points_numbered() -> None:
    names = (CONFIDENCE, "russia.war_cost", "russia.stall", "ukraine.war_cost")
    text = told(answer(swept([160, 20], names=names)))
    assert "when 4 parameters vary over 2 points" in text and "most often at point 0 of the design" in text


def test_a_single_point_has_no_ends() -> None:
    assert "at the only point" in told(answer(swept([20])))
