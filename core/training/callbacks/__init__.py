"""Keras callbacks, one to a file, that carry a run's news out of the training loop."""

from core.training.callbacks.best import BestWeights
from core.training.callbacks.configured import configured
from core.training.callbacks.epochs import EpochRecorder
from core.training.callbacks.progress import ProgressReporter
from core.training.callbacks.session_state import SessionStateCallback
from core.training.callbacks.stopping import StopOnDivergence, StopOnRequest, StopRequestedError

__all__ = [
    "BestWeights",
    "EpochRecorder",
    "ProgressReporter",
    "SessionStateCallback",
    "StopOnDivergence",
    "StopOnRequest",
    "StopRequestedError",
    "configured",
]
