"""Everything a run needs to go on after an epoch as if nothing had happened, as arrays.

What is drawn at random follows from the seed and the epoch (see `seeds`), so that weights, the
optimizer's variables and what callbacks remember are all there is.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from core.records import EpochRecord
from core.training.callbacks.best import BestWeights
from core.training.callbacks.stopping import StopOnDivergence

Arrays = dict[str, NDArray[Any]]
OnCommit = Callable[[EpochRecord, Callable[[], Arrays]], None]
# What callbacks remember from epoch to epoch. Keras's forget it when training begins.
_REMEMBERED: dict[type, tuple[str, ...]] = {
    BestWeights: ("epoch", "loss", "since", "weights"),
    keras.callbacks.EarlyStopping: ("best", "best_epoch", "best_weights", "stopped_epoch", "wait"),
    keras.callbacks.ReduceLROnPlateau: ("best", "cooldown_counter", "wait"),
    keras.callbacks.ModelCheckpoint: ("best",),
    StopOnDivergence: ("reason",),
}
_ABOUT = "about"


def ended(arrays: Arrays) -> Arrays:
    """The snapshot `arrays` as that of a run that is not to be trained further."""
    about = json.loads(str(arrays[_ABOUT])) | {"stopped": True}
    return arrays | {_ABOUT: np.array(json.dumps(about))}


def continued(arrays: Arrays) -> Arrays:
    """The snapshot `arrays` of a run's end as the beginning of one that goes on from there.

    Early stopping that ended the run waits anew, and keeps the best it has seen.
    """
    about = json.loads(str(arrays[_ABOUT]))
    callbacks = [
        state | {"wait": 0, "stopped_epoch": 0} if state.get("stopped_epoch") else state
        for state in about["callbacks"]
    ]
    return arrays | {
        _ABOUT: np.array(json.dumps(about | {"stopped": False, "callbacks": callbacks}))
    }


class WholeEpoch(keras.callbacks.Callback):  # type: ignore[misc]
    """Holds the run as it was when its last epoch ended, while the next one changes the model.

    A tensor that was read keeps its values: TensorFlow copies them when the variable is written
    next, so that the model is in memory twice. What callbacks remember changes only as an epoch
    ends, and is read when it is wanted. It comes after all callbacks that change the model then.
    """

    def __init__(self, callbacks: list[keras.callbacks.Callback], epochs: int = 0) -> None:
        """`callbacks` remember something from epoch to epoch; an `EpochRecorder` comes first.

        `epochs` were trained before.
        """
        super().__init__()
        self.epochs = epochs
        self._callbacks = callbacks
        self._variables: list[tf.Variable] = []
        self._values: list[tf.Tensor] = []
        self._stopped = False

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Hold what training begins with."""
        self._variables = [variable.value for variable in _variables(self.model)]
        self._hold()

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Hold what the epoch ended with."""
        self.epochs = epoch + 1
        self._hold()

    @property
    def record(self) -> EpochRecord:
        """The epoch that ended last."""
        last: EpochRecord = self._callbacks[0].records[-1]
        return last

    def take(self) -> Arrays:
        """A snapshot of the run at the end of that epoch."""
        arrays: Arrays = {}
        about = {
            "epochs": self.epochs,
            "stopped": self._stopped,
            "callbacks": [_remembered(callback, arrays) for callback in self._callbacks],
        }
        for index, value in enumerate(self._values):
            arrays[f"variable-{index}"] = np.asarray(value)
        arrays[_ABOUT] = np.array(json.dumps(about))
        return arrays

    def restore(self) -> None:
        """Put the model back to where that epoch ended, or where training began."""
        for variable, value in zip(self._variables, self._values, strict=True):
            variable.assign(value)

    def _hold(self) -> None:
        # Not `read_value`, which takes three times as long.
        self._values = [
            tf.raw_ops.ReadVariableOp(resource=variable.handle, dtype=variable.dtype)
            for variable in self._variables
        ]
        self._stopped = bool(self.model.stop_training)


class Commit(keras.callbacks.Callback):  # type: ignore[misc]
    """Hands on each epoch when all other callbacks are done with it, so that it can be kept.

    `on_commit` is given the epoch, and a function that takes a snapshot of the run as it is then,
    whenever it is called before the next epoch has ended.
    """

    def __init__(self, on_commit: OnCommit) -> None:
        super().__init__()
        self._on_commit = on_commit
        self._whole: WholeEpoch | None = None

    def covers(self, whole: WholeEpoch) -> None:
        """What holds the run; it hears of an epoch's end before this does."""
        self._whole = whole

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Hand it on."""
        if self._whole:
            self._on_commit(self._whole.record, self._whole.take)


class Snapshot(keras.callbacks.Callback):  # type: ignore[misc]
    """A snapshot that was taken, and the callback that restores it as training begins.

    It comes after those it restores: Keras's start from nothing when they are told of the
    beginning.
    """

    def __init__(self, arrays: Arrays, callbacks: list[keras.callbacks.Callback]) -> None:
        """`callbacks` are those the snapshot was taken of, made anew."""
        super().__init__()
        self._arrays = arrays
        self._about = json.loads(str(arrays[_ABOUT]))
        # A snapshot of an earlier version knows nothing of the last ones.
        self._states = tuple(zip(callbacks, self._about["callbacks"], strict=False))

    @property
    def epochs(self) -> int:
        """How many epochs are done."""
        return int(self._about["epochs"])

    @property
    def stopped(self) -> bool:
        """Whether a callback had ended training then."""
        return bool(self._about["stopped"])

    def restore(self, model: keras.Model) -> None:
        """Put back weights, optimizer, and what callbacks had written."""
        for index, variable in enumerate(_variables(model)):
            variable.assign(self._arrays[f"variable-{index}"])
        for callback, state in self._states:
            if isinstance(callback, keras.callbacks.CSVLogger):
                Path(callback.filename).write_bytes(state["text"].encode())
                callback.append = True

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Have the callbacks remember."""
        for callback, state in self._states:
            self._remind(callback, state)

    def _remind(self, callback: keras.callbacks.Callback, state: dict[str, Any]) -> None:
        for name in state.keys() & _names(callback):  # an earlier version knew fewer
            value = state[name]
            if isinstance(value, list):
                value = [self._arrays[key] for key in value]
            setattr(callback, name, value)


def _remembered(callback: keras.callbacks.Callback, arrays: Arrays) -> dict[str, Any]:
    """The callback's state for JSON; lists of weights go to `arrays`, their keys stay."""
    if isinstance(callback, keras.callbacks.CSVLogger):
        return {"text": Path(callback.filename).read_bytes().decode()}  # its line ends too
    state: dict[str, Any] = {}
    for name in _names(callback):
        value = getattr(callback, name)
        if isinstance(value, list):
            keys = [f"{type(callback).__name__}-{name}-{index}" for index in range(len(value))]
            arrays.update(zip(keys, map(np.asarray, value), strict=True))
            value = keys
        elif isinstance(value, int | float | np.number):
            value = int(value) if isinstance(value, int | np.integer) else float(value)
        state[name] = value
    return state


def _names(callback: keras.callbacks.Callback) -> tuple[str, ...]:
    return _REMEMBERED.get(type(callback), ())


def _variables(model: keras.Model) -> list[keras.Variable]:
    return [*model.variables, *model.optimizer.variables]
