"""CSV and Parquet, against what pandas and scikit-learn make of the same table."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest
from sklearn.preprocessing import OneHotEncoder

from core.data import own
from core.errors import UnusableUpload
from tests.data.own.own_files import csv_bytes, frame, parquet_bytes

FEATURES = ("height", "weight", "town", "born")
CLASSES = own.TableChoices("y", FEATURES, "classification")
NUMBERS = own.TableChoices("height", ("weight", "town"), "regression")


def rows(made, part: str = "train") -> set[tuple]:
    """Rows with their target, without their order."""
    x, y = getattr(made, f"x_{part}"), getattr(made, f"y_{part}")
    return {(*row, *np.ravel(target)) for row, target in zip(x.tolist(), y.tolist(), strict=True)}


def both(made) -> set[tuple]:
    return rows(made, "train") | rows(made, "test")


def dated(form: str) -> pd.DataFrame:
    """The table with its dates written otherwise."""
    return frame().assign(born=pd.to_datetime(frame()["born"]).dt.strftime(form))


def test_csv_becomes_what_pandas_and_scikit_learn_make_of_it(made):
    table = frame()
    own_set = made(csv_bytes(table), "people.csv", CLASSES)
    train_heights = own_set.x_train[:, own_set.facts.features.index("height")]
    in_train = table["height"].astype(np.float32).isin(train_heights)
    median = table["weight"][in_train].median()
    towns = OneHotEncoder(sparse_output=False).fit_transform(table[["town"]])
    days = (pd.to_datetime(table["born"]) - pd.Timestamp(0)).dt.days
    expected = np.column_stack([table["height"], table["weight"].fillna(median), towns, days])
    labels = table["y"].map({"no": 0, "yes": 1})
    wanted = {
        (*map(float, row), label)
        for row, label in zip(expected.astype(np.float32), labels, strict=True)
    }
    assert both(own_set) == wanted


def test_facts_describe_the_arrays(made):
    own_set = made(csv_bytes(frame()), "people.csv", CLASSES)
    facts = own_set.facts
    assert facts.features == (
        "height",
        "weight",
        "town = Bern",
        "town = Genf",
        "town = Zürich",
        "born",
    )
    assert (facts.task, facts.classes, facts.value_range) == (
        "classification",
        ("no", "yes"),
        None,
    )
    assert own_set.x_train.shape == (facts.train_size, *facts.shape) == (48, 6)
    assert own_set.x_test.shape == (facts.test_size, *facts.shape) == (12, 6)
    assert (own_set.x_train.dtype, own_set.y_train.dtype) == (np.float32, np.int64)


def test_numbers_to_predict_are_a_column_of_float32(made):
    own_set = made(csv_bytes(frame()), "people.csv", NUMBERS)
    assert own_set.facts.classes == ()
    assert (own_set.y_train.dtype, own_set.y_train.shape) == (np.float32, (48, 1))
    found = np.sort(np.concatenate([own_set.y_train, own_set.y_test]).ravel())
    np.testing.assert_array_equal(found, np.sort(frame()["height"].astype(np.float32)))


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (parquet_bytes(frame()), "a.parquet"),
        (parquet_bytes(frame(), row_group_size=7), "a.parquet"),
        (parquet_bytes(frame().astype({"town": "category", "y": "category"})), "a.parquet"),
        (parquet_bytes(frame().assign(born=pd.to_datetime(frame()["born"]))), "a.parquet"),
        (csv_bytes(frame(), "utf-16"), "a.csv"),
        (csv_bytes(frame(), "utf-8-sig"), "a.csv"),
        (csv_bytes(frame(), "cp1252"), "a.csv"),
        (csv_bytes(frame(), sep=";", decimal=","), "A.CSV"),
        (csv_bytes(frame(), sep="\t"), "a.csv"),
        (csv_bytes(frame(), sep="|", quoting=1), "a.csv"),
        (csv_bytes(frame(), lineterminator="\r\n"), "a.csv"),
        (csv_bytes(frame(), na_rep="N/A"), "a.csv"),
        (b"\n\n" + csv_bytes(frame()), "a.csv"),
        (csv_bytes(dated("%d.%m.%Y")), "a.csv"),
        (csv_bytes(dated("%-d.%-m.%Y")), "a.csv"),
        (csv_bytes(dated("%d.%m.%Y 00:00")), "a.csv"),
        (csv_bytes(dated("%Y/%m/%d")), "a.csv"),
        (csv_bytes(dated("%Y-%m-%dT00:00:00Z")), "a.csv"),
    ],
)
def test_same_table_in_another_format_gives_the_same_set(made, content, name):
    plain = made(csv_bytes(frame()), "a.csv", CLASSES).converted
    other = made(content, name, CLASSES).converted
    assert (other.key, other.facts) == (plain.key, plain.facts)


def test_encoding_that_is_guessed_is_told(looked):
    assert "Windows-1252" in looked(csv_bytes(frame(), "cp1252"), "a.csv").warnings[0]


def test_another_seed_divides_otherwise_and_the_same_seed_alike(made):
    keys = [made(csv_bytes(frame()), "a.csv", CLASSES, seed).converted.key for seed in (0, 0, 1)]
    assert keys[0] == keys[1] != keys[2]


def test_test_part_keeps_the_shares_of_the_classes(made):
    table = frame(200).assign(y=["rare"] * 20 + ["usual"] * 180)
    own_set = made(csv_bytes(table), "a.csv", CLASSES)
    assert np.bincount(own_set.y_test).tolist() == [4, 36]


def test_parts_share_no_row(made):
    own_set = made(csv_bytes(frame()), "a.csv", CLASSES)
    assert not rows(own_set, "train") & rows(own_set, "test")
    assert len(both(own_set)) == 60


def test_median_is_of_the_training_part_alone(made):
    table = pd.DataFrame({"a": np.arange(50.0), "b": np.arange(50.0) ** 2, "y": [0, 1] * 25})
    table.loc[7, "a"] = np.nan
    own_set = made(csv_bytes(table), "a.csv", own.TableChoices("y", ("a", "b"), "classification"))
    both_parts = np.concatenate([own_set.x_train, own_set.x_test])
    filled = both_parts[both_parts[:, 1] == 49][0, 0]
    known = [a for a, b in own_set.x_train.tolist() if b != 49]
    assert filled == np.float32(np.median(known))


def test_missing_category_has_a_column_of_its_own(made):
    table = frame()
    table.loc[:9, "town"] = None
    own_set = made(csv_bytes(table), "a.csv", CLASSES)
    column = own_set.facts.features.index("town = missing")
    assert own_set.x_train[:, column].sum() + own_set.x_test[:, column].sum() == 10


def test_only_the_most_frequent_categories_have_columns(made):
    towns = [f"t{min(index, 39)}" for index in range(40)] * 5 + ["t0", "t1"] * 20
    table = pd.DataFrame({"town": towns, "y": [0, 1] * 120})
    own_set = made(csv_bytes(table), "a.csv", own.TableChoices("y", ("town",), "classification"))
    assert len(own_set.facts.features) == 21
    assert own_set.facts.features[-1] == "town = other"
    assert "most frequent" in own_set.said
    np.testing.assert_array_equal(own_set.x_train.sum(axis=1), 1)


def test_constant_and_free_text_columns_are_left_out_and_told(made):
    table = frame().assign(planet="Earth", note=[f"note {index}" for index in range(60)])
    choices = own.TableChoices("y", (*FEATURES, "planet", "note"), "classification")
    own_set = made(csv_bytes(table), "a.csv", choices)
    assert own_set.facts.shape == (6,)
    assert "one value or none: planet." in own_set.said
    assert "note is left out: nearly every row has a text of its own, as “note 0”" in own_set.said


def test_rows_without_a_target_are_left_out_and_counted(made):
    table = frame()
    table.loc[:3, "y"] = None
    own_set = made(csv_bytes(table), "a.csv", CLASSES)
    assert own_set.facts.train_size + own_set.facts.test_size == 56
    assert "no target: 4 rows." in own_set.said


def test_rare_classes_are_left_out_and_told(made):
    table = frame()
    table.loc[:3, "y"] = "maybe"
    own_set = made(csv_bytes(table), "a.csv", CLASSES)
    assert own_set.facts.classes == ("no", "yes")
    assert "at least 10 samples: maybe (4 samples together)" in own_set.said


def test_imbalance_is_told(made):
    table = frame().assign(y=["many"] * 45 + ["few"] * 15)
    assert "unbalanced" not in made(csv_bytes(table), "a.csv", CLASSES).said
    table.loc[44, "y"] = "few"
    table.loc[45:50, "y"] = "many"
    said = made(csv_bytes(table), "a.csv", CLASSES).said
    assert "many has 50 samples, few 10" in said
    assert "right in 83% of cases" in said


def test_classes_that_are_numbers_are_in_their_order(made):
    table = frame().assign(y=np.repeat([10, 9, 100], 20))
    assert made(csv_bytes(table), "a.csv", CLASSES).facts.classes == ("9", "10", "100")


def test_more_rows_than_allowed_are_sampled_and_told(made):
    own_set = made(csv_bytes(frame(600)), "a.csv", CLASSES, samples=200)
    assert own_set.facts.train_size + own_set.facts.test_size == 200
    assert "200 of 600 rows are used, drawn at random." in own_set.said
    days = np.concatenate([own_set.x_train, own_set.x_test])[:, -1]
    assert days.max() > 50_000  # the last rows of the file are among them


def test_arrays_stay_within_the_bytes_allowed(made):
    own_set = made(csv_bytes(frame(600)), "a.csv", CLASSES, unpacked_bytes=10_000)
    assert own_set.converted.size_bytes <= 10_000 + 4 * 128


def test_lines_of_another_length_are_left_out_and_counted(made):
    content = csv_bytes(frame()) + b"1,2\n1,2,3,4,5,6,7\n"
    own_set = made(content, "a.csv", CLASSES)
    assert own_set.facts.train_size + own_set.facts.test_size == 60
    assert "than the first line: 2 lines." in own_set.said


def test_texts_among_numbers_count_as_missing_and_are_told(made):
    table = frame(100).astype({"height": object})
    table.loc[5, "height"] = "tall"
    own_set = made(csv_bytes(table), "a.csv", CLASSES)
    assert "Cells that count as missing: height (1 cell: “tall”)." in own_set.said
    assert np.isfinite(own_set.x_train).all()


def test_infinite_and_huge_numbers_count_as_missing(made):
    table = frame()
    table.loc[5, "height"], table.loc[6, "height"] = np.inf, 1e300
    own_set = made(csv_bytes(table), "a.csv", CLASSES)
    assert np.isfinite(own_set.x_train).all()
    assert np.isfinite(own_set.x_test).all()


@pytest.mark.parametrize("form", ["%d.%m.%Y.1", "v%Y-%m-%d"])
def test_text_that_only_holds_a_date_is_none(looked, form):
    columns = looked(csv_bytes(dated(form)), "a.csv").columns
    assert [column.kind for column in columns if column.name == "born"] == ["text"]


def test_numbers_beyond_the_digits_of_float32_are_told(made):
    table = frame().assign(
        account=16_777_217 + np.arange(60), small=np.arange(60) * 100_000, same=20_000_000
    )
    choices = own.TableChoices("y", ("account", "small", "same"), "classification")
    warnings = made(csv_bytes(table), "a.csv", choices).converted.warnings
    assert [text for text in warnings if "seven digits" in text] == [
        "Large numbers are kept to seven digits, with which networks compute: account."
    ]


def test_look_tells_what_columns_hold(looked):
    table = frame().assign(planet="Earth", note=[f"note {index}" for index in range(60)])
    look = looked(csv_bytes(table), "a.csv")
    assert look.rows == 60
    assert {column.name: column.kind for column in look.columns} == {
        "height": "number",
        "weight": "number",
        "town": "category",
        "born": "date",
        "y": "category",
        "planet": "constant",
        "note": "text",
    }
    weight = look.columns[1]
    assert weight.missing == pytest.approx(1 / 60)
    assert weight.distinct == table["weight"].nunique()


@pytest.mark.parametrize(
    ("table", "target", "task"),
    [
        (frame(), "y", "classification"),
        (frame()[["town", "height"]], "height", "regression"),
        (frame()[["height", "town"]], "town", "classification"),
        (frame().assign(y=np.arange(60) % 5).rename(columns={"y": "last"}), "last",
         "classification"),
        (frame()[["height", "weight"]].rename(columns={"height": "Price"}), "Price", "regression"),
    ],
)  # fmt: skip
def test_look_suggests_target_and_task(looked, table, target, task):
    look = looked(csv_bytes(table), "a.csv")
    assert (look.target, look.task) == (target, task)


def test_column_that_counts_the_rows_is_left_out_and_told(looked):
    look = looked(frame().to_csv().encode(), "a.csv")
    assert look.columns[0].left_out == "it counts the rows"
    assert look.warnings[0].startswith("column 1 is left out, as it counts the rows")


def test_names_are_shortened_cleaned_and_made_distinct(looked):
    header = ["a" * 99, "x", "x", "", "evil\u202ename\x07", "<b>=1+1</b>"]
    table = pd.DataFrame(np.random.default_rng(0).random((30, 6)), columns=header)
    names = [column.name for column in looked(csv_bytes(table), "a.csv").columns]
    assert names == ["a" * 59 + "…", "x", "x (2)", "column 4", "evilname", "<b>=1+1</b>"]


def test_table_without_a_header_has_numbered_columns(looked):
    values = np.random.default_rng(0).random((30, 3))
    file = io.BytesIO()
    np.savetxt(file, values, delimiter=",")
    look = looked(file.getvalue(), "a.csv")
    assert look.rows == 30
    assert [column.name for column in look.columns] == ["column 1", "column 2", "column 3"]


def test_header_with_a_line_break_in_quotes_is_one_line(looked):
    content = csv_bytes(frame()).replace(b"height", b'"height\nin cm"', 1)
    look = looked(content, "a.csv")
    assert (look.rows, look.columns[0].name) == (60, "height in cm")


ONE_CLASS = csv_bytes(frame().assign(y="yes"))
MANY_CLASSES = csv_bytes(frame(4_400).assign(y=[f"c{index % 220}" for index in range(4_400)]))


@pytest.mark.parametrize(
    ("content", "choices", "told"),
    [
        (ONE_CLASS, CLASSES, "every sample is of one class, yes"),
        (csv_bytes(frame().assign(y=range(60))), CLASSES, "60 classes were found, of which 0"),
        (MANY_CLASSES, CLASSES, "220 classes were found, but at most 200"),
        (csv_bytes(frame(2_002).assign(y=range(2_002))), CLASSES, "more than 300 different"),
        (csv_bytes(frame().assign(y="")), CLASSES, "y has a value in 0 rows"),
        (csv_bytes(frame()), own.TableChoices("town", FEATURES[:2], "regression"), "holds texts"),
        (csv_bytes(frame().assign(height=1)), NUMBERS, "all 60 samples have the same number, 1"),
        (csv_bytes(frame()), own.TableChoices("z", FEATURES, "regression"), "no column z"),
        (csv_bytes(frame()), own.TableChoices("town", FEATURES, "classification"), "given away"),
        (csv_bytes(frame()), own.TableChoices("y", (), "classification"), "choose one or more"),
        (csv_bytes(frame().assign(height=1)), own.TableChoices("y", ("height",), "classification"),
         "nothing can be learnt from any column chosen: height (constant)"),
        (csv_bytes(frame()[:10]), CLASSES, "10 rows, but at least 20 are needed"),
        (csv_bytes(frame()[["y"]]), CLASSES, "has 1 column; 2 to"),
        (csv_bytes(frame()), own.ImageChoices(32, "rgb"), "not of the kind"),
    ],
)  # fmt: skip
def test_table_that_cannot_be_used_is_told(made, content, choices, told):
    with pytest.raises(UnusableUpload) as caught:
        made(content, "a.csv", choices)
    assert told in str(caught.value)


def test_too_many_features_are_refused(made):
    with pytest.raises(UnusableUpload, match=r"make 6 features.*at most 5"):
        made(csv_bytes(frame()), "a.csv", CLASSES, features=5)


@pytest.mark.parametrize("rows_said", [10_000_001, 2**40])
def test_parquet_with_more_rows_than_are_read_is_refused_before_reading(
    looked, monkeypatch, rows_said
):
    import pyarrow.parquet

    content = parquet_bytes(frame())
    real = pyarrow.parquet.ParquetFile

    class Metadata:
        num_rows = rows_said

    class File(real):
        metadata = Metadata()

    monkeypatch.setattr(pyarrow.parquet, "ParquetFile", File)
    with pytest.raises(UnusableUpload, match="more than 10,000,000 rows"):
        looked(content, "a.parquet")


def test_nested_and_binary_columns_of_parquet_are_not_usable(looked):
    table = frame().assign(many=[[1, 2]] * 30 + [[3]] * 30, raw=[b"\xff\x00"] * 60)
    kinds = {c.name: c.is_usable for c in looked(parquet_bytes(table), "a.parquet").columns}
    assert (kinds["many"], kinds["raw"], kinds["height"]) == (False, False, True)


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_infinite_numbers_are_missing_numbers_and_no_texts(looked, kind):
    x = np.where(np.arange(100) % 5 == 0, -np.inf, np.arange(100) / 7)
    table = pd.DataFrame({"x": x, "y": ["a", "b"] * 50})
    content = csv_bytes(table) if kind == "csv" else parquet_bytes(table)
    column = looked(content, f"a.{kind}").columns[0]
    assert (column.kind, column.missing) == ("number", pytest.approx(0.2))


def test_first_line_like_all_others_is_a_row(made):
    lines = [f"{row}.5,{row % 7},{'rose' if row % 2 else 'tulip'}" for row in range(40)]
    choices = own.TableChoices("column 3", ("column 1", "column 2"), "classification")
    own_set = made("\n".join(lines).encode(), "a.csv", choices)
    assert own_set.facts.train_size + own_set.facts.test_size == 40
    assert "columns have no names and were numbered" in own_set.said


def test_names_that_are_years_are_names(looked):
    lines = [f"town {row},{row}.5,{row}.25" for row in range(40)]
    found = looked("\n".join(["town,2019,2020", *lines]).encode(), "a.csv")
    assert [column.name for column in found.columns] == ["town", "2019", "2020"]


@pytest.mark.parametrize(
    ("line", "names"),
    [("{0},{1},", ["a", "b", "column 3"]), ("row{0},{0},{1}", ["column 1", "a", "b"])],
)
def test_header_with_one_name_less_than_values_is_completed(looked, line, names):
    lines = [line.format(row, row % 2) for row in range(40)]
    found = looked("\n".join(["a,b", *lines]).encode(), "a.csv")
    assert [column.name for column in found.columns] == names
    assert found.rows == 40


@pytest.mark.parametrize(
    ("separator", "written", "number"),
    [
        (",", "{0}%", 1),
        (",", "$ {0}.50", 1.5),
        (",", '"-€{0},234.5"', -1234.5),
        (";", "{0}.234,5 €", 1234.5),
        (";", "{0}.234.567", 1_234_567),
        (";", "{0}.234", 1.234),
        ("\t", "{0},5 %", 1.5),
    ],
)
def test_numbers_as_people_write_them_are_numbers(made, separator, written, number):
    values = [written.format(1 + row % 2) for row in range(40)]
    lines = [separator.join([value, "ab"[row % 2]]) for row, value in enumerate(values)]
    content = "\n".join([separator.join("xy"), *lines]).encode()
    own_set = made(content, "a.csv", own.TableChoices("y", ("x",), "classification"))
    assert np.float32(number) in own_set.x_train[own_set.y_train == 0]
