"""A finished run's files, its second test, and going on from it."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.errors import WorkersUnavailable
from core.records import LAST_WEIGHTS, Status
from core.runs import Artifacts
from core.settings import settings
from core.ui import actions, platform
from tests.ui.conftest import TIMEOUT_S
from tests.ui.test_pages import texts


@pytest.fixture
def kept(add_run, tmp_path):
    """A finished run of three epochs, with a file of weights."""

    def keep(**how):
        run = add_run(**how)
        (tmp_path / LAST_WEIGHTS).write_bytes(b"weights")
        Artifacts(settings().artifacts_url).save_file(run.id, LAST_WEIGHTS, tmp_path / LAST_WEIGHTS)
        return run

    return keep


def files_of_newest_run():
    from core.ui import model_files, platform

    run = platform.store().recent()[0]
    model_files.show_files(run, platform.store().epochs(run.id))


@pytest.fixture
def files(kept):
    """The files of a new run, on a page of their own."""

    def draw(**how):
        kept(**how)
        return AppTest.from_function(files_of_newest_run).run(timeout=TIMEOUT_S)

    return draw


def button(app, label):
    return next((found for found in app.main.button if found.label == label), None)


def test_run_with_weights_goes_on_as_a_new_run(visit, store, kept):
    run = kept()
    app = visit(run=run.id)
    button(app, "Continue").click().run()
    child = store.recent()[0]
    assert (child.parent_id, child.status, child.epochs_done) == (run.id, Status.QUEUED, 3)
    assert child.experiment.training.epochs == 13
    assert app.query_params["run"] == child.id


@pytest.mark.parametrize(
    ("seconds_apart_at_most", "runs"),
    [(60.0, 2), (0.0, 3)],
    ids=["a double click makes one run", "pressed again later makes another"],
)
def test_continue_pressed_twice(visit, store, kept, monkeypatch, seconds_apart_at_most, runs):
    monkeypatch.setattr(actions, "DOUBLE_CLICK_S", seconds_apart_at_most)
    run = kept()
    app = visit(run=run.id)
    button(app, "Continue").click().run()
    again = visit(run=run.id)
    again.session_state[actions._LAST] = app.session_state[actions._LAST]
    button(again, "Continue").click().run()
    assert len(store.recent()) == runs


def test_run_without_weights_does_not_offer_to_go_on(visit, add_run):
    assert button(visit(run=add_run().id), "Continue") is None


@pytest.mark.parametrize("status", [None, Status.FAILED])
def test_run_that_has_not_ended_well_does_not_offer_to_go_on(visit, add_run, status):
    assert button(visit(run=add_run(status=status).id), "Continue") is None


def test_more_epochs_than_allowed_are_refused_in_words(visit, store, kept):
    app = visit(run=kept().id)
    next(found for found in app.main.number_input if found.label == "Continue for").set_value(1000)
    app.run()
    button(app, "Continue").click().run()
    assert "Epochs: 1003 was given, but it must be" in texts(app)
    assert len(store.recent()) == 1


def test_second_test_with_equal_numbers_says_so(files):
    app = files()
    button(app, "Test again").click().run()
    assert "Equal to the last bit." in texts(app)


def test_second_test_with_other_numbers_does_not_claim_they_are_equal(files, monkeypatch):
    monkeypatch.setattr(platform.Jobs, "tested_again", {"loss": 0.5})
    app = files()
    button(app, "Test again").click().run()
    assert "Not equal to the last bit" in texts(app)


def test_second_test_of_a_run_that_was_never_tested_does_not_compare(files):
    app = files(status=Status.STOPPED)
    button(app, "Test again").click().run()
    assert "nothing to compare with" in texts(app)


def test_second_test_while_all_are_busy_says_what_to_do(files, monkeypatch):
    def busy(*_):
        raise WorkersUnavailable("All training processes are busy.")

    monkeypatch.setattr(platform.Jobs, "evaluate", busy)
    app = files()
    button(app, "Test again").click().run()
    assert "All training processes are busy." in texts(app)
    assert not app.exception


def test_second_test_is_that_of_the_visitor_who_asks(files, monkeypatch):
    asked = []
    monkeypatch.setattr(platform.Jobs, "evaluate", lambda _, *given: asked.append(given) or {})
    for _ in range(2):
        button(files(), "Test again").click().run()
    (_, _, one, _), (_, _, other, _) = asked
    assert one
    assert other
    assert one != other


def test_run_without_files_says_why(visit, add_run):
    app = visit("history", run=add_run().id)
    assert "ended before its model could be kept" in texts(app)
    assert button(app, "Test again") is None
