"""Shapes and parameter counts worked out here equal those of models Keras builds."""

from __future__ import annotations

from typing import Any

import keras
import pytest

from core.experiment import Experiment
from core.experiment.layers import LAYER_TYPES, SEQUENCE_LAYERS
from core.experiment.presets import PRESETS
from core.experiment.shapes import ShapeError, follow
from tests.experiment.random_experiments import random_experiments


def keras_model(shape: tuple[int, ...], layers: list[dict[str, Any]]) -> keras.Sequential:
    """Keras's model of layer settings, without the help of core.training."""
    return keras.Sequential([keras.Input(shape), *map(keras_layer, layers)])


def keras_layer(settings: dict[str, Any]) -> keras.layers.Layer:
    arguments = {name: value for name, value in settings.items() if name != "kind"}
    for name in ("kernel_regularizer", "bias_regularizer"):
        if name in arguments:
            arguments[name] = keras.regularizers.L1L2(**arguments[name])
    return getattr(keras.layers, settings["kind"])(**arguments)


def facts_of_keras(model: keras.Sequential) -> list[tuple]:
    def count(weights):
        return sum(int(keras.ops.size(weight)) for weight in weights)

    return [
        (
            type(layer).__name__,
            tuple(layer.output.shape[1:]),
            count(layer.trainable_weights),
            # A dropout's random state is a weight to Keras, but nothing of the model's.
            count(w for w in layer.non_trainable_weights if "seed" not in w.path),
        )
        for layer in model.layers
    ]


def facts_of_ours(rows) -> list[tuple]:
    return [(row.kind, row.output, row.trainable, row.fixed) for row in rows]


def assert_equal(shape: tuple[int, ...], layers: list[dict[str, Any]]) -> None:
    parts = tuple(LAYER_TYPES[settings["kind"]].model_validate(settings) for settings in layers)
    filled = [part.model_dump() for part in parts]
    assert facts_of_ours(follow(parts, shape)) == facts_of_keras(keras_model(shape, filled))


@pytest.mark.parametrize("kind", sorted(set(LAYER_TYPES) - SEQUENCE_LAYERS))
def test_layer_with_its_defaults(kind):
    assert_equal((9, 7, 3), [{"kind": kind}])


@pytest.mark.parametrize("kind", sorted(SEQUENCE_LAYERS - {"Embedding"}))
def test_sequence_layer_with_its_defaults(kind):
    assert_equal((9, 3), [{"kind": kind}])


@pytest.mark.parametrize("kind", ["LSTM", "GRU"])
def test_recurrent_layer_that_returns_every_step(kind):
    assert_equal((9, 3), [{"kind": kind, "units": 5, "return_sequences": True}])


def test_embedding_of_tokens():
    assert_equal((9,), [{"kind": "Embedding", "input_dim": 50, "output_dim": 4}])


@pytest.mark.parametrize("padding", ["same", "valid"])
@pytest.mark.parametrize("strides", [1, 2, 3])
@pytest.mark.parametrize("window", [1, 2, 7])
def test_windows_along_a_sequence(window, strides, padding):
    shared = {"strides": strides, "padding": padding}
    for length in (7, 8, 20):
        assert_equal((length, 2), [{"kind": "Conv1D", "kernel_size": window, **shared}])
        assert_equal((length, 2), [{"kind": "MaxPooling1D", "pool_size": window, **shared}])


def test_embedding_without_texts_is_refused():
    with pytest.raises(ShapeError, match="no text"):
        follow((LAYER_TYPES["Embedding"](),), (9,))


def test_embedding_of_anything_but_tokens_is_refused():
    with pytest.raises(ShapeError, match="Make it the first layer"):
        follow((LAYER_TYPES["Embedding"](input_dim=5),), (9, 3))


@pytest.mark.parametrize("kind", sorted(SEQUENCE_LAYERS - {"Embedding"}))
def test_sequence_layer_on_a_row_of_values_is_refused(kind):
    with pytest.raises(ShapeError, match="needs a sequence"):
        follow((LAYER_TYPES[kind](),), (9,))


