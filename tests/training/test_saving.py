"""The files of a trained model bring back its weights, its test, and the training itself."""

from __future__ import annotations

import zipfile
from pathlib import Path

import keras
import numpy as np
import pytest

from core.records import BEST_WEIGHTS, LAST_WEIGHTS, MODEL
from core.training import Start, build_model, evaluate, save_model, train, written_by_callbacks
from core.training.train import TrainedRun
from tests.training.calling import LOOPS, calling
from tests.training.small import arrays, small

RELATIVE = 1e-5
PREDICTED = 1e-6
DROPOUT = {"kind": "mlp", "units": 16, "hidden_layers": 2, "dropout": 0.4}
NORMALIZED = {
    "kind": "cnn",
    "blocks": 1,
    "filters": 4,
    "dense_units": 8,
    "batch_normalization": True,
}
EXPERIMENT = small(learning_rate=0.1, epochs=5, metrics=["accuracy", "macro_f1"])


@pytest.fixture(scope="module")
def run() -> TrainedRun:
    """A run whose validation loss rises in its last epoch."""
    return train(EXPERIMENT)


@pytest.fixture(scope="module")
def folder(run, tmp_path_factory) -> Path:
    """Where its files are."""
    folder = tmp_path_factory.mktemp("saved") / "model"
    list(save_model(run, folder))
    return folder


def test_model_and_weights_of_the_last_and_of_the_best_epoch_are_written(run, tmp_path):
    paths = list(save_model(run, tmp_path / "model"))
    assert [path.name for path in paths] == [MODEL, LAST_WEIGHTS, BEST_WEIGHTS]
    assert sorted(paths) == sorted((tmp_path / "model").iterdir())


def test_best_weights_are_left_out_where_they_are_the_last(tmp_path):
    paths = list(save_model(train(small(epochs=1)), tmp_path))
    assert [path.name for path in paths] == [MODEL, LAST_WEIGHTS]


