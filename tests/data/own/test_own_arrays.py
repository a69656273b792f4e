"""`.npz` files, against the arrays that were put into them."""

from __future__ import annotations

import io

import numpy as np
import pytest

from core.data import own
from core.errors import UnusableUpload
from tests.data.own.own_files import npz_bytes, zip_bytes

RANDOM = np.random.default_rng(6)
X = RANDOM.integers(0, 256, (60, 8, 9), np.uint8)
Y = np.tile([3, 5, 8], 20)
TABLE = RANDOM.normal(size=(60, 4))
CLASSES, NUMBERS = own.ArraysChoices("classification"), own.ArraysChoices("regression")
DIVIDED = {"x_train": X[:45], "y_train": Y[:45], "x_test": X[45:], "y_test": Y[45:]}


def pairs(x: np.ndarray, y: np.ndarray) -> list[tuple[bytes, float]]:
    return sorted(
        (image.tobytes(), target) for image, target in zip(x, y.ravel().tolist(), strict=True)
    )


def everything(made) -> list[tuple[bytes, float]]:
    x = np.concatenate([made.x_train, made.x_test])
    return pairs(x, np.concatenate([made.y_train, made.y_test]))


def test_images_are_kept_as_they_are(made):
    own_set = made(npz_bytes(x=X, y=Y), "a.npz", CLASSES)
    assert own_set.facts.classes == ("3", "5", "8")
    assert own_set.x_train.shape == (48, 8, 9, 1)
    assert everything(own_set) == pairs(X, np.tile([0, 1, 2], 20))


def test_parts_of_the_file_are_kept(made):
    own_set = made(npz_bytes(**DIVIDED), "a.npz", CLASSES)
    np.testing.assert_array_equal(own_set.x_train[..., 0], X[:45])
    np.testing.assert_array_equal(own_set.y_test, np.tile([0, 1, 2], 5))
    assert (own_set.facts.train_size, own_set.facts.test_size) == (45, 15)


@pytest.mark.parametrize(
    "y",
    [
        Y[:, np.newaxis],
        Y.astype(np.float32),
        Y.astype(np.uint8),
        np.eye(10)[Y],
        np.array([f"{value}" for value in Y]),
        np.array([b"%d" % value for value in Y]),
    ],
)
def test_classes_in_other_forms_are_the_same(made, y):
    plain = made(npz_bytes(x=X, y=Y), "a.npz", CLASSES)
    assert everything(made(npz_bytes(x=X, y=y), "a.npz", CLASSES)) == everything(plain)


@pytest.mark.parametrize("x", [X / 255, (X / 255).astype(np.float32), X.astype(np.int32)])
def test_pixels_in_other_forms_are_the_same(made, x):
    plain = made(npz_bytes(x=X, y=Y), "a.npz", CLASSES)
    assert made(npz_bytes(x=x, y=Y), "a.npz", CLASSES).converted.key == plain.converted.key


def test_pixels_of_another_range_are_stretched_and_told(made):
    x = X.astype(np.float32) / 127.5 - 1
    own_set = made(npz_bytes(x=x, y=Y), "a.npz", CLASSES)
    assert everything(own_set) == pairs(X, np.tile([0, 1, 2], 20))
    assert "Pixels from -1 to 1 were brought to 0 to 255" in own_set.said


def test_dim_pictures_are_brightened_and_told(made):
    x = np.tile(np.arange(0, 16).reshape(4, 4), (60, 2, 2))
    own_set = made(npz_bytes(x=x, y=Y), "a.npz", CLASSES)
    assert own_set.facts.value_range == (0, 255)
    assert np.array_equal(np.unique(own_set.x_train), np.arange(16) * 17)
    assert "Pixels from 0 to 15 were brought to 0 to 255" in own_set.said


def test_color_images_keep_their_channels(made):
    x = RANDOM.integers(0, 256, (60, 8, 8, 3), np.uint8)
    assert made(npz_bytes(x=x, y=Y), "a.npz", CLASSES).facts.shape == (8, 8, 3)


def test_rows_of_numbers_are_a_table(made):
    own_set = made(npz_bytes(x=TABLE, y=Y), "a.npz", CLASSES)
    assert own_set.facts.features == ("feature 1", "feature 2", "feature 3", "feature 4")
    assert own_set.facts.value_range is None
    assert everything(own_set) == pairs(TABLE.astype(np.float32), np.tile([0, 1, 2], 20))


