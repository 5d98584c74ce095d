"""A worker process that is watched: time and memory of each case, and what was answered."""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import tempfile
import time
import traceback
import warnings
from collections.abc import Iterator
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from sim.errors import TruceError, on_one_line

#: Bars: seconds of processor time and megabytes of memory (the process, all libraries loaded), length of an error.
SECONDS, MEGABYTES, CHARACTERS = 2.0, 500, 8000

#: Seconds of any clock after which a case counts as one that waits for ever, and after which its process is ended.
_WAITING, _LOST = 120.0, 600.0

#: Answers that break a bar.
BROKEN = ("traceback", "hang", "memory", "crash", "unclear error", "warning")


class Answer(NamedTuple):
    """What came of one case."""

    number: int
    kind: str
    answer: str
    detail: str
    seconds: float
    megabytes: float


class _Late(BaseException):
    """The time of a case is over."""


def answers(target: str, seed: int, numbers: range) -> Iterator[Answer]:
    """Yield the answers to some cases, each made from the seed and its number; a process that dies is replaced."""
    context = multiprocessing.get_context("spawn")
    start = numbers.start
    while start < numbers.stop:
        ours, theirs = context.Pipe()
        worker = context.Process(target=_work, args=(theirs, target, seed, range(start, numbers.stop)), daemon=True)
        worker.start()
        theirs.close()
        broken, kind = "crash", "?"
        while start < numbers.stop:
            try:
                if not ours.poll(_LOST):
                    broken = "hang"
                    break
                told = ours.recv()
                if isinstance(told, str):  # what it begins with
                    kind = told
                    continue
                answer = Answer(*told)
            except EOFError:
                break
            yield answer
            start = answer.number + 1
            if answer.answer == "memory":
                break  # the peak of a process never falls
        else:
            worker.join()
            return
        worker.kill()
        worker.join()
        if broken == "hang" or worker.exitcode != -signal.SIGKILL:
            yield Answer(start, kind, broken, f"exit code {worker.exitcode}", _LOST, 0.0)
            start += 1


def answered(module: Any, case: Any, number: int) -> Answer:
    """Carry out one case under a watch of time and memory."""
    seen: list[str] = []
    warnings.showwarning = lambda message, *_, **__: seen.append(str(message))  # type: ignore[assignment]
    warnings.simplefilter("always")
    allowed = getattr(module, "SECONDS", SECONDS)
    started = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, allowed)
    signal.setitimer(signal.ITIMER_REAL, _WAITING)
    try:
        try:
            module.carry_out(case)
            answer, detail = "accepted", ""
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.setitimer(signal.ITIMER_REAL, 0)
    except TruceError as error:
        fault = _unclear(str(error))
        answer, detail = ("unclear error", fault) if fault else (f"refused: {_refuser(error)}", on_one_line(str(error)))
    except _Late:
        answer, detail = "hang", traceback.format_exc(limit=-5)
    except MemoryError:
        answer, detail = "memory", traceback.format_exc(limit=-5)
    except BaseException:
        answer, detail = "traceback", traceback.format_exc(limit=-8)
    seconds = time.process_time() - started
    megabytes = _peak()
    if seconds > allowed:
        answer = "hang"
    if megabytes > MEGABYTES:
        answer = "memory"
    if seen and answer not in BROKEN and not getattr(module, "WARNS", False):
        answer, detail = "warning", seen[0]
    return Answer(number, case[0], answer, detail, seconds, megabytes)


def _peak() -> float:
    """Return the most memory that this process has held, MB."""
    try:
        status = Path("/proc/self/status").read_text("ascii")
    except OSError:  # not on Linux
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    # What `getrusage` says would begin with the memory of the process that started this one.
    return float(status.split("VmHWM:")[1].split()[0]) / 1024


def alone(target: str, seed: int, number: int) -> tuple[Any, Answer]:
    """Return one case and its answer, carried out in this process."""
    module = _module(target)
    with tempfile.TemporaryDirectory() as folder:
        here = os.getcwd()
        os.chdir(folder)
        try:
            _listen()
            module.prepare()
            case = module.case(Random(f"{seed}-{number}"))
            return case, answered(module, case, number)
        finally:
            os.chdir(here)


def _work(pipe: Connection, target: str, seed: int, numbers: range) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (16 << 30, 16 << 30))  # whatever happens, the machine lives
    module = _module(target)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        _listen()
        module.prepare()
        for number in numbers:
            case = module.case(Random(f"{seed}-{number}"))
            pipe.send(case[0])
            pipe.send(tuple(answered(module, case, number)))
        os.chdir("/")


def _module(target: str) -> Any:
    return import_module(f".{target}", __package__)


def _listen() -> None:
    for number in (signal.SIGPROF, signal.SIGALRM):
        signal.signal(number, _late)


def _late(*_: object) -> None:
    raise _Late


def _unclear(text: str) -> str:
    """Return what is wrong with the text of an error, empty if nothing is."""
    line = on_one_line(text)
    if not line or "Traceback" in line or " object at 0x" in line:
        return f"no sentence for a user: {line[:300]!r}"
    return f"{len(line):,} characters: {line[:300]!r}" if len(line) > CHARACTERS else ""


def _refuser(error: BaseException) -> str:
    """Return the module and the function that refused, by which refusals are counted."""
    told = getattr(error, "refuser", None)
    if told:
        return str(told)
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/sim/" in frame.filename] or list(frames)
    return f"{ours[-1].filename.rsplit('/', 1)[1].removesuffix('.py')}.{ours[-1].name.strip('_')}"
