"""Values that are valid one by one may still not fit together."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("text", "line", "key", "words"),
    [
        # dates
        ("deadline: 2025-05-19", 1, "deadline", "too early; the first possible deadline is 2025-05-26"),
        ("deadline: 2024-01-01", 1, "deadline", "too early"),
        ("title: x\nhorizon: 2025-06-01", 2, "horizon", "must not be before the deadline 2025-12-31"),
        ("title: x\ndeadline: 2028-01-01", 2, "deadline", "the horizon 2027-05-17 must not be before the deadline"),
        ("horizon: 2044-07-19", 1, "horizon", "too late; a scenario ends by 2044-07-18 (1000 weeks)"),
        # events
        ("events: {e: {date: 2025-05-18, do: round}}", 1, "events.e.date", "the first possible day is 2025-05-19"),
        ("events: {e: {date: 2027-05-17, do: round}}", 1, "events.e.date", "the last possible day is 2027-05-16"),
        ("events: {e: {date: 2025-10-06}}", 1, "events.e", "give it an action with `do` or new values with `set`"),
        ("events: {e: {date: 2025-10-06, set: {}}}", 1, "events.e", "the event does nothing"),
        ("events: {e: {date: 2025-10-06, do: round, size: 0.5}}", 1, "events.e.size", "sanctions_step and aid_cut"),
        ("events: {e: {date: 2025-10-06, size: 0.5, set: {russia.stall: 1}}}", 1, "events.e.size", "remove it"),
        ("events: {My event: {date: 2025-10-06, do: round}}", 1, "events.My event", "lower-case letters"),
        ("events: {e: {date: 2025-10-06, set: {russia.confidence: 0.5}}}", 1, "events.e.set.russia.confidence",
         "matters at the start only, so an event cannot change it; set it under `russia`"),
        ("events: {e: {date: 2025-10-06, set: {russia.learning_rat: 0.5}}}", 1, "events.e.set.russia.learning_rat",
         "there is no such parameter; did you mean 'russia.learning_rate'?"),
        ("events: {e: {date: 2025-10-06, set: {europe.spain.threat: 0.5}}}", 1, "events.e.set.europe.spain.threat",
         "the scenario has no state 'spain'"),
        ("europe: {hungary: null}\nevents:\n  e: {date: 2025-10-06, set: {europe.hungary.threat: 0.5}}", 3,
         "events.e.set.europe.hungary.threat", "the scenario takes hungary out"),
        ("europe: {spain: {threat: 0.5, aid_share: 0.1, guarantee_share: 0}}\n"
         "events:\n  e: {date: 2025-10-06, set: {europe.spain.threat: 2}}", 3,
         "events.e.set.europe.spain.threat", "2 is out of range; give a number from 0 to 1"),
        # states
        ("europe: {Spain: {threat: 0.5, aid_share: 0.1, guarantee_share: 0}}", 1, "europe.Spain", "lower-case letters"),
        # beliefs
        ("title: x\nrussia: {confidence: 0.95}", 2, "russia.confidence",
         "must stay below its belief that a breakthrough gives everything (russia.breakthrough_decides, 0.9)"),
        ("russia: {confidence: {uniform: [0.5, 0.9]}}", 1, "russia.confidence", "up to 0.9"),
        ("ukraine: {confidence: 0.6}", 1, "ukraine.confidence", "keep it below 0.6 or raise ukraine.breakthrough_dec"),
        ("united_states: {breakthrough_decides: 0.2}", 1, "united_states.breakthrough_decides", "lower united_states"),
        ("russia: {breakthrough_decides: {uniform: [0.5, 1.0]}}", 1, "russia.breakthrough_decides", "down to 0.5"),
        ("russia: {confidence: {normal: [0.7, 0.1]}}", 1, "russia.confidence", "up to 0.99"),
        # weights
        ("title: x\nrussia: {weight_territory: 0, weight_sanctions: 0, weight_security: 0, weight_recognition: 0}", 2,
         "russia.weight_territory", "Russia's weights could all four be zero"),
        ("ukraine: {weight_territory: 0, weight_sanctions: 0, weight_security: {choice: [0, 1]},"
         " weight_recognition: 0}", 1, "ukraine.weight_territory", "Ukraine's weights"),
        ("front: {luhansk_share: 0, donetsk_share: 0, zaporizhzhia_share: 0, kherson_share: 0}", 1,
         "front.luhansk_share", "the shares of the advance"),
        ("ukraine: {weight_sanctions: 0, weight_security: 0, weight_recognition: 0}\n"
         "events:\n  e: {date: 2025-10-06, set: {ukraine.weight_territory: 0}}", 3,
         "events.e.set.ukraine.weight_territory", "Ukraine's weights could all four be zero"),
    ],
)  # fmt: skip
def test_values_that_do_not_fit_together_are_refused_at_the_key_that_the_file_sets(refusal, text, line, key, words):
    error = refusal(text)
    assert str(error).startswith(f"what_if.yaml:{line}: {key}: ")
    assert words in error.message
    assert "\n" not in str(error)


@pytest.mark.parametrize(
    "text",
    [
        "deadline: 2025-05-26\nhorizon: 2025-05-26",
        "horizon: 2044-07-18",
        "events: {first: {date: 2025-05-19, do: round}, last: {date: 2027-05-16, do: round}}",
        "events: {cut: {date: 2025-10-06, do: aid_cut, size: 1}, more: {date: 2025-10-06, do: sanctions_step}}",
        "events: {e: {date: '2025-10-06', set: {europe.poland.threat: 1, front.pace: 0}}}",
        "russia: {confidence: 0.89}",
        "russia: {confidence: 0.95, breakthrough_decides: 1}",
        "uncertainty: off\nunited_states: {breakthrough_decides: 0.31}",
        "russia: {weight_territory: 1, weight_sanctions: 0, weight_security: 0, weight_recognition: 0}",
    ],
)
def test_the_edge_of_what_fits_is_accepted(scenario, text):
    assert scenario(text).digest()


def test_a_law_by_default_counts_as_much_as_a_written_one(refusal, scenario):
    """With uncertainty on, Washington's belief reaches up to 0.45 although its default is 0.30."""
    text = "uncertainty: {}\nunited_states: {{breakthrough_decides: 0.4}}"
    assert "up to 0.45" in refusal(text.format("on")).message
    assert scenario(text.format("off")).values == {"united_states.breakthrough_decides": 0.4}


def test_several_faults_are_told_at_once(refusal):
    error = refusal("deadline: 2025-05-01\nrussia: {confidence: 0.95}\nevents: {e: {date: 2025-10-06}}\n")
    assert len(str(error).splitlines()) == 3


def test_a_typo_of_a_parameter_that_matters_at_the_start_only_is_recognised(refusal):
    refused = refusal("events: {e: {date: 2025-10-06, set: {russia.confidnce: 0.5}}}")
    assert "did you mean 'russia.confidence'?" in str(refused)
