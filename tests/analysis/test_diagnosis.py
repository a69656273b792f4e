"""Verdicts for made-up curves, with their numbers in the text."""

from __future__ import annotations

import math
import re

import pytest

from core.records import EpochRecord
from tests.analysis.curves import DIGITS, MOONS, NUMBERS, facts, judge, levels, run, said

NAN = float("nan")

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
    loss=[1.0, 0.5, 0.301, 0.301, 0.3, 0.3],
    val_loss=[0.9, 0.5, 0.331, 0.331, 0.33, 0.331],
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
NARROW = {**DIGITS, "model": {"kind": "mlp", "units": 4}}


@pytest.mark.parametrize(
    ("records", "settings", "verdict"),
    [
        ((), DIGITS, "too_early"),
        (OVERFIT[:2], DIGITS, "too_early"),
        (OVERFIT, DIGITS, "overfitting"),
        (UNDERFIT, DIGITS, "underfitting"),
        (GOOD, DIGITS, "good_fit"),
        (NOISE, MOONS, "good_fit"),
        (LOSS_RISE, DIGITS, "overfitting"),
        (LOSS_RISE, NUMBERS, "overfitting"),
        (FALLING, NUMBERS, "underfitting"),
        (REGRESSION, NUMBERS, "good_fit"),
        (run(loss=[1.0, NAN], val_loss=[1.0, NAN]), DIGITS, "diverged"),
        (run(loss=[1.0, 0.5], val_loss=[1.0, float("inf")]), DIGITS, "diverged"),
        (run(loss=[1.0, 3.0], val_loss=[1.0, 3.0]), DIGITS, "diverged"),
        (run(loss=[1.0, 0.5, 0.3], accuracy=[0.5, 0.8, 0.9]), DIGITS, "no_validation"),
    ],
)
def test_verdict(records: tuple[EpochRecord, ...], settings, verdict: str) -> None:
    assert judge(records, settings).verdict == verdict


def test_overfitting_names_the_accuracy_gap_in_points_and_in_samples() -> None:
    assert judge(OVERFIT).evidence[0] == (
        "Training accuracy 99.0 %, validation 81.0 % (233 of 288, 95 % interval 76.0 % to 85.0 %): "
        "a gap of 18.0 points."
    )


def test_overfitting_names_the_epoch_validation_loss_turned() -> None:
    assert judge(OVERFIT).evidence[1] == (
        "Validation loss was lowest in epoch 3 (0.550) and is 0.800 now, "
        "while training loss fell from 0.300 to 0.0500."
    )


def test_overfitting_sends_back_to_the_best_epoch() -> None:
    assert judge(OVERFIT).advice[0].startswith("Go back to epoch 3,")


def test_a_gap_at_the_best_epoch_sends_nowhere_but_on() -> None:
    records = run(
        loss=[1.0, 0.5, 0.3],
        val_loss=[1.2, 1.0, 0.9],
        accuracy=[0.6, 0.8, 0.99],
        val_accuracy=[0.4, 0.6, 0.7],
    )
    found = judge(records)
    assert "Go back" not in said(found)
    assert found.advice[0].startswith("Train for more epochs")


def test_best_epoch_that_had_learned_nothing_is_nowhere_to_go_back_to() -> None:
    records = run(
        loss=[2.4, 2.0, 1.5, 1.0, 0.7],
        val_loss=[2.31, 2.5, 2.8, 3.2, 3.6],
        accuracy=[0.1, 0.3, 0.5, 0.7, 0.8],
        val_accuracy=[0.08, 0.1, 0.09, 0.1, 0.1],
    )
    found = judge(records)
    assert found.verdict == "overfitting"
    assert "nothing carries over" in found.headline
    assert "Go back" not in said(found)
    assert "Guessing would give 10.0 %." in found.evidence


def test_loss_that_rises_without_an_accuracy_gap_is_a_good_fit_past_its_best() -> None:
    accuracy = [0.9, 0.97, 0.98, 0.98, 0.98]
    records = run(
        loss=[0.5, 0.1, 0.05, 0.02, 0.01],
        val_loss=[0.5, 0.1, 0.12, 0.13, 0.14],
        accuracy=accuracy,
        val_accuracy=[value - 0.01 for value in accuracy],
    )
    found = judge(records, MOONS)
    assert (found.verdict, found.advice[0][:20]) == ("good_fit", "Epoch 2 was the best")


