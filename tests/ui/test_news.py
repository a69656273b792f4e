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


def is_said_of_the_end(app) -> bool:
    """Whether a screen reader reads out that the run has ended."""
    return "data-epochscope-followed" in " ".join(bodies(app))


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


def test_end_is_said_to_whoever_started_the_run_even_if_it_ended_before_it_was_shown(
    visit, add_run
):
    run = add_run()
    app = visit(run=run.id)
    assert not is_said_of_the_end(app)
    app.session_state["epochscope.followed"] = {run.id}
    assert is_said_of_the_end(app.run())


def test_end_is_said_to_whoever_has_seen_the_run_going(visit, store):
    run = store.create(experiment())
    app = visit(run=run.id)
    lease = store.claim(run.id)
    assert lease is not None
    lease.add_epoch(epoch_record(0))
    lease.settle(Status.FINISHED, evaluation={"loss": 0.5, "accuracy": 0.9})
    assert is_said_of_the_end(app.run())
