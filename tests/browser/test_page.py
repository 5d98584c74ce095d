"""The page in Chromium, served by `truce app`: what a student sees and does."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from tests.processes import ENVIRONMENT, ROOT, started

pytestmark = pytest.mark.browser

pytest.importorskip("panel")

#: A hundred runs of half a year: the page is the same, and sooner there.
QUICK = "?runs=100&deadline=2025-09-01&horizon=2025-11-17"
CONFIDENCE = "#p-russia-confidence"
DONE = "html[data-shown=complete]"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The address that `truce app` prints."""
    with started([sys.executable, "-m", "sim", "app", "--port", "0"], cwd=ROOT) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        yield re.search(r"http://127\.0\.0\.1:\d+/", line)[0]


@pytest.fixture
def opened(page, address):
    """A page on which everything is there."""
    page.goto(address + QUICK)
    settle(page)
    return page


def settle(page) -> None:
    """Wait for the complete result of the latest state, and its figure."""
    page.wait_for_selector("#progress:not(.busy)")
    page.wait_for_selector(DONE, state="attached")
    page.wait_for_selector("#figure:not([hidden])")


def keys(page, *names: str) -> None:
    page.focus(CONFIDENCE)
    for name in names:
        page.keyboard.press(name)


def drag(page, to: float) -> None:
    """Drag the slider of Russian confidence to a share of its length, with the mouse."""
    slider = page.locator(CONFIDENCE)
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    middle = box["y"] + box["height"] / 2
    here = int(slider.input_value()) / int(slider.get_attribute("max"))
    page.mouse.move(box["x"] + 8 + here * (box["width"] - 16), middle)
    page.mouse.down()
    page.mouse.move(box["x"] + 8 + to * (box["width"] - 16), middle, steps=8)


def picture_of(page) -> str:
    return page.locator("#figure").get_attribute("src")


def sentences(page) -> list[str]:
    return page.locator("#sentences p").all_inner_texts()


def test_the_first_paint_explains_itself_and_has_an_answer(opened):
    assert f"In {opened.locator('#share').inner_text()} of the runs" in sentences(opened)[0]
    assert "1 September 2025" in opened.locator("#until").inner_text()
    assert len(sentences(opened)) == 3 and "100 runs" in opened.locator("#progress").inner_text()
    assert opened.locator("#leading input[type=range]").count() == 10
    assert opened.locator("#figure").evaluate("image => image.naturalWidth") > 300
    assert opened.locator("#blockers li").count() >= 1 and opened.locator("#story li").count() > 3
    for part in opened.locator("main > section:not(#answer)").all():
        assert len(part.locator(".explained").first.inner_text()) > 20


def test_a_slider_under_the_mouse_changes_headline_and_figure_before_it_is_let_go(opened):
    before, figure = opened.locator("#share").inner_text(), picture_of(opened)
    drag(opened, 0.2)
    opened.wait_for_selector(".control.other")
    settle(opened)
    assert opened.locator("#share").inner_text() != before and picture_of(opened) != figure
    assert "more than in" in sentences(opened)[1]
    assert "russia.confidence" not in opened.url  # a step only once it is let go
    opened.mouse.up()
    opened.wait_for_url("**russia.confidence=0.*")
    assert opened.locator(f"{CONFIDENCE}-value").inner_text() == re.search(r"confidence=([\d.]+)", opened.url)[1]


def test_the_keyboard_alone_suffices(opened):
    before = opened.locator("#share").inner_text()
    for _ in range(40):
        opened.keyboard.press("Tab")
        if opened.evaluate("document.activeElement.id") == CONFIDENCE[1:]:
            break
    else:
        pytest.fail("the Tab key does not lead to the slider")
    assert opened.locator(f"{CONFIDENCE}-help").is_visible()
    for _ in range(30):
        opened.keyboard.press("ArrowLeft")
    opened.wait_for_url("**russia.confidence=0.6*")
    settle(opened)
    assert opened.locator("#share").inner_text() != before
    assert opened.locator(CONFIDENCE).get_attribute("aria-valuetext") == "0.6 probability"
    opened.keyboard.press("Control+z")
    opened.wait_for_selector(".control.other", state="detached")
    opened.locator("[role=tab][aria-selected=true]").press("ArrowRight")
    opened.wait_for_selector("#figure:not([data-name=incidence])")
    assert opened.evaluate("document.activeElement.getAttribute('aria-selected')") == "true"


