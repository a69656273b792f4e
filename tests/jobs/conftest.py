"""A run store and artifacts of a test's own, for workers that run in the test's process."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.jobs.commits import Commits
from core.jobs.workplace import Places
from core.runs import Artifacts, RunStore


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(f"sqlite:///{tmp_path}/runs.sqlite3", f"file://{tmp_path}/artifacts")


@pytest.fixture
def store(places: Places) -> RunStore:
    return RunStore(places.database_url)


@pytest.fixture
def artifacts(places: Places) -> Artifacts:
    return Artifacts(places.artifacts_url)


@pytest.fixture
def trained_epochs(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The epochs that are trained from now on, in this process; from 0."""
    add, seen = Commits.add, []

    def remember(commits, epoch, take):
        seen.append(epoch.epoch)
        add(commits, epoch, take)

    monkeypatch.setattr(Commits, "add", remember)
    return seen
