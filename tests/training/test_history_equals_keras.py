"""The history of a run equals that of the same network written in plain Keras.

Both start from the weights of the same seed and see the same samples in the same order, so that
they differ by rounding only: a relative tolerance of 1e-5.
"""

from __future__ import annotations

import keras
import numpy as np
import pytest
from keras import layers

from core.training import train
from tests.training.small import arrays, one_hot, small

RELATIVE = 1e-5


def plain_history(experiment, network, labels=lambda y: y, **compile_arguments):
    """Keras's own history of `network`, a function that makes the layers."""
    samples = arrays(experiment)
    keras.utils.set_random_seed(experiment.seed)
    model = keras.Sequential([keras.Input(samples.x_train.shape[1:]), *network()])
    model.compile(**compile_arguments)
    fitted = model.fit(
        samples.x_train,
        labels(samples.y_train),
        batch_size=experiment.training.batch_size,
        epochs=experiment.training.epochs,
        shuffle=False,
        validation_data=(samples.x_validation, labels(samples.y_validation)),
        verbose=0,
    )
    return fitted.history


def assert_equal(history, expected):
    assert set(history) == set(expected)
    for name, values in expected.items():
        np.testing.assert_allclose(history[name], values, rtol=RELATIVE, err_msg=name)


def ten_classes_from_an_mlp():
    experiment = small(
        model={"kind": "mlp", "units": 16, "hidden_layers": 2, "activation": "tanh"},
        metrics=["accuracy"],
        shuffle=False,
        seed=3,
    )

    def network():
        hidden = [layers.Dense(16, activation="tanh") for _ in range(2)]
        return [layers.Flatten(), *hidden, layers.Dense(10, activation="softmax")]

    return experiment, plain_history(
        experiment,
        network,
        optimizer=keras.optimizers.Adam(0.001),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )


def one_hot_classes_from_a_cnn():
    experiment = small(
        model={
            "kind": "cnn",
            "blocks": 1,
            "filters": 4,
            "dense_units": 0,
            "batch_normalization": True,
            "l2": 0.01,
            "pooling": "average",
        },
        loss="categorical_crossentropy",
        optimizer="sgd",
        learning_rate=0.05,
        momentum=0.9,
        nesterov=True,
        metrics=["accuracy"],
        shuffle=False,
    )

    def network():
        penalty = keras.regularizers.L2(0.01)
        return [
            layers.Conv2D(4, 3, padding="same", kernel_regularizer=penalty),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.AveragePooling2D(2),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ]

    return experiment, plain_history(
        experiment,
        network,
        labels=lambda y: one_hot(y, 10),
        optimizer=keras.optimizers.SGD(0.05, momentum=0.9, nesterov=True),
        loss="categorical_crossentropy",
        metrics=["accuracy"],
    )


def two_classes_from_a_sigmoid():
    experiment = small(
        "moons",
        loss="binary_crossentropy",
        optimizer="rmsprop",
        learning_rate=0.01,
        momentum=0.5,
        metrics=["accuracy"],
        shuffle=False,
    )
    return experiment, plain_history(
        experiment,
        lambda: [layers.Dense(8, activation="relu"), layers.Dense(1, activation="sigmoid")],
        labels=lambda y: y.astype(np.float32)[:, np.newaxis],
        optimizer=keras.optimizers.RMSprop(0.01, momentum=0.5),
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )


def numbers_by_mean_absolute_error():
    experiment = small("plane", loss="mae", optimizer="nadam", metrics=None, shuffle=False)
    return experiment, plain_history(
        experiment,
        lambda: [layers.Dense(8, activation="relu"), layers.Dense(1)],
        optimizer=keras.optimizers.Nadam(0.001),
        loss="mae",
        metrics=["mae", "mse"],
    )


def images_of_a_size_at_which_layers_are_taken_apart():
    experiment = small(
        "fashion_mnist",
        model={
            "kind": "custom",
            "layers": [
                {"kind": "Conv2D", "filters": 32, "padding": "same", "activation": "relu"},
                {"kind": "MaxPooling2D"},
                {"kind": "Conv2D", "filters": 64, "padding": "same", "activation": "relu"},
                {"kind": "MaxPooling2D"},
                {"kind": "Flatten"},
                {"kind": "Dense", "units": 512, "activation": "relu"},
            ],
        },
        metrics=["accuracy"],
        shuffle=False,
    )

    def network():
        return [
            layers.Conv2D(32, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(64, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(512, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]

    return experiment, plain_history(
        experiment,
        network,
        optimizer=keras.optimizers.Adam(0.001),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )


@pytest.mark.parametrize(
    "pair",
    [
        ten_classes_from_an_mlp,
        one_hot_classes_from_a_cnn,
        two_classes_from_a_sigmoid,
        numbers_by_mean_absolute_error,
        images_of_a_size_at_which_layers_are_taken_apart,
    ],
)
def test_history_equals_plain_keras(pair):
    experiment, expected = pair()
    assert_equal(train(experiment).history, expected)
