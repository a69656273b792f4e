"""Weights are called by the epoch they are of, and by no other."""

from __future__ import annotations

import numpy as np
import pytest

from core.jobs import BEST_PREDICTIONS, KEPT_WEIGHTS, PREDICTIONS
from core.records import Status
from core.runs import Artifacts
from core.settings import settings
from core.ui.weights import Kept
from tests.ui.test_pages import texts


@pytest.mark.parametrize(
    ("kept", "end", "best"),
    [
        (Kept(30, 30, 18), "Last epoch (30)", "Best epoch (18)"),
        (Kept(23, 18, 16), "Restored by early stopping (18)", "Best epoch (16)"),
        (Kept(40, 40, 31, 31), "Last epoch (40)", "Best of epochs 31–40 (31)"),
        (Kept(40, None, None), "At the end of training", "Best of its own epochs"),
    ],
)
def test_titles(kept, end, best):
    assert (kept.end_title, kept.best_title) == (end, best)


@pytest.fixture
def keep():
    """Stores predictions of a run, and whose weights they are by, epochs from 0."""

    def save(run, **epochs):
        artifacts = Artifacts(settings().artifacts_url)
        predicted = {"true": np.arange(10), "outputs": np.eye(10, dtype=np.float32)}
        for name in (PREDICTIONS, BEST_PREDICTIONS):
            artifacts.save(run.id, name, predicted)
        if epochs:
            artifacts.save(run.id, KEPT_WEIGHTS, {k: np.array(v) for k, v in epochs.items()})
        return run

    return save


def offered(app) -> list[str]:
    return next(group.options for group in app.button_group if group.label == "Weights")


def test_best_epoch_is_the_one_whose_weights_were_kept(visit, add_run, keep):
    run = keep(add_run(), end=2, best=0, since=0)
    app = visit("confusion_matrix", run=run.id)
    assert offered(app) == ["Last epoch (3)", "Best epoch (1)"]


def test_epochs_whose_weights_were_not_kept_are_not_called_the_best(visit, add_run, keep):
    run = keep(add_run(), end=2, best=1, since=1)
    assert "Best of epochs 2–3 (2)" in offered(visit("confusion_matrix", run=run.id))


def test_child_of_an_earlier_version_has_the_best_of_its_own_epochs(visit, store, add_run, keep):
    parent = add_run()
    child = store.continue_from(parent.id, parent.experiment)
    assert store.claim(child.id).settle(Status.FINISHED)
    app = visit("confusion_matrix", run=keep(child).id)
    assert offered(app) == ["At the end of training", "Best of its own epochs"]


def test_continue_says_what_an_earlier_version_did_not_keep(visit, add_run, tmp_path):
    run = add_run()
    file = tmp_path / "last.weights.h5"
    file.write_bytes(b"weights")
    Artifacts(settings().artifacts_url).save_file(run.id, file.name, file)
    assert "the best epoch is sought from epoch 4 on" in texts(visit(run=run.id))
