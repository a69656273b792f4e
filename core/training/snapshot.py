"""Everything a run needs to go on after an epoch as if nothing had happened, as arrays.

What is drawn at random follows from the seed and the epoch (see `seeds`), so that weights, the
optimizer's variables and what callbacks remember are all there is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from core.records import EpochRecord
from core.training.callbacks.best import BestWeights

Arrays = dict[str, NDArray[Any]]
OnCommit = Callable[[EpochRecord, Callable[[], Arrays]], None]
# What callbacks remember from epoch to epoch. Keras's forget it when training begins.
_REMEMBERED: dict[type, tuple[str, ...]] = {
    BestWeights: ("epoch", "loss", "weights"),
    keras.callbacks.EarlyStopping: ("best", "best_epoch", "best_weights", "stopped_epoch", "wait"),
    keras.callbacks.ReduceLROnPlateau: ("best", "cooldown_counter", "wait"),
    keras.callbacks.ModelCheckpoint: ("best",),
}
_ABOUT = "about"


def take(model: keras.Model, callbacks: Iterable[keras.callbacks.Callback], epochs: int) -> Arrays:
    """A snapshot at the end of an epoch, when `epochs` are done."""
    arrays: Arrays = {}
    about = {
        "epochs": epochs,
        "stopped": bool(model.stop_training),
        "callbacks": [_remembered(callback, arrays) for callback in callbacks],
    }
    for index, variable in enumerate(_variables(model)):
        arrays[f"variable-{index}"] = np.asarray(variable)
    arrays[_ABOUT] = np.array(json.dumps(about))
    return arrays


def ended(arrays: Arrays) -> Arrays:
    """The snapshot `arrays` as that of a run that is not to be trained further."""
    about = json.loads(str(arrays[_ABOUT])) | {"stopped": True}
    return arrays | {_ABOUT: np.array(json.dumps(about))}


class Commit(keras.callbacks.Callback):  # type: ignore[misc]
    """Hands on each epoch when all other callbacks are done with it, so that it can be kept.

    `on_commit` is given the epoch, and a function that takes a snapshot of the run.
    """

    def __init__(self, on_commit: OnCommit) -> None:
        super().__init__()
        self._on_commit = on_commit
        self._covered: list[keras.callbacks.Callback] = []

    def covers(self, callbacks: list[keras.callbacks.Callback]) -> None:
        """What remembers something from epoch to epoch; an `EpochRecorder` comes first."""
        self._covered = callbacks

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Hand it on."""
        self._on_commit(
            self._covered[0].records[-1], lambda: take(self.model, self._covered, epoch + 1)
        )


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
        self._states = tuple(zip(callbacks, self._about["callbacks"], strict=True))

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
        for name in _names(callback):
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
        elif value is not None:
            value = int(value) if isinstance(value, int | np.integer) else float(value)
        state[name] = value
    return state


def _names(callback: keras.callbacks.Callback) -> tuple[str, ...]:
    return _REMEMBERED.get(type(callback), ())


def _variables(model: keras.Model) -> list[keras.Variable]:
    return [*model.variables, *model.optimizer.variables]
