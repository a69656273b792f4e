"""A run whose data is still on its way: what it tells, and that it can be stopped and paused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core import data
from core.data import DownloadProgress
from core.experiment import Experiment
from core.jobs import work
from core.jobs.workplace import Places
from core.records import RunRecord, Status
from core.runs import RunStore

EXPERIMENT = Experiment.model_validate({"data": {"dataset": "moons"}, "training": {"epochs": 1}})


@pytest.fixture
def events(monkeypatch) -> list[dict]:
    """What the worker tells."""
    told: list[dict] = []
    monkeypatch.setattr(work, "_send", told.extend)
    return told


@pytest.fixture
def downloaded(tmp_path, monkeypatch, events) -> Callable[[Callable], RunRecord]:
    """Trains a run whose download does something halfway; what became of it."""
    places = Places(f"sqlite:///{tmp_path}/runs.sqlite3", f"file://{tmp_path}/artifacts")
    store = RunStore(places.database_url)

    def train(halfway: Callable[[RunStore, str], object]) -> RunRecord:
        run = store.create(EXPERIMENT)

        def fetch(_name: str, on_download) -> None:
            on_download(DownloadProgress("a.npz", 1, 2, 0, 8_000_000))
            halfway(store, run.id)
            on_download(DownloadProgress("a.npz", 1, 2, 4_000_000, 8_000_000))

        monkeypatch.setattr(data, "fetch", fetch)
        work.run_job(run.id, places)
        return store.get(run.id)

    return train


def test_download_that_ends_is_trained_on(downloaded):
    assert downloaded(lambda store, run_id: None).status is Status.FINISHED


def test_stop_ends_a_run_while_it_downloads(downloaded):
    run = downloaded(lambda store, run_id: store.request_stop(run_id))
    assert (run.status, run.reason) == (
        Status.STOPPED,
        "Stopped while its data was downloaded.",
    )


def test_pause_lays_a_run_down_while_it_downloads(downloaded):
    run = downloaded(lambda store, run_id: store.pause(run_id))
    assert (run.status, run.epochs_done) == (Status.PAUSED, 0)


def test_page_is_told_how_much_has_arrived(downloaded, events):
    downloaded(lambda store, run_id: None)
    assert any("a.npz: 4.0 of 8.0 MB, file 1 of 2" in str(event) for event in events)
