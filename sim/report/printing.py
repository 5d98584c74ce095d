"""The page as PDF: printed by Chromium, which also shows the page, so that both look alike."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

from sim.errors import OutputError, UsageError
from sim.report.chromium import REMEDY, find_chromium

#: Seconds after which the browser is given up.
PATIENCE = 300.0


def chromium_or_refuse() -> str:
    """Return the browser that prints.

    Raises
    ------
    UsageError
        If there is none; the message says what to install.
    """
    found = find_chromium()
    if found is None:
        raise UsageError(
            f"a PDF is printed by Chromium, which is not there; {REMEDY}, or ask for --format html (format='html') "
            "and print the page from a browser"
        )
    return found


def print_page(page: Path, pdf: Path, chromium: str) -> None:
    """Print a page to a PDF file.

    Parameters
    ----------
    page
        The HTML file.
    pdf
        Where to.
    chromium
        Path of the browser.

    Raises
    ------
    OutputError
        If the browser fails or takes too long.
    """
    with tempfile.TemporaryDirectory(prefix="truce-chromium-", ignore_cleanup_errors=True) as profile:
        command = [
            chromium, "--headless", "--disable-gpu", "--no-first-run", "--disable-extensions", "--disable-sync",
            "--disable-background-networking", "--disable-component-update", f"--user-data-dir={profile}",
            "--no-pdf-header-footer", "--generate-pdf-document-outline", f"--print-to-pdf={pdf.resolve()}",
            *_without_sandbox(), page.resolve().as_uri(),
        ]  # fmt: skip
        try:
            failed, said = _carry_out(command)
        except subprocess.TimeoutExpired:
            raise OutputError(f"{chromium}: did not print the PDF within {PATIENCE:.0f} seconds; try again") from None
        except OSError as error:
            raise OutputError(f"{chromium}: cannot be started ({error.strerror})") from None
    if failed or not pdf.is_file() or not _is_pdf(pdf):
        told = (said.strip().splitlines() or ["it says nothing"])[-1]
        raise OutputError(f"{chromium}: printed no PDF ({told[:200]})")


def _carry_out(command: list[str]) -> tuple[bool, str]:
    """Carry out a command; return whether it failed, and what it said. Given up, it ends with all that it started."""
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        errors="replace", start_new_session=True,
    )  # fmt: skip
    try:
        _, said = process.communicate(timeout=PATIENCE)
    except BaseException:  # also Ctrl-C, which does not reach a session of its own
        _end(process)
        raise
    return process.returncode != 0, said


def _end(process: subprocess.Popen[str]) -> None:
    # Chromium is many processes, and while one of them holds the pipe there is no end to wait for.
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


def _is_pdf(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(5) == b"%PDF-"


def _without_sandbox() -> list[str]:
    # Chromium refuses to run as root with its sandbox; the page is our own and loads nothing.
    return ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
