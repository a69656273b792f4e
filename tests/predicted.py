"""Made-up predictions of a run, for tests of pages that show them."""

from __future__ import annotations

import numpy as np

from core.records import RunRecord
from core.runs import Artifacts


def predict(run: RunRecord, artifacts: Artifacts) -> None:
    """Keep random but fixed predictions for every test sample, and the plane for points."""
    card, outputs = run.experiment.data.card, run.experiment.outputs
    random = np.random.default_rng(0)
    rows = random.random((card.test_size, outputs)).astype(np.float32)
    rows = rows / rows.sum(axis=1, keepdims=True) if outputs > 1 else rows
    true = random.integers(0, max(1, card.class_count), card.test_size)
    artifacts.save(run.id, "predictions", {"true": true, "outputs": rows})
    if card.shape == (2,):
        line = np.linspace(-1, 1, 20, dtype=np.float32)
        grid = random.random((20, 20, outputs)).astype(np.float32)
        artifacts.save(run.id, "boundary", {"x": line, "y": line, "outputs": grid})