def test_every_input_has_a_name_and_every_slider_a_description(opened):
    opened.locator("details").evaluate_all("all => all.forEach((one) => { one.open = true })")
    unnamed = opened.evaluate(
        """() => [...document.querySelectorAll("input, select, button")].filter((element) =>
             !(element.labels?.length || element.getAttribute("aria-label") || element.textContent.trim()))
             .map((element) => element.outerHTML)"""
    )
    assert unnamed == []
    lost = opened.evaluate(
        """() => [...document.querySelectorAll("input[type=range]")].filter((element) =>
             !document.getElementById(element.getAttribute("aria-describedby"))?.textContent.includes("Source: "))
             .map((element) => element.id)"""
    )
    assert lost == []
    status = opened.locator("[role=status]")
    status.filter(has_text="ceasefire").wait_for()
    assert status.get_attribute("aria-live") == "polite"


def test_a_coarse_answer_is_shown_as_such_before_the_refined_one(page, address):
    # Written down on the page itself: asked from here, the coarse answer may be gone before the answer comes.
    page.add_init_script(
        """window.seen = [];
        new MutationObserver(() => {
          const shown = document.documentElement.dataset.shown;
          const words = document.getElementById("progress")?.innerText;
          const last = window.seen.at(-1);
          if (shown && (last?.[0] !== shown || last[1] !== words)) window.seen.push([shown, words]);
        }).observe(document, {attributes: true, childList: true, characterData: true, subtree: true})"""
    )
    page.goto(address + "?runs=2000&deadline=2025-09-01&horizon=2025-11-17&seed=11")
    page.wait_for_selector(DONE, state="attached")
    assert page.locator("#progress").inner_text() == "2,000 runs"
    coarse = [words for shown, words in page.evaluate("window.seen") if shown == "coarse"]
    assert coarse
    assert any("refining" in words for words in coarse)


def test_the_copied_scenario_file_gives_the_numbers_shown(opened, tmp_path):
    keys(opened, *["ArrowLeft"] * 30)
    opened.wait_for_url("**russia.confidence=0.6*")
    settle(opened)
    opened.click("[data-copy=file]")
    file, command = opened.locator("#copied").inner_text(), opened.locator("#command").inner_text()
    words = command.split()
    (tmp_path / words[2]).write_text(file, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "sim", *words[1:], "--out", "out", "--quiet"], cwd=tmp_path, env=ENVIRONMENT,
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    found = pd.read_csv(tmp_path / "out" / "summary.csv").iloc[-1]
    share, low, high = (f"{100 * found[f'ceasefire_by_deadline{end}']:.1f}" for end in ("", "_low", "_high"))
    assert opened.locator("#numbers tbody tr").first.locator("td").nth(1).inner_text() == f"{share} ({low} to {high})"
    with opened.expect_download() as download:
        opened.click("[data-table=summary]")
    shown = pd.read_csv(download.value.path()).set_index("scenario")
    pd.testing.assert_series_equal(shown.loc[found["scenario"]], found.drop("scenario"), check_names=False)


def test_what_is_copied_goes_to_the_clipboard(opened, address):
    opened.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address.rstrip("/"))
    for what, known in (("link", address), ("python", "import sim"), ("file", "extends: hardball")):
        opened.click(f"[data-copy={what}]")
        opened.get_by_role("status").filter(has_text="Copied.").wait_for()
        assert known in opened.evaluate("navigator.clipboard.readText()")


def test_a_link_restores_all_that_was_set(opened, chromium, record):
    opened.select_option("#scenario", "swift_deal")
    keys(opened, *["ArrowLeft"] * 10)
    opened.wait_for_url("**russia.confidence=*")
    opened.click("#tab-territory")
    opened.wait_for_url("**view=territory*")
    settle(opened)
    other = opened.context.new_page()
    other.goto(opened.url)
    settle(other)
    assert sentences(other) == sentences(opened)
    assert other.locator("#scenario").input_value() == "swift_deal"
    assert other.locator(CONFIDENCE).input_value() == opened.locator(CONFIDENCE).input_value()
    assert other.locator("#tab-territory").get_attribute("aria-selected") == "true"
    assert other.locator("#figure").get_attribute("data-name") == "territory"


def test_a_link_that_makes_no_sense_is_said_and_the_page_begins_as_always(page, address):
    page.goto(f"{address}?russia.confidnce=0.4&runs=100")
    page.locator("#trouble").filter(has_text="confidence").wait_for()
    page.wait_for_selector("html[data-shown]", state="attached")
    assert page.locator("#runs").input_value() == "1000" and page.locator("#scenario").input_value() == "hardball"
    page.get_by_label("Dismiss the message").click()
    assert page.locator("#trouble").is_hidden()


