"""Everything a run needs to go on after an epoch as if nothing had happened, as arrays.

What is drawn at random follows from the seed and the epoch (see `seeds`), so that weights, the
optimizer's variables and what callbacks remember are all there is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from core.training.callbacks import BestWeights

Arrays = dict[str, NDArray[Any]]
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


class Snapshot(keras.callbacks.Callback):  # type: ignore[misc]
    """A snapshot that was taken, and the callback that restores it as training begins.

    It comes after those it restores: Keras's start from nothing when they are told of the
    beginning.
    """

    def __init__(self, arrays: Arrays) -> None:
        super().__init__()
        self._arrays = arrays
        self._about = json.loads(str(arrays[_ABOUT]))
        self._callbacks: list[keras.callbacks.Callback] = []

    @property
    def epochs(self) -> int:
        """How many epochs are done."""
        return int(self._about["epochs"])

    @property
    def stopped(self) -> bool:
        """Whether a callback had ended training then."""
        return bool(self._about["stopped"])

    def restore(self, model: keras.Model, callbacks: list[keras.callbacks.Callback]) -> None:
        """Put back weights and optimizer, and have `callbacks` remember once training begins."""
        for index, variable in enumerate(_variables(model)):
            variable.assign(self._arrays[f"variable-{index}"])
        self._callbacks = callbacks
        for callback, state in zip(callbacks, self._about["callbacks"], strict=True):
            if isinstance(callback, keras.callbacks.CSVLogger):
                Path(callback.filename).write_text(state["text"], encoding="utf-8")
                callback.append = True
            if isinstance(callback, BestWeights):
                self._remind(callback, state)

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Have the callbacks remember."""
        for callback, state in zip(self._callbacks, self._about["callbacks"], strict=True):
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
        return {"text": Path(callback.filename).read_text(encoding="utf-8")}
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
