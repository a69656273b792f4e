"""JSON as a table: one record a line, an array of records, or columns by name."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from core.data.own.names import listed, tidy
from core.data.own.tables.source import damaged
from core.errors import UnusableUpload

ENDINGS = (".json", ".jsonl", ".ndjson")
_DEEPEST = 3
_MOST_COLUMNS = 20_000


class Records:
    """The records of a file in UTF-8; what is nested in one has a column of its own, as `a.b`."""

    def __init__(self, path: Path, name: str) -> None:
        """Find the columns.

        Raises:
            UnusableUpload: it is damaged, or holds no records.
        """
        self._path, self._name = path, name
        self._whole: list[Any] | None = None
        self._lists: dict[str, None] = {}
        self._deep = False
        try:
            self._whole = None if self._is_lines() else self._loaded()
            self.columns = self._columns()
        except (ValueError, RecursionError) as error:
            raise damaged(name, error) from error
        if not self.columns:
            raise self._no_records()

    def rows(self) -> Iterator[list[str]]:
        """The names of the columns, then the texts of each record."""
        yield list(self.columns)
        for record in self._records():
            flat = dict(self._flat(record))
            yield [_text(flat.get(column)) for column in self.columns]

    def warnings(self) -> Iterator[str]:
        """What people should know of."""
        if self._deep:
            yield "Values nested in others have columns of their own, with a point in the name."
        if self._lists:
            yield (
                "Lists in the records were left out: "
                f"{listed(map(tidy, self._lists))}. Bring a column for each of their values."
            )

    def _is_lines(self) -> bool:
        """Whether the first line is a record, and the next another."""
        with self._path.open(encoding="utf-8-sig") as file:
            lines = (line for line in file if line.strip())
            first, second = next(lines, ""), next(lines, "")
        if not first.lstrip().startswith(("{", "[")) or not second:
            return False
        try:
            return isinstance(json.loads(first), (dict, list)) and bool(json.loads(second))
        except ValueError:
            return False

    def _loaded(self) -> list[Any]:
        with self._path.open(encoding="utf-8-sig") as file:
            whole = json.load(file)
        if isinstance(whole, dict):
            return _of_object(whole) or [whole]
        return whole if isinstance(whole, list) else []

    def _records(self) -> Iterator[Any]:
        if self._whole is not None:
            yield from self._whole
            return
        with self._path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    try:
                        yield json.loads(line)
                    except (ValueError, RecursionError) as error:
                        raise damaged(self._name, ValueError(f"line {number}: {error}")) from error

    def _columns(self) -> dict[str, None]:
        found: dict[str, None] = {}
        for record in self._records():
            if not isinstance(record, (dict, list)):
                raise self._no_records()
            found.update(dict.fromkeys(name for name, _ in self._flat(record)))
            if len(found) > _MOST_COLUMNS:
                raise UnusableUpload(
                    f"{tidy(self._name)} has records with more than {_MOST_COLUMNS:,} different "
                    "names. Bring records that have the same names."
                )
        return found

    def _flat(self, record: Any, before: str = "", depth: int = 1) -> Iterator[tuple[str, Any]]:
        pairs: Iterable[tuple[str, Any]]
        pairs = record.items() if isinstance(record, dict) else _numbered(record)
        for key, value in pairs:
            name = f"{before}{key}"
            if isinstance(value, dict) and depth < _DEEPEST:
                self._deep = True
                yield from self._flat(value, f"{name}.", depth + 1)
            elif isinstance(value, (dict, list)):
                self._lists[name] = None
            else:
                yield name, value

    def _no_records(self) -> UnusableUpload:
        return UnusableUpload(
            f"{tidy(self._name)} holds no table: records as "
            '{"height": 1.7, "kind": "a"} are needed, one a line, or an array of them.'
        )


def _of_object(whole: dict[str, Any]) -> list[Any] | None:
    """The records of an object: those it holds, or its columns side by side, as pandas saves."""
    for value in whole.values():
        if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
            return value
    values = list(whole.values())
    if values and all(isinstance(value, list) for value in values):
        rows = zip(*values, strict=True)
        return [dict(zip(whole, row, strict=True)) for row in rows]
    if values and all(isinstance(value, dict) for value in values):
        keys = dict.fromkeys(key for value in values for key in value)
        if len(keys) >= len(whole):  # columns, each with its rows by number
            return [{name: whole[name].get(key) for name in whole} for key in keys]
        return values
    return None


def _numbered(values: list[Any]) -> Iterator[tuple[str, Any]]:
    return ((f"column {index}", value) for index, value in enumerate(values, start=1))


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(value)
