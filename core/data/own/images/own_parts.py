"""The training and test parts that an archive brings along, and what they lack."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.data.own.divisions import Division
from core.data.own.images.readings import Labelled
from core.data.own.names import counted

Flags = NDArray[np.bool_]


def divided(labelled: Sequence[Labelled]) -> Flags | None:
    """Which images are tested with, as the file says; None where it does not divide them.

    Without a test part, a validation part is tested with; else it is trained on.
    """
    divisions = Counter(one.division for one in labelled)
    test: Division = "test" if divisions["test"] else "validation"
    if not divisions["train"] or not divisions[test]:
        return None
    return np.array([one.division == test for one in labelled])


def told(labelled: Sequence[Labelled]) -> list[str]:
    """What to say of the parts where they are kept."""
    counts = Counter(one.division for one in labelled)
    if divided(labelled) is None:
        return []
    said = []
    if counts["validation"] and counts["test"]:
        said.append(
            f"The validation part of the file ({counted(counts['validation'], 'image')}) is "
            "trained on: when training, a validation part is drawn from the training samples."
        )
    elif counts["validation"]:
        said.append(
            f"The validation part of the file ({counted(counts['validation'], 'image')}) is used "
            "as test part: when training, a validation part is drawn from the training samples."
        )
    return said


def mixed(labelled: Sequence[Labelled]) -> list[str]:
    """What to say of the parts where they are put together."""
    names = sorted({one.division for one in labelled if one.division})
    if len(names) < 2:
        return []
    return [
        f"The parts {' and '.join(names)} of the file were put together: a test part is drawn anew "
        "here, and a validation part when training."
    ]
