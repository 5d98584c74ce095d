"""How far a computation is: a bar on a terminal, a line now and then elsewhere, nothing if it is short."""

from __future__ import annotations

import os
import sys
import threading
import time
from types import TracebackType
from typing import TextIO

PATIENCE = 1.0  # seconds without a word
LINE_INTERVAL = 2.0  # seconds between two lines
BAR_INTERVAL = 0.1  # seconds between two drawings of the bar


class Progress:
    """Tells on a stream how many runs, or other things, are done; a context manager.

    Parameters
    ----------
    total
        Number of runs; it may grow by `expect`.
    stream
        Where to; standard error by default.
    counted
        What is counted, in the plural.

    Examples
    --------
    >>> with Progress(total=2) as progress:
    ...     progress.advance(2)
    """

    def __init__(self, total: int, stream: TextIO | None = None, counted: str = "runs") -> None:
        self.total, self.done, self.failed, self.counted = total, 0, 0, counted
        self._stream = sys.stderr if stream is None else stream
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._tell, daemon=True)

    def expect(self, runs: int) -> None:
        """Have `runs` more to do."""
        self.total += runs

    def advance(self, runs: int, failed: int = 0) -> None:
        """Count `runs` more runs as done, of which some failed."""
        self.done += runs
        self.failed += failed

    def __enter__(self) -> Progress:
        self._started = time.monotonic()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def status(self) -> str:
        """Return the state in words, for example ``2,048 of 20,000 runs, 5,100 runs/s, 4 s left``."""
        seconds = time.monotonic() - self._started
        failed = f", {self.failed:,} failed" if self.failed else ""
        count = f"{self.done:,} of {self.total:,} {self.counted}{failed}"
        if not self.done:
            return f"{count}, starting" if self.total else "starting"
        rate = self.done / seconds
        # A few long steps are unlike each other: what they took says nothing of those to come.
        speed = f", {rate:,.0f} {self.counted}/s" if rate >= 1 else ""
        if self.done >= self.total:
            return f"{self.total:,} {self.counted}{failed} in {seconds:.1f} s{speed}"
        return f"{count}{speed}, {_duration((self.total - self.done) / rate)} left" if speed else count

    def _tell(self) -> None:
        if self._over.wait(PATIENCE):
            return
        try:
            if self._stream.isatty() and not _in_notebook():
                self._draw_bar()
            else:
                self._write_lines()
        except (OSError, ValueError):
            pass  # nobody listens any more; the computation matters, not the talk about it

    def _draw_bar(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, TextColumn
        from rich.progress import Progress as Bar

        console = Console(file=self._stream)
        columns = (BarColumn(), TextColumn("{task.description}"))
        with Bar(*columns, console=console, auto_refresh=False, transient=True) as bar:
            task = bar.add_task(self.status(), total=self.total)
            while not self._over.wait(BAR_INTERVAL):
                bar.update(task, total=self.total, completed=self.done, description=self.status(), refresh=True)
        self._last_word()

    def _write_lines(self) -> None:
        self._say()
        while not self._over.wait(LINE_INTERVAL):
            if 0 < self.done < self.total:
                self._say()
        self._last_word()

    def _last_word(self) -> None:
        if self.done >= self.total:
            self._say()

    def _say(self) -> None:
        print(self.status(), file=self._stream, flush=True)


def _in_notebook() -> bool:
    """Whether this is a command given in a cell: Jupyter gives it a terminal, and shows every drawing of a bar anew."""
    return "JPY_PARENT_PID" in os.environ


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
