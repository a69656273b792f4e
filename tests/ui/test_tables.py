"""Tables: what the sidebar and the pages show of them, and what they do not."""

from __future__ import annotations

import pytest

from core.ui import data_tabs
from tests.ui.conftest import experiment


def labels(app) -> set[str]:
    return {box.label for box in app.sidebar.selectbox}


def sidebar_for(visit, dataset: str, page: str = "train", tab: str = "Samples"):
    """The app with a dataset chosen; on the Data page, with one of its tabs open."""
    app = visit(page)
    app.session_state[data_tabs.TABS_KEY] = tab
    next(box for box in app.sidebar.selectbox if box.label == "Dataset").select(dataset).run()
    return app


@pytest.mark.parametrize(("dataset", "shown"), [("wine", True), ("moons", True), ("digits", False)])
def test_scaling_is_offered_where_there_are_features(visit, dataset, shown):
    assert ("Scaling" in labels(sidebar_for(visit, dataset))) is shown


@pytest.mark.parametrize(("dataset", "scaling"), [("wine", "standard"), ("moons", "none")])
def test_usual_scaling_is_chosen(visit, dataset, scaling):
    app = sidebar_for(visit, dataset)
    box = next(box for box in app.sidebar.selectbox if box.label == "Scaling")
    assert box.value == scaling


def test_scaling_of_a_run_opened_by_its_address_is_in_the_sidebar(visit, add_run):
    run = add_run(experiment(data={"dataset": "wine", "scaling": "robust"}))
    app = visit("train", run=run.id)
    assert next(box for box in app.sidebar.selectbox if box.label == "Scaling").value == "robust"


def test_data_page_shows_rows_with_their_class(visit):
    table = sidebar_for(visit, "wine", "data").dataframe[0].value
    assert list(table.columns[:2]) == ["Class", "alcohol"]
    assert set(table["Class"]) == {"Cultivar 1", "Cultivar 2", "Cultivar 3"}


def test_data_page_shows_what_scaling_does(visit):
    app = sidebar_for(visit, "wine", "data", "Preparation")
    assert any("**3. Scale features**" in text.value for text in app.main.markdown)


def test_data_page_shows_correlation_of_tables_alone(visit):
    def has(dataset):
        app = sidebar_for(visit, dataset, "data", "Values")
        return any(head.value == "Correlation" for head in app.header)

    assert has("wine")
    assert not has("moons")


def test_predictions_show_rows_with_truth_and_features(visit, add_run):
    app = visit("predictions", run=add_run(experiment(data={"dataset": "iris"})).id)
    table = app.dataframe[0].value
    assert len(table) == 30
    assert {"Predicted", "True", "Confidence", "petal length"} <= set(table.columns)


def test_predictions_of_a_table_have_no_boundary(visit, add_run):
    app = visit("predictions", run=add_run(experiment(data={"dataset": "diabetes"})).id)
    assert not any("Background" in text.value for text in app.caption)
    assert not app.error


@pytest.mark.parametrize(("dataset", "shown"), [("wine", True), ("digits", True), ("plane", False)])
def test_wrong_labels_are_offered_where_there_are_classes(visit, dataset, shown):
    app = sidebar_for(visit, dataset)
    assert ("Label noise" in {slider.label for slider in app.sidebar.slider}) is shown


