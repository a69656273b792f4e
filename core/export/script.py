"""An experiment as the Keras program that does the same, to read, copy and run."""

from __future__ import annotations

from collections.abc import Iterator

from core.experiment import Experiment
from core.experiment import layers as kinds
from core.experiment.fields import Part
from core.export import loading, preparing
from core.export.augmentation import AUGMENT, augment_lines
from core.export.callbacks import callback_lines, needs_math
from core.export.imports import import_block

# A deviation of 0 would make all predictions the mean: nothing could be learned.
_SIZE = [
    "# The last layer gives the outputs the size of the targets.",
    'scale = float(y_train.std(dtype="float64")) or 1.0',
    'offset = float(y_train.mean(dtype="float64"))',
]
_UNITS = {"mse": "scale**2", "mae": "scale"}  # of the loss, beside that of scaled targets
_LEARNED = [
    "# Gradients are those of the loss of scaled targets; what Keras reports keeps their unit.",
    "optimizer.scale_loss = lambda loss: loss / loss_unit",
]
_MACRO = ("macro_precision", "macro_recall", "macro_f1")


def keras_script(experiment: Experiment) -> str:
    """Python source that loads the experiment's data and trains its model on them with plain Keras.

    The macro metrics, which Keras has not, are left out. Data that only Epochscope has are read
    from the file `loading.file_name` names; others are split by other random numbers than here.
    """
    parts = (
        _imports(experiment),
        loading.loading_lines(experiment),
        preparing.lines(experiment),
    )
    loads = "\n\n".join("\n".join(lines) for lines in parts if lines)
    return f"{loads}\n\n{network_script(experiment)}"


def network_script(experiment: Experiment) -> str:
    """What follows the data in `keras_script`: it builds, compiles and fits the model.

    It expects `keras`, and `x_train, y_train, x_val, y_val` as they are trained on.
    """
    parts = (
        [f"keras.utils.set_random_seed({experiment.seed})"],
        model_lines(experiment),
        _compile(experiment),
        one_hot_lines(experiment),
        _callbacks(experiment),
        _augmented(experiment),
        _fit(experiment),
    )
    return "\n".join(line for part in parts for line in part) + "\n"


def layer_call(layer: Part, unit: str = "") -> str:
    """One layer as a constructor call; arguments at Keras's defaults are left out.

    `unit` is written after each penalty of weights, as " * loss_unit".
    """
    return f"keras.layers.{type(layer).__name__}({', '.join(_arguments(layer, unit))})"


def _imports(experiment: Experiment) -> list[str]:
    found = ["import keras", *loading.import_lines(experiment), *preparing.import_lines(experiment)]
    if needs_math(experiment):
        found.append("import math")
    if experiment.data.augmentation.kinds:
        found.append("import tensorflow as tf")
    return import_block(found)


def model_lines(experiment: Experiment) -> list[str]:
    """The model, named `model`."""
    is_scaled = experiment.data.target_scaling != "none"
    unit = " * loss_unit" if is_scaled else ""
    lines = [f"        {layer_call(layer, unit)}," for layer in experiment.layers]
    dtype = ', dtype="int32"' if experiment.data.card.is_text else ""
    head = f"        keras.Input({experiment.input_shape!r}{dtype}),"
    size = [*_SIZE, f"loss_unit = {_UNITS[experiment.loss]}"] if is_scaled else []
    return [*size, "model = keras.Sequential(", "    [", head, *lines, "    ]", ")"]


def _compile(experiment: Experiment) -> list[str]:
    metrics = ", ".join(_value(name) for name in experiment.metrics if name not in _MACRO)
    optimizer, before = optimizer_call(experiment), []
    if experiment.data.target_scaling != "none":
        before, optimizer = [f"optimizer = {optimizer}", *_LEARNED], "optimizer"
    return [
        *before,
        "model.compile(",
        f"    optimizer={optimizer},",
        f"    loss={_value(experiment.loss)},",
        f"    metrics=[{metrics}],",
        ")",
    ]


