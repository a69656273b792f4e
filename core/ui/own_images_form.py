"""What to make of an archive of images: its classes, their size, and what is behind them."""

from __future__ import annotations

import base64
from pathlib import PurePosixPath
from typing import Literal, cast

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from core.data.own import ImageChoices, ImagesLook, ImagesPreview, ImagesReading
from core.data.own.facts import PREVIEW_SIDE, Background, Fit
from core.experiment.card import Task
from core.ui import images, notices, tables, wording

_PREVIEW = (PREVIEW_SIDE, PREVIEW_SIDE, 3)
SIDES = (28, 32, 48, 64, 96, 128)
_COLORS = {"grayscale": "Grey", "rgb": "Colour"}
_BACKGROUNDS = {"white": "White", "black": "Black", "grey": "Grey"}
_LIGHTNESS = {"white": 1.0, "black": 0.0, "grey": 0.5}
_FITS = {"stretch": "Stretch", "crop": "Crop to the middle", "pad": "Add margins"}
_TASKS = {"classification": "Classes", "regression": "Numbers"}
_PARTS = {True: "As in the file", False: "Draw anew"}


def show(look: ImagesLook, key: str) -> ImageChoices:
    """Draw the form; `key` tells the files apart."""
    reading = _reading(look, key)
    notices.show_findings(reading.warnings)
    task = _task(reading, f"{key}-{reading.key}")
    st.caption(_summary(look, reading))
    if reading.classes:
        _show_classes(reading)
    place = st.container()
    own_test = _own_test(reading, key)
    side, color, fit = _pixels(look, key)
    choices = ImageChoices(side, color, reading.key, own_test, _background(look, key), fit, task)
    with place:
        _show_previews(look, reading, choices)
    return choices


def _reading(look: ImagesLook, key: str) -> ImagesReading:
    """Where the class of an image is read, if that can be chosen."""
    titles = [f"{one.title[0].upper()}{one.title[1:]}" for one in look.readings]
    if len(titles) == 1:
        if look.readings[0].key != "folder":
            st.caption(f"The class of an image is {wording.inert(look.readings[0].title)}.")
        return look.readings[0]
    chosen = st.selectbox(
        "The class of an image is",
        range(len(titles)),
        format_func=titles.__getitem__,
        key=f"{key}-reading",
        help="The file can be read in several ways. Look at the classes below before you add it.",
    )
    return look.readings[chosen or 0]


def _task(reading: ImagesReading, key: str) -> Task:
    """Only a table can hold numbers to predict."""
    if not reading.key.startswith("table"):
        return "classification"
    task = st.segmented_control(
        "Kind of target",
        list(_TASKS),
        format_func=_TASKS.__getitem__,
        default=reading.task,
        required=True,
        key=f"{key}-task",
        help="Classes: one of a few kinds. Numbers: how much.",
    )
    return "regression" if task == "regression" else "classification"


def _summary(look: ImagesLook, reading: ImagesReading) -> str:
    classes = f" of {len(reading.classes):,} classes" if reading.classes else ""
    if look.smallest == look.largest:
        sizes = f"all {look.width} × {look.height} pixels"
    else:
        (left, top), (right, bottom) = look.smallest, look.largest
        sizes = (
            f"mostly {look.width} × {look.height} pixels (from {left} × {top} to {right} × "
            f"{bottom})"
        )
    return f"{reading.count:,} images{classes}, {sizes}."


def _show_classes(reading: ImagesReading) -> None:
    table = pd.DataFrame(
        [(name, count) for name, count in reading.classes],
        columns=["Class", "Images"],
    )
    if reading.tests:
        table["Training"] = table["Images"] - pd.Series(reading.tests)
        table["Test"] = reading.tests
    tables.show(table, width="stretch")


def _show_previews(look: ImagesLook, reading: ImagesReading, choices: ImageChoices) -> None:
    """Some images with the class this reading gives them, in the colours that were chosen."""
    place = look.readings.index(reading)
    images.show_grid(
        images.Tile(
            _preview(one, choices),
            (one.labels[place] or "left out", PurePosixPath(one.name).name),
        )
        for one in look.previews
    )


def _preview(preview: ImagesPreview, choices: ImageChoices) -> NDArray[np.uint8]:
    black, white = (
        np.frombuffer(base64.b64decode(one), np.uint8).reshape(_PREVIEW).astype(np.float32)
        for one in (preview.on_black, preview.on_white)
    )
    share = _LIGHTNESS[choices.background or "white"]
    mixed = black * (1 - share) + white * share
    if choices.color == "grayscale":
        mixed = np.repeat(mixed.mean(axis=-1, keepdims=True), 3, axis=-1)
    return np.rint(mixed).astype(np.uint8)


def _own_test(reading: ImagesReading, key: str) -> bool:
    if not reading.tests:
        return True
    kept = st.segmented_control(
        "Training and test part",
        list(_PARTS),
        format_func=_PARTS.__getitem__,
        default=True,
        required=True,
        key=f"{key}-own-test",
        help="As in the file: its training folder is learned from, its test folder tested with. "
        "Draw anew: all images are put together, and a fifth drawn at random to test with.",
    )
    return bool(kept)


def _pixels(look: ImagesLook, key: str) -> tuple[int, Literal["grayscale", "rgb"], Fit]:
    nearest = min(SIDES, key=lambda side: abs(side - min(look.width, look.height, 64)))
    left, right = st.columns(2, vertical_alignment="bottom")
    side = left.selectbox(
        "Image size",
        SIDES,
        index=SIDES.index(nearest),
        format_func=lambda side: f"{side} × {side} pixels",
        key=f"{key}-side",
        help="All images are brought to this size. Smaller ones train faster.",
    )
    color = right.segmented_control(
        "Colour",
        list(_COLORS),
        format_func=_COLORS.__getitem__,
        default="grayscale" if look.is_grey else "rgb",
        required=True,
        key=f"{key}-color",
    )
    return side, "rgb" if color == "rgb" else "grayscale", _fit(look, key)


def _fit(look: ImagesLook, key: str) -> Fit:
    if all(width == height for width, height in (look.smallest, look.largest)) and (
        look.width == look.height
    ):
        return "stretch"
    fit = st.segmented_control(
        "Images that are not square",
        list(_FITS),
        format_func=_FITS.__getitem__,
        default="stretch",
        required=True,
        key=f"{key}-fit",
        help="Stretch: the whole image, its proportions changed. Crop: the largest square in its "
        "middle. Add margins: the whole image, its proportions kept.",
    )
    return cast("Fit", fit or "stretch")


def _background(look: ImagesLook, key: str) -> Background | None:
    """What is behind transparent parts, if there are any."""
    if not look.transparent:
        return None
    background = st.segmented_control(
        "Background",
        list(_BACKGROUNDS),
        format_func=_BACKGROUNDS.__getitem__,
        default=look.background,
        required=True,
        key=f"{key}-background",
        help="Images with transparent parts are put on this, all on the same. Chosen is what they "
        "stand out from best.",
    )
    return cast("Background", background or look.background)
