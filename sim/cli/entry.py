"""How the command starts and ends: exit codes, messages in one line, no tracebacks for mistakes in input."""

from __future__ import annotations

import io
import os
import signal
import sys
import warnings
from collections.abc import Sequence
from types import FrameType
from typing import NoReturn

import typer

from sim.cli.app import app
from sim.errors import StoppedError, TruceError, on_one_line

#: Exit codes beside 0; 1 is also that of ``truce verify`` if a check failed (``FAILED_CHECK`` in sim.cli.commands), and
#: of an experiment of which some runs failed (``FAILED_RUNS`` in sim.cli.experiments).
CLOSED_PIPE, BAD_INPUT, INTERRUPTED = 1, 2, 128 + signal.SIGINT


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Carry out a command line and exit.

    Parameters
    ----------
    arguments
        The words after ``truce``; by default those of this process.
    """
    words = sys.argv[1:] if arguments is None else list(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without "²" is no reason to fail
    signal.signal(signal.SIGTERM, _exit_on_signal)
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) == signal.SIG_DFL:  # not under nohup
        signal.signal(signal.SIGHUP, _exit_on_signal)  # the terminal was closed
    warnings.showwarning = _warn
    sys.exit(_run(words))


def _run(words: list[str]) -> int:
    try:
        # Not standalone: typer would print boxes and choose exit codes of its own.
        code = app(args=words, prog_name="truce", standalone_mode=False, obj=words)
        sys.stdout.flush()
    except TruceError as error:
        return _complain(str(error), error.code if isinstance(error, StoppedError) else BAD_INPUT)
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except BrokenPipeError:
        # Nobody reads on; without this the interpreter would complain once more while it shuts down.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CLOSED_PIPE
    except Exception as error:
        # Typer's errors in usage; their base class has moved from version to version.
        if not hasattr(error, "format_message"):
            raise
        context = getattr(error, "ctx", None)
        command = "truce" if context is None else context.command_path
        return _complain(f"{error.format_message().rstrip('.')}; see {command} --help", BAD_INPUT)
    if code == INTERRUPTED:
        return _complain("stopped on request", INTERRUPTED)
    return code if isinstance(code, int) else 0


def _complain(message: str, code: int) -> int:
    print(f"truce: {on_one_line(message)}", file=sys.stderr)
    return code


def _warn(message: Warning | str, *_: object, **__: object) -> None:
    print(f"truce: {on_one_line(str(message))}", file=sys.stderr)


def _exit_on_signal(number: int, frame: FrameType | None) -> NoReturn:
    # Leaves through every `finally`, so that no half-written directory stays.
    sys.exit(128 + number)
