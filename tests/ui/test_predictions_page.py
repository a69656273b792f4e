"""The Predictions page: paging, opening a sample, and what runs without a test say."""

from __future__ import annotations

import pytest

from core.records import Status
from core.ui import predictions_view
from tests.ui.conftest import experiment


def captions(app) -> list[str]:
    return [caption.value for caption in app.main.caption]


def tab(app, title: str):
    """The page with one of its tabs open."""
    app.session_state["predictions.tab"] = title
    return app.run()


@pytest.fixture
def digits(visit, add_run):
    return visit("predictions", run=add_run(epochs=2).id)


def test_first_page_says_which_samples_it_shows(digits):
    assert "1 to 48 of 360 test samples" in captions(digits)


def test_another_page_shows_the_next_samples(digits):
    digits.session_state["predictions.page"] = 8
    assert "337 to 360 of 360 test samples" in captions(digits.run())


def test_page_that_is_not_there_shows_one_that_is(digits):
    digits.session_state["predictions.page"] = 99
    assert "1 to 48 of 360 test samples" in captions(digits.run())
    assert not digits.exception


def test_another_filter_begins_at_the_first_page(digits):
    digits.session_state["predictions.page"] = 3
    digits.run()
    next(box for box in digits.main.selectbox if box.label == "True class").select_index(2).run()
    assert any(text.startswith("1 to ") for text in captions(digits))


def test_sample_clicked_is_opened(digits, monkeypatch):
    state = {}
    monkeypatch.setattr(predictions_view.st, "session_state", state)
    predictions_view._open(17)
    monkeypatch.undo()
    for key, value in state.items():
        digits.session_state[key] = value
    digits.run()
    assert next(box.value for box in digits.main.number_input if box.label == "Sample") == 17
    assert "Click a picture for all its probabilities." not in captions(digits)


def test_one_sample_has_its_probabilities(digits):
    app = tab(digits, "One sample")
    assert len(app.get("plotly_chart")) == 1


@pytest.mark.parametrize("status", [Status.FAILED, Status.STOPPED])
@pytest.mark.parametrize("page", ["predictions", "confusion_matrix"])
def test_run_that_was_never_tested_says_so_and_is_not_to_be_trained_again(
    visit, add_run, page, status
):
    app = visit(page, run=add_run(status=status).id)
    said = " ".join(info.value for info in app.info)
    assert "ended before it was tested" in said
    assert "Train it again" not in said
    assert not app.exception


def test_page_of_numbers_is_called_what_it_shows(visit, add_run):
    app = visit("confusion_matrix", run=add_run(experiment(data={"dataset": "diabetes"})).id)
    assert [title.value for title in app.title] == ["Predicted vs true"]


def test_page_of_classes_stays_the_confusion_matrix(visit, add_run):
    app = visit("confusion_matrix", run=add_run().id)
    assert [title.value for title in app.title] == ["Confusion matrix"]
