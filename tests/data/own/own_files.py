"""Files as visitors bring them, small, for tests of how they are read."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Mapping

import numpy as np
import pandas as pd
from PIL import Image

FORMATS = {"png": "PNG", "jpg": "JPEG", "bmp": "BMP", "gif": "GIF"}
# Those that TensorFlow does not read.
MORE_FORMATS = {"webp": "WEBP", "tif": "TIFF", "avif": "AVIF", "jp2": "JPEG2000", "ppm": "PPM"}


def frame(rows: int = 60) -> pd.DataFrame:
    """Two columns of numbers, one of categories, one of dates, gaps, and a class `y`."""
    random = np.random.default_rng(1)
    weight = random.normal(70, 9, rows).round(2)
    weight[3] = np.nan
    return pd.DataFrame(
        {
            "height": random.normal(170, 8, rows).round(2),
            "weight": weight,
            "town": random.choice(["Bern", "Zürich", "Genf"], rows),
            "born": pd.date_range("1970-01-01", periods=rows, freq="97D").strftime("%Y-%m-%d"),
            "y": np.tile(["no", "yes"], rows // 2),
        }
    )


def csv_bytes(table: pd.DataFrame, encoding: str = "utf-8", **options) -> bytes:
    return table.to_csv(index=False, **options).encode(encoding)


def parquet_bytes(table: pd.DataFrame, **options) -> bytes:
    file = io.BytesIO()
    table.to_parquet(file, index=False, **options)
    return file.getvalue()


def feather_bytes(table: pd.DataFrame) -> bytes:
    file = io.BytesIO()
    table.to_feather(file)
    return file.getvalue()


def npz_bytes(compressed: bool = True, **arrays: np.ndarray) -> bytes:
    file = io.BytesIO()
    (np.savez_compressed if compressed else np.savez)(file, **arrays)
    return file.getvalue()


def image_bytes(pixels: np.ndarray, ending: str = "png") -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, (FORMATS | MORE_FORMATS)[ending])
    return file.getvalue()


def zip_bytes(files: Mapping[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def tar_bytes(files: dict[str, bytes], mode: str = "w", **attributes: object) -> bytes:
    """A tar archive; a last member has these attributes."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=mode) as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
        if attributes:
            member = tarfile.TarInfo("main/dark/last.png")
            for attribute, value in attributes.items():
                setattr(member, attribute, value)
            tar.addfile(member)
    return file.getvalue()


def pictures(count: int = 24, ending: str = "png", side: int = 12) -> dict[str, bytes]:
    """Images of two classes, `dark` and `light`, in a folder `main`."""
    random = np.random.default_rng(2)
    files = {}
    for index in range(count):
        low, label = (0, "dark") if index % 2 else (128, "light")
        pixels = random.integers(low, low + 128, (side, side + 1, 3), np.uint8)
        files[f"main/{label}/{index:03}.{ending}"] = image_bytes(pixels, ending)
    return files
