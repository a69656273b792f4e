"""The preparation of an experiment's data as a `tf.data` program, to read, copy and run."""

from __future__ import annotations

from core.experiment import Experiment
from core.export import loading, preparing
from core.export.augmentation import AUGMENT, augment_lines
from core.export.imports import import_block

_UNKNOWN = 2  # the token of rare words, as in Keras's sets of texts
_PARALLEL = "num_parallel_calls=tf.data.AUTOTUNE"


def tf_data_script(experiment: Experiment) -> str:
    """Python source that loads the data and makes `train`, `validation` and `test`.

    These are datasets of batches. The order of samples and the augmentation are drawn from other
    random numbers than in training.
    """
    parts = (_imports(experiment), loading.loading_lines(experiment))
    loads = "\n\n".join("\n".join(lines) for lines in parts if lines)
    return f"{loads}\n\n{batches_script(experiment)}"


def batches_script(experiment: Experiment) -> str:
    """What follows the data in `tf_data_script`.

    It expects its imports, and `x_train, y_train, x_val, y_val, x_test, y_test` as
    `loading.loading_lines` leaves them.
    """
    parts = (
        [f"keras.utils.set_random_seed({experiment.seed})"],
        _scaling(experiment),
        augment_lines(experiment.data.augmentation),
        _prepare(experiment),
        _batches(experiment),
        _datasets(experiment),
    )
    return "\n\n".join("\n".join(lines) for lines in parts if lines) + "\n"


def _imports(experiment: Experiment) -> list[str]:
    found = ["import keras", "import tensorflow as tf", *loading.import_lines(experiment)]
    kind = preparing.scaler(experiment)
    return import_block([*found, f"from sklearn.preprocessing import {kind}"] if kind else found)


def _scaling(experiment: Experiment) -> list[str]:
    """The scaler of features, which knows the samples trained on and no others."""
    kind = preparing.scaler(experiment)
    if kind is None:
        return []
    lines = [f'scaler = {kind}().fit(x_train.astype("float64"))']
    for part in loading.parts(experiment):
        name = f"x_{part}"
        scaled = f'scaler.transform({name}.astype("float64"))'
        lines.append(f'{name} = {scaled}.astype("float32")')
    return lines


def _prepare(experiment: Experiment) -> list[str]:
    """What is done to each sample, if anything is."""
    card, lines = experiment.data.card, []
    if card.is_image:
        low, high = card.value_range or (0, 1)
        pixels = "tf.cast(x, tf.float32)"
        shifted = f"({pixels} - {low:g})" if low else pixels
        lines.append(f"    x = {shifted} / {high - low:g}")
    if card.is_text:
        lines.append(f"    x = tf.cast(x[-{experiment.input_shape[0]}:], tf.int32)")
        lines.append(f"    x = tf.where(x < {experiment.data.vocabulary}, x, {_UNKNOWN})")
    if experiment.one_hot:
        lines.append(f"    y = tf.one_hot(y, {card.class_count})")
    return ["", "def prepare(x, y):", *lines, "    return x, y"] if lines else []


def _batches(experiment: Experiment) -> list[str]:
    """A function of two arrays, and in training of more."""
    shuffled, augmented = experiment.training.shuffle, bool(experiment.data.augmentation.kinds)
    lines = ["    samples = tf.data.Dataset.from_tensor_slices((x, y))"]
    if _prepare(experiment):
        lines.append(f"    samples = samples.map(prepare, {_PARALLEL})")
    lines.append("    samples = samples.cache()")
    if shuffled:
        lines += ["    if training:", "        samples = samples.shuffle(len(x))"]
    lines.append(f"    batched = samples.batch({experiment.training.batch_size})")
    if augmented:
        lines += ["    if training:", f"        batched = batched.map({AUGMENT})"]
    lines.append("    return batched.prefetch(tf.data.AUTOTUNE)")
    flag = ", training=False" if shuffled or augmented else ""
    return ["", f"def batches(x, y{flag}):", *lines, ""]


def _datasets(experiment: Experiment) -> list[str]:
    flag = ", training=True" if "training" in _batches(experiment)[1] else ""
    lines = [f"train = batches(x_train, y_train{flag})"]
    if experiment.data.validation_split:
        lines.append("validation = batches(x_val, y_val)")
    return [*lines, "test = batches(x_test, y_test)"]
