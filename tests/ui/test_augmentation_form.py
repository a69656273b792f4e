"""Augmentation in the sidebar and on the Data page: offered for images, trained, previewed."""

from __future__ import annotations

import re

import pytest

from core.ui import data_tabs
from tests.ui.conftest import experiment

KINDS = {"Flip", "Rotation", "Translation", "Zoom", "Contrast"}
ON = {"flip": "horizontal", "rotation": 0.1, "zoom": 0.2}


def controls(app):
    side = app.sidebar
    return {widget.label: widget for kind in (side.selectbox, side.slider) for widget in kind}


def put(app, label, value):
    return controls(app)[label].set_value(value).run()


def prepared(visit_open):
    """The Data page, where it shows the preparation."""
    app = visit_open("data")
    app.session_state[data_tabs.TABS_KEY] = "Preparation"
    return app.run()


def train_button(app):
    return next(button for button in app.sidebar.button if button.label == "Train")


def captions(app):
    return " ".join(found.value for found in app.main.caption)


def pictures(app):
    """The images of the preview, in order."""
    [rows] = [
        found.proto.body
        for found in app.get("html")
        if "grid-template-columns: repeat(6" in found.proto.body
    ]
    return re.findall(r"base64,([^\"]+)", rows)


@pytest.mark.parametrize(("dataset", "offered"), [("digits", True), ("moons", False)])
def test_controls_are_offered_for_images_alone(visit_open, dataset, offered):
    app = put(visit_open(), "Dataset", dataset)
    assert (set(controls(app)) >= KINDS) == offered
    assert offered or not set(controls(app)) & KINDS


def test_a_run_is_trained_with_what_the_sidebar_says(visit_open, store):
    app = put(put(put(visit_open(), "Dataset", "digits"), "Rotation", 0.05), "Flip", "vertical")
    train_button(app).click().run()
    found = store.recent()[0].experiment.data.augmentation
    assert found.model_dump() == {
        "flip": "vertical",
        "rotation": 0.05,
        "translation": 0,
        "zoom": 0,
        "contrast": 0,
    }


def test_what_was_set_for_images_does_not_keep_points_from_training(visit_open, store):
    app = put(put(visit_open(), "Rotation", 0.2), "Dataset", "moons")
    assert not app.sidebar.error
    train_button(app).click().run()
    assert not store.recent()[0].experiment.data.augmentation.kinds
    assert controls(put(app, "Dataset", "digits"))["Rotation"].value == 0.2


def test_address_of_a_run_brings_its_augmentation(visit_open, add_run):
    run = add_run(experiment(data={"dataset": "digits", "augmentation": ON}))
    found = controls(visit_open(run=run.id))
    assert (found["Flip"].value, found["Rotation"].value, found["Zoom"].value) == (
        "horizontal",
        0.1,
        0.2,
    )


def test_sidebar_says_in_words_how_far_images_are_varied(visit_open):
    app = put(put(visit_open(), "Rotation", 0.1), "Translation", 0.05)
    said = " ".join(found.value for found in app.sidebar.caption)
    assert "turned by up to 36° either way" in said
    assert "shifted by up to 5 % of its size" in said


def test_mirrored_digits_are_advised_against(visit_open):
    app = put(put(visit_open(), "Dataset", "digits"), "Flip", "horizontal")
    assert "most digits are none any more in a mirror" in app.sidebar.warning[0].value
    assert not train_button(app).disabled


def test_data_page_says_how_to_turn_it_on(visit):
    assert "Open **Augmentation** in the sidebar" in captions(prepared(visit))


@pytest.mark.parametrize("dataset", ["digits", "fashion_mnist_10k"])
def test_data_page_shows_samples_beside_what_becomes_of_them(visit_open, dataset):
    app = put(put(prepared(visit_open), "Dataset", dataset), "Rotation", 0.2)
    assert not app.exception
    shown = pictures(app)
    assert len(shown) == 4 * 6
    assert len(set(shown)) == len(shown)


def test_preview_follows_the_sliders_for_the_same_samples(visit_open):
    app = put(prepared(visit_open), "Rotation", 0.05)
    before = pictures(app)
    after = pictures(put(app, "Rotation", 0.4))
    assert before[::6] == after[::6]
    assert before[1] != after[1]


def test_preview_shows_others_on_demand(visit_open):
    app = put(prepared(visit_open), "Rotation", 0.1)
    before = pictures(app)
    next(button for button in app.button if button.label == "Vary again").click().run()
    assert pictures(app)[0] != before[0]


@pytest.mark.parametrize("dataset", ["digits", "moons", "iris", "diabetes"])
def test_data_page_shows_the_preparation_as_code(visit, dataset):
    app = put(prepared(visit), "Dataset", dataset)
    assert "tf.data.Dataset.from_tensor_slices" in app.main.code[0].value
    assert "Random" not in app.main.code[0].value


def test_code_has_the_augmentation(visit_open):
    app = put(prepared(visit_open), "Zoom", 0.2)
    assert 'keras.layers.RandomZoom(0.2, fill_mode="nearest")' in app.main.code[0].value