def one_hot_lines(experiment: Experiment) -> list[str]:
    """One-hot encoding, where the loss needs it."""
    if not experiment.one_hot:
        return []
    count = experiment.data.card.class_count
    names = ["y_train"] + (["y_val"] if experiment.data.validation_split else [])
    return [f"{name} = keras.utils.to_categorical({name}, {count})" for name in names]


def _callbacks(experiment: Experiment) -> list[str]:
    lines = [f"    {line}" for line in callback_lines(experiment)]
    return ["callbacks = [", *lines, "]"] if lines else []


def _augmented(experiment: Experiment) -> list[str]:
    """Batches of varied images, where they are varied."""
    training = experiment.training
    if not experiment.data.augmentation.kinds:
        return []
    return [
        *augment_lines(experiment.data.augmentation),
        "train = (",
        "    tf.data.Dataset.from_tensor_slices((x_train, y_train))",
        *(["    .shuffle(len(x_train))"] if training.shuffle else []),
        f"    .batch({training.batch_size})",
        f"    .map({AUGMENT})",
        "    .prefetch(tf.data.AUTOTUNE)",
        ")",
    ]


def _fit(experiment: Experiment) -> list[str]:
    training = experiment.training
    augmented = bool(experiment.data.augmentation.kinds)
    arrays = ["    x_train,", "    y_train,", f"    batch_size={training.batch_size},"]
    lines = [
        "history = model.fit(",
        *(["    train,"] if augmented else arrays),
        f"    epochs={training.epochs},",
    ]
    if augmented and training.shuffle:
        lines.append("    shuffle=False,  # the batches are shuffled already")
    elif not training.shuffle:
        lines.append("    shuffle=False,")
    if experiment.data.validation_split:
        lines.append("    validation_data=(x_val, y_val),")
    if any(callback_lines(experiment)):
        lines.append("    callbacks=callbacks,")
    return [*lines, ")"]


def optimizer_call(experiment: Experiment) -> str:
    """The optimizer as a constructor call."""
    training = experiment.training
    arguments = [f"learning_rate={training.learning_rate!r}"]
    if training.optimizer in ("sgd", "rmsprop") and training.momentum:
        arguments.append(f"momentum={training.momentum!r}")
    if training.optimizer == "sgd" and training.nesterov:
        arguments.append("nesterov=True")
    if training.optimizer == "adamw":
        arguments.append(f"weight_decay={training.weight_decay!r}")
    names = {"sgd": "SGD", "rmsprop": "RMSprop", "adamw": "AdamW"}
    name = names.get(training.optimizer, training.optimizer.capitalize())
    return f"keras.optimizers.{name}({', '.join(arguments)})"


_FIRST = {
    "Activation": ("activation",),
    "AveragePooling2D": ("pool_size",),
    "Conv1D": ("filters", "kernel_size"),
    "Conv2D": ("filters", "kernel_size"),
    "Dense": ("units",),
    "Dropout": ("rate",),
    "Embedding": ("input_dim", "output_dim"),
    "GRU": ("units",),
    "LSTM": ("units",),
    "MaxPooling1D": ("pool_size",),
    "MaxPooling2D": ("pool_size",),
}


def _arguments(layer: Part, unit: str) -> Iterator[str]:
    """Positional arguments first, then those that differ from Keras's defaults."""
    if isinstance(layer, kinds.Rescaling):
        yield from ("scale", "offset")  # names in the program, see `_SIZE`
        return
    first = _FIRST.get(type(layer).__name__, ())
    for name in first:
        yield _value(getattr(layer, name))
    for name, field in type(layer).model_fields.items():
        value = getattr(layer, name)
        if name in (*first, "kind") or value == field.default:
            continue
        yield f"{name}={_value(value, unit)}"


def _value(value: object, unit: str = "") -> str:
    if isinstance(value, str):
        return f'"{value}"'
    if not isinstance(value, kinds.Regularizer):
        return repr(value)
    if value.l1 and value.l2:
        return f"keras.regularizers.L1L2(l1={value.l1!r}{unit}, l2={value.l2!r}{unit})"
    name, amount = ("L1", value.l1) if value.l1 else ("L2", value.l2)
    return f"keras.regularizers.{name}({amount!r}{unit})"
