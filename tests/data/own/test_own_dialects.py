"""Text tables as programs write them: separators, titles, comments, names and odd cells."""

from __future__ import annotations

import numpy as np
import pytest

from core.data import own

ROWS = range(40)


def rows(line: str) -> str:
    """40 lines; {0} counts, {1} is a number with a fraction, {2} one of two letters."""
    return "\n".join(line.format(row, f"{row * 7 % 11}.5", "ab"[row % 2]) for row in ROWS)


PLAIN = (["n", "x", "y"], [0, 0.5])


@pytest.mark.parametrize(
    ("content", "names"),
    [
        ("n,x,y\n" + rows("{0},{1},{2}"), "n x y"),
        ("sep=;\nn;x;y\n" + rows("{0};{1};{2}"), "n x y"),
        ('"sep=,"\nn,x,y\n' + rows("{0},{1},{2}"), "n x y"),
        ("SEP=\t\nn\tx\ty\n" + rows("{0}\t{1}\t{2}"), "n x y"),
        ("sep=^\nn^x^y\n" + rows("{0}^{1}^{2}"), "n x y"),
        ("n,x,y,\n" + rows("{0},{1},{2}"), "n x y"),
        ("n,x,y,\n" + rows("{0},{1},{2},"), "n x y column#4"),
        ("n,x,y\n" + rows("{0},{1},{2},"), "n x y column#4"),
        ("n;x;y;\n" + rows("{0};{1};{2}"), "n x y"),
        ("n x y\n" + rows("{0} {1} {2}"), "n x y"),
        ("  n     x  y\n" + rows("  {0}    {1}  {2}"), "n x y"),
        ("n   x\ty\n" + rows("{0}  {1}\t {2}  "), "n x y"),
        ("n\tx\ty\n" + rows("{0}\t{1}\t{2}"), "n x y"),
        ("n|x|y\n" + rows("{0}|{1}|{2}"), "n x y"),
        ("n, x, y\n" + rows("{0}, {1}, {2}"), "n x y"),
        ("# made by a program\n# on a day\nn,x,y\n" + rows("{0},{1},{2}"), "n x y"),
        ("#n,x,y\n" + rows("{0},{1},{2}"), "n x y"),
        ("# n x y\n" + rows("{0} {1} {2}"), "n x y"),
        ("Results of the trial\n\nn,x,y\n" + rows("{0},{1},{2}"), "n x y"),
        ("Results, all,,\n,,\nn,x,y\n" + rows("{0},{1},{2}"), "n x y"),
        ("Results,,\nn,x,y\n" + rows("{0},{1},{2}"), "n x y"),
        ("\n\n\nn,x,y\n\n" + rows("{0},{1},{2}\n"), "n x y"),
        ("n,x,y\r\n" + rows("{0},{1},{2}").replace("\n", "\r\n"), "n x y"),
        ("n,x,y\r" + rows("{0},{1},{2}").replace("\n", "\r"), "n x y"),
        ("x,y\n" + rows("{0},{1},{2}"), "column#1 x y"),
        (",x,y\n" + rows("{0},{1},{2}"), "column#1 x y"),
        (rows("{0},{1},{2}"), "column#1 column#2 column#3"),
        (rows("{0} {1} {2}"), "column#1 column#2 column#3"),
        ('"n","x","y"\n' + rows('"{0}","{1}","{2}"'), "n x y"),
        ("n;x;y\n" + rows('{0};"{1}";{2}').replace(".", ","), "n x y"),
        ("n,x,y\n" + rows('{0},"{1}",{2}').replace(".", ","), "n x y"),
        ("n,x,x\n" + rows("{0},{1},{2}"), "n x x#(2)"),
    ],
)
def test_table_is_split_into_its_columns(made, looked, content, names):
    names = [name.replace("#", " ") for name in names.split()]
    look = looked(content.encode(), "a.txt")
    assert [column.name for column in look.columns] == names
    assert look.rows == len(ROWS)
    first, second, target = names[:3]
    choices = own.TableChoices(target, (first, second), "classification")
    found = made(content.encode(), "a.txt", choices)
    x = np.concatenate([found.x_train, found.x_test])
    expected = [[row, row * 7 % 11 + 0.5] for row in ROWS]
    np.testing.assert_array_equal(x[np.argsort(x[:, 0])], np.float32(expected))
    assert found.facts.classes == ("a", "b")


def test_title_and_comments_above_the_table_are_told(looked):
    content = "Trial 7\n# by hand\nn,x,y\n" + rows("{0},{1},{2}")
    said = " ".join(looked(content.encode(), "a.csv").warnings)
    assert "Lines above the table were passed over: “Trial 7”, “# by hand”." in said


def test_comments_between_the_rows_are_left_out_and_told(looked):
    content = "n,x,y\n" + rows("{0},{1},{2}") + "\n# the end\n"
    look = looked(content.encode(), "a.csv")
    assert look.rows == 40
    assert "1 line. The first is “# the end”." in " ".join(look.warnings)


def test_names_that_stand_twice_are_numbered_and_told(looked):
    said = looked(("n,x,x\n" + rows("{0},{1},{2}")).encode(), "a.csv").warnings
    assert "More than one column has the same name, so these were numbered: x." in said


@pytest.mark.parametrize(("names", "count"), [(True, 39), (False, 40), (None, 40)])
def test_whether_there_are_names_can_be_chosen(looked, names, count):
    content = rows("{0},{1},{2}").encode()
    look = looked(content, "a.csv", reading=own.TableReading(names=names))
    assert look.rows == count
    assert look.found.has_names == bool(names)


def test_texts_without_names_that_stand_again_below_are_a_row(looked):
    content = "\n".join(["vhigh,big,low,unacc", "low,small,high,acc"] * 20)
    assert looked(content.encode(), "car.data").rows == 40


