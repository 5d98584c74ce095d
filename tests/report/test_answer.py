from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd
import pytest

from sim.analysis.contrasts import differences
from sim.analysis.summary import summarise
from sim.experiment import Comparison
from sim.report.answer import CAVEAT, answer
from sim.report.document import Bullets, Paragraph, Section, Table
from sim.report.numbers import Measured, percent, points
from sim.scenario import Scenario
from tests.made_up_results import comparison, scenario
from tests.synthetic import NAN, TEN, made_up, outcomes_of

ALL = tuple(scenario(case.name, case.title, horizon=case.horizon) for case in TEN)
BASE, OTHER = scenario("hardball", "Hardball", "What happens?"), scenario("swift_deal", "A swift deal", "What if?")


def sentences(section: Section) -> str:
    """The three sentences."""
    return next(block.text for block in section.blocks if isinstance(block, Paragraph) and not block.lead)


def everything(section: Section) -> str:
    texts = [block.text for block in section.blocks if isinstance(block, Paragraph)]
    texts += [item for block in section.blocks if isinstance(block, Bullets) for item in block.items]
    tables = [block for block in section.blocks if isinstance(block, Table)]
    texts += [cell.text for table in tables for row in table.rows for cell in row] + [table.note for table in tables]
    return "\n".join(texts)


def with_ceasefires(
    *counts: int, runs: int = 400, scenarios: Sequence[Scenario] | None = None, **columns: object
) -> Comparison:
    """A comparison in which the first so many runs of each scenario have a ceasefire in week 3."""
    given = scenarios or [scenario(f"s{k}", f"Scenario {k}") for k in range(len(counts))]
    tables = [
        outcomes_of(each.name, runs, ceasefire_week=np.where(np.arange(runs) < count, 3.0, NAN), **columns)
        for each, count in zip(given, counts, strict=True)
    ]
    return comparison(given, pd.concat(tables, ignore_index=True))


def measured(row: pd.Series, name: str) -> Measured:
    return Measured(row[name], row[f"{name}_low"], row[f"{name}_high"])


@pytest.fixture(scope="module")
def ten() -> Comparison:
    return comparison(ALL, made_up(runs=400))


@pytest.fixture(scope="module")
def section(ten: Comparison) -> Section:
    return answer(ten)


def test_the_first_sentence_states_the_baseline_of_the_summary(ten: Comparison, section: Section) -> None:
    row = summarise(ten, ALL).set_index("scenario").loc["hardball"]
    first = sentences(section).split(". Of the")[0]
    assert percent(measured(row, "ceasefire_by_deadline")) in first and "400 runs" in first
    assert "31 December 2025" in first and "at least 30 days" in first


def test_the_second_names_what_holm_finds_the_biggest_first(ten: Comparison, section: Section) -> None:
    table = differences(ten, ALL, "hardball", "ceasefire_by_deadline")
    told = table[table["distinguishable_holm"]].copy()
    text = sentences(section)
    assert f"Of the 9 other scenarios, {len(told)} can be told apart from it" in text
    (left,) = set(table["scenario"]) - set(told["scenario"])
    assert (
        f"; “{next(case.title for case in TEN if case.name == left)}” cannot be told apart from it in 400 runs" in text
    )
    for sign in (1, -1):
        rows = told[np.sign(told["difference"]) == sign]
        rows = rows.iloc[(-rows["difference"].abs()).argsort(kind="stable")]
        titles = [next(case.title for case in TEN if case.name == name) for name in rows["scenario"]]
        places = [text.find(f"“{title}” (") for title in titles[:3]]
        assert all(place > 0 for place in places) and places == sorted(places)
        assert not any(f"“{title}” (" in text for title in titles[3:])
    largest = told.loc[told["difference"].abs().idxmax()]
    assert points(Measured(largest["difference"], largest["low"], largest["high"])) in text


def test_every_difference_in_the_text_is_one_of_the_table(ten: Comparison, section: Section) -> None:
    table = differences(ten, ALL, "hardball", "ceasefire_by_deadline")
    known = {f"{abs(100 * value):.{places}f}" for value in table["difference"] for places in (0, 1, 2)}
    found = re.findall(r"\(([\d.]+) (?:percentage points )?(?:more|fewer)", sentences(section))
    assert found and set(found) <= known


