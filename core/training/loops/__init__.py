"""Three ways to run the same training: compiled, Keras's own, and by hand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from core.training.loops import compiled, fit, tape
from core.training.loops.evaluation import Evaluation
from core.training.loops.task import Task

__all__ = ["LOOPS", "Evaluation", "Task"]


Outputs = NDArray[np.float32]
# Each may return the outputs for the validation samples after the last epoch.
LOOPS: dict[str, Callable[[Task], Outputs | None]] = {
    "compiled": compiled.run,
    "fit": fit.run,
    "tape": tape.run,
}
