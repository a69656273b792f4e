"""What the Train page says of a run that goes on, and of what keeps it from going on."""

from __future__ import annotations

import json

import numpy as np
import pytest

from core.jobs import BATCHES_KEY, DIVERGENCE, PROGRESS_KEY
from core.records import Progress, Status
from core.runs import Artifacts
from core.settings import settings
from core.ui import platform, wording
from tests.ui.conftest import epoch_record, experiment
from tests.ui.test_budget import progress_text
from tests.ui.test_run_controls import lay_down

NO_SCHEDULER = "The scheduler at tcp://one:8786 does not answer."


@pytest.fixture
def say(visit, add_run):
    """The Train page of a run that trains, with the latest news of it."""

    def page(news: Progress | None, epochs: int = 3):
        run = add_run(epochs=epochs, status=None)
        app = visit("train", run=run.id)
        if news:
            app.session_state[f"{PROGRESS_KEY}.{run.id}"] = news
        return app.run()

    return page


def warnings(app) -> list[str]:
    return [found.value for found in app.main.warning]


@pytest.mark.parametrize("epochs", [0, 3, 10], ids=["before", "in the middle", "after training"])
def test_waiting_for_the_store_is_said_with_the_reason(say, epochs):
    app = say(Progress("Waiting for the run store", detail="The disk is full."), epochs)
    assert progress_text(app) == "Waiting for the run store. The disk is full."


def test_run_that_is_taken_up_again_says_what_it_does(say):
    assert progress_text(say(Progress("Loading the data"))) == "Loading the data …"


def test_batches_are_counted_while_it_trains(say):
    text = progress_text(say(Progress("Training", 3, 7, 10)))
    assert text.startswith("Epoch 4 of 10 · batch 7 of 10 · about ")


def numbers(app) -> dict[str, str]:
    return {found.label: found.value for found in app.main.metric}


def test_first_epoch_shows_its_means_so_far_and_says_of_how_many_batches(visit, add_run):
    run = add_run(epochs=0, status=None)
    app = visit("train", run=run.id)
    news = Progress("Training", 0, 12, 40, means={"loss": 1.5, "accuracy": 0.25})
    app.session_state[f"{BATCHES_KEY}.{run.id}"] = [news]
    app.run()
    assert numbers(app)["Training loss"] == wording.number("loss", 1.5)
    assert numbers(app)["Training accuracy"] == wording.number("accuracy", 0.25)
    assert numbers(app)["Validation loss"] == "–"
    assert any("So far in epoch 1: means over 12 of 40 batches." in c.value for c in app.caption)


def test_paused_run_shows_no_means_of_an_epoch_that_begins_anew(visit, store, add_run):
    run = add_run(epochs=0, status=None)
    app = visit("train", run=run.id)
    news = Progress("Training", 0, 12, 40, means={"loss": 1.5})
    app.session_state[f"{BATCHES_KEY}.{run.id}"] = [news]
    lay_down(store, run)
    app.run()
    assert numbers(app)["Training loss"] == "–"


def test_later_epochs_keep_the_numbers_of_the_last_whole_one(visit, add_run):
    run = add_run(epochs=2, status=None)
    app = visit("train", run=run.id)
    news = Progress("Training", 2, 12, 40, means={"loss": 99.0})
    app.session_state[f"{BATCHES_KEY}.{run.id}"] = [news]
    app.run()
    assert numbers(app)["Training loss"] == wording.number("loss", 0.5)
    assert not any("So far in epoch" in found.value for found in app.caption)


def test_diverged_run_still_shows_the_means_of_its_last_epoch(visit, store):
    run = store.create(experiment())
    lease = store.claim(run.id)
    lease.add_epoch(epoch_record(0, loss=float("nan"), val_loss=float("nan")))
    course = {"batches": np.array([1, 5]), "loss": np.array([2.3, 4e9])}
    Artifacts(settings().artifacts_url).save(run.id, DIVERGENCE, course)
    lease.settle(Status.FAILED, "The loss is no longer a number.")
    app = visit("train", run=run.id)
    charts = [json.loads(found.proto.json)["figure"] for found in app.get("bidi_component")[:1]]
    traces = json.loads(charts[0])["data"]
    assert traces[-1]["name"] == "Within the epoch"


def test_last_epoch_is_followed_by_the_test(say):
    app = say(Progress("Training", 9, 10, 10), epochs=10)
    assert progress_text(app) == "Testing on samples the network has never seen …"


def test_page_opened_while_it_trains_says_the_epoch(say):
    assert progress_text(say(None)).startswith("Epoch 4 of 10 · about ")


def test_page_opened_before_the_first_epoch_says_so(say):
    assert progress_text(say(None, epochs=0)) == "Getting ready …"


def test_run_that_waits_says_why_nothing_is_trained(visit, store, add_run, monkeypatch):
    monkeypatch.setattr(platform.Jobs, "problem", NO_SCHEDULER)
    run = store.create(add_run().experiment)
    app = visit("train", run=run.id)
    assert (warnings(app), progress_text(app)) == ([NO_SCHEDULER], "")


def test_run_that_trains_goes_on_beside_what_is_wrong(say, monkeypatch):
    monkeypatch.setattr(platform.Jobs, "problem", NO_SCHEDULER)
    app = say(None)
    assert warnings(app) == [NO_SCHEDULER]
    assert progress_text(app).startswith("Epoch 4 of 10")


def test_run_that_has_ended_says_nothing_of_it(visit, add_run, monkeypatch):
    monkeypatch.setattr(platform.Jobs, "problem", NO_SCHEDULER)
    app = visit("train", run=add_run(epochs=10).id)
    assert (warnings(app), progress_text(app)) == ([], "10 of 10 epochs")
