"""The built site (`make docs`): links lead somewhere, figures are told in words, nothing comes from elsewhere."""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlparse

import pytest
from reference import api, commands

from tests.docs.pages import ROOT

SITE = ROOT / "build" / "docs"

pytestmark = pytest.mark.docs


class Page(HTMLParser):
    """What a page has and asks for."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.anchors: set[str] = {"", "top"}
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.images: list[dict[str, str | None]] = []
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = dict(attrs)
        self.anchors |= {value for key in ("id", "name") if (value := own.get(key))}
        if tag == "a" and own.get("href"):
            self.links.append(own["href"] or "")
        if tag == "img":
            self.images.append(own)
        loaded = own.get("href") if tag == "link" else own.get("src")
        if loaded:
            self.loaded.append(loaded)

    def target(self, link: str) -> tuple[Path, str]:
        """File and anchor that a link of this page leads to."""
        address, anchor = urldefrag(link)
        path = (self.path.parent / unquote(address)).resolve() if address else self.path
        return path, unquote(anchor)


@cache
def site() -> dict[Path, Page]:
    found = {path: Page(path) for path in sorted(SITE.rglob("*.html")) if "_static" not in path.parts}
    assert found, "there is no site to test: run make docs"
    return found


def is_elsewhere(address: str) -> bool:
    return bool(urlparse(address).scheme or urlparse(address).netloc) and not address.startswith("data:")


def test_every_internal_link_leads_to_a_file_and_an_anchor():
    dead = []
    for page in site().values():
        for link in page.links:
            if is_elsewhere(link):
                continue
            path, anchor = page.target(link)
            if not path.is_file() or (path in site() and anchor not in site()[path].anchors):
                dead.append(f"{page.path.relative_to(SITE)}: {link}")
    assert dead == []


def test_every_image_is_there_and_told_in_words():
    wrong = []
    for page in site().values():
        for image in page.images:
            source, alt = image["src"] or "", image.get("alt") or ""
            there = source.startswith("data:") or page.target(source)[0].is_file()
            if not there or not alt.strip() or re.search(r"\.(png|svg)$", alt):
                wrong.append(f"{page.path.relative_to(SITE)}: {source} ({alt})")
    assert wrong == []


def test_nothing_is_loaded_from_another_host():
    asked = [(page.path.name, address) for page in site().values() for address in page.loaded if is_elsewhere(address)]
    for path in SITE.rglob("*.css"):
        style = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
        asked += [(path.name, found) for found in re.findall(r"(?:url\(|@import )[\"']?(?:https?:)?//[^)\"']+", style)]
    assert asked == []


def test_public_names_have_anchors():
    anchors = set().union(*(page.anchors for page in site().values()))
    names = {name for names in api.SECTIONS.values() for name in names}
    assert names - anchors == set()
    members = {f"sim.experiment.Results.{name}" for name in ("outcomes", "weekly", "replay", "save", "dataset")}
    members |= {f"sim.Comparison.{name}" for name in vars(api.find("sim.Comparison")) if name.startswith("plot_")}
    assert members - anchors == set()


def test_every_command_has_an_anchor():
    page = site()[SITE / "reference" / "commands.html"]
    assert {f"truce-{name}" for name in commands.commands()} <= page.anchors


def test_the_version_is_shown():
    import sim

    assert f"Truce {sim.__version__}" in (SITE / "index.html").read_text("utf-8")
