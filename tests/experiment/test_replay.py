"""One run, told week by week: the run that is stored, or it says in what it differs."""

from __future__ import annotations

import re
import shutil

import pandas as pd
import pytest

import sim
from sim.errors import UsageError
from sim.experiment import Experiment
from sim.experiment.parts import label_of, write_part
from sim.scenario.calendar import date_of
from tests.actors_that_fail import Raising
from tests.batches import StopsAfter, carried_out


class Silent(sim.actors.Russia):
    """Never stalls."""

    def stalls(self):
        return super().stalls() & False


@pytest.fixture(scope="module")
def swept(hardball, tmp_path_factory):
    directory = tmp_path_factory.mktemp("swept") / "mine"
    points = {"russia.confidence": [0.1, 0.3, 0.5]}
    sim.sweep(hardball, points, runs=6, independent=True, directory=directory, chunk=12, workers=1)
    return directory


def test_every_week_is_told(stored, hardball):
    history = sim.open(stored).replay("hardball", 4)
    assert [week.week for week in history.weeks] == [*range(hardball.horizon_week)]
    assert all(week.day == date_of(week.week) for week in history.weeks)
    assert history.agrees and history.differs == ()
    lines = str(history).splitlines()
    assert lines[0] == "hardball, run 4, seed 3"
    weekly = [line for line in lines if line.startswith("week ")]
    assert len(weekly) == hardball.horizon_week
    front = r"(Russia takes|Ukraine regains) [\d,]+ km²; [\d,]+ km² left, Russian confidence \d\.\d\d"
    assert re.fullmatch(rf"week   0, 2025-05-19: {front}", weekly[0])
    assert all(line.startswith("    ") and line.endswith(".") for line in lines[1:] if line not in weekly)


def test_what_is_told_is_what_happened(stored, comparison):
    """Every kind of event that the table of outcomes counts, run by run."""
    opened = sim.open(stored)
    seen = set()
    for scenario in ("hardball", "sober"):
        for run in range(0, 12, 3):
            rows = comparison.outcomes
            row = rows[(rows["scenario"] == scenario) & (rows["run"] == run)].iloc[0]
            weeks = opened.replay(scenario, run).weeks

            def told(start: str, weeks=weeks) -> list[int]:
                return [week.week for week in weeks if any(event.startswith(start) for event in week.events)]

            assert len(told("A round of talks")) == row["rounds_held"]
            assert len(told("Russia stalls")) == row["rounds_stalled"]
            assert len(told("Russia refuses")) == row["rounds_refused_by_russia"]
            assert len(told("Washington presses Russia")) == row["pressure_steps_russia"]
            assert len(told("Washington presses Ukraine")) == row["pressure_steps_ukraine"]
            firsts = {
                "Both sign a general ceasefire": "signature_week", "A short truce": "short_truce_week",
                "Washington moves on": "us_disengaged_week", "Washington presses Russia": "pressed_russia_week",
            }  # fmt: skip
            for start, column in firsts.items():
                found = told(start)
                assert (found[0] if found else None) == (None if pd.isna(row[column]) else row[column]), (run, start)
                seen |= {start} if found else set()
            assert sum("ceasefire" in week.front for week in weeks) == len(weeks) - row["weeks_of_war"]
    assert len(seen) >= 3


def test_results_in_memory_can_be_told_too(comparison, stored):
    assert str(comparison.replay("sober", 7)) == str(sim.open(stored).replay("sober", 7))
    assert comparison.replay("sober", 7).agrees


def test_a_single_scenario_need_not_be_named(hardball):
    assert sim.compare(hardball, runs=2, workers=1).replay(run=1).scenario == "hardball"


def test_a_stored_run_that_was_changed_is_found_out(stored, tmp_path):
    mine = shutil.copytree(stored, tmp_path / "mine")
    path = mine / "outcomes" / "001-0000000-0000000005.parquet"
    table = pd.read_parquet(path)
    import pyarrow.parquet as pq

    about = label_of(pq.read_schema(path))
    table.loc[2, "territory_lost_km2"] += 1.0
    table.loc[2, "rounds_held"] += 1
    write_part(path, table, about)
    opened = sim.open(mine)
    history = opened.replay("sober", 7)
    assert history.agrees is False and set(history.differs) == {"territory_lost_km2", "rounds_held"}
    assert opened.replay("sober", 6).agrees


