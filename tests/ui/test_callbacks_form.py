"""The sidebar's callbacks and expert settings: what shows when, and what Train makes of it."""

from __future__ import annotations

import pytest

from core.experiment.callbacks import Checkpoint, EarlyStopping, Plateau, Schedule
from core.jobs import memory
from core.ui import sidebar
from tests.ui.test_sidebar import complaints, control, labels, put, train_button

SWITCHES = {
    "Early stopping": (
        "early_stopping",
        EarlyStopping(),
        {"Monitor", "Patience", "Minimum change"},
    ),
    "Checkpoints": ("checkpoint", Checkpoint(), {"Monitor", "Best only", "Weights only"}),
    "Learning-rate schedule": ("schedule", Schedule(), {"Shape", "Warm-up", "Final share"}),
    "Reduce on plateau": (
        "plateau",
        Plateau(),
        {"Monitor", "Factor", "Patience", "Minimum learning rate"},
    ),
}


def trained(app, store):
    train_button(app).click().run()
    return store.recent()[0].experiment


@pytest.mark.parametrize("label", SWITCHES)
def test_settings_of_a_callback_show_only_while_it_is_on(visit_open, label):
    app = visit_open()
    settings = SWITCHES[label][2]
    assert not labels(app) & settings
    assert settings <= labels(put(app, label, True))


@pytest.mark.parametrize("label", SWITCHES)
def test_callback_that_is_on_is_trained_with(visit_open, store, label):
    name, expected, _ = SWITCHES[label]
    assert getattr(trained(put(visit_open(), label, True), store).callbacks, name) == expected


@pytest.mark.parametrize(
    ("label", "name"),
    [("Terminate on NaN", "terminate_on_nan"), ("CSV log", "csv"), ("TensorBoard", "tensorboard")],
)
def test_plain_callback_is_trained_with(visit_open, store, label, name):
    assert getattr(trained(put(visit_open(), label, True), store).callbacks, name)


def test_first_visit_trains_without_callbacks_in_the_compiled_loop(visit, store):
    experiment = trained(visit(), store)
    assert not any(dict(experiment.callbacks).values())
    assert experiment.training.loop == "compiled"


@pytest.mark.parametrize("loop", ["fit", "tape"])
def test_training_loop_is_chosen_under_expert(visit_open, store, loop):
    assert trained(put(visit_open(), "Training loop", loop), store).training.loop == loop


def test_preset_leaves_callbacks_and_loop_as_they_were(visit_open, store):
    app = put(put(visit_open(), "CSV log", True), "Training loop", "fit")
    experiment = trained(put(app, "Model", "mlp-basic"), store)
    assert (experiment.callbacks.csv, experiment.training.loop) == (True, "fit")


def test_schedule_and_plateau_together_are_refused_beside_the_switch(visit_open):
    app = put(put(visit_open(), "Learning-rate schedule", True), "Reduce on plateau", True)
    assert "Turn one of the two off" in complaints(app)
    assert train_button(app).disabled


def test_watching_validation_without_any_is_refused_with_what_can_be_watched(visit_open):
    app = put(put(visit_open(), "Early stopping", True), "Validation split", 0.0)
    assert "val_loss is not measured in this run. Use loss, accuracy" in complaints(app)
    app = put(app, "Monitor", "loss")
    assert not complaints(app)


def test_regression_offers_its_own_metrics_to_watch(visit_open):
    app = put(put(visit_open(), "Dataset", "plane"), "Early stopping", True)
    options = control(app, "Monitor").options
    assert "Validation mean absolute error" in options
    assert not any("accuracy" in option for option in options)


def test_closed_part_of_the_sidebar_draws_nothing(visit, visit_open):
    inside = {"Early stopping", "TensorBoard", "Training loop", "Rotation"}
    assert not labels(visit()) & inside
    assert inside <= labels(visit_open())


def test_what_was_set_in_a_part_closed_since_is_trained_with(visit_open, store):
    app = put(put(visit_open(), "CSV log", True), "Training loop", "tape")
    for title in ("Callbacks", "Expert"):
        app.session_state[sidebar.section_key(title)] = False
    experiment = trained(app.run(), store)
    assert "CSV log" not in labels(app)
    assert (experiment.callbacks.csv, experiment.training.loop) == (True, "tape")


def test_part_that_was_opened_stays_open_on_other_pages(visit_open):
    app = visit_open()
    assert "CSV log" in labels(app.switch_page("pages/model.py").run())


def test_what_is_wrong_in_a_closed_part_is_said_above_train(visit_open):
    app = put(put(visit_open(), "Learning-rate schedule", True), "Reduce on plateau", True)
    app.session_state[sidebar.section_key("Callbacks")] = False
    assert "Turn one of the two off" in complaints(app.run())


def test_model_too_large_for_memory_is_refused_with_the_estimate(visit, monkeypatch):
    monkeypatch.setattr(memory.memory_problem, "__defaults__", (10_000_000,))
    app = visit()
    assert "Memory:" in complaints(app)
    assert "GB can be used here" in complaints(app)
    assert train_button(app).disabled


def test_settings_of_a_run_with_callbacks_come_back_by_its_address(visit_open, store):
    app = put(put(visit_open(), "Early stopping", True), "Patience", 7)
    experiment = trained(app, store)
    again = visit_open(run=store.recent()[0].id)
    assert control(again, "Early stopping").value
    assert control(again, "Patience").value == experiment.callbacks.early_stopping.patience == 7
