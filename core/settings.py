"""Where Epochscope keeps things and how much it may use, from environment variables."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """`home` holds the run database, artifacts, unpacked datasets, and a secret if none is set."""

    home: Path
    data_dir: Path | None
    workers: int
    secret: str = field(default="", repr=False)

    @property
    def database_url(self) -> str:
        """SQLAlchemy URL of the run store."""
        return f"sqlite:///{self.home / 'runs.sqlite3'}"

    @property
    def artifacts_url(self) -> str:
        """fsspec URL of the artifacts."""
        return f"file://{self.home / 'artifacts'}"


def settings() -> Settings:
    """Read `EPOCHSCOPE_HOME` (~/.epochscope) and the other variables that begin like it."""
    data_dir = os.environ.get("EPOCHSCOPE_DATA_DIR")
    return Settings(
        home=Path(os.environ.get("EPOCHSCOPE_HOME") or "~/.epochscope").expanduser().resolve(),
        data_dir=Path(data_dir).expanduser() if data_dir else None,
        workers=_worker_count(os.environ.get("EPOCHSCOPE_WORKERS")),
        secret=os.environ.get("EPOCHSCOPE_SECRET", "").strip(),
    )


def _worker_count(text: str | None) -> int:
    """The number asked for, else one a core but at most two: a worker takes about 0.7 GB."""
    if text and text.isdigit() and int(text) > 0:
        return int(text)
    return min(2, os.cpu_count() or 1)
