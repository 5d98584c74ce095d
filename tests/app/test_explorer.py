from __future__ import annotations

import os
import signal
import threading
import time

import pytest

import sim
from sim.app.explorer import BLOCK, COARSE, Explorer, explore, plan, traced, warm_up
from sim.app.pool import Pool
from sim.app.state import LIMITS, State
from sim.errors import UsageError
from sim.experiment.chunk import simulate

SHORT = State(runs=40, deadline="2025-08-01", horizon="2025-10-06")
CHANGED = SHORT.changed("russia.confidence", 0.3)


class Received:
    """What an explorer calls back, to be waited for."""

    def __init__(self):
        self.results, self.errors = [], []
        self._complete = threading.Event()

    def result(self, result):
        self.results.append(result)
        if result.complete:
            self._complete.set()

    def error(self, error, generation):
        self.errors.append((error, generation))
        self._complete.set()

    def wait(self):
        assert self._complete.wait(120), "no complete result ever came"
        self._complete.clear()
        return self.results[-1] if self.results else None


def test_the_plan_covers_every_run_once_whatever_their_number():
    for runs in (1, COARSE - 1, COARSE, COARSE + 1, BLOCK, BLOCK + 1, 2 * BLOCK, LIMITS.runs):
        blocks = plan(runs)
        assert [run for block in blocks for run in block] == list(range(runs))
        assert len(blocks[0]) == min(COARSE, runs)
        assert max(len(block) for block in blocks) <= BLOCK


def test_the_numbers_are_those_of_compare():
    shown = explore(CHANGED).comparison
    reference, scenario = CHANGED.reference(), CHANGED.resolved()
    again = sim.compare([reference, scenario], runs=40, seed=1, baseline="hardball")
    assert shown.outcomes.equals(again.outcomes)
    assert shown.summary.equals(again.summary)
    assert shown.comparison.equals(again.comparison)


def test_first_comes_a_coarse_result_then_the_refined_one(monkeypatch):
    monkeypatch.setattr("sim.app.explorer.COARSE", 8)
    received = Received()
    with Explorer(Pool(0)) as explorer:
        generation = explorer.submit(CHANGED, received.result, received.error)
    first, second = received.results
    assert (first.coarse, first.complete, first.runs) == (True, False, 8)
    assert (second.coarse, second.complete, second.runs) == (False, True, 40)
    assert first.generation == second.generation == generation == 1
    assert "so far" in str(first.headline)
    assert "so far" not in str(second.headline)
    again = sim.compare([CHANGED.reference(), CHANGED.resolved()], runs=8, baseline="hardball")
    assert first.comparison.outcomes.equals(again.outcomes)


def test_the_figure_that_is_looked_at_comes_with_the_result():
    received = Received()
    with Explorer(Pool(0)) as explorer:
        explorer.submit(CHANGED.with_(view="outcomes"), received.result)
        result = received.results[-1]
        assert result.drawn("outcomes").startswith(b"<?xml")
        assert result.drawn("incidence") is None
        drawn = []
        explorer.draw(result, "incidence", drawn.append)
    assert drawn == [result.drawn("incidence")]


class Counting:
    """Counts what is computed."""

    def __init__(self, monkeypatch):
        self.blocks = []
        monkeypatch.setattr("sim.app.pool.simulate", self)

    def __call__(self, task):
        self.blocks.append((task.scenario.name, task.block.runs))
        return simulate(task)


def test_the_baseline_and_every_state_are_computed_once(monkeypatch):
    counted, received = Counting(monkeypatch), Received()
    with Explorer(Pool(0)) as explorer:
        for state in (SHORT, CHANGED, SHORT, CHANGED, CHANGED.with_(run=3), CHANGED.with_(view="outcomes")):
            explorer.submit(state, received.result)
    assert counted.blocks == [("hardball_changed", range(40)), ("hardball", range(40)), ("hardball_changed", range(40))]
    assert [result.history.run for result in received.results] == [0, 0, 0, 0, 3, 0]


