"""What `train` gives back: Keras's names and numbers, the tested model, the same every time."""

from __future__ import annotations

import keras
import numpy as np
import pytest

import core.training
from core.records import EpochRecord
from core.training import build_model, train
from tests.training.small import arrays, small

DROPOUT = {"kind": "mlp", "units": 32, "dropout": 0.5}


@pytest.fixture(scope="module")
def run():
    return train(small(metrics=None))


def test_public_names_are_those_written_down():
    assert core.training.__all__ == [
        "TENSORBOARD_FILE",
        "Commit",
        "Programs",
        "ProgressReporter",
        "SessionStateCallback",
        "Start",
        "StopOnRequest",
        "TrainedRun",
        "build_model",
        "continued",
        "ended",
        "evaluate",
        "prepare",
        "put_back",
        "save_model",
        "train",
        "unpack_tensorboard",
        "warm_up",
        "written_by_callbacks",
    ]


def test_history_has_keras_names_and_one_float_an_epoch(run):
    names = ("loss", "accuracy", "macro_precision", "macro_recall", "macro_f1")
    assert set(run.history) == {*names, *(f"val_{name}" for name in names)}
    for values in run.history.values():
        assert len(values) == 2
        assert all(type(value) is float for value in values)


def test_history_is_what_keras_kept(run):
    assert {name: values[-1:] for name, values in run.history.items()} == {
        name: values[-1:] for name, values in run.model.history.history.items()
    }


def test_model_is_kerass(run):
    assert isinstance(run.model, keras.Model)
    assert run.outcome == "finished"
    assert run.reason == ""


def test_evaluation_is_that_of_the_test_samples(run):
    samples = arrays(small())
    expected = run.model.evaluate(samples.x_test, samples.y_test, verbose=0, return_dict=True)
    assert set(run.evaluation) == set(expected)
    for name, value in expected.items():
        assert run.evaluation[name] == pytest.approx(value, rel=1e-5)


def test_test_outputs_are_the_models_predictions(run):
    samples = arrays(small())
    np.testing.assert_array_equal(run.test_true, samples.y_test)
    expected = run.model.predict(samples.x_test, verbose=0)
    np.testing.assert_allclose(run.test_outputs, expected, atol=1e-6)
    assert run.test_outputs.dtype == np.float32


def test_numbers_are_tested_as_columns():
    run = train(small("plane", metrics=None))
    assert run.test_true.shape == run.test_outputs.shape == (500, 1)
    squares = (run.test_true - run.test_outputs) ** 2
    assert run.evaluation["mse"] == pytest.approx(squares.mean(), rel=1e-5)


def test_two_classes_from_a_sigmoid_are_tested_with_integer_labels():
    run = train(small("moons", loss="binary_crossentropy", metrics=["accuracy"]))
    assert run.test_outputs.shape == (500, 1)
    assert run.test_true.shape == (500,)
    right = (run.test_outputs[:, 0] > 0.5) == run.test_true
    assert run.evaluation["accuracy"] == pytest.approx(right.mean(), abs=1e-6)


@pytest.fixture(scope="module")
def scheduled():
    """A run with a learning rate that falls, and what happened in it, in order."""
    events: list[tuple[str, object]] = []

    class Begun(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            events.append(("begun", epoch))

    schedule = keras.callbacks.LearningRateScheduler(lambda epoch: 0.1 / (epoch + 1))
    hooks = [Begun(), schedule]
    return train(small(epochs=3), lambda record: events.append(("ended", record)), hooks), events


def test_each_epoch_is_handed_over_as_a_record(scheduled):
    run, events = scheduled
    handed_over = [record for what, record in events if what == "ended"]
    assert handed_over == list(run.records)
    assert all(type(record) is EpochRecord for record in handed_over)
    assert [record.epoch for record in handed_over] == [0, 1, 2]
    assert all(0 < record.duration_s < 60 for record in handed_over)


def test_epoch_is_handed_over_before_the_next_begins(scheduled):
    _, events = scheduled
    assert [what for what, _ in events] == ["begun", "ended"] * 3


def test_learning_rate_of_a_record_is_the_one_the_epoch_was_trained_with(scheduled):
    run, _ = scheduled
    rates = [record.learning_rate for record in run.records]
    assert rates == pytest.approx([0.1, 0.05, 0.1 / 3])


def test_learning_rate_without_a_schedule_is_that_of_the_settings(run):
    assert [record.learning_rate for record in run.records] == [pytest.approx(0.001)] * 2


@pytest.mark.parametrize("model", [DROPOUT, {"kind": "cnn", "filters": 4, "dropout": 0.3}])
def test_same_seed_gives_the_same_history_bit_for_bit(model):
    experiment = small(model=model)
    assert train(experiment).history == train(experiment).history


def test_another_seed_gives_another_history(run):
    assert train(small(seed=1)).history["loss"] != run.history["loss"]


def test_the_seed_decides_the_first_weights():
    first, again, other = (build_model(small(seed=seed)).get_weights() for seed in (1, 1, 2))
    for one, two in zip(first, again, strict=True):
        np.testing.assert_array_equal(one, two)
    assert not np.array_equal(first[0], other[0])


def test_shuffling_changes_what_a_batch_sees(run):
    assert train(small(shuffle=False)).history["loss"] != run.history["loss"]


def test_dropout_is_active_only_in_training():
    # At this rate no weight moves, so that Keras's numbers can be compared with those of the
    # first weights, worked out without dropout.
    experiment = small(model=DROPOUT, learning_rate=1e-12, epochs=1, batch_size=80)
    samples = arrays(experiment)
    model = build_model(experiment)

    def loss(x, y):
        kernel, bias, out_kernel, out_bias = model.get_weights()
        hidden = np.maximum(x.reshape(len(x), -1) @ kernel + bias, 0)
        logits = hidden @ out_kernel + out_bias
        shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        return -np.log(shares[np.arange(len(y)), y]).mean()

    run = train(experiment)
    validation = loss(samples.x_validation, samples.y_validation)
    assert run.history["val_loss"][0] == pytest.approx(validation, rel=1e-5)
    assert run.evaluation["loss"] == pytest.approx(loss(samples.x_test, samples.y_test), rel=1e-5)
    difference = abs(run.history["loss"][0] - loss(samples.x_train, samples.y_train))
    assert difference > 1e-3


def test_without_validation_split_nothing_is_validated():
    run = train(small(validation_split=0, metrics=["accuracy"]))
    assert set(run.history) == {"loss", "accuracy"}
    assert len(run.records) == 2
    assert run.evaluation["accuracy"] > 0


def test_custom_network_of_every_layer_trains():
    layers = [
        {"kind": "Conv2D", "filters": 4, "activation": "leaky_relu"},
        {"kind": "BatchNormalization"},
        {"kind": "MaxPooling2D", "strides": 1},
        {"kind": "AveragePooling2D", "padding": "same"},
        {"kind": "Activation", "activation": "gelu"},
        {"kind": "Dense", "units": 6, "kernel_regularizer": {"l1": 0.001}},
        {"kind": "Dropout", "rate": 0.2},
        {"kind": "GlobalAveragePooling2D"},
        {"kind": "Flatten"},
    ]
    run = train(small(model={"kind": "custom", "layers": layers}, epochs=3, learning_rate=0.01))
    assert run.history["loss"][2] < run.history["loss"][0]
