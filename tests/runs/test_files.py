"""Files of a run come back byte for byte, and no name leads to any other file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from fsspec.implementations.local import LocalFileSystem

from core.errors import RunNotFound, StoreUnavailable
from core.runs import Artifacts

CONTENT = bytes(range(256)) * 40
HOSTILE = [
    *("", ".", "..", "../x", "a/b", "/etc/passwd", ".hidden", "a\0b", "a\\b", "a b", "a\n"),
    *("x" * 100, "é", "~", "*", "file://x"),
]


@pytest.fixture
def source(tmp_path) -> Path:
    path = tmp_path / "source.bin"
    path.write_bytes(CONTENT)
    return path


def test_file_comes_back_as_it_was(artifacts, source):
    artifacts.save_file("run-1", "model.keras", source)
    assert artifacts.read_file("run-1", "model.keras") == CONTENT


def test_saving_a_file_leaves_its_source(artifacts, source):
    artifacts.save_file("run-1", "model.keras", source)
    assert source.read_bytes() == CONTENT


def test_saving_again_replaces_the_file(artifacts, source):
    artifacts.save_file("run-1", "x", source)
    source.write_bytes(b"other")
    artifacts.save_file("run-1", "x", source)
    assert artifacts.read_file("run-1", "x") == b"other"
    assert artifacts.files("run-1") == {"x": 5}


def test_files_are_listed_by_name_with_their_sizes(artifacts, source):
    for name in ("model.keras", "epochs.csv", "epoch-0001.weights.h5"):
        artifacts.save_file("run-1", name, source)
    found = artifacts.files("run-1")
    assert list(found) == ["epoch-0001.weights.h5", "epochs.csv", "model.keras"]
    assert set(found.values()) == {len(CONTENT)}


def test_files_of_runs_are_kept_apart(artifacts, source):
    artifacts.save_file("a", "x", source)
    assert artifacts.files("b") == {}
    assert not artifacts.has_file("b", "x")


def test_files_and_groups_of_arrays_are_kept_apart(artifacts, source):
    artifacts.save("a", "group", {})
    artifacts.save_file("a", "file.npz", source)
    assert list(artifacts.files("a")) == ["file.npz"]
    assert not artifacts.has("a", "file")
    assert not artifacts.has_file("a", "group.npz")


def test_has_file_knows_what_was_saved(artifacts, source):
    assert not artifacts.has_file("a", "x")
    artifacts.save_file("a", "x", source)
    assert artifacts.has_file("a", "x")
    assert not artifacts.has_file("a", "y")


def test_missing_file_says_what_to_do(artifacts):
    with pytest.raises(RunNotFound, match=r"no file model\.keras.* Train it again"):
        artifacts.read_file("a", "model.keras")


@pytest.mark.parametrize("name", ["a", "A-b_c.D9", "x" * 64, "epoch-0001.keras"])
def test_plain_names_are_taken(artifacts, source, name):
    artifacts.save_file("a", name, source)
    assert artifacts.read_file("a", name) == CONTENT


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_name_is_not_read(on_disk, name):
    with pytest.raises(RunNotFound):
        on_disk.read_file("a", name)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_name_is_not_written(on_disk, source, folder, name):
    with pytest.raises(RunNotFound):
        on_disk.save_file("a", name, source)
    assert not folder.exists()


def test_run_has_no_file_of_a_hostile_name(on_disk):
    assert [name for name in HOSTILE if on_disk.has_file("a", name)] == []


@pytest.mark.parametrize("run_id", ["", "..", "../a", "a/b", "a\0", "x" * 100])
def test_hostile_id_has_no_files(on_disk, source, run_id):
    assert not on_disk.has_file(run_id, "x")
    for action in (
        lambda: on_disk.files(run_id),
        lambda: on_disk.read_file(run_id, "x"),
        lambda: on_disk.save_file(run_id, "x", source),
    ):
        with pytest.raises(RunNotFound):
            action()


def test_name_that_is_none_is_told_shortened(on_disk):
    with pytest.raises(RunNotFound) as caught:
        on_disk.read_file("a", "/" * 10_000)
    assert len(str(caught.value)) < 200


def no_space(*_args, **_kwargs):
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("step", ["put_file", "mv"])
def test_file_that_could_not_be_written_whole_is_not_seen(on_disk, source, monkeypatch, step):
    with monkeypatch.context() as patch:
        patch.setattr(LocalFileSystem, step, no_space)
        with pytest.raises(StoreUnavailable, match="has no room left"):
            on_disk.save_file("a", "x", source)
    assert not on_disk.has_file("a", "x")
    assert on_disk.files("a") == {}


def test_place_that_cannot_be_written_is_told(folder, source):
    folder.write_text("in the way")
    with pytest.raises(StoreUnavailable, match="The place where results are kept"):
        Artifacts(f"file://{folder}").save_file("a", "x", source)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_file_that_may_not_be_read_is_told(on_disk, source, folder):
    on_disk.save_file("a", "x", source)
    (folder / "a" / "files" / "x").chmod(0)
    with pytest.raises(StoreUnavailable, match="cannot be read"):
        on_disk.read_file("a", "x")
