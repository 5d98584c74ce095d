from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from matplotlib.figure import Figure

from sim.plots import save_figure
from sim.report.drawing import inline_svg


@pytest.fixture
def drawing(tmp_path):
    axes = Figure().subplots()
    axes.fill_between([0, 1], [0, 1], hatch="//")
    axes.set_title("<script>alert(1)</script> -- $x$")
    (path,) = save_figure(axes.figure, tmp_path / "figure", ("svg",))
    return path


def test_every_identifier_has_the_name_of_its_figure_and_every_reference_follows(drawing):
    text = str(inline_svg(drawing, "mine", "Title", "Words"))
    root = ET.fromstring(text)
    ids = {element.attrib["id"] for element in root.iter() if "id" in element.attrib}
    assert ids and all(name.startswith("mine-") for name in ids)
    links = {element.attrib["href"].removeprefix("#") for element in root.iter() if "href" in element.attrib}
    assert links and links <= ids
    assert "url(#mine-" in text and text.count("url(#") == text.count("url(#mine-")


def test_it_carries_no_style_sheet_comment_or_metadata_that_reach_beyond_it(drawing):
    text = str(inline_svg(drawing, "mine", "Title", "Words"))
    assert "<style" not in text and "<!--" not in text and "<metadata" not in text and "alert(1)" not in text
    assert "xmlns" not in text and "ns0:" not in text


def test_its_words_are_escaped(drawing):
    root = ET.fromstring(str(inline_svg(drawing, "mine", "<b>", "a & b </desc><script>")))
    assert (root[0].tag, root[0].text, root[1].tag, root[1].text) == ("title", "<b>", "desc", "a & b </desc><script>")
    assert root.attrib["role"] == "img" and "width" not in root.attrib and "viewBox" in root.attrib