def test_single_numbers_are_a_table_of_one_feature(made):
    assert made(npz_bytes(x=TABLE[:, 0], y=Y), "a.npz", CLASSES).facts.shape == (1,)


def test_columns_first_in_memory_make_no_difference(made):
    plain = made(npz_bytes(x=TABLE, y=Y), "a.npz", CLASSES).converted
    other = made(npz_bytes(x=np.asfortranarray(TABLE), y=Y), "a.npz", CLASSES).converted
    assert other.key == plain.key


def test_numbers_to_predict_are_kept(made):
    y = RANDOM.normal(size=60)
    own_set = made(npz_bytes(x=TABLE, y=y), "a.npz", NUMBERS)
    assert own_set.facts.classes == ()
    assert own_set.y_train.shape == (48, 1)
    assert everything(own_set) == pairs(TABLE.astype(np.float32), y.astype(np.float32))


def test_missing_numbers_become_medians_of_the_training_part(made):
    x = TABLE.copy()
    x[5, 2], x[6, 2] = np.nan, np.inf
    own_set = made(npz_bytes(x=x, y=Y), "a.npz", CLASSES)
    both = np.concatenate([own_set.x_train, own_set.x_test])
    filled = both[np.isin(both[:, 0], x[[5, 6], 0].astype(np.float32)), 2]
    known = own_set.x_train[~np.isin(own_set.x_train[:, 0], x[[5, 6], 0].astype(np.float32)), 2]
    np.testing.assert_array_equal(filled, np.float32(np.median(known)))
    assert "median of the feature in the training part: feature 3." in own_set.said


def test_samples_without_a_target_are_left_out(made):
    y = np.where(np.arange(60) < 6, np.nan, Y)
    facts = made(npz_bytes(x=X, y=y), "a.npz", CLASSES).facts
    assert facts.train_size + facts.test_size == 54


def test_more_samples_than_allowed_are_drawn_and_told(made):
    own_set = made(npz_bytes(x=X, y=Y), "a.npz", CLASSES, samples=40)
    assert own_set.facts.train_size + own_set.facts.test_size == 40
    assert "40 of 60 samples are used" in own_set.said


@pytest.mark.parametrize(
    ("y", "task"),
    [
        (Y, "classification"),
        (np.eye(10)[Y], "classification"),
        (Y.astype(str), "classification"),
        (RANDOM.normal(size=60), "regression"),
        (np.arange(60), "regression"),
    ],
)
def test_look_suggests_the_task(looked, y, task):
    look = looked(npz_bytes(x=X, y=y), "a.npz")
    assert (look.task, look.is_divided) == (task, False)
    assert look.arrays[0] == ("x", (60, 8, 9), "uint8")


def test_look_tells_that_the_file_is_divided(looked):
    assert looked(npz_bytes(**DIVIDED), "a.npz").is_divided


class Evil:
    """Would make a file when unpickled."""

    def __init__(self, path) -> None:
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), "w")


def test_objects_are_never_unpickled(looked, tmp_path):
    file = io.BytesIO()
    np.savez(file, x=X, y=np.array([Evil(tmp_path / "evil")] * 60), allow_pickle=True)
    (tmp_path / "evil").unlink(missing_ok=True)
    with pytest.raises(UnusableUpload, match="Objects are never read"):
        looked(file.getvalue(), "a.npz")
    assert not (tmp_path / "evil").exists()


def header(shape: str, dtype: str = "<f8") -> bytes:
    """An `.npy` that says it is this large, with nothing in it."""
    text = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text.encode()


@pytest.mark.parametrize("shape", ["(1000000000, 8, 8)", f"({2**62}, 2, 2)"])
def test_array_that_claims_to_be_huge_takes_no_memory(looked, shape):
    count = shape.strip("(").split(",")[0]
    content = zip_bytes({"x.npy": header(shape), "y.npy": header(f"({count},)")})
    with pytest.raises(UnusableUpload, match="ends too early"):
        looked(content, "a.npz")


ONE_HOT_BROKEN = np.eye(10)[Y] * 2


