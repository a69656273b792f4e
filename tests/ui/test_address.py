"""The sidebar stands in the address: a refresh keeps it, and nothing an address says does harm."""

from __future__ import annotations

import pytest

from core.experiment import link
from tests.ui.conftest import experiment
from tests.ui.test_pages import texts
from tests.ui.test_sidebar import complaints, control, labels, put, train_button


def address(app) -> dict[str, str]:
    return {
        name: one[0] if isinstance(one, list) else one for name, one in app.query_params.items()
    }


def refreshed(visit, app, page: str = "train"):
    """The same address in a new session."""
    return visit(page, **address(app))


def messages(app) -> str:
    return " ".join(found.value for found in app.main.error)


def test_address_of_a_first_visit_says_nothing(visit):
    assert address(visit()) == {}


def test_address_says_what_is_not_as_usual_and_nothing_else(visit):
    app = put(put(visit(), "Epochs", 12), "Dataset", "moons")
    assert address(app) == {"set": "1~data.dataset-moons~training.epochs-12"}
    app = put(app, "Epochs", 40)  # as usual for moons
    assert address(app) == {"set": "1~data.dataset-moons"}


def test_address_is_empty_again_when_all_is_as_usual(visit):
    app = put(put(visit(), "Epochs", 12), "Epochs", 10)
    assert address(app) == {}


CHANGES = {
    "Dataset": "wine",
    "Training samples": 100,
    "Scaling": "minmax",
    "Validation split": 0.3,
    "Hidden layers": 4,
    "Units": 17,
    "Activation": "tanh",
    "Dropout": 0.35,
    "Batch normalization": True,
    "L2": 0.01,
    "Optimizer": "sgd",
    "Momentum": 0.9,
    "Nesterov": True,
    "Learning rate": 0.05,
    "Epochs": 33,
    "Batch size": 9,
    "Shuffle": False,
    "Seed": 5,
}


def test_refresh_keeps_every_setting(visit_open, visit):
    app = visit()
    for label, value in CHANGES.items():
        app = put(app, label, value)
    again = refreshed(visit, app)
    assert {label: control(again, label).value for label in CHANGES} == CHANGES
    assert address(again) == address(app)
    assert not messages(again)


def test_refresh_keeps_augmentation_callbacks_and_the_loop(visit_open):
    app = visit_open()
    changes = {"Rotation": 0.1, "Early stopping": True, "Training loop": "tape", "CSV log": True}
    for label, value in changes.items():
        app = put(app, label, value)
    app = put(app, "Patience", 9)
    again = visit_open("train", **address(app))
    assert {label: control(again, label).value for label in changes} == changes
    assert control(again, "Patience").value == 9


def test_parts_of_the_sidebar_in_which_something_is_set_are_open_after_a_refresh(visit_open, visit):
    app = put(put(visit_open(), "Rotation", 0.1), "Early stopping", True)
    again = refreshed(visit, app)
    assert control(again, "Rotation").value == 0.1
    assert control(again, "Early stopping").value is True
    assert "Training loop" not in labels(again)


def test_refresh_keeps_a_preset_and_what_was_changed_in_it(visit):
    app = put(put(visit(), "Model", "underfit"), "Epochs", 5)
    again = refreshed(visit, app)
    assert control(again, "Model").value == "underfit"
    assert control(again, "Epochs").value == 5
    assert control(again, "Optimizer").value == "sgd"
    assert control(again, "Training samples").value == 2_000


def test_refresh_keeps_layers_made_by_hand(visit):
    app = put(visit("model"), "Model", "cnn-small")
    next(b for b in app.sidebar.button if b.label == "Edit these layers").click().run()
    layers = app.session_state["epochscope.layer_rows"]
    again = refreshed(visit, app, "model")
    assert control(again, "Model").value == "custom"
    assert again.session_state["epochscope.layer_rows"] == layers
    assert not train_button(again).disabled


@pytest.mark.parametrize(("label", "value"), [("Epochs", 0), ("Units", -3), ("Batch size", 90_000)])
def test_refresh_keeps_what_cannot_be_trained_and_says_so_again(visit, label, value):
    again = refreshed(visit, put(visit(), label, value))
    assert control(again, label).value == value
    assert label in complaints(again)
    assert train_button(again).disabled


def test_refresh_keeps_layers_that_cannot_be_used(visit):
    app = put(visit("model"), "Model", "custom")
    app.session_state["epochscope.layer_rows"] = [{"Layer": "Dense", "Units": -4}]
    again = refreshed(visit, app.run())
    assert "layer 1" in complaints(again)


def test_refresh_keeps_private_runs_private(visit):
    app = put(visit(), "Private run", True)
    assert control(refreshed(visit, app), "Private run").value is True


def test_refresh_keeps_the_run_beside_the_settings(visit, add_run):
    run = add_run(experiment(training={"epochs": 33}))
    app = put(visit("history", run=run.id), "Epochs", 4)
    assert set(address(app)) == {"run", "set"}
    again = refreshed(visit, app, "history")
    assert control(again, "Epochs").value == 4
    assert control(again, "Dataset").value == "digits"
    assert address(again)["run"] == run.id


