"""What a run has from another one, where that ended."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import RunNotFound
from core.jobs.patience import patiently
from core.jobs.results import LAST_STATE, KeptFiles
from core.records import LAST_WEIGHTS, RunRecord
from core.runs import Artifacts, RunStore
from core.runs.artifacts import Arrays

if TYPE_CHECKING:
    from core.training import Start

Tell = Callable[[str], None]
_log = logging.getLogger(__name__)


def epochs_before(record: RunRecord, store: RunStore, tell: Tell) -> int:
    """How many of a run's epochs were another one's; `tell` is told why the store is waited for."""
    parent_id = record.parent_id
    if parent_id is None:
        return 0
    return patiently(lambda: store.get(parent_id).epochs_done, tell)


def start_of(
    record: RunRecord,
    store: RunStore,
    artifacts: Artifacts,
    files: KeptFiles,
    folder: Path,
    tell: Tell,
) -> Start | Arrays | None:
    """Where a run begins that goes on where another ended; None for any other.

    It is the state the other left, and what its callbacks wrote is brought to `files`. One that an
    earlier version trained left only the weights it ended with.

    Raises:
        RunNotFound: the other has no weights.
        ResultsDamaged: what it left cannot be read.
    """
    parent_id = record.parent_id
    if parent_id is None:
        return None
    from core.training import Start, continued  # noqa: PLC0415

    try:
        state = patiently(lambda: artifacts.load(parent_id, LAST_STATE), tell)
    except RunNotFound:
        _log.info("begins with weights alone", extra={"run": record.id})
        weights = folder / LAST_WEIGHTS
        weights.write_bytes(patiently(lambda: artifacts.read_file(parent_id, LAST_WEIGHTS), tell))
        return Start(weights, epochs_before(record, store, tell))
    patiently(lambda: files.take_over(parent_id), tell)
    return continued(state)
