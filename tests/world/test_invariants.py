"""Every invariant can fail, and what breaks one is found: in Python at once, in a batch as a failed run."""

from __future__ import annotations

import copy
import pickle
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from sim.errors import OutputError
from sim.experiment import Experiment
from sim.verification.worlds import after, scenario
from sim.world.invariants import INVARIANTS, Before
from sim.world.watch import InvariantError, Watch
from tests.actors_that_fail import RUN, WEEK, Boundless, Liar, places_of
from tests.batches import Here, StopsAfter, bytes_of, carried_out, changed, files_in

PLACE = 2

Wrong = Callable[[sim.CeasefireModel], None]


def put(path: str, value: Any, column: int | None = None) -> Wrong:
    """Something that gives one run a wrong number, in an array at this path of the model."""

    def wrong(model: sim.CeasefireModel) -> None:
        *parts, name = path.split(".")
        owner: Any = model
        for part in parts:
            owner = owner[part] if isinstance(owner, dict) else getattr(owner, part)
        array = (owner[name] if isinstance(owner, dict) else getattr(owner, name)).copy()
        array[PLACE if column is None else (PLACE, column)] = value
        if isinstance(owner, dict):
            owner[name] = array
        else:
            setattr(owner, name, array)

    return wrong


def a_parameter_beyond_its_bound(model: sim.CeasefireModel) -> None:
    model.values["russia"].set("stall", np.where(np.arange(model.runs) == PLACE, 1.5, 0.5))


def relief_though_sanctions_lapsed(model: sim.CeasefireModel) -> None:
    put("europe.lapsed", True)(model)
    put("europe.sanctions_relief", 0.2)(model)


#: What breaks each invariant once a week of war is over: a number of one run that cannot be.
BREAKS: dict[str, Wrong] = {
    "parameters_within_bounds": a_parameter_beyond_its_bound,
    "numbers_are_finite": put("russia.belief.pace", np.inf),
    "shares_within_0_and_1": put("europe.lobbying", 1.01),
    "land_within_oblasts": put("front.gap", -1.0, column=0),
    "land_adds_up": put("front.land_left", 1.0),
    "front_moves_in_war_alone": put("at_war_this_week", False),
    "land_is_handed_over_for_good": put("front.conceded", 5.0),
    "forces_are_positive": put("front.balance", 0.0),
    "beliefs_have_weight": put("ukraine.belief.weight", 0.0),
    "wars_are_planned_within_horizons": put("ukraine.planned_length", 1e4),
    "aid_within_means": put("europe.aid_flow", -0.1),
    "sanctions_lapse_for_good": relief_though_sanctions_lapsed,
    "washington_keeps_count": put("united_states.clock", 99.0),
    "terms_within_the_box": put("table.draft", 1.2, column=0),
    "gaps_tell_who_blocks": put("table.russian_gap", -0.1),
    "answers_follow_a_round": put("table.signed", True),
    "ceasefires_live_week_by_week": put("truce.in_force", True),
    "conquest_ends_all_talks": put("record.weeks.full_control_week", 1.0),
    "weeks_stay_as_noted": put("record.weeks.us_disengaged_week", 1.0),
    "weeks_are_in_order": put("record.weeks.ceasefire_week", 1.0),
    "counts_add_up": put("record.counts.rounds_stalled", 40),
    "terms_belong_to_a_ceasefire": put("record.terms", 0.5, column=2),
    "one_state_at_the_deadline": put("record.in_force_at_deadline", True),
}


@pytest.fixture(scope="module")
def at_war() -> tuple[sim.CeasefireModel, Before]:
    """Some runs, all still at war after three weeks in which nobody has signed; and what was a week before."""
    model = after(sim.CeasefireModel(scenario(weeks=8, events=()), runs=5, seed=1), 2)
    before = Before(model)
    after(model, 1)
    assert model.at_war.all()
    return model, before


def test_there_is_a_way_to_break_each_of_them():
    assert BREAKS.keys() == INVARIANTS.keys()


@pytest.mark.parametrize("name", INVARIANTS)
def test_each_invariant_can_fail_in_one_run_alone(at_war, name):
    model, before = copy.deepcopy(at_war)
    assert INVARIANTS[name].holds(model, before).all()
    BREAKS[name](model)
    assert np.flatnonzero(~INVARIANTS[name].holds(model, before)).tolist() == [PLACE]


@pytest.mark.parametrize("name", INVARIANTS)
def test_each_says_in_a_sentence_what_it_wants(name):
    sentence = INVARIANTS[name].sentence
    assert len(sentence) > 20 and sentence[0].isupper() and not sentence.endswith(".")


def test_the_page_on_robustness_lists_them_all_in_order():
    page = (Path(__file__).parents[2] / "docs" / "robustness" / "soak.md").read_text("utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (.+) \|$", page, re.MULTILINE)
    assert rows == [(invariant.name, invariant.sentence) for invariant in INVARIANTS.values()]


def test_in_python_a_broken_invariant_stops_the_model_with_its_name_week_and_run():
    class Generous(sim.actors.Ukraine):
        """Hands over more land than there is."""

        @property
        def red_line(self):
            line = super().red_line.copy()
            if self.model.week == WEEK + 1:  # asked when the week is over
                line[places_of(self.model)] = 1.5
            return line

    model = sim.CeasefireModel(scenario(weeks=8), runs=4, first_run=5, actors={"ukraine": Generous}, check=True)
    after(model, WEEK)
    said = rf"^shares_within_0_and_1: Beliefs, .* \(broken in week {WEEK} by run {RUN}\)$"
    with pytest.raises(InvariantError, match=said):
        model.step()