def cells(*values: str, usual: str = "{0}.5", separator: str = ",") -> bytes:
    """40 rows of one column x, the first few as given; and y."""
    lines = [
        separator.join([values[row] if row < len(values) else usual.format(row), "ab"[row % 2]])
        for row in ROWS
    ]
    return "\n".join([separator.join("xy"), *lines]).encode()


CHOICES = own.TableChoices("y", ("x",), "classification")


@pytest.mark.parametrize(
    "word",
    ["#DIV/0!", "#N/A", "#VALUE!", "N.A.", "n/a", ".", "--", "-", "?", "unknown", "null", "NaN",
     "missing", "NA", "Unknown", "None", "NULL", "inf", "not available", "결측", "**", "tall"],
)  # fmt: skip
def test_words_among_numbers_are_missing_counted_and_shown(made, looked, word):
    content = cells(word, "0.5", word)
    column = looked(content, "a.csv").columns[0]
    assert column.kind == "number"
    found = made(content, "a.csv", CHOICES)
    assert f"Cells that count as missing: x (2 cells: “{word}”)." in found.said
    assert "replaced by the median" in found.said
    x = np.concatenate([found.x_train, found.x_test]).ravel()
    assert len(x) == 40
    assert np.isfinite(x).all()


def test_many_unknown_numbers_are_missing_numbers_still(looked):
    column = looked(cells(*["unknown"] * 20), "a.csv").columns[0]
    assert column.kind == "number"


def test_category_of_an_unknown_kind_stays_one(made):
    lines = "\n".join(f"{'unknown' if row % 4 == 0 else 'known'},{row % 2}" for row in ROWS)
    facts = made(f"x,y\n{lines}".encode(), "a.csv", CHOICES).facts
    assert facts.features == ("x = known", "x = unknown")


def test_minus_beside_plus_is_a_class_and_nothing_missing(made):
    lines = "\n".join(f"{row}.5,{'+-'[row % 2]}" for row in ROWS)
    found = made(f"x,y\n{lines}".encode(), "a.csv", CHOICES)
    assert found.facts.classes == ("+", "-")
    assert found.facts.train_size + found.facts.test_size == 40


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("1 234,5", 1234.5),
        ("1\u00a0234,5", 1234.5),
        ("1\u202f234,5", 1234.5),
        ("1\u2009234.5", 1234.5),
        ("1'234.5", 1234.5),
        ("1’234.50", 1234.5),
        ("1,234.5", 1234.5),
        ("1.234,5", 1234.5),
        ("12,34,567", 1_234_567),
        ("1,5", 1.5),
        ("-0,25", -0.25),
        ("−3.5", -3.5),
        ("(3.50)", -3.5),
        ("12 %", 12),
        ("$1,234.50", 1234.5),
        ("₩1,234", 1234),
        ("1234 EUR", 1234),
        ("１２．５", 12.5),
        ("1.5e3", 1500),
        ("1,5E+03", 1500),
    ],
)
def test_numbers_as_people_write_them_are_read(made, written, number):
    values = [f'"{written}"' if row % 2 else "7" for row in ROWS]
    found = made(cells(*values), "a.csv", CHOICES)
    assert np.float32(number) in found.x_train


def test_points_separate_thousands_where_commas_separate_decimals(made):
    found = made(cells("1.234", "12.345,6", usual="{0},5", separator=";"), "a.csv", CHOICES)
    x = np.concatenate([found.x_train, found.x_test]).ravel()
    assert {1234.0, np.float32(12345.6)} <= set(x.tolist())


def test_numbers_not_written_plainly_are_shown(looked):
    said = " ".join(looked(cells(*['"1 234,5"'] * 20, usual='"{0},5"'), "a.csv").warnings)
    assert "Read as numbers: x (“1 234,5” is 1234.5)." in said


TICKETS = [f"{'A/5 ' if row % 3 else ''}{row}7" for row in ROWS]


def test_column_of_texts_is_left_out_with_the_cells_that_are_the_reason(looked):
    look = looked(cells(*TICKETS), "a.csv")
    assert look.columns[0].kind == "text"
    said = " ".join(look.warnings)
    assert "x is left out: 26 values of 40 are no numbers, as “A/5 17”" in said
    assert "Keep it as numbers" in said


def test_column_of_texts_is_kept_as_numbers_where_that_is_chosen(made):
    choices = own.TableChoices("y", ("x",), "classification", numbers=("x",))
    found = made(cells(*TICKETS), "a.csv", choices)
    assert found.facts.features == ("x",)
    assert np.float32(397) in np.concatenate([found.x_train, found.x_test])


def test_column_of_texts_is_kept_as_categories_where_that_is_chosen(made):
    choices = own.TableChoices("y", ("x",), "classification", categories=("x",))
    found = made(cells(*TICKETS), "a.csv", choices)
    assert "x = other" in found.facts.features


def test_numbers_that_are_codes_are_kept_as_categories_where_that_is_chosen(made):
    choices = own.TableChoices("y", ("x",), "classification", categories=("x",))
    values = [str(row % 3) for row in ROWS]
    assert made(cells(*values), "a.csv", choices).facts.features == ("x = 0", "x = 1", "x = 2")


def test_texts_of_many_kinds_are_kept_as_their_most_frequent_ones(made):
    names = [f"town {row if row % 2 else 0}" for row in range(900)]
    lines = "\n".join(f"{name},{'ab'[row % 3 == 0]}" for row, name in enumerate(names))
    choices = own.TableChoices("y", ("x",), "classification", categories=("x",))
    facts = made(f"x,y\n{lines}".encode(), "a.csv", choices).facts
    assert "x = town 0" in facts.features
    assert facts.features[-1] == "x = other"
