"""Chromium for the tests of pages, and a page that remembers what went wrong on it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from sim.report.chromium import REMEDY, find_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

#: How long a page may take to get anywhere, in milliseconds: slow machines are no defect.
PATIENCE = 180_000


@dataclass
class Record:
    """What a page said and asked for: errors, and requests that left this machine."""

    errors: list[str] = field(default_factory=list)
    abroad: list[str] = field(default_factory=list)

    def follow(self, page: Page) -> None:
        """Listen to a page from now on."""
        page.on("console", lambda message: message.type == "error" and self.errors.append(message.text))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self._asked(request.url))
        page.on("websocket", lambda socket: self._asked(socket.url))

    def _asked(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("file", "data", "blob", "about") or parts.hostname in ("127.0.0.1", "localhost", "::1"):
            return
        self.abroad.append(url)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The Chromium of this machine, without a window."""
    path = find_chromium()
    if path is None:
        pytest.skip(f"there is no Chromium: {REMEDY}")
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed: make test-browser")
    # Chromium refuses its sandbox to root, as which tests run in containers; these pages are our own.
    sandbox = ["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []
    with playwright.sync_playwright() as driver:
        try:
            browser = driver.chromium.launch(executable_path=path, args=[*sandbox, "--disable-dev-shm-usage"])
        except playwright.Error as error:  # a system that lets no browser start says nothing about the pages
            pytest.skip(f"Chromium does not start here: {str(error).splitlines()[0]}")
        yield browser
        browser.close()


@pytest.fixture
def record() -> Record:
    """What went wrong on the pages of this test."""
    return Record()


@pytest.fixture
def page(chromium: Browser, record: Record) -> Iterator[Page]:
    """A page at laptop width; `record` follows it. Whatever it logs as an error, or asks of another machine, fails."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    context.on("page", record.follow)
    yield context.new_page()
    context.close()
    assert record.errors == []
    assert record.abroad == []


def save_shot(page: Page, name: str) -> None:
    """Keep a picture of the page in TRUCE_SHOTS, for people; without that variable, do nothing."""
    if directory := os.environ.get("TRUCE_SHOTS"):
        page.screenshot(path=Path(directory) / f"{name}.png", full_page=True)
