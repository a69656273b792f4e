"""Runs that end badly say why in plain words, and keep their curves up to then."""

from __future__ import annotations

import math

import pytest
import tensorflow as tf

from core.errors import OutOfMemory, TrainingError
from core.training import programs, train
from core.training.callbacks import StopOnDivergence
from core.training.divergence import remedy
from tests.training.small import AtBatch, arrays, small
from tests.training.tables_of_numbers import prices, table

LINEAR = {"kind": "mlp", "hidden_layers": 0}


@pytest.fixture(scope="module")
def diverged():
    """One update an epoch makes the weights grow by a steady factor, until they are infinite."""
    experiment = small(
        "plane", LINEAR, optimizer="sgd", learning_rate=100, batch_size=80, epochs=60
    )
    seen = []
    return train(experiment, on_epoch=seen.append), seen


def test_divergence_is_an_outcome_of_its_own(diverged):
    run, _ = diverged
    assert run.outcome == "diverged"
    assert 1 < len(run.records) < 60


def test_divergence_keeps_the_curves_so_far(diverged):
    run, seen = diverged
    *before, last = run.history["loss"]
    assert all(math.isfinite(loss) for loss in before)
    assert not math.isfinite(last)
    assert before[-1] > 1e20 * before[0]
    assert seen == list(run.records)


def test_divergence_names_the_epoch_the_learning_rate_and_a_remedy(diverged):
    run, _ = diverged
    assert f"in epoch {len(run.records)}: training diverged." in run.reason
    assert run.reason.endswith(
        "a learning rate that is too large; it was 100. Try 0.01, the usual one of SGD."
    )


LARGE_TARGETS = "The numbers to predict go up to 755,000 and are not scaled. Set Scale targets to"
LARGE_FEATURES = "and are not scaled. Set Scaling to Standard."
TENTH = "Try a tenth of it."


@pytest.mark.parametrize(
    ("settings", "said", "unsaid"),
    [
        ({"target_scaling": "none"}, LARGE_TARGETS, TENTH),
        ({"scaling": "none", "learning_rate": 0.005}, LARGE_FEATURES, TENTH),
        ({"learning_rate": 0.01}, TENTH, "scaled"),
        ({"size": 1e16}, "cannot be squared in 32 bits", TENTH),
        ({"size": 1e-27}, "cannot be squared in 32 bits", TENTH),
    ],
)
def test_remedy_is_one_that_can_help(monkeypatch, settings, said, unsaid):
    x, y = prices()
    y = y * settings.pop("size", 1.0)
    rate = settings.pop("learning_rate", 0.01)
    experiment = table(monkeypatch, x, y, optimizer="sgd", **settings)
    found = remedy(experiment, arrays(experiment), rate)
    assert said in found
    assert unsaid not in found


def test_unscaled_targets_diverge_with_that_remedy(monkeypatch):
    run = train(table(monkeypatch, *prices(), target_scaling="none", optimizer="sgd"))
    assert run.outcome == "diverged"
    assert LARGE_TARGETS in run.reason
    assert TENTH not in run.reason


def test_divergence_is_told_by_batch(diverged):
    run, _ = diverged
    batches = [batch for batch, _ in run.diverging]
    assert batches == sorted(batches)
    assert not math.isfinite(run.diverging[-1][1])
    assert "after batch" in run.reason


@pytest.mark.parametrize(
    ("means", "words"),
    [
        ([2.5, 7e12, math.nan], "was 2.50 after batch 1 and 7e+12 after batch 2; it was lost by"),
        ([2.5, math.inf], "Its mean over the epoch's batches was 2.50 after batch 1; it was lost"),
        ([math.nan, math.nan], "It was so after batch 1 already."),
    ],
)
def test_what_became_of_the_mean_loss_before_is_told(means, words):
    class Model:
        stop_training = False

        class optimizer:  # noqa: N801 - Keras's name
            learning_rate = 0.5

    callback = StopOnDivergence()
    callback.set_model(Model())
    callback.on_epoch_begin(0)
    for batch, loss in enumerate(means):
        callback.on_train_batch_end(batch, {"loss": loss})
    callback.on_epoch_end(0, {"loss": math.nan})
    assert words in callback.reason


def test_diverged_model_is_not_tested(diverged):
    run, _ = diverged
    assert (run.evaluation, run.test_outputs, run.test_true) == ({}, None, None)


@pytest.mark.parametrize(
    ("loss", "words"), [(math.nan, "is no longer a number"), (math.inf, "became infinite")]
)
def test_what_became_of_the_loss_is_told(loss, words):
    class Model:
        stop_training = False

        class optimizer:  # noqa: N801 - Keras's name
            learning_rate = 0.5

    callback = StopOnDivergence()
    callback.set_model(Model())
    callback.on_epoch_end(2, {"loss": loss})
    assert callback.reason.startswith(f"The loss {words} in epoch 3: training diverged.")
    assert callback.model.stop_training


def raising(error):
    def action():
        raise error

    return action


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        tf.errors.ResourceExhaustedError(None, None, "OOM when allocating tensor with shape[9]"),
    ],
)
def test_out_of_memory_in_a_batch_is_told_in_plain_words(error):
    experiment = small()
    with pytest.raises(OutOfMemory) as caught:
        train(experiment, callbacks=[AtBatch(1, raising(error))])
    # 64 pixels and a bias to 8 units, those and a bias to 10 classes.
    assert str(caught.value) == (
        f"There was not enough memory for {65 * 8 + 9 * 10} parameters with batches of 18. Use a "
        "smaller batch size, fewer units or filters, or more pooling."
    )
    assert isinstance(caught.value, TrainingError)


def test_out_of_memory_while_building_is_told_in_plain_words(monkeypatch):
    def no_room(_experiment, _metrics):
        raise MemoryError

    monkeypatch.setattr(programs, "build_model", no_room)
    with pytest.raises(OutOfMemory, match="not enough memory for 610 parameters"):
        train(small())


def test_out_of_memory_keeps_the_epochs_that_were_handed_over():
    seen = []
    with pytest.raises(OutOfMemory):
        train(small(), seen.append, [AtBatch(7, raising(MemoryError()))])
    assert [record.epoch for record in seen] == [0]


def test_other_errors_are_not_hidden():
    with pytest.raises(ZeroDivisionError):
        train(small(), callbacks=[AtBatch(0, raising(ZeroDivisionError()))])
