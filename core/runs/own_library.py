"""`OwnLibrary`: one visitor's own data, which nobody else sees."""

from __future__ import annotations

from pathlib import Path

from core.errors import DatasetUnavailable, LimitExceeded, Problem
from core.experiment import Experiment, OwnData
from core.limits import OwnLimits
from core.runs.own_arrays import OwnArrays
from core.runs.own_rows import OwnSet
from core.runs.store import RunStore

MB = 1_000_000


class OwnLibrary:
    """One visitor's way to the data they brought; pages have no other.

    All methods raise `StoreUnavailable` as the store's do.
    """

    def __init__(self, store: RunStore, arrays: OwnArrays, visitor: str) -> None:
        self._store, self._arrays, self._visitor = store, arrays, visitor

    def all(self) -> tuple[OwnSet, ...]:
        """The visitor's sets, oldest first."""
        return self._store.own_sets(self._visitor)

    def add(self, facts: OwnData, folder: Path, size_bytes: int, allowed: OwnLimits) -> None:
        """Keep the arrays in `folder` as a set of the visitor's; one they had has this title then.

        The claim comes first: whoever removes the same data meanwhile then leaves the files, and
        of two that add at once each sees the other.

        Raises:
            LimitExceeded: it would exceed the visitor's share, or what all may have together.
        """
        had = any(one.facts.key == facts.key for one in self.all())
        self._store.add_own(self._visitor, facts, size_bytes)
        try:
            if not had:
                self._check_room(size_bytes, allowed)
            self._arrays.keep(facts.key, folder)
            if not self._arrays.has(facts.key):  # removed while they were being put there
                self._arrays.keep(facts.key, folder)
        except BaseException:
            if not had:
                self._store.forget_own(self._visitor, facts.key)
            raise

    def _check_room(self, size_bytes: int, allowed: OwnLimits) -> None:
        used = sum(one.size_bytes for one in self.all())
        if used > allowed.quota_mb * MB:
            raise _full(
                f"Own data: this set takes {_megabytes(size_bytes)} MB, and your others "
                f"{_megabytes(used - size_bytes)} MB, but together they may take "
                f"{allowed.quota_mb:,} MB. Remove one you do not need, or add fewer rows or "
                "smaller images."
            )
        if self._store.own_bytes() > allowed.total_mb * MB:
            raise _full(
                "Own data: the space for all visitors' data is used up. Try again another day, or "
                "ask whoever runs this server for EPOCHSCOPE_OWN_TOTAL_MB."
            )

    def remove(self, key: str) -> None:
        """Remove a set of the visitor's, and its files if nobody else has brought the same."""
        forget(self._store, self._arrays, self._visitor, key)


def forget(store: RunStore, arrays: OwnArrays, owner: str, key: str) -> None:
    """Take a set from its owner; the files go when nobody has it any more."""
    if store.forget_own(owner, key):
        arrays.remove(key)


def remove_unused(store: RunStore, arrays: OwnArrays, days: float) -> int:
    """Remove the sets nobody has trained on for so many days; how many there were."""
    old = store.unused_own(days)
    for owner, key in old:
        forget(store, arrays, owner, key)
    return len(old)


def claim(store: RunStore, visitor: str, experiment: Experiment) -> bool:
    """Note that own data are trained on; False if the experiment has none.

    Raises:
        DatasetUnavailable: they are not this visitor's, or not what the experiment says.
    """
    wanted = experiment.data.own
    if wanted is None:
        return False
    theirs = [one.facts for one in store.own_sets(visitor) if one.facts.key == wanted.key]
    if not any(facts.same_data(wanted) for facts in theirs):
        raise DatasetUnavailable(
            f"Dataset: {wanted.title} is not among your own data: it was removed, or somebody else "
            "brought it. Add the file on the Data page, or choose another dataset."
        )
    return store.use_own(visitor, wanted.key)


def _full(message: str) -> LimitExceeded:
    return LimitExceeded((Problem(("data", "own"), message),))


def _megabytes(size_bytes: int) -> str:
    """As exact as it takes to see which of two is larger: a limit is a whole number."""
    return f"{size_bytes / MB:,.1f}" if size_bytes % MB else f"{size_bytes // MB:,}"
