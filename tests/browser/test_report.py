"""The report in Chromium: it asks for nothing, fits every width, sorts, and is legible in the dark."""

from __future__ import annotations

import itertools

import pytest

import sim
from sim.report.chromium import find_chromium
from tests.browser.conftest import PATIENCE, Record, save_shot
from tests.reports import SCRIPT, compared

pytestmark = pytest.mark.browser

CONTRAST = """
() => {
  const parse = text => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(c => c / 255)
    .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, k) => sum + c * [0.2126, 0.7152, 0.0722][k], 0);
  const ground = element => {
    for (let e = element; e; e = e.parentElement) {
      const colour = parse(getComputedStyle(e).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.textContent.trim() || element.closest("svg, script, style")) continue;
    const [one, other] = [light(parse(getComputedStyle(element).color)), light(ground(element))];
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (ratio < 4.5) found.push([node.textContent.trim().slice(0, 40), ratio]);
  }
  return found;
}
"""


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    form = "both" if find_chromium() else "html"
    return sim.write_report(compared(), tmp_path_factory.mktemp("report") / "report", title=SCRIPT, format=form)


@pytest.fixture
def shown(chromium, report):
    """Opens the report in a context with the settings given; nothing may go wrong or be asked for."""
    contexts, record, asked = [], Record(), []

    def show(width, **settings):
        context = chromium.new_context(viewport={"width": width, "height": 900}, **settings)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        record.follow(page)
        page.on("request", lambda request: asked.append(request.url))
        page.goto(report[0].resolve().as_uri())
        return page

    yield show
    for context in contexts:
        context.close()
    assert record.errors == [] and record.abroad == []
    assert set(asked) == {report[0].resolve().as_uri()}


def overflow(page):
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_fits_and_says_what_it_was_given(shown, width):
    page = shown(width)
    assert overflow(page) == 0
    assert page.title() == SCRIPT and page.locator("h1").inner_text() == SCRIPT
    assert page.locator("figure svg").count() >= 12
    save_shot(page, f"report-{width}")


def test_on_paper_it_fits_too_and_shows_no_links_to_files(shown):
    page = shown(680)  # A4 between its margins
    page.emulate_media(media="print")
    assert overflow(page) <= 0
    assert not page.locator(".files").first.is_visible() and not page.locator(".skip").is_visible()
    save_shot(page, "report-print")


def column(page, place):
    return page.locator("#table-assumptions_russia tbody tr").evaluate_all(
        f"rows => rows.map(row => row.cells[{place}].textContent.trim())"
    )


def test_a_table_sorts_by_mouse_rising_falling_and_as_it_was(shown):
    page = shown(1280)
    before = column(page, 0)
    head = page.locator("#table-assumptions_russia thead th").first
    seen = []
    for state in ("ascending", "descending", "none"):
        head.locator("button").click()
        assert head.get_attribute("aria-sort") == state
        seen.append(column(page, 0))
    assert seen[0] != before and seen[1] == seen[0][::-1] and seen[2] == before
    assert all(a.lower() <= b.lower() for a, b in itertools.pairwise(seen[0]))


def test_a_table_sorts_by_keyboard_and_by_number(shown):
    page = shown(1280)
    button = page.locator("#table-frictions thead button").nth(1)
    button.focus()
    page.keyboard.press("Enter")
    numbers = page.locator("#table-frictions tbody tr").evaluate_all(
        "rows => rows.map(row => Number(row.cells[1].dataset.value))"
    )
    assert len(numbers) > 3 and numbers == sorted(numbers)
    page.keyboard.press("Space")
    assert page.locator("#table-frictions thead th").nth(1).get_attribute("aria-sort") == "descending"


def test_without_script_everything_is_there(shown):
    page = shown(1280, java_script_enabled=False)
    assert page.locator("thead button").count() == 0 and page.locator("figure svg").first.is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_can_be_read_in_light_and_in_the_dark(shown, scheme):
    page = shown(1280, color_scheme=scheme)
    assert page.evaluate(CONTRAST) == []
    ground = page.evaluate("getComputedStyle(document.querySelector('.sheet')).backgroundColor")
    assert ground == "rgb(255, 255, 255)"  # the colours of figures mean something, and are made for white
    save_shot(page, f"report-{scheme}")


def test_the_first_key_leads_past_the_contents(shown):
    page = shown(1280)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the report"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#report"


def test_the_pdf_is_one(report):
    if len(report) < 2:
        pytest.skip("there is no Chromium")
    assert report[1].read_bytes()[:5] == b"%PDF-" and report[1].stat().st_size > 50_000
