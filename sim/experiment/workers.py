"""Worker processes that start from any program: a command, a script without a guard, a notebook."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import resource_tracker
from types import ModuleType, TracebackType
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def available_cores() -> int:
    """Return the number of cores this process may use."""
    if hasattr(os, "process_cpu_count"):  # Python 3.13
        return os.process_cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def may_start_processes() -> bool:
    """Return False inside a process that may have no children of its own."""
    process = multiprocessing.current_process()
    # The second is true while a spawned child still imports its parent's script.
    return not process.daemon and not getattr(process, "_inheriting", False)


class Workers(ProcessPoolExecutor):
    """A pool of fresh processes that know nothing of the program that started them.

    They are spawned, not forked: a fork copies locks of other threads (compiled code, notebooks) in
    whatever state they are.

    Parameters
    ----------
    count
        Number of processes.
    """

    def __init__(self, count: int) -> None:
        super().__init__(count, mp_context=multiprocessing.get_context("spawn"), initializer=_settle)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Schedule a call; processes are started here, as they are needed."""
        with _main_module_left_out(), _interrupts_held_back():
            return super().submit(fn, *args, **kwargs)

    def kill(self) -> None:
        """End the processes at once, whatever they are doing."""
        with _interrupts_held_back():  # a second Ctrl-C must not cut this short
            for process in list((self._processes or {}).values()):
                process.kill()
            self.shutdown(wait=True, cancel_futures=True)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        """Wait for the work to be done; after a failure or Ctrl-C end the processes at once instead."""
        if kind is None:
            return super().__exit__(kind, error, trace)
        self.kill()
        return None


@contextmanager
def _main_module_left_out() -> Iterator[None]:
    """Keep the processes started inside the block from importing the main module.

    A spawned process imports its parent's main module first. For a script without
    ``if __name__ == "__main__"`` that would run the whole script again in each worker, down to the
    call that started them. Truce's tasks need nothing from it, and a main module without a file is
    not imported.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Start the processes inside the block deaf to Ctrl-C; here it takes effect at the end of the block.

    A worker ignores it by itself only once Python is up; until then it would print a traceback.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    resource_tracker.ensure_running()  # started later, it would lift the mask
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _settle() -> None:
    """Leave Ctrl-C to the parent, and end with it however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
