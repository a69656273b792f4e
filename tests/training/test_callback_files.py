"""What callbacks write: rows and events equal the history, and plain Keras opens the models."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from core.training import train
from core.training.callbacks import StopRequestedError
from tests.training.calling import LOOPS, calling
from tests.training.small import AtBatch, arrays, small

RELATIVE = 1e-5
PREDICTED = 1e-6
JUMPY = {"learning_rate": 0.1, "epochs": 5}  # its best epoch is not its last
OPEN_AND_PREDICT = """
import sys
import keras, numpy
model = keras.models.load_model(sys.argv[1])
numpy.save(sys.argv[3], model.predict(numpy.load(sys.argv[2]), verbose=0))
print(sorted(name for name in sys.modules if name.partition(".")[0] == "core"))
"""


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(newline="") as lines:
        return list(csv.DictReader(lines))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "checkpoints").iterdir())


@pytest.mark.parametrize("loop", LOOPS)
def test_rows_of_the_csv_file_are_the_history(loop, tmp_path):
    experiment = calling(small(loop=loop, metrics=["accuracy"]), csv=True)
    history = train(experiment, folder=tmp_path).history
    found = rows(tmp_path / "epochs.csv")
    assert [row["epoch"] for row in found] == ["0", "1"]
    assert set(history) == {"loss", "accuracy", "val_loss", "val_accuracy"}
    for name, values in history.items():
        assert [float(row[name]) for row in found] == values


@pytest.mark.parametrize("loop", LOOPS)
def test_csv_file_of_a_stopped_run_has_its_whole_epochs(loop, tmp_path):
    def stop() -> None:
        raise StopRequestedError

    one = calling(small(loop=loop), csv=True)
    run = train(one, callbacks=[AtBatch(7, stop)], folder=tmp_path)
    assert run.outcome == "stopped"
    [row] = rows(tmp_path / "epochs.csv")
    assert float(row["val_loss"]) == run.history["val_loss"][0]


def test_callbacks_without_a_folder_write_into_one_of_their_own():
    one, other = (train(calling(small(epochs=1), csv=True)).folder for _ in range(2))
    assert one != other
    assert rows(one / "epochs.csv") == rows(other / "epochs.csv")


def test_run_whose_callbacks_write_nothing_has_no_folder():
    assert train(calling(small(epochs=1), terminate_on_nan=True)).folder is None


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ({"best_only": True}, ["checkpoint.keras"]),
        ({"best_only": True, "weights_only": True}, ["checkpoint.weights.h5"]),
        ({"best_only": False}, ["epoch-0001.keras", "epoch-0002.keras"]),
        (
            {"best_only": False, "weights_only": True},
            ["epoch-0001.weights.h5", "epoch-0002.weights.h5"],
        ),
    ],
)
@pytest.mark.parametrize("loop", LOOPS)
def test_checkpoints_are_the_files_asked_for_and_no_others(loop, part, expected, tmp_path):
    train(calling(small(loop=loop), checkpoint=part), folder=tmp_path)
    assert names(tmp_path) == expected


@pytest.mark.parametrize("loop", LOOPS)
def test_last_checkpoint_predicts_as_the_model_does(loop, tmp_path):
    experiment = calling(small(loop=loop, metrics=None), checkpoint={"best_only": False})
    run, samples = train(experiment, folder=tmp_path), arrays(experiment)
    loaded = keras.models.load_model(tmp_path / "checkpoints" / "epoch-0002.keras")
    expected = run.model.predict(samples.x_test, verbose=0)
    found = loaded.predict(samples.x_test, verbose=0)
    np.testing.assert_allclose(found, expected, rtol=PREDICTED)


def test_checkpoint_opens_where_there_is_only_keras(tmp_path):
    experiment = calling(small(metrics=None), checkpoint={"best_only": False})
    run, samples = train(experiment, folder=tmp_path), arrays(experiment)
    file, given, predicted = (
        str(tmp_path / name) for name in ("checkpoints/epoch-0002.keras", "x.npy", "y.npy")
    )
    np.save(given, samples.x_test)
    command = [sys.executable, "-c", OPEN_AND_PREDICT, file, given, predicted]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    expected = run.model.predict(samples.x_test, verbose=0)
    np.testing.assert_allclose(np.load(predicted), expected, rtol=PREDICTED)


@pytest.mark.parametrize("loop", LOOPS)
def test_best_checkpoint_is_the_model_of_the_lowest_validation_loss(loop, tmp_path):
    experiment = calling(small(loop=loop, **JUMPY), checkpoint={})
    run, samples = train(experiment, folder=tmp_path), arrays(experiment)
    lowest = min(run.history["val_loss"])
    assert lowest < run.history["val_loss"][-1]
    loaded = keras.models.load_model(tmp_path / "checkpoints" / "checkpoint.keras")
    found = loaded.evaluate(samples.x_validation, samples.y_validation, verbose=0)
    assert found == pytest.approx(lowest, rel=RELATIVE)


def test_best_checkpoint_by_accuracy_is_the_model_of_the_highest(tmp_path):
    experiment = calling(
        small(**JUMPY, metrics=["accuracy"]), checkpoint={"monitor": "val_accuracy"}
    )
    run, samples = train(experiment, folder=tmp_path), arrays(experiment)
    loaded = keras.models.load_model(tmp_path / "checkpoints" / "checkpoint.keras")
    predicted = loaded.predict(samples.x_validation, verbose=0).argmax(axis=1)
    accuracy = np.mean(predicted == samples.y_validation)
    assert accuracy == pytest.approx(max(run.history["val_accuracy"]), rel=RELATIVE)


def scalars(folder: Path) -> dict[str, list[tuple[int, float]]]:
    """Step and value of every event below `folder`, by tag, from the files themselves."""
    found: dict[str, list[tuple[int, float]]] = {}
    for file in folder.glob("events*"):
        for record in tf.data.TFRecordDataset(str(file)).as_numpy_iterator():
            event = tf.compat.v1.Event.FromString(record)
            for value in event.summary.value:
                number = float(tf.make_ndarray(value.tensor))
                found.setdefault(value.tag, []).append((event.step, number))
    return found


@pytest.mark.parametrize("loop", LOOPS)
def test_events_for_tensorboard_are_the_history(loop, tmp_path):
    experiment = calling(small(loop=loop, metrics=["accuracy"]), tensorboard=True)
    history = train(experiment, folder=tmp_path).history
    for part, prefix in (("train", ""), ("validation", "val_")):
        found = scalars(tmp_path / "tensorboard" / part)
        for name in ("loss", "accuracy"):
            # An event holds a float32, as Keras's metrics do.
            expected = list(enumerate(np.float32(history[prefix + name]).tolist()))
            assert found[f"epoch_{name}"] == expected
