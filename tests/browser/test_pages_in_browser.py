"""Every page as a visitor sees it: on a desk and a phone, light and dark, by link and by hand."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import prepared, tabs

pytestmark = pytest.mark.browser

PAGES = {
    "": "Train",
    "data": "Data",
    "model": "Model",
    "history": "History",
    "confusion_matrix": "Confusion matrix",
    "predictions": "Predictions",
    "compare": "Compare",
}
TOO_WIDE = """() => {
    const main = document.querySelector('[data-testid="stMain"]')
    return main.scrollWidth - main.clientWidth
}"""
BACKGROUND = "() => getComputedStyle(document.querySelector('.stApp')).backgroundColor"


@pytest.fixture(scope="module")
def finished_run(app, browser) -> str:
    """The URL parameters of a run of the digits that has ended."""
    with tabs.visitor(browser) as page:
        tabs.visit(page, app.url)
        tabs.choose(page, "Dataset", "Handwritten digits")
        tabs.set_number(page, "Epochs", 3)
        tabs.train_button(page).click()
        expect(page.get_by_test_id("stMain")).to_contain_text(
            "test samples it has never seen", timeout=120_000
        )
        return page.url.partition("?")[2]


def heading(page: Page, title: str):
    return page.get_by_role("heading", name=title, exact=True, level=1)


@pytest.mark.parametrize("path", PAGES)
def test_page_of_a_run_opens_by_its_link_without_an_error(visitor, finished_run, path):
    page = visitor(f"{path}?{finished_run}")
    expect(heading(page, PAGES[path])).to_be_visible()
    tabs.wait_until_idle(page)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)


def test_menu_names_the_page_of_predictions_by_the_run_looked_at(visitor, app):
    page = visitor(f"?run={prepared.finished_run(app, data={'dataset': 'diabetes'}).id}")
    expect(page.get_by_role("link", name="Predicted vs true", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Confusion matrix", exact=True)).to_have_count(0)


@pytest.mark.parametrize("path", PAGES)
def test_page_fits_a_phone(visitor, finished_run, path):
    page = visitor(f"{path}?{finished_run}", viewport={"width": 390, "height": 844})
    expect(heading(page, PAGES[path])).to_be_visible()
    tabs.wait_until_idle(page)
    assert page.evaluate(TOO_WIDE) <= 0


@pytest.mark.parametrize(("scheme", "is_dark"), [("light", False), ("dark", True)])
def test_colours_follow_the_visitors_scheme(visitor, scheme, is_dark):
    page = visitor(color_scheme=scheme)
    red, green, blue = (int(part) for part in page.evaluate(BACKGROUND)[4:-1].split(",")[:3])
    assert (red + green + blue < 384) == is_dark


def test_navigation_leads_to_every_page_and_keeps_the_run(visitor, finished_run):
    page = visitor(f"?{finished_run}")
    for title in PAGES.values():
        tabs.open_page(page, title)
        expect(page).to_have_url(re.compile(re.escape(finished_run)))


def test_typed_zero_is_explained_under_its_field_and_can_be_corrected(visitor):
    page = visitor()
    tabs.set_number(page, "Epochs", 0)
    expect(page.get_by_test_id("stSidebar")).to_contain_text("Epochs: 0 was given")
    expect(tabs.train_button(page)).to_be_disabled()
    tabs.set_number(page, "Epochs", 3)
    expect(tabs.train_button(page)).to_be_enabled()


def test_absurd_number_ends_in_a_message_not_in_a_crash(visitor):
    page = visitor()
    units = page.get_by_test_id("stSidebar").get_by_role("spinbutton", name="Units")
    units.fill(str(10**30))  # the browser refuses it, or the server does
    units.press("Enter")
    tabs.wait_until_idle(page)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(heading(page, "Train")).to_be_visible()


def test_batch_normalization_put_in_the_middle_becomes_part_of_the_model(visitor):
    page = visitor("model")
    tabs.choose(page, "Model", "Custom layers")
    main = page.get_by_test_id("stMain")
    expect(main).to_contain_text("101,770")
    main.get_by_role("button", name="Add below").nth(1).click()
    added = main.get_by_role("combobox", name="Layer 3", exact=True)
    expect(added).to_have_value("Dense")
    tabs.pick(page, added, page.get_by_role("option", name="BatchNormalization", exact=True))
    expect(main).to_contain_text("102,282")  # four numbers for each of 128 units


def test_augmentation_is_set_by_sliders_and_seen_at_once(visitor):
    page = visitor("data")
    sidebar, main = page.get_by_test_id("stSidebar"), page.get_by_test_id("stMain")
    main.get_by_role("tab", name="Preparation").click()
    expect(main).to_contain_text("Open Augmentation in the sidebar")
    sidebar.get_by_text("Augmentation", exact=True).click()
    rotation = sidebar.get_by_role("slider", name="Rotation")
    expect(rotation).to_be_visible()
    tabs.wait_until_idle(page)
    rotation.press("ArrowRight")
    pictures = main.locator(".epochscope-grid").last.locator("img")
    expect(pictures).to_have_count(24)
    expect(main).to_contain_text("turned by up to 3.6° either way")
    expect(main).to_contain_text("keras.layers.RandomRotation(0.01")
    first = pictures.first.get_attribute("src")
    page.get_by_role("button", name="Vary again").click()
    expect(pictures.first).not_to_have_attribute("src", first)


def test_image_filters_show_only_mistakes(visitor, finished_run):
    page = visitor(f"predictions?{finished_run}")
    page.get_by_test_id("stMain").get_by_text("Wrong", exact=True).first.click()
    tabs.wait_until_idle(page)
    captions = page.locator(".epochscope-grid").first.locator("figcaption")
    expect(captions.first).to_contain_text("✗")
    assert not [text for text in captions.all_inner_texts() if "✓" in text]


def test_history_downloads_as_csv(visitor, finished_run, tmp_path):
    page = visitor(f"history?{finished_run}")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").click()
    path = tmp_path / "history.csv"
    download.value.save_as(path)
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    assert header.startswith("epoch,") and "val_loss" in header
    assert len(rows) == 3


def test_lesson_trains_three_presets_and_shows_them_side_by_side(visitor):
    page = visitor("compare")
    page.get_by_role("button", name="Train underfit, good-fit and overfit").click()
    main = page.get_by_test_id("stMain")
    expect(main).to_contain_text("Where they ended", timeout=60_000)
    for name in ("underfit", "good-fit", "overfit"):
        expect(main).to_contain_text(name)
