"""What keeps the curves of several runs from being compared, in words."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass

from core.experiment import Experiment
from core.experiment.layers import Dropout, Regularizer
from core.experiment.listing import settings_of
from core.records import EpochRecord

_NAMED = 6  # so many runs are named in a sentence, the others are counted


@dataclass(frozen=True)
class Compared:
    """One of the runs compared: its name, its settings, and the epochs it has so far."""

    name: str
    experiment: Experiment
    epochs: tuple[EpochRecord, ...]


@dataclass(frozen=True)
class Caution:
    """What to mind about a comparison; `serious` where curves on one axis mean different things."""

    text: str
    serious: bool = True


def cautions(runs: Sequence[Compared], metric: str) -> tuple[Caution, ...]:
    """What differs among runs so that their values of `metric` do not mean the same.

    `metric` is Keras's name without `val_`. The serious ones come first.
    """
    checks = (_tasks, _data, _points, _losses, _penalties, _not_measured, _validation, _training)
    found = [caution for check in checks for caution in check(runs, metric)]
    return tuple(sorted(found, key=lambda caution: not caution.serious))


def _tasks(runs: Sequence[Compared], _: str) -> Iterator[Caution]:
    words = {"classification": "classes", "regression": "numbers"}
    told = _groups(runs, lambda run: words[run.experiment.data.card.task])
    if told:
        yield Caution(
            f"Different tasks: {told}. Their losses and errors have different units: the curves "
            "cannot be compared."
        )


def _data(runs: Sequence[Compared], _: str) -> Iterator[Caution]:
    names = {run.experiment.data.card.name for run in runs}
    if len(names) < 2:
        return
    told = _groups(runs, _title) or "the runs have own data of one title"
    yield Caution(
        f"Different data: {told}. Each run is measured on samples of its own data: a better value "
        "may only mean that the data are easier."
    )


def _points(runs: Sequence[Compared], _: str) -> Iterator[Caution]:
    """Generated points are drawn from the seed, those of the test too."""
    if not _same_data(runs) or not runs[0].experiment.data.card.generated:
        return
    for words, told in (
        ("noise differs", _groups(runs, lambda run: f"noise {run.experiment.data.noise:g}")),
        ("seed differs", _groups(runs, lambda run: f"seed {run.experiment.seed}")),
    ):
        if told:
            yield Caution(
                f"Different points, since the {words}: {told}. Each run has validation and test "
                "samples of its own."
            )


def _losses(runs: Sequence[Compared], metric: str) -> Iterator[Caution]:
    tasks = {run.experiment.data.card.task for run in runs}
    told = _groups(runs, lambda run: settings_of(run.experiment)["training.loss"].value)
    if metric == "loss" and told and len(tasks) == 1:
        yield Caution(
            f"Different losses: {told}. Their values have different units: choose another metric "
            "to compare these runs."
        )


def _penalties(runs: Sequence[Compared], metric: str) -> Iterator[Caution]:
    told = _groups(runs, lambda run: "with L1 or L2" if _penalties_of(run) else "without")
    differ = len({_penalties_of(run) for run in runs}) > 1
    if metric == "loss" and differ:
        which = f": {told}" if told else ""
        yield Caution(
            f"The loss contains the penalties of L1 and L2, which differ{which}. A higher loss may "
            "be the penalty alone: choose another metric to compare these runs."
        )


def _not_measured(runs: Sequence[Compared], metric: str) -> Iterator[Caution]:
    begun = [run for run in runs if run.epochs]
    without = [run for run in begun if metric not in run.epochs[-1].metrics]
    if without and len(without) < len(begun):
        words = metric.replace("_", " ")
        yield Caution(f"The metric {words} is not measured in {_listed(without)}: no curve.", False)
    unseen = [run for run in runs if not run.experiment.data.validation_split]
    if unseen and len(unseen) < len(runs):
        yield Caution(
            f"Nothing was held back for validation in {_listed(unseen)}: no validation curve.",
            False,
        )


def _validation(runs: Sequence[Compared], _: str) -> Iterator[Caution]:
    """The samples held back are drawn from the seed, out of those that are used."""
    if not _same_data(runs) or runs[0].experiment.data.card.generated:
        return
    seen = [run for run in runs if run.experiment.data.validation_split]
    reasons = {
        "the seed": lambda run: run.experiment.seed,
        "the number of training samples": lambda run: run.experiment.data.pool_count,
        "the validation split": lambda run: run.experiment.data.validation_split,
    }
    differing = [words for words, of in reasons.items() if len(set(map(of, seen))) > 1]
    if differing:
        differ = "differ" if len(differing) > 1 else "differs"
        yield Caution(
            f"The validation samples are not the same, since {' and '.join(differing)} {differ}: "
            "small differences between validation curves may come from that. The test samples are "
            "the same.",
            False,
        )


def _training(runs: Sequence[Compared], _: str) -> Iterator[Caution]:
    """What changes how values are measured on training samples, and on those alone."""
    conditions = {
        "label noise": lambda run: run.experiment.data.label_noise,
        "augmentation": lambda run: run.experiment.data.augmentation,
        "dropout": lambda run: tuple(
            layer.rate for layer in run.experiment.layers if isinstance(layer, Dropout)
        ),
    }
    differing = [words for words, of in conditions.items() if len(set(map(of, runs))) > 1]
    if differing:
        differ = "differ" if len(differing) > 1 else "differs"
        yield Caution(
            f"Training values are measured with {' and '.join(differing)} at work, which {differ}: "
            "compare the validation curves.",
            False,
        )


def _same_data(runs: Sequence[Compared]) -> bool:
    return len({run.experiment.data.card.name for run in runs}) == 1


def _title(run: Compared) -> str:
    return run.experiment.data.card.title


def _penalties_of(run: Compared) -> Hashable:
    """The penalties in the loss, by layer; empty without any."""
    penalties = (
        (place, name, value)
        for place, layer in enumerate(run.experiment.layers)
        for name, value in layer
        if isinstance(value, Regularizer) and value.active
    )
    return tuple(penalties)


def _groups(runs: Sequence[Compared], of: Callable[[Compared], str]) -> str:
    """Which runs belong to which value; empty if all have the same."""
    groups: dict[str, list[Compared]] = {}
    for run in runs:
        groups.setdefault(of(run), []).append(run)
    if len(groups) < 2:
        return ""
    told = ((value, _listed(members)) for value, members in groups.items())
    return "; ".join(value if value == names else f"{value} ({names})" for value, names in told)


def _listed(runs: Sequence[Compared]) -> str:
    names = [run.name for run in runs[:_NAMED]]
    left = len(runs) - len(names)
    return ", ".join(names) + (f" and {left} more" if left else "")
