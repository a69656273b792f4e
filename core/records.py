"""What one epoch and one run look like: frozen records that every room may hold."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, MutableMapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from core.experiment import Experiment

STATE_KEY = "epochscope_runs"
# Files of a run that has ended, in Keras's formats.
LAST_WEIGHTS = "last.weights.h5"
BEST_WEIGHTS = "best.weights.h5"
MODEL = "model.keras"
NAME_LENGTH = 80


class Control(StrEnum):
    """What somebody asks of a run that is running."""

    NONE = ""
    PAUSE = "pause"
    STEP = "step"  # pause after the next epoch
    STOP = "stop"


class Status(StrEnum):
    """Where a run is in its life; the last three are final."""

    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"

    @property
    def final(self) -> bool:
        """Whether nothing more will happen to the run."""
        return self in (Status.FINISHED, Status.STOPPED, Status.FAILED)


@dataclass(frozen=True)
class EpochRecord:
    """One epoch: Keras's metric names to values, seconds it took, and the learning rate used.

    `epoch` counts from 0.
    """

    epoch: int
    metrics: Mapping[str, float]
    duration_s: float
    learning_rate: float


@dataclass(frozen=True)
class Progress:
    """How far a run is: its phase in words, and batches done of the current epoch (from 0).

    `means` are the metrics so far in this epoch, under Keras's names, where batches have been
    trained.
    """

    phase: str
    epoch: int = 0
    batch: int = 0
    batches: int = 0
    detail: str = ""
    means: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class RunRecord:
    """One run as stored. Times are UTC; `evaluation` holds test metrics once there are any.

    A run with `parent_id` goes on where that one ended, and has its epochs too. `checkpoint`
    names what it can be taken up again from. `expected` and `measured` hold seconds and bytes.
    `owner` is the visitor who started it; one of "" belongs to everybody. A private run is its
    owner's alone.
    """

    id: str
    experiment: Experiment
    status: Status
    created_at: datetime
    reason: str = ""
    control: Control = Control.NONE
    started_at: datetime | None = None
    finished_at: datetime | None = None
    evaluation: Mapping[str, float] = field(default_factory=dict)
    epochs_done: int = 0
    parent_id: str | None = None
    checkpoint: str | None = None
    owner: str = ""
    name: str = ""
    private: bool = False
    expected: Mapping[str, float] = field(default_factory=dict)
    measured: Mapping[str, float] = field(default_factory=dict)

    @property
    def stopped_early(self) -> bool:
        """Whether a callback ended the run before its last planned epoch."""
        return self.status is Status.FINISHED and self.epochs_done < self.experiment.training.epochs


def clean_name(text: str) -> str:
    """`text` as a run's name: one line without invisible characters, of at most 80."""
    one_line = " ".join(unicodedata.normalize("NFC", text[: 10 * NAME_LENGTH]).split())
    # Categories C: control, formatting (which can turn the direction of text), and unassigned.
    seen = "".join(sign for sign in one_line if unicodedata.category(sign)[0] != "C")
    return seen[:NAME_LENGTH].strip()


def push_epoch(state: MutableMapping[Any, Any], run_id: str, record: EpochRecord) -> None:
    """Put `record` under `state["epochscope_runs"][run_id]`, a dict of epoch number to record.

    An epoch that is already there is replaced, so pushing twice changes nothing.
    """
    runs = state.setdefault(STATE_KEY, {}) if hasattr(state, "setdefault") else _runs(state)
    runs.setdefault(run_id, {})[record.epoch] = record


def pushed_epochs(state: Mapping[Any, Any], run_id: str) -> tuple[EpochRecord, ...]:
    """The epochs pushed to `state` for a run, in order."""
    found = state[STATE_KEY].get(run_id, {}) if STATE_KEY in state else {}
    return tuple(found[epoch] for epoch in sorted(found))


def history(records: tuple[EpochRecord, ...]) -> dict[str, list[float]]:
    """Keras's `History.history` form: metric name to one float an epoch."""
    names = {name: None for record in records for name in record.metrics}
    return {name: [record.metrics.get(name, float("nan")) for record in records] for name in names}


def as_event(run_id: str, record: EpochRecord | Progress) -> dict[str, Any]:
    """A message for the event stream: plain types only."""
    return {"run_id": run_id, "kind": type(record).__name__, **asdict(record)}


def from_event(event: Mapping[str, Any]) -> EpochRecord | Progress:
    """The record an event carries."""
    kinds = {cls.__name__: cls for cls in (EpochRecord, Progress)}
    cls = kinds[event["kind"]]
    return cls(**{name: event[name] for name in cls.__dataclass_fields__})


def _runs(state: MutableMapping[Any, Any]) -> dict[str, Any]:
    if STATE_KEY not in state:
        state[STATE_KEY] = {}
    found: dict[str, Any] = state[STATE_KEY]
    return found