@pytest.mark.parametrize("layer", [{"kind": "Conv1D"}, {"kind": "MaxPooling1D", "pool_size": 5}])
def test_window_longer_than_the_sequence_is_refused(layer):
    part = LAYER_TYPES[layer["kind"]].model_validate(layer)
    with pytest.raises(ShapeError, match="window of 5 steps is longer"):
        follow((part,), (4, 2))


@pytest.mark.parametrize(
    "kind", ["Dense", "Activation", "Dropout", "BatchNormalization", "Flatten"]
)
def test_layer_on_a_row_of_values(kind):
    assert_equal((6,), [{"kind": kind}])


@pytest.mark.parametrize("padding", ["same", "valid"])
@pytest.mark.parametrize("strides", [1, 2, 3, 5])
@pytest.mark.parametrize("window", [1, 2, 3, 7])
def test_convolution_windows(window, strides, padding):
    layer = {"kind": "Conv2D", "kernel_size": window, "strides": strides, "padding": padding}
    for side in (7, 8, 28):
        assert_equal((side, side, 2), [layer])


@pytest.mark.parametrize("kind", ["MaxPooling2D", "AveragePooling2D"])
@pytest.mark.parametrize("padding", ["same", "valid"])
@pytest.mark.parametrize("strides", [None, 1, 2, 5])
@pytest.mark.parametrize("window", [1, 2, 7])
def test_pooling_windows(kind, window, strides, padding):
    layer = {"kind": kind, "pool_size": window, "strides": strides, "padding": padding}
    for side in (7, 8, 28):
        assert_equal((side, side, 2), [layer])


def test_padding_same_takes_a_window_larger_than_the_image():
    assert_equal((3, 3, 1), [{"kind": "Conv2D", "kernel_size": 5, "padding": "same"}])
    assert_equal((3, 3, 1), [{"kind": "MaxPooling2D", "pool_size": 5, "padding": "same"}])


@pytest.mark.parametrize(
    "layer",
    [
        {"kind": "Conv2D", "filters": 2, "kernel_size": 5},
        {"kind": "MaxPooling2D", "pool_size": 4},
    ],
)
def test_window_larger_than_the_image_is_refused_as_keras_refuses_it(layer):
    with pytest.raises(ShapeError, match="larger than the image"):
        follow((LAYER_TYPES[layer["kind"]].model_validate(layer),), (3, 3, 1))
    with pytest.raises(ValueError, match="zero or negative"):
        keras_model((3, 3, 1), [layer])


@pytest.mark.parametrize("kind", ["Conv2D", "MaxPooling2D", "GlobalAveragePooling2D"])
def test_image_layer_on_a_row_of_values_is_refused_with_its_place(kind):
    parts = (LAYER_TYPES["Flatten"](), LAYER_TYPES[kind]())
    with pytest.raises(ShapeError, match=rf"^Layer 2, {kind}: it needs images .* has shape 64\."):
        follow(parts, (8, 8, 1))


@pytest.mark.parametrize("name", PRESETS)
def test_preset(name):
    experiment = PRESETS[name]
    layers = [layer.model_dump() for layer in experiment.layers]
    model = keras_model(experiment.input_shape, layers)
    assert facts_of_ours(experiment.summary) == facts_of_keras(model)


@pytest.mark.parametrize("seed", range(4))
def test_random_experiments(seed):
    for experiment in random_experiments(20, seed):
        layers = [layer.model_dump() for layer in experiment.layers]
        model = keras_model(experiment.input_shape, layers)
        assert facts_of_ours(experiment.summary) == facts_of_keras(model), experiment


def test_parameter_count_is_the_sum_of_the_rows():
    experiment = Experiment.model_validate({"data": {"dataset": "digits"}})
    # 64 pixels and a bias to 128 units, those and a bias to 10 classes.
    assert experiment.parameter_count == 65 * 128 + 129 * 10
