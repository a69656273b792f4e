"""Which array of a file is which: samples or targets, to train, validate or test with."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from core.data.own.divisions import Division, spoken_of
from core.data.own.names import listed, tidy

Shape = tuple[int, ...]
Role = Literal["x", "y"]
_X = ("x", "images", "image", "imgs", "img", "data", "features", "inputs", "input", "samples")
_MORE_X = ("feature", "pixels", "pictures", "photos", "patterns", "points", "xs")
_Y = ("y", "labels", "label", "targets", "target", "classes", "class", "outputs", "output")
_MORE_Y = ("lbls", "lbl", "ys", "answers", "categories", "ground", "truth")
_WORDS: dict[str, Role] = {
    **dict.fromkeys((*_X, *_MORE_X), "x"),
    **dict.fromkeys((*_Y, *_MORE_Y), "y"),
}


@dataclass(frozen=True)
class Pair:
    """Samples and their targets by the names of their arrays."""

    x: str
    y: str


@dataclass(frozen=True)
class Roles:
    """What is trained and tested with; without `test`, a part of `train` is.

    `others` are names of arrays like the targets that might be meant instead, where there is one
    pair alone; they are among the arrays `left` out. `warnings` tell of what was guessed or joined.
    """

    train: tuple[Pair, ...]
    test: Pair | None = None
    others: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """All of them, those to train with first."""
        return (*self.train, self.test) if self.test else self.train

    def told(self, may_be_chosen: bool) -> tuple[str, ...]:
        """What to say of the roles; arrays that may yet be chosen are not said to be left out."""
        names = [tidy(name) for name in self.left if not (may_be_chosen and name in self.others)]
        return (*self.warnings, f"Left out: {listed(names)}.") if names else self.warnings


def roles(shapes: Mapping[str, Shape], target: str = "") -> Roles | None:
    """The roles of arrays with these names and shapes; None where there is nothing to learn.

    `target` is the array to predict, where a file has several.
    """
    pairs = _named(shapes, target)
    guessed = () if pairs else _guessed(shapes)
    if not pairs and guessed:
        pairs = {None: guessed[0]} if len(guessed) == 1 else dict(zip(_PARTS, guessed, strict=True))
    first = pairs.pop(None, None) or pairs.pop("train", None)
    if first is None:
        return None
    said = []
    if guessed:
        told = (f"{tidy(pair.x)} as samples and {tidy(pair.y)} as targets" for pair in guessed)
        said.append(f"Taken by their shapes, as their names do not tell: {'; '.join(told)}.")
    test, validation = pairs.get("test"), pairs.get("validation")
    train: tuple[Pair, ...] = (first,)
    if test and validation:
        train = (first, validation)
        said.append(
            f"{tidy(validation.x)} is trained on: when training, a validation part is drawn from "
            "the training samples."
        )
    elif validation:
        test = validation
        said.append(f"{tidy(validation.x)} is used as test part.")
    used = {name for pair in (*train, test) if pair for name in (pair.x, pair.y)}
    others = _like_targets(shapes, first, used) if test is None else ()
    left = tuple(name for name in shapes if name not in used)
    return Roles(train, test, others, left, tuple(said))


_PARTS: tuple[Division, ...] = ("train", "test")


def _named(shapes: Mapping[str, Shape], target: str) -> dict[Division | None, Pair]:
    """Pairs by the names of arrays; one whose name says nothing may be the other of a pair."""
    found: dict[tuple[Division | None, Role], str] = {}
    for name in sorted(shapes, key=_plainness):
        if role := _role(name):
            found.setdefault((spoken_of(_words(name)), role), name)
    if target in shapes:
        found[spoken_of(_words(target)), "y"] = target
    pairs: dict[Division | None, Pair] = {}
    parts: tuple[Division | None, ...] = (None, "train", "validation", "test")
    for part in parts:
        x, y = found.get((part, "x")), found.get((part, "y"))
        if x and not y:
            y = _partner(shapes, x, part, lambda shape: len(shape) <= 2)
        if y and not x:
            x = _partner(shapes, y, part, lambda shape: len(shape) >= 2)
        if x and y:
            pairs[part] = Pair(x, y)
    return pairs


def _partner(
    shapes: Mapping[str, Shape], name: str, part: Division | None, fits: object
) -> str | None:
    """An array of as many samples, whose name says no role, but the same part."""
    for other, shape in shapes.items():
        same = spoken_of(_words(other)) == part and len(shape) > 0 and shape[0] == shapes[name][0]
        if other != name and same and not _role(other) and callable(fits) and fits(shape):
            return other
    return None


def _guessed(shapes: Mapping[str, Shape]) -> tuple[Pair, ...]:
    """One or two pairs by shapes alone: of each pair, the samples have more values."""
    names = [name for name, shape in shapes.items() if shape]
    orders: Sequence[tuple[int, ...]]
    if len(names) == 2:
        orders = ((0, 1),)
    elif len(names) == 4:
        orders = ((0, 1, 2, 3), (0, 2, 1, 3))
    else:
        return ()
    for order in orders:
        pairs = []
        for first, second in zip(order[::2], order[1::2], strict=True):
            one, other = names[first], names[second]
            if len(shapes[other]) > len(shapes[one]):
                one, other = other, one
            fits = shapes[one][0] == shapes[other][0] and len(shapes[other]) <= 2
            pairs += [Pair(one, other)] if fits else []
        if len(pairs) == len(order) // 2:
            alike = {(shapes[pair.x][1:], shapes[pair.y][1:]) for pair in pairs}
            if len(alike) == 1 and pairs[0].x != pairs[-1].y:
                return tuple(pairs)
    return ()


def _like_targets(shapes: Mapping[str, Shape], pair: Pair, used: set[str]) -> tuple[str, ...]:
    count = shapes[pair.x][0]
    return tuple(
        name
        for name, shape in shapes.items()
        if name not in used and shape[:1] == (count,) and len(shape) <= 2 and _role(name) != "x"
    )


def _words(name: str) -> str:
    """A name in separate words: `xTrain` and `xtrain` are `x train`."""
    spaced = re.sub(r"([a-z])([A-Z])", r"\1 \2", name)
    return re.sub(r"(?i)(^|[\W_\d])([xy])(train|test|val)", r"\1\2 \3", spaced)


def _role(name: str) -> Role | None:
    words = [word for word in re.split(r"[\W\d_]+", _words(name).lower()) if word]
    found = [_WORDS[word] for word in words if word in _WORDS]
    return None if not found else "y" if "y" in found else "x"


def _plainness(name: str) -> tuple[int, str]:
    """What orders names that say the same role: `x` before `data`, and `x` before `x_extra`."""
    words = [word for word in re.split(r"[\W\d_]+", _words(name).lower()) if word]
    known = [list(_WORDS).index(word) for word in words if word in _WORDS]
    return (len(words), f"{min(known, default=99):03}")