@pytest.mark.parametrize(
    ("content", "choices", "told"),
    [
        (npz_bytes(x=X), CLASSES, "has the arrays x; x and y are needed"),
        (zip_bytes({}), CLASSES, "a.npz has no arrays; x and y are needed"),
        (zip_bytes({"a.txt": b"x"}), CLASSES, "a.npz has no arrays; x and y are"),
        (npz_bytes(x=X, y=Y[:50]), CLASSES, "x has 60 samples, but y has 50"),
        (npz_bytes(x=X, y=ONE_HOT_BROKEN), CLASSES, "y has 10 values for each sample"),
        (npz_bytes(x=X[..., None, None], y=Y), CLASSES, "must have 1 to 4 axes"),
        (npz_bytes(x=X[:0], y=Y[:0]), CLASSES, "none of which is 0"),
        (npz_bytes(x=np.zeros((60, 3, 8, 8)), y=Y), CLASSES, "all pixels of x are the same"),
        (npz_bytes(x=np.ones((60, 4)), y=Y), CLASSES, "all samples of x are the same"),
        (npz_bytes(x=np.zeros((60, 8, 8, 4)), y=Y), CLASSES, "Drop the others"),
        (npz_bytes(x=np.zeros((60, 300, 8)), y=Y), CLASSES, "must be 4 to 256 pixels"),
        (npz_bytes(x=np.zeros((60, 8, 8)), y=Y), CLASSES, "all pixels of x are the same"),
        (npz_bytes(x=X.astype(complex), y=Y), CLASSES, "values of type complex128"),
        (npz_bytes(x=X, y=np.zeros(60)), CLASSES, "every sample is of one class, 0"),
        (npz_bytes(x=X, y=np.zeros(60)), NUMBERS, "have the same number, 0"),
        (npz_bytes(x=X, y=Y.astype(str)), NUMBERS, "y holds texts"),
        (npz_bytes(x=X, y=np.arange(60)), CLASSES, "60 classes were found, of which 0"),
        (npz_bytes(x=np.zeros((60, 1_001)), y=Y), CLASSES, "x has 1,001 features"),
        (npz_bytes(x=X[:12], y=Y[:12]), CLASSES, "of which 0 have at least 10"),
        (npz_bytes(**DIVIDED | {"x_test": TABLE[45:]}), CLASSES, "of other shapes or types"),
        (npz_bytes(**DIVIDED | {"y_train": np.full(45, np.nan)}), NUMBERS, "only 15 of 60"),
    ],
)
def test_file_that_cannot_be_used_is_told(made, content, choices, told):
    with pytest.raises(UnusableUpload) as caught:
        made(content, "a.npz", choices)
    assert told in str(caught.value)


def test_bomb_of_zeros_is_refused(looked):
    content = npz_bytes(x=np.zeros((60, 1_000_000), np.uint8), y=Y)
    with pytest.raises(UnusableUpload, match="as a zip bomb does"):
        looked(content, "a.npz")


def test_array_whose_checksum_is_wrong_is_damaged(made):
    content = bytearray(npz_bytes(compressed=False, x=X, y=Y))
    content[400] ^= 1
    with pytest.raises(UnusableUpload, match="is damaged"):
        made(bytes(content), "a.npz", CLASSES)


CHANNELS = RANDOM.integers(0, 256, (60, 8, 8, 3), np.uint8)
NAMES = [
    ("X", "Y"),
    ("images", "labels"),
    ("data", "target"),
    ("features", "targets"),
    ("imgs", "classes"),
    ("arr_0", "arr_1"),
    ("X_data", "y_data"),
    ("inputs", "outputs"),
    ("x_train", "y_train"),
    ("images", "age"),
    ("faces", "labels"),
    ("first", "second"),
]


@pytest.mark.parametrize(("x", "y"), NAMES)
def test_arrays_of_other_names_are_the_same(made, looked, x, y):
    plain = made(npz_bytes(x=X, y=Y), "a.npz", CLASSES)
    content = npz_bytes(**{x: X, y: Y})
    assert everything(made(content, "a.npz", CLASSES)) == everything(plain)
    assert [name for name, _, _ in looked(content, "a.npz").arrays] == [x, y]


