"""Keras callbacks, one to a file, that carry a run's news out of the training loop."""

from core.training.callbacks.epochs import EpochRecorder
from core.training.callbacks.progress import ProgressReporter
from core.training.callbacks.session_state import SessionStateCallback
from core.training.callbacks.stopping import StopOnDivergence, StopOnRequest, StopRequestedError

__all__ = [
    "EpochRecorder",
    "ProgressReporter",
    "SessionStateCallback",
    "StopOnDivergence",
    "StopOnRequest",
    "StopRequestedError",
]
