"""The quick builders make the layers they say, in the order they say."""

from __future__ import annotations

import pytest

from core.experiment import CNN, DATASETS, MLP, Custom, Data, Experiment
from core.experiment import layers as kinds


def names(model) -> list[str]:
    return [type(layer).__name__ for layer in model.hidden()]


def of_kind(model, kind):
    return [layer for layer in model.hidden() if isinstance(layer, kind)]


@pytest.mark.parametrize("count", [0, 1, 3])
def test_mlp_has_as_many_equal_dense_layers_as_asked_for(count):
    model = MLP(hidden_layers=count, units=7, activation="tanh")
    assert names(model) == ["Flatten"] + ["Dense"] * count
    assert all(
        (dense.units, dense.activation) == (7, "tanh") for dense in of_kind(model, kinds.Dense)
    )


def test_mlp_drops_out_after_every_dense_layer():
    model = MLP(hidden_layers=2, dropout=0.3)
    assert names(model) == ["Flatten", "Dense", "Dropout", "Dense", "Dropout"]
    assert {layer.rate for layer in of_kind(model, kinds.Dropout)} == {0.3}


def test_batch_normalization_stands_between_dense_layer_and_its_activation():
    model = MLP(batch_normalization=True, activation="elu", dropout=0.1)
    assert names(model) == ["Flatten", "Dense", "BatchNormalization", "Activation", "Dropout"]
    assert of_kind(model, kinds.Dense)[0].activation == "linear"
    assert of_kind(model, kinds.Activation)[0].activation == "elu"


def test_mlp_penalties_fall_on_every_kernel_and_no_bias():
    for dense in of_kind(MLP(hidden_layers=2, l1=0.01, l2=0.02), kinds.Dense):
        assert dense.kernel_regularizer == kinds.Regularizer(l1=0.01, l2=0.02)
        assert not dense.bias_regularizer.active


@pytest.mark.parametrize(
    ("model", "name"),
    [
        (MLP(hidden_layers=2, units=64), "MLP 64-64"),
        (MLP(hidden_layers=0), "MLP linear"),
        (CNN(blocks=3, filters=8), "CNN 8-16-32"),
        (Custom(layers=(kinds.Flatten(), kinds.Dense())), "Custom, 2 layers"),
        (Custom(preset="overfit"), "overfit"),
    ],
)
def test_short_name_tells_the_size(model, name):
    assert model.name == name


def test_cnn_blocks_end_in_pooling_and_double_their_filters():
    model = CNN(blocks=3, convolutions=2, filters=4, dense_units=9)
    block = ["Conv2D", "Conv2D", "MaxPooling2D"]
    assert names(model) == [*block, *block, *block, "Flatten", "Dense"]
    assert [layer.filters for layer in of_kind(model, kinds.Conv2D)] == [4, 4, 8, 8, 16, 16]
    assert of_kind(model, kinds.Dense)[0].units == 9


@pytest.mark.parametrize(
    ("pooling", "kind"), [("max", "MaxPooling2D"), ("average", "AveragePooling2D"), ("none", None)]
)
def test_cnn_pools_as_asked(pooling, kind):
    expected = ["Conv2D", kind, "Flatten", "Dense"]
    assert names(CNN(blocks=1, pooling=pooling)) == [name for name in expected if name]


def test_cnn_pooling_halves_the_image():
    experiment = Experiment(model=CNN(blocks=2))
    sides = [row.output[0] for row in experiment.summary if row.kind == "MaxPooling2D"]
    assert sides == [14, 7]


def test_cnn_convolutions_take_window_strides_and_padding():
    model = CNN(kernel_size=5, strides=2, padding="valid")
    for layer in of_kind(model, kinds.Conv2D):
        assert (layer.kernel_size, layer.strides, layer.padding) == (5, 2, "valid")


def test_cnn_drops_out_after_each_block_and_after_the_dense_layer():
    model = CNN(blocks=2, dropout=0.25, dense_dropout=0.5)
    block = ["Conv2D", "MaxPooling2D", "Dropout"]
    assert names(model) == [*block, *block, "Flatten", "Dense", "Dropout"]
    assert [layer.rate for layer in of_kind(model, kinds.Dropout)] == [0.25, 0.25, 0.5]


def test_cnn_normalizes_convolutions_and_the_dense_layer():
    model = CNN(blocks=1, batch_normalization=True)
    normalized = ["BatchNormalization", "Activation"]
    expected = ["Conv2D", *normalized, "MaxPooling2D", "Flatten", "Dense", *normalized]
    assert names(model) == expected


def test_cnn_without_dense_units_has_no_dense_layer():
    assert names(CNN(blocks=1, dense_units=0, dense_dropout=0.5))[-1] == "Flatten"


def test_cnn_penalties_fall_on_convolutions_and_dense():
    model = CNN(l2=0.02)
    for layer in (*of_kind(model, kinds.Conv2D), *of_kind(model, kinds.Dense)):
        assert layer.kernel_regularizer == kinds.Regularizer(l2=0.02)


@pytest.mark.parametrize(
    ("dataset", "loss", "outputs", "activation"),
    [
        ("digits", None, 10, "softmax"),
        ("gaussians", "categorical_crossentropy", 3, "softmax"),
        ("moons", None, 2, "softmax"),
        ("moons", "mse", 2, "softmax"),
        ("moons", "binary_crossentropy", 1, "sigmoid"),
        ("plane", None, 1, "linear"),
        ("plane", "mae", 1, "linear"),
    ],
)
def test_output_layer_follows_from_data_and_loss(dataset, loss, outputs, activation):
    experiment = Experiment.model_validate(
        {"data": {"dataset": dataset}, "training": {"loss": loss}}
    )
    output = experiment.layers[-1]
    assert (output.units, output.activation) == (outputs, activation)


@pytest.mark.parametrize("dataset", DATASETS)
def test_default_model_fits_every_dataset(dataset):
    experiment = Experiment(data=Data(dataset=dataset))
    assert experiment.summary[-1].output == (max(1, DATASETS[dataset].class_count),)