def test_markup_in_a_scenario_stays_text(opened, tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("title: <img src=x onerror=alert(1)>\nquestion: <b>Why?</b>\nextends: hardball\n")
    opened.locator("#assumptions details").filter(has_text="Open a scenario file").locator("summary").click()
    opened.set_input_files("#upload", file)
    opened.locator("#question").filter(has_text="<b>Why?</b>").wait_for()
    settle(opened)
    assert "<img" in " ".join(sentences(opened)) and opened.locator("main img").count() == 1


def test_a_scenario_file_with_a_mistake_is_answered_with_its_line(opened, tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("extends: hardball\nrussia:\n  confidnce: 0.4\n")
    opened.locator("#assumptions details").filter(has_text="Open a scenario file").locator("summary").click()
    opened.set_input_files("#upload", file)
    opened.locator("#trouble").filter(has_text="did you mean 'confidence'?").wait_for()
    assert opened.locator("#scenario").input_value() == "hardball"


def test_two_sessions_at_once_do_not_touch_each_other(opened, address):
    other = opened.context.new_page()
    other.goto(address + QUICK)
    settle(other)
    unmoved = sentences(other)
    keys(opened, *["ArrowLeft"] * 30)
    opened.wait_for_url("**russia.confidence=0.6*")
    settle(opened)
    assert sentences(other) == unmoved != sentences(opened)
    assert other.locator(CONFIDENCE).input_value() != opened.locator(CONFIDENCE).input_value()
    other.select_option("#scenario", "front_stalls")
    other.wait_for_url("**scenario=front_stalls*")
    settle(other)
    assert opened.locator("#scenario").input_value() == "hardball"


def test_a_hundred_quick_changes_end_where_the_last_one_says(opened, chromium, address):
    opened.locator(CONFIDENCE).evaluate(
        """async (slider) => {
             for (let change = 0; change < 100; change++) {
               slider.value = (37 * change + 11) % 150
               slider.dispatchEvent(new Event("input"))
               if (change % 10 === 9) slider.dispatchEvent(new Event("change"))
               await new Promise((resolve) => setTimeout(resolve, 10))
             }
             slider.value = 80
             slider.dispatchEvent(new Event("input"))
             slider.dispatchEvent(new Event("change"))
           }"""
    )
    opened.wait_for_url("**russia.confidence=0.4")
    settle(opened)
    assert opened.locator(CONFIDENCE).input_value() == "80"
    assert opened.locator(f"{CONFIDENCE}-value").inner_text() == "0.4"
    other = opened.context.new_page()
    other.goto(opened.url)
    settle(other)
    assert sentences(other) == sentences(opened)


def test_undo_redo_and_reset_lead_back_and_forth(opened):
    before = sentences(opened)
    keys(opened, *["ArrowLeft"] * 5)
    opened.wait_for_url("**russia.confidence=0.725*")
    opened.click("#undo")
    opened.wait_for_selector(".control.other", state="detached")
    settle(opened)
    assert sentences(opened) == before
    opened.click("#redo")
    opened.wait_for_url("**russia.confidence=0.725*")
    opened.locator(".control.other .back").click()
    opened.wait_for_selector(".control.other", state="detached")
    opened.click("#reset")
    opened.wait_for_url(re.compile(r"/$"))
    assert opened.locator("#runs").input_value() == "1000"


def test_another_history_is_told(opened):
    before = opened.locator("#story").inner_text()
    opened.click("#another")
    opened.wait_for_url("**run=1")
    opened.wait_for_selector("#story:not([aria-busy])")
    assert opened.locator("#story").inner_text() != before
    assert opened.locator("#run").input_value() == "1"


def test_the_figure_can_be_taken_away(opened):
    for form in ("svg", "png", "pdf"):
        with opened.expect_download() as download:
            opened.click(f"[data-form={form}]")
        assert download.value.suggested_filename == f"hardball_changed-incidence.{form}"
        assert Path(download.value.path()).stat().st_size > 1000


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_nothing_is_wider_than_the_screen_and_text_stands_out(opened, width, scheme):
    opened.set_viewport_size({"width": width, "height": 844})
    opened.emulate_media(color_scheme=scheme)
    assert opened.evaluate("document.documentElement.scrollWidth") <= width
    for selector in ("h1", ".subtitle", "#sentences p:last-child", ".explained", ".control output", "#progress", "td"):
        assert contrast(opened, selector) >= 4.5, selector


def contrast(page, selector: str) -> float:
    """Contrast of a text with what it stands on, as WCAG 2 defines it."""
    from sim.plots.colours import luminance

    ink, paper = page.locator(selector).first.evaluate(
        """(element) => {
             const hex = (colour) => "#" + colour.match(/[\\d.]+/g).slice(0, 3)
               .map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")
             let under = element
             while (getComputedStyle(under).backgroundColor === "rgba(0, 0, 0, 0)") under = under.parentElement
             return [hex(getComputedStyle(element).color), hex(getComputedStyle(under).backgroundColor)]
           }"""
    )
    low, high = sorted((luminance(ink), luminance(paper)))
    return (high + 0.05) / (low + 0.05)
