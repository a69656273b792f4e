"""How it trains: the only room that imports TensorFlow, used in worker processes."""

import os

# Before Keras is imported: this program is about TensorFlow, whatever ~/.keras/keras.json says.
os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

from core.training.building import build_model
from core.training.callbacks import ProgressReporter, SessionStateCallback, StopOnRequest
from core.training.programs import Programs
from core.training.saving import (
    TENSORBOARD_FILE,
    put_back,
    save_model,
    unpack_tensorboard,
    written_by_callbacks,
)
from core.training.snapshot import Commit, continued, ended
from core.training.train import evaluate, prepare, train
from core.training.trained import Start, TrainedRun
from core.training.warming import warm_up

__all__ = [
    "TENSORBOARD_FILE",
    "Commit",
    "Programs",
    "ProgressReporter",
    "SessionStateCallback",
    "Start",
    "StopOnRequest",
    "TrainedRun",
    "build_model",
    "continued",
    "ended",
    "evaluate",
    "prepare",
    "put_back",
    "save_model",
    "train",
    "unpack_tensorboard",
    "warm_up",
    "written_by_callbacks",
]
