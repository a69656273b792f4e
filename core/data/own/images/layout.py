"""How the folders of an archive are laid out: what wraps, what divides, and what is a class."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.data.own.divisions import Division, class_divisions, divisions, spoken_of
from core.data.own.images.files import File, Path
from core.data.own.names import counted, listed, tidy


@dataclass(frozen=True, eq=False)
class Placed:
    """A picture, which division it is in, and its path below the folders that wrap or divide."""

    file: File
    inner: Path
    division: Division | None = None


@dataclass(frozen=True, eq=False)
class Layout:
    """All pictures with their places; `warnings` tell of folders that were left out."""

    placed: list[Placed]
    warnings: tuple[str, ...]


def layout(files: Sequence[File]) -> Layout:
    """Look through folders that wrap all others, and find those that divide the set."""
    placed, warnings = _divided(_unwrapped([Placed(file, file.path) for file in files]))
    if not any(one.division for one in placed):
        placed = _divided_classes(placed)
    return Layout(placed, tuple(warnings))


def _unwrapped(placed: list[Placed]) -> list[Placed]:
    """Without the one folder that holds all others: `main/a/1.jpg` is `a/1.jpg`.

    Pictures beside that folder stay, and are of no class.
    """
    while True:
        folders = {one.inner[0] for one in placed if len(one.inner) > 1}
        deepest = max((len(one.inner) for one in placed), default=0)
        if len(folders) != 1 or deepest <= 2:
            return placed
        placed = [
            replace(one, inner=one.inner[1:]) if len(one.inner) > 1 else one for one in placed
        ]


def _divided(placed: list[Placed]) -> tuple[list[Placed], list[str]]:
    """With folders such as `train` and `test` taken for divisions; and what was left out then."""
    tops: defaultdict[str, list[Placed]] = defaultdict(list)
    for one in placed:
        if len(one.inner) > 1:
            tops[one.inner[0]].append(one)
    if paired := class_divisions(tops):
        return [
            replace(one, inner=(paired[name][0], *one.inner[1:]), division=paired[name][1])
            for name, inside in tops.items()
            for one in inside
        ] + [one for one in placed if len(one.inner) == 1], []
    found = divisions(tops) or _lone_training(tops)
    if not found:
        return placed, []
    kept = [one for one in placed if len(one.inner) == 1]
    for name, division in found.items():
        inside = [replace(one, inner=one.inner[1:], division=division) for one in tops[name]]
        kept += _unrepeated(_unwrapped(inside), division)
    others = [name for name in tops if name not in found]
    if not others:
        return kept, []
    lost = sum(len(tops[name]) for name in others)
    return kept, [
        f"Left out, as they are in no folder of the training or test part: "
        f"{counted(lost, 'image')} (in {listed(map(tidy, others))})."
    ]


def _unrepeated(placed: list[Placed], division: Division) -> list[Placed]:
    """Without a last folder that says the part once more: `train/train/cat.1.jpg`."""
    folders = {one.inner[0] for one in placed if len(one.inner) > 1}
    if len(folders) == 1 and spoken_of(min(folders)) == division:
        return [replace(one, inner=one.inner[-1:]) for one in placed]
    return placed


def _lone_training(tops: dict[str, list[Placed]]) -> dict[str, Division]:
    """A training folder with folders in it, beside others that have none: `train` and `test1`."""
    deep = [name for name, inside in tops.items() if max(len(one.inner) for one in inside) > 2]
    if len(deep) == 1 and len(tops) > 1:
        return {name: found for name, found in divisions({*deep, "test"}).items() if name in deep}
    return {}


def _divided_classes(placed: list[Placed]) -> list[Placed]:
    """With folders such as `train` and `test` inside each class taken for divisions."""
    below: defaultdict[str, set[str]] = defaultdict(set)
    for one in placed:
        if len(one.inner) > 2:
            below[one.inner[0]].add(one.inner[1])
    if len(below) < 2:
        return placed
    found = divisions(set().union(*below.values()))
    if not found or not all(names <= set(found) for names in below.values()):
        return placed
    return [
        replace(one, inner=(one.inner[0], *one.inner[2:]), division=found[one.inner[1]])
        if len(one.inner) > 2
        else one
        for one in placed
    ]
