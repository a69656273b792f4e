"""Tables in other files than CSV: workbooks, JSON, Feather, and what is packed."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import zipfile
from functools import cache

import numpy as np
import pandas as pd
import pytest

from core.data import own
from core.errors import UnusableUpload
from tests.data.own.own_files import csv_bytes, feather_bytes, frame, parquet_bytes, zip_bytes
from tests.data.own.workbook_files import cells, ods_bytes, packed, sheet_xml, xlsx_bytes

CHOICES = own.TableChoices("y", ("height", "weight", "town", "born"), "classification")


def with_day_numbers() -> pd.DataFrame:
    days = (pd.to_datetime(frame()["born"]) - pd.Timestamp("1899-12-30")).dt.days
    return frame().assign(born=days)


SHEETS = {"People": cells(frame())}
ABOVE = {"People": [["Trial 7"], [None], *cells(frame())]}
WITHIN = {"People": [[None] * 6, *([None, *row] for row in cells(frame()))]}
JSON_LINES = frame().to_json(orient="records", lines=True).encode()
JSON_RECORDS = frame().to_json(orient="records").encode()
SAME = {
    "a.tsv": csv_bytes(frame(), sep="\t"),
    "a.txt": csv_bytes(frame(), sep="\t"),
    "a.dat": csv_bytes(frame(), sep=" ", na_rep="NA"),
    "a.xlsx": xlsx_bytes(SHEETS),
    "dates.xlsx": xlsx_bytes({"People": cells(with_day_numbers())}, dates=[3]),
    "title.xlsx": xlsx_bytes(ABOVE),
    "within.xlsx": xlsx_bytes(WITHIN),
    "first.xlsx": xlsx_bytes({"About": [["Notes"], ["by hand"]], **SHEETS}),
    "a.ods": ods_bytes(SHEETS),
    "export.xls": csv_bytes(frame(), sep="\t"),
    "a.jsonl": JSON_LINES,
    "a.ndjson": JSON_LINES,
    "lines.json": JSON_LINES,
    "a.json": JSON_RECORDS,
    "columns.json": frame().to_json().encode(),
    "index.json": frame().to_json(orient="index").encode(),
    "lists.json": json.dumps(dict(zip(SHEETS["People"][0], map(list, zip(*SHEETS["People"][1:],
                                                                         strict=True)),
                                      strict=True))).encode(),
    "split.json": json.dumps({"data": json.loads(JSON_RECORDS), "count": 60}).encode(),
    "bom.json": b"\xef\xbb\xbf" + JSON_RECORDS,
    "a.feather": feather_bytes(frame()),
    "a.csv.gz": gzip.compress(csv_bytes(frame())),
    "a.gz": gzip.compress(csv_bytes(frame())),
    "a.csv.bz2": bz2.compress(csv_bytes(frame())),
    "a.csv.xz": lzma.compress(csv_bytes(frame())),
    "a.zip": zip_bytes({"a/people.csv": csv_bytes(frame())}),
    "sheet.zip": zip_bytes({"people.xlsx": xlsx_bytes(SHEETS)}),
    "parquet.zip": zip_bytes({"people.parquet": parquet_bytes(frame())}),
    "lines.zip": zip_bytes({"people.jsonl": JSON_LINES}),
    "about.zip": zip_bytes({"readme.txt": b"made by\nhand", "p.csv": csv_bytes(frame()),
                            "__MACOSX/._p.csv": b"\0\1"}),
}  # fmt: skip


@pytest.mark.parametrize("name", SAME)
def test_same_table_in_another_file_gives_the_same_set(made, name):
    plain = made(csv_bytes(frame()), "a.csv", CHOICES).converted
    other = made(SAME[name], name, CHOICES).converted
    assert (other.facts, other.key) == (plain.facts, plain.key)


@pytest.mark.parametrize(("name", "part"), [("a.xlsx", "Second"), ("a.ods", "Second")])
def test_sheet_can_be_chosen_and_the_others_are_told(made, looked, name, part):
    write = xlsx_bytes if name == "a.xlsx" else ods_bytes
    content = write({"First": cells(frame()), "Second": cells(frame(30).rename(columns=str.upper))})
    look = looked(content, name)
    assert (look.found.parts, look.found.part, look.rows) == (("First", "Second"), "First", 60)
    assert "The workbook holds 2 sheets: First is read, and not Second." in look.warnings
    other = looked(content, name, reading=own.TableReading(part=part))
    assert (other.found.part, other.rows, other.columns[0].name) == ("Second", 30, "HEIGHT")
    choices = own.TableChoices("Y", ("HEIGHT",), "classification", own.TableReading(part=part))
    assert made(content, name, choices).facts.train_size == 24


def test_table_of_several_in_an_archive_can_be_chosen(looked):
    content = zip_bytes(
        {
            "test.csv": csv_bytes(frame(90).drop(columns="y")),
            "train.csv": csv_bytes(frame(60)),
            "sample.csv": csv_bytes(frame(30)),
        }
    )
    look = looked(content, "titanic.zip")
    assert (look.found.part, look.rows) == ("train.csv", 60)
    assert len(look.found.parts) == 3
    other = looked(content, "titanic.zip", reading=own.TableReading(part="test.csv"))
    assert other.rows == 90


def test_formulas_give_their_values_and_errors_are_missing(made):
    rows = [["x", "y"]]
    rows += [[f"=A{row}*2|{row * 2}", "ab"[row % 2]] for row in range(1, 41)]
    rows[5][0] = "#DIV/0!"
    choices = own.TableChoices("y", ("x",), "classification")
    found = made(xlsx_bytes({"S": rows}), "a.xlsx", choices)
    x = np.concatenate([found.x_train, found.x_test]).ravel()
    assert {2, 4, 80} <= set(x.tolist())
    assert "replaced by the median" in found.said


def test_booleans_of_a_workbook_are_categories(made):
    rows = [["x", "y"], *([row % 3 == 0, row] for row in range(40))]
    choices = own.TableChoices("y", ("x",), "regression")
    assert made(xlsx_bytes({"S": rows}), "a.xlsx", choices).facts.features == (
        "x = FALSE",
        "x = TRUE",
    )


def test_nested_records_are_columns_with_a_point_and_lists_are_told(looked):
    lines = [
        json.dumps({"size": {"height": row, "width": row * 2}, "tags": [1, 2], "y": row % 2})
        for row in range(40)
    ]
    look = looked("\n".join(lines).encode(), "a.jsonl")
    assert [column.name for column in look.columns] == ["size.height", "size.width", "y"]
    said = " ".join(look.warnings)
    assert "Lists in the records were left out: tags." in said
    assert "Values nested in others have columns of their own" in said


def test_records_with_other_names_have_gaps(looked):
    lines = [json.dumps({"a": row, ("b" if row % 2 else "c"): row, "y": row % 2})
             for row in range(40)]  # fmt: skip
    look = looked("\n".join(lines).encode(), "a.jsonl")
    missing = {column.name: column.missing for column in look.columns}
    assert missing == {"a": 0, "b": 0.5, "y": 0, "c": 0.5}


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (b'{"a": 1}\n{"a": ', "a.jsonl", "cannot be read as a table"),
        (b'[{"a": 1}, {"a"', "a.json", "cannot be read as a table"),
        (b"[1, 2, 3]", "a.json", "holds no table"),
        (b'"text"', "a.json", "holds no table"),
        (b"[" * 100_000, "a.json", "cannot be read as a table"),
        (b"{}", "a.json", "holds no table"),
        (xlsx_bytes({"S": []}), "a.xlsx", "the sheet S is empty"),
        (xlsx_bytes(SHEETS)[:-200], "a.xlsx", "cannot be read as a table"),
        (zip_bytes({"x": b"y"}), "a.xlsx", "cannot be read as a table"),
        (zip_bytes({"x": b"y"}), "a.ods", "cannot be read as a table"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "a.xls", "cannot be read as a table"),
        (gzip.compress(csv_bytes(frame()))[:-30], "a.csv.gz", "cannot be read as a table"),
        (feather_bytes(frame())[:-40], "a.feather", "cannot be read as a table"),
    ],
)
def test_damaged_table_is_told(looked, content, name, told):
    with pytest.raises(UnusableUpload) as caught:
        looked(content, name)
    assert told in str(caught.value)


@cache
def bombs(unpacked: int = 6_000_000) -> dict[str, bytes]:
    """Files that unpack to much more than they are."""
    text = b"a,b\n" + b"1,2\n" * (unpacked // 4)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a.csv", text)
    rows = sheet_xml([["a", "b"]]).replace("</row>", "</row>" + " " * unpacked)
    base = xlsx_bytes({"S": [["a", "b"]]})
    with zipfile.ZipFile(io.BytesIO(base)) as file:
        files = {name: file.read(name).decode() for name in file.namelist()}
    return {
        "a.csv.gz": gzip.compress(text),
        "a.csv.bz2": bz2.compress(text),
        "a.zip": archive.getvalue(),
        "a.xlsx": packed(files | {"xl/worksheets/sheet1.xml": rows}),
    }


@pytest.mark.parametrize("name", ["a.csv.gz", "a.csv.bz2", "a.zip", "a.xlsx"])
def test_file_that_unpacks_to_more_than_allowed_is_refused(looked, name):
    with pytest.raises(UnusableUpload, match=r"unpacks to .* MB"):
        looked(bombs()[name], name, upload_bytes=1_000_000)


ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(
        f'<!ENTITY {one} "{f"&{before};" * 10}">'
        for before, one in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]>"
)


def test_entities_of_a_workbook_are_not_unfolded(tmp_path):
    rows = sheet_xml([["height", "y"], *(["&i;", "x"] for _ in range(40))])
    with zipfile.ZipFile(io.BytesIO(xlsx_bytes({"S": []}))) as file:
        files = {name: file.read(name).decode() for name in file.namelist()}
    sheet = ENTITIES + rows.replace("&amp;", "&")
    path = tmp_path / "upload"
    path.write_bytes(packed(files | {"xl/worksheets/sheet1.xml": sheet}))
    with pytest.raises(UnusableUpload):
        own.look(path, "a.xlsx", own.ReadLimits(memory_bytes=400_000_000, seconds=20))


def test_sheet_with_a_cell_far_away_takes_no_more_than_allowed(tmp_path):
    rows = sheet_xml([["height", "y"]]).replace("A1", "A1").replace("B1", "XFD1048576")
    with zipfile.ZipFile(io.BytesIO(xlsx_bytes({"S": []}))) as file:
        files = {name: file.read(name).decode() for name in file.namelist()}
    path = tmp_path / "upload"
    path.write_bytes(packed(files | {"xl/worksheets/sheet1.xml": rows}))
    with pytest.raises(UnusableUpload, match=r"MB of memory|cannot be read|could not be read"):
        own.look(path, "a.xlsx", own.ReadLimits(memory_bytes=400_000_000, seconds=20))


def test_names_of_sheets_and_files_are_shown_tidily(looked):
    content = xlsx_bytes({"evil\u202ename": cells(frame()), "b": cells(frame())})
    said = " ".join(looked(content, "a.xlsx").warnings)
    assert "evilname is read, and not b." in said