def test_the_table_has_every_scenario_and_its_exact_numbers(ten: Comparison, section: Section) -> None:
    (table,) = (block for block in section.blocks if isinstance(block, Table))
    assert [row[0].text for row in table.rows] == [case.title for case in TEN]
    assert table.data is not None
    assert table.data["ceasefire_by_deadline"].tolist() == summarise(ten, ALL)["ceasefire_by_deadline"].tolist()
    verdicts = {row[0].text: row[4].text for row in table.rows}
    exact = differences(ten, ALL, "hardball", "ceasefire_by_deadline").set_index("scenario")
    for case in TEN[1:]:
        told = exact.loc[case.name, "distinguishable_holm"]
        assert (verdicts[case.title] in ("more frequent", "less frequent")) == told, case.name


def test_where_horizons_differ_land_is_not_compared(section: Section) -> None:
    land = [item for block in section.blocks if isinstance(block, Bullets) for item in block.items if "Land" in item]
    assert land and not any("A long war" in item for item in land)


def test_land_is_told_of_the_largest_differences_that_can_be_told(ten: Comparison, section: Section) -> None:
    same = [each for each in ALL if each.name != "long_war"]
    table = differences(ten, same, "hardball", "territory_lost_km2")
    told = table[table["distinguishable_holm"]]
    text = everything(section)
    assert f"Land lost in war differs from the baseline, as far as can be told, in {len(told)} scenarios" in text
    top = told.loc[told["difference"].idxmax(), "scenario"]
    assert f"in “{next(case.title for case in TEN if case.name == top)}”" in text


def test_without_differences_nothing_is_called_one() -> None:
    text = sentences(answer(with_ceasefires(40, 41, 39)))
    assert "None of the 2 other scenarios can be told apart from it in 400 runs" in text
    assert "does not show that they are alike" in text and "more frequent" not in text


def test_where_all_differ_none_is_left_over() -> None:
    text = sentences(answer(with_ceasefires(40, 200, 300)))
    assert "Both other scenarios can be told apart from it" in text and "cannot" not in text
    assert text.index("“Scenario 2” (65") < text.index("“Scenario 1” (40")


def test_no_ceasefire_at_all_is_none_of_the_runs_with_an_upper_bound() -> None:
    text = everything(answer(with_ceasefires(0, 0, 0)))
    assert "in none of 400 model runs (0 %, 95 % interval 0 to 1.0)" in text
    assert "never" not in text and "impossible" not in text and "Of the" not in text


def test_a_ceasefire_in_every_run_is_still_a_count() -> None:
    text = everything(answer(with_ceasefires(400, 400)))
    assert "in all 400 model runs (100 %, 95 % interval 99.0 to 100)" in text
    assert "namely in the very same runs" in text and "certain" not in text


def test_where_ceasefires_are_frequent_the_third_sentence_is_how_long_they_hold() -> None:
    rare, often = (sentences(answer(with_ceasefires(count, count, weeks_without_zone=50))) for count in (20, 390))
    assert "hold for a year or longer" in often and "hold for a year" not in rare


def test_who_blocks_is_told_where_there_are_weeks_without_a_zone() -> None:
    runs = 200
    side = {"weeks_without_zone": 80, "weeks_blocked_by_ukraine": 60, "weeks_blocked_by_both": 20}
    text = sentences(answer(comparison([BASE], outcomes_of("hardball", runs, **side))))
    assert "In 77 % (95 % interval" in text and "of those weeks Ukraine alone would have to ask for less" in text


def test_two_scenarios_are_told_in_full() -> None:
    section = answer(with_ceasefires(40, 80, scenarios=[BASE, OTHER]))
    lead = section.blocks[0]
    assert isinstance(lead, Paragraph) and lead.lead and lead.text.startswith("What if? How often")
    assert "In “A swift deal” it does so in about 1 in 5 model runs" in sentences(section)
    assert "10.0 percentage points more" in sentences(section) or "10 percentage points more" in sentences(section)


