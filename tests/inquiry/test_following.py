"""Runs followed to a date are the runs of an experiment, read at the right moment."""

from __future__ import annotations

import dataclasses
from datetime import date

import numpy as np
import pytest

import sim
from sim.errors import UsageError
from sim.inquiry.following import Reading, Sight, follow, long_enough
from sim.parameters import OBLASTS
from sim.scenario.calendar import date_of
from sim.verification.worlds import event, scenario


def read(what, runs, readings, seed=1, **options):
    parts = [values for _, values in follow(what, range(runs), seed, readings, **options)]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def lost(day, area="total", name="lost"):
    return Reading(name, day, lambda sight: sight.lost(area), between=True)


def test_the_end_is_that_of_an_experiment_whatever_the_blocks(hardball):
    outcomes = sim.compare(hardball, runs=30, seed=4).outcomes
    ends = [list(follow(hardball, range(30), 4, [], to_the_end=True, chunk=chunk)) for chunk in (30, 7)]
    for parts in ends:
        found = np.concatenate([model.outcomes()["territory_lost_km2"] for model, _ in parts])
        assert (found == outcomes["territory_lost_km2"].to_numpy()).all()


def test_the_front_on_a_monday_is_that_of_a_scenario_that_ends_there(hardball):
    short = dataclasses.replace(hardball, horizon=date(2025, 10, 13))
    expected = sim.compare(short, runs=20).outcomes["territory_lost_km2"].to_numpy()
    assert (read(hardball, 20, [lost(date(2025, 10, 13))])["lost"] == expected).all()


def test_between_two_mondays_the_front_moves_evenly(hardball):
    monday, wednesday, next_monday = (
        read(hardball, 20, [lost(day)])["lost"] for day in (date(2025, 10, 6), date(2025, 10, 8), date(2025, 10, 13))
    )
    assert wednesday == pytest.approx(monday * 5 / 7 + next_monday * 2 / 7)
    assert not np.allclose(monday, next_monday)


def test_the_week_of_a_day_counts_whole():
    # A round on Wednesday 11 June 2025 (week 3); on Sunday before it is not there, on Monday and later it is.
    what = scenario({"table.round_engaged": 0.0, "table.round_disengaged": 0.0}, weeks=8, events=[event(3, "round")])
    readings = [
        Reading(day.isoformat(), day, lambda sight: sight.model.record.counts["rounds_held"].copy())
        for day in (date(2025, 6, 8), date(2025, 6, 9), date(2025, 6, 15))
    ]
    found = read(what, 3, readings)
    assert [values.tolist() for values in found.values()] == [[0] * 3, [1] * 3, [1] * 3]


def test_land_lost_by_oblast_adds_up_and_leaves_out_what_is_handed_over(sober):
    day = date(2025, 12, 15)
    areas = ["total", *OBLASTS]
    readings = [lost(day, area, area) for area in areas]
    readings += [Reading(f"left {area}", day, lambda sight, area=area: sight.left(area), between=True)
                 for area in areas]  # fmt: skip
    readings.append(Reading("ceded", day, lambda sight: sight.model.front.conceded.copy(), between=True))
    found = read(sober, 300, readings)
    assert (found["ceded"] > 0).any()
    assert sum(found[area] for area in OBLASTS) == pytest.approx(found["total"], abs=1e-6)
    start = sim.CeasefireModel(sober, runs=300).front.land_left
    assert found["total"] + found["left total"] + found["ceded"] == pytest.approx(start)


def test_a_scenario_that_ends_too_early_is_refused_or_goes_on_without_changing_before(hardball):
    with pytest.raises(UsageError, match="needs runs until 2026-01-05, but scenario 'hardball' ends on 2025-12-22; do"):
        long_enough(hardball, 33, "it", extend=False, offer="do something")
    longer = long_enough(hardball, 33, "it", extend=True, offer="")
    assert longer.horizon == date(2026, 1, 5)
    day = date(2025, 12, 1)
    assert (read(longer, 20, [lost(day)])["lost"] == read(hardball, 20, [lost(day)])["lost"]).all()
    with pytest.raises(UsageError, match="no scenario can end after"):
        long_enough(hardball, 1001, "it", extend=True, offer="")


def test_a_run_in_which_a_number_overflows_is_named(hardball, monkeypatch):
    step = Sight.step

    def broken(self):
        step(self)
        self.model.front.land_left = np.where(np.arange(self.model.runs) == 2, np.nan, self.model.front.land_left)

    monkeypatch.setattr(Sight, "step", broken)
    with pytest.raises(UsageError, match="1 runs of scenario 'hardball', the first of them run 2"):
        read(hardball, 4, [lost(date_of(1))])
