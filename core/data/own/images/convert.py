"""A visitor's images made into arrays: read, labelled, divided, checked and written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.data.arrays import Array, Indices
from core.data.own import archives, parts, repeats, targets
from core.data.own.facts import ImageChoices, OwnFacts
from core.data.own.images import checks, own_parts
from core.data.own.images.files import not_looked_at
from core.data.own.images.looking import understood, unreadable
from core.data.own.images.readings import Labelled, Reading, as_number
from core.data.own.images.stored import Images
from core.data.own.images.survey import survey
from core.data.own.limits import SIDES
from core.data.own.names import tidy
from core.data.own.parts import Part
from core.data.own.targets import Target
from core.data.own.work import Outcome, Work
from core.errors import UnusableUpload
from core.experiment.card import Task

_WHITE = 255.0


@dataclass(frozen=True, eq=False)
class _Set:
    """Images with their labels: `target.kept`, `train` and `test` as in `core.data.own.parts`."""

    x: Array
    used: list[Labelled]
    target: Target
    train: Indices
    test: Indices


def convert(work: Work, choices: ImageChoices) -> Outcome:
    """Write the images, all of one size.

    Raises:
        UnusableUpload: it cannot be used.
    """
    _check_side(choices)
    with archives.opened(work) as archive:
        there, ways = understood(archive, work)
        reading = _chosen(ways, choices, work)
        every = reading.labelled
        wanted = [every[row] for row in parts.sampled(len(every), _most(choices, work), work.seed)]
        found = survey(archive, [one.file for one in wanted], work.limits)
        images = Images(archive, found, choices, work)
        x, rows = images.read([one.file for one in wanted])
    if not len(rows):
        raise unreadable(work.name)
    task = choices.task or reading.task
    made, said = _divided(x, [wanted[row] for row in rows], reading, choices, work)
    warnings = (
        *_written(made, work),
        *made.target.warnings,
        *said,
        *reading.warnings,
        *_sampled(len(wanted), len(every)),
        *images.warnings(),
        *there.warnings,
        *not_looked_at(there, reading.tables),
    )
    facts = OwnFacts(
        task,
        images.shape,
        made.target.classes,
        (),
        (0.0, _WHITE),
        len(made.train),
        len(made.test),
    )
    return Outcome(facts, warnings, tuple(images.skipped), images.skipped_count)


def _check_side(choices: ImageChoices) -> None:
    if not SIDES[0] <= choices.side <= SIDES[1]:
        raise UnusableUpload(
            f"Image size: {choices.side} pixels were chosen; {SIDES[0]} to {SIDES[1]} are allowed. "
            "Try 32."
        )


def _chosen(ways: Sequence[Reading], choices: ImageChoices, work: Work) -> Reading:
    if not choices.reading:
        return ways[0]
    for reading in ways:
        if reading.key == choices.reading:
            return reading
    raise UnusableUpload(
        f"{tidy(work.name)}: its classes cannot be read in the way that was chosen, "
        f"{tidy(choices.reading)}. Upload it again, then choose."
    )


def _most(choices: ImageChoices, work: Work) -> int:
    """How many images may be kept: by their number, and by their size."""
    size = choices.side**2 * (1 if choices.color == "grayscale" else 3) + 8
    return max(1, min(work.limits.samples, work.limits.unpacked_bytes // size))


def _sampled(used: int, there: int) -> list[str]:
    return [f"{used:,} of {there:,} images are used, drawn at random."] if used < there else []


def _divided(
    x: Array, used: list[Labelled], reading: Reading, choices: ImageChoices, work: Work
) -> tuple[_Set, list[str]]:
    """The images with their targets, in the parts that the file brings or in drawn ones."""
    target = _target(used, reading, choices.task or reading.task, work)
    is_test = own_parts.divided(used) if choices.own_test else None
    if is_test is not None:
        kept = is_test[target.kept]
        least = max(10, 5 * len(target.classes))
        if kept.any() and (~kept).sum() >= least:
            lacking = parts.lacking(target.classes, target.values, kept)
            train, test = np.flatnonzero(~kept), np.flatnonzero(kept)
            return _Set(x, used, target, train, test), [*own_parts.told(used), *lacking]
    train, test = parts.divided(target.values, work.seed)
    return _Set(x, used, target, train, test), own_parts.mixed(used)


def _target(used: list[Labelled], reading: Reading, task: Task, work: Work) -> Target:
    if task == "regression":
        return targets.numbers(np.array([as_number(one.label) for one in used]))
    names = reading.classes
    numbers = {label: number for number, label in enumerate(names)}
    return targets.classes(np.array([numbers[one.label] for one in used]), names, work.limits)


def _written(made: _Set, work: Work) -> list[str]:
    """Check the images and write them; what to say of them."""
    seen = checks.seen(made.x)
    if seen.lowest == seen.highest:
        raise UnusableUpload(
            f"{tidy(work.name)}: all pixels of all {len(made.x):,} images are the same, so there "
            "is nothing to learn. Choose another background if they are transparent, or look at "
            "how the files were made."
        )
    factor, kept, target = checks.brightening(seen), made.target.kept, made.target
    parts.write(
        work.folder,
        Part(made.x, kept[made.train], target.values[made.train]),
        Part(made.x, kept[made.test], target.values[made.test]),
        lambda some: some if factor == 1 else np.rint(some * factor).astype(np.uint8),
        lambda share: work.progress(0.95 + 0.05 * share),
    )
    said = [*checks.one_color(seen, [one.file.shown for one in made.used])]
    if factor != 1:
        said.append(f"Pixels from 0 to {seen.highest} were brought to 0 to 255.")
    digests = [seen.digests[row] for row in kept.tolist()]
    if target.classes:
        labels = target.values.tolist()
        said += repeats.mixed_classes(digests, labels, target.classes, "image")
    train, test = ([digests[row] for row in part.tolist()] for part in (made.train, made.test))
    return [*said, *repeats.told(train, test, "image")]
