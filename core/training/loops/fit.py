"""Keras's own loop: `model.fit`."""

from __future__ import annotations

from core.training.loops.batches import Batches
from core.training.loops.task import Task


def run(task: Task) -> None:
    """Train with `model.fit`, on the same batches as the other loops."""
    batches = Batches(task)
    validation = (task.x_validation, task.y_validation) if len(task.x_validation) else None
    task.model.fit(
        batches.dataset(),
        epochs=task.experiment.training.epochs,
        initial_epoch=task.first_epoch,
        validation_data=validation,
        validation_batch_size=task.batch_size,
        callbacks=[batches, *task.callbacks],
        shuffle=False,  # the dataset is in the order of the epoch already
        verbose=0,
    )