def test_one_bad_epoch_is_not_overfitting() -> None:
    loss, validation = [1.0, 0.5, 0.4, 0.3, 0.29], [1.0, 0.5, 0.4, 0.35, 0.6]
    accuracy = [0.5, 0.8, 0.9, 0.9, 0.9]
    records = run(loss=loss, val_loss=validation, accuracy=accuracy, val_accuracy=accuracy)
    assert judge(records).verdict == "good_fit"


def test_underfitting_compares_with_guessing() -> None:
    assert "Guessing would give 10.0 %." in judge(UNDERFIT).evidence


def test_underfitting_that_still_improves_asks_for_more_epochs() -> None:
    assert judge(UNDERFIT).advice[0] == "Train for more epochs: both losses are still falling."


def test_underfitting_that_stalled_asks_for_another_learning_rate() -> None:
    assert "learning rate" in said(judge(levels(0.3, 0.3), NARROW))


def test_dropout_that_lowers_training_accuracy_is_not_underfitting() -> None:
    records = run(
        loss=[1.5, 1.2, 1.1, 1.1],
        val_loss=[1.5, 1.2, 1.1, 1.1],
        accuracy=[0.3, 0.5, 0.6, 0.65],
        val_accuracy=[0.6, 0.8, 0.85, 0.86],
    )
    assert judge(records).verdict == "good_fit"


def test_validation_ahead_of_training_is_called_better() -> None:
    assert "better by 21.0 points" in judge(levels(0.65, 0.86)).evidence[0]


def test_same_accuracy_means_less_with_fewer_classes() -> None:
    records = levels(0.75, 0.75)
    narrow = {**MOONS, "model": {"kind": "mlp", "units": 4}}
    assert [judge(records, one).verdict for one in (narrow, NARROW)] == ["underfitting", "good_fit"]


def test_regression_little_better_than_the_mean_has_much_to_learn() -> None:
    narrow = {**NUMBERS, "model": {"kind": "mlp", "units": 4}}
    assert judge(REGRESSION, narrow, baseline_loss=0.5).verdict == "underfitting"


def test_regression_no_better_than_the_mean_has_learned_nothing() -> None:
    assert judge(REGRESSION, NUMBERS, baseline_loss=0.4).verdict == "not_learning"


def test_regression_far_better_than_the_mean_is_a_good_fit() -> None:
    assert judge(REGRESSION, NUMBERS, baseline_loss=4.0).verdict == "good_fit"


def test_good_fit_that_still_improves_asks_for_more_epochs() -> None:
    assert judge(GOOD[:4]).advice == ("Train for more epochs: both losses are still falling.",)


def test_large_losses_are_told_in_full() -> None:
    large = [3011.26 * loss / FLAT[-1] for loss in FLAT]
    found = judge(run(loss=large, val_loss=large), NUMBERS, baseline_loss=6_000_000)
    assert "Training loss 3,011, validation 3,011." in found.evidence


# What the losses did in the last epochs is said as it was.


def test_losses_that_fell_by_little_in_every_epoch_are_said_to_have_fallen() -> None:
    loss = [1.7895, 1.778, 1.752, 1.699]
    accuracy = [0.2, 0.25, 0.3, 0.35]
    found = judge(run(loss=loss, val_loss=loss, accuracy=accuracy, val_accuracy=accuracy))
    assert (
        "From epoch 1 to 4, training loss fell by 5.1 % and validation loss fell by 5.1 %."
        in found.evidence
    )
    assert found.advice[0].startswith("Train for more epochs")


@pytest.mark.parametrize("pace", [0.999, 0.99, 0.97, 0.9])
def test_more_epochs_come_first_while_both_losses_fall_steadily(pace: float) -> None:
    loss = [2.2 * pace**epoch for epoch in range(6)]
    accuracy = [0.3] * 6
    found = judge(run(loss=loss, val_loss=loss, accuracy=accuracy, val_accuracy=accuracy), NARROW)
    assert found.advice[0] == "Train for more epochs: both losses are still falling."
    assert "did not" not in said(found)


