"""Artifacts: arrays come back as they were, nothing is pickled, nothing is seen half written."""

from __future__ import annotations

import io
import pickle
import threading
from pathlib import Path

import numpy as np
import pytest
from fsspec.implementations.local import LocalFileSystem

from core.errors import ResultsDamaged, RunNotFound, StoreUnavailable
from core.runs import Artifacts
from tests.runs.racing import in_threads

HOSTILE = ["", "..", "../x", "a/b", "/etc", "a\0b", "x" * 10_000, "é", "~"]


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
def test_arrays_come_back_as_they_were(artifacts, array):
    artifacts.save("run-1", "group", {"one": array, "two": np.ones(2)})
    found = artifacts.load("run-1", "group")
    assert list(found) == ["one", "two"]
    assert found["one"].dtype == array.dtype
    np.testing.assert_array_equal(found["one"], array)


def test_groups_and_runs_are_kept_apart(artifacts):
    for run_id in ("a", "b"):
        for name in ("x", "y"):
            artifacts.save(run_id, name, {"text": np.array(run_id + name)})
    assert artifacts.load("b", "x")["text"] == "bx"


def test_saving_again_replaces_the_group(artifacts):
    artifacts.save("a", "x", {"old": np.zeros(3)})
    artifacts.save("a", "x", {"new": np.ones(2)})
    assert list(artifacts.load("a", "x")) == ["new"]


def test_has_knows_what_was_saved(artifacts):
    assert not artifacts.has("a", "x")
    artifacts.save("a", "x", {})
    assert artifacts.has("a", "x")
    assert not artifacts.has("a", "y")
    assert not artifacts.has("b", "x")


def test_missing_group_says_what_to_do(artifacts):
    with pytest.raises(RunNotFound, match=r"This run has no predictions: .* Pick another run"):
        artifacts.load("a", "predictions")


@pytest.mark.parametrize("run_id", HOSTILE)
def test_id_that_is_none_is_not_found(artifacts, run_id):
    assert not artifacts.has(run_id, "x")
    with pytest.raises(RunNotFound):
        artifacts.load(run_id, "x")


def test_no_id_leads_out_of_the_folder(on_disk, folder):
    on_disk.save("a", "x", {})
    np.savez(folder.parent / "secret.npz", x=np.zeros(1))
    assert not on_disk.has("..", "secret")
    with pytest.raises(RunNotFound):
        on_disk.load("..", "secret")
    with pytest.raises(RunNotFound):
        on_disk.save("..", "planted", {})
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


def test_pickle_in_an_array_file_is_not_read(on_disk, folder):
    buffer = io.BytesIO()
    np.savez(buffer, x=np.array([Bomb()], dtype=object))
    planted(folder, buffer.getvalue())
    with pytest.raises(ResultsDamaged, match="damaged"):
        on_disk.load("a", "x")
    assert not Bomb.went_off


def test_pickle_instead_of_an_array_file_is_not_read(on_disk, folder):
    planted(folder, pickle.dumps(Bomb()))
    with pytest.raises(ResultsDamaged, match="damaged"):
        on_disk.load("a", "x")
    assert not Bomb.went_off


@pytest.mark.parametrize("keep", [0, 10, 200, -1])
def test_damaged_file_is_told(on_disk, folder, keep):
    buffer = io.BytesIO()
    np.savez_compressed(buffer, x=np.arange(1000))
    planted(folder, buffer.getvalue()[:keep])
    with pytest.raises(ResultsDamaged, match="Train the run again"):
        on_disk.load("a", "x")


def test_place_that_cannot_be_written_is_told(folder):
    folder.write_text("in the way")
    with pytest.raises(StoreUnavailable, match="The place where results are kept") as caught:
        Artifacts(f"file://{folder}").save("a", "x", {"x": np.zeros(1)})
    assert str(folder) not in str(caught.value)
    assert str(folder) in caught.value.cause


def no_space(*_args, **_kwargs):
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("step", ["pipe_file", "mv"])
def test_file_that_could_not_be_written_whole_is_not_seen(on_disk, monkeypatch, step):
    with monkeypatch.context() as patch:
        patch.setattr(LocalFileSystem, step, no_space)
        with pytest.raises(StoreUnavailable, match="has no room left"):
            on_disk.save("a", "x", {"x": np.zeros(1)})
    assert not on_disk.has("a", "x")


def test_file_that_could_not_be_replaced_stays_as_it_was(on_disk, monkeypatch):
    on_disk.save("a", "x", {"x": np.zeros(1)})
    with monkeypatch.context() as patch:
        patch.setattr(LocalFileSystem, "mv", no_space)
        with pytest.raises(StoreUnavailable):
            on_disk.save("a", "x", {"x": np.ones(1)})
    assert on_disk.load("a", "x")["x"] == 0


def test_half_a_file_does_not_take_space_for_ever(on_disk, folder, monkeypatch):
    monkeypatch.setattr(LocalFileSystem, "mv", no_space)
    with pytest.raises(StoreUnavailable):
        on_disk.save("a", "x", {"x": np.zeros(1)})
    assert list((folder / "a").iterdir()) == []


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


def test_two_that_write_the_same_file_at_once_leave_one_of_theirs_whole(artifacts):
    # A worker that was given up, but does not know it yet, and the one that took its place.
    def write(value: int) -> None:
        for _ in range(10):
            artifacts.save("a", "x", {"x": np.full(50_000, value)})

    in_threads(lambda: write(1), lambda: write(2))
    found = artifacts.load("a", "x")["x"]
    assert found.min() == found.max()
