"""Numbers and names as people read them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from math import isfinite
from typing import Any

from numpy.typing import NDArray

from core import figures
from core.experiment import DatasetCard
from core.figures import chart
from core.figures.metrics import written
from core.records import RunRecord

_MEANINGFUL = re.compile(r"([\\`*_{}\[\]()<>#+.!|$~&=-])")
_SPECIAL = re.compile(r"[:@](?=\S)|www")  # directives, emoji, addresses: no backslash stops them
_FORMULA = set("=+-@＝＋－＠")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
_NUMBER = re.compile(r"[+-]?[\d.,]+([eE][+-]?\d+)?")
_MOST_DIGITS = 6  # of a number in a table: larger ones are written with a power of ten
_JOINER = "\u2060"  # takes no room, and keeps what it stands between from being read as one


def inert(text: str) -> str:
    """`text` that somebody else wrote, so that Markdown shows it as it is."""
    kept_apart = _SPECIAL.sub(lambda found: found[0] + _JOINER, text)
    return _MEANINGFUL.sub(r"\\\1", " ".join(kept_apart.split()))


def cell(text: str) -> str:
    """`text` as a cell of a table that can be saved: no spreadsheet takes it for a formula.

    It is one line: what follows the end of a line would be a cell of its own in some programs.
    """
    line = _CONTROLS.sub(" ", text)
    if line.lstrip()[:1] not in _FORMULA or _NUMBER.fullmatch(line):
        return line
    return f"'{line}"


def columns(names: Iterable[str], taken: Collection[str] = ()) -> list[str]:
    """Names of columns as `cell`s, none of them like another or one of those `taken`."""
    found: dict[str, None] = {}
    for name in map(cell, names):
        unique, number = name, 1
        while unique in found or unique in taken:
            number += 1
            unique = f"{name} ({number})"
        found[unique] = None
    return list(found)


def beginning(text: str, length: int) -> str:
    """The first words of a text, at most so many characters, with an ellipsis for the rest."""
    if len(text) <= length:
        return text
    return f"{text[: length - 1].rpartition(' ')[0]} …"


def main_metric(run: RunRecord) -> str:
    """The metric that says most of a run."""
    return "mae" if run.experiment.data.card.task == "regression" else "accuracy"


def full_title(metric: str) -> str:
    """A metric's name that also says of which samples, for example `Validation loss`."""
    part = "Validation" if metric.startswith("val_") else "Training"
    title = figures.metric_title(metric)
    if metric == "learning_rate":
        return title
    return f"{part} {title if title.startswith('F1') else title[0].lower() + title[1:]}"


def clock(seconds: float) -> str:
    """A duration in the words of a clock, for example `1 min 20 s`."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def number(name: str, value: float) -> str:
    """A metric's value by its Keras name: `87.7 %`, or three significant figures."""
    return written(name, value)


def amount(value: float) -> str:
    """A value of the data as people write it: `1,680`, `0.14`, `-2.1`; no powers of ten.

    Only what is too large or too small for that, a billion or a millionth, keeps its power.
    """
    if value == 0 or 1e-4 <= abs(value) < 1000:
        return f"{value:.4g}"
    return chart.number(value)


def column_format(values: Iterable[float | None]) -> str:
    """How a column of a table writes losses or errors, as `number` does but for the commas.

    Three significant figures, or so many that the largest value's whole part is in full.
    """
    largest = max((abs(value) for value in values if value and isfinite(value)), default=0.0)
    digits = len(f"{largest:.0f}")
    return f"%.{digits if 3 <= digits <= _MOST_DIGITS else 3}g"


def truth(card: DatasetCard, target: NDArray[Any]) -> str:
    """What a sample truly is: the name of its class, or its number to predict (1,)."""
    return card.classes[int(target)] if card.classes else amount(target.item())


def test_title(metric: str) -> str:
    """A metric's name, of the test samples: `Test loss`."""
    title = figures.metric_title(metric)
    return f"Test {title if title.startswith('F1') else title[0].lower() + title[1:]}"


def memory(size_bytes: float) -> str:
    """Memory in use, as roughly as it can be known."""
    if size_bytes < 100e6:
        return f"{size_bytes / 1e6:,.0f} MB"
    return f"{size_bytes / 1e9:,.1f} GB"


def size(size_bytes: int) -> str:
    """A file's size, in the unit that fits."""
    if size_bytes < 1_000_000:
        return f"{size_bytes / 1000:,.1f} kB"
    return f"{size_bytes / 1_000_000:,.1f} MB"
