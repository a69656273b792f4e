"""What goes over the network: nothing to other hosts, and a first visit in few bytes."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser import tabs
from tests.browser.prepared import finished_run

pytestmark = pytest.mark.browser

PAGES = ("", "data", "model", "history", "confusion_matrix", "predictions", "compare", "runs")
MOST_BYTES = 2_000_000


@pytest.fixture
def asked(app, browser):
    """Opens a page in a tab, and the hosts that everything in it was asked from."""
    hosts: set[str] = set()

    def note(url: str) -> None:
        if urlsplit(url).scheme not in ("data", "blob"):
            hosts.add(urlsplit(url).netloc)

    with tabs.visitor(browser) as page:
        page.context.on("request", lambda request: note(request.url))
        page.on("websocket", lambda socket: note(socket.url))
        yield page, hosts


def host(app) -> str:
    return urlsplit(app.url).netloc


def open_page(page: Page, app, path: str, scheme: str = "light") -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{app.url}/{path}")
    page.get_by_role("heading", level=1).wait_for()
    tabs.wait_until_idle(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_asks_another_host_for_anything(app, asked, scheme):
    page, hosts = asked
    run = finished_run(app, data={"dataset": "digits"}).id
    for path in PAGES:
        open_page(page, app, f"{path}?run={run}", scheme)
    assert hosts == {host(app)}


def test_pages_gone_through_by_hand_ask_no_other_host(app, asked):
    page, hosts = asked
    open_page(page, app, f"?run={finished_run(app, data={'dataset': 'moons'}).id}")
    for title in ("Predictions", "Data", "Train"):
        tabs.open_page(page, title)
    assert hosts == {host(app)}


def test_open_parts_and_the_buttons_of_a_chart_ask_no_other_host(app, asked):
    page, hosts = asked
    open_page(page, app, f"confusion_matrix?run={finished_run(app, data={'dataset': 'moons'}).id}")
    for title in ("Callbacks", "Expert"):
        page.get_by_test_id("stSidebar").get_by_text(title, exact=True).click()
        tabs.wait_until_idle(page)
    page.get_by_text("Numbers as a table").first.click()
    page.get_by_test_id("stDataFrame").first.wait_for()
    page.get_by_role("button", name="Help for Epochs").focus()
    page.get_by_test_id("stTooltipContent").first.wait_for()
    page.locator(".js-plotly-plot").first.hover()
    expect(page.locator(".plotlyjsicon, .modebar-btn[data-title*='plotly.com']")).to_have_count(0)
    assert hosts == {host(app)}


def test_icon_of_the_tab_is_our_own(app, asked):
    page, _ = asked
    open_page(page, app, "history")
    icon = page.locator("link[rel~=icon]").first.get_attribute("href")
    assert icon.startswith("data:image/svg+xml")


def test_first_chart_takes_few_bytes(app, asked):
    page, _ = asked
    run = finished_run(app, data={"dataset": "digits"}).id
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: list[int] = []
    session.on("Network.dataReceived", lambda part: sizes.append(part["encodedDataLength"]))
    session.on(
        "Network.webSocketFrameReceived",
        lambda frame: sizes.append(len(frame["response"]["payloadData"])),
    )
    open_page(page, app, f"?run={run}")
    page.locator(".js-plotly-plot .scatterlayer .trace").first.wait_for()
    page.wait_for_load_state("networkidle")
    assert 500_000 < sum(sizes) <= MOST_BYTES
