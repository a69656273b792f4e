"""What every test stands on: no test reads or writes the home of whoever runs it."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

# Before anything imports Keras, here or in a process a test starts.
os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""


@pytest.fixture(scope="session", autouse=True)
def home_for_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A home folder for the session; tests that care about it make one of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EPOCHSCOPE_HOME", str(tmp_path_factory.mktemp("home")))
        patch.delenv("EPOCHSCOPE_DATA_DIR", raising=False)
        patch.delenv("EPOCHSCOPE_WORKERS", raising=False)
        for limit in ("PARAMETERS", "EPOCHS", "SECONDS", "MEMORY_MB", "QUEUED"):
            patch.delenv(f"EPOCHSCOPE_MAX_{limit}", raising=False)
        yield