def test_settings_of_the_address_win_over_those_of_its_run(visit, add_run):
    run = add_run(experiment(training={"epochs": 33}))
    app = visit("train", run=run.id, set="1~training.batch_size-8")
    assert control(app, "Batch size").value == 8
    assert control(app, "Epochs").value == 10
    assert control(app, "Dataset").value == "fashion_mnist_10k"


def test_sidebar_as_usual_beside_a_run_is_as_usual_after_a_refresh(visit, add_run):
    run = add_run(experiment(training={"epochs": 33}))
    app = visit("train", run=run.id, set="1")
    assert address(app) == {"run": run.id, "set": "1"}
    assert control(app, "Epochs").value == 10


def test_address_of_a_run_needs_no_settings_while_the_sidebar_says_the_same(visit, add_run):
    run = add_run(experiment(training={"epochs": 33}, model={"kind": "cnn", "filters": 4}))
    app = visit("train", run=run.id)
    assert address(app) == {"run": run.id}


def test_address_of_a_run_just_trained_is_the_run_alone(visit, store):
    app = put(put(visit(), "Dataset", "digits"), "Epochs", 12)
    train_button(app).click().run()
    assert address(app) == {"run": store.recent()[0].id}
    assert control(refreshed(visit, app), "Epochs").value == 12


HOSTILE = {
    "unknown names": ("1~nonsense-1~training.epochs-7", "1 that this version does not know"),
    "unknown dataset": ("1~data.dataset-nowhere~training.epochs-7", "Dataset"),
    "another's data": (f"1~data.dataset-own-{'0' * 64}~training.epochs-7", "Dataset"),
    "unknown model": ("1~model-transformer~training.epochs-7", "Model"),
    "text for a number": ("1~training.batch_size-many~training.epochs-7", "Batch size"),
    "list for a number": ("1~training.batch_size-z.eJyLjgUAARUAuQ~training.epochs-7", "Batch size"),
    "number for a switch": ("1~training.shuffle-3~training.epochs-7", "Shuffle"),
    "off the slider": ("1~mlp.dropout-7.5~training.epochs-7", "Dropout"),
    "off the slider below": ("1~data.validation_split--1~training.epochs-7", "Validation split"),
    "no monitor": ("1~early_stopping.monitor-x~training.epochs-7", "Monitor"),
    "huge": (f"1~seed-{10**30}~training.epochs-7", "Seed"),
    "parts of the session": (
        "1~epochscope.run-1~form.seed-2~training.epochs-7",
        "2 that this version",
    ),
    "rubbish": ("1~~~-~=~training.epochs-7~💥", "cannot be used"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_cannot_be_used_of_an_address_is_told_and_the_rest_kept(visit, name):
    text, told = HOSTILE[name]
    app = visit("train", set=text)
    assert not app.exception
    assert told in messages(app)
    assert control(app, "Epochs").value == 7
    assert not train_button(app).disabled


@pytest.mark.parametrize(
    "text",
    ["", "2~training.epochs-7", "<script>alert(1)</script>", "1~" + "a" * 9_000, "%", "null"],
)
def test_address_that_says_nothing_readable_leaves_all_as_usual(visit, text):
    app = visit("train", set=text)
    assert not app.exception
    assert "Settings in the address" in messages(app)
    assert control(app, "Epochs").value == 10
    assert "script" not in texts(app) + messages(app)


@pytest.mark.parametrize(
    "layers",
    [
        *([], [1], [[]], [{}], [{"kind": 5}], [{"kind": "Dense", "units": [1]}]),
        *([{"kind": "Dense", "units": {"a": 1}}], [{"kind": "<b>x</b>"}]),
        *([{"kind": "Dense", "kernel_regularizer": 3}], [{"kind": "Flatten"}] * 500),
    ],
)
@pytest.mark.parametrize("page", ["train", "model"])
def test_layers_of_an_address_can_be_anything(visit, page, layers):
    app = visit(page, set=link.write({"model": "custom", "layers": layers}))
    assert not app.exception
    assert control(app, "Model").value == "custom"


def button(app, label: str):
    return next((found for found in app.main.button if found.label == label), None)


@pytest.mark.parametrize("page", ["train", "history", "confusion_matrix", "predictions"])
@pytest.mark.parametrize("owner", ["", "somebody"])
def test_settings_of_another_run_can_be_used(visit, add_run, page, owner):
    own = add_run(experiment(training={"epochs": 33}))
    other = add_run(
        experiment(data={"dataset": "moons"}, training={"epochs": 21, "optimizer": "sgd"}),
        owner=owner,
    )
    app = visit(page, run=own.id)
    assert button(app, "Use these settings") is None
    next(box for box in app.selectbox if box.label == "Run").set_value(other.id).run()
    assert control(app, "Epochs").value == 33
    button(app, "Use these settings").click().run()
    assert not app.exception
    assert control(app, "Epochs").value == 21
    assert control(app, "Dataset").value == "moons"
    assert control(app, "Learning rate").value == 0.01
    assert button(app, "Use these settings") is None
    assert address(app) == {"run": other.id}


def test_settings_used_from_a_run_replace_those_set_before(visit, add_run):
    run = add_run(experiment())
    app = put(visit(), "Activation", "tanh")
    next(box for box in app.selectbox if box.label == "Run").set_value(run.id).run()
    button(app, "Use these settings").click().run()
    assert control(app, "Activation").value == "relu"
