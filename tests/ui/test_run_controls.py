"""The buttons of a run that has not ended, on the Train page and in the list of runs."""

from __future__ import annotations

import logging

import pytest

from core.errors import EpochscopeError
from core.records import Control, Status
from core.ui import platform


def labels(app) -> list[str]:
    return [button.label for button in app.main.button]


def button(app, label: str):
    return next(found for found in app.main.button if found.label == label)


@pytest.fixture
def queued(add_run, store):
    """A run that trains."""
    return add_run(status=None)


def test_training_run_can_be_paused(visit, queued, store):
    app = visit("train", run=queued.id)
    button(app, "Pause").click().run()
    assert store.get(queued.id).control is Control.PAUSE


def test_pausing_run_offers_to_go_on_and_says_what_it_does(visit, queued, store):
    store.pause(queued.id)
    app = visit("train", run=queued.id)
    assert "Resume" in labels(app)
    assert "Pause" not in labels(app)
    assert any("Pausing" in text.value for text in app.main.markdown)


def test_paused_run_is_resumed(visit, queued, store):
    lay_down(store, queued)
    app = visit("train", run=queued.id)
    button(app, "Resume").click().run()
    assert store.get(queued.id).status is Status.QUEUED


def test_paused_run_trains_one_epoch_by_step(visit, queued, store):
    lay_down(store, queued)
    app = visit("train", run=queued.id)
    button(app, "Step").click().run()
    run = store.get(queued.id)
    assert (run.status, run.control) == (Status.QUEUED, Control.STEP)


@pytest.mark.parametrize("label", ["Resume", "Step"])
def test_paused_run_stays_so_while_the_queue_is_full(visit, queued, store, monkeypatch, label):
    lay_down(store, queued)
    store.create(queued.experiment, owner=queued.owner)
    monkeypatch.setenv("EPOCHSCOPE_MAX_QUEUED", "1")
    app = visit("train", run=queued.id)
    button(app, label).click().run()
    assert store.get(queued.id).status is Status.PAUSED
    messages = " ".join(found.value for kind in (app.error, app.warning) for found in kind)
    assert "1 of yours is waiting or training" in messages
    assert not app.exception


def test_step_waits_for_a_pause(visit, queued):
    assert button(visit("train", run=queued.id), "Step").disabled


@pytest.mark.parametrize("status", [Status.FINISHED, Status.STOPPED, Status.FAILED])
def test_ended_run_has_no_such_buttons(visit, add_run, status):
    app = visit("train", run=add_run(status=status).id)
    assert not {"Pause", "Resume", "Step"} & set(labels(app))


def test_run_of_somebody_else_has_no_such_buttons(visit, add_run):
    for page in ("train", "runs"):
        app = visit(page, run=add_run(status=None, owner="somebody").id)
        assert not {"Pause", "Resume", "Step", "Stop"} & set(labels(app))


def test_only_runs_that_go_on_have_buttons(visit, queued, add_run):
    add_run()
    app = visit("runs")
    assert sorted(labels(app)) == ["Compare runs", "Open", "Pause", "Step", "Stop"]


def test_table_says_whose_a_run_is(visit, add_run):
    add_run(owner="somebody")
    add_run()
    assert list(visit("runs").dataframe[0].value["By"]) == ["everyone", "someone else"]


def test_table_hides_private_runs_of_others(visit, add_run):
    add_run(owner="somebody", private=True)
    app = visit("runs")
    assert not app.dataframe
    assert app.info


def test_empty_list_says_what_to_do(visit):
    assert "press **Train**" in visit("runs").info[0].value


def lay_down(store, run) -> None:
    """As the worker does it."""
    store.pause(run.id)
    store.restart(run.id, most=1)
    store.pause(run.id)
    assert store.get(run.id).status is Status.PAUSED


def test_refusal_is_logged_with_its_run_and_reason(visit, queued, add_run, monkeypatch, caplog):
    app = visit("train", run=queued.id)
    caplog.set_level(logging.INFO, "core")
    monkeypatch.setattr(platform.Jobs, "pause", refuse)
    button(app, "Pause").click().run()
    [line] = [line for line in caplog.records if line.name == "core.ui.state"]
    assert (line.getMessage(), line.run) == ("refused: Not on a Sunday.", queued.id)


def refuse(_jobs, _run_id) -> None:
    raise EpochscopeError("Not on a Sunday.")
