"""Real, short trainings and the verdicts on them, with all that the app would know of a run."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core import data
from core.analysis import Diagnosis, Facts, Predictions, diagnose, kept_epoch
from core.data import kept
from core.data.own import OwnFacts, content_key
from core.experiment import Experiment, OwnData
from core.training import TrainedRun, train

Array = NDArray[np.generic]


def own(
    x: Array, y: Array, x_test: Array, y_test: Array, classes: tuple[str, ...] = ()
) -> dict[str, object]:
    """An experiment's data: a table of somebody's own, put where the app would find it."""
    features = tuple(f"f{number}" for number in range(x.shape[1]))
    task = "classification" if classes else "regression"
    facts = OwnFacts(task, (len(features),), classes, features, None, len(x), len(x_test))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part, values in (("x_train", x), ("x_test", x_test)):
            np.save(folder / f"{part}.npy", values.astype(np.float32))
        for part, values in (("y_train", y), ("y_test", y_test)):
            targets = values.astype(np.int64) if classes else values.astype(np.float32)[:, None]
            np.save(folder / f"{part}.npy", targets)
        found = {one: getattr(facts, one) for one in facts.__dataclass_fields__}
        mine = OwnData(key=content_key(folder, facts), title="Mine", kind="table", **found)

        def fetch(part: Path) -> None:
            for file in folder.glob("*.npy"):
                (part / file.name).write_bytes(file.read_bytes())

        kept.take(mine, fetch)
    return {"dataset": "own", "own": mine.model_dump()}


def facts_of(experiment: Experiment, run: TrainedRun) -> Facts:
    """What the app would know of the run."""
    settings, seed = experiment.data.arrays, experiment.seed
    kinds = experiment.data.card.class_count
    known: dict[str, object] = {
        "evaluation": run.evaluation,
        "kept": kept_epoch(experiment, run.records),
        "best_possible": data.best_possible(settings, experiment.loss),
    }
    if not kinds:
        constant = data.constant_losses(settings, seed, experiment.loss)
        known |= {"baseline_loss": constant.mean, "zero_loss": constant.zero}
        return Facts(experiment, **known)  # type: ignore[arg-type]
    counts = data.class_counts(settings, seed)
    if run.validation_true is not None and run.validation_outputs is not None:
        found = Predictions(run.validation_true, run.validation_outputs)
        known["predicted_classes"] = tuple(np.bincount(found.predicted, minlength=kinds).tolist())
    return Facts(
        experiment,
        train_classes=counts.train,
        validation_classes=counts.validation,
        test_classes=counts.test,
        **known,  # type: ignore[arg-type]
    )


def judged(experiment: Experiment | dict[str, object]) -> tuple[TrainedRun, Diagnosis]:
    """Train, and judge."""
    settings = Experiment.model_validate(experiment)
    run = train(settings)
    return run, diagnose(run.records, facts_of(settings, run))
