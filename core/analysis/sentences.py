"""The evidence of a diagnosis as sentences for a learner, each with its numbers."""

from __future__ import annotations

from core.analysis.signs import SUSTAINED_EPOCHS, Signs
from core.formats import percent, significant


def explosion(signs: Signs) -> str:
    """How the loss went wrong."""
    if signs.not_finite:
        return f"After epoch {signs.epochs} the loss is no longer a finite number."
    return (
        f"Training loss grew from {significant(signs.curves['loss'][0])} in epoch 1 to "
        f"{significant(signs.last('loss'))} in epoch {signs.epochs}; it should fall."
    )


def seen_only(signs: Signs) -> str:
    """What was reached, where only training samples were measured."""
    reached = f"loss {significant(signs.last('loss'))}"
    if signs.scored:
        reached = f"accuracy {percent(signs.last('accuracy'))}"
    return f"Training {reached} after epoch {signs.epochs}, but only on samples it has seen."


def accuracies(signs: Signs) -> str:
    """Where both accuracies stand, and how far apart."""
    train = f"Training accuracy {percent(signs.last('accuracy'))}"
    if "val_accuracy" not in signs.curves:
        return f"{train}."
    difference = signs.last("accuracy") - signs.last("val_accuracy")
    kind = "a gap of" if difference >= 0 else "better by"
    return (
        f"{train}, validation {percent(signs.last('val_accuracy'))}: "
        f"{kind} {100 * abs(difference):.1f} points."
    )


def losses(signs: Signs) -> str:
    """Where both losses stand."""
    train, validation = significant(signs.last("loss")), significant(signs.last("val_loss"))
    return f"Training loss {train}, validation {validation}."


def rise(signs: Signs) -> str:
    """How validation loss turned while training loss went on falling."""
    loss, validation = signs.curves["loss"], signs.curves["val_loss"]
    return (
        f"Validation loss was lowest in epoch {signs.best + 1} "
        f"({significant(validation[signs.best])}) and is {significant(validation[-1])} now, "
        f"while training loss fell from {significant(loss[signs.best])} to {significant(loss[-1])}."
    )


def low_level(signs: Signs) -> str:
    """Where the run stands, against the simplest thing one could do."""
    if signs.scored:
        return f"{accuracies(signs)} Guessing would give {percent(signs.chance)}."
    if signs.baseline_loss:
        constant = significant(signs.baseline_loss)
        return f"{losses(signs)} Always answering the mean would give {constant}."
    return losses(signs)


def fall(signs: Signs) -> str:
    """How fast both losses still fall."""
    return (
        f"Training and validation loss fell by at least {100 * signs.recent_fall:.0f} % "
        f"within the last {SUSTAINED_EPOCHS} epochs."
    )


def stall() -> str:
    """That the losses do not fall any more."""
    return f"In the last {SUSTAINED_EPOCHS} epochs the losses did not both go on falling."
