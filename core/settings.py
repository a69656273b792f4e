"""Where Epochscope keeps things and how much it may use, from environment variables."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from core.errors import InvalidSetting
from core.limits import Limits, OwnLimits, read_count, read_limits, read_own_limits

_PREFIX = "EPOCHSCOPE_"
_SITE = re.compile(r"\*|https?://(\*\.)?[\w.-]+(:\d+)?")
NICEST = 19  # of a process, see nice(1)


@dataclass(frozen=True)
class Settings:
    """`home` holds unpacked datasets and, if no URL says otherwise, run database and artifacts.

    `database_url` is SQLAlchemy's, `artifacts_url` fsspec's. `scheduler` is the address of a Dask
    scheduler that runs elsewhere; None starts workers on this computer. `niceness` is how far they
    stand back for others, from 0 to 19. `memory_mb` is the memory that Epochscope may take here;
    None is the container's or the computer's. `secret` signs the visitors' cookies; without one,
    `home` keeps one. `embedders` are sites that may show pages in a frame, between spaces;
    `metrics` opens Streamlit's figures of the server to everybody.
    """

    home: Path
    data_dir: Path | None
    workers: int
    database_url: str = field(default="", repr=False)  # it may hold a password
    artifacts_url: str = ""
    scheduler: str | None = None
    niceness: int = NICEST
    memory_mb: int | None = None
    limits: Limits = field(default_factory=Limits)
    own: OwnLimits = field(default_factory=OwnLimits)
    secret: str = field(default="", repr=False)
    embedders: str = ""
    metrics: bool = False

    def __post_init__(self) -> None:
        """Keep in `home` what has no place of its own."""
        defaults = {
            "database_url": f"sqlite:///{self.home / 'runs.sqlite3'}",
            "artifacts_url": f"file://{self.home / 'artifacts'}",
        }
        for name, url in defaults.items():
            object.__setattr__(self, name, getattr(self, name) or url)

    @property
    def runs_at_once(self) -> int:
        """How many runs share this computer's memory: one for each of the workers started here.

        Workers of a scheduler elsewhere have computers of their own: each is told of one.
        """
        return self.workers if self.scheduler is None else 1


def settings() -> Settings:
    """Read the variables `EPOCHSCOPE_HOME` and so on; the README says what each is.

    Raises:
        InvalidSetting: a limit cannot be read.
    """
    ours = (name for name in os.environ if name.startswith(_PREFIX) or name == "HOME")
    return _read(tuple((name, os.environ[name].strip()) for name in sorted(ours)))


@lru_cache(maxsize=8)
def _read(variables: tuple[tuple[str, str], ...]) -> Settings:
    """Settings of an environment; kept, since every redraw of a live part asks for them."""
    given = dict(variables)
    data_dir = given.get(_PREFIX + "DATA_DIR")
    return Settings(
        home=Path(given.get(_PREFIX + "HOME") or "~/.epochscope").expanduser().resolve(),
        data_dir=Path(data_dir).expanduser() if data_dir else None,
        workers=_worker_count(given.get(_PREFIX + "WORKERS")),
        database_url=given.get(_PREFIX + "DATABASE_URL", ""),
        artifacts_url=given.get(_PREFIX + "ARTIFACTS_URL", ""),
        scheduler=given.get(_PREFIX + "SCHEDULER") or None,
        niceness=_niceness(given.get(_PREFIX + "NICENESS") or str(NICEST)),
        memory_mb=read_count(_PREFIX + "MEMORY_MB", given),
        limits=read_limits(given),
        own=read_own_limits(given),
        secret=given.get(_PREFIX + "SECRET", ""),
        embedders=_sites(given.get(_PREFIX + "EMBED_IN", "")),
        metrics=_is_on("METRICS", given),
    )


def _niceness(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) <= NICEST:
        return int(text)
    raise InvalidSetting(
        f"{_PREFIX}NICENESS: {text[:40]!r} was given, but it must be a whole number from 0 to "
        f"{NICEST}. Correct it, or leave it out, then start Epochscope again."
    )


def _sites(text: str) -> str:
    """Sites as a Content-Security-Policy has them: `https://school.example`, `*`."""
    sites = text.replace(",", " ").split()
    wrong = [site for site in sites if not _SITE.fullmatch(site)]
    if wrong:
        raise InvalidSetting(
            f"{_PREFIX}EMBED_IN: {wrong[0][:40]!r} was given, but each site must be like "
            "https://school.example or https://*.school.example; * is every site. Correct it, or "
            "leave it out, then start Epochscope again."
        )
    return " ".join(sites)


def _is_on(name: str, given: Mapping[str, str]) -> bool:
    text = given.get(_PREFIX + name, "0")
    if text not in ("", "0", "1"):
        raise InvalidSetting(
            f"{_PREFIX}{name}: {text[:40]!r} was given, but it must be 1 or 0. Correct it, or "
            "leave it out, then start Epochscope again."
        )
    return text == "1"


def _worker_count(text: str | None) -> int:
    """The number asked for, else one a core but at most two: a worker takes about 0.7 GB."""
    if text and text.isdigit() and int(text) > 0:
        return int(text)
    return min(2, os.cpu_count() or 1)
