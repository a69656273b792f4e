"""Any file that holds a table, opened: unpacked, decoded and split as need be."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from core.data.own import names
from core.data.own.facts import TableFound, TableReading
from core.data.own.names import listed, tidy
from core.data.own.tables import charsets, dialects, packed, records, separated, sheets
from core.data.own.tables.columnar import FeatherTable, ParquetTable
from core.data.own.tables.separated import CsvTable
from core.data.own.tables.source import Table, damaged
from core.data.own.work import Work
from core.errors import UnusableUpload

_MOST_COLUMNS = 5_000
_PARQUET, _FEATHER = b"PAR1", b"ARROW1"


def opened(work: Work, reading: TableReading) -> Table:
    """The table that a file holds, read as `reading` says.

    Raises:
        UnusableUpload: it is damaged, or has too many columns or rows.
    """
    table = _Opening(work, reading).table()
    if not 2 <= len(table.names) <= _MOST_COLUMNS:
        raise UnusableUpload(
            f"{tidy(work.name)} has {names.counted(len(table.names), 'column')}; 2 to "
            f"{_MOST_COLUMNS:,} are needed: one to predict, and those it is predicted from. "
            "Look at how the file was saved."
        )
    return table


class _Opening:
    """The steps from a file to a table; each writes to the scratch folder what the next reads."""

    def __init__(self, work: Work, reading: TableReading) -> None:
        self._path, self._name, self._scratch = work.path, work.name, work.scratch
        self._shown = work.name  # in messages: what is within has another name
        self._most_bytes = 4 * work.limits.upload_bytes
        self._reading = reading
        self._parts: tuple[str, ...] = ()
        self._part: str | None = None
        self._told: list[str] = []

    def table(self) -> Table:
        self._unpack()
        with self._path.open("rb") as file:
            start = file.read(6)
        if start.startswith(_PARQUET):
            table: Table = ParquetTable(self._path, self._shown)
        elif start.startswith(_FEATHER):
            table = FeatherTable(self._path, self._shown)
        elif sheets.is_workbook(self._path, self._name):
            table = self._sheet()
        else:
            table = self._text()
        table.found = replace(table.found, parts=self._parts, part=self._part)
        table.warnings[:0] = self._told
        return table

    def _unpack(self) -> None:
        """Whatever is packed, unpacked."""
        lower = self._name.lower()
        if lower.endswith(packed.ENDINGS):
            target = self._target("unpacked")
            packed.unpacked(self._path, self._name, None, target, self._most_bytes)
            self._path, self._name = target, packed.inner_name(self._name)
        elif lower.endswith(".zip"):
            self._parts = packed.tables_in(self._path)
            if not self._parts:
                raise damaged(self._name, ValueError("there is no table in it"))
            self._part = self._chosen(packed.largest(self._path, self._parts))
            target = self._target("unpacked")
            packed.unpacked(self._path, self._name, self._part, target, self._most_bytes)
            self._path, self._name = target, self._part
            self._tell_others("The archive", "tables")

    def _sheet(self) -> Table:
        book = sheets.Workbook(self._path, self._shown, self._most_bytes)
        if self._parts:  # a workbook in an archive: its first sheet alone
            part = book.fullest()
        else:
            self._parts = book.parts
            part = self._part = self._chosen(book.fullest())
            self._tell_others("The workbook", "sheets")
        target = self._target("sheet")
        separated.written(book.rows(part), target)
        return self._separated(target, TableFound("Workbook"), ",")

    def _text(self) -> Table:
        found = charsets.found(self._path)
        if found is None:
            raise damaged(self._shown, ValueError("it holds what is no text"))
        wanted = self._reading.encoding
        name, rivals = (wanted, ()) if wanted in charsets.TITLES else (found.name, found.rivals)
        path = self._path
        if not charsets.is_plain(path, name):
            path = self._target("decoded")
            self._told += filter(None, [charsets.decoded(self._path, name, path)])
        if name != charsets.UTF_8 and not wanted:
            self._told.append(_guess(charsets.TITLES[name], rivals))
        facts = TableFound("Text", name, rivals)
        if self._name.lower().endswith(records.ENDINGS):
            return self._records(path, facts)
        return self._separated(path, facts)

    def _records(self, path: Path, facts: TableFound) -> Table:
        found = records.Records(path, self._shown)
        target = self._target("records")
        separated.written(found.rows(), target)
        self._told += found.warnings()
        return self._separated(target, replace(facts, format="JSON"), ",", True)

    def _separated(
        self,
        path: Path,
        facts: TableFound,
        delimiter: str | None = None,
        has_names: bool | None = None,
    ) -> Table:
        wanted = self._reading.names if has_names is None else has_names
        dialect = dialects.found(path, delimiter, wanted)
        if dialect is None:
            raise damaged(self._shown, ValueError("its lines have no like number of values"))
        if delimiter is None:
            facts = replace(facts, separator=dialects.TITLES.get(dialect.delimiter, "other signs"))
        if dialect.delimiter == dialects.SPACE:
            target = self._target("spaced")
            dialect = separated.spaces_as_tabs(path, dialect, target)
            path = target
        facts = replace(facts, has_names=dialect.has_names)
        return CsvTable(path, self._shown, dialect, facts)

    def _chosen(self, likely: str) -> str:
        wanted = self._reading.part
        return wanted if wanted in self._parts else likely

    def _tell_others(self, where: str, what: str) -> None:
        if len(self._parts) > 1:
            others = [tidy(part) for part in self._parts if part != self._part]
            self._told.append(
                f"{where} holds {len(self._parts):,} {what}: {tidy(self._part or '')} is read, and "
                f"not {listed(others)}."
            )

    def _target(self, name: str) -> Path:
        return self._scratch / f"{name}.table"


def _guess(title: str, rivals: tuple[str, ...]) -> str:
    if not rivals:
        return f"The file is not in UTF-8: it was read as {title}."
    others = listed((charsets.TITLES[name] for name in rivals), 3)
    return (
        f"The file is not in UTF-8: it was read as {title}, but may be in {others}. Look at the "
        "first rows, and choose another encoding if they are not as you wrote them."
    )
