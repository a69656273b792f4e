"""The layer stack as rows: a drawing of each output, what the layer does, and its parameters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import plotly.graph_objects as go

from core.experiment.shapes import LayerShape, Shape, describe
from core.figures.chart import Table
from core.figures.glyphs import COLUMN, Glyph, Scale, capsule, glyph, link, thin
from core.figures.theme import (
    BLUE,
    GOLD,
    GREEN,
    GREY,
    INK,
    PURPLE,
    VERMILLION,
    Spec,
    label,
    spec,
    styled,
)

KIND_COLORS = {
    "input": GREY,
    "convolution": BLUE,
    "pooling": GREEN,
    "dense": VERMILLION,
    "regularization": PURPLE,
    "activation": GOLD,
    "shape": GREY,
}
# Keras class name: kind, title.
_LAYERS = {
    "Conv2D": ("convolution", "Convolution"),
    "MaxPooling2D": ("pooling", "Max pooling"),
    "AveragePooling2D": ("pooling", "Average pooling"),
    "GlobalAveragePooling2D": ("pooling", "Global average pooling"),
    "Embedding": ("dense", "Embedding"),
    "Conv1D": ("convolution", "1-D convolution"),
    "MaxPooling1D": ("pooling", "Max pooling"),
    "GlobalAveragePooling1D": ("pooling", "Average of the sequence"),
    "GlobalMaxPooling1D": ("pooling", "Largest of the sequence"),
    "LSTM": ("dense", "LSTM"),
    "GRU": ("dense", "GRU"),
    "Dense": ("dense", "Dense"),
    "Dropout": ("regularization", "Dropout"),
    "BatchNormalization": ("regularization", "Batch normalization"),
    "Activation": ("activation", "Activation"),
    "Flatten": ("shape", "Flatten"),
    "Rescaling": ("shape", "Rescaling"),
}
_PHRASES = {
    "output_dim": "{} numbers a token",
    "filters": "{} filters",
    "kernel_size": "{0} × {0}",
    "pool_size": "{0} × {0}",
    "units": "{} units",
    "rate": "{:.0%} of values",
}
_ALONG = {"kernel_size": "{} steps", "pool_size": "{} steps"}
_FUNCTIONS = {
    "relu": "ReLU",
    "leaky_relu": "leaky ReLU",
    "elu": "ELU",
    "selu": "SELU",
    "gelu": "GELU",
    "silu": "SiLU",
}

# Pixels.
_ROW = 62
_LOW_ROW = 32
_FOOT = 32
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
    def low(self) -> bool:
        """Whether the layer passes its input on in the same size and gets a low row."""
        return self.kind in ("regularization", "activation", "shape")

    @property
    def height(self) -> int:
        """Pixels the row takes."""
        return _LOW_ROW if self.low else _ROW


@dataclass(frozen=True)
class ArchitectureInfo:
    """The input and all layers from top to bottom."""

    blocks: tuple[Block, ...]

    @property
    def parameters(self) -> int:
        """Parameters of all layers."""
        return sum(block.parameters for block in self.blocks)

    @property
    def middles(self) -> tuple[float, ...]:
        """Pixels from the top of the figure to the middle of each row."""
        heights = [block.height for block in self.blocks]
        return tuple(sum(heights[:place]) + height / 2 for place, height in enumerate(heights))


def architecture_info(summary: Sequence[LayerShape], input_shape: Shape) -> ArchitectureInfo:
    """Describe `experiment.summary` and `experiment.input_shape` (one sample, channels last)."""
    first = Block("input", "Input", "", tuple(input_shape), 0)
    return ArchitectureInfo((first, *map(_block, summary)))


def architecture_figure(info: ArchitectureInfo) -> go.Figure:
    """Draw the rows from top to bottom; drawings have a fixed size, so a phone shows them all."""
    scale = Scale.of([block.output for block in info.blocks])
    rows = list(zip(info.blocks, info.middles, strict=True))
    glyphs = [_glyph(block, scale, middle) for block, middle in rows]
    shapes = [link(upper, lower) for upper, lower in pairwise(glyphs)]
    shapes += [shape for drawn in glyphs for shape in drawn.shapes]
    shapes += [bar for block, middle in rows for bar in _share(block, middle, info.parameters)]
    texts = [text for block, middle in rows for text in _texts(block, middle)]
    bottom = sum(block.height for block in info.blocks)
    texts.append(_text(f"<b>{info.parameters:,}</b> parameters in total", bottom + _FOOT / 2))
    hidden = spec(visible=False, fixedrange=True)
    return styled(
        [],
        height=bottom + _FOOT,
        revision="architecture",
        margin=spec(l=0, r=0, t=0, b=0),
        shapes=shapes,
        annotations=texts,
        # A finger on the diagram scrolls the page.
        dragmode=False,
        hovermode=False,
        xaxis=hidden | spec(range=[0, 1]),
        yaxis=hidden | spec(range=[bottom + _FOOT, 0]),
    )


def architecture_sentence(info: ArchitectureInfo) -> str:
    """The layers from input to output."""
    parts = (f"{block.title} {block.detail}".rstrip() for block in info.blocks[1:])
    return (
        f"Layers from input {describe(info.blocks[0].output)} to output "
        f"{describe(info.blocks[-1].output)}: {'; '.join(parts)}. "
        f"{info.parameters:,} parameters in total."
    )


def architecture_table(info: ArchitectureInfo) -> Table:
    """A row a layer."""
    return {
        "Layer": [block.title for block in info.blocks],
        "Settings": [block.detail for block in info.blocks],
        "Output shape": [describe(block.output) for block in info.blocks],
        "Parameters": [block.parameters for block in info.blocks],
    }


def _block(row: LayerShape) -> Block:
    kind, title = _LAYERS.get(row.kind, ("shape", row.kind))
    return Block(kind, title, _detail(row), row.output, row.parameters)


def _detail(row: LayerShape) -> str:
    """The settings one would name first."""
    settings = row.layer.model_dump()
    phrases = _PHRASES | (_ALONG if row.kind in ("Conv1D", "MaxPooling1D") else {})
    words = [phrases[name].format(settings[name]) for name in phrases if name in settings]
    if settings.get("strides") not in (None, 1, settings.get("pool_size")):
        words.append(f"stride {settings['strides']}")
    function = settings.get("activation", "linear")
    if function != "linear":
        words.append(_FUNCTIONS.get(function, function))
    if row.kind == "Rescaling":
        words.append("to the targets' size")
    if row.kind == "Flatten":
        words.append(_size(row.output))
    return ", ".join(words)


def _size(shape: Shape) -> str:
    return describe(shape) if len(shape) > 1 else f"{shape[0]:,} values"


def _glyph(block: Block, scale: Scale, middle: float) -> Glyph:
    tint = KIND_COLORS[block.kind]
    return thin(middle, tint) if block.low else glyph(block.output, scale, middle, tint)


def _texts(block: Block, middle: float) -> list[Spec]:
    """The layer and its settings; below, its output and parameters, or beside in a low row."""
    heading = f"<b>{block.title}</b>  {block.detail}".rstrip()
    parameters = f"{block.parameters:,} parameters" if block.parameters else ""
    if block.low:
        return [_text("  ·  ".join(filter(None, (heading, parameters))), middle, 12)]
    facts = "  ·  ".join(filter(None, (_size(block.output), parameters)))
    return [_text(heading, middle - 9), _text(facts, middle + 9, 12) | spec(opacity=0.75)]


def _text(text: str, y: float, size: int = 13) -> Spec:
    at = spec(x=0, xanchor="left", xshift=COLUMN, y=y, yanchor="middle")
    return label(text, font=spec(size=size, color=INK), **at)


def _share(block: Block, middle: float, total: int) -> list[Spec]:
    """A thin bar as long as the layer's share of all parameters."""
    if not block.parameters or block.low:
        return []
    length = max(4.0, _SHARE_WIDTH * block.parameters / total)
    return [capsule(COLUMN + 2 + length / 2, middle + 22, length, 4, KIND_COLORS[block.kind])]
