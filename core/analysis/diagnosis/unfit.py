"""Checks for runs that cannot be judged, or that went wrong altogether."""

from __future__ import annotations

from core.analysis.diagnosis import advice, sentences
from core.analysis.diagnosis.signs import RISE_GAP, SUSTAINED_EPOCHS, Signs
from core.analysis.diagnosis.verdict import Diagnosis, found
from core.formats import percent

# A trend needs as many epochs as count as sustained.
MIN_EPOCHS = SUSTAINED_EPOCHS
# Noise moves a training loss by some percent; twice the start is no noise.
EXPLOSION = 2.0
# An untrained network's loss is some tenths off that of even answers; four times is an explosion.
EXPLOSION_AT_ONCE = 4.0
# Far below what an untrained network has, doubling is a wobble near zero.
LEARNED_LEVEL = 0.1
# Batch normalization has settled when its statistics keep less of their first values.
SETTLED = 0.05


def diverged(signs: Signs) -> Diagnosis | None:
    """The loss is no number, grew, or exploded and never came back."""
    if not signs.epochs:
        return None
    level, untrained = signs.level, signs.facts.untrained_loss
    grew = signs.growth >= EXPLOSION and (level is None or level >= LEARNED_LEVEL)
    at_once = (
        untrained is not None
        and level is not None
        and level >= 1
        and signs.curves["loss"][signs.peak] >= EXPLOSION_AT_ONCE * untrained
    )
    if not (signs.not_finite or grew or at_once):
        return None
    exploded = at_once and not (signs.not_finite or grew)
    headline = (
        "Diverged: the loss exploded, and nothing was learned since."
        if exploded
        else "Diverged: the loss grew instead of falling."
    )
    told = sentences.explosion(signs) if exploded else sentences.growth(signs)
    return found(
        "diverged",
        headline,
        (told,),
        (
            advice.lower_rate(signs),
            advice.smaller_inputs(signs),
            advice.smaller_targets(signs),
        ),
    )


def too_early(signs: Signs) -> Diagnosis | None:
    """There are too few epochs for a trend."""
    done = signs.epochs + signs.tried
    if done >= MIN_EPOCHS:
        return None
    told = {0: "No epoch has ended yet.", 1: "1 epoch is done."}
    return found(
        "too_early",
        "Too early to tell.",
        (told.get(done, f"{done} epochs are done."),),
        (f"Train at least {MIN_EPOCHS} epochs: a trend cannot be seen in fewer.",),
    )


def unseen_classes(signs: Signs) -> Diagnosis | None:
    """Some class is asked for that no training sample shows."""
    if not signs.facts.unseen:
        return None
    what = "one class was" if len(signs.facts.unseen) == 1 else "some classes were"
    return found(
        "unseen_classes",
        f"Cannot be learned: {what} never shown in training.",
        (
            sentences.unseen(signs),
            sentences.levels(signs) if signs.validated else "",
            sentences.test(signs),
        ),
        (
            "Bring training samples of every class, or all samples in one part, to have them "
            "divided here with every class in both.",
        ),
    )


def no_validation(signs: Signs) -> Diagnosis | None:
    """Nothing was held back to judge by."""
    if signs.validated:
        return None
    return found(
        "no_validation",
        "Cannot tell: nothing was held back for validation.",
        (sentences.seen_only(signs), sentences.test(signs)),
        ("Set a validation split, for example 0.2, and train again.",),
    )


def random_labels(signs: Signs) -> Diagnosis | None:
    """Label noise leaves nothing to learn."""
    facts = signs.facts
    if not facts.labels_are_random:
        return None
    noise = percent(facts.label_noise)
    return found(
        "not_learning",
        "Nothing to learn: the training labels are random.",
        (
            f"With label noise of {noise} the right class of a training sample is no more "
            "frequent than any other.",
            sentences.levels(signs),
            sentences.constant(signs),
            sentences.test(signs),
        ),
        (f"Lower the label noise of {facts.label_noise:g}.",),
    )


def unsettled(signs: Signs) -> Diagnosis | None:
    """Batch normalization answers validation samples by statistics that are still those it
    began with.
    """
    share = signs.facts.initial_share(signs.epochs)
    if share < SETTLED:
        return None
    is_worse = signs.last("val_loss") > 1.2 * signs.last("loss")
    if signs.compared:
        is_worse = signs.last("accuracy") - signs.last("val_accuracy") >= RISE_GAP
    if not is_worse:
        return None
    custom = signs.facts.experiment.model.kind == "custom"
    lower = f", or lower the momentum of {signs.facts.batch_momentum:g} (for example 0.9)"
    return found(
        "unsettled",
        "Cannot tell yet: batch normalization has not settled.",
        (sentences.levels(signs), sentences.unsettled(signs), sentences.test(signs)),
        (f"Train for more epochs, with smaller batches{lower if custom else ''}.",),
    )