def test_what_is_kept_is_limited(monkeypatch):
    monkeypatch.setattr("sim.app.pool.KEPT_RUNS", 100)
    counted, received = Counting(monkeypatch), Received()
    with Explorer(Pool(0)) as explorer:
        for seed in (1, 2, 3, 1):
            explorer.submit(SHORT.with_(seed=seed, baseline="unchanged"), received.result)
    assert len(counted.blocks) == 4


def test_whoever_asks_hears_of_what_goes_wrong(monkeypatch):
    def failing(_):
        raise UsageError("it cannot be done")

    monkeypatch.setattr("sim.app.pool.simulate", failing)
    received = Received()
    with Explorer(Pool(0)) as explorer:
        explorer.submit(CHANGED, received.result, received.error)
    assert received.results == []
    assert [(str(error), generation) for error, generation in received.errors] == [("it cannot be done", 1)]


def test_an_unknown_figure_is_refused_before_anything_is_computed():
    with Explorer(Pool(0)) as explorer, pytest.raises(UsageError, match="did you mean 'incidence'"):
        explorer.submit(SHORT, print, figures=["incidenc"])


def test_a_closed_explorer_and_a_closed_pool_take_nothing():
    explorer = Explorer(Pool(0))
    explorer.close()
    with pytest.raises(UsageError, match="closed"):
        explorer.submit(SHORT, print)
    pool = Pool(0)
    pool.close()
    with pytest.raises(UsageError, match="closed"):
        pool.history(SHORT.resolved(), 1, 0)


def test_nothing_is_followed_for_figures_that_do_not_need_it():
    assert traced(["incidence"]) == ()


@pytest.fixture(scope="module")
def pool():
    """Two processes, warm."""
    with Pool(2) as pool:
        for started in pool.warm(warm_up):
            started.result(120)
        yield pool


@pytest.mark.slow
class TestProcesses:
    def test_they_give_what_this_process_gives(self, pool):
        received = Received()
        with Explorer(pool) as explorer:
            explorer.submit(CHANGED, received.result, received.error)
            result = received.wait()
        here = explore(CHANGED, ["incidence"])
        assert result.comparison.outcomes.equals(here.comparison.outcomes)
        assert result.headline == here.headline
        assert result.numbers.equals(here.numbers)
        assert result.history == here.history
        assert result.drawn("incidence") == here.drawn("incidence")

    def test_a_hundred_quick_changes_end_in_the_last_state_and_no_stale_result_is_shown(self, pool):
        latest, stale = [0], []
        received = Received()

        def take(result):
            if result.generation != latest[0]:
                stale.append(result.generation)
            received.result(result)

        with Explorer(pool) as explorer:
            for step in range(100):
                latest[0] += 1  # beforehand: from the call on, all else is stale
                state = SHORT.with_(runs=300).changed("russia.confidence", 0.3 + step / 1000)
                assert explorer.submit(state, take, received.error) == latest[0]
                time.sleep(0.002 * (step % 7))
            while received.wait().generation != 100:
                pass
            assert received.results[-1].state == state
            assert received.results[-1].runs == 300
            assert stale == []
            assert received.errors == []
            assert len({result.generation for result in received.results}) < 100

    def test_two_sessions_do_not_get_into_each_others_way(self, pool):
        first, second = Received(), Received()
        with Explorer(pool) as here, Explorer(pool) as there:
            here.submit(CHANGED.with_(seed=5), first.result, first.error)
            there.submit(CHANGED.with_(seed=6), second.result, second.error)
            assert (first.wait().state.seed, second.wait().state.seed) == (5, 6)

    def test_a_worker_that_is_killed_costs_time_but_no_result(self, pool):
        received = Received()
        with Explorer(pool) as explorer:
            explorer.submit(CHANGED.with_(seed=11, runs=600), received.result, received.error)
            os.kill(pool.job(None, os.getpid, urgent=True).future.result(60), signal.SIGKILL)
            result = received.wait()
        assert received.errors == []
        assert result.runs == 600
        assert result.comparison.failed == 0
