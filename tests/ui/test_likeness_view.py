"""The Data page: the mean of each class, and the samples nearest to one."""

from __future__ import annotations

import pytest

from core import data
from core.errors import DatasetUnavailable
from core.experiment import Data
from tests.ui.test_tables import sidebar_for


def choose(app, **values):
    """Sets what the neighbours are of: `kind` and `place`."""
    if "kind" in values:
        box = next(box for box in app.main.selectbox if box.label == "Neighbours of")
        app = box.select(values["kind"]).run()
    if "place" in values:
        place = next(one for one in app.main.number_input if one.label.startswith("Which of"))
        app = place.set_value(values["place"]).run()
    return app


def table(app):
    return next(t.value for t in app.main.dataframe if "Distance" in t.value.columns)


def captions(app) -> str:
    return " ".join(text.value for text in app.main.caption)


def grids(app) -> list[str]:
    return [block.proto.body for block in app.main.get("html") if "<figure" in block.proto.body]


@pytest.mark.parametrize(("dataset", "shown"), [("digits", True), ("wine", False)])
def test_means_are_shown_of_images(visit, dataset, shown):
    app = sidebar_for(visit, dataset, "data")
    assert any(head.value == "Mean of each class" for head in app.header) is shown
    assert not app.exception


def test_means_say_of_how_many_images(visit):
    assert "Means of all 1,149 images trained on." in captions(sidebar_for(visit, "digits", "data"))
    many = captions(sidebar_for(visit, "fashion_mnist_10k", "data"))
    assert "Means of 5,000 of the 8,000 images trained on, drawn at random." in many


def test_neighbours_of_a_row_are_a_table_with_the_row_first(visit):
    found = table(sidebar_for(visit, "wine", "data"))
    assert list(found.columns[:4]) == ["Distance", "", "Class", "alcohol"]
    assert found["Distance"][0] == "chosen"
    distances = found["Distance"][1:].astype(float)
    assert len(distances) == 8
    assert distances.is_monotonic_increasing


def test_neighbour_of_another_class_is_marked(visit):
    found = table(sidebar_for(visit, "gaussians", "data"))
    marks = ["✓" if name == found["Class"][0] else "✗" for name in found["Class"]]
    assert list(found[""]) == marks


def test_sample_is_of_the_class_chosen(visit):
    app = choose(sidebar_for(visit, "wine", "data"), kind="Cultivar 3")
    assert table(app)["Class"][0] == "Cultivar 3"


def test_sample_is_the_one_of_the_number_chosen(visit):
    settings = Data(dataset="wine")
    row = data.choosable(settings, 0, 0)[4]
    app = choose(sidebar_for(visit, "wine", "data"), place=5)
    assert table(app)["alcohol"][0] == data.raw_data(settings, 0).x_train[row, 0]


def test_another_one_is_the_next(visit):
    app = sidebar_for(visit, "wine", "data")
    expected = table(choose(app, place=2))
    app = sidebar_for(visit, "wine", "data")
    next(button for button in app.main.button if button.label == "Another one").click().run()
    assert table(app).equals(expected)


def test_after_the_last_comes_the_first(visit):
    app = sidebar_for(visit, "wine", "data")
    place = next(one for one in app.main.number_input if one.label.startswith("Which of"))
    app = choose(app, place=int(place.max))
    next(button for button in app.main.button if button.label == "Another one").click().run()
    place = next(one for one in app.main.number_input if one.label.startswith("Which of"))
    assert place.value == 1


def test_numbers_have_no_class_to_choose(visit):
    app = sidebar_for(visit, "diabetes", "data")
    assert "Target" in table(app).columns
    assert not any(box.label == "Neighbours of" for box in app.main.selectbox)


def test_neighbours_of_an_image_are_images(visit):
    [shown] = [one for one in grids(sidebar_for(visit, "digits", "data")) if "chosen" in one]
    assert shown.count("<figure") == 9


def test_set_that_went_away_is_told_where_the_neighbours_stood(visit, monkeypatch):
    def gone(*_):
        raise DatasetUnavailable("The set is gone.")

    monkeypatch.setattr(data, "choosable", gone)
    app = sidebar_for(visit, "digits", "data")
    assert [error.value for error in app.main.error] == ["The set is gone."]
    assert not app.exception