def test_two_that_cannot_be_told_apart_are_not_called_alike() -> None:
    text = sentences(answer(with_ceasefires(40, 42, scenarios=[BASE, OTHER])))
    assert "cannot be told apart from the baseline" in text and "does not show that the two are alike" in text


def test_different_deadlines_are_compared_by_the_earlier_one() -> None:
    early = scenario("early", "Early", deadline=date(2025, 9, 1))
    outcomes = pd.concat(
        [
            outcomes_of("hardball", 300, ceasefire_week=[20.0] * 300),
            outcomes_of("early", 300, ceasefire_week=[3.0] * 300),
        ],
        ignore_index=True,
    )
    section = answer(comparison([BASE, early], outcomes))
    assert "by 1 September 2025, the earlier of the two deadlines," in sentences(section)
    assert "100.0 percentage points more" in sentences(section)
    assert "the baseline has 0.0 % by that day" in sentences(section)
    assert "Where deadlines differ" in everything(section)


def test_a_single_scenario_answers_its_own_question() -> None:
    section = answer(comparison([BASE], made_up(TEN[:1], runs=300)))
    assert isinstance(section.blocks[0], Paragraph) and section.blocks[0].text == "What happens?"
    assert "By 17 May 2027, when the runs end" in sentences(section)
    assert not any(isinstance(block, Table) for block in section.blocks)


def test_without_a_question_one_is_made_from_the_deadline() -> None:
    section = answer(comparison([scenario("mine")], outcomes_of("mine", 30)))
    assert isinstance(section.blocks[0], Paragraph)
    assert section.blocks[0].text == "How often does a ceasefire begin by 31 December 2025 in “mine”?"


def test_of_forty_scenarios_a_few_are_named_and_all_are_in_the_table() -> None:
    section = answer(with_ceasefires(*([15] + [15 + 2 * k for k in range(39)]), runs=120))
    (table,) = (block for block in section.blocks if isinstance(block, Table))
    assert len(table.rows) == 40
    assert sentences(section).count("“Scenario") <= 8 and "Of the 39 other scenarios" in sentences(section)


def test_few_runs_are_counted() -> None:
    assert "in 3 of 20 model runs" in sentences(answer(with_ceasefires(3, 5, runs=20)))


@pytest.mark.parametrize(
    "there", [[], ["hardball"], ["swift_deal"], ["swift_deal", "third"]], ids=lambda names: "+".join(names)
)
def test_scenarios_without_runs_leave_something_to_say(there: list[str]) -> None:
    given = [BASE, OTHER, scenario("third", "Third")]
    tables = [outcomes_of(name, 40) for name in there] or [outcomes_of("hardball", 0)]
    text = everything(answer(comparison(given, pd.concat(tables), runs=100, complete=False)))
    assert ("No run of this experiment is there yet" in text) == (not there)
    assert "told apart from it" not in text


@pytest.mark.parametrize("counts", [(0,), (400,), (7,), (0, 400), (400, 0, 200), (1, 1, 1)])
@pytest.mark.parametrize("runs", [400, 450])
def test_no_sentence_holds_a_number_that_is_none_or_a_word_that_promises(counts: tuple[int, ...], runs: int) -> None:
    text = everything(answer(with_ceasefires(*counts, runs=runs))).replace(CAVEAT, "")
    assert not re.search(r"\bnan\b|\binf\b|None\b(?! of)|  |\( |“”", text)
    assert not re.search(r"\b(will|cause[sd]?|because|leads? to|proves?|certain|likel(y|ihood)|forecast)\b", text)


def test_two_scenarios_of_one_title_are_told_apart_by_name() -> None:
    given = [scenario("one", "Same"), scenario("two", "Same")]
    assert "“Same (two)”" in sentences(answer(with_ceasefires(40, 80, scenarios=given)))


def test_a_hostile_title_stays_words() -> None:
    given = [BASE, scenario("x", "<script>alert(1)</script>")]
    assert "“<script>alert(1)</script>”" in sentences(answer(with_ceasefires(40, 80, scenarios=given)))
