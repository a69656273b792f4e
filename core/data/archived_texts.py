"""IMDB and Reuters as Keras publishes them: lists of word numbers, and which word is which.

The lists are pickles in an `.npz` file; they are read without running anything in them.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.lib import format as npy

from core.data import text, unpacked
from core.data.arrays import Array, RawData
from core.data.arrays_only import load_pickled_arrays
from core.data.damaged import damaged
from core.data.published import Published
from core.errors import DatasetUnavailable
from core.experiment import DATASETS, DatasetCard
from core.settings import settings

KERAS_SEED = 113  # with which Keras's loaders shuffle
_UNUSABLE = (OSError, ValueError, TypeError, KeyError, EOFError, zipfile.BadZipFile, zlib.error)


def _published(name: str, sizes: tuple[int, int], hashes: tuple[str, str]) -> Published:
    files = (f"{name}.npz", f"{name}_word_index.json")
    return Published(
        title=DATASETS[name].title,
        unpacked=name,
        sizes=dict(zip(files, sizes, strict=True)),
        hashes=dict(zip(files, hashes, strict=True)),
        instead="choose Jane Austen's novels (text), which are always there",
    )


PUBLISHED: Mapping[str, Published] = MappingProxyType(
    {
        "imdb": _published(
            "imdb",
            (17_464_789, 1_641_221),
            (
                "69664113be75683a8fe16e3ed0ab59fda8886cb3cd7ada244f7d9544e4676b9f",
                "bfafd718b763782e994055a2d397834f",
            ),
        ),
        "reuters": _published(
            "reuters",
            (2_110_848, 550_378),
            (
                "d6586e694ee56d7a4e65172e12b3e987c03096cb01eab99753921ef915959916",
                "4d44cc38712099c9e383dc6e5f11a921",
            ),
        ),
    }
)


def read(card: DatasetCard) -> RawData:
    """Open the arrays, which the published files are needed for only the first time.

    Raises:
        DatasetUnavailable: the files are nowhere on this computer, or damaged.
    """
    return unpacked.shared(card, PUBLISHED[card.name].unpacked, lambda: _parsed(card))


def words(card: DatasetCard) -> tuple[str, ...]:
    """The words by rank, those that can be among the tokens; none where they are lost."""
    kept = settings().home / "datasets" / PUBLISHED[card.name].unpacked / "words.txt"
    with suppress(OSError, ValueError):
        return tuple(kept.read_text("utf-8").split("\n"))
    folder = PUBLISHED[card.name].source()
    with suppress(*_UNUSABLE):
        found = _ranked(folder / _files(card)[1], card) if folder else ()
        with suppress(OSError):
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text("\n".join(found), "utf-8")
        return found
    return ()


def _files(card: DatasetCard) -> tuple[str, ...]:
    return tuple(PUBLISHED[card.name].sizes)


def _parsed(card: DatasetCard) -> RawData:
    published = PUBLISHED[card.name]
    folder = published.source()
    if folder is None:
        raise DatasetUnavailable(published.not_here())
    path = folder / _files(card)[0]
    try:
        raw = _READERS[card.name](_arrays(path), card)
        unpacked.check(raw, card)
        words(card)  # they are wanted when the files may be gone
    except _UNUSABLE as error:
        raise damaged(path, error, published.instead) from error
    return raw


def _arrays(path: Path) -> dict[str, Any]:
    """What an `.npz` file holds; arrays of lists too."""
    with zipfile.ZipFile(path) as archive:
        return {name.removesuffix(".npy"): _array(archive, name) for name in archive.namelist()}


def _array(archive: zipfile.ZipFile, name: str) -> Any:
    with archive.open(name) as file:
        version = npy.read_magic(file)
        header = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
        _, _, dtype = header(file)
        if dtype == np.dtype(object):
            return load_pickled_arrays(file)
    with archive.open(name) as file:
        return npy.read_array(file, allow_pickle=False)


def _ranked(path: Path, card: DatasetCard) -> tuple[str, ...]:
    """The words of an index from word to rank, counted from 1, in the order of the ranks."""
    index: dict[str, int] = json.loads(path.read_text("utf-8"))
    count = card.vocabulary - text.BEFORE_WORDS - 1
    found = [""] * count
    for word, rank in index.items():
        if 1 <= rank <= count:
            found[rank - 1] = str(word).replace("\n", " ")
    return tuple(found)


def _reviews(arrays: Mapping[str, Any], card: DatasetCard) -> RawData:
    random = np.random.RandomState(KERAS_SEED)
    train = _part(arrays["x_train"], arrays["y_train"], card, random)
    return RawData(*train, *_part(arrays["x_test"], arrays["y_test"], card, random))


def _newswires(arrays: Mapping[str, Any], card: DatasetCard) -> RawData:
    """The last fifth is for testing, as in Keras's loader."""
    x, y = _part(arrays["x"], arrays["y"], card, np.random.RandomState(KERAS_SEED))
    cut = int(len(x) * (1 - 0.2))
    return RawData(x[:cut], y[:cut], x[cut:], y[cut:])


def _part(
    texts: Any, labels: Array, card: DatasetCard, random: np.random.RandomState
) -> tuple[Array, Array]:
    """Texts as stored rows, and their labels as int64, in the order of Keras's loaders."""
    order = np.arange(len(texts))
    random.shuffle(order)
    rows = text.stored(_tokens(texts, order), card.shape[0], card.vocabulary)
    return rows, np.asarray(labels)[order].astype(np.int64)


def _tokens(texts: Any, order: Sequence[int] | Array) -> Iterator[list[int]]:
    """Each text with the token that says it begins, its words' ranks moved behind the others."""
    for row in order:
        yield [text.START, *(rank + text.BEFORE_WORDS for rank in texts[row])]


_READERS: Mapping[str, Callable[[Mapping[str, Any], DatasetCard], RawData]] = {
    "imdb": _reviews,
    "reuters": _newswires,
}
