"""How much of a visitor's own file is read, and how much reading it may cost."""

from __future__ import annotations

from dataclasses import dataclass

# Less cannot be divided into parts that each have enough of every class.
FEWEST_SAMPLES = 20
FEWEST_OF_A_CLASS = 10
SIDES = (4, 256)  # pixels of an image, in height and width


@dataclass(frozen=True)
class ReadLimits:
    """The most of each that one file may have, or that reading it may take.

    `unpacked_bytes` is the size of all arrays written; `samples` are used, of however many there
    are; `features` counts the columns of the arrays; `files` are those in a zip. `memory_bytes`
    and `seconds` are what the process that reads may take.
    """

    upload_bytes: int = 200 * 2**20
    unpacked_bytes: int = 500_000_000
    samples: int = 200_000
    classes: int = 200
    features: int = 1_000
    files: int = 250_000
    pixels_per_image: int = 30_000_000
    memory_bytes: int = 1_000_000_000
    seconds: int = 300
