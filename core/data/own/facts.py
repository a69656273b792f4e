"""What is known of a visitor's own file, what is chosen of it, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.experiment.card import Task

PREVIEW_SIDE = 48  # pixels
Kind = Literal["table", "images", "arrays"]
Background = Literal["white", "black", "grey"]
Fit = Literal["stretch", "crop", "pad"]
ColumnKind = Literal["number", "category", "date", "time", "text", "constant"]


@dataclass(frozen=True)
class Column:
    """A column of a table: `missing` is a share from 0 to 1, `distinct` counts its values.

    `many` says that there are more distinct values than were counted. `numbers` is the share of
    values that are numbers, and `examples` are cells that are none. `classes` counts the values
    with enough rows for a class, and `in_classes` is the share of rows that have one of these.
    `left_out` says why the column is no feature unless somebody wants it; `task` is what suggests
    itself if it is the target.
    """

    name: str
    kind: ColumnKind
    missing: float
    distinct: int
    many: bool = False
    numbers: float = 0.0
    examples: tuple[str, ...] = ()
    classes: int = 0
    in_classes: float = 0.0
    left_out: str = ""
    task: Task = "regression"

    @property
    def is_usable(self) -> bool:
        """Whether something can be learnt from it."""
        return self.kind not in ("text", "constant")


@dataclass(frozen=True)
class TableReading:
    """How a file is to be read as a table; what is None is found out.

    `part` is a sheet of a workbook or a file in an archive, by its name. `names` says whether a
    line holds the names of columns. `day_first` says of dates as 1/2/2000 that the day comes first.
    """

    encoding: str | None = None
    part: str | None = None
    names: bool | None = None
    day_first: bool | None = None


@dataclass(frozen=True)
class TableFound:
    """How a table was read: see `TableReading`.

    `rivals` are encodings that might be meant as well. `parts` are those there are to choose from.
    `first` are the texts of the first rows, a few values of each.
    """

    format: str = "Text"
    encoding: str | None = None
    rivals: tuple[str, ...] = ()
    separator: str | None = None
    has_names: bool = True
    parts: tuple[str, ...] = ()
    part: str | None = None
    first: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class TableLook:
    """The columns of a table in their order, with the target and the task that suggest themselves.

    `rows` counts all rows of the file. Of `ambiguous_dates` nothing tells whether the day or the
    month comes first. `image_shape` is that of the image that each row may be, as in
    `TableChoices`, and `are_images` says that they probably are.
    """

    rows: int
    columns: tuple[Column, ...]
    target: str
    task: Task
    warnings: tuple[str, ...] = ()
    found: TableFound = TableFound()
    ambiguous_dates: tuple[str, ...] = ()
    image_shape: tuple[int, ...] | None = None
    are_images: bool = False
    kind: Literal["table"] = "table"


@dataclass(frozen=True)
class ImagesReading:
    """One way to read which class each image is of; `key` tells it from others, `title` to people.

    `classes` are names with counts of images, `tests` those of them in the file's own test part:
    empty where it brings none. Where labels are numbers to predict, `classes` is empty, and `count`
    images have one. `warnings` tell what this way leaves out.
    """

    key: str
    title: str
    classes: tuple[tuple[str, int], ...]
    tests: tuple[int, ...]
    count: int
    task: Task = "classification"
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class ImagesPreview:
    """A small picture, as it is on black and on white, and its file's name.

    Both are RGB of `PREVIEW_SIDE` squared pixels, in base64; they differ where it is transparent.
    `labels` are what the ways to read classes say of it, in their order; empty where nothing.
    """

    name: str
    on_black: str
    on_white: str
    labels: tuple[str, ...]


@dataclass(frozen=True)
class ImagesLook:
    """The images of a file: how their classes may be read, the likeliest way first.

    `width` and `height` are the medians of their sizes in pixels, `smallest` and `largest` the
    sizes (width, height) of fewest and most pixels. `is_grey` says that no image looked at has
    colours. `transparent` of those looked at have transparent parts, which show best on
    `background`.
    """

    readings: tuple[ImagesReading, ...]
    width: int
    height: int
    smallest: tuple[int, int]
    largest: tuple[int, int]
    is_grey: bool
    transparent: int = 0
    background: Background = "white"
    warnings: tuple[str, ...] = ()
    previews: tuple[ImagesPreview, ...] = ()
    kind: Literal["images"] = "images"

    @property
    def classes(self) -> tuple[tuple[str, int], ...]:
        """The classes as they are most likely meant, each with its number of images."""
        return self.readings[0].classes


@dataclass(frozen=True)
class ArraysLook:
    """The arrays used, by their names, each with its shape and dtype, and the task that suggests
    itself.

    `is_divided` says that the file brings a test part of its own. Where others than the last array
    may be what is to be predicted, `targets` are all of these. `image_shape` is that of the images
    which flat samples seem to be.
    """

    arrays: tuple[tuple[str, tuple[int, ...], str], ...]
    task: Task
    is_divided: bool
    warnings: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    image_shape: tuple[int, int, int] | None = None
    kind: Literal["arrays"] = "arrays"


Look = TableLook | ImagesLook | ArraysLook


@dataclass(frozen=True)
class TableChoices:
    """Which column is predicted from which others, by their names in `TableLook`.

    `categories` and `numbers` are columns to be taken as such, whatever they seem to hold. With an
    `image_shape`, each row is an image whose pixels are the features: height × width × channels, or
    (channels, height, width) where colours come one after another.
    """

    target: str
    features: tuple[str, ...]
    task: Task
    reading: TableReading = TableReading()
    categories: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    image_shape: tuple[int, ...] | None = None


@dataclass(frozen=True)
class ImageChoices:
    """What all images are made into: `side` × `side` pixels.

    `reading` is the key of an `ImagesReading`, the likeliest if empty; `own_test` keeps the test
    part that the file brings. `background` shows behind what is transparent: if None, the one on
    which most stands out. `fit` says what becomes of images that are not square.
    """

    side: int
    color: Literal["grayscale", "rgb"]
    reading: str = ""
    own_test: bool = True
    background: Background | None = None
    fit: Fit = "stretch"
    task: Task | None = None


@dataclass(frozen=True)
class ArraysChoices:
    """Whether the targets are classes or numbers, and which array holds them if that can be chosen.

    `as_images` makes flat samples that seem to be images into such.
    """

    task: Task
    target: str = ""
    as_images: bool = True


Choices = TableChoices | ImageChoices | ArraysChoices


@dataclass(frozen=True)
class OwnFacts:
    """What a `DatasetCard` needs to know; `classes` is empty for regression.

    `shape` is one sample's, channels last. `value_range` is that of pixels, None for a table.
    """

    task: Task
    shape: tuple[int, ...]
    classes: tuple[str, ...]
    features: tuple[str, ...]
    value_range: tuple[float, float] | None
    train_size: int
    test_size: int


@dataclass(frozen=True)
class Converted:
    """A finished set: `key` is the hex SHA-256 of its arrays and facts (see `content_key`).

    `skipped` are the first names of the `skipped_count` files that could not be read.
    """

    facts: OwnFacts
    warnings: tuple[str, ...]
    skipped: tuple[str, ...]
    skipped_count: int
    size_bytes: int
    key: str
