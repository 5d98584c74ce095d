from __future__ import annotations

import io
import re

import pytest
import rich.progress

from sim.experiment import progress as module
from sim.experiment.progress import Progress


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(module, "PATIENCE", 0.05)
    monkeypatch.setattr(module, "LINE_INTERVAL", 0.05)
    monkeypatch.setattr(module, "BAR_INTERVAL", 0.02)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Closed(io.StringIO):
    def write(self, text: str) -> int:
        raise BrokenPipeError


def worked_at(stream: io.StringIO, steps: int = 4) -> str:
    with Progress(1000 * steps, stream) as progress:
        for _ in range(steps):
            progress._over.wait(0.1)
            progress.advance(1000)
    return stream.getvalue()


def test_what_is_over_in_a_second_is_not_talked_about():
    stream = io.StringIO()
    with Progress(2, stream) as progress:
        progress.advance(2)
    assert stream.getvalue() == ""


def test_before_it_is_known_how_many_nothing_is_counted():
    with Progress(0, io.StringIO(), counted="steps") as progress:
        assert progress.status() == "starting"
        progress.expect(3)
        assert progress.status() == "0 of 3 steps, starting"


def test_away_from_a_terminal_there_are_lines(impatient):
    lines = worked_at(io.StringIO()).splitlines()
    assert lines[0] == "0 of 4,000 runs, starting"
    assert any(re.fullmatch(r"2,000 of 4,000 runs, [\d,]+ runs/s, \d+ s left", line) for line in lines)
    assert re.fullmatch(r"4,000 runs in \d\.\d s, [\d,]+ runs/s", lines[-1])
    assert sum("runs in" in line for line in lines) == 1


def test_a_terminal_shows_a_bar(impatient):
    text = worked_at(Terminal())
    assert "runs/s" in text and "━" in text


def test_a_command_in_a_notebook_writes_lines_although_it_has_a_terminal(impatient, monkeypatch):
    monkeypatch.setenv("JPY_PARENT_PID", "1")
    text = worked_at(Terminal())
    assert text.startswith("0 of 4,000 runs, starting\n") and "\x1b" not in text


@pytest.mark.parametrize("stream", [io.StringIO(), Terminal()], ids=["lines", "a bar"])
def test_what_is_still_to_do_may_grow(impatient, stream):
    """With a precision to reach, the next round is planned when the last one is over."""
    with Progress(0, stream) as progress:
        for _ in range(2):
            progress.expect(1000)
            progress._over.wait(0.15)
            progress.advance(500, failed=3)
            progress._over.wait(0.15)
            progress.advance(500)
    text = stream.getvalue()
    assert "500 of 1,000 runs, 3 failed" in text and "1,500 of 2,000 runs, 6 failed" in text
    assert re.search(r"2,000 runs, 6 failed in \d\.\d s", text)


def test_a_bar_is_full_only_when_all_is_done(monkeypatch, impatient):
    shares = []
    update = rich.progress.Progress.update

    def noted(bar, task, **named):
        update(bar, task, **named)
        shares.append(bar.tasks[0].percentage)

    monkeypatch.setattr(rich.progress.Progress, "update", noted)
    with Progress(0, Terminal()) as progress:
        progress.expect(1000)
        progress._over.wait(0.15)
        progress.expect(1000)
        progress.advance(1000)
        progress._over.wait(0.15)
    assert shares[0] == 0 and shares[-1] == 50


def test_a_stop_half_way_is_not_reported_as_the_end(impatient):
    stream = io.StringIO()
    with pytest.raises(KeyboardInterrupt), Progress(4000, stream) as progress:
        progress.advance(1000)
        progress._over.wait(0.2)
        raise KeyboardInterrupt
    assert "4,000 runs in" not in stream.getvalue()


def test_a_closed_stream_does_not_disturb_the_work(impatient):
    assert worked_at(Closed()) == ""


@pytest.mark.parametrize(("seconds", "text"), [(3.2, "3 s"), (59.7, "1 min 0 s"), (3725, "1 h 2 min")])
def test_durations_read_as_people_say_them(seconds, text):
    assert module._duration(seconds) == text
