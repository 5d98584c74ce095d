"""A notebook with sliders in a real JupyterLab, on this machine and nowhere else."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.browser.conftest import save_shot

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

    from tests.browser.conftest import Record

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
NAME = "3_turn_the_knobs.ipynb"
#: Executing the notebook takes half a minute on a slow machine, and twice that on a busy one.
PATIENCE = 180_000
#: How often to press the keys that execute a cell, if nothing comes of it.
ATTEMPTS = 4
#: What JupyterLab asks of other machines unless it is told not to.
SILENT = (
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate", "--LabApp.news_url=",
    "--LabApp.extension_manager=readonly",
)  # fmt: skip


class Lab(NamedTuple):
    """A JupyterLab: where its notebook is, and what it writes down."""

    address: str
    log: Path


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """The address of the notebook in a JupyterLab of its own, with settings, files and a token of its own."""
    pytest.importorskip("jupyterlab", reason="JupyterLab is not installed: make test-browser")
    home = tmp_path_factory.mktemp("lab")
    work = home / "notebooks"
    work.mkdir()
    shutil.copy(ROOT / "notebooks" / NAME, work)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(16)
    settings = {
        "HOME": str(home), "JUPYTER_CONFIG_DIR": str(home / "config"), "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "IPYTHONDIR": str(home / "ipython"), "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"), "JUPYTER_TOKEN": token, "PYTHONPATH": str(ROOT),
        "NUMBA_CACHE_DIR": os.environ.get("NUMBA_CACHE_DIR", ""),
    }  # fmt: skip
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0", f"--ServerApp.root_dir={work}", "--allow-root", *SILENT,
    ]  # fmt: skip
    with (home / "log.txt").open("w") as log:
        server = subprocess.Popen(command, env=os.environ | settings, stdout=log, stderr=subprocess.STDOUT, cwd=work)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{address}/api?token={token}", server, home / "log.txt")
        yield Lab(f"{address}/lab/tree/{NAME}?token={token}", home / "log.txt")
    finally:
        server.terminate()
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        assert server.poll() is None, log.read_text()
        try:
            with urlopen(address, timeout=10):
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(f"JupyterLab does not answer: {log.read_text()}")


@pytest.fixture
def notebook(chromium: Browser, record: Record, lab: Lab) -> Iterator[Page]:
    """The notebook as it is stored, in a window that shows a whole explorer."""
    context = chromium.new_context(viewport={"width": 1500, "height": 1900})
    context.set_default_timeout(PATIENCE)
    context.on("page", record.follow)
    page = context.new_page()
    page.add_locator_handler(page.locator(".jp-Dialog"), _accept)
    page.goto(lab.address)
    page.locator(".jp-Notebook .jp-CodeCell").first.wait_for()
    yield page
    context.close()


def _accept(dialog: Locator) -> None:
    """Do what JupyterLab proposes, which asks for a kernel where a busy machine does not start one in time."""
    print("JupyterLab asks:", dialog.inner_text())  # shown where the test fails
    dialog.locator(".jp-mod-accept").click()


def _run(page: Page, log: Path) -> Locator:
    """Execute the first cell with code in place of its stored result, and return its explorer."""
    from playwright.sync_api import TimeoutError as TookTooLong

    # Keys pressed before there is a kernel, or while the notebook still lays itself out, are lost on a busy machine.
    page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for(state="attached")
    cell = page.locator(".jp-Notebook .jp-CodeCell").first
    stored = cell.locator(".jp-RenderedImage")
    stored.wait_for()
    for _ in range(ATTEMPTS):
        cell.locator(".cm-content").click()
        page.keyboard.press("Shift+Enter")
        with suppress(TookTooLong):
            stored.wait_for(state="detached", timeout=PATIENCE / ATTEMPTS)
            break
    box = cell.locator(".jp-OutputArea-output .widget-vbox", has=page.locator(".widget-tab")).first
    try:
        box.wait_for()
    except TookTooLong as error:
        error.add_note(f"The cell shows {cell.inner_text()!r}; JupyterLab says:\n{log.read_text()}")
        raise
    return box


def test_a_slider_of_the_notebook_changes_headline_and_figure_and_nothing_leaves_the_machine(
    notebook: Page, record: Record, lab: Lab
) -> None:
    # Stored without a kernel: the last result is there as a picture.
    notebook.locator(".jp-OutputArea-output img").first.wait_for()
    save_shot(notebook, "notebook-stored")

    box = _run(notebook, lab.log)
    headline = box.locator("[role=status]", has_text="In ").first
    headline.wait_for()
    before, picture = headline.inner_text(), box.locator("img").first
    assert "It is the baseline itself" in before
    assert box.get_by_role("button", name="Undo").is_disabled()  # to be seen is no change
    drawn = picture.get_attribute("src")
    save_shot(notebook, "notebook-before")

    row = box.locator(".widget-vbox", has_text=re.compile("^Russia: confidence in full control")).last
    handle = row.locator(".noUi-handle")
    handle.focus()
    for _ in range(30):
        notebook.keyboard.press("ArrowLeft")
    notebook.wait_for_function(
        "([old, start]) => [...document.querySelectorAll('[role=status]')].some("
        "one => one.innerText.includes('more than in') && one.innerText !== old && one.innerText.includes(start))",
        arg=[before, "From 1,000 runs"],
    )
    notebook.wait_for_function("old => document.querySelector('.widget-tab img').src !== old", arg=drawn)
    assert "changed" in headline.inner_text()
    save_shot(notebook, "notebook-after")

    for tab, holds in (("Numbers", "a ceasefire that holds"), ("Why no deal", "zone"), ("One history", "2025-05-19"),
                       ("Copy", "truce run")):  # fmt: skip
        box.get_by_role("tab", name=tab).click()
        box.locator(".widget-html:visible", has_text=holds).first.wait_for()
        save_shot(notebook, f"notebook-{tab.lower().replace(' ', '-')}")
    assert "confidence: 0.6" in box.locator("textarea").first.input_value()

    box.get_by_role("button", name="Undo").click()
    notebook.wait_for_function(
        "old => [...document.querySelectorAll('[role=status]')].some(one => one.innerText === old)", arg=before
    )
    assert record.abroad == []
    assert [error for error in record.errors if "favicon" not in error] == []
