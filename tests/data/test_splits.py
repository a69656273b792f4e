"""Splits: exact sizes, no overlap, classes in their shares, the same for the same seed."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.model_selection import StratifiedShuffleSplit

from core.data import RawData, raw_data, split
from core.data.registry import PUBLISHED
from core.data.splits import divide, shares
from core.experiment import DATASETS, Data

UNEVEN = np.repeat(np.arange(4), [700, 200, 90, 10])


def counts(labels: np.ndarray, rows: np.ndarray) -> list[int]:
    return np.bincount(labels[rows], minlength=labels.max() + 1).tolist()


def generator(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.mark.parametrize("count", [100, 333, 500, 801])
def test_class_counts_are_those_of_scikit_learn(count):
    chosen, rest = divide(UNEVEN, count, generator())
    reference = StratifiedShuffleSplit(1, test_size=count, random_state=0)
    train, test = next(reference.split(UNEVEN, UNEVEN))
    assert np.abs(np.subtract(counts(UNEVEN, chosen), counts(UNEVEN, test))).max() <= 1
    assert np.abs(np.subtract(counts(UNEVEN, rest), counts(UNEVEN, train))).max() <= 1


@pytest.mark.parametrize("count", [0, 1, 3, 4, 500, 996, 997, 1000])
def test_parts_have_exact_sizes_and_together_are_everything(count):
    chosen, rest = divide(UNEVEN, count, generator())
    assert len(chosen) == count
    assert sorted([*chosen, *rest]) == list(range(1000))


@pytest.mark.parametrize("count", range(4, 997, 31))
def test_every_class_is_in_both_parts_where_there_is_room(count):
    chosen, rest = divide(UNEVEN, count, generator())
    assert min(counts(UNEVEN, chosen)) >= 1
    assert min(counts(UNEVEN, rest)) >= 1


def test_shares_are_proportional_where_that_is_possible():
    assert shares(np.array([60, 30, 10]), 20).tolist() == [12, 6, 2]


def test_largest_remainder_gets_what_is_left():
    # Quotas 5.6, 2.8 and 1.6: the floors leave two, for the remainders .8 and the first .6.
    assert shares(np.array([56, 28, 16]), 10).tolist() == [6, 3, 1]


def test_class_of_one_sample_stays_where_there_is_no_room_for_two():
    assert shares(np.array([99, 1]), 50).sum() == 50
    assert shares(np.array([1, 1]), 1).sum() == 1


def test_class_without_samples_gets_none():
    assert shares(np.array([50, 0, 50]), 10).tolist() == [5, 0, 5]


def test_parts_are_mixed_and_not_sorted_by_class():
    chosen, rest = divide(UNEVEN, 500, generator())
    for part in (chosen, rest):
        assert np.count_nonzero(np.diff(UNEVEN[part])) > 100


def test_chosen_samples_are_spread_over_each_class():
    chosen, _ = divide(np.zeros(10_000, np.int64), 1000, generator())
    assert abs(chosen.mean() - 5000) < 5 * 10_000 / np.sqrt(12 * 1000)  # five standard errors


def test_numbers_are_divided_without_classes():
    chosen, rest = divide(np.linspace(0, 1, 50, dtype=np.float32)[:, None], 20, generator())
    assert len(chosen) == 20
    assert sorted([*chosen, *rest]) == list(range(50))


@pytest.mark.parametrize("name", [name for name in DATASETS if name not in PUBLISHED])
def test_split_has_the_counts_the_experiment_promises(name):
    data = Data(dataset=name, training_samples=110, validation_split=0.3)
    parts = split(raw_data(data, 3), data, 3)
    assert len(parts.train) == data.train_count
    assert len(parts.validation) == data.validation_count
    assert len({*parts.train, *parts.validation}) == 110


def test_same_seed_gives_the_same_split():
    data = Data(dataset="digits", training_samples=500)
    one, two = (split(raw_data(data, 7), data, 7) for _ in range(2))
    np.testing.assert_array_equal(one.train, two.train)
    np.testing.assert_array_equal(one.validation, two.validation)


def test_another_seed_gives_another_split():
    data = Data(dataset="digits", training_samples=500)
    one, two = (split(raw_data(data, seed), data, seed) for seed in (7, 8))
    assert set(one.train) != set(two.train)
    assert set(one.validation) != set(two.validation)


def test_no_validation_split_leaves_validation_empty():
    data = Data(dataset="digits", validation_split=0)
    parts = split(raw_data(data, 0), data, 0)
    assert len(parts.validation) == 0
    assert len(parts.train) == 1437


def test_fewest_samples_still_show_every_class_in_both_parts():
    data = Data(dataset="digits", training_samples=20, validation_split=0.5)
    raw = raw_data(data, 0)
    parts = split(raw, data, 0)
    assert counts(raw.y_train, parts.train) == [1] * 10
    assert counts(raw.y_train, parts.validation) == [1] * 10


def test_more_samples_keep_those_drawn_before():
    labels = np.arange(1000) % 10
    raw = RawData(np.zeros((1000, 2)), labels, np.zeros((0, 2)), labels[:0])
    few, many = (
        Data(dataset="digits", training_samples=count, validation_split=0) for count in (100, 400)
    )
    assert set(split(raw, few, 0).train) < set(split(raw, many, 0).train)
