"""The evidence of a diagnosis as sentences for a learner, each with its numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.analysis.diagnosis.signs import UNCHANGED, Signs
from core.analysis.intervals import Score
from core.formats import percent, significant

# An interval narrower than this to either side is left out: it changes nothing.
WIDE = 0.03
# Above this, noise is not what keeps a network from being right.
NEARLY_ALL = 0.98
_MOST_NAMES = 5


def growth(signs: Signs) -> str:
    """How the loss went wrong."""
    if signs.not_finite:
        return f"After epoch {signs.epochs} the loss is no longer a finite number."
    return (
        f"Training loss grew from {significant(signs.curves['loss'][0])} in epoch 1 to "
        f"{significant(signs.last('loss'))} in epoch {signs.epochs}; it should fall."
    )


def explosion(signs: Signs) -> str:
    """How far the loss was above that of an untrained network."""
    peak, untrained = signs.peak, signs.facts.untrained_loss or 0.0
    return (
        f"Training loss was {significant(signs.curves['loss'][peak])} in epoch {peak + 1} and is "
        f"{significant(signs.last('loss'))} now; a network that knows nothing has "
        f"{significant(untrained)}."
    )


def seen_only(signs: Signs) -> str:
    """What was reached, where only training samples were measured."""
    reached = f"loss {significant(signs.last('loss'))}"
    if signs.scored:
        reached = f"accuracy {percent(signs.last('accuracy'))}"
    return f"Training {reached} after epoch {signs.epochs}, but only on samples it has seen."


def accuracies(signs: Signs) -> str:
    """Where both accuracies stand, of how many samples, and how far apart."""
    train = f"Training accuracy {percent(signs.last('accuracy'))}"
    if "val_accuracy" not in signs.curves:
        return f"{train}."
    gap = signs.last("accuracy") - signs.last("val_accuracy")
    kind = "a gap of" if gap >= 0 else "better by"
    return (
        f"{train}, validation {percent(signs.last('val_accuracy'))} ({counted(signs.validation)}): "
        f"{kind} {100 * abs(gap):.1f} points."
    )


def counted(score: Score) -> str:
    """A score in samples, with its margin where that is wide: `18 of 20`."""
    return f"{score.right:,} of {score.total:,}{margin(score)}"


def margin(score: Score) -> str:
    """The 95 % interval of a score on few samples, after a comma; nothing where it is narrow."""
    low, high = score.interval
    if max(high - score.share, score.share - low) < WIDE:
        return ""
    return f", 95 % interval {percent(low)} to {percent(high)}"


def test(signs: Signs) -> str:
    """What the test says, of how many samples."""
    score, found = signs.facts.test, signs.facts.evaluation
    if not score:
        is_number = not signs.facts.class_count and "loss" in found
        return f"Test loss {significant(found['loss'])}." if is_number else ""
    return f"Test accuracy {percent(score.share)} ({counted(score)})."


def losses(signs: Signs) -> str:
    """Where both losses stand."""
    train, validation = significant(signs.last("loss")), significant(signs.last("val_loss"))
    return f"Training loss {train}, validation {validation}."


def levels(signs: Signs) -> str:
    """Where the run stands, in accuracy where that was measured."""
    return accuracies(signs) if signs.scored else losses(signs)


def rise(signs: Signs) -> str:
    """How validation loss turned while training loss went on falling."""
    train, validation = signs.curves["loss"], signs.curves["val_loss"]
    return (
        f"Validation loss was lowest in epoch {signs.best + 1} "
        f"({significant(validation[signs.best])}) and is {significant(validation[-1])} now, "
        f"while training loss fell from {significant(train[signs.best])} "
        f"to {significant(train[-1])}."
    )


def constant(signs: Signs) -> str:
    """What the simplest thing one could do would give."""
    facts = signs.facts
    if signs.scored:
        if facts.is_imbalanced:
            given = percent(facts.constant)
            return f"Always answering the most frequent class would give {given}."
        return f"Guessing would give {percent(facts.chance)}."
    if not facts.class_count and facts.baseline_loss:
        return f"Always answering the mean would give {significant(facts.baseline_loss)}."
    return ""


def trend(signs: Signs) -> str:
    """What the losses did in the last epochs."""
    changes = [_changed(signs.change(name)) for name in ("loss", "val_loss")]
    begin, end = signs.window + 1, signs.epochs
    if begin == end:
        return ""
    return (
        f"From epoch {begin} to {end}, training loss {changes[0]} and validation loss {changes[1]}."
    )


def _changed(share: float) -> str:
    if abs(share) < UNCHANGED:
        return "stayed the same"
    return f"{'fell' if share < 0 else 'rose'} by {percent(abs(share))}"


def kept(signs: Signs) -> str:
    """That the weights are not those of the last epoch, and that later epochs were no better."""
    if signs.facts.kept is None:
        return ""
    after = f"{signs.tried} more epochs brought" if signs.tried > 1 else "One more epoch brought"
    return (
        f"Judged by epoch {signs.epochs}, whose weights early stopping kept: {after} nothing "
        "better."
    )


def one_class(signs: Signs) -> str:
    """That the network has but one answer."""
    label = signs.facts.always
    if label is None:
        return ""
    return f"It gives the same answer for every sample it was asked: “{signs.facts.names[label]}”."


def never(signs: Signs) -> str:
    """Which classes the network never answers."""
    missing, names = signs.facts.never_predicted, signs.facts.names
    if not missing or signs.facts.always is not None:
        return ""
    return f"It never answers {_some(missing, names)}, {len(missing)} of {len(names)} classes."


def unseen(signs: Signs) -> str:
    """Which classes could not be learned, and how many test samples that concerns."""
    facts = signs.facts
    there = sum(facts.test_classes[label] for label in facts.unseen)
    told = f"No training sample shows {_some(facts.unseen, facts.names)}"
    if not there:
        return f"{told}."
    verb = "does" if there == 1 else "do"
    return f"{told}, but {there:,} of {sum(facts.test_classes):,} test samples {verb}."


def _some(labels: Sequence[int], names: Sequence[str]) -> str:
    shown = [f"“{names[label]}”" for label in labels[:_MOST_NAMES]]
    more = f" and {len(labels) - len(shown)} more" if len(labels) > len(shown) else ""
    return ", ".join(shown) + more


def unsettled(signs: Signs) -> str:
    """How much batch normalization's moving statistics still hold of their first values."""
    facts = signs.facts
    updates = signs.epochs * facts.experiment.batches_per_epoch
    share = facts.initial_share(signs.epochs)
    return (
        f"Validation and test use batch normalization's moving statistics. With momentum "
        f"{facts.batch_momentum:g}, {updates:,} updates leave {percent(share)} of what these were "
        "before training, so they do not fit the data yet. Training values do not show this: they "
        "use each batch's own statistics."
    )


def memorized(signs: Signs) -> str:
    """That wrong labels were learned."""
    noise = signs.facts.label_noise
    return (
        f"{percent(noise)} of the training labels are wrong on purpose (label noise): more than "
        f"{percent(1 - noise)} right on training samples means that wrong labels were learned."
    )


def possible(signs: Signs) -> str:
    """What is the best that can be had, where the noise in the data is known."""
    facts = signs.facts
    best = facts.best_possible
    if best is None:
        return ""
    noise = f"With noise of {facts.experiment.data.noise:g}, no network can be expected to get"
    if facts.class_count and best >= NEARLY_ALL:
        return ""
    if facts.class_count:
        return f"{noise} more than about {percent(best)} right on new samples."
    return f"{noise} below a loss of about {significant(best)} on new samples."


def plain(value: float) -> str:
    """A setting to three digits, without a power of ten."""
    return np.format_float_positional(value, precision=3, fractional=False, trim="-")
