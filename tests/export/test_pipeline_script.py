"""The tf.data program, run as someone who copied it would, makes the batches training gets."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from sklearn.preprocessing import MinMaxScaler, RobustScaler, StandardScaler

from core import data
from core.experiment import DATASETS, Data, Experiment
from core.export import batches_script, keras_script, network_script, tf_data_script
from core.training.building import labels_for
from tests.experiment.random_experiments import random_experiments

BATCH = 16
AUGMENTATION = {
    "flip": "both",
    "rotation": 0.1,
    "translation": 0.2,
    "zoom": 0.3,
    "contrast": 0.4,
}


def experiment(dataset: str = "digits", **settings: Any) -> Experiment:
    training = {"batch_size": BATCH, "epochs": 1, **settings.pop("training", {})}
    return Experiment.model_validate(
        {
            "data": {"dataset": dataset, "training_samples": 100, **settings},
            "model": {"kind": "text"} if dataset == "novels" else {"kind": "mlp", "units": 4},
            "training": training,
            "seed": 5,
        }
    )


CASES = {
    "images": experiment(),
    "augmented images": experiment(augmentation=AUGMENTATION),
    "a flip alone": experiment(augmentation={"flip": "horizontal"}),
    "one-hot images of 255 levels": experiment(
        "fashion_mnist_10k", training={"loss": "categorical_crossentropy"}
    ),
    "wrong labels": experiment(label_noise=0.3),
    "in order": experiment(training={"shuffle": False}),
    "in order, augmented": experiment(training={"shuffle": False}, augmentation={"contrast": 0.5}),
    "no validation": experiment(validation_split=0),
    "a table": experiment("iris"),
    "a table, robust, one-hot": experiment("wine", scaling="robust", training={"loss": "mse"}),
    "a table as it is": experiment("iris", scaling="none"),
    "numbers": experiment("diabetes", scaling="minmax"),
    "points": experiment("moons"),
    "texts": experiment("novels", vocabulary_size=300, sequence_length=30),
}


def stored(one: Experiment) -> dict[str, Any]:
    """What the part that makes batches needs: imports, and arrays as they are loaded."""
    raw = data.raw_data(one.data, one.seed)
    parts = data.split(raw, one.data, one.seed)
    labels = data.load(one.data, one.seed).y_train  # wrong ones among them
    names = {
        "keras": keras,
        "tf": tf,
        "StandardScaler": StandardScaler,
        "MinMaxScaler": MinMaxScaler,
        "RobustScaler": RobustScaler,
        "x_train": raw.x_train[parts.train],
        "y_train": labels,
        "x_test": raw.x_test,
        "y_test": raw.y_test,
    }
    if one.data.validation_split:
        names |= {"x_val": raw.x_train[parts.validation], "y_val": raw.y_train[parts.validation]}
    return names


@pytest.fixture(scope="module", params=CASES)
def case(request) -> tuple[Experiment, dict[str, Any]]:
    """An experiment, and what its program left behind."""
    one = CASES[request.param]
    names = stored(one)
    exec(batches_script(one), names)
    return one, names


def joined(batches) -> tuple[np.ndarray, np.ndarray]:
    x, y = zip(*batches.as_numpy_iterator(), strict=True)
    return np.concatenate(x), np.concatenate(y)


def in_order(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Samples with their labels as rows, sorted."""
    rows = np.concatenate([x.reshape(len(x), -1), y.reshape(len(y), -1)], axis=1)
    return rows[np.lexsort(rows.T)]


def test_samples_held_back_and_tested_on_are_those_of_training(case):
    one, names = case
    samples = data.load(one.data, one.seed)
    for name, part in (("validation", "validation"), ("test", "test")):
        if name in names:
            x, y = joined(names[name])
            np.testing.assert_array_equal(x, getattr(samples, f"x_{part}"))
            expected = getattr(samples, f"y_{part}")
            np.testing.assert_array_equal(y, labels_for(one, expected))
            assert x.dtype == samples.x_test.dtype
    assert ("validation" in names) == (one.data.validation_split > 0)


def test_samples_trained_on_are_those_of_training(case):
    one, names = case
    samples = data.load(one.data, one.seed)
    x, y = joined(names["train"])
    labels = labels_for(one, samples.y_train)
    assert (x.shape, x.dtype) == (samples.x_train.shape, samples.x_train.dtype)
    if one.data.augmentation.kinds:
        assert x.min() >= 0
        assert x.max() <= 1
        np.testing.assert_array_equal(np.sort(y), np.sort(labels))
    else:
        np.testing.assert_array_equal(in_order(x, y), in_order(samples.x_train, labels))


def test_batches_are_of_the_size_chosen(case):
    one, names = case
    sizes = [len(x) for x, _ in names["train"]]
    assert sizes[:-1] == [BATCH] * (len(sizes) - 1)
    assert sum(sizes) == one.data.train_count


def test_epochs_differ_where_something_is_drawn(case):
    one, names = case
    first, second = (joined(names["train"])[0] for _ in range(2))
    is_drawn = one.training.shuffle or bool(one.data.augmentation.kinds)
    assert np.array_equal(first, second) != is_drawn


def test_augmentation_is_in_training_alone_and_changes_images():
    one = experiment(training={"shuffle": False}, augmentation=AUGMENTATION)
    names = stored(one)
    exec(batches_script(one), names)
    x, y = joined(names["train"])
    samples = data.load(one.data, one.seed)
    np.testing.assert_array_equal(y, samples.y_train)
    assert (np.abs(x - samples.x_train).max(axis=(1, 2, 3)) > 0.1).mean() > 0.9


def test_contrast_may_be_more_and_less():
    # RandomContrast(0.5) draws from 1 to 1.5 only; both bounds must be given.
    one = experiment(augmentation={"contrast": 0.5})
    names = stored(one)
    exec(batches_script(one), names)
    spread = joined(names["train"])[0].std(axis=(1, 2, 3)).mean()
    assert spread < data.load(one.data, one.seed).x_train.std(axis=(1, 2, 3)).mean()


def test_program_of_varied_images_has_short_lines():
    for one in CASES.values():
        assert max(map(len, tf_data_script(one).splitlines())) <= 88


@pytest.mark.parametrize("name", DATASETS)
def test_program_for_every_dataset_is_python_of_short_lines(name):
    script = tf_data_script(Experiment(data=Data(dataset=name)))
    compile(script, "script", "exec")
    assert max(map(len, script.splitlines())) <= 88


@pytest.mark.parametrize("seed", range(5))
def test_program_of_a_random_experiment_is_python(seed):
    for one in random_experiments(10, seed + 400):
        compile(tf_data_script(one), "script", "exec")


@pytest.mark.parametrize("shuffle", [True, False])
def test_keras_script_trains_with_augmentation(shuffle):
    one = experiment(augmentation=AUGMENTATION, training={"shuffle": shuffle})
    samples = data.load(one.data, one.seed)
    names: dict[str, Any] = {"keras": keras, "tf": tf}
    names |= {"x_train": samples.x_train, "y_train": samples.y_train}
    names |= {"x_val": samples.x_validation, "y_val": samples.y_validation}
    exec(network_script(one), names)
    history = names["history"].history
    assert np.isfinite(history["loss"]).all()
    assert np.isfinite(history["val_loss"]).all()
    assert len(names["augment"].layers) == 6


def test_keras_script_without_augmentation_needs_no_tensorflow():
    assert "tensorflow" not in keras_script(experiment())
