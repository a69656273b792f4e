"""The layer stack as rows: a drawing of each output, what the layer does, and its parameters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import plotly.graph_objects as go

from core.experiment.shapes import LayerShape, Shape, describe
from core.figures.glyphs import COLUMN, Scale, capsule, glyph, link, thin
from core.figures.theme import BLUE, GOLD, GREEN, GREY, PURPLE, VERMILLION, Spec, styled

KIND_COLORS = {
    "input": GREY,
    "convolution": BLUE,
    "pooling": GREEN,
    "dense": VERMILLION,
    "regularization": PURPLE,
    "activation": GOLD,
    "shape": GREY,
}
_KINDS = {
    "Conv2D": "convolution",
    "MaxPooling2D": "pooling",
    "AveragePooling2D": "pooling",
    "GlobalAveragePooling2D": "pooling",
    "Dense": "dense",
    "Dropout": "regularization",
    "BatchNormalization": "regularization",
    "Activation": "activation",
}
_TITLES = {
    "MaxPooling2D": "Max pooling",
    "AveragePooling2D": "Average pooling",
    "GlobalAveragePooling2D": "Global average pooling",
    "BatchNormalization": "Batch normalization",
    "Conv2D": "Convolution",
}
_PHRASES = {
    "filters": "{} filters",
    "kernel_size": "{} × {}",
    "pool_size": "{} × {}",
    "units": "{} units",
    "rate": "{:.0%} of values",
}
_FUNCTIONS = {
    **{"relu": "ReLU", "leaky_relu": "leaky ReLU", "elu": "ELU", "selu": "SELU"},
    **{"gelu": "GELU", "silu": "SiLU"},
}

# Pixels.
_ROW = 62
_LOW_ROW = 32
_SHARE_WIDTH = 150


@dataclass(frozen=True)
class Block:
    """One row: its kind (a colour), title, settings in words, output shape, parameters."""

    kind: str
    title: str
    detail: str
    output: Shape
    parameters: int

    @property
    def minor(self) -> bool:
        """Whether the layer leaves the shape as it is and gets a low row."""
        return self.kind in ("regularization", "activation", "shape")


@dataclass(frozen=True)
class ArchitectureInfo:
    """The input and all layers from top to bottom."""

    blocks: tuple[Block, ...]

    @property
    def parameters(self) -> int:
        """Parameters of all layers."""
        return sum(block.parameters for block in self.blocks)


def architecture_info(summary: Sequence[LayerShape], input_shape: Shape) -> ArchitectureInfo:
    """Describe `experiment.summary` and `experiment.input_shape` (one sample, channels last)."""
    first = Block("input", "Input", "", tuple(input_shape), 0)
    return ArchitectureInfo((first, *map(_block, summary)))


def architecture_figure(info: ArchitectureInfo) -> go.Figure:
    """Draw the rows from top to bottom; drawings have a fixed size, so a phone shows them all."""
    scale = Scale.of([block.output for block in info.blocks])
    heights = [_LOW_ROW if block.minor else _ROW for block in info.blocks]
    tops = [sum(heights[:place]) for place in range(len(heights))]
    middles = [top + height / 2 for top, height in zip(tops, heights, strict=True)]
    glyphs = [
        thin(middle, KIND_COLORS[block.kind])
        if block.minor
        else glyph(block.output, scale, middle, KIND_COLORS[block.kind])
        for block, middle in zip(info.blocks, middles, strict=True)
    ]
    shapes = [shape for drawn in glyphs for shape in drawn.shapes]
    shapes += [link(upper, lower) for upper, lower in pairwise(glyphs)]
    texts: list[Spec] = []
    for block, middle in zip(info.blocks, middles, strict=True):
        texts += _texts(block, middle)
        shapes += _share(block, middle, info.parameters)
    bottom = sum(heights)
    texts.append(_text(f"<b>{info.parameters:,}</b> parameters in total", bottom + 14, 13))
    hidden = {"visible": False, "fixedrange": True}
    return styled(
        [],
        height=bottom + 32,
        revision="architecture",
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        shapes=shapes,
        annotations=texts,
        # A finger on the diagram scrolls the page.
        dragmode=False,
        hovermode=False,
        xaxis={"range": [0, 1], **hidden},
        yaxis={"range": [bottom + 32, 0], **hidden},
    )


def _block(row: LayerShape) -> Block:
    return Block(
        _KINDS.get(row.kind, "shape"),
        _TITLES.get(row.kind, row.kind),
        _detail(row),
        row.output,
        row.parameters,
    )


def _detail(row: LayerShape) -> str:
    """The settings one would name first."""
    settings = row.layer.model_dump()
    words = [
        phrase.format(settings[name], settings[name])
        for name, phrase in _PHRASES.items()
        if settings.get(name) is not None
    ]
    if settings.get("strides") not in (None, 1, settings.get("pool_size")):
        words.append(f"stride {settings['strides']}")
    function = settings.get("activation", "linear")
    if function != "linear":
        words.append(_FUNCTIONS.get(function, function))
    return ", ".join(words)


def _texts(block: Block, middle: float) -> list[Spec]:
    """The layer's name and settings; below it, its shape and parameters unless the row is low."""
    heading = f"<b>{block.title}</b>  {block.detail}"
    if block.minor:
        trained = f"  ·  {block.parameters:,} parameters" if block.parameters else ""
        return [_text(f"{heading}{trained}", middle, 12)]
    size = describe(block.output)
    if len(block.output) == 1:
        size += " values"
    facts = (
        size
        if block.kind in ("input", "pooling")
        else f"{size}  ·  {block.parameters:,} parameters"
    )
    return [_text(heading, middle - 9, 13), _text(facts, middle + 9, 12) | {"opacity": 0.75}]


def _text(text: str, y: float, size: int) -> Spec:
    return {
        **{"text": text, "x": 0, "xanchor": "left", "xshift": COLUMN, "y": y},
        **{"yanchor": "middle", "showarrow": False, "font": {"size": size}},
    }


def _share(block: Block, middle: float, total: int) -> list[Spec]:
    """A thin bar as long as the layer's share of all parameters."""
    if not block.parameters or block.minor:
        return []
    length = max(2.0, _SHARE_WIDTH * block.parameters / total)
    return [capsule(COLUMN + 2 + length / 2, middle + 22, length, 4, KIND_COLORS[block.kind])]
