"""Every page, with and without runs: what is there, and that nothing breaks."""

from __future__ import annotations

import pytest

from core.records import Status
from core.ui import preview
from tests.ui.conftest import experiment

PAGES = ("train", "data", "model", "history", "confusion_matrix", "predictions", "compare", "runs")
TITLES = ("Train", "Data", "Model", "History", "Confusion matrix", "Predictions", "Compare", "Runs")
DATASETS = (
    "fashion_mnist_10k",
    "digits",
    "moons",
    "gaussians",
    "plane",
    "wine",
    "breast_cancer",
    "diabetes",
    "novels",
)


def texts(app):
    """Everything a visitor can read that is not a widget."""
    kinds = (app.markdown, app.caption, app.info, app.warning, app.error, app.success)
    return " ".join(str(element.value) for kind in kinds for element in kind)


@pytest.mark.parametrize(("page", "title"), list(zip(PAGES, TITLES, strict=True)))
def test_page_opens_without_any_run(visit, page, title):
    app = visit(page)
    assert [found.value for found in app.title] == [title]
    assert not app.exception
    assert not app.error


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("dataset", DATASETS)
def test_page_shows_a_finished_run_of_every_kind_of_data(visit, add_run, page, dataset):
    run = add_run(experiment(data={"dataset": dataset}))
    app = visit(page, run=run.id)
    assert not app.exception
    assert not app.error


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("status", [None, Status.FAILED, Status.STOPPED])
def test_page_shows_a_run_that_has_no_results(visit, add_run, page, status):
    run = add_run(status=status)
    app = visit(page, run=run.id)
    assert not app.exception


@pytest.mark.parametrize("page", PAGES)
def test_page_shows_a_run_without_any_epoch(visit, add_run, page):
    run = add_run(epochs=0, status=None)
    assert not visit(page, run=run.id).exception


@pytest.mark.parametrize("page", ["history", "confusion_matrix", "predictions"])
def test_result_page_without_a_run_says_what_to_do(visit, page):
    app = visit(page)
    assert "press **Train**" in app.info[0].value


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("run_id", ["unknown", "../../etc/passwd", "<b>x</b>", "x" * 5000])
def test_unknown_run_in_the_url_is_explained_and_the_page_goes_on(visit, page, run_id):
    app = visit(page, run=run_id)
    assert not app.exception
    assert [found.value for found in app.title]
    if page in ("train", "history", "confusion_matrix", "predictions"):
        assert "There is no run" in app.error[0].value


def test_what_a_link_calls_a_run_is_not_repeated(visit):
    app = visit("train", run="![](//example.org/x)[Sign in](//example.org)")
    assert "example.org" not in texts(app) + app.error[0].value


def test_first_visit_says_what_to_do(visit):
    assert "Press **Train** in the sidebar" in texts(visit("train"))


@pytest.mark.parametrize(
    ("tab", "shown"), [("Data", "markdown"), ("Layers", "dataframe"), ("Keras code", "code")]
)
def test_first_visit_shows_in_each_tab_what_the_sidebar_says(visit, tab, shown):
    app = visit("train")
    app.session_state[preview.TABS_KEY] = tab
    app.run()
    assert getattr(app.main, shown)


def test_keras_code_is_that_of_the_sidebar(visit):
    app = visit("train")
    app.session_state[preview.TABS_KEY] = "Keras code"
    assert "keras.layers.Dense(128" in app.run().code[0].value


def test_failed_run_says_why(visit, add_run):
    run = add_run(status=Status.FAILED)
    assert "The reason it ended." in texts(visit("train", run=run.id))


def test_finished_run_shows_its_test_result(visit, add_run):
    app = visit("train", run=add_run().id)
    assert "**324 right**, accuracy **90.0 %**" in app.info[0].value


def test_history_offers_every_metric_and_starts_with_the_loss(visit, add_run):
    app = visit("history", run=add_run().id)
    metric = next(box for box in app.selectbox if box.label == "Metric")
    assert metric.options == ["Loss", "Accuracy"]
    assert metric.value == "loss"


def test_results_keep_the_runs_own_settings_when_the_sidebar_changes(visit, add_run):
    run = add_run(experiment(data={"dataset": "digits"}))
    app = visit("confusion_matrix", run=run.id)
    next(b for b in app.sidebar.selectbox if b.label == "Dataset").set_value("moons").run()
    classes = app.dataframe[0].value["Class"].tolist()
    assert classes == [*"0123456789", "Macro average"]


def test_run_still_training_promises_its_results(visit, add_run):
    app = visit("confusion_matrix", run=add_run(status=None).id)
    assert "has not ended" in app.info[0].value


def test_stopped_run_without_predictions_says_so(visit, add_run):
    app = visit("predictions", run=add_run(status=Status.STOPPED).id)
    assert "there are no predictions of it" in app.info[0].value
    assert not app.error


def test_choosing_another_run_shows_it(visit, add_run):
    first, second = add_run(epochs=2), add_run(epochs=4)
    app = visit("history", run=first.id)
    assert len(app.dataframe[0].value) == 2
    next(box for box in app.selectbox if box.label == "Run").set_value(second.id).run()
    assert len(app.dataframe[0].value) == 4


def test_compare_starts_the_three_lessons(visit, store):
    app = visit("compare")
    next(b for b in app.button if b.label.startswith("Train underfit")).click().run()
    names = sorted(run.experiment.model.name for run in store.recent())
    assert names == ["good-fit", "overfit", "underfit"]
    assert not app.exception