def test_training_loss_alone_that_falls_is_said_so() -> None:
    accuracy = [0.4] * 5
    records = run(
        loss=[2.0, 1.9, 1.85, 1.8, 1.75],
        val_loss=[2.0, 1.9, 1.9, 1.9, 1.9],
        accuracy=accuracy,
        val_accuracy=accuracy,
    )
    found = judge(records)
    told = "training loss fell by 7.9 % and validation loss stayed the same"
    assert any(told in line for line in found.evidence)
    assert found.advice[0] == "Train for more epochs: training loss is still falling."


def test_validation_loss_that_rises_asks_for_no_more_epochs() -> None:
    accuracy = [0.4] * 5
    records = run(
        loss=[2.0, 1.9, 1.85, 1.8, 1.75],
        val_loss=[2.0, 1.9, 1.92, 1.95, 1.98],
        accuracy=accuracy,
        val_accuracy=accuracy,
    )
    found = judge(records)
    assert "more epochs" not in said(found)
    assert any("validation loss rose by 4.2 %" in line for line in found.evidence)


# One answer for all.


def imbalanced(**more: object) -> dict[str, object]:
    counts = {"validation_classes": (95, 5), "test_classes": (475, 25)}
    return {**counts, "predicted_classes": (100, 0), **more}


def test_always_the_most_frequent_class_is_no_good_fit() -> None:
    found = judge(levels(0.95, 0.95), MOONS, **imbalanced())
    assert found.verdict == "not_learning"
    assert "Always answering the most frequent class would give 95.0 %." in found.evidence
    assert any("same answer for every sample" in line for line in found.evidence)
    assert "Good fit" not in said(found)


def test_hardly_better_than_the_most_frequent_class_is_no_good_fit() -> None:
    found = judge(levels(0.96, 0.96), MOONS, **imbalanced(predicted_classes=(98, 2)))
    assert found.verdict != "good_fit"
    assert "Always answering the most frequent class would give 95.0 %." in found.evidence


def test_classes_that_are_never_answered_are_named_and_are_no_good_fit() -> None:
    there = (29,) * 9 + (27,)
    found = judge(
        levels(0.85, 0.85), validation_classes=there, predicted_classes=(32,) * 8 + (0, 32)
    )
    assert found.verdict == "underfitting"
    assert "It never answers “8”, 1 of 10 classes." in found.evidence


def test_class_of_few_samples_may_go_unanswered() -> None:
    there = (31,) * 9 + (4,)
    found = judge(levels(0.95, 0.95), validation_classes=there, predicted_classes=(32,) * 9 + (0,))
    assert found.verdict == "good_fit"


def test_balanced_classes_are_compared_with_guessing() -> None:
    found = judge(levels(0.5, 0.5), MOONS, validation_classes=(52, 48), predicted_classes=(50, 50))
    assert found.verdict == "not_learning"
    assert "Guessing would give 50.0 %." in found.evidence


# Noise that nothing can be done about.


def test_large_network_that_levelled_off_is_not_told_to_grow() -> None:
    found = judge(levels(0.78, 0.77), MOONS)
    assert found.verdict == "cannot_tell"
    assert "more room" not in said(found)
    assert "noise in the data is the likely limit" in said(found)


def test_small_network_that_levelled_off_is_told_to_grow() -> None:
    found = judge(levels(0.5, 0.5), NARROW)
    assert found.verdict == "underfitting"
    assert "more room" in said(found)


def test_network_that_levelled_off_while_it_is_held_back_is_told_to_be_less_so() -> None:
    held = {**DIGITS, "model": {"kind": "mlp", "dropout": 0.8}}
    found = judge(levels(0.4, 0.5), held)
    assert found.verdict == "underfitting"
    assert "less dropout than 0.8" in said(found)


def test_larger_network_that_did_no_better_settles_it() -> None:
    found = judge(levels(0.78, 0.77), MOONS, larger="MLP 512")
    assert found.headline == "More of this will not help: a larger network did no better."
    assert any(line.startswith("MLP 512 has more parameters") for line in found.evidence)


def test_known_noise_that_is_reached_is_said_to_be_the_limit() -> None:
    noisy = {"data": {"dataset": "moons", "noise": 0.5}}
    found = judge(levels(0.82, 0.81), noisy, best_possible=0.825)
    assert found.verdict == "at_limit"
    assert "no more than" not in said(found)
    assert any("more than about 82.5 % right" in line for line in found.evidence)


