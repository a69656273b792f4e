"""Artifacts: arrays come back as they were, nothing is pickled, nothing is seen half written."""

from __future__ import annotations

import io
import pickle
import threading
from pathlib import Path

import numpy as np
import pytest
from fsspec.implementations.local import LocalFileSystem

from core.errors import RunNotFound, StoreUnavailable
from core.runs import Artifacts

HOSTILE = ["", "..", "../x", "a/b", "/etc", "a\0b", "x" * 10_000, "é", "~"]


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "artifacts"


@pytest.fixture
def artifacts(folder) -> Artifacts:
    return Artifacts(f"file://{folder}")


@pytest.fixture(params=["file", "memory"])
def anywhere(request, folder) -> Artifacts:
    return Artifacts(f"{request.param}://{folder}")


@pytest.mark.parametrize(
    "array",
    [
        np.arange(12, dtype=np.int64).reshape(3, 4),
        np.array([[0.1, np.nan], [np.inf, -0.0]], np.float32),
        np.zeros((0, 10), np.float32),
        np.array(7),
        np.array([True, False]),
        np.array(["ä", "long text"]),
    ],
)
def test_arrays_come_back_as_they_were(anywhere, array):
    anywhere.save("run-1", "group", {"one": array, "two": np.ones(2)})
    found = anywhere.load("run-1", "group")
    assert list(found) == ["one", "two"]
    assert found["one"].dtype == array.dtype
    np.testing.assert_array_equal(found["one"], array)


def test_groups_and_runs_are_kept_apart(anywhere):
    for run_id in ("a", "b"):
        for name in ("x", "y"):
            anywhere.save(run_id, name, {"text": np.array(run_id + name)})
    assert anywhere.load("b", "x")["text"] == "bx"


def test_saving_again_replaces_the_group(anywhere):
    anywhere.save("a", "x", {"old": np.zeros(3)})
    anywhere.save("a", "x", {"new": np.ones(2)})
    assert list(anywhere.load("a", "x")) == ["new"]


def test_has_knows_what_was_saved(anywhere):
    assert not anywhere.has("a", "x")
    anywhere.save("a", "x", {})
    assert anywhere.has("a", "x")
    assert not anywhere.has("a", "y")
    assert not anywhere.has("b", "x")


def test_missing_group_says_what_to_do(anywhere):
    with pytest.raises(RunNotFound, match=r"This run has no predictions: .* Train it again"):
        anywhere.load("a", "predictions")


@pytest.mark.parametrize("run_id", HOSTILE)
def test_id_that_is_none_is_not_found(artifacts, run_id):
    assert not artifacts.has(run_id, "x")
    with pytest.raises(RunNotFound):
        artifacts.load(run_id, "x")


def test_no_id_leads_out_of_the_folder(artifacts, folder):
    artifacts.save("a", "x", {})
    np.savez(folder.parent / "secret.npz", x=np.zeros(1))
    assert not artifacts.has("..", "secret")
    with pytest.raises(RunNotFound):
        artifacts.load("..", "secret")
    with pytest.raises(RunNotFound):
        artifacts.save("..", "planted", {})
    assert not (folder.parent / "planted.npz").exists()


def test_python_objects_are_not_pickled_on_saving(artifacts):
    with pytest.raises(ValueError, match="Object arrays"):
        artifacts.save("a", "x", {"x": np.array([{}, None], dtype=object)})
    assert not artifacts.has("a", "x")


class Bomb:
    """Marks that it was unpickled."""

    went_off = False

    def __reduce__(self):
        return (_go_off, ())


def _go_off() -> None:
    Bomb.went_off = True


def planted(folder: Path, content: bytes) -> None:
    (folder / "a").mkdir(parents=True)
    (folder / "a" / "x.npz").write_bytes(content)


def test_pickle_in_an_array_file_is_not_read(artifacts, folder):
    buffer = io.BytesIO()
    np.savez(buffer, x=np.array([Bomb()], dtype=object))
    planted(folder, buffer.getvalue())
    with pytest.raises(StoreUnavailable, match="damaged"):
        artifacts.load("a", "x")
    assert not Bomb.went_off


def test_pickle_instead_of_an_array_file_is_not_read(artifacts, folder):
    planted(folder, pickle.dumps(Bomb()))
    with pytest.raises(StoreUnavailable, match="damaged"):
        artifacts.load("a", "x")
    assert not Bomb.went_off


@pytest.mark.parametrize("keep", [0, 10, 200, -1])
def test_damaged_file_is_told(artifacts, folder, keep):
    buffer = io.BytesIO()
    np.savez_compressed(buffer, x=np.arange(1000))
    planted(folder, buffer.getvalue()[:keep])
    with pytest.raises(StoreUnavailable, match="Train the run again"):
        artifacts.load("a", "x")


def test_place_that_cannot_be_written_is_told(folder):
    folder.write_text("in the way")
    with pytest.raises(StoreUnavailable, match=r"could not be written to .* free space"):
        Artifacts(f"file://{folder}").save("a", "x", {"x": np.zeros(1)})


def no_space(*_args, **_kwargs):
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("step", ["pipe_file", "mv"])
def test_file_that_could_not_be_written_whole_is_not_seen(artifacts, monkeypatch, step):
    with monkeypatch.context() as patch:
        patch.setattr(LocalFileSystem, step, no_space)
        with pytest.raises(StoreUnavailable, match="No space left on device"):
            artifacts.save("a", "x", {"x": np.zeros(1)})
    assert not artifacts.has("a", "x")


def test_file_that_could_not_be_replaced_stays_as_it_was(artifacts, monkeypatch):
    artifacts.save("a", "x", {"x": np.zeros(1)})
    with monkeypatch.context() as patch:
        patch.setattr(LocalFileSystem, "mv", no_space)
        with pytest.raises(StoreUnavailable):
            artifacts.save("a", "x", {"x": np.ones(1)})
    assert artifacts.load("a", "x")["x"] == 0


def test_reader_never_sees_a_file_half_written(artifacts):
    size = 200_000
    artifacts.save("a", "x", {"x": np.zeros(size)})
    over = threading.Event()

    def write() -> None:
        for value in range(1, 30):
            artifacts.save("a", "x", {"x": np.full(size, value)})
        over.set()

    writer = threading.Thread(target=write)
    writer.start()
    reads = 0
    while not over.is_set() or reads == 0:
        found = artifacts.load("a", "x")["x"]
        assert found.shape == (size,)
        assert found.min() == found.max()
        reads += 1
    writer.join()