def test_a_run_that_is_not_done_is_told_without_a_verdict(experiment, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        carried_out(experiment, directory=tmp_path / "mine", executor=StopsAfter(8))
    opened = sim.open(tmp_path / "mine")
    assert opened.replay("hardball", 2).agrees is True
    late = opened.replay("sober", 11)
    assert late.agrees is None and len(late.weeks) > 20


def test_a_run_at_a_point_of_a_sweep_on_luck_of_its_own(swept, hardball):
    """Every stored run comes out again, also in blocks of several points and on luck that is not the run's number."""
    opened = sim.open(swept)
    for point in range(3):
        for run in (0, 5):
            history = opened.replay(run=run, point=point)
            assert history.agrees, (point, run)
    assert str(opened.replay(run=5, point=0)) != str(opened.replay(run=5, point=2))


def test_on_shared_luck_a_point_is_told_as_its_scenario_would_be(hardball):
    swept = sim.sweep(hardball, {"russia.confidence": [0.1, 0.3]}, runs=4, workers=1)
    varied = sim.compare(hardball.vary({"russia.confidence": 0.3}), runs=4, workers=1)
    told, expected = swept.replay(run=3, point=1), varied.replay(run=3)
    assert told.agrees and told.weeks == expected.weeks and told.point == 1


def test_luck_of_its_own_is_settled_only_once_a_run_is_done(hardball, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        sim.sweep(
            hardball, {"russia.stall": [0.1, 0.3, 0.5]}, runs=4, independent=True, directory=tmp_path / "mine", chunk=4,
            executor=StopsAfter(2),
        )  # fmt: skip
    opened = sim.open(tmp_path / "mine")
    assert opened.replay(run=3, point=1).agrees
    with pytest.raises(UsageError, match="run 3 is not done yet"):
        opened.replay(run=3, point=2)


def test_replaced_actors_are_needed_to_tell_their_runs(hardball, tmp_path):
    experiment = Experiment.of(hardball, runs=6, actors={"russia": Silent})
    held = carried_out(experiment, directory=tmp_path / "mine")
    assert held.replay(run=3).agrees
    opened = sim.open(tmp_path / "mine")
    with pytest.raises(UsageError, match=r"actors were replaced \(russia by .*Silent\); give them in Python"):
        opened.replay(run=3)
    assert opened.replay(run=3, actors={"russia": Silent}).agrees
    assert any(opened.replay(run=run, actors={"russia": sim.actors.Russia}).agrees is False for run in range(6))


def test_a_run_that_failed_is_told_up_to_its_failure(hardball):
    broken = carried_out(Experiment.of(hardball, runs=8, seed=3, actors={"russia": Raising}))
    history = broken.replay(run=7)
    assert [week.week for week in history.weeks] == [0, 1, 2, 3] and history.agrees is None
    assert history.weeks[-1].front == "the run fails (ValueError: run seven cannot go on)"
    assert broken.replay(run=6).agrees


BAD = {
    "no scenario": ((None, 0), r"there are several scenarios \(hardball, sober\); name one of them"),
    "an unknown scenario": (("sobre", 0), "did you mean 'sober'"),
    "no such run": (("sober", 12), "there is no run 12; the experiment has runs 0 to 11"),
    "a run below 0": (("sober", -1), "run must be a whole number from 0 upwards, not -1"),
    "no whole run": (("sober", 1.5), "run must be a whole number from 0 upwards, not 1.5"),
    "no such point": (("sober", 1, 1), "there is no point 1; the design has points 0 to 0"),
}


@pytest.mark.parametrize(("arguments", "words"), BAD.values(), ids=BAD.keys())
def test_a_run_that_there_is_not_cannot_be_told(stored, arguments, words):
    with pytest.raises(UsageError, match=words):
        sim.open(stored).replay(*arguments)
