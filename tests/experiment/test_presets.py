"""The presets are exactly the networks their names promise, written out here by hand."""

from __future__ import annotations

import pytest

from core.experiment import Experiment
from core.experiment.presets import DESCRIPTIONS, FITS, PRESETS

FLATTEN, NORM, RELU, POOL = "Flatten", "BatchNorm", "ReLU", "MaxPool 2 valid"


def dense(units: int) -> str:
    return f"Dense {units} relu"


def conv(filters: int, activation: str = "relu") -> str:
    return f"Conv {filters} 3×3 same {activation}"


def drop(rate: float) -> str:
    return f"Dropout {rate}"


EXPECTED = {
    "mlp-basic": [FLATTEN, dense(128), drop(0.2)],
    "mlp-batchnorm": [FLATTEN, drop(0.2), NORM, dense(64), drop(0.2), NORM],
    "cnn-small": [
        *(conv(32), POOL, drop(0.25)),
        *(conv(64), POOL, drop(0.25)),
        *(FLATTEN, dense(512), drop(0.5)),
    ],
    "cnn-basic": [
        *(conv(32), conv(32), POOL, drop(0.25)),
        *(conv(64), conv(64), POOL, drop(0.25)),
        *(FLATTEN, dense(512), drop(0.25)),
    ],
    "cnn-deep": [
        *(conv(32), conv(32, "linear"), POOL, RELU, drop(0.5)),
        *(conv(64, "linear"), POOL, RELU, conv(128, "linear"), POOL, RELU, drop(0.5)),
        *(FLATTEN, dense(512), drop(0.5)),
    ],
    "underfit": [FLATTEN, dense(4)],
    "good-fit": [FLATTEN, dense(128), drop(0.5)],
    "overfit": [FLATTEN, dense(512), dense(512)],
}
# Weights and biases by hand: inputs * units + units for Dense, 9 * channels * filters + filters
# for a 3 × 3 convolution, 4 a channel for batch normalization.
PARAMETERS = {
    "mlp-basic": 785 * 128 + 129 * 10,
    "mlp-batchnorm": 4 * 784 + 785 * 64 + 4 * 64 + 65 * 10,
    "cnn-small": 10 * 32 + (9 * 32 + 1) * 64 + (7 * 7 * 64 + 1) * 512 + 513 * 10,
    "cnn-basic": 10 * 32
    + (9 * 32 + 1) * 32
    + (9 * 32 + 1) * 64
    + (9 * 64 + 1) * 64
    + (7 * 7 * 64 + 1) * 512
    + 513 * 10,
    "cnn-deep": 10 * 32
    + (9 * 32 + 1) * 32
    + (9 * 32 + 1) * 64
    + (9 * 64 + 1) * 128
    + (3 * 3 * 128 + 1) * 512
    + 513 * 10,
    "underfit": 785 * 4 + 5 * 10,
    "good-fit": 785 * 128 + 129 * 10,
    "overfit": 785 * 512 + 513 * 512 + 513 * 10,
}


def words(layer) -> str:
    """A layer in the short form of `EXPECTED`."""
    match type(layer).__name__:
        case "Dense":
            return f"Dense {layer.units} {layer.activation}"
        case "Conv2D":
            assert layer.strides == 1
            size = layer.kernel_size
            return f"Conv {layer.filters} {size}×{size} {layer.padding} {layer.activation}"
        case "MaxPooling2D":
            assert layer.step == layer.pool_size
            return f"MaxPool {layer.pool_size} {layer.padding}"
        case "Dropout":
            return f"Dropout {layer.rate}"
        case "Activation":
            return {"relu": RELU}[layer.activation]
        case "BatchNormalization":
            return NORM
    return type(layer).__name__


def test_ids_are_the_eight_promised():
    assert list(PRESETS) == list(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_hidden_layers_are_those_promised(name):
    assert [words(layer) for layer in PRESETS[name].model.hidden()] == EXPECTED[name]


@pytest.mark.parametrize("name", EXPECTED)
def test_output_is_a_softmax_over_the_classes(name):
    assert words(PRESETS[name].layers[-1]) == "Dense 10 softmax"


@pytest.mark.parametrize("name", EXPECTED)
def test_parameter_count_equals_the_sum_by_hand(name):
    assert PRESETS[name].parameter_count == PARAMETERS[name]


@pytest.mark.parametrize("name", EXPECTED)
def test_preset_knows_its_name(name):
    assert PRESETS[name].model.name == name
    assert PRESETS[name].title.startswith(name)


@pytest.mark.parametrize("name", EXPECTED)
def test_preset_survives_json(name):
    assert Experiment.model_validate_json(PRESETS[name].model_dump_json()) == PRESETS[name]


def test_every_preset_is_described():
    assert list(DESCRIPTIONS) == list(EXPECTED)
    assert all(len(text) > 20 for text in DESCRIPTIONS.values())


def test_the_fits_differ_only_in_network_and_training():
    assert FITS == ("underfit", "good-fit", "overfit")
    assert len({PRESETS[name].data for name in FITS}) == 1
    assert len({PRESETS[name].seed for name in FITS}) == 1
