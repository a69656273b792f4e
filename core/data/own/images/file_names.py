"""The class of a picture in its file's name: `cat.0.jpg`, `0_17.png`, `12-frog.png`, `label_3`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.data.own.limits import FEWEST_OF_A_CLASS

Labels = list[str | None]
_WORD = re.compile(r"(.*?[^\W\d_].*?)(?:[\W_]*\d[\d\W_]*)(?:copy)?")
_AFTER = re.compile(r"\d[\d\W_]*?[\W_]*([^\W\d_].*)")
_MARKED = re.compile(
    r"(?:^|[\W_\d])(?:label|class|cls|target|digit|y)(?:[\W_]+([^\W_]+)|(\d+))", re.IGNORECASE
)
_TOKENS = re.compile(r"[\W_]+")
_SHORT_NUMBER = re.compile(r"\d{1,3}")
# What cameras, phones and programs call any picture.
_CAMERAS = {
    *("img", "image", "images", "dsc", "dscn", "dscf", "photo", "picture", "pic", "pxl", "scan"),
    *("screenshot", "whatsapp image", "file", "frame", "untitled", "sample", "snapshot", "page"),
    *("p", "im", "imag", "mvimg", "gopr", "test", "train", "val", "figure", "fig"),
}
_MOST_CLASSES = 200
_MOST_LAST = 20
_NEARLY_ALL = 0.9


@dataclass(frozen=True, eq=False)
class Named:
    """A way to read classes in names: `labels` in the order of the names, None where none is."""

    key: str
    where: str
    labels: Labels
    example: int


def found(stems: Sequence[str], most_classes: int = _MOST_CLASSES) -> list[Named]:
    """The ways in which nearly all of these names tell a class each, the plainest first."""
    ways: list[Named] = []
    for key, (where, read) in _WAYS.items():
        labels = [read(stem) for stem in stems]
        if _is_plain(labels, min(most_classes, _MOST_LAST if key == "last" else _MOST_CLASSES)):
            same = any(_same(labels, way.labels) for way in ways)
            if not same and not (key == "last" and ways):
                example = next(index for index, label in enumerate(labels) if label is not None)
                ways.append(Named(key, where, labels, example))
    return ways


def read(key: str, stems: Sequence[str]) -> Labels:
    """What each of these names tells, read in one of the ways that `found` gives."""
    return list(map(_WAYS[key][1], stems))


def _word(stem: str) -> str | None:
    match = _WORD.fullmatch(stem)
    return _trimmed(match[1]) if match else None


def _after(stem: str) -> str | None:
    match = _AFTER.fullmatch(stem)
    return _trimmed(match[1]) if match else None


def _marked(stem: str) -> str | None:
    match = _MARKED.search(stem)
    return (match[1] or match[2]) if match else None


def _part(stem: str) -> str | None:
    tokens = _TOKENS.split(stem)
    return tokens[0] if len(tokens) > 1 and not tokens[0].isdigit() else None


def _first(stem: str) -> str | None:
    return _number_at(stem, 0)


def _second(stem: str) -> str | None:
    return _number_at(stem, 1) if len(_TOKENS.split(stem)) > 2 and _first(stem) else None


def _last(stem: str) -> str | None:
    return _number_at(stem, -1)


def _number_at(stem: str, place: int) -> str | None:
    tokens = [token for token in _TOKENS.split(stem) if token]
    token = tokens[place] if len(tokens) > max(1, place) else ""
    return token if _SHORT_NUMBER.fullmatch(token) else None


def _trimmed(text: str) -> str | None:
    return text.strip(" \t._-!#()[]+~") or None


_WAYS: dict[str, tuple[str, Callable[[str], str | None]]] = {
    "marked": ("what follows “label” or “class” in the file's name", _marked),
    "word": ("the word that begins the file's name", _word),
    "after": ("the word after the number in the file's name", _after),
    "part": ("what begins the file's name", _part),
    "first": ("the first number in the file's name", _first),
    "second": ("the second number in the file's name", _second),
    "last": ("the last number in the file's name", _last),
}


def _is_plain(labels: Labels, most: int) -> bool:
    """Whether nearly all have a class, and nearly all of these are in classes large enough."""
    counts = Counter(label for label in labels if label is not None)
    large = {label: count for label, count in counts.items() if count >= FEWEST_OF_A_CLASS}
    return (
        2 <= len(large) <= most
        and counts.total() >= _NEARLY_ALL * len(labels)
        and sum(large.values()) >= _NEARLY_ALL * counts.total()
        and not all(label.lower() in _CAMERAS for label in large)
    )


def _same(some: Labels, others: Labels) -> bool:
    """Whether two ways divide the pictures alike."""
    pairs = set(zip(some, others, strict=True))
    return len(pairs) == len(set(some)) == len(set(others))
