"""How the lines of a text table are made: what separates values, and where the names stand."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from core.data.own.tables import naming

HEAD_BYTES = 256 * 2**10
SPACE = " "
TITLES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars", SPACE: "spaces"}
_TRIED_ROWS = 60
_COMMENTS = ("#", "%", "//", "@")
_SEPARATOR_LINE = re.compile(r'^"?sep=(.)"?,*;*$', re.IGNORECASE)
# What a value may hold without being a sign that it was cut in the wrong places.
_NUMBER = re.compile(r"[-+(]?[€$£¥₩]?\s?\d[\d\s.,'’]*([eE][-+]?\d+)?\s?[%€$£¥₩)]?")
_CUT = re.compile(r"[,;\t|]")


@dataclass(frozen=True)
class Dialect:
    """`names`, each "" where there are none, and the first `lines` of the file before its values.

    `passed` are the lines among these that are neither names nor empty.
    """

    delimiter: str
    names: tuple[str, ...]
    lines: int
    has_names: bool
    passed: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Record:
    """The values of a line, and how many lines of the file there are up to its end."""

    values: list[str]
    lines: int

    @property
    def filled(self) -> int:
        return sum(bool(value.strip()) for value in self.values)


def found(path: Path, delimiter: str | None = None, names: bool | None = None) -> Dialect | None:
    """How the file at `path`, in UTF-8, is made; None if its lines have no like number of values.

    `delimiter` and `names` (whether a line holds the names) are found out where they are None.
    """
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES).decode("utf-8-sig", "ignore")
    lines = head.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(head.encode()) >= HEAD_BYTES - 8 and len(lines) > 2:
        lines = lines[:-1]  # cut in the middle
    said = _SEPARATOR_LINE.match(lines[0])
    if said and delimiter is None:
        delimiter = said[1]
    candidates = [
        made
        for tried in ([delimiter] if delimiter else TITLES)
        if (made := _made(lines, tried, 1 if said else 0, names)) is not None
    ]
    return max(candidates, key=lambda made: made[0])[1] if candidates else None


def rows(lines: Iterator[str], delimiter: str) -> Iterator[list[str]]:
    """The values of each line; several spaces separate as one does."""
    if delimiter == SPACE:
        lines = (line.expandtabs(1).strip() + "\n" for line in lines)
    yield from csv.reader(lines, delimiter=delimiter, skipinitialspace=delimiter == SPACE)


def _made(
    lines: Sequence[str], delimiter: str, start: int, names: bool | None
) -> tuple[tuple[float, ...], Dialect] | None:
    """The dialect with this separator, and before it how much speaks for that."""
    try:
        records = _records(lines, delimiter, start)
    except csv.Error:
        return None
    body = [one for one in records if not _is_comment(one)]
    if not body:
        return None
    later = [len(one.values) for one in body[len(body) // 3 :]]
    width, agreeing = Counter(later).most_common(1)[0]
    if agreeing * 2 < len(later) or (delimiter == SPACE and width < 2):
        return None
    first = _first(body, width)
    if first is None:
        return None
    rest = [one for one in body if one.lines > first.lines and len(one.values) == width]
    values = [value for one in rest or [first] for value in one.values]
    clean = sum(not _CUT.search(v) or bool(_NUMBER.fullmatch(v)) for v in values) / len(values)
    before = [one for one in records if one.lines < first.lines]
    dialect = _dialect((before, start), first, rest, names, delimiter)
    named = len(first.values) == width
    passed = sum(not one.startswith(_COMMENTS) for one in dialect.passed)
    return (width > 1, named, round(clean, 1), -passed, len(dialect.names)), dialect


def _records(lines: Sequence[str], delimiter: str, start: int) -> list[_Record]:
    # Lines as pyarrow counts them: StringIO would also break at other characters.
    given = iter(lines[start:])
    if delimiter == SPACE:
        given = (line.expandtabs(1).strip() for line in given)
    reader = csv.reader(
        (line + "\n" for line in given), delimiter=delimiter, skipinitialspace=delimiter == SPACE
    )
    found = (_Record(row, reader.line_num + start) for row in reader)
    return list(islice((one for one in found if one.filled), _TRIED_ROWS))


def _is_comment(record: _Record) -> bool:
    return record.values[0].lstrip().startswith(_COMMENTS)


def _first(body: Sequence[_Record], width: int) -> _Record | None:
    """The first line of the table: not a title above it, which fills few of its columns."""
    for index, one in enumerate(body):
        almost = width - 1 <= len(one.values) <= width + 1
        if almost and not _is_title(one, body[index + 1 : index + 4], width):
            return one
    return body[0]


def _is_title(one: _Record, below: Sequence[_Record], width: int) -> bool:
    """Whether a line is one above the names: the first of its values alone are there."""
    empty = len(one.values) - max(i for i, value in enumerate(one.values, 1) if value.strip())
    few = one.filled * 2 <= width or empty > 1
    if not few or not one.values[0].strip() or naming.is_number(one.values[0]):
        return False
    return any(
        other.filled > one.filled and not any(map(naming.is_number, other.values))
        for other in below
    )


def _dialect(
    above: tuple[Sequence[_Record], int],
    first: _Record,
    rest: Sequence[_Record],
    names: bool | None,
    delimiter: str,
) -> Dialect:
    """`above` are the lines before the first, and the line that these begin at."""
    (before, start), values = above, first.values
    below = [one.values for one in rest]
    if before and _is_comment(before[-1]) and below:
        named = _uncommented(before[-1].values)
        if len(named) == len(values) and (names is None or names) and naming.holds(named, below):
            before, first, values = before[:-1], before[-1], named
    completed = naming.completed(values, below)
    has_names = naming.holds(completed, below) if names is None else names
    passed = tuple(SPACE.join(filter(None, one.values)) for one in before)
    if has_names:
        return Dialect(delimiter, tuple(completed), first.lines, True, passed)
    width = len(below[0]) if below else len(values)
    lines = before[-1].lines if before else start
    return Dialect(delimiter, ("",) * width, lines, False, passed)


def _uncommented(values: Sequence[str]) -> list[str]:
    first = values[0].lstrip().lstrip("".join(_COMMENTS)).strip()
    return [first, *values[1:]] if first else list(values[1:])
