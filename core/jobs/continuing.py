"""What a run has from another one, where that ended."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from core.jobs.patience import patiently
from core.records import LAST_WEIGHTS, RunRecord
from core.runs import Artifacts, RunStore

if TYPE_CHECKING:
    from core.training import Start

Tell = Callable[[str], None]


def epochs_before(record: RunRecord, store: RunStore, tell: Tell) -> int:
    """How many of a run's epochs were another one's; `tell` is told why the store is waited for."""
    parent_id = record.parent_id
    if parent_id is None:
        return 0
    return patiently(lambda: store.get(parent_id).epochs_done, tell)


def start_of(
    record: RunRecord, store: RunStore, artifacts: Artifacts, folder: Path, tell: Tell
) -> Start | None:
    """Where the run begins that goes on where another ended; None for any other.

    Raises:
        RunNotFound: the other has no weights.
    """
    parent_id = record.parent_id
    if parent_id is None:
        return None
    from core.training import Start  # noqa: PLC0415

    weights = folder / LAST_WEIGHTS
    weights.write_bytes(patiently(lambda: artifacts.read_file(parent_id, LAST_WEIGHTS), tell))
    return Start(weights, epochs_before(record, store, tell))
