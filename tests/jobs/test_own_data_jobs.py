"""A worker fetches own data from where they are kept, checks them, and trains on them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.data import kept
from core.data.own import OwnFacts, content_key
from core.experiment import Experiment, OwnData
from core.jobs import work
from core.jobs.afterwards import evaluate_job
from core.jobs.workplace import Places
from core.limits import OwnLimits
from core.records import LAST_WEIGHTS, Status
from core.runs import Artifacts, Library, OwnArrays, OwnLibrary, RunStore
from core.settings import settings

FACTS = OwnFacts("classification", (3,), ("no", "yes"), ("a", "b", "c"), None, 80, 20)


@pytest.fixture(autouse=True)
def _quiet(monkeypatch):
    monkeypatch.setattr(work, "_send", lambda events: None)
    kept.forget()


@pytest.fixture(params=["file", "s3"])
def places(request, tmp_path) -> Places:
    url = f"file://{tmp_path}/artifacts"
    if request.param == "s3":
        url = f"s3://{request.getfixturevalue('s3').bucket()}/artifacts"
    return Places(f"sqlite:///{tmp_path}/runs.sqlite3", url)


@pytest.fixture
def own(tmp_path, places, monkeypatch) -> OwnData:
    """A set that anna has brought; this computer has not got it yet."""
    monkeypatch.setenv("EPOCHSCOPE_HOME", str(tmp_path / "worker"))
    folder = tmp_path / "made"
    folder.mkdir()
    random = np.random.default_rng(2)
    for part, count in (("train", 80), ("test", 20)):
        np.save(folder / f"x_{part}.npy", random.random((count, 3), np.float32))
        np.save(folder / f"y_{part}.npy", np.arange(count) % 2)
    facts = {name: getattr(FACTS, name) for name in FACTS.__dataclass_fields__}
    own = OwnData(key=content_key(folder, FACTS), title="Flowers", kind="table", **facts)
    anna(places).add(own, folder, 1, OwnLimits())
    return own


def anna(places: Places) -> OwnLibrary:
    return OwnLibrary(
        RunStore(places.database_url), OwnArrays(Artifacts(places.artifacts_url)), "anna"
    )


def queued(places: Places, own: OwnData) -> str:
    experiment = Experiment.model_validate(
        {"data": {"dataset": "own", "own": own}, "training": {"epochs": 1, "batch_size": 16}}
    )
    return Library(RunStore(places.database_url), "anna").create(experiment).id


def trained(places: Places, run_id: str):
    work.run_job(run_id, places)
    return RunStore(places.database_url).get(run_id)


def local_sets() -> list[Path]:
    return list((settings().home / "datasets").glob("own-*"))


def test_worker_trains_on_own_data_it_did_not_have(places, own):
    run = trained(places, queued(places, own))
    assert (run.status, run.reason) == (Status.FINISHED, "")
    assert [folder.name for folder in local_sets()] == [own.name]


def test_trained_run_is_tested_again_where_the_data_are_not(places, own):
    run = trained(places, queued(places, own))
    kept.keep_only(())
    found = evaluate_job(run.id, LAST_WEIGHTS, places)
    assert found["loss"] == pytest.approx(run.evaluation["loss"], rel=1e-6)


def test_run_whose_data_were_removed_fails_and_says_so(places, own):
    run_id = queued(places, own)
    anna(places).remove(own.key)
    run = trained(places, run_id)
    assert run.status is Status.FAILED
    assert "These data were removed" in run.reason


def test_run_on_damaged_arrays_fails_and_says_so(places, own, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    for name in ("x_train", "y_train", "x_test", "y_test"):
        np.save(other / f"{name}.npy", np.zeros(3))
    OwnArrays(Artifacts(places.artifacts_url)).keep(own.key, other)
    run = trained(places, queued(places, own))
    assert run.status is Status.FAILED
    assert "damaged" in run.reason
    assert local_sets() == []


def test_what_others_removed_is_removed_here_with_the_next_fetch(places, own):
    stale = settings().home / "datasets" / f"own-{'1' * 64}"
    stale.mkdir(parents=True)
    trained(places, queued(places, own))
    assert not stale.exists()
