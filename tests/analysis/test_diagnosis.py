"""Verdicts for made-up curves, with their numbers in the text."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from core.analysis import diagnose
from core.records import EpochRecord

NAN = float("nan")


def run(**curves: Sequence[float]) -> tuple[EpochRecord, ...]:
    """Records of the curves given by Keras name."""
    rows = zip(*curves.values(), strict=True)
    return tuple(
        EpochRecord(epoch, dict(zip(curves, row, strict=True)), 1.0, 0.001)
        for epoch, row in enumerate(rows)
    )


OVERFIT = run(
    loss=[1.0, 0.5, 0.3, 0.2, 0.1, 0.05],
    val_loss=[0.9, 0.6, 0.55, 0.62, 0.7, 0.8],
    accuracy=[0.6, 0.8, 0.9, 0.95, 0.98, 0.99],
    val_accuracy=[0.65, 0.78, 0.8, 0.8, 0.81, 0.81],
)
UNDERFIT = run(
    loss=[2.3, 2.2, 2.1, 2.0, 1.9],
    val_loss=[2.3, 2.2, 2.1, 2.0, 1.9],
    accuracy=[0.1, 0.15, 0.2, 0.25, 0.3],
    val_accuracy=[0.1, 0.16, 0.2, 0.24, 0.29],
)
GOOD = run(
    loss=[1.0, 0.5, 0.31, 0.305, 0.3, 0.3],
    val_loss=[0.9, 0.5, 0.34, 0.335, 0.33, 0.331],
    accuracy=[0.6, 0.8, 0.9, 0.9, 0.91, 0.91],
    val_accuracy=[0.62, 0.8, 0.88, 0.89, 0.89, 0.9],
)
NOISE = run(
    loss=[0.5, 0.1, 0.001, 0.0005, 0.0002],
    val_loss=[0.4, 0.1, 0.001, 0.004, 0.003],
    accuracy=[0.8, 0.97, 1.0, 1.0, 1.0],
    val_accuracy=[0.8, 0.97, 1.0, 1.0, 1.0],
)
LOSS_RISE = run(loss=[1.0, 0.5, 0.3, 0.2, 0.1], val_loss=[0.9, 0.4, 0.5, 0.5, 0.52])
FLAT = [1.0, 0.5, 0.4, 0.4, 0.4, 0.4]
REGRESSION = run(loss=FLAT, val_loss=FLAT)
FALLING = run(loss=[1.0, 0.9, 0.8, 0.7, 0.6], val_loss=[1.0, 0.9, 0.8, 0.7, 0.6])


@pytest.mark.parametrize(
    ("records", "class_count", "verdict"),
    [
        ((), 10, "too_early"),
        (OVERFIT[:2], 10, "too_early"),
        (OVERFIT, 10, "overfitting"),
        (UNDERFIT, 10, "underfitting"),
        (GOOD, 10, "good_fit"),
        (NOISE, 2, "good_fit"),
        (LOSS_RISE, 10, "overfitting"),
        (LOSS_RISE, 0, "overfitting"),
        (FALLING, 0, "underfitting"),
        (REGRESSION, 0, "good_fit"),
        (run(loss=[1.0, NAN], val_loss=[1.0, NAN]), 10, "diverged"),
        (run(loss=[1.0, 0.5], val_loss=[1.0, float("inf")]), 10, "diverged"),
        (run(loss=[1.0, 3.0], val_loss=[1.0, 3.0]), 10, "diverged"),
        (run(loss=[1.0, 0.5, 0.3], accuracy=[0.5, 0.8, 0.9]), 10, "no_validation"),
    ],
)
def test_verdict(records: tuple[EpochRecord, ...], class_count: int, verdict: str) -> None:
    assert diagnose(records, class_count).verdict == verdict


def test_overfitting_names_the_accuracy_gap_in_points() -> None:
    assert diagnose(OVERFIT, 10).evidence[0] == (
        "Training accuracy 99.0 %, validation 81.0 %: a gap of 18.0 points."
    )


def test_overfitting_names_the_epoch_validation_loss_turned() -> None:
    assert diagnose(OVERFIT, 10).evidence[1] == (
        "Validation loss was lowest in epoch 3 (0.550) and is 0.800 now, "
        "while training loss fell from 0.300 to 0.0500."
    )


def test_overfitting_sends_back_to_the_best_epoch() -> None:
    assert diagnose(OVERFIT, 10).advice[0].startswith("Go back to epoch 3,")


def test_a_gap_at_the_best_epoch_sends_nowhere() -> None:
    records = run(
        loss=[1.0, 0.5, 0.3],
        val_loss=[1.2, 1.0, 0.9],
        accuracy=[0.6, 0.8, 0.99],
        val_accuracy=[0.4, 0.6, 0.7],
    )
    assert not any("Go back" in line for line in diagnose(records, 10).advice)


def test_loss_that_rises_without_an_accuracy_gap_is_a_good_fit_past_its_best() -> None:
    accuracy = [0.9, 0.97, 0.98, 0.98, 0.98]
    records = run(
        loss=[0.5, 0.1, 0.05, 0.02, 0.01],
        val_loss=[0.5, 0.1, 0.12, 0.13, 0.14],
        accuracy=accuracy,
        val_accuracy=[value - 0.01 for value in accuracy],
    )
    found = diagnose(records, 2)
    assert (found.verdict, found.advice[0][:20]) == ("good_fit", "Epoch 2 was the best")


def test_one_bad_epoch_is_not_overfitting() -> None:
    loss, validation = [1.0, 0.5, 0.4, 0.3, 0.29], [1.0, 0.5, 0.4, 0.35, 0.6]
    accuracy = [0.5, 0.8, 0.9, 0.9, 0.9]
    records = run(loss=loss, val_loss=validation, accuracy=accuracy, val_accuracy=accuracy)
    assert diagnose(records, 10).verdict == "good_fit"


def test_underfitting_compares_with_guessing() -> None:
    assert diagnose(UNDERFIT, 10).evidence[0] == (
        "Training accuracy 30.0 %, validation 29.0 %: a gap of 1.0 points. "
        "Guessing would give 10.0 %."
    )


def test_underfitting_that_still_improves_asks_for_more_epochs() -> None:
    assert diagnose(UNDERFIT, 10).advice[0].startswith("Train for more epochs")


def test_underfitting_that_stalled_asks_for_another_learning_rate() -> None:
    flat = [0.5] * 5
    records = run(loss=flat, val_loss=flat, accuracy=flat, val_accuracy=flat)
    assert diagnose(records, 2).advice[0].startswith("Try another learning rate")


def test_dropout_that_lowers_training_accuracy_is_not_underfitting() -> None:
    accuracy, validation = [0.3, 0.5, 0.6, 0.65], [0.6, 0.8, 0.85, 0.86]
    loss = [1.5, 1.2, 1.1, 1.1]
    records = run(loss=loss, val_loss=loss, accuracy=accuracy, val_accuracy=validation)
    assert diagnose(records, 10).verdict == "good_fit"


def test_validation_ahead_of_training_is_called_better() -> None:
    loss = [1.0, 0.5, 0.4]
    records = run(loss=loss, val_loss=loss, accuracy=[0.65] * 3, val_accuracy=[0.86] * 3)
    assert diagnose(records, 10).evidence[0] == (
        "Training accuracy 65.0 %, validation 86.0 %: better by 21.0 points."
    )


def test_same_accuracy_means_less_with_fewer_classes() -> None:
    level = [0.75] * 4
    loss = [0.6] * 4
    records = run(loss=loss, val_loss=loss, accuracy=level, val_accuracy=level)
    verdicts = [diagnose(records, classes).verdict for classes in (2, 10)]
    assert verdicts == ["underfitting", "good_fit"]


def test_regression_little_better_than_the_mean_is_underfitting() -> None:
    assert diagnose(REGRESSION, 0, baseline_loss=0.5).verdict == "underfitting"


def test_regression_far_better_than_the_mean_is_a_good_fit() -> None:
    assert diagnose(REGRESSION, 0, baseline_loss=4.0).verdict == "good_fit"


def test_good_fit_that_still_improves_asks_for_more_epochs() -> None:
    assert diagnose(GOOD[:4], 10).advice == (
        "Train for more epochs: both losses are still falling.",
    )


def test_large_losses_are_told_in_full() -> None:
    large = [3011.26 * loss / FLAT[-1] for loss in FLAT]
    found = diagnose(run(loss=large, val_loss=large), 0, baseline_loss=6_000_000)
    assert "Training loss 3,011, validation 3,011." in found.evidence
