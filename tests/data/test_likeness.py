"""Mean images and nearest neighbours, against plain sums and scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from core import data
from core.data import likeness
from core.experiment import DATASETS, Data

WHOLE = Data(dataset="digits")
BIG = Data(dataset="fashion_mnist_10k")


def trained_on(settings: Data) -> tuple[np.ndarray, np.ndarray]:
    raw = data.raw_data(settings, 0)
    rows = data.split(raw, settings, 0).train
    return raw.x_train[rows], raw.y_train[rows]


def test_mean_image_is_that_of_the_samples_trained_on():
    images, labels = trained_on(WHOLE)
    found = data.class_means(WHOLE, 0)
    for label in range(10):
        expected = images[labels == label].astype(float).sum(axis=0) / (labels == label).sum()
        np.testing.assert_allclose(found.images[label], expected, rtol=1e-6)
    assert found.looked_at == found.total == len(images)


def test_mean_of_a_sample_says_how_many_and_takes_as_many_of_each_class(monkeypatch):
    monkeypatch.setattr(likeness, "IMAGES_AVERAGED", 100)
    found = data.class_means(BIG, 0)
    assert (found.looked_at, found.total) == (100, BIG.train_count)


def test_mean_of_a_sample_is_near_that_of_all():
    images, labels = trained_on(BIG)
    found = data.class_means(BIG, 0).images
    for label in range(10):
        exact = images[labels == label].mean(axis=0)
        spread = images[labels == label].std(axis=0).max()
        assert np.abs(found[label] - exact).max() < 6 * spread / np.sqrt(500)


@pytest.mark.parametrize("name", ["digits", "wine", "diabetes", "moons"])
@pytest.mark.parametrize("place", [0, 5])
def test_neighbours_are_those_scikit_learn_finds(name, place):
    settings = Data(dataset=name, training_samples=110)
    ready = data.load(settings, 0)
    flat = ready.x_train.reshape(len(ready.x_train), -1)
    distances, places = NearestNeighbors(n_neighbors=9).fit(flat).kneighbors(flat[[place]])
    row = int(ready.split.train[place])
    found = data.neighbours(settings, 0, row)
    np.testing.assert_allclose(found.distances, distances[0, 1:], rtol=1e-4, atol=1e-5)
    np.testing.assert_array_equal(found.rows, ready.split.train[places[0, 1:]])
    assert found.looked_at == found.total == len(flat) - 1


def test_sample_is_not_its_own_neighbour():
    row = int(data.choosable(WHOLE, 0, 3)[0])
    assert row not in data.neighbours(WHOLE, 0, row).rows


def test_neighbours_among_many_images_say_how_many_were_compared(monkeypatch):
    monkeypatch.setattr(likeness, "COMPARED", 50)
    found = data.neighbours(BIG, 0, int(data.choosable(BIG, 0, 0)[0]))
    assert (found.looked_at, found.total) == (50, BIG.train_count - 1)


def test_fewer_samples_than_asked_for_are_all_there_is():
    settings = Data(dataset="moons", training_samples=10, validation_split=0.5)
    found = data.neighbours(settings, 0, int(data.choosable(settings, 0, None)[0]))
    assert len(found.rows) == 4


@pytest.mark.parametrize("label", [0, 7, None])
def test_samples_to_choose_from_are_trained_on_and_of_the_class(label):
    raw = data.raw_data(WHOLE, 0)
    rows = data.choosable(WHOLE, 0, label)
    assert set(rows) <= set(data.split(raw, WHOLE, 0).train)
    assert label is None or set(raw.y_train[rows]) == {label}


def test_every_class_can_be_chosen():
    kinds = DATASETS["digits"].class_count
    assert sum(len(data.choosable(WHOLE, 0, label)) for label in range(kinds)) == WHOLE.train_count