@pytest.fixture
def nothing_cached(tmp_path, monkeypatch):
    """Keras has downloaded nothing yet."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))


@pytest.mark.usefixtures("nothing_cached")
@pytest.mark.parametrize(
    ("dataset", "size"),
    [("mnist", "11.5 MB"), ("boston_housing", "57.0 kB"), ("california_housing", "743.5 kB")],
)
@pytest.mark.parametrize("page", ["train", "data"])
def test_set_that_is_not_here_says_how_much_it_downloads(visit, dataset, size, page):
    app = sidebar_for(visit, dataset, page)
    assert size in app.main.info[-1].value
    assert not app.error


@pytest.mark.usefixtures("nothing_cached")
def test_problem_of_a_set_stands_on_the_data_page(visit):
    assert "segregation" in sidebar_for(visit, "boston_housing", "data").warning[0].value
    assert not sidebar_for(visit, "diabetes", "data").warning


def test_duplicates_of_a_table_are_told(visit):
    shown = " ".join(text.value for text in sidebar_for(visit, "iris", "data", "Values").caption)
    assert "Value for value the same: of 96 samples trained on" in shown


def test_set_without_duplicates_says_so(visit):
    shown = " ".join(text.value for text in sidebar_for(visit, "moons", "data", "Values").caption)
    assert "No sample is there twice" in shown


def target_scaling(app) -> str | None:
    """What the sidebar says of the targets; None where it asks nothing."""
    found = (box.value for box in app.sidebar.selectbox if box.label == "Scale targets")
    return next(found, None)


@pytest.mark.parametrize(
    ("dataset", "chosen"), [("diabetes", "standard"), ("plane", "standard"), ("wine", None)]
)
def test_scaling_of_targets_is_offered_and_on_where_there_are_numbers_to_predict(
    visit, dataset, chosen
):
    assert target_scaling(sidebar_for(visit, dataset)) == chosen


def test_a_run_from_before_targets_could_be_scaled_is_opened_without(visit, add_run):
    run = add_run(experiment(data={"dataset": "diabetes"}))
    assert target_scaling(visit("train", run=run.id)) == "none"


def test_scaling_of_targets_is_on_after_a_run_on_classes(visit, add_run):
    app = visit("train", run=add_run(experiment(data={"dataset": "wine"})).id)
    next(box for box in app.sidebar.selectbox if box.label == "Dataset").select("diabetes").run()
    assert target_scaling(app) == "standard"


def test_data_page_shows_what_scaling_of_targets_does(visit):
    app = sidebar_for(visit, "diabetes", "data", "Preparation")
    assert any("Measure targets**" in text.value for text in app.main.markdown)


def test_model_page_shows_the_layer_that_scales_to_the_targets(visit):
    app = sidebar_for(visit, "diabetes", "model")
    rows = next(frame.value for frame in app.main.dataframe if "Layer" in frame.value)
    assert rows.iloc[-1]["Layer"] == "Rescaling"
    assert any("keras.layers.Rescaling(scale, offset)" in code.value for code in app.main.code)


def test_what_a_step_leaves_as_it_was_is_not_in_its_table(visit):
    app = sidebar_for(visit, "wine", "data", "Preparation")
    assert list(app.main.dataframe[2].value["Array"]) == ["x_train", "x_validation", "x_test"]
    said = [text.value for text in app.main.caption]
    assert "As before: y_train, y_validation, y_test." in said


def test_values_of_a_step_are_written_without_powers_of_ten(visit):
    app = sidebar_for(visit, "wine", "data", "Preparation")
    assert "142 × 13, float32, 0.14 to 1,680" in app.main.dataframe[0].value.iloc[0, 1]


@pytest.mark.parametrize(
    ("tab", "shown"),
    [
        ("Samples", ["Nearest neighbours"]),
        ("Values", ["Class balance", "Distribution", "Correlation", "Duplicates"]),
        ("Preparation", ["The same as code"]),
    ],
)
def test_only_the_open_tab_of_the_data_page_is_drawn(visit, tab, shown):
    app = sidebar_for(visit, "wine", "data", tab)
    assert [head.value for head in app.main.header] == shown


def test_verdict_on_numbers_compares_with_always_answering_their_mean(visit, add_run):
    # The targets' variance is 0.41 here, and the losses of these epochs end at 0.3.
    plane = experiment(data={"dataset": "plane", "noise": 0.0})
    app = visit("train", run=add_run(plane, epochs=3).id)
    said = " ".join(text.value for text in app.main.markdown)
    assert "Underfitting" in said
    assert "Always answering the mean would give 0.412" in said


def test_verdict_on_numbers_far_better_than_their_mean_is_good(visit, add_run):
    diabetes = experiment(data={"dataset": "diabetes"})
    app = visit("train", run=add_run(diabetes, epochs=3).id)
    assert any("Good fit" in text.value for text in app.main.markdown)
