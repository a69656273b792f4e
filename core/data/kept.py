"""People's own datasets on this computer: four arrays each, in the home folder, checked."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp

from core.data import unpacked
from core.data.arrays import RawData
from core.data.own import OwnFacts, content_key
from core.errors import DatasetUnavailable
from core.experiment import Data, DatasetCard, OwnData
from core.settings import settings

_PREFIX = "own-"


def is_here(own: OwnData) -> bool:
    """Whether the arrays are on this computer; takes about a millisecond."""
    try:
        unpacked.mapped(own.card, own.name)
    except unpacked.UNUSABLE:
        return False
    return True


def take(own: OwnData, fetch: Callable[[Path], None]) -> None:
    """Have the arrays here, if need be by `fetch`, which puts their files into a folder.

    They are taken only if they are what their key says.

    Raises:
        DatasetUnavailable: they are something else, or there is no room for them.
    """
    if is_here(own):
        return
    home = _home()
    try:
        home.mkdir(parents=True, exist_ok=True)
        part = Path(mkdtemp(dir=home, prefix=".own-"))
    except OSError as error:
        raise _no_room(own, error) from error
    try:
        fetch(part)
        if content_key(part, _facts(own)) != own.key:
            raise DatasetUnavailable(
                f"The arrays of {own.title} are damaged. Add the file again on the Data page."
            )
        _move(part, home / own.name)
    except OSError as error:
        raise _no_room(own, error) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    if not is_here(own):
        raise DatasetUnavailable(
            f"The arrays of {own.title} are not what was said of them. Add the file again on the "
            "Data page."
        )


def read(data: Data) -> RawData:
    """Map the arrays of an own dataset.

    Raises:
        DatasetUnavailable: they are not on this computer (see `take`).
    """
    return _mapped(data.card)


def keep_only(keys: Collection[str]) -> None:
    """Remove from this computer what has another key: its owners have removed it."""
    names = {f"{_PREFIX}{key}" for key in keys}
    for folder in _home().glob(f"{_PREFIX}*"):
        if folder.name not in names:
            shutil.rmtree(folder, ignore_errors=True)
    forget()


def forget() -> None:
    """Let go of the arrays this process has mapped."""
    _mapped.cache_clear()


@lru_cache(maxsize=16)
def _mapped(card: DatasetCard) -> RawData:
    try:
        return unpacked.mapped(card, card.name)
    except unpacked.UNUSABLE as error:
        raise DatasetUnavailable(
            f"The arrays of {card.title} are not on this computer: they were removed. Add the file "
            "again on the Data page, or choose another dataset."
        ) from error


def _move(part: Path, place: Path) -> None:
    """Give a complete folder its name; one that is there is damaged, or another process's."""
    with suppress(OSError):
        part.rename(place)
        return
    shutil.rmtree(place, ignore_errors=True)
    with suppress(FileExistsError):
        part.rename(place)


def _facts(own: OwnData) -> OwnFacts:
    return OwnFacts(
        task=own.task,
        shape=own.shape,
        classes=own.classes,
        features=own.features,
        value_range=own.value_range,
        train_size=own.train_size,
        test_size=own.test_size,
    )


def _home() -> Path:
    return settings().home / "datasets"


def _no_room(own: OwnData, error: OSError) -> DatasetUnavailable:
    return DatasetUnavailable(
        f"The arrays of {own.title} could not be put into {_home()}: {error}. Make the folder "
        "writable or free some space, then try again."
    )
