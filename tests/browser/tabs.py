"""A visitor in a real Chromium: opens the app, sets the sidebar, presses Train, changes pages."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright
from playwright.sync_api import TimeoutError as TooLate

from tests.browser import chromium

WAIT_MS = 180_000
_LIST_OPENS_MS = 5_000
POLL_MS = 100  # with every frame a page would draw more often than it has to
_TRIES = 6
VIEWPORT = {"width": 1280, "height": 900}

# What Plotly has worked out of each trace: in `data`, numbers may still be packed as bytes.
_FIRST_VALUES = """() => [...document.querySelectorAll('.js-plotly-plot')]
    .flatMap(plot => plot.calcdata ?? [])
    .filter(points => points[0]?.trace?.name !== 'Within the epoch')
    .map(points => points[0]?.y).filter(Number.isFinite)"""
_REMEMBER_CLICK = """() => {
    window.clickedAt = null
    document.addEventListener(
        'click', () => { window.clickedAt ??= performance.now() }, {capture: true, once: true})
}"""
_SINCE_CLICK = f"""known => {{
    const isNew = ({_FIRST_VALUES})().some(value => !known.includes(value))
    return window.clickedAt !== null && isNew ? performance.now() - window.clickedAt : null
}}"""
_SINCE_OPENED = """() => {
    const buttons = [...document.querySelectorAll('[data-testid="stSidebar"] button')]
    const train = buttons.find(button => button.innerText.trim().endsWith('Train'))
    return train && !train.disabled ? performance.now() : null
}"""
_SINCE_CHART = """() =>
    document.querySelector('.js-plotly-plot .scatterlayer .trace') ? performance.now() : null"""
# Counts what a page sends, and which of it the server has answered with a script from begin to
# end. Of Streamlit's ForwardMsg only the number of the outermost fields is read.
_NEW_SESSION, _SCRIPT_FINISHED = 4, 6
_COUNT_ANSWERS = f"""() => {{
    window.sent = window.answered = 0
    let begun = 0
    const fields = bytes => {{
        const found = []
        let at = 0
        const varint = () => {{
            let value = 0, shift = 1
            for (;; shift *= 128) {{
                const byte = bytes[at++]
                value += (byte & 127) * shift
                if (byte < 128) return value
            }}
        }}
        while (at < bytes.length) {{
            const key = varint(), kind = key & 7
            found.push(key >> 3)
            if (kind === 0) varint()
            else if (kind === 2) {{ const length = varint(); at += length }}
            else at += kind === 1 ? 8 : 4
        }}
        return found
    }}
    window.WebSocket = class extends window.WebSocket {{
        constructor(...given) {{
            super(...given)
            this.addEventListener('message', event => {{
                if (!(event.data instanceof ArrayBuffer)) return
                const found = fields(new Uint8Array(event.data))
                if (found.includes({_NEW_SESSION})) begun = window.sent
                if (found.includes({_SCRIPT_FINISHED})) window.answered = begun
            }})
        }}
        send(data) {{
            window.sent += 1
            super.send(data)
        }}
    }}
}}"""
_ANSWERED = "before => window.answered > before"
_IS_IDLE = """() => document.querySelector('[data-testid="stApp"]')
    ?.getAttribute('data-test-script-state') === 'notRunning'"""


@contextlib.contextmanager
def opened() -> Iterator[Browser]:
    """A Chromium without a window."""
    with sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def visitor(browser: Browser, **options: Any) -> Iterator[Page]:
    """A tab that shares nothing with others; `options` are those of Playwright's contexts."""
    with browser.new_context(**{"viewport": VIEWPORT, **options}) as context:
        context.add_init_script(f"({_COUNT_ANSWERS})()")
        page = context.new_page()
        page.set_default_timeout(WAIT_MS)
        yield page


def visit(page: Page, url: str) -> float:
    """Open the app and wait until Train may be pressed; the seconds by the page's own clock."""
    page.goto(url, wait_until="commit")
    passed = page.wait_for_function(_SINCE_OPENED, polling="raf")
    return float(passed.json_value()) / 1000


