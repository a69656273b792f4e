"""Checks of whether what was learned holds for samples held back."""

from __future__ import annotations

from core.analysis.diagnosis import advice, ahead, sentences
from core.analysis.diagnosis.signs import NO_SKILL, RISE_GAP, Signs
from core.analysis.diagnosis.verdict import Diagnosis, found
from core.analysis.intervals import difference

# Validation losses of small sets wobble by several percent; a tenth, held, is a rise.
LATE_RISE = 0.10
# Ten points: what a learner would call worse, and above the noise of 100 validation samples.
ACCURACY_GAP = 0.10
# For runs without accuracy: half of what was learned does not carry over.
LOSS_RATIO = 2.0
# A good fit is not claimed where a gap as large as this cannot be ruled out.
POSSIBLE_GAP = 0.15
# Nor where so little may have been learned.
POSSIBLE_SKILL = 0.5
# Narrower intervals than this to either side leave no doubt.
WIDE = 0.05
# Numbers to predict have no such interval; of fewer samples their mean error says little.
FEW_NUMBERS = 20


def overfitting(signs: Signs) -> Diagnosis | None:
    """What was learned of the training samples does not hold for others."""
    facts = signs.facts
    rising = signs.late_rise >= LATE_RISE
    evidence = []
    worse = signs.compared and signs.gap_interval.low > 0
    if worse and signs.accuracy_gap >= (RISE_GAP if rising else ACCURACY_GAP):
        evidence.append(sentences.accuracies(signs))
    enough = facts.experiment.data.validation_count >= FEW_NUMBERS
    if rising and (evidence or (not signs.scored and enough)):
        evidence.append(sentences.rise(signs))
    if not signs.scored and enough and signs.loss_ratio >= LOSS_RATIO:
        evidence.append(sentences.losses(signs))
    learned_wrong = (
        signs.scored
        and facts.label_noise > 0
        and signs.training.interval.low > 1 - facts.label_noise + RISE_GAP
    )
    if learned_wrong:
        evidence += [] if evidence else [sentences.accuracies(signs)]
        evidence.append(sentences.memorized(signs))
    if not evidence:
        return None
    carries = _beats_constant(signs)
    return found(
        "overfitting",
        "Overfitting: the network memorizes its training samples."
        if carries
        else "Overfitting: the network memorizes its training samples, and nothing carries over.",
        (
            *evidence,
            "" if carries else sentences.constant(signs),
            sentences.test(signs),
            sentences.kept(signs),
        ),
        (
            _go_back(signs) if rising and carries else "",
            advice.more_epochs(signs) if not rising and signs.falls("val_loss") else "",
            f"Lower the label noise of {facts.label_noise:g}." if learned_wrong else "",
            advice.more_regularization(signs),
            advice.more_samples(signs),
        ),
    )


def _go_back(signs: Signs) -> str:
    """To the epoch of the lowest validation loss, where that had learned something."""
    if signs.best + 1 >= signs.epochs or signs.tried:
        return ""
    if signs.compared:
        then = float(signs.curves["val_accuracy"][signs.best])
        if signs.skill_of(then) < NO_SKILL or then < signs.last("val_accuracy") - RISE_GAP:
            return ""
    return (
        f"Go back to epoch {signs.best + 1}, where validation loss was lowest: early stopping "
        "keeps its weights."
    )


def _beats_constant(signs: Signs) -> bool:
    """Whether held-back samples are answered better than by one answer for all, beyond chance."""
    if not signs.compared:
        skill = signs.skill
        return skill is None or skill >= NO_SKILL
    facts, test = signs.facts, signs.facts.test
    on_test = test is not None and not facts.test_is_useless
    return on_test or signs.validation.interval.low > facts.constant


def uncertain(signs: Signs) -> Diagnosis | None:
    """There are too few samples to say that it went well."""
    facts = signs.facts
    if not signs.compared:
        doubtful = facts.held_back < FEW_NUMBERS and not signs.scored
    else:
        held_back = signs.held_back
        gap = difference(signs.training, held_back).high
        skill = signs.skill_of(held_back.interval.low)
        wide = held_back.share - held_back.interval.low >= WIDE
        doubtful = wide and (gap >= POSSIBLE_GAP or skill < POSSIBLE_SKILL)
    if not doubtful:
        return None
    count = facts.experiment.data.validation_count
    return found(
        "cannot_tell",
        f"Cannot tell: {count:,} validation samples are too few to judge by.",
        (sentences.levels(signs), sentences.test(signs), ahead.reasons(signs)),
        ("Bring more samples, or hold back a larger share of them for validation.",),
    )


def test_differs(signs: Signs) -> Diagnosis | None:
    """Validation looks good, but the test does not."""
    if not _is_worse_in_test(signs):
        return None
    return found(
        "test_differs",
        "Good on validation, worse in the test: it may not carry over to new samples.",
        (sentences.levels(signs), sentences.test(signs), sentences.kept(signs)),
        (
            "Look for test samples of another kind, and for validation samples that are also "
            "trained on (Data page).",
        ),
    )


def _is_worse_in_test(signs: Signs) -> bool:
    """Beyond chance, where samples can be counted."""
    facts, test = signs.facts, signs.facts.test
    if not facts.class_count:
        tested = facts.evaluation.get("loss", 0.0)
        return facts.test_is_useless or tested > LOSS_RATIO * signs.last("val_loss")
    if not signs.compared or test is None:
        return False
    worse = difference(signs.validation, test).low > RISE_GAP
    far = difference(signs.training, test).low > 0
    return worse and far and signs.training.share - test.share >= ACCURACY_GAP


def good_fit(signs: Signs) -> Diagnosis:
    """Validation, and the test where there is one, are as good as training."""
    rising = signs.late_rise >= LATE_RISE
    evidence = [sentences.levels(signs), sentences.test(signs)]
    tried = "Compare with a larger or another network to see whether more is possible."
    if signs.falling:
        evidence.append(sentences.trend(signs))
        tried = advice.more_epochs(signs)
    elif rising:
        evidence.append(sentences.rise(signs))
        tried = f"Epoch {signs.best + 1} was the best; later ones only made the network too sure."
    headline = "Good fit: validation is about as good as training."
    if signs.facts.test:
        headline = "Good fit: what was learned carries over to new samples."
    evidence += [ahead.reasons(signs), sentences.kept(signs)]
    return found("good_fit", headline, tuple(evidence), (tried,))
