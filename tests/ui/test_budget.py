"""What the app says of time, memory, limits and the queue, and what it must not say."""

from __future__ import annotations

import pytest

from core.experiment import Experiment
from core.records import EpochRecord, Status
from core.runs import Library
from core.ui import budget

EXPECTED = {"seconds": 12.0, "bytes": 8e8, "epoch_seconds": 1.0, "around_seconds": 2.0}
MEASURED = {
    "seconds": 11.4,
    "epochs": 10.0,
    "setup_seconds": 0.4,
    "trace_seconds": 1.0,
    "epoch_seconds": 0.9,
    "end_seconds": 1.0,
    "peak_bytes": 7e8,
    "base_bytes": 6e8,
}


def digits(epochs: int = 10, **parts) -> Experiment:
    return Experiment.model_validate(
        {"data": {"dataset": "digits"}, "training": {"epochs": epochs}, **parts}
    )


def ended(store, status=Status.FINISHED, expected=EXPECTED, measured=MEASURED, **parts):
    run = store.create(digits(**parts), expected=expected)
    lease = store.claim(run.id)
    lease.add_epoch(EpochRecord(0, {"loss": 1.0, "accuracy": 0.5}, 1.0, 0.001))
    evaluation = {"loss": 0.4, "accuracy": 0.9} if status is Status.FINISHED else {}
    lease.settle(status, "", evaluation, measured)
    return store.get(run.id)


def captions(part) -> list[str]:
    return [found.value for found in part.caption]


def estimate_line(app):
    return [found for found in app.sidebar.caption if "bout " in found.value]


def texts(app) -> str:
    kinds = (app.markdown, app.caption, app.info, app.warning, app.error, app.success)
    return " ".join(str(element.value) for kind in kinds for element in kind)


def train_button(app):
    return next(button for button in app.sidebar.button if button.label == "Train")


def press_train(app):
    return train_button(app).click().run()


def complaints(app) -> str:
    return " ".join(found.value for found in app.sidebar.error)


def put(app, label, value):
    return next(w for w in app.sidebar.number_input if w.label == label).set_value(value).run()


def progress_text(app) -> str:
    return " ".join(element.proto.text for element in app.main.get("progress"))


def test_estimate_stands_in_the_sidebar_before_the_first_run(visit):
    (line,) = estimate_line(visit())
    assert line.value.startswith("About ")
    assert " · " in line.value
    assert line.value.endswith(("GB", "MB"))
    assert "nothing has been trained here yet" in line.help


def test_estimate_is_that_of_the_run_measured_before(visit, store):
    ended(store)
    app = visit()
    app.sidebar.selectbox(key="form.data.dataset").set_value("digits").run()
    put(app, "Units", 64)
    (other,) = estimate_line(app)
    assert "From one run of other networks here" in other.help
    app = visit("train", run=store.recent()[0].id)  # the sidebar as that run had it
    (same,) = estimate_line(app)
    # Of 1 s of tracing 0.35 s remain: 0.4 + 0.35 + 10 · 0.9 + 1 s.
    assert same.value == "About 11 s · 0.7 GB"
    assert "one run of this network here" in same.help


def test_estimate_follows_the_epochs(visit, store):
    app = visit("train", run=ended(store).id)
    (line,) = estimate_line(put(app, "Epochs", 100))
    assert line.value == "About 1 min 32 s · 0.7 GB"


def test_early_stopping_is_at_most(visit, store):
    run = ended(store, callbacks={"early_stopping": {"monitor": "val_loss"}})
    (line,) = estimate_line(visit("train", run=run.id))
    assert line.value.startswith("At most about ")


def test_settings_that_cannot_be_trained_have_no_estimate(visit):
    assert estimate_line(put(visit(), "Epochs", 0)) == []


def test_run_is_stored_with_its_visitor_and_what_is_expected(visit, store):
    one, other = press_train(visit()), press_train(visit())
    runs = store.recent()
    assert len({run.owner for run in runs}) == 2
    assert all(run.owner for run in runs)
    for run in runs:
        assert set(run.expected) == {"seconds", "bytes", "epoch_seconds", "around_seconds"}
        assert run.expected["seconds"] > 0
    assert not one.exception
    assert not other.exception


def test_waiting_run_says_its_place_and_when(visit, store):
    training = store.create(digits(), owner="a", expected=EXPECTED)
    store.claim(training.id)
    second = store.create(digits(), owner="b", expected=EXPECTED)
    third = store.create(digits(), owner="c", expected=EXPECTED)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EPOCHSCOPE_WORKERS", "1")
        assert progress_text(visit("train", run=second.id)) == "Place 1 in the queue · about 12 s"
        assert progress_text(visit("train", run=third.id)) == "Place 2 in the queue · about 24 s"


