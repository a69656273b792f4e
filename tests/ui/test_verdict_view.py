"""The two boxes at a run's end: green only for a score that is worth something."""

from __future__ import annotations

import numpy as np
import pytest

from core.experiment import Experiment, OwnData
from core.records import EpochRecord, Status
from core.runs import Artifacts
from core.settings import settings
from core.ui import platform


@pytest.fixture
def ended(store, visit):
    """The Train page of a run that has ended with these numbers and predictions."""

    def page(experiment: Experiment, epochs: list[dict], accuracy: float, true, predicted):
        run = store.create(experiment)
        lease = store.claim(run.id)
        for number, metrics in enumerate(epochs):
            lease.add_epoch(EpochRecord(number, metrics, 0.1, 0.001))
        outputs = np.eye(max(2, experiment.outputs), dtype=np.float32)[predicted]
        artifacts = Artifacts(settings().artifacts_url)
        artifacts.save(run.id, "predictions", {"true": np.array(true), "outputs": outputs})
        lease.settle(Status.FINISHED, evaluation={"loss": 0.4, "accuracy": accuracy})
        return visit("train", run=run.id)

    return page


def level(accuracy: float, validation: float, epochs: int = 4) -> list[dict]:
    values = {"loss": 0.3, "val_loss": 0.3, "accuracy": accuracy, "val_accuracy": validation}
    return [values] * epochs


def moons(**parts: object) -> Experiment:
    return Experiment.model_validate({"data": {"dataset": "moons"}, **parts})


def verdict(app) -> str:
    return next(text.value for text in app.main.markdown if text.value.startswith("**"))


def test_good_fit_is_green_with_counts_and_a_margin(ended):
    true = [0, 1] * 250
    predicted = [0, 1] * 240 + [1, 0] * 10
    app = ended(moons(), level(0.96, 0.95), 0.96, true, predicted)
    [box] = app.main.success
    assert "On 500 test samples it has never seen: **480 right**, accuracy **96.0 %**" in box.value
    assert "may lie from 93.9 % to 97.4 % (95 % interval)" in box.value
    assert verdict(app).startswith("**Good fit: what was learned carries over to new samples.**")


def test_one_answer_for_all_is_a_warning(ended):
    true = [0] * 475 + [1] * 25
    app = ended(moons(), level(0.95, 0.95), 0.95, true, [0] * 500)
    assert not app.main.success
    [box] = app.main.warning
    assert "Always answering the most frequent class gives 95.0 %" in box.value
    assert "Good fit" not in verdict(app)


def test_score_of_few_samples_that_chance_may_give_is_a_warning(ended, monkeypatch):
    own = OwnData(
        key="0a" * 32,
        title="Pictures",
        kind="table",
        task="classification",
        shape=(2,),
        classes=("_cat_", "dog"),
        features=("a", "b"),
        train_size=64,
        test_size=16,
    )
    monkeypatch.setattr(platform, "bring", lambda wanted: None)
    experiment = Experiment.model_validate({"data": {"dataset": "own", "own": own.model_dump()}})
    app = ended(experiment, level(0.95, 0.92), 0.625, [0, 1] * 8, [0, 1] * 5 + [1, 0] * 3)
    assert not app.main.success
    warnings = [box.value for box in app.main.warning]
    assert any("On 16 test samples it has never seen: **10 right**" in text for text in warnings)
    assert "carries over" not in verdict(app)


def test_verdict_that_is_not_good_is_not_green(ended):
    true = [0, 1] * 250
    overfitted = [
        {"loss": 0.5 / n, "val_loss": 0.3 * n, "accuracy": 0.99, "val_accuracy": 0.8}
        for n in range(1, 6)
    ]
    app = ended(moons(), overfitted, 0.8, true, [0, 1] * 200 + [1, 0] * 50)
    assert not app.main.success
    assert len(app.main.info) == 1
    assert verdict(app).startswith("**Overfitting")


def test_kept_weights_are_said_and_judged(ended):
    stopping = {"early_stopping": {"patience": 2}}
    losses = [0.9, 0.5, 0.3, 0.4, 0.45]
    epochs = [
        {"loss": 0.3, "val_loss": loss, "accuracy": 0.95, "val_accuracy": 0.95} for loss in losses
    ]
    app = ended(moons(callbacks=stopping), epochs, 0.95, [0, 1] * 250, [0, 1] * 250)
    assert any("Weights of epoch 3 kept" in text.value for text in app.main.caption)
    assert "Judged by epoch 3" in verdict(app)


def test_last_weights_need_no_word(ended):
    app = ended(moons(), level(0.95, 0.95), 0.95, [0, 1] * 250, [0, 1] * 250)
    assert not any("kept" in text.value for text in app.main.caption)


def levelled(units: int) -> Experiment:
    parts = {"model": {"kind": "mlp", "units": units}, "training": {"epochs": 4}}
    return Experiment.model_validate({"data": {"dataset": "breast_cancer"}, **parts})


def test_larger_network_on_the_same_data_that_did_no_better_is_named(ended):
    true, predicted = [0, 1] * 250, [0, 1] * 195 + [1, 0] * 55
    ended(levelled(512), level(0.78, 0.78), 0.78, true, predicted)
    told = verdict(ended(levelled(64), level(0.78, 0.78), 0.78, true, predicted))
    assert told.startswith("**More of this will not help: a larger network did no better.**")
    assert "MLP 512 has more parameters and did no better on the same data" in told


@pytest.mark.parametrize(("units", "accuracy"), [(32, 0.78), (512, 0.9)])
def test_smaller_or_better_network_says_nothing_of_the_limit(ended, units, accuracy):
    true, predicted = [0, 1] * 250, [0, 1] * 195 + [1, 0] * 55
    ended(levelled(units), level(accuracy, accuracy), accuracy, true, predicted)
    told = verdict(ended(levelled(64), level(0.78, 0.78), 0.78, true, predicted))
    assert told.startswith("**Cannot tell")
