"""What the other tests in a browser rely on: a page's faults are seen."""

from __future__ import annotations

import pytest


@pytest.mark.browser
def test_an_error_and_a_request_elsewhere_are_noticed(page, record):
    page.route("https://elsewhere.example/*", lambda route: route.fulfill(body=""))
    page.set_content("<script src='https://elsewhere.example/x.js'></script><script>console.error('ouch')</script>")
    page.evaluate("setTimeout(() => { throw new Error('oh') })")
    page.wait_for_timeout(100)
    assert record.errors == ["ouch", "oh"] and record.abroad == ["https://elsewhere.example/x.js"]
    record.errors.clear()
    record.abroad.clear()


@pytest.mark.browser
def test_a_page_without_faults_passes(page):
    page.set_content("<title>Fine</title>")
    assert page.title() == "Fine"