def test_known_noise_that_is_not_reached_is_no_excuse() -> None:
    noisy = {"data": {"dataset": "moons", "noise": 0.5}}
    assert judge(levels(0.7, 0.7), noisy, best_possible=0.825).verdict != "at_limit"


def test_regression_of_noise_is_not_called_underfitting() -> None:
    loss = [120.0, 100.0, 98.0, 98.0, 98.0, 98.0]
    found = judge(run(loss=loss, val_loss=loss), NUMBERS, baseline_loss=143.0)
    assert found.verdict == "cannot_tell"
    assert "wrong targets" in said(found)
    assert "labels" not in said(found)


def test_labels_that_are_random_are_the_cause_and_nothing_else() -> None:
    noisy = {"data": {"dataset": "digits", "label_noise": 0.9}}
    records = run(
        loss=[2.32, 2.2, 2.1, 2.0],
        val_loss=[2.31, 2.32, 2.33, 2.34],
        accuracy=[0.1, 0.2, 0.25, 0.3],
        val_accuracy=[0.08, 0.09, 0.08, 0.08],
    )
    found = judge(records, noisy)
    assert found.headline == "Nothing to learn: the training labels are random."
    assert found.advice == ("Lower the label noise of 0.9.",)


def test_wrong_labels_that_were_learned_are_told() -> None:
    noisy = {"data": {"dataset": "digits", "label_noise": 0.3}}
    found = judge(levels(0.95, 0.9), noisy)
    assert found.verdict == "overfitting"
    assert any("more than 70.0 % right on training samples" in line for line in found.evidence)


def test_wrong_labels_that_were_not_learned_are_a_good_fit() -> None:
    noisy = {"data": {"dataset": "digits", "label_noise": 0.2}}
    assert judge(levels(0.79, 0.95), noisy).verdict == "good_fit"


# Few samples.


def few(count: int) -> dict[str, object]:
    return {"data": {"dataset": "digits", "training_samples": count}}


def test_ten_right_of_ten_tell_little() -> None:
    found = judge(levels(1.0, 1.0), few(50))
    assert found.verdict == "cannot_tell"
    assert found.headline == "Cannot tell: 10 validation samples are too few to judge by."
    assert "(10 of 10, 95 % interval 72.2 % to 100.0 %)" in found.evidence[0]


def test_ten_right_of_ten_are_enough_where_the_test_agrees() -> None:
    tested = {"evaluation": {"accuracy": 0.99, "loss": 0.1}}
    assert judge(levels(1.0, 1.0), few(50), **tested).verdict == "good_fit"


def test_gap_within_the_margin_of_few_samples_is_no_overfitting() -> None:
    records = levels(0.975, 0.9)
    assert judge(records, few(50)).verdict == "cannot_tell"


def test_gap_beyond_the_margin_of_few_samples_is_overfitting() -> None:
    assert judge(levels(1.0, 0.5), few(50)).verdict == "overfitting"


# The test.


def test_good_fit_without_a_test_promises_nothing_of_new_samples() -> None:
    assert judge(GOOD).headline == "Good fit: validation is about as good as training."


def test_good_fit_that_the_test_bears_out_carries_over() -> None:
    found = judge(GOOD, evaluation={"accuracy": 0.9, "loss": 0.3})
    assert found.headline == "Good fit: what was learned carries over to new samples."
    assert "Test accuracy 90.0 % (324 of 360, 95 % interval 86.5 % to 92.7 %)." in found.evidence


def test_test_far_below_validation_is_no_good_fit() -> None:
    found = judge(GOOD, evaluation={"accuracy": 0.6, "loss": 2.0})
    assert found.verdict == "test_differs"
    assert "216 of 360" in said(found)


def test_regression_that_is_useless_in_the_test_is_no_good_fit() -> None:
    known = {"baseline_loss": 4.0, "test_baseline_loss": 4.0, "evaluation": {"loss": 4.1}}
    assert judge(REGRESSION, NUMBERS, **known).verdict == "test_differs"


def test_class_that_training_never_shows_is_the_cause() -> None:
    found = judge(
        levels(0.95, 0.95),
        MOONS,
        train_classes=(400, 0),
        validation_classes=(100, 0),
        test_classes=(0, 500),
        evaluation={"accuracy": 0.0, "loss": 9.0},
    )
    assert found.headline == "Cannot be learned: one class was never shown in training."
    assert "Underfitting" not in said(found)
    assert "500 of 500 test samples do" in found.evidence[0]


