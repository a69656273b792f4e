"""Operations counted from shapes equal those counted by hand."""

from __future__ import annotations

import pytest

from core.experiment import Experiment
from core.experiment.presets import PRESETS
from core.experiment.work import Work, epoch_work, forward_operations, timing_key

# Multiplications and additions, so 2 for each weight and each place it is used at.
BY_HAND = {
    "mlp-basic": 2 * (784 * 128 + 128 * 10),
    "mlp-batchnorm": 2 * (784 * 64 + 64 * 10),
    "underfit": 2 * (784 * 4 + 4 * 10),
    "overfit": 2 * (784 * 512 + 512 * 512 + 512 * 10),
    "cnn-small": 2 * (28 * 28 * 32 * 9 * 1 + 14 * 14 * 64 * 9 * 32 + 7 * 7 * 64 * 512 + 512 * 10),
    "cnn-basic": 2
    * (28 * 28 * 32 * 9 * (1 + 32) + 14 * 14 * 64 * 9 * (32 + 64) + 7 * 7 * 64 * 512 + 512 * 10),
    "cnn-deep": 2
    * (
        28 * 28 * 32 * 9 * (1 + 32)
        + 14 * 14 * 64 * 9 * 32
        + 7 * 7 * 128 * 9 * 64
        + 3 * 3 * 128 * 512
        + 512 * 10
    ),
}


def digits(**parts) -> Experiment:
    return Experiment.model_validate({"data": {"dataset": "digits"}, **parts})


@pytest.mark.parametrize("name", BY_HAND)
def test_forward_operations_of_presets(name):
    assert forward_operations(PRESETS[name]) == BY_HAND[name]


def test_strided_convolution_without_padding():
    experiment = digits(
        model={
            "kind": "custom",
            "layers": [
                {"kind": "Conv2D", "filters": 6, "kernel_size": 3, "strides": 2},
                {"kind": "GlobalAveragePooling2D"},
            ],
        }
    )
    # 8 × 8 pixels, a window of 3 that moves by 2 and stays inside: 3 × 3 places.
    assert forward_operations(experiment) == 2 * (3 * 3 * 6 * 9 + 6 * 10)


def test_twice_the_samples_are_twice_the_work():
    def work(samples: int) -> Work:
        return epoch_work(digits(data={"dataset": "moons", "training_samples": samples}))

    one, two = work(6_400), work(12_800)
    assert two.operations == pytest.approx(2 * one.operations)
    assert two.calls == pytest.approx(2 * one.calls, rel=0.05)


def test_smaller_batches_are_more_calls_and_updates():
    one, other = (epoch_work(digits(training={"batch_size": size})) for size in (8, 64))
    assert one.calls > 6 * other.calls
    assert one.operations > other.operations


def test_work_adds_up():
    assert Work(1, 2) + Work(3, 4) * 2 == Work(7, 10)


@pytest.mark.parametrize(
    "parts",
    [
        {"seed": 5},
        {"training": {"epochs": 99}},
        {"training": {"learning_rate": 0.5}},
        {"data": {"dataset": "digits", "training_samples": 300}},
        {"data": {"dataset": "digits", "validation_split": 0.4}},
    ],
)
def test_what_does_not_matter_to_a_step_leaves_the_key(parts):
    assert timing_key(digits(**parts)) == timing_key(digits())


@pytest.mark.parametrize(
    "parts",
    [
        {"training": {"batch_size": 33}},
        {"training": {"optimizer": "sgd"}},
        {"training": {"loop": "fit"}},
        {"training": {"metrics": []}},
        {"model": {"kind": "mlp", "units": 129}},
        {"model": {"kind": "mlp", "dropout": 0.2}},
        {"data": {"dataset": "moons"}},
    ],
)
def test_what_matters_to_a_step_changes_the_key(parts):
    assert timing_key(digits(**parts)) != timing_key(digits())


def test_dropout_rate_does_not_change_the_key():
    one, other = (digits(model={"kind": "mlp", "dropout": rate}) for rate in (0.2, 0.5))
    assert timing_key(one) == timing_key(other)


def calls_by_length(reader: str) -> list[float]:
    model = {"kind": "text", "reader": reader}
    return [
        epoch_work(
            Experiment.model_validate(
                {"data": {"dataset": "novels", "sequence_length": length}, "model": model}
            )
        ).calls
        for length in (40, 80, 120)
    ]


@pytest.mark.parametrize("reader", ["lstm", "gru"])
def test_recurrent_layer_is_called_for_every_token(reader):
    short, middle, long = calls_by_length(reader)
    assert middle - short == pytest.approx(long - middle)
    assert middle > 1.5 * short


def test_other_layers_are_called_once_for_a_whole_text():
    assert len(set(calls_by_length("convolution"))) == 1
