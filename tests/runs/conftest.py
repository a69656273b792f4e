"""Each database and each kind of storage, empty, for the tests that hold on all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from core.runs import Artifacts, RunStore, controls, lease
from core.runs import store as store_module


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request, tmp_path) -> Iterator[str]:
    """The URL of a database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'home' / 'runs.sqlite3'}"
        return
    with request.getfixturevalue("postgresql").schema() as url:
        yield url


@pytest.fixture
def store(database_url) -> Iterator[RunStore]:
    """An empty store."""
    opened = RunStore(database_url)
    yield opened
    opened.close()


@pytest.fixture
def clock(monkeypatch) -> Callable[[float], None]:
    """The store's clock stands still until it is told to go on by some seconds."""
    moment = [datetime(2026, 1, 1, 12)]

    def go_on(seconds: float) -> None:
        moment[0] += timedelta(seconds=seconds)

    for module in (store_module, controls, lease):
        monkeypatch.setattr(module, "now", lambda: moment[0])
    return go_on


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "artifacts"


@pytest.fixture
def on_disk(folder) -> Artifacts:
    return Artifacts(f"file://{folder}")


@pytest.fixture
def on_s3(s3) -> Artifacts:
    return Artifacts(f"s3://{s3.bucket()}/artifacts")


@pytest.fixture(params=["file", "memory", "s3"])
def artifacts(request, folder) -> Artifacts:
    """Artifacts in a place that is empty."""
    if request.param == "s3":
        return request.getfixturevalue("on_s3")
    return Artifacts(f"{request.param}://{folder}")
