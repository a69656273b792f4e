"""Texts as rows of token numbers, as Keras's IMDB and Reuters have them.

A token is a word by its rank: the most frequent word is 4, the next one 5, and so on; the numbers
below stand for what is no word.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from core.data.arrays import Array
from core.experiment import Data

PADDING, START, UNKNOWN = 0, 1, 2
BEFORE_WORDS = 3  # added to a word's rank, which counts from 1
_SHOWN = {PADDING: "", START: "", UNKNOWN: "[?]"}


def stored(texts: Iterable[Sequence[int]], length: int, vocabulary: int) -> NDArray[np.uint16]:
    """The last `length` tokens of each text, uint16 (texts, length), filled up in front.

    Tokens from `vocabulary` on become unknown. As `keras.utils.pad_sequences` does by default.
    """
    texts = list(texts)
    rows = np.full((len(texts), length), PADDING, np.uint16)
    for row, tokens in zip(rows, texts, strict=True):
        last = np.asarray(tokens[-length:], np.int64)
        row[length - len(last) :] = np.where(last < vocabulary, last, UNKNOWN)
    return rows


def shortened(rows: Array, data: Data) -> NDArray[np.int32]:
    """What the network is given of stored rows: their last tokens, rare ones as unknown. int32."""
    last = rows[:, rows.shape[1] - data.sample_shape[0] :]
    known: NDArray[np.int32] = np.where(last < data.vocabulary, last, UNKNOWN).astype(np.int32)
    return known


def lengths(rows: Array) -> NDArray[np.int64]:
    """Tokens of each text, without what fills it up, int64 (n,)."""
    counted: NDArray[np.int64] = np.count_nonzero(rows, axis=1)
    return counted


def distances(rows: Array, one: Array) -> NDArray[np.float32]:
    """How far texts (n, tokens) are from one (tokens,): 0 for the same words, 1 for none shared.

    It is 1 minus the cosine of their TF-IDF vectors, a word counting once however often it is
    there (Salton and Buckley, 1988; the frequencies are smoothed as in scikit-learn's
    `TfidfTransformer`). What is no word does not count.
    """
    texts = np.sort(np.vstack([rows, one[np.newaxis]]), axis=1)
    is_first = np.diff(texts, axis=1, prepend=-1) != 0
    is_word = is_first & (texts > BEFORE_WORDS)
    known = int(texts.max(initial=0)) + 1
    counts = np.bincount(texts[is_word], minlength=known)
    weights = np.square(np.log((1 + len(texts)) / (1 + counts)) + 1)
    weighted = np.where(is_word, weights[texts], 0.0)
    sizes = weighted.sum(axis=1)
    in_one = np.zeros(known, bool)
    in_one[one[one > BEFORE_WORDS]] = True
    shared = np.where(in_one[texts], weighted, 0.0).sum(axis=1)
    with np.errstate(invalid="ignore"):
        cosine = np.nan_to_num(shared / np.sqrt(sizes * sizes[-1]))
    apart: NDArray[np.float32] = (1 - cosine[:-1]).astype(np.float32)
    return apart


def words(rows: Array, vocabulary: Sequence[str]) -> tuple[str, ...]:
    """Each text as its words, `vocabulary` being those by rank; what is not in it as [?]."""
    return tuple(" ".join(filter(None, (_word(int(t), vocabulary) for t in row))) for row in rows)


def _word(token: int, vocabulary: Sequence[str]) -> str:
    if token in _SHOWN:
        return _SHOWN[token]
    rank = token - BEFORE_WORDS - 1
    return vocabulary[rank] if 0 <= rank < len(vocabulary) else _SHOWN[UNKNOWN]