def test_order_of_unnamed_arrays_does_not_matter(made):
    plain = made(npz_bytes(x=X, y=Y), "a.npz", CLASSES)
    own_set = made(npz_bytes(arr_0=Y, arr_1=X), "a.npz", CLASSES)
    assert everything(own_set) == everything(plain)
    assert "Taken by their shapes" in own_set.said
    assert "arr_1 as samples and arr_0 as targets" in own_set.said


PARTS = [
    ("X_train", "y_train", "X_test", "y_test"),
    ("train_images", "train_labels", "test_images", "test_labels"),
    ("training_images", "training_labels", "testing_images", "testing_labels"),
    ("xtrain", "ytrain", "xtest", "ytest"),
    ("trainX", "trainY", "testX", "testY"),
    ("train_x", "train_y", "test_x", "test_y"),
    ("x_train", "y_train", "x_val", "y_val"),
    ("arr_0", "arr_1", "arr_2", "arr_3"),
]


@pytest.mark.parametrize("names", PARTS)
def test_parts_of_other_names_are_kept(made, looked, names):
    content = npz_bytes(**dict(zip(names, DIVIDED.values(), strict=True)))
    own_set = made(content, "a.npz", CLASSES)
    np.testing.assert_array_equal(own_set.x_train[..., 0], X[:45])
    np.testing.assert_array_equal(own_set.x_test[..., 0], X[45:])
    assert looked(content, "a.npz").is_divided


def test_validation_part_beside_a_test_part_is_trained_on_and_told(made):
    parts = {"val_images": X[30:45], "val_labels": Y[30:45], "train_images": X[:30]}
    parts |= {"train_labels": Y[:30], "test_images": X[45:], "test_labels": Y[45:]}
    own_set = made(npz_bytes(**parts), "medmnist.npz", CLASSES)
    np.testing.assert_array_equal(own_set.x_train[..., 0], X[:45])
    np.testing.assert_array_equal(own_set.x_test[..., 0], X[45:])
    assert "val_images is trained on" in own_set.said


def test_test_samples_without_targets_are_left_out_and_told(made):
    parts = {name: array for name, array in DIVIDED.items() if name != "y_test"}
    own_set = made(npz_bytes(**parts), "a.npz", CLASSES)
    assert (own_set.facts.train_size, own_set.facts.test_size) == (36, 9)
    assert "Left out: x_test." in own_set.said


def test_other_arrays_are_left_out_and_told(made, looked):
    content = npz_bytes(x=X, y=Y, names=np.arange(9), weights=np.ones((60, 3, 2)))
    assert "Left out: names, weights." in made(content, "a.npz", CLASSES).said
    assert "Left out: names, weights." in " ".join(looked(content, "a.npz").warnings)


def test_another_array_can_be_predicted(made, looked):
    ages = np.arange(60) / 2
    content = npz_bytes(images=X, gender=np.tile([0, 1], 30), age=ages)
    assert looked(content, "a.npz").targets == ("gender", "age")
    assert looked(content, "a.npz").warnings == ()
    assert "Left out: age." in made(content, "a.npz", CLASSES).said
    own_set = made(content, "a.npz", own.ArraysChoices("regression", target="age"))
    assert everything(own_set) == pairs(X, ages.astype(np.float32))


@pytest.mark.parametrize("channels", [1, 3])
def test_channels_first_are_moved_and_told(made, looked, channels):
    x = CHANNELS[..., :channels]
    content = npz_bytes(x=np.moveaxis(x, -1, 1), y=Y)
    own_set = made(content, "a.npz", CLASSES)
    assert own_set.facts.shape == (8, 8, channels)
    assert everything(own_set) == pairs(x, np.tile([0, 1, 2], 20))
    assert "Channels were moved to the end." in own_set.said
    assert "Channels were moved to the end." in looked(content, "a.npz").warnings


SMOOTH = (np.indices((16, 16)).sum(axis=0)[..., None] * np.array([2, 5, 8])).astype(np.uint8)
SMOOTH_IMAGES = np.stack([np.roll(SMOOTH, n, axis=0) for n in range(60)])


