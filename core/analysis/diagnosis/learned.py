"""Checks for runs that have learned little of their training samples."""

from __future__ import annotations

from core.analysis.diagnosis import advice, ahead, sentences
from core.analysis.diagnosis.signs import NO_SKILL, Signs
from core.analysis.diagnosis.verdict import Diagnosis, found

# 70 % of the way from guessing to perfect: 73 % accuracy for 10 classes, 85 % for two.
LOW_SKILL = 0.70
# Within these points of the best that can be had.
NEAR_LIMIT = 0.03
_LARGER = (
    "Train a network twice as large on the same data: if it does no better, noise in the data is "
    "the likely limit."
)
_RARE_CLASSES = (
    "Look at the confusion matrix: accuracy hides the rare classes. Bring more samples of these, "
    "or fewer of the most frequent one."
)


def not_learning(signs: Signs) -> Diagnosis | None:
    """The network does no better than one answer for all."""
    skill, facts = signs.skill, signs.facts
    if skill is None or (skill >= NO_SKILL and facts.always is None):
        return None
    falling, far = signs.falling, advice.is_far_from_usual(signs)
    yet = " yet" if falling else ""
    answer = "the same answer" if facts.class_count else "the mean"
    return found(
        "not_learning",
        f"Nothing learned{yet}: no better than always giving {answer}.",
        (
            sentences.levels(signs),
            sentences.constant(signs),
            sentences.one_class(signs),
            sentences.trend(signs),
            sentences.test(signs),
            sentences.kept(signs),
        ),
        (
            advice.more_epochs(signs) if falling else "",
            advice.rate(signs) if far or advice.is_slow(signs) or not falling else "",
            advice.less_regularization(signs),
            "" if facts.roomy else advice.more_room(),
            _RARE_CLASSES if facts.is_imbalanced else "",
            "" if far else "If nothing else helps, the inputs may say nothing of the answer.",
        ),
    )


def at_limit(signs: Signs) -> Diagnosis | None:
    """Noise in the data leaves little more to be had, and this run is there."""
    best = signs.facts.best_possible
    if best is None or (signs.skill or 1.0) >= LOW_SKILL:
        return None
    if signs.compared:
        there = signs.held_back.share >= best - NEAR_LIMIT
    else:
        there = signs.last("val_loss") <= 1.1 * best
    if not there:
        return None
    return found(
        "at_limit",
        "At the limit of the data: no network can do much better here.",
        (
            sentences.levels(signs),
            sentences.possible(signs),
            sentences.test(signs),
            ahead.reasons(signs),
            sentences.kept(signs),
        ),
        ("More epochs or a larger network will not help; less noise in the data does.",),
    )


def underfitting(signs: Signs) -> Diagnosis | None:
    """Little is learned, of the training samples too."""
    falling = signs.falling
    low = falling if signs.skill is None else signs.skill < LOW_SKILL
    never = sentences.never(signs)
    if not low and not never:
        return None
    if not signs.falling_fast and not never and _leaves_open(signs):
        return _limit_unknown(signs)
    return found(
        "underfitting",
        "Underfitting: the network has not learned enough yet.",
        (
            sentences.levels(signs),
            sentences.constant(signs),
            never,
            sentences.trend(signs),
            sentences.possible(signs),
            sentences.test(signs),
            ahead.reasons(signs),
            sentences.kept(signs),
        ),
        _against_underfitting(signs, falling),
    )


def _against_underfitting(signs: Signs, falling: bool) -> tuple[str, ...]:
    """More epochs first, while anything falls; then what the settings leave to try."""
    rates, roomy = advice.rate(signs), signs.facts.roomy
    far = advice.is_far_from_usual(signs)
    slow = advice.is_slow(signs)
    return (
        advice.more_epochs(signs) if falling else "",
        rates if far or slow else "",
        advice.less_regularization(signs),
        "" if roomy else advice.more_room(),
        "" if falling or far or slow else rates,
    )


def _leaves_open(signs: Signs) -> bool:
    """Whether a large enough network, not held back, has levelled off equally on both parts."""
    is_known = signs.facts.best_possible is not None  # and not reached: see `at_limit`
    if is_known or advice.is_held_back(signs) or advice.is_far_from_usual(signs):
        return False
    return bool(signs.facts.larger) or signs.facts.roomy


def _limit_unknown(signs: Signs) -> Diagnosis:
    facts, falling = signs.facts, signs.falling
    headline = "Cannot tell: the network may have learned too little, or the data hold no more."
    if falling:
        headline = "Cannot tell yet: more epochs may help, or the data may hold no more."
    elif facts.larger:
        headline = "More of this will not help: a larger network did no better."
    seen = f"{facts.larger} has more parameters and did no better on the same data."
    wrong = "labels" if facts.class_count else "targets"
    return found(
        "cannot_tell",
        headline,
        (
            sentences.levels(signs),
            sentences.constant(signs),
            sentences.trend(signs),
            seen if facts.larger else "",
            sentences.test(signs),
            ahead.reasons(signs),
            sentences.kept(signs),
        ),
        (
            advice.more_epochs(signs) if falling else "",
            "" if facts.larger else _LARGER,
            "" if falling else advice.rate(signs),
            f"Look for wrong {wrong} and for features that say more.",
        ),
    )
