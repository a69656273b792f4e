"""Tables whose columns have types of their own: Parquet and Feather (Arrow IPC)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet

from core.data.own import names
from core.data.own.facts import TableFound
from core.data.own.tables.source import BROKEN, Table, check_rows, damaged

_BATCH_ROWS = 20_000
_BATCH_VALUES = 2_000_000
_PIECE_BYTES = 2**20


class _Typed(Table):
    """A file whose schema is known before any of its rows."""

    def _described(self, schema: pa.Schema, name: str) -> None:
        self._name, self._stored, self.warnings = name, schema.names, []
        self.names = names.distinct(schema.names)
        self._fields = {tidied: index for index, tidied in enumerate(self.names)}
        if len(set(schema.names)) != len(schema.names):
            raise damaged(name, ValueError("two columns have the same name"))

    def _stored_names(self, columns: Sequence[str]) -> list[str]:
        return [self._stored[self._fields[column]] for column in columns]


class ParquetTable(_Typed):
    """A Parquet file."""

    def __init__(self, path: Path, name: str) -> None:
        self._path, self._name = path, name
        with self._opened() as file:
            self._described(file.schema_arrow, name)
            self._rows = file.metadata.num_rows
        self.found = TableFound("Parquet")
        check_rows(self._rows, name)

    def portions(self, columns: Sequence[str]) -> Iterator[tuple[dict[str, pa.Array], float]]:
        """See `Table.portions`."""
        stored = self._stored_names(columns)
        rows, size = 0, max(1, min(_BATCH_ROWS, _BATCH_VALUES // len(columns)))
        with self._opened() as file:
            try:
                for batch in file.iter_batches(size, columns=stored, use_threads=False):
                    batch.validate(full=True)  # its texts are a stranger's
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


class FeatherTable(_Typed):
    """A Feather file, version 2."""

    def __init__(self, path: Path, name: str) -> None:
        self._path, self._name = path, name
        try:
            with self._opened() as file:
                self._described(file.schema, name)
                self._batches = file.num_record_batches
        except BROKEN as error:
            raise damaged(name, error) from error
        self.found = TableFound("Feather")

    def portions(self, columns: Sequence[str]) -> Iterator[tuple[dict[str, pa.Array], float]]:
        """See `Table.portions`."""
        stored, rows = self._stored_names(columns), 0
        try:
            with self._opened() as file:
                for index in range(self._batches):
                    batch = file.get_batch(index)
                    batch.validate(full=True)  # its buffers are a stranger's
                    rows += batch.num_rows
                    check_rows(rows, self._name)
                    arrays = {
                        column: batch.column(name)
                        for column, name in zip(columns, stored, strict=True)
                    }
                    yield arrays, (index + 1) / self._batches
        except BROKEN as error:
            raise damaged(self._name, error) from error

    def _opened(self) -> Any:
        return pyarrow.ipc.open_file(self._path)