@pytest.mark.parametrize(
    ("flat", "images"),
    [
        (X[:, :, :8].reshape(60, 64), X[:, :, :8, None]),
        (X[:, :, :8].reshape(60, 64).astype(float), X[:, :, :8, None]),
        (SMOOTH_IMAGES[..., 0].reshape(60, 256) / SMOOTH_IMAGES[..., 0].max(), None),
        (SMOOTH_IMAGES.reshape(60, -1), SMOOTH_IMAGES),
        (np.moveaxis(SMOOTH_IMAGES, -1, 1).reshape(60, -1), SMOOTH_IMAGES),
    ],
)
def test_rows_of_pixels_become_images_and_are_told(made, looked, flat, images):
    content = npz_bytes(x=flat, y=Y)
    own_set = made(content, "a.npz", CLASSES)
    if images is not None:
        assert everything(own_set) == pairs(images, np.tile([0, 1, 2], 20))
    assert looked(content, "a.npz").image_shape == own_set.facts.shape
    assert f"Rows of {flat.shape[1]:,} pixels were made" in own_set.said


def test_rows_of_pixels_can_stay_rows(made):
    choices = own.ArraysChoices("classification", as_images=False)
    own_set = made(npz_bytes(x=X[:, :, :8].reshape(60, 64), y=Y), "a.npz", choices)
    assert own_set.facts.shape == (64,)


@pytest.mark.parametrize("x", [RANDOM.normal(size=(60, 64)), RANDOM.random((60, 64)), TABLE])
def test_other_rows_are_not_taken_for_images(looked, x):
    assert looked(npz_bytes(x=x, y=Y), "a.npz").image_shape is None


def npy_bytes(array: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def test_arrays_in_a_zip_are_read(made, looked):
    files = {f"data/{name}.npy": npy_bytes(array) for name, array in DIVIDED.items()}
    content = zip_bytes(files | {"data/readme.txt": b"x", "__MACOSX/data/._x_train.npy": b"x"})
    own_set = made(content, "a.zip", CLASSES)
    np.testing.assert_array_equal(own_set.x_train[..., 0], X[:45])
    assert looked(content, "a.zip").is_divided


def test_archives_of_arrays_in_a_zip_are_read(made):
    files = {
        "kmnist-train-imgs.npz": npz_bytes(arr_0=X[:45]),
        "kmnist-train-labels.npz": npz_bytes(arr_0=Y[:45]),
        "kmnist-test-imgs.npz": npz_bytes(arr_0=X[45:]),
        "kmnist-test-labels.npz": npz_bytes(arr_0=Y[45:]),
    }
    own_set = made(zip_bytes(files), "kmnist.zip", CLASSES)
    np.testing.assert_array_equal(own_set.x_test[..., 0], X[45:])


@pytest.mark.parametrize("y", [Y == 3, (Y == 3).astype(float), np.where(Y == 3, "yes", "no")])
def test_two_classes_in_other_forms(made, y):
    own_set = made(npz_bytes(x=X, y=y), "a.npz", CLASSES)
    assert len(own_set.facts.classes) == 2
    first = own_set.facts.classes.index(str(y[0]) if y.dtype.kind != "f" else "1")
    assert sum(own_set.y_train == first) + sum(own_set.y_test == first) == 20


def test_class_that_is_in_the_test_part_alone_is_told(made):
    y_train = np.tile([3, 5], 23)[:45]
    own_set = made(npz_bytes(**DIVIDED | {"y_train": y_train}), "a.npz", CLASSES)
    # Of 15 test samples five are of class 8, too few for a class unless the training part has some.
    assert "8 (5 samples together)" in own_set.said
    more = {"x_test": X[15:], "y_test": Y[15:], "x_train": X[:45], "y_train": y_train}
    own_set = made(npz_bytes(**more), "a.npz", CLASSES)
    assert own_set.facts.classes == ("3", "5", "8")
    assert "In the test part alone: 8. A network cannot learn" in own_set.said


def test_samples_in_both_parts_are_told(made):
    own_set = made(npz_bytes(**DIVIDED | {"x_test": X[:15]}), "a.npz", CLASSES)
    assert "15 test images of 15 are among the training images too" in own_set.said


def test_classes_of_the_same_samples_are_told(made):
    x = np.repeat(X[:20], 3, axis=0)
    own_set = made(npz_bytes(x=x, y=np.tile([0, 1, 2], 20)), "a.npz", CLASSES)
    assert "The classes 0, 1, 2 have exactly the same images" in own_set.said
