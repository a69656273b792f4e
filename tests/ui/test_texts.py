"""Texts: what the pages show of them, and what they do not."""

from __future__ import annotations

import pytest

from core import data
from core.experiment import Data
from core.ui import data_tabs, preview, wording
from tests.ui.conftest import experiment
from tests.ui.test_tables import sidebar_for

TEXTS = experiment(data={"dataset": "novels"}, model={"kind": "text"})


def headings(app) -> set[str]:
    return {head.value for head in app.main.header}


def test_data_page_shows_texts_as_words_with_their_class(visit):
    table = sidebar_for(visit, "novels", "data").dataframe[0].value
    assert list(table.columns) == ["Class", "Text", "Tokens"]
    assert set(table["Class"]) == set(Data(dataset="novels").card.classes)
    whole = table[~table["Text"].str.endswith("…")]
    assert 0 < len(whole) < len(table)
    assert (whole["Text"].str.split().str.len() == whole["Tokens"] - 1).all()
    assert table["Text"].str.len().max() <= preview.TEXT_LENGTH


def test_data_page_shows_no_correlation_mean_image_or_augmentation_of_texts(visit):
    tabs = [sidebar_for(visit, "novels", "data", tab) for tab in data_tabs.TABS]
    found = set.union(*map(headings, tabs))
    assert not {"Correlation", "Mean of each class", "Augmentation"} & found
    assert "Nearest neighbours" in found


def test_data_page_shows_which_words_and_tokens_are_kept(visit):
    app = sidebar_for(visit, "novels", "data", "Preparation")
    next(box for box in app.sidebar.number_input if box.label == "Vocabulary size").set_value(100)
    next(box for box in app.sidebar.number_input if box.label == "Sequence length").set_value(30)
    app.run()
    steps = " ".join(text.value for text in app.main.markdown)
    assert "Keep the most frequent words" in steps
    assert "Keep the last tokens" in steps
    assert any("2880 × 30, int32, 0 to 99" in str(table.value) for table in app.main.dataframe)


def test_data_page_names_neighbours_by_their_words(visit):
    app = sidebar_for(visit, "novels", "data")
    assert any("words in common" in text.value for text in app.main.caption)


@pytest.mark.parametrize(
    ("label", "given"), [("Vocabulary size", 20_001), ("Sequence length", 121)]
)
def test_more_than_the_texts_have_is_explained(visit, label, given):
    app = sidebar_for(visit, "novels")
    next(box for box in app.sidebar.number_input if box.label == label).set_value(given).run()
    assert any(f"{label}: {given:,} was given" in error.value for error in app.sidebar.error)


def test_predictions_show_the_texts(visit, add_run):
    app = visit("predictions", run=add_run(TEXTS).id)
    table = app.dataframe[0].value
    assert len(table) == 600
    raw = data.raw_data(TEXTS.data, TEXTS.seed)
    first = table[table["Number"] == 0]["Text"].item()
    [whole] = data.texts(TEXTS.data.card, raw.x_test[:1])
    assert first == wording.beginning(whole, preview.TEXT_LENGTH)
    assert not app.exception


def test_run_on_texts_opened_by_its_address_fills_the_sidebar(visit, add_run):
    settings = experiment(
        data={"dataset": "novels", "vocabulary_size": 700, "sequence_length": 40},
        model={"kind": "text", "reader": "gru", "reader_units": 12},
    )
    app = visit("train", run=add_run(settings).id)
    values = {box.label: box.value for box in (*app.sidebar.number_input, *app.sidebar.selectbox)}
    assert values["Vocabulary size"] == 700
    assert values["Sequence length"] == 40
    assert values["Sequence layer"] == "gru"
    assert values["Sequence units"] == 12


def test_layers_of_a_text_network_can_be_edited_by_hand(visit):
    app = sidebar_for(visit, "novels", "model")
    next(box for box in app.sidebar.selectbox if box.label == "Model").select("custom").run()
    assert not app.exception
    assert not app.sidebar.error
