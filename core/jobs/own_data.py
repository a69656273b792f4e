"""Own data on their way from where they are kept to the computer that needs them."""

from __future__ import annotations

import logging

from core.data import kept
from core.errors import StoreUnavailable
from core.experiment import Data
from core.runs import OwnArrays, RunStore
from core.runs.place import Place

_log = logging.getLogger(__name__)


def bring(wanted: Data, place: Place, store: RunStore) -> None:
    """Have the arrays of own data on this computer; of any other data, nothing need be done.

    What others have removed since is removed here as well.

    Raises:
        DatasetUnavailable: the data were removed, or are damaged.
        StoreUnavailable: the place where they are kept cannot be reached.
    """
    own = wanted.own
    if own is None or kept.is_here(own):
        return
    kept.take(own, lambda folder: OwnArrays(place).fetch(own.key, folder))
    sweep(store)


def sweep(store: RunStore) -> None:
    """Remove from this computer the own data that nobody has any more."""
    try:
        kept.keep_only(store.own_keys())
    except StoreUnavailable as error:
        _log.warning("own data that were removed are still here: %s", error)
