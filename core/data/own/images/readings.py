"""The ways to read which class each picture of an archive is of; the first is the likeliest."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from core.data.own.divisions import Division
from core.data.own.images import file_names
from core.data.own.images.files import File
from core.data.own.images.layout import Layout, Placed
from core.data.own.names import counted, listed, tidy
from core.experiment.card import Task


@dataclass(frozen=True, eq=False)
class Labelled:
    """A picture and the text that says its class, or its number to predict."""

    file: File
    label: str
    division: Division | None


@dataclass(frozen=True, eq=False)
class Reading:
    """One way: `key` tells it from others, `title` says it to people.

    `tables` are the files that it takes labels from.
    """

    key: str
    title: str
    labelled: list[Labelled]
    warnings: tuple[str, ...] = ()
    task: Task = "classification"
    tables: tuple[File, ...] = ()

    @property
    def classes(self) -> tuple[str, ...]:
        """The labels there are, in the order of their letters, or of their numbers."""
        labels = {one.label for one in self.labelled}
        if self.key in _FOLDERS or not all(map(_is_number, labels)):
            return tuple(sorted(labels))
        return tuple(sorted(labels, key=lambda label: (float(label), label)))


def by_folders(layout: Layout) -> list[Reading]:
    """Classes by the folders pictures are in, where there are two or more."""
    inside = [one for one in layout.placed if len(one.inner) > 1]
    loose = [one for one in layout.placed if len(one.inner) == 1]
    warnings = (*layout.warnings, *_left_out(loose, "they are in no folder of a class"))
    is_divided = any(one.division == "train" for one in inside)
    found: dict[tuple[str, ...], Reading] = {}
    for key, (title, label) in _FOLDERS.items():
        labels = tuple(_one_spelling(inside, [label(one) for one in inside]))
        trained = {
            label
            for one, label in zip(inside, labels, strict=True)
            if one.division == "train" or not is_divided
        }
        if len(trained) > 1 and labels not in found:
            labelled = _labelled(zip(inside, labels, strict=True))
            found[labels] = Reading(key, title, labelled, warnings)
    readings = list(found.values())
    if len(readings) > 1 and _only_numbers(inside):
        readings.sort(key=lambda reading: reading.key != "innermost")
    return readings


def by_names(layout: Layout) -> list[Reading]:
    """Classes by words or numbers in the names of files; of the training part if there is one."""
    placed = layout.placed
    training = [one for one in placed if one.division == "train"] or placed
    stems = [one.file.stem for one in placed]
    trained = [one.file.stem for one in training]
    plain = {way.key for way in file_names.found(trained)}
    readings = []
    for way in file_names.found(trained):
        labels = file_names.read(way.key, stems)
        known = {label for label in way.labels if label is not None}
        pairs = [(one, label) for one, label in zip(placed, labels, strict=True) if label in known]
        lost = [one for one, label in zip(placed, labels, strict=True) if label not in known]
        example = training[way.example].file
        title = f"{way.where} ({tidy(way.labels[way.example] or '')} in {tidy(example.path[-1])})"
        warnings = (*layout.warnings, *_left_out(lost, "their names tell no class"))
        labelled = _labelled((one, label or "") for one, label in pairs)
        readings.append(Reading(f"name-{way.key}", title, labelled, warnings))
    return readings if plain - {"second"} else []


def _one_spelling(placed: Sequence[Placed], labels: Sequence[str]) -> Iterator[str]:
    """Labels spelled as in the training part, where another part has other capitals or spaces."""
    train = {label for one, label in zip(placed, labels, strict=True) if one.division == "train"}
    spelled = {_plain(label): label for label in train}
    for one, label in zip(placed, labels, strict=True):
        other = spelled.get(_plain(label), label) if len(spelled) == len(train) else label
        yield label if one.division in (None, "train") else other


def _plain(label: str) -> str:
    return re.sub(r"[\s_-]+", " ", label).casefold().strip()


def as_number(text: str) -> float:
    """The number that a label is, NaN if it is none."""
    try:
        return float(text)
    except ValueError:
        return math.nan


def differing(readings: Sequence[Reading]) -> list[Reading]:
    """Those that do not divide the same pictures in the same way as an earlier one."""
    kept: dict[frozenset[frozenset[int]], Reading] = {}
    for reading in readings:
        groups: defaultdict[str, list[int]] = defaultdict(list)
        for one in reading.labelled:
            groups[one.label].append(one.file.member.header_offset)
        kept.setdefault(frozenset(map(frozenset, groups.values())), reading)
    return list(kept.values())


def _labelled(pairs: Iterable[tuple[Placed, str]]) -> list[Labelled]:
    return [Labelled(one.file, label, one.division) for one, label in pairs]


def _left_out(lost: Sequence[Placed], reason: str) -> tuple[str, ...]:
    if not lost:
        return ()
    shown = listed((one.file.shown for one in lost), 2)
    return (f"Left out, as {reason}: {counted(len(lost), 'image')}. Among them: {shown}.",)


def _only_numbers(placed: Sequence[Placed]) -> bool:
    """Whether the top folders differ in a number alone (`batch_1`), and hold the same folders."""
    below: defaultdict[str, set[str]] = defaultdict(set)
    for one in placed:
        below[one.inner[0]].add(one.inner[1] if len(one.inner) > 2 else "")
    names = {re.sub(r"\d+", "", top) for top in below}
    return len(below) > 1 and len(names) == 1 and len(set(map(frozenset, below.values()))) == 1


def _top(one: Placed) -> str:
    return one.inner[0]


def _innermost(one: Placed) -> str:
    return one.inner[-2]


def _whole(one: Placed) -> str:
    return "/".join(one.inner[:-1])


def _is_number(text: str) -> bool:
    return math.isfinite(as_number(text))


_FOLDERS: dict[str, tuple[str, Callable[[Placed], str]]] = {
    "folder": ("the folder an image is in", _top),
    "innermost": ("the innermost folder an image is in", _innermost),
    "folders": ("all folders an image is in", _whole),
}
