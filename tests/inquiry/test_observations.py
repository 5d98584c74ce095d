"""Observations: what a file says, what they are read off, and how likely a run makes them."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import norm

import sim
from sim.errors import ScenarioError
from sim.inquiry.following import follow
from sim.inquiry.observations import COUNTS, EVENTS, FOLDER, Observation, load_observations, log_likelihood

DAY = date(2025, 8, 31)  # the last day of week 14

GOOD = """title: Made up
misreporting: 0.02
front:
  - {date: 2025-08-31, lost_km2: 900, sd_km2: 100}
  - {date: 2025-08-31, area: kherson, left_km2: 5000, sd_km2: 50}
events:
  - {event: signature, date: 2025-08-31, observed: false}
  - {event: us_engaged, date: 2025-08-31, observed: true, misreporting: 0}
counts:
  - {count: rounds_held, date: 2025-08-31, number: 9}
  - {count: pressure_steps_russia, date: 2025-08-31, number: 0}
  - {count: pressure_steps_ukraine, date: 2025-08-31, number: 2, sd: 0.5}
"""


def test_a_file_says_what_was_observed_and_how_wrong_it_can_be(write):
    found = load_observations(write(GOOD))
    assert [(o.what, o.area, o.observed, o.error) for o in found] == [
        ("lost_km2", "total", 900, 100),
        ("left_km2", "kherson", 5000, 50),
        ("signature", "", 0, 0.02),
        ("us_engaged", "", 1, 0),
        ("rounds_held", "", 9, 3),  # the square root
        ("pressure_steps_russia", "", 0, 1),  # at least 1
        ("pressure_steps_ukraine", "", 2, 0.5),
    ]


def test_a_file_with_a_title_alone_holds_none(write):
    assert load_observations(write("title: Nothing yet")) == ()


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "words"),
    [
        ("events:", "event:", 6, "event", "did you mean 'events'?"),
        ("sd_km2: 100", "sd: 100", 4, "front.0.sd", "unknown key"),
        (", sd_km2: 100", "", 4, "front.0", "needs `sd_km2`"),
        ("sd_km2: 100", "sd_km2: 0", 4, "front.0.sd_km2", "give a number from 0.001"),
        ("lost_km2: 900, ", "", 4, "front.0", "either `lost_km2` or `left_km2`"),
        ("lost_km2: 900", "lost_km2: 900, left_km2: 1", 4, "front.0", "give one of them"),
        ("area: kherson", "area: herson", 5, "front.1.area", "did you mean 'kherson'?"),
        ("event: signature", "event: signatur", 7, "events.0.event", "did you mean 'signature'?"),
        ("event: signature", "event: peace", 7, "events.0.event", "there are short_truce, signature"),
        ("observed: false", "observed: 0", 7, "events.0.observed", "neither true nor false"),
        ("misreporting: 0.02", "misreporting: 0.5", 2, "misreporting", "from 0 to 0.49"),
        ("count: rounds_held", "count: rounds", 10, "counts.0.count", "did you mean 'rounds_held'?"),
        ("number: 9", "number: 9.5", 10, "counts.0.number", "not a whole number"),
        ("signature, date: 2025-08-31", "signature, date: 2025-05-19", 7, "events.0.date", "not after the start"),
        ("signature, date: 2025-08-31", "signature, date: soon", 7, "events.0.date", "not a date"),
        ("us_engaged", "signature", 8, "events.1", "observed twice"),
    ],
)
def test_a_fault_is_named_with_file_line_and_key(write, old, new, line, key, words):
    path = write(GOOD.replace(old, new, 1))
    with pytest.raises(ScenarioError) as caught:
        load_observations(path)
    assert str(caught.value).startswith(f"mine.yaml:{line}: {key}: ")
    assert words in str(caught.value)


def test_every_observation_is_read_as_the_outcomes_have_it(sober):
    # Week 14 is the last of 15: a scenario that ends on the Monday after has its outcomes then.
    import dataclasses

    end = date(2025, 9, 1)
    rows = sim.compare(dataclasses.replace(sober, horizon=end, deadline=end), runs=200).outcomes
    observations = [Observation("event", name, DAY, 1, 0.1) for name in EVENTS]
    observations += [Observation("count", name, DAY, 1, 1) for name in COUNTS]
    observations += [Observation("front", "lost_km2", end, 1, 1, "total")]
    ((_, values),) = follow(sober, range(200), 1, [o.reading() for o in observations])
    weeks = {name: name.removesuffix("_week") for name in rows if name.endswith("_week")}
    for column, event in weeks.items():
        if event in EVENTS:
            assert (values[f"{event} {DAY}"] == rows[column].notna()).all(), event
    assert (values[f"us_engaged {DAY}"] == rows["us_engaged_at_horizon"]).all()
    assert 0 < values[f"ceasefire_in_force {DAY}"].mean() < 1
    assert (values[f"ceasefire_in_force {DAY}"] >= rows["settlement"]).all()
    for name in COUNTS:
        assert (values[f"{name} {DAY}"] == rows[name]).all(), name
    assert (values[f"lost_km2 total {end}"] == rows["territory_lost_km2"]).all()


def test_the_example_of_the_documentation_is_the_one_that_comes_with_truce_and_is_called_made_up(write):
    text = (Path(__file__).parents[2] / "docs" / "analysis" / "forecasts.md").read_text("utf-8")
    block = text.split("```yaml\n# summer.yaml\n")[1].split("```")[0]
    assert load_observations(write(block)) == load_observations("made_up")
    assert (FOLDER / "made_up.yaml").read_text("utf-8").startswith("# MADE UP: every number in this file is invented")


# ----------------------------------------------------------------------------------------------------------------------
# Likelihood


def test_the_front_has_a_normal_error():
    front = Observation("front", "lost_km2", DAY, 900, 100, "total")
    values = np.array([900.0, 700.0, 1300.0])
    assert front.log_likelihood(values) == pytest.approx(norm.logpdf(900, values, 100))
    below = norm.cdf(900, values, 100).mean()
    assert front.chance(values) == pytest.approx(2 * min(below, 1 - below))


def test_a_count_has_a_normal_error():
    count = Observation("count", "rounds_held", DAY, 6, 2)
    assert count.log_likelihood(np.array([4.0])) == pytest.approx(norm.logpdf(6, 4, 2))


def test_a_report_may_be_false_unless_it_cannot():
    report = Observation("event", "signature", DAY, 1, 0.05)
    assert np.exp(report.log_likelihood(np.array([1.0, 0.0]))) == pytest.approx([0.95, 0.05])
    assert report.chance(np.array([1.0, 0.0, 0.0, 0.0])) == pytest.approx((0.95 + 3 * 0.05) / 4)
    certain = Observation("event", "signature", DAY, 1, 0.0)
    assert certain.log_likelihood(np.array([1.0, 0.0])).tolist() == [0.0, -math.inf]


def test_errors_of_different_observations_are_independent():
    both = [Observation("event", "signature", DAY, 1, 0.05), Observation("front", "lost_km2", DAY, 0, 1, "total")]
    values = {both[0].name: np.array([1.0, 0.0]), both[1].name: np.array([0.0, 2.0])}
    expected = np.log([0.95, 0.05]) + norm.logpdf(0, [0, 2], 1)
    assert log_likelihood(both, values, 2) == pytest.approx(expected)
    assert log_likelihood([], {}, 3).tolist() == [0, 0, 0]
