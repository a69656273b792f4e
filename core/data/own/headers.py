"""The first lines of a CSV: what separates its values, and whether the first line holds names."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

HEAD_BYTES = 256 * 2**10
_TRIED_ROWS = 20
_DELIMITERS = ",;\t|"


@dataclass(frozen=True)
class Header:
    """`names`, empty where there are none, and the first `lines` of the file that hold them."""

    delimiter: str
    names: tuple[str, ...]
    lines: int


def found(path: Path, encoding: str) -> Header | None:
    """How the file at `path` begins; None if its lines have no like number of values."""
    head = _head(path, encoding)
    best = _split(head)
    if best is None or len(best[1]) == 1:
        best = _split(head, completed=True) or best
    if best is None:
        return None
    delimiter, first, rest, count = best
    if _holds_names(first, rest):
        return Header(delimiter, tuple(first), count)
    return Header(delimiter, ("",) * len(first), 0)


def _split(
    head: str, completed: bool = False
) -> tuple[str, list[str], list[list[str]], int] | None:
    """The best separator, the first record, those after it like it, and the first's lines."""
    best: tuple[str, list[str], list[list[str]], int] | None = None
    for delimiter in _DELIMITERS:
        # Lines as pyarrow counts them: StringIO would also break at other characters.
        lines = iter(head.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
        reader = csv.reader((line + "\n" for line in lines), delimiter=delimiter)
        try:
            first = next((row for row in reader if any(row)), [])
            count = reader.line_num
            rest = [row for row in islice(reader, _TRIED_ROWS) if row]
        except csv.Error:
            continue
        first = _completed(first, rest) if completed else first
        agreeing = [row for row in rest if len(row) == len(first)]
        if len(first) > (len(best[1]) if best else 0) and len(agreeing) * 2 >= len(rest):
            best = delimiter, first, agreeing, count
    return best


def _head(path: Path, encoding: str) -> str:
    with path.open("rb") as file:
        raw = file.read(HEAD_BYTES)
    return raw.decode("utf-8-sig" if encoding == "utf-8" else encoding, "ignore")


def _completed(first: list[str], rest: list[list[str]]) -> list[str]:
    """The names with one that is lacking, where all lines have one value more.

    Some programs end each line but the first with a separator; R gives no name to its row names.
    """
    if len(first) < 2 or not rest or any(len(row) != len(first) + 1 for row in rest[:-1] or rest):
        return first
    return [*first, ""] if not any(row[-1] for row in rest) else ["", *first]


def _holds_names(first: list[str], rest: list[list[str]]) -> bool:
    """Whether the first record holds names, unlike those below: no fractions, no text twice."""
    if not rest:
        return True
    if all(map(_is_number, first)):
        return False
    if any(_is_number(value) != _is_number(first[0]) for value in first):
        columns = list(zip(first, zip(*rest, strict=True), strict=True))
        alike = all(all(map(_is_number, below)) for value, below in columns if _is_number(value))
        fractions = any(_is_number(value) and not value.strip().isdigit() for value in first)
        again = any(value in below for value, below in columns if not _is_number(value))
        return not (alike and (fractions or again))
    return True


def _is_number(value: str) -> bool:
    try:
        float(value.replace(",", "."))
    except ValueError:
        return False
    return True
