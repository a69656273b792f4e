"""Datasets by name: how each is read or drawn, and what this process has loaded."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from threading import Lock

from core.data import (
    archived_texts,
    archives,
    bundled,
    cifar,
    fashion,
    generated,
    kept,
    text,
    unpacked,
)
from core.data.arrays import Array, RawData
from core.data.download import OnDownload, download
from core.data.published import Published
from core.data.unpacking import LARGE_BYTES, unpack_apart
from core.experiment import DATASETS, Data, DatasetCard

Loader = Callable[[DatasetCard, int, float, int], RawData]


def _stored(read: Callable[[DatasetCard], RawData]) -> Loader:
    """A loader that takes no notice of how many points, how much noise and which seed."""
    return lambda card, count, noise, seed: read(card)


LOADERS: dict[str, Loader] = {
    "fashion_mnist_10k": _stored(bundled.read),
    "fashion_mnist": _stored(fashion.read),
    "digits": _stored(bundled.read),
    **dict.fromkeys((*bundled.TABLES, "novels"), _stored(bundled.read)),
    **dict.fromkeys(archives.PUBLISHED, _stored(archives.read)),
    **dict.fromkeys(cifar.PUBLISHED, _stored(cifar.read)),
    **dict.fromkeys(archived_texts.PUBLISHED, _stored(archived_texts.read)),
    **dict.fromkeys((*generated.SHAPES, "plane"), generated.draw),
}
PUBLISHED = {
    "fashion_mnist": fashion.PUBLISHED,
    **archives.PUBLISHED,
    **cifar.PUBLISHED,
    **archived_texts.PUBLISHED,
}
_LOADING = {name: Lock() for name in LOADERS}  # so that none waits for another set


def raw_data(data: Data, seed: int) -> RawData:
    """The dataset as stored or drawn, kept for the next call; never touches the network.

    Raises:
        DatasetUnavailable: it is not on this computer (see `fetch`), or damaged.
    """
    if data.own:
        return kept.read(data)
    if data.card.generated:
        return _drawn(data.card, data.pool_count, data.noise, seed)
    with _LOADING[data.card.name]:
        return _read(data.card)


def is_local(name: str) -> bool:
    """Whether `raw_data` can do without `fetch`; takes about a millisecond."""
    published = PUBLISHED.get(name)
    return published is None or _is_unpacked(name, published) or published.source() is not None


def texts(card: DatasetCard, rows: Array) -> tuple[str, ...]:
    """Stored texts (n, tokens) as words."""
    return text.words(rows, _words(card))


def download_bytes(name: str) -> int:
    """How much `fetch` downloads where the dataset is not local."""
    return PUBLISHED[name].size_bytes


def instead_of(name: str) -> str:
    """What to do without a published set, as an advice: `choose …`."""
    return PUBLISHED[name].instead


def fetch(name: str, on_download: OnDownload | None = None) -> None:
    """Download a dataset that is not local, with Keras: only for a process that trains.

    Raises:
        DatasetUnavailable: there is no network, or nowhere to put the files.
    """
    if not is_local(name):
        download(PUBLISHED[name], on_download)


def unpack(name: str) -> None:
    """Unpack a published set in this process, for others to map.

    Raises:
        DatasetUnavailable: it is not on this computer, or damaged.
    """
    card = DATASETS[name]
    LOADERS[name](card, 0, 0.0, 0)


def forget() -> None:
    """Drop what this process has loaded."""
    _read.cache_clear()
    _drawn.cache_clear()
    _words.cache_clear()
    kept.forget()


@lru_cache(maxsize=len(DATASETS))
def _read(card: DatasetCard) -> RawData:
    published = PUBLISHED.get(card.name)
    if (
        published
        and published.here_bytes() > LARGE_BYTES
        and not _is_unpacked(card.name, published)
    ):
        unpack_apart(card.name)
    return LOADERS[card.name](card, 0, 0.0, 0)


def _is_unpacked(name: str, published: Published) -> bool:
    try:
        unpacked.mapped(DATASETS[name], published.unpacked, published.labels)
    except unpacked.UNUSABLE:
        return False
    return True


@lru_cache(maxsize=len(DATASETS))
def _words(card: DatasetCard) -> tuple[str, ...]:
    if card.name in archived_texts.PUBLISHED:
        return archived_texts.words(card)
    return bundled.words(card.name)


@lru_cache(maxsize=32)  # at most 0.4 MB each, however many visitors try seeds
def _drawn(card: DatasetCard, count: int, noise: float, seed: int) -> RawData:
    return LOADERS[card.name](card, count, noise, seed)
