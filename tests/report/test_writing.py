"""A report as a whole: what lies beside it, what the page consists of, and that its texts stay texts."""

from __future__ import annotations

import dataclasses
import itertools
import json
import re
from pathlib import Path

import pandas as pd
import pytest
from markupsafe import Markup
from matplotlib.figure import Figure

import sim
from sim.errors import OutputError, UsageError
from sim.report import document, printing, writing
from tests.processes import wait_for
from tests.reports import SCRIPT, Page, compared, hardball


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("report") / "report"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writing, "FIGURE_FORMATS", ("svg",))
        (page,) = sim.write_report(compared(), folder, title=SCRIPT, simulate=False)
    return page


@pytest.fixture
def quick(monkeypatch):
    """Leave out the files of figures that the page does not need."""
    monkeypatch.setattr(writing, "FIGURE_FORMATS", ("svg",))


@pytest.fixture
def undrawn(monkeypatch):
    """Draw no figure at all, where a test is about the words beside them."""
    monkeypatch.setattr(writing, "_drawn", lambda figure, folder: Markup("<svg></svg>"))


@pytest.fixture(scope="module")
def page(report) -> Page:
    return Page(report.read_text("utf-8"))


def test_every_figure_lies_beside_the_page_with_its_data(report, page):
    names = [attributes["id"].removeprefix("figure-") for attributes in page.all("figure")]
    assert {"outcomes", "ceasefire_incidence", "differences_figure", "territory", "spread", "tornado"} <= set(names)
    for name in names:
        for ending in ("svg", "csv"):  # the other formats are written by the same call
            assert (report.parent / f"{name}.{ending}").stat().st_size > 100


def test_a_figure_is_written_in_every_format_that_the_page_offers(tmp_path):
    def draw():
        sheet = Figure()
        sheet.subplots().plot([0, 1])
        return sheet

    figure = document.Figure("one", "One line.", "A line that rises.", draw, pd.DataFrame({"x": [0, 1]}))
    section = document.Section("only", "Only", (figure,))
    writing.write_files(document.Document("Mine", "", (section,)), tmp_path, {})
    page = Page((tmp_path / "report.html").read_text("utf-8"))
    offered = [str(link["href"]) for link in page.all("a") if "download" in link]
    assert offered == ["one.csv", "one.png", "one.svg", "one.pdf"]
    assert all((tmp_path / name).stat().st_size > 5 for name in offered)


def test_every_link_leads_to_a_file_beside_the_page_or_to_a_place_on_it(report, page):
    links = [attributes["href"] for attributes in page.all("a")]
    ids = {attributes.get("id") for _, attributes in page.elements}
    assert len(links) > 40
    for link in links:
        found = link[1:] in ids if link.startswith("#") else (report.parent / link).is_file()
        assert found or (link.endswith((".png", ".pdf")) and (report.parent / link).with_suffix(".svg").is_file())


def test_every_table_has_its_exact_numbers_beside_the_page(report, page):
    tables = [str(found["id"]).removeprefix("table-") for found in page.all("div") if "table" in str(found.get("id"))]
    assert "chances" in tables
    for name in tables:
        assert len(pd.read_csv(report.parent / f"{name}.csv")) > 0
    assert pd.read_csv(report.parent / "chances.csv")["runs"].tolist() == [24, 24]


def test_the_list_of_contents_names_every_other_file(report):
    content = json.loads((report.parent / "report.json").read_text("utf-8"))
    assert content["format"] == "truce report 1" and content["title"] == SCRIPT
    assert {*content["files"], "report.json"} == {path.name for path in report.parent.iterdir()}


def test_identifiers_are_unique_and_every_reference_has_one(report, page):
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    text = report.read_text("utf-8")
    referred = {*re.findall(r"url\(#([^)]+)\)", text), *re.findall(r' href="#([^"]+)"', text)}
    referred |= {name for found in re.findall(r'aria-labelledby="([^"]+)"', text) for name in found.split()}
    assert len(referred) > 50 and referred <= set(ids)


def test_nothing_is_requested_from_anywhere(page):
    for tag, attributes in page.elements:
        assert "src" not in attributes and tag not in ("iframe", "object", "embed", "base", "form")
        for key, value in attributes.items():
            if key not in ("xmlns", "content") and value:
                assert "http" not in value and not re.search(r"url\((?!#)", value)
    assert page.all("link") == [{"rel": "icon", "href": "data:,"}]
    assert "url(" not in page.texts["style"][0] and "@import" not in page.texts["style"][0]
    (policy,) = [meta["content"] for meta in page.all("meta") if meta.get("http-equiv") == "Content-Security-Policy"]
    assert "default-src 'none'" in policy and "script-src 'sha256-" in policy


