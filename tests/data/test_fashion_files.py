"""Fashion-MNIST on this computer: where it is looked for, unpacked once, mapped by everyone."""

from __future__ import annotations

import resource
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from core.data import fashion, is_local, raw_data
from core.errors import DatasetUnavailable
from core.experiment import Data

FULL = Data(dataset="fashion_mnist")
TRAIN_IMAGES = "train-images-idx3-ubyte.gz"


@pytest.fixture
def keras_cache(tmp_path: Path) -> Path:
    return tmp_path / "keras" / "datasets" / "fashion-mnist"


@pytest.fixture
def unpacked(home: Path) -> Path:
    return home / "datasets" / "fashion_mnist"


def refusal(card) -> str:
    with pytest.raises(DatasetUnavailable) as caught:
        fashion.read(card)
    return str(caught.value)


@contextmanager
def disk_that_fills_up_after(size_bytes: int):
    """The system refuses to let any file of this process grow beyond the size."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("place", ["", "fashion-mnist"])
def test_files_are_found_in_the_data_folder(place, small_card, published, tmp_path, monkeypatch):
    monkeypatch.setenv("EPOCHSCOPE_DATA_DIR", str(tmp_path / "mine"))
    arrays = published(tmp_path / "mine" / place)
    np.testing.assert_array_equal(fashion.read(small_card).y_train, arrays["y_train"])


def test_files_are_found_in_the_folder_of_debian(small_card, published):
    arrays = published(fashion.DEBIAN)
    np.testing.assert_array_equal(fashion.read(small_card).y_train, arrays["y_train"])


def test_files_are_found_in_the_cache_of_keras(small_card, published, keras_cache):
    arrays = published(keras_cache)
    np.testing.assert_array_equal(fashion.read(small_card).y_train, arrays["y_train"])


def test_the_data_folder_comes_before_all_others(published, tmp_path, monkeypatch):
    monkeypatch.setenv("EPOCHSCOPE_DATA_DIR", str(tmp_path / "mine"))
    published(tmp_path / "mine")
    published(fashion.DEBIAN)
    assert fashion.PUBLISHED.source() == tmp_path / "mine"


def test_a_folder_that_lacks_a_file_is_passed_over(published, keras_cache):
    published(fashion.DEBIAN)
    (fashion.DEBIAN / TRAIN_IMAGES).unlink()
    published(keras_cache)
    assert fashion.PUBLISHED.source() == keras_cache


def test_images_get_a_channel_and_labels_become_int64(small_card, published):
    arrays = published(fashion.DEBIAN)
    raw = fashion.read(small_card)
    np.testing.assert_array_equal(raw.x_train, arrays["x_train"].reshape(60, 28, 28, 1))
    np.testing.assert_array_equal(raw.x_test, arrays["x_test"].reshape(20, 28, 28, 1))
    assert raw.x_train.dtype == np.uint8
    assert raw.y_test.dtype == np.int64


def test_arrays_are_memory_mapped(small_card, published, unpacked):
    published(fashion.DEBIAN)
    raw = fashion.read(small_card)
    assert isinstance(raw.x_train, np.memmap)
    assert Path(raw.x_train.filename) == unpacked / "x_train.npy"


def test_published_files_are_not_needed_once_unpacked(small_card, published):
    arrays = published(fashion.DEBIAN)
    fashion.read(small_card)
    for file in fashion.DEBIAN.iterdir():
        file.unlink()
    np.testing.assert_array_equal(fashion.read(small_card).y_test, arrays["y_test"])
    assert is_local("fashion_mnist")


@pytest.mark.parametrize("content", [b"", b"\x93NUMPY\x01\x00 no array", b"\x80\x04K\x01."])
def test_unusable_unpacked_array_is_unpacked_again(content, small_card, published, unpacked):
    arrays = published(fashion.DEBIAN)
    fashion.read(small_card)
    (unpacked / "x_train.npy").write_bytes(content)
    np.testing.assert_array_equal(fashion.read(small_card).x_train[..., 0], arrays["x_train"])


def test_unpacked_array_cut_short_is_unpacked_again(small_card, published, unpacked):
    arrays = published(fashion.DEBIAN)
    fashion.read(small_card)
    file = unpacked / "x_train.npy"
    file.write_bytes(file.read_bytes()[:-1])
    np.testing.assert_array_equal(fashion.read(small_card).x_train[..., 0], arrays["x_train"])


def test_unpacked_array_of_another_shape_is_unpacked_again(small_card, published, unpacked):
    published(fashion.DEBIAN)
    fashion.read(small_card)
    np.save(unpacked / "x_train.npy", np.zeros(3, np.uint8))
    assert fashion.read(small_card).x_train.shape == (60, 28, 28, 1)


def test_mapped_arrays_stay_as_they_are_when_another_process_unpacks_again(
    small_card, published, write_idx, unpacked
):
    arrays = published(fashion.DEBIAN)
    mapped = fashion.read(small_card)
    write_idx(fashion.DEBIAN / TRAIN_IMAGES, 255 - arrays["x_train"])
    (unpacked / "y_test.npy").unlink()
    assert not np.array_equal(fashion.read(small_card).x_train, mapped.x_train)
    np.testing.assert_array_equal(mapped.x_train[..., 0], arrays["x_train"])


def test_many_may_unpack_at_the_same_time(small_card, published, unpacked):
    arrays = published(fashion.DEBIAN)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(fashion.read, [small_card] * 32))
    assert all(np.array_equal(raw.x_train[..., 0], arrays["x_train"]) for raw in found)
    assert sorted(file.name for file in unpacked.iterdir()) == [
        "x_test.npy",
        "x_train.npy",
        "y_test.npy",
        "y_train.npy",
    ]


def test_full_disk_means_arrays_in_memory(small_card, published):
    arrays = published(fashion.DEBIAN)
    with disk_that_fills_up_after(20_000):
        raw = fashion.read(small_card)
    np.testing.assert_array_equal(raw.x_train[..., 0], arrays["x_train"])
    assert not isinstance(raw.x_train, np.memmap)


def test_full_disk_leaves_no_partial_file(small_card, published, unpacked):
    published(fashion.DEBIAN)
    with disk_that_fills_up_after(20_000):
        fashion.read(small_card)
    assert list(unpacked.iterdir()) == []


def test_home_that_cannot_be_made_means_arrays_in_memory(small_card, published, home):
    arrays = published(fashion.DEBIAN)
    home.write_text("a file where the folder should be")
    np.testing.assert_array_equal(fashion.read(small_card).y_train, arrays["y_train"])


def test_absence_names_every_folder_and_the_bundled_set(small_card, tmp_path, monkeypatch):
    monkeypatch.setenv("EPOCHSCOPE_DATA_DIR", str(tmp_path / "mine"))
    text = refusal(small_card)
    assert all(str(folder) in text for folder in fashion.PUBLISHED.folders())
    assert "Fashion-MNIST 10k (bundled)" in text


def test_damaged_file_is_named_with_what_to_do(small_card, published):
    published(fashion.DEBIAN)
    (fashion.DEBIAN / TRAIN_IMAGES).write_bytes(b"broken")
    text = refusal(small_card)
    assert TRAIN_IMAGES in text
    assert str(fashion.DEBIAN) not in text
    assert "delete it" in text


def test_file_with_another_number_of_images_is_refused(small_card, published, write_idx):
    published(fashion.DEBIAN)
    write_idx(fashion.DEBIAN / TRAIN_IMAGES, np.zeros((59, 28, 28), np.uint8))
    assert "59 × 28 × 28" in refusal(small_card)


def test_damaged_files_unpack_nothing(small_card, published, unpacked):
    published(fashion.DEBIAN)
    (fashion.DEBIAN / "t10k-labels-idx1-ubyte.gz").write_bytes(b"broken")
    refusal(small_card)
    assert not unpacked.exists()


def test_set_is_local_only_where_its_files_are(small_card, published):
    assert not is_local("fashion_mnist")
    published(fashion.DEBIAN)
    assert is_local("fashion_mnist")


def test_raw_data_stays_off_the_network(small_card, monkeypatch):
    monkeypatch.setattr("core.data.registry.download", lambda _: pytest.fail("downloaded"))
    with pytest.raises(DatasetUnavailable):
        raw_data(FULL, 0)


@pytest.mark.skipif(
    not (Path("/usr/share/datasets/fashion-mnist") / TRAIN_IMAGES).exists(),
    reason="Debian's package dataset-fashion-mnist is not installed",
)
def test_the_real_files_hold_6000_and_1000_images_of_each_class(monkeypatch):
    monkeypatch.setattr(fashion, "DEBIAN", Path("/usr/share/datasets/fashion-mnist"))
    raw = raw_data(FULL, 0)
    assert raw.x_train.shape == (60_000, 28, 28, 1)
    assert raw.x_test.shape == (10_000, 28, 28, 1)
    assert np.bincount(raw.y_train).tolist() == [6000] * 10
    assert np.bincount(raw.y_test).tolist() == [1000] * 10
