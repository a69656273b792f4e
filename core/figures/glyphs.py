"""Small drawings of layer outputs as Plotly shapes: images as boxes, rows of values as bars.

Everything is in pixels from the left edge of the plot and from a row's middle, so that a drawing
looks the same at every width.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from core.experiment.shapes import Shape
from core.figures.theme import GREY, Spec, spec, translucent

COLUMN = 108  # width of the column of drawings
_CENTER = 50
_LARGEST_SIDE = 32
_SMALLEST_SIDE = 7
_DEEPEST = 26
_USUAL_CHANNELS = 32  # a picture of 1 or 3 channels looks flat even on its own
_LONGEST = 88
_DOTS = 12


@dataclass(frozen=True)
class Scale:
    """The largest image side, channel count and row of values in a model."""

    side: float
    channels: int
    values: int

    @classmethod
    def of(cls, shapes: Sequence[Shape]) -> Scale:
        """Measure all outputs of a model."""
        images = [shape for shape in shapes if len(shape) == 3]
        rows = [shape[-1] for shape in shapes if len(shape) < 3]
        return cls(
            max((math.sqrt(height * width) for height, width, _ in images), default=1.0),
            max((channels for _, _, channels in images), default=_USUAL_CHANNELS),
            max(rows, default=1),
        )


@dataclass(frozen=True)
class Glyph:
    """Shapes of one row, and how far they reach up and down on the page."""

    shapes: tuple[Spec, ...]
    top: float
    bottom: float


def glyph(shape: Shape, scale: Scale, middle: float, tint: str) -> Glyph:
    """An output: a box of its height, width and channels, rows of a sequence, or one row."""
    draw = {3: _box, 2: _rows}.get(len(shape), _row)
    return draw(shape, scale, middle, tint)


def thin(middle: float, tint: str) -> Glyph:
    """A layer that leaves the shape as it is."""
    return Glyph((capsule(_CENTER, middle, 46, 7, tint),), middle - 4, middle + 4)


def link(upper: Glyph, lower: Glyph) -> Spec:
    """The line from one drawing to the next."""
    across = spec(xsizemode="pixel", xanchor=0, x0=_CENTER, x1=_CENTER)
    line = spec(color=GREY, width=1.5)
    return spec(type="line", y0=upper.bottom + 3, y1=lower.top - 3, line=line, **across)


def capsule(center: float, middle: float, length: float, height: float, tint: str) -> Spec:
    """A bar with round ends, centred `center` pixels from the left."""
    left, right, half = center - length / 2, center + length / 2, height / 2
    bend = min(half, length / 2)
    path = (
        f"M {left + bend:.1f},{half:.1f} L {right - bend:.1f},{half:.1f} "
        f"Q {right:.1f},{half:.1f} {right:.1f},0 Q {right:.1f},{-half:.1f} "
        f"{right - bend:.1f},{-half:.1f} L {left + bend:.1f},{-half:.1f} "
        f"Q {left:.1f},{-half:.1f} {left:.1f},0 Q {left:.1f},{half:.1f} "
        f"{left + bend:.1f},{half:.1f} Z"
    )
    return _path(path, middle, tint, 0.9)


def _box(shape: Shape, scale: Scale, middle: float, tint: str) -> Glyph:
    height, width, channels = shape
    across = max(_SMALLEST_SIDE, _LARGEST_SIDE * width / scale.side)
    up = max(_SMALLEST_SIDE, _LARGEST_SIDE * height / scale.side)
    # Channels grow by powers of two: their logarithm keeps 1, 32 and 512 apart.
    deepest = max(scale.channels, _USUAL_CHANNELS)
    depth = _DEEPEST * math.log2(channels + 1) / math.log2(deepest + 1)
    right, rise = 0.9 * depth, 0.4 * depth
    x0, y0 = _CENTER - (across + right) / 2, -(up + rise) / 2
    x1, y1 = x0 + across, y0 + up
    x2, y2 = x1 + right, y1 + rise
    front = _polygon((x0, y0), (x1, y0), (x1, y1), (x0, y1))
    lid = _polygon((x0, y1), (x0 + right, y2), (x2, y2), (x1, y1))
    flank = _polygon((x1, y1), (x2, y2), (x2, y0 + rise), (x1, y0))
    faces = ((lid, 0.35), (flank, 0.6), (front, 0.9))
    half = (up + rise) / 2
    shapes = tuple(_path(path, middle, tint, alpha) for path, alpha in faces)
    return Glyph(shapes, middle - half, middle + half)


def _rows(shape: Shape, scale: Scale, middle: float, tint: str) -> Glyph:
    """A sequence: some of its steps as bars, as long as they have channels."""
    length = _LONGEST * max(0.35, math.log2(shape[1] + 1) / math.log2(max(scale.values, 2) + 1))
    bars = tuple(capsule(_CENTER, middle + place, length, 6, tint) for place in (-14, -5, 4, 13))
    return Glyph(bars, middle - 17, middle + 16)


def _row(shape: Shape, scale: Scale, middle: float, tint: str) -> Glyph:
    """Up to twelve values as dots, more as a bar; one is a dot, the most fill the column."""
    values = math.prod(shape)
    if values <= _DOTS:
        first = _CENTER - 7.5 * (values - 1) / 2
        dots = tuple(capsule(first + 7.5 * place, middle, 6, 6, tint) for place in range(values))
        return Glyph(dots, middle - 3, middle + 3)
    length = _LONGEST * max(0.35, math.log2(values) / math.log2(max(scale.values, 2)))
    return Glyph((capsule(_CENTER, middle, length, 14, tint),), middle - 7, middle + 7)


def _polygon(*corners: tuple[float, float]) -> str:
    """An SVG path through the corners and back."""
    return "M " + " L ".join(f"{x:.1f},{y:.1f}" for x, y in corners) + " Z"


def _path(path: str, middle: float, tint: str, alpha: float) -> Spec:
    at = spec(xsizemode="pixel", ysizemode="pixel", xanchor=0, yanchor=middle)
    line = spec(color=tint, width=1)
    return spec(type="path", path=path, fillcolor=translucent(tint, alpha), line=line, **at)
