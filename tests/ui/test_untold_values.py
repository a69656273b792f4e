"""Streamlit tells a browser once what a script puts into a control: it may not arrive.

Where another script begins before that is sent, the browser takes what the control says as its
own value, and sends it back as the visitor's.
"""

from __future__ import annotations

import pytest

MODELS = ("MLP: dense layers", "CNN: convolutions", "Custom layers")
DATASETS = ("digits", "fashion-mnist-10k", "moons", "wine", "diabetes", "novels")


def own_values(app) -> dict[str, tuple[object, object]]:
    """What each control says as its own value, beside the value it holds."""
    found = {}
    for number in app.get("number_input"):
        if number.proto.HasField("default"):
            found[number.label] = (number.proto.default, number.value)
    for slider in app.slider:
        found[slider.label] = (slider.proto.default[0], slider.value)
    for switch in app.get("checkbox"):
        found[switch.label] = (switch.proto.default, switch.value)
    for box in app.selectbox:
        if box.proto.HasField("default"):
            found[box.label] = (box.proto.options[box.proto.default], box.proto.options[box.index])
    return found


@pytest.mark.parametrize("dataset", DATASETS)
def test_control_of_the_sidebar_says_the_value_it_holds_as_its_own(visit_open, dataset):
    app = visit_open(set=f"1~data.dataset-{dataset}")
    found = own_values(app)
    assert {"Dataset", "Model", "Epochs", "Learning rate", "Validation split"} <= set(found)
    assert [label for label, (own, held) in found.items() if own != pytest.approx(held)] == []


def test_it_does_so_for_values_that_an_address_brings(visit_open):
    app = visit_open(set="1~training.epochs-7~data.validation_split-0.35~mlp.units-24")
    found = own_values(app)
    assert found["Epochs"] == (7, 7)
    assert found["Units"] == (24, 24)
    assert found["Validation split"] == (0.35, 0.35)


@pytest.mark.parametrize("model", MODELS[1:])
def test_it_does_so_for_other_models(visit, model):
    app = visit("model")
    box = next(one for one in app.selectbox if one.label == "Model")
    app = box.set_value(next(key for key in box.options if key == model)).run()
    found = own_values(app)
    assert [label for label, (own, held) in found.items() if own != pytest.approx(held)] == []
