"""Question files: what they say, what they must not say, and those that come with Truce."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.evidence import derive, numbers, read
from sim.inquiry.questions import list_questions, load_question
from sim.inquiry.resolution import RULES

GOOD = """title: Half
wording: Will half be lost?
rule: territory_lost
by: 2025-11-09
as_of: 2025-06-01
territory_km2: 500
forecasts:
  - {source: A crowd, date: 2025-05-30, probability: 0.2, note: "of ten", url: "https://example.org"}
  - {source: Another, date: 2025-05-20, probability: 0}
outcome: true
"""


def test_a_question_says_what_its_file_says(write):
    question = load_question(write(GOOD))
    assert (question.name, question.rule, question.by) == ("mine", "territory_lost", date(2025, 11, 9))
    assert (question.territory_km2, question.outcome) == (500, True)
    assert [(f.source, f.probability) for f in question.forecasts] == [("Another", 0.0), ("A crowd", 0.2)]
    assert question.forecasts[1].url == "https://example.org"


def test_an_outcome_and_a_later_day_get_a_note(write):
    outcome, later = load_question(write(GOOD)).notes()
    assert "not known on 2025-05-19" in outcome
    assert "knows nothing after 2025-05-19" in later
    assert load_question("ceasefire_in_2025").notes() == ()


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "words"),
    [
        ("wording:", "wordin:", 2, "wordin", "unknown key; did you mean 'wording'?"),
        ("wording: Will half be lost?\n", "", 1, "", "a question needs `wording`"),
        ("rule: territory_lost", "rule: teritory_lost", 3, "rule", "did you mean 'territory_lost'?"),
        ("rule: territory_lost", "rule: peace", 3, "rule", "there are announced_truce, signature"),
        ("rule: territory_lost", "rule: signature", 6, "territory_km2", "has no such threshold; remove the line"),
        ("territory_km2: 500\n", "", 3, "rule", "needs `territory_km2`"),
        ("territory_km2: 500", "territory_km2: 0", 6, "territory_km2", "out of range; give a number above 0"),
        ("territory_km2: 500", "territory_km2: much", 6, "territory_km2", "'much' is not a number"),
        ("by: 2025-11-09", "by: 2025-11-31", 4, "by", "is not a date"),
        ("by: 2025-11-09", "by: 2025-05-19", 4, "by", "not after the start"),
        ("by: 2025-11-09", "by: 2025-05-25", 4, "by", "not after `as_of`"),
        ("as_of: 2025-06-01", "as_of: 2025-05-18", 5, "as_of", "before the start of all runs, 2025-05-19"),
        ("date: 2025-05-30", "date: 2025-06-30", 8, "forecasts.0.date", "knew more than is asked"),
        ("probability: 0.2", "probability: 20", 8, "forecasts.0.probability", "from 0 to 1"),
        ("probability: 0.2", "probabilty: 0.2", 8, "forecasts.0.probabilty", "did you mean 'probability'?"),
        ("source: Another, ", "", 9, "forecasts.1", "a forecast needs `source`"),
        ("outcome: true", "outcome: yes", 10, "outcome", "'yes' is neither true nor false"),
        ("title: Half", "title: 3", 1, "title", "is not text"),
    ],
)
def test_a_fault_is_named_with_file_line_and_key(write, old, new, line, key, words):
    assert old in GOOD
    path = write(GOOD.replace(old, new, 1))
    with pytest.raises(ScenarioError) as caught:
        load_question(path)
    first = str(caught.value).splitlines()[0]
    assert first.startswith(f"mine.yaml:{line}: {key}{': ' if key else ''}")
    assert words in str(caught.value)
    assert (caught.value.line, caught.value.key or "") == (line, key)


def test_all_faults_are_told_at_once(write):
    path = write(GOOD.replace("rule: territory_lost", "rule: x").replace("outcome: true", "outcome: 1"))
    with pytest.raises(ScenarioError) as caught:
        load_question(path)
    assert [text.split(":")[1] for text in str(caught.value).splitlines()] == ["3", "10"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the file is empty; write at least a title, or copy a question that exists"),
        ("- 1", "a question file must be a mapping at the top"),
        ("title: [", "not valid YAML"),
        (GOOD.replace("forecasts:", "forecasts: none\nx:"), "'none' is not a list"),
        (GOOD.replace("  - {source: A", "  - A\n  - {source: A"), "'A' is not a mapping"),
    ],
)
def test_a_file_of_another_form_is_refused(write, text, words):
    with pytest.raises(ScenarioError, match=words):
        load_question(write(text))


def test_an_unknown_name_gets_the_nearest():
    with pytest.raises(ScenarioError, match="did you mean 'ceasefire_in_2025'"):
        load_question("ceasefire_in_2026")
    with pytest.raises(ScenarioError, match="no such file"):
        load_question("nowhere.yaml")


PUBLISHED = """title: T
wording: W
rule: signature
by: 2025-12-31
as_of: 2025-05-19
published:
  - {column: by_2025_12_31, forecasters: [RAND]}
"""


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("by_2025_12_31", "by_2025_12_3", "did you mean 'by_2025_12_31'"),
        ("RAND", "RANT", "did you mean 'RAND'"),
        ("[RAND]", "RAND", "not a list of names"),
        ("column: by_2025_12_31, forecasters: [RAND]", "column: under_30_days, forecasters: [Polymarket]",
         "nothing in that column"),
    ],
)  # fmt: skip
def test_published_forecasts_that_do_not_exist_are_refused(write, old, new, words):
    with pytest.raises(ScenarioError, match=words):
        load_question(write(PUBLISHED.replace(old, new, 1) if old != "by_2025_12_31" else PUBLISHED.replace(old, new)))


# ----------------------------------------------------------------------------------------------------------------------
# Those that come with Truce


@pytest.mark.parametrize("name", list_questions())
def test_nothing_in_a_question_that_comes_with_truce_is_later_than_the_article(name):
    question = load_question(name)
    assert question.outcome is None
    assert question.as_of == date(2025, 5, 19)
    assert question.forecasts
    assert max(forecast.day for forecast in question.forecasts) <= date(2025, 5, 19)


def test_every_published_forecast_is_in_one_of_them():
    told = [(f.day.isoformat(), f.source, f.probability) for name in list_questions()
            for f in load_question(name).forecasts]  # fmt: skip
    table = read("forecasts")
    for column in ("by_2025_12_31", "under_30_days"):
        for day, source, chance in zip(table["date"], table["forecaster"], numbers("forecasts", column), strict=True):
            assert chance != chance or (day, source, chance) in told


def test_a_lasting_ceasefire_has_the_product_of_two_answers():
    found = {f.source: f.probability for f in load_question("lasting_ceasefire_in_2025").forecasts}
    assert found == pytest.approx(derive.forecasts_of_30_days())
    assert found["RAND"] == pytest.approx(0.28 * (1 - 0.58))


def test_the_question_of_the_documentation_can_be_read(write):
    text = (Path(__file__).parents[2] / "docs" / "analysis" / "forecasts.md").read_text("utf-8")
    block = text.split("checked like a scenario file:\n\n```yaml\n")[1].split("```")[0]
    question = load_question(write(block))
    assert (question.territory_km2, question.outcome) == (1500, True)
    for name, rule in RULES.items():
        assert f"| `{name}` | {rule.meaning.replace('2025-05-19', '19 May 2025')} |" in text
