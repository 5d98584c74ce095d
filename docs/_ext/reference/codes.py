"""The exit codes of the command ``truce``."""

from __future__ import annotations

import signal

from reference.markdown import table
from sim.cli.commands import FAILED_CHECK
from sim.cli.entry import BAD_INPUT, CLOSED_PIPE, INTERRUPTED
from sim.cli.experiments import FAILED_RUNS

#: Code and meaning.
CODES: tuple[tuple[int, str], ...] = (
    (0, "Done."),
    (FAILED_RUNS, "Some runs failed; the others are there, and `failures.csv` names those that are not."),
    (FAILED_CHECK, "`truce verify`: a check failed."),
    (CLOSED_PIPE, "Nobody reads what is printed any more (as in `truce list | head -1`)."),
    (BAD_INPUT, "An option, a file or a directory cannot be used, or it could not go on (a full disk, a lost cluster, "
     "too many failed runs); one line on stderr says which and why. What was stored is kept."),
    (INTERRUPTED, "Stopped on request, by Ctrl-C. What was stored is kept, and the same command goes on from there."),
    (128 + signal.SIGTERM, "Stopped by another signal: 128 and its number, here SIGTERM's. What was stored is kept."),
)  # fmt: skip


def markdown() -> str:
    """Return the table of exit codes."""
    return table(("code", "meaning"), [(str(code), meaning) for code, meaning in CODES])
