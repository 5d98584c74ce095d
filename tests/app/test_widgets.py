"""The explorer in a notebook, without a browser: what is moved is asked for, what comes back is shown."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

import sim
from sim.app.controls import leading
from sim.app.explorer import explore
from sim.app.explorer_box import ExplorerBox
from sim.app.pool import Pool
from sim.app.sliders import Row, Sliders
from sim.app.state import State
from sim.errors import ScenarioError, UsageError

CONFIDENCE = "russia.confidence"
#: Few runs to an early horizon.
FIRST = State(runs=24, deadline=date(2025, 8, 1), horizon=date(2025, 10, 6))
#: Computes at once, and what several tests ask for once.
POOL = Pool(0)


@pytest.fixture
def box() -> Iterator[ExplorerBox]:
    """An explorer of few runs that computes at once."""
    made = ExplorerBox(FIRST, POOL)
    yield made
    made.close()


@pytest.fixture(scope="module")
def still() -> Iterator[ExplorerBox]:
    """One that is only looked at."""
    made = ExplorerBox(FIRST, POOL)
    yield made
    made.close()


def test_moving_a_slider_changes_headline_and_figure(box: ExplorerBox) -> None:
    headline, figure = box.headline, box._picture.value
    box.sliders[CONFIDENCE].value = 0.2
    assert box.state.changes == {CONFIDENCE: 0.2}
    assert box.result.state == box.state
    assert box.headline != headline
    assert box.result.headline.sentences[0].split(" of ")[0] in box._answer.value
    assert box._picture.value != figure


def test_undo_redo_and_reset_move_the_slider_and_what_is_shown(box: ExplorerBox) -> None:
    slider = box.sliders[CONFIDENCE]
    start, untouched = box.headline, slider.value
    slider.value = 0.2
    changed = box.headline
    box.undo()
    assert (box.headline, slider.value, box.state.changes) == (start, untouched, {})
    box.redo()
    assert (box.headline, slider.value) == (changed, 0.2)
    box.reset()
    assert (box.headline, slider.value) == (start, untouched)


def test_a_change_can_be_taken_back_at_its_slider(box: ExplorerBox) -> None:
    row = box._sliders.rows[CONFIDENCE]
    assert row._back.disabled
    row.slider.value = 0.2
    assert not row._back.disabled
    row._back.click()
    assert box.state.changes == {} and row._back.disabled


def test_a_hundred_quick_changes_end_in_the_last_state_whichever_result_comes_last(
    box: ExplorerBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[State] = []

    def submit(state: State, *_: object, **__: object) -> int:
        asked.append(state)
        return len(asked)

    monkeypatch.setattr(box._explorer, "submit", submit)
    for place in range(100):
        box.sliders[CONFIDENCE].value = round(0.7 - 0.005 * place, 3)
    assert len(asked) == 100
    last, early = explore(box.state, pool=POOL), explore(asked[50], pool=POOL)
    last.generation, early.generation = 100, 51
    box._show(last)
    box._show(early)
    assert box.result is last and box.state == asked[-1] == FIRST.changed(CONFIDENCE, 0.205)
    assert "Hardball, changed" in box._answer.value


def test_one_movement_of_a_slider_is_one_step_back(box: ExplorerBox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(box._explorer, "submit", lambda *_, **__: 1)  # nothing comes back while the hand moves
    for value in (0.7, 0.6, 0.5):
        box.sliders[CONFIDENCE].value = value
    box.sliders["russia.war_cost"].value = 0.1
    assert box.state.changes == {CONFIDENCE: 0.5, "russia.war_cost": 0.1}
    box.undo()
    assert box.state.changes == {CONFIDENCE: 0.5}
    box.undo()
    assert box.state.changes == {}


def test_a_result_that_is_older_than_the_last_change_is_not_shown(box: ExplorerBox) -> None:
    box.sliders[CONFIDENCE].value = 0.2
    old = box.result
    box.undo()
    now = box.result
    box._show(old)
    assert box.result is now


def test_a_value_between_the_positions_of_a_slider_is_shown_as_it_is() -> None:
    row = Row(next(control for control in leading(FIRST.base()) if control.name == "front.pace"), print, print)
    row.show(FIRST.changed("front.pace", 51.87))
    assert row.slider.value == 51.87


def test_the_sliders_of_a_fold_are_made_when_it_is_opened() -> None:
    sliders = Sliders(print, print)
    sliders.show(FIRST)
    assert len(sliders.rows) == 10
    sliders.folds.selected_index = 0
    assert "russia.learning_rate" in sliders.rows and len(sliders.rows) > 10


def test_another_scenario_has_sliders_of_its_own(box: ExplorerBox) -> None:
    box._scenario.value = "sober_kremlin"
    assert box.sliders[CONFIDENCE].value == pytest.approx(0.0159)
    assert "Sober Kremlin" in box.headline


def test_a_change_that_is_refused_is_said_in_a_sentence_and_leaves_all_as_it_was(box: ExplorerBox) -> None:
    deadline = box._deadline.value
    box._deadline.value = box.state.resolved().horizon.replace(year=2030)
    assert 'role="alert"' in box._message.value
    assert box.state == FIRST
    assert box._deadline.value == deadline


def test_another_figure_is_drawn_when_it_is_looked_at_and_is_no_step(box: ExplorerBox) -> None:
    before = box._picture.value
    box._which.value = "outcomes"
    assert box._picture.value != before
    assert not box._history.can_undo


def test_a_picture_says_in_words_what_it_shows(still: ExplorerBox) -> None:
    assert 'alt="Ceasefires over time.' in still._picture.value


def test_the_next_history_is_told(box: ExplorerBox) -> None:
    told = box._told.value
    box._another()
    assert box.state.run == 1 and box._told.value != told


def test_the_copied_file_and_code_are_those_of_the_state(box: ExplorerBox) -> None:
    box.sliders[CONFIDENCE].value = 0.2
    assert box._file.value == box.state.as_scenario_file() and "confidence: 0.2" in box._file.value
    assert box._python.value == box.state.as_python()


def test_without_a_kernel_the_last_result_is_there_as_a_picture_and_in_words(still: ExplorerBox) -> None:
    bundle = still._repr_mimebundle_()
    assert set(bundle) == {"application/vnd.jupyter.widget-view+json", "image/png", "text/plain"}
    assert bundle["text/plain"] == still.headline


def test_results_of_another_thread_are_shown_by_the_thread_of_the_kernel(
    still: ExplorerBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def cell() -> list[int]:
        monkeypatch.setattr(still, "_loop", asyncio.get_running_loop())
        threads: list[int] = []
        other = threading.Thread(target=still._later(lambda: threads.append(threading.get_ident())))
        other.start()
        other.join()
        assert not threads  # not before the kernel has time for it
        await asyncio.sleep(0.01)
        return threads

    assert asyncio.run(cell()) == [threading.get_ident()]


def test_a_scenario_file_can_be_explored(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("title: Mine\nquestion: What if?\nextends: hardball\nrussia: {confidence: 0.3}\n", "utf-8")
    box = sim.explore(path, runs=8)
    assert box.sliders[CONFIDENCE].value == 0.3
    box.close()


def test_what_cannot_be_explored_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="did you mean 'hardball'"):
        sim.explore("hardbal")
    with pytest.raises(ScenarioError, match=r"nowhere\.yaml: cannot be read"):
        sim.explore(tmp_path / "nowhere.yaml")


def test_without_ipywidgets_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    with pytest.raises(UsageError, match=r"pip install 'truce-sim\[notebooks\]'"):
        sim.explore()
