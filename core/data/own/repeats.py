"""Samples that are there twice: in both parts, in one, or in several classes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from pathlib import Path

import numpy as np

from core.data.arrays import Array
from core.data.own.names import counted, listed
from core.data.own.parts import chunks

Digests = Sequence[bytes]


def digest(values: Array) -> bytes:
    """What is the same for the same values."""
    return blake2b(np.ascontiguousarray(values).tobytes(), digest_size=16).digest()


def digests(path: Path) -> list[bytes]:
    """Of each sample of an array in a file."""
    x = np.load(path, mmap_mode="r", allow_pickle=False)
    every = np.arange(len(x))
    return [digest(one) for rows in chunks(every, x[:1].nbytes) for one in x[rows]]


def told(train: Digests, test: Digests, noun: str) -> Iterator[str]:
    """What to say of samples that are there more than once; `noun` is what they are."""
    learnt = set(train)
    both, again = sum(one in learnt for one in test), len(train) - len(learnt)
    if both:
        yield (
            f"{counted(both, f'test {noun}')} of {len(test):,} {'is' if both == 1 else 'are'} "
            f"among the training {noun}s too, value for value: results of the test will look "
            "better than they are."
        )
    if again:
        yield f"Repeated among the training {noun}s, value for value: {counted(again, noun)}."


def mixed_classes(
    every: Digests, labels: Sequence[int], names: Sequence[str], noun: str
) -> Iterator[str]:
    """What to say of the same samples in several classes; `labels` lead into `names`."""
    classes: defaultdict[bytes, set[int]] = defaultdict(set)
    for one, label in zip(every, labels, strict=True):
        classes[one].add(label)
    of_class: defaultdict[int, set[bytes]] = defaultdict(set)
    for one, several in classes.items():
        for label in several:
            of_class[label].add(one)
    groups: defaultdict[frozenset[bytes], list[str]] = defaultdict(list)
    for label, members in sorted(of_class.items()):
        groups[frozenset(members)].append(names[label])
    for group in groups.values():
        if len(group) > 1:
            yield (
                f"The classes {listed(group)} have exactly the same {noun}s: nothing can tell them "
                "apart. Look at how the file was made."
            )
    if mixed := sum(len(several) > 1 for several in classes.values()):
        yield f"In more than one class, value for value: {counted(mixed, noun)}."
