"""What a screen reader is told of a run."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest

from core.records import Status
from core.ui import news
from tests.ui.conftest import epoch_record, experiment

EPOCHS = (epoch_record(0), epoch_record(1))


def told(app) -> list[str]:
    """What stands on a page for a screen reader."""
    found = re.findall(r'data-epochscope-says="([^"]*)"', " ".join(map(str, bodies(app))))
    return [html.unescape(words) for words in found]


def bodies(app) -> list[str]:
    return [element.proto.body for element in app.get("html")]


@pytest.mark.parametrize(
    ("status", "epochs", "words"),
    [
        (Status.QUEUED, (), "Training is waiting."),
        (Status.RUNNING, (), "Training has started."),
        (Status.RUNNING, EPOCHS, "Epoch 2 of 10, validation accuracy 45.9 %."),
        (Status.PAUSED, EPOCHS, "Training is paused after 2 of 10 epochs."),
        (Status.STOPPED, EPOCHS, "Training was stopped after 2 of 10 epochs."),
        (Status.FINISHED, EPOCHS, "Training has finished after 2 of 10 epochs."),
    ],
)
def test_state_of_a_run_is_a_sentence(store, status, epochs, words):
    run = replace(store.create(experiment()), status=status)
    assert news.words(run, epochs) == words


def test_finished_run_is_told_with_its_test_result(add_run):
    run = add_run()
    assert news.words(run, EPOCHS) == (
        "Training has finished after 2 of 10 epochs, test accuracy 90.0 %."
    )


def test_failed_run_is_told_with_its_reason(add_run):
    run = add_run(status=Status.FAILED)
    assert news.words(run, EPOCHS) == "Training failed after 2 of 10 epochs. The reason it ended."


@pytest.mark.parametrize("page", ["train", "history", "confusion_matrix", "predictions"])
def test_page_of_a_run_tells_its_state(visit, add_run, page):
    app = visit(page, run=add_run(epochs=10).id)
    assert told(app) == ["Training has finished after 10 of 10 epochs, test accuracy 90.0 %."]
