"""The page as PDF: printed by Chromium, which also shows the page, so that both look alike."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from sim.errors import OutputError, UsageError

#: Environment variable that names the browser, before any other.
VARIABLE = "TRUCE_CHROMIUM"
#: Commands that are looked for.
COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
#: Seconds after which the browser is given up.
PATIENCE = 180.0


def find_chromium(environment: Mapping[str, str] | None = None) -> str:
    """Return the browser that prints.

    Parameters
    ----------
    environment
        Environment variables; by default those of this process.

    Raises
    ------
    UsageError
        If there is none; the message says what to install.
    """
    environment = os.environ if environment is None else environment
    path = environment.get("PATH", os.defpath)
    if named := environment.get(VARIABLE):
        if found := shutil.which(named, path=path):
            return found
        raise UsageError(f"{VARIABLE} names '{named}', which is no program; name Chromium or Chrome there")
    for command in COMMANDS:
        if found := shutil.which(command, path=path):
            return found
    raise UsageError(
        "a PDF is printed by Chromium, which is not there; install it (Debian and Ubuntu: apt install chromium), name "
        f"it in {VARIABLE}, or ask for --format html and print the page from a browser"
    )


def print_page(page: Path, pdf: Path, chromium: str) -> None:
    """Print a page to a PDF file.

    Parameters
    ----------
    page
        The HTML file.
    pdf
        Where to.
    chromium
        From `find_chromium`.

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
            done = subprocess.run(
                command, capture_output=True, text=True, errors="replace", timeout=PATIENCE, stdin=subprocess.DEVNULL
            )
        except subprocess.TimeoutExpired:
            raise OutputError(f"{chromium}: did not print the PDF within {PATIENCE:.0f} seconds; try again") from None
        except OSError as error:
            raise OutputError(f"{chromium}: cannot be started ({error.strerror})") from None
    if done.returncode or not pdf.is_file() or not pdf.read_bytes().startswith(b"%PDF-"):
        told = (done.stderr.strip().splitlines() or ["it says nothing"])[-1]
        raise OutputError(f"{chromium}: printed no PDF ({told[:200]})")


def _without_sandbox() -> list[str]:
    # Chromium refuses to run as root with its sandbox; the page is our own and loads nothing.
    return ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
