"""Tables in an archive that say which class, or number, each of its pictures has."""

from __future__ import annotations

import math
import shutil
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from core.data.own.divisions import Division, spoken_of
from core.data.own.facts import TableReading
from core.data.own.images.files import File
from core.data.own.images.layout import Placed
from core.data.own.images.readings import Labelled, Reading, as_number
from core.data.own.names import counted, listed, tidy
from core.data.own.tables import sources
from core.data.own.tables.cells import as_texts
from core.data.own.targets import LIKELY_CLASSES
from core.data.own.work import Work
from core.data.own.zips import BROKEN
from core.errors import UnusableUpload

LIKELY = (
    *("label", "labels", "class", "classes", "class_name", "classname", "classid", "class_id"),
    *("category", "target", "species", "breed", "diagnosis", "dx", "emotion", "tag", "y", "type"),
)
_MOST_TABLES = 20
_MOST_TEXTS = 4  # more of them are notes, one for each picture
_MOST_BYTES = 50_000_000
_MOST_ROWS = 500_000
_MOST_COLUMNS = 60
_MOST_READINGS = 8
_MOST_CLASSES = 200
_FEWEST = 10
_HALF = 0.5

Cells = list[str | None]


@dataclass(frozen=True, eq=False)
class Table:
    """A table that names pictures: `pictures` has one for each row, None where there is none."""

    file: File
    columns: dict[str, Cells]
    names: str
    pictures: list[Placed | None]

    @property
    def division(self) -> Division | None:
        """Which part it is about, by its name: `train.csv`, `test_labels.csv`."""
        return spoken_of(self.file.path[-1].rpartition(".")[0])


@dataclass
class _Found:
    """What one column of some tables says of pictures."""

    labels: dict[Placed, str] = field(default_factory=dict)
    division: dict[Placed, Division | None] = field(default_factory=dict)
    mixed: set[Placed] = field(default_factory=set)
    rows: int = 0
    lost: int = 0
    empty: int = 0


def readings(
    archive: zipfile.ZipFile, tables: Sequence[File], placed: Sequence[Placed], work: Work
) -> list[Reading]:
    """Classes, or numbers, by columns of tables; those with a telling name first."""
    index = _Index(placed)
    groups: defaultdict[tuple[str, ...], list[Table]] = defaultdict(list)
    for number, file in enumerate(_plausible(tables)):
        table = _table(archive, file, index, work, number)
        if table:
            groups[table.names, *table.columns].append(table)
    found = [reading for group in groups.values() for reading in _of_group(group, placed)]
    found.sort(key=lambda reading: not is_likely(reading))
    return found[:_MOST_READINGS]


def is_likely(reading: Reading) -> bool:
    """Whether a column's name says that it holds classes."""
    return reading.key.removeprefix("table:").lower() in LIKELY


def _plausible(tables: Sequence[File]) -> list[File]:
    texts = [file for file in tables if file.ending == ".txt"]
    some = [
        file
        for file in tables
        if file.member.file_size <= _MOST_BYTES
        and "submission" not in file.path[-1].lower()
        and (file.ending != ".txt" or len(texts) <= _MOST_TEXTS)
    ]
    return sorted(some, key=lambda file: (len(file.path), file.path))[:_MOST_TABLES]


def _table(
    archive: zipfile.ZipFile, file: File, index: _Index, work: Work, number: int
) -> Table | None:
    """A table whose rows name pictures; None if it is none."""
    columns = _columns(archive, file, index, work, number)
    best: tuple[int, str, list[Placed | None]] = (0, "", [])
    for name, cells in columns.items():
        pictures = [index.find(cell, file) for cell in cells]
        there = len(set(pictures) - {None})
        if there > best[0]:
            best = (there, name, pictures)
    count, names, pictures = best
    rows = len(pictures)
    named = sum(picture is not None for picture in pictures)
    enough = named >= _HALF * rows or count >= _HALF * index.count
    return Table(file, columns, names, pictures) if count >= _FEWEST and enough else None


def _columns(
    archive: zipfile.ZipFile, file: File, index: _Index, work: Work, number: int
) -> dict[str, Cells]:
    """The cells of a table as texts; nothing where it cannot be read."""
    path = work.scratch / f"labels-{number}{file.ending}"
    try:
        with archive.open(file.member) as packed, path.open("wb") as unpacked:
            shutil.copyfileobj(packed, unpacked)
        inner = replace(work, path=path, name=file.path[-1])
        table = sources.opened(inner, TableReading())
        if any(index.find(name, file) for name in table.names if "." in name):
            table = sources.opened(inner, TableReading(names=False))  # the first line is a row
        names = table.names[:_MOST_COLUMNS]
        cells: dict[str, Cells] = {name: [] for name in names}
        for arrays, _ in table.portions(names):
            for name, array in arrays.items():
                cells[name] += as_texts(array).to_pylist()
            if len(cells[names[0]]) > _MOST_ROWS:
                return {}
    except (UnusableUpload, *BROKEN):
        return {}
    return cells