def first_chart(page: Page, url: str) -> float:
    """Open a page and wait for a curve on a chart; the seconds by the page's own clock."""
    page.goto(url, wait_until="commit")
    passed = page.wait_for_function(_SINCE_CHART, polling="raf")
    return float(passed.json_value()) / 1000


def slow_down(page: Page, megabits: float, latency_ms: float) -> None:
    """Give a tab a slower network: megabits a second in both directions."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    speed = megabits * 1e6 / 8
    limits = {"downloadThroughput": speed, "uploadThroughput": speed, "latency": latency_ms}
    session.send("Network.emulateNetworkConditions", {"offline": False, **limits})


def train_button(page: Page) -> Locator:
    """The sidebar's Train button."""
    return page.get_by_role("button", name="Train", exact=True)


def choose(page: Page, label: str, option: str) -> None:
    """Pick an option of the sidebar's select box."""
    box = page.get_by_test_id("stSidebar").get_by_role("combobox", name=label)
    if box.input_value() == option:
        return
    with drawn_again(page):
        pick(page, box, page.get_by_role("option", name=option, exact=True))
        expect(box).to_have_value(option)


def pick(page: Page, box: Locator, option: Locator) -> None:
    """Open the list of a box and click an option.

    A redraw that comes late, on a busy computer, closes an open list: it is opened again then.
    """
    for _ in range(_TRIES):
        box.click()
        with contextlib.suppress(TooLate):
            option.click(timeout=_LIST_OPENS_MS)
            return
        page.keyboard.press("Escape")
    raise AssertionError(f"The list never stayed open long enough for {option}.")


def switch(page: Page, label: str, on: bool = True) -> None:
    """Turn a switch of the sidebar, which was not so, on or off; again, if the click was lost."""
    sidebar = page.get_by_test_id("stSidebar")
    found = sidebar.get_by_role("switch", name=label, exact=True)
    expect(found).to_be_checked(checked=not on)
    with drawn_again(page):
        for _ in range(_TRIES):
            sidebar.get_by_text(label, exact=True).click()
            with contextlib.suppress(AssertionError):
                expect(found).to_be_checked(checked=on, timeout=_LIST_OPENS_MS)
                break
        expect(found).to_be_checked(checked=on)


def set_number(page: Page, label: str, value: int) -> None:
    """Type a number into the sidebar's field."""
    field = page.get_by_test_id("stSidebar").get_by_role("spinbutton", name=label)
    if field.input_value() == str(value):
        return
    with drawn_again(page):
        field.fill(str(value))
        field.press("Enter")


def press_train(page: Page) -> float:
    """Press Train and wait for the first epoch on the chart; the seconds by the page's own clock.

    A chart of an earlier run may still be there: it does not count, since its values are known.
    """
    known = page.evaluate(_FIRST_VALUES)
    page.evaluate(_REMEMBER_CLICK)
    train_button(page).click()
    passed = page.wait_for_function(_SINCE_CLICK, arg=known, polling="raf")
    return float(passed.json_value()) / 1000


def open_page(page: Page, title: str) -> None:
    """Go to another page by its link at the top."""
    page.get_by_role("link", name=title, exact=True).click()
    page.get_by_role("heading", name=title, exact=True, level=1).wait_for(state="visible")
    wait_until_idle(page)


@contextlib.contextmanager
def drawn_again(page: Page) -> Iterator[None]:
    """What is done here changes something: wait until the server has drawn the page for it."""
    before = page.evaluate("window.sent")
    yield
    page.wait_for_function(_ANSWERED, arg=before, polling=POLL_MS)
    wait_until_idle(page)


def wait_until_idle(page: Page) -> None:
    """Wait until the server has nothing more to draw for this visitor."""
    page.wait_for_timeout(50)  # the browser needs a moment to send what was changed
    page.wait_for_function(_IS_IDLE, polling=POLL_MS)
