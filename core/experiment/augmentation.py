"""How images are varied at random while a network learns from them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from core.experiment.fields import Part

FlipName = Literal["none", "horizontal", "vertical", "both"]
FLIP_TITLES: dict[str, str] = {
    "none": "None",
    "horizontal": "Left to right",
    "vertical": "Top to bottom",
    "both": "Both ways",
}
FULL_TURN = 360  # degrees
# What is outside an image is filled with its nearest pixel: on a plain background nothing of that
# is seen, and a photograph gets no black corners.
FILL_MODE = "nearest"
# What is done to a batch of images: these take a while each, and are left out where nobody asks.
Kind = Literal["flip", "warp", "contrast"]

_MIRRORED = {
    "horizontal": "mirrored left to right half of the time",
    "vertical": "mirrored top to bottom half of the time",
    "both": "mirrored left to right and top to bottom, each half of the time",
}


class Augmentation(Part):
    """What Keras's RandomFlip, -Rotation, -Translation, -Zoom and -Contrast do, in this order.

    One draw a sample; shares are the layers' factors, drawn from minus to plus the share. `both`
    draws the two mirrorings apart from each other.
    """

    flip: FlipName = Field(
        "none",
        title="Flip",
        description="Mirrors half of the samples, drawn anew each epoch. Not for what a mirror "
        "makes wrong, such as digits or text.",
    )
    rotation: float = Field(
        0.0,
        ge=0,
        le=0.5,
        title="Rotation",
        description="Turns by up to this share of a full turn, either way: 0.1 is 36°. Small "
        "values suit photographs held upright.",
    )
    translation: float = Field(
        0.0,
        ge=0,
        le=0.5,
        title="Translation",
        description="Shifts by up to this share of width and height. Use it where objects are not "
        "always in the middle.",
    )
    zoom: float = Field(
        0.0,
        ge=0,
        le=0.5,
        title="Zoom",
        description="Shows up to this share more or less of the image, so that objects come in "
        "several sizes.",
    )
    contrast: float = Field(
        0.0,
        ge=0,
        le=1,
        title="Contrast",
        description="Brings pixels nearer to the image's mean or further off, by up to this "
        "share. Use it where light differs from image to image.",
    )

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """What has to be done to a batch; nothing when all is off. A warp can mirror as well."""
        warps = self.rotation or self.translation or self.zoom
        moved: tuple[Kind, ...] = ("warp",) if warps else ("flip",) if self.flip != "none" else ()
        return (*moved, "contrast") if self.contrast else moved

    @property
    def sentence(self) -> str:
        """What becomes of a sample, as the end of a sentence; empty when all is off."""
        parts = [_MIRRORED[self.flip]] if self.flip != "none" else []
        if self.rotation:
            parts.append(f"turned by up to {self.rotation * FULL_TURN:.3g}° either way")
        if self.translation:
            parts.append(f"shifted by up to {100 * self.translation:.3g} % of its size")
        if self.zoom:
            parts.append(f"zoomed out or in by up to {100 * self.zoom:.3g} %")
        if self.contrast:
            parts.append(f"given up to {100 * self.contrast:.3g} % more or less contrast")
        return ", ".join(parts)
