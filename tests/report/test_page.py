from __future__ import annotations

import pytest
from markupsafe import Markup

from sim.report.document import Bullets, Cell, Code, Document, Figure, Paragraph, Section, Table
from sim.report.page import numbered, render
from tests.reports import Page


def page_of(*blocks, **words):
    document = Document("Title", "Subtitle", (Section("one", "One", blocks),), **words)
    return render(document, {"picture": Markup("<svg></svg>")})


def figure(name="picture"):
    return Figure(name, "What is shown. More.", "Words", lambda: None, None)


def test_every_kind_of_block_is_on_the_page():
    table = Table("numbers", "Numbers", ("Name", "Value"), ((Cell("a"), Cell("1", 1.0)),), "A note.")
    page = Page(page_of(Paragraph("Words.", lead=True), Bullets(("one", "two")), Code("truce list"), table, figure()))
    assert page.texts["li"][-2:] == ["one", "two"] and page.texts["code"] == ["truce list"]
    assert "Figure 1. What is shown. More." in page.texts["figcaption"][0]
    assert page.texts["caption"][0] == "Table 1. Numbers"
    assert {"class": "lead"} in page.all("p")


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "a & b", "\"quoted\" 'twice'", "</style><b>", "{{ 1 + 1 }}"]
)
def test_every_text_is_escaped_and_shown_as_it_is(text):
    table = Table("numbers", text, (text, text), ((Cell(text), Cell(text, 1.0)),), text)
    html = page_of(Paragraph(text), Bullets((text,)), Code(text), table, notices=(text,))
    page = Page(html)
    assert page.texts["p"].count(text) == 2 and page.texts["li"][-1] == page.texts["code"][0] == text
    assert page.texts["td"] == [text] and page.texts["th"][:2] == [text, text]
    assert len(page.all("script")) == 1 and not page.all("b")[1:]


def test_what_turns_the_direction_of_a_text_is_taken_out():
    assert Page(page_of(Paragraph("safe\u202egnp.exe\u2066 \x07!"))).texts["p"][-2] == "safegnp.exe !"


def test_a_cell_sorts_by_its_exact_number_and_shows_its_interval_apart():
    table = Table("numbers", "Numbers", ("Name", "Value"), ((Cell("a"), Cell("-2.5 (-3.4 to -1.6) *", -2.4871)),))
    html = page_of(table)
    assert 'data-value="-2.4871"' in html
    assert '−2.5 * <span class="interval">−3.4 to −1.6</span>' in html


def test_an_empty_cell_has_no_number_to_sort_by():
    table = Table("numbers", "Numbers", ("Name", "Value"), ((Cell("a"), Cell("", float("nan"))),))
    assert "data-value" not in page_of(table).split("<tbody>")[1].split("</tbody>")[0]


def test_a_long_name_may_break_at_its_joints_and_a_number_may_not():
    table = Table("names", "Names", ("Name", "Text"), ((Cell("russia.war_cost"), Cell("0.5 or 3.x")),))
    assert "russia.<wbr>war_<wbr>cost" in page_of(table) and "0.5" in page_of(table)


def test_tables_and_figures_are_numbered_apart_and_no_name_is_used_twice():
    table = Table("numbers", "Numbers", ("Name",), ((Cell("a"),),))
    document = Document("T", "S", (Section("one", "One", (figure("a"), table)), Section("two", "Two", (figure("b"),))))
    assert numbered(document) == {"numbers": 1, "a": 1, "b": 2}
    with pytest.raises(ValueError, match="two tables or figures"):
        numbered(Document("T", "S", (Section("one", "One", (figure("a"), figure("a"))),)))
