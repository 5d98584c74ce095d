"""Each fault of a single value is one line with file, line, key and remedy."""

from __future__ import annotations

import pytest

from sim.scenario.messages import quoted

_SPAIN = "europe: {{spain: {{threat: {}, aid_share: 0.1, guarantee_share: 0}}}}"
_RUSSIA = "title: x\nrussia:\n  {}\n"


@pytest.mark.parametrize(
    ("text", "line", "key", "words"),
    [
        # misspelt names
        ("rusia: {confidence: 0.5}", 1, "rusia", "unknown group; did you mean 'russia'?"),
        ("titel: x", 1, "titel", "unknown key; did you mean 'title'?"),
        ("zzz: 1", 1, "zzz", "there are title, question, extends"),
        (_RUSSIA.format("confidnce: 0.5"), 3, "russia.confidnce", "did you mean 'confidence'?"),
        (_RUSSIA.format("urgency: 0.5"), 3, "russia.urgency", "did you mean 'united_states.urgency'?"),
        (_RUSSIA.format("zzz: 0.5"), 3, "russia.zzz", "russia has confidence, "),
        ("russia.confidence: 0.5", 1, "russia.confidence", "write it under its group"),
        ("europe: {backfil: 0.5}", 1, "europe.backfil", "did you mean 'backfill'?"),
        ("europe: {zzz: 0.5}", 1, "europe.zzz", "europe has backfill, "),
        ("europe: {poland: {thret: 0.5}}", 1, "europe.poland.thret", "did you mean 'threat'?"),
        ("europe: {poland: {zzz: 0.5}}", 1, "europe.poland.zzz", "a state has threat, aid_share, guarantee_share"),
        # out of range
        (_RUSSIA.format("confidence: 1.5"), 3, "russia.confidence", "out of range; give a number from 0 to 0.99 (prob"),
        (_RUSSIA.format("horizon: 3"), 3, "russia.horizon", "from 4 to 520 (weeks)"),
        ("europe: {poland: {threat: -1}}", 1, "europe.poland.threat", "from 0 to 1"),
        (_RUSSIA.format("horizon: .nan"), 3, "russia.horizon", "nan is not a finite number"),
        (_RUSSIA.format("horizon: .inf"), 3, "russia.horizon", "inf is not a finite number"),
        (_RUSSIA.format("horizon: 1e999"), 3, "russia.horizon", "inf is not a finite number"),
        # wrong type
        (_RUSSIA.format("stall: '0.7'"), 3, "russia.stall", "'0.7' is text, not a number; write a number from 0 to 1"),
        (_RUSSIA.format("stall: high"), 3, "russia.stall", "'high' is not a number"),
        (_RUSSIA.format("stall: true"), 3, "russia.stall", "true is not a number"),
        (_RUSSIA.format("stall: [1, 2]"), 3, "russia.stall", "or a distribution such as {uniform: [low, high]}"),
        (_RUSSIA.format("stall:"), 3, "russia.stall", "has no value; give a number from 0 to 1"),
        ("europe: {backfill: null}", 1, "europe.backfill", "has no value"),
        ("europe: {poland: {threat: null}}", 1, "europe.poland.threat", "has no value"),
        ("russia:", 1, "russia", "has no value; give keys with values"),
        ("russia: 3", 1, "russia", "3 is not a mapping"),
        ("europe: {poland: 0.5}", 1, "europe.poland", "a state is a mapping of threat, aid_share, guarantee_share"),
        ("title: 1984", 1, "title", "1984 is not text; write some, in quotes"),
        ("title: ''", 1, "title", "nothing is not text"),
        ("title: null", 1, "title", "nothing is not text"),
        ("uncertainty: yes", 1, "uncertainty", "'yes' is neither on nor off; write on or off, or true or false"),
        ("uncertainty: Off", 1, "uncertainty", "write on or off, or true or false; did you mean 'off'?"),
        ("uncertainty: fasle", 1, "uncertainty", "did you mean 'false'?"),
        ("uncertainty: 1", 1, "uncertainty", "1 is neither on nor off"),
        ("uncertainty: [off]", 1, "uncertainty", "is neither on nor off"),
        ("uncertainty:", 1, "uncertainty", "has no value; write on or off"),
        # states
        ("europe:\n  polnad: {threat: 0.5}", 2, "europe.polnad",
         "a new state needs threat, aid_share and guarantee_share; did you mean 'poland'?"),
        ("europe:\n  spain: {threat: 0.5, aid_share: 0.1}", 2, "europe.spain", "a new state needs"),
        (_SPAIN.format("2"), 1, "europe.spain.threat", "2 is out of range; give a number from 0 to 1 (share 0-1)"),
        (_SPAIN.format("{uniform: [1, 0]}"), 1, "europe.spain.threat", "low < high"),
        ("europe: {law: 1}", 1, "europe.law", "unknown key"),
        # distributions
        (_RUSSIA.format("war_cost: {uniform: [0.4, 0.2]}"), 3, "russia.war_cost",
         "uniform needs [low, high] with low < high"),
        (_RUSSIA.format("war_cost: {uniform: [0.1]}"), 3, "russia.war_cost", "uniform needs [low, high]"),
        (_RUSSIA.format("war_cost: {uniform: [0.1, 0.2, 0.3]}"), 3, "russia.war_cost", "uniform needs [low, high]"),
        (_RUSSIA.format("war_cost: {uniform: 0.1}"), 3, "russia.war_cost", "0.1 does not fit"),
        (_RUSSIA.format("war_cost: {uniform: [0.1, 3]}"), 3, "russia.war_cost", "reaches from 0.1 to 3; the bounds"),
        (_RUSSIA.format("war_cost: {triangular: [0.3, 0.2, 0.4]}"), 3, "russia.war_cost", "low <= mode <= high"),
        (_RUSSIA.format("war_cost: {beta: [0, 1]}"), 3, "russia.war_cost", "both above 0, and 0 does not fit"),
        (_RUSSIA.format("horizon: {beta: [1, 1]}"), 3, "russia.horizon", "has its centre at 0.5; the bounds are"),
        (_RUSSIA.format("war_cost: {normal: [0.1, -1]}"), 3, "russia.war_cost", "a standard deviation above 0"),
        (_RUSSIA.format("war_cost: {normal: [9, 1]}"), 3, "russia.war_cost", "has its centre at 9; the bounds are"),
        (_RUSSIA.format("war_cost: {lognormal: [0, 1]}"), 3, "russia.war_cost", "lognormal needs [median, sigma]"),
        (_RUSSIA.format("war_cost: {lognormal: [.inf, 1]}"), 3, "russia.war_cost", "lognormal needs [median, sigma]"),
        (_RUSSIA.format("war_cost: {choice: []}"), 3, "russia.war_cost", "a list of at least one number"),
        (_RUSSIA.format("war_cost: {choice: [0.1, a]}"), 3, "russia.war_cost", "'a' does not fit"),
        (_RUSSIA.format("war_cost: {choice: [0.1, 3]}"), 3, "russia.war_cost", "reaches from 0.1 to 3"),
        (_RUSSIA.format("war_cost: {unifrom: [0.1, 0.2]}"), 3, "russia.war_cost", "did you mean 'uniform'?"),
        (_RUSSIA.format("war_cost: {zzz: 1}"), 3, "russia.war_cost", "there are uniform, triangular, beta"),
        (_RUSSIA.format("war_cost: {}"), 3, "russia.war_cost", "exactly one key"),
        (_RUSSIA.format("war_cost: {beta: [1, 2], uniform: [0, 1]}"), 3, "russia.war_cost", "exactly one key"),
        ("europe: {poland: {threat: {uniform: [0.1, 2]}}}", 1, "europe.poland.threat", "reaches from 0.1 to 2"),
        # dates
        ("deadline: 2025-12-31T12:00:00", 1, "deadline", "is not a date; write a day that exists as YYYY-MM-DD"),
        ("deadline: 2025-12-31 12:00", 1, "deadline", "without a time"),
        ("deadline: 2025-02-30", 1, "deadline", "a day that exists"),
        ("deadline: 20251231", 1, "deadline", "is not a date"),
        ("deadline: 2025-W50-1", 1, "deadline", "is not a date"),
        ("horizon: null", 1, "horizon", "is not a date"),
        # events
        ("events: [a]", 1, "events", "is not a mapping"),
        ("events:\n  crack: 2025-10-06", 2, "events.crack", "{date: 2025-10-06, do: breakthrough}"),
        ("events:\n  crack: {do: breakthrough}", 2, "events.crack.date", "an event needs a date"),
        ("events:\n  crack: {date: soon, do: round}", 2, "events.crack.date", "'soon' is not a date"),
        ("events:\n  crack: {date: 2025-10-06, do: breakthru}", 2, "events.crack.do", "did you mean 'breakthrough'?"),
        ("events:\n  crack: {date: 2025-10-06, do: zzz}", 2, "events.crack.do", "there are leaders_call, round, "),
        ("events:\n  crack: {date: 2025-10-06, did: round}", 2, "events.crack.did", "unknown key"),
        ("events:\n  law: {date: 2025-10-06, do: law}", 2, "events.law.do", "'law' is not an action"),
        ("events:\n  cut: {date: 2025-10-06, do: aid_cut, size: 2}", 2, "events.cut.size", "a number from 0 to 1"),
        ("events:\n  e: {date: 2025-10-06, set: {russia.learning_rate: 2}}", 2,
         "events.e.set.russia.learning_rate", "2 is out of range; give a number from 0 to 1 (ratio)"),
        ("events:\n  e: {date: 2025-10-06, set: {russia.learning_rate: {uniform: [0, 1]}}}", 2,
         "events.e.set.russia.learning_rate", "an event sets a number from 0 to 1 (ratio), not a distribution"),
        ("events:\n  e: {date: 2025-10-06, set: {russia: {learning_rate: 0.5}}}", 2,
         "events.e.set.russia", "did you mean 'russia.learning_rate'?"),
    ],
)  # fmt: skip
def test_a_fault_is_one_line_with_file_line_key_and_remedy(refusal, text, line, key, words):
    error = refusal(text)
    assert str(error).startswith(f"what_if.yaml:{line}: {key}: ")
    assert (error.line, error.key) == (line, key)
    assert words in error.message
    assert "\n" not in str(error)
    assert not any(word in str(error).lower() for word in ("pydantic", "input should", "union", "tuple", "model"))


def test_all_faults_of_a_file_are_told_at_once_in_the_order_of_its_lines(refusal):
    error = refusal("ukraine: {confidence: 3}\nrussia:\n  confidence: 2\n  stall: '1'\nfoo: 1\n")
    keys = [line.split(": ")[1] for line in str(error).splitlines()]
    assert keys == ["ukraine.confidence", "russia.confidence", "russia.stall", "foo"]
    assert (error.key, error.line) == ("ukraine.confidence", 1)


def test_a_long_value_is_shown_short():
    assert quoted("x" * 1000) == f"'{'x' * 56}..."
    assert quoted([1.0, "a\nb"]) == "[1.0, 'a\\nb']"