# Batch normalization.

NORMALIZED = {
    "data": {"dataset": "digits", "training_samples": 64},
    "model": {"kind": "mlp", "batch_normalization": True},
}


def test_batch_normalization_that_has_not_settled_is_no_overfitting() -> None:
    found = judge(levels(1.0, 0.4, epochs=10), NORMALIZED)
    assert found.verdict == "unsettled"
    assert f"20 updates leave {100 * 0.99**20:.1f} %" in said(found)
    assert "Overfitting" not in said(found)


def test_batch_normalization_that_has_settled_may_overfit() -> None:
    assert judge(levels(1.0, 0.4, epochs=200), NORMALIZED).verdict == "overfitting"


def test_only_momentum_that_can_be_set_is_advised_on() -> None:
    layers = [{"kind": "Flatten"}, {"kind": "Dense"}, {"kind": "BatchNormalization"}]
    custom = {**NORMALIZED, "model": {"kind": "custom", "layers": layers}}
    told = [said(judge(levels(1.0, 0.4), one)) for one in (NORMALIZED, custom)]
    assert ["lower the momentum" in text for text in told] == [False, True]


# Early stopping.


def test_epoch_whose_weights_were_kept_is_judged() -> None:
    found = judge(OVERFIT[:3] + OVERFIT[3:], kept=1)
    assert "Training accuracy 80.0 %, validation 78.0 %" in found.evidence[0]
    assert any(
        line.startswith("Judged by epoch 2, whose weights early stopping kept: 4 more epochs")
        for line in found.evidence
    )


def test_no_more_epochs_are_asked_for_where_more_were_in_vain() -> None:
    assert "more epochs:" not in said(judge(UNDERFIT, kept=2))


# Learning rates.


def stuck(rate: float, first: float = 2.4) -> tuple[EpochRecord, ...]:
    loss = [first, 2.35, 2.36, 2.34, 2.35]
    chance = [0.1, 0.1, 0.11, 0.1, 0.1]
    return run(rate, loss=loss, val_loss=[2.35] * 5, accuracy=chance, val_accuracy=chance)


@pytest.mark.parametrize(
    ("optimizer", "rate", "told"),
    [
        ("sgd", 5.0, "Lower the learning rate: 5 is far above what is usual for SGD; try 0.01."),
        ("adam", 10.0, "Lower the learning rate: 10 is far above what is usual for Adam;"),
        ("adam", 0.000001, "Raise the learning rate: 0.000001 is below the usual of Adam;"),
        ("sgd", 0.0001, "Raise the learning rate: 0.0001 is below the usual of SGD; try 0.01."),
        ("adam", 0.003, "Try a smaller learning rate than 0.003, for example 0.0003."),
        ("rmsprop", 0.001, "Try another learning rate than 0.001: a tenth of it, or three times"),
    ],
)
def test_rate_is_to_go_the_way_its_optimizer_needs(optimizer, rate, told) -> None:
    training = {"optimizer": optimizer, "learning_rate": rate}
    found = judge(stuck(rate), {**DIGITS, "training": training})
    assert found.verdict == "not_learning"
    assert told in said(found)


def test_momentum_counts_as_a_larger_rate() -> None:
    training = {"optimizer": "sgd", "learning_rate": 0.05, "momentum": 0.9}
    told = said(judge(stuck(0.05), {**DIGITS, "training": training}))
    assert "0.05 with momentum 0.9 is far above what is usual for SGD" in told


def test_explosion_within_the_first_epoch_is_found() -> None:
    training = {"optimizer": "adam", "learning_rate": 10}
    found = judge(stuck(10, first=2146), {**DIGITS, "training": training})
    assert found.verdict == "diverged"
    assert f"a network that knows nothing has {math.log(10):.3g}" in said(found)
    assert "more epochs" not in said(found)
    assert "more room" not in said(found)


def test_explosion_that_was_overcome_is_none() -> None:
    records = run(
        loss=[2146, 1.0, 0.4, 0.3, 0.3],
        val_loss=[3.0, 0.5, 0.4, 0.31, 0.31],
        accuracy=[0.1, 0.7, 0.88, 0.9, 0.9],
        val_accuracy=[0.2, 0.8, 0.88, 0.9, 0.9],
    )
    assert judge(records).verdict == "good_fit"


