"""Charts for whoever does not see them: a sentence with each, and its numbers as a table."""

from __future__ import annotations

import json

import pytest

from core.ui import charts, data_tabs
from tests.ui.conftest import experiment

HOSTILE = ("=1+1", "<b>bold</b>")


def sentences(app) -> list[str]:
    """Those of Streamlit's charts, and of those that are drawn in place while a run goes on."""
    live = (json.loads(part.proto.json) for part in app.get("bidi_component"))
    drawn_in_place = [data["words"] for data in live if "figure" in data]
    return drawn_in_place + [chart.proto.alt for chart in app.get("plotly_chart")]


def open_tables(app):
    """Open the table of each chart on the page."""
    for part in app.main.expander:
        if part.label == "Numbers as a table":
            app.session_state[part.key] = True
    return app.run()


@pytest.mark.parametrize(
    ("page", "beginnings"),
    [
        (
            "train",
            [
                "Epoch 3 of 10. Loss: training from 1.00 in epoch 1",
                "Epoch 3 of 10. Accuracy: training from 50.0 % in epoch 1",
            ],
        ),
        ("history", ["Loss by epoch: training from 1.00 in epoch 1", "Learning rate: 0.001 in"]),
        ("confusion_matrix", ["Confusion matrix of 10 classes: "]),
        ("model", ["Layers from input 8 × 8 × 1 to output 10: "]),
    ],
)
def test_every_chart_of_a_page_has_its_sentence(visit, add_run, page, beginnings):
    found = sentences(visit(page, run=add_run(epochs=3).id))
    assert len(found) == len(beginnings)
    for sentence, beginning in zip(found, beginnings, strict=True):
        assert sentence.startswith(beginning)


@pytest.mark.parametrize("dataset", ["moons", "diabetes", "plane"])
@pytest.mark.parametrize("page", ["confusion_matrix", "predictions"])
def test_charts_of_points_and_numbers_have_a_sentence(visit, add_run, dataset, page):
    found = sentences(visit(page, run=add_run(experiment(data={"dataset": dataset})).id))
    assert found
    assert all(found)


@pytest.mark.parametrize("tab", ["Samples", "Values"])
def test_charts_of_the_data_page_have_a_sentence(visit, tab):
    app = visit("data")
    app.session_state[data_tabs.TABS_KEY] = tab
    next(box for box in app.sidebar.selectbox if box.label == "Dataset").select("moons").run()
    assert all(sentences(app))


def test_table_is_drawn_when_it_is_opened(visit, add_run):
    app = visit("confusion_matrix", run=add_run().id)
    before = len(app.dataframe)
    app = open_tables(app)
    assert len(app.dataframe) == before + 1
    table = app.dataframe[0].value
    assert list(table.columns) == ["True class", *(f"Predicted {digit}" for digit in range(10))]


def test_sentence_stands_over_the_open_table(visit, add_run):
    app = visit("confusion_matrix", run=add_run().id)
    [sentence] = sentences(app)
    words = [text.value for text in open_tables(app).caption]
    assert charts.wording.inert(sentence) in words
