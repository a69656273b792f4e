"""What every test stands on: no test reads or writes the home of whoever runs it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.postgresql import Server
    from tests.s3 import Storage

# Before anything imports Keras, here or in a process a test starts.
os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""


@pytest.fixture(scope="session", autouse=True)
def home_for_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A home folder for the session; tests that care about it make one of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EPOCHSCOPE_HOME", str(tmp_path_factory.mktemp("home")))
        for name in (
            "DATA_DIR",
            "WORKERS",
            "DATABASE_URL",
            "ARTIFACTS_URL",
            "SCHEDULER",
            "MEMORY_MB",
        ):
            patch.delenv(f"EPOCHSCOPE_{name}", raising=False)
        for limit in ("PARAMETERS", "EPOCHS", "SECONDS", "MEMORY_MB", "QUEUED"):
            patch.delenv(f"EPOCHSCOPE_MAX_{limit}", raising=False)
        for limit in ("UPLOAD_MB", "QUOTA_MB", "TOTAL_MB", "DAYS"):
            patch.delenv(f"EPOCHSCOPE_OWN_{limit}", raising=False)
        # Else a page that shows a run takes the cores from the worker that it waits for.
        patch.setenv("EPOCHSCOPE_NICENESS", "0")
        yield


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A PostgreSQL server for all tests of the session."""
    from tests import postgresql

    with postgresql.running() as server:
        yield server


@pytest.fixture(scope="session")
def s3() -> Iterator[Storage]:
    """An S3-compatible storage for all tests of the session."""
    from tests import s3

    with s3.running() as storage:
        yield storage
