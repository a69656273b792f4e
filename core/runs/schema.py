"""The tables of the run database; rows of them never leave this room."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache

from sqlalchemy import JSON, BigInteger, ForeignKey, MetaData, String, false
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from core.experiment import Experiment, read
from core.records import Control, EpochRecord, RunRecord, Status

NAMING = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "ix": "ix_%(table_name)s_%(column_0_name)s",
}


class Base(DeclarativeBase):
    """Root of the tables, with constraint names that migrations can refer to."""

    metadata = MetaData(naming_convention=NAMING)


class RunRow(Base):
    """One run. Times are UTC, without a zone because SQLite keeps none."""

    __tablename__ = "runs"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    experiment: Mapped[dict[str, object]] = mapped_column(JSON)
    status: Mapped[str] = mapped_column(String(16), index=True)
    control: Mapped[str] = mapped_column(String(16), default="")
    reason: Mapped[str] = mapped_column(default="")
    evaluation: Mapped[dict[str, float | str]] = mapped_column(JSON, default=dict)
    epochs_done: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(index=True)
    heartbeat_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    parent_id: Mapped[str | None] = mapped_column(String(32))
    owner: Mapped[str] = mapped_column(String(64), index=True, default="", server_default="")
    name: Mapped[str] = mapped_column(String(80), default="", server_default="")
    private: Mapped[bool] = mapped_column(default=False, server_default=false())
    # How often the run was claimed: whoever writes must have claimed it last.
    fence: Mapped[int] = mapped_column(default=0, server_default="0")
    # The task of the cluster that claimed it last: another web process may have sent one too.
    task: Mapped[str] = mapped_column(String(64), default="", server_default="")
    restarts: Mapped[int] = mapped_column(default=0, server_default="0")
    checkpoint: Mapped[str | None] = mapped_column(String(64))
    expected: Mapped[dict[str, float]] = mapped_column(JSON, default=dict, server_default="{}")
    measured: Mapped[dict[str, float]] = mapped_column(JSON, default=dict, server_default="{}")

    def record(self) -> RunRecord:
        """This row as a frozen record.

        Raises:
            InvalidExperiment: an older version wrote settings that are no longer allowed.
        """
        return RunRecord(
            id=self.id,
            experiment=_experiment(json.dumps(self.experiment)),
            status=Status(self.status),
            created_at=_aware(self.created_at),
            reason=self.reason,
            control=Control(self.control),
            started_at=_aware(self.started_at) if self.started_at else None,
            finished_at=_aware(self.finished_at) if self.finished_at else None,
            evaluation=from_json(self.evaluation),
            epochs_done=self.epochs_done,
            parent_id=self.parent_id,
            checkpoint=self.checkpoint,
            owner=self.owner,
            name=self.name,
            private=self.private,
            expected=self.expected,
            measured=self.measured,
        )


class EpochRow(Base):
    """One epoch of one run; `epoch` counts from 0."""

    __tablename__ = "epochs"

    run_id: Mapped[str] = mapped_column(ForeignKey("runs.id"), primary_key=True)
    epoch: Mapped[int] = mapped_column(primary_key=True)
    metrics: Mapped[dict[str, float | str]] = mapped_column(JSON)
    duration_s: Mapped[float]
    learning_rate: Mapped[float]

    def record(self) -> EpochRecord:
        """This row as a frozen record."""
        return EpochRecord(self.epoch, from_json(self.metrics), self.duration_s, self.learning_rate)


class OwnDataRow(Base):
    """One visitor's claim to one dataset of their own; `key` is that of its arrays."""

    __tablename__ = "own_data"

    owner: Mapped[str] = mapped_column(String(64), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True, index=True)
    facts: Mapped[dict[str, object]] = mapped_column(JSON)
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    added_at: Mapped[datetime]
    used_at: Mapped[datetime] = mapped_column(index=True)


def now() -> datetime:
    """The time in UTC, without a zone."""
    return datetime.now(UTC).replace(tzinfo=None)


def to_json(values: Mapping[str, float]) -> dict[str, float | str]:
    """Metrics as JSON: NaN and infinities, which JSON has not, become text."""
    return {name: value if math.isfinite(value) else str(value) for name, value in values.items()}


def plain(words: str) -> str:
    """Text without the one character PostgreSQL cannot keep."""
    return words.replace("\0", "")


def from_json(values: Mapping[str, float | str]) -> dict[str, float]:
    """Metrics back from JSON."""
    return {name: float(value) for name, value in values.items()}


@lru_cache(maxsize=256)
def _experiment(settings: str) -> Experiment:
    """Checked once, though a page that follows a run reads it twice a second."""
    return read(settings)


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)
