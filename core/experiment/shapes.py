"""Output shapes and parameter counts of a layer list, worked out without TensorFlow."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import singledispatch

from core.experiment import layers as kinds
from core.experiment.fields import Part

Shape = tuple[int, ...]


class ShapeError(ValueError):
    """A layer cannot take the shape it is given; the text says why and what to do.

    `place` is the layer's position, from 0.
    """

    def __init__(self, text: str, place: int = 0) -> None:
        super().__init__(text)
        self.place = place


@dataclass(frozen=True)
class LayerShape:
    """One layer as it will be built: its output shape without the batch, and its parameters."""

    layer: Part
    output: Shape
    trainable: int
    fixed: int

    @property
    def kind(self) -> str:
        """The Keras class name."""
        return type(self.layer).__name__

    @property
    def parameters(self) -> int:
        """All parameters, trainable or not."""
        return self.trainable + self.fixed


def follow(layers: tuple[Part, ...], shape: Shape) -> tuple[LayerShape, ...]:
    """Pass `shape` (one sample, channels last) through `layers`.

    Raises:
        ShapeError: a layer cannot take what reaches it, or shrinks it to nothing.
    """
    built = []
    for place, layer in enumerate(layers):
        try:
            step = _step(layer, shape)
        except ShapeError as error:
            name = type(layer).__name__
            raise ShapeError(f"Layer {place + 1}, {name}: {error}", place) from None
        built.append(step)
        shape = step.output
    return tuple(built)


@singledispatch
def _step(layer: Part, shape: Shape) -> LayerShape:
    """Layers that keep their input's shape and have no parameters."""
    return LayerShape(layer, shape, 0, 0)


@_step.register
def _(layer: kinds.Conv2D, shape: Shape) -> LayerShape:
    height, width, channels = _image(shape)
    size = [
        _slide(side, layer.kernel_size, layer.strides, layer.padding) for side in (height, width)
    ]
    weights = layer.kernel_size**2 * channels * layer.filters + layer.filters
    return LayerShape(layer, (*size, layer.filters), weights, 0)


@_step.register(kinds.MaxPooling2D)
@_step.register(kinds.AveragePooling2D)
def _(layer: kinds.MaxPooling2D | kinds.AveragePooling2D, shape: Shape) -> LayerShape:
    height, width, channels = _image(shape)
    size = [_slide(side, layer.pool_size, layer.step, layer.padding) for side in (height, width)]
    return LayerShape(layer, (*size, channels), 0, 0)


@_step.register
def _(layer: kinds.Embedding, shape: Shape) -> LayerShape:
    if layer.input_dim is None:
        raise ShapeError(
            "it stands for tokens, but a sample of this dataset is no text. Remove it, or choose "
            "a dataset of texts."
        )
    if len(shape) != 1:
        raise ShapeError(
            f"it needs a row of tokens, but what reaches it has shape {describe(shape)}. Make it "
            "the first layer."
        )
    return LayerShape(layer, (*shape, layer.output_dim), layer.input_dim * layer.output_dim, 0)


@_step.register
def _(layer: kinds.Conv1D, shape: Shape) -> LayerShape:
    length, channels = _sequence(shape)
    steps = _advance(length, layer.kernel_size, layer.strides, layer.padding)
    weights = (layer.kernel_size * channels + 1) * layer.filters
    return LayerShape(layer, (steps, layer.filters), weights, 0)


@_step.register
def _(layer: kinds.MaxPooling1D, shape: Shape) -> LayerShape:
    length, channels = _sequence(shape)
    steps = _advance(length, layer.pool_size, layer.step, layer.padding)
    return LayerShape(layer, (steps, channels), 0, 0)


@_step.register(kinds.GlobalAveragePooling1D)
@_step.register(kinds.GlobalMaxPooling1D)
def _(layer: Part, shape: Shape) -> LayerShape:
    return LayerShape(layer, _sequence(shape)[1:], 0, 0)


@_step.register(kinds.LSTM)
@_step.register(kinds.GRU)
def _(layer: kinds.LSTM | kinds.GRU, shape: Shape) -> LayerShape:
    length, channels = _sequence(shape)
    output = (length, layer.units) if layer.return_sequences else (layer.units,)
    # Keras's GRU has two biases of each gate (`reset_after`), as cuDNN's has.
    gates, biases = (4, 1) if isinstance(layer, kinds.LSTM) else (3, 2)
    weights = gates * layer.units * (channels + layer.units + biases)
    return LayerShape(layer, output, weights, 0)


@_step.register
def _(layer: kinds.GlobalAveragePooling2D, shape: Shape) -> LayerShape:
    return LayerShape(layer, _image(shape)[2:], 0, 0)


@_step.register
def _(layer: kinds.Flatten, shape: Shape) -> LayerShape:
    return LayerShape(layer, (math.prod(shape),), 0, 0)


@_step.register
def _(layer: kinds.Dense, shape: Shape) -> LayerShape:
    return LayerShape(layer, (*shape[:-1], layer.units), (shape[-1] + 1) * layer.units, 0)


@_step.register
def _(layer: kinds.BatchNormalization, shape: Shape) -> LayerShape:
    return LayerShape(layer, shape, 2 * shape[-1], 2 * shape[-1])


def _image(shape: Shape) -> tuple[int, int, int]:
    if len(shape) != 3:
        raise ShapeError(
            f"it needs images (height × width × channels), but what reaches it has shape "
            f"{describe(shape)}. Remove it, move it before Flatten, or choose the MLP model."
        )
    return shape[0], shape[1], shape[2]


def _sequence(shape: Shape) -> tuple[int, int]:
    if len(shape) != 2:
        raise ShapeError(
            f"it needs a sequence (steps × channels), but what reaches it has shape "
            f"{describe(shape)}. Put an Embedding of texts before it, or choose the MLP model."
        )
    return shape[0], shape[1]


def _advance(length: int, window: int, step: int, padding: str) -> int:
    """Positions of a window along a sequence."""
    if padding == "valid" and length < window:
        raise ShapeError(
            f"its window of {window} steps is longer than the sequence that reaches it, {length} "
            "steps. Use less pooling, a smaller window, a longer sequence, or padding `same`."
        )
    return _slide(length, window, step, padding)


def _slide(side: int, window: int, step: int, padding: str) -> int:
    """Positions of a window along one side (TensorFlow's `same` and `valid`)."""
    if padding == "same":
        return math.ceil(side / step)
    if side < window:
        raise ShapeError(
            f"its {window} × {window} window is larger than the image that reaches it, "
            f"{side} pixels a side. Use fewer blocks or pooling layers, a smaller window, "
            "or padding `same`."
        )
    return (side - window) // step + 1


def describe(shape: Shape) -> str:
    """A shape in words, for example `28 × 28 × 1`."""
    return " × ".join(str(size) for size in shape)
