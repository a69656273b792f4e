"""Folders that divide a set into training, validation and test samples: which names mean what."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Literal

Division = Literal["train", "validation", "test"]
_WORDS: dict[str, Division] = {
    **dict.fromkeys(("train", "training", "trainset", "traindata", "trn"), "train"),
    **dict.fromkeys(("test", "testing", "testset", "testdata", "tst"), "test"),
    **dict.fromkeys(("val", "valid", "validation", "validate", "valset", "dev"), "validation"),
    **dict.fromkeys(("eval", "evaluation"), "validation"),
}
# What may stand beside these words.
_COMMON = {
    *("set", "sets", "data", "dataset", "split", "part", "folder", "dir", "samples", "sample"),
    *("image", "images", "imgs", "img", "pictures", "pics", "photos", "png", "jpg", "jpeg"),
}


def division(name: str) -> Division | None:
    """What a folder of this name holds, if the name says nothing else."""
    found, rest = _parted(name)
    return found if found and not rest else None


def spoken_of(name: str) -> Division | None:
    """The part that a name speaks of, whatever else it says: `train_labels`."""
    return _parted(name)[0]


def divisions(names: Collection[str]) -> dict[str, Division]:
    """What each of these folders, side by side, holds; of others there is no entry.

    `seg_train` and `seg_test` count, as they differ in that alone; `train`, `bus` and `car` do not.
    """
    plain = {name: found for name in names if (found := division(name))}
    if _divide(plain):
        return plain
    by_rest: dict[frozenset[str], dict[str, Division]] = {}
    for name in names:
        found, rest = _parted(name)
        if found:
            by_rest.setdefault(rest, {})[name] = found
    return next((group for group in by_rest.values() if _divide(group)), {})


def class_divisions(names: Collection[str]) -> dict[str, tuple[str, Division]]:
    """Of folders that are called for a class and a part each, both: `cat_train`, `trainA`.

    Empty if some are not, or if they are of one class or one part alone.
    """
    found = {
        name: (_without_division(name), division) for name in names if (division := spoken_of(name))
    }
    labels, parts = {label for label, _ in found.values()}, {part for _, part in found.values()}
    complete = len(found) == len(names) and "" not in labels and "train" in parts
    return found if complete and min(len(labels), len(parts)) > 1 else {}


def _without_division(name: str) -> str:
    """The rest of a name: `cat` of `cat_train`."""
    words = re.split(r"[\s_.-]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", name))
    return " ".join(word for word in words if word and word.lower() not in _WORDS)


def _divide(found: Mapping[str, Division]) -> bool:
    return len(set(found.values())) > 1


def _parted(name: str) -> tuple[Division | None, frozenset[str]]:
    """The division a name speaks of, if one, and its other words."""
    spaced = re.sub(r"([a-z])([A-Z])", r"\1 \2", name).lower()
    words = [word for word in re.split(r"[\W\d_]+", spaced) if word]
    meant = [word for word in words if word in _WORDS]
    if len({_WORDS[word] for word in meant}) != 1:
        return None, frozenset()
    return _WORDS[meant[0]], frozenset(words) - _COMMON - set(meant)
