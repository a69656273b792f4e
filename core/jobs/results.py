"""What a run leaves behind: results on samples held back, files of callbacks, and the model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from core.experiment import Experiment
from core.jobs.disk import room_needed
from core.records import BEST_WEIGHTS, LAST_WEIGHTS, MODEL
from core.runs import Artifacts
from core.runs.artifacts import Arrays

if TYPE_CHECKING:
    from core.training import TrainedRun

WEIGHTS = (LAST_WEIGHTS, BEST_WEIGHTS)
PREDICTIONS = "predictions"
BEST_PREDICTIONS = "best-predictions"
VALIDATION_PREDICTIONS = "validation-predictions"
BOUNDARY = "boundary"
BEST_BOUNDARY = "best-boundary"
LAST_STATE = "last-state"  # a snapshot of the last epoch's end, to go on from
KEPT_WEIGHTS = "kept-weights"  # which epochs (from 0) the weights that are kept are of
DIVERGENCE = "divergence"


def keep_results(
    run_id: str, run: TrainedRun, experiment: Experiment, artifacts: Artifacts
) -> None:
    """Store what the model said of the test and validation samples, and of the plane.

    Of a run that diverged, the mean losses within its last epoch by the number of batches.
    """
    if run.diverging:
        batches, losses = zip(*run.diverging, strict=True)
        shown = {"batches": np.array(batches), "loss": np.array(losses, np.float64)}
        artifacts.save(run_id, DIVERGENCE, shown)
    if run.validation_true is not None and run.validation_outputs is not None:
        held_back = {"true": run.validation_true, "outputs": run.validation_outputs}
        artifacts.save(run_id, VALIDATION_PREDICTIONS, held_back)
    if run.test_true is None or run.last is None:
        return
    artifacts.save(run_id, PREDICTIONS, {"true": run.test_true, "outputs": run.last.outputs})
    if run.best:
        best = {"true": run.test_true, "outputs": run.best.outputs}
        artifacts.save(run_id, BEST_PREDICTIONS, best)
    if experiment.data.card.is_plane:
        _keep_boundaries(run_id, run, experiment, artifacts)


def _keep_boundaries(
    run_id: str, run: TrainedRun, experiment: Experiment, artifacts: Artifacts
) -> None:
    """What the model says of the plane, by each of the weights whose predictions are kept."""
    from core.training.boundary import decision_grid  # noqa: PLC0415

    artifacts.save(run_id, BOUNDARY, decision_grid(run.model, experiment))
    if run.best:
        last = run.model.get_weights()
        run.model.set_weights(run.best_weights)
        artifacts.save(run_id, BEST_BOUNDARY, decision_grid(run.model, experiment))
        run.model.set_weights(last)


def _kept_weights(run: TrainedRun) -> Arrays:
    best = -1 if run.best_epoch is None else run.best_epoch
    found = {"end": run.end_epoch, "best": best, "since": run.best_since}
    return {name: np.array(epoch) for name, epoch in found.items()}


class KeptFiles:
    """The files of one run: what callbacks wrote so far, and at the end its model."""

    def __init__(
        self, run_id: str, experiment: Experiment, artifacts: Artifacts, folder: Path
    ) -> None:
        self._run_id, self._experiment = run_id, experiment
        self._artifacts, self._folder = artifacts, folder
        self._seen: dict[str, tuple[int, int]] = {}

    def keep(self, *, anew: bool = False) -> None:
        """Store what callbacks have written since the last time; all of it, with `anew`.

        These files have the same names whoever trains the run. Who stores them must hold the
        run's lease just before; a worker that loses it within the call may still write over
        those of the next one, which stores all of them anew when the run ends.

        Raises:
            StoreUnavailable: they cannot be stored, or there is no room to pack them.
        """
        from core.training import written_by_callbacks  # noqa: PLC0415

        with room_needed():
            for file in written_by_callbacks(self._experiment, self._folder):
                found = file.stat()
                state = found.st_mtime_ns, found.st_size
                if anew or self._seen.get(file.name) != state:
                    self._artifacts.save_file(self._run_id, file.name, file)
                    self._seen[file.name] = state

    def fetch(self) -> None:
        """Bring back what a lost worker's callbacks wrote, where these go on writing.

        The rest is kept where it is, or comes with the snapshot.
        """
        from core.training import TENSORBOARD_FILE, unpack_tensorboard  # noqa: PLC0415

        wanted = self._experiment.callbacks.tensorboard
        if wanted and self._artifacts.has_file(self._run_id, TENSORBOARD_FILE):
            archive = self._artifacts.read_file(self._run_id, TENSORBOARD_FILE)
            unpack_tensorboard(archive, self._folder)

    def take_over(self, parent_id: str) -> None:
        """Bring what the callbacks of the run wrote that this one goes on from.

        Raises:
            StoreUnavailable: it cannot be read, or there is no room for it.
        """
        from core.training import put_back  # noqa: PLC0415

        with room_needed():
            for name in self._artifacts.files(parent_id).keys() - {MODEL, *WEIGHTS}:
                put_back(name, self._artifacts.read_file(parent_id, name), self._folder)

    def keep_model(self, run: TrainedRun) -> None:
        """Store the model, to download, and what there is to go on from.

        Raises:
            StoreUnavailable: it cannot be stored, or there is no room to write it.
        """
        from core.training import save_model  # noqa: PLC0415

        if run.trained and not run.reason and run.state:
            self._artifacts.save(self._run_id, LAST_STATE, run.state(), compressed=False)
            self._artifacts.save(self._run_id, KEPT_WEIGHTS, _kept_weights(run))
            with room_needed():
                for file in save_model(run, self._folder / "model"):
                    self._artifacts.save_file(self._run_id, file.name, file)