def test_place_moves_on_as_others_end(visit, store, monkeypatch):
    monkeypatch.setenv("EPOCHSCOPE_WORKERS", "1")
    first = store.create(digits(), owner="a", expected=EXPECTED)
    lease = store.claim(first.id)
    run = store.create(digits(), owner="b", expected=EXPECTED)
    app = visit("train", run=run.id)
    assert "about 12 s" in progress_text(app)
    lease.settle(Status.FINISHED)
    budget._places.clear()  # half a second later
    assert progress_text(app.run()) == "Place 1 in the queue · starts in a moment"


def test_run_that_trains_says_nothing_of_the_queue(visit, store):
    run = store.create(digits(), expected=EXPECTED)
    store.claim(run.id)
    assert "queue" not in progress_text(visit("train", run=run.id))


def test_finished_run_shows_what_it_took_beside_what_was_expected(visit, store):
    app = visit("train", run=ended(store, epochs=1).id)
    assert "Took 11 s (expected 12 s) · 0.7 GB (expected 0.8 GB)" in captions(app.main)


def test_run_that_stopped_early_was_expected_at_most_so_long(visit, store):
    app = visit("train", run=ended(store).id)  # one epoch of ten
    assert "(expected at most 12 s)" in texts(app)


@pytest.mark.parametrize("status", [Status.STOPPED, Status.FAILED])
def test_run_that_was_cut_short_is_not_compared(visit, store, status):
    shown = texts(visit("train", run=ended(store, status).id))
    assert "Took 11 s · 0.7 GB" in shown
    assert "expected" not in shown


@pytest.mark.parametrize(("expected", "measured"), [(EXPECTED, {}), ({}, {})])
def test_run_that_measured_nothing_says_nothing(visit, store, expected, measured):
    assert "Took" not in texts(
        visit("train", run=ended(store, expected=expected, measured=measured).id)
    )


def test_run_nobody_estimated_shows_only_what_it_took(visit, store):
    app = visit("train", run=ended(store, expected={}).id)
    assert "Took 11 s · 0.7 GB" in captions(app.main)


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("PARAMETERS", "1000", "at most 1,000 can be trained here"),
        ("EPOCHS", "5", "10 were given, but at most 5"),
        ("SECONDS", "1", "at most 1 s are allowed"),
        ("MEMORY_MB", "100", "at most 100 MB are allowed"),
    ],
)
def test_limit_is_explained_and_train_disabled(visit, monkeypatch, variable, value, words):
    monkeypatch.setenv(f"EPOCHSCOPE_MAX_{variable}", value)
    app = visit()
    assert words in complaints(app)
    assert len(app.sidebar.error) == 1
    assert train_button(app).disabled
    assert not app.exception


def test_epochs_within_the_limit_can_be_trained(visit, monkeypatch, store):
    monkeypatch.setenv("EPOCHSCOPE_MAX_EPOCHS", "5")
    app = put(visit(), "Epochs", 5)
    assert not app.sidebar.error
    press_train(app)
    assert len(store.recent()) == 1


def test_queued_runs_of_one_visitor_are_limited_and_of_another_not(visit, store, monkeypatch):
    monkeypatch.setenv("EPOCHSCOPE_MAX_QUEUED", "1")
    app = press_train(visit())
    assert "1 of yours is waiting" in complaints(app)
    assert train_button(app).disabled
    assert not train_button(visit()).disabled
    store.cancel(store.recent()[0].id)
    app.run()
    assert not train_button(app).disabled
    assert not app.sidebar.error


def test_limits_hold_where_there_is_no_button_to_disable(visit, store, monkeypatch):
    monkeypatch.setenv("EPOCHSCOPE_MAX_QUEUED", "2")
    app = visit("compare")
    next(b for b in app.button if b.label.startswith("Train underfit")).click().run()
    assert len(store.recent()) == 2
    assert "at most 2 at a time" in texts(app)
    assert not app.exception


def test_run_of_another_tab_counts_that_was_made_since_the_page_looked(visit, store, monkeypatch):
    monkeypatch.setenv("EPOCHSCOPE_MAX_QUEUED", "1")
    monkeypatch.setattr(Library, "queue_problem", lambda *_: None)  # there was none yet
    app = press_train(visit())
    press_train(put(app, "Units", 64))
    assert len(store.recent()) == 1
    assert "1 of yours is waiting or training, but at most 1 at a time can be" in texts(app)
    assert not app.exception


def test_malformed_limit_is_explained_on_the_page(visit, monkeypatch):
    monkeypatch.setenv("EPOCHSCOPE_MAX_EPOCHS", "many")
    app = visit()
    assert not app.exception
    assert "EPOCHSCOPE_MAX_EPOCHS: 'many' was given" in " ".join(e.value for e in app.error)


def test_without_limits_nothing_is_said_of_them(visit):
    app = visit()
    assert not app.sidebar.error
    assert "allowed here" not in texts(app)
