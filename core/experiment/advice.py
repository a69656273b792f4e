"""Settings that are allowed but rarely what someone wants, each with the usual choice."""

from __future__ import annotations

from core.errors import Problem
from core.experiment.experiment import Experiment
from core.experiment.layers import Dense
from core.experiment.outputs import obstacles
from core.experiment.training import OPTIMIZER_TITLES, USUAL_RATE

DIGITS = tuple("0123456789")
_SLOW_RATE = 0.001  # for optimizers that do not divide the gradient by its size, or by ever more
# Above these, training rarely goes well. Adagrad's steps shrink as it goes on.
_LARGE_RATE = {name: 1.0 if name in ("sgd", "adagrad") else 0.1 for name in USUAL_RATE}


def advise(experiment: Experiment) -> tuple[Problem, ...]:
    """Warnings about an experiment that can be trained but will likely disappoint."""
    checks = (
        _learning_rate,
        _slow_rate,
        _steep,
        _no_validation,
        _mirrored,
        _whole_batch,
        _dropout,
        _penalty,
    )
    found = tuple(problem for check in checks if (problem := check(experiment)))
    return (*found, *_layers(experiment))


def _learning_rate(experiment: Experiment) -> Problem | None:
    training = experiment.training
    rate, optimizer = training.learning_rate, training.optimizer
    if rate <= _LARGE_RATE[optimizer]:
        return None
    return Problem(
        ("training", "learning_rate"),
        f"Learning rate: {rate:g} is very large for {OPTIMIZER_TITLES[optimizer]}; the loss will "
        f"most likely explode. Try its usual {USUAL_RATE[optimizer]:g}.",
    )


def _slow_rate(experiment: Experiment) -> Problem | None:
    """Digits at the usual settings but this optimizer and rate: test accuracy after 20 epochs.

    Adagrad 0.001: 59 %, 0.01: 93 %, 0.05: 96 %; SGD 0.001: 33 %, 0.01: 89 %.
    """
    training, where = experiment.training, ("training", "learning_rate")
    if training.learning_rate > _SLOW_RATE or experiment.data.card.task == "regression":
        return None
    if training.optimizer == "adagrad":
        return Problem(
            where,
            f"Learning rate: Adagrad makes its steps smaller at each update, so at "
            f"{training.learning_rate:g} (0.001 is Keras's own) it learns slowly. Try 0.01 to 0.1.",
        )
    if training.optimizer == "sgd" and not training.momentum:
        return Problem(
            where,
            f"Learning rate: at {training.learning_rate:g} SGD learns slowly. Try its usual "
            f"{USUAL_RATE['sgd']:g}.",
        )
    return None


def _steep(experiment: Experiment) -> Problem | None:
    """Other optimizers divide the gradient by its own size."""
    card, scaled = experiment.data.card, experiment.data.target_scaling != "none"
    if experiment.training.optimizer != "sgd" or card.task != "regression":
        return None
    if scaled or card.generated:
        return None
    return Problem(
        ("training", "optimizer"),
        "Optimizer: without scaled targets, steps of SGD grow with the size of the numbers to "
        "predict; with large ones the loss explodes. Set Scale targets to Standard.",
    )


def _no_validation(experiment: Experiment) -> Problem | None:
    if experiment.data.validation_split:
        return None
    return Problem(
        ("data", "validation_split"),
        "Validation split: without validation samples, overfitting cannot be seen. Try 0.2.",
    )


def _mirrored(experiment: Experiment) -> Problem | None:
    if experiment.data.augmentation.flip == "none" or experiment.data.card.classes != DIGITS:
        return None
    return Problem(
        ("data", "augmentation", "flip"),
        "Flip: most digits are none any more in a mirror, and the test has no such ones. For "
        "digits try a rotation of 0.03 and a translation of 0.1.",
    )


def _whole_batch(experiment: Experiment) -> Problem | None:
    if experiment.batches_per_epoch > 1 or experiment.data.train_count < 100:
        return None
    return Problem(
        ("training", "batch_size"),
        "Batch size: the whole training set in one batch means one weight update an epoch. Try 32.",
    )


def _dropout(experiment: Experiment) -> Problem | None:
    rate = getattr(experiment.model, "dropout", 0.0)
    if rate <= 0.8:
        return None
    return Problem(
        ("model", "dropout"),
        f"Dropout: {rate:g} drops nearly everything; little can be learned. Try 0.2 to 0.5.",
    )


def _penalty(experiment: Experiment) -> Problem | None:
    for name in ("l1", "l2"):
        value = getattr(experiment.model, name, 0.0)
        if value > 0.1:
            return Problem(
                ("model", name),
                f"{name.upper()}: {value:g} outweighs the loss; the network will stay near zero. "
                "Try 0.0001 to 0.01.",
            )
    return None


def _layers(experiment: Experiment) -> tuple[Problem, ...]:
    """Layers that keep a network from learning."""
    output, shape = experiment.layers[len(experiment.hidden)], experiment.input_shape
    if not isinstance(output, Dense):  # an activation alone
        return ()
    return tuple(Problem(("model",), text) for text in obstacles(output, experiment.hidden, shape))
