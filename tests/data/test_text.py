"""Texts as tokens equal what Keras makes of them; words come back as they were written."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics.pairwise import cosine_distances

from core import data
from core.data import text
from core.experiment import Data

TEXTS = [[1, 5, 9, 4], [1], [1, 40, 5, 6, 7, 8, 9, 10], [1, 12, 5, 40, 4]]


@pytest.mark.parametrize("length", [1, 4, 5, 20])
def test_stored_rows_are_those_keras_pads(length):
    expected = keras.utils.pad_sequences(TEXTS, length)
    np.testing.assert_array_equal(text.stored(TEXTS, length, 1000), expected)


def test_tokens_outside_the_vocabulary_are_stored_as_unknown():
    [row] = text.stored([[1, 9, 10, 11]], 4, 10)
    assert row.tolist() == [1, 9, text.UNKNOWN, text.UNKNOWN]


@pytest.mark.parametrize(("vocabulary", "length"), [(10, 3), (100, 8), (5000, 119), (10_000, 120)])
def test_network_is_given_what_keras_would_pad_and_cut(vocabulary, length):
    settings = Data(dataset="novels", vocabulary_size=vocabulary, sequence_length=length)
    raw = data.raw_data(settings, 0)
    whole = [[int(t) for t in row if t] for row in raw.x_train[:50]]
    known = [[t if t < vocabulary else text.UNKNOWN for t in tokens] for tokens in whole]
    found = text.shortened(raw.x_train[:50], settings)
    np.testing.assert_array_equal(found, keras.utils.pad_sequences(known, length))
    assert found.dtype == np.int32


def test_lengths_leave_out_what_fills_up():
    assert text.lengths(text.stored(TEXTS, 6, 1000)).tolist() == [4, 1, 6, 5]


def test_words_are_those_of_the_ranks():
    rows = text.stored([[1, 4, 5, 2, 6]], 8, 1000)
    assert text.words(rows, ("the", "cat", "sat")) == ("the cat [?] sat",)


def test_token_without_a_word_is_shown_as_unknown():
    assert text.words(np.array([[4, 9]]), ("the",)) == ("the [?]",)


def test_first_paragraph_of_emma_can_be_read():
    settings = Data(dataset="novels")
    raw = data.raw_data(settings, 0)
    found = data.texts(settings.card, raw.x_train[:1])[0]
    assert found.startswith("emma woodhouse handsome clever and rich with a comfortable home")


def test_loaded_texts_are_tokens_below_the_vocabulary():
    settings = Data(dataset="novels", vocabulary_size=500, sequence_length=40)
    samples = data.load(settings, 0)
    for x in (samples.x_train, samples.x_validation, samples.x_test):
        assert x.dtype == np.int32
        assert x.shape[1:] == (40,)
        assert 0 <= x.min() <= x.max() < 500


def test_histogram_of_texts_counts_their_lengths():
    settings = Data(dataset="novels", validation_split=0)
    [found] = data.value_histogram(settings, 0)
    lengths = np.count_nonzero(data.raw_data(settings, 0).x_train, axis=1)
    assert found.counts.sum() == len(lengths)
    assert (found.edges[0], found.edges[-1]) == (lengths.min(), lengths.max())


def test_distances_are_those_of_scikit_learns_tf_idf():
    settings = Data(dataset="novels")
    rows = data.raw_data(settings, 0).x_train[:80].astype(np.int64)
    documents = [" ".join(f"w{token}" for token in row if token > 3) for row in rows]
    vectors = TfidfVectorizer(binary=True).fit_transform(documents)
    expected = cosine_distances(vectors[:79], vectors[79:])[:, 0]
    np.testing.assert_allclose(text.distances(rows[:79], rows[79]), expected, atol=1e-6)


def test_text_without_words_is_far_from_all():
    rows = text.stored([[1, 5, 6], [1]], 4, 100)
    assert text.distances(rows, rows[1]).tolist() == [1, 1]


def test_nearest_to_a_text_are_those_with_most_words_in_common():
    settings = Data(dataset="novels")
    rows = data.choosable(settings, 0, 0)
    found = data.neighbours(settings, 0, int(rows[0]))
    raw = data.raw_data(settings, 0)
    apart = text.distances(raw.x_train[found.rows], raw.x_train[rows[0]])
    assert len(found.rows) == 8
    assert np.all(np.diff(found.distances) >= 0)
    assert apart.max() < 1
