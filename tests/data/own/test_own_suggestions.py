"""What suggests itself of a table: what to predict, how, from what; and rows that are images."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn import datasets

from core.data import own
from core.errors import UnusableUpload
from tests.data.own.own_files import csv_bytes, frame

RANDOM = np.random.default_rng(7)
DIGITS = datasets.load_digits()


def columns(look) -> dict[str, own.Column]:
    return {column.name: column for column in look.columns}


def titanic(rows: int = 120) -> pd.DataFrame:
    """People in the order of what became of them, so that the row's number tells it."""
    return pd.DataFrame(
        {
            "PassengerId": np.arange(1, rows + 1),
            "Age": RANDOM.integers(1, 80, rows),
            "Name": [f"Person {row}, Mr." for row in range(rows)],
            "Survived": np.repeat([0, 1], rows // 2),
        }
    )


COUNTERS = {
    "0 to n-1": np.arange(120),
    "1 to n": np.arange(1, 121),
    "from 1001": np.arange(1_001, 1_121),
    "from 70001": np.arange(70_001, 70_121),
    "downwards": np.arange(120, 0, -1),
}


@pytest.mark.parametrize("counter", COUNTERS)
@pytest.mark.parametrize("name", ["", "id", "PassengerId", "row", "Unnamed: 0", "번호", "n"])
def test_row_counter_is_left_out_and_told(looked, counter, name):
    table = titanic().drop(columns="PassengerId")
    table.insert(0, name, COUNTERS[counter])
    look = looked(csv_bytes(table), "titanic.csv")
    shown = name or "column 1"
    years = counter in ("from 1001",) and name == "n"
    assert bool(columns(look)[shown].left_out) == (not years)
    assert any(text.startswith(f"{shown} is left out") for text in look.warnings) == (not years)


@pytest.mark.parametrize("name", ["id", "customer_id", "CustomerID", "No.", "serial no", "uuid"])
def test_numbers_that_name_each_row_are_left_out(looked, name):
    table = titanic().assign(PassengerId=RANDOM.permutation(10_000)[:120])
    look = looked(csv_bytes(table.rename(columns={"PassengerId": name})), "a.csv")
    assert columns(look)[name].left_out == "each row has its own"


def test_id_of_several_rows_is_no_row_counter(looked):
    table = titanic().assign(PassengerId=RANDOM.integers(0, 20, 120))
    assert not columns(looked(csv_bytes(table), "a.csv"))["PassengerId"].left_out


@pytest.mark.parametrize("name", ["year", "day", "t", "time", "step"])
def test_order_in_time_is_no_row_counter(looked, name):
    table = titanic().rename(columns={"PassengerId": name})
    assert not columns(looked(csv_bytes(table), "a.csv"))[name].left_out


def test_only_feature_is_not_left_out(looked):
    table = pd.DataFrame({"x": np.arange(200), "y": 2 * np.arange(200)})
    look = looked(csv_bytes(table), "line.csv")
    assert (look.target, look.task) == ("y", "regression")
    assert not columns(look)["x"].left_out


def test_row_counter_is_a_feature_where_that_is_chosen(made):
    choices = own.TableChoices("Survived", ("PassengerId", "Age"), "classification")
    assert made(csv_bytes(titanic()), "a.csv", choices).facts.features == ("PassengerId", "Age")


def test_columns_that_were_left_out_are_told_of_the_set(made):
    choices = own.TableChoices("Survived", ("Age",), "classification")
    assert (
        "Not learnt from: PassengerId, Name." in made(csv_bytes(titanic()), "a.csv", choices).said
    )


def test_index_with_gaps_is_left_out(looked):
    table = frame().drop(index=[3, 9, 11]).to_csv().encode()
    assert looked(table, "a.csv").columns[0].left_out == "it numbers each row"


COUNTS = RANDOM.poisson(4, 60)
AGES = RANDOM.integers(18, 80, 200)
YEARS = np.tile(np.arange(2000, 2011), 6)


@pytest.mark.parametrize("values", [COUNTS, AGES, YEARS], ids=["counts", "ages", "years"])
def test_whole_numbers_with_few_samples_each_are_numbers(made, looked, values):
    table = pd.DataFrame({"x": RANDOM.random(len(values)), "target": values})
    content = csv_bytes(table)
    assert looked(content, "a.csv").task == "regression"
    found = made(content, "a.csv", own.TableChoices("target", ("x",), "regression"))
    assert found.facts.train_size + found.facts.test_size == len(values)


@pytest.mark.parametrize(
    ("values", "task"),
    [
        (np.arange(120) % 3, "classification"),
        (np.arange(120) % 3 + 0.0, "classification"),
        (np.where(np.arange(120) % 2, "yes", "no"), "classification"),
        (np.arange(120) / 7, "regression"),
        (np.arange(120) % 11, "classification"),
        (np.append(np.arange(90) % 2, np.arange(2, 20)), "regression"),
        (np.append(np.arange(118) % 2, [7, 8]), "classification"),
    ],
)
def test_task_goes_by_how_many_samples_each_value_has(looked, values, task):
    table = pd.DataFrame({"x": RANDOM.random(len(values)), "target": values})
    assert looked(csv_bytes(table), "a.csv").task == task


def test_every_column_brings_the_task_that_suits_it(looked):
    tasks = {name: one.task for name, one in columns(looked(csv_bytes(frame()), "a.csv")).items()}
    assert tasks == {
        "height": "regression",
        "weight": "regression",
        "town": "classification",
        "born": "regression",
        "y": "classification",
    }


def test_refusal_of_classes_says_what_else_can_be_done(made):
    content = csv_bytes(pd.DataFrame({"x": RANDOM.random(60), "target": np.arange(60) // 5}))
    with pytest.raises(UnusableUpload, match="numbers as the task"):
        made(content, "a.csv", own.TableChoices("target", ("x",), "classification"))


def without_names(table: pd.DataFrame) -> bytes:
    return table.to_csv(index=False, header=False).encode()


IRIS = pd.DataFrame(datasets.load_iris().data).assign(
    species=np.repeat(["Iris-setosa", "Iris-versicolor", "Iris-virginica"], 50)
)
WINE = pd.DataFrame(datasets.load_wine().data)
WINE.insert(0, "class", datasets.load_wine().target + 1)
CANCER = pd.DataFrame(datasets.load_breast_cancer().data)
CANCER.insert(0, "kind", np.where(datasets.load_breast_cancer().target, "B", "M"))
CANCER.insert(0, "id", 842_302 + RANDOM.permutation(9_000)[: len(CANCER)])
LETTERS = pd.DataFrame(RANDOM.integers(0, 16, (400, 16)))
LETTERS.insert(0, "letter", np.array(list("ABCD") * 100))
CARS = pd.DataFrame({"buying": ["high", "low"] * 60, "doors": ["2", "4", "5more"] * 40,
                     "safety": ["low", "high"] * 60,
                     "class": ["unacc", "acc", "good"] * 40})  # fmt: skip
HOUSES = pd.DataFrame(RANDOM.random((120, 4)).round(3))
LABEL_FIRST = pd.DataFrame(DIGITS.data.astype(int))
LABEL_FIRST.insert(0, "label", DIGITS.target)
LABEL_LAST = pd.DataFrame(DIGITS.data.astype(int)).assign(label=DIGITS.target)


@pytest.mark.parametrize(
    ("table", "column", "task"),
    [
        (IRIS, 5, "classification"),
        (WINE, 1, "classification"),
        (CANCER, 2, "classification"),
        (LETTERS, 1, "classification"),
        (CARS, 4, "classification"),
        (HOUSES, 4, "regression"),
        (LABEL_FIRST, 1, "classification"),
        (LABEL_LAST, 65, "classification"),
    ],
    ids=["iris", "wine", "cancer", "letters", "cars", "houses", "digits first", "digits last"],
)
def test_target_of_a_table_without_names_is_where_the_labels_are(looked, table, column, task):
    look = looked(without_names(table), "a.data")
    assert (look.target, look.task) == (f"column {column}", task)


def upscaled(count: int = 200) -> np.ndarray:
    """Digits as MNIST has them: uint8 (n, 28, 28), black around."""
    large = np.kron(DIGITS.images[:count], np.ones((1, 3, 3))) * 15.9
    return np.pad(large, ((0, 0), (2, 2), (2, 2))).astype(np.uint8)


@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize("first", [True, False])
def test_table_of_784_pixels_becomes_images(made, looked, header, first):
    images, labels = upscaled(), DIGITS.target[:200]
    table = pd.DataFrame(images.reshape(200, -1)).add_prefix("pixel")
    table.insert(0 if first else 784, "label", labels)
    content = csv_bytes(table) if header else without_names(table)
    look = looked(content, "mnist_train.csv")
    assert (look.image_shape, look.are_images, look.task) == ((28, 28, 1), True, "classification")
    pixels = tuple(column.name for column in look.columns if column.name != look.target)
    choices = own.TableChoices(look.target, pixels, "classification", image_shape=(28, 28, 1))
    found = made(content, "mnist_train.csv", choices)
    assert found.facts.shape == (28, 28, 1)
    assert found.facts.value_range == (0.0, 255.0)
    assert found.facts.features == ()
    assert found.x_train.dtype == np.uint8
    known = {image.tobytes(): label for image, label in zip(images, labels, strict=True)}
    for image, label in zip(found.x_train, found.y_train, strict=True):
        assert known[image.tobytes()] == label


@pytest.mark.parametrize("planes", [True, False])
def test_colours_in_planes_or_by_pixel_become_the_same_images(made, looked, planes):
    x, y = np.meshgrid(np.linspace(0, 200, 32), np.linspace(0, 200, 32))
    shades = RANDOM.uniform(0.2, 1.2, (40, 1, 1, 3)) * np.stack([x, y, x / 2 + y / 2], -1)
    images = shades.clip(0, 255).astype(np.uint8)
    flat = (np.moveaxis(images, -1, 1) if planes else images).reshape(40, -1)
    table = pd.DataFrame(flat).add_prefix("pixel_").assign(label=["cat", "dog"] * 20)
    look = looked(csv_bytes(table), "a.csv")
    assert look.image_shape == ((3, 32, 32) if planes else (32, 32, 3))
    pixels = tuple(table.columns[:-1])
    choices = own.TableChoices("label", pixels, "classification", image_shape=look.image_shape)
    found = made(csv_bytes(table), "a.csv", choices)
    assert {one.tobytes() for one in found.x_train} <= {one.tobytes() for one in images}


def test_digits_of_64_pixels_up_to_16_are_offered_as_images(made, looked):
    look = looked(without_names(LABEL_LAST), "digits.csv")
    assert (look.image_shape, look.are_images) == ((8, 8, 1), True)
    pixels = tuple(column.name for column in look.columns[:-1])
    choices = own.TableChoices(look.target, pixels, "classification", image_shape=(8, 8, 1))
    found = made(without_names(LABEL_LAST), "digits.csv", choices)
    assert found.x_train.max() == 255
    assert "Pixels from 0 to 16 were brought to 0 to 255" in found.said


def test_pixels_can_stay_rows_of_numbers(made):
    names = tuple(f"column {index}" for index in range(1, 65))
    found = made(without_names(LABEL_LAST), "d.csv",
                 own.TableChoices("column 65", names, "classification"))  # fmt: skip
    assert len(found.facts.shape) == 1


def test_measurements_of_64_columns_are_no_images(looked):
    names = [f"{sensor} {place}" for sensor in ("salt", "heat") for place in range(32)]
    table = pd.DataFrame(RANDOM.normal(100, 20, (60, 64)), columns=names).assign(y=["a", "b"] * 30)
    look = looked(csv_bytes(table), "a.csv")
    assert look.image_shape is None


def test_images_of_other_columns_than_pixels_are_refused(made):
    choices = own.TableChoices("y", ("height", "weight"), "classification", image_shape=(8, 8, 1))
    with pytest.raises(UnusableUpload, match="64 columns, but 2 were chosen"):
        made(csv_bytes(frame()), "a.csv", choices)
