"""The training loop by hand as a program of its own, on an experiment's data and model."""

from __future__ import annotations

from core.experiment import Experiment
from core.export import loading, preparing, script
from core.export.augmentation import augment_lines
from core.export.imports import import_block

_STEPS = '''
@tf.function
def train_step(x, y):
    """Predict a batch, see how wrong that is, and change the weights against it."""
    with tf.GradientTape() as tape:
        predicted = model(x, training=True)
        loss = tf.add_n([tf.reduce_mean(loss_function(y, predicted)), *model.losses])
    gradients = tape.gradient(loss, model.trainable_weights)
    optimizer.apply_gradients(zip(gradients, model.trainable_weights, strict=True))
    mean_loss.update_state(loss, sample_weight=tf.shape(x)[0])


@tf.function
def test_step(x, y):
    """Predict a batch and see how wrong that is: without dropout, without learning."""
    predicted = model(x, training=False)
    loss = tf.add_n([tf.reduce_mean(loss_function(y, predicted)), *model.losses])
    mean_loss.update_state(loss, sample_weight=tf.shape(x)[0])


def mean_of(step, batches):
    """The mean loss of batches, each gone through with `step`."""
    mean_loss.reset_state()
    for x, y in batches:
        step(x, y)
    return float(mean_loss.result())

'''


def loop_script(experiment: Experiment) -> str | None:
    """Python source that trains the experiment's model in a loop by hand, and prints its losses.

    Callbacks and metrics other than the loss are left out. None where targets are scaled: then
    more belongs to the loop than its steps.
    """
    if experiment.data.target_scaling != "none":
        return None
    found = ["import keras", "import tensorflow as tf", *loading.import_lines(experiment)]
    parts = (
        import_block([*found, *preparing.import_lines(experiment)]),
        loading.loading_lines(experiment),
        preparing.lines(experiment),
        _labels(experiment),
        [f"keras.utils.set_random_seed({experiment.seed})", *script.model_lines(experiment)],
        _batches(experiment),
        [
            f"optimizer = {script.optimizer_call(experiment)}",
            f'loss_function = keras.losses.get("{experiment.loss}")',
            'mean_loss = keras.metrics.Mean("loss")',
        ],
        _STEPS.splitlines(),
        _epochs(experiment),
    )
    return "\n\n".join("\n".join(lines) for lines in parts if lines) + "\n"


def _labels(experiment: Experiment) -> list[str]:
    """Labels in the form the loss takes."""
    if experiment.one_hot:
        return script.one_hot_lines(experiment)
    if experiment.outputs != 1:
        return []
    names = [f"y_{part}" for part in loading.parts(experiment)]
    return [f'{name} = {name}.reshape(-1, 1).astype("float32")' for name in names]


def _batches(experiment: Experiment) -> list[str]:
    size, held = experiment.training.batch_size, experiment.data.validation_split
    lines = augment_lines(experiment.data.augmentation)
    lines.append("train = tf.data.Dataset.from_tensor_slices((x_train, y_train))")
    if experiment.training.shuffle:
        lines.append("train = train.shuffle(len(x_train))")
    lines.append(f"train = train.batch({size})")
    if experiment.data.augmentation.kinds:
        lines.append("train = train.map(lambda x, y: (augment(x, training=True), y))")
    if held:
        pair = "tf.data.Dataset.from_tensor_slices((x_val, y_val))"
        lines.append(f"validation = {pair}.batch({size})")
    return lines


def _epochs(experiment: Experiment) -> list[str]:
    held = bool(experiment.data.validation_split)
    return [
        "losses = []",
        f"for epoch in range({experiment.training.epochs}):",
        "    losses.append(mean_of(train_step, train))",
        '    print(f"Epoch {epoch + 1}: training loss {losses[-1]:.4f}")',
        *(
            ['    print(f"    validation loss {mean_of(test_step, validation):.4f}")']
            if held
            else []
        ),
    ]
