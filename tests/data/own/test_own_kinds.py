"""What a file is goes by its content, and its name must agree."""

from __future__ import annotations

import gzip
import io
import pickle

import numpy as np
import pytest

from core.data import own
from core.errors import UnusableUpload
from tests.data.own.own_files import (
    csv_bytes,
    frame,
    image_bytes,
    npz_bytes,
    parquet_bytes,
    pictures,
    zip_bytes,
)

CSV, PARQUET, ZIP = csv_bytes(frame()), parquet_bytes(frame()), zip_bytes(pictures())
NPZ = npz_bytes(x=np.zeros((3, 3)), y=np.zeros(3))
PNG = image_bytes(np.zeros((8, 8), np.uint8))
NPY = io.BytesIO()
np.save(NPY, np.zeros(3))


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (CSV, "a.csv", "table"),
        (csv_bytes(frame(), "utf-16"), "a.CSV", "table"),
        (csv_bytes(frame(), "utf-16-le"), "a.csv", "table"),
        (CSV, "a.tsv", "table"),
        (CSV, "a.txt", "table"),
        (CSV, "a.data", "table"),
        (CSV, "export.xls", "table"),
        (gzip.compress(CSV), "a.csv.gz", "table"),
        (PARQUET, "a.parquet", "table"),
        (zip_bytes({"data/a.csv": CSV, "__MACOSX/data/._a.csv": b"x"}), "a.zip", "table"),
        (zip_bytes({"a.csv": CSV, **pictures()}), "a.zip", "images"),
        (ZIP, "photos.2026.zip", "images"),
        (NPZ, "a.npz", "arrays"),
    ],
)
def test_kind_of_a_file(tmp_path, content, name, kind):
    path = tmp_path / "upload"
    path.write_bytes(content)
    assert own.kind_of(path, name) == kind


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (CSV, "a.doc", "files of this kind cannot be read"),
        (CSV, "a.xlsx", "looks like text"),
        (CSV, "a.csv.gz", "looks like text"),
        (CSV, "a.feather", "looks like text"),
        (b"\x80\x04abc", "a.txt", "a pickle, which may run any program"),
        (CSV, "csv", "files of this kind cannot be read"),
        (CSV, "", "files of this kind cannot be read"),
        (b"", "a.csv", "is empty"),
        (PARQUET, "a.csv", "looks like a Parquet file"),
        (ZIP, "a.csv", "looks like a zip archive"),
        (PNG, "a.csv", "looks like a PNG image"),
        (gzip.compress(CSV), "a.csv", "looks like a gzip archive"),
        (b"\x00\x01\x02" * 50, "a.csv", "looks like binary data"),
        (CSV, "a.parquet", "looks like text"),
        (CSV, "a.zip", "looks like text"),
        (b" <!DOCTYPE html>", "a.npz", "looks like a web page"),
        (pickle.dumps({"x": 1}, 4), "a.npz", "a pickle, which may run any program"),
        (NPY.getvalue(), "a.npz", "a single NumPy array"),
        (ZIP[:-30], "a.zip", "it is cut short"),
    ],
)
def test_file_of_another_kind_is_told(tmp_path, content, name, told):
    path = tmp_path / "upload"
    path.write_bytes(content)
    with pytest.raises(UnusableUpload) as caught:
        own.kind_of(path, name)
    assert told in str(caught.value)
