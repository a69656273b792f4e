"""Custom layers as cards: each with its own fields, and added, moved, copied and deleted."""

from __future__ import annotations

import pytest

from core.experiment.layer_table import COLUMNS
from core.experiment.layers import LAYER_TYPES, SEQUENCE_LAYERS


def put(app, label: str, value):
    """Set a control of the sidebar by its label."""
    widgets = (*app.sidebar.selectbox, *app.sidebar.number_input)
    next(widget for widget in widgets if widget.label == label).set_value(value)
    return app.run()


@pytest.fixture
def custom(visit):
    """The Model page with the custom layers of mlp-basic: Flatten, Dense 128, Dropout 0.2."""
    return put(visit("model"), "Model", "custom")


def kinds(app) -> list[str]:
    """The kind of each card's layer, from top to bottom."""
    return [box.value for box in app.main.selectbox if box.label.startswith("Layer ")]


def labels(app) -> set[str]:
    """Labels of all fields of cards."""
    fields = (*app.main.number_input, *app.main.selectbox, *app.main.toggle)
    return {field.label for field in fields} & set(COLUMNS.values())


def press(app, label: str, card: int = 0):
    """Press a button of a card, counted from 0."""
    return [button for button in app.main.button if button.label == label][card].click().run()


def test_there_are_no_cards_for_a_built_model(visit):
    assert kinds(visit("model")) == []


def test_every_layer_has_a_card(custom):
    assert kinds(custom) == ["Flatten", "Dense", "Dropout"]


def test_layer_is_added_between_two(custom):
    assert kinds(press(custom, "Add below", 0)) == ["Flatten", "Dense", "Dense", "Dropout"]


def test_layer_is_added_at_the_top(custom):
    assert kinds(press(custom, "Add a layer at the top")) == [
        "Dense",
        "Flatten",
        "Dense",
        "Dropout",
    ]


def test_layer_moves_up_with_its_settings(custom):
    app = press(custom, "Up", 2)
    assert kinds(app) == ["Flatten", "Dropout", "Dense"]
    assert next(field.value for field in app.main.number_input if field.label == "Rate") == 0.2


def test_layer_moves_down(custom):
    assert kinds(press(custom, "Down", 0)) == ["Dense", "Flatten", "Dropout"]


def test_ends_cannot_be_moved_further(custom):
    buttons = {name: [b for b in custom.main.button if b.label == name] for name in ("Up", "Down")}
    assert [button.disabled for button in buttons["Up"]] == [True, False, False]
    assert [button.disabled for button in buttons["Down"]] == [False, False, True]


def test_copy_stands_below_with_the_same_settings(custom):
    app = press(custom, "Copy", 1)
    assert kinds(app) == ["Flatten", "Dense", "Dense", "Dropout"]
    assert [field.value for field in app.main.number_input if field.label == "Units"] == [128, 128]


def test_layer_is_deleted(custom):
    assert kinds(press(custom, "Delete", 1)) == ["Flatten", "Dropout"]


def test_batch_normalization_goes_into_the_middle(custom):
    app = press(custom, "Add below", 1)
    next(box for box in app.main.selectbox if box.label == "Layer 3").set_value(
        "BatchNormalization"
    )
    app.run()
    assert kinds(app) == ["Flatten", "Dense", "BatchNormalization", "Dropout"]
    assert not app.exception
    assert "102,282" in {metric.value for metric in app.main.metric}


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("Dropout", {"Rate"}),
        ("Flatten", set()),
        ("BatchNormalization", {"Momentum", "Epsilon"}),
        ("Activation", {"Activation"}),
        ("MaxPooling2D", {"Pool size", "Strides", "Padding"}),
    ],
)
def test_card_shows_the_fields_of_its_layer_and_no_others(custom, kind, fields):
    app = press(press(custom, "Delete", 2), "Delete", 1)
    next(box for box in app.main.selectbox if box.label == "Layer 1").set_value(kind)
    assert labels(app.run()) == fields


@pytest.mark.parametrize("kind", sorted(set(LAYER_TYPES) - SEQUENCE_LAYERS))
def test_every_kind_of_layer_can_be_chosen(custom, kind):
    next(box for box in custom.main.selectbox if box.label == "Layer 1").set_value(kind)
    custom.run()
    assert not custom.exception
    assert kinds(custom)[0] == kind


def test_value_typed_into_a_card_is_trained(custom, store):
    next(field for field in custom.main.number_input if field.label == "Units").set_value(7).run()
    next(button for button in custom.sidebar.button if button.label == "Train").click().run()
    assert store.recent()[0].experiment.model.layers[1].units == 7


def test_value_typed_survives_a_change_of_page(custom):
    next(field for field in custom.main.number_input if field.label == "Units").set_value(7).run()
    custom.switch_page("pages/data.py").run()
    custom.switch_page("pages/model.py").run()
    assert next(field.value for field in custom.main.number_input if field.label == "Units") == 7


def test_what_is_wrong_is_said_in_the_card(custom):
    next(field for field in custom.main.number_input if field.label == "Units").set_value(0).run()
    cards = [error.value for error in custom.main.error]
    assert any(text.startswith("Units of layer 2: 0 was given") for text in cards)


def test_card_says_what_comes_out_of_its_layer(custom):
    said = [caption.value for caption in custom.main.caption]
    assert "Output 128 · 100,480 parameters" in said


def test_layers_of_sequences_are_not_offered_for_images(custom):
    offered = next(box for box in custom.main.selectbox if box.label == "Layer 1").options
    assert "LSTM" not in offered and "Conv2D" in offered
