"""Samples that are there twice, against counting by comparing each with each."""

from __future__ import annotations

import numpy as np
import pytest

from core import data
from core.data import registry
from core.data.repeats import Duplicates, duplicates
from core.experiment import DATASETS, Data

SMALL = [name for name in DATASETS if name not in registry.PUBLISHED and "fashion" not in name]


def by_comparing(settings: Data, seed: int) -> Duplicates:
    raw = data.raw_data(settings, seed)
    parts = data.split(raw, settings, seed)
    train = raw.x_train[parts.train].reshape(len(parts.train), -1)

    def known(sample: np.ndarray, among: np.ndarray) -> bool:
        return bool((among == sample.ravel()).all(axis=1).any())

    return Duplicates(
        repeated=sum(known(train[row], train[:row]) for row in range(1, len(train))),
        validation=sum(known(sample, train) for sample in raw.x_train[parts.validation]),
        test=sum(known(sample, train) for sample in raw.x_test),
    )


@pytest.mark.parametrize("name", SMALL)
def test_counts_are_those_of_comparing_each_with_each(name):
    settings = Data(dataset=name, training_samples=100)
    assert duplicates(settings, 2) == by_comparing(settings, 2)


def with_copies(monkeypatch) -> Data:
    """Digits, of which three training samples are one, and a test sample is a training sample."""
    settings = Data(dataset="digits", validation_split=0)
    raw = data.raw_data(settings, 0)
    x_train, x_test = raw.x_train.copy(), raw.x_test.copy()
    x_train[[5, 9]] = x_train[3]
    x_test[7] = x_train[100]
    copied = data.RawData(x_train, raw.y_train, x_test, raw.y_test)
    monkeypatch.setattr("core.data.repeats.raw_data", lambda *_: copied)
    return settings


def test_copies_are_counted_once_each(monkeypatch):
    assert duplicates(with_copies(monkeypatch), 0) == Duplicates(repeated=2, validation=0, test=1)


def test_held_back_copy_is_told_apart_from_a_repeated_one(monkeypatch):
    settings = Data(dataset="iris", validation_split=0.5)
    raw = data.raw_data(settings, 0)
    same = np.repeat(raw.x_train[:1], len(raw.x_train), axis=0)
    monkeypatch.setattr(
        "core.data.repeats.raw_data",
        lambda *_: data.RawData(same, raw.y_train, raw.x_test, raw.y_test),
    )
    found = duplicates(settings, 0)
    assert (found.repeated, found.validation) == (59, 60)


def test_nothing_twice_is_nothing_to_tell():
    assert not Duplicates(0, 0, 0)
    assert Duplicates(0, 0, 1)


def test_images_that_differ_in_one_pixel_are_not_the_same(monkeypatch):
    settings = Data(dataset="fashion_mnist_10k", training_samples=784, validation_split=0)
    raw = data.raw_data(settings, 0)
    images = np.zeros_like(raw.x_train)
    images.reshape(len(images), -1)[np.arange(784), np.arange(784)] = 1
    rows = data.split(raw, settings, 0).train
    shown = raw.x_train.copy()
    shown[rows] = images[:784]
    changed = data.RawData(shown, raw.y_train, raw.x_test, raw.y_test)
    monkeypatch.setattr("core.data.repeats.raw_data", lambda *_: changed)
    assert duplicates(settings, 0).repeated == 0
