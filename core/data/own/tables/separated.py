"""Separated values in UTF-8: all columns are texts here."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv

from core.data.own import names
from core.data.own.facts import TableFound
from core.data.own.names import counted, listed, tidy
from core.data.own.tables import dialects
from core.data.own.tables.dialects import Dialect
from core.data.own.tables.source import BROKEN, Table, check_rows, damaged
from core.errors import UnusableUpload

_BLOCK_BYTES = 2 * 2**20
_BLOCKS_BYTES = 256 * 2**20  # pyarrow reserves one for each column
_PORTION_BYTES = 8 * 2**20


@dataclass
class _Skipped:
    """Counts the rows that have more or fewer values than there are columns."""

    count: int = 0
    first: str = ""

    def __call__(self, row: Any) -> str:
        if not self.count:
            self.first = tidy(str(row.text or ""))
        self.count += 1
        return "skip"


class CsvTable(Table):
    """A text file whose dialect is known."""

    def __init__(self, path: Path, name: str, dialect: Dialect, found: TableFound) -> None:
        self._path, self._name, self.found = path, name, found
        self.warnings = [*_told(dialect)]
        self._delimiter, self._passed_lines = dialect.delimiter, dialect.lines
        self.comma = found.separator not in (None, dialects.TITLES[","])
        self.names = names.distinct(dialect.names)
        self._size, self._line_bytes = path.stat().st_size, _longest_line(path)

    def portions(self, columns: Sequence[str]) -> Iterator[tuple[dict[str, pa.Array], float]]:
        """See `Table.portions`."""
        stored = [str(self.names.index(column)) for column in columns]
        skipped, rows = _Skipped(), 0
        with self._path.open("rb") as file:
            try:
                for batch in _gathered(self._reader(file, stored, skipped)):
                    rows += batch.num_rows
                    check_rows(rows, self._name)
                    arrays = dict(zip(columns, batch.columns, strict=True))
                    yield arrays, min(1.0, file.tell() / self._size)
            except BROKEN as error:
                raise damaged(self._name, error) from error
        self._tell(skipped, rows)

    def _reader(self, file: Any, stored: list[str], skipped: _Skipped) -> Any:
        return pyarrow.csv.open_csv(
            file,
            pyarrow.csv.ReadOptions(
                use_threads=False,
                block_size=self._block_bytes(len(stored)),
                skip_rows=self._passed_lines,
                column_names=[str(index) for index in range(len(self.names))],
            ),
            pyarrow.csv.ParseOptions(
                delimiter=self._delimiter, newlines_in_values=True, invalid_row_handler=skipped
            ),
            pyarrow.csv.ConvertOptions(
                default_column_type=pa.string(),
                strings_can_be_null=True,
                null_values=("",),
                include_columns=stored,
            ),
        )

    def _block_bytes(self, columns: int) -> int:
        """How much is read at a time: some lines, and no more than there is memory for."""
        return max(4 * self._line_bytes, min(_BLOCK_BYTES, _BLOCKS_BYTES // columns))

    def _tell(self, skipped: _Skipped, rows: int) -> None:
        if skipped.count > rows:
            raise UnusableUpload(
                f"{tidy(self._name)}: {skipped.count:,} of {skipped.count + rows:,} lines do not "
                f"have {len(self.names):,} values as the first line has. Save the table with the "
                "same number of values in every line, and texts with separators in quotes."
            )
        text = (
            "Left out, as they have another number of values than the first line: "
            f"{counted(skipped.count, 'line')}. The first is “{skipped.first}”."
        )
        if skipped.count and text not in self.warnings:
            self.warnings.append(text)


def spaces_as_tabs(path: Path, dialect: Dialect, target: Path) -> Dialect:
    """Write the lines at `path`, whose values stand apart by spaces, to `target` with tabs."""
    with path.open(encoding="utf-8-sig", newline=None) as file, _writing(target) as out:
        for _ in range(dialect.lines):
            file.readline()
        csv.writer(out, delimiter="\t", lineterminator="\n").writerows(
            row for row in dialects.rows(file, dialects.SPACE) if row
        )
    return Dialect("\t", dialect.names, 0, dialect.has_names, dialect.passed)


def written(rows: Iterable[Sequence[str]], target: Path) -> None:
    """Write rows of texts to `target`, separated by commas."""
    with _writing(target) as out:
        csv.writer(out, lineterminator="\n").writerows(rows)


def _writing(target: Path) -> Any:
    return target.open("w", encoding="utf-8", newline="", errors="replace")


def _told(dialect: Dialect) -> Iterator[str]:
    if dialect.passed:
        quoted = listed((f"“{tidy(line)}”" for line in dialect.passed), 3)
        yield f"Lines above the table were passed over: {quoted}."
    if not dialect.has_names:
        yield "The first line holds values, so columns have no names and were numbered."
    named = [name.strip() for name in dialect.names if name.strip()]
    twice = sorted({name for name in named if named.count(name) > 1})
    if twice:
        yield f"More than one column has the same name, so these were numbered: {_tidied(twice)}."


def _tidied(texts: Iterable[str]) -> str:
    return listed(map(tidy, texts))


def _gathered(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The same rows in fewer batches: of wide tables, each has a few."""
    few: list[pa.RecordBatch] = []
    for batch in batches:
        few.append(batch)
        if sum(one.nbytes for one in few) >= _PORTION_BYTES:
            yield pa.concat_batches(few)
            few = []
    if few:
        yield pa.concat_batches(few)


def _longest_line(path: Path) -> int:
    """The bytes of the longest of the first lines."""
    with path.open("rb") as file:
        return max(map(len, file.read(dialects.HEAD_BYTES).split(b"\n")))