def test_of_several_runs_the_first_is_named():
    class Absurd(sim.actors.EuropeanState):
        def backfill(self):
            return -np.ones(self.model.runs)

    model = sim.CeasefireModel(scenario(weeks=3), runs=4, actors={"poland": Absurd}, check=True)
    with pytest.raises(InvariantError, match=r"aid_within_means: .* \(broken in week 0 by run 0 and 3 more\)"):
        model.step()


def test_a_number_that_is_none_breaks_what_is_said_of_it(at_war):
    model, before = copy.deepcopy(at_war)
    put("europe.guarantee", np.nan)(model)
    put("front.gap", np.nan, column=1)(model)
    for name in ("shares_within_0_and_1", "land_within_oblasts", "land_adds_up", "numbers_are_finite"):
        assert not INVARIANTS[name].holds(model, before)[PLACE], name


def test_looking_changes_no_number_and_can_be_copied():
    plain = sim.CeasefireModel(scenario(weeks=30), runs=20).run().outcomes()
    watched = after(sim.CeasefireModel(scenario(weeks=30), runs=20, check=True), 10)
    twin = pickle.loads(pickle.dumps(watched))
    for model in (watched, twin):
        pd.testing.assert_frame_equal(model.run().outcomes(), plain, check_exact=True)


# ---- batches


@pytest.fixture(scope="module")
def lying() -> Experiment:
    return Experiment.of(scenario(weeks=8, certain=True), runs=12, actors={"russia": Liar})


def test_in_a_batch_it_is_a_failed_run_with_the_name_of_the_invariant(lying):
    with pytest.warns(RuntimeWarning, match="1 run failed and left out"):
        results = carried_out(lying, check=True)
    (failure,) = results.failures.to_dict("records")
    told = {key: failure[key] for key in ("run", "week", "exception", "message", "traceback")}
    sentence = INVARIANTS["shares_within_0_and_1"].sentence
    assert told == {
        "run": RUN, "week": WEEK, "exception": "InvariantError",
        "message": f"shares_within_0_and_1: {sentence}", "traceback": "",
    }  # fmt: skip
    unwatched = carried_out(lying)
    assert unwatched.failed == 0
    others = unwatched.outcomes[unwatched.outcomes["run"] != RUN].reset_index(drop=True)
    pd.testing.assert_frame_equal(results.outcomes, others, check_exact=True)


def test_done_again_such_a_run_fails_again_and_is_not_followed(lying):
    with pytest.warns(RuntimeWarning, match="1 run failed and left out"):
        results = carried_out(lying, check=True)
    history = results.replay(run=RUN)
    assert history.agrees is None
    assert history.weeks[-1].front.startswith("the run fails (InvariantError: shares_within_0_and_1")
    assert results.replay(run=RUN + 1).agrees
    assert set(results.weekly(["confidence"])["runs"]) == {lying.runs - 1}


def test_a_number_that_overflows_is_told_as_such_with_and_without_a_look_at_invariants(lying):
    for check in (False, True):
        with pytest.warns(RuntimeWarning, match="1 run failed"):
            results = carried_out(changed(lying, actors={"ukraine": Boundless}), check=check)
        assert results.failures["exception"].tolist() == ["FloatingPointError"]


def test_with_and_without_a_look_a_directory_has_the_same_bytes(tmp_path):
    sound = Experiment.of(scenario(weeks=8), runs=5)
    for check in (False, True):
        carried_out(sound, directory=tmp_path / str(check), check=check)
    assert files_in(tmp_path / "True", "manifest.json") == files_in(tmp_path / "False", "manifest.json")


def begun(experiment: Experiment, directory: Path, check: bool) -> None:
    with pytest.raises(KeyboardInterrupt):
        carried_out(experiment, directory=directory, executor=StopsAfter(2), check=check)


def test_what_was_begun_with_a_look_at_invariants_goes_on_so(lying, tmp_path):
    begun(lying, tmp_path / "mine", check=True)
    here = Here()
    with pytest.warns(RuntimeWarning, match="1 run failed"):
        results = carried_out(lying, directory=tmp_path / "mine", executor=here)
    assert here.tasks and all(task.check for task in here.tasks)
    assert results.failed == 1


def test_what_was_begun_without_is_not_mixed_with_what_is_looked_at(lying, tmp_path):
    begun(lying, tmp_path / "mine", check=False)
    with pytest.raises(OutputError, match=r"begun without looking at invariants \(--check, check=True\); --fresh"):
        carried_out(lying, directory=tmp_path / "mine", check=True)


def test_results_held_in_memory_are_saved_as_looked_at(tmp_path):
    results = sim.compare(scenario(weeks=2), runs=4, check=True)
    results.save(tmp_path / "mine")
    assert sim.open(tmp_path / "mine").manifest["check"] is True
    assert bytes_of(sim.open(tmp_path / "mine")) == bytes_of(results)


def test_a_watch_begins_with_the_week_that_it_is_given():
    model = after(sim.CeasefireModel(scenario(weeks=8), runs=3), 4)
    watch = Watch(model)
    after(model, 1)
    assert list(watch.broken()) == []
