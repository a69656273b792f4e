"""Made-up curves and facts for verdicts."""

from __future__ import annotations

from collections.abc import Sequence

from core.analysis import Diagnosis, Facts, diagnose
from core.experiment import Experiment
from core.records import EpochRecord

DIGITS = {"data": {"dataset": "digits"}}  # 10 classes, 1,149 to train on and 288 to validate
MOONS = {"data": {"dataset": "moons"}}  # 2 classes, 400 and 100
NUMBERS = {"data": {"dataset": "diabetes"}}


def run(rate: float = 0.001, **curves: Sequence[float]) -> tuple[EpochRecord, ...]:
    """Records of the curves given by Keras name."""
    rows = zip(*curves.values(), strict=True)
    return tuple(
        EpochRecord(epoch, dict(zip(curves, row, strict=True)), 1.0, rate)
        for epoch, row in enumerate(rows)
    )


def levels(accuracy: float, validation: float, loss: float = 0.5, epochs: int = 5):
    """Epochs in which nothing changes."""
    values = {"loss": loss, "val_loss": loss, "accuracy": accuracy, "val_accuracy": validation}
    return run(**{name: [value] * epochs for name, value in values.items()})


def facts(settings: dict[str, object] = DIGITS, **known: object) -> Facts:
    """Facts of an experiment of these settings."""
    return Facts(Experiment.model_validate(settings), **known)  # type: ignore[arg-type]


def judge(
    records: tuple[EpochRecord, ...], settings: dict[str, object] = DIGITS, **known: object
) -> Diagnosis:
    """The verdict."""
    return diagnose(records, facts(settings, **known))


def said(found: Diagnosis) -> str:
    """All of it, as one text."""
    return " ".join((found.headline, *found.evidence, *found.advice))
