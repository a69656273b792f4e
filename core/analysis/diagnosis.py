"""What a run's curves say about its fit, in plain words and with the numbers behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from core.analysis import sentences
from core.analysis.signs import SUSTAINED_EPOCHS, Signs
from core.records import EpochRecord

Verdict = Literal[
    "too_early", "underfitting", "good_fit", "overfitting", "diverged", "no_validation"
]

# A trend needs as many epochs as count as sustained.
MIN_EPOCHS = SUSTAINED_EPOCHS
# Noise moves a training loss by some percent; twice the start is no noise.
EXPLOSION = 2.0
# Validation losses of small sets wobble by several percent; a tenth, held, is a rise.
LATE_RISE = 0.10
# Ten points: what a learner would call worse, and above the noise of 100 validation samples.
ACCURACY_GAP = 0.10
# A loss that rises with hardly a gap in accuracy is a model growing too sure, not a worse one.
RISE_GAP = 0.03
# For runs without accuracy: half of what was learned does not carry over.
LOSS_RATIO = 2.0
# 70 % of the way from guessing to perfect: 73 % accuracy for 10 classes, 85 % for two.
LOW_SKILL = 0.70
# Falling by a twentieth within the last epochs: more epochs would still help.
STILL_FALLING = 0.05


@dataclass(frozen=True)
class Diagnosis:
    """The verdict, one line that says it, the numbers that led to it, and what to try next."""

    verdict: Verdict
    headline: str
    evidence: tuple[str, ...]
    advice: tuple[str, ...]


def diagnose(
    records: Sequence[EpochRecord], class_count: int, baseline_loss: float | None = None
) -> Diagnosis:
    """Judge a run, finished or not, from its epochs.

    `class_count` is 0 for regression; there `baseline_loss`, the loss of always answering the
    mean, tells how much was learned (without it only the shape of the curves counts).
    """
    signs = Signs.of(records, class_count, baseline_loss)
    checks = (_diverged, _too_early, _no_validation, _overfitting, _underfitting)
    return next((found for check in checks if (found := check(signs))), None) or _good_fit(signs)


def _diverged(signs: Signs) -> Diagnosis | None:
    if not signs.epochs or not (signs.not_finite or signs.explosion >= EXPLOSION):
        return None
    advice = (
        "Lower the learning rate, for example to a tenth.",
        "Check that the inputs are scaled to small numbers, for example 0 to 1.",
    )
    return Diagnosis(
        "diverged",
        "Diverged: training went off the rails.",
        (sentences.explosion(signs),),
        advice,
    )


def _too_early(signs: Signs) -> Diagnosis | None:
    if signs.epochs >= MIN_EPOCHS:
        return None
    done = {0: "No epoch has ended yet.", 1: "1 epoch is done."}
    return Diagnosis(
        "too_early",
        "Too early to tell.",
        (done.get(signs.epochs, f"{signs.epochs} epochs are done."),),
        (f"Train at least {MIN_EPOCHS} epochs: a trend cannot be seen in fewer.",),
    )


def _no_validation(signs: Signs) -> Diagnosis | None:
    if signs.validated:
        return None
    return Diagnosis(
        "no_validation",
        "Cannot tell: nothing was held back for validation.",
        (sentences.seen_only(signs),),
        ("Set a validation split, for example 0.2, and train again.",),
    )


def _overfitting(signs: Signs) -> Diagnosis | None:
    rising = signs.late_rise >= LATE_RISE
    evidence = []
    if signs.scored and signs.accuracy_gap >= (RISE_GAP if rising else ACCURACY_GAP):
        evidence.append(sentences.accuracies(signs))
    if rising and (evidence or not signs.scored):
        evidence.append(sentences.rise(signs))
    if not signs.scored and signs.loss_ratio >= LOSS_RATIO:
        evidence.append(sentences.losses(signs))
    if not evidence:
        return None
    advice = [
        "Hold the model in check: dropout of 0.2 to 0.5, or L2 of 0.0001 to 0.01.",
        "Use more training samples, or a smaller network.",
    ]
    if signs.best + 1 < signs.epochs:
        best = f"Go back to epoch {signs.best + 1}, where validation loss was lowest."
        advice.insert(0, best)
    return Diagnosis(
        "overfitting",
        "Overfitting: the model memorizes its training samples.",
        tuple(evidence),
        tuple(advice),
    )


def _underfitting(signs: Signs) -> Diagnosis | None:
    falling = signs.recent_fall >= STILL_FALLING
    unskilled = falling if signs.skill is None else signs.skill < LOW_SKILL
    if not unskilled:
        return None
    evidence = [sentences.low_level(signs)]
    advice = [
        "Give the model more room: more units, filters or layers.",
        "Loosen the reins: less dropout, smaller L1 and L2.",
    ]
    if falling:
        evidence.append(sentences.fall(signs))
        advice.insert(0, "Train for more epochs: the losses are still falling.")
    else:
        evidence.append(sentences.stall())
        advice.insert(0, "Try another learning rate: ten times larger, or a tenth.")
    return Diagnosis(
        "underfitting",
        "Underfitting: the model has not learned enough yet.",
        tuple(evidence),
        tuple(advice),
    )


def _good_fit(signs: Signs) -> Diagnosis:
    evidence = [sentences.accuracies(signs) if signs.scored else sentences.losses(signs)]
    advice = "Little is left to gain here: compare with another model, or keep this one."
    if signs.recent_fall >= STILL_FALLING:
        evidence.append(sentences.fall(signs))
        advice = "Train for more epochs: both losses are still falling."
    elif signs.late_rise >= LATE_RISE:
        evidence.append(sentences.rise(signs))
        advice = f"Epoch {signs.best + 1} was the best; later ones only made the model too sure."
    return Diagnosis(
        "good_fit",
        "Good fit: what was learned carries over to new samples.",
        tuple(evidence),
        (advice,),
    )
