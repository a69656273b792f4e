"""Workbooks (Excel, OpenDocument): the cells of one sheet as rows of texts."""

from __future__ import annotations

import datetime
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core.data.own.names import tidy
from core.data.own.tables.source import damaged
from core.errors import UnusableUpload

ENDINGS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
_OLD = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"
_WHOLE = 1e15  # up to here a whole number is written without a point


def is_workbook(path: Path, name: str) -> bool:
    """Whether the file at `path` is a workbook by its name and its first bytes."""
    with path.open("rb") as file:
        return name.lower().endswith(ENDINGS) and file.read(4) in (_OLD, _ZIP)


class Workbook:
    """The sheets of a file that hold something."""

    def __init__(self, path: Path, name: str, most_bytes: int) -> None:
        """Open it; unpacked it may have `most_bytes`.

        Raises:
            UnusableUpload: it is damaged, closed by a password, or empty.
        """
        from python_calamine import CalamineError, PasswordError, load_workbook  # noqa: PLC0415

        self._name = name
        _check_size(path, name, most_bytes)
        try:
            self._book = load_workbook(path)
            self.parts = tuple(self._book.sheet_names)
        except PasswordError as error:
            raise UnusableUpload(
                f"{tidy(name)} is closed by a password. Save it without one, or as CSV."
            ) from error
        except (CalamineError, OSError, ValueError) as error:
            raise damaged(name, error) from error
        self._broken = CalamineError

    def fullest(self) -> str:
        """The first sheet that has two rows or columns and more; else the first."""
        for part in self.parts:
            sheet = self._sheet(part)
            if sheet.width > 1 and sheet.height > 1:
                return part
        return self.parts[0]

    def rows(self, part: str) -> Iterator[list[str]]:
        """The rows of a sheet; formulas give their values.

        Raises:
            UnusableUpload: it is damaged, or empty.
        """
        sheet = self._sheet(part)
        if not sheet.height:
            raise UnusableUpload(
                f"{tidy(self._name)}: the sheet {tidy(part)} is empty. Choose another sheet."
            )
        for row in sheet.to_python():
            yield [_text(value) for value in row]

    def _sheet(self, part: str) -> Any:
        try:
            return self._book.get_sheet_by_name(part)
        except (self._broken, OSError, ValueError) as error:
            raise damaged(self._name, error) from error


def _check_size(path: Path, name: str, most_bytes: int) -> None:
    if not zipfile.is_zipfile(path):
        return
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise damaged(name, error) from error
    if size > most_bytes:
        raise UnusableUpload(
            f"{tidy(name)} unpacks to {size / 1e6:,.0f} MB; at most {most_bytes / 1e6:,.0f} MB "
            "are allowed. Save fewer rows, or as CSV."
        )


def _text(value: Any) -> str:
    """A cell as a text file would hold it: numbers with all their digits, dates as ISO."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        whole = value.is_integer() and abs(value) < _WHOLE
        return str(int(value)) if whole else repr(value)
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        return value.isoformat()
    return " ".join(str(value).split("\0")) if value is not None else ""