class _Index:
    """Finds pictures by what a table calls them: a path, a name, or a name without its ending."""

    def __init__(self, placed: Sequence[Placed]) -> None:
        self.count = len(placed)
        self._names: defaultdict[str, list[Placed]] = defaultdict(list)
        self._stems: defaultdict[str, list[Placed]] = defaultdict(list)
        self._numbers: defaultdict[str, list[Placed]] = defaultdict(list)
        for one in placed:
            name, stem = one.file.path[-1].lower(), one.file.stem.lower()
            self._names[name].append(one)
            self._stems[stem].append(one)
            if stem.isdigit():
                self._numbers[stem.lstrip("0")].append(one)

    def find(self, called: str | None, table: File) -> Placed | None:
        """The picture that a table calls so, None if there is none or more than one."""
        if not called:
            return None
        path = called.replace("\\", "/").strip().lower()
        name = path.rpartition("/")[2]
        some = (
            self._names.get(name)
            or self._stems.get(name)
            or self._stems.get(name.rpartition(".")[0])
            or (self._numbers.get(name.lstrip("0")) if name.isdigit() else None)
            or []
        )
        return some[0] if len(some) == 1 else _only(some, path, table)


def _only(some: Sequence[Placed], path: str, table: File) -> Placed | None:
    """The one of some pictures of the same name that a table means: by its folders or its own."""
    folder, part = table.path[:-1], spoken_of(table.path[-1].rpartition(".")[0])
    tests = (
        lambda one: f"/{'/'.join(one.file.path)}".lower().endswith(f"/{path.lstrip('./')}"),
        lambda one: one.file.path[: len(folder)] == folder,
        lambda one: one.division == part,
    )
    for test in tests:
        fitting = [one for one in some if test(one)]
        if len(fitting) == 1:
            return fitting[0]
        some = fitting or some
    return None


def _of_group(tables: Sequence[Table], placed: Sequence[Placed]) -> Iterator[Reading]:
    """The readings by each column of tables with the same columns."""
    names = [name for name in tables[0].columns if name != tables[0].names]
    shown = listed((table.file.shown for table in tables), 2)
    if len(names) > 1 and _one_hot(tables, names):
        found = _found(tables, [_hot(table, names) for table in tables])
        yield _reading(
            "table:one-hot", f"the column of {shown} that has a 1", found, tables, placed
        )
        return
    for name in names:
        found = _found(tables, [table.columns[name] for table in tables])
        title = f"the column {tidy(name)} of {shown}"
        reading = _reading(f"table:{name}", title, found, tables, placed)
        if _tells(reading):
            yield reading


def _one_hot(tables: Sequence[Table], names: Sequence[str]) -> bool:
    """Whether every row has a 1 in one of these columns, and 0 in all others."""
    for table in tables:
        for row in zip(*(table.columns[name] for name in names), strict=True):
            numbers = [as_number(cell or "") for cell in row]
            if sorted(numbers) != [0] * (len(numbers) - 1) + [1]:
                return False
    return True


def _hot(table: Table, names: Sequence[str]) -> Cells:
    rows = zip(*(table.columns[name] for name in names), strict=True)
    return [names[[as_number(cell or "") for cell in row].index(1)] for row in rows]


def _found(tables: Sequence[Table], columns: Sequence[Cells]) -> _Found:
    found = _Found()
    for table, cells in zip(tables, columns, strict=True):
        for picture, cell in zip(table.pictures, cells, strict=True):
            found.rows += 1
            if picture is None:
                found.lost += 1
            elif cell is None:
                found.empty += 1
            elif found.labels.setdefault(picture, cell) != cell:
                found.mixed.add(picture)
            else:
                found.division[picture] = picture.division or table.division
    return found


def _reading(
    key: str, title: str, found: _Found, tables: Sequence[Table], placed: Sequence[Placed]
) -> Reading:
    labels = {one: label for one, label in found.labels.items() if one not in found.mixed}
    numbers = [as_number(label) for label in labels.values()]
    is_number = bool(numbers) and all(map(math.isfinite, numbers))
    if is_number and all(number.is_integer() for number in numbers):
        labels = {one: f"{as_number(label):.0f}" for one, label in labels.items()}
        is_number = len(set(labels.values())) > LIKELY_CLASSES
    labelled = [
        Labelled(one.file, labels[one], found.division.get(one)) for one in placed if one in labels
    ]
    return Reading(
        key,
        title,
        labelled,
        tuple(_told(found, len(placed) - len(found.labels))),
        "regression" if is_number else "classification",
        tuple(table.file for table in tables),
    )


def _told(found: _Found, unlabelled: int) -> Iterator[str]:
    if found.lost:
        yield f"Rows of the table without an image: {found.lost:,} of {found.rows:,}."
    if found.empty:
        yield f"Left out, as their rows are empty there: {counted(found.empty, 'image')}."
    if found.mixed:
        yield (
            "Left out, as several rows say different things of them: "
            f"{counted(len(found.mixed), 'image')}."
        )
    if without := unlabelled - found.empty:
        yield f"Left out, as no row of the table names them: {counted(max(0, without), 'image')}."


def _tells(reading: Reading) -> bool:
    """Whether a column has classes, or numbers to predict."""
    values = len({one.label for one in reading.labelled})
    if reading.task == "regression":
        return values > 1
    return 2 <= values <= min(_MOST_CLASSES, len(reading.labelled) // 2)
