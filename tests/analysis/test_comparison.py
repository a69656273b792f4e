"""What keeps curves of several runs from being compared."""

from __future__ import annotations

import pytest

from core.analysis.comparison import Compared, cautions
from core.experiment import Experiment
from tests.figures.runs import run

SCORED = run(loss=[1.0], accuracy=[0.5], val_loss=[1.0], val_accuracy=[0.5])


def compared(name: str, epochs=SCORED, **parts) -> Compared:
    given = {"data": {"dataset": "digits"}, **parts}
    return Compared(name, Experiment.model_validate(given), epochs)


def told(metric: str, *runs: Compared) -> list[tuple[bool, str]]:
    return [(one.serious, one.text) for one in cautions(runs, metric)]


def warnings(metric: str, *runs: Compared) -> str:
    return " ".join(text for serious, text in told(metric, *runs) if serious)


def notes(metric: str, *runs: Compared) -> str:
    return " ".join(text for serious, text in told(metric, *runs) if not serious)


@pytest.mark.parametrize(
    "parts",
    [
        {"training": {"optimizer": "sgd"}},
        {"training": {"batch_size": 8, "epochs": 3}},
        {"model": {"kind": "cnn"}},
    ],
)
@pytest.mark.parametrize("metric", ["loss", "accuracy"])
def test_runs_that_can_be_compared_need_no_word(metric, parts):
    assert told(metric, compared("A"), compared("B", **parts)) == []


def test_different_data_are_said_with_the_runs_that_have_them():
    wine = {"data": {"dataset": "wine"}}
    said = warnings("accuracy", compared("A"), compared("B", **wine), compared("C", **wine))
    assert "Different data: Handwritten digits (A); Wine (table) (B, C)." in said


def test_data_named_by_their_title_are_named_once():
    wine = compared("Wine (table)", data={"dataset": "wine"})
    said = warnings("loss", compared("Handwritten digits"), wine)
    assert "Different data: Handwritten digits; Wine (table)." in said


def test_different_tasks_have_different_units():
    said = warnings("loss", compared("A"), compared("B", data={"dataset": "plane"}))
    assert "Different tasks: classes (A); numbers (B)." in said
    assert "different units" in said


def test_different_losses_are_warned_of_where_the_loss_is_shown():
    runs = compared("A"), compared("B", training={"loss": "mse"})
    expected = "Different losses: Sparse categorical cross-entropy (A); Mean squared error (B)."
    assert expected in warnings("loss", *runs)
    assert told("accuracy", *runs) == []


def test_penalties_in_the_loss_are_warned_of_where_the_loss_is_shown():
    runs = compared("A"), compared("B", model={"kind": "mlp", "l2": 0.1})
    assert "penalties of L1 and L2, which differ: without (A); with L1 or L2 (B)" in warnings(
        "loss", *runs
    )
    assert told("accuracy", *runs) == []


def test_two_penalties_of_different_size_are_warned_of():
    runs = [compared(str(l2), model={"kind": "mlp", "l2": l2}) for l2 in (0.1, 0.01)]
    assert "penalties of L1 and L2, which differ." in warnings("loss", *runs)


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        (
            {"data": {"dataset": "moons", "noise": 0.5}},
            "since the noise differs: noise 0.15 (A); noise 0.5 (B)",
        ),
        (
            {"data": {"dataset": "moons"}, "seed": 3},
            "since the seed differs: seed 0 (A); seed 3 (B)",
        ),
    ],
)
def test_generated_points_that_are_not_the_same_are_warned_of(parts, reason):
    said = warnings("accuracy", compared("A", data={"dataset": "moons"}), compared("B", **parts))
    assert "validation and test samples of its own" in said
    assert f"Different points, {reason}" in said


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"seed": 1}, "since the seed differs"),
        (
            {"data": {"dataset": "digits", "validation_split": 0.3}},
            "since the validation split differs",
        ),
        (
            {"data": {"dataset": "digits", "training_samples": 300}},
            "since the number of training samples differs",
        ),
    ],
)
def test_other_validation_samples_are_noted(parts, reason):
    runs = compared("A"), compared("B", **parts)
    assert reason in notes("loss", *runs)
    assert "The test samples are the same." in notes("loss", *runs)
    assert warnings("loss", *runs) == ""


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"data": {"dataset": "digits", "label_noise": 0.3}}, "label noise at work"),
        (
            {"data": {"dataset": "digits", "augmentation": {"rotation": 0.1}}},
            "augmentation at work",
        ),
        ({"model": {"kind": "mlp", "dropout": 0.5}}, "dropout at work"),
    ],
)
def test_other_conditions_of_training_are_noted(parts, reason):
    assert reason in notes("accuracy", compared("A"), compared("B", **parts))


def test_metric_that_some_runs_lack_is_noted():
    other = compared("B", run(loss=[1.0], val_loss=[1.0]), training={"metrics": []})
    assert "accuracy is not measured in B" in notes("accuracy", compared("A"), other)
    assert notes("loss", compared("A"), other) == ""


def test_run_without_an_epoch_lacks_no_metric():
    assert told("accuracy", compared("A"), compared("B", ())) == []


def test_run_without_validation_is_noted():
    other = compared("B", data={"dataset": "digits", "validation_split": 0})
    assert "Nothing was held back for validation in B" in notes("loss", compared("A"), other)


def test_of_many_runs_some_are_named_and_the_others_counted():
    wine = [compared(f"W{place}", data={"dataset": "wine"}) for place in range(9)]
    said = warnings("accuracy", compared("A"), *wine)
    assert "W0, W1, W2, W3, W4, W5 and 3 more" in said
    assert "W6" not in said
