"""What to try next, of those things that a run's settings leave to try."""

from __future__ import annotations

from core.analysis.diagnosis.sentences import plain
from core.analysis.diagnosis.signs import Signs
from core.experiment.training import OPTIMIZER_TITLES

# Times the usual learning rate.
FAR_ABOVE, ABOVE, BELOW = 10, 2, 0.5
STRONG_DROPOUT = 0.5


def more_epochs(signs: Signs) -> str:
    """Go on, and what is still moving."""
    falls = [signs.change(name) < 0 for name in ("loss", "val_loss")]
    words = {
        (True, True): "both losses are",
        (True, False): "training loss is",
        (False, True): "validation loss is",
    }
    return f"Train for more epochs: {words.get((falls[0], falls[1]), 'a loss is')} still falling."


def rate(signs: Signs) -> str:
    """Which way to change the learning rate, by what is usual for the optimizer."""
    facts = signs.facts
    ratio, usual = facts.rate_ratio(signs.rate), facts.usual_rate
    used = plain(signs.rate)
    if ratio >= FAR_ABOVE:
        return lower_rate(signs)
    if ratio > ABOVE:
        return f"Try a smaller learning rate than {used}, for example {plain(signs.rate / 10)}."
    if ratio < BELOW:
        return (
            f"Raise the learning rate: {used} is below the usual of {_optimizer(signs)}; "
            f"try {plain(usual)}."
        )
    return f"Try another learning rate than {used}: a tenth of it, or three times as much."


def lower_rate(signs: Signs) -> str:
    """Make the steps smaller: at once to the usual size where they are far larger."""
    facts = signs.facts
    ratio, used = facts.rate_ratio(signs.rate), plain(signs.rate)
    if ratio < FAR_ABOVE:
        return f"Lower the learning rate of {used}, for example to {plain(signs.rate / 10)}."
    momentum = facts.momentum
    with_it = f" with momentum {momentum:g}" if momentum else ""
    return (
        f"Lower the learning rate: {used}{with_it} is far above what is usual for "
        f"{_optimizer(signs)}; try {plain(facts.usual_rate)}."
    )


def _optimizer(signs: Signs) -> str:
    return OPTIMIZER_TITLES[signs.facts.experiment.training.optimizer]


def smaller_inputs(signs: Signs) -> str:
    """Scale what is not scaled; nothing where all is."""
    data = signs.facts.experiment.data
    if data.card.is_table and data.scaler == "none":
        return "Scale the features: standard scaling brings them to like, small sizes."
    return ""


def smaller_targets(signs: Signs) -> str:
    """Scale numbers to predict where they are not."""
    data = signs.facts.experiment.data
    if data.card.task == "regression" and data.target_scaling == "none":
        return "Turn on “Scale targets”: steps grow with the size of the numbers to predict."
    return ""


def less_regularization(signs: Signs) -> str:
    """Take away what holds training back, of what there is; nothing where there is nothing."""
    facts = signs.facts
    found = []
    if facts.dropout:
        found.append(f"less dropout than {facts.dropout:g}")
    if facts.penalized:
        found.append("smaller L1 and L2")
    if facts.augmented:
        found.append("less augmentation")
    return f"Regularize less: {', '.join(found)}." if found else ""


def more_regularization(signs: Signs) -> str:
    """What is not used yet against overfitting."""
    facts = signs.facts
    found = []
    if not facts.dropout:
        found.append("dropout of 0.2 to 0.5")
    elif facts.dropout < STRONG_DROPOUT:
        found.append(f"more dropout than {facts.dropout:g}")
    found.append("larger L1 or L2" if facts.penalized else "L2 of 0.0001 to 0.01")
    if facts.experiment.data.card.is_image and not facts.augmented:
        found.append("augmentation")
    return f"Regularize more: {', '.join(found)}."


def more_samples(signs: Signs) -> str:
    """Train on more of the data, or get more; or make the network smaller."""
    data = signs.facts.experiment.data
    if data.pool_count < data.card.train_size:
        return "Use more training samples, or a smaller network."
    return "Use a smaller network: all training samples there are were used."


def more_room() -> str:
    """A larger network."""
    return "Give the network more room: more units, filters or layers."


def is_far_from_usual(signs: Signs) -> bool:
    """Whether the learning rate alone explains that little is learned."""
    ratio = signs.facts.rate_ratio(signs.rate)
    return ratio >= FAR_ABOVE or ratio <= 1 / FAR_ABOVE


def is_held_back(signs: Signs) -> bool:
    """Whether regularization is strong enough to keep a network from learning."""
    return signs.facts.dropout >= STRONG_DROPOUT or signs.facts.penalized


def is_slow(signs: Signs) -> bool:
    """Whether the learning rate is below the usual."""
    return signs.facts.rate_ratio(signs.rate) < BELOW
