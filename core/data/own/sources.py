"""Tables of strangers, a portion of rows at a time: CSV of any common make, and Parquet."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from core.data.own import headers, names
from core.data.own.limits import ReadLimits
from core.data.own.names import tidy
from core.errors import UnusableUpload

# What pyarrow raises where a file is broken, besides its own errors.
BROKEN = (pa.ArrowException, OSError, ValueError, OverflowError, KeyError, IndexError)
MOST_ROWS = 10_000_000
_MOST_COLUMNS = 2_000
_BLOCK_BYTES = 2 * 2**20
_BLOCKS_BYTES = 256 * 2**20  # pyarrow reserves one for each column
_PORTION_BYTES = 8 * 2**20
_BATCH_ROWS = 20_000
_BATCH_VALUES = 2_000_000
_MISSING = ("", "NA", "N/A", "n/a", "na", "NaN", "nan", "null", "NULL", "None", "#N/A", "?", "-")
_INFINITE = tuple(sign + word for sign in ("", "+", "-") for word in ("inf", "Inf", "Infinity"))
_PIECE_BYTES = 2**20


class Table:
    """The columns of a file by tidy names, and its rows in portions."""

    names: tuple[str, ...]
    warnings: list[str]
    comma: bool = False  # whether numbers may have a decimal comma

    def portions(self, columns: Sequence[str]) -> Iterator[tuple[dict[str, pa.Array], float]]:
        """These columns of some rows at a time, and the share of the file that is read then.

        Raises:
            UnusableUpload: the file is damaged.
        """
        raise NotImplementedError


def opened(path: Path, name: str, limits: ReadLimits) -> Table:
    """The table at `path`, which its owner calls `name`: CSV, or Parquet if that says so.

    Raises:
        UnusableUpload: it is damaged, or has too many columns or rows.
    """
    with path.open("rb") as file:
        is_parquet = file.read(4) == b"PAR1"
    table: Table = ParquetTable(path, name) if is_parquet else CsvTable(path, name)
    if not 2 <= len(table.names) <= _MOST_COLUMNS:
        raise UnusableUpload(
            f"{tidy(name)} has {names.counted(len(table.names), 'column')}; 2 to "
            f"{_MOST_COLUMNS:,} are needed: one to predict, and those it is predicted from. "
            "Look at how the file was saved."
        )
    return table


def damaged(name: str, error: Exception) -> UnusableUpload:
    """What to say of a table that pyarrow cannot read."""
    if isinstance(error, MemoryError):  # pyarrow's is of both kinds
        raise error
    reason = str(error).split("\n")[0]
    return UnusableUpload(
        f"{tidy(name)} cannot be read as a table: {tidy(reason, 'it is damaged')}. Save it again "
        "with the program it comes from, as CSV in UTF-8 or as Parquet."
    )


class ParquetTable(Table):
    """A Parquet file; its columns have types of their own."""

    def __init__(self, path: Path, name: str) -> None:
        self._path, self._name = path, name
        self.warnings = []
        with self._opened() as file:
            schema, self._rows = file.schema_arrow, file.metadata.num_rows
        self.names = names.distinct(schema.names)
        self._fields = {tidied: index for index, tidied in enumerate(self.names)}
        if len(set(schema.names)) != len(schema.names):
            raise damaged(name, ValueError("two columns have the same name"))
        self._stored = schema.names
        _check_rows(self._rows, name)

    def portions(self, columns: Sequence[str]) -> Iterator[tuple[dict[str, pa.Array], float]]:
        """See `Table.portions`."""
        stored = [self._stored[self._fields[column]] for column in columns]
        rows, size = 0, max(1, min(_BATCH_ROWS, _BATCH_VALUES // len(columns)))
        with self._opened() as file:
            try:
                for batch in file.iter_batches(size, columns=stored, use_threads=False):
                    rows += batch.num_rows
                    arrays = {
                        column: batch.column(name)
                        for column, name in zip(columns, stored, strict=True)
                    }
                    yield arrays, rows / max(1, self._rows)
            except BROKEN as error:
                raise damaged(self._name, error) from error

    def _opened(self) -> Any:
        try:
            return pyarrow.parquet.ParquetFile(
                self._path,
                pre_buffer=False,
                buffer_size=_PIECE_BYTES,
                thrift_string_size_limit=16 * 2**20,
                thrift_container_size_limit=1_000_000,
            )
        except BROKEN as error:
            raise damaged(self._name, error) from error


@dataclass
class _Skipped:
    """Counts the rows of a CSV that have more or fewer values than there are columns."""

    count: int = 0
    first: str = field(default="")

    def __call__(self, row: Any) -> str:
        self.count += 1
        return "skip"


class CsvTable(Table):
    """Separated values; all columns are texts here. Separator, encoding and header are found."""

    def __init__(self, path: Path, name: str) -> None:
        self._path, self._name = path, name
        self.warnings = []
        self._encoding = _encoding(path, name)
        if self._encoding == "cp1252":
            self.warnings.append("The file is not in UTF-8: it was read as Windows-1252.")
        found = headers.found(path, self._encoding)
        if found is None:
            raise damaged(name, ValueError("its lines have no like number of values"))
        self._delimiter = found.delimiter
        self.comma = self._delimiter != ","
        self.names = names.distinct(found.names)
        self._header_lines = found.lines
        if not found.lines:
            self.warnings.append(
                "The first line holds values, so columns have no names and were numbered."
            )
        self._size, self._line_bytes = path.stat().st_size, _longest_line(path)

    def portions(self, columns: Sequence[str]) -> Iterator[tuple[dict[str, pa.Array], float]]:
        """See `Table.portions`."""
        stored = [str(self.names.index(column)) for column in columns]
        skipped, rows = _Skipped(), 0
        with self._path.open("rb") as file:
            try:
                for batch in _gathered(self._reader(file, stored, skipped)):
                    rows += batch.num_rows
                    _check_rows(rows, self._name)
                    arrays = dict(zip(columns, batch.columns, strict=True))
                    yield arrays, min(1.0, file.tell() / self._size)
            except BROKEN as error:
                raise damaged(self._name, error) from error
        self._tell(skipped.count, rows)

    def _reader(self, file: Any, stored: list[str], skipped: _Skipped) -> Any:
        return pyarrow.csv.open_csv(
            file,
            pyarrow.csv.ReadOptions(
                use_threads=False,
                block_size=self._block_bytes(len(stored)),
                skip_rows=self._header_lines,
                column_names=[str(index) for index in range(len(self.names))],
                encoding=self._encoding,
            ),
            pyarrow.csv.ParseOptions(
                delimiter=self._delimiter, newlines_in_values=True, invalid_row_handler=skipped
            ),
            pyarrow.csv.ConvertOptions(
                default_column_type=pa.string(),
                strings_can_be_null=True,
                null_values=(*_MISSING, *_INFINITE),
                include_columns=stored,
            ),
        )

    def _block_bytes(self, columns: int) -> int:
        """How much is read at a time: some lines, and no more than there is memory for."""
        return max(4 * self._line_bytes, min(_BLOCK_BYTES, _BLOCKS_BYTES // columns))

    def _tell(self, skipped: int, rows: int) -> None:
        if skipped > rows:
            raise UnusableUpload(
                f"{tidy(self._name)}: {skipped:,} of {skipped + rows:,} lines do not have "
                f"{len(self.names):,} values as the first line has. Save the table with the same "
                "number of values in every line, and texts with separators in quotes."
            )
        lines = names.counted(skipped, "line")
        text = f"Left out, as they have another number of values than the first line: {lines}."
        if skipped and text not in self.warnings:
            self.warnings.append(text)


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


def _check_rows(rows: int, name: str) -> None:
    if rows > MOST_ROWS:
        raise UnusableUpload(
            f"{tidy(name)} has more than {MOST_ROWS:,} rows, the most that are read. Save a part "
            "of them, drawn at random."
        )


def _encoding(path: Path, name: str) -> str:
    """The encoding that the whole file can be read in."""
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates: tuple[str, ...] = ("utf-16",)
    else:
        candidates = ("utf-8", "cp1252")
    for encoding in candidates:
        if _decodes(path, encoding):
            return encoding
    raise damaged(name, ValueError("it holds what is no text"))


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        try:
            while piece := file.read(_PIECE_BYTES):
                if "\0" in decoder.decode(piece):
                    return False
            decoder.decode(b"", final=True)
        except UnicodeError:
            return False
    return True


def _longest_line(path: Path) -> int:
    """The bytes of the longest of the first lines."""
    with path.open("rb") as file:
        return max(map(len, file.read(headers.HEAD_BYTES).split(b"\n")))
