"""A run's files are damaged, or another run's: whoever wants them reads what is damaged."""

from __future__ import annotations

import shutil
from concurrent.futures import Future
from pathlib import Path

import pytest

from core.errors import EpochscopeError, ResultsDamaged, TrainingError
from core.jobs import LAST_STATE, work
from core.jobs.afterwards import evaluate_job
from core.jobs.retests import Retests
from core.jobs.workplace import Places
from core.records import LAST_WEIGHTS, Status
from core.runs import Artifacts, RunStore
from core.training import evaluate, save_model, train
from core.training.saving import unpack_tensorboard
from tests.training.small import small

EXPERIMENT = small(epochs=2)
SPOILED = {
    "empty": lambda content: b"",
    "cut short": lambda content: content[: len(content) // 2],
    "without its end": lambda content: content[:-64],
    "no such file": lambda content: b"not a file of weights\n" * 40,
    "zeros within": lambda content: content[:600] + bytes(len(content) - 600),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("saved")
    list(save_model(train(EXPERIMENT), folder))
    return folder


@pytest.mark.parametrize("how", SPOILED)
def test_damaged_weights_are_told_when_they_are_tested_again(folder, tmp_path, how):
    file = tmp_path / LAST_WEIGHTS
    file.write_bytes(SPOILED[how]((folder / LAST_WEIGHTS).read_bytes()))
    with pytest.raises(ResultsDamaged, match="is damaged, or of another network"):
        evaluate(EXPERIMENT, file)


@pytest.mark.parametrize(
    "model", [{"kind": "mlp", "units": 3}, {"kind": "mlp", "hidden_layers": 4}]
)
def test_weights_of_another_network_are_told(folder, tmp_path, model):
    other = EXPERIMENT.model_validate({**EXPERIMENT.model_dump(), "model": model})
    file = shutil.copy(folder / LAST_WEIGHTS, tmp_path)
    with pytest.raises(ResultsDamaged, match="of another network"):
        evaluate(other, Path(file))


@pytest.fixture
def places(tmp_path, monkeypatch) -> Places:
    monkeypatch.setattr(work, "_send", lambda events: None)
    return Places(f"sqlite:///{tmp_path}/runs.sqlite3", f"file://{tmp_path}/files")


@pytest.fixture
def parent(places) -> str:
    store = RunStore(places.database_url)
    run_id = store.create(EXPERIMENT).id
    work.run_job(run_id, places)
    store.close()
    return run_id


def spoil(places: Places, run_id: str, name: str) -> None:
    [path] = Path(places.artifacts_url.removeprefix("file://")).rglob(f"{run_id}/**/{name}")
    path.write_bytes(path.read_bytes()[:100])


def test_test_of_damaged_weights_says_so_and_not_that_workers_went_away(places, parent):
    spoil(places, parent, LAST_WEIGHTS)
    with pytest.raises(ResultsDamaged, match=LAST_WEIGHTS):
        evaluate_job(parent, LAST_WEIGHTS, places)


@pytest.mark.parametrize("with_state", [True, False])
def test_run_that_goes_on_from_damaged_files_fails_and_says_why(places, parent, with_state):
    store = RunStore(places.database_url)
    if with_state:
        spoil(places, parent, f"{LAST_STATE}.npz")
    else:  # as an earlier version left it
        Artifacts(places.artifacts_url).remove(parent, LAST_STATE)
        spoil(places, parent, LAST_WEIGHTS)
    child = store.continue_from(parent, small(epochs=3))
    work.run_job(child.id, places)
    found = store.get(child.id)
    store.close()
    assert found.status is Status.FAILED
    assert "damaged" in found.reason
    assert "Train the run again" in found.reason
    assert "defect" not in found.reason
    assert places.artifacts_url.removeprefix("file://") not in found.reason


def test_archive_of_logs_that_is_damaged_is_told(tmp_path):
    with pytest.raises(ResultsDamaged, match="tensorboard"):
        unpack_tensorboard(b"PK\x03\x04 cut short", tmp_path / "logs")


def failed(error: Exception) -> Future:
    task: Future = Future()
    task.set_exception(error)
    return task


def test_error_within_a_test_is_not_taken_for_workers_that_went_away():
    with pytest.raises(TrainingError, match=r"unexpected error \(OSError\)") as caught:
        Retests().run("me", lambda: failed(OSError("/home/somebody/x is gone")), 1.0)
    assert "somebody" not in str(caught.value)


def test_words_for_visitors_come_through_from_a_worker():
    error = ResultsDamaged("The file is damaged. Train again.")
    with pytest.raises(EpochscopeError, match=r"The file is damaged\. Train again\."):
        Retests().run("me", lambda: failed(error), 1.0)