def test_saving_leaves_the_model_as_it_is(run, tmp_path):
    before = run.model.get_weights()
    list(save_model(run, tmp_path))
    for found, expected in zip(run.model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(found, expected)


def loaded(file: Path) -> keras.Sequential:
    model = build_model(EXPERIMENT)
    model.load_weights(file)
    return model


def test_last_weights_in_a_fresh_model_predict_as_the_model_does(run, folder):
    x = arrays(EXPERIMENT).x_test
    found = loaded(folder / LAST_WEIGHTS).predict(x, verbose=0)
    np.testing.assert_allclose(found, run.model.predict(x, verbose=0), rtol=PREDICTED)


def test_best_weights_are_those_of_the_epoch_with_the_lowest_validation_loss(run, folder):
    losses = run.history["val_loss"]
    assert run.best_epoch == int(np.argmin(losses)) == len(losses) - 2
    samples = arrays(EXPERIMENT)
    found = loaded(folder / BEST_WEIGHTS).evaluate(
        samples.x_validation, samples.y_validation, verbose=0, return_dict=True
    )
    assert found["loss"] == pytest.approx(min(losses), rel=RELATIVE)
    assert found["accuracy"] == pytest.approx(run.history["val_accuracy"][-2], rel=RELATIVE)


def test_best_weights_differ_from_the_last(folder):
    best, last = (loaded(folder / name).get_weights() for name in (BEST_WEIGHTS, LAST_WEIGHTS))
    for one, other in zip(best, last, strict=True):
        assert not np.array_equal(one, other)


def test_evaluating_the_last_weights_gives_the_test_of_the_run_exactly(run, folder):
    assert evaluate(EXPERIMENT, folder / LAST_WEIGHTS) == run.evaluation


def test_evaluating_the_best_weights_gives_their_test_exactly(run, folder):
    assert evaluate(EXPERIMENT, folder / BEST_WEIGHTS) == run.best.evaluation != run.evaluation


@pytest.mark.parametrize("loop", ["fit", "tape"])
def test_evaluating_gives_the_test_of_a_run_of_every_loop_exactly(loop, tmp_path):
    one = small(loop=loop, model=NORMALIZED, metrics=None)
    run = train(one)
    list(save_model(run, tmp_path))
    assert evaluate(one, tmp_path / LAST_WEIGHTS) == run.evaluation


def test_saved_model_is_evaluated_by_keras_as_the_run_was(run, folder):
    samples = arrays(EXPERIMENT)
    model = keras.models.load_model(folder / MODEL)
    found = model.evaluate(samples.x_test, samples.y_test, verbose=0, return_dict=True)
    assert set(found) == {"loss", "accuracy"}  # Keras has no macro metrics
    for name, value in found.items():
        assert value == pytest.approx(run.evaluation[name], rel=RELATIVE)


def test_saved_model_has_the_optimizer_as_training_left_it(run, folder):
    found = keras.models.load_model(folder / MODEL).optimizer
    assert int(found.iterations) == 5 * len(run.records)
    for one, other in zip(found.variables, run.model.optimizer.variables, strict=True):
        np.testing.assert_array_equal(one.numpy(), other.numpy())


def continued(one, first: int, folder: Path) -> tuple[TrainedRun, TrainedRun]:
    """The first epochs of an experiment, and the others from the files those left."""
    shorter = one.training.model_copy(update={"epochs": first})
    begun = train(one.model_copy(update={"training": shorter}))
    list(save_model(begun, folder))
    return begun, train(one, start=Start(folder / LAST_WEIGHTS, first))


@pytest.mark.parametrize("model", [DROPOUT, NORMALIZED], ids=["dropout", "normalized"])
@pytest.mark.parametrize("loop", LOOPS)
def test_training_on_from_the_files_gives_the_bits_of_training_at_once(loop, model, tmp_path):
    one = small(model=model, loop=loop, epochs=4, metrics=["accuracy"])
    whole = train(one)
    begun, rest = continued(one, 2, tmp_path)
    assert [record.epoch for record in rest.records] == [2, 3]
    for name, values in whole.history.items():
        assert begun.history[name] + rest.history[name] == values
    assert rest.evaluation == whole.evaluation


def test_training_on_takes_up_the_schedule_where_it_was(tmp_path):
    # A step schedule: unlike a cosine it does not depend on how many epochs there are.
    one = calling(small(epochs=4), schedule={"kind": "step", "every": 1, "factor": 0.5})
    _, rest = continued(one, 2, tmp_path)
    rates = [record.learning_rate for record in rest.records]
    assert rates == pytest.approx([0.00025, 0.000125], rel=2e-7)


def test_files_of_callbacks_are_found(tmp_path):
    one = calling(small(), checkpoint={"best_only": False}, csv=True, tensorboard=True)
    for name in ("checkpoints/epoch-0002.keras", "checkpoints/epoch-0001.keras", "epochs.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "tensorboard" / "train").mkdir(parents=True)
    (tmp_path / "tensorboard" / "train" / "events").write_text("events")
    found = list(written_by_callbacks(one, tmp_path))
    assert [path.name for path in found] == [
        *("epoch-0001.keras", "epoch-0002.keras", "epochs.csv", "tensorboard.zip")
    ]
    with zipfile.ZipFile(found[-1]) as archive:
        assert archive.read("tensorboard/train/events") == b"events"


@pytest.mark.parametrize("weights_only", [True, False])
def test_files_of_callbacks_and_of_the_model_have_names_of_their_own(weights_only, tmp_path):
    part = {"monitor": "val_accuracy", "weights_only": weights_only}
    run = train(calling(EXPERIMENT, checkpoint=part), folder=tmp_path)
    wanted = calling(EXPERIMENT, checkpoint=part)
    names = [path.name for path in written_by_callbacks(wanted, tmp_path)]
    names += [path.name for path in save_model(run, tmp_path / "model")]
    assert len(set(names)) == len(names), names
