"""Why validation can be better than training: the reasons that hold for one run."""

from __future__ import annotations

from core.analysis.diagnosis.signs import Signs
from core.formats import percent

# Points of accuracy, and the share of the loss, from which the difference is worth a sentence.
AHEAD, LOWER_LOSS = 0.02, 0.9
# Of the difference, what half an epoch's progress must make up to be a reason.
PART = 0.25


def reasons(signs: Signs) -> str:
    """One sentence with the reasons; nothing where validation is not ahead, or none holds."""
    ahead = _ahead(signs)
    if not ahead:
        return ""
    facts = signs.facts
    found = []
    if facts.dropout:
        found.append(f"dropout of {facts.dropout:g} is at work only while training")
    if facts.augmented:
        found.append("only the images trained on are varied (augmentation)")
    if facts.label_noise:
        noise = percent(facts.label_noise)
        found.append(f"{noise} of the training labels are wrong (label noise), no validation label")
    if _moves(signs):
        found.append(
            "training values are means over the epoch, in which the network got better, and "
            "validation comes at its end"
        )
    if signs.compared and signs.gap_interval.high >= 0:
        found.append(
            f"with {facts.experiment.data.validation_count:,} validation samples, chance alone can "
            "make such a difference"
        )
    return f"Validation is better than training because {'; '.join(found)}." if found else ""


def _ahead(signs: Signs) -> bool:
    if signs.compared:
        return signs.last("val_accuracy") - signs.last("accuracy") >= AHEAD
    return not signs.scored and signs.last("val_loss") < LOWER_LOSS * signs.last("loss")


def _moves(signs: Signs) -> bool:
    """Whether half an epoch's progress makes up a part of the difference."""
    name = "accuracy" if signs.compared else "loss"
    curve = signs.curves[name]
    if len(curve) < 2:
        return False
    sign = 1 if signs.compared else -1
    progress = sign * float(curve[-1] - curve[-2]) / 2
    difference = sign * (signs.last(f"val_{name}") - signs.last(name))
    return progress >= PART * difference
