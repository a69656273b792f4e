"""The app under Streamlit's AppTest, with a store of its own and nobody to train."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.data import reach
from core.experiment import Experiment
from core.records import EpochRecord, RunRecord, Status
from core.runs import Artifacts, RunStore
from core.settings import settings
from core.ui import platform, sidebar
from tests.predicted import predict

ROOT = Path(__file__).parents[2]
TIMEOUT_S = 120  # a busy computer is slow, not wrong


class IdleJobs:
    """Stands in for the worker processes: takes runs and never trains them."""

    state = "ready"
    problem = None
    tested_again: ClassVar[dict[str, float]] = {}

    def __init__(self, store: RunStore, *_: object) -> None:
        self.store = store
        self.submitted: list[str] = []

    def submit(self, run_id: str) -> None:
        self.submitted.append(run_id)

    def pause(self, run_id: str) -> None:
        self.store.pause(run_id)

    def resume(self, run_id: str, *, step: bool = False) -> None:
        self.store.resume(run_id, step=step, most=settings().limits.queued)

    def stop(self, run_id: str) -> None:
        self.store.request_stop(run_id)

    def workers(self) -> tuple[()]:
        return ()

    def slots(self) -> int:
        return settings().workers

    def evaluate(
        self, run_id: str, weights: str, visitor: str, timeout_s: float
    ) -> dict[str, float]:
        return {**self.store.get(run_id).evaluation, **self.tested_again}

    def close(self) -> None:
        pass


@pytest.fixture(scope="package", autouse=True)
def _old_garbage_is_left_alone() -> Iterator[None]:
    """Streamlit collects garbage after every script: not through what other tests left."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture(autouse=True)
def _main_module_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit puts its script in the main module's place: other tests start processes of it."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("EPOCHSCOPE_HOME", str(tmp_path))
    monkeypatch.setattr(platform, "Jobs", IdleJobs)
    monkeypatch.setattr(reach, "connects", lambda url: True)
    monkeypatch.setattr(reach, "REACH", reach.Reach())
    platform.end()
    st.cache_resource.clear()
    st.cache_data.clear()
    yield tmp_path
    platform.end()


@pytest.fixture
def store() -> RunStore:
    return RunStore(settings().database_url)


@pytest.fixture
def visit() -> Callable[..., AppTest]:
    """Opens a page of the app as a new visitor, with parameters in the URL."""

    def open_page(page: str = "train", **url: str) -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=TIMEOUT_S)
        for name, value in url.items():
            app.query_params[name] = value
        app.run()
        return app.switch_page(f"pages/{page}.py").run() if page != "train" else app

    return open_page


@pytest.fixture
def visit_open(visit: Callable[..., AppTest]) -> Callable[..., AppTest]:
    """Opens a page, and the parts of the sidebar that are closed at first."""

    def open_page(page: str = "train", **url: str) -> AppTest:
        app = visit(page, **url)
        for title in ("Augmentation", "Callbacks", "Expert"):
            app.session_state[sidebar.section_key(title)] = True
        return app.run()

    return open_page


def experiment(**parts: object) -> Experiment:
    return Experiment.model_validate({"data": {"dataset": "digits"}, **parts})


def epoch_record(epoch: int, **metrics: float) -> EpochRecord:
    values = {"loss": 1 / (epoch + 1), "accuracy": 0.5 + epoch / 100}
    held_out = {f"val_{name}": value * 0.9 for name, value in values.items()}
    return EpochRecord(epoch, {**values, **held_out, **metrics}, 0.1, 0.001)


@pytest.fixture
def add_run(store: RunStore) -> Callable[..., RunRecord]:
    """Puts a run in the store: with some epochs, and with a final status and predictions."""

    def add(
        settings_: Experiment | None = None,
        epochs: int = 3,
        status: Status | None = Status.FINISHED,
        **whose: object,
    ) -> RunRecord:
        run = store.create(settings_ or experiment(), **whose)
        lease = store.claim(run.id)
        assert lease is not None
        for number in range(epochs):
            lease.add_epoch(epoch_record(number))
        if status is Status.FINISHED:
            predict(run, Artifacts(settings().artifacts_url))
            lease.settle(status, evaluation={"loss": 0.4, "accuracy": 0.9, "mae": 0.1})
        elif status:
            lease.settle(status, "The reason it ended.")
        return store.get(run.id)

    return add
