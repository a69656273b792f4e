"""Own data on this computer: taken only if they are what their key says, and given up again."""

from __future__ import annotations

import zipfile
from io import BytesIO

import numpy as np
import pytest

from core.data import kept, load, raw_data
from core.data.own import OwnFacts, content_key
from core.data.packing import pack, packed_bytes
from core.errors import DatasetUnavailable
from core.experiment import Data, OwnData

RANDOM = np.random.default_rng(4)
TABLE = {
    "x_train": RANDOM.normal(5, 3, (80, 2)).astype(np.float32),
    "y_train": np.arange(80) % 2,
    "x_test": RANDOM.normal(5, 3, (20, 2)).astype(np.float32),
    "y_test": np.arange(20) % 2,
}
FACTS = OwnFacts("classification", (2,), ("no", "yes"), ("height", "width"), None, 80, 20)


def put(folder, arrays=TABLE):
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array)


@pytest.fixture
def own(tmp_path):
    folder = tmp_path / "source"
    folder.mkdir()
    put(folder)
    facts = {name: getattr(FACTS, name) for name in FACTS.__dataclass_fields__}
    return OwnData(key=content_key(folder, FACTS), title="Flowers", kind="table", **facts)


def data(own, **changes) -> Data:
    return Data.model_validate({"dataset": "own", "own": own, **changes})


def test_arrays_that_were_taken_are_read(own):
    kept.take(own, put)
    raw = raw_data(data(own), 0)
    for name, array in TABLE.items():
        np.testing.assert_array_equal(getattr(raw, name), array)


def test_what_is_here_is_not_fetched_again(own):
    kept.take(own, put)
    kept.take(own, lambda folder: pytest.fail("fetched again"))


def test_what_is_not_here_is_told(own):
    with pytest.raises(DatasetUnavailable, match="Add the file again"):
        raw_data(data(own), 0)


def test_arrays_with_one_other_value_are_refused(own, home):
    changed = {**TABLE, "y_test": 1 - TABLE["y_test"]}
    with pytest.raises(DatasetUnavailable, match="damaged"):
        kept.take(own, lambda folder: put(folder, changed))
    assert list((home / "datasets").iterdir()) == []


def test_facts_that_are_not_those_of_the_key_are_refused(own):
    liar = own.model_copy(update={"classes": ("yes", "no")})
    with pytest.raises(DatasetUnavailable, match="damaged"):
        kept.take(liar, put)


def test_failed_fetch_leaves_nothing(own, home):
    def fetch(folder):
        (folder / "x_train.npy").write_bytes(b"half")
        raise DatasetUnavailable("The data were removed.")

    with pytest.raises(DatasetUnavailable, match="were removed"):
        kept.take(own, fetch)
    assert list((home / "datasets").iterdir()) == []


def test_array_cut_short_is_fetched_again(own, home):
    kept.take(own, put)
    kept.forget()
    path = home / "datasets" / own.name / "x_train.npy"
    path.write_bytes(path.read_bytes()[:200])
    kept.take(own, put)
    np.testing.assert_array_equal(raw_data(data(own), 0).x_train, TABLE["x_train"])


def test_what_nobody_has_any_more_is_removed(own, home):
    kept.take(own, put)
    kept.keep_only({own.key})
    assert kept.is_here(own)
    kept.keep_only(())
    assert not kept.is_here(own)
    with pytest.raises(DatasetUnavailable):
        raw_data(data(own), 0)


def test_other_datasets_are_left_alone(home):
    (home / "datasets" / "fashion_mnist").mkdir(parents=True)
    kept.keep_only(())
    assert (home / "datasets" / "fashion_mnist").exists()


@pytest.fixture
def unpacked(own):
    """The file to take away, of half the samples with a tenth wrong; and what training gets."""
    kept.take(own, put)
    settings = data(own, training_samples=40, label_noise=0.1, scaling="none")
    buffer = BytesIO()
    pack(settings, 7, buffer)
    size = len(buffer.getvalue())
    buffer.seek(0)
    return (
        dict(np.load(buffer, allow_pickle=False)),
        load(settings, 7),
        packed_bytes(settings),
        size,
    )


def test_file_to_take_away_holds_what_is_trained_on(unpacked):
    arrays, trained, *_ = unpacked
    for ours, theirs in {"val": "validation", "train": "train", "test": "test"}.items():
        for name in "xy":
            expected = getattr(trained, f"{name}_{theirs}")
            np.testing.assert_array_equal(arrays[f"{name}_{ours}"], expected)


def test_its_size_is_foreseen(unpacked):
    *_, foreseen, size = unpacked
    assert foreseen <= size <= foreseen + 6 * 1_000


def test_its_arrays_keep_their_dtypes(unpacked):
    arrays, *_ = unpacked
    assert {str(arrays[name].dtype) for name in ("x_train", "x_val", "x_test")} == {"float32"}
    assert {str(arrays[name].dtype) for name in ("y_train", "y_val", "y_test")} == {"int64"}


def test_nothing_in_it_is_compressed(own):
    kept.take(own, put)
    buffer = BytesIO()
    pack(data(own), 0, buffer)
    with zipfile.ZipFile(buffer) as archive:
        assert {one.compress_type for one in archive.infolist()} == {zipfile.ZIP_STORED}