def test_every_picture_says_in_words_what_it_shows(page):
    pictures = page.all("svg")
    assert len(pictures) == len(page.all("figure"))
    for picture in pictures:
        assert picture["role"] == "img" and picture["aria-labelledby"]
    descriptions = page.texts["desc"]
    assert len(descriptions) == len(pictures) and all(len(text) > 30 for text in descriptions)
    assert len(set(page.texts["figcaption"])) == len(pictures)


def test_headings_are_in_order_and_the_contents_lead_to_each(page):
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in itertools.pairwise(levels))
    sections = [attributes["id"] for attributes in page.all("section")]
    assert sections == [
        "answer", "scenarios", "outcomes", "time", "terms", "obstacles", "matters", "certainty", "assumptions",
        "limits", "provenance",
    ]  # fmt: skip
    assert [f"#{name}" for name in sections] == [a["href"] for a in page.all("a")][1 : len(sections) + 1]


def test_tables_are_tables(page):
    assert len(page.all("caption")) == len(page.all("table")) == len(page.all("thead"))
    assert all(head.get("scope") in ("col", "row") for head in page.all("th"))


def test_names_and_titles_are_text_and_nothing_else(report, page):
    text = report.read_text("utf-8")
    assert page.texts["h1"] == [SCRIPT] and page.texts["title"][0] == SCRIPT
    assert (len(page.all("script")) == 1 and not page.all("img") and not page.all("b")) or SCRIPT not in text
    assert SCRIPT not in text and "<img" not in text and "onerror=alert" not in text.replace("onerror=alert(1)&gt;", "")
    assert "\u202e" not in text
    assert not any(attributes.keys() & {"onerror", "onclick", "onload"} for _, attributes in page.elements)


def test_a_title_with_dollars_is_not_taken_for_mathematics(page):
    assert any("$x^2$" in text for text in page.texts["desc"])


def test_without_simulation_what_needs_it_is_left_out_and_said(page):
    names = [attributes["id"] for attributes in page.all("figure")]
    assert not {"figure-zone", "figure-front", "figure-bargaining", "figure-confidence"} & set(names)
    assert any("No run was carried out again" in text for text in page.texts["p"])


def test_the_same_results_give_the_same_bytes(tmp_path, undrawn):
    one, two = (
        sim.write_report(compared(8), tmp_path / name, simulate=False)[0].parent for name in ("first", "second")
    )
    written = sorted(one.iterdir())  # those of figures are tested with the figures
    assert len(written) > 20
    for path in written:
        assert (two / path.name).read_bytes() == path.read_bytes(), path.name


# ---- what there is to report on


def test_what_can_be_carried_out_again_is_shown(tmp_path, quick):
    comparison = sim.compare(hardball(), runs=12, workers=1)
    (path,) = sim.write_report(comparison, tmp_path / "report")
    page = Page(path.read_text("utf-8"))
    names = {attributes["id"] for attributes in page.all("figure")}
    assert {"figure-zone", "figure-front", "figure-bargaining", "figure-confidence", "figure-american_choices"} <= names
    assert "figure-differences_figure" not in names  # one scenario differs from nothing
    assert "table-frictions" in {attributes.get("id") for attributes in page.all("div")}
    assert page.texts["h1"] == [hardball().title]


def test_a_partial_experiment_says_on_top_how_partial_it_is(tmp_path, undrawn):
    directory = tmp_path / "mine"
    sim.compare([hardball(), hardball().vary({"russia.confidence": 0.2}, name="sober")], runs=16, chunk=8, workers=1,
                directory=directory)  # fmt: skip
    manifest = json.loads((directory / "manifest.json").read_text("utf-8"))
    (directory / "manifest.json").write_text(json.dumps(manifest | {"ended": None}), "utf-8")
    for part in sorted((directory / "outcomes").glob("001-*.parquet")):
        part.unlink()
    (path,) = sim.write_report(directory, simulate=False)
    assert path == directory / "report" / "report.html"
    notices = re.findall(r'<p class="notice" role="note">(.+?)</p>', path.read_text("utf-8"))
    assert "16 of 32 runs" in notices[0] and "sober" in notices[0]


def test_without_uncertainty_and_without_a_ceasefire_there_is_a_report(tmp_path, quick):
    sure = dataclasses.replace(hardball().vary({"russia.confidence": 0.85}, name="sure"), uncertainty=False)
    (path,) = sim.write_report(sim.compare(sure, runs=4, workers=1), tmp_path / "report", simulate=False)
    text = path.read_text("utf-8")
    assert "Uncertainty is off" in text and "no terms to tell" in text


