"""Classes of images in the names of their files, or in a table beside them."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest

from core.data import own
from core.errors import UnusableUpload
from tests.data.own.own_files import csv_bytes, image_bytes, pictures, zip_bytes

RGB, GREY = own.ImageChoices(8, "rgb"), own.ImageChoices(8, "grayscale")
COUNT = 48


def shade(index: int) -> bytes:
    """An image of 8 × 8 pixels that are all `index`, but for one that is 255."""
    pixels = np.full((8, 8), index, np.uint8)
    pixels[0, 0] = 255
    return image_bytes(pixels)


def named(name, count: int = COUNT) -> dict[str, bytes]:
    """Images under these names, each known by its shade."""
    return {name(index): shade(index) for index in range(count)}


def classes_of(made, part: str = "") -> dict[int, str]:
    """Which class each image is of, by its shade."""
    parts = [part] if part else ["train", "test"]
    return {
        int(image[-1, -1, 0]): made.facts.classes[label]
        for name in parts
        for image, label in zip(
            getattr(made, f"x_{name}"), getattr(made, f"y_{name}").tolist(), strict=True
        )
    }


PETS = ("cat", "dog")


@pytest.mark.parametrize(
    ("name", "label"),
    [
        (lambda n: f"{PETS[n % 2]}.{n}.png", lambda n: PETS[n % 2]),
        (lambda n: f"{PETS[n % 2]}_{n}.png", lambda n: PETS[n % 2]),
        (lambda n: f"{PETS[n % 2]}-{n:03}.png", lambda n: PETS[n % 2]),
        (lambda n: f"{PETS[n % 2]} ({n}).PNG", lambda n: PETS[n % 2]),
        (lambda n: f"{PETS[n % 2]}{n}.png", lambda n: PETS[n % 2]),
        (lambda n: f"main/images/great_{PETS[n % 2]}_{n}.png", lambda n: f"great_{PETS[n % 2]}"),
        (lambda n: f"{n:05}_{PETS[n % 2]}.png", lambda n: PETS[n % 2]),
        (lambda n: f"{n % 3}_{n}.png", lambda n: str(n % 3)),
        (lambda n: f"{n}_{n % 3}.png", lambda n: str(n % 3)),
        (lambda n: f"img_{n}_label_{n % 4}.png", lambda n: str(n % 4)),
        (lambda n: f"{PETS[n % 2]}_{n}_jpg.rf.{n * 7919:x}ab.png", lambda n: PETS[n % 2]),
        (lambda n: f"n0210{n % 3}_{n}.png", lambda n: f"n0210{n % 3}"),
        (lambda n: f"{('日本', 'Ärzte')[n % 2]}_{n}.png", lambda n: ("日本", "Ärzte")[n % 2]),
    ],
)  # fmt: skip
def test_class_in_the_name_of_the_file(made, looked, name, label):
    files = named(name)
    own_set = made(zip_bytes(files), "a.zip", RGB)
    assert classes_of(own_set) == {n: label(n) for n in range(COUNT)}
    assert looked(zip_bytes(files), "a.zip").readings[0].key.startswith("name-")


@pytest.mark.parametrize(
    "name",
    [
        lambda n: f"IMG_{n:04}.png",
        lambda n: f"IMG_2021010{n % 4 + 1}_{n:06}.png",
        lambda n: f"2021-0{n % 4 + 1}-11 {n}.png",
        lambda n: f"{('IMG', 'DSC')[n % 2]}_{n}.png",
        lambda n: f"{n}.png",
        lambda n: f"{n * 7919:08x}.png",
    ],
)
def test_names_that_tell_no_class_are_refused(looked, name):
    with pytest.raises(UnusableUpload, match="or name the files for their classes"):
        looked(zip_bytes(named(name)), "a.zip")


def test_unlabelled_test_folder_is_left_out_and_told(made):
    train = named(lambda n: f"train/{PETS[n % 2]}.{n}.png")
    test = {f"test1/{n}.png": shade(100 + n) for n in range(20)}
    own_set = made(zip_bytes(train | test), "a.zip", RGB)
    assert classes_of(own_set) == {n: PETS[n % 2] for n in range(COUNT)}
    assert "their names tell no class: 20 images. Among them: test1/0.png" in own_set.said


def test_names_in_train_and_test_folders_keep_the_parts(made):
    train = named(lambda n: f"train/{PETS[n % 2]}.{n}.png")
    test = {f"test/{PETS[n % 2]}.{n}.png": shade(100 + n) for n in range(20)}
    own_set = made(zip_bytes(train | test), "a.zip", RGB)
    assert classes_of(own_set, "test") == {100 + n: PETS[n % 2] for n in range(20)}


def test_folders_come_before_names_and_both_are_offered(made, looked):
    files = named(lambda n: f"{('night', 'day')[n % 2]}/{PETS[n // 2 % 2]}_{n}.png")
    keys = [reading.key for reading in looked(zip_bytes(files), "a.zip").readings]
    assert keys == ["folder", "name-word"]
    assert made(zip_bytes(files), "a.zip", RGB).facts.classes == ("day", "night")
    chosen = own.ImageChoices(8, "rgb", reading="name-word")
    own_set = made(zip_bytes(files), "a.zip", chosen)
    assert classes_of(own_set) == {n: PETS[n // 2 % 2] for n in range(COUNT)}


def test_names_that_say_the_same_as_folders_are_not_offered(looked):
    files = named(lambda n: f"{PETS[n % 2]}s/{PETS[n % 2]}_{n}.png")
    assert [one.key for one in looked(zip_bytes(files), "a.zip").readings] == ["folder"]


def test_same_folders_in_several_batches_are_the_classes(made):
    files = named(lambda n: f"main/batch_{n % 3}/{PETS[n // 3 % 2]}/{n}.png")
    own_set = made(zip_bytes(files), "a.zip", RGB)
    assert classes_of(own_set) == {n: PETS[n // 3 % 2] for n in range(COUNT)}


def test_inner_folders_can_be_chosen_as_classes(made, looked):
    files = named(lambda n: f"{('apple', 'pear')[n % 2]}/{('ripe', 'rotten')[n // 2 % 2]}/{n}.png")
    look = looked(zip_bytes(files), "a.zip")
    assert [one.key for one in look.readings] == ["folder", "innermost", "folders"]
    assert look.classes == (("apple", 24), ("pear", 24))
    chosen = own.ImageChoices(8, "rgb", reading="folders")
    assert made(zip_bytes(files), "a.zip", chosen).facts.classes == (
        *("apple/ripe", "apple/rotten", "pear/ripe", "pear/rotten"),
    )


def test_reading_that_the_file_does_not_have_is_refused(made):
    chosen = own.ImageChoices(8, "rgb", reading="name-word")
    with pytest.raises(UnusableUpload, match="cannot be read in the way that was chosen"):
        made(zip_bytes(pictures()), "a.zip", chosen)


def labelled(names, **options) -> bytes:
    frame = pd.DataFrame(
        {
            "id": [names(n) for n in range(COUNT)],
            "source": "web",
            "breed": [PETS[n % 2] for n in range(COUNT)],
        }
    )
    return csv_bytes(frame, **options)


@pytest.mark.parametrize(
    ("file", "called"),
    [
        ("images/{}.png", "{}.png"),
        ("images/{}.png", "{}"),
        ("images/{}.png", "images/{}.png"),
        ("images/{}.png", "./images/{}.png"),
        ("images/{}.png", "images\\{}.png"),
        ("images/{}.png", "/kaggle/input/set/images/{}.png"),
        ("images/{}.png", "{}.jpg"),
        ("images/{:05}.png", "{}"),
        ("{}.PNG", "{}.png"),
        ("{}", "{}"),
        ("a/b/images/x{}y.png", "x{}y"),
    ],
)
@pytest.mark.parametrize("table", ["labels.csv", "main/train.csv"])
def test_table_tells_the_class_of_each_file(made, looked, file, called, table):
    files = {f"main/{name}": image for name, image in named(file.format).items()}
    files[table] = labelled(called.format)
    own_set = made(zip_bytes(files), "a.zip", RGB)
    assert classes_of(own_set) == {n: PETS[n % 2] for n in range(COUNT)}
    (reading,) = looked(zip_bytes(files), "a.zip").readings
    assert reading.title == f"the column breed of {table}"
    assert reading.warnings == ()
    assert "Not looked at" not in own_set.said


@pytest.mark.parametrize("options", [{"sep": ";"}, {"sep": "\t"}, {"encoding": "utf-16"}])
def test_table_of_any_make_is_read(made, options):
    files = named("{}.png".format) | {"labels.csv": labelled("{}.png".format, **options)}
    assert classes_of(made(zip_bytes(files), "a.zip", RGB))[1] == "dog"


@pytest.mark.parametrize("separator", [",", " ", ";", "\t"])
def test_table_without_names_of_columns_is_read_from_its_first_line(made, separator):
    rows = "".join(f"images/{n}.png{separator}{n % 2}\n" for n in range(COUNT))
    files = named("images/{}.png".format) | {"list.txt": rows.encode()}
    own_set = made(zip_bytes(files), "a.zip", RGB)
    assert classes_of(own_set) == {n: str(n % 2) for n in range(COUNT)}


def test_table_comes_before_folders_that_are_no_classes(made):
    files = named(lambda n: f"images_{n % 3}/{n}.png") | {"labels.csv": labelled("{}.png".format)}
    assert made(zip_bytes(files), "a.zip", RGB).facts.classes == PETS


def test_rows_without_images_and_images_without_rows_are_told(made):
    files = named("{}.png".format, 40) | {f"more{n}.png": shade(200 + n) for n in range(7)}
    own_set = made(zip_bytes(files | {"labels.csv": labelled("{}.png".format)}), "a.zip", RGB)
    assert classes_of(own_set) == {n: PETS[n % 2] for n in range(40)}
    assert "Rows of the table without an image: 8 of 48." in own_set.said
    assert "no row of the table names them: 7 images." in own_set.said


def test_images_with_several_labels_are_left_out_and_told(made):
    rows = labelled("{}.png".format) + b"0.png,web,dog\n1.png,web,dog\n"
    own_set = made(zip_bytes(named("{}.png".format) | {"labels.csv": rows}), "a.zip", RGB)
    assert classes_of(own_set) == {n: PETS[n % 2] for n in range(1, COUNT)}
    assert "several rows say different things of them: 1 image." in own_set.said


def test_empty_labels_are_left_out_and_told(made):
    rows = labelled("{}.png".format).replace(b"5.png,web,dog", b"5.png,web,", 1)
    own_set = made(zip_bytes(named("{}.png".format) | {"labels.csv": rows}), "a.zip", RGB)
    assert 5 not in classes_of(own_set)
    assert "their rows are empty there: 1 image." in own_set.said


def test_column_of_many_numbers_is_predicted_as_numbers(made, looked):
    table = pd.DataFrame(
        {"file": [f"{n}.png" for n in range(COUNT)], "age": [20 + n / 2 for n in range(COUNT)]}
    )
    files = zip_bytes(named("{}.png".format) | {"ages.csv": csv_bytes(table)})
    (reading,) = looked(files, "a.zip").readings
    assert (reading.task, reading.count) == ("regression", COUNT)
    own_set = made(files, "a.zip", GREY)
    assert own_set.facts.task == "regression"
    assert own_set.facts.classes == ()
    x = np.concatenate([own_set.x_train, own_set.x_test])
    y = np.concatenate([own_set.y_train, own_set.y_test])
    np.testing.assert_array_equal(y[:, 0], 20 + x[:, -1, -1, 0] / 2)


def test_column_of_few_numbers_is_predicted_as_classes_in_their_order(made):
    table = pd.DataFrame(
        {"file": [f"{n}.png" for n in range(COUNT)], "label": [n % 4 + 8.0 for n in range(COUNT)]}
    )
    files = named("{}.png".format) | {"labels.csv": csv_bytes(table)}
    own_set = made(zip_bytes(files), "a.zip", RGB)
    assert own_set.facts.classes == ("8", "9", "10", "11")
    assert classes_of(own_set)[5] == "9"


def test_column_for_each_class_is_read(made):
    table = pd.DataFrame({"filename": [f"{n}.png" for n in range(COUNT)]})
    for label in range(3):
        table[("ant", "bee", "cow")[label]] = [int(n % 3 == label) for n in range(COUNT)]
    files = named("{}.png".format) | {"_classes.csv": csv_bytes(table)}
    own_set = made(zip_bytes(files), "a.zip", RGB)
    assert classes_of(own_set) == {n: ("ant", "bee", "cow")[n % 3] for n in range(COUNT)}


def test_tables_of_parts_are_put_together_and_the_parts_kept(made):
    files = {}
    for part, start in (("train", 0), ("valid", 48), ("test", 60)):
        count = {"train": 48, "valid": 12, "test": 16}[part]
        # The same names in each part, as exports have them.
        files |= {f"{part}/{n}.png": shade(start + n) for n in range(count)}
        table = pd.DataFrame(
            {"filename": [f"{n}.png" for n in range(count)],
             "class": [PETS[n % 2] for n in range(count)]}
        )  # fmt: skip
        files[f"{part}/_annotations.csv"] = csv_bytes(table)
    own_set = made(zip_bytes(files), "a.zip", RGB)
    assert classes_of(own_set, "test") == {60 + n: PETS[n % 2] for n in range(16)}
    assert own_set.facts.train_size == 60
    assert "The validation part of the file (12 images) is trained on" in own_set.said


def test_sample_submission_gives_no_labels(made):
    submission = pd.DataFrame({"id": range(100, 120), "breed": ["cat"] * 20})
    files = named("train/{}.png".format) | {f"test/{n}.png": shade(n) for n in range(100, 120)}
    files |= {
        "train.csv": labelled("{}".format),
        "sample_submission.csv": csv_bytes(submission),
    }
    own_set = made(zip_bytes(files), "a.zip", RGB)
    assert classes_of(own_set) == {n: PETS[n % 2] for n in range(COUNT)}
    assert "no row of the table names them: 20 images." in own_set.said


def test_table_that_names_no_images_is_told(made):
    table = io.BytesIO(csv_bytes(pd.DataFrame({"a": range(30), "b": range(30)})))
    own_set = made(zip_bytes(pictures() | {"notes.csv": table.getvalue()}), "a.zip", RGB)
    assert "Not looked at, as they are no images: 1 file (.csv)." in own_set.said
