"""The bundled sets are what their README says: counts, balance and how they were drawn."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits

from core.data import bundled, raw_data
from core.data.bundled import draw
from core.errors import DatasetUnavailable
from core.experiment import DATASETS, Data

DEBIAN = Path("/usr/share/datasets/fashion-mnist")
CHECKSUMS = {
    "digits": "00fc1d9addd1b21327c2b89197ed8a467e9a45e438466735c3416dc274417fd9",
    "novels": "68b5208fdcd9dd51b95584ce512d288ae83a27fe5fa7881071bacad008cc4d26",
    "fashion_mnist_10k": "ff63fecd57586fa4b8156372cfaf65afab6011f04191824c4fb9e310d3624270",
}


def arrays_of(name: str) -> dict[str, np.ndarray]:
    with np.load(bundled.FOLDER / f"{name}.npz", allow_pickle=False) as file:
        return dict(file)


@pytest.mark.parametrize("name", CHECKSUMS)
def test_contents_have_the_recorded_checksum(name):
    arrays = arrays_of(name)
    content = b"".join(arrays[key].tobytes() for key in sorted(arrays))
    assert hashlib.sha256(content).hexdigest() == CHECKSUMS[name]


def test_fashion_sample_has_as_many_images_of_each_class():
    raw = raw_data(Data(dataset="fashion_mnist_10k"), 0)
    assert np.bincount(raw.y_train).tolist() == [1000] * 10
    assert np.bincount(raw.y_test).tolist() == [200] * 10


def test_fashion_sample_shows_no_image_twice_in_training_and_test():
    raw = raw_data(Data(dataset="fashion_mnist_10k"), 0)
    train, test = ({image.tobytes() for image in part} for part in (raw.x_train, raw.x_test))
    assert not train & test


def test_novels_have_as_many_paragraphs_of_each():
    raw = raw_data(Data(dataset="novels"), 0)
    assert np.bincount(raw.y_train).tolist() == [600] * 6
    assert np.bincount(raw.y_test).tolist() == [100] * 6


def test_paragraphs_are_ranked_by_how_often_a_word_is_there_in_training():
    tokens = raw_data(Data(dataset="novels"), 0).x_train
    counts = np.bincount(tokens[tokens > 3], minlength=1000)[4:]
    assert np.all(np.diff(counts) <= 0)
    assert bundled.words("novels")[:3] == ("the", "to", "and")


def test_drawing_paragraphs_leaves_out_short_ones_and_cuts_long_ones(tmp_path, monkeypatch):
    card = replace(DATASETS["novels"], train_size=12, test_size=6)
    monkeypatch.setitem(DATASETS, "novels", card)
    paragraphs = ["too short", *(f"Word{'s' * n}, and " * 30 for n in range(3)), "Long words " * 80]
    for title in card.classes:
        name = f"{title.lower().replace(' ', '_')}.txt"
        (tmp_path / name).write_text("\n\n".join(paragraphs))
    arrays, words = draw.draw_novels(tmp_path)
    lengths = np.count_nonzero(np.vstack([arrays["x_train"], arrays["x_test"]]), axis=1)
    assert set(lengths) <= {61, 120}
    assert set(words) <= {"word", "words", "wordss", "and", "long"}
    assert np.bincount(arrays["y_train"]).tolist() == [2] * 6


def test_fashion_sample_uses_all_grey_levels():
    raw = raw_data(Data(dataset="fashion_mnist_10k"), 0)
    assert np.unique(raw.x_train).tolist() == list(range(256))


@pytest.mark.skipif(not DEBIAN.exists(), reason="dataset-fashion-mnist is not installed")
def test_fashion_sample_drawn_again_is_the_same():
    drawn = draw.draw_fashion(DEBIAN)
    for name, array in arrays_of("fashion_mnist_10k").items():
        np.testing.assert_array_equal(drawn[name], array)


def test_digits_are_those_of_scikit_learn():
    raw, digits = raw_data(Data(dataset="digits"), 0), load_digits()
    images = np.concatenate([raw.x_train, raw.x_test]).reshape(-1, 64)
    labels = np.concatenate([raw.y_train, raw.y_test])
    found = sorted(map(tuple, np.column_stack([images, labels])))
    assert found == sorted(map(tuple, np.column_stack([digits.data, digits.target])))


def test_digits_drawn_again_are_the_same():
    drawn = draw.draw_digits()
    for name, array in arrays_of("digits").items():
        np.testing.assert_array_equal(drawn[name], array)


def test_digits_keep_the_shares_of_their_classes_in_the_test_set():
    raw, digits = raw_data(Data(dataset="digits"), 0), load_digits()
    expected = np.bincount(digits.target) * 360 / 1797
    assert np.abs(np.bincount(raw.y_test) - expected).max() < 1


@pytest.mark.parametrize("name", CHECKSUMS)
def test_test_set_never_depends_on_the_seed(name):
    data = Data(dataset=name)
    np.testing.assert_array_equal(raw_data(data, 0).x_test, raw_data(data, 99).x_test)


@pytest.mark.parametrize("content", [None, b"", b"PK not a zip"])
def test_broken_installation_is_told_with_what_to_do(content, tmp_path, monkeypatch):
    monkeypatch.setattr(bundled, "FOLDER", tmp_path)
    if content is not None:
        (tmp_path / "digits.npz").write_bytes(content)
    with pytest.raises(DatasetUnavailable, match="install it again"):
        bundled.read(replace(DATASETS["digits"]))


def test_file_is_small_enough_to_come_with_the_code():
    assert (bundled.FOLDER / "fashion_mnist_10k.npz").stat().st_size < 8_000_000


def test_licence_of_the_fashion_images_comes_with_them():
    text = (bundled.FOLDER / "LICENSE-fashion-mnist.txt").read_text(encoding="utf-8")
    assert "Zalando SE" in text
    assert "WITHOUT WARRANTY OF ANY KIND" in text
