"""What a worker process has for its runs: where things are kept, and the programs it keeps."""

from __future__ import annotations

import ctypes
import gc
import logging
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from core.errors import ResultsDamaged, RunNotFound
from core.jobs.estimate import KEPT_PROGRAMS
from core.jobs.patience import patiently
from core.records import RunRecord
from core.runs import Artifacts, RunStore
from core.runs.artifacts import Arrays
from core.settings import settings

if TYPE_CHECKING:
    from core.training import Programs

_log = logging.getLogger(__name__)


class Places(NamedTuple):
    """Where the store and the artifacts are."""

    database_url: str
    artifacts_url: str


def tidy() -> None:
    """Give back what a run took: graphs refer to themselves, and glibc keeps freed memory."""
    gc.collect()
    with suppress(AttributeError, OSError, TypeError):  # another C library
        ctypes.CDLL(None).malloc_trim(0)


def snapshot_of(
    record: RunRecord, artifacts: Artifacts, tell: Callable[[str], None] = lambda _: None
) -> Arrays | None:
    """Where the run can be taken up again; None where it must begin anew, to the same bits.

    Artifacts that cannot be reached are waited for, which `tell` is told.
    """
    name = record.checkpoint
    if name is None:
        return None
    try:
        return patiently(lambda: artifacts.load(record.id, name), tell)
    except (RunNotFound, ResultsDamaged) as error:
        _log.warning("begins anew: %s", error, extra={"run": record.id})
        return None


@lru_cache(maxsize=1)
def programs() -> Programs:
    """The programs this worker process keeps, so that a second run like the first starts sooner."""
    from core.training import Programs  # noqa: PLC0415

    return Programs(KEPT_PROGRAMS)


def opened(places: Places | None) -> tuple[RunStore, Artifacts]:
    """The store and the artifacts; those of this worker's own environment without `places`."""
    if places is None:
        here = settings()
        places = Places(here.database_url, here.artifacts_url)
    url = places.database_url
    return patiently(lambda: _store(url)), Artifacts(places.artifacts_url)


@lru_cache(maxsize=4)
def _store(url: str) -> RunStore:
    """One store a worker process, kept open between runs."""
    return RunStore(url)