@pytest.mark.parametrize(
    ("vary", "figures"),
    [
        ({"russia.confidence": [0.2, 0.5, 0.8]}, {"figure-ceasefire_over_design", "figure-land_over_design"}),
        ({"russia.confidence": [0.2, 0.8], "front.pace": [20, 80]},
         {"figure-ceasefire_over_design", "figure-land_over_design"}),
        ({"russia.confidence": [0.2, 0.8], "front.pace": [20, 80], "russia.stall": [0.1, 0.3]}, set()),
    ],
    ids=["one", "two", "three"],
)  # fmt: skip
def test_a_sweep_is_shown_over_what_varies(tmp_path, vary, figures, quick):
    (path,) = sim.write_report(sim.sweep(hardball(), vary, runs=6, workers=1), tmp_path / "report")
    page = Page(path.read_text("utf-8"))
    assert {attributes["id"] for attributes in page.all("figure")} == figures
    assert "table-points" in {attributes.get("id") for attributes in page.all("div")}


def test_replaced_actors_are_named_and_nothing_of_theirs_is_carried_out_again(tmp_path, undrawn):
    class Dove(sim.actors.Russia):
        pass

    comparison = sim.compare(hardball(), runs=4, actors={"russia": Dove})
    (path,) = sim.write_report(comparison, tmp_path / "report")
    assert "Actors of this experiment were replaced (russia)" in path.read_text("utf-8")


# ---- what is refused


def test_results_in_memory_need_a_place(tmp_path):
    with pytest.raises(UsageError, match="say where"):
        sim.write_report(sim.compare(hardball(), runs=2, workers=1))


def test_a_title_is_a_line_of_some_words(tmp_path, undrawn):
    comparison = sim.compare(hardball(), runs=2, workers=1)
    (path,) = sim.write_report(comparison, tmp_path / "report", title=" two\n\nlines ", simulate=False)
    assert Page(path.read_text("utf-8")).texts["h1"] == ["two lines"]
    with pytest.raises(UsageError, match="at most 200 characters, not 5,000"):
        sim.write_report(comparison, tmp_path / "other", title="x" * 5000)
    assert not (tmp_path / "other").exists()


def test_an_unknown_format_is_refused_before_anything_is_read():
    with pytest.raises(UsageError, match="did you mean 'html'"):
        sim.write_report("nowhere", format="htm")


def test_a_directory_without_an_experiment_is_refused(tmp_path):
    with pytest.raises(OutputError, match="holds no experiment"):
        sim.write_report(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_without_chromium_a_pdf_is_refused_before_anything_is_computed(tmp_path, monkeypatch):
    monkeypatch.delenv("TRUCE_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    for form in ("pdf", "both"):
        with pytest.raises(UsageError, match="install Chromium"):
            sim.write_report(tmp_path, format=form)
    assert list(tmp_path.iterdir()) == []


def test_a_browser_that_prints_nothing_leaves_nothing_behind(tmp_path, monkeypatch, undrawn):
    program = tmp_path / "browser"
    program.write_text("#!/bin/sh\necho broken >&2\nexit 3\n")
    program.chmod(0o755)
    monkeypatch.setenv("TRUCE_CHROMIUM", str(program))
    comparison = sim.compare(hardball(), runs=2, workers=1)
    with pytest.raises(OutputError, match=r"printed no PDF \(broken\)"):
        sim.write_report(comparison, tmp_path / "report", format="both", simulate=False)
    assert [path.name for path in tmp_path.iterdir()] == ["browser"]


def test_a_browser_that_hangs_is_ended_with_all_that_it_started(tmp_path, monkeypatch):
    program, page = tmp_path / "browser", tmp_path / "page.html"
    program.write_text("#!/bin/sh\nsleep 600 &\necho $! > " + str(tmp_path / "child") + "\nwait\n")
    program.chmod(0o755)
    page.write_text("")
    monkeypatch.setattr(printing, "PATIENCE", 2.0)
    with pytest.raises(OutputError, match="within 2 seconds"):
        printing.print_page(page, tmp_path / "page.pdf", str(program))
    child = int((tmp_path / "child").read_text())
    status = Path(f"/proc/{child}/stat")  # one that is ended may still wait for its parent to notice
    wait_for(lambda: not status.exists() or status.read_text().rsplit(")", 1)[1].split()[0] == "Z")
