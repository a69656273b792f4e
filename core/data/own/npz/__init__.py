"""A visitor's arrays: samples and targets, together or divided, in an `.npz` or a zip of `.npy`."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.data.arrays import Array, Indices
from core.data.own import missing, parts, repeats, targets
from core.data.own.facts import ArraysChoices, ArraysLook, OwnFacts
from core.data.own.names import tidy
from core.data.own.npz import checked, forms, headers, pixels
from core.data.own.npz.roles import Roles
from core.data.own.parts import Encode, Part
from core.data.own.targets import Target
from core.data.own.work import Outcome, Work
from core.errors import UnusableUpload


def look(work: Work) -> ArraysLook:
    """The arrays of the file and what its targets seem to be.

    Raises:
        UnusableUpload: it cannot be used.
    """
    with headers.opened(work) as stored:
        roles = checked.roles_of(stored, work)
        first = roles.train[0]
        y = headers.mapped(stored[first.y], work)
        shape = None
        if len(stored[first.x].shape) == 2:
            shape = forms.flat_image(headers.mapped(stored[first.x], work))
    one_hot = y.ndim == 2 and y.shape[1] > 1
    xs, ys = ([stored[name] for name in _names(roles, role)] for role in ("x", "y"))
    return ArraysLook(
        arrays=tuple((tidy(one.name), one.shape, str(one.dtype)) for one in (*xs, *ys)),
        task="classification" if one_hot else targets.likely_task(y.reshape(-1)),
        is_divided=roles.test is not None,
        warnings=(*roles.told(may_be_chosen=True), *_moved(xs[0].shape)),
        targets=(first.y, *roles.others) if roles.others else (),
        image_shape=_last(shape),
    )


def _names(roles: Roles, role: str) -> list[str]:
    return [getattr(pair, role) for pair in roles.pairs]


def _last(shape: tuple[int, ...] | None) -> tuple[int, int, int] | None:
    """A shape with its channels last."""
    if shape is None:
        return None
    return (shape[1], shape[2], shape[0]) if shape[0] == 3 else (shape[0], shape[1], shape[2])


def _moved(shape: tuple[int, ...]) -> list[str]:
    return ["Channels were moved to the end."] if forms.is_channels_first(shape) else []


@dataclass(frozen=True, eq=False)
class _Samples:
    """Samples to train with, and to test with if the file divides them, and all targets (n,)."""

    xs: list[Array]
    y: Array
    warnings: tuple[str, ...]


def convert(work: Work, choices: ArraysChoices) -> Outcome:
    """Write the arrays of the file.

    Raises:
        UnusableUpload: it cannot be used.
    """
    samples = _samples(work, choices)
    xs, y = samples.xs, samples.y
    rows = parts.sampled(len(y), _most(xs[0], work), work.seed)
    target = checked.target_of(y[rows], choices, work)
    train, test = _divided(xs, rows[target.kept], target, work)
    encode, facts, warnings = _encoding(xs, train, work)
    parts.write(work.folder, train, test, encode, lambda share: work.progress(0.4 + 0.6 * share))
    if len(rows) < len(y):
        warnings = (f"{len(rows):,} of {len(y):,} samples are used, drawn at random.", *warnings)
    if len(xs) > 1:
        is_test = rows[target.kept] >= len(xs[0])
        warnings = (*warnings, *parts.lacking(target.classes, target.values, is_test))
    warnings = (*warnings, *_repeated(work.folder, target, "image" if facts[2] else "sample"))
    shape, features, value_range = facts
    return Outcome(
        OwnFacts(
            choices.task,
            shape,
            target.classes,
            features,
            value_range,
            len(train.rows),
            len(test.rows),
        ),
        (*samples.warnings, *warnings, *target.warnings),
    )


def _samples(work: Work, choices: ArraysChoices) -> _Samples:
    with headers.opened(work) as stored:
        roles = checked.roles_of(stored, work, choices.target)
        arrays = {}
        for name in (*_names(roles, "x"), *_names(roles, "y")):
            arrays[name] = headers.mapped(stored[name], work)
            work.progress(min(0.3, 0.05 * len(arrays)))
    train = [arrays[pair.x] for pair in roles.train]
    xs = [headers.joined(train, work, "x"), *([arrays[roles.test.x]] if roles.test else [])]
    y = np.concatenate([checked.flat_targets(arrays[pair.y], pair.y, work) for pair in roles.pairs])
    said = [*roles.told(may_be_chosen=False), *_moved(xs[0].shape)]
    shape = forms.flat_image(xs[0]) if choices.as_images else None
    if shape:
        height, width, _ = _last(shape) or shape
        said.append(f"Rows of {xs[0].shape[1]:,} pixels were made {height} × {width} images.")
        xs = [forms.unflattened(x, shape) for x in xs]
    return _Samples([forms.channels_last(x) for x in xs], y, tuple(said))


def _most(x: Array, work: Work) -> int:
    """How many samples may be kept: by their number, and by their size."""
    row = math.prod(x.shape[1:]) * (1 if x.ndim > 2 else 4) + 8
    return max(1, min(work.limits.samples, work.limits.unpacked_bytes // row))


def _divided(xs: list[Array], kept: Indices, target: Target, work: Work) -> tuple[Part, Part]:
    """The parts that the file brings, or else drawn ones."""
    if len(xs) == 1:
        train, test = parts.divided(target.values, work.seed)
        return (
            Part(xs[0], kept[train], target.values[train]),
            Part(xs[0], kept[test], target.values[test]),
        )
    is_train = kept < len(xs[0])
    found = (
        Part(xs[0], kept[is_train], target.values[is_train]),
        Part(xs[1], kept[~is_train] - len(xs[0]), target.values[~is_train]),
    )
    for name, part in zip(("x_train", "x_test"), found, strict=True):
        least = max(10, 5 * len(target.classes)) if name == "x_train" else 1
        if len(part.rows) < least:
            raise UnusableUpload(
                f"{tidy(work.name)}: {name} has {len(part.rows):,} usable samples, but at least "
                f"{least:,} are needed. Bring more, or save x and y to have them divided here."
            )
    return found


def _repeated(folder: Path, target: Target, noun: str) -> Iterator[str]:
    """What to say of samples that are there twice; rows of a few numbers may well be."""
    train, test = (repeats.digests(folder / f"x_{part}.npy") for part in ("train", "test"))
    labels = np.concatenate([np.load(folder / f"y_{part}.npy") for part in ("train", "test")])
    if target.classes:
        yield from repeats.mixed_classes([*train, *test], labels.tolist(), target.classes, noun)
    yield from repeats.told(train, test, noun)


CardFacts = tuple[tuple[int, ...], tuple[str, ...], tuple[float, float] | None]


def _encoding(
    xs: list[Array], train: Part, work: Work
) -> tuple[Encode, CardFacts, tuple[str, ...]]:
    """How rows of x are stored; the shape, features and value range of that; and warnings."""
    if xs[0].ndim > 2:
        found = pixels.pixels_of(xs, work.name)
        return found.encode, (found.shape, (), found.value_range), found.warnings
    width = math.prod(xs[0].shape[1:])
    if width > work.limits.features:
        raise UnusableUpload(
            f"{tidy(work.name)}: x has {width:,} features, but at most "
            f"{work.limits.features:,} are allowed. Save fewer columns, or images as samples × "
            "height × width."
        )
    flat = [x.reshape(len(x), width) for x in xs]
    if _all_alike(flat):
        raise UnusableUpload(
            f"{tidy(work.name)}: all samples of x are the same, so there is nothing to learn. Look "
            "at how the file was made."
        )
    lacking = np.logical_or.reduce([missing.incomplete(x) for x in flat])
    medians = missing.medians(train.x.reshape(-1, width), train.rows, lacking)
    names = tuple(f"feature {number}" for number in range(1, width + 1))

    def encode(x: Array) -> Array:
        return missing.filled(x.reshape(len(x), width), medians)

    return (
        encode,
        ((width,), names, None),
        missing.told([names[index] for index in np.flatnonzero(lacking).tolist()]),
    )


def _all_alike(xs: list[Array]) -> bool:
    first = xs[0][0]
    return all(
        np.array_equal(x[rows], np.broadcast_to(first, (len(rows), len(first))), equal_nan=True)
        for x in xs
        for rows in parts.chunks(np.arange(len(x)), x[:1].nbytes)
    )
