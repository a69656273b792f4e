"""The Content-Security-Policy forbids nothing that a page needs, and scripts from elsewhere."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import tabs
from tests.browser.prepared import finished_run

pytestmark = pytest.mark.browser

PAGES = ("", "data", "model", "history", "confusion_matrix", "predictions", "compare", "runs")
LISTEN = """() => {
    window.refused = []
    document.addEventListener('securitypolicyviolation', event =>
        window.refused.push(`${event.violatedDirective}: ${event.blockedURI}`))
}"""


@pytest.fixture(scope="module")
def run(app) -> str:
    return finished_run(app, data={"dataset": "digits"}).id


def watched(visitor, path: str) -> Page:
    """A page that remembers what its policy refused, from before it draws anything."""
    page = visitor()
    page.add_init_script(f"({LISTEN})()")
    page.goto(page.url.split("?")[0].rstrip("/") + "/" + path)
    tabs.wait_until_idle(page)
    return page


@pytest.mark.parametrize("path", PAGES)
def test_nothing_a_page_needs_is_refused(visitor, run, path):
    page = watched(visitor, f"{path}?run={run}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    if path in ("", "history", "confusion_matrix"):
        expect(page.locator(".js-plotly-plot").first).to_be_visible()
    assert page.evaluate("() => window.refused") == []


def test_script_put_into_a_page_does_not_run(visitor):
    page = watched(visitor, "")
    page.evaluate("""() => {
        const script = document.createElement('script')
        script.textContent = 'window.ran = true'
        document.body.append(script)
    }""")
    assert page.evaluate("() => window.ran") is None
    page.wait_for_function("() => window.refused.length > 0", polling=tabs.POLL_MS)
