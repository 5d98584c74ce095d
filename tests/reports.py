"""Reports on small experiments whose texts mean no good, and what a page consists of."""

from __future__ import annotations

import dataclasses
from datetime import date
from html.parser import HTMLParser

import sim
from sim.experiment import Comparison
from sim.scenario import Scenario

SCRIPT = "<script>alert(1)</script>"
TITLE = "\"A\" & 'B' $x^2$ <b>\u202egnp.exe"

#: Elements without an end.
VOID = {"meta", "link", "br", "wbr", "img", "hr", "input"}


def hardball() -> Scenario:
    """The baseline, cut to half a year to be quick."""
    return dataclasses.replace(sim.load("hardball"), deadline=date(2025, 9, 1), horizon=date(2025, 11, 17))


def hostile() -> Scenario:
    """A scenario whose name, title and question are attempts to be more than text."""
    sober = hardball().vary({"russia.confidence": 0.2}, name=SCRIPT)
    return dataclasses.replace(sober, title=TITLE, question="<img src=https://elsewhere.example/x onerror=alert(1)>")


def compared(runs: int = 24) -> Comparison:
    """Compare the two."""
    return sim.compare([hardball(), hostile()], runs=runs, seed=1, workers=1)


class Page(HTMLParser):
    """What is on a page: its elements with their attributes in order, and the text inside each kind of element."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.texts.setdefault(tag, []).append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open.pop() == tag, f"</{tag}> closes nothing"

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        for tag in set(self.open):
            self.texts[tag][-1] += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """Return the attributes of every element of a kind."""
        return [attributes for name, attributes in self.elements if name == tag]