def test_penalties_in_the_first_loss_are_no_explosion() -> None:
    records = run(
        loss=[66.5, 2.6, 2.4, 2.35],
        val_loss=[3.0, 2.5, 2.4, 2.35],
        accuracy=[0.3, 0.6, 0.7, 0.78],
        val_accuracy=[0.3, 0.7, 0.8, 0.84],
    )
    penalized = {**DIGITS, "model": {"kind": "mlp", "l2": 1.0}}
    assert judge(records, penalized).verdict == "good_fit"


def test_wobble_near_zero_is_no_divergence() -> None:
    records = run(
        loss=[0.01, 0.005, 0.02, 0.03],
        val_loss=[0.02, 0.02, 0.02, 0.02],
        accuracy=[0.99] * 4,
        val_accuracy=[0.99] * 4,
    )
    assert judge(records).verdict == "good_fit"


def test_targets_that_are_scaled_are_not_to_be_scaled() -> None:
    records = run(loss=[1.0, 4.0, 9.0], val_loss=[1.0, 4.0, 9.0])
    scaled = {"data": {**NUMBERS["data"], "target_scaling": "standard"}}
    told = [said(judge(records, one)) for one in (NUMBERS, scaled)]
    assert ["Scale targets" in text for text in told] == [True, False]


@pytest.mark.parametrize("records", [OVERFIT, UNDERFIT, GOOD, levels(0.3, 0.3), stuck(0.001)])
def test_nothing_is_advised_that_the_settings_rule_out(records) -> None:
    told = said(judge(records))
    for word in ("less dropout", "more dropout", "smaller L1", "less augmentation", "label noise"):
        assert word not in told


@pytest.mark.parametrize("records", [OVERFIT, UNDERFIT, GOOD, levels(0.3, 0.3), stuck(0.001)])
def test_words_are_plain(records) -> None:
    told = said(judge(records))
    assert not re.search(r"rails|reins|by heart|  |\.\.|nan|None", told)


# Validation ahead of training.


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"model": {"kind": "mlp", "dropout": 0.8}}, "dropout of 0.8 is at work only while"),
        ({"data": {"dataset": "digits", "label_noise": 0.2}}, "20.0 % of the training labels"),
        (
            {"data": {"dataset": "digits", "augmentation": {"rotation": 0.1}}},
            "only the images trained on are varied (augmentation)",
        ),
        (few(50), "with 10 validation samples, chance alone"),
    ],
)
def test_reason_why_validation_is_ahead_is_told_where_it_holds(settings, told) -> None:
    records = levels(0.79, 0.9)
    assert told in said(judge(records, {**DIGITS, **settings}))
    assert told not in said(judge(records))


def test_moving_epoch_is_a_reason_while_accuracy_climbs() -> None:
    records = run(
        loss=[2.0, 1.5, 1.0],
        val_loss=[1.7, 1.2, 0.8],
        accuracy=[0.3, 0.6, 0.8],
        val_accuracy=[0.5, 0.75, 0.88],
    )
    assert "training values are means over the epoch" in said(judge(records))
    assert "means over the epoch" not in said(judge(levels(0.8, 0.88)))


def test_validation_behind_training_needs_no_reason() -> None:
    dropped = {**DIGITS, "model": {"kind": "mlp", "dropout": 0.5}}
    assert "Validation is better" not in said(judge(GOOD, dropped))


# Facts.


@pytest.mark.parametrize(
    ("loss", "expected"),
    [
        (None, math.log(10)),
        ("categorical_crossentropy", math.log(10)),
        ("mse", 0.09),
        ("mae", 0.18),
    ],
)
def test_loss_of_even_answers(loss, expected) -> None:
    found = facts({**DIGITS, "training": {"loss": loss}}).untrained_loss
    assert found == pytest.approx(expected)


def test_narrowest_layer_is_one_before_the_output_layer() -> None:
    layers = [{"kind": "Flatten"}, {"kind": "Dense", "units": 64}, {"kind": "Dense", "units": 12}]
    custom = {"kind": "custom", "layers": layers}
    assert facts({**DIGITS, "model": custom}).narrowest == 12
    assert facts({**DIGITS, "model": {"kind": "mlp", "hidden_layers": 0}}).narrowest == 0
