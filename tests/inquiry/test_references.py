"""Base rates answer the questions that they are about, and no other."""

from __future__ import annotations

import math
from datetime import date

import pytest

from sim.evidence import derive
from sim.inquiry.questions import Question
from sim.inquiry.references import base_rates
from sim.inquiry.resolution import RULES


def ask(rule: str, by: date = date(2025, 12, 31)) -> Question:
    return Question("q", "t", "w", rule, by, date(2025, 5, 19))


def test_wars_between_states_stand_for_an_end_by_the_date():
    found = {rate.source: rate.probability for rate in base_rates(ask("signature"))}
    assert len(found) == 13
    # Three wars ended in 134 months of wars of this age; from the article to the end of the year are 226 days.
    assert found["wars: UCDP all"] == pytest.approx(1 - math.exp(-3 / 134 * 226 / 30.4375))
    assert {name.removeprefix("wars: "): rate for name, rate in found.items()} == derive.base_rates()


def test_they_grow_with_the_time_and_stop_where_no_war_was_counted():
    soon, later = (base_rates(ask("settlement", day)) for day in (date(2025, 8, 1), date(2026, 8, 1)))
    assert all(first.probability < second.probability for first, second in zip(soon, later, strict=True))
    beyond = [rate.source for rate in base_rates(ask("settlement", date(2027, 5, 1)))]
    assert len(beyond) == 10 and "wars: UCDP all" not in beyond


def test_ceasefires_of_the_past_stand_for_one_that_breaks_early():
    general, donbas = base_rates(ask("breaks_within_30_days"))
    assert general.probability == pytest.approx(1 - math.exp(-52 / 343.2 * 30 / 30.4375))
    assert donbas.probability == pytest.approx(1 - math.exp(-9 / 6.54 * 30 / 30.4375))


@pytest.mark.parametrize(
    "rule", sorted(RULES.keys() - {"signature", "ceasefire_30_days", "settlement", "breaks_within_30_days"})
)
def test_of_other_questions_the_past_says_nothing(rule):
    assert base_rates(ask(rule)) == []
