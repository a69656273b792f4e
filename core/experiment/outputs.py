"""The output layer: what it must be, whether somebody put one there, and what never gives one."""

from __future__ import annotations

from collections.abc import Iterator

from core.experiment import layers as kinds
from core.experiment.card import Task
from core.experiment.fields import Part
from core.experiment.shapes import Shape, ShapeError, follow


def output_layer(task: Task, units: int) -> kinds.Dense:
    """The output layer for a task: softmax over the classes, one sigmoid, or one number."""
    if task == "regression":
        return kinds.Dense(units=units, activation="linear")
    return kinds.Dense(units=units, activation="sigmoid" if units == 1 else "softmax")


def ends_in(output: kinds.Dense, layers: tuple[Part, ...], shape: Shape) -> bool:
    """Whether the last of `layers` is an output layer like `output`, or its activation alone.

    `shape` is that of one sample. An activation alone follows a layer of as many outputs.
    """
    last = layers[-1] if layers else None
    if isinstance(last, kinds.Dense):
        return (last.units, last.activation) == (output.units, output.activation)
    if not isinstance(last, kinds.Activation) or output.activation == "linear":
        return False
    try:
        before = follow(layers[:-1], shape)
    except ShapeError:
        return False
    learns = any(row.trainable for row in before)
    return learns and last.activation == output.activation and before[-1].output == (output.units,)


def obstacles(output: kinds.Dense, layers: tuple[Part, ...], shape: Shape) -> Iterator[str]:
    """What in hidden `layers` keeps the network from learning, or hinders it, and what to do."""
    for place, row in enumerate(follow(layers, shape), start=1):
        activation = getattr(row.layer, "activation", "")
        where, is_last = f"Layer {place}, {row.kind}", place == len(layers)
        if activation == "softmax" and row.output[-1:] == (1,):
            yield (
                f"{where}: softmax over one unit is always 1, so that nothing can be learned. "
                "Use sigmoid or ReLU, or more units."
            )
        elif activation == "softmax":
            yield (
                f"{where}: softmax in a hidden layer lets hardly anything through, and training "
                f"is slow. Use ReLU{_or_output(output, is_last)}."
            )
        elif is_last and _is_lone_sigmoid(row.layer) and output.units == 2:
            yield (
                f"{where}: one sigmoid is the output layer of the loss binary cross-entropy, but "
                "another loss is set, so that an output layer of 2 units is added after it. Choose "
                "that loss, or remove the layer."
            )


def _is_lone_sigmoid(layer: Part) -> bool:
    return isinstance(layer, kinds.Dense) and (layer.units, layer.activation) == (1, "sigmoid")


def _or_output(output: kinds.Dense, is_last: bool) -> str:
    if not is_last:
        return ""
    return (
        f", or make it the output layer: {output.units:,} unit{'s' * (output.units > 1)} with "
        f"{output.activation}"
    )
