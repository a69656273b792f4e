"""Datasets that are not on this computer: marked, and refused where there is no network."""

from __future__ import annotations

import pytest

from core.data import reach
from core.data.registry import PUBLISHED
from core.ui import downloads
from tests.ui.test_tables import sidebar_for


@pytest.fixture(autouse=True)
def nothing_cached(tmp_path, monkeypatch):
    """Keras has downloaded nothing yet."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setattr("core.data.fashion.DEBIAN", tmp_path / "debian")


@pytest.fixture
def no_network(monkeypatch):
    """No server answers, and that is known."""
    monkeypatch.setattr(reach.REACH, "reachable", lambda url: False)


def train_button(app):
    return next(button for button in app.sidebar.button if button.label == "Train")


def titles(app) -> list[str]:
    return next(box for box in app.sidebar.selectbox if box.label == "Dataset").options


def test_set_that_needs_a_download_is_marked_in_the_list(visit):
    shown = titles(visit())
    assert "↓ MNIST (70,000 digits)" in shown
    assert "↓ CIFAR-100 (100 kinds)" in shown
    assert "Handwritten digits" in shown


def test_size_of_the_download_stands_under_the_list(visit):
    notes = [text.value for text in sidebar_for(visit, "mnist").sidebar.caption]
    assert any("The first run downloads 11.5 MB." in note for note in notes)


@pytest.mark.parametrize("name", PUBLISHED)
def test_set_that_can_be_downloaded_can_be_trained_on(visit, name):
    app = sidebar_for(visit, name)
    assert not train_button(app).disabled
    assert not app.error


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize("name", PUBLISHED)
@pytest.mark.parametrize("page", ["train", "data"])
def test_without_a_network_train_is_refused_with_what_to_do(visit, name, page):
    app = sidebar_for(visit, name, page)
    assert train_button(app).disabled
    for part in (app.sidebar, app.main):
        [error] = part.error
        assert PUBLISHED[name].instead in error.value
    assert str(PUBLISHED[name].cache) in app.main.error[0].value
    assert not app.exception


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize("name", ["fashion_mnist_10k", "digits", "diabetes", "moons"])
def test_without_a_network_what_is_here_can_be_trained_on(visit, name):
    app = sidebar_for(visit, name)
    assert not train_button(app).disabled
    assert not app.error


def test_click_that_comes_when_the_network_has_gone_makes_no_run(visit, store, monkeypatch):
    app = sidebar_for(visit, "mnist")
    monkeypatch.setattr(reach.REACH, "reachable", lambda url: False)
    train_button(app).click().run()
    assert not store.recent()
    assert any("cannot be reached" in error.value for error in app.error)


def test_title_of_a_set_that_has_just_arrived_is_understood(visit):
    app = visit()
    app.session_state["form.data.dataset"] = "↓ MNIST (70,000 digits)"
    app.run()
    assert not app.exception


def test_nobody_waits_for_a_server_that_does_not_answer(monkeypatch):
    asked = []
    monkeypatch.setattr(reach.REACH, "reachable", asked.append)
    downloads.look()
    assert len(asked) == len(PUBLISHED)
