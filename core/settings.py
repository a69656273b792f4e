"""Where Epochscope keeps things and how much it may use, from environment variables."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from core.limits import Limits, read_limits


@dataclass(frozen=True)
class Settings:
    """`home` holds unpacked datasets and, if no URL says otherwise, run database and artifacts.

    `database_url` is SQLAlchemy's, `artifacts_url` fsspec's. `scheduler` is the address of a Dask
    scheduler that runs elsewhere; None starts workers on this computer. `secret` signs the
    visitors' cookies; without one, `home` keeps one.
    """

    home: Path
    data_dir: Path | None
    workers: int
    database_url: str = ""
    artifacts_url: str = ""
    scheduler: str | None = None
    limits: Limits = field(default_factory=Limits)
    secret: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        """Keep in `home` what has no place of its own."""
        defaults = {
            "database_url": f"sqlite:///{self.home / 'runs.sqlite3'}",
            "artifacts_url": f"file://{self.home / 'artifacts'}",
        }
        for name, url in defaults.items():
            object.__setattr__(self, name, getattr(self, name) or url)


def settings() -> Settings:
    """Read the variables `EPOCHSCOPE_HOME` and so on; the README says what each is.

    Raises:
        InvalidSetting: a limit cannot be read.
    """
    data_dir = os.environ.get("EPOCHSCOPE_DATA_DIR")
    return Settings(
        home=Path(os.environ.get("EPOCHSCOPE_HOME") or "~/.epochscope").expanduser().resolve(),
        data_dir=Path(data_dir).expanduser() if data_dir else None,
        workers=_worker_count(os.environ.get("EPOCHSCOPE_WORKERS")),
        database_url=os.environ.get("EPOCHSCOPE_DATABASE_URL", "").strip(),
        artifacts_url=os.environ.get("EPOCHSCOPE_ARTIFACTS_URL", "").strip(),
        scheduler=os.environ.get("EPOCHSCOPE_SCHEDULER", "").strip() or None,
        limits=read_limits(os.environ),
        secret=os.environ.get("EPOCHSCOPE_SECRET", "").strip(),
    )


def _worker_count(text: str | None) -> int:
    """The number asked for, else one a core but at most two: a worker takes about 0.7 GB."""
    if text and text.isdigit() and int(text) > 0:
        return int(text)
    return min(2, os.cpu_count() or 1)
