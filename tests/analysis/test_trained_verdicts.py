"""Verdicts on real trainings of data whose fault is known, and on healthy ones."""

from __future__ import annotations

import numpy as np
import pytest

from core.data import kept
from tests.analysis.curves import said
from tests.analysis.trained import judged, own

TWO = ("no", "yes")


@pytest.fixture(autouse=True)
def _home(tmp_path, monkeypatch):
    monkeypatch.setenv("EPOCHSCOPE_HOME", str(tmp_path))
    kept.forget()


def table(draw, train: int, test: int, classes: tuple[str, ...] = TWO) -> dict[str, object]:
    return own(*draw(train), *draw(test), classes)


def test_rare_class_in_features_of_noise():
    random = np.random.default_rng(0)

    def draw(count):
        return random.normal(size=(count, 8)), (random.random(count) < 0.05).astype(int)

    _, found = judged({"data": table(draw, 800, 200)})
    assert found.verdict == "not_learning"
    assert "Always answering the most frequent class would give" in said(found)
    assert "same answer for every sample" in said(found)


def test_labels_flipped_in_all_parts():
    random = np.random.default_rng(0)

    def draw(count):
        x = random.normal(size=(count, 4))
        y = (x[:, 0] + x[:, 1] > 0).astype(int)
        return x, np.where(random.random(count) < 0.2, 1 - y, y)

    run, found = judged({"data": table(draw, 2000, 500), "training": {"epochs": 15}})
    assert 0.75 < run.history["accuracy"][-1] < 0.85
    assert found.verdict == "cannot_tell"
    assert "more room" not in said(found)


def test_ten_validation_samples():
    random = np.random.default_rng(0)

    def draw(count):
        y = random.integers(0, 2, count)
        return random.normal(size=(count, 3)) + 3 * y[:, None], y

    _, found = judged({"data": table(draw, 50, 4), "training": {"epochs": 30}})
    assert found.headline == "Cannot tell: 10 validation samples are too few to judge by."


def test_batch_normalization_of_few_updates():
    random = np.random.default_rng(0)

    def draw(count):
        y = np.arange(count) % 2
        return random.normal(size=(count, 30)) * 3 + 5 + 2 * y[:, None], y

    settings = {
        "data": {**table(draw, 64, 16), "scaling": "none"},
        "model": {"kind": "mlp", "units": 64, "hidden_layers": 2, "batch_normalization": True},
    }
    run, found = judged(settings)
    assert run.history["accuracy"][-1] > run.history["val_accuracy"][-1] + 0.2
    assert found.verdict == "unsettled"
    assert "20 updates leave 81.8 %" in said(found)


def test_class_that_only_the_test_has():
    random = np.random.default_rng(0)

    def draw(count):
        y = np.arange(count) % (3 if count == 200 else 4)
        return random.normal(size=(count, 3)) + 3 * y[:, None], y

    _, found = judged({"data": table(draw, 200, 80, tuple("abcd"))})
    assert found.verdict == "unseen_classes"
    assert "No training sample shows “d”, but 20 of 80 test samples do." in said(found)


@pytest.mark.parametrize(("optimizer", "rate"), [("sgd", 5), ("adam", 10)])
def test_rate_that_is_far_too_large(optimizer, rate):
    training = {"optimizer": optimizer, "learning_rate": rate}
    _, found = judged({"data": {"dataset": "digits"}, "training": training})
    assert found.verdict in ("not_learning", "diverged")
    assert found.advice[0].startswith(f"Lower the learning rate: {rate} is far above")
    assert "more epochs" not in said(found)


def test_dropout_that_puts_validation_ahead():
    model = {"kind": "mlp", "units": 64, "dropout": 0.8}
    run, found = judged({"data": {"dataset": "digits"}, "model": model})
    assert run.history["val_accuracy"][-1] > run.history["accuracy"][-1] + 0.1
    assert "because dropout of 0.8 is at work only while training" in said(found)


def test_random_labels():
    _, found = judged({"data": {"dataset": "digits", "label_noise": 0.9}})
    assert found.advice == ("Lower the label noise of 0.9.",)


def test_moons_that_overlap():
    data = {"dataset": "moons", "noise": 0.5}
    _, found = judged({"data": data, "training": {"epochs": 30}})
    assert found.verdict == "at_limit"


def test_novels_after_four_epochs():
    run, found = judged(
        {"data": {"dataset": "novels"}, "model": {"kind": "text"}, "training": {"epochs": 4}}
    )
    losses = run.history["val_loss"]
    assert losses == sorted(losses, reverse=True)
    assert found.advice[0] == "Train for more epochs: both losses are still falling."
    assert "did not" not in said(found)


@pytest.mark.parametrize(("name", "epochs"), [("digits", 10), ("iris", 40), ("circles", 40)])
def test_healthy_run(name, epochs):
    _, found = judged({"data": {"dataset": name}, "training": {"epochs": epochs}})
    assert found.verdict == "good_fit"
    assert found.headline.endswith("carries over to new samples.")
